"""Closed forms, and a spectrum against the cell's own answer to a small signal."""

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..engine.impedance_analyser import Analyser
from ..engine.stepper import Step
from ..models.build import cell_for
from ..parameters import load
from ..submodels.growth_laws import self_limiting
from ..submodels.interphase import Interphase
from ..submodels.soft_short import NoShort
from ..submodels.thermal import LumpedThermal
from .balances import GIVEN_OFF, TIGHT, Calorimeter
from .cells import NAS, fresh
from .check import verified

SIDE = nm.NEGATIVE
AMPLITUDE = 1e-3
"""Of the small signal [A m-2]."""
PERIODS, SAMPLES = 3, 200


@verified("answers", 1e-5)
def interphase_at_rest():
    """Thickness after 10 h at rest against L_inf - (L_inf - L_0) exp(-t/tau)."""
    setup = fresh(pybamm.IDAKLUSolver(**TIGHT), interphase=Interphase(SIDE, law=self_limiting), short=NoShort())
    segment = setup.stepper.run(Step("rest", 36000.0))
    found = setup.stepper.observe([SIDE.interphase_thickness], segment.t, segment.y, segment.inputs)[0, -1]
    first, last, tau = map(setup.parameters.value, (nm.INTERPHASE_INITIAL, nm.INTERPHASE_FINAL, nm.INTERPHASE_TAU))
    return abs(found / (last - (last - first) * np.exp(-36000.0 / tau)) - 1)


@verified("answers", 1e-6)
def insulated_cell():
    """Heat capacity times rise of temperature against the heat given off, in a cell that loses none."""
    parameters = load(NAS).to_pybamm()
    parameters.update({nm.HEAT_TRANSFER: 0.0, nm.HEAT_CAPACITY: 1e4})
    model = cell_for(NAS, thermal=LumpedThermal(), extra=[Calorimeter()])
    solver = pybamm.IDAKLUSolver(**TIGHT)
    solution = pybamm.Simulation(model, parameter_values=parameters, solver=solver).solve([0, 5000.0])
    warmed = 1e4 * np.ptp(solution[nm.TEMPERATURE].data[[0, -1]])
    return abs(warmed / solution[GIVEN_OFF].data[-1] - 1)


@verified("answers", 1e-4)
def resistance_at_high_frequency():
    """Impedance at 1e12 Hz against the sum of the resistances that no capacitance bridges."""
    setup = fresh()
    analyser = Analyser(setup.stepper, setup.parameters, np.array([1e12, 1e11]))
    charged = analyser.stepper
    R = charged.observe([nm.SERIES_RESISTANCE], np.zeros(1), charged.y, charged.idle)[0, 0]
    analyser.take()
    return abs(analyser.spectra[0][0].real / (1e4 * R) - 1)


@verified("answers", 2e-3, (("1000 Hz",), ("10 Hz",)))
def spectrum_against_a_signal_in_time(case):
    """Impedance against the Fourier component of the voltage under a small sinusoidal current, after two periods."""
    setup, frequency = fresh(short=NoShort()), float(case.split()[0])
    analyser = Analyser(setup.stepper, setup.parameters, np.array([frequency, 0.9 * frequency]))
    analyser.take()
    values, omega = setup.parameters.to_pybamm(), 2 * np.pi * frequency
    area = values[nm.AREA]
    values[nm.CURRENT_FUNCTION] = lambda t: AMPLITUDE * area * pybamm.sin(omega * t)
    solver = pybamm.IDAKLUSolver(rtol=1e-10, atol=1e-13, options={"dt_max": 0.01 / frequency})
    t = np.linspace(0, PERIODS / frequency, PERIODS * SAMPLES + 1)
    solution = pybamm.Simulation(
        cell_for(NAS, short=NoShort()).charged(), parameter_values=values, solver=solver
    ).solve(t[[0, -1]], t_interp=t)
    voltage = solution[nm.VOLTAGE](t)
    last = slice(-SAMPLES - 1, None)
    trend = np.polyval(np.polyfit(t[[-SAMPLES - 1, -1]], voltage[[-SAMPLES - 1, -1]], 1), t[last])
    turned = (voltage[last] - trend)[:-1] * np.exp(-1j * omega * t[last][:-1])
    found = -2j * np.mean(turned) / AMPLITUDE
    return abs(1e4 * found / analyser.spectra[0][0] - 1)
