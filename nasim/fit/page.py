"""The report of a fit: one HTML page with tables and figures, which needs no other file and no network."""

import base64
import html
import io
from pathlib import Path

from ..files import write_text

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f262d; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; font-size: 0.85rem; } td, th { padding: 0.25rem 0.6rem; border-bottom: 1px solid #d9dee3; }
th { text-align: left; } td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.warn { background: #fdf1e7; border-left: 4px solid #b3401f; padding: 0.5rem 1rem; } img { max-width: 100%; }
.vague td { color: #8a939c; } .scroll { overflow-x: auto; }
"""
CAPTIONS = {
    "curves": "Measured records, computed curve and the band that the uncertainty of the parameters gives; residuals in "
    "units of the stated noise, the grey belt is two of them.",
    "intervals": "Values on their ranges.",
    "correlations": "Correlations of the estimates.",
}


def page(fit, path, title="Fit"):
    """Write the page of `FitResult.report`; returns the path."""
    body = [f"<h1>{html.escape(title)}</h1>", _summary(fit), _warnings(fit), "<h2>Parameters</h2>", _parameters(fit)]
    body += ["<h2>Minima</h2>", _minima(fit)] if len(fit.minima) > 1 else []
    for name, figure in _figures(fit):
        caption = html.escape(CAPTIONS[name])
        body.append(f'<h2>{name.capitalize()}</h2><p>{caption}</p><img alt="{name}" src="{_embedded(figure)}">')
    body += ["<h2>What the data determine</h2>", _directions(fit), "<h2>Data</h2>", _data(fit), _record(fit)]
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
    icon = '<link rel="icon" href="data:,">'
    text = f"{head}{icon}<style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    write_text(path, text)
    return Path(path)


def _summary(fit):
    counts = fit.counts
    number = len(fit.problem.data)
    state = "converged" if fit.finished else "did not converge"
    return (
        f'<p class="{"" if fit.describes else "warn"}">{html.escape(fit.verdict())}</p>'
        f"<p>{len(fit.values)} parameters of {html.escape(fit.record['start'])} fitted to {number} curve{'s' * (number > 1)}; "
        f"the search {state}. Chi-square {fit.chi2:.1f} for {fit.freedom} degrees of freedom; errors are scaled by "
        f"{fit.scale:.2f}. {counts['evaluations']} evaluations, {counts['jacobians']} Jacobians, "
        f"{counts['failed']} failed computations.</p>"
    )


def _warnings(fit):
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in fit.warnings() if line != fit.verdict())
    return f'<div class="warn"><ul>{lines}</ul></div>' if lines else ""


def _parameters(fit):
    rows = []
    for row in fit.table.to_dict("records"):
        numbers = ("value", "standard_error", "low_95", "high_95", "start")
        cells = "".join(f'<td class="n">{row[key]:.4g}</td>' for key in numbers)
        ends = f'<td class="n">{row["range_low"]:.3g} to {row["range_high"]:.3g}</td>'
        kind = "" if row["determined"] else ' class="vague"'
        rows.append(f"<tr{kind}><td>{html.escape(row['parameter'])}</td>{cells}{ends}</tr>")
    heads = ("parameter", "value", "standard error", "95 % from", "to", "start", "range")
    return _table(heads, rows)


def _minima(fit):
    table = fit.minima_table
    rows = ["<tr>" + "".join(f'<td class="n">{x:.4g}</td>' for x in row) + "</tr>" for row in table.to_numpy()]
    return _table([html.escape(name) for name in table.columns], rows)


def _directions(fit):
    rows = []
    for direction in fit.directions:
        kind = ' class="vague"' if direction.undetermined else ""
        rows.append(
            f'<tr{kind}><td>{html.escape(direction.text)}</td><td class="n">{100 * direction.sd:.3g} %</td></tr>'
        )
    return _table(("combination", "standard deviation, share of the ranges"), rows)


def _data(fit):
    rows = []
    for entry, data, residuals in zip(fit.record["data"], fit.problem.data, fit.residuals(), strict=True):
        spread = float((residuals @ residuals / len(residuals)) ** 0.5)
        where = data.conditions.parameters or fit.record["start"]
        cells = f"<td>{html.escape(entry['label'])}</td><td>{html.escape(str(where))}</td>"
        numbers = f'<td class="n">{len(residuals)}</td><td class="n">{spread:.2f}</td>'
        rows.append(f"<tr>{cells}{numbers}<td><code>{entry['hash'][:16]}</code></td></tr>")
    return _table(("curve", "cell", "residuals", "their root mean square", "hash"), rows)


def _record(fit):
    versions = ", ".join(f"{name} {number}" for name, number in fit.record["versions"].items())
    return f"<p>Seed {fit.record['seed']}; {html.escape(versions)}.</p>"


def _table(heads, rows):
    head = "".join(f"<th>{text}</th>" for text in heads)
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _figures(fit):
    """Yield name and figure, one after the other."""
    from . import figures

    yield "curves", figures.curves(fit)[0, 0].figure
    yield "intervals", figures.intervals(fit).figure
    yield "correlations", figures.correlations(fit).figure


def _embedded(figure):
    """Return the figure as an address that holds the image itself."""
    import matplotlib.pyplot as plt

    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130)
    plt.close(figure)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
