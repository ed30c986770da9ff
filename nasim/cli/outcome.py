"""A protocol from the command line: run it, write and print its result."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from ..checks import require_whole
from ..errors import ProtocolError, SolveError, UnknownNameError, nearest
from ..files import alone_in, check_folder, write_whole
from ..terminal import Bar, console, told
from .figures import save, without_windows

FORMATS = ("png", "pdf", "svg")
"""Formats of figures."""


def stored(out, resume):
    """Return the arguments of `run` for a checkpoint in the folder `out`."""
    return {"resume": resume} | ({} if out is None else {"checkpoint": out / "checkpoint.npz"})


@dataclass(frozen=True)
class Output:
    """What a command gives: a folder, one JSON object, the look of its figures, rows of its table, a grid of its curves."""

    out: Path | None = None
    as_json: bool = False
    format: str = "png"
    style: str = "screen"
    width: str = "double"
    rows: str = ""
    resample: int | None = None

    def look(self):
        """Return the context in which figures are drawn."""
        from ..plot.looks import look

        return look(self.style, self.width)

    def check(self):
        """Refuse a format, style or width that there is not, a grid without a folder, and a folder that is none."""
        if self.format not in FORMATS:
            expected = f"There is no format '{self.format}' of figures; expected {' or '.join(FORMATS)}."
            raise UnknownNameError(expected, nearest(self.format, FORMATS))
        with self.look():
            pass
        if self.resample is not None:
            require_whole("--resample", "points", self.resample, 2)
            if self.out is None:
                raise ProtocolError("--resample writes curves_even.csv; expected --out FOLDER beside it.")
        if self.out is not None:
            check_folder(self.out)


def perform(protocol, set_name, pressure, temperature, override, output, stored=None):
    """Run a protocol, write what was asked for, print the outcome; a run in which nothing passed is a mistake.

    Of a run that failed on the way, what was done before is written and printed too.
    """
    from ..engine.built_cell import KeptCell
    from ..experiments.protocol import Protocol

    protocol.check()
    output.check()
    out, as_json = output.out, output.as_json
    show = sys.stderr.isatty() and not as_json
    cell = KeptCell(stored=type(protocol).perform is Protocol.perform)
    with alone_in(out):
        try:
            with Bar("cycles", protocol.total(), show) as progress:
                result = protocol.run(
                    cell,
                    parameters=set_name,
                    stack_pressure_MPa=pressure,
                    temperature_C=temperature,
                    overrides=override,
                    progress=progress.step,
                    **(stored or {}),
                )
                cell.put_away()
        except SolveError as error:
            if error.result is not None and len(error.result.summary):
                _deliver(error.result, output)
            raise
        if result.nothing_passed:
            why = result.record["stopped_because"]
            raise ProtocolError(f"The run gave no result: {why}. Choose another window, or a smaller current.")
        _deliver(result, output)


def _deliver(result, output):
    from ..evidence.validity import validity

    stands = validity(result)
    as_object = (lambda: result.as_object() | {"validity": stands.as_object()}) if output.as_json else None
    deliver(output.out, lambda: _write(result, output), as_object, lambda: _print(result, output, stands))


def deliver(out, write, as_object, show):
    """Write what was computed to the folder `out`, if there is one, and print it; unwritten, it is printed all the same.

    Parameters
    ----------
    out : path or None
    write : callable ()
    as_object : callable () -> dict, optional
        Gives the one JSON object that is printed; without it, `show` prints.
    show : callable ()

    Raises
    ------
    OutputError
        It could not be written; it is printed by then.
    """
    problem = None
    if out is not None:
        try:
            write()
        except Exception as error:  # whatever is wrong with a figure, what was computed is printed
            problem = error
    if as_object is not None:
        print(json.dumps(as_object()))
    else:
        show()
    if problem is not None:
        raise problem
    if out is not None and as_object is None:
        names = sorted(item.name for item in out.iterdir() if not item.name.startswith("."))
        told(f"written to {out}: {', '.join(names)}")


def _print(result, output, stands):
    from ..evidence.published import marks_of
    from ..results import report

    screen = console()
    screen.print(report.result_table(result, screen.width, output.rows))
    published = marks_of(result.record)
    if published:
        screen.print(report.comparison_table(result.compared_values(), published))
    for line in result.lines():
        told(line)
    told(f"validity: {stands}")


def _write(result, output):
    from ..evidence.published import marks_of
    from ..plot.looks import SCREEN

    without_windows()
    out = output.out
    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    if output.resample is not None:
        table = result.resampled(output.resample)
        write_whole(out / "curves_even.csv", lambda part: table.to_csv(part, index=False))
    with output.look():
        for name, axes in result.figures(published=marks_of(result.record)).items():
            save(axes, out / f"{name}.{output.format}", None if output.style != SCREEN else 150)
