"""A protocol from the command line: run it, write and print its result."""

import json
import sys

from ..errors import NasimError, ProtocolError
from ..terminal import Bar, console
from .figures import save, without_windows


def stored(out, resume):
    """Return the arguments of `run` for a checkpoint in the folder `out`, which is made."""
    if out is None:
        return {"resume": resume}
    check_folder(out)
    out.mkdir(parents=True, exist_ok=True)
    return {"checkpoint": out / "checkpoint.npz", "resume": resume}


def check_folder(out):
    """Raise NasimError where `out` is a file."""
    if out is not None and out.exists() and not out.is_dir():
        raise NasimError(f"--out must be a folder; '{out}' is a file.")


def perform(protocol, set_name, pressure, temperature, override, out, as_json, stored=None):
    """Run a protocol, write what was asked for, print the outcome; a run in which nothing passed is a mistake."""
    check_folder(out)
    protocol.check()
    show = sys.stderr.isatty() and not as_json
    with Bar("cycles", protocol.total(), show) as progress:
        result = protocol.run(
            parameters=set_name,
            stack_pressure_MPa=pressure,
            temperature_C=temperature,
            overrides=override,
            progress=progress.step,
            **(stored or {}),
        )
    if result.nothing_passed:
        raise ProtocolError(
            f"The run gave no result: {result.record['stopped_because']}. Choose another window, or a smaller current."
        )
    if out is not None:
        _write(result, out)
    if as_json:
        print(json.dumps(result.as_object()))
        return
    _print(result, out)


def _print(result, out):
    from ..evidence.published import marks_of
    from ..results import report

    screen = console()
    screen.print(report.result_table(result))
    published = marks_of(result.record)
    if published:
        screen.print(report.comparison_table(result.compared_values(), published))
    for line in result.lines():
        screen.print(line, highlight=False)
    if out is not None:
        screen.print(f"written to {out}: {', '.join(sorted(item.name for item in out.iterdir()))}", highlight=False)


def _write(result, out):
    from ..evidence.published import marks_of

    without_windows()
    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    for name, axes in result.figures(published=marks_of(result.record)).items():
        save(axes, out / f"{name}.png")
