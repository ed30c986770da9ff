"""Edits of a parameter-set file: single keys of single entries change, every other character stays.

The text is edited, not parsed and written anew, so that comments, order and notes survive and a difference shows only
what changed. The file appears whole or not at all, and only if it still loads as a parameter set.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ParameterSetError, UnknownNameError, nearest
from ..files import write_whole

SIGNIFICANT = 5
"""Digits that a fitted value is written with: finer than any standard error."""
ORDER = ("value", "kind", "source", "where", "range", "standard_error", "fitted_to", "note")
TABLE = "calibration"


def literal(value: Any) -> str:
    """Return a number, text, truth value or list as TOML.

    >>> literal(2.41938e-06), literal(["NAS-D1", "P20-D1"]), literal("fitted"), literal(3)
    ('2.4194e-06', '["NAS-D1", "P20-D1"]', '"fitted"', '3')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = f"{value:.{SIGNIFICANT}g}"
        return text if re.search(r"[.e]", text) else f"{text}.0"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "[" + ", ".join(literal(item) for item in value) + "]"


def with_entry(text: str, name: str, changes: Mapping[str, Any]) -> str:
    """Return the text of a set in which keys of one entry have new values.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        Of the entry.
    changes : mapping key -> value
        None takes a key out.

    Raises
    ------
    UnknownNameError
        The file has no entry of that name.
    """
    lines = text.split("\n")
    heads = {line.strip()[2:-2]: n for n, line in enumerate(lines) if re.fullmatch(r'\["[^"]+"\]', line.strip())}
    if name not in heads:
        raise UnknownNameError(f"The parameter-set file has no entry '{name}'. {nearest(name, heads)}".strip())
    start = heads[name] + 1
    stop = next((n for n in range(start, len(lines)) if not lines[n].strip() or lines[n].startswith("[")), len(lines))
    block = {line.partition("=")[0].strip(): line for line in lines[start:stop]}
    for key, value in changes.items():
        if value is None:
            block.pop(key, None)
        else:
            block[key] = f"{key} = {literal(value)}"
    ordered = sorted(block, key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))
    lines[start:stop] = [block[key] for key in ordered]
    return "\n".join(lines)


def with_calibration(text: str, table: Mapping[str, Any]) -> str:
    """Return the text of a set whose table [calibration], with its sub-tables, is `table`; it stands before the sources."""
    kept, inside = [], False
    for line in text.split("\n"):
        if line.startswith("["):
            inside = line.startswith((f"[{TABLE}]", f"[{TABLE}."))
        elif line.startswith("# ---"):
            inside = False
        if not inside:
            kept.append(line)
    at = next((n for n, line in enumerate(kept) if line.startswith(("# ---", "[sources", '["'))), len(kept))
    kept[at:at] = [*_table(TABLE, table), ""]
    return "\n".join(kept)


def _table(name, table):
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"[{name}]", *(f"{key} = {literal(value)}" for key, value in plain.items())]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += ["", *_table(f"{name}.{key}", value)]
    return lines


def write(
    path: str | Path, entries: Mapping[str, Mapping[str, Any]], calibration: Mapping[str, Any] | None = None
) -> None:
    """Edit the file of a set; it changes whole or not at all.

    Parameters
    ----------
    path : path
    entries : mapping name -> mapping key -> value
        See `with_entry`.
    calibration : mapping, optional
        The new table [calibration].

    Raises
    ------
    UnknownNameError, ParameterSetError
        An entry is missing, or the edited file is no valid parameter set; the file is as before.
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    for name, changes in entries.items():
        text = with_entry(text, name, changes)
    if calibration is not None:
        text = with_calibration(text, calibration)
    _replace(path, text)


def _replace(path: Path, text: str) -> None:
    """Write `text` to `path` unless it is no valid parameter set."""
    from .loading import load

    def write(part):
        Path(part).write_text(text, encoding="utf-8")
        try:
            load(Path(part))
        except (ParameterSetError, UnknownNameError) as error:
            raise type(error)(f"'{path}' was left as it was; the edit would have broken it: {error}") from None

    write_whole(path, write)
