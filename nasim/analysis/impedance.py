r"""Spectra, measured or simulated: are they sound, and what is the resistance of an electrolyte.

**Kramers-Kronig.** A linear, causal, stable cell has a spectrum that a chain of RC elements can describe, whatever its
physics (Boukamp, J. Electrochem. Soc. 142 (1995) 1885). With M time constants spread evenly in logarithm over the range
of 1/omega,

.. math::
   Z \approx R_0 + j\omega L + \frac{1}{j\omega C} + \sum_{k=1}^{M} \frac{R_k}{1 + j\omega\tau_k}

is linear in its coefficients. M is chosen by Akaike's criterion (corrected for small samples): further elements would
fit noise. What remains, relative to :math:`|Z|`, is noise without order where the test is passed, and has a trend where
the cell drifted or left the linear range: no M can describe that.
"""

from dataclasses import dataclass

import numpy as np

from ..checks import require_whole
from .circuits import checked

TRIALS = 24
"""Numbers of elements that the Kramers-Kronig test tries at most."""


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
        """Whether no residual exceeds `limit` of :math:`|Z|`."""
        return self.largest <= limit


def kramers_kronig(frequency, Z, most=60):
    """Test a spectrum for linearity and causality by a linear Kramers-Kronig fit.

    Parameters
    ----------
    frequency, Z : arrays of shape (n,)
        Hz and Ohm cm2 (or Ohm).
    most : int
        Largest number of elements.

    Returns
    -------
    KramersKronig

    Raises
    ------
    DataFileError
        The spectrum is none or has fewer than five points.
    ProtocolError
        `most` is no whole number from 1.

    >>> f = np.geomspace(1e5, 1.0, 51)
    >>> kramers_kronig(f, 10 + 20 / (1 + 2j * np.pi * f * 1e-3)).passed(1e-3)
    True
    """
    require_whole("kramers_kronig", "most", most, 1)
    frequency, Z = checked(frequency, Z, 5)
    omega = 2 * np.pi * frequency
    least, outcome = np.inf, KramersKronig(frequency, np.full(len(frequency), np.inf + 0j), 0)
    for M in np.unique(np.geomspace(1, min(most, len(frequency)), TRIALS).astype(int)):
        tau = np.geomspace(1 / omega.max(), 1 / omega.min(), M)
        basis = np.column_stack([plain_columns(omega), 1 / (1j * omega), 1 / (1 + 1j * np.outer(omega, tau))])
        matrix, right = weighted(basis, Z)
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


def plain_columns(omega):
    """Columns of R_0 and L."""
    return np.column_stack([np.ones_like(omega), 1j * omega])


def weighted(basis, Z):
    """Real matrix (2n, m) and right-hand side (2n,) of the complex equations, weighted by :math:`1/|Z|`."""
    basis, Z = basis / abs(Z)[:, None], Z / abs(Z)
    return np.vstack([basis.real, basis.imag]), np.concatenate([Z.real, Z.imag])


def blocked_resistance(frequency, Z):
    """Read the resistance of an electrolyte between blocking electrodes off its spectrum.

    It is Re Z where the arc ends and the spike begins: coming from the lowest frequency, where -Im Z stops falling.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    Z : array, shape (n,)
        Complex, Ohm cm2.

    Returns
    -------
    float
        Ohm cm2.

    Raises
    ------
    DataFileError
        The spectrum is none.

    Examples
    --------
    >>> f = np.geomspace(7e6, 1.0, 70)
    >>> Z = 100 / (1 + 2j * np.pi * f * 2e-8) + 1 / (2j * np.pi * f * 5e-6)
    >>> round(float(blocked_resistance(f, Z)), 2)
    100.0
    """
    frequency, Z = checked(frequency, Z)
    rising = np.diff(-np.imag(Z)[::-1]) > 0
    return np.real(Z)[::-1][np.argmax(rising) if rising.any() else -1]
