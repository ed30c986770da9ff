"""One point of a sweep, in this process or another: plain data go in, plain data come out.

The job is sent as bytes; a process (or thread of a pool) that meets it for the first time unpacks it and builds its cell,
and keeps both for the points that follow.
"""

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..conditions import Conditions
from ..engine.built_cell import KeptCell
from ..engine.runner import run_cycle
from ..engine.stepper import Step
from ..errors import NasimError, ProtocolError, SolveError
from ..experiments.protocol import Protocol
from ..parameters import ParameterSet
from .names import Target
from .points import sorted_out

if TYPE_CHECKING:
    from ..models.compose import CellModel

_HERE = threading.local()


@dataclass(frozen=True)
class Job:
    """The part of a sweep that all its points share.

    Attributes
    ----------
    experiment : Protocol
    parameters : ParameterSet
    model : CellModel or None
    targets : dict name -> Target
        In the order of a point's values.
    conditions : dict
        Arguments of `run` that stay.
    read : callable (Result) -> mapping, optional
        Gives more columns.
    stored : bool
        Whether the cell is taken from those that were built before.
    cell : KeptCell
        The cell, built once.
    """

    experiment: Protocol
    parameters: ParameterSet
    model: "CellModel | None"
    targets: Mapping[str, Target]
    conditions: dict[str, Any]
    read: Callable[[Any], Mapping] | None = None
    stored: bool = False
    cell: KeptCell = field(init=False)

    def __post_init__(self):
        varied = [target.key for target in self.targets.values() if target.kind == "parameter"]
        plain = type(self.experiment).perform is Protocol.perform
        object.__setattr__(self, "cell", KeptCell(self.model, varied, self.stored and plain))

    def run(self, values: Sequence) -> dict[str, Any]:
        """Run a point.

        Returns
        -------
        dict
            "rows", a dict a cycle; "stopped_because"; "reason" why it failed, and whether that was a "mistake" of the user.
        """
        try:
            rows, stopped, result = self._ran(values)
        except SolveError as error:
            rows = [] if error.result is None else _rows(error.result.summary)
            return {"rows": rows, "stopped_because": "", "reason": str(error), "mistake": False}
        except NasimError as error:
            return {"rows": [], "stopped_because": "", "reason": str(error), "mistake": True}
        except Exception as error:  # the other points count, whatever is wrong with this one
            text = f"{type(error).__name__}: {error}"
            return {"rows": [], "stopped_because": "", "reason": text, "mistake": False}
        if self.read:
            rows[-1] |= self.read(result)
        return {"rows": rows, "stopped_because": stopped, "reason": "", "mistake": False}

    def build(self, values: Sequence) -> None:
        """Build the cell of a point, which `packed` then sends along; whatever is wrong with it is told when it is run."""
        if type(self.experiment).perform is not Protocol.perform:
            return
        with suppress(Exception):
            experiment, options = self._chosen(values)
            setup = experiment.setup(self.cell, self.parameters, Conditions(**options))
            steps = [Step("discharge", 1.0, current=setup.current), Step("charge", 1.0, current=-setup.current)]
            run_cycle(experiment, setup, steps, 1, self.read is not None, 0.0)

    def _chosen(self, values):
        chosen = sorted_out(self.targets, values)
        if self.read is None and "keep" in {known.name for known in fields(self.experiment)}:
            chosen["setting"]["keep"] = ()
        options: dict[str, Any] = self.conditions | chosen["condition"] | {"overrides": chosen["parameter"] or None}
        return replace(self.experiment, **chosen["setting"]), options

    def _ran(self, values):
        """Rows of a point, why its run stopped, and the whole result where it is needed."""
        experiment, options = self._chosen(values)
        found = None if self.read else experiment.rows(self.cell, self.parameters, Conditions(**options))
        if found is not None:
            return *found, None
        result = experiment.run(self.cell, self.parameters, **options)
        return _rows(result.summary), result.record["stopped_because"], result

    def of_the_script(self) -> bool:
        """Whether something of the job is defined in the script that runs, or cannot be sent at all."""
        try:
            return b"__main__" in pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError):
            return True

    def packed(self) -> bytes:
        """Return the job as bytes.

        Raises
        ------
        ProtocolError
            The model, or `read`, cannot be sent to another process.
        """
        try:
            return pickle.dumps((self, self.cell.packed()))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise ProtocolError(
                f"sweep: this cannot be sent to other processes: {error}. Write functions and classes at the top level "
                "of a module, or run it in this process, with executor=None."
            ) from None


def _rows(table):
    """Return the rows of a table as dicts of plain numbers."""
    return [dict(zip(table, row, strict=True)) for row in table.to_numpy(object).tolist()]


def compute(packed: bytes | str, values: Sequence) -> dict[str, Any]:
    """Return the outcome of a point of a packed job, or of one in the file of this name; see `Job.run`."""
    if getattr(_HERE, "packed", None) != packed:
        import os

        os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
        _HERE.job, built = pickle.loads(Path(packed).read_bytes() if isinstance(packed, str) else packed)
        _HERE.job.cell.receive(built)
        _HERE.packed = packed
    return _HERE.job.run(values)
