"""From the segments of a cycle to a row of the table, the curve and the balances."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .. import nomenclature as nm
from ..analysis import charge_over_discharge, discharge_over_charge, to_mAh_cm2
from ..nomenclature import columns as col
from ..units import CM2_PER_M2, PA_PER_MPA, SECONDS_PER_HOUR, to_celsius, to_mA_cm2
from .ledger_rows import DischargeLedger
from .signed_counters import charge_and_energy, leaked
from .stepper import Segment, Stepper

if TYPE_CHECKING:
    import pandas

    from ..models.compose import CellModel

J_PER_MWH_CM2 = 3.6 / 1e-4
MICRO = 1e-6
SENSE = {"discharge": 1, "charge": -1}
"""Sign of the charge that counts as the capacity of a step, whatever its sum; other steps count as they went."""
DOUBLE_LAYER, SULFUR, ANTIMONY = nm.POSITIVE.double_layer_sodium, nm.SULFUR.amount, nm.SB_S.amount
LEAST_CHARGE = 1.0
"""Smallest charge [C m-2] that residuals are related to, for runs in which hardly any passes."""

AT_END = {
    col.CONNECTED_FRACTION: (nm.CONNECTED, 1.0),
    col.LOST_CONTACT: (nm.CONTACT_LOSS, 1.0),
    col.INTERPHASE_THICKNESS: (nm.NEGATIVE.interphase_thickness, 1 / MICRO),
    col.INTERPHASE_RESISTANCE: (nm.NEGATIVE.interphase_resistance, CM2_PER_M2),
    col.DEEP_REDUCED: (nm.SB_S.fraction(3), 1.0),
    col.LEAK_CONDUCTANCE: (nm.LEAK_CONDUCTANCE, 1.0),
    col.STACK_PRESSURE: (nm.STACK_PRESSURE, 1 / PA_PER_MPA),
    col.TEMPERATURE: (nm.TEMPERATURE, 1.0),
}
"""Columns that hold a state at the end of the cycle: variable and factor."""


def curve_variables(model: "CellModel") -> list[str]:
    """Return the names of the variables of a curve that this model has: losses, species, conditions, states."""
    given = [name for part in model.submodels.values() for name in part.gives]
    plain = [nm.VOLTAGE, nm.CURRENT_DENSITY, nm.EQUILIBRIUM_VOLTAGE, nm.VOLTAGE_LOSS, nm.OPEN_PATH_VOLTAGE]
    plain += [nm.TEMPERATURE, nm.STACK_PRESSURE, nm.CONNECTED, nm.STRAIN, nm.LEAK_CURRENT, nm.CELL_CURRENT]
    plain += [nm.NEGATIVE.sodium_content, nm.NEGATIVE.plated_sodium, nm.NEGATIVE.interphase_resistance]
    plain += [nm.POSITIVE.sodium_content, nm.POSITIVE.plated_sodium, nm.POSITIVE.interphase_resistance]
    plain += [nm.MILLED_SHARE]
    if nm.HEAT in given:
        plain += [nm.HEAT, nm.REACTION_HEAT, nm.OHMIC_HEAT, nm.ENTROPIC_HEAT, nm.MIXING_HEAT, nm.CHEMICAL_HEAT]
    losses = [name for name in given if name.endswith("voltage loss [V]")]
    species = [chain.fraction(k) for chain in (nm.SULFUR, nm.SB_S) for k in range(len(chain.species))]
    return [name for name in dict.fromkeys([*plain, *losses, *species]) if name in model.variables]


class Snapshot(NamedTuple):
    """All that a recorder holds of a run: rows and curves of the table, turnover [C m-2], residuals, balances, events.

    `aside` is what else a protocol wants kept, JSON-able.
    """

    rows: list[dict]
    curves: "list[pandas.DataFrame]"
    turnover: float
    residuals: dict[str, float]
    first: dict[str, float] | None
    events: list[str]
    aside: dict = {}


class Recorder:
    """Collects rows, curves and balances of a run.

    Parameters
    ----------
    stepper : Stepper
    area : float
        Electrode area [m2].
    sulfur : float or None
        Mass of sulfur [kg]; None where there is none.
    ledger : DischargeLedger, optional
        The capacity ledger.

    Attributes
    ----------
    rows : list of dict
        The table, a row a cycle.
    curves : list of pandas.DataFrame
        The curves of the kept cycles.
    residuals : dict
        Largest relative residual of each balance.
    events : list of str
        What happened on the way that a user should know.
    """

    BALANCES = (nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY, nm.LEAK_CHARGE, nm.STORED_CHARGE)
    BALANCES += (DOUBLE_LAYER, nm.SODIUM, SULFUR, ANTIMONY)

    def __init__(self, stepper: Stepper, area: float, sulfur: float | None, ledger: DischargeLedger | None = None):
        self.stepper, self.area, self.sulfur, self.discharge_ledger = stepper, area, sulfur, ledger
        self.names = [name for name in self.BALANCES if name in stepper.model.variables]
        self.at_end = {key: entry for key, entry in AT_END.items() if entry[0] in stepper.model.variables}
        self._wanted = self._all_names()
        self.rows: list[dict] = []
        self.curves: list[pandas.DataFrame] = []
        self.events: list[str] = []
        self.aside: dict = {}
        self.turnover, self.residuals = 0.0, {"charge": 0.0, "sulfur": 0.0, "antimony": 0.0, "sodium": 0.0}
        self.first: dict[str, float] | None = None

    @functools.cached_property
    def curve_names(self) -> list[str]:
        """Names of the variables of a curve."""
        return curve_variables(self.stepper.model)

    def note(self, event: str) -> None:
        """Take down what a user should know."""
        self.events.append(event)

    def snapshot(self) -> Snapshot:
        """Return what the recorder holds, unaffected by what it takes in later."""
        residuals, events = dict(self.residuals), list(self.events)
        return Snapshot(
            list(self.rows), list(self.curves), self.turnover, residuals, self.first, events, dict(self.aside)
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot; the stepper is moved by whoever goes back."""
        self.rows, self.curves, self.events = list(snapshot.rows), list(snapshot.curves), list(snapshot.events)
        self.turnover, self.residuals, self.first = snapshot.turnover, dict(snapshot.residuals), snapshot.first
        self.aside = dict(snapshot.aside)

    def watch(self, column: str, name: str, factor: float = 1.0) -> None:
        """Report variable `name` times `factor` at the end of each cycle, too, as `column`, if the model has it."""
        if name in self.stepper.model.variables:
            self.at_end[column] = (name, factor)
            self._wanted = self._all_names()
            vars(self).pop("_observer", None)

    def _all_names(self):
        """Names of all variables that a row, the audit and the ledger need."""
        ledger = self.discharge_ledger.names if self.discharge_ledger else ()
        at_end = (name for name, _ in self.at_end.values())
        return tuple(dict.fromkeys([nm.INTERNAL_CURRENT, *self.names, *at_end, *ledger]))

    @functools.cached_property
    def _observer(self):
        return self.stepper.observer(self._wanted)

    def _read(self, segment):
        """Values at both ends of a segment of all that a row, the audit and the ledger need, by name."""
        ends = slice(None, None, max(len(segment.t) - 1, 1))
        values = self._observer(segment.t[ends], segment.y[:, ends], segment.inputs).T.tolist()
        return dict(zip(self._wanted, values[0], strict=True)), dict(zip(self._wanted, values[-1], strict=True))

    def cycle(self, number: int, segments: Sequence[Segment], keep: bool) -> dict:
        """Take in the segments of one cycle, its curve if it is to be kept; returns its row of the summary."""
        pairs = [self._read(segment) for segment in segments]
        first = self.first = self.first or {name: pairs[0][0][name] for name in self.names}
        row = {col.NUMBER: number} | self._capacities(segments, pairs) | self._states(pairs[-1][-1])
        for _, end in pairs:
            self._audit(first, end)
        if self.discharge_ledger:
            row |= self.discharge_ledger.row(segments, pairs)
        row[col.END_TIME] = self.stepper.time / SECONDS_PER_HOUR
        self.rows.append(row)
        if keep:
            self.curves.append(self._curve(number, segments))
        return row

    def _capacities(self, segments, ends):
        """Charge and energy of both directions, their ratios and the leak; `ends` are the values before and after each
        segment.
        """
        charge, energy, leak = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}, 0.0
        for segment, (start, end) in zip(segments, ends, strict=True):
            for passed, work in charge_and_energy(self.stepper, segment, start, end):
                passed, work = SECONDS_PER_HOUR * passed / self.area, SECONDS_PER_HOUR * work / self.area
                self.turnover += abs(passed)
                if segment.step.kind != "rest":
                    charge[passed > 0] += abs(passed)
                    energy[passed > 0] += abs(work)
            leak += leaked(self.stepper, segment, start, end)
        out, back = to_mAh_cm2(charge[True]), to_mAh_cm2(charge[False])
        per_gram = self.area / self.sulfur / SECONDS_PER_HOUR if self.sulfur else np.nan
        mean = {sense: energy[sense] / charge[sense] if charge[sense] else np.nan for sense in (True, False)}
        return _applied(segments) | {
            col.DISCHARGE_PER_GRAM: charge[True] * per_gram,
            col.CHARGE_PER_GRAM: charge[False] * per_gram,
            col.DISCHARGE: out,
            col.CHARGE: back,
            col.CHARGE_OVER_DISCHARGE: charge_over_discharge(back, out),
            col.DISCHARGE_OVER_CHARGE: discharge_over_charge(back, out),
            col.DISCHARGE_ENERGY: energy[True] / J_PER_MWH_CM2,
            col.CHARGE_ENERGY: energy[False] / J_PER_MWH_CM2,
            col.DISCHARGE_VOLTAGE: mean[True],
            col.CHARGE_VOLTAGE: mean[False],
            col.LEAK: to_mAh_cm2(leak),
        }

    def _states(self, end):
        row = {column: end[name] * factor for column, (name, factor) in self.at_end.items()}
        row[col.TEMPERATURE] = to_celsius(row[col.TEMPERATURE])
        return row

    def _audit(self, first, end):
        """Largest relative residual so far of each balance; charge and sodium relative to the charge turned over."""
        scale = max(self.turnover, LEAST_CHARGE)
        gone, before = {name: end[name] - value for name, value in first.items()}, self.residuals
        passed = SECONDS_PER_HOUR * gone[nm.CHARGE_PASSED] / self.area + gone[nm.LEAK_CHARGE]
        taken_up = gone[nm.STORED_CHARGE] + gone.get(DOUBLE_LAYER, 0.0)
        self.residuals = {
            "charge": max(before["charge"], abs(passed - taken_up) / scale),
            "sulfur": max(before["sulfur"], abs(gone.get(SULFUR, 0.0))),
            "antimony": max(before["antimony"], abs(gone.get(ANTIMONY, 0.0))),
            "sodium": max(before["sodium"], abs(gone[nm.SODIUM]) / scale),
        }

    def _curve(self, number, segments):
        import pandas

        parts, elapsed = [], 0.0
        for segment in segments:
            names = (*self.curve_names, nm.CHARGE_PASSED)
            *values, passed = self.stepper.observe(names, segment.t, segment.y, segment.inputs)
            sense = SENSE.get(segment.step.kind, -1 if passed[-1] < passed[0] else 1)
            charge = SECONDS_PER_HOUR * sense * (passed - passed[0])
            part = pandas.DataFrame(dict(zip(self.curve_names, values, strict=True)))
            part.insert(0, col.CYCLE, number)
            part.insert(1, col.STEP, segment.step.kind)
            part.insert(2, nm.TIME, elapsed + segment.t)
            part[col.CURRENT] = to_mA_cm2(part.pop(nm.CURRENT_DENSITY))
            part[col.AREAL] = to_mAh_cm2(charge / self.area)
            part[col.SPECIFIC] = charge / SECONDS_PER_HOUR / self.sulfur if self.sulfur else np.nan
            parts.append(part)
            elapsed += segment.duration
        return pandas.concat(parts, ignore_index=True)


def _applied(segments):
    """Largest held current of the discharges, or of all steps without one, and of the charges where it differs [mA cm-2]."""
    free = [segment.step for segment in segments if segment.step.voltage is segment.step.power is None]
    if not free:
        return {}
    out = max([step.current for step in free if step.current > 0], default=0.0)
    back = max([-step.current for step in free if step.current < 0], default=0.0)
    row = {col.APPLIED_CURRENT: to_mA_cm2(out or back)}
    return row | ({col.CHARGE_CURRENT: to_mA_cm2(back)} if out and back and out != back else {})
