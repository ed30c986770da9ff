"""The outcome of a comparison: a line a published row, a figure a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from .published import marks
from .studies import Study

COLUMNS = ("id", "cell", "condition", "quantity", "target", "computed", "error", "tolerance", "unit", "use", "verdict")
COLUMNS += ("note", "where")
LONG = 10
"""Cycles above which a run is drawn as fade and not as curves."""


@dataclass(frozen=True)
class Scorecard:
    """Findings by row id, and results by run label; `table` is what people read."""

    findings: Mapping
    results: Mapping

    @property
    def table(self):
        """A pandas row a published row: target, computed, error, tolerance, calibrated or predicted, verdict."""
        import pandas

        return pandas.DataFrame([_line(finding) for finding in self.findings.values()], columns=COLUMNS)

    @property
    def counts(self):
        """Verdict -> how many rows, for rows calibrated on and for predicted ones.

        A dict such as {"calibrated": {"met": 30, "missed": 1}, "predicted": {...}}.
        """
        found = {}
        for finding in self.findings.values():
            group = found.setdefault(finding.row.use, {})
            group[finding.verdict] = group.get(finding.verdict, 0) + 1
        return found

    def as_record(self):
        """Counts and rows as plain data that `json.dumps` takes."""
        return {"counts": self.counts, "rows": [_line(finding) for finding in self.findings.values()]}

    def figures(self):
        """Label -> axes of the figure of each run, with the published values marked."""
        return {label: _figure(result) for label, result in self.results.items() if not isinstance(result, Study)}


def _line(finding):
    """A finding as the columns of the table, plain data; one value as a number, several as a list."""
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


DRAWN = ("rate", "cv", "symmetric", "ocv-eis")
"""Experiments whose own figure shows most."""


def _figure(result):
    """The figure that shows most: curves with the published marks, or capacity against cycle."""
    from .. import plot

    if result.record["experiment"] in DRAWN:
        return result.plot()
    if len(result.summary) > LONG:
        return plot.fade(result.summary)
    published = marks(result.record["parameter_set"], result.record["conditions"], result.record["experiment"])
    return plot.gcd(result.curves, published=published)
