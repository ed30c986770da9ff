"""One point of a sweep, in this process or another: plain data go in, plain data come out.

The job is sent as bytes; a process (or thread of a pool) that meets it for the first time unpacks it and builds its cell,
and keeps both for the points that follow.
"""

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from ..engine.built_cell import KeptCell
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
    cell : KeptCell
        The cell, built once.
    """

    experiment: Protocol
    parameters: ParameterSet
    model: "CellModel | None"
    targets: Mapping[str, Target]
    conditions: dict[str, Any]
    read: Callable[[Any], Mapping] | None = None
    cell: KeptCell = field(init=False)

    def __post_init__(self):
        varied = [target.key for target in self.targets.values() if target.kind == "parameter"]
        object.__setattr__(self, "cell", KeptCell(self.model, varied))

    def run(self, values: Sequence) -> dict[str, Any]:
        """Run a point.

        Returns
        -------
        dict
            "rows", a dict a cycle; "stopped_because"; "reason" why it failed, and whether that was a "mistake" of the user.
        """
        try:
            result = self._result(values)
        except SolveError as error:
            rows = [] if error.result is None else _rows(error.result.summary)
            return {"rows": rows, "stopped_because": "", "reason": str(error), "mistake": False}
        except NasimError as error:
            return {"rows": [], "stopped_because": "", "reason": str(error), "mistake": True}
        except Exception as error:  # the other points count, whatever is wrong with this one
            text = f"{type(error).__name__}: {error}"
            return {"rows": [], "stopped_because": "", "reason": text, "mistake": False}
        rows = _rows(result.summary)
        if self.read:
            rows[-1] |= self.read(result)
        return {"rows": rows, "stopped_because": result.record["stopped_because"], "reason": "", "mistake": False}

    def _result(self, values):
        chosen = sorted_out(self.targets, values)
        if self.read is None and "keep" in {known.name for known in fields(self.experiment)}:
            chosen["setting"]["keep"] = ()
        experiment = replace(self.experiment, **chosen["setting"])
        options: dict[str, Any] = self.conditions | chosen["condition"] | {"overrides": chosen["parameter"] or None}
        return experiment.run(self.cell, self.parameters, **options)

    def packed(self) -> bytes:
        """Return the job as bytes.

        Raises
        ------
        ProtocolError
            The model, or `read`, cannot be sent to another process.
        """
        try:
            return pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise ProtocolError(
                f"sweep: this cannot be sent to other processes: {error}. Write functions and classes at the top level "
                "of a module, or run it in this process, with executor=None."
            ) from None


def _rows(table):
    """Return the rows of a table as dicts of plain numbers; much faster than pandas for a few rows of many columns."""
    columns = [table[name].tolist() for name in table]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]


def compute(packed: bytes, values: Sequence) -> dict[str, Any]:
    """Return the outcome of a point of a packed job; see `Job.run`."""
    if getattr(_HERE, "packed", None) != packed:
        import os

        os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
        _HERE.job, _HERE.packed = pickle.loads(packed), packed
    return _HERE.job.run(values)
