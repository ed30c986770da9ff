"""Figures of what limits a cell: voltage losses by mechanism, and the capacity ledger."""

import numpy as np

from .. import nomenclature as nm
from .style import COLOURS, UNITS, VOLTAGE_LABEL, axes_for, finish, formula, mark_turns
from .table import AREAL, CYCLE, SPECIFIC, STEP, along, capacity_name, column, has

LOSS = "voltage loss [V]"


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
    and a column a part. Negative parts hang below zero; the total stands over each bar.
    """
    ax = axes_for(ax, (5.6, 3.8))
    bars = _bars(ledger)
    parts = list(dict.fromkeys(part for bar in bars.values() for part in bar))
    above, below = np.zeros(len(bars)), np.zeros(len(bars))
    for colour, part in zip(COLOURS * (1 + len(parts) // len(COLOURS)), parts, strict=False):
        values = np.nan_to_num([float(bar.get(part, 0.0)) for bar in bars.values()])
        ax.bar(list(bars), values, 0.55, np.where(values >= 0, above, below), color=colour, label=formula(str(part)))
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    for x, (top, low) in enumerate(zip(above, below, strict=True)):
        ax.annotate(f"{top + low:.4g}", (x, top), (0, 3), textcoords="offset points", ha="center", fontsize="small")
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.1 + 0.4 / len(bars), y=0.1)
    return finish(ax, "", f"Capacity ({unit})", legend="right")


def _bars(ledger):
    """Bar -> part -> value, of each of the three forms that `ledger` takes."""
    if hasattr(ledger, "columns"):
        return {str(bar): dict(row) for bar, row in ledger.select_dtypes("number").iterrows()}
    if all(hasattr(value, "keys") for value in ledger.values()):
        return {str(bar): dict(parts) for bar, parts in ledger.items()}
    return {"": dict(ledger)}


def limits(curves, ledgers, unit, cycle=1):
    """What limits the cell, in two panels: losses of one cycle, capacity ledger of several; returns their axes.

    `ledgers` maps a cycle to its ledger in `unit` (see `ledger`).
    """
    axes = axes_for(None, (13.0, 4.2), 2)
    losses(curves, axes[0], cycle)
    ledger({f"cycle {number}": parts for number, parts in ledgers.items()}, axes[1], unit)
    return axes
