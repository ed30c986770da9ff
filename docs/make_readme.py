"""Make what the README shows: the figures, and the table of computed against published values.

Run from the repository: ``python docs/make_readme.py``.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import nasim
from nasim import plot, published, report

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
BEGIN, END = "<!-- scorecard -->", "<!-- end of scorecard -->"


def table(scores):
    """The scorecard as a Markdown table."""
    lines = ["| row | cell and condition | quantity | published | computed | |", "|---|---|---|---|---|---|"]
    for row in scores.to_dict("records"):
        cells = (row["id"], row["condition"], row["quantity"], row["target"], row["computed"], row["verdict"])
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def main():
    """Write docs/figures/*.png."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    plot.cell_sketch().figure.savefig(FIGURES / "cell.png", dpi=110, bbox_inches="tight")
    result = nasim.GCD(cycles=2).run()
    axes = result.plot(published=published.marks(*report.identity(result)))
    axes[0].figure.savefig(FIGURES / "gcd.png", dpi=110, bbox_inches="tight")


if __name__ == "__main__":
    main()
