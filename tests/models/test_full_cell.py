"""Full cell: rest, signs, balances, the open-circuit curve, impedance, other solvers, parts switched off."""

import casadi
import numpy as np
import pybamm
import pytest
from scipy.integrate import solve_ivp

import nasim
from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.arrhenius import thermal_voltage_inverse
from nasim.submodels.kinetics import pressure_shift
from nasim.submodels.redox_chain import equilibrium_fractions

SIDE = nm.NEGATIVE
HOUR = 3600.0
CHAINS = (nm.SULFUR, nm.SB_S)
EQUAL = nasim.LumpedCathode(classes=1)
"""Grains of one class: what is tested here does not depend on their spread."""


def values_with(changed):
    values = load("Yuan2025_NAS").to_pybamm()
    values.update(changed)
    return values


def solve(model, changed=(), current=None, hours=1.0, points=7, rtol=1e-8, atol=1e-12):
    """Solution at a current density [A m-2], and the times it is compared at."""
    values = values_with(dict(changed))
    if current is not None:
        values[nm.CURRENT_FUNCTION] = current * values[nm.AREA]
    t = np.linspace(0, HOUR * hours, points)
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=atol)
    solution = pybamm.Simulation(model, parameter_values=values, solver=solver).solve(t[[0, -1]], t_interp=t)
    assert solution.t[-1] == t[-1]
    return solution, t


@pytest.fixture(scope="module")
def cell():
    return nasim.FullCell(cathode=EQUAL)


@pytest.fixture(scope="module")
def tight():
    """The cell without a leak, which would discharge it at rest."""
    return nasim.FullCell(short=nasim.NoShort(), cathode=EQUAL)


@pytest.fixture(scope="module")
def bare():
    """Chains, alloy and separator, and nothing else that moves."""
    return nasim.FullCell(
        cathode=EQUAL,
        short=nasim.NoShort(),
        contact=nasim.FullContact(),
        interphase=nasim.NoInterphase(SIDE),
        interface=nasim.PerfectInterface(SIDE),
    )


# --- rest and signs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "most"), [(3.5, 1e-6), (3.75, 1e-4)])
def test_a_fresh_cell_at_rest_stays_at_rest_while_its_interphase_grows(tight, content, most):
    """Full, the alloy still lies on the last of the step to sodium metal, 27 uV below its plateau."""
    solution, t = solve(tight, {nm.ALLOY_INITIAL_CONTENT: content}, current=0.0, hours=10)
    assert np.ptp(solution[nm.VOLTAGE](t)) < most
    thickness = solution[SIDE.interphase_thickness](t)
    assert thickness[-1] > 100 * thickness[0]
    assert np.ptp(solution[nm.SODIUM](t)) < 1e-9 * abs(solution[nm.SODIUM](t)[0])


@pytest.mark.parametrize("potential", [1.9, 2.4])
def test_a_fresh_cell_starts_at_the_potential_that_it_was_assembled_at(tight, potential):
    solution, _ = solve(tight, {nm.INITIAL_POTENTIAL: potential}, current=0.0, hours=0.1)
    voltage, anode = (solution[name](0.0) for name in (nm.VOLTAGE, SIDE.equilibrium_potential))
    assert voltage == pytest.approx(potential - anode, abs=1e-9)


def test_discharge_lowers_the_voltage_and_charge_raises_it(tight):
    voltages = {}
    for current in (-1.0, 0.0, 1.0, 2.0):
        solution, t = solve(tight, {nm.INITIAL_POTENTIAL: 1.9}, current=current, hours=0.1)
        voltages[current] = solution[nm.VOLTAGE](t)
        assert np.all(np.sign(np.diff(solution[nm.CHARGE_PASSED](t))) == np.sign(current))
    assert np.all(voltages[-1.0] > voltages[0.0])
    assert np.all(voltages[0.0] > voltages[1.0])
    assert np.all(voltages[1.0] > voltages[2.0])


def test_a_discharge_reduces_the_cathode_and_empties_the_alloy(tight):
    solution, t = solve(tight, current=1.0, hours=4)
    assert np.all(np.diff(solution[nm.STORED_CHARGE](t)) > 0)
    assert np.all(np.diff(solution[SIDE.inventory](t)) < 0)
    assert np.all(np.diff(solution[nm.STRAIN](t)) > 0)
    for chain in CHAINS:
        fractions = [solution[chain.fraction(k)](t) for k in range(len(chain.species))]
        np.testing.assert_allclose(sum(fractions), 1.0, rtol=1e-12)
        assert np.min(fractions) > -1e-9
        assert fractions[0][-1] < fractions[0][0]


def test_every_loss_costs_voltage_on_discharge(tight):
    """The reactions of a chain are taken together: what a film costs one of them is an estimate."""
    solution, t = solve(tight, current=1.0, hours=4)
    losses = {name for name in tight.variables if name.endswith("voltage loss [V]")}
    chains = [{chain.layer_loss, *(chain.loss(step) for step in chain.steps)} for chain in CHAINS]
    others = [{name} for name in losses.difference(*chains)]
    assert len(others) > 2
    for together in (*chains, *others):
        assert np.all(sum(solution[name](t[1:]) for name in together) > -1e-9), together
    every = sum(solution[name](t) for name in losses)
    np.testing.assert_allclose(every, solution[nm.VOLTAGE_LOSS](t), atol=1e-12)


def test_voltage_and_losses_are_the_equilibrium_voltage(tight):
    """Nothing is lost twice: the equilibrium voltage left is that of the species, whatever the current."""
    solution, t = solve(tight, current=1.0, hours=4)
    f, bounds = thermal_voltage_inverse(298.15), []
    for made in (nasim.SulfurConversion(), nasim.SbSRedox()):
        chain = made.names
        y = [solution[chain.connected(k)](t[1:]) for k in range(len(chain.species))]
        for step, law in zip(chain.steps, made.laws, strict=True):
            nernst = np.log(y[step.ox] / y[step.red]) / f if law.nernstian else 0.0
            bounds.append(solution[chain.potential(step)](t[1:]) + nernst)
    left = solution[nm.EQUILIBRIUM_VOLTAGE](t[1:]) + solution[SIDE.equilibrium_potential](t[1:])
    assert np.all(left < np.max(bounds, axis=0)) and np.all(left > np.min(bounds, axis=0))


# --- balances ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameters", ["Yuan2025_NAS", "Yuan2025_NASC"])
def test_charge_and_elements_balance_over_cycles(parameters):
    audit = nasim.GCD(cycles=2, keep=()).run(None, parameters).audit()
    assert set(audit) == {"charge", "sulfur", "antimony", "sodium"}
    assert max(audit.values()) < 1e-9


# --- the open-circuit curve -------------------------------------------------------------------------------------------

FAST = {nm.MILLING_SHIFT: 0.0, nm.RATE_BOUND: 1e6, nm.DEEP_LAYER_CURRENT: 1e6}
FAST |= {nm.LAYER_CURRENT: 1e9, nm.ALLOY_INITIAL_CONTENT: 3.3, nm.SULFUR.U(2): 0.5}
FAST |= {chain.i0(step): 10.0 for chain in CHAINS for step in chain.steps}
FAST |= {chain.alpha(step): 0.5 for chain in CHAINS for step in chain.steps}
"""Kinetics as fast as those of a battery without hysteresis, and Na2S, which has one, out of reach."""


def open_circuit_voltage(solution, t):
    """Voltage in equilibrium at the charge stored, from the potentials of the steps alone."""
    potential, values, charge = np.linspace(0.9, 2.6, 4001), values_with(FAST), 0.0
    f = thermal_voltage_inverse(298.15)
    pressed = pressure_shift(values[nm.APPLIED_PRESSURE], values[nm.MOLAR_EXPANSION])
    for chain in CHAINS:
        y = equilibrium_fractions(potential, [values[chain.U(k)] + pressed for k in chain.links], f)
        electrons = np.cumsum([values[chain.n(k)] for k in chain.links])
        charge = charge + solution[chain.capacity](t)[0] * sum(n * y_k for n, y_k in zip(electrons, y[1:], strict=True))
    at_charge = np.interp(solution[nm.STORED_CHARGE](t), charge[::-1], potential[::-1])
    return at_charge - solution[SIDE.equilibrium_potential](t)


def test_slow_cycling_tends_to_the_open_circuit_curve(bare):
    """The distance to it goes with the current, at order one; without the losses there is none."""
    currents, gaps = [0.4, 0.2, 0.1, 0.05], []
    for current in currents:
        solution, t = solve(bare, FAST, current=current, hours=5e3 / current / HOUR, points=6)
        expected = open_circuit_voltage(solution, t)
        gaps.append((expected - solution[nm.VOLTAGE](t))[-1])
        np.testing.assert_allclose(solution[nm.EQUILIBRIUM_VOLTAGE](t[1:]), expected[1:], atol=3e-5)
    assert 0 < gaps[-1] < 1e-3
    assert np.polyfit(np.log(currents), np.log(gaps), 1)[0] == pytest.approx(1.0, abs=0.02)


# --- impedance --------------------------------------------------------------------------------------------------------


def test_at_high_frequency_only_the_series_resistances_are_left(cell):
    """So high that even the nanometre of interphase of a fresh cell is bridged by its capacitance."""
    values = values_with({})
    impedance = pybamm.EISSimulation(cell, parameter_values=values.copy()).solve(np.array([1e10])).impedance
    solution, t = solve(cell, current=0.0, hours=1e-6, points=2)
    np.testing.assert_allclose(impedance.real * values[nm.AREA], solution[nm.SERIES_RESISTANCE](t)[0], rtol=1e-5)
    np.testing.assert_allclose(impedance.imag * values[nm.AREA], 0.0, atol=1e-7)


def test_the_impedance_is_that_of_a_passive_cell(cell):
    impedance = pybamm.EISSimulation(cell, parameter_values=values_with({})).solve(np.logspace(-2, 6, 25)).impedance
    assert np.all(impedance.real > 0) and np.all(impedance.imag < 1e-9)
    assert np.all(np.diff(impedance.real) < 1e-9)


# --- other solvers ----------------------------------------------------------------------------------------------------


def test_scipy_finds_the_same_discharge(cell):
    """Radau on the same right-hand side, with casadi's Jacobian."""
    solution, t = solve(cell, current=1.27, hours=2, points=5)
    values = values_with({})
    values[nm.CURRENT_FUNCTION] = 1.27 * values[nm.AREA]
    simulation = pybamm.Simulation(cell, parameter_values=values)
    simulation.build()
    built = simulation.built_model
    y0 = built.concatenated_initial_conditions.evaluate().ravel()
    time, y = casadi.MX.sym("t"), casadi.MX.sym("y", len(y0))
    right = built.concatenated_rhs.to_casadi(time, y)
    rate, slope = (casadi.Function("f", [time, y], [f]) for f in (right, casadi.jacobian(right, y)))
    found = solve_ivp(
        lambda t, y: np.array(rate(t, y)).ravel(),
        t[[0, -1]],
        y0,
        method="Radau",
        t_eval=t,
        jac=lambda t, y: np.array(slope(t, y)),
        rtol=1e-8,
        atol=1e-11,
    )
    assert found.success
    voltage = built.get_processed_variable(nm.VOLTAGE).to_casadi(time, y)
    voltage = casadi.Function("V", [time, y], [voltage])
    by_scipy = [float(voltage(*pair)) for pair in zip(t, found.y.T, strict=True)]
    np.testing.assert_allclose(by_scipy, solution[nm.VOLTAGE](t), atol=1e-6)


@pytest.mark.filterwarnings("ignore:pybamm.CasadiSolver:DeprecationWarning")
def test_casadi_finds_the_same_discharge(cell):
    values = values_with({})
    values[nm.CURRENT_FUNCTION] = 1.27 * values[nm.AREA]
    solver = pybamm.CasadiSolver(mode="safe", rtol=1e-8, atol=1e-10)
    t = np.linspace(0, 300.0, 4)
    found = pybamm.Simulation(cell, parameter_values=values, solver=solver).solve(t)
    reference, _ = solve(cell, current=1.27, hours=300 / HOUR, points=4)
    np.testing.assert_allclose(found[nm.VOLTAGE](t), reference[nm.VOLTAGE](t), atol=1e-5)


# --- switched off -----------------------------------------------------------------------------------------------------

ALL_CONNECTED = {nm.CONTACT_P0: 1.0, nm.SPRINGBACK: 1.0, nm.BREATHING_LOSS: 0.0}
ALL_CONNECTED |= {nm.ION_REFERENCE: 0.1, nm.ELECTRON_REFERENCE: 0.1}
"""Contact at any pressure, no gap, no wear, and all phases far above what is asked of them."""
THIN = {nm.INTERPHASE_INITIAL: 1e-15, nm.INTERPHASE_FINAL: 1e-15, nm.CYCLING_GROWTH: 0.0}


@pytest.mark.parametrize(
    ("part", "off"),
    [
        ({"contact": nasim.PressureContact}, ALL_CONNECTED),
        ({"interphase": lambda: nasim.Interphase(SIDE)}, THIN),
        ({"diffusion": nasim.AlloyDiffusion}, {nm.ALLOY_DIFFUSION_LENGTH: 1e-9}),
    ],
)
def test_a_part_that_is_switched_off_leaves_the_cell_without_it(bare, part, off):
    made = {name: make() for name, make in part.items()}
    (mechanism,) = made.values()
    found, t = solve(bare.with_mechanisms(mechanism), off, current=1.27, hours=3)
    null, _ = solve(bare, off, current=1.27, hours=3)
    np.testing.assert_allclose(found[nm.VOLTAGE](t), null[nm.VOLTAGE](t), atol=1e-6)
    np.testing.assert_allclose(found[nm.STORED_CHARGE](t), null[nm.STORED_CHARGE](t), rtol=1e-6, atol=1e-3)
