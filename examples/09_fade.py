"""Where does the capacity go in fifty cycles?

The cell loses a tenth of its capacity between cycle 1 and 2 and another tenth up to cycle 50. Compare the
ledgers of cycles 1, 2 and 50. What the second discharge lacks was isolated on the first charge: the cathode shrinks, a
gap opens, and a tenth of the theoretical capacity loses its contact before it is oxidised. That stays so. What fades
later is the sulfur: more of it has lost contact for good (isolated) and more lies behind the layer of products, for the
current goes through what is left. The share of the electrolyte hardly changes, although each discharge reduces a little of it for
good, which does not come back below 2.6 V (lost by deep reduction).
"""

# %%
from pathlib import Path

import nasim
from nasim import plot

CYCLES = 50


def main(figure=None):
    """Discharge capacity of the last cycle over that of the second."""
    result = nasim.Cycling(current_mA_cm2=0.127, cycles=CYCLES).run()
    capacity = result.summary["discharge_capacity_mAh_g"]
    print(
        f"cycle 1 {capacity.iloc[0]:.0f}, cycle 2 {capacity.iloc[1]:.0f}, cycle {CYCLES} {capacity.iloc[-1]:.0f} mAh g-1"
    )
    first, early, late = (result.ledger(cycle) for cycle in (1, 2, CYCLES))
    for part in first:
        print(f"{part:35s} {first[part]:7.0f} -> {early[part]:5.0f} -> {late[part]:5.0f} mAh g-1")
    if figure:
        plot.fade(result.summary)[0].figure.savefig(figure, dpi=120)
    return capacity.iloc[-1] / capacity.iloc[1]


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/09_fade.png")
