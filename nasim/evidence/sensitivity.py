"""Sensitivity ledger: which parameters a computed number hangs on, and how well they are known.

For every row and every number of a parameter set the local sensitivity is taken by a small step; times half the range
that the set allows for the parameter it says how far the row could move within what is not known. The ledger lists, for
each row, the parameters that move it most with their kind, and first of all those that are merely assumed and move a row
by more than five per cent.
"""

import math

HEADLINE = ("NAS-D1", "NAS-ICE", "DQ-R1", "DQ-R3", "DQ-O1", "DQ-O2", "NASC-Q", "T60-D1", "P20-D1")
"""Rows of first cycles: what people look at first."""
STEP = 0.01
"""Relative step of the difference quotient."""
MOST = 5
"""Parameters listed for each row."""
NOTABLE = 0.05
"""Relative move of a row by an assumed value that is listed first."""


def half_range(entry):
    """Half the range of an entry as a relative change of its value: of its logarithm where it spans decades.

    >>> from types import SimpleNamespace
    >>> half_range(SimpleNamespace(value=2.0, range=(1.0, 3.0)))
    0.5
    """
    low, high = entry.range
    if low > 0 and high / low > 10:
        return math.log(high / low) / 2
    return (high - low) / 2 / abs(entry.value)


def candidates(parameters):
    """Names of the numbers of a set that may be wrong: with a range, not zero, no setting."""
    known = parameters.entries.items()
    return [n for n, e in known if e.kind != "setting" and e.range and isinstance(e.value, float) and e.value]


def ledger(ids=HEADLINE, parameter_set="Yuan2025_NAS", names=None, progress=None):
    """The sensitivity ledger as a pandas table: row, parameter, kind, elasticity, relative move within the range.

    Parameters
    ----------
    ids : sequence of str
        Rows of `nasim.evidence.published` that charge and discharge give.
    names : sequence of str, optional
        Parameters to vary; default all with a range.
    progress : callable (name), optional

    Raises
    ------
    UnknownNameError, ParameterSetError
        There is no such row, parameter or set.
    """
    import pandas

    from ..parameters import load
    from .bench import Bench

    parameters = load(parameter_set)
    names = list(names or candidates(parameters))
    base = {name: parameters.value(name) for name in names}
    bench = Bench(tuple(names), lambda name: parameters if name == parameters.name else load(name))
    reference = _values(bench, ids, base)
    lines = []
    for name in names:
        moved = _values(bench, ids, base | {name: base[name] * (1 + STEP)})
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


def notable(table):
    """Lines of a ledger in which a merely assumed value moves a row by more than `NOTABLE`, largest first."""
    chosen = table[(table["kind"] == "assumed") & (table["move"] > NOTABLE)]
    return chosen.sort_values("move", ascending=False).reset_index(drop=True)


def _values(bench, ids, values):
    """Row id -> first computed value, or None where the run shows none."""
    found = bench.findings(ids, values)
    return {row: (finding.values[0] if finding.values else None) for row, finding in found.items()}
