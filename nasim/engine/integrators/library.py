"""Finds the shared library of the integrator: the one in the wheel, one made before, or one made now.

A library made on this machine lies in the user's cache folder, under a name that holds a hash of its code, its flags and
the machine. It is made in a folder of its own and moved into place in one go, so processes that start together do not
disturb each other, and what a killed one left goes with the next that is made. Beside it lies its seal, a hash of its
bytes: nothing is loaded that was damaged or that another user could have written.
"""

import ctypes
import functools
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from ...errors import OutputError
from ...files import alive, reason, take_away, write_whole
from .building import BUILD, FULL, HERE, build, build_wasm, library_name, sources, wasm_name
from .structures import declare

SEAL = ".sha256"
"""What the name of a file's seal ends with."""


class NoLibrary(Exception):
    """There is no library, and none can be made; the message says why."""


@functools.cache
def library() -> ctypes.CDLL:
    """Return the library, loaded.

    Raises
    ------
    NoLibrary
        The wheel has none and no compiler is here.
    """
    texts = sources()
    inside = HERE / library_name(texts)
    return declare(ctypes.CDLL(str(inside)) if inside.is_file() else loaded(texts, "rodas"))


def loaded(texts: dict[str, str], kind: str, level: str = FULL) -> ctypes.CDLL:
    """Return a library made of some sources, from the cache or compiled now; raises `NoLibrary` as `library`."""
    path = _kept(library_name(texts, kind, level), lambda path: build(texts, path, level))
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise NoLibrary(f"the compiled library cannot be loaded ({error})") from None


@functools.cache
def wasm() -> bytes:
    """Return the integrator as WebAssembly, for a page: that of the wheel, one made before, or one made now.

    Raises
    ------
    NoLibrary
        There is none and it cannot be made here.
    """
    texts = sources()
    inside = HERE / wasm_name(texts)
    path = inside if inside.is_file() else _kept(inside.name, lambda path: build_wasm(texts, path))
    return path.read_bytes()


def _kept(name, make):
    """Path of a file of the cache, made now unless it is there and whole; `make` says what went wrong, or nothing."""
    try:
        path = cache_folder() / name
        if not _whole(path):
            _clear(path)
            problem = make(path)
            if problem:
                raise NoLibrary(problem)
            _seal(path)
    except OSError as error:
        raise NoLibrary(f"there is no folder to make it in ({reason(error)})") from None
    return path


def _clear(path):
    """Take away folders in the place of a file and its seal, and what killed processes left of their builds."""
    for left in path.parent.glob(f"{BUILD}*"):
        number = left.name.removeprefix(BUILD).partition(".")[0]
        if number.isdigit() and not alive(int(number)):
            take_away(left)
    for each in (path, path.with_name(path.name + SEAL)):
        if each.is_dir() and not each.is_symlink():  # a file is replaced in one go: another process may be at it
            take_away(each)


def _whole(path):
    """Whether a file of the cache is this user's own and as it was made."""
    seal = path.with_name(path.name + SEAL)
    try:
        return all(each.is_file() and only_mine(each) for each in (path, seal)) and seal.read_bytes() == _hash(path)
    except OSError:  # another process took it away meanwhile, or it is none to read
        return False


def _seal(path):
    """Lay the hash of a file beside it; nobody else may write the file, whatever the mask of this user allows a group."""
    path.chmod(path.stat().st_mode & ~0o022)
    with suppress(OutputError):  # on a full disk it is made anew the next time
        write_whole(path.with_name(path.name + SEAL), lambda part: Path(part).write_bytes(_hash(path)))


def _hash(path):
    return hashlib.sha256(path.read_bytes()).hexdigest().encode()


@functools.cache
def cache_folder() -> Path:
    """Return a folder that only this user can write: in the user's cache, or else one for this process.

    Raises
    ------
    OSError
        Nothing can be written anywhere.
    """
    from platformdirs import user_cache_path

    folder = user_cache_path("nasim", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if only_mine(folder) and os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    _temporary.append(tempfile.TemporaryDirectory(prefix="nasim-"))
    return Path(_temporary[0].name)


_temporary: list[tempfile.TemporaryDirectory] = []


def only_mine(path: Path) -> bool:
    """Whether a file or folder, no link, belongs to this user and nobody else may write it (Windows sees to that)."""
    if not hasattr(os, "getuid"):
        return True
    found = path.lstat()
    return not stat.S_ISLNK(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
