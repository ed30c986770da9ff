"""Views of the virtual lab: figures as pictures with a text for those who cannot see them, numbers as tables.

Figures are made without pyplot, whose state is shared by all threads.
"""

import base64
import html
import io
import math

from .. import plot
from ..evidence.published import marks
from ..nomenclature import columns as col
from .cases import run, spectra

HINT = "Lines are computed; open triangles mark published values where the conditions are those of the publication."
NUMBERS = {
    "First discharge (mAh per gram of sulfur)": (col.DISCHARGE_PER_GRAM, 0, ".0f"),
    "First discharge (mAh cm-2)": (col.DISCHARGE, 0, ".3f"),
    "First charge / first discharge": (col.CHARGE_OVER_DISCHARGE, 0, ".3f"),
    "Mean voltage of the first discharge (V)": (col.DISCHARGE_VOLTAGE, 0, ".3f"),
    "Last discharge (mAh cm-2)": (col.DISCHARGE, -1, ".3f"),
    "Connected fraction at the end": (col.CONNECTED_FRACTION, -1, ".3f"),
    "Interphase at the end (Ohm cm2)": (col.INTERPHASE_RESISTANCE, -1, ".1f"),
    "Leak in the last cycle (mAh cm-2)": (col.LEAK, -1, ".4f"),
}
"""Row of the table -> column of the summary, place of the cycle, format."""


def _voltage(ax, result, published):
    plot.voltage_capacity(result.curves, ax, published=published)


def _dqdv(ax, result, published):
    plot.dqdv(result.curves, ax, published=published)


def _species(ax, result, published):
    plot.species(result.curves, ax)


def _losses(ax, result, published):
    plot.losses(result.curves, ax)


def _ledger(ax, result, published):
    sulfur = result.summary[col.DISCHARGE_PER_GRAM].notna().any()
    ledgers = {number: result.ledger(number) for number in result.kept_cycles}
    plot.ledger(ledgers, ax, plot.UNITS[plot.SPECIFIC if sulfur else plot.AREAL])


def _fade(ax, result, published):
    plot.fade(result.summary, ax)


VIEWS = {
    "Voltage": (_voltage, "voltage against capacity"),
    "dQ/dV": (_dqdv, "differential capacity against voltage"),
    "Species": (_species, "fractions of the species in the cathode along the first cycle"),
    "Losses": (_losses, "voltage losses by mechanism along the first cycle"),
    "Ledger": (_ledger, "what each kept discharge gave, and why the rest of the theoretical capacity was not there"),
    "Fade": (_fade, "capacity and efficiency against cycle"),
    "Impedance": (None, "impedance in the complex plane, fresh and after the cycles"),
}
"""Name of a view -> function that draws it on axes, and its content in words."""
COMMON = {"Voltage": "xy", "dQ/dV": "y", "Fade": "y", "Ledger": "y"}
"""Axes that two cells side by side have in common."""
SIZE = (6.0, 4.4)


def figures(view, cases):
    """Return name -> figure of a view for each of `cases`, name -> Case, on common scales."""
    from matplotlib.figure import Figure

    drawn = {name: Figure(figsize=SIZE, layout="constrained") for name in cases}
    for name, case in cases.items():
        ax = drawn[name].add_subplot()
        if view == "Impedance":
            _impedance(ax, case)
        else:
            result = run(case)
            VIEWS[view][0](ax, result, published(case))
    for axis in COMMON.get(view, ""):
        if _same_unit(drawn.values(), axis):
            _share(drawn.values(), axis)
    return drawn


def published(case):
    """Return published values for the conditions of a case, as `nasim.plot` marks them; none where values are overridden."""
    if case.overrides:
        return {}
    conditions = case.conditions | {"current_mA_cm2": case.current_mA_cm2, "window_V": (case.lower_V, case.upper_V)}
    return marks(case.parameters, conditions, "gcd")


def _impedance(ax, case):
    measured = spectra(case)
    taken = [(measured.frequency, measured.impedance(n)) for n in measured.summary[col.NUMBER_OF_SPECTRUM]]
    for (frequency, Z), state in zip(taken, measured.summary["state"], strict=True):
        plot.nyquist(frequency, Z, ax, label=state)
    right = plot.arcs_end([(frequency, Z, "") for frequency, Z in taken])
    if right is not None:
        ax.set(xlim=(0.0, right), ylim=(0.0, plot.FLAT * right))


def _same_unit(drawn, axis):
    return len({getattr(figure.axes[0], f"get_{axis}label")() for figure in drawn}) == 1


def _share(drawn, axis):
    """Set the same limits on the first axes of each figure."""
    limits = [getattr(figure.axes[0], f"get_{axis}lim")() for figure in drawn]
    widest = min(low for low, _ in limits), max(high for _, high in limits)
    for figure in drawn:
        getattr(figure.axes[0], f"set_{axis}lim")(widest)


def png(figure):
    """Return the figure as bytes of a PNG file."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130)
    return stream.getvalue()


def picture(figure, text):
    """Return an HTML picture of a figure that shrinks with the page, with `text` for screen readers."""
    data = base64.b64encode(png(figure)).decode()
    style = "width: 100%; max-width: 680px; height: auto; background: white"
    return f'<img alt="{html.escape(text, quote=True)}" style="{style}" src="data:image/png;base64,{data}">'


def numbers(cases):
    """Return the main numbers of each case as rows of text; published values in brackets."""
    rows = []
    for label, (column, place, form) in NUMBERS.items():
        row = {"": label}
        for name, case in cases.items():
            summary = run(case).summary
            value = float(summary[column].iloc[place]) if column in summary else math.nan
            row[name] = "-" if math.isnan(value) else format(value, form)
            known = published(case).get(column) if place == 0 else None
            row[name] += f" (published {known:g})" if known is not None else ""
        rows.append(row)
    return rows


def message(name, text):
    """Return what there is to say of a cell as HTML; both are text, whatever they look like."""
    return f"<p><strong>{html.escape(name)}</strong>{html.escape(text)}</p>"


def code(text):
    """Return code as HTML that shows it letter for letter."""
    return f'<pre style="overflow-x: auto"><code>{html.escape(text)}</code></pre>'


def as_table(rows, caption):
    """Return rows of text as an HTML table with a caption and headings that screen readers relate to the cells."""
    heads = "".join(f'<th scope="col">{html.escape(str(key))}</th>' for key in rows[0])
    body = ""
    for row in rows:
        first, *others = (html.escape(str(value)) for value in row.values())
        body += f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{value}</td>" for value in others) + "</tr>"
    style = "<style>.nasim-numbers th, .nasim-numbers td {padding: 2px 14px 2px 0; text-align: left; font-size: 14px}"
    style += ".nasim-numbers caption {text-align: left; font-weight: 600} .nasim-numbers th[scope=row] {font-weight: 400}</style>"
    return (
        f'{style}<table class="nasim-numbers"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
