"""The smoothing of curves against SciPy, which has the same under other names."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from nasim.analysis.smoothing import gaussian, monotone_cubic, tops

ROWS = [np.random.default_rng(seed).normal(size=n) for seed, n in enumerate((5, 30, 400))]


@pytest.mark.parametrize("values", ROWS, ids=len)
@pytest.mark.parametrize("deviation", [0.3, 2.4, 9.0])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("bend", [False, True])
def test_gaussian(values, deviation, mirrored, bend):
    expected = gaussian_filter1d(values, deviation, order=2 * bend, mode="reflect" if mirrored else "nearest")
    assert gaussian(values, deviation, bend, mirrored) == pytest.approx(expected, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("values", ROWS, ids=len)
def test_monotone_cubic(values):
    x, y = np.cumsum(np.abs(values) + 0.01), values.round(1)  # rounded, so that neighbours are equal, too
    at = np.linspace(x[0], x[-1], 999)
    assert monotone_cubic(x, y, at) == pytest.approx(PchipInterpolator(x, y)(at), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("values", ROWS, ids=len)
def test_tops_with_plateaus(values):
    curve = np.pad(np.abs(values.round(1)), 1)
    index, found = find_peaks(curve, prominence=0, plateau_size=1)
    first, last, prominence = tops(curve)
    assert np.array_equal(first, found["left_edges"]) and np.array_equal(last, found["right_edges"])
    assert np.array_equal((first + last) // 2, index)
    assert prominence == pytest.approx(found["prominences"])


def test_a_flat_line_has_no_top():
    assert [len(part) for part in tops(np.zeros(5))] == [0, 0, 0]


def test_the_peaks_of_a_cell_need_no_scipy():
    code = "import numpy as np, nasim.analysis as a; V = np.linspace(2.6, 0.7, 300); a.peaks(*a.dqdv(V, 1 - np.tanh(9 * V - 16)))\n"
    code += "import sys; print([name for name in sys.modules if name.startswith('scipy')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
