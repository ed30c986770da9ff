"""How does the first discharge depend on two things at once? A sweep over temperature and current, as a table.

Six points, one built cell. Cold and fast is worst, warm and slow best, and warmth makes up for speed: at 0.41 mA cm-2 and
60 degC the cell gives about as much as at 25 degC and a fifth of the current. `executor=2` would share the points between
two processes, and a longer list of names and values make a longer sweep.
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import nasim

OVER = {"temperature [degC]": [25, 60], "current [mA.cm-2]": [0.082, 0.164, 0.41]}


def main(figure=None):
    """First discharges [mAh g-1], a row a temperature and a column a current."""
    found = nasim.sweep(nasim.GCD(cycles=1), OVER)
    table = found.table.pivot(index=list(OVER)[0], columns=list(OVER)[1], values="discharge_capacity_mAh_g")
    print(table.round(0))
    if figure:
        ax = found.plot("current [mA.cm-2]", "discharge_capacity_mAh_g")
        ax.figure.savefig(figure, dpi=120)
        plt.close(ax.figure)
    return table


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/15_a_sweep.png")
