r"""Spectra, measured or simulated: are they sound, what relaxes in them, what is the resistance of an electrolyte.

**Kramers-Kronig.** A linear, causal, stable cell has a spectrum that a chain of RC elements can describe, whatever its
physics (Boukamp, J. Electrochem. Soc. 142 (1995) 1885). With M time constants spread evenly in logarithm over the range
of 1/omega,

.. math::
   Z \approx R_0 + j\omega L + \frac{1}{j\omega C} + \sum_{k=1}^{M} \frac{R_k}{1 + j\omega\tau_k}

is linear in its coefficients. M is chosen by Akaike's criterion (corrected for small samples): further elements would
fit noise. What remains, relative to :math:`|Z|`, is noise without order where the test is passed, and has a trend where
the cell drifted or left the linear range: no M can describe that.

**Distribution of relaxation times**, gamma >= 0 [Ohm cm2], by ridge regression: least squares with the penalty
:math:`\lambda^2\|\gamma''\|^2`, so that the answer is unique and smooth; peaks closer than about a factor of ten in tau
merge. Z Ohm cm2, tau s, L H cm2, C F cm-2.

.. math::
   Z = R_0 + j\omega L + \int \frac{\gamma(\ln\tau)}{1+j\omega\tau}\,d\ln\tau
"""

from dataclasses import dataclass

import numpy as np

from .circuits import checked

TRIALS = 24
"""Numbers of elements that the Kramers-Kronig test tries at most."""
PER_DECADE = 20
"""Time constants for each decade of a distribution."""
BEYOND = 1.0
"""Decades by which a distribution reaches beyond the measured frequencies."""
LEAST_PEAK = 1e-2
"""Height of a peak of the distribution that counts, relative to the highest."""


@dataclass(frozen=True)
class KramersKronig:
    """Outcome of the test: relative `residual` (complex) at each `frequency` [Hz], and the number of elements used."""

    frequency: np.ndarray
    residual: np.ndarray
    elements: int

    @property
    def largest(self):
        """Largest relative residual."""
        return float(np.max(abs(self.residual)))

    def passed(self, limit=0.01):
        """Whether no residual exceeds `limit` of |Z|."""
        return self.largest <= limit


def kramers_kronig(frequency, Z, most=60):
    """Linear Kramers-Kronig test of a spectrum [KramersKronig].

    Parameters
    ----------
    frequency, Z : arrays of shape (n,)
        Hz and Ohm cm2 (or Ohm).
    most : int
        Largest number of elements.

    Raises
    ------
    DataFileError
        The spectrum is none or has fewer than five points.

    >>> f = np.geomspace(1e5, 1.0, 51)
    >>> kramers_kronig(f, 10 + 20 / (1 + 2j * np.pi * f * 1e-3)).passed(1e-3)
    True
    """
    frequency, Z = checked(frequency, Z, 5)
    omega = 2 * np.pi * frequency
    least, outcome = np.inf, KramersKronig(frequency, np.full(len(frequency), np.inf + 0j), 0)
    for M in np.unique(np.geomspace(1, min(most, len(frequency)), TRIALS).astype(int)):
        tau = np.geomspace(1 / omega.max(), 1 / omega.min(), M)
        basis = np.column_stack([_plain(omega), 1 / (1j * omega), 1 / (1 + 1j * np.outer(omega, tau))])
        matrix, right = _weighted(basis, Z)
        found = np.linalg.lstsq(matrix / np.linalg.norm(matrix, axis=0), right, rcond=None)[0]
        off = right - matrix / np.linalg.norm(matrix, axis=0) @ found
        criterion = _akaike(np.sum(off**2), *matrix.shape)
        if criterion < least:
            residual = off[: len(omega)] + 1j * off[len(omega) :]
            outcome, least = KramersKronig(frequency, residual, int(M)), criterion
    return outcome


def _akaike(squares, points, coefficients):
    """Akaike's criterion, corrected for few points; infinite where there are too few."""
    if points <= coefficients + 1:
        return np.inf
    fit = points * np.log(squares / points + np.finfo(float).tiny)
    return fit + 2 * coefficients * points / (points - coefficients - 1)


def _plain(omega):
    """Columns of R_0 and L."""
    return np.column_stack([np.ones_like(omega), 1j * omega])


def _weighted(basis, Z):
    """Real matrix (2n, m) and right-hand side (2n,) of the complex equations, weighted by 1/|Z|."""
    basis, Z = basis / abs(Z)[:, None], Z / abs(Z)
    return np.vstack([basis.real, basis.imag]), np.concatenate([Z.real, Z.imag])


@dataclass(frozen=True)
class Relaxation:
    """Distribution of relaxation times: `gamma` [Ohm cm2] over `tau` [s], what stays in series, and its residual."""

    tau: np.ndarray
    gamma: np.ndarray
    resistance: float
    """R_0 [Ohm cm2]."""
    inductance: float
    """L [H cm2]."""
    elastance: float
    """1/C [cm2 F-1] of a capacitance in series; 0 unless it was asked for."""
    residual: float
    """Root mean square, relative to |Z|."""

    def peaks(self):
        """(frequency [Hz], resistance [Ohm cm2]) of each peak, highest frequency first; valleys part them."""
        from scipy.signal import argrelmin, find_peaks

        tops = find_peaks(self.gamma, height=LEAST_PEAK * self.gamma.max())[0]
        step, valleys = np.log(self.tau[1] / self.tau[0]), argrelmin(self.gamma, mode="wrap")[0]
        zeros = np.flatnonzero(self.gamma <= LEAST_PEAK * self.gamma.max())
        cuts = np.union1d(valleys, zeros)
        out = []
        for top in tops:
            left = max((c for c in cuts if c < top), default=0)
            right = min((c for c in cuts if c > top), default=len(self.gamma) - 1)
            out.append((float(1 / (2 * np.pi * self.tau[top])), float(self.gamma[left : right + 1].sum() * step)))
        return out


def relaxation_times(frequency, Z, ridge=0.01, blocking=False):
    """Distribution of relaxation times of a spectrum [Relaxation].

    Parameters
    ----------
    frequency, Z : arrays of shape (n,)
        Hz and Ohm cm2.
    ridge : float
        lambda: larger is smoother.
    blocking : bool
        Whether a capacitance stands in series, as with electrodes that block.

    Raises
    ------
    DataFileError
        The spectrum is none or has fewer than five points.
    """
    from scipy.optimize import nnls

    frequency, Z = checked(frequency, Z, 5)
    omega = 2 * np.pi * frequency
    low, high = np.log10(1 / omega.max()) - BEYOND, np.log10(1 / omega.min()) + BEYOND
    tau = np.logspace(low, high, int(np.ceil((high - low) * PER_DECADE)) + 1)
    step = np.log(tau[1] / tau[0])
    series = np.column_stack([_plain(omega), blocking / (1j * omega)])
    basis = np.column_stack([series, step / (1 + 1j * np.outer(omega, tau))])
    matrix, right = _weighted(basis, Z)
    size = np.median(abs(Z))
    bend = np.diff(np.eye(len(tau)), 2, axis=0) / size * ridge / step**1.5
    penalty = np.hstack([np.zeros((len(bend), 3)), bend])
    scale = np.linalg.norm(np.vstack([matrix, penalty]), axis=0)
    scale[scale == 0] = 1.0
    found = nnls(np.vstack([matrix, penalty]) / scale, np.concatenate([right, np.zeros(len(bend))]))[0] / scale
    rms = float(np.sqrt(np.mean((matrix @ found - right) ** 2)))
    return Relaxation(tau, found[3:], float(found[0]), float(found[1]), float(found[2]), rms)


def blocked_resistance(frequency, Z):
    """Resistance [Ohm cm2] of an electrolyte between blocking electrodes: Re Z where the arc ends and the spike begins.

    Coming from the lowest frequency, that is where -Im Z stops falling.

    >>> f = np.geomspace(7e6, 1.0, 70)
    >>> Z = 100 / (1 + 2j * np.pi * f * 2e-8) + 1 / (2j * np.pi * f * 5e-6)
    >>> round(float(blocked_resistance(f, Z)), 2)
    100.0

    Raises
    ------
    DataFileError
        The spectrum is none.
    """
    frequency, Z = checked(frequency, Z)
    rising = np.diff(-np.imag(Z)[::-1]) > 0
    return np.real(Z)[::-1][np.argmax(rising) if rising.any() else -1]
