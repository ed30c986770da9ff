"""The outcome of a comparison: a line a published row, a figure a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .published import Finding, marks
from .studies import Study

if TYPE_CHECKING:
    import pandas

COLUMNS = ("id", "cell", "condition", "quantity", "target", "computed", "error", "tolerance", "unit", "use", "verdict")
COLUMNS += ("note", "where")
LONG = 10
"""Cycles above which a run is drawn as fade and not as curves."""


@dataclass(frozen=True)
class Scorecard:
    """Outcome of a comparison with published rows.

    Attributes
    ----------
    findings : mapping row id -> Finding
    results : mapping label of a run -> Result or Study
    """

    findings: Mapping[str, Finding]
    results: Mapping[str, Any]

    @property
    def table(self) -> "pandas.DataFrame":
        """A row a published row: target, computed, error, tolerance, calibrated or predicted, verdict."""
        import pandas

        return pandas.DataFrame([_line(finding) for finding in self.findings.values()], columns=COLUMNS)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Use of the rows -> verdict -> number of rows, such as {"calibrated": {"met": 30}, "predicted": {...}}."""
        counts: dict[str, dict[str, int]] = {}
        for finding in self.findings.values():
            group = counts.setdefault(finding.row.use, {})
            group[finding.verdict] = group.get(finding.verdict, 0) + 1
        return counts

    def as_record(self) -> dict[str, Any]:
        """Return counts and rows as plain data that `json.dumps` takes."""
        return {"counts": self.counts, "rows": [_line(finding) for finding in self.findings.values()]}

    def figures(self) -> dict[str, Any]:
        """Return label -> axes of the figure of each run, with the published values marked."""
        return {label: _figure(result) for label, result in self.results.items() if not isinstance(result, Study)}


def _line(finding):
    """Return a finding as the columns of the table, plain data; one value as a number, several as a list."""
    row = finding.row
    limits = row.tolerances[:1] if row.tolerance is not None else ()
    parts = {"target": row.values, "computed": finding.values, "error": finding.errors, "tolerance": limits}
    plain = {key: _single([_plain(value) for value in values]) for key, values in parts.items()}
    texts = {name: getattr(row, name) for name in ("id", "cell", "condition", "unit", "use", "where")}
    everything = texts | {"quantity": row.text} | plain | {"verdict": finding.verdict, "note": finding.note}
    return {name: everything[name] for name in COLUMNS}


def _plain(value):
    return value if isinstance(value, bool | None) else float(value)


def _single(values):
    return values[0] if len(values) == 1 else (values or None)


CYCLED = ("gcd", "cycle")
"""Experiments that are drawn as curves or as fade; of all others the figure is their own."""


def _figure(result):
    """Draw the curves with the published marks, or the capacity against the cycle of long runs; returns the axes."""
    from .. import plot

    if result.record["experiment"] not in CYCLED:
        return result.plot()
    if len(result.summary) > LONG:
        return plot.fade(result.summary)
    published = marks(result.record["parameter_set"], result.record["conditions"], result.record["experiment"])
    return plot.gcd(result.curves, published=published)
