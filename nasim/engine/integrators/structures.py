"""The structures of ``c/engine.h`` for ctypes, and arrays as pointers."""

import ctypes

import numpy as np

REAL, WHOLE = ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_int)


FUNCTION_ARRAYS = (
    "operation",
    "begin",
    "loose",
    "run",
    "start",
    "length",
    "moves",
    "first",
    "second",
    "third",
    "output",
)


class Function(ctypes.Structure):
    """A function of time, state and inputs."""

    _fields_ = [(name, ctypes.c_int) for name in ("batches", "once", "states", "inputs", "outputs", "results")]
    _fields_ += [(name, WHOLE) for name in FUNCTION_ARRAYS]
    _fields_ += [("memory", REAL), ("prepare", ctypes.c_void_p), ("code", ctypes.c_void_p)]


class Pattern(ctypes.Structure):
    """Pattern of the factors of a sparse matrix."""

    _fields_ = [(name, ctypes.c_int) for name in ("size", "states", "entries", "stored")]
    _fields_ += [(name, WHOLE) for name in ("load", "given", "diagonal", "elimination", "substitution")]
    _fields_ += [("solve", ctypes.c_void_p)]


class Problem(ctypes.Structure):
    """What is integrated, and how exactly."""

    _fields_ = [(name, Function) for name in ("rate", "local", "events", "drift")]
    _fields_ += [("jacobian", Pattern), ("event_count", ctypes.c_int)]
    _fields_ += [("rtol", ctypes.c_double), ("least_step", ctypes.c_double), ("atol", REAL), ("memory", REAL)]


class History(ctypes.Structure):
    """Points that are kept, and counts."""

    _fields_ = [("time", REAL), ("state", REAL)]
    _fields_ += [(name, ctypes.c_int) for name in ("room", "points", "accepted", "rejected")]
    _fields_ += [("last", ctypes.c_double)]


def reals(array: np.ndarray):
    """Return a pointer to an array of floats, which must be kept alive."""
    return array.ctypes.data_as(REAL)


def address(array: np.ndarray) -> int:
    """Return where a contiguous array lies, for arguments of calls: quicker than a pointer."""
    return array.__array_interface__["data"][0]


def wholes(array: np.ndarray):
    """Return a pointer to an array of 32-bit integers, which must be kept alive."""
    return array.ctypes.data_as(WHOLE)


def declare(library: ctypes.CDLL) -> ctypes.CDLL:
    """Tell ctypes the arguments of the functions of the library; returns it."""
    c_int, c_double, array, byref = ctypes.c_int, ctypes.c_double, ctypes.c_void_p, ctypes.POINTER
    library.memory_needed.argtypes, library.memory_needed.restype = [byref(Problem)], ctypes.c_long
    library.begin.argtypes, library.begin.restype = [byref(Function), array], None
    library.evaluate_many.argtypes = [byref(Function), c_int, array, array, array]
    library.evaluate_many.restype = None
    library.advance.argtypes = [byref(Problem), array, array, c_double, c_double, c_int, c_int, c_int, byref(History)]
    library.advance.restype = c_int
    library.replay.argtypes = [
        byref(Problem),
        array,
        array,
        array,
        c_int,
        c_int,
        c_double,
        c_int,
        c_int,
        byref(History),
    ]
    library.replay.restype = c_int
    return library
