"""Impedance: hand-derived closed forms, a sine in the time domain, limits, states, and that the cell is left alone."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.impedance_analyser import Analyser, frequency_grid
from nasim.engine.linearised import Linearisation
from nasim.engine.setup import prepare
from nasim.engine.stepper import Step
from nasim.errors import ProtocolError, UnknownNameError
from nasim.models.compose import CellModel
from nasim.parameters import load
from nasim.results.spectra import Spectra
from nasim.submodels.alloy_anode import LARGEST_RATE, NA_PER_SN, PHASE_LIMITS, STEP_WIDTHS, pressure_factor
from nasim.submodels.arrhenius import FARADAY, conductivity, thermal_voltage_inverse
from nasim.submodels.kinetics import butler_volmer_rates, pressure_shift
from nasim.submodels.redox_chain import equilibrium_fractions
from nasim.submodels.sb_s_redox import LAYER_FLOOR
from nasim.submodels.separator import geometric_capacitance

SETS = {"full": "Yuan2025_NAS", "symmetric": "Yuan2025_symmetric_NAS", "blocking": "Yuan2025_blocking_NAS"}
GROWN = {nm.INTERPHASE_INITIAL: 5e-6}
CM2 = 1e4
T = 298.15


def free(name, values):
    """A parameter set with values that need not lie in their ranges."""
    plain = load(name)
    entries = {key: dataclasses.replace(plain.entries[key], value=value, range=None) for key, value in values.items()}
    return dataclasses.replace(plain, entries={**plain.entries, **entries})


def spectrum(name, values=(), model=None, **options):
    return nasim.EIS(**options).run(model, free(name, dict(values)))


# --- closed forms -----------------------------------------------------------------------------------------------------


def arc(R, C, omega):
    return R / (1 + 1j * omega * R * C)


def electrolyte(P, omega):
    """Grains and grain boundaries [Ohm m2]."""
    L, share = P[nm.SEPARATOR.thickness], P[nm.GRAIN_BOUNDARY_SHARE]
    R = L / conductivity(T, P[nm.SEPARATOR.conductivity], P[nm.SEPARATOR.Ea])
    grains = arc((1 - share) * R, geometric_capacitance(P[nm.PERMITTIVITY], L), omega)
    return grains + arc(share * R, P[nm.GRAIN_BOUNDARY_CAPACITANCE], omega)


def alloy(P, omega):
    """Contact, interphase, and charge transfer beside its double layer; the plateau of the alloy falls a little."""
    pressure, P_0 = P[nm.APPLIED_PRESSURE], P[nm.INTERFACE_P0]
    contact = P[nm.INTERFACE_RESISTANCE] * (P[nm.REFERENCE_PRESSURE] / pressure) ** P[nm.INTERFACE_EXPONENT]
    interphase = arc(P[nm.INTERPHASE_INITIAL] * P[nm.INTERPHASE_RESISTIVITY], P[nm.INTERPHASE_CAPACITANCE], omega)
    z = P[nm.ALLOY_INITIAL_CONTENT]
    squeeze = pressure_factor(pressure, P[nm.REFERENCE_PRESSURE], P[nm.ALLOY_MOLAR_VOLUME], P[nm.ALLOY_ALPHA], T)
    i0 = (1 - np.exp(-pressure / P_0)) * P[nm.ALLOY_I0] * squeeze
    w = STEP_WIDTHS
    i0 = i0 / (1 + 2 * i0 / LARGEST_RATE)
    levels = [*(P[name] for name in nm.ALLOY_PLATEAUS), 0.0]
    slope = sum(
        -(levels[k] - levels[k + 1]) / 2 / w[k] / np.cosh(np.minimum(abs(z - PHASE_LIMITS[k]) / w[k], 300)) ** 2
        for k in range(4)
    )
    elastance = -slope * NA_PER_SN / P[nm.ALLOY_CAPACITY]
    faradaic = 1 / (i0 * thermal_voltage_inverse(T)) + elastance / (1j * omega)
    return contact + interphase + 1 / (1j * omega * P[nm.ALLOY_DOUBLE_LAYER] + 1 / faradaic)


def cathode(P, omega):
    """The Sb-S chain in equilibrium: each step exchanges e_k, species change by what the steps convert.

    d i_k = e_k (-f dphi + dy_o/y_o - dy_r/y_r) and j omega q dy = S di, so that Y = 1^T (1 - E B S/(j omega q))^-1 E f 1.
    """
    f, chain, phi = thermal_voltage_inverse(T), nm.SB_S, P[nm.INITIAL_POTENTIAL]
    U = [P[chain.U(k)] + pressure_shift(P[nm.APPLIED_PRESSURE], P[nm.MOLAR_EXPANSION]) for k in chain.links]
    y = equilibrium_fractions(phi, U, f)
    loading = P[nm.COMPOSITE_MASS] * P[nm.CATHOLYTE_MASS_FRACTION] / P[nm.AREA]
    q = FARADAY * loading / P[nm.CATHOLYTE_MOLAR_MASS]
    area = loading / P[nm.CATHOLYTE_DENSITY] / P[nm.CATHODE_THICKNESS] / P[nm.REFERENCE_ELECTROLYTE]
    rates = []
    for k, step in enumerate(chain.steps):
        i0, alpha = area * P[chain.i0(step)], P[chain.alpha(step)]
        rates.append(butler_volmer_rates(y[k], y[k + 1], phi - U[k], i0, alpha, f, P[nm.RATE_BOUND])[0])
    shared = 1 + 2 * (rates[0] + rates[1]) / 1e30
    deep = 1 + 2 * rates[2] * (y[3] + LAYER_FLOOR) / P[nm.DEEP_LAYER_CURRENT]
    E = np.diag([rates[0] / shared, rates[1] / shared, rates[2] / deep]) * loading / P[nm.CATHOLYTE_REFERENCE_LOADING]
    B, S = np.zeros((3, 4)), np.zeros((4, 3))
    for k in range(3):
        B[k, k], B[k, k + 1] = 1 / y[k], -1 / y[k + 1]
        n = P[chain.n(k + 1)]
        S[k, k], S[k + 1, k] = -1 / n, 1 / n
    ones = np.ones(3)
    Y = [ones @ np.linalg.solve(np.eye(3) - E @ B @ S / (1j * w * q), E @ ones * f) for w in omega]
    return 1 / (1j * omega * P[nm.DOUBLE_LAYER] + np.array(Y))


def test_the_conductivity_cell_is_its_closed_form():
    """Leads, two arcs, two double layers, and the electronic leak beside all of it."""
    found = spectrum(SETS["blocking"], {nm.SEPARATOR.electronic: 1e-4})
    P, omega = free(SETS["blocking"], {nm.SEPARATOR.electronic: 1e-4}).as_values(), 2 * np.pi * found.frequency
    inside = P[nm.LEAD_RESISTANCE] + electrolyte(P, omega) + 2 / (1j * omega * P[nm.BLOCKING_DOUBLE_LAYER])
    leak = P[nm.SEPARATOR.electronic] / P[nm.SEPARATOR.thickness]
    np.testing.assert_allclose(found.impedance(), CM2 * inside / (1 + leak * inside), rtol=1e-8)


def test_the_symmetric_cell_is_its_closed_form():
    found = spectrum(SETS["symmetric"], GROWN, nasim.SymmetricCell(short=nasim.NoShort()), lowest_Hz=1e-4)
    P, omega = free(SETS["symmetric"], GROWN).as_values(), 2 * np.pi * found.frequency
    np.testing.assert_allclose(found.impedance(), CM2 * (electrolyte(P, omega) + 2 * alloy(P, omega)), rtol=1e-8)


@pytest.mark.parametrize("potential", [1.7, 1.9, 2.1])
def test_the_full_cell_is_its_closed_form(potential):
    """Without sulfur, whose species are slow; with all of the Sb-S chain, down to the lowest frequencies."""
    values = GROWN | {
        nm.MILLING_SHIFT: 0.0,
        nm.INITIAL_POTENTIAL: potential,
        nm.CATHODE_IONIC: 1e9,
        nm.LAYER_CURRENT: 1e30,
    }
    model = nasim.FullCell(chains=[nasim.SbSRedox()], contact=nasim.FullContact(), short=nasim.NoShort())
    found = spectrum("Yuan2025_NASC", values, model, lowest_Hz=1e-4)
    P, omega = free("Yuan2025_NASC", values).as_values(), 2 * np.pi * found.frequency
    expected = electrolyte(P, omega) + alloy(P, omega) + cathode(P, omega)
    np.testing.assert_allclose(found.impedance(), CM2 * expected, rtol=1e-8)


# --- other oracles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SETS)
def test_pybamm_finds_the_same_spectrum(kind):
    parameters = free(SETS[kind], GROWN)
    found = nasim.EIS().run(parameters=parameters)
    values, model = parameters.to_pybamm(), nasim.cell_for(parameters).charged()
    values[nm.CURRENT_FUNCTION] = 0.0
    eis = pybamm.EISSimulation(model, parameter_values=values.copy(), skip_surface_form_check=True)
    Z = np.asarray(eis.solve(found.frequency).impedance) * values[nm.AREA] * CM2
    np.testing.assert_allclose(found.impedance(), Z, rtol=1e-7)


@pytest.mark.parametrize("frequency", [1e6, 5e4, 500.0, 10.0, 1.0])
def test_a_small_sine_gives_the_same_impedance(frequency):
    """Eight periods in the time domain. Half of what a sine changes against its negative is free of the cell's own slow
    way to equilibrium, which does not turn with it; what is left of offset and drift is fitted along.
    """
    values = GROWN | {nm.INITIAL_POTENTIAL: 1.9}
    expected = spectrum(SETS["full"], values, highest_Hz=10 * frequency, lowest_Hz=frequency).impedance()[-1]
    parameters = free(SETS["full"], values).to_pybamm()
    small, periods = 1e-4 / abs(expected) * CM2, 12
    t = np.linspace(0, periods / frequency, 40 * periods + 1)
    swings = []
    for amplitude in (small, -small):
        parameters[nm.CURRENT_FUNCTION] = Sine(amplitude * parameters[nm.AREA], frequency)
        solver = pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-12)
        simulation = pybamm.Simulation(nasim.FullCell().charged(), parameter_values=parameters, solver=solver)
        swings.append(simulation.solve(t[[0, -1]], t_interp=t)[nm.VOLTAGE](t))
    V = (swings[0] - swings[1]) / 2
    late = t > 4 / frequency
    phase = 2 * np.pi * frequency * t[late]
    basis = np.column_stack([np.sin(phase), np.cos(phase), np.ones(late.sum()), t[late]])
    sine, cosine, *_ = np.linalg.lstsq(basis, V[late], rcond=None)[0]
    assert abs(-(sine + 1j * cosine) / small * CM2 / expected - 1) < 0.01


@dataclasses.dataclass(frozen=True)
class Sine:
    amplitude: float
    frequency: float

    def __call__(self, t):
        return self.amplitude * pybamm.sin(2 * np.pi * self.frequency * t)


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SETS)
def test_at_the_highest_frequencies_only_series_resistances_are_left(kind):
    """Of the cell with capacitances: contacts and leads. Of the cell without, as it is cycled: all resistances."""
    setup = prepare("EIS", None, free(SETS[kind], GROWN), kind=None)
    charged = Analyser(setup.stepper, setup.parameters, np.array([1e14])).stepper
    for stepper in (charged, setup.stepper):
        inputs = Step("rest", 1.0).inputs(0.0, 0.0) | stepper.conditions
        R, G = stepper.observe([nm.SERIES_RESISTANCE, nm.LEAK_CONDUCTANCE], np.zeros(1), stepper.y, inputs)[:, 0]
        Z = Linearisation(stepper).at(stepper.y, inputs).impedance([1e14])[0]
        assert R > 0 and Z.real == pytest.approx(R / (1 + R * G), rel=1e-6) and abs(Z.imag) < 1e-3 * R


def test_between_its_arcs_the_spectrum_meets_the_sum_of_resistances():
    """Where all arcs are complete, the direct-current limit."""
    found = spectrum(SETS["symmetric"], GROWN, nasim.SymmetricCell(short=nasim.NoShort()))
    ohmic = found.elements().query("element != 'slow branch (species, inventory)'")["resistance_Ohm_cm2"].sum()
    assert found.summary["total_Ohm_cm2"].iloc[0] == pytest.approx(ohmic, rel=1e-6)


def test_a_cell_that_is_cycled_has_no_fast_state():
    """Microsecond states belong to spectra alone."""
    for model in (nasim.FullCell(), nasim.SymmetricCell(), nasim.BlockingCell()):
        assert not any(part.adds.get(nm.POLARISATION) for part in model.mechanisms)
        assert any(part.adds.get(nm.POLARISATION) for part in model.charged().mechanisms)
    with pytest.raises(nasim.CompositionError):
        nasim.FullCell(extra=nasim.FullCell().charged().mechanisms[:1])


def test_a_leak_lies_in_parallel_and_leaves_the_elements_as_they_are():
    leaky = {nm.SEPARATOR.electronic: 1e-4, nm.INITIAL_POTENTIAL: 1.9} | GROWN
    tight = spectrum(SETS["full"], leaky, nasim.FullCell(short=nasim.NoShort()))
    short = spectrum(SETS["full"], leaky, nasim.FullCell(short=nasim.IntrinsicLeak()))
    G = 1e-4 / load(SETS["full"]).value(nm.SEPARATOR.thickness) / CM2
    columns = ["resistance_Ohm_cm2", "capacitance_F_cm2"]
    layers = slice(0, 4)
    a, b = (run.elements()[columns].to_numpy(float)[layers] for run in (tight, short))
    np.testing.assert_allclose(a, b, rtol=1e-9)
    parallel = tight.impedance() / (1 + G * tight.impedance())
    np.testing.assert_allclose(short.impedance(), parallel, rtol=1e-6)
    assert abs(parallel[-1] / tight.impedance()[-1] - 1) > 0.05


def test_charged_layers_carry_the_leak_from_the_start():
    """A spectrum shows the voltage of the cell that is cycled, though its layers are charged only here."""
    values = {nm.SEPARATOR.electronic: 1e-4} | GROWN
    model = nasim.FullCell(short=nasim.IntrinsicLeak())
    setup = prepare("EIS", model, free(SETS["full"], values), kind=None)
    inputs = Step("rest", 1.0).inputs(0.0, 0.0) | setup.conditions
    (V,) = setup.stepper.observe([nm.VOLTAGE], np.zeros(1), setup.stepper.y, inputs)[:, 0]
    assert Analyser(setup.stepper, setup.parameters, np.array([1.0])).take(state="fresh")["voltage_V"] == pytest.approx(
        V, rel=1e-9
    )


def test_a_thin_well_conducting_porous_cathode_is_a_lumped_one():
    equal = nasim.FullCell(cathode=nasim.LumpedCathode(classes=1))
    found = spectrum(SETS["full"], {nm.INITIAL_POTENTIAL: 1.9, nm.CATHODE_IONIC: 1e9}, equal)
    lumped = found.impedance()
    off = []
    for factor in (1e2, 1e4):
        well = {nm.CATHODE_IONIC: 5e-3 * factor, nm.CATHODE_ELECTRONIC: 1e2 * factor, nm.INITIAL_POTENTIAL: 1.9}
        porous = spectrum(SETS["full"], well, nasim.FullCell(cathode=nasim.PorousCathode(points=5, classes=1)))
        off.append(np.max(abs(porous.impedance() / lumped - 1)))
    assert off[1] < 1e-3 and off[1] < 0.02 * off[0]
    transfer = "element == 'positive electrode charge transfer'"
    R, of_lumped = (each.elements().query(transfer)["resistance_Ohm_cm2"].item() for each in (porous, found))
    assert R == pytest.approx(of_lumped, rel=0.01)


def test_heat_lowers_the_resistance_of_the_electrolyte():
    cold, warm = (nasim.EIS().run(temperature_C=T).elements().set_index("element") for T in (25.0, 60.0))
    ratio = cold.loc["separator bulk", "resistance_Ohm_cm2"] / warm.loc["separator bulk", "resistance_Ohm_cm2"]
    Ea = load(SETS["full"]).value(nm.SEPARATOR.Ea)
    assert ratio == pytest.approx(conductivity(333.15, 1.0, Ea), rel=1e-9)


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_the_intercept_says_what_it_contains():
    """The bulk arc of NAS lies above 7 MHz: its resistance is in the intercept and cannot be seen as an arc."""
    found = spectrum(SETS["full"], GROWN)
    parts = found.elements()
    assert parts["in_intercept_Ohm_cm2"].sum() == pytest.approx(found.impedance()[0].real, rel=1e-5)
    bulk = parts.set_index("element").loc["separator bulk"]
    assert bulk["arc_frequency_Hz"] > 7e6 and "in the intercept" in bulk["where"]
    assert bulk["in_intercept_Ohm_cm2"] > 0.98 * bulk["resistance_Ohm_cm2"]
    assert "at 7e+06 Hz" in found.intercept() and "separator bulk" in found.intercept()


@pytest.mark.parametrize(
    ("resistance", "capacitance", "where"),
    [
        (1e-3, None, "series: in the intercept"),
        (np.inf, 1e-2, "blocks direct current"),
        (1e-3, 1e-6, "arc above the range: in the intercept"),
        (1e-3, 0.1, "arc in the range"),
        (1e-3, 1e4, "arc below the range"),
    ],
)
def test_an_element_says_where_its_arc_lies(resistance, capacitance, where):
    """1/(2 pi R C), in Ohm m2 and F m-2, against a range of 1 MHz to 1 Hz."""
    seen = SimpleNamespace(frequency=np.array([1e6, 1e3, 1.0]))
    row = Analyser._row(seen, "part", resistance, capacitance, np.full(3, 1e-3 + 0j))
    assert row["where"] == where
    if capacitance and np.isfinite(resistance):
        assert row["arc_frequency_Hz"] == pytest.approx(1 / (2 * np.pi * resistance * capacitance))
        assert row["capacitance_F_cm2"] == pytest.approx(capacitance / CM2)
    assert row["in_intercept_Ohm_cm2"] == pytest.approx(10.0)


def test_what_is_slower_than_all_elements_has_its_capacitance():
    """A capacitor by itself, 1/(j omega C), beside a cell without elements."""
    seen = SimpleNamespace(frequency=np.array([1e3, 1.0]), ohmic=(), rows={}, charged=(), lead=0.0)
    seen._row = lambda *given: Analyser._row(seen, *given)
    (rest,) = Analyser._elements(seen, None, (), 0.0, 0.0, 1 / (2j * np.pi * seen.frequency * 50.0))
    assert rest["capacitance_F_cm2"] == pytest.approx(50.0 / CM2)
    assert rest["where"] == "at the lowest frequency"


def test_two_layers_have_two_bulk_arcs():
    found = spectrum("Yuan2025_NPS_interlayer", highest_Hz=1e9)
    assert {"separator bulk", "interlayer bulk"} <= set(found.elements()["element"])


@pytest.mark.parametrize("name", ["Yuan2025_blocking_NAS", "Yuan2025_blocking_NPS"])
@pytest.mark.parametrize("celsius", [25.0, 60.0])
def test_the_conductivity_comes_back(name, celsius):
    found = nasim.EIS(lowest_Hz=1.0).run(parameters=name, temperature_C=celsius)
    value, T = load(name).value, celsius + 273.15
    ions = conductivity(T, value(nm.SEPARATOR.conductivity), value(nm.SEPARATOR.Ea))
    electrons = conductivity(T, value(nm.SEPARATOR.electronic), value(nm.SEPARATOR.electronic_Ea))
    sigma = ions + electrons  # side by side
    assert found.summary["conductivity_mS_cm"].iloc[0] == pytest.approx(10 * sigma, rel=1e-3)


def test_cables_lie_in_series():
    area = load(SETS["full"]).value(nm.AREA) * CM2
    bare, cabled = spectrum(SETS["full"]), spectrum(SETS["full"], inductance_H=2e-7, lead_resistance_Ohm=3.0)
    added = area * (3.0 + 2j * np.pi * bare.frequency * 2e-7)
    np.testing.assert_allclose(cabled.impedance() - bare.impedance(), added, rtol=1e-8)
    assert cabled.elements()["in_intercept_Ohm_cm2"].sum() == pytest.approx(cabled.impedance()[0].real, rel=1e-5)


def test_a_spectrum_of_the_model_passes_kramers_kronig_and_a_fit_finds_its_elements():
    """Of the two arcs well inside the range; the flank of the bulk arc above 7 MHz distorts that of the grain boundaries."""
    found = spectrum(SETS["symmetric"], GROWN)
    assert found.kramers_kronig().passed(1e-3)
    fit = found.fit("R0 + R1//C1 + R2//C2 + R3//C3", starts=6)
    arcs = sorted(fit.values[f"R{k}"] for k in (1, 2, 3))
    parts = found.elements().set_index("element")["resistance_Ohm_cm2"]
    expected = [2 * parts[f"negative electrode {name}"] for name in ("charge transfer", "interphase")]
    np.testing.assert_allclose(arcs[1:], sorted(expected), rtol=0.02)
    assert len(found.relaxation_times().peaks()) == 3


# --- states -----------------------------------------------------------------------------------------------------------


def test_spectra_along_a_cycle_do_not_disturb_it():
    """The table of the cycles is that of cycling alone, to the last digit, and so are later spectra."""
    rows = []
    points = {"states_of_charge": (0.8, 0.3), "voltages": 1.0, "lowest_Hz": 10.0}
    along = nasim.EIS(after_cycles=(0, 1, 2), **points).run(progress=lambda number, row: rows.append(row))
    alone = nasim.GCD(cycles=2).run().summary
    for key in ("discharge_capacity_mAh_g", "charge_capacity_mAh_g", "interphase_thickness_um", "end_time_h"):
        assert [row[key] for row in rows] == list(alone[key])
    only = nasim.EIS(after_cycles=2, **points).run()
    assert len(along.summary) == 9 and len(only.summary) == 3
    for k in (1, 2, 3):
        assert np.array_equal(along.impedance(6 + k), only.impedance(k))
    assert max(along.audit().values()) < 1e-12


def test_spectra_inside_cycling_are_those_of_eis_and_leave_the_cycles_alone(tmp_path):
    plain = nasim.Cycling(cycles=2, keep=()).run()
    found = nasim.Cycling(cycles=2, keep=(), spectra_after=(0, 2), spectra_at=(0.5,)).run()
    for name in ("discharge_capacity_mAh_cm2", "interphase_resistance_Ohm_cm2"):
        np.testing.assert_array_equal(found.summary[name], plain.summary[name])
    alone = nasim.EIS(after_cycles=(0, 2), states_of_charge=0.5).run()
    assert found.spectra.summary["state"].tolist() == alone.summary["state"].tolist()
    found.to_csv(tmp_path)
    spectra = nasim.load_result(tmp_path).spectra
    for k in (1, 2):
        np.testing.assert_allclose(spectra.impedance(k), alone.impedance(k), rtol=1e-9)
    assert set(found.figures()) == {"figure", "sheet", "spectra"}
    with pytest.raises(nasim.UnknownNameError, match="took no spectra"):
        plain.spectra  # noqa: B018


def test_under_a_bias_the_current_flows_and_the_kinetics_are_those_of_the_bias():
    """Butler-Volmer: the charge transfer of an alloy is the smaller, the more current passes it."""
    name, rest, held = (
        "Yuan2025_symmetric_NAS",
        nasim.EIS(per_decade=3),
        nasim.EIS(per_decade=3, bias_V=0.3, hold_h=0.1),
    )
    found = held.run(parameters=name)
    row = found.summary.iloc[0]
    hold = nasim.Hold(voltages_V=0.3, hours=0.1).run(parameters=name).summary.iloc[0]
    assert row["voltage_V"] == pytest.approx(0.3, abs=1e-6) and row["state"] == "fresh, held at 0.3 V"
    assert row["bias_mA_cm2"] == pytest.approx(hold["residual_current_mA_cm2"], rel=1e-6)
    transfer = [
        each.elements().set_index("element").loc["positive electrode charge transfer", "resistance_Ohm_cm2"]
        for each in (rest.run(parameters=name), found)
    ]
    assert transfer[1] < 0.9 * transfer[0]


def test_without_overpotential_a_bias_changes_nothing():
    """Held at the voltage that it has, a blocking cell passes no current."""
    plain, held = (
        nasim.EIS(per_decade=2, **options).run(parameters=SETS["blocking"]) for options in ({}, {"bias_V": 0.0})
    )
    np.testing.assert_allclose(held.impedance(), plain.impedance(), rtol=1e-9)


def test_a_label_says_the_voltage_at_which_a_spectrum_was_taken():
    row = nasim.EIS(voltages=1.75, rest_h=1.0, per_decade=1).run().summary.iloc[0]
    assert row["state"] == f"fresh, 1.75 V on discharge, {row['voltage_V']:.3f} V after 1 h" and row["voltage_V"] > 1.85


def test_points_lie_where_they_were_asked_for():
    found = nasim.EIS(states_of_charge=(1.0, 0.5, 0.0), rest_h=0.0, lowest_Hz=100.0).run().summary["voltage_V"]
    fresh = nasim.EIS(lowest_Hz=100.0).run().summary["voltage_V"].iloc[0]
    assert found[0] == pytest.approx(fresh) and found[0] > found[1] > found[2]
    at = nasim.EIS(voltages=(1.5, 1.0), rest_h=0.0, lowest_Hz=100.0).run()
    assert np.all(np.diff(at.summary["voltage_V"]) < 0) and "1.5 V on discharge" in at.summary["state"][0]
    back = nasim.EIS(states_of_charge=0.5, direction="charge", lowest_Hz=100.0).run()
    assert back.summary["voltage_V"][0] > found[2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"highest_Hz": 0.01}, "not below"),
        ({"lowest_Hz": -1.0}, "lowest frequency"),
        ({"after_cycles": -1}, "whole number from 0"),
        ({"after_cycles": ()}, "empty"),
        ({"current_mA_cm2": "CC"}, "current must be a number"),
        ({"window": (2.6, 0.7)}, "upside down"),
        ({"states_of_charge": 1.5}, "state of charge"),
        ({"voltages": 2.5}, "already past"),
        ({"direction": "down"}, "direction"),
        ({"lead_resistance_Ohm": -1.0}, "lead resistance"),
    ],
)
def test_what_makes_no_sense_is_refused(change, said):
    with pytest.raises(ProtocolError, match=said):
        nasim.EIS(**change).run()


def test_cycles_that_stop_before_a_spectrum_are_told():
    with pytest.raises(ProtocolError, match="no spectrum was taken.*already past its cut-off of 2.5 V"):
        nasim.EIS(after_cycles=2, window=(2.5, 2.6)).run()


def test_a_symmetric_cell_is_not_discharged():
    with pytest.raises(ProtocolError, match="full cells only"):
        nasim.EIS(after_cycles=1).run(parameters=SETS["symmetric"])


def test_ten_points_a_decade_from_7_MHz_to_a_tenth():
    grid = frequency_grid("EIS", 7e6, 0.1, 10)
    assert grid[0] == 7e6 and grid[-1] == pytest.approx(0.1) and len(grid) == 79


def test_a_resumed_run_has_the_spectra_of_the_whole(tmp_path):
    """Those before it was stopped too, and where it goes on as if nothing had been."""
    cell, options = nasim.KeptCell(), {"keep": (), "spectra_after": (0, 1, 3), "spectra_at": (0.5,)}
    whole = nasim.Cycling(cycles=3, **options).run(cell)
    path = tmp_path / "checkpoint.npz"
    nasim.Cycling(cycles=2, **options).run(cell, checkpoint=path)
    resumed = nasim.Cycling(cycles=3, **options).run(cell, checkpoint=path, resume=True)
    assert resumed.spectra.summary["state"].tolist() == whole.spectra.summary["state"].tolist()
    assert resumed.spectra.record["elements"] == whole.spectra.record["elements"]
    for k in (1, 2, 3):
        np.testing.assert_allclose(resumed.spectra.impedance(k), whole.spectra.impedance(k), rtol=1e-9)
    pandas.testing.assert_frame_equal(resumed.summary, whole.summary)


def test_a_kept_cell_builds_its_capacitances_once(monkeypatch):
    """And the spectra are those of a new cell."""
    built, charged = [], CellModel.charged
    monkeypatch.setattr(CellModel, "charged", lambda model: built.append(model) or charged(model))
    test, name = nasim.OpenCircuitEIS(hours=2.0, lowest_Hz=1.0, per_decade=3), "Interphase resistivity [Ohm.m]"
    cell = nasim.KeptCell(inputs=[name])
    for pressure, resistivity in ((20.0, 100.0), (125.0, 900.0)):
        conditions = {"stack_pressure_MPa": pressure, "temperature_C": pressure / 4}
        found = test.run(cell, **conditions, overrides={name: resistivity})
    assert len(built) == 1
    new = test.run(**conditions, overrides={name: resistivity})
    for k in (1, 2):
        np.testing.assert_allclose(found.impedance(k), new.impedance(k), rtol=1e-9)


def test_a_saved_run_has_the_same_spectra(tmp_path):
    found = nasim.EIS(states_of_charge=(1.0, 0.5)).run()
    found.to_netcdf(tmp_path / "eis.nc")
    found.to_csv(tmp_path / "eis")
    for again in (nasim.load_result(tmp_path / "eis.nc"), nasim.load_result(tmp_path / "eis")):
        assert isinstance(again, Spectra)
        np.testing.assert_allclose(again.impedance(2), found.impedance(2), rtol=1e-12)
        assert again.elements(2).equals(found.elements(2)) and again.intercept(2) == found.intercept(2)
        assert len(again.plot()) == 3
    with pytest.raises(UnknownNameError, match="spectrum 3"):
        found.impedance(3)


# --- at open circuit --------------------------------------------------------------------------------------------------


def test_on_nas_a_new_arc_grows_and_completes():
    """Begun after 1 h, complete 14 h later, flat to 24 h (Yuan et al. 2025, Fig. 4e)."""
    run = nasim.OpenCircuitEIS(hours=24).run()
    table = run.summary.set_index("time_h")
    R, end = table["interphase_Ohm_cm2"], table["interphase_Ohm_cm2"].iloc[-1]
    assert R[0.0] < 0.01 * end and 0.1 * end < R[1.0] < 0.3 * end
    assert R[15.0] > 0.94 * end and end - R[15.0] < 0.06 * end and np.all(np.diff(R) > 0)
    added = table["total_Ohm_cm2"] - table["total_Ohm_cm2"][0.0]
    np.testing.assert_allclose(added[1:], (R - R[0.0])[1:], rtol=1e-2)
    C = load(SETS["symmetric"]).value(nm.INTERPHASE_CAPACITANCE) / CM2
    np.testing.assert_allclose(table["interphase_frequency_Hz"], 1 / (np.pi * R * C), rtol=1e-6)
    assert max(run.audit().values()) < 1e-8


def test_on_nps_nothing_changes():
    run = nasim.OpenCircuitEIS(hours=24, every_h=12).run(parameters="Yuan2025_symmetric_NPS")
    assert list(run.summary["time_h"]) == [0.0, 12.0, 24.0]
    np.testing.assert_allclose(run.impedance(3), run.impedance(1), rtol=1e-4)
    assert run.summary["interphase_Ohm_cm2"].isna().all()


def test_time_must_pass():
    with pytest.raises(ProtocolError, match="length of the rest"):
        nasim.OpenCircuitEIS(hours=0).run()
