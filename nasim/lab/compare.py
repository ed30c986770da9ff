"""What differs between two cells, and why: in a table, and in a sentence made from their ledgers."""

import math
from collections.abc import Mapping

from ..analysis.ledger import DELIVERED, LEAK, MISSING
from ..nomenclature import columns as col
from ..results.result import Result
from .cases import Case
from .choices import SLIDERS

WORTH_SAYING = 0.05
"""Share of the largest difference from which on another is named."""
MOST_CAUSES = 3
WORDS = {key: words for key, (words, *_) in SLIDERS.items()} | {
    "lower_V": "lower cut-off (V)",
    "upper_V": "upper cut-off (V)",
}


def changed(first: Case, second: Case) -> list[str]:
    """Return what was changed from one case to another, a phrase each.

    >>> changed(Case(), Case(stack_pressure_MPa=20.0))
    ['stack pressure (MPa) 250 to 20']
    """
    phrases = [f"materials {first.parameters} to {second.parameters}"] if first.parameters != second.parameters else []
    for key, words in WORDS.items():
        before, after = getattr(first, key), getattr(second, key)
        phrases += [f"{words} {before:g} to {after:g}"] if before != after else []
    if set(first.overrides) != set(second.overrides):
        phrases.append(f"other values {', '.join(second.overrides) or 'taken back'}")
    return phrases


def sentence(first: tuple[Case, Result], second: tuple[Case, Result]) -> str:
    """Return in words what cell B was changed in, what that did to its last discharge, and what the ledgers say why.

    Parameters
    ----------
    first, second : (Case, Result)

    Returns
    -------
    str
    """
    (case, result), (other, further) = first, second
    phrases = changed(case, other)
    if not phrases:
        return "Cell B is cell A so far: change something of it."
    number = min(len(result.summary), len(further.summary))
    if not number or not {*DELIVERED, *MISSING} & set(result.summary):
        return f"Changed: {'; '.join(phrases)}."
    A, B, unit = _rows(result, further, number)
    gave = [sum(row.get(key, 0.0) for key in DELIVERED) - sum(row.get(key, 0.0) for key in LEAK) for row in (A, B)]
    change = gave[1] - gave[0]
    if abs(change) < 1e-3 * max(map(abs, gave)):
        effect = f"Discharge {number} is the same within 0.1 % ({gave[0]:.4g} {unit})"
    else:
        word = "more" if change > 0 else "less"
        effect = f"Discharge {number} gives {abs(change):.3g} {unit} {word} ({gave[0]:.4g} to {gave[1]:.4g})"
    taken, causes = _largest(A, B, DELIVERED | LEAK), _largest(A, B, MISSING)
    text = f"Changed: {'; '.join(phrases)}. {effect}"
    text += f": {taken}." if taken else "."
    return text + (f" What it could not take up: {causes}." if causes else "")


def _rows(result, further, number):
    """The rows of the same cycle as mAh g-1 of sulfur, or mAh cm-2 where one has no sulfur."""
    tables = [each.summary.iloc[number - 1] for each in (result, further)]
    grams = [row[col.DISCHARGE_PER_GRAM] / row[col.DISCHARGE] if row[col.DISCHARGE] else math.nan for row in tables]
    specific = all(math.isfinite(value) for value in grams)
    scales = grams if specific else [1.0, 1.0]
    rows = [
        {key: float(row[key]) * scale for key in DELIVERED | MISSING | LEAK if key in row}
        for row, scale in zip(tables, scales, strict=True)
    ]
    return *rows, "mAh per gram of sulfur" if specific else "mAh cm-2"


def _largest(A: Mapping[str, float], B: Mapping[str, float], words: Mapping[str, str]) -> str:
    """The largest differences in words, such as "sulfur isolated +120"."""
    moved = sorted(
        ((B.get(key, 0.0) - A.get(key, 0.0), told) for key, told in words.items()), key=lambda each: -abs(each[0])
    )
    top = abs(moved[0][0]) if moved else 0.0
    said = [each for each in moved[:MOST_CAUSES] if abs(each[0]) > max(WORTH_SAYING * top, 1e-3)]
    return ", ".join(f"{told} {value:+.3g}" for value, told in said)
