"""Figures of what limits a cell: voltage losses by mechanism, and the capacity ledger."""

import numbers
from itertools import count

import numpy as np

from .. import nomenclature as nm
from ..analysis.ledger import DELIVERED, LEAK, MISSING
from .style import COLOURS, UNITS, VOLTAGE_LABEL, axes_for, finish, formula, mark_turns
from .table import AREAL, CYCLE, SPECIFIC, STEP, along, capacity_name, column, has

LOSS = "voltage loss [V]"
BARS = (*COLOURS[:6], "#F0E442", COLOURS[7])
"""Colours of parts of a bar."""
_CODES = ("0", "1", "2", "7", "3", "3/", "4", "4/", "2/", "5", "5/", "6", "7", "7/")
LOOKS = {
    words: (int(code[0]), 3 * code[1:], 1.0 if words in DELIVERED.values() else 0.6)
    for words, code in zip((*DELIVERED.values(), *MISSING.values()), _CODES, strict=True)
}
"""Part of a capacity ledger -> colour by cause, hatch of the Sb-S phase, opacity of what was converted and what not."""
SMALL = 5e-3
"""Share of the highest bar below which parts are drawn as one."""
OTHERS = f"others, each below {100 * SMALL:g} %"
MOST_LABELS = 10
"""Bars that each have a name and a number."""


def losses(curves, ax=None, cycle=1, least_V=2e-3, most=7):
    """Voltage of one cycle under its equilibrium voltage, the losses by mechanism stacked between; returns the axes.

    A loss is positive on discharge and negative on charge, so that equilibrium minus losses is the voltage. The `most`
    largest losses that somewhere exceed `least_V` [V] have a colour each, what remains is the rest. Without the column
    "Equilibrium voltage [V]" the equilibrium is voltage plus losses. The charge of one mechanism may drive another; its
    loss then has the other sign and its area lies over that of its neighbour.
    """
    ax = axes_for(ax, (6.4, 3.8))
    part, running, turns = along(_settled(curves), cycle)
    voltage = column(part, nm.VOLTAGE)
    stack = {name: column(part, name) for name in part.columns if name.endswith(LOSS) and has(part, name)}
    level = voltage + sum(np.nan_to_num(loss) for loss in stack.values())
    if has(part, nm.EQUILIBRIUM_VOLTAGE):
        level = column(part, nm.EQUILIBRIUM_VOLTAGE)
    ax.plot(running, level, color="black", ls="--", lw=1, label="Equilibrium")
    for colour, (name, loss) in zip(COLOURS, _largest(stack, least_V, most).items(), strict=False):
        label = name.removesuffix(LOSS).strip()
        ax.fill_between(running, level, level - loss, color=colour, alpha=0.75, lw=0, label=label)
        level = level - loss
    if np.nanmax(np.abs(level - voltage), initial=0.0) >= least_V:
        ax.fill_between(running, level, voltage, color="#D0D0D0", lw=0, label="Rest")
    ax.plot(running, voltage, color="black", lw=1.4, label="Voltage")
    mark_turns(ax, turns)
    return finish(ax, f"Running capacity ({UNITS[capacity_name(curves)]})", VOLTAGE_LABEL, legend="right")


def _settled(curves):
    """The curves without the first 0.4 % of each half cycle, in which the double layers still carry the current."""
    passed = curves.groupby([CYCLE, STEP])[AREAL]
    return curves[curves[AREAL] >= 4e-3 * passed.transform("max")]


def _largest(stack, least, most):
    """The `most` largest of the losses that exceed `least`, in the order given."""
    size = {name: np.nanmax(np.abs(loss)) for name, loss in stack.items()}
    kept = sorted((name for name in stack if size[name] >= least), key=size.get)[-most:]
    return {name: np.nan_to_num(loss) for name, loss in stack.items() if name in kept}


def ledger(ledger, ax=None, unit=UNITS[SPECIFIC]):
    """Where the capacity comes from or goes to, as stacked bars; returns the axes.

    `ledger` is a mapping part -> value (one bar), a mapping bar -> mapping part -> value, or a table with a row a bar
    and a column a part; bars that are whole numbers are cycles. Parts that are small in every bar are drawn as one.
    Negative parts hang below zero; the total stands over each bar.

    Of a capacity ledger (`Result.ledger`) a black line marks, and the number over the bar says, what the cell gave; the
    leak hatches what was converted beyond it, and all parts add up to the theoretical capacity.
    """
    ax = axes_for(ax, (5.6, 3.8))
    bars = _bars(ledger)
    parts = dict.fromkeys(part for bar in bars.values() for part in bar)
    stack = {part: np.nan_to_num([float(bar.get(part, 0.0)) for bar in bars.values()]) for part in parts}
    places, width = np.arange(len(bars)), 0.55 if len(bars) <= MOST_LABELS else 1.0
    gave = _given(stack)
    leak = stack.pop(*LEAK.values(), 0.0 * places) if gave is not None else 0.0 * places
    top = _stacked(ax, places, width, _folded(stack))
    if gave is not None:
        ax.hlines(gave, places - width / 2, places + width / 2, color="black", lw=1.8, label="discharge capacity")
    if leak.max(initial=0.0) > SMALL * top.max(initial=0.0):
        ax.bar(places, leak, width, gave, fill=False, hatch="xxxx", lw=0, label="leak in the discharge")
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.1 + 0.4 / len(bars) if len(bars) <= MOST_LABELS else 0.02, y=0.1)
    cycles = all(isinstance(bar, numbers.Integral) for bar in bars)
    finish(ax, "Cycle" if cycles else "", f"Capacity ({unit})", legend="right")
    _named(ax, places, [str(bar) for bar in bars], top, sum(stack.values()) if gave is None else gave)
    return ax


def _given(stack):
    """What the cell gave in each bar: converted less leak; None where the parts are none of a capacity ledger."""
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
        number, hatch, alpha = LOOKS.get(part, (number, "", 1.0))
        colour = "#404040" if part == OTHERS else BARS[number % len(BARS)]
        look = {"color": colour, "hatch": hatch, "alpha": alpha, "ec": "white", "lw": 0, "aa": width < 1.0}
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
    turned = {"rotation": 90, "va": "bottom"} if len(names) > 5 else {}
    for x, height, number in zip(places, top, numbers_above, strict=True):
        style = {"textcoords": "offset points", "ha": "center", "fontsize": "small"}
        ax.annotate(f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}", (x, height), (0, 3), **style, **turned)


def _bars(ledger):
    """Bar -> part -> value, of each of the three forms that `ledger` takes."""
    if hasattr(ledger, "columns"):
        return {bar: dict(row) for bar, row in ledger.select_dtypes("number").iterrows()}
    if all(hasattr(value, "keys") for value in ledger.values()):
        return {bar: dict(parts) for bar, parts in ledger.items()}
    return {"": dict(ledger)}


def limits(curves, ledgers, unit, cycle=1):
    """What limits the cell, in two panels: losses of one cycle, capacity ledger of several; returns their axes.

    `ledgers` maps a cycle to its ledger in `unit` (see `ledger`).
    """
    axes = axes_for(None, (13.0, 4.2), 2)
    losses(curves, axes[0], cycle)
    ledger(ledgers, axes[1], unit)
    return axes
