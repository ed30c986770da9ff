"""The commands ``nasim run ...``: one a protocol."""

from typing import Annotated

import typer

from ..errors import ProtocolError
from ..terminal import Current, Cycles, Json, Out, Override, Pressure, Resume, SetOption, Temperature, Window
from .outcome import perform, stored

run = typer.Typer(help="Run an experiment on a cell.", no_args_is_help=True)


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
    from ..experiments.gcd import GCD

    protocol = GCD(current_mA_cm2=current, cycles=cycles, window=window)
    perform(protocol, set, pressure, temperature, override, out, as_json, cycles)


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
    from ..experiments.cycling import Cycling

    options = {"charge_current_mA_cm2": charge_current, "hold_until_mA_cm2": hold_until, "rest_h": rest}
    options |= {"capacity_limit_mAh_cm2": capacity_limit, "stop_below": stop_below, "keep": keep and tuple(keep)}
    protocol = Cycling(current_mA_cm2=current, cycles=cycles, window=window, **options)
    perform(protocol, set, pressure, temperature, override, out, as_json, cycles, stored(out, resume))


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
    from ..experiments.cycling import RATE_TEST_MA_CM2, RateTest

    chosen = _numbers("--currents", currents, more) or RATE_TEST_MA_CM2
    protocol = RateTest(chosen, cycles_per_step, window)
    total = len(chosen) * cycles_per_step
    perform(protocol, set, pressure, temperature, override, out, as_json, total, stored(out, resume))


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
    from ..experiments.symmetric import SymmetricCycling

    protocol = SymmetricCycling(current, capacity, hours)
    cycles = max(1, int(hours * current / (2 * capacity))) if capacity > 0 else 1
    perform(protocol, set, pressure, temperature, override, out, as_json, cycles)


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
    from ..experiments.cv import CV

    rates = _numbers("--scan-rate", scan_rate, more) or (0.2,)
    perform(CV(rates, scans, window), set, pressure, temperature, override, out, as_json, scans * len(rates))


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
    from ..experiments.eis import EIS

    where = {"voltages": tuple(voltage or ()), "states_of_charge": tuple(charged or ()), "direction": direction}
    cables = {"inductance_H": inductance, "lead_resistance_Ohm": lead_resistance}
    protocol = EIS(highest, lowest, per_decade, tuple(after_cycles or (0,)), rest_h=rest, **where, **cables)
    perform(protocol, set, pressure, temperature, override, out, as_json, None)


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
    from ..experiments.ocv_eis import OpenCircuitEIS

    perform(OpenCircuitEIS(hours, every), set, pressure, temperature, override, out, as_json, None)


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
