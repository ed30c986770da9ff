"""From measured files and what is said of them to the data of a fit, with a line a file that tells what is used."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .. import nomenclature as nm
from ..errors import DataFileError, ProtocolError
from ..instruments import Measurement, read, read_curve
from ..parameters import ParameterSet, load
from ..units import SECONDS_PER_HOUR
from .curves import GCDCurve
from .data import Data
from .digitised import from_curve
from .joining import joined
from .measured import from_measurement
from .plan import FileUse
from .pulses import from_pulses
from .spectra import from_spectrum, from_voltammogram
from .suitability import check_holds_half_cycles

MOST_SHOWN = 6
"""Half cycles of a file that a summary lists."""


def data_of(uses: Sequence[FileUse], start: ParameterSet, tell: Callable[[str], object] | None = None) -> list[Data]:
    """Read the files; returns all data in their order.

    Parameters
    ----------
    uses : sequence of FileUse
    start : ParameterSet
        Set of files that name none.
    tell : callable (str), optional
        Called with a summary of each file: what it holds, what is used.

    Raises
    ------
    DataFileError, ProtocolError, UnknownNameError
        A file cannot be read, or is not what it is used as.
    """
    found: list[Data] = []
    for group in _tests(uses):
        cell = load(group[0].set) if group[0].set else start
        data, lines = READERS[group[0].use](group, cell)
        if tell is not None:
            for line in lines:
                tell(line)
        found += data
    return found


def _tests(uses: Sequence[FileUse]) -> Iterator[list[FileUse]]:
    """Yield the files of one test together: those that continue the one before."""
    group: list[FileUse] = []
    for each in uses:
        if each.continues and not group:
            raise ProtocolError(f"{each.path}: the first file cannot continue another.")
        if group and not each.continues:
            yield group
            group = []
        group.append(each)
    yield group


def _half_cycles(group: list[FileUse], cell: ParameterSet):
    each = group[0]
    parts = [_cycled(one) for one in group]
    measurement = parts[0] if len(parts) == 1 else joined(parts)
    window = each.window_V or (cell.value(nm.LOWER_CUT_OFF), cell.value(nm.UPPER_CUT_OFF))
    noise = {"voltage_sd_mV": each.voltage_sd_mV, "capacity_sd": each.capacity_sd, "points": each.points}
    chosen = {"cycles": each.cycles, "directions": each.directions, "window_V": tuple(window), "ends": each.ends}
    chosen |= {"zero_current_A": each.zero_current_A, "start": cell}
    curves = from_measurement(measurement, **chosen, **noise, **each.where)
    return curves, _summary(measurement, curves, each.zero_current_A)


def _cycled(each: FileUse) -> Measurement:
    """Return a file as records of cycling; a file of mixed techniques without its spectra."""
    measurement = _read(each)
    if measurement.kind != "impedance":
        check_holds_half_cycles(measurement)
        return measurement
    try:
        series = _read(each, kind="gcd")
    except DataFileError:
        series = None
    if series is not None and len(series.data) > len(measurement.data):
        return series
    check_holds_half_cycles(measurement)
    return measurement if series is None else series


def _read(each: FileUse, **kind) -> Measurement:
    told: dict[str, Any] = {"area_cm2": each.area_cm2, "active_mass_mg": each.active_mass_mg, "sign": each.sign}
    told |= {"units": each.units, "columns": each.columns, "first_step": each.first_step}
    return read(each.path, **told, **kind)


def _summary(measurement, curves, zero_current_A):
    halves = measurement.half_cycles(zero_current_A)
    counts, shown = {}, []
    for direction, frame in halves:
        counts[direction] = counts.get(direction, 0) + 1
        areal = measurement.to_areal(frame)["Half Cycle Areal Capacity / mAh.cm-2"].iloc[-1]
        total = 1e3 * frame["Half Cycle Capacity / Ah"].iloc[-1]
        shown.append(f"{direction} {counts[direction]} {total:.3g} mAh ({areal:.3g} mAh cm-2)")
    used = ", ".join(curve.label.rsplit(", ", 1)[-1] for curve in curves[:MOST_SHOWN])
    more = [f"and {len(each) - MOST_SHOWN} more" if len(each) > MOST_SHOWN else "" for each in (halves, curves)]
    yield f"{measurement.path}: {len(halves)} half cycles: {', '.join(shown[:MOST_SHOWN])} {more[0]}".rstrip()
    yield f"  used: {used} {more[1]}".rstrip()
    yield from (f"  note: {note}" for note in measurement.notes)


def _pulses(group: list[FileUse], cell: ParameterSet):
    parts = [_cycled(one) for one in group]
    measurement = parts[0] if len(parts) == 1 else joined(parts)
    curve = from_pulses(measurement, voltage_sd_mV=group[0].voltage_sd_mV, points=group[0].points, **group[0].where)
    pieces = curve.pieces()
    pulses = sum(current != 0 for _, current in pieces)
    hours = sum(duration for duration, _ in pieces) / SECONDS_PER_HOUR
    return [curve], [f"{measurement.path}: {pulses} pulses and {len(pieces) - pulses} rests in {hours:.3g} h; all used"]


def _spectrum(group: list[FileUse], cell: ParameterSet):
    (each,) = group
    measurement = _read(each, kind="impedance")
    curve = from_spectrum(
        measurement, number=each.number, impedance_sd=each.impedance_sd, rest_h=each.rest_h, **each.where
    )
    f, real = curve.frequency_Hz, [Z.real for Z in curve.impedance_Ohm_cm2]
    ends = f"{f[0]:.3g} to {f[-1]:.3g} Hz, Re Z {min(real):.3g} to {max(real):.3g} Ohm cm2"
    return [curve], [f"{measurement.path}: a spectrum of {len(f)} frequencies, {ends}; used as one of a fresh cell"]


def _voltammogram(group: list[FileUse], cell: ParameterSet):
    (each,) = group
    measurement = _read(each, kind="cv")
    noise = {"current_sd_mA_cm2": each.current_sd_mA_cm2, "points": each.points}
    curve = from_voltammogram(measurement, scan_rate_mV_s=each.scan_rate_mV_s, **noise, **each.where)
    sweeps = len(curve.corners) - 1
    V = curve.voltage_V
    return [curve], [
        f"{measurement.path}: a voltammogram of {sweeps} sweeps between {V.min():.2f} and {V.max():.2f} V at "
        f"{curve.scan_rate_mV_s:.3g} mV s-1; noise {curve.current_sd_mA_cm2:.2g} mA cm-2"
    ]


def _points(group: list[FileUse], cell: ParameterSet):
    (each,) = group
    told: dict[str, Any] = {"area_cm2": each.area_cm2, "active_mass_mg": each.active_mass_mg}
    told |= {"current_mA_cm2": each.current_mA_cm2, "columns": each.columns, "units": each.units}
    stated = each.directions[0] if len(each.directions) == 1 else None
    curve = read_curve(each.path, kind=each.quantity, direction=stated, **told)
    noise = {key: getattr(each, key) for key in ("voltage_sd_mV", "capacity_sd", "dqdv_sd", "impedance_sd", "points")}
    found = from_curve(curve, start=cell, cycle=each.cycle, window_V=each.window_V, **noise, **each.where)
    what = {"voltage": "voltage against capacity", "fade": "capacity against cycle", "dqdv": "dQ/dV against voltage"}
    text = f"{curve.path}: {len(curve.data)} points, {what.get(curve.kind, 'a Nyquist plot')}, {found.label}"
    if isinstance(found, GCDCurve):
        text += f" to {found.capacity:.3g} mAh cm-2"
    loading = "" if curve.per != "mass" or each.active_mass_mg else f"; loading of set '{cell.name}'"
    return [found], [text + loading, *(f"  note: {note}" for note in curve.notes)]


READERS: dict[str, Callable] = {
    "half-cycles": _half_cycles,
    "pulses": _pulses,
    "spectrum": _spectrum,
    "voltammogram": _voltammogram,
    "points": _points,
}
"""Word of `FileUse.use` -> function of the files of one test and its set, which returns data and lines of a summary."""
