r"""Points of a Nyquist plot whose frequencies are not known, as data of a fit.

The residual of a point is its distance to the computed curve across it, over :math:`\sigma_Z |Z_m|`: where along the curve
it lies tells nothing.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ..engine.stepper import Step
from ..errors import DataFileError
from ..parameters import ParameterSet
from ..units import SECONDS_PER_HOUR
from .data import Data, Shown, check_positive, columns
from .history import Leg
from .responses import IMPEDANCE_SD
from .traces import TraceStepper

GRID_HZ = np.logspace(7, -3, 151)


@dataclass(frozen=True, kw_only=True, eq=False)
class NyquistCurve(Data):
    """Impedances without frequencies, after the legs and a rest.

    Parameters
    ----------
    impedance_Ohm_cm2 : array_like of shape (n,)
        Complex impedance [Ohm cm2], its imaginary part negative where the cell is capacitive.
    impedance_sd : float
        Noise, a share of \\|Z\\|.
    legs : tuple of Leg
        Half cycles from the fresh cell on; default none.
    rest_h : float
        Rest before the spectrum [h].
    conditions, label, source, sha256
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError
        The points are no impedances, or the noise is not above zero.
    """

    goes_on: ClassVar[bool] = True
    legs: tuple[Leg, ...] = ()
    impedance_Ohm_cm2: np.ndarray = field(repr=False)
    impedance_sd: float = IMPEDANCE_SD
    rest_h: float = 0.0

    def __post_init__(self):
        who = self.label or self.source or "Nyquist points"
        Z = np.asarray(self.impedance_Ohm_cm2, dtype=complex)
        columns(who, np.real(Z), np.imag(Z))
        check_positive(who, impedance_sd=self.impedance_sd)
        if np.any(Z == 0):
            raise DataFileError(f"{who}: an impedance is zero.")
        self._set(impedance_Ohm_cm2=Z)

    def measure(self, stepper: TraceStepper, parameters: ParameterSet) -> np.ndarray:
        """Return the computed spectrum [Ohm cm2] on a dense grid of frequencies."""
        if self.rest_h:
            stepper.run(Step("rest", SECONDS_PER_HOUR * self.rest_h))
        analyser = stepper.analyser(parameters, 0.0, 0.0)
        analyser.frequency = GRID_HZ
        return analyser.measure().impedance

    def residuals(self, outcome: np.ndarray) -> np.ndarray:
        """Return the distances of the points to the computed curve in standard deviations, signed."""
        return across(self.impedance_Ohm_cm2, outcome) / (self.impedance_sd * np.abs(self.impedance_Ohm_cm2))

    def shown(self) -> Shown:
        """Return the distances [Ohm cm2], of which those measured are zero, against the real part."""
        Z = self.impedance_Ohm_cm2
        sd = self.impedance_sd * np.abs(Z)
        return Shown(np.real(Z), np.zeros(len(Z)), sd, "Re Z [Ohm.cm2]", "distance to the curve [Ohm.cm2]")


def across(points: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """Return the signed distance of the curve from each point, shape (points,).

    Parameters
    ----------
    points, curve : complex array
        The curve is a chain of straight pieces.

    Examples
    --------
    >>> across(np.array([1 + 1j, 3 - 0.5j]), np.array([0j, 2 + 0j, 4 + 0j])).tolist()
    [1.0, -0.5]
    """
    piece = np.diff(curve)
    away = points[:, None] - curve[:-1]
    share = np.clip(np.real(away * np.conj(piece)) / np.abs(piece) ** 2, 0.0, 1.0)
    off = away - share * piece
    nearest = np.argmin(np.abs(off), axis=1)
    rows = np.arange(len(points))
    side = np.sign(np.imag(off[rows, nearest] * np.conj(piece[nearest])))
    return np.abs(off[rows, nearest]) * np.where(side == 0, 1.0, side)
