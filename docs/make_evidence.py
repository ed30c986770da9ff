"""Make what docs/guide/evidence.md shows: tables from the shipped records, and the deciding experiments.

Run from the repository: ``python docs/make_evidence.py``, after ``nasim calibrate --write``, ``nasim scorecard --leave-out --write``
and ``nasim scorecard --draws 60 --write``.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import deciding
import make_readme

from nasim.evidence import scorecard
from nasim.evidence.calibration import shipped_sets
from nasim.evidence.leave_out import counts, load_left_out
from nasim.evidence.record import load_record
from nasim.evidence.stages import fit_plan

PAGE = make_readme.ROOT / "docs" / "guide" / "evidence.md"
NOTHING = "Not computed for the present values of the sets."


def fit_text():
    """What was fitted, how well, and what the rows leave to the priors."""
    record, sets = load_record(), shipped_sets()
    if record is None:
        return NOTHING
    parameters = fit_plan(sets).parameters
    left = len(record.directions)
    lines = [
        f"{len([key for key in record.values if not parameters[key].held])} parameters, {len(record.rows)} rows, half the sum "
        f"of squared errors over tolerances {record.cost:.2f}. "
        f"Along {left} {'direction' if left == 1 else 'directions'} the rows say less than the priors:",
        "",
    ]
    for each in record.directions:
        parts = ", ".join(f"{x:+.2f} {key}" for key, x in each["parameters"].items())
        lines.append(f"- singular value {each['singular_value']:.2f}: {parts}")
    lines += [
        "",
        "| parameter | value | standard error | prior: centre, one standard deviation | why |",
        "|---|---|---|---|---|",
    ]
    for key, value in record.values.items():
        prior = parameters[key].prior
        width = f"x/ {prior.spread:.3g}" if prior.is_log else f"+- {prior.spread:.3g}"
        kind = " (held)" if parameters[key].held else ""
        why = prior.why.replace("|", "/")
        lines.append(f"| {key}{kind} | {value:.4g} | {record.errors[key]:.2g} | {prior.centre:.3g} {width} | {why} |")
    return "\n".join(lines)


def left_out_text():
    """The rows that a fit did not see."""
    found = load_left_out()
    if not found:
        return NOTHING
    said = counts(found)
    lines = [
        f"{said['near']} of {said['rows']} rows left out lie within twice their tolerance, {said['met']} within it; of the "
        f"{said['fitted']} that the shipped fit sees, {said['fitted_near']} within twice.",
        "",
        "| left out | row | published | then computed | within tolerance | within twice |",
        "|---|---|---|---|---|---|",
    ]
    for each in found:
        values = (make_readme.text(list(each.published)), make_readme.text(list(each.computed)))
        words = ("yes" if each.met else "**no**", "yes" if each.near else "**no**")
        lines.append("| " + " | ".join((each.group, each.id, *values, *words)) + " |")
    return "\n".join(lines)


def bands_text(scores):
    """Bands of the predicted rows, and how many published numbers lie inside."""
    if not scores.bands:
        return NOTHING
    lines = [
        f"{kind}: {inside} of {number} published numbers lie inside."
        for kind, (inside, number) in scores.inside.items()
    ]
    lines += ["", "| row | published | computed | 90 % band | inside |", "|---|---|---|---|---|"]
    kinds_of = scores.table.set_index("id")["kind"]
    for id, band in scores.bands.items():
        if id not in scores.findings or kinds_of[id] != "predicted":
            continue
        finding = scores.findings[id]
        values = (make_readme.text(list(finding.row.values)), make_readme.text(list(finding.values)))
        if not band.low:
            said = "-" if band.yes is None else f"{band.yes:.0%} of draws agree"
            lines.append("| " + " | ".join((id, *values, said, "-")) + " |")
            continue
        ends = "; ".join(
            f"{make_readme.text(a)} to {make_readme.text(b)}" for a, b in zip(band.low, band.high, strict=True)
        )
        inside = ", ".join("yes" if each else "**no**" for each in band.inside(finding.row)) or "-"
        lines.append("| " + " | ".join((id, *values, ends, inside)) + " |")
    return "\n".join(lines)


def main():
    """Write the page."""
    scores = scorecard()
    page = PAGE.read_text()
    parts = {
        "headline": f"{scores.headline} (`nasim scorecard`).",
        "fit": fit_text(),
        "leave-out": left_out_text(),
        "bands": bands_text(scores),
        "deciding": "\n".join(deciding.table(each()) for each in deciding.EXPERIMENTS),
    }
    for name, text in parts.items():
        page = make_readme.put(page, name, text)
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
