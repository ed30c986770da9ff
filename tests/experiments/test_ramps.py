"""Ramps of current and temperature: a cell that shorts at a known current, an electrolyte of known activation energy."""

import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.mechanism import Mechanism

GROWN = "Grown conductance [S.m-2]"


class ShortsAbove(Mechanism):
    """A leak of 2 S m-2 s-1 that grows while the current exceeds a limit [A m-2]."""

    rate_needs = (nm.CURRENT_DENSITY,)
    gives = (GROWN, nm.LEAK_CONDUCTANCE)

    def __init__(self, limit):
        super().__init__("short", role=nm.roles.SHORT)
        self.limit = limit

    def get_fundamental_variables(self):
        G = pybamm.Variable(GROWN)
        return {GROWN: G, nm.LEAK_CONDUCTANCE: G}

    def set_rhs(self, variables):
        beyond = pybamm.tanh(1e3 * (abs(variables[nm.CURRENT_DENSITY]) - self.limit))
        self.rhs[variables[GROWN]] = 1.0 + beyond

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[GROWN]] = pybamm.Scalar(0)


@pytest.fixture(scope="module")
def ramp():
    test = nasim.CriticalCurrent(first_mA_cm2=0.2, step_mA_cm2=0.2, highest_mA_cm2=2.0)
    return test.run(nasim.SymmetricCell(short=ShortsAbove(limit=7.0)))


def test_the_critical_current_is_the_first_above_the_limit(ramp):
    """The limit is 0.7 mA cm-2; steps are 0.2."""
    assert ramp.critical_current_mA_cm2 == pytest.approx(0.8)
    assert ramp.summary["current_mA_cm2"].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert ramp.record["stopped_because"].startswith("short at 0.8 mA cm-2")
    assert "critical current density 0.8 mA cm-2 (none at 0.6 mA cm-2)" in "\n".join(ramp.lines())


def test_the_share_that_leaks_follows_from_conductance_and_voltage(ramp):
    row = ramp.summary.iloc[-1]
    voltage, current = abs(row["end_overpotential_mV"]) * 1e-3, 10 * row["current_mA_cm2"]
    assert row["leak_share"] == pytest.approx(row["leak_conductance_S_m2"] * voltage / current, rel=1e-9)
    assert row["apparent_resistance_Ohm_cm2"] == pytest.approx(1e4 * voltage / current, rel=1e-9)
    assert row["apparent_resistance_Ohm_cm2"] < ramp.summary["apparent_resistance_Ohm_cm2"].iloc[-2] / 2


def test_the_ramp_draws_and_is_told_as_json(ramp):
    assert ramp.as_object()["critical_current_mA_cm2"] == pytest.approx(0.8)
    assert len(ramp.plot()) == 2
    assert ramp.curves[nm.TIME].is_monotonic_increasing


def test_a_cell_that_does_not_short_is_told_so():
    test = nasim.CriticalCurrent(highest_mA_cm2=0.3, capacity_mAh_cm2=0.1)
    found = test.run(nasim.SymmetricCell(short=nasim.NoShort()))
    assert found.critical_current_mA_cm2 is None
    assert "no short up to 0.3 mA cm-2" in "\n".join(found.lines())
    assert found.summary["discharge_capacity_mAh_cm2"].tolist() == pytest.approx([0.1] * 3)


def test_a_temperature_ramp_gives_back_the_activation_energy_of_the_electrolyte(tmp_path):
    name = "Yuan2025_blocking_NAS"
    found = nasim.TemperatureRamp(temperatures_C=(0, 25, 60), per_decade=5).run(parameters=name)
    assert found.activation_energy() == pytest.approx(load(name).value(nm.SEPARATOR.Ea), rel=1e-3)
    found.to_netcdf(tmp_path / "ramp.nc")
    loaded = nasim.load_result(tmp_path / "ramp.nc")
    assert loaded.activation_energy() == pytest.approx(found.activation_energy(), rel=1e-12)
    assert len(loaded.spectra.summary) == 3 and len(loaded.plot()) == 1


def test_a_temperature_ramp_of_a_full_cell_cycles_it():
    found = nasim.TemperatureRamp(temperatures_C=(60, 25), per_decade=2, rest_h=0.5).run()
    assert found.summary["discharge_capacity_mAh_g"].is_monotonic_decreasing
    assert found.kept_cycles == [1, 2] and len(found.plot()) == 3
    assert found.curve(1)["Cell temperature [K]"].iloc[0] == pytest.approx(333.15)
    assert max(found.audit().values()) < 1e-9


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (nasim.CriticalCurrent(highest_mA_cm2=0.01), "the highest current, 0.01 mA cm-2, is below the first"),
        (nasim.CriticalCurrent(short_share=2.0), "share that counts as a short = 2.0 is impossible"),
        (nasim.TemperatureRamp(temperatures_C=()), "at least one temperature"),
        (nasim.TemperatureRamp(temperatures_C=(500,)), "temperature = 500 is impossible"),
    ],
)
def test_what_makes_no_sense_is_refused(attempt, words):
    with pytest.raises(nasim.ProtocolError, match=words):
        attempt.run()
