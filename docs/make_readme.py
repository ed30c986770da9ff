"""Make the summary of the scorecard in the README and docs/guide/scorecard.md, the table of all rows.

Run from the repository: ``python docs/make_readme.py``. Their pictures are made by ``make_figures.py``.
"""

from pathlib import Path

from nasim.evidence import scorecard

ROOT = Path(__file__).resolve().parent.parent
README, PAGE = ROOT / "README.md", ROOT / "docs" / "guide" / "scorecard.md"
MEANING = {
    "predicted": "no parameter saw it",
    "calibrated": "a value was fitted to it, or placed with it in view",
    "input": "the set-up contains it",
    "other cells": "other authors measured it on another cell",
}


def text(value):
    """A target or computed value as it stands in the table."""
    if isinstance(value, list | tuple):
        return ", ".join(text(item) for item in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(scores):
    """The scorecard as a Markdown table."""
    lines = [f"{scores['headline']} (`nasim scorecard`).", ""]
    lines += [
        "| row | cell, condition | quantity | published | computed | kind | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in scores["rows"]:
        where = f"{row['cell']}, {row['condition']}".replace("|", "/")
        values = (text(row["target"]), text(row["computed"]))
        cells = (row["id"], where, row["quantity"], *values, row["kind"], row["verdict"])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def summary(scores):
    """How many rows of each kind are met, as a Markdown table."""
    lines = ["| published numbers | met | what the kind means |", "|---|---|---|"]
    for kind, verdicts in scores["counts"].items():
        lines.append(f"| {kind} | {verdicts.get('met', 0)} of {sum(verdicts.values())} | {MEANING[kind]} |")
    return "\n".join(lines)


def put(page, name, text):
    """The page with `text` between the markers of `name`."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = page.split(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"


def write_tables(scores):
    """Put the summary into the README, and all rows into the page of the scorecard."""
    README.write_text(put(README.read_text(), "summary", summary(scores)))
    PAGE.write_text(put(PAGE.read_text(), "scorecard", table(scores)))


def main():
    """Write the tables."""
    write_tables(scorecard().as_record())


if __name__ == "__main__":
    main()
