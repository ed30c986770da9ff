"""What an impedance run leaves: numbered spectra, the elements of the model behind them, and their analysis."""

import numpy as np

from ..analysis.circuit_fit import fit_circuit
from ..analysis.impedance import kramers_kronig, relaxation_times
from ..errors import UnknownNameError
from .result import Result

SPECTRUM, FREQUENCY = "Spectrum", "Frequency [Hz]"
REAL, IMAGINARY = "Real impedance [Ohm.cm2]", "Imaginary impedance [Ohm.cm2]"


class Spectra(Result):
    """Impedance spectra, per electrode area, numbered from 1; `summary` has a row for each."""

    kept_cycles = ()

    @property
    def frequency(self):
        """Hz, falling, an array: the same for all spectra."""
        return self.spectrum(1)[FREQUENCY].to_numpy()

    def spectrum(self, number=1):
        """Table of one spectrum.

        Raises
        ------
        UnknownNameError
            There is no such spectrum.
        """
        part = self.curves[self.curves[SPECTRUM] == number]
        if part.empty:
            raise UnknownNameError(f"There is no spectrum {number}; they are numbered 1 to {len(self.summary)}.")
        return part.reset_index(drop=True)

    curve = spectrum

    def impedance(self, number=1):
        """Complex impedance of one spectrum [Ohm cm2], an array over `frequency`; capacitive where Im Z < 0."""
        part = self.spectrum(number)
        return part[REAL].to_numpy() + 1j * part[IMAGINARY].to_numpy()

    def elements(self, number=1):
        """Elements in the model at one spectrum: table of resistance, capacitance, arc, part in the intercept."""
        import pandas

        self.spectrum(number)
        return pandas.DataFrame(self.record["elements"][number - 1])

    def intercept(self, number=1):
        """What the real part at the highest frequency of one spectrum contains, as a sentence."""
        self.spectrum(number)
        return self.record["intercepts"][number - 1]

    def kramers_kronig(self, number=1):
        """Linear Kramers-Kronig test of one spectrum."""
        return kramers_kronig(self.frequency, self.impedance(number))

    def relaxation_times(self, number=1, **options):
        """Distribution of relaxation times of one spectrum."""
        return relaxation_times(self.frequency, self.impedance(number), **options)

    def fit(self, circuit, number=1, **options):
        """Fit an equivalent circuit, such as "R0 + R1//C1 + C2", to one spectrum [CircuitFit]."""
        return fit_circuit(self.frequency, self.impedance(number), circuit, **options)

    def plot(self, spectra=None, published=None):
        """Nyquist and Bode figure of some spectra (default: six at most, evenly spread); returns the three axes."""
        from .. import plot

        known = self.summary["spectrum"].to_numpy()
        if spectra is None:
            spectra = known[np.unique(np.linspace(0, len(known) - 1, 6).round().astype(int))]
        labels = self.summary.set_index("spectrum")["state"]
        return plot.spectra([(self.frequency, self.impedance(k), labels[k]) for k in spectra])
