"""Results of tests in which a cell is held, rests or follows a profile: what happens is against time."""

from typing import Any

from ..nomenclature import columns as col
from .previews import in_time
from .result import Result


class InTime(Result):
    """A result whose rows are told in full, and which has no peaks of differential capacity."""

    _preview = in_time

    def contents(self):
        """Return what the JSON object has beside the record: the rows, audit."""
        return {"cycles": self.summary.to_dict("records"), "audit": self.audit()}

    def findings(self):
        """Yield nothing."""
        return iter(())

    def figures(self, published=None):
        """Draw the figure that a folder of results gets, name of the file -> axes."""
        return {"figure": self.plot(published=published)}


class HoldResult(InTime):
    """Outcome of potentiostatic holds: a cycle is a held voltage."""

    @property
    def headings(self):
        """Voltage, currents, charge and time of decay."""
        return {
            **col.some(col.NUMBER),
            "held_voltage_V": "V",
            "first_current_mA_cm2": "mA cm-2\nfirst",
            "residual_current_mA_cm2": "mA cm-2\nresidual",
            "held_charge_mAh_cm2": "mAh cm-2",
            "decay_time_h": "h to\ndecay",
            "hold_h": "h held",
        }

    def findings(self):
        """Yield what each hold says: residual current and time of decay."""
        for row in self.summary.to_dict("records"):
            yield (
                f"{row['held_voltage_V']:.3f} V: {row['first_current_mA_cm2']:.3g} mA cm-2 falls to "
                f"{row['residual_current_mA_cm2']:.3g} mA cm-2 in {row['hold_h']:.3g} h; "
                f"{row['held_charge_mAh_cm2']:.3g} mAh cm-2 passed, with a decay time of {row['decay_time_h']:.2g} h"
            )

    def plot(self, published=None, **options):
        """Draw current against time, one curve a hold; options of `nasim.plot.hold`."""
        from .. import plot

        return plot.hold(self.curves, **options)


class RestResult(InTime):
    """Outcome of a rest."""

    @property
    def headings(self):
        """Time, voltage and what flowed inside."""
        return {
            **col.some(col.NUMBER),
            col.END_TIME: "h",
            col.END_VOLTAGE: "V at\nthe end",
            col.LEAK: "mAh cm-2\ninside",
            col.INTERPHASE_RESISTANCE: "Ohm cm2\ninterphase",
        }

    @property
    def nothing_passed(self) -> bool:
        """False: at rest nothing is to pass."""
        return False

    def findings(self):
        """Yield voltage at both ends, and what flowed inside the cell."""
        volts = self.summary[col.END_VOLTAGE].iloc[-1]
        begun = f"{self.curves['Voltage [V]'].iloc[0]:.3f} V to " if len(self.curves) else ""
        leak, hours = self.summary[col.LEAK].sum(), self.summary[col.END_TIME].iloc[-1]
        yield f"open circuit {begun}{volts:.3f} V in {hours:g} h; {leak:.3g} mAh cm-2 flowed inside the cell (self-discharge)"

    def plot(self, published=None, **options):
        """Draw voltage against time; options of `nasim.plot.rest`."""
        from .. import plot

        return plot.rest(self.curves, **options)


class CalendarResult(InTime):
    """Outcome of calendar ageing: check-ups and storages, as the column "phase" says."""

    def phase(self, name: str) -> Any:
        """Return the rows of the summary of one phase: "check-up", "storage", "retained" or "recovered"."""
        return self.summary[self.summary["phase"] == name].reset_index(drop=True)

    def findings(self):
        """Yield what is retained and recovered after the first and the last storage."""
        retained, recovered = self.phase("retained"), self.phase("recovered")
        hours = self.record["protocol"]["storage_h"]
        if len(recovered):
            lost = 1 - retained["capacity_over_first"]
            yield (
                f"after {hours:g} h: {percent(lost.iloc[0])} of the capacity not retained, "
                f"{percent(1 - recovered['capacity_over_first'].iloc[0])} not recovered"
            )
            yield (
                f"after {len(recovered)} times {hours:g} h: {percent(lost.iloc[-1])} not retained, "
                f"{percent(1 - recovered['capacity_over_first'].iloc[-1])} not recovered"
            )

    def plot(self, published=None, **options):
        """Draw capacity retained and recovered, and the interphase, against storage time; options of `nasim.plot.calendar`."""
        from .. import plot

        return plot.calendar(self.summary, float(self.record["protocol"]["storage_h"]), **options)


def percent(share: float) -> str:
    """Return a share in words, without the rounding of a run.

    >>> percent(0.0112), percent(-1.3e-7)
    ('1.1 %', 'less than 0.01 %')
    """
    return f"{100 * share:.2g} %" if abs(share) >= 1e-4 else "less than 0.01 %"


class ProfileResult(InTime):
    """Outcome of a drive profile: a cycle is a pass through the profile."""

    @property
    def headings(self):
        """Without a current, which a profile has none of."""
        return {name: words for name, words in col.HEADINGS.items() if name != col.APPLIED_CURRENT}

    def findings(self):
        """Yield energy and charge of the whole run in both directions."""
        total = self.summary.sum(numeric_only=True)
        yield (
            f"{len(self.summary)} passes: {total[col.DISCHARGE_ENERGY]:.4g} mWh cm-2 and {total[col.DISCHARGE]:.4g} mAh cm-2 "
            f"given, {total[col.CHARGE_ENERGY]:.4g} mWh cm-2 and {total[col.CHARGE]:.4g} mAh cm-2 taken back"
        )

    def plot(self, published=None, **options):
        """Draw voltage and current against time; options of `nasim.plot.profile`."""
        from .. import plot

        return plot.profile(self.curves, **options)
