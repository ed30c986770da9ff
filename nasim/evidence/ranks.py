"""What a number hangs on, as far as draws of the parameters can tell: rank correlations, and the sentence on them.

The rank correlation is Spearman's, whose standard error is 1/sqrt(n - 3) in Fisher's z; a parameter is named where chance alone,
over all parameters, gives so large a correlation in one case of twenty.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas

FEWEST = 8
"""Draws below which there is neither a band nor a correlation."""
TELLING = 24
"""Draws from which on a parameter is named: with fewer, Fisher's z says too much of ranks."""
CHANCE = 0.05
"""Chance that a parameter is named on which a number does not hang."""
COLUMNS = ["parameter", "rank_correlation", "standard_error", "low", "high"]


def rank_correlations(values: "pandas.Series", drawn: "pandas.DataFrame", names: Sequence[str]) -> "pandas.DataFrame":
    """Return the rank correlation of a number with each parameter, the largest first; none with fewer than 8 values.

    Parameters
    ----------
    values : pandas.Series
        The number, by draw.
    drawn : pandas.DataFrame
        The parameters of all draws.
    names : sequence of str
        Of the parameters.

    Returns
    -------
    pandas.DataFrame
        Columns parameter, rank_correlation, standard_error, low and high: means of the number over the lowest and highest
        third of the parameter.
    """
    import pandas
    from scipy.stats import rankdata

    ranks, third, lines = rankdata(values), max(len(values) // 3, 1), []
    for name in names if len(values) >= FEWEST and np.ptp(values) > 0 else ():
        at = drawn.loc[values.index, name].to_numpy(dtype=float)
        if np.ptp(at) == 0:
            continue
        rho, order = float(np.corrcoef(ranks, rankdata(at))[0, 1]), np.argsort(at, kind="stable")
        ends = [float(values.to_numpy()[part].mean()) for part in (order[:third], order[-third:])]
        lines.append([name, rho, (1 - rho**2) / math.sqrt(len(values) - 3), *ends])
    table = pandas.DataFrame(lines, columns=pandas.Index(COLUMNS))
    return table.sort_values("rank_correlation", key=abs, ascending=False, kind="stable").reset_index(drop=True)


def hangs_words(table: "pandas.DataFrame", count: int, parameters: int) -> str:
    """Return in words what a number hangs on.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `rank_correlations`.
    count, parameters : int
        Draws that give the number, and parameters that were drawn.
    """
    from scipy.stats import norm

    if table.empty:
        return "the same in all draws"
    if count < TELLING:
        return f"{count} draws are too few to tell on what it hangs (at least {TELLING})"
    first, rest = table.iloc[0], table.iloc[1:]
    least = math.tanh(norm.ppf(1 - CHANCE / (2 * parameters)) / math.sqrt(count - 3))
    told = f"'{first.parameter}' (rank correlation {first.rank_correlation:+.2f} +- {first.standard_error:.2f})"
    if abs(first.rank_correlation) < least:
        return f"{count} draws cannot tell on what it hangs: the largest is {told}, and chance gives up to {least:.2f}"
    size, doubt = rest.rank_correlation.abs(), np.hypot(rest.standard_error, first.standard_error)
    close = rest[(size > least) & (size + doubt > abs(first.rank_correlation))]
    if close.empty:
        return f"hangs mostly on {told}"
    others = ", ".join(f"'{name}' ({rho:+.2f})" for name, rho in close.iloc[:2, :2].to_numpy())
    return f"hangs mostly on {told} and as much, as far as {count} draws can tell, on {others}"
