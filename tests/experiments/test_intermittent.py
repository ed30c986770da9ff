"""GITT and pulse test: resistances of a cell whose resistance is known, diffusivity of a layer, states of charge."""

import numpy as np
import pandas
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.analysis.intermittent import diffusivity
from nasim.submodels.mechanism import Mechanism

OHM_CM2 = 50.0
KNOWN = "Known resistance [Ohm.m2]"


class Resistor(Mechanism):
    """A resistance of 50 Ohm cm2 in series with the cell."""

    gives = (KNOWN,)
    adds = {nm.SERIES_RESISTANCE: (KNOWN,)}

    def __init__(self):
        super().__init__("resistor")

    def get_fundamental_variables(self):
        return {KNOWN: pybamm.Scalar(1e-4 * OHM_CM2)}


@pytest.fixture(scope="module")
def plain():
    return nasim.KeptCell()


@pytest.fixture(scope="module")
def resisted():
    return nasim.KeptCell(nasim.FullCell(extra=[Resistor()]))


@pytest.fixture(scope="module")
def titration(plain):
    return nasim.GITT(diffusion_length_um=2.0).run(plain)


def test_gitt_of_a_cell_of_known_resistance(plain, resisted):
    """Both resistances of each pulse are larger by what was put in series."""
    test = nasim.GITT(pulse_h=0.5, rest_h=1.0, most_pulses=5, charge=False)
    tables = [test.run(cell).summary for cell in (plain, resisted)]
    for name in ("instant_resistance_Ohm_cm2", "pulse_resistance_Ohm_cm2"):
        added = tables[1][name] - tables[0][name]
        np.testing.assert_allclose(added, OHM_CM2, rtol=2e-3, err_msg=name)


def test_gitt_goes_to_both_cut_offs_and_back(titration):
    table = titration.summary
    voltages = titration.curves.groupby("Step")["Voltage [V]"]
    assert voltages.min()["discharge"] == pytest.approx(0.7, abs=1e-4)
    assert voltages.max()["charge"] == pytest.approx(2.6, abs=1e-4)
    assert table["discharge_capacity_mAh_cm2"].sum() == pytest.approx(0.98, abs=0.1)
    discharged = table[table["discharge_capacity_mAh_cm2"] > 0]
    assert discharged["relaxed_V"].is_monotonic_decreasing
    np.testing.assert_allclose(discharged["rested_V"][1:], discharged["relaxed_V"][:-1], rtol=1e-9)
    assert (table["pulse_resistance_Ohm_cm2"] > table["instant_resistance_Ohm_cm2"]).all()


def test_the_diffusivity_of_a_layer_comes_back():
    """A layer of thickness L, a flux J for t << L^2/D, a straight open-circuit curve: the textbook's concentrations."""
    D, L, t, J = 3e-10, 2e-4, 5.0, 1e-9  # cm2 s-1, cm, s, mol cm-2 s-1
    at_the_surface, everywhere = 2 * J * np.sqrt(t / (np.pi * D)), J * t / L
    row = {"rested_V": 2.0, "first_V": 1.9, "pulse_s": t}
    row |= {"last_V": 1.9 - at_the_surface, "relaxed_V": 2.0 - everywhere}
    assert diffusivity(pandas.DataFrame([row]), 1e4 * L)[0] == pytest.approx(D, rel=1e-9)


def test_gitt_says_what_it_found_and_draws_it(titration):
    text = "\n".join(titration.lines())
    assert f"{len(titration.summary)} pulses; rested voltage" in text and "Ohm cm2" in text
    left, right = titration.plot()
    assert left.get_ylabel() == "Voltage (V vs Na$_{15}$Sn$_4$)" and right.get_yscale() == "log"
    drawn = np.concatenate([line.get_ydata() for line in right.get_lines()])
    assert right.get_ylim()[0] < drawn.min() and drawn.max() < right.get_ylim()[1]
    assert (titration.summary["diffusivity_cm2_s"] > 0).all()


def test_a_pulse_test_of_a_cell_of_known_resistance(plain, resisted):
    """Pulses too small to disturb: both directions show the added resistance, at every state of charge."""
    test = nasim.Pulse(points=3, pulse_current_mA_cm2="0.05C")
    tables = [test.run(cell).summary for cell in (plain, resisted)]
    assert tables[0]["state_of_charge"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    for way in ("discharge", "charge"):
        name = f"{way}_instant_resistance_Ohm_cm2"
        np.testing.assert_allclose(tables[1][name] - tables[0][name], OHM_CM2, rtol=0.02, err_msg=name)


def test_the_power_of_a_pulse_test_is_that_at_the_lower_cut_off(plain):
    """P = V_low (V_rested - V_low)/R; a pulse that meets a cut-off is told."""
    found = nasim.Pulse(points=4).run(plain)
    table = found.summary
    expected = 0.7 * (table["discharge_rested_V"] - 0.7) / table["discharge_pulse_resistance_Ohm_cm2"] * 1e3
    np.testing.assert_allclose(table["power_mW_cm2"], expected, rtol=1e-12)
    assert table["current_mA_cm2"].tolist() == pytest.approx([0.819] * 4, rel=1e-3)
    assert "charge pulse met its cut-off before 10 s at state of charge 1" in "\n".join(found.lines())
    assert len(found.plot()) == 3


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (nasim.GITT(pulse_h=0.0), "GITT: length of a pulse must be above zero, in h"),
        (nasim.GITT(diffusion_length_um=-1.0), "GITT: diffusion length must be above zero, in um"),
        (nasim.Pulse(points=0), "Pulse: number of points must be above zero"),
        (nasim.Pulse(pulse_current_mA_cm2="fast"), "Pulse: current of the pulses must be a number"),
    ],
)
def test_what_makes_no_sense_is_refused(attempt, words):
    with pytest.raises(nasim.ProtocolError, match=words):
        attempt.run()
