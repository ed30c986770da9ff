r"""Equivalent circuits, for comparison with what a model holds by itself; `circuit_fit` fits them.

A circuit is a text of elements, ``+`` in series, ``//`` in parallel (which binds tighter), as in
``"L0 + R0 + R1//CPE1 + W2"``. Z [Ohm cm2], with :math:`\omega = 2\pi f`:

=======  ==========================================  =====================================================
R        :math:`R`                                   R [Ohm.cm2]
C        :math:`1/(j\omega C)`                       C [F.cm-2]
L        :math:`j\omega L`                           L [H.cm2]
CPE      :math:`1/[Q (j\omega)^n]`                   Q [F.cm-2.s(n-1)], n
ZARC     :math:`R/[1 + (j\omega\tau)^n]`             R [Ohm.cm2], tau [s], n; n = 1 is R//C with C = tau/R
W        :math:`\sigma (1 - j)/\sqrt\omega`          sigma [Ohm.cm2.s-1/2], semi-infinite diffusion (Warburg)
TLM      :math:`\sqrt{R\zeta}\,\coth\sqrt{R/\zeta}`  R, Rct [Ohm.cm2], Q [F.cm-2.s(n-1)], n: a porous electrode
=======  ==========================================  =====================================================

The transmission line (de Levie, Electrochim. Acta 8 (1963) 751) has the ionic resistance R of its pores along its depth,
each part of it connected to a carbon network without resistance through the interface
:math:`1/\zeta = 1/R_{ct} + Q(j\omega)^n`; R, Rct and Q are those of the whole electrode, per its face. At low frequency it
ends at :math:`R/3 + R_{ct}` where :math:`R_{ct} \gg R`; a very large Rct is an electrode that blocks.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import DataFileError, UnknownNameError, brief


def transmission_line(R, interface):
    """Z of a porous electrode [Ohm.cm2] of ionic resistance `R` [Ohm.cm2] and interface impedance zeta [Ohm.cm2].

    >>> round(float(transmission_line(3.0, 1e6)), 2) == 1e6 + 1.0
    True
    """
    return np.sqrt(R * interface) / np.tanh(np.sqrt(R / interface))


ELEMENTS = {
    "R": (lambda w, R: R + 0 * w, ("R",)),
    "C": (lambda w, C: 1 / (1j * w * C), ("C",)),
    "L": (lambda w, L: 1j * w * L, ("L",)),
    "CPE": (lambda w, Q, n: 1 / (Q * (1j * w) ** n), ("Q", "n")),
    "ZARC": (lambda w, R, tau, n: R / (1 + (1j * w * tau) ** n), ("R", "tau", "n")),
    "W": (lambda w, sigma: sigma * (1 - 1j) / np.sqrt(w), ("sigma",)),
    "TLM": (lambda w, R, Rct, Q, n: transmission_line(R, 1 / (1 / Rct + Q * (1j * w) ** n)), ("R", "Rct", "Q", "n")),
}
"""Impedance and parameters of each element."""


@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit from its text.

    Parameters
    ----------
    text : str
        Elements in series ("+") and in parallel ("//") with brackets, such as "R0 + R1//C1"; see `ELEMENTS`.

    Raises
    ------
    UnknownNameError
        The text is no circuit, or names an element that is not in `ELEMENTS`.

    Examples
    --------
    >>> circuit = Circuit("R0 + R1//C1")
    >>> circuit.parameters
    ('R0', 'R1', 'C1')
    >>> complex(circuit.impedance(1 / (2 * np.pi), {"R0": 5.0, "R1": 2.0, "C1": 0.5}).round(12))
    (6-1j)
    """

    text: str

    def __post_init__(self):
        if not isinstance(self.text, str):
            raise UnknownNameError(f"A circuit is a text such as 'R0 + R1//C1'; {brief(self.text)} was given.")
        names = [node.id for node in ast.walk(self._tree()) if isinstance(node, ast.Name)]
        if len(set(names)) < len(names):
            raise UnknownNameError(
                f"Circuit '{self.text}': every element needs a number of its own, such as R1 and R2."
            )

    def _tree(self):
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except SyntaxError:
            raise UnknownNameError(f"{brief(self.text)} is no circuit; write it as 'R0 + R1//C1'.") from None
        self._elements(tree)
        return tree

    def _elements(self, node):
        """The elements of a part in the order of the text; refuses whatever is none."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.FloorDiv):
            return self._elements(node.left) + self._elements(node.right)
        if isinstance(node, ast.Name) and kind_of(node.id) in ELEMENTS:
            return [node.id]
        what = f"'{node.id}'" if isinstance(node, ast.Name) else "something"
        known = ", ".join(ELEMENTS)
        raise UnknownNameError(
            f"Circuit '{self.text}' holds {what} that is no element; known are {known}, each with a number."
        )

    @property
    def elements(self):
        return tuple(self._elements(self._tree()))

    @property
    def parameters(self):
        """Names of the parameters: that of the element where it has one, else for instance "ZARC1 tau"."""
        return tuple(name for element in self.elements for name in names_of(element))

    def impedance(self, frequency, values):
        """Evaluate the impedance.

        Parameters
        ----------
        frequency : float or array
            Hz.
        values : mapping
            Value of each of `parameters` by name, SI or per area.

        Returns
        -------
        complex or array
            Z [Ohm, or Ohm cm2 with values per area], of the shape of `frequency`.

        Raises
        ------
        UnknownNameError
            A parameter has no value.
        """
        lacking = [name for name in self.parameters if not isinstance(values, Mapping) or name not in values]
        if lacking:
            raise UnknownNameError(f"Circuit '{self.text}': no value for {', '.join(lacking)}; expected name -> value.")
        return self._impedance(self._tree(), 2 * np.pi * np.asarray(frequency, float), values)

    def _impedance(self, node, omega, values):
        if isinstance(node, ast.Name):
            law, _ = ELEMENTS[kind_of(node.id)]
            return law(omega, *(values[name] for name in names_of(node.id)))
        left, right = (self._impedance(part, omega, values) for part in (node.left, node.right))
        return left + right if isinstance(node.op, ast.Add) else left * right / (left + right)


def kind_of(element):
    """The element without its number.

    >>> kind_of("ZARC12")
    'ZARC'
    """
    return re.sub(r"\d*$", "", element)


def names_of(element):
    """Names of the parameters of an element.

    >>> names_of("R1"), names_of("CPE1")
    (('R1',), ('CPE1 Q', 'CPE1 n'))
    """
    parameters = ELEMENTS[kind_of(element)][1]
    return (element,) if len(parameters) == 1 else tuple(f"{element} {name}" for name in parameters)


def checked(frequency, Z, least=3):
    """A spectrum as arrays, sorted by falling frequency.

    Raises
    ------
    DataFileError
        Shapes differ, a frequency is not positive, a value is not finite, or there are fewer than `least` points.
    """
    try:
        frequency, Z = np.asarray(frequency, float), np.asarray(Z, complex)
    except (TypeError, ValueError):
        raise DataFileError(
            f"A spectrum is two rows of numbers; {brief(frequency)} and {brief(Z)} were given."
        ) from None
    if frequency.ndim != 1 or frequency.shape != Z.shape:
        raise DataFileError(f"A spectrum is two equally long rows; shapes {frequency.shape} and {Z.shape} were given.")
    if len(frequency) < least:
        raise DataFileError(f"This needs a spectrum of at least {least} frequencies; it has {len(frequency)}.")
    if not (np.all(np.isfinite(Z)) and np.all(np.isfinite(frequency)) and np.all(frequency > 0)):
        raise DataFileError("A spectrum needs positive frequencies and finite impedances.")
    order = np.argsort(-frequency, kind="stable")
    return frequency[order], Z[order]
