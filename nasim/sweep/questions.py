"""Design studies: questions that makers of cells ask, each answered in a sentence with its numbers, a table and a figure.

A question has axes, name -> values, and computes a row for each combination. What it answers is read off its table alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import check_cycles
from ..engine.built_cell import KeptCell
from ..errors import ProtocolError, SolveError, UnknownNameError, nearest
from ..experiments.cycling import Cycling
from ..experiments.gcd import GCD
from ..nomenclature import columns as col
from ..notebook import quiet
from ..parameters import ParameterSet, as_set
from ..parameters.design import Design
from ..parameters.sheet import cell_sheet
from ..plot.style import axes_for, cycle_colours, finish, label_ends
from ..progress import reporting

if TYPE_CHECKING:
    import pandas

PRESSURE, CURRENT, TEMPERATURE = "pressure_MPa", "current_mA_cm2", "temperature_C"
CUT_OFF, LOADING, SEPARATOR, SHARE = "cut_off_V", "sulfur_loading_mg_cm2", "separator_um", "electrolyte_percent"
CAPACITY, EFFICIENCY = col.DISCHARGE, col.CHARGE_OVER_DISCHARGE
ENERGY, RETENTION = "energy_Wh_kg", "retention"
N_TO_P = 3.0
"""Sodium of the anode over that of the sulfur in the study of energy: less costs voltage, as the alloy runs into its later plateaus."""
LOW = "runs low"
"""What the remark of a sheet on a lean anode says."""
S_OVER_C = 1.5
"""Sulfur over carbon by mass where the share of electrolyte is varied: that of the paper."""


@dataclass(frozen=True)
class Question:
    """A design study.

    Attributes
    ----------
    text : str
        The question.
    axes : dict
        Axis -> values by default; the last is along the abscissa of the figure, the one before it a colour.
    measure : str
        Column that the figure shows.
    label : str
        Of its axis.
    point : callable (ParameterSet, dict, int) -> dict
        Computes a row from the set, the values of the axes and the number of cycles.
    cycles : int
        Cycles of each point by default.
    answer : callable (table) -> str
        The sentence.
    beside : tuple of (str, str)
        Further columns that the figure shows, with their labels.
    """

    text: str
    axes: Mapping[str, Sequence[float]]
    measure: str
    label: str
    point: Callable[[ParameterSet, dict, int, dict], dict]
    cycles: int
    answer: "Callable[[pandas.DataFrame], str]"
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a question was answered with.

    Attributes
    ----------
    question : Question
    table : pandas.DataFrame
        A row a point: the values of the axes, what was computed, and why it failed if it did.
    """

    question: Question
    table: "pandas.DataFrame"

    @property
    def sentence(self) -> str:
        """The answer in a sentence with its numbers."""
        done = self.table.loc[self.table[self.question.measure].notna()]
        return "no point could be computed" if done.empty else self.question.answer(done) + self._at_the_edge(done)

    def _at_the_edge(self, done):
        """Words for the axes at whose end the best point lies, so that there may be better ones beyond."""
        best = _best(done, self.question.measure)
        ends = [name for name in self.question.axes if best[name] in (done[name].min(), done[name].max())]
        ends = [_words({name: ()}, 0).partition(" (")[0].lower() for name in ends if done[name].nunique() > 1]
        return f"; at the end of the values tried of {' and '.join(ends)}" if ends else ""

    @quiet
    def plot(self, ax: Any = None) -> Any:
        """Draw the measures over the last axis, a colour for each value of the axis before it.

        Parameters
        ----------
        ax : matplotlib axes, optional
            For the first measure alone; default those of a new figure, with all.

        Returns
        -------
        matplotlib axes, or an array of them
        """
        measures = [(self.question.measure, self.question.label), *self.question.beside]
        if ax is not None or len(measures) == 1:
            return self._draw(axes_for(ax, (5.6, 3.8)), *measures[0])
        axes = axes_for(None, (9.6, 3.8), len(measures))
        for panel, measure in zip(axes, measures, strict=True):
            self._draw(panel, *measure)
        return axes

    def _draw(self, ax, measure, label):
        """Draw one measure over the last axis: a colour for each value of the axis before it, a dash for the one before that."""
        *others, last = self.question.axes
        table: Any = self.table[self.table[measure].notna()]
        table = table.sort_values([*others, last])
        outer: list[tuple[Any, Any]] = list(table.groupby(others[0])) if len(others) > 1 else [("", table)]
        for dash, (far, rows) in zip(DASHES, reversed(outer), strict=False):
            groups: list[tuple[Any, Any]] = list(rows.groupby(others[-1])) if others else [("", rows)]
            ends = []
            for colour, (value, part) in zip(cycle_colours(groups), groups, strict=True):
                ax.plot(part[last], part[measure], marker="o", ls=dash, ms=4, color=colour)
                ends.append((part[last].iloc[-1], part[measure].iloc[-1], f"{value:g}" if others else "", colour))
            if len(outer) > 1:
                ax.plot([], [], ls=dash, color="#404040", label=f"{far:g}")
        ax.set_ylim(0, 1.08 * table[measure].max() if len(table) else None)
        if others and len(table):
            label_ends(ax, ends)
            style = {"transform": ax.transAxes, "ha": "right", "fontsize": "small"}
            ax.text(1.0, 1.02, _words({others[-1]: ()}, 0), **style)
        finish(ax, _words(self.question.axes, -1), label)
        if ax.get_legend():
            ax.get_legend().set_title(_words(self.question.axes, 0), {"size": "small"})
        return ax


def ask(
    word: str,
    parameters: str | ParameterSet = "Yuan2025_NAS",
    axes: Mapping[str, Sequence[float]] | None = None,
    cycles: int | None = None,
    progress: Callable[[int, dict], object] | bool | None = None,
) -> Answer:
    """Answer a design question.

    Parameters
    ----------
    word : str
        One of `QUESTIONS`.
    parameters : str, path or ParameterSet
        Name or file of a set, or the set itself.
    axes : mapping, optional
        Axis -> values, in place of those of the question.
    cycles : int, optional
        Cycles of each point.
    progress : bool or callable (int, dict), optional
        True for a bar, in a terminal or a notebook; or what is called after each point with its number and its row.

    Returns
    -------
    Answer

    Raises
    ------
    UnknownNameError, ProtocolError
        There is no such question or axis, or an axis has no value.
    """
    import pandas

    if word not in QUESTIONS:
        raise UnknownNameError(
            f"There is no study '{word}'; expected one of {', '.join(QUESTIONS)}.", nearest(word, QUESTIONS)
        )
    question, base = QUESTIONS[word], as_set(parameters, who="study")
    for name, values in (axes or {}).items():
        if name not in question.axes:
            raise UnknownNameError(
                f"study {word}: no axis '{name}'; its axes are {', '.join(question.axes)}.",
                nearest(name, question.axes),
            )
        if not len(values):
            raise ProtocolError(f"study {word}: the axis '{name}' has no values.")
    if cycles is not None:
        check_cycles(f"study {word}", cycles)
    spans, kept, rows = {**question.axes, **(axes or {})}, {}, []
    points = list(product(*spans.values()))
    with reporting(f"study {word}", progress, "points", len(points)) as report:
        for number, values in enumerate(points, start=1):
            point = dict(zip(spans, values, strict=True))
            try:
                row = {"reason": ""} | question.point(base, point, cycles or question.cycles, kept)
            except SolveError as error:
                row = {question.measure: np.nan, "reason": str(error)}
            rows.append(point | row)
            report(number, rows[-1])
    return Answer(question, pandas.DataFrame(rows))


def _capacity(base, point, cycles, kept):
    """Last discharge, its efficiency and what is left of the first, at given conditions."""
    cell = kept.setdefault("cell", KeptCell())
    conditions = {"stack_pressure_MPa": point.get(PRESSURE), "temperature_C": point.get(TEMPERATURE)}
    window = None if CUT_OFF not in point else (point[CUT_OFF], base.value("Upper voltage cut-off [V]"))
    protocol = Cycling(point.get(CURRENT), cycles, window, keep=())
    table = protocol.run(cell, base, **conditions).summary
    last = table.iloc[-1]
    names = (CAPACITY, col.DISCHARGE_PER_GRAM, EFFICIENCY)
    return {name: float(last[name]) for name in names} | {RETENTION: float(last[CAPACITY] / table[CAPACITY].iloc[0])}


def _energy(base, point, cycles, kept):
    """Energy per mass and volume of a design, from the last discharge."""
    share = point[SHARE] / 100
    active = 1 - share
    ratio = (active * S_OVER_C / (1 + S_OVER_C), active / (1 + S_OVER_C), share)
    quantities = {"sulfur_loading_mg_cm2": point[LOADING], "separator_thickness_um": point[SEPARATOR], "ratio": ratio}
    design = Design(**quantities, n_to_p=N_TO_P)
    built = design.of(base)
    cell = kept.setdefault("cell", KeptCell(inputs=sorted(design.values(base))))
    last = GCD(cycles=cycles, keep=()).run(cell, built).summary.iloc[-1]
    sheet = cell_sheet(built)
    out: dict[str, Any] = sheet.energy(float(last[col.DISCHARGE_ENERGY]))
    told = "no density" if np.isnan(out[ENERGY]) else LOW
    out["reason"] = "; ".join(remark for remark in sheet.remarks if told in remark)
    return out | {col.DISCHARGE_PER_GRAM: float(last[col.DISCHARGE_PER_GRAM]), CAPACITY: float(last[CAPACITY])}


def _best(table, measure):
    return table.loc[table[measure].idxmax()]


def _pressure_answer(table):
    best, low = _best(table, CAPACITY), table.loc[table[CAPACITY].idxmin()]
    return (
        f"most capacity, {best[CAPACITY]:.3g} mAh cm-2 at a charge over discharge of {best[EFFICIENCY]:.3f}, at "
        f"{best[PRESSURE]:g} MPa and {best[CURRENT]:g} mA cm-2; least, {low[CAPACITY]:.3g} mAh cm-2, at {low[PRESSURE]:g} MPa and "
        f"{low[CURRENT]:g} mA cm-2"
    )


def _energy_answer(table):
    best = _best(table, ENERGY)
    return (
        f"most energy, {best[ENERGY]:.3g} Wh kg-1 and {best['energy_Wh_L']:.3g} Wh L-1 of cathode, electrolyte and anode "
        f"(N/P {N_TO_P:g}), with {best[LOADING]:g} mg cm-2 of sulfur, {best[SEPARATOR]:g} um of electrolyte and {best[SHARE]:g} % of it in the cathode"
    )


def _cut_off_answer(table):
    best, most = _best(table, RETENTION), _best(table, CAPACITY)
    return (
        f"least fade with a lower cut-off of {best[CUT_OFF]:g} V: {100 * best[RETENTION]:.3g} % of the first discharge is left; "
        f"most capacity at the end, {most[CAPACITY]:.3g} mAh cm-2, with {most[CUT_OFF]:g} V"
    )


def _temperature_answer(table):
    parts = (f"{row[CAPACITY]:.3g} mAh cm-2 at {row[TEMPERATURE]:g} degC" for _, row in table.iterrows())
    return f"{', '.join(parts)}; most at {_best(table, CAPACITY)[TEMPERATURE]:g} degC"


AREAL = "Discharge capacity (mAh cm$^{-2}$)"
QUESTIONS = {
    "pressure-current": Question(
        "What do pressure and current make of capacity and efficiency?",
        {PRESSURE: (20.0, 62.5, 125.0, 250.0), CURRENT: (0.082, 0.127, 0.25, 0.41)},
        CAPACITY,
        AREAL,
        _capacity,
        2,
        _pressure_answer,
        ((EFFICIENCY, "Charge over discharge"),),
    ),
    "energy": Question(
        "Which loading, electrolyte thickness and share of electrolyte in the cathode give most energy per mass?",
        {SEPARATOR: (30.0, 100.0), SHARE: (50.0, 65.0, 80.0), LOADING: (0.5, 1.0, 2.0)},
        ENERGY,
        "Energy (Wh kg$^{-1}$)",
        _energy,
        2,
        _energy_answer,
    ),
    "cut-off": Question(
        "What does the lower cut-off make of fade?",
        {CUT_OFF: (0.5, 0.7, 0.9, 1.1)},
        RETENTION,
        "Share of the first discharge that is left",
        _capacity,
        20,
        _cut_off_answer,
        ((CAPACITY, AREAL),),
    ),
    "temperature": Question(
        "What does temperature make of capacity?",
        {TEMPERATURE: (0.0, 10.0, 25.0, 40.0, 60.0)},
        CAPACITY,
        AREAL,
        _capacity,
        2,
        _temperature_answer,
    ),
}
"""Word -> design study."""
DASHES = ("-", "--", ":", "-.")
"""Lines for the values of a third axis, largest first."""
WORDS = {
    CUT_OFF: "Lower cut-off (V)",
    SHARE: "Electrolyte in the cathode (%)",
    SEPARATOR: "Separator (\N{GREEK SMALL LETTER MU}m)",
}
"""Axis -> its label, where its name does not say it."""
UNITS = {
    "MPa": "MPa",
    "mA_cm2": "mA cm$^{-2}$",
    "C": "\N{DEGREE SIGN}C",
    "V": "V",
    "mg_cm2": "mg cm$^{-2}$",
    "um": "\N{GREEK SMALL LETTER MU}m",
    "percent": "%",
}


def _words(axes: Mapping, place: int) -> str:
    """The label of an axis of a question."""
    name = list(axes)[place]
    if name in WORDS:
        return WORDS[name]
    end = next(end for end in sorted(UNITS, key=len, reverse=True) if name.endswith(f"_{end}"))
    return f"{name.removesuffix(f'_{end}').replace('_', ' ').capitalize()} ({UNITS[end]})"
