"""The result of an impedance run: numbered spectra, the elements of the model behind them, and their analysis."""

from typing import TYPE_CHECKING

import numpy as np

from ..analysis.circuit_fit import fit_circuit
from ..analysis.impedance import kramers_kronig
from ..analysis.relaxation import relaxation_times
from ..errors import UnknownNameError
from ..nomenclature import columns as col
from .result import Result

if TYPE_CHECKING:
    import pandas
    from numpy.typing import NDArray

    from ..analysis.circuit_fit import CircuitFit
    from ..analysis.impedance import KramersKronig
    from ..analysis.relaxation import Relaxation

MOST_DRAWN = 6
"""Spectra in a figure unless some are asked for."""


class Spectra(Result):
    """Impedance spectra, per electrode area, numbered from 1; `summary` has a row for each."""

    @property
    def kept_cycles(self) -> list[int]:
        """Numbers of cycles whose curves were kept: none, an impedance run has spectra."""
        return []

    @property
    def frequency(self) -> np.ndarray:
        """Frequencies [Hz], falling, shape (n,): the same for all spectra."""
        return self.spectrum(1)[col.FREQUENCY].to_numpy()

    def spectrum(self, number: int = 1) -> "pandas.DataFrame":
        """Return the table of one spectrum, a row a frequency.

        Parameters
        ----------
        number : int
            From 1 in the order in which they were taken.

        Raises
        ------
        UnknownNameError
            There is no such spectrum.
        """
        part = self.curves.loc[self.curves[col.SPECTRUM] == number]
        if part.empty:
            raise UnknownNameError(f"There is no spectrum {number}; they are numbered 1 to {len(self.summary)}.")
        return part.reset_index(drop=True)

    def curve(self, cycle: int = 1) -> "pandas.DataFrame":
        """Return spectrum number `cycle`: what results of all kinds have under this name; see `spectrum`."""
        return self.spectrum(cycle)

    def impedance(self, number: int = 1) -> "NDArray[np.complexfloating]":
        """Return the impedance of one spectrum [Ohm cm2], complex, over `frequency`; capacitive where Im Z < 0."""
        part = self.spectrum(number)
        return part[col.REAL].to_numpy() + 1j * part[col.IMAGINARY].to_numpy()

    def elements(self, number: int = 1) -> "pandas.DataFrame":
        """Return the elements in the model at one spectrum: resistance, capacitance, arc, part in the intercept."""
        import pandas

        self.spectrum(number)
        return pandas.DataFrame(self.record["elements"][number - 1])

    def intercept(self, number: int = 1) -> str:
        """Say in a sentence what the real part at the highest frequency of one spectrum contains [Ohm cm2]."""
        self.spectrum(number)
        return self.record["intercepts"][number - 1]

    def kramers_kronig(self, number: int = 1) -> "KramersKronig":
        """Test one spectrum for linearity and causality."""
        return kramers_kronig(self.frequency, self.impedance(number))

    def relaxation_times(self, number: int = 1, **options) -> "Relaxation":
        """Return the distribution of relaxation times of one spectrum; options of `nasim.relaxation_times`."""
        return relaxation_times(self.frequency, self.impedance(number), **options)

    def fit(self, circuit: str, number: int = 1, **options) -> "CircuitFit":
        """Fit an equivalent circuit, such as "R0 + R1//C1 + C2", to one spectrum; options of `nasim.fit_circuit`."""
        return fit_circuit(self.frequency, self.impedance(number), circuit, **options)

    def text_table(self):
        """Return the table that a terminal shows: every column of the summary, numbers with five digits."""
        return {
            name: [f"{value:.5g}" if isinstance(value, float) else str(value) for value in column.tolist()]
            for name, column in self.summary.items()
        }

    def findings(self):
        """Yield the contents of the intercept of the first spectrum."""
        yield f"at the highest frequency: {self.intercept(1)}"

    def contents(self):
        """Return what the JSON object has beside the record: frequencies, and each spectrum with its row."""
        spectra = []
        for row in self.summary.to_dict("records"):
            Z = self.impedance(row[col.NUMBER_OF_SPECTRUM])
            spectra.append(row | {"real_Ohm_cm2": Z.real.tolist(), "imaginary_Ohm_cm2": Z.imag.tolist()})
        return {
            "frequency_Hz": self.frequency.tolist(),
            "spectra": spectra,
            "intercepts": self.record["intercepts"],
        }

    def plot(self, spectra=None, published=None):
        """Draw Nyquist and Bode plots of some spectra.

        Parameters
        ----------
        spectra : sequence of int, optional
            Numbers of the spectra; default six at most, evenly spread.
        published : mapping, optional
            Not marked in this figure.

        Returns
        -------
        array of matplotlib axes, shape (3,)
        """
        from .. import plot

        known = self.summary[col.NUMBER_OF_SPECTRUM].to_numpy()
        if spectra is None:
            spectra = known[np.unique(np.linspace(0, len(known) - 1, MOST_DRAWN).round().astype(int))]
        labels = self.summary.set_index(col.NUMBER_OF_SPECTRUM)["state"]
        return plot.spectra([(self.frequency, self.impedance(k), str(labels[k])) for k in spectra])
