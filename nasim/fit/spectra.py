"""Spectra and voltammograms to fit to, from measured files."""

from typing import Any

import numpy as np

from ..checks import require_kind
from ..errors import DataFileError, ProtocolError
from ..instruments import Measurement, labels
from .history import Conditions
from .responses import IMPEDANCE_SD, CVCurve, ImpedanceCurve
from .sources import frozen

CURRENT_SHARE = 0.02
"""Noise of the current of a voltammogram where none is stated, a share of its largest."""
UNEVEN = 0.05
"""A scan rate may vary by this share of the records' median."""


def from_spectrum(
    measurement: Measurement,
    *,
    number: int | None = None,
    impedance_sd: float = IMPEDANCE_SD,
    rest_h: float = 0.0,
    **where: Any,
) -> ImpedanceCurve:
    """Return a measured spectrum of a fresh cell as an `ImpedanceCurve`.

    Parameters
    ----------
    measurement : Measurement
        Of kind "impedance", its area known.
    number : int, optional
        Which spectrum of the file, from 1; needed where it holds several.
    impedance_sd : float
        Noise, a share of \\|Z\\|.
    rest_h : float
        Rest of the cell before it [h].
    **where
        Keywords of `Conditions`: parameters, temperature_C, stack_pressure_MPa, overrides.

    Raises
    ------
    DataFileError
        The file holds no spectrum, or its area is not known.
    ProtocolError
        It holds several, and none of that number was asked for.
    """
    require_kind(
        "from_spectrum", "measurement", measurement, Measurement, "a nasim.Measurement, as nasim.read gives it"
    )
    who = measurement.path or "measurement"
    if measurement.kind != "impedance":
        raise DataFileError(f"{who}: holds no spectrum; it is of kind '{measurement.kind}'.")
    spectra = measurement.spectra()
    if number is None and len(spectra) > 1:
        raise ProtocolError(f"{who}: holds {len(spectra)} spectra; say which with number=1 to {len(spectra)}.")
    if number is not None and not 1 <= number <= len(spectra):
        raise ProtocolError(f"{who}: there is no spectrum number {number}; the file holds {len(spectra)}.")
    part = measurement.to_areal(spectra[(number or 1) - 1].data)
    Z = part["Real Impedance / ohm.cm2"].to_numpy() + 1j * part["Imaginary Impedance / ohm.cm2"].to_numpy()
    return ImpedanceCurve(
        frequency_Hz=part[labels.FREQUENCY].to_numpy(),
        impedance_Ohm_cm2=Z,
        impedance_sd=impedance_sd,
        rest_h=rest_h,
        conditions=Conditions(**frozen(where)),
        label=f"{who.rsplit('/', 1)[-1]}, spectrum {number or 1}",
        source=measurement.path,
        sha256=measurement.sha256,
    )


def from_voltammogram(
    measurement: Measurement,
    *,
    scan_rate_mV_s: float | None = None,
    current_sd_mA_cm2: float | None = None,
    points: int = 400,
    **where: Any,
) -> CVCurve:
    """Return a measured voltammogram of a fresh cell as a `CVCurve`.

    Parameters
    ----------
    measurement : Measurement
        Of kind "cv" (or "gcd", a file that does not say), its area known; current positive on charge.
    scan_rate_mV_s : float, optional
        Default that of the records.
    current_sd_mA_cm2 : float, optional
        Noise of the current [mA cm-2]; default 2 % of the largest.
    points : int
        At most so many records are used.
    **where
        Keywords of `Conditions`.

    Raises
    ------
    DataFileError
        It is a spectrum, or no sweep at one rate.
    ProtocolError
        The first sweep goes up, or the voltage does not sweep.
    """
    require_kind(
        "from_voltammogram", "measurement", measurement, Measurement, "a nasim.Measurement, as nasim.read gives it"
    )
    who = measurement.path or "measurement"
    if measurement.kind == "impedance":
        raise DataFileError(f"{who}: holds impedance spectra and no voltammogram.")
    frame = measurement.to_areal()
    V, current = frame[labels.VOLTAGE].to_numpy(), -frame["Current Density / mA.cm-2"].to_numpy()
    rate = scan_rate_mV_s or _scan_rate(who, frame[labels.TIME].to_numpy(), V)
    return CVCurve(
        voltage_V=V,
        current_mA_cm2=current,
        scan_rate_mV_s=rate,
        current_sd_mA_cm2=current_sd_mA_cm2 or CURRENT_SHARE * float(np.abs(current).max()),
        points=points,
        conditions=Conditions(**frozen(where)),
        label=f"{who.rsplit('/', 1)[-1]}, voltammogram",
        source=measurement.path,
        sha256=measurement.sha256,
    )


def _scan_rate(who, time, voltage):
    """Return the rate [mV s-1] of records that sweep at one rate."""
    moved = np.diff(time) > 0
    rates = 1e3 * np.abs(np.diff(voltage)[moved] / np.diff(time)[moved])
    rate = float(np.median(rates))
    if rate == 0 or np.mean(np.abs(rates - rate) > UNEVEN * rate) > 0.5:
        raise DataFileError(f"{who}: the voltage does not sweep at one rate; give scan_rate_mV_s if it does.")
    return rate
