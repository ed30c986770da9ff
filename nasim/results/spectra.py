"""The result of an impedance run: numbered spectra, the elements of the model behind them, and their analysis."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.circuit_fit import fit_circuit
from ..analysis.impedance import kramers_kronig
from ..analysis.relaxation import relaxation_times
from ..errors import UnknownNameError
from ..nomenclature import columns as col
from .plain import plain
from .previews import spectrum
from .result import Result

if TYPE_CHECKING:
    import pandas
    from numpy.typing import NDArray

    from ..analysis.circuit_fit import CircuitFit
    from ..analysis.impedance import KramersKronig
    from ..analysis.relaxation import Relaxation

SPECTRA = "spectra"
"""Entry of a record that holds the spectra of a run which does more than take spectra."""
MOST_DRAWN = 6
"""Spectra in a figure unless some are asked for."""


class WithSpectra(Result):
    """A result with spectra that were taken on the way."""

    @property
    def spectra(self) -> "Spectra":
        """The spectra that were taken on the way.

        Raises
        ------
        UnknownNameError
            None were.
        """
        if SPECTRA not in self.record:
            raise UnknownNameError("The run took no spectra; the protocol's options say how it does.")
        return Spectra.unpacked(self.record[SPECTRA], self.record)

    def figures(self, published: Mapping | None = None) -> dict[str, Any]:
        """Draw all figures that a folder of results gets, name of the file -> axes."""
        spectra = {SPECTRA: self.spectra.plot()} if SPECTRA in self.record else {}
        return super().figures(published) | spectra


class Spectra(Result):
    """Impedance spectra, per electrode area, numbered from 1; `summary` has a row for each."""

    _preview = spectrum

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

    def packed(self) -> dict[str, Any]:
        """Return the spectra as a JSON-able dict, which `unpacked` takes: an entry of the record of a longer run."""
        return plain(self.contents() | {"elements": self.record["elements"]})

    @classmethod
    def unpacked(cls, packed: Mapping, record: Mapping) -> "Spectra":
        """Return the spectra of which `packed` is the entry in the record of their run."""
        import pandas

        frequency, values = packed["frequency_Hz"], ("real_Ohm_cm2", "imaginary_Ohm_cm2")
        tables = [
            pandas.DataFrame(
                {col.SPECTRUM: number, col.FREQUENCY: frequency, **dict(zip((col.REAL, col.IMAGINARY), Z, strict=True))}
            )
            for number, Z in enumerate(([row[name] for name in values] for row in packed["spectra"]), start=1)
        ]
        rows = [{name: value for name, value in row.items() if name not in values} for row in packed["spectra"]]
        own = {name: packed[name] for name in ("elements", "intercepts")}
        return cls(pandas.DataFrame(rows), pandas.concat(tables, ignore_index=True), {**record, **own})

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
