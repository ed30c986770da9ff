"""Random admissible cells, conditions and protocols for `campaign.py`: each follows from its number and a seed alone.

A **structure** is a parameter set with parts of the cell and a mesh. It is built once for all cases that share it; which of the
parameters with a range may vary in these is drawn with it. A **case** draws values, conditions and a protocol.
"""

import random
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nasim
from nasim import nomenclature as nm
from nasim.checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C
from nasim.engine.built_cell import mesh_parameters
from nasim.parameters import available
from nasim.submodels.alloy_diffusion import grain, layer

CORNERS = 0.2
"""Share of the numbers that lie at an end of their range."""
UNUSUAL = 0.1
"""Share of pressures and temperatures that come from all that is admitted, not from where cells are run."""
INPUTS = 40
"""Parameters that may vary in the cases of a structure."""
ROOT = Path(nasim.__file__).parent.parent
FILES = sorted([*ROOT.glob("parameter_sets/other_cells/*.toml"), *ROOT.glob("examples/*.toml")])
SETS = [name for first in range(3) for name in [*available(), *FILES][first::3]]
"""Every set that is shipped, in an order in which the first few are of all kinds."""

NEGATIVE = nm.NEGATIVE
LAWS = (nasim.self_limiting, nasim.avrami, nasim.parabolic, nasim.mixed, nasim.tunnelling)
BODIES = (grain, layer)
ANYWHERE: dict[str, tuple] = {
    "thermal": (lambda rng: nasim.LumpedThermal(),),
    "fixture": (lambda rng: nasim.FixedGap(),),
    "short": (lambda rng: nasim.NoShort(), lambda rng: nasim.IntrinsicLeak()),
}
"""Role -> what makes the parts that may stand in place of that of the set, in a cell of any kind."""
PARTS: dict[str, dict[str, tuple]] = {
    "full": ANYWHERE
    | {
        "cathode": (
            lambda rng, **more: nasim.LumpedCathode(classes=rng.randint(1, 6), **more),
            lambda rng, **more: nasim.LumpedCathode(classes=rng.randint(1, 6), **more),
            lambda rng, **more: nasim.PorousCathode(rng.randint(3, 10), classes=rng.randint(1, 4), **more),
            lambda rng, **more: nasim.PorousCathode(
                rng.randint(3, 7), classes=rng.randint(1, 4), mesh="lobatto", **more
            ),
            lambda rng, **more: nasim.PorousCathode(
                rng.randint(3, 7), classes=rng.randint(1, 4), mesh="lobatto", **more
            ),
        ),
        "diffusion": (lambda rng: nasim.AlloyDiffusion(NEGATIVE, rng.choice(BODIES), rng.randint(1, 6)),),
        "interphase": (
            lambda rng: nasim.NoInterphase(NEGATIVE),
            lambda rng: nasim.Interphase(NEGATIVE, rng.choice(LAWS)),
            lambda rng: nasim.Interphase(NEGATIVE, rng.choice(LAWS)),
        ),
        "interface": (lambda rng: nasim.PerfectInterface(NEGATIVE),),
        "contact": (lambda rng: nasim.FullContact(),),
        "short": (*ANYWHERE["short"], lambda rng: nasim.SoftShort(bridges=nasim.RandomBridges(rng.randint(0, 99)))),
        "extra": (lambda rng: [nasim.CapacityCounter()],),
    },
    "symmetric": ANYWHERE
    | {
        "diffusion": (lambda rng: partial(nasim.AlloyDiffusion, body=rng.choice(BODIES), modes=rng.randint(1, 6)),),
        "interphase": (
            lambda rng: nasim.NoInterphase,
            lambda rng: partial(nasim.Interphase, law=rng.choice(LAWS)),
        ),
        "interface": (lambda rng: nasim.PerfectInterface,),
    },
    "blocking": ANYWHERE,
}
"""Kind of cell -> those of that kind."""
REPLACED = 0.4
"""Share of the roles whose part is not that of the set; porous cathodes are half of all."""


class Structure(NamedTuple):
    """What is built once: a set, a function that composes the cell anew, the cell that is kept, and inputs of that."""

    parameters: Any
    compose: Any
    kept: nasim.KeptCell
    inputs: list[str]
    ranged: list[str]
    words: str


@lru_cache(maxsize=1)
def structure(number, seed=0):
    """The structure of a number; every set comes in turn."""
    rng = random.Random(f"{seed} structure {number}")
    parameters = nasim.load(SETS[number % len(SETS)])
    choices = PARTS[parameters.cell.model]
    shares = {role: 0.7 if role == "cathode" else REPLACED for role in choices}
    fixed = {} if nm.SB_S.name in parameters.cell.chains else {"cathode": {"catholyte": nasim.FixedCatholyte()}}
    parts = {
        role: rng.choice(choices[role])(rng, **fixed.get(role, {})) for role in choices if rng.random() < shares[role]
    }
    if parameters.cell.anode != "Na15Sn4":  # the modes of diffusion know the phases of Na-Sn alone
        parts.pop("diffusion", None)
    compose = partial(nasim.cell_for, parameters, **parts)
    model = compose()
    values = {name: entry for name, entry in parameters.entries.items() if isinstance(entry.value, float)}
    ranged = sorted(name for name, entry in values.items() if entry.range)
    # A mechanism's own parameters come first: a cell reads some half of those of a set.
    read = {parameter.name for parameter in model.parameters} - mesh_parameters(model)
    varied = [name for name in ranged if name in read]
    inputs = rng.sample(varied, min(INPUTS, len(varied)))
    words = f"{parameters.name}, " + (", ".join(f"{role} {part}" for role, part in parts.items()) or "its own parts")
    return Structure(parameters, compose, nasim.KeptCell(model, inputs), inputs, ranged, words)


def within(rng, low, high, logarithmic=False):
    """A number of a range, at times one of its ends."""
    if rng.random() < CORNERS:
        return rng.choice((low, high))
    return float(np.exp(rng.uniform(np.log(low), np.log(high)))) if logarithmic else rng.uniform(low, high)


def conditions(rng):
    """Stack pressure and temperature."""
    pressure = PRESSURE_RANGE_MPA if rng.random() < UNUSUAL else (5.0, 400.0)
    temperature = TEMPERATURE_RANGE_C if rng.random() < UNUSUAL else (0.0, 80.0)
    return {"stack_pressure_MPa": within(rng, *pressure, True), "temperature_C": within(rng, *temperature)}


def overrides(rng, parameters, names):
    """Values of some of the parameters of those names within their ranges."""
    chosen = {}
    for name in rng.sample(names, min(len(names), rng.choice((0, 1, 2, 4, 8, 16)))):
        low, high = parameters.entries[name].range
        chosen[name] = within(rng, low, high, low > 0 and high > 20 * low)
    return chosen


# --- protocols ----------------------------------------------------------------------------------------------------------


class Draw:
    """Numbers of a protocol, drawn in the order in which they are asked for."""

    def __init__(self, rng, folder):
        self.rng, self.folder = rng, folder
        self.current, self.cycles = within(rng, 0.02, 3, True), rng.randint(1, 4)
        self.hours = within(rng, 0.01, 50, True)
        self.window = {"window": (within(rng, 0.4, 1.2), within(rng, 2.0, 3.0))} if rng.random() < 0.7 else {}
        self.spectra = {"lowest_Hz": within(rng, 1e-3, 1e3, True), "per_decade": rng.randint(1, 3)}

    def near(self, low, high, logarithmic=False):
        return within(self.rng, low, high, logarithmic)

    def some(self, low, high, most=3):
        return tuple(self.near(low, high) for _ in range(self.rng.randint(1, most)))

    def profile(self):
        """A file of a profile in current or power."""
        quantity, most = self.rng.choice((("current_mA_cm2", 2.0), ("power_mW_cm2", 4.0)))
        rows, time = [f"time_s,{quantity}"], 0.0
        for _ in range(self.rng.randint(2, 12)):
            rows.append(f"{time:.3f},{self.rng.choice((0.0, self.rng.uniform(-most, most))):.4f}")
            time += self.near(1.0, 3600.0, True)
        path = Path(self.folder) / "profile.csv"
        path.write_text("\n".join(rows) + "\n")
        return str(path)


ANY_CELL = (
    lambda d: nasim.EIS(**d.spectra, inductance_H=d.near(0, 1e-6), lead_resistance_Ohm=d.near(0, 1)),
    lambda d: nasim.OpenCircuitEIS(hours=d.hours + 1, every_h=d.near(0.3, 1) * (d.hours + 1), **d.spectra),
    lambda d: nasim.Rest(d.hours, every_h=d.hours * d.near(0.2, 1)),
)
OWN = {
    "blocking": (
        *ANY_CELL,
        lambda d: nasim.TemperatureRamp(d.some(-20, 80), rest_h=d.hours, **d.spectra),
        lambda d: nasim.Hold(d.near(0.0, 3.0), hours=d.hours),
        lambda d: nasim.EIS(bias_V=d.near(-0.5, 0.5), hold_h=d.hours, **d.spectra),
    ),
    "symmetric": (
        *ANY_CELL,
        lambda d: nasim.SymmetricCycling(
            d.current, d.current * d.near(0.1, 2), hours=d.near(20, 60), voltage_limit_V=d.near(0.1, 5)
        ),
        lambda d: nasim.SymmetricCycling(d.current, d.current * d.near(0.1, 2), hours=d.near(20, 60)),
        lambda d: nasim.CriticalCurrent(d.current, d.near(0.1, 0.5), d.current + 2, half_cycle_h=d.near(0.1, 2)),
        lambda d: nasim.CriticalCurrent(d.current, 0.5, d.current + 2, capacity_mAh_cm2=d.near(0.05, 1)),
        lambda d: nasim.TemperatureRamp(d.some(-20, 80), rest_h=d.hours, **d.spectra),
        lambda d: nasim.Hold(d.near(0.0, 0.2), hours=d.hours),
        lambda d: nasim.EIS(bias_V=d.near(-0.1, 0.1), hold_h=d.hours, **d.spectra),
    ),
    "full": (
        *ANY_CELL,
        lambda d: nasim.GCD(d.current, cycles=d.cycles, **d.window),
        lambda d: nasim.GCD(f"{d.near(0.02, 2, True):.3g}C", cycles=d.cycles, **d.window),
        lambda d: nasim.GCD(d.near(3, 30, True), cycles=1),
        lambda d: nasim.Cycling(
            d.current, cycles=d.cycles, rest_h=d.hours, hold_until_mA_cm2=d.current / 5, **d.window
        ),
        lambda d: nasim.Cycling(d.current, cycles=20 + 10 * d.cycles, keep=(1,), jump_tolerance=1e-3, **d.window),
        lambda d: nasim.Cycling(
            d.current,
            cycles=d.cycles,
            charge_current_mA_cm2=d.near(0.05, 1),
            capacity_limit_mAh_cm2=d.near(0.05, 2),
            **d.window,
        ),
        lambda d: nasim.Cycling(
            cycles=d.cycles,
            formation=nasim.Block(1, d.current, temperature_C=d.near(0, 80)),
            spectra_after=(0, 1),
            stop_below=d.near(0.5, 0.99),
            **d.window,
        ),
        lambda d: nasim.Cycling(
            blocks=(
                nasim.Block(1, d.current, stack_pressure_MPa=d.near(5, 400)),
                nasim.Block(d.cycles, d.near(0.1, 1), temperature_C=d.near(0, 80), **d.window),
            )
        ),
        lambda d: nasim.RateTest((d.current, 2 * d.current), cycles_per_step=1, return_to_first=True, **d.window),
        lambda d: nasim.RateTest(
            ("0.1C", "1C"), cycles_per_step=1, rest_h=d.hours, hold_until_mA_cm2="0.05C", **d.window
        ),
        lambda d: nasim.CV(d.some(0.05, 5, 2), scans=d.rng.randint(1, 2), **d.window),
        lambda d: nasim.GITT(d.current, pulse_h=d.near(0.1, 2), rest_h=d.hours, most_pulses=10, **d.window),
        lambda d: nasim.Pulse(2 * d.current, d.near(1, 60), points=3, current_mA_cm2=d.current, **d.window),
        lambda d: nasim.Hold((d.near(0.8, 1.7), 2.2), hours=d.hours, approach_mA_cm2=d.current),
        lambda d: nasim.Hold(d.some(0.7, 2.6), hours=d.hours, until_mA_cm2=d.near(0.001, 0.1, True)),
        lambda d: nasim.CalendarAgeing(
            d.hours, d.rng.randint(1, 2), d.near(0.01, 1), d.near(0, 80), d.current, **d.window
        ),
        lambda d: nasim.DriveProfile(d.profile(), passes=d.cycles, scale=d.near(0.1, 2), **d.window),
        lambda d: nasim.EIS(
            after_cycles=d.rng.randint(0, 2), current_mA_cm2=d.current, rest_h=d.hours, **d.spectra, **d.window
        ),
        lambda d: nasim.EIS(
            states_of_charge=d.some(0, 1), direction=d.rng.choice(("discharge", "charge")), **d.spectra
        ),
        lambda d: nasim.EIS(voltages=d.some(1.0, 2.2, 2), **d.spectra),
        lambda d: nasim.TemperatureRamp(d.some(0, 80, 2), rest_h=d.hours, current_mA_cm2=d.current, **d.spectra),
    ),
}
"""Kind of cell -> what makes a protocol for it; all of `nasim.protocols` are among them."""


def protocol(rng, kind, folder):
    """A short protocol for a kind of cell; files that it needs go into the folder."""
    return rng.choice(OWN[kind])(Draw(rng, folder))
