"""Results of pulses between rests: titration and pulse test."""

from ..nomenclature import columns as col
from .previews import in_time
from .result import Result


class Titration(Result):
    """Outcome of a GITT: a cycle is a pulse and the rest after it."""

    _preview = in_time

    @property
    def headings(self):
        """Capacities, rested voltage and resistances."""
        return {
            **col.some(col.NUMBER, col.APPLIED_CURRENT, col.DISCHARGE, col.CHARGE),
            "rested_V": "V before\nthe pulse",
            "relaxed_V": "V after\nthe rest",
            "instant_resistance_Ohm_cm2": "Ohm cm2\ninstant",
            "pulse_resistance_Ohm_cm2": "Ohm cm2\npulse",
            "diffusivity_cm2_s": "cm2 s-1",
        }

    def findings(self):
        """Yield the range of the rested voltage and of the resistances, and where they are largest."""
        table = self.summary.dropna(subset=["instant_resistance_Ohm_cm2"])
        rested, low, high = table["relaxed_V"], *table["pulse_resistance_Ohm_cm2"].agg(["min", "max"])
        largest = table.loc[table["pulse_resistance_Ohm_cm2"].idxmax()]
        yield f"{len(table)} pulses; rested voltage {rested.max():.3f} V to {rested.min():.3f} V"
        instant = table["instant_resistance_Ohm_cm2"]
        yield (
            f"resistance at the first instant {instant.min():.0f} to {instant.max():.0f} Ohm cm2, at the end of a pulse "
            f"{low:.0f} to {high:.0f} Ohm cm2, largest in pulse {largest[col.NUMBER]:.0f}, from {largest['rested_V']:.3f} V"
        )

    def contents(self):
        """Return what the JSON object has beside the record: the pulses, audit."""
        return {"cycles": self.summary.to_dict("records"), "audit": self.audit()}

    def plot(self, published=None, **options):
        """Draw voltage with rested points, and resistances, against capacity; options of `nasim.plot.titration`."""
        from .. import plot

        return plot.titration(self.curves, self.summary, **options)


class PulseTest(Result):
    """Outcome of a pulse test: a cycle is a state of charge with a discharge and a charge pulse."""

    _preview = in_time

    @property
    def headings(self):
        """State of charge, resistances and power."""
        words = {
            f"{way}_{kind}_resistance_Ohm_cm2": f"Ohm cm2\n{way}, {kind}"
            for way in ("discharge", "charge")
            for kind in ("instant", "pulse")
        }
        first = {**col.some(col.NUMBER, col.APPLIED_CURRENT), "state_of_charge": "state of\ncharge"}
        return {**first, **words, "power_mW_cm2": "mW cm-2"}

    def findings(self):
        """Yield the range of resistance and power over the state of charge, and pulses that a cut-off ended."""
        table = self.summary
        R = table["discharge_pulse_resistance_Ohm_cm2"]
        yield (
            f"resistance of a discharge pulse {R.min():.0f} Ohm cm2 (at state of charge "
            f"{table['state_of_charge'][R.idxmin()]:.2g}) to {R.max():.0f} Ohm cm2 (at "
            f"{table['state_of_charge'][R.idxmax()]:.2g})"
        )
        power = table["power_mW_cm2"]
        yield f"power at the lower cut-off {power.min():.3g} to {power.max():.3g} mW cm-2"
        length = self.record["protocol"]["pulse_s"]
        for word in ("discharge", "charge"):
            cut = table[table[f"{word}_pulse_s"] < 0.999 * length]["state_of_charge"]
            if len(cut):
                at = ", ".join(f"{share:.2g}" for share in cut)
                yield f"the {word} pulse met its cut-off before {length:g} s at state of charge {at}"

    def contents(self):
        """Return what the JSON object has beside the record: the states of charge, audit."""
        return {"cycles": self.summary.to_dict("records"), "audit": self.audit()}

    def plot(self, published=None, **options):
        """Draw the pulses, and resistance and power against the state of charge; options of `nasim.plot.pulse_test`."""
        from .. import plot

        return plot.pulse_test(self.curves, self.summary, **options)
