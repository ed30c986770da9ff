"""The outcome of a comparison: a line a published row, a figure a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .kinds import KINDS, PREDICTED, kinds
from .published import MET, Finding, marks
from .runs import plan
from .studies import Study

if TYPE_CHECKING:
    import pandas

    from .bands import Band

COLUMNS = ("id", "cell", "condition", "quantity", "target", "computed", "error", "tolerance", "band", "unit", "kind")
COLUMNS += ("verdict", "note", "where")
LONG = 10
"""Cycles above which a run is drawn as fade and not as curves."""


@dataclass(frozen=True)
class Scorecard:
    """Outcome of a comparison with published rows.

    Attributes
    ----------
    findings : mapping row id -> Finding
    results : mapping label of a run -> Result or Study
    bands : mapping row id -> Band
        Of the rows that have one.
    """

    findings: Mapping[str, Finding]
    results: Mapping[str, Any]
    bands: Mapping[str, "Band"] = field(default_factory=dict)

    @property
    def table(self) -> "pandas.DataFrame":
        """A row a published row: target, computed, error, tolerance, kind, verdict."""
        import pandas

        return pandas.DataFrame(self._lines(), columns=COLUMNS)

    def _lines(self):
        found = kinds(*self.findings) if self.findings else {}
        return [_line(finding, found[id], self.bands.get(id)) for id, finding in self.findings.items()]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Kind of the rows -> verdict -> number of rows, such as {"predicted": {"met": 20}, "calibrated": {...}}."""
        found = kinds(*self.findings) if self.findings else {}
        counts: dict[str, dict[str, int]] = {}
        for id, kind in sorted(found.items(), key=lambda item: KINDS.index(item[1])):
            group, verdict = counts.setdefault(kind, {}), self.findings[id].verdict
            group[verdict] = group.get(verdict, 0) + 1
        return counts

    @property
    def headline(self) -> str:
        """How many predictions are met; how many of the other kinds, beside them."""
        parts = [f"{group.get(MET, 0)} of {sum(group.values())} {kind}" for kind, group in self.counts.items()]
        first = [part.replace(PREDICTED, "predictions met") for part in parts if part.endswith(PREDICTED)]
        beside = [part for part in parts if not part.endswith(PREDICTED)]
        return "; beside them ".join([*(first or ["no predictions"]), *([", ".join(beside)] if beside else [])])

    @property
    def inside(self) -> dict[str, tuple[int, int]]:
        """Kind of the rows -> how many published numbers lie inside their bands, and how many have one."""
        counted: dict[str, tuple[int, int]] = {}
        found = kinds(*self.findings) if self.findings else {}
        for id in (id for id in self.findings if id in self.bands):
            each = self.bands[id].inside(self.findings[id].row)
            inside, number = counted.get(found[id], (0, 0))
            if each:
                counted[found[id]] = inside + sum(each), number + len(each)
        return counted

    def as_record(self) -> dict[str, Any]:
        """Return counts and rows as plain data that `json.dumps` takes."""
        return {"headline": self.headline, "counts": self.counts, "inside_bands": self.inside, "rows": self._lines()}

    def result_of(self, id: str) -> Any:
        """Return the result that a row is read off.

        Parameters
        ----------
        id : str
            Identifier of a published row, as in `findings`.

        Returns
        -------
        GCDResult, EISResult or another result, or None
            None where its run failed or is not among the results.
        """
        runs = [run for run in plan(finding.row for finding in self.findings.values()) if id in run.ids]
        return self.results.get(runs[0].label) if runs else None

    def story(self) -> Any:
        """Return the axes of one figure of all that was published: curves, dQ/dV, rate, pressure, fade, temperature, anode."""
        from .story import story

        return story(self)

    def figures(self) -> dict[str, Any]:
        """Return label -> axes of the figure of each run, with the published values marked."""
        return {label: _figure(result) for label, result in self.results.items() if not isinstance(result, Study)}


def _line(finding, kind, band):
    """Return a finding as the columns of the table, plain data; one value as a number, several as a list."""
    row = finding.row
    limits = row.tolerances[:1] if row.tolerance is not None else ()
    parts = {"target": row.values, "computed": finding.values, "error": finding.errors, "tolerance": limits}
    plain: dict[str, Any] = {key: _single([_plain(value) for value in values]) for key, values in parts.items()}
    plain["band"] = None if band is None else _ends(band)
    texts = {name: getattr(row, name) for name in ("id", "cell", "condition", "unit", "where")}
    everything = (
        texts | {"quantity": row.text, "kind": kind} | plain | {"verdict": finding.verdict, "note": finding.note}
    )
    return {name: everything[name] for name in COLUMNS}


def _ends(band):
    """Return a band as plain data: [low, high], a list of those, or the share of draws that say yes."""
    return band.yes if not band.low else _single([list(ends) for ends in zip(band.low, band.high, strict=True)])


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
