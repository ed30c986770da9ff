"""Figures of what limits a cell: voltage losses by mechanism, and the capacity ledger."""

import numbers
import textwrap
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..analysis.ledger import DELIVERED, LEAK
from .colours import ELEMENTS, LEDGER, TOGETHER, colours_of
from .curve_table import AREAL, CYCLE, SPECIFIC, STEP, along, capacity_name, column, has
from .style import COLOURS, UNITS, axes_for, finish, formula, mark_turns, voltage_label

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

LOSS = "voltage loss [V]"
ALONE_V = 0.01
"""Largest value [V] above which separator, interphase, contact and anode have an area of their own."""
BARS = (*COLOURS[:6], "#F0E442", COLOURS[7])
"""Colours of parts of a bar that is no capacity ledger."""
SMALL = 5e-3
"""Share of the highest bar below which parts are drawn as one."""
OTHERS = f"others, each below {100 * SMALL:g} %"
MOST_LABELS = 10
"""Bars that each have a name and a number."""
GAVE = "discharge capacity\n(of the theoretical)"
"""Name of the line that marks what the cell gave."""
LEVEL = 4
"""Bars over which numbers are not turned."""
ON_TOP = ("Sb-S reduced for good", "double layer")
"""Parts of a capacity ledger beyond the theoretical capacity."""


def losses(
    curves: "pandas.DataFrame",
    ax: "Axes | None" = None,
    cycle: int = 1,
    least_V: float = 2e-3,
    reference: str | None = None,
) -> "Axes":
    """Draw the voltage of one cycle under its equilibrium voltage, the losses by mechanism stacked between.

    A loss is positive on discharge and negative on charge, so that equilibrium minus losses is the voltage. Each mechanism
    has its colour (`nasim.plot.colours`), a loss of your own one of the further colours. Losses that nowhere exceed
    `least_V` [V] are not drawn; but those of separator, interphase, contact and anode always are, the ones up to 10 mV as
    one area, whose largest height the legend says. "Rest" is what no drawn loss explains. Without the column "Equilibrium
    voltage [V]" the equilibrium is voltage plus losses. The charge of one mechanism may drive another; its loss then has
    the other sign and its area lies over that of its neighbour.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    cycle : int
        Number of the cycle.
    least_V : float
        Losses that nowhere exceed this [V] are not drawn.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax = axes_for(ax, (6.4, 3.8))
    part, running, turns = along(_settled(curves), cycle)
    voltage = column(part, nm.VOLTAGE)
    names = [name for name in part.columns if name.endswith(LOSS) and has(part, name)]
    stack = {name: np.nan_to_num(column(part, name)) for name in names}
    level = voltage + sum(stack.values())
    if has(part, nm.EQUILIBRIUM_VOLTAGE):
        level = column(part, nm.EQUILIBRIUM_VOLTAGE)
    ax.plot(running, level, color="black", ls="--", lw=1, label="Equilibrium")
    for label, loss, colour, hatch in _areas(stack, least_V):
        look = {"fc": colour, "hatch": hatch, "ec": "white", "lw": 0}
        ax.fill_between(running, level, level - loss, label=label, **look)
        level = level - loss
    if np.nanmax(np.abs(level - voltage), initial=0.0) >= least_V:
        ax.fill_between(running, level, voltage, fc="white", ec="#808080", hatch="......", lw=0, label="Rest")
    ax.plot(running, voltage, color="black", lw=1.1, label="Voltage")
    mark_turns(ax, turns)
    return finish(
        ax, f"Running capacity ({UNITS[capacity_name(curves)]})", voltage_label(curves, reference), legend="right"
    )


def _settled(curves):
    """The curves without the first 0.4 % of each half cycle, in which the double layers still carry the current."""
    passed = curves.groupby([CYCLE, STEP])[AREAL]
    return curves.loc[curves[AREAL] >= 4e-3 * passed.transform("max")]


def _areas(stack, least):
    """Label, loss, colour and hatch of each area to draw: the mechanisms one by one, last the small `ELEMENTS` as one."""
    size = {name: np.max(np.abs(loss), initial=0.0) for name, loss in stack.items()}
    areas = [
        (name.removesuffix(LOSS).strip(), stack[name], *look)
        for name, look in colours_of(stack).items()
        if size[name] >= (ALONE_V if name in ELEMENTS else least)
    ]
    together = [name for name in ELEMENTS if 0 < size.get(name, 0.0) < ALONE_V]
    if together:
        loss = sum(stack[name] for name in together)
        words = ", ".join(dict.fromkeys(ELEMENTS[name][2] for name in together)).capitalize()
        highest = f"(up to {1e3 * np.max(np.abs(loss)):.2g} mV)".replace(" ", "\N{NO-BREAK SPACE}")
        areas.append((textwrap.fill(f"{words} {highest}", 26), loss, TOGETHER, ""))
    return areas


def ledger(ledger: "Mapping | pandas.DataFrame", ax: "Axes | None" = None, unit: str = UNITS[SPECIFIC]) -> "Axes":
    """Draw the parts of a capacity as stacked bars.

    Parts that are small in every bar are drawn as one. Negative parts hang below zero; the total stands over each bar.

    Of a capacity ledger (`Result.ledger`) a black line marks what the cell gave, and over the bar stands "given of
    theoretical capacity"; the leak hatches what was converted beyond the line. The parts add up to the theoretical
    capacity and, on top of it, Sb-S reduced for good and the double layer.

    Parameters
    ----------
    ledger : mapping or pandas.DataFrame
        Part -> value (one bar), bar -> mapping part -> value, or a table with a row a bar and a column a part; bars that
        are whole numbers are cycles.
    ax : matplotlib axes, optional
        Default those of a new figure.
    unit : str
        Unit of the values, for the axis.

    Returns
    -------
    matplotlib axes
    """
    ax = axes_for(ax, (5.6, 3.8))
    bars = _bars(ledger)
    parts = dict.fromkeys(part for bar in bars.values() for part in bar)
    stack = {part: np.nan_to_num([float(bar.get(part, 0.0)) for bar in bars.values()]) for part in parts}
    places, width = np.arange(len(bars)), 0.55 if len(bars) <= MOST_LABELS else 1.0
    gave = _given(stack)
    numbers_above = _numbers(stack, gave)
    (leak_name,) = LEAK.values()
    leak = stack.pop(leak_name, 0.0 * places) if gave is not None else 0.0 * places
    top = _stacked(ax, places, width, _folded(stack))
    if gave is not None:
        ax.hlines(gave, places - width / 2, places + width / 2, color="black", lw=1.8, label=GAVE)
    if leak.max(initial=0.0) > SMALL * top.max(initial=0.0):
        ax.bar(places, leak, width, gave, fill=False, hatch="xxxx", lw=0, label="leak in the discharge")
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.1 + 0.4 / len(bars) if len(bars) <= MOST_LABELS else 0.02, y=0.1)
    cycles = all(isinstance(bar, numbers.Integral) for bar in bars)
    finish(ax, "Cycle" if cycles else "", f"Capacity ({unit})", legend="right")
    _named(ax, places, [str(bar) for bar in bars], top, numbers_above)
    return ax


def _numbers(stack, gave):
    """Texts over the bars: the total of each, of a capacity ledger the capacity `gave` and the theoretical one."""
    if gave is None:
        return [_short(total) for total in _total(stack.values())]
    theory = _total(values for part, values in stack.items() if part in LEDGER and part not in ON_TOP)
    return [f"{_short(x)} of {_short(whole)}" if whole else _short(x) for x, whole in zip(gave, theory, strict=True)]


def _total(values):
    """Sum of arrays of one length."""
    return np.sum(list(values), axis=0)


def _short(number):
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _given(stack):
    """Capacity that the cell gave in each bar, converted less leak; None where the parts are of no capacity ledger."""
    converted = [stack[part] for part in DELIVERED.values() if part in stack]
    return sum(converted) - sum(stack[part] for part in LEAK.values() if part in stack) if converted else None


def _folded(stack):
    """The parts, but those below `SMALL` of the highest bar put together at the end."""
    least = SMALL * max((np.abs(values).sum() for values in zip(*stack.values(), strict=True)), default=0.0)
    large = {part: values for part, values in stack.items() if np.max(np.abs(values), initial=0.0) >= least}
    rest = [values for part, values in stack.items() if part not in large]
    if not any(np.any(values) for values in rest):
        return large
    return large | {OTHERS: sum(rest)}


def _stacked(ax, places, width, stack):
    """Draw the parts on each other; returns the upper end of each bar."""
    above, below = 0.0 * places, 0.0 * places
    for number, (part, values) in enumerate(stack.items()):
        colour, hatch = LEDGER.get(part, (BARS[number % len(BARS)], ""))
        look = {
            "fc": "#404040" if part == OTHERS else colour,
            "hatch": hatch,
            "ec": "white",
            "lw": 0,
            "aa": width < 1.0,
        }
        ax.bar(places, values, width, np.where(values >= 0, above, below), label=formula(str(part)), **look)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    return above


def _named(ax, places, names, top, numbers_above):
    """Names under the bars, as many as there is room for, and where there are few a number over each."""
    step = next(m * 10**d for d in count() for m in (1, 2, 5) if len(names) <= MOST_LABELS * m * 10**d)
    chosen = [k for k in range(len(names)) if k == 0 or (k + 1) % step == 0]
    ax.set_xticks(places[chosen], [names[k] for k in chosen])
    if step > 1:
        return
    turned = len(names) > LEVEL
    if any(" " in number for number in numbers_above):
        ax.margins(y=0.38 if turned else 0.14)
    style = {"textcoords": "offset points", "ha": "center", "va": "bottom", "fontsize": "small"}
    for x, height, number in zip(places, top, numbers_above, strict=True):
        text = number if turned or len(names) <= 2 else number.replace(" ", "\n", 1)
        ax.annotate(text, (x, height), (0, 3), rotation=90 if turned else 0, **style)


def _bars(ledger: Any) -> dict[Any, dict[str, Any]]:
    """Bar -> part -> value, of each of the three forms that `ledger` takes."""
    if hasattr(ledger, "columns"):
        return {bar: dict(row) for bar, row in ledger.select_dtypes("number").iterrows()}
    if all(hasattr(value, "keys") for value in ledger.values()):
        return {bar: dict(parts) for bar, parts in ledger.items()}
    return {"": dict(ledger)}


def limits(
    curves: "pandas.DataFrame",
    ledgers: Mapping[int, Mapping[str, float]],
    unit: str,
    cycle: int = 1,
    reference: str | None = None,
) -> np.ndarray:
    """Draw the limits of a cell in two panels: losses of one cycle, capacity ledger of several.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ledgers : mapping
        Number of a cycle -> its ledger (see `ledger`).
    unit : str
        Unit of the ledgers, for the axis.
    cycle : int
        Cycle of the losses.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    array of matplotlib axes, shape (2,)

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    axes = axes_for(None, (13.0, 4.2), 2)
    losses(curves, axes[0], cycle, reference=reference)
    ledger(ledgers, axes[1], unit)
    return axes
