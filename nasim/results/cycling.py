"""Results of many cycles: capacity fade, and capacity against current."""

from .result import Result
from .spectra import WithSpectra


class CyclingResult(WithSpectra):
    """Outcome of cycling: its figure has a panel for each quantity of the summary, against the cycle."""

    def plot(self, published=None, **options):
        """Draw every quantity of the summary against the cycle; options of `nasim.plot.cycling`, returns an array of axes."""
        from .. import plot

        return plot.cycling(self.summary, **options)


class RateTestResult(Result):
    """Outcome of a rate test: its figure is the capacity against the cycle, with the current over each block."""

    def plot(self, published=None, **options):
        """Draw the capacity of each cycle with the current over each block; options of `nasim.plot.rate`, returns the axes."""
        from .. import plot

        return plot.rate(self.summary, **options)
