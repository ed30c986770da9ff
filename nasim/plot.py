"""Figures of a cell, one function each: it takes axes (or makes them), returns axes and never shows them.

`curves` is a pandas table with a row a point and the columns "Cycle", "Step" (discharge, charge, rest, hold),
"Time [s]", "Voltage [V]", "Current density [mA.cm-2]" (discharge positive), "Capacity [mAh.cm-2]" (from 0 in every
step) and where there is sulfur "Specific capacity [mAh.g-1]"; species fractions and voltage losses carry their names of
nomenclature.py.
`summary` has a row a cycle. Columns that a figure can do without may be missing or NaN: without sulfur, capacities are
per area.

`published` is a mapping such as `{"reduction_peaks_V": [1.75, 1.05], "discharge_capacity_mAh_g": 1976}`: values to
mark at the rim of the figure. matplotlib is imported only when a figure is drawn.
"""

import re
from itertools import pairwise

import numpy as np

from . import nomenclature as nm
from .errors import DataFileError, UnknownNameError, nearest

CYCLE, STEP = "Cycle", "Step"
CURRENT = "Current density [mA.cm-2]"
AREAL, SPECIFIC = "Capacity [mAh.cm-2]", "Specific capacity [mAh.g-1]"
LOSS = "voltage loss [V]"
UNITS = {AREAL: "mAh cm$^{-2}$", SPECIFIC: "mAh g$^{-1}$"}
VOLTAGE_LABEL = "Voltage (V vs Na$_{15}$Sn$_4$)"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C")
"""The colours of Okabe and Ito, which people with colour-blindness can tell apart."""

DECADE = 10.0
"""Ratio of the largest to the smallest |Z| from which its axis is logarithmic."""
FLAT = 0.6
"""Height of a Nyquist plot without its tail, relative to its width."""
OHM_CM2 = "\N{GREEK CAPITAL LETTER OMEGA} cm$^2$"

PANELS = (
    (
        "Capacity (mAh g$^{-1}$)",
        {"discharge_capacity_mAh_g": "discharge", "charge_capacity_mAh_g": "charge"},
    ),
    (
        "Capacity (mAh cm$^{-2}$)",
        {"discharge_capacity_mAh_cm2": "discharge", "charge_capacity_mAh_cm2": "charge"},
    ),
    (
        "Coulombic ratio",
        {"charge_over_discharge": "charge/discharge", "discharge_over_charge": "discharge/charge"},
    ),
    ("Mean voltage (V)", {"mean_discharge_voltage_V": "discharge", "mean_charge_voltage_V": "charge"}),
    ("Discharge energy (mWh cm$^{-2}$)", {"discharge_energy_mWh_cm2": ""}),
    ("Interphase thickness (\N{GREEK SMALL LETTER MU}m)", {"interphase_thickness_um": ""}),
    (f"Interphase resistance ({OHM_CM2})", {"interphase_resistance_Ohm_cm2": ""}),
    ("Connected fraction", {"connected_fraction": ""}),
    ("Leak (mAh cm$^{-2}$)", {"leak_mAh_cm2": ""}),
    ("Stack pressure (MPa)", {"stack_pressure_MPa": ""}),
)
"""What `cycling` shows: the label of each panel, then its columns with their legend entries."""

LAYERS = (
    (
        r"Na$_{15}$Sn$_4$ alloy",
        r"210 $\mu$m",
        "#C9CDD2",
        2.4,
        (
            r"Na$_{15}$Sn$_4$ $\rightarrow$",
            r"Na$_9$Sn$_4$ + 6 Na$^+$ + 6 e$^-$",
            "kinetics under pressure",
            "shrinks on discharge",
            "plates when overfilled",
        ),
    ),
    ("interphase", r"up to 10 $\mu$m", "#E9B9A0", 1.5, ("Na$_2$S, Na$_3$Sb", "grows, then", "limits itself")),
    (
        "Na$_3$SbS$_4$ separator",
        "0.4 mm",
        "#F6E3A8",
        2.2,
        ("only Na$^+$ moves", "ohmic loss", "soft short:", "electronic leak"),
    ),
    (
        "S@C + Na$_3$SbS$_4$ cathode",
        r"18 $\mu$m",
        "#B7D3C6",
        2.6,
        (
            r"S $\rightarrow$ Na$_2$S$_2$ $\rightarrow$ Na$_2$S",
            r"Sb$_x$S$_y$ $\leftrightarrow$ Na$_3$SbS$_4$",
            "product layers block",
            "swells by up to 26 %",
            "contact is lost and heals",
        ),
    ),
    ("collector", "", "#9AA0A6", 1.1, ("e$^-$",)),
)
"""What `cell_sketch` draws: name, thickness, colour, relative width and events of each layer."""


# --- shared by the figures --------------------------------------------------------------------------------------------


def formula(text):
    """The text with the indices of its chemical formulae lowered, for matplotlib.

    >>> formula("Na2S"), formula("NaxSbS4"), formula("cycle 2 of Na15Sn4")
    ('Na$_2$S', 'Na$_x$SbS$_4$', 'cycle 2 of Na$_{15}$Sn$_4$')
    """
    return _FORMULA.sub(lambda word: _INDEX.sub(_lowered, word[0]), text)


_FORMULA = re.compile(r"\b(?=\w*\d|\w+[A-Z])(?:[A-Z][a-z]??(?:\d+|[xy])?)+\b")
_INDEX = re.compile(r"([A-Z][a-z]??)(\d+|[xy])(?=[A-Z]|$)")


def _lowered(match):
    index = match[2] if len(match[2]) == 1 else f"{{{match[2]}}}"
    return f"{match[1]}$_{index}$"


def _axes(ax, size=(5.0, 3.8), columns=1):
    """The given axes, or those of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(1, columns, figsize=size, layout="constrained")[1]


def _finish(ax, x, y, legend="above", columns=3):
    ax.set(xlabel=x, ylabel=y)
    ax.tick_params(direction="in", which="both")
    if x == "Cycle":
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    handles, labels = ax.get_legend_handles_labels()
    if not labels:
        return ax
    style = {"frameon": False, "fontsize": "small", "borderaxespad": 0.0, "handlelength": 1.4, "columnspacing": 1.2}
    if legend == "above":
        place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.03), "ncols": min(columns, len(labels))}
    else:
        place = {"loc": "upper left", "bbox_to_anchor": (1.03, 1.0)}
    ax.legend(handles, labels, **place, **style)
    return ax


def _column(table, name):
    if name not in table:
        raise UnknownNameError(f"The table has no column '{name}'.", nearest(name, table.columns))
    return table[name].to_numpy()


def _has(table, name):
    """Whether the column exists and holds a number."""
    return name in table and bool(np.isfinite(table[name].to_numpy(dtype=float)).any())


def _capacity_name(curves):
    return SPECIFIC if _has(curves, SPECIFIC) else AREAL


def _chosen(curves, cycles):
    """The cycles to draw: those asked for, else at most five, evenly spread."""
    known = np.unique(_column(curves, CYCLE))
    if cycles is None:
        return known[np.unique(np.linspace(0, len(known) - 1, 5).round().astype(int))]
    cycles = np.atleast_1d(cycles)
    for cycle in cycles:
        if cycle not in known:
            raise UnknownNameError(f"There is no cycle {cycle}; the table holds cycles {known[0]} to {known[-1]}.")
    return cycles


def _step(curves, cycle, step):
    return curves[(_column(curves, CYCLE) == cycle) & (_column(curves, STEP) == step)]


def _along(curves, cycle):
    """One cycle with its capacity running on from step to step, and the capacities at which the direction turns."""
    part = curves[_column(curves, CYCLE) == _chosen(curves, cycle)[0]]
    capacity, step = _column(part, _capacity_name(curves)).astype(float), _column(part, STEP)
    running, start, turns = np.empty(len(part)), 0.0, []
    bounds = [0, *(np.flatnonzero(step[1:] != step[:-1]) + 1), len(part)]
    for first, last in pairwise(bounds):
        running[first:last] = start + np.nan_to_num(capacity[first:last])
        start = running[last - 1]
        turns += [start] if step[first] == "discharge" and last < len(part) else []
    return part, running, turns


def _mark(ax, values, side, label):
    """Small open triangles inside the lower or upper rim of the axes, pointing at the curve."""
    values = np.atleast_1d(np.asarray(values, dtype=float))
    level, marker = {"bottom": (0.03, "^"), "top": (0.97, "v")}[side]
    ax.plot(
        values,
        np.full(len(values), level),
        marker,
        transform=ax.get_xaxis_transform(),
        mfc="white",
        mec="#404040",
        ms=6,
        zorder=5,
        label=label,
    )


def _publish(ax, published, keys):
    """Marks the values of `published` under each key of `keys` (key -> side), with one legend entry."""
    label = "published"
    for key, side in keys.items():
        if published and key in published:
            _mark(ax, published[key], side, label)
            label = "_"


# --- one half cycle, one cycle ----------------------------------------------------------------------------------------


def voltage_capacity(curves, ax=None, cycles=None, published=None):
    """Voltage against the capacity of each discharge and charge, a colour a cycle; returns the axes.

    `cycles` is a list of cycle numbers, by default up to five of those present. Of `published`, the discharge and
    charge capacities in the unit of the axis are marked. Raises `UnknownNameError` for a cycle or column that
    is not there.
    """
    ax, capacity = _axes(ax), _capacity_name(curves)
    for colour, cycle in zip(_cycle_colours(_chosen(curves, cycles)), _chosen(curves, cycles), strict=True):
        for step in ("discharge", "charge"):
            part = _step(curves, cycle, step)
            label = f"cycle {cycle:g}" if step == "discharge" else "_"
            ax.plot(_column(part, capacity), _column(part, nm.VOLTAGE), color=colour, label=label)
    unit = "mAh_g" if capacity == SPECIFIC else "mAh_cm2"
    ax.set_xlim(left=0)
    ax.margins(y=0.1)
    _publish(ax, published, {f"discharge_capacity_{unit}": "bottom", f"charge_capacity_{unit}": "top"})
    return _finish(ax, f"Capacity ({UNITS[capacity]})", VOLTAGE_LABEL)


def _cycle_colours(cycles):
    return [COLOURS[i % len(COLOURS)] for i in range(len(cycles))]


def dqdv(curves, ax=None, cycles=None, published=None, step_V=0.005, smooth_V=0.012):
    """Differential capacity against voltage, charge upwards and discharge downwards; returns the axes.

    `step_V` and `smooth_V` as in `nasim.analysis.dqdv`. A half cycle too short for a derivative is left out. Of
    `published`, "reduction_peaks_V" and "oxidation_peaks_V" are marked.
    """
    from . import analysis

    ax, capacity = _axes(ax), _capacity_name(curves)
    for colour, cycle in zip(_cycle_colours(_chosen(curves, cycles)), _chosen(curves, cycles), strict=True):
        label = f"cycle {cycle:g}"
        for step, sign in (("charge", 1), ("discharge", -1)):
            part = _step(curves, cycle, step)
            try:
                grid, height = analysis.dqdv(_column(part, nm.VOLTAGE), _column(part, capacity), step_V, smooth_V)
            except DataFileError:
                continue
            ax.plot(grid, sign * height, color=colour, label=label)
            label = "_"
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(y=0.1)
    for level, step in ((0.97, "charge"), (0.03, "discharge")):
        at = "top" if level > 0.5 else "bottom"
        ax.text(0.99, level, step, transform=ax.transAxes, ha="right", va=at, fontsize="small", color="#404040")
    _publish(ax, published, {"reduction_peaks_V": "bottom", "oxidation_peaks_V": "top"})
    return _finish(ax, VOLTAGE_LABEL, f"dQ/dV ({UNITS[capacity]} V$^{{-1}}$)")


def species(curves, ax=None, cycle=1, chains=(nm.SULFUR, nm.SB_S)):
    """Species fractions along one cycle, discharge then charge, a line style a chain; returns the axes.

    `chains` are the chains to draw; species that the table does not hold are left out. A thin line marks the turn.
    """
    ax = _axes(ax)
    part, running, turns = _along(curves, cycle)
    colours = iter(COLOURS)
    for chain, style in zip(chains, ("-", "--", ":", "-."), strict=False):
        for k, name in enumerate(chain.species):
            colour = next(colours)
            if _has(part, chain.fraction(k)):
                ax.plot(
                    running,
                    _column(part, chain.fraction(k)),
                    style,
                    color=colour,
                    label=formula(name).replace("-", " + "),
                )
    _turn(ax, turns)
    ax.set(ylim=(0, 1.02), xlim=(0, running.max() or None))
    return _finish(ax, f"Running capacity ({UNITS[_capacity_name(curves)]})", "Species fraction", columns=4)


def _turn(ax, turns):
    for turn in turns:
        ax.axvline(turn, color="#404040", lw=0.6, ls=":")


def losses(curves, ax=None, cycle=1, least_V=2e-3, most=7):
    """Voltage of one cycle under its equilibrium voltage, the losses by mechanism stacked between; returns the axes.

    A loss is positive on discharge and negative on charge, so that equilibrium minus losses is the voltage. The `most`
    largest losses that somewhere exceed `least_V` [V] have a colour each, what remains is the rest. Without the column
    "Equilibrium voltage [V]" the equilibrium is voltage plus losses. The charge of one mechanism may drive another; its
    loss then has the other sign and its area lies over that of its neighbour.
    """
    ax = _axes(ax, (6.4, 3.8))
    part, running, turns = _along(_settled(curves), cycle)
    voltage = _column(part, nm.VOLTAGE)
    stack = {name: _column(part, name) for name in part.columns if name.endswith(LOSS) and _has(part, name)}
    level = voltage + sum(np.nan_to_num(loss) for loss in stack.values())
    if _has(part, nm.EQUILIBRIUM_VOLTAGE):
        level = _column(part, nm.EQUILIBRIUM_VOLTAGE)
    ax.plot(running, level, color="black", ls="--", lw=1, label="Equilibrium")
    for colour, (name, loss) in zip(COLOURS, _largest(stack, least_V, most).items(), strict=False):
        label = name.removesuffix(LOSS).strip()
        ax.fill_between(running, level, level - loss, color=colour, alpha=0.75, lw=0, label=label)
        level = level - loss
    if np.nanmax(np.abs(level - voltage), initial=0.0) >= least_V:
        ax.fill_between(running, level, voltage, color="#D0D0D0", lw=0, label="Rest")
    ax.plot(running, voltage, color="black", lw=1.4, label="Voltage")
    _turn(ax, turns)
    return _finish(ax, f"Running capacity ({UNITS[_capacity_name(curves)]})", VOLTAGE_LABEL, legend="right")


def _settled(curves):
    """The curves without the first 0.4 % of each half cycle, in which the double layers still carry the current."""
    passed = curves.groupby([CYCLE, STEP])[AREAL]
    return curves[curves[AREAL] >= 4e-3 * passed.transform("max")]


def _largest(stack, least, most):
    """The `most` largest of the losses that exceed `least`, in the order given."""
    size = {name: np.nanmax(np.abs(loss)) for name, loss in stack.items()}
    kept = sorted((name for name in stack if size[name] >= least), key=size.get)[-most:]
    return {name: np.nan_to_num(loss) for name, loss in stack.items() if name in kept}


def gcd(curves, published=None, cycles=None):
    """Galvanostatic cycling in three panels: voltage, dQ/dV, species of the first cycle drawn; returns their axes."""
    axes = _axes(None, (13.0, 4.2), 3)
    voltage_capacity(curves, axes[0], cycles, published)
    dqdv(curves, axes[1], cycles, published)
    species(curves, axes[2], _chosen(curves, cycles)[0])
    return axes


# --- many cycles ------------------------------------------------------------------------------------------------------


def _capacities(ax, summary):
    """Draws the capacities of each cycle, per gram of sulfur where they are known; returns the label of the axis."""
    label, columns = PANELS[0] if _has(summary, "discharge_capacity_mAh_g") else PANELS[1]
    highest = 0.0
    for (name, entry), fill in zip(columns.items(), (COLOURS[0], "white"), strict=True):
        if _has(summary, name):
            cycle, capacity = _column(summary, "cycle"), _column(summary, name)
            ax.plot(cycle, capacity, "o", ms=4.5, mfc=fill, mec=COLOURS[0], label=entry)
            highest = max(highest, np.nanmax(capacity))
    ax.set_ylim(0, 1.2 * highest or 1.0)
    return label


def fade(summary, ax=None):
    """Discharge and charge capacity against cycle, and the coulombic ratio on a second axis; returns both axes."""
    ax = _axes(ax, (5.6, 3.8))
    twin = ax.twinx()
    cycle = _column(summary, "cycle")
    label = _capacities(ax, summary)
    if _has(summary, "charge_over_discharge"):
        ratio = _column(summary, "charge_over_discharge")
        twin.plot(cycle, ratio, "^", ms=3.5, color=COLOURS[1])
        ax.plot([], [], "^", ms=3.5, color=COLOURS[1], label="charge/discharge")
        twin.set_ylim(0, 1.05 * max(1.0, np.nanmax(ratio)))
    twin.set_ylabel("Coulombic ratio", color=COLOURS[1])
    twin.tick_params(direction="in", colors=COLOURS[1])
    twin.spines["top"].set_visible(False)
    _finish(ax, "Cycle", label)
    return np.array([ax, twin])


def cycling(summary):
    """A panel for each quantity that the summary holds, against cycle; returns the array of axes.

    Raises `UnknownNameError` when the summary holds none of the columns of `PANELS`.
    """
    import matplotlib.pyplot as plt

    panels = [(label, {k: v for k, v in columns.items() if _has(summary, k)}) for label, columns in PANELS]
    panels = [panel for panel in panels if panel[1]]
    if not panels:
        raise UnknownNameError("The summary has no column to draw; see nasim.plot.PANELS.")
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    grid = plt.subplots(rows, columns, figsize=(4.0 * columns, 2.9 * rows), layout="constrained", squeeze=False)[1]
    for ax, (label, entries) in zip(grid.flat, panels, strict=False):
        for colour, (name, entry) in zip(COLOURS, entries.items(), strict=False):
            ax.plot(_column(summary, "cycle"), _column(summary, name), "o-", ms=3, lw=1, color=colour, label=entry)
        _finish(ax, "Cycle", label)
    for ax in grid.flat[len(panels) :]:
        ax.remove()
    return grid.flat[: len(panels)]


def rate(summary, ax=None):
    """Capacity against cycle of a rate test, the current written over each block of cycles; returns the axes."""
    ax = _axes(ax, (5.6, 3.8))
    cycle = _column(summary, "cycle")
    label = _capacities(ax, summary)
    if _has(summary, "current_mA_cm2"):
        current = _column(summary, "current_mA_cm2")
        bounds = [0, *(np.flatnonzero(np.diff(current)) + 1), len(cycle)]
        for first, last in pairwise(bounds):
            middle = 0.5 * (cycle[first] + cycle[last - 1])
            place = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top", "fontsize": "small"}
            ax.text(middle, 0.99, f"{current[first]:.3g}", **place)
            if last < len(cycle):
                ax.axvline(0.5 * (cycle[last - 1] + cycle[last]), color="#B0B0B0", lw=0.6, ls=":")
        ax.text(1.0, 1.02, "current in mA cm$^{-2}$", transform=ax.transAxes, fontsize="small", ha="right")
    return _finish(ax, "Cycle", label)


def symmetric(curves, ax=None):
    """Overpotential of a symmetric cell against time; returns the axes."""
    ax = _axes(ax, (6.4, 3.2))
    hours, voltage = _column(curves, nm.TIME) / 3600.0, _column(curves, nm.VOLTAGE)
    ax.plot(hours, 1e3 * voltage, color=COLOURS[0], lw=0.8)
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.0)
    return _finish(ax, "Time (h)", "Overpotential (mV)")


def cv(curves, ax=None, cycles=None, labels=None):
    """Current against voltage of a cyclic voltammogram, oxidation upwards as electrochemists draw it; returns the axes.

    The table's discharge-positive current is turned round for this. `labels` maps a cycle to its legend entry.
    """
    ax, chosen = _axes(ax), _chosen(curves, cycles)
    for colour, cycle in zip(_cycle_colours(chosen), chosen, strict=True):
        part = curves[_column(curves, CYCLE) == cycle]
        label = (labels or {}).get(cycle, f"cycle {cycle:g}")
        ax.plot(_column(part, nm.VOLTAGE), -_column(part, CURRENT), color=colour, label=label)
    ax.axhline(0, color="#404040", lw=0.6)
    return _finish(ax, VOLTAGE_LABEL, "Current density (mA cm$^{-2}$)")


# --- impedance --------------------------------------------------------------------------------------------------------


def nyquist(frequency, Z, ax=None, label=None, unit=OHM_CM2, decades=True):
    """Impedance in the complex plane with equal scales; returns the axes.

    `decades` of frequency are filled points, with their value where they lie far enough apart.

    `frequency` [Hz] and complex `Z` in `unit`, both of shape (n,). Call it again with the same axes for more spectra.
    """
    ax, frequency, Z = _axes(ax, (5.2, 3.2)), np.asarray(frequency, float), np.asarray(Z)
    (line,) = ax.plot(Z.real, -Z.imag, "-o", ms=3, lw=0.8, mfc="white", label=label)
    marks = _decades(frequency) if decades else []
    apart = 0.08 * np.hypot(np.ptp(Z.real), np.ptp(Z.imag))
    for decade, i in marks:
        ax.plot(Z[i].real, -Z[i].imag, "o", ms=4.5, color=line.get_color())
        if all(abs(Z[i] - Z[j]) > apart for _, j in marks if j != i):
            style = {"textcoords": "offset points", "fontsize": "small", "ha": "center", "va": "center"}
            ax.annotate(f"10$^{{{decade}}}$ Hz", (Z[i].real, -Z[i].imag), _inwards(frequency, Z, i), **style)
    ax.set_aspect("equal", adjustable="box")
    ax.margins(0.08, 0.15)
    return _finish(ax, f"Re Z ({unit})", f"\N{MINUS SIGN}Im Z ({unit})")


def _decades(frequency):
    """Exponent and index of the points nearest to a power of ten, within a tenth of a decade, highest first."""
    exponent = np.log10(frequency)
    whole = range(int(np.ceil(exponent.max() - 0.1)), int(np.floor(exponent.min() + 0.1)) - 1, -1)
    nearest_point = ((decade, int(np.argmin(abs(exponent - decade)))) for decade in whole)
    return [(decade, i) for decade, i in nearest_point if abs(exponent[i] - decade) < 0.1]


def _inwards(frequency, Z, i):
    """Offset in points from point i of a spectrum towards the inside of its arc."""
    order = np.argsort(-frequency)
    at, path = int(np.flatnonzero(order == i)[0]), np.conj(Z[order])
    along = path[min(at + 1, len(path) - 1)] - path[max(at - 1, 0)]
    along = along / (abs(along) or 1.0)
    return 26 * along.imag, -11 * along.real


def bode(frequency, Z, ax=None, label=None, unit=OHM_CM2):
    """Magnitude and phase of an impedance against frequency; `ax` is a pair of axes; returns both.

    `frequency` [Hz] and complex `Z` in `unit`, both of shape (n,).
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes, Z = _axes(ax, (8.4, 3.6), 2), np.asarray(Z)
    for panel, values in zip(axes, (np.abs(Z), -np.degrees(np.angle(Z))), strict=True):
        panel.plot(frequency, values, "-o", ms=3, lw=0.8, mfc="white", label=label)
        panel.set_xscale("log")
    if axes[0].dataLim.ymax > DECADE * axes[0].dataLim.ymin:
        axes[0].set_yscale("log")
        axes[0].yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes[0].yaxis.set_minor_formatter(NullFormatter())
    _finish(axes[0], "Frequency (Hz)", f"|Z| ({unit})")
    _finish(axes[1], "Frequency (Hz)", "\N{MINUS SIGN}Phase (\N{DEGREE SIGN})")
    return axes


def limits(curves, ledgers, unit, cycle=1):
    """What limits the cell, in two panels: losses of one cycle, capacity ledger of several; returns their axes.

    `ledgers` maps a cycle to its ledger in `unit` (see `ledger`).
    """
    axes = _axes(None, (13.0, 4.2), 2)
    losses(curves, axes[0], cycle)
    ledger({f"cycle {number}": parts for number, parts in ledgers.items()}, axes[1], unit)
    return axes


def spectra(spectra, unit=OHM_CM2):
    """Nyquist and Bode plots of several spectra, side by side; returns the three axes.

    `spectra` is a sequence of (frequency [Hz], complex Z in `unit`, label). A steep capacitive tail towards the lowest
    frequencies is cut off from the Nyquist plot, where it would hide the arcs; the Bode plots have it.
    """
    import matplotlib.pyplot as plt

    shape = {"figsize": (13.0, 3.8), "layout": "constrained", "width_ratios": (1.6, 1.0, 1.0)}
    axes = plt.subplots(1, 3, **shape)[1]
    right = _without_tails(spectra)
    for k, (frequency, Z, _) in enumerate(spectra, start=1):
        seen = np.ones(len(Z), bool) if right is None else (Z.real < right) & (-Z.imag < FLAT * right)
        nyquist(frequency[seen], Z[seen], axes[0], None, unit, decades=k == len(spectra))
        bode(frequency, Z, axes[1:], None, unit)
    if right is not None:
        axes[0].set(xlim=(0.0, right), ylim=(-0.03 * right, FLAT * right))
    style = {"frameon": False, "fontsize": "small", "loc": "upper left", "bbox_to_anchor": (1.03, 1.0)}
    axes[2].legend(axes[2].get_lines(), [label for _, _, label in spectra], **style)
    return axes


def _without_tails(spectra):
    """Re Z up to which a Nyquist plot shows the arcs, or None where no spectrum has a steep low-frequency tail."""
    tails = [_before_tail(np.asarray(frequency, float), np.asarray(Z)) for frequency, Z, _ in spectra]
    if all(tail is None for tail in tails):
        return None
    return 1.3 * max(Z.real.max() if tail is None else tail for tail, (_, Z, _) in zip(tails, spectra, strict=True))


def _before_tail(frequency, Z):
    """Re Z where a steep low-frequency tail begins, or None where there is no such tail."""
    rising = Z[np.argsort(frequency)]
    climbs = np.diff(-rising.imag) > 0
    valley = rising[np.argmax(climbs) if climbs.any() else -1]
    return float(valley.real) if -rising[0].imag > 2 * abs(valley) else None


# --- balances and the cell --------------------------------------------------------------------------------------------


def ledger(ledger, ax=None, unit=UNITS[SPECIFIC]):
    """Where the capacity comes from or goes to, as stacked bars; returns the axes.

    `ledger` is a mapping part -> value (one bar), a mapping bar -> mapping part -> value, or a table with a row a bar
    and a column a part. Negative parts hang below zero; the total stands over each bar.
    """
    ax = _axes(ax, (5.6, 3.8))
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
    return _finish(ax, "", f"Capacity ({unit})", legend="right")


def _bars(ledger):
    """Bar -> part -> value, of each of the three forms that `ledger` takes."""
    if hasattr(ledger, "columns"):
        return {str(bar): dict(row) for bar, row in ledger.select_dtypes("number").iterrows()}
    if all(hasattr(value, "keys") for value in ledger.values()):
        return {str(bar): dict(parts) for bar, parts in ledger.items()}
    return {"": dict(ledger)}


def cell_sketch(ax=None, layers=LAYERS):
    """The cell in section, not to scale, with what happens where; returns the axes.

    `layers` is a row of (name, thickness, colour, relative width, what happens there), negative side first.
    """
    ax = _axes(ax, (10.0, 3.6))
    total, left = sum(layer[3] for layer in layers), 0.0
    for name, thickness, colour, width, events in layers:
        middle = left + width / 2
        ax.add_patch(_rectangle(left, width, colour))
        ax.text(middle, 1.04, name, ha="center", va="bottom", fontsize="medium", weight="bold")
        ax.text(middle, 0.93, thickness, ha="center", va="top", fontsize="small")
        ax.text(middle, 0.42, "\n".join(events), ha="center", va="center", fontsize="small", linespacing=1.6)
        left += width
    first, last = layers[0][3] / 2, total - layers[-1][3] - layers[-2][3] / 2
    ax.annotate("", (last, -0.10), (first, -0.10), arrowprops={"arrowstyle": "->", "color": COLOURS[1], "lw": 1.6})
    ax.text((first + last) / 2, -0.14, "Na$^+$ on discharge", ha="center", va="top", color=COLOURS[1])
    ax.set(xlim=(-0.05, total + 0.05), ylim=(-0.30, 1.25))
    ax.set_axis_off()
    return ax


def _rectangle(left, width, colour):
    from matplotlib.patches import Rectangle

    return Rectangle((left, 0.0), width, 1.0, facecolor=colour, edgecolor="#404040", lw=0.8)
