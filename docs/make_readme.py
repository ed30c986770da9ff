"""Make what the README shows: the figures, and the table of computed against published values.

Run from the repository: ``python docs/make_readme.py``.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import nasim
from nasim import plot
from nasim.evidence import published, scorecard

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
BEGIN, END = "<!-- scorecard -->", "<!-- end of scorecard -->"


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


def write_table():
    """Run the scorecard and put its table between the markers of the README."""
    page = (ROOT / "README.md").read_text()
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    scores = scorecard().as_record()
    (ROOT / "README.md").write_text(f"{page[:begin]}\n{table(scores)}\n{page[end:]}")


def main():
    """Write docs/figures/*.png and the table."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    plot.cell_sketch().figure.savefig(FIGURES / "cell.png", dpi=110, bbox_inches="tight")
    result = nasim.GCD(cycles=2).run()
    axes = result.plot(published=published.marks_of(result.record))
    axes[0].figure.savefig(FIGURES / "gcd.png", dpi=110, bbox_inches="tight")
    write_table()


if __name__ == "__main__":
    main()
