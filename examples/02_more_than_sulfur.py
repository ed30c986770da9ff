"""Why does the cell give more charge than its sulfur can hold?

Sulfur takes two electrons: 1675 mAh g-1. The first discharge gives more, because the electrolyte in the cathode takes part:
milling took sodium out of its Na3SbS4, and discharge puts it back (the Sb-S self-redox). Switch the mechanism off and the
surplus goes: a quarter of the first discharge is the electrolyte's, about 530 mAh per gram of sulfur. A cathode without
sulfur (the set Yuan2025_NASC) shows the same charge by itself: 0.26 mAh cm-2.
"""

# %%
from pathlib import Path

import nasim


def capacity(result):
    return result.summary["discharge_capacity_mAh_cm2"].iloc[0]


def main(figure=None):
    """Share of the first discharge that the electrolyte in the cathode gives."""
    protocol = nasim.GCD(cycles=1)
    both = protocol.run()
    sulfur_alone = protocol.run(nasim.FullCell(chains=[nasim.SulfurConversion()]))
    electrolyte_alone = protocol.run(parameters="Yuan2025_NASC")
    print(f"both {capacity(both):.3f}, sulfur alone {capacity(sulfur_alone):.3f} mAh cm-2")
    print(f"electrolyte alone {capacity(electrolyte_alone):.3f} mAh cm-2")
    ledger = both.ledger(cycle=1)  # mAh per gram of sulfur, part by part
    for part, value in ledger.items():
        if value >= 0.5:
            print(f"{part:35s} {value:7.0f} mAh g-1")
    if figure:
        both.plot_limits()[0].figure.savefig(figure, dpi=120)
    return ledger["Sb-S self-redox"] / both.summary["discharge_capacity_mAh_g"].iloc[0]


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/02_more_than_sulfur.png")
