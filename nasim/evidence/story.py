"""One figure of what was published of the cell: each measurement with what is computed, the kind of its row and its band.

Lines are computed. A circle is a published value with its tolerance, filled where it was predicted and open where it was
calibrated on; a bar beside it is the 90 % band of what the parameters leave open, and red says that the row is missed.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..nomenclature import VOLTAGE
from ..nomenclature import columns as col
from .kinds import CALIBRATED, kinds
from .published import MET
from .row import table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .table import Scorecard

LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C8C8C")
MET_COLOUR, MISSED_COLOUR, BAND_COLOUR = "#202020", "#C1121F", "#56B4E9"
PER_GRAM = "Discharge (mAh g$_\\mathrm{S}^{-1}$)"
SHIFT = 0.02
"""Distance of a band from its mark, as a share of the width of the axes."""
PEAKS = {"discharge": ("DQ-R1", "DQ-R2", "DQ-R3", "DQ-R4"), "charge": ("DQ-O1", "DQ-O2")}
PRESSURES = {20.0: "P20", 62.5: "P62", 125.0: "P125", 250.0: "NAS"}
FADE = {
    "NAS-D140": "NAS",
    "NPS-D140": "NPS",
    "NAS-0.41-R100": "NAS, 0.5C",
    "NPS-0.41-R100": "NPS, 0.5C",
    "P20-R80": "NAS, 20 MPa",
}
"""Rows that a capacity against the cycle shows, and what its line is called."""
OTHERS = ("NAS-ICE", "RATE-0.41", "RATE-0.82", "T60-D1", "T60-R30", "SYM-NAS", "SYM-NPS", "OCV-EIS", "OCV-NPS")
"""Rows of the other panels."""


def shown_rows() -> list[str]:
    """Return the ids of the published rows that the figure shows."""
    pressures = [f"{name}-{end}" for name in PRESSURES.values() for end in ("D1", "ICE")]
    every = [*(id for ids in PEAKS.values() for id in ids), *pressures, *FADE, *OTHERS]
    return [id for id in table() if id in every]


def story(scores: "Scorecard") -> Any:
    """Draw the figure.

    Parameters
    ----------
    scores : Scorecard
        Rows that it has not leave their panels empty.

    Returns
    -------
    array of matplotlib axes, shape (8,)
    """
    import matplotlib.pyplot as plt

    axes = plt.subplots(2, 4, figsize=(16.0, 7.6), layout="constrained")[1].ravel()
    panels = (_curves, _dqdv, _rate, _pressure, _fade, _temperature, _symmetric, _impedance)
    for ax, panel in zip(axes, panels, strict=True):
        panel(ax, scores)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(frameon=False, fontsize="small", ncols=2 if panel is _fade else 1)
        ax.tick_params(direction="in")
        ax.spines[["top", "right"]].set_visible(False)
    _legend(axes[0].figure)
    return axes


def _legend(figure):
    from matplotlib.lines import Line2D

    dot: dict[str, Any] = {"marker": "o", "ls": "", "color": MET_COLOUR}
    handles = [
        Line2D([], [], **dot, label="published, predicted"),
        Line2D([], [], **dot, mfc="white", label="published, calibrated on"),
        Line2D([], [], marker="o", ls="", color=MISSED_COLOUR, label="missed"),
        Line2D([], [], color=BAND_COLOUR, lw=5, alpha=0.6, label="90 % band of the parameters"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=4, frameon=False)


def _style(scores: "Scorecard", id: str) -> dict[str, Any]:
    """Return how a published value is drawn: filled where predicted, open where calibrated on, red where missed."""
    colour = MET_COLOUR if scores.findings[id].verdict == MET else MISSED_COLOUR
    face = "white" if kinds(id)[id] == CALIBRATED else colour
    return {"fmt": "o", "ms": 5, "color": colour, "mfc": face, "capsize": 2, "lw": 1, "zorder": 5}


def _mark(ax: "Axes", scores: "Scorecard", id: str, x: float | None = None, scale: float = 1.0) -> None:
    """Mark a published value, times `scale`, at x, by default at its cycle, with tolerance and band."""
    if id not in scores.findings:
        return
    row, band = scores.findings[id].row, scores.bands.get(id)
    x = float(row.cycles if x is None else x)
    ax.errorbar(x, row.values[0] * scale, row.tolerances[0] * scale, **_style(scores, id))
    if band is not None and band.low and band.low[0] is not None:
        beside = x + SHIFT * np.diff(ax.get_xlim())[0]
        ax.plot([beside] * 2, [band.low[0] * scale, band.high[0] * scale], color=BAND_COLOUR, lw=5, alpha=0.6)


def _along(ax: "Axes", scores: "Scorecard", id: str, height: float, scale: float = 1.0) -> None:
    """Mark a published value, times `scale`, on a horizontal axis, at a height, with tolerance and band."""
    if id not in scores.findings:
        return
    row, band = scores.findings[id].row, scores.bands.get(id)
    ax.errorbar(row.values[0] * scale, height, xerr=row.tolerances[0] * scale, **_style(scores, id))
    if band is not None and band.low and band.low[0] is not None:
        below = height - SHIFT * np.diff(ax.get_ylim())[0]
        ax.plot([band.low[0] * scale, band.high[0] * scale], [below] * 2, color=BAND_COLOUR, lw=5, alpha=0.6)


def _curves(ax, scores):
    result = scores.result_of("NAS-D1")
    ax.set(title="first cycle", xlabel="Capacity (mAh g$_\\mathrm{S}^{-1}$)", ylabel="Voltage (V)")
    if result is None:
        return
    curve = result.curve(1)
    for step, colour in zip(("discharge", "charge"), LINES, strict=False):
        half = curve[curve[col.STEP] == step]
        ax.plot(half[col.SPECIFIC], half[VOLTAGE], color=colour, label=step)
    first = scores.findings["NAS-D1"].row.values[0]
    _along(ax, scores, "NAS-D1", 0.7)
    _along(ax, scores, "NAS-ICE", 2.6, first)


def _dqdv(ax, scores):
    from ..analysis import dqdv

    result = scores.result_of("DQ-R1")
    ax.set(title="dQ/dV of the first cycle", xlabel="Voltage (V)", ylabel="dQ/dV (mAh cm$^{-2}$ V$^{-1}$)")
    if result is None:
        return
    curve = result.curve(1)
    for (step, ids), sign, colour in zip(PEAKS.items(), (-1, 1), LINES, strict=False):
        half = curve[curve[col.STEP] == step]
        grid, height = dqdv(half[VOLTAGE].to_numpy(), half[col.AREAL].to_numpy())
        ax.plot(grid, sign * height, color=colour)
        for id in ids:
            _along(ax, scores, id, 1.12 * sign * height.max())
    ax.axhline(0, color="#404040", lw=0.6)


def _rate(ax, scores):
    result = scores.result_of("RATE-0.41")
    ax.set(title="rate test, 0.1 to 1C", xlabel="Cycle", ylabel=PER_GRAM)
    if result is None:
        return
    ax.plot(result.summary[col.NUMBER], result.summary[col.DISCHARGE_PER_GRAM], "-", color=LINES[0])
    for id in ("RATE-0.41", "RATE-0.82"):
        _mark(ax, scores, id)
    ax.set_ylim(bottom=0)


def _pressure(ax, scores):
    ax.set(title="first discharge, efficiency (right)", xlabel="Stack pressure (MPa)", ylabel=PER_GRAM)
    ax.set_xlim(0, 270)
    right = ax.twinx()
    right.set(ylim=(0.4, 1.0))
    right.spines["top"].set_visible(False)
    for on, suffix, colour in ((ax, "D1", LINES[0]), (right, "ICE", LINES[1])):
        ids = {P: f"{name}-{suffix}" for P, name in PRESSURES.items() if f"{name}-{suffix}" in scores.findings}
        found = {P: scores.findings[id].values for P, id in ids.items()}
        on.plot([P for P, v in found.items() if v], [v[0] for v in found.values() if v], "-", color=colour)
        on.tick_params(axis="y", colors=colour, direction="in")
        for P, id in ids.items():
            _mark(on, scores, id, P)


def _fade(ax, scores):
    ax.set(title="fade", xlabel="Cycle", ylabel=PER_GRAM, xlim=(0, 150))
    for (id, label), colour in zip(FADE.items(), LINES, strict=True):
        result = scores.result_of(id)
        if result is None:
            continue
        ax.plot(result.summary[col.NUMBER], result.summary[col.DISCHARGE_PER_GRAM], color=colour, label=label)
        is_share = scores.findings[id].row.quantity == "discharge_retention"
        first = float(result.summary[col.DISCHARGE_PER_GRAM].iloc[0])
        _mark(ax, scores, id, scale=first if is_share else 1.0)
    ax.set_ylim(bottom=0)


def _temperature(ax, scores):
    result = scores.result_of("T60-D1")
    ax.set(title="60 degC", xlabel="Cycle", ylabel=PER_GRAM)
    if result is None:
        return
    ax.plot(result.summary[col.NUMBER], result.summary[col.DISCHARGE_PER_GRAM], color=LINES[1])
    for id in ("T60-D1", "T60-R30"):
        _mark(ax, scores, id)
    ax.set_ylim(bottom=0)


def _symmetric(ax, scores):
    ax.set(title="Na$_{15}$Sn$_4$ | electrolyte | Na$_{15}$Sn$_4$", xlabel="Time (h)", ylabel="Overpotential (mV)")
    for id, label, colour in (("SYM-NAS", "NAS", LINES[0]), ("SYM-NPS", "NPS", LINES[1])):
        result = scores.result_of(id)
        if result is not None:
            ax.plot(result.summary[col.END_TIME], result.summary[col.END_OVERPOTENTIAL], color=colour, label=label)
    _at_time(ax, scores, "SYM-NAS", "stable")
    ax.set_ylim(bottom=0)


def _impedance(ax, scores):
    ax.set(title="impedance at rest", xlabel="Time (h)", ylabel="Resistance ($\\Omega$ cm$^2$)")
    for id, label, colour in (("OCV-EIS", "NAS", LINES[0]), ("OCV-NPS", "NPS", LINES[1])):
        result = scores.result_of(id)
        if result is not None:
            ax.plot(result.summary["time_h"], result.summary["total_Ohm_cm2"], color=colour, label=label)
    _at_time(ax, scores, "OCV-EIS", "arc begins, complete")
    ax.set_ylim(bottom=0)


def _at_time(ax, scores, id, what):
    """Mark published times on a horizontal axis."""
    if id not in scores.findings:
        return
    finding = scores.findings[id]
    colour = MET_COLOUR if finding.verdict == MET else MISSED_COLOUR
    for hours, limit in zip(finding.row.values, finding.row.tolerances, strict=True):
        ax.axvspan(hours - limit, hours + limit, color=colour, alpha=0.12, lw=0)
        ax.axvline(hours, color=colour, lw=0.8, ls=":", label=what)
        what = "_"
