"""Whether a saved result is as it was written: rows and a hash of each table, kept beside the record."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

WRITTEN = "written"
"""Entry of a saved record: name of a table -> its rows and its hash."""
RECORD_HASH = "record"
NEEDED = {"experiment": str, "parameter_set": str, "conditions": dict, "audit": dict, "stopped_because": str}
NEEDED |= {"wall_time_s": int | float}
"""Entries that the record of every result has, with their types."""


def seals(record: Mapping, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `check` later compares: the hash of the record, and of each table.

    Parameters
    ----------
    record : mapping
        JSON-able.
    tables : mapping name -> path of a CSV file, or DataFrame
    """
    return {RECORD_HASH: _hash_of(record)} | {name: _seal(table) for name, table in tables.items()}


def check(record: Any, tables: Mapping[str, Any]) -> dict:
    """Return the record of a saved result, without the seals that were kept in it.

    Parameters
    ----------
    record : mapping
        As it was read.
    tables : mapping name -> path of a CSV file, or DataFrame
        As for `seals`.

    Raises
    ------
    ValueError
        Something is not as it was written; the message says what.
    """
    if not isinstance(record, dict):
        raise ValueError("its record is no table of entries")
    record = dict(record)
    kept = record.pop(WRITTEN, None)
    if not isinstance(kept, dict):
        raise ValueError("its record has no checksums; it was written by another version of nasim")
    now = seals(record, tables)
    changed = [name for name in now if kept.get(name) != now[name]]
    if changed:
        raise ValueError(f"{', '.join(changed)}: changed after it was written, or from another result")
    wrong = [name for name, kind in NEEDED.items() if not isinstance(record.get(name), kind)]
    if wrong:
        raise ValueError(f"its record lacks {', '.join(wrong)}")
    return record


def _seal(table):
    if isinstance(table, Path):
        content = table.read_bytes()
        return {"rows": content.count(b"\n") - 1, "sha256": hashlib.sha256(content).hexdigest()}
    return {"rows": len(table), "sha256": _hash_of_table(table)}


def _hash_of_table(table: "pandas.DataFrame") -> str:
    """Hash of names and values of a table; numbers count as floating-point numbers, everything else as text."""
    digest = hashlib.sha256()
    for name in sorted(table):
        values = table[name]
        numeric = values.dtype.kind in "iufb"
        digest.update(f"{name}\0".encode())
        digest.update(values.to_numpy(float).tobytes() if numeric else "\0".join(map(str, values)).encode())
    return digest.hexdigest()


def _hash_of(record):
    return hashlib.sha256(json.dumps(json.loads(json.dumps(record)), sort_keys=True).encode()).hexdigest()
