"""Structures of ctypes, with all that they point to, as a piece of memory of a browser's 32-bit machine.

The integrator's structures are described once, in `nasim.engine.integrators.structures`. Here they are written as
WebAssembly lays them out: pointers of four bytes, as distances from the start of the piece, whose places are noted so that
the page can add where the piece begins.
"""

import ctypes
from collections.abc import Iterable

import numpy as np

ALIGNED = 16
"""Bytes that the start of each array is a multiple of."""


def narrow(structure: type[ctypes.Structure]) -> type[ctypes.Structure]:
    """Return a structure like this one with pointers of four bytes.

    >>> class Pair(ctypes.Structure):
    ...     _fields_ = [("count", ctypes.c_int), ("values", ctypes.POINTER(ctypes.c_double)), ("more", ctypes.c_void_p)]
    >>> ctypes.sizeof(narrow(Pair))
    12
    """
    fields = [(name, _narrowed(kind)) for name, kind, *_ in structure._fields_]
    return type(structure.__name__, (ctypes.Structure,), {"_fields_": fields})


def _narrowed(kind):
    if issubclass(kind, ctypes.Structure):
        return narrow(kind)
    return ctypes.c_uint32 if _points(kind) else kind


def _points(kind):
    return kind is ctypes.c_void_p or hasattr(kind, "contents")


class Image:
    """A piece of memory, filled from the start.

    Parameters
    ----------
    arrays : iterable of array
        What the structures point to.

    Attributes
    ----------
    data : bytearray
        What is in it.
    pointers : list of int
        Places of the pointers.
    """

    def __init__(self, arrays: Iterable[np.ndarray]):
        self._arrays = {array.ctypes.data: array for array in arrays}
        self._places: dict[int, int] = {}
        self.data, self.pointers = bytearray(ALIGNED), []

    def structure(self, given: ctypes.Structure) -> int:
        """Take in a structure and all that it points to; returns its place."""
        mine = narrow(type(given))
        here = self._room(ctypes.sizeof(mine))
        self._fill(given, mine, here)
        return here

    def array(self, given: np.ndarray) -> int:
        """Take in an array; returns its place."""
        key = given.ctypes.data
        if key not in self._places:
            raw = given.tobytes()
            here = self._places[key] = self._room(len(raw))
            self.data[here : here + len(raw)] = raw
        return self._places[key]

    def _room(self, size):
        here = len(self.data)
        self.data.extend(bytes(size + -size % ALIGNED))
        return here

    def _fill(self, given, mine, here):
        """Write the fields of a structure at its place."""
        for name, kind, *_ in mine._fields_:
            value, at = getattr(given, name), here + getattr(mine, name).offset
            if isinstance(value, ctypes.Structure):
                self._fill(value, kind, at)
                continue
            if not isinstance(value, int | float):
                value = self._pointer(value, at)
            self.data[at : at + ctypes.sizeof(kind)] = bytes(kind(value))

    def _pointer(self, value, at):
        """What a pointer is in the image; None and null stay null."""
        address = ctypes.cast(value, ctypes.c_void_p).value if value else None
        if address is None:
            return 0
        self.pointers.append(at)
        return self.array(self._arrays[address])


def offsets(structure: type[ctypes.Structure]) -> dict[str, int]:
    """Return field -> distance from the start of a structure on the page's machine, with the whole length as "size"."""
    mine = narrow(structure)
    return {name: getattr(mine, name).offset for name, *_ in mine._fields_} | {"size": ctypes.sizeof(mine)}
