"""Which peak of dQ/dV belongs to which reaction?

A plateau of the voltage is a peak of dQ/dV. To find out whose a peak is, run the cell with one redox chain at a time: a
peak that stays is of the chain that is left. Reduction: 1.75 V is the sulfur's first step, 1.05 V its second, which runs some
0.6 V below its equilibrium; the electrolyte alone shows 1.6 and 1.25 V, and both are seen between the two of sulfur when all
react together. On charge the sulfide oxidises near 1.85 and 2.15 V, the electrolyte, near 2.2 V, hides behind the latter.
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import nasim
from nasim import plot

CELLS = {
    "both chains": {},
    "sulfur alone": {"model": nasim.FullCell(chains=[nasim.SulfurConversion()])},
    "electrolyte alone": {"parameters": "Yuan2025_NASC"},
}


def main(figure=None):
    """Voltages of the reduction peaks, of each cell [V against Na15Sn4]."""
    axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")[1] if figure else [None] * 3
    found = {}
    for ax, (name, cell) in zip(axes, CELLS.items(), strict=True):
        result = nasim.GCD(cycles=1).run(**cell)
        peaks = result.dqdv(cycle=1)
        found[name] = [float(V) for V in peaks["reduction"].of("peak").voltage_V]
        print(name)
        for direction, those in peaks.items():
            marks = ", ".join(f"{V:.2f} V ({kind})" for V, kind in zip(those.voltage_V, those.kind, strict=True))
            print(f"  {direction:9s} {marks}")
        if figure:
            plot.dqdv(result.curves, ax)
            ax.set_title(name, pad=28)
    if figure:
        axes[0].figure.savefig(figure, dpi=120)
    return found


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/04_reading_dqdv.png")
