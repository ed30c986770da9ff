"""A protocol from the command line: run it, write what came of it, print it."""

import json
import sys

from ..errors import NasimError, ProtocolError
from ..terminal import Bar, console
from .figures import save, without_windows


def stored(out, resume):
    """Where the checkpoint of a long run is, as arguments of its `run`."""
    if out is None:
        return {"resume": resume}
    out.mkdir(parents=True, exist_ok=True)
    return {"checkpoint": out / "checkpoint.npz", "resume": resume}


def perform(protocol, set_name, pressure, temperature, override, out, as_json, cycles, stored=None):
    """Run a protocol, write what was asked for, print the outcome; a run in which nothing passed is a mistake."""
    from ..results.report import nothing_passed

    if out is not None and out.exists() and not out.is_dir():
        raise NasimError(f"--out must be a folder; '{out}' is a file.")
    show = sys.stderr.isatty() and not as_json
    with Bar("cycles", cycles, show) as progress:
        result = protocol.run(
            parameters=set_name,
            stack_pressure_MPa=pressure,
            temperature_C=temperature,
            overrides=override,
            progress=progress.step,
            **(stored or {}),
        )
    if nothing_passed(result):
        raise ProtocolError(
            f"The run gave no result: {result.record['stopped_because']}. Choose another window, or a smaller current."
        )
    if out is not None:
        _write(result, out)
    if as_json:
        from ..results.report import as_object

        print(json.dumps(as_object(result)))
        return
    _print(result, out)


def _print(result, out):
    from ..evidence.published import marks_of
    from ..results import report

    screen = console()
    screen.print(report.cycle_table(result))
    published = marks_of(result.record)
    if published:
        screen.print(report.comparison_table(report.computed_values(result), published))
    for line in report.lines(result):
        screen.print(line, highlight=False)
    if out is not None:
        screen.print(f"written to {out}: {', '.join(sorted(item.name for item in out.iterdir()))}", highlight=False)


def _write(result, out):
    from ..evidence.published import marks_of

    without_windows()
    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    save(result.plot(published=marks_of(result.record)), out / "figure.png")
    if "ledger_sb_s_used_mAh_cm2" in result.summary and result.kept_cycles:
        save(result.plot_limits(), out / "limits.png")
