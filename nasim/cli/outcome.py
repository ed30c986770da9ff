"""A protocol from the command line: run it, write and print its result."""

import json
import sys

from ..errors import OutputError, ProtocolError, SolveError
from ..files import alone_in, check_folder
from ..terminal import Bar, console, told
from .figures import save, without_windows


def stored(out, resume):
    """Return the arguments of `run` for a checkpoint in the folder `out`."""
    return {"resume": resume} | ({} if out is None else {"checkpoint": out / "checkpoint.npz"})


def perform(protocol, set_name, pressure, temperature, override, out, as_json, stored=None):
    """Run a protocol, write what was asked for, print the outcome; a run in which nothing passed is a mistake.

    Of a run that failed on the way, what was done before is written and printed too.
    """
    protocol.check()
    if out is not None:
        check_folder(out)
    show = sys.stderr.isatty() and not as_json
    with alone_in(out):
        try:
            with Bar("cycles", protocol.total(), show) as progress:
                result = protocol.run(
                    parameters=set_name,
                    stack_pressure_MPa=pressure,
                    temperature_C=temperature,
                    overrides=override,
                    progress=progress.step,
                    **(stored or {}),
                )
        except SolveError as error:
            if error.result is not None and len(error.result.summary):
                _deliver(error.result, out, as_json)
            raise
        if result.nothing_passed:
            why = result.record["stopped_because"]
            raise ProtocolError(f"The run gave no result: {why}. Choose another window, or a smaller current.")
        _deliver(result, out, as_json)


def _deliver(result, out, as_json):
    deliver(out, lambda: _write(result, out), None if not as_json else result.as_object, lambda: _print(result))


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
        except OutputError as error:
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


def _print(result):
    from ..evidence.published import marks_of
    from ..results import report

    screen = console()
    screen.print(report.result_table(result))
    published = marks_of(result.record)
    if published:
        screen.print(report.comparison_table(result.compared_values(), published))
    for line in result.lines():
        told(line)


def _write(result, out):
    from ..evidence.published import marks_of

    without_windows()
    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    for name, axes in result.figures(published=marks_of(result.record)).items():
        save(axes, out / f"{name}.png")
