"""Where a measurement comes from: the file, that it is there, and the hash of its bytes."""

import hashlib

from nasim.errors import DataFileError, nearest
from nasim.files import MEGABYTE, as_path, regular

MOST_BYTES = 20_000 * MEGABYTE
"""Largest measured file that is read."""


def existing(path):
    """The path of a file; raises `DataFileError` for a directory and for a file that is not there."""
    path = as_path(path, "measured file")
    if path.is_dir():
        raise DataFileError(f"{path}: a directory, expected a file.")
    if path.exists():
        return regular(path, "measured file", MOST_BYTES)
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    raise DataFileError(f"{path}: no such file.", nearest(path.name, beside, n=1))


def sha256_of(path):
    """Hash of a file's bytes, as hexadecimal digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
