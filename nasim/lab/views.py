"""Views of the virtual lab: which figure shows what, numbers as tables, messages, and the looks of the page.

Figures on the page can be touched (`figures`); the still ones, to be saved, are those of `nasim.plot`, made without pyplot,
whose state is shared by all threads. Whatever a user typed is shown letter for letter.
"""

import html
import io
import math

from .. import plot
from ..evidence.published import marks
from ..evidence.validity import BETWEEN, HERE, validity
from ..nomenclature import columns as col
from . import figures as touch
from .cases import run, spectra
from .drawing import places
from .style import PAGE as PAGE
from .traces import common_unit

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


STILL = {
    "Voltage": _voltage,
    "dQ/dV": _dqdv,
    "Species": _species,
    "Losses": _losses,
    "Ledger": _ledger,
    "Fade": _fade,
    "Impedance": None,
}
"""Name of a view -> function that draws it on axes of matplotlib."""
ALONG = "Along a cycle"
SCRIPT = "Script and data"
VIEWS = {
    ALONG: "voltage, differential capacity, species and losses along a cycle, with one cursor for all",
    "Voltage": "voltage against capacity, cycles from dark to light",
    "dQ/dV": "differential capacity against voltage, cycles from dark to light",
    "Ledger": "what each kept discharge gave, and why the rest of the theoretical capacity was not there",
    "Fade": "capacity and efficiency against cycle",
    "Impedance": "impedance in the complex plane, fresh and after the cycles",
}
"""Name of a view on the page -> its content in words."""
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
            STILL[view](ax, result, published(case))
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


def chosen_view(word):
    """Return the view that an address asks for, the first where there is none such."""
    return word if word in VIEWS or word == SCRIPT else ALONG


def touchable(view, cases, results, last=False, measured=()):
    """Return the figure of a view with all cells laid over each other.

    Parameters
    ----------
    view : str
        One of `VIEWS`.
    cases, results : mapping name -> Case, Result
    last : bool
        The last kept cycle where one is shown along itself.
    measured : sequence of (cycle, word, capacity, voltage)
        A user's own half cycles.
    """
    known = published(next(iter(cases.values()))) if len(cases) == 1 else {}
    if view == "Impedance":
        return touch.impedance({name: spectra(case) for name, case in cases.items()})
    if view == "Voltage":
        return touch.voltage(results, known, measured)
    if view == "dQ/dV":
        return touch.dqdv(results, known)
    return {
        ALONG: lambda: touch.linked(results, last),
        "Ledger": lambda: touch.ledger(results),
        "Fade": lambda: touch.fade(results),
    }[view]()


def staged(view, cases, results, last=False, measured=()):
    """Return what the stage shows for a view, as JSON; parameters as of `touchable`."""
    figure = touchable(view, cases, results, last, measured)
    unit = common_unit(results)
    numbers = {name: (result.kept_cycles or [None])[-1 if last else 0] for name, result in results.items()}
    alive = view == ALONG
    drawn = [
        places(name, results[name], number, unit) for name, number in numbers.items() if number is not None and alive
    ]
    return touch.as_data(figure, drawn, cursor=alive)


def framed(text):
    """Return a document as HTML of a frame, which is of the same origin as the page and gives itself its height."""
    return f'<iframe class="nasim-stage" title="figure and drawing" srcdoc="{html.escape(text, quote=True)}"></iframe>'


def described(view, cases):
    """Return a text in place of a figure for those who cannot see it."""
    text = f"{', '.join(cases)}: {VIEWS[view]}. The table of main numbers gives it in figures."
    return f'<p role="img" class="nasim-unseen" aria-label="{html.escape(text, quote=True)}"></p>'


def numbers(cases, results=None):
    """Return the main numbers of each case as rows of text; published values in brackets, a difference where there are two."""
    rows, results = [], results or {name: run(case) for name, case in cases.items()}
    for label, (column, place, form) in NUMBERS.items():
        row, values = {"": label}, []
        for name, case in cases.items():
            summary = results[name].summary
            value = float(summary[column].iloc[place]) if column in summary and len(summary) else math.nan
            row[name] = "-" if math.isnan(value) else format(value, form)
            known = published(case).get(column) if place == 0 else None
            row[name] += f" (published {known:g})" if known is not None else ""
            values.append(value)
        if len(values) == 2:
            gap = values[1] - values[0]
            row["B - A"] = "-" if math.isnan(gap) else _signed(gap, form)
        rows.append(row)
    return rows


def _signed(gap, form):
    """A difference with its sign, nothing being neither plus nor minus."""
    text = format(gap, f"+{form}")
    return text if float(text) else text.lstrip("+-")


def stands(cases, results):
    """Return where each result stands beside published data, as HTML."""
    lines = []
    for name, result in results.items():
        found = validity(result)
        colour = {HERE: "here", BETWEEN: "between"}.get(found.stands, "beyond")
        told = f": {'; '.join(found.because)}." if found.because else ""
        remarks = "".join(f" {remark[0].upper()}{remark[1:]}." for remark in found.remarks)
        badge = f'<span class="nasim-badge nasim-{colour}">{html.escape(found.stands)}</span>'
        said = f"{told}{remarks} {_first(result)}"
        lines.append(f"<p><strong>{html.escape(name)}</strong> {badge}{html.escape(said)}</p>")
    return "".join(lines)


def _first(result):
    """The first discharge in words."""
    if not len(result.summary):
        return ""
    row = result.summary.iloc[0]
    grams, area = row[col.DISCHARGE_PER_GRAM], row[col.DISCHARGE]
    return "First discharge " + (
        f"{area:.3f} mAh cm-2." if math.isnan(grams) else f"{grams:.0f} mAh per gram of sulfur."
    )


def told(label, tip, spoken=""):
    """Return a label with a tip that shows under the pointer, and with the unit as `spoken.js` is to say it."""
    unit = f' data-spoken="{html.escape(spoken, quote=True)}"' if spoken else ""
    return f'<span title="{html.escape(tip, quote=True)}"{unit}>{html.escape(label)}</span>'


def quick(address):
    """Return a link to the page without a server, as HTML."""
    return f'<p class="nasim-quick"><a href="{html.escape(address, quote=True)}">Quick page</a>: this cell computed in your browser, while a slider moves.</p>'


def at_field(text):
    """Return a message that belongs to the field above it, as HTML."""
    return f'<p class="nasim-wrong" role="alert">{html.escape(text)}</p>'


def bar(done, of, text):
    """Return how far a run is, as HTML."""
    return f'<label class="nasim-bar">{html.escape(text)} <progress max="{of}" value="{done}"></progress></label>'


def message(name, text, kind="warn"):
    """Return what there is to say of a cell as HTML; both are text, whatever they look like."""
    return f'<p class="nasim-{kind}"><strong>{html.escape(name)}</strong>{html.escape(text)}</p>'


def code(text):
    """Return code as HTML that shows it letter for letter."""
    return f'<pre class="nasim-code" style="overflow-x: auto"><code>{html.escape(text)}</code></pre>'


def as_table(rows, caption):
    """Return rows of text as an HTML table with a caption and headings that screen readers relate to the cells."""
    heads = "".join(f'<th scope="col">{html.escape(str(key))}</th>' for key in rows[0])
    body = ""
    for row in rows:
        first, *others = (html.escape(str(value)) for value in row.values())
        body += f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{value}</td>" for value in others) + "</tr>"
    return (
        f'<table class="nasim-numbers"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
