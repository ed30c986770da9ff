"""The contract of a protocol, and the one way to run them all."""

import os
from collections.abc import Callable, Container, Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..checks import check_options
from ..conditions import Conditions, Overrides
from ..engine import checkpoint as checkpoints
from ..engine.built_cell import KeptCell
from ..engine.integrators import Solver
from ..engine.runner import Cycle, Progress, describe, go_through, run_cycles
from ..engine.setup import DEFAULT_SET, Setup, prepare
from ..errors import ProtocolError
from ..parameters import ParameterSet
from ..progress import reporting
from ..results.result import Result
from ..store import resume_from

if TYPE_CHECKING:
    from ..models.compose import CellModel

MAY_DIFFER = ("cycles", "keep", "spectra_after", "spectra_at", "stop_below", "wall_time_s")
"""Options in which a resumed run may differ from the run that it goes on from."""


class Protocol:
    """A test of a cell: a frozen dataclass whose fields are its options, in lab units that their names end with.

    A subclass says what is done in each cycle in `plan` and checks its options in `check`; where cycles do not suit it, it
    has a `perform` of its own. With a line in `nasim.protocols.PROTOCOLS` it is a command (the options are its fields, their
    help the section Parameters of its docstring), may be swept, and its results can be loaded.

    Parameters
    ----------
    *values, **options
        The fields of the protocol, in their order or by name.

    Attributes
    ----------
    name : str
        The word for it in `PROTOCOLS`, on the command line and in the record of a result.
    cell : str or None
        Kind of cell that it makes sense for: "full", "symmetric", "blocking"; None for any.
    parameter_set : str
        Name of the set that it is run with unless another is given.
    result : type
        Class of its results, which owns their table, text, JSON and figures.
    stores : bool
        Whether it can write checkpoints and go on from them: true where a plan of cycles is all that it does.
    example : str
        Options of an example on the command line, which its help shows.
    start_of : str
        Word for a longer protocol that begins in the same way, "" if there is none: both can share a run.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]
    name: ClassVar[str]
    cell: ClassVar[str | None] = "full"
    parameter_set: ClassVar[str] = DEFAULT_SET
    result: ClassVar[type[Result]] = Result
    stores: ClassVar[bool] = False
    example: ClassVar[str] = ""
    start_of: ClassVar[str] = ""
    window = None
    keep = None

    def __new__(cls, *values: Any, **options: Any) -> Self:
        """Refuse an option that there is not, with the nearest name."""
        check_options(cls.__name__, options, [each.name for each in fields(cls)])
        return super().__new__(cls)

    def run(
        self,
        model: "CellModel | KeptCell | None" = None,
        parameters: str | os.PathLike | ParameterSet | None = None,
        *,
        stack_pressure_MPa: float | None = None,
        temperature_C: float | None = None,
        overrides: Overrides = None,
        progress: Progress | bool | None = None,
        solver: Solver = None,
        checkpoint: str | os.PathLike | None = None,
        resume: bool = False,
    ) -> Any:
        """Run the protocol.

        Parameters
        ----------
        model : nasim cell, optional
            Default that of the parameter set, which `nasim.cell_for` has with parts of your own; one that is composed
            otherwise is told in `record["events"]`. A `nasim.KeptCell` is built once for many runs.
        parameters : str, path or ParameterSet, optional
            Name or file of a set, or the set itself; default "Yuan2025_NAS", for `SymmetricCycling` and
            `OpenCircuitEIS` "Yuan2025_symmetric_NAS".
        stack_pressure_MPa : float, optional
            Stack pressure [MPa]; default that of the set.
        temperature_C : float, optional
            Ambient temperature [degC]; default that of the set.
        overrides : mapping name -> value, or sequence of "NAME=VALUE", optional
            Values, in SI units, that differ from those of the set.
        progress : bool or callable (int, dict), optional
            True for a bar, in a terminal or a notebook; or what is called after each cycle (or spectrum at open circuit) with its
            number and its row of the summary.
        solver : str, nasim.Rodas or pybamm solver, optional
            "rodas" (nasim's own integrator, the default), "rodas-compiled", "idaklu", or one with settings of its own;
            `record["solver"]` says which one ran.
        checkpoint : path, optional
            File that is rewritten as the run goes; `Cycling` and `RateTest` can do that.
        resume : bool
            Go on from the checkpoint if there is one.

        Returns
        -------
        Result
            Of the class that the attribute `result` names.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense, or the checkpoint belongs to another run or holds more cycles.
        SolveError
            A solve failed, for instance since an electrode ran out of sodium; where there are cycles, its `result`
            holds those before.
        DataFileError
            The checkpoint cannot be read. Where it cannot be written, `KeptInMemoryWarning` is given and the run goes on.
        """
        checked = self.check()
        self._check_storing(checkpoint, resume)
        conditions = Conditions(stack_pressure_MPa, temperature_C, overrides)
        setup = self.setup(model, parameters, conditions, solver)
        done, store = self._checkpoint(setup, checkpoint, resume)
        self._check_done(done, checkpoint)

        with reporting(type(self).__name__, progress, self.name, self.total()) as report:

            def after(number, row):
                store()
                report(number, row)

            result = self.perform(setup, checked, after, done + 1)
        store(now=True)
        return result

    def rows(
        self, model: KeptCell, parameters: ParameterSet, conditions: Conditions
    ) -> tuple[list[dict[str, Any]], str] | None:
        """Run the protocol for the rows of its table alone, which costs less than a result.

        Parameters
        ----------
        model, parameters, conditions
            As those of `run`.

        Returns
        -------
        (list of dict, str) or None
            Rows, and why the run stopped; None, and nothing has run, for a protocol with a `perform` of its own.
        """
        if type(self).perform is not Protocol.perform:
            return None
        checked = self.check()
        setup = self.setup(model, parameters, conditions)
        reason = go_through(self, setup, self.plan(setup, checked), (), None, self.watch(setup))
        return setup.recorder.rows, reason

    def setup(
        self,
        model: "CellModel | KeptCell | None",
        parameters: str | os.PathLike | ParameterSet | None,
        conditions: Conditions,
        solver: Solver = None,
    ) -> Setup:
        """Return the cell of a run, ready for it; errors as those of `run`.

        Parameters
        ----------
        model, parameters, conditions, solver
            As those of `run`.
        """
        who = type(self).__name__
        return prepare(who, model, parameters, conditions, solver, self.window, self.cell, self.parameter_set)

    @classmethod
    def of(
        cls,
        current_mA_cm2: float | None = None,
        window: tuple[float, float] | None = None,
        cycles: int | None = None,
        keep: tuple[int, ...] | None = None,
    ) -> "Protocol":
        """Return the protocol of a published measurement; options that this protocol does not have are left out.

        Parameters
        ----------
        current_mA_cm2 : float, optional
        window : (float, float), optional
            Lower and upper cut-off [V].
        cycles : int, optional
        keep : tuple of int, optional
            Cycles whose curves are needed.
        """
        given = {"current_mA_cm2": current_mA_cm2, "window": window, "cycles": cycles, "keep": keep}
        options = {name: value for name, value in given.items() if value is not None}
        return cls(**{name: value for name, value in options.items() if name in cls.__dataclass_fields__})

    def check(self) -> Any:
        """Check the options; returns what `plan` or `perform` needs of them.

        Raises
        ------
        ProtocolError
            An option makes no sense.
        """
        raise NotImplementedError

    def total(self) -> int | None:
        """Return how many times a whole run calls `progress`, or None where that is not known before."""
        return None

    def plan(self, setup: Setup, checked: Any) -> Iterable[Cycle]:
        """Yield a `Cycle`, steps and conditions, for each cycle.

        Parameters
        ----------
        setup : Setup
            The cell; it stands, as each cycle is asked for, where the cycle before left it.
        checked : object
            As `check` returned it.

        Raises
        ------
        NotImplementedError
            A protocol has neither this nor a `perform` of its own.
        """
        raise NotImplementedError

    def kept(self, checked: Any) -> Container[int] | None:
        """Return the numbers of the cycles whose curves are kept; None for all.

        Parameters
        ----------
        checked : object
            As `check` returned it.
        """
        return self.keep

    def watch(self, setup: Setup) -> Callable[[int, dict], str | None] | None:
        """Return a function of a cycle's number and row that gives a reason to stop after it, or None.

        Parameters
        ----------
        setup : Setup
            The cell of the run.
        """
        return None

    def perform(self, setup: Setup, checked: Any, progress: Progress, first: int = 1) -> Any:
        """Go through the protocol with a prepared cell: run the cycles of `plan`.

        Parameters
        ----------
        setup : Setup
        checked : object
            As `check` returned it.
        progress : callable (int, dict)
            To be called after each cycle with its number and row.
        first : int
            Number of the first cycle that is still to be run.

        Returns
        -------
        Result
        """
        plan = list(self.plan(setup, checked))[first - 1 :] if first > 1 else self.plan(setup, checked)
        return run_cycles(self, setup, plan, self.kept(checked), progress, self.watch(setup), first)

    def _check_storing(self, checkpoint, resume):
        who = type(self).__name__
        if (checkpoint is not None or resume) and not self.stores:
            raise ProtocolError(f"{who} writes no checkpoint and cannot resume; leave out `checkpoint` and `resume`.")
        resume_from(who, checkpoint, resume)

    def _check_done(self, done, checkpoint):
        total = self.total()
        if total is not None and done > total:
            raise ProtocolError(
                f"{type(self).__name__}: the checkpoint '{checkpoint}' holds {done} cycles, and {total} were asked for. Ask for "
                f"at least {done}, or start anew with another file."
            )

    def _checkpoint(self, setup, path, resume):
        """Number of cycles already done, and what stores a checkpoint."""
        if path is None:
            return 0, checkpoints.store_nothing
        description = describe(self, setup)
        description["protocol"] = {k: v for k, v in description["protocol"].items() if k not in MAY_DIFFER}
        done = checkpoints.restore(path, setup, description) if resume and Path(path).exists() else 0
        return done, checkpoints.Storing(path, setup, description)
