"""The impedance analyser of a run: takes spectra of the cell in its present state, and names the elements in them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import nomenclature as nm
from ..analysis.impedance import blocked_resistance
from ..checks import require_positive, require_within
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..parameters import ParameterSet
from ..results.spectra import Spectra
from ..units import CM2_PER_M2
from .linearised import Linearisation, slices
from .stepper import Stepper

ROUNDING = 1e-9
"""Share of :math:`|Z|` below which a reactance is rounding."""
NOTABLE = 0.01
"""Share of the intercept from which an element is named in it."""


def frequency_grid(who: str, highest: float, lowest: float, per_decade: float) -> np.ndarray:
    """Return frequencies [Hz] from `highest` down to `lowest` [Hz], `per_decade` in each decade, shape (n,).

    `who` is what a message begins with.

    Raises
    ------
    ProtocolError
        A number makes no sense.
    """
    highest = require_positive(who, "highest frequency", highest, "Hz")
    lowest = require_positive(who, "lowest frequency", lowest, "Hz")
    per_decade = require_within(who, "points per decade", per_decade, "", (1, 1000))
    if lowest >= highest:
        raise ProtocolError(f"{who}: the lowest frequency, {lowest:g} Hz, is not below the highest, {highest:g} Hz.")
    return np.geomspace(highest, lowest, round(np.log10(highest / lowest) * per_decade) + 1)


class Spectrum(NamedTuple):
    """A spectrum: voltage of the cell [V], impedance [Ohm cm2], shape (n,), and a row of the table for each element."""

    voltage: float
    impedance: NDArray[np.complexfloating]
    elements: list[dict]


class Analyser:
    """Takes spectra of a cell in its present state, without touching it.

    Parameters
    ----------
    source : Stepper
        The cell.
    parameters : ParameterSet
    frequency : array, shape (n,)
        Hz, falling.
    inductance, lead : float
        Of cables and leads, in series with the cell [H, Ohm].
    """

    def __init__(
        self,
        source: Stepper,
        parameters: ParameterSet,
        frequency: np.ndarray,
        inductance: float = 0.0,
        lead: float = 0.0,
    ):
        self.source, self.parameters, self.frequency = source, parameters, frequency
        area = parameters.value(nm.AREA)
        self.inductance, self.lead = inductance * area, lead * area
        self.stepper, self.linear = _with_capacitances(source, parameters)
        self.rows = slices(self.stepper.built)
        parts = self.stepper.model.mechanisms
        self.charged = [name for part in parts for name in part.adds.get(nm.POLARISATION, ())]
        self.ohmic = [name for part in parts for name in part.adds.get(nm.SERIES_RESISTANCE, ())]
        self.summary, self.elements = [], []
        self.spectra: list[NDArray[np.complexfloating]] = []

    def take(self, current: float = 0.0, **labels) -> dict:
        """Take down a spectrum at the present state; returns its row of the summary, which begins with `labels`.

        `current` is the density [A m-2] that flows meanwhile, under a bias.
        """
        V, Z, elements = self.measure(current)
        row = {col.NUMBER_OF_SPECTRUM: len(self.summary) + 1} | labels | {"voltage_V": V}
        row |= {"intercept_Ohm_cm2": Z[0].real, "total_Ohm_cm2": Z[-1].real}
        row |= {"apex_frequency_Hz": self.frequency[np.argmax(-Z.imag)]} | self._conductivity(elements, Z)
        self.summary.append(row)
        self.spectra.append(Z)
        self.elements.append(elements)
        return row

    def measure(self, current: float = 0.0) -> Spectrum:
        """Return the spectrum at the present state without taking it down; `current` as for `take`."""
        inputs = self.source.idle | {nm.STEP_CURRENT: current}
        y, cell = self._present(inputs)
        names = [nm.VOLTAGE, nm.SERIES_RESISTANCE, nm.LEAK_CONDUCTANCE, *self.ohmic]
        V, R, G, *ohmic = self.stepper.observe(names, np.zeros(1), y, inputs)[:, 0]
        omega = 2 * np.pi * self.frequency
        leads = self.lead + 1j * omega * self.inductance
        Z = cell.impedance(self.frequency)
        elements = self._elements(cell, ohmic, R, G, Z)
        return Spectrum(V, CM2_PER_M2 * (Z + leads), elements)

    def _present(self, inputs):
        """The state in the model with capacitances, its layers charged by the present current, and the linear cell."""
        y, known = self.stepper.y.copy(), slices(self.source.built)
        for name, rows in self.rows.items():
            if name in known:
                y[rows] = self.source.y[known[name]]
        fast = [k for name in self.charged for k in range(self.rows[name].start, self.rows[name].stop)]
        if fast:
            cell = self.linear.at(y, inputs)
            y[fast, 0] -= np.linalg.solve(cell.A[fast, :][:, fast].toarray(), cell.f[fast])
        return y, self.linear.at(y, inputs)

    def _elements(self, cell, ohmic, R, G, Z):
        """A row for each element in the model [Ohm cm2, F cm-2, Hz], and one for all slower reactions."""
        layers = [(name, value, None) for name, value in zip(self.ohmic, ohmic, strict=True)]
        sides = [side.potential for side in (nm.NEGATIVE, nm.POSITIVE) if side.potential in self.rows]
        layers += [(name, *cell.layer(self.rows[name], R, G)) for name in (*self.charged, *sides)]
        if self.lead:
            layers.append(("Lead resistance option", self.lead, None))
        omega, passed, rows = 2 * np.pi * self.frequency, np.zeros(len(Z), complex), []
        for name, resistance, C in layers:
            own = resistance if C is None else 1 / (1 / resistance + 1j * omega * C)
            passed = passed + own
            rows.append(self._row(element_name(name), resistance, C, np.broadcast_to(own, Z.shape)))
        slow = Z / (1 - G * Z) + self.lead - passed
        rest = self._row("slow branch (species, inventory)", slow[-1].real, None, slow)
        rest |= {"capacitance_F_cm2": None, "where": "at the lowest frequency"}
        if -slow[-1].imag > ROUNDING * abs(Z[-1]):
            rest["capacitance_F_cm2"] = float(-1 / (omega[-1] * slow[-1].imag) / CM2_PER_M2)
        return [*rows, rest]

    def _row(self, name, resistance, C, own):
        """One element; `own` is its impedance at each frequency [Ohm m2]."""
        top = np.inf if C is None or np.isinf(resistance) else 1 / (2 * np.pi * resistance * C)
        where = "arc in the range" if C is not None else "series: in the intercept"
        if np.isinf(resistance):
            where = "blocks direct current"
        elif C is not None and top > self.frequency[0]:
            where = "arc above the range: in the intercept"
        elif C is not None and top < self.frequency[-1]:
            where = "arc below the range"
        return {
            "element": name,
            "resistance_Ohm_cm2": _finite(CM2_PER_M2 * resistance),
            "capacitance_F_cm2": None if C is None else float(C / CM2_PER_M2),
            "arc_frequency_Hz": _finite(top),
            "in_intercept_Ohm_cm2": float(CM2_PER_M2 * own[0].real),
            "where": where,
        }

    def _conductivity(self, elements, Z):
        """Conductivity of the electrolyte read off the spectrum, where both electrodes block."""
        kinds = [row["where"] for row in elements]
        if kinds.count("blocks direct current") < 2:
            return {}
        series = sum(row["resistance_Ohm_cm2"] for row in elements if row["where"] == "series: in the intercept")
        thickness = 100 * self.parameters.value(nm.SEPARATOR.thickness)
        return {"conductivity_mS_cm": 1e3 * thickness / (blocked_resistance(self.frequency, Z) - series)}

    def go_on(self, packed: Mapping) -> None:
        """Begin with the spectra of an earlier part of the run, as `Spectra.packed` gives them."""
        values = ("real_Ohm_cm2", "imaginary_Ohm_cm2")
        self.summary = [{name: value for name, value in row.items() if name not in values} for row in packed["spectra"]]
        self.spectra = [np.array(row[values[0]]) + 1j * np.array(row[values[1]]) for row in packed["spectra"]]
        self.elements = list(packed["elements"])

    def result(self, record: Mapping) -> Spectra:
        """Return the spectra that were taken so far, with the record of their run."""
        import pandas

        tables = [
            pandas.DataFrame(
                {col.SPECTRUM: number, col.FREQUENCY: self.frequency, col.REAL: Z.real, col.IMAGINARY: Z.imag}
            )
            for number, Z in enumerate(self.spectra, start=1)
        ]
        sentences = [intercept(rows, self.frequency[0]) for rows in self.elements]
        record = {**record, "elements": self.elements, "intercepts": sentences}
        return Spectra(pandas.DataFrame(self.summary), pandas.concat(tables, ignore_index=True), record)


def _with_capacitances(source, parameters):
    """The same cell with its capacitances, and its derivatives: built once for a stepper, which a `KeptCell` runs again."""
    if source.charged is None:
        charged = Stepper(source.model.charged(), parameters.to_pybamm(), source.conditions)
        source.charged = charged, Linearisation(charged)
    else:
        source.charged[0].restart(source.conditions)
    return source.charged


def _finite(value):
    return float(value) if np.isfinite(value) else None


def element_name(variable: str) -> str:
    """Return the readable name of an element from that of its variable.

    >>> element_name("Separator bulk voltage loss [V]"), element_name(nm.POSITIVE.potential)
    ('separator bulk', 'positive electrode charge transfer')
    """
    name = variable.split(" [")[0].lower().replace("potential difference", "charge transfer")
    return name.removesuffix(" voltage loss").removesuffix(" resistance")


def intercept(elements: Sequence[Mapping], highest: float) -> str:
    """Say in a sentence what the real part at the highest frequency [Hz] consists of [Ohm cm2]."""
    whole = sum(row["in_intercept_Ohm_cm2"] for row in elements)
    parts = []
    for row in sorted(elements, key=lambda row: -row["in_intercept_Ohm_cm2"]):
        if row["in_intercept_Ohm_cm2"] < NOTABLE * whole:
            continue
        of = f" of {row['resistance_Ohm_cm2']:.4g}" if row["arc_frequency_Hz"] else ""
        at = f" (arc at {row['arc_frequency_Hz']:.2g} Hz)" if row["arc_frequency_Hz"] else ""
        parts.append(f"{row['element']} {row['in_intercept_Ohm_cm2']:.4g}{of}{at}")
    return f"{whole:.4g} Ohm cm2 at {highest:g} Hz: " + ", ".join(parts)
