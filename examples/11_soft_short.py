"""When does a soft short begin, and how is it seen?

Stripping opens voids at the alloy, and plating then focuses on what is left in contact and drives sodium into flaws of the
electrolyte. High pressure closes voids by creep and holds flaws shut, and without pressure nothing is pressed into them, so that the
leak is worst in between: at 62.5 MPa filaments grow until a good part of each charge leaks, at 20 and 250 MPa they do not. The
sign in the data is a charge that takes more than the discharge gave back.
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import nasim

PRESSURES = (20, 62.5, 250)  # MPa
CYCLES = 90


def main(figure=None):
    """Share of the last charge that leaked, at each pressure."""
    leaked = {}
    ax = plt.subplots(layout="constrained")[1] if figure else None
    for pressure in PRESSURES:
        summary = nasim.Cycling(cycles=CYCLES, keep=()).run(stack_pressure_MPa=pressure).summary
        share = summary["leak_mAh_cm2"] / summary["charge_capacity_mAh_cm2"]
        leaked[pressure] = float(share.iloc[-1])
        print(f"{pressure:6.1f} MPa: {share.iloc[-1]:.1%} of charge {int(summary['cycle'].iloc[-1])} leaks")
        if figure:
            ax.plot(summary["cycle"], 100 * share, label=f"{pressure:g} MPa")
    if figure:
        ax.set(xlabel="Cycle", ylabel="Share of the charge that leaks (%)", ylim=(0, None))
        ax.legend(frameon=False)
        ax.figure.savefig(figure, dpi=120)
    return leaked


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/11_soft_short.png")
