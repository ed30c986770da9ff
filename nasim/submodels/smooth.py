"""Smooth stand-ins for functions with corners and poles, and sums of symbols; on floats, arrays and PyBaMM symbols."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def softplus(x, width):
    """Return a smooth max(x, 0), unit of x: exact far from zero, `width` ln 2 at zero; never overflows.

    >>> float(softplus(1.0, 0.01)), round(float(softplus(0.0, 0.01)), 5)
    (1.0, 0.00693)
    """
    return (x + abs(x)) / 2 + width * np.log(1 + np.exp(-abs(x) / width))


def smooth_absolute(x, width):
    """Return a smooth abs(x), unit of x: exact far from zero, `width` at zero.

    >>> float(smooth_absolute(3.0, 4.0)), float(smooth_absolute(0.0, 4.0))
    (5.0, 4.0)
    """
    return np.sqrt(x**2 + width**2)


def fading_inverse(x, width):
    """Return 1/x far from zero [1/unit of x], and an odd function that fades to zero within `width` of it.

    >>> fading_inverse(2.0, 1e-3), fading_inverse(0.0, 1e-3)
    (0.4999999999999688, 0.0)
    """
    return x**3 / (x**4 + width**4)


def total(terms: Sequence):
    """Return the sum of `terms`, at least one, without the zero that `sum` begins with (a node of a PyBaMM graph).

    >>> total([1.0, 2.0])
    3.0
    """
    return sum(terms[1:], terms[0])
