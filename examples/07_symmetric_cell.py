"""How long does the overpotential of a symmetric cell rise, and how much of it is the interphase?

Na15Sn4 | NAS | Na15Sn4, 0.51 mA cm-2 to and fro, 0.51 mAh cm-2 each way. The overpotential grows for about 120 h while both
interphases thicken, then stays; it nearly doubles. With Na3PS4 (NPS), which does not react with the alloy, it does not
rise, but it is several times higher: NPS conducts worse.
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import nasim

SETS = {"NAS": "Yuan2025_symmetric_NAS", "NPS": "Yuan2025_symmetric_NPS"}


def main(figure=None):
    """Overpotential at the end of 200 h over that of the first cycle, for each electrolyte."""
    rise = {}
    ax = plt.subplots(layout="constrained")[1] if figure else None
    for name, parameters in SETS.items():
        result = nasim.SymmetricCycling(current_mA_cm2=0.51, capacity_mAh_cm2=0.51, hours=200, keep=()).run(
            parameters=parameters
        )
        summary = result.summary
        first, last = (abs(summary["end_overpotential_mV"].iloc[k]) for k in (0, -1))
        rise[name] = last / first
        print(f"{name}: {first:.0f} mV in cycle 1, {last:.0f} mV after {summary['end_time_h'].iloc[-1]:.0f} h")
        if figure:
            ax.plot(summary["end_time_h"], abs(summary["end_overpotential_mV"]), label=name)
    if figure:
        ax.set(xlabel="Time (h)", ylabel="Overpotential (mV)", ylim=(0, None))
        ax.legend(frameon=False)
        ax.figure.savefig(figure, dpi=120)
    return rise


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/07_symmetric_cell.png")
