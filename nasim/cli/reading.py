"""The command that looks at a measured file: what it is, half cycles, spectra, peaks, notes; figure, tables, conversion."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import OutputError, ProtocolError
from ..files import check_file, check_folder, write_whole
from ..terminal import Json, Out, as_text, console, told
from .figures import save, without_windows
from .tables import Columns, Decimal, Delimiter, Unit, table_arguments

MOST_ROWS = 40
DECIMALS = {"records": 0, "half_cycle": 0, "spectrum": 0, "points": 0, "cycle": 0, "over_previous": 3}


def read(
    file: Annotated[Path, typer.Argument(help="A measured file, or a curve without time.")],
    kind: Annotated[str | None, typer.Option(help="'gcd', 'cv' or 'impedance'; by default the file tells.")] = None,
    columns: Columns = None,
    unit: Unit = None,
    delimiter: Delimiter = None,
    decimal: Decimal = None,
    sign: Annotated[str | None, typer.Option(help="'charge positive' or 'discharge positive'.")] = None,
    first_step: Annotated[str | None, typer.Option(help="'discharge' or 'charge': what the file begins with.")] = None,
    area: Annotated[float | None, typer.Option(help="Electrode area in cm2.")] = None,
    mass: Annotated[float | None, typer.Option(help="Active mass in mg.")] = None,
    zero_current: Annotated[float | None, typer.Option(help="Currents up to this count as rest, in A.")] = None,
    bdf: Annotated[
        Path | None, typer.Option(help="Write the records in the Battery Data Format: .csv or .parquet.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
):
    """Look at a measured file without a fit: half cycles, spectra, dQ/dV peaks, notes."""
    from ..instruments import curve_reading, read_curve
    from ..instruments import read as read_file

    if out is not None:
        check_folder(out)
    if bdf is not None:
        _check_bdf(bdf, file)
    text: dict[str, Any] = table_arguments(columns, unit, delimiter, decimal)
    text |= {"area_cm2": area, "active_mass_mg": mass}
    if kind is None and curve_reading.is_curve(file, text["columns"], text["units"], text["delimiter"]):
        if bdf is not None:
            raise ProtocolError(
                f"--bdf: {file} is a curve without time; the Battery Data Format is for records of a test."
            )
        seen = _Curve(read_curve(file, **text))
    else:
        stated: dict[str, Any] = {"sign": sign, "first_step": first_step, "zero_current_A": zero_current}
        seen = _Measured(read_file(file, kind=kind, **text, **stated))

    if as_json:
        from ..results.plain import plain

        print(json.dumps(plain(seen.as_object())))
    else:
        _show(seen)
    for path, write in ((bdf, seen.convert), (out, seen.write)):
        if path is not None:
            write(path)
            if not as_json:
                told(f"written to {path}")


def _check_bdf(path, file):
    """Refuse to write to a file of another kind, to a folder, where nothing can be written, and over what is read."""
    from ..instruments.bdf import suitable

    check_file(suitable(path), "--bdf")
    if path.exists() and file.exists() and path.samefile(file):
        raise OutputError(f"--bdf: '{path}' is the file that is read; give the name of another file.")


def _show(seen):
    for line in seen.lines():
        told(line)
    for title, table in seen.tables().items():
        console().print(_shown(title, table))
    for note in seen.what.notes:
        told(f"note: {note}")


class _Measured:
    """What is told of a measurement."""

    def __init__(self, measurement):
        from ..instruments import summary

        self.what = measurement
        self.halves = summary.half_cycle_table(measurement) if measurement.kind == "gcd" else None
        self.spectra = summary.spectra_table(measurement)
        self.peaks = summary.peak_voltages(measurement) if measurement.kind == "gcd" else {}

    def lines(self):
        what = self.what
        yield f"{what.path}: {what.kind}, written by {what.instrument}, {len(what.data)} records"
        for number, found in list(self.peaks.items())[:2]:
            marks = ", ".join(f"{at:.2f}" + (f" ({kind})" if kind != "peak" else "") for at, kind in found)
            yield f"dQ/dV of half cycle {number} ({what.found_half_cycles()[number - 1].direction}): {marks or 'none'} V"

    def tables(self):
        found = {"half cycles": self.halves, "spectra": self.spectra}
        return {title: table for title, table in found.items() if table is not None and len(table)}

    def as_object(self):
        what = self.what
        out = {
            name: getattr(what, name) for name in ("path", "sha256", "kind", "instrument", "active_mass_mg", "area_cm2")
        }
        out |= {"records": len(what.data), "half_cycles": [] if self.halves is None else self.halves.to_dict("records")}
        out["spectra"] = self.spectra.to_dict("records")
        out["dqdv"] = {number: [{"voltage_V": v, "kind": kind} for v, kind in f] for number, f in self.peaks.items()}
        return out | {"notes": list(what.notes)}

    def convert(self, path):
        self.what.to_bdf(path)

    def write(self, folder):
        from .. import plot

        without_windows()
        for title, table in self.tables().items():
            write_whole(
                folder / f"{title.replace(' ', '_')}.csv", lambda part, table=table: table.to_csv(part, index=False)
            )
        save(plot.measured(self.what), folder / "figure.png")


class _Curve:
    """What is told of a curve without time."""

    def __init__(self, curve):
        self.what = curve

    def lines(self):
        what = self.what
        yield f"{what.path}: a curve without time ({what.kind}{', ' + what.direction if what.direction else ''}), {len(what.data)} points"
        for name in what.data:
            yield f"{name}: {what.data[name].min():.5g} to {what.data[name].max():.5g}"

    def tables(self):
        return {}

    def as_object(self):
        names = ("path", "sha256", "kind", "direction", "per", "current_mA_cm2", "active_mass_mg", "area_cm2")
        points = {name: self.what.data[name].tolist() for name in self.what.data}
        return {name: getattr(self.what, name) for name in names} | {"points": points, "notes": list(self.what.notes)}

    def convert(self, path):
        raise NotImplementedError  # is refused before it is read

    def write(self, folder):
        from .. import plot

        without_windows()
        write_whole(folder / "curve.csv", lambda part: self.what.data.to_csv(part, index=False))
        save(plot.measured_curve(self.what), folder / "figure.png")


def _shown(title, table):
    """A table for the terminal, of the first rows where there are many."""
    from rich.table import Table

    more = f" (the first {MOST_ROWS} of {len(table)})" if len(table) > MOST_ROWS else ""
    shown = Table(title=as_text(title + more))
    for name in table:
        shown.add_column(name.replace("_", " "), justify="right")
    for row in table.head(MOST_ROWS).itertuples(index=False):
        shown.add_row(*(as_text(_cell(name, value)) for name, value in zip(table, row, strict=True)))
    return shown


def _cell(name, value):
    if value is None or value != value:
        return ""
    return value if isinstance(value, str) else f"{value:.{DECIMALS[name]}f}" if name in DECIMALS else f"{value:.4g}"
