"""The draws of a predicted number: their distribution with its band, and bars of what moves it."""

from typing import Any

import numpy as np


def prediction(values: Any, band: tuple[float, float], at_set: float, name: str, table: Any) -> Any:
    """Draw how a number is distributed over draws of the parameters, and what moves it most.

    Parameters
    ----------
    values : sequence of float
    band : (float, float)
        Its ends.
    at_set : float
        Number at the values of the set.
    name : str
        Of the number, with its unit.
    table : pandas.DataFrame
        Columns parameter, rank_correlation, low, high, largest first.

    Returns
    -------
    array of matplotlib axes, shape (2,)
    """
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9.5, 3.6), width_ratios=(1, 1.1), layout="constrained")
    left, right = axes
    if len(values):
        left.hist(np.asarray(values), bins=min(max(len(values) // 5, 5), 30), color="#9db9d8")
    if np.isfinite(band).all():
        left.axvspan(*band, color="#9db9d8", alpha=0.25, lw=0, label=f"90 % band {band[0]:.4g} to {band[1]:.4g}")
    left.axvline(at_set, color="#202020", lw=1.2, label=f"values of the set: {at_set:.4g}")
    left.set(xlabel=name, ylabel="draws")
    left.margins(y=0.35)
    left.legend(frameon=False, fontsize="small", loc="upper left")
    middle = float(np.mean(values)) if len(values) else at_set
    for place, (_, row) in enumerate(table.iterrows()):
        for end, colour in ((row.low, "#0072b2"), (row.high, "#d55e00")):
            right.barh(place, end - middle, left=middle, color=colour, height=0.62)
    for label, colour in (("lowest third of the parameter", "#0072b2"), ("highest third", "#d55e00")):
        right.barh(0, 0, left=middle, color=colour, label=label)
    names = [f"{row.parameter.split(' [')[0]}  ({row.rank_correlation:+.2f})" for _, row in table.iterrows()]
    right.set_yticks(range(len(names)), names, fontsize="small")
    right.invert_yaxis()
    right.axvline(middle, color="#202020", lw=0.8)
    right.set(xlabel=f"mean of {name}")
    figure.legend(
        *right.get_legend_handles_labels(), ncols=2, frameon=False, fontsize="small", loc="outside upper right"
    )
    return axes
