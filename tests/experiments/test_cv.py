"""Cyclic voltammetry: closed forms of surface-bound species, temperature, the published stages, refusals."""

import dataclasses

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.analysis.voltammetry import sweep_peaks
from nasim.errors import DataFileError, ProtocolError
from nasim.nomenclature.columns import CURRENT
from nasim.parameters import load
from nasim.submodels.arrhenius import FARADAY, R_GAS

SB = nm.SB_S
FAST = {SB.i0(SB.steps[k]): 1e4 for k in (0, 1)} | {SB.i0(SB.steps[2]): 1e-30}
FAST |= {nm.RATE_BOUND: 1e9, nm.SEPARATOR.conductivity: 1e3, nm.ALLOY_I0: 1e6, nm.INTERFACE_RESISTANCE: 1e-9}
FAST |= {nm.INTERPHASE_RESISTIVITY: 1e-3, nm.MILLING_SHIFT: 0.0, nm.DOUBLE_LAYER: 1e-3}
FAST |= {nm.LAYER_CURRENT: 1e9, nm.CATHODE_IONIC: 1e3, nm.MOLAR_EXPANSION: 0.0, nm.ALLOY_MOLAR_VOLUME: 0.0}
FAST |= {SB.U(1): 1.90, SB.U(2): 1.50, nm.INITIAL_POTENTIAL: 2.4}


@pytest.fixture(scope="module")
def warm_and_cold():
    return {T: nasim.CV(scans=2).run(temperature_C=T) for T in (25.0, 60.0)}


def confined(rates, T):
    """A cathode whose species are all at the surface and whose kinetics are no hindrance."""
    model = nasim.FullCell(chains=[nasim.SbSRedox()], contact=nasim.FullContact(), short=nasim.NoShort())
    plain = load("Yuan2025_NASC")
    free = {name: dataclasses.replace(plain.entries[name], value=value, range=None) for name, value in FAST.items()}
    given = dataclasses.replace(plain, entries={**plain.entries, **free})
    values = given.to_pybamm()
    run = nasim.CV(rates, scans=1, window=(1.1, 2.3)).run(model, given, temperature_C=T)
    q = FARADAY * values[nm.COMPOSITE_MASS] * values[nm.CATHOLYTE_MASS_FRACTION]
    q = q / values[nm.CATHOLYTE_MOLAR_MASS] / values[nm.AREA]
    f = FARADAY / R_GAS / (T + 273.15)
    return run, {k: values[SB.n(k)] * q * f / 4 for k in (1, 2)}


@pytest.mark.parametrize("T", [25.0, 60.0])
def test_peaks_of_a_surface_confined_cathode_grow_with_the_scan_rate(T):
    """i_p = n q f nu/4 (Laviron): linear in the rate, at the equilibrium potentials less those of the anode."""
    rates = (0.005, 0.01, 0.02)
    run, per_rate = confined(rates, T)
    heights = np.array([run.peaks(k).get("reduction").height[::-1] for k in (1, 2, 3)]) * 10
    np.testing.assert_allclose(heights, [[per_rate[k] * rate * 1e-3 for k in (1, 2)] for rate in rates], rtol=0.01)
    assert np.polyfit(np.log(rates), np.log(heights[:, 0]), 1)[0] == pytest.approx(1.0, abs=0.01)
    for kind in ("reduction", "oxidation"):
        np.testing.assert_allclose(run.peaks(1)[kind].voltage_V, [1.50 - 0.08, 1.90 - 0.08], atol=0.015)


def test_charge_comes_back_where_kinetics_are_no_hindrance():
    run, _ = confined((0.02,), 25.0)
    row = run.summary.iloc[0]
    assert row["charge_over_discharge"] == pytest.approx(1.0, abs=2e-3)


def test_heat_brings_the_peaks_together(warm_and_cold):
    """Faster kinetics: the first reduction comes at a higher, the last oxidation at a lower voltage."""
    cold, warm = (warm_and_cold[T].peaks(2) for T in (25.0, 60.0))
    highest = {T: found["oxidation"].of("peak").voltage_V[-1] for T, found in ((25, cold), (60, warm))}
    first = {T: found["reduction"].of("peak").voltage_V[-1] for T, found in ((25, cold), (60, warm))}
    assert highest[60] < highest[25] - 0.05 and first[60] > first[25] + 0.05


def test_three_reduction_and_two_oxidation_stages_at_60_degrees(warm_and_cold):
    found = warm_and_cold[60.0].peaks(1)
    assert (len(found["reduction"].of("peak")), len(found["oxidation"].of("peak"))) == (3, 2)


@pytest.mark.xfail(
    reason="row CV-25 of the published list is not met: peaks as broad at 60 degC, 0.93 comes back at 25"
)
def test_broader_and_reversible_at_25_degrees(warm_and_cold):
    """Width: charge of the oxidation over its highest current, in volts."""
    width = {}
    for T, run in warm_and_cold.items():
        curve = run.curve(2)
        up = curve[curve["Step"] == "charge"]
        height = -up[CURRENT].min()
        width[T] = np.trapezoid(-up[CURRENT].clip(upper=0), up["Voltage [V]"]) / height
    assert width[25.0] > 1.2 * width[60.0]
    assert warm_and_cold[25.0].summary["charge_over_discharge"].iloc[1] == pytest.approx(1.0, abs=0.03)


def test_a_scan_starts_at_open_circuit_and_follows_the_rate(warm_and_cold):
    run = warm_and_cold[25.0]
    first, second = run.curve(1), run.curve(2)
    assert abs(first[CURRENT].iloc[0]) < 1e-3 * first[CURRENT].abs().max()
    assert second["Voltage [V]"].iloc[0] == pytest.approx(2.6) and second["Voltage [V]"].min() == pytest.approx(0.7)
    down = second[second["Step"] == "discharge"]
    slope = np.polyfit(down["Time [s]"], down["Voltage [V]"], 1)[0]
    assert slope == pytest.approx(-0.2e-3, rel=1e-6)
    assert max(run.audit().values()) < 1e-12


def test_each_rate_starts_from_a_new_cell():
    both, alone = nasim.CV((0.2, 0.5), scans=1).run(), nasim.CV(0.5, scans=1).run()
    assert list(both.summary["scan_rate_mV_s"]) == [0.2, 0.5]
    for kind in ("reduction", "oxidation"):
        np.testing.assert_allclose(both.peaks(2)[kind].height, alone.peaks(1)[kind].height, rtol=1e-6)


def test_the_table_lists_all_peaks_and_a_saved_run_has_the_same(warm_and_cold, tmp_path):
    run = warm_and_cold[60.0]
    table = run.peak_table()
    assert set(table["reaction"]) == {"reduction", "oxidation"} and set(table["cycle"]) == {1, 2}
    assert len(table) == sum(len(found) for k in (1, 2) for found in run.peaks(k).values())
    run.to_netcdf(tmp_path / "cv.nc")
    again = nasim.load_result(tmp_path / "cv.nc")
    np.testing.assert_allclose(again.peak_table()["voltage_V"], table["voltage_V"])
    assert again.plot().get_ylabel() == run.plot().get_ylabel()


def test_a_cathode_without_sulfur_has_its_own_peaks():
    """Two of either kind, as measured on NAS-C (Yuan et al. 2025)."""
    found = nasim.CV(scans=1).run(parameters="Yuan2025_NASC").peaks(1)
    assert len(found["reduction"].of("peak")) == 2 and len(found["oxidation"].of("peak")) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scan_rate_mV_s": 0.0}, "scan rate"),
        ({"scan_rate_mV_s": (0.2, -1.0)}, "scan rate"),
        ({"scans": 0}, "number of scans"),
        ({"window": (2.6, 0.7)}, "upside down"),
        ({"window": (2.5, 2.6)}, "open circuit"),
    ],
)
def test_what_makes_no_sense_is_refused(change, said):
    with pytest.raises(ProtocolError, match=said):
        nasim.CV(**change).run()


def test_a_symmetric_cell_is_refused():
    with pytest.raises(ProtocolError, match="full cell"):
        nasim.CV().run(parameters="Yuan2025_symmetric_NAS")


def test_a_sweep_must_be_one():
    with pytest.raises(DataFileError, match="sweep"):
        sweep_peaks([1.0, 1.001], [0.1, 0.1])
    assert len(sweep_peaks(np.linspace(2, 1, 50), -np.ones(50))) == 0
