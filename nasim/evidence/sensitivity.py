"""Sensitivity ledger: the parameters that a computed number depends on, and how well they are known.

For every row and every number of a parameter set the local sensitivity is taken by a small step; times half the range
that the set allows for the parameter it says how far the row could move within what is not known. The ledger lists, for
each row, the parameters that move it most with their kind, and first of all those that are merely assumed and move a row
by more than five per cent.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from ..parameters import ParameterSet
    from ..parameters.entries import Entry

HEADLINE = ("NAS-D1", "NAS-ICE", "DQ-R1", "DQ-R3", "DQ-O1", "DQ-O2", "NASC-Q", "T60-D1", "P20-D1")
"""Rows of first cycles."""
STEP = 0.01
"""Relative step of the difference quotient."""
MOST = 5
"""Parameters listed for each row."""
NOTABLE = 0.05
"""Relative move of a row by an assumed value that is listed first."""


def half_range(entry: "Entry") -> float:
    """Return half the range of an entry as a relative change of its value: of its logarithm where it spans decades.

    >>> from nasim.parameters.entries import Entry
    >>> half_range(Entry(2.0, "assumed", range=(1.0, 3.0)))
    0.5
    """
    assert entry.range is not None and isinstance(entry.value, float)
    low, high = entry.range
    if low > 0 and high / low > 10:
        return math.log(high / low) / 2
    return (high - low) / 2 / abs(entry.value)


def candidates(parameters: "ParameterSet") -> list[str]:
    """Return the names of the numbers of a set that may be wrong: with a range, not zero, no setting."""
    known = parameters.entries.items()
    return [n for n, e in known if e.kind != "setting" and e.range and isinstance(e.value, float) and e.value]


def ledger(
    ids: Sequence[str] = HEADLINE,
    parameter_set: str = "Yuan2025_NAS",
    names: Sequence[str] | None = None,
    progress: Callable[[str], object] | None = None,
) -> "pandas.DataFrame":
    """Return the sensitivity ledger, for each published row the parameters that move it most.

    Parameters
    ----------
    ids : sequence of str
        Published rows that charge and discharge give.
    parameter_set : str
        Name of the set.
    names : sequence of str, optional
        Parameters to vary; default all with a range.
    progress : callable (name), optional
        Called after each parameter.

    Returns
    -------
    pandas.DataFrame
        Columns row, parameter, kind, elasticity, and move: the relative move of the row within half the range.

    Raises
    ------
    UnknownNameError, ParameterSetError
        There is no such row, parameter or set.
    """
    import pandas

    from ..parameters import load
    from .bench import Bench
    from .row import rows
    from .stages import Fitted

    parameters = load(parameter_set)
    names = list(names or candidates(parameters))
    cells = {row.set: load(row.set) for row in rows(*ids)} | {parameters.name: parameters}
    varied = [Fitted(name, each) for each in cells for name in names if _is_own(cells[each], parameters, name)]
    bench = Bench(varied, cells)
    base = {each.key: cells[each.set].value(each.name) for each in varied}
    reference = _values(bench, ids, base)
    lines = []
    for name in names:
        step = {each.key: base[each.key] * (1 + STEP) for each in varied if each.name == name}
        moved = _values(bench, ids, base | step)
        entry = parameters.entries[name]
        for row, value in reference.items():
            if not value or moved.get(row) is None:
                continue
            elasticity = (moved[row] / value - 1) / STEP
            move = abs(elasticity) * half_range(entry)
            lines.append({"row": row, "parameter": name, "kind": entry.kind, "elasticity": elasticity, "move": move})
        if progress:
            progress(name)
    table = pandas.DataFrame(lines).sort_values(["row", "move"], ascending=[True, False])
    return table.groupby("row", sort=False).head(MOST).reset_index(drop=True)


def notable(table: Any) -> Any:
    """Return the lines of a ledger in which a merely assumed value moves a row by more than `NOTABLE`, largest first."""
    chosen = table[(table["kind"] == "assumed") & (table["move"] > NOTABLE)]
    return chosen.sort_values("move", ascending=False).reset_index(drop=True)


def _is_own(cell, parameters, name):
    """Whether a set has a value of its own for a parameter, or is the one that others share theirs with."""
    return cell is parameters or cell.entries.get(name) not in (None, parameters.entries[name])


def _values(bench, ids, values):
    """Return row id -> first computed value, or None where the run shows none."""
    findings = bench.findings(ids, values)
    return {row: (finding.values[0] if finding.values else None) for row, finding in findings.items()}
