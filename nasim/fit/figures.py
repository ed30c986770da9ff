"""Figures of a fit; each takes axes (or makes them) and returns axes."""

import numpy as np

from ..plot.style import as_it_is

MEASURED, COMPUTED = "#4C5661", "#B3401F"
MOST_MINIMA = 3
MOST_ROWS = 8
"""Curves on one figure; a fit of more shows the first of them."""


def curves(fit, number=None, level=0.95):
    """Draw measured and computed curves with the band of the fit, their residuals beside them; axes of shape (curves, 2)."""
    import matplotlib.pyplot as plt

    total = len(fit.problem.data)
    chosen = list(range(min(total, MOST_ROWS))) if number is None else [number]
    size = {"figsize": (9.0, 2.7 * len(chosen)), "squeeze": False, "layout": "constrained"}
    _, axes = plt.subplots(len(chosen), 2, width_ratios=(3, 2), **size)
    for row, k in zip(axes, chosen, strict=True):
        _curve(fit, k, level, row[0])
        _residuals(fit, k, row[1])
    return axes


def _curve(fit, k, level, ax):
    frame, data = fit.prediction(k, level), fit.problem.data[k]
    shown = data.shown()
    x = frame[shown.axis_name].to_numpy()
    ax.plot(x, frame[f"measured {shown.value_name}"], ".", ms=3, color=MEASURED, label="measured")
    for piece in np.split(np.arange(len(x)), np.flatnonzero(np.abs(np.diff(x)) > 0.5 * np.ptp(x)) + 1):
        part, last = frame.iloc[piece], piece[-1] == len(x) - 1
        words = (f"{100 * level:g} % band", "computed") if last else (None, None)
        ax.fill_between(x[piece], part["low"], part["high"], color=COMPUTED, alpha=0.3, lw=0, label=words[0])
        ax.plot(x[piece], part[f"computed {shown.value_name}"], color=COMPUTED, lw=1.4, label=words[1])
    rows = np.cumsum([0, *fit.problem.rows])
    for number, minimum in enumerate(fit.minima[1:MOST_MINIMA], start=2):
        r = minimum.residuals[rows[k] : rows[k + 1]][: len(x)]
        ax.plot(x, shown.measured + r * shown.sd, "--", lw=1.0, color=f"C{number}", label=f"minimum {number}")
    ax.set_title(as_it_is(data.label), fontsize=9)
    ax.set_xlabel(_axis(shown.axis_name))
    ax.set_ylabel(_axis(shown.value_name))
    ax.legend(fontsize=7, frameon=False)


def _residuals(fit, k, ax):
    frame = fit.prediction(k)
    x = frame.iloc[:, 0].to_numpy()
    ax.axhspan(-2, 2, color="0.92", lw=0)
    ax.axhline(0, color="0.5", lw=0.8)
    ax.plot(x, frame["residual"], ".", ms=3, color=MEASURED)
    every = fit.residuals()[k]
    if len(every) > len(frame):
        ax.plot(x[-1], every[-1], "D", ms=5, color=COMPUTED, label="end point (capacity)")
        ax.legend(fontsize=7, frameon=False)
    ax.set_xlabel(_axis(frame.columns[0]))
    ax.set_ylabel("residual / stated noise")


def _axis(name):
    """Return a label such as "Capacity (mAh cm-2)"."""
    word, _, unit = name.partition(" [")
    return f"{word} ({unit.rstrip(']').replace('.', ' ')})" if unit else word


def correlations(fit, ax=None):
    """Draw the correlation matrix of the parameters; returns the axes."""
    import matplotlib.pyplot as plt

    n = len(fit.names)
    if ax is None:
        _, ax = plt.subplots(figsize=(1.6 + 0.55 * n + 3.0, 1.4 + 0.5 * n), layout="constrained")
    values = fit.correlation.to_numpy()
    ax.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1)
    for i, j in np.ndindex(n, n):
        ax.text(
            j,
            i,
            f"{values[i, j]:.2f}",
            ha="center",
            va="center",
            color="w" if abs(values[i, j]) > 0.6 else "k",
            fontsize=8,
        )
    ax.set_yticks(range(n), [f"{k + 1}  {name.split(' [')[0]}" for k, name in enumerate(fit.names)], fontsize=8)
    ax.set_xticks(range(n), [str(k + 1) for k in range(n)], fontsize=8)
    ax.set_title("Correlations", fontsize=9)
    return ax


def intervals(fit, ax=None):
    """Draw each parameter on its range: value, 95 % interval, start; returns the axes."""
    import matplotlib.pyplot as plt

    n, half = len(fit.names), 1.96 * np.sqrt(np.diag(fit.covariance))
    if ax is None:
        _, ax = plt.subplots(figsize=(8.0, 1.0 + 0.42 * n), layout="constrained")
    vague = {name for direction in fit.undetermined for name in direction.components}
    for k, name in enumerate(fit.names):
        scale, color = fit.problem.scales[name], "0.65" if name in vague else COMPUTED
        low, high = np.clip([fit.units[k] - half[k], fit.units[k] + half[k]], 0, 1)
        ax.plot([0, 1], [k, k], color="0.88", lw=6, solid_capstyle="butt", zorder=0)
        ax.plot([low, high], [k, k], color=color, lw=3)
        ax.plot(fit.units[k], k, "o", color=color, ms=6)
        ax.plot(scale.unit(fit.start.value(name)), k, "|", color="k", ms=11)
        ends = f"{scale.low:.3g} to {scale.high:.3g}{' (log)' if scale.is_log else ''}"
        ax.text(1.02, k, ends, va="center", fontsize=7)
    ax.set_yticks(range(n), [name.split(" [")[0] for name in fit.names], fontsize=8)
    ax.set_xlim(-0.02, 1.32)
    ax.set_ylim(n - 0.5, -0.5)
    ax.set_xticks([0, 0.5, 1], ["lowest", "range", "highest"], fontsize=8)
    ax.set_title("Values with 95 % intervals (grey: not determined by the data; | start)", fontsize=9)
    return ax


def profile(likelihood, ax=None):
    """Draw a `Profile`, the rise of chi-square against the value; returns the axes."""
    import matplotlib.pyplot as plt

    if ax is None:
        _, ax = plt.subplots(figsize=(4.2, 3.0), layout="constrained")
    ax.plot(likelihood.values, likelihood.delta_chi2, "o-", color=COMPUTED, ms=4)
    ax.axhline(likelihood.threshold, color="0.5", lw=0.8, ls="--")
    ax.set_xlabel(_axis(likelihood.name))
    ax.set_ylabel(r"$\Delta\chi^2 / S^2$")
    return ax


def narrowing(ranked, ax=None):
    """Draw how many times narrower each experiment of a `NextExperiments` makes the targets; returns the axes."""
    import matplotlib.pyplot as plt

    table = ranked.table
    if ax is None:
        _, ax = plt.subplots(figsize=(8.0, 1.2 + 0.36 * len(table)), layout="constrained")
    ax.barh(range(len(table)), table["narrowing"] - 1.0, left=1.0, color=COMPUTED, height=0.6)
    for k, (gain, hours) in enumerate(zip(table["narrowing"], table["hours"], strict=True)):
        ax.text(gain, k, f"  {gain:.3g} times, {hours:.0f} h", va="center", fontsize=8)
    ax.set_yticks(range(len(table)), table["experiment"], fontsize=8)
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xscale("log")
    ax.set_xlim(1.0, 1.6 * max(table["narrowing"].max(), 1.2))
    ax.minorticks_off()
    ticks = [tick for tick in (1, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000) if tick <= ax.get_xlim()[1]]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xlabel("standard deviation now / after the experiment")
    names = [name.split(" [")[0] for name in ranked.now]
    ax.set_title(f"What would narrow {names[0] if len(names) == 1 else f'{len(names)} targets together'}", fontsize=9)
    return ax
