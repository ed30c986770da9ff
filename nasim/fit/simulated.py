"""Cells for a fit: each parameter set is built once with the varied parameters as inputs, then run with any values."""

from .. import nomenclature as nm
from ..errors import ProtocolError, UnknownNameError, nearest

TOLERANCES = {False: {"rtol": 1e-6, "atol": 1e-10}, True: {"rtol": 1e-5, "atol": 1e-9}}
"""Of runs without and with sensitivities. The first are ten times tighter than an experiment's, so that what the
integrator adds stays below what a small change of a value does; the second are enough for derivatives to 1 %."""


class Cells:
    """The cells of a fit.

    Parameters
    ----------
    start : ParameterSet
        The set of curves that name none.
    names : sequence of str
        Varied parameters; every cell takes the same values.
    data : sequence of Data
    model : callable (ParameterSet) -> CellModel, optional
        What is built; default `nasim.cell_for`.
    compiled : bool
        Whether the equations are compiled by the C compiler first.

    Raises
    ------
    UnknownNameError
        A set or parameter does not exist.
    """

    def __init__(self, start, names, data, model=None, compiled=False):
        from ..models.build import cell_for
        from ..parameters import load

        self.start, self.names, self.model, self.compiled = start, tuple(names), model or cell_for, compiled
        self.sets = {None: start}
        for each in data:
            if each.conditions.parameters not in self.sets:
                self.sets[each.conditions.parameters] = load(each.conditions.parameters)
        self.extra = {key: self._conditions_of(key, data) for key in self.sets}
        self._built = {}

    def _conditions_of(self, key, data):
        """Names of all conditions that the data of one set name, checked."""
        parameters, names = self.sets[key], {nm.AMBIENT_TEMPERATURE, nm.APPLIED_PRESSURE}
        for each in data:
            if each.conditions.parameters == key:
                names |= set(each.conditions.inputs())
        for name in sorted(names):
            if name not in parameters.entries:
                hint = nearest(name, parameters.entries)
                raise UnknownNameError(f"Parameter set '{parameters.name}' has no '{name}' to override. {hint}".strip())
        both = sorted(names & set(self.names))
        if both:
            raise ProtocolError(
                f"fit: '{both[0]}' is varied, and also a condition of a curve; it can only be one of them."
            )
        return sorted(names)

    def traces(self, data, values, sensitivities=False):
        """What the residuals of each of `data` need, a list: its traces, or what its own `measure` gives.

        Data whose legs agree share a run.
        """
        halves = [each for each in data if not hasattr(each, "measure")]
        found = iter(self._half_cycles(halves, values, sensitivities))
        return [self._measured(each, values) if hasattr(each, "measure") else next(found) for each in data]

    def _measured(self, each, values):
        stepper, usual = self._stepper(each.conditions.parameters, False)
        stepper.traces(each.legs, self._inputs(each.conditions, values, usual))
        return each.measure(stepper, self.sets[each.conditions.parameters])

    def _half_cycles(self, data, values, sensitivities):
        chains = {}
        for each in sorted(data, key=lambda item: -len(item.legs)):
            known = chains.setdefault(each.conditions, [])
            if not any(chain[: len(each.legs)] == each.legs for chain in known):
                known.append(each.legs)
        runs = {
            (conditions, chain): self._run(conditions, chain, values, sensitivities)
            for conditions, known in chains.items()
            for chain in known
        }
        return [self._pick(runs, each) for each in data]

    def _pick(self, runs, each):
        n = len(each.legs)
        chain = next(chain for where, chain in runs if where == each.conditions and chain[:n] == each.legs)
        return runs[each.conditions, chain][:n]

    def _run(self, conditions, legs, values, sensitivities):
        stepper, usual = self._stepper(conditions.parameters, sensitivities)
        return stepper.traces(legs, self._inputs(conditions, values, usual))

    def _inputs(self, conditions, values, usual):
        return usual | conditions.inputs() | {name: float(value) for name, value in values.items() if name in usual}

    def _stepper(self, key, sensitivities):
        if (key, sensitivities) not in self._built:
            from ..models.compose import default_solver
            from .traces import TraceStepper

            parameters = self.sets[key]
            varied = [name for name in self.names if name in parameters.entries]
            usual = {name: parameters.value(name) for name in [*self.extra[key], *varied]}
            options = {"compile": True} if self.compiled else {}
            solver = default_solver(**TOLERANCES[sensitivities], **options)
            model, wanted = self.model(parameters), self.names if sensitivities else ()
            self._built[key, sensitivities] = TraceStepper(model, parameters.to_pybamm(), usual, solver, wanted), usual
        return self._built[key, sensitivities]
