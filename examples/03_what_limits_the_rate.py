"""What limits the capacity when the current rises?

From 0.082 to 0.82 mA cm-2 the cell loses four fifths of its capacity. Ohmic loss in the separator cannot be the
reason: it stays below 50 mV. The ledger of the sulfur tells: most of what is not converted is sulfur behind the layer
of solid products, little at the lowest current and more than half of all sulfur at the highest. A layer passes a current in
inverse proportion to its thickness, so that capacity times current is nearly constant where it limits: one that passed
twice the current would give twice the first discharge at 0.82 mA cm-2.
"""

# %%
from pathlib import Path

import nasim
from nasim import plot

CURRENTS = (0.082, 0.164, 0.41, 0.82)  # mA cm-2, 0.1C to 1C
LAYER = "Product layer current density [A.m-2]"


def main(figure=None):
    """Capacity kept at 1C, as a share of that at 0.1C."""
    result = nasim.RateTest(CURRENTS, cycles_per_step=2).run()
    last = result.summary[result.summary["cycle"] % 2 == 0]
    for _, row in last.iterrows():
        behind = result.ledger(row["cycle"])["sulfur behind its film"]
        ohmic = 1e3 * result.curve(int(row["cycle"]))["Separator voltage loss [V]"].max()
        print(f"{row['current_mA_cm2']:.3f} mA cm-2: {row['discharge_capacity_mAh_g']:5.0f} mAh g-1, ", end="")
        print(f"{behind:4.0f} behind the layer, separator {ohmic:.1f} mV")
    values = nasim.load("Yuan2025_NAS")
    for factor in (1.0, 2.0):
        layer = {LAYER: factor * values.value(LAYER)}
        fast = nasim.GCD(0.82, cycles=1).run(overrides=layer).summary["discharge_capacity_mAh_g"].iloc[0]
        print(f"layer {factor:g} times better: {fast:.0f} mAh g-1 in a first discharge at 0.82 mA cm-2")
    if figure:
        plot.rate(result.summary).figure.savefig(figure, dpi=120)
    capacities = last["discharge_capacity_mAh_g"].to_numpy()
    return capacities[-1] / capacities[0]


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/03_what_limits_the_rate.png")
