"""Peaks of a voltammogram: features of the current over voltage in one sweep.

In a sweep at constant rate nu the current is nu dQ/dV, so that its features are those of the differential capacity (see
`dqdv`): peaks, shoulders, and rises up to the end of the window.
"""

import numpy as np

from ..errors import DataFileError
from .dqdv import Peaks, peaks
from .smoothing import gaussian


def sweep_peaks(voltage_V, current, step_V=0.005, smooth_V=0.0, **limits):
    """Find the peaks of one sweep of a voltammogram.

    Parameters
    ----------
    voltage_V, current : arrays of shape (n,)
        Discharge positive; of a sweep to lower voltages the reduction counts, of one to higher the oxidation.
    step_V, smooth_V : float
        Grid [V], and standard deviation [V] of a Gaussian that smooths a noisy current; 0.012 costs a sharp peak 5 %.
    limits
        `prominence` and `shoulder_prominence` of `nasim.analysis.peaks`.

    Returns
    -------
    Peaks
        Heights in the unit of the current.

    Raises
    ------
    DataFileError
        Shapes differ, or the sweep spans less than five steps of the grid.

    >>> V = np.linspace(2.6, 0.7, 500)
    >>> found = sweep_peaks(V, 0.1 * np.exp(-(((V - 1.75) / 0.08) ** 2)))
    >>> found.voltage_V.round(3), found.kind.tolist()
    (array([1.75]), ['peak'])
    """
    voltage, current = np.asarray(voltage_V, float), np.asarray(current, float)
    if voltage.ndim != 1 or voltage.shape != current.shape or len(voltage) < 2 or np.ptp(voltage) < 5 * step_V:
        shapes = f"shapes {voltage.shape} and {current.shape}"
        raise DataFileError(f"A sweep is two equal rows that span at least {5 * step_V:g} V; {shapes} were given.")
    downwards = voltage[-1] < voltage[0]
    order = np.argsort(voltage, kind="stable")
    points = int(np.ceil(np.ptp(voltage) / step_V - 1e-6)) + 1
    grid = np.linspace(voltage.min(), voltage.max(), points)
    height = np.interp(grid, voltage[order], current[order] if downwards else -current[order])
    height = np.maximum(height, 0.0)
    if smooth_V:
        height = gaussian(height, smooth_V / (grid[1] - grid[0]))
    if not height.any():
        none = np.array([])
        return Peaks(none, none, none, np.array([], dtype="U8"))
    return peaks(grid, height, **limits)
