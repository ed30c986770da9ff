"""The result of cyclic voltammetry: current against voltage, and its peaks."""

from typing import TYPE_CHECKING

from ..analysis.dqdv import Peaks
from ..analysis.voltammetry import sweep_peaks
from ..nomenclature import VOLTAGE
from ..nomenclature import columns as col
from .previews import scans
from .result import Result

if TYPE_CHECKING:
    import pandas

SWEEPS = {"reduction": "discharge", "oxidation": "charge"}
"""Kind of peak -> name of the step in which it shows."""


class Voltammogram(Result):
    """Outcome of cyclic voltammetry: a cycle is a scan, down and up again; its first begins at open circuit."""

    _preview = scans

    def peaks(self, cycle: int = 1) -> dict[str, Peaks]:
        """Find the peaks of the current of one kept scan, "reduction" and "oxidation" -> `Peaks`, heights in mA cm-2.

        Raises
        ------
        UnknownNameError
            The curve of the scan was not kept.
        """
        curve = self.curve(cycle)
        sweeps = {reaction: curve.loc[curve[col.STEP] == step] for reaction, step in SWEEPS.items()}
        return {
            reaction: sweep_peaks(sweep[VOLTAGE].to_numpy(), sweep[col.CURRENT].to_numpy())
            for reaction, sweep in sweeps.items()
        }

    def peak_table(self) -> "pandas.DataFrame":
        """Return all peaks of the kept scans, a table with a row a peak: scan rate, cycle, reaction, V, mA cm-2."""
        import pandas

        rates = self._rates()
        rows = [
            {"scan_rate_mV_s": rates[cycle], "cycle": cycle, "reaction": reaction, "voltage_V": V, "current_mA_cm2": i}
            | {"prominence_mA_cm2": rise, "kind": kind}
            for cycle in self.kept_cycles
            for reaction, marks in self.peaks(cycle).items()
            for V, i, rise, kind in zip(*(vars(marks)[name] for name in Peaks.__dataclass_fields__), strict=True)
        ]
        return pandas.DataFrame(rows)

    def _rates(self):
        """Scan rate [mV s-1] of each cycle."""
        return dict(zip(self.summary[col.NUMBER], self.summary[col.SCAN_RATE], strict=True))

    def findings(self):
        """Yield the table of peaks as text."""
        yield self.peak_table().to_string(index=False, float_format=lambda value: f"{value:.4g}")

    def contents(self):
        """Return what the JSON object has beside the record: table, peaks, audit."""
        peaks_of = {"peaks": self.peak_table().to_dict("records")}
        return {"cycles": self.summary.to_dict("records")} | peaks_of | {"audit": self.audit()}

    def plot(self, ax=None, cycles=None, published=None):
        """Draw current against voltage, one curve a scan.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Default those of a new figure.
        cycles : sequence of int, optional
            Scans to draw; default at most five.
        published : mapping, optional
            Not marked in this figure.

        Returns
        -------
        matplotlib axes
        """
        from .. import plot

        rates = self._rates()
        several = len(set(rates.values())) > 1
        labels = {scan: f"scan {scan}" + f", {rate:g} mV s$^{{-1}}$" * several for scan, rate in rates.items()}
        return plot.cv(self.curves, ax, cycles, labels)
