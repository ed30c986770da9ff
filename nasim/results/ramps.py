"""Results of ramps: critical current of a symmetric cell, and a series of temperatures."""

import numpy as np

from ..nomenclature import columns as col
from ..submodels.arrhenius import FARADAY, R_GAS
from ..units import to_kelvin
from .in_time import InTime
from .spectra import WithSpectra

CONDUCTIVITY = "conductivity_mS_cm"
MEASURED = {
    CONDUCTIVITY: "conductivity of the electrolyte",
    "intercept_Ohm_cm2": "resistance at the highest frequency",
    "total_Ohm_cm2": "resistance at the lowest frequency",
}
"""Column of a temperature series -> what it is in words."""


class CriticalCurrentRamp(InTime):
    """Outcome of a ramp of the current in a symmetric cell: a cycle is one at a current."""

    @property
    def critical_current_mA_cm2(self) -> float | None:
        """First current density [mA cm-2] at which the cell shorted; None where it did not."""
        last = self.summary.iloc[-1]
        shorted = last[col.LEAK_SHARE] >= self.record["protocol"]["short_share"]
        return float(last[col.APPLIED_CURRENT]) if shorted else None

    def findings(self):
        """Yield the critical current density, or up to where there was no short, and why the ramp ended."""
        critical, tried = self.critical_current_mA_cm2, self.summary[col.APPLIED_CURRENT].max()
        if critical is None:
            yield f"no short up to {tried:.4g} mA cm-2"
            return
        below = self.summary[self.summary[col.APPLIED_CURRENT] < critical][col.APPLIED_CURRENT]
        between = f" (none at {below.max():.4g} mA cm-2)" if len(below) else ""
        last = self.summary.iloc[-1]
        yield (
            f"critical current density {critical:.4g} mA cm-2{between}: {100 * last[col.LEAK_SHARE]:.3g} % of the current "
            f"leaks after {last[col.END_TIME]:.4g} h, apparent resistance {last[col.APPARENT_RESISTANCE]:.4g} Ohm cm2"
        )

    def contents(self):
        """Return what the JSON object has beside the record: critical current, rows, audit."""
        return {"critical_current_mA_cm2": self.critical_current_mA_cm2} | super().contents()

    def plot(self, published=None, **options):
        """Draw voltage and current against time; options of `nasim.plot.critical_current`."""
        from .. import plot

        return plot.critical_current(self.curves, self.critical_current_mA_cm2, **options)


class TemperatureSeries(WithSpectra):
    """Outcome of a temperature ramp: a row of the summary is a temperature."""

    def activation_energy(self, column: str | None = None) -> float:
        """Return the activation energy [J mol-1] of a conduction, from the slope of ln(T/R), or ln(T sigma), over 1/T.

        Parameters
        ----------
        column : str, optional
            Of the summary; default the first of `activation_energies`.

        Returns
        -------
        float
            NaN with fewer than two temperatures.
        """
        column = column or self.conductions()[0]
        table = self.summary.drop_duplicates(col.TEMPERATURE)
        if len(table) < 2:
            return float("nan")
        kelvin = to_kelvin(table[col.TEMPERATURE].to_numpy(float))
        conduction = table[column].to_numpy(float) ** (1 if column == CONDUCTIVITY else -1)
        return float(-R_GAS * np.polyfit(1 / kelvin, np.log(kelvin * conduction), 1)[0])

    def conductions(self) -> list[str]:
        """Return the columns of the summary that are a conductivity or a resistance, not the end of a capacitive tail."""
        if CONDUCTIVITY in self.summary:
            return [CONDUCTIVITY]
        ends = [self.spectra.impedance(k)[-1] for k in self.summary[col.NUMBER]]
        return ["intercept_Ohm_cm2"] + ["total_Ohm_cm2"] * all(-Z.imag < Z.real for Z in ends)

    def activation_energies(self) -> dict[str, float]:
        """Return the activation energy [J mol-1] of each conduction that was measured, column of the summary -> value."""
        return {column: self.activation_energy(column) for column in self.conductions()}

    def findings(self):
        """Yield activation energies, and the capacity at each temperature."""
        for column, energy in self.activation_energies().items():
            yield f"activation energy of the {MEASURED[column]}: {energy / 1e3:.1f} kJ mol-1 ({energy / FARADAY:.3f} eV)"
        if col.DISCHARGE in self.summary:
            ordered = self.summary.sort_values(col.TEMPERATURE)[[col.TEMPERATURE, col.DISCHARGE]]
            yield "discharge: " + ", ".join(f"{Q:.3g} mAh cm-2 at {T:g} degC" for T, Q in ordered.to_numpy())

    def text_table(self):
        """Return the table that a terminal shows: every column of the summary, numbers with five digits."""
        return {
            name: [f"{value:.5g}" if isinstance(value, float) else str(value) for value in column.tolist()]
            for name, column in self.summary.items()
        }

    def contents(self):
        """Return what the JSON object has beside the record: rows, activation energies, spectra, audit."""
        rows = {"cycles": self.summary.to_dict("records"), "activation_energies_J_mol": self.activation_energies()}
        return rows | {"spectra": self.record["spectra"], "audit": self.audit()}

    def plot(self, published=None, **options):
        """Draw an Arrhenius plot, and voltage and capacity of a full cell; options of `nasim.plot.temperatures`."""
        from .. import plot

        words = {name: MEASURED[name] for name in self.conductions()}
        return plot.temperatures(self.curves, self.summary, words, **options)
