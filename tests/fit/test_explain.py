"""Rival explanations of made-up cells whose cause is known, and what the curves themselves show."""

import json

import numpy as np
import pandas
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

import nasim
import nasim.fit
from nasim import ProtocolError
from nasim.cli import app
from nasim.fit.candidates import Candidate
from nasim.fit.explain import AS_IS
from nasim.fit.rivals import RIVALS
from nasim.fit.signs import scatter, soft_short_signs

SET = nasim.load("Yuan2025_NAS")
LAYER, WEAR = "Product layer current density [A.m-2]", "Contact loss per strain"
NOISE = {"noise_mV": 5, "capacity_noise": 0.005, "points": 25}


def rivals(*names):
    return [rival for rival in RIVALS if rival.name in names]


@pytest.fixture(scope="module")
def blocked():
    """The first cycle of a cell with a product layer that blocks early."""
    return nasim.GCD(cycles=1).run(overrides={LAYER: 0.6 * SET.value(LAYER)})


@pytest.fixture(scope="module")
def explained(blocked):
    curves = nasim.fit.from_result(blocked, seed=1, **NOISE)
    options = [Candidate(label="the same again"), Candidate(label="fast", current_mA_cm2=0.5)]
    return nasim.explain(curves, rivals=rivals("product layer", "kinetics", "interphase"), candidates=options)


def test_what_limits_a_cell_of_known_cause(explained):
    limits = explained.limits
    assert limits.best == "product layer" and limits.table["weight"][0] > 0.99
    assert set(limits.table["rival"]) == {"product layer", "kinetics", "interphase", AS_IS}
    assert_allclose(limits.fits["product layer"].values[LAYER], 0.6 * SET.value(LAYER), rtol=0.1)
    assert explained.fades is None and not explained.signs and not explained.notes


def test_the_deciding_experiment_is_named(explained):
    assert limits_text(explained).startswith(("the same again; 'product layer' and '", "fast; 'product layer' and '"))


def limits_text(explained):
    return explained.limits.decides


@pytest.mark.slow
def test_what_fades_a_cell_of_known_cause():
    result = nasim.GCD(cycles=2).run(overrides={WEAR: 8 * SET.value(WEAR)})
    curves = nasim.fit.from_result(result, seed=1, **NOISE)
    found = nasim.explain(curves, rivals=rivals("contact", "interphase"), candidates=())
    assert found.fades.best == "contact" and found.fades.table["weight"][0] > 0.95
    assert found.lines()[0].startswith("What limits the first cycle: ")
    assert any(line.startswith("What fades the cell: contact (weight") for line in found.lines())


def test_a_cell_as_the_set_has_it_needs_no_explanation():
    curves = nasim.fit.from_result(nasim.GCD(cycles=1).run(), seed=2, directions=["discharge"], **NOISE)
    found = nasim.explain(curves, rivals=rivals("product layer"), candidates=())
    assert found.limits.best == AS_IS


def test_the_parameters_of_the_rivals_are_those_of_the_set():
    for rival in RIVALS:
        for question in ("limits", "fades"):
            assert rival.parameters(question, SET) == getattr(rival, question), rival.name


def test_without_the_first_cycle_there_is_no_answer(blocked):
    with pytest.raises(ProtocolError, match="first cycle is needed"):
        nasim.explain(nasim.fit.FadeCurve(cycle_numbers=[1], capacity_mAh_cm2=[1.0], legs=(nasim.fit.Leg(0.1, 0.7),)))


def half(direction, capacity, voltage, cycle=1, source="a"):
    given = {"current_mA_cm2": 0.127, "direction": direction, "cycle": cycle, "window_V": (0.7, 2.6)}
    curve = nasim.fit.from_arrays(np.linspace(0, capacity, len(voltage)), voltage, **given)
    object.__setattr__(curve, "source", source)
    return curve


DOWN, UP = np.linspace(2.2, 0.7, 50), np.linspace(1.5, 2.6, 50)


def test_a_soft_short_is_called_in_its_first_cycle():
    healthy = [half("discharge", 1.0, DOWN), half("charge", 0.9, UP)]
    assert soft_short_signs(healthy) == []
    leaking = [*healthy, half("discharge", 0.9, DOWN, 2), half("charge", 1.1, UP, 2)]
    assert soft_short_signs(leaking) == [
        "Soft short: the charge of cycle 2 takes 1.22 times what the discharge before it gave."
    ]
    collapsed = [*healthy, half("charge", 0.9, np.where(np.arange(50) == 30, 1.6, UP), 2)]
    assert soft_short_signs(collapsed) == ["Soft short: the voltage falls in the middle of the charge of cycle 2."]


def test_replicates_give_the_noise():
    random, x = np.random.default_rng(1), np.linspace(0, 1, 200)
    curves = [half("discharge", c, 2.2 - 1.5 * x + v, source=str(k)) for k, (c, v) in enumerate(
        zip(1 + 0.02 * random.standard_normal(40), 8e-3 * random.standard_normal(40), strict=True)
    )]  # fmt: skip
    noise, notes = scatter(curves)
    assert noise["capacity_sd"] == pytest.approx(0.02, rel=0.3)
    assert noise["voltage_sd_mV"] == pytest.approx(8.0, rel=0.3)
    assert notes[0].startswith("40 replicates scatter by")
    assert scatter(curves[:1]) == ({}, [])


def test_the_command(tmp_path, monkeypatch):
    """With rivals and experiments cut down, since it is the path from file to answer that is tested."""
    from nasim.fit import explain as module

    curve = nasim.GCD(cycles=1).run().curve(1)
    curve = curve[curve["Step"] == "discharge"]
    columns = {"Test Time / s": curve["Capacity [mAh.cm-2]"] / 0.127 * 3600, "Voltage / V": curve["Voltage [V]"]}
    pandas.DataFrame(columns | {"Current / A": -0.127e-3 * 0.7854}).to_csv(tmp_path / "cell.csv", index=False)
    monkeypatch.setattr(module, "usual", lambda cell, current: [])
    monkeypatch.setattr(module.explain, "__defaults__", ("Yuan2025_NAS", rivals("product layer"), None, None))
    asked = ["explain", str(tmp_path / "cell.csv"), "--area", "0.7854", "--sign", "charge positive", "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["limits"]["best"] == AS_IS
