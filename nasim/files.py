"""Files and folders: what is written appears whole or not at all, and only regular files of a sensible size are read."""

import os
import re
import shutil
import stat
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .errors import DataFileError, OutputError, brief, printable

MEGABYTE = 1_000_000
DAMAGED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading raises where a file is damaged, or not what it claims to be (`RecursionError` is a `RuntimeError`;
`SyntaxError` and `TokenError` come of NumPy where the head of an array is damaged)."""
MOST_SHOWN = 200
"""Characters of the words of another library that a message repeats."""


def reason(error: BaseException) -> str:
    """Return why something failed, in one line.

    >>> reason(FileNotFoundError(2, "No such file or directory", "a.toml"))
    'No such file or directory'
    >>> reason(ValueError("Error tokenizing data. C error: EOF inside string starting at row 7"))
    'the quotation that begins in row 7 has no end'
    """
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    words = re.sub(
        r".*EOF inside string starting at row (\d+)", r"the quotation that begins in row \1 has no end", str(words)
    )
    return printable(" ".join(str(words).split()))[:MOST_SHOWN]


def as_path(path: Any, what: str, error: type[Exception] = DataFileError) -> Path:
    """Return what was given as a path; `error` where it is none. `what` is what a message begins with."""
    try:
        return Path(path)
    except TypeError:
        raise error(f"{what}: expected the path of a file; {brief(path)} was given.") from None


def regular(path: str | os.PathLike, what: str, most_bytes: float, error: type[Exception] = DataFileError) -> Path:
    """Return the path of a file that may be read.

    Parameters
    ----------
    path : path
    what : str
        What the file should be, for messages: "parameter-set file".
    most_bytes : float
        Largest size of such a file.
    error : exception class
        What is raised.

    Raises
    ------
    DataFileError, or what `error` names
        There is no such file; it is a folder, a pipe or a device; or it is too large.
    """
    path = as_path(path, what, error)
    try:
        found = path.stat()
    except (OSError, ValueError) as fault:
        raise error(f"{what} '{path}' cannot be read: {reason(fault)}.") from None
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
        raise error(f"{what} '{path}' cannot be read: it is {kind}, expected a file.")
    if found.st_size > most_bytes:
        size, most = found.st_size / MEGABYTE, most_bytes / MEGABYTE
        raise error(f"{what} '{path}' cannot be read: it has {size:.3g} MB, expected at most {most:.3g} MB.")
    return path


def check_folder(folder: str | os.PathLike, who: str = "--out") -> None:
    """Check that files can be written to a folder, which need not be there yet, without leaving anything.

    Parameters
    ----------
    folder : path
    who : str
        What a message begins with.

    Raises
    ------
    OutputError
        It is a file, or may not be written to, or the disk is full.
    """
    try:
        there = next(each for each in (Path(folder), *Path(folder).absolute().parents) if _is_there(each))
        if not there.is_dir():
            raise OutputError(f"{who} must be a folder; '{there}' is a file.")
        with tempfile.TemporaryFile(dir=there) as trial:
            trial.write(bytes(10_000))
    except (OSError, ValueError) as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{who}: nothing can be written to '{folder}': {reason(error)}.") from None


def check_file(path: str | os.PathLike, who: str) -> None:
    """Check that a file can be written, as `check_folder` does for its folder.

    Parameters
    ----------
    path : path
    who : str
        What a message begins with.

    Raises
    ------
    OutputError
        It is a folder, or its folder may not be written to.
    """
    check_folder(Path(path).parent, who)
    if Path(path).is_dir():
        raise OutputError(f"{who} must be a file; '{path}' is a folder.")


def _is_there(path):
    """Whether there is a file, folder or link of this name, even one that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


@contextmanager
def alone_in(folder: str | os.PathLike | None) -> Iterator[None]:
    """Hold a folder for one run as long as the context lasts; it is made if need be, and goes if nothing came of it.

    Parameters
    ----------
    folder : path, optional
        With None, nothing is held.

    Raises
    ------
    OutputError
        It cannot be made, or another run holds it.
    """
    if folder is None:
        yield
        return
    folder = Path(folder)
    try:
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise OutputError(f"'{folder}' cannot be made or opened: {reason(error)}.") from None
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)
        if new:
            with suppress(OSError):
                folder.rmdir()


def _lock(handle, folder):
    """Lock an open folder; the lock ends with the process, however that ends. File systems without locks do without."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutputError(
            f"Another run is writing to '{folder}'; wait until it is done, or give a folder of its own."
        ) from None
    except OSError:
        return


def write_whole(path: str | os.PathLike, write: Callable[[str], Any]) -> None:
    """Write to a temporary neighbour of `path`, then move it into place.

    What a killed process left of earlier tries is taken away.

    Parameters
    ----------
    path : path
        Its folder is made if need be.
    write : callable (path)
        Writes the file at the path that it is given; what it raises leaves `path` as it was.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    path = as_path(path, "file to write", OutputError)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.", suffix=path.suffix)
        os.close(handle)
        try:
            write(part)
            os.chmod(part, 0o644)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written: {reason(error)}.") from None


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write `text` to `path` in UTF-8, whole or not at all."""
    write_whole(path, lambda part: Path(part).write_text(text, encoding="utf-8"))


def write_netcdf(path: str | os.PathLike, data: Any, **options: Any) -> None:
    """Write an xarray dataset to `path`, whole or not at all; made in memory, since HDF5 ends the process on a full disk."""
    write_whole(path, lambda part: Path(part).write_bytes(data.to_netcdf(engine="h5netcdf", **options)))


def _clear(path):
    """Remove temporary neighbours of a file whose process is no more."""
    for part in path.parent.glob(f".{path.name.replace('[', '[[]')}.*"):
        number = part.name.removeprefix(f".{path.name}.").partition(".")[0]
        if number.isdigit() and not alive(int(number)):
            with suppress(OSError):
                part.unlink()


def take_away(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def alive(process: int) -> bool:
    """Return whether a process of this machine is there; unsure counts as yes."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
