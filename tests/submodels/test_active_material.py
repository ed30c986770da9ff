"""Loading of the cathode: what it holds, and that its rates go with it."""

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.submodels import active_material
from nasim.submodels.active_material import CATHOLYTE_MATERIAL, SULFUR_MATERIAL, charge_per_electron, loading
from nasim.submodels.sb_s_redox import SbSRedox
from nasim.submodels.sulfur_conversion import SulfurConversion


def test_units(quantity, monkeypatch):
    monkeypatch.setattr(active_material, "FARADAY", quantity(active_material.FARADAY, "C/mol"))
    area = loading(quantity(3.2, "mg"), 0.12, quantity(0.7854, "cm**2"))
    assert area.to("mg/cm**2").magnitude == pytest.approx(0.4889, rel=1e-3)
    charge = charge_per_electron(area, quantity(32.06, "g/mol"))
    assert charge.to("C/m**2").magnitude == pytest.approx(14714, rel=1e-3)


def test_two_electrons_are_1672_mAh_per_gram():
    """The theoretical capacity of sulfur, 2 F/(3.6 M)."""
    assert 2 * charge_per_electron(1.0, 32.06e-3) / 3600 == pytest.approx(1672, abs=1)


def test_one_electron_per_antimony_is_what_a_cathode_without_sulfur_stores():
    """0.26 mAh cm-2 measured (Yuan et al. 2025, Fig. S4a), 0.95 electrons per Sb."""
    charge = charge_per_electron(loading(3.2e-6 * 0.88, 0.80 / 0.88, 7.854e-5), 318.97e-3)
    assert 0.26 * 3.6e4 / charge == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("name", ["Yuan2025_NAS", "Yuan2025_NASC", "Yuan2025_NPS", "Yuan2025_NPSC"])
def test_kinetic_values_refer_to_the_loading_of_the_sets(name):
    parameters = nasim.load(name)
    values = parameters.to_pybamm()
    for material in (SULFUR_MATERIAL, CATHOLYTE_MATERIAL):
        if material is CATHOLYTE_MATERIAL or "Sulfur" in parameters.cell.chains:
            assert float(values.process_symbol(material.relative_loading()).evaluate()) == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("chain", [SulfurConversion, SbSRedox])
def test_twice_the_material_reacts_alike_with_twice_the_current(alone, surroundings, whole, chain):
    """In a cathode twice as thick, so that grains touch as much electrolyte as before."""
    t, names = np.linspace(0, 3600, 5), chain().names
    species = [names.fraction(k) for k in range(len(names.species))]
    currents = [names.reaction_current, *(names.oxidation(step) for step in names.steps)]

    def held(times):
        values = {nm.COMPOSITE_MASS: times * 3.2e-6, nm.CATHODE_THICKNESS: times * 1.81e-5, nm.INITIAL_POTENTIAL: 2.3}
        return alone(whole(chain()), surroundings(1.2), values).solve(t, *currents, *species)

    once, twice = held(1), held(2)
    n = len(currents)
    np.testing.assert_allclose(twice[:n], 2 * np.array(once[:n]), rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(twice[n:], once[n:], rtol=1e-7, atol=1e-12)
    assert abs(once[n][-1] - once[n][0]) > 0.01


def test_a_thick_cathode_delivers_what_a_thin_one_does_at_the_same_current_per_gram(tmp_path):
    cell = nasim.FullCell(contact=nasim.FullContact(), interphase=nasim.NoInterphase(nm.NEGATIVE))
    nothing_else = {nm.SEPARATOR.conductivity: 1e4, nm.INTERFACE_RESISTANCE: 1e-9, nm.ALLOY_I0: 1e5}
    nothing_else |= {nm.CATHODE_IONIC: 1e4, nm.CATHODE_ELECTRONIC: 1e5}

    def capacity(times, current):
        entries = nothing_else | {nm.COMPOSITE_MASS: times * 3.2e-6, nm.CATHODE_THICKNESS: times * 1.81e-5}
        tables = [f'["{name}"]\nvalue = {value}\nkind = "setting"\n' for name, value in entries.items()]
        path = tmp_path / f"{times}.toml"
        path.write_text('extends = "Yuan2025_NAS"\n' + "".join(tables))
        return nasim.GCD(current_mA_cm2=current, cycles=1).run(cell, path).summary["discharge_capacity_mAh_g"][0]

    thin = capacity(1, 0.2)
    assert capacity(2, 0.4) == pytest.approx(thin, rel=1e-3)
    assert capacity(2, 0.2) > 1.05 * thin
