"""The command line: parses, calls, prints. The words are those of the Python names."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .errors import NasimError, ProtocolError, SolveError
from .sweep.command import sweep
from .terminal import (
    Bar,
    Current,
    Cycles,
    Json,
    Out,
    Override,
    Pressure,
    Resume,
    SetOption,
    Temperature,
    Window,
    console,
)

app = typer.Typer(
    help="Simulate solid-state sodium-sulfur cells from their physics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
run = typer.Typer(help="Run an experiment on a cell.", no_args_is_help=True)
app.add_typer(run, name="run")


@run.command()
def gcd(
    set: SetOption = "Yuan2025_NAS",
    current: Current = None,
    window: Window = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    cycles: Cycles = 2,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Galvanostatic charge-discharge: capacities, dQ/dV peaks, audit, figure."""
    from .experiments.gcd import GCD

    protocol = GCD(current_mA_cm2=current, cycles=cycles, window=window)
    _run(protocol, set, pressure, temperature, override, out, as_json, cycles)


@run.command()
def cycle(
    set: SetOption = "Yuan2025_NAS",
    current: Current = None,
    charge_current: Annotated[float | None, typer.Option(help="Current density of the charge in mA cm-2.")] = None,
    window: Window = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    cycles: Cycles = 140,
    hold_until: Annotated[float | None, typer.Option(help="Hold the upper cut-off until this mA cm-2.")] = None,
    rest: Annotated[float, typer.Option(help="Rest after each half cycle in h.")] = 0.0,
    capacity_limit: Annotated[float | None, typer.Option(help="End a half cycle at this mAh cm-2.")] = None,
    stop_below: Annotated[float | None, typer.Option(help="Stop below this share of the first capacity.")] = None,
    keep: Annotated[list[int] | None, typer.Option(help="Keep the curve of this cycle (repeatable).")] = None,
    override: Override = None,
    out: Out = None,
    resume: Resume = False,
    as_json: Json = False,
):
    """Cycling for capacity fade; with --out it writes a checkpoint as it goes and --resume continues it."""
    from .experiments.cycling import Cycling

    options = {"charge_current_mA_cm2": charge_current, "hold_until_mA_cm2": hold_until, "rest_h": rest}
    options |= {"capacity_limit_mAh_cm2": capacity_limit, "stop_below": stop_below, "keep": keep and tuple(keep)}
    protocol = Cycling(current_mA_cm2=current, cycles=cycles, window=window, **options)
    _run(protocol, set, pressure, temperature, override, out, as_json, cycles, _stored(out, resume))


@run.command()
def rate(
    set: SetOption = "Yuan2025_NAS",
    currents: Annotated[
        list[str] | None, typer.Option(help="Current densities in mA cm-2: --currents 0.1 0.2 0.5")
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    cycles_per_step: Annotated[int, typer.Option(help="Cycles at each current.")] = 5,
    window: Window = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    out: Out = None,
    resume: Resume = False,
    as_json: Json = False,
):
    """Rate test: a few cycles at each of several currents (default 0.1C to 1C)."""
    from .experiments.cycling import RATE_TEST_MA_CM2, RateTest

    chosen = _numbers("--currents", currents, more) or RATE_TEST_MA_CM2
    protocol = RateTest(chosen, cycles_per_step, window)
    total = len(chosen) * cycles_per_step
    _run(protocol, set, pressure, temperature, override, out, as_json, total, _stored(out, resume))


@run.command()
def symmetric(
    set: SetOption = "Yuan2025_symmetric_NAS",
    current: Annotated[float, typer.Option(help="Current density in mA cm-2.")] = 0.51,
    capacity: Annotated[float, typer.Option(help="Charge of each half cycle in mAh cm-2.")] = 0.51,
    hours: Annotated[float, typer.Option(help="Length of the test in h.")] = 300.0,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Symmetric cell: plating and stripping, overpotential against time."""
    from .experiments.symmetric import SymmetricCycling

    protocol = SymmetricCycling(current, capacity, hours)
    cycles = max(1, int(hours * current / (2 * capacity))) if capacity > 0 else 1
    _run(protocol, set, pressure, temperature, override, out, as_json, cycles)


@run.command()
def cv(
    set: SetOption = "Yuan2025_NAS",
    scan_rate: Annotated[
        list[str] | None, typer.Option(help="Scan rates in mV s-1, default 0.2: --scan-rate 0.1 0.2")
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    scans: Annotated[int, typer.Option(help="Scans at each rate.")] = 3,
    window: Window = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Cyclic voltammetry: current against voltage, peaks."""
    from .experiments.cv import CV

    rates = _numbers("--scan-rate", scan_rate, more) or (0.2,)
    _run(CV(rates, scans, window), set, pressure, temperature, override, out, as_json, scans * len(rates))


@run.command()
def eis(
    set: SetOption = "Yuan2025_NAS",
    after_cycles: Annotated[list[int] | None, typer.Option(help="Cycles before a spectrum (repeatable).")] = None,
    voltage: Annotated[list[float] | None, typer.Option(help="A spectrum at this voltage (repeatable).")] = None,
    charged: Annotated[
        list[float] | None, typer.Option(help="A spectrum at this state of charge (repeatable).")
    ] = None,
    direction: Annotated[str, typer.Option(help="discharge or charge: on which way voltages are met.")] = "discharge",
    rest: Annotated[float, typer.Option(help="Rest before a spectrum in h.")] = 1.0,
    highest: Annotated[float, typer.Option(help="Highest frequency in Hz.")] = 7e6,
    lowest: Annotated[float, typer.Option(help="Lowest frequency in Hz.")] = 0.1,
    per_decade: Annotated[float, typer.Option(help="Frequencies in a decade.")] = 10,
    inductance: Annotated[float, typer.Option(help="Of the cables in H.")] = 0.0,
    lead_resistance: Annotated[float, typer.Option(help="Of the cables in Ohm.")] = 0.0,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Impedance spectra of a fresh or cycled cell, at a voltage or state of charge."""
    from .experiments.eis import EIS

    where = {"voltages": tuple(voltage or ()), "states_of_charge": tuple(charged or ()), "direction": direction}
    cables = {"inductance_H": inductance, "lead_resistance_Ohm": lead_resistance}
    protocol = EIS(highest, lowest, per_decade, tuple(after_cycles or (0,)), rest_h=rest, **where, **cables)
    _run(protocol, set, pressure, temperature, override, out, as_json, None)


@run.command("ocv-eis")
def ocv_eis(
    set: SetOption = "Yuan2025_symmetric_NAS",
    hours: Annotated[float, typer.Option(help="Length of the rest in h.")] = 24.0,
    every: Annotated[float, typer.Option(help="Time between spectra in h.")] = 1.0,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Impedance while a cell rests: the growing interphase as an arc."""
    from .experiments.ocv_eis import OpenCircuitEIS

    _run(OpenCircuitEIS(hours, every), set, pressure, temperature, override, out, as_json, None)


def _numbers(option, given, more):
    """The numbers of an option, a tuple: "0.1,0.2", "0.1 0.2" (whose tail is in `more`), or the option repeated.

    Empty where nothing was given.
    """
    if more and len(given or ()) != 1:
        raise ProtocolError(f"Put all numbers behind one {option}; '{' '.join(more)}' stands by itself.")
    text = " ".join([*(given or ()), *(more or ())])
    try:
        found = tuple(float(part) for part in text.replace(",", " ").split())
    except ValueError:
        found = ()
    if given and not found:
        raise ProtocolError(f"{option} takes numbers separated by spaces or commas; '{text}' was given.")
    return found


def _stored(out, resume):
    """Where the checkpoint of a long run is, as arguments of its `run`."""
    if out is None:
        return {"resume": resume}
    out.mkdir(parents=True, exist_ok=True)
    return {"checkpoint": out / "checkpoint.npz", "resume": resume}


@app.command()
def sets(name: Annotated[str | None, typer.Argument(help="Show every value of this set.")] = None):
    """List the parameter sets, or every value of one with its source."""
    from rich.table import Table

    from .parameters import available, load
    from .report import set_table

    screen = console()
    if name is not None:
        screen.print(set_table(load(name)))
        return
    table = Table(title="Parameter sets")
    table.add_column("name", no_wrap=True)
    table.add_column("what")
    for known in available():
        table.add_row(known, load(known).title)
    screen.print(table)


@app.command()
def scorecard(
    rows: Annotated[list[str] | None, typer.Argument(help="Ids of published rows; default all.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default one a processor.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and the figures.")] = None,
    sensitivities: Annotated[bool, typer.Option(help="Show what the headline rows hang on instead.")] = False,
    as_json: Json = False,
):
    """Every published number against the model: target, computed, verdict. Exit code 0 whatever the verdicts."""
    from . import report
    from .scorecard import scorecard as compare

    if sensitivities:
        from .sensitivity import HEADLINE, ledger, notable

        table = ledger(tuple(rows or HEADLINE))
        if as_json:
            print(json.dumps({"ledger": report.plain(table.to_dict("records"))}))
            return
        text = f"assumed, and moving a row by more than 5 %:\n{notable(table).to_string()}\n\n{table.to_string()}"
        console().print(text, highlight=False, markup=False)
        return

    with Bar("runs", None, sys.stderr.isatty() and not as_json) as progress:
        scores = compare(*(rows or ()), workers=workers, progress=progress.label)
    if out is not None:
        _write_scores(scores, out)
    if as_json:
        print(json.dumps(report.plain(scores.as_record())))
        return
    console().print(report.score_table(scores))
    for line in report.score_lines(scores):
        console().print(line, highlight=False)


def _write_scores(scores, out):
    import matplotlib

    matplotlib.use("Agg")
    from .experiments.result import write_whole

    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "scorecard.csv", lambda part: scores.table.to_csv(part, index=False))
    for label, axes in scores.figures().items():
        figure = _figure_of(axes)
        name = "".join(letter if letter.isalnum() else "_" for letter in label)
        write_whole(out / f"{name}.png", lambda part, figure=figure: figure.savefig(part, dpi=110, bbox_inches="tight"))


@app.command()
def fit(
    files: Annotated[list[Path], typer.Argument(help="Cycler files: Neware, BioLogic, BDF or plain CSV.")],
    vary: Annotated[list[str], typer.Option(help="Parameter to fit (repeatable).")],
    set: SetOption = "Yuan2025_NAS",
    area: Annotated[float | None, typer.Option(help="Electrode area in cm2.")] = None,
    mass: Annotated[float | None, typer.Option(help="Active mass (sulfur) in mg.")] = None,
    sign: Annotated[str | None, typer.Option(help="'charge positive' or 'discharge positive'.")] = None,
    first_step: Annotated[str | None, typer.Option(help="'discharge' or 'charge': what the file begins with.")] = None,
    window: Window = None,
    cycle: Annotated[list[int] | None, typer.Option(help="Fit this cycle (repeatable).")] = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    out: Out = None,
    resume: Resume = False,
    as_json: Json = False,
):
    """Fit parameters to measured curves: values, intervals, what the data cannot tell, a report page."""
    from .fit import run_files
    from .report import fit_lines, plain

    asked = {"area_cm2": area, "active_mass_mg": mass, "sign": sign, "first_step": first_step, "window_V": window}
    conditions = {"temperature_C": temperature, "stack_pressure_MPa": pressure, "cycles": cycle or None}
    found = run_files(files, vary, set, out, resume=resume, **asked, **conditions)
    if as_json:
        print(json.dumps(plain(found.as_object())))
        return
    for line in fit_lines(found):
        console().print(line, highlight=False, markup=False)


app.command()(sweep)


@app.command()
def pore(
    sigma: Annotated[list[float] | None, typer.Option(help="Conductivity in mS cm-1 (repeatable).")] = None,
    radius: Annotated[float, typer.Option(help="Radius of the pore in um.")] = 10.0,
    out: Out = None,
    as_json: Json = False,
):
    """Current along the anode interface beside a pore, for one or more conductivities (default NAS and NPS)."""
    from .report import plain
    from .studies.pore import solve_pore

    results = [solve_pore(0.1 * value, radius_um=radius) for value in sigma or (0.9, 0.1)]
    _study(results, out, as_json, "pore", plain)


@app.command()
def window(
    compounds: Annotated[list[str] | None, typer.Argument(help="Such as Na3SbS4.")] = None,
    out: Out = None,
    as_json: Json = False,
):
    """Stability window of a compound against sodium, from the energies of competing phases."""
    from .report import plain
    from .studies.window import solve_window

    results = [solve_window(compound) for compound in compounds or ("Na3SbS4", "Na3PS4")]
    _study(results, out, as_json, "window", plain)


def _study(results, out, as_json, name, plain):
    """Print the tables of a study, or one JSON object; draw its figures."""
    if out is not None:
        import matplotlib

        matplotlib.use("Agg")
        from .experiments.result import write_whole

        out.mkdir(parents=True, exist_ok=True)
        for number, found in enumerate(results, start=1):
            figure = _figure_of(found.plot())
            path = out / f"{name}_{number}.png"
            write_whole(path, lambda part, figure=figure: figure.savefig(part, dpi=150, bbox_inches="tight"))
    from .report import study_text

    if as_json:
        print(json.dumps({name: [plain(found.as_record()) for found in results]}))
        return
    for found in results:
        console().print(study_text(found), highlight=False, markup=False)


@app.command()
def lab(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 2718,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
):
    """The virtual lab: a page with sliders for the cell and its cycling."""
    from .lab import main as serve

    serve(port, browser)


@app.command()
def calibrate(
    set: SetOption = "Yuan2025_NAS",
    stages: Annotated[list[str] | None, typer.Option("--stage", help="Only this stage (repeatable).")] = None,
    seconds: Annotated[float, typer.Option(help="Wall time a stage may take.")] = float("inf"),
    explore: Annotated[float, typer.Option(help="Wall time of a global search before, in s.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the global search.")] = 1,
    checkpoint: Annotated[Path | None, typer.Option(help="File that keeps which stages are done.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Do not rewrite the set.")] = False,
    as_json: Json = False,
):
    """Fit the fitted parameters of a set to the published rows again, and write them into its file."""
    from .calibrate import calibrate as fit
    from .report import plain

    def tell(stage, outcome):
        print(f"{stage}: {outcome}", file=sys.stderr)

    options = {"seconds": seconds, "explore_seconds": explore, "seed": seed, "checkpoint": checkpoint}
    table = fit(set, stages, write=not dry_run, progress=tell, **options)
    print(json.dumps(plain(table), indent=None if as_json else 1))


def _run(protocol, set_name, pressure, temperature, override, out, as_json, cycles, stored=None):
    """Run a protocol, write what was asked for, print the outcome; a run in which nothing passed is a mistake."""
    from .report import nothing_passed

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
        from .report import as_object

        print(json.dumps(as_object(result)))
        return
    _print(result, out)


def _print(result, out):
    from . import report
    from .published import marks_of

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
    import matplotlib

    matplotlib.use("Agg")
    from .experiments.result import write_whole
    from .published import marks_of

    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    axes = result.plot(published=marks_of(result.record))
    figure = _figure_of(axes)
    write_whole(out / "figure.png", lambda part: figure.savefig(part, dpi=150, bbox_inches="tight"))
    if "ledger_sb_s_used_mAh_cm2" in result.summary and result.kept_cycles:
        limits = result.plot_limits()[0].figure
        write_whole(out / "limits.png", lambda part: limits.savefig(part, dpi=150, bbox_inches="tight"))


def _figure_of(axes):
    """The figure of one axes or of an array of them."""
    import numpy

    return numpy.ravel(axes)[0].figure


def main():
    """Entry point of the ``nasim`` command: a user's mistake ends with one paragraph and exit code 2."""
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    try:
        app(standalone_mode=True)
    except SolveError as error:
        print(f"nasim: {error}", file=sys.stderr)
        sys.exit(1)
    except NasimError as error:
        print(f"nasim: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
