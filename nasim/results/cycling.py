"""Results of many cycles: capacity fade, and capacity against current."""

from .previews import over_cycles
from .result import Result
from .spectra import WithSpectra


class CyclingResult(WithSpectra):
    """Outcome of cycling: its figure is capacity, efficiency, and what explains the fade."""

    _preview = over_cycles

    def plot(self, published=None, **options):
        """Draw capacity, efficiency and causes of the fade; options of `nasim.plot.fade_explained`, returns an array of axes."""
        from .. import plot

        return plot.fade_explained(self.summary, **options)

    def plot_sheet(self):
        """Draw every quantity of the summary that changes, against the cycle: `nasim.plot.cycling`."""
        from .. import plot

        return plot.cycling(self.summary)

    def figures(self, published=None):
        """Draw all figures that a folder of results gets, name of the file -> axes: with the curves and the sheet."""
        curves = {"curves": super().plot(published)} if self.kept_cycles else {}
        return super().figures(published) | curves | {"sheet": self.plot_sheet()}


class RateTestResult(Result):
    """Outcome of a rate test: its figure is the capacity against the cycle, with the current over each block."""

    _preview = over_cycles

    def plot(self, published=None, **options):
        """Draw the capacity of each cycle with the current over each block; options of `nasim.plot.rate`, returns the axes."""
        from .. import plot

        return plot.rate(self.summary, **options)
