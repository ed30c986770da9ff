"""How does the first discharge depend on two things at once? A sweep over temperature and current, as a table.

Six runs, one row each. Cold and fast is worst, warm and slow best, and warmth makes up for speed: at 0.41 mA cm-2 and
60 degC the cell gives about as much as at 25 degC and a fifth of the current.
"""

# %%
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import pandas

import nasim

TEMPERATURES, CURRENTS = (25, 60), (0.082, 0.164, 0.41)  # degC, mA cm-2


def main(figure=None):
    """First discharges [mAh g-1], a row a temperature and a column a current."""
    rows = []
    for celsius, current in product(TEMPERATURES, CURRENTS):
        summary = nasim.GCD(current, cycles=1).run(temperature_C=celsius).summary
        rows.append((celsius, current, summary["discharge_capacity_mAh_g"].iloc[0]))
    table = pandas.DataFrame(rows, columns=["degC", "mA cm-2", "mAh g-1"]).pivot(
        index="degC", columns="mA cm-2", values="mAh g-1"
    )
    print(table.round(0))
    if figure:
        ax = table.T.plot(marker="o", xlabel="Current density (mA cm$^{-2}$)", ylabel="First discharge (mAh g$^{-1}$)")
        ax.figure.savefig(figure, dpi=120)
        plt.close(ax.figure)
    return table


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/15_a_sweep.png")
