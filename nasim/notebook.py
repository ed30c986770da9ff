"""What a notebook shows of an object: a heading, a few numbers, a few lines; all text is escaped, never markup."""

import html
from collections.abc import Iterable, Mapping
from typing import Any

MOST_NUMBERS, MOST_LINES, MOST_LETTERS = 5, 3, 240


def card(heading: Any, numbers: Mapping[Any, Any], lines: Iterable[Any] = ()) -> str:
    """Return HTML with a heading, the first five numbers and the first three lines.

    >>> card("A <b>", {"V": 1.5})
    '<div><strong>A &lt;b&gt;</strong><table><tr><th scope="row">V</th><td>1.5</td></tr></table></div>'
    """
    rows = "".join(
        f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>'
        for name, value in list(numbers.items())[:MOST_NUMBERS]
    )
    told = "".join(f"<p>{_text(line)}</p>" for line in list(lines)[:MOST_LINES])
    return f"<div><strong>{_text(heading)}</strong><table>{rows}</table>{told}</div>"


def _text(given):
    words = f"{given:.6g}" if isinstance(given, float) else " ".join(str(given).split())
    return html.escape(words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 3] + "...")
