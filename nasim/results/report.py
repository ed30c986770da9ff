"""Tables and lines for a terminal: results, parameter sets, scorecards, fits, studies."""

from ..terminal import as_text
from .plain import plain

MOST_ROWS = 20
"""Rows of a table that are all shown."""
__all__ = [
    "comparison_table",
    "fit_lines",
    "left_out_table",
    "plain",
    "result_table",
    "score_lines",
    "score_table",
    "set_table",
    "study_text",
]


def result_table(result, width=200, rows=""):
    """Return a rich table of a `Result`, with a row a cycle (or spectrum).

    Parameters
    ----------
    result : Result
    width : int
        Characters that there is room for; columns that do not fit are left out from the right, and told.
    rows : str
        "all", or else the first and last rows of a long table and evenly spread ones between.
    """
    from rich.table import Table

    columns = result.text_table()
    length = len(next(iter(columns.values()), []))
    chosen = range(length) if rows == "all" or length <= MOST_ROWS else spread_rows(length)
    shown = _fitting(columns, width)
    left_out = [f"{length - len(chosen)} rows (--rows all)"] if len(chosen) < length else []
    missing = [heading.replace("\n", " ") for heading in columns if heading not in shown]
    left_out += [f"columns {', '.join(missing)}"] if missing else []
    caption = f"not shown: {'; '.join(left_out)}" if left_out else None
    title = as_text(f"{result.record['experiment']} of {result.record['parameter_set']}")
    table = Table(title=title, caption=None if caption is None else as_text(caption))
    for heading in shown:
        table.add_column(heading, justify="right")
    for number in chosen:
        table.add_row(*(as_text(columns[heading][number]) for heading in shown))
    return table


def spread_rows(length):
    """Return the numbers of the rows that stand for a long table: head, tail, and between them steps of 10, 20, 50, ...

    >>> spread_rows(45)
    [0, 1, 2, 3, 4, 9, 19, 29, 39, 42, 43, 44]
    """
    step = next(m * 10**d for d in range(1, 12) for m in (1, 2, 5) if length <= 10 * m * 10**d)
    return sorted({*range(5), *range(step - 1, length, step), *range(length - 3, length)})


def _fitting(columns, width):
    """The headings of the columns that fit, in order; always the first."""
    used, fitting = 1, []
    for heading, texts in columns.items():
        lines = [*heading.split("\n"), *(line for text in texts for line in str(text).split("\n"))]
        used += 3 + max(len(line) for line in lines)
        if used > width and fitting:
            break
        fitting.append(heading)
    return fitting


def comparison_table(computed, published):
    """Return a rich table of computed beside published values; both map a quantity to a number or a list of numbers, shown in rising order."""
    from rich.table import Table

    table = Table(title="Beside the published values")
    for heading in ("quantity", "computed", "published"):
        table.add_column(heading, justify="left" if heading == "quantity" else "right")
    for quantity, value in published.items():
        table.add_row(quantity, _text(computed.get(quantity)), _text(value))
    return table


def _text(value):
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in sorted(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def set_table(parameter_set):
    """Return a rich table of every value of a set with its provenance; what is fitted or assumed is marked."""
    from rich.table import Table

    table = Table(title=as_text(f"{parameter_set.name}: {parameter_set.title}"))
    for heading in ("parameter", "value", "unit", "kind", "source", "where", "range", ""):
        table.add_column(heading, justify="right" if heading == "value" else "left", overflow="fold")
    marks = {"fitted": "[yellow]fitted[/]", "assumed": "[red]assumed[/]", "": ""}
    for row in parameter_set.describe():
        limits = "" if row.range is None else f"{row.range[0]:g} to {row.range[1]:g}"
        value = f"{row.value:g}" if isinstance(row.value, int | float) else str(row.value)
        cells = (row.name.split(" [")[0], value, row.unit, row.kind, row.source or "", row.where or "", limits)
        table.add_row(*map(as_text, cells), marks[row.flag])
    return table


def score_table(scores):
    """Return a rich table of the scorecard."""
    from rich.table import Table

    table = Table(title="Published and computed")
    for heading in (
        "row",
        "condition",
        "quantity",
        "published",
        "computed",
        "90 % band",
        "tolerance",
        "kind",
        "verdict",
    ):
        table.add_column(heading, overflow="fold")
    colours = {"met": "green", "missed": "red"}
    for row in scores.table.to_dict("records"):
        colour = colours.get(row["verdict"], "yellow")
        numbers = (_text(plain(row[name])) for name in ("target", "computed"))
        limits = (_band_text(row), _text(plain(row["tolerance"])))
        verdict = f"[{colour}]{row['verdict']}[/]"
        table.add_row(row["id"], row["condition"], row["quantity"], *numbers, *limits, row["kind"], verdict)
    return table


def _band_text(row):
    """Return a band as text: "low to high", of several values one after the other, or the share of draws that agree."""
    band = row["band"]
    if band is None:
        return "-"
    if isinstance(band, float):
        return f"{band:.0%} agree"
    ends = band if isinstance(band[0], list) else [band]
    return "; ".join("-" if low is None else f"{_text(low)} to {_text(high)}" for low, high in ends)


def left_out_table(found):
    """Return a rich table of rows that a fit did not see, as `nasim.evidence.leave_out` gives them."""
    from rich.table import Table

    table = Table(title="Fitted without their group")
    for heading in ("left out", "row", "published", "then computed", "within tolerance", "within twice"):
        table.add_column(heading, overflow="fold")
    for each in found:
        words = ("yes" if each.met else "no", "yes" if each.near else "no")
        table.add_row(each.group, each.id, _single_text(each.published), _single_text(each.computed), *words)
    return table


def _single_text(values):
    return _text(list(values)) if values else "-"


def score_lines(scores):
    """Yield how many predictions are met, the verdicts of each kind of rows, and how many numbers lie in their bands."""
    yield scores.headline
    for kind, verdicts in scores.counts.items():
        yield f"{kind}: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    for kind, (inside, number) in scores.inside.items():
        yield f"{kind}: {inside} of {number} published numbers lie inside the 90 % band of the parameters"


def fit_lines(outcome):
    """Yield how well the model describes the data, the table of fitted values, and warnings, as lines of text."""
    yield outcome.verdict()
    yield outcome.table.to_string()
    yield f"chi2 / freedom: {outcome.chi2:.4g} / {outcome.freedom}; {outcome.message}"
    yield from (line for line in outcome.warnings() if line != outcome.verdict())


def study_text(outcome):
    """Return the plain values of a study of `nasim.studies` as lines, followed by its table where it has phases."""
    record = {key: value for key, value in plain(outcome.as_record()).items() if isinstance(value, str | int | float)}
    lines = [f"{key}: {value:.5g}" if isinstance(value, float) else f"{key}: {value}" for key, value in record.items()]
    table = outcome.as_table()
    return "\n".join([*lines, *([table.to_string(index=False)] if "products" in table else []), ""])
