"""The integrator that nasim models ask for: SUNDIALS IDA on CasADi functions of scalars.

PyBaMM builds its CasADi functions from matrix-valued nodes (MX), each of which costs a fraction of a microsecond to visit.
A lumped cell has some thirty states and thousands of scalar operations, so that most of the time goes into visiting.
`ScalarIDAKLUSolver` has CasADi expand the same functions into scalar operations (SX): the numbers are the same, the
residual takes a third and the Jacobian a fifth of the time, and no compiler is needed. With ``options={"compile": True}``
PyBaMM compiles them to machine code on top, which pays after some tens of cycles.
"""

import casadi
import pybamm

FIRST_STEP = 1e-6
"""First step of the integrator [s]: short against the milliseconds of the fastest double layer."""
EXPANDED = ("rhs_algebraic_eval", "jac_rhs_algebraic_eval", "jac_rhs_algebraic_action_eval")
"""Functions of the model that the integrator calls."""
EVENTS = "terminate_events_eval"
"""Attribute of the model with the functions of its events."""


def expanded(function: casadi.Function) -> casadi.Function:
    """The CasADi function in scalar operations, or as it is where it has nodes that cannot be expanded."""
    try:
        return function.expand()
    except RuntimeError:
        return function


class _Expand(pybamm.BaseSolver):
    """Step of the set-up between PyBaMM's own, which makes the functions, and IDAKLU's, which hands them over."""

    def set_up(self, model, inputs=None, t_eval=None, ics_only=False):
        outcome = super().set_up(model, inputs, t_eval, ics_only)
        if not ics_only:
            for name in EXPANDED:
                setattr(model, name, expanded(getattr(model, name)))
            setattr(model, EVENTS, [expanded(event) for event in getattr(model, EVENTS)])
        return outcome


class ScalarIDAKLUSolver(pybamm.IDAKLUSolver, _Expand):
    """`pybamm.IDAKLUSolver` with scalar functions; same arguments, same answers."""


def default_solver(rtol=1e-5, atol=1e-9, **options):
    """Solver with tolerances that suit fractions: an exhausted species sets the potential through its logarithm.

    The first step of the integrator is set: left to itself it chooses one from the fastest double layer, which late in a
    long experiment falls below the resolution of time. Options are those of `pybamm.IDAKLUSolver`, for example
    ``compile=True``.
    """
    return ScalarIDAKLUSolver(rtol=rtol, atol=atol, options={"dt_init": FIRST_STEP} | options)
