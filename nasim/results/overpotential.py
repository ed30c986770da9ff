"""The result of a symmetric cell: its overpotential against time."""

from .previews import in_time
from .result import Result


class OverpotentialCurve(Result):
    """Outcome of cycling a symmetric cell; "Time [s]" of the curves runs through all cycles."""

    _preview = in_time

    def findings(self):
        """Yield nothing: the voltage of a symmetric cell has no peaks of differential capacity."""
        return iter(())

    def plot(self, published=None, **options):
        """Draw the overpotential against time; options of `nasim.plot.symmetric`, returns the axes."""
        from .. import plot

        return plot.symmetric(self.curves, **options)
