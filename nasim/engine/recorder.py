"""From the segments of a cycle to a row of the table, the curve and the balances."""

import numpy as np

from .. import nomenclature as nm
from ..analysis import charge_over_discharge, discharge_over_charge, to_mAh_cm2
from ..checks import ZERO_CELSIUS
from .signed_counters import charge_and_energy, leaked

J_PER_MWH_CM2 = 3.6 / 1e-4
OHM_CM2 = 1e4
MEGA = 1e6
MICRO = 1e-6
LEAST_CHARGE = 1.0
"""Smallest charge [C m-2] that residuals are related to, for runs in which hardly any passes."""

AT_END = {
    "connected_fraction": (nm.CONNECTED, 1.0),
    "lost_contact_fraction": (nm.CONTACT_LOSS, 1.0),
    "interphase_thickness_um": (nm.NEGATIVE.interphase_thickness, 1 / MICRO),
    "interphase_resistance_Ohm_cm2": (nm.NEGATIVE.interphase_resistance, OHM_CM2),
    "deep_reduced_fraction": (nm.SB_S.fraction(3), 1.0),
    "leak_conductance_S_m2": (nm.LEAK_CONDUCTANCE, 1.0),
    "stack_pressure_MPa": (nm.STACK_PRESSURE, 1 / MEGA),
    "temperature_C": (nm.TEMPERATURE, 1.0),
}
"""Columns that hold a state at the end of the cycle: variable and factor."""


def curve_variables(model):
    """Names of the variables of a curve that this model has: losses, species, conditions, states of the mechanisms."""
    given = [name for part in model.submodels.values() for name in part.gives]
    plain = [nm.VOLTAGE, nm.CURRENT_DENSITY, nm.EQUILIBRIUM_VOLTAGE, nm.VOLTAGE_LOSS, nm.OPEN_PATH_VOLTAGE]
    plain += [nm.TEMPERATURE, nm.STACK_PRESSURE, nm.CONNECTED, nm.STRAIN, nm.LEAK_CURRENT, nm.CELL_CURRENT]
    plain += [nm.NEGATIVE.sodium_content, nm.NEGATIVE.plated_sodium, nm.NEGATIVE.interphase_resistance]
    plain += [nm.POSITIVE.sodium_content, nm.POSITIVE.plated_sodium, nm.POSITIVE.interphase_resistance]
    plain += [nm.MILLED_SHARE]
    if nm.HEAT in given:
        plain += [nm.HEAT, nm.REACTION_HEAT, nm.OHMIC_HEAT, nm.ENTROPIC_HEAT]
    losses = [name for name in given if name.endswith("voltage loss [V]")]
    species = [chain.fraction(k) for chain in (nm.SULFUR, nm.SB_S) for k in range(len(chain.species))]
    return [name for name in dict.fromkeys([*plain, *losses, *species]) if name in model.variables]


class Recorder:
    """Collects rows, curves and balances of a run.

    Parameters
    ----------
    stepper : Stepper
    area : float
        Electrode area [m2].
    sulfur : float or None
        Mass of sulfur [kg]; None where there is none.
    accounts : Accounts, optional
        The capacity ledger.
    """

    BALANCES = (nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY, nm.LEAK_CHARGE, nm.STORED_CHARGE)
    BALANCES += (nm.POSITIVE.double_layer_sodium, nm.SODIUM, nm.SULFUR.amount, nm.SB_S.amount)

    def __init__(self, stepper, area, sulfur, accounts=None):
        self.stepper, self.area, self.sulfur, self.accounts = stepper, area, sulfur, accounts
        self.names = [name for name in self.BALANCES if name in stepper.model.variables]
        self.last, self.place = None, None
        self.at_end = {key: entry for key, entry in AT_END.items() if entry[0] in stepper.model.variables}
        self.curve_names = curve_variables(stepper.model)
        self.rows, self.curves = [], []
        self.turnover, self.residuals = 0.0, {"charge": 0.0, "sulfur": 0.0, "antimony": 0.0, "sodium": 0.0}
        self.first = None

    def watch(self, column, name, factor=1.0):
        """Report variable `name` times `factor` at the end of each cycle, too, if the model has it."""
        if name in self.stepper.model.variables:
            self.at_end[column] = (name, factor)

    def _read(self, segment, column):
        """Values at one time of a segment of all that a row, the audit and the ledger need, by name."""
        names = [
            *self.names,
            *(name for name, _ in self.at_end.values()),
            *(self.accounts.names if self.accounts else ()),
        ]
        names = list(dict.fromkeys(names))
        values = self.stepper.observe(names, segment.t[[column]], segment.y[:, [column]], segment.inputs)[:, 0]
        return dict(zip(names, values, strict=True))

    def cycle(self, number, segments, keep):
        """Take in the segments of one cycle; returns its row."""
        # Balances are states: where one segment ends the next begins, unless somebody has moved the cell.
        here = segments[0].y[:, 0]
        before = self.last if np.array_equal(here, self.place) else self._read(segments[0], 0)
        ends = [self._read(segment, -1) for segment in segments]
        self.first, self.last = self.first or {name: before[name] for name in self.names}, ends[-1]
        self.place = segments[-1].y[:, -1]
        pairs = list(zip([before, *ends], ends, strict=False))
        row = {"cycle": number} | self._capacities(segments, pairs) | self._states(ends[-1])
        for end in ends:
            self._audit(end)
        if self.accounts:
            row |= self.accounts.row(segments, pairs)
        row["end_time_h"] = self.stepper.time / 3600
        self.rows.append(row)
        if keep:
            self.curves.append(self._curve(number, segments))
        return row

    def _capacities(self, segments, ends):
        """Charge and energy of both directions, their ratios and what leaked; `ends` are the values before and after
        each segment.
        """
        charge, energy, leak = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}, 0.0
        for segment, (start, end) in zip(segments, ends, strict=True):
            for passed, work in charge_and_energy(self.stepper, segment, start, end):
                passed, work = 3600 * passed / self.area, 3600 * work / self.area
                self.turnover += abs(passed)
                if segment.step.kind != "rest":
                    charge[passed > 0] += abs(passed)
                    energy[passed > 0] += abs(work)
            leak += leaked(self.stepper, segment, start, end)
        out, back = to_mAh_cm2(charge[True]), to_mAh_cm2(charge[False])
        per_gram = self.area / self.sulfur / 3600 if self.sulfur else np.nan
        mean = {sense: energy[sense] / charge[sense] if charge[sense] else np.nan for sense in (True, False)}
        held = [abs(segment.step.current) / 10 for segment in segments if segment.step.voltage is None]
        return ({"current_mA_cm2": max(held)} if held else {}) | {
            "discharge_capacity_mAh_g": charge[True] * per_gram,
            "charge_capacity_mAh_g": charge[False] * per_gram,
            "discharge_capacity_mAh_cm2": out,
            "charge_capacity_mAh_cm2": back,
            "charge_over_discharge": float(charge_over_discharge(back, out)),
            "discharge_over_charge": float(discharge_over_charge(back, out)),
            "discharge_energy_mWh_cm2": energy[True] / J_PER_MWH_CM2,
            "charge_energy_mWh_cm2": energy[False] / J_PER_MWH_CM2,
            "mean_discharge_voltage_V": mean[True],
            "mean_charge_voltage_V": mean[False],
            "leak_mAh_cm2": to_mAh_cm2(leak),
        }

    def _states(self, end):
        row = {column: end[name] * factor for column, (name, factor) in self.at_end.items()}
        row["temperature_C"] -= ZERO_CELSIUS
        return row

    def _audit(self, end):
        """Largest relative residual so far of each balance; charge and sodium relative to the charge turned over."""
        scale = max(self.turnover, LEAST_CHARGE)
        gone = {name: end[name] - self.first[name] for name in self.first}
        passed = 3600 * gone[nm.CHARGE_PASSED] / self.area + gone[nm.LEAK_CHARGE]
        taken_up = gone[nm.STORED_CHARGE] + gone.get(nm.POSITIVE.double_layer_sodium, 0.0)
        found = {"charge": abs(passed - taken_up) / scale, "sodium": abs(gone[nm.SODIUM]) / scale}
        found["sulfur"], found["antimony"] = (abs(gone.get(c.amount, 0.0)) for c in (nm.SULFUR, nm.SB_S))
        self.residuals = {name: max(self.residuals[name], float(found[name])) for name in self.residuals}

    def _curve(self, number, segments):
        import pandas

        parts, elapsed = [], 0.0
        for segment in segments:
            values = self.stepper.observe(self.curve_names, segment.t, segment.y, segment.inputs)
            passed = self.stepper.observe([nm.CHARGE_PASSED], segment.t, segment.y, segment.inputs)[0]
            charge = 3600 * (passed - passed[0]) * (-1 if passed[-1] < passed[0] else 1)
            part = pandas.DataFrame(dict(zip(self.curve_names, values, strict=True)))
            part.insert(0, "Cycle", number)
            part.insert(1, "Step", segment.step.kind)
            part.insert(2, "Time [s]", elapsed + segment.t)
            part["Current density [mA.cm-2]"] = part.pop(nm.CURRENT_DENSITY) / 10
            part["Capacity [mAh.cm-2]"] = to_mAh_cm2(charge / self.area)
            part["Specific capacity [mAh.g-1]"] = charge / 3600 / self.sulfur if self.sulfur else np.nan
            parts.append(part)
            elapsed += segment.duration
        return pandas.concat(parts, ignore_index=True)
