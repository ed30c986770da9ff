"""PyBOP's optimisers and samplers on a nasim cell (optional extra): a GCD curve as a ``pybop.Problem``.

PyBOP compares at given times rather than at shares of the capacity, and follows one run from the fresh cell, so only a
first discharge can be handed over. PyBOP takes the voltage events out of the model that it is given; it gets its own.
"""

from typing import Any

import numpy as np

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..errors import MissingExtraError, ProtocolError, install
from ..nomenclature import VOLTAGE
from ..units import to_A_m2
from .arguments import check_data, scales_of

MARGIN = 0.97
"""Share of the capacity up to which times are compared: near the cut-off a computed curve may be far below it."""


def require() -> Any:
    """Return the module ``pybop``.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import pybop
    except ImportError:
        raise MissingExtraError(f"PyBOP is needed; it wants numpy < 2.4: {install('pybop')}") from None
    return pybop


def dataset(curve, area_m2, share=MARGIN):
    """Return a curve of a first discharge as a ``pybop.Dataset`` of time [s], current [A] and voltage [V].

    Parameters
    ----------
    curve : GCDCurve
    area_m2 : float
        Electrode area [m2].
    share : float
        Share of the capacity up to which records are used.

    Raises
    ------
    ProtocolError
        It is not the first half cycle.
    """
    pybop = require()
    leg = curve.legs[-1]
    if len(curve.legs) != 1 or leg.rest_h:
        raise ProtocolError(f"PyBOP: '{curve.label}' is not a first half cycle; PyBOP starts from the fresh cell.")
    kept = curve.chosen[curve.fraction <= share]
    time = to_C_m2(curve.capacity_mAh_cm2[kept]) / abs(to_A_m2(leg.current_mA_cm2))
    rising = np.concatenate([[True], np.diff(time) > 0])
    current = np.full(rising.sum(), to_A_m2(leg.current_mA_cm2) * area_m2)
    return pybop.Dataset({"Time [s]": time[rising], "Current [A]": current, VOLTAGE: curve.voltage_V[kept][rising]})


def problem(curves, vary, start="Yuan2025_NAS", bounds=None, overrides=None, solver=None, share=MARGIN):
    """Return a ``pybop.Problem`` with the sum of squares of one or several first half cycles.

    Parameters are uniform within the range, logarithmic where it is wide. PyBOP orders them as its
    ``problem.parameters.names`` says.

    Parameters
    ----------
    curves, vary, start, bounds, overrides
        As for `nasim.fit`.
    solver : pybamm solver, optional
    share : float
        Share of the capacity up to which times are compared: a trial whose cell is empty before that fails or falls off a
        cliff, so far starts need a smaller one.

    Raises
    ------
    MissingExtraError
        PyBOP is not installed.
    ProtocolError, UnknownNameError
        An argument makes no sense, or a curve is not a first half cycle.
    """
    pybop = require()
    from ..parameters import ParameterSet, load

    parameters = start if isinstance(start, ParameterSet) else load(start)
    parameters = parameters.with_overrides(overrides) if overrides else parameters
    scales = scales_of(vary, parameters, dict(bounds or {}))
    problems = [_single(pybop, curve, parameters, scales, solver, share) for curve in check_data(curves)]
    return problems[0] if len(problems) == 1 else pybop.MetaProblem(*problems)


def _single(pybop, curve, parameters, scales, solver, share):
    from ..models.build import cell_for
    from ..models.solver import default_solver

    if curve.conditions.parameters is not None:
        raise ProtocolError(f"PyBOP: '{curve.label}' is of set '{curve.conditions.parameters}'; give it as start.")
    given = curve.conditions.inputs()
    varied = {
        name: pybop.Parameter(
            distribution=pybop.Uniform(scale.low, scale.high),
            initial_value=parameters.value(name),
            transformation=pybop.LogTransformation() if scale.is_log else None,
        )
        for name, scale in scales.items()
    }
    data = dataset(curve, parameters.value(nm.AREA), share)
    values = parameters.to_pybamm(**given, **varied)
    simulator = pybop.pybamm.Simulator(
        cell_for(parameters),
        parameter_values=values,
        protocol=data,
        solver=solver or default_solver(rtol=1e-6, atol=1e-10),
    )
    return pybop.Problem(simulator, pybop.SumSquaredError(data))
