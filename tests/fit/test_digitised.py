"""Curves without time through the fit: the form in which published curves come."""

import json

import numpy as np
import pandas
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

import nasim
import nasim.fit
from nasim import ProtocolError
from nasim.analysis import dqdv
from nasim.cli import app
from nasim.fit.files import run_files

ALPHA, LAYER = "Sulfur step 1 transfer coefficient", "Product layer current density [A.m-2]"
TRUE = {ALPHA: 0.57, LAYER: 1.15 * nasim.load("Yuan2025_NAS").value(LAYER)}
SULFUR_MG_CM2 = 0.384 / 0.7854


@pytest.fixture(scope="module")
def made_up():
    return nasim.GCD(current_mA_cm2=0.127, cycles=2).run(overrides=TRUE)


@pytest.fixture(scope="module")
def half(made_up):
    curve = made_up.curve(1)
    half = curve[curve["Step"] == "discharge"]
    return half["Capacity [mAh.cm-2]"].to_numpy(), half["Voltage [V]"].to_numpy()


def test_a_digitised_curve_gives_its_parameters_back_through_the_command_line_alone(half, tmp_path):
    """Forty points with 5 mV of noise, per gram of sulfur, and nothing else told than the current."""
    q, V = half
    x = np.linspace(0.0, q[-1], 40)
    noisy = np.interp(x, q, V) + 5e-3 * np.random.default_rng(4).standard_normal(40)
    table = {"Specific capacity (mAh/g)": x / SULFUR_MG_CM2 * 1e3, "Voltage (V)": noisy}
    pandas.DataFrame(table).to_csv(tmp_path / "paper.csv", index=False)
    asked = ["--current", "0.127", "--direction", "discharge", "--vary", ALPHA, "--vary", LAYER]
    done = CliRunner().invoke(app, ["fit", str(tmp_path / "paper.csv"), *asked, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    for row in answer["parameters"]:
        assert row["low_95"] < TRUE[row["parameter"]] < row["high_95"]
        assert row["determined"]
    assert answer["scale"] < 1.4
    assert "loading of set 'Yuan2025_NAS'" in answer["record"]["files"][0]


def fitted(path, table, vary, **options):
    pandas.DataFrame(table).to_csv(path, index=False)
    return run_files(path, vary, **{"use": "points", "overrides": TRUE} | options)


def test_capacity_against_cycle(made_up, tmp_path):
    table = {"Cycle number": [1, 2], "Discharge capacity (mAh/cm2)": made_up.summary["discharge_capacity_mAh_cm2"]}
    fit = fitted(tmp_path / "fade.csv", table, [LAYER], current_mA_cm2=0.127, capacity_sd=1e-3)
    assert_allclose(fit.values[LAYER], TRUE[LAYER], rtol=2e-3)
    assert [len(each.legs) for each in fit.problem.data] == [4]


@pytest.mark.parametrize(("direction", "legs"), [("discharge", 3), ("charge", 4)])
def test_differential_capacity_of_a_cycle(made_up, tmp_path, direction, legs):
    curve = made_up.curve(2)
    curve = curve[curve["Step"] == direction]
    grid, height = dqdv(curve["Voltage [V]"].to_numpy(), curve["Capacity [mAh.cm-2]"].to_numpy())
    table = {"Voltage (V)": grid, "dQ/dV (mAh/cm2/V)": height}
    fit = fitted(tmp_path / "dqdv.csv", table, [ALPHA], current_mA_cm2=0.127, cycle=2, directions=[direction])
    assert len(fit.problem.data[0].legs) == legs
    assert_allclose(fit.values[ALPHA], TRUE[ALPHA], rtol=5e-3)


def test_points_of_a_nyquist_plot_need_no_frequency(tmp_path):
    name = "Separator conductivity [S.m-1]"
    Z = nasim.EIS().run(overrides={name: 0.05}).impedance()
    table = {"Re(Z) (ohm.cm2)": Z.real, "-Im(Z) (ohm.cm2)": -Z.imag}
    fit = fitted(tmp_path / "nyquist.csv", table, [name], overrides=None)
    assert_allclose(fit.values[name], 0.05, rtol=5e-3)
    assert "a Nyquist plot" in fit.record["files"][0]


def test_the_current_is_asked_for(half, tmp_path):
    table = {"Capacity (mAh/cm2)": half[0], "Voltage (V)": half[1]}
    with pytest.raises(ProtocolError, match="--current"):
        fitted(tmp_path / "paper.csv", table, [ALPHA])


def test_mass_and_area_that_are_told_set_the_loading(half):
    from nasim.instruments import Curve

    frame = pandas.DataFrame({"Capacity / mAh.g-1": half[0] / SULFUR_MG_CM2 * 1e3, "Voltage / V": half[1]})
    told = {"direction": "discharge", "current_mA_cm2": 0.127, "path": "paper.csv"}
    start = nasim.load("Yuan2025_NAS")
    data = nasim.fit.from_curve(
        Curve(frame, "voltage", "mass", active_mass_mg=0.384, area_cm2=0.3927, **told), start=start
    )
    assert dict(data.conditions.overrides)["Composite cathode mass [kg]"] == pytest.approx(6.4e-6, rel=1e-3)
    assert data.capacity == pytest.approx(2 * half[0][-1], rel=1e-3)
    plain = nasim.fit.from_curve(Curve(frame, "voltage", "mass", **told), start=start)
    assert plain.capacity == pytest.approx(half[0][-1], rel=1e-3) and plain.to_cut_off
