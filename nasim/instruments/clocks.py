"""The instrument's clock against the time built from steps."""

import numpy as np
import pandas as pd


def compare_clocks(built, clock, what):
    """Notes (none or one) on a clock [s] of the instrument that differs from the time built from steps [s]."""
    clock = np.asarray(clock, dtype=float)
    if pd.isna(clock).any():
        return [f"{what} has gaps and was not compared with the time built from steps"]
    difference = np.abs((clock - clock[0]) - (built - built[0]))
    if difference.max() <= 1.5 + 1e-4 * built[-1]:
        return []
    return [f"{what} runs apart from the time built from steps by up to {difference.max():.1f} s (a pause?)"]
