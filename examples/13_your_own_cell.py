"""How is a cell of your own described? In a TOML file that says what differs, and where each value comes from.

`13_my_cell.toml` takes an anode of 1.8 instead of 25 mAh cm-2 and a separator twice as thick. The first discharge loses more
than a quarter of its capacity: the interphase takes nearly 1 mAh cm-2 of sodium, hardly felt by a thick anode, half of this one, so
that the alloy runs through its plateaus (0.08, 0.16, 0.46 V) and the cell meets its cut-off early.
"""

# %%
from pathlib import Path

import nasim

MINE = Path(__file__).with_name("13_my_cell.toml")


def main(figure=None):
    """First discharge of my cell over that of the paper's cell."""
    mine = nasim.load(MINE)
    changed = [row for row in mine.describe() if row.source == "Notebook"]
    for row in changed:
        print(f"{row.name} = {row.value:g} ({row.kind}, {row.source}, {row.where})")
    capacity = {}
    for parameters in ("Yuan2025_NAS", mine):
        result = nasim.GCD(current_mA_cm2=0.127, cycles=1).run(parameters=parameters)
        name, first = result.record["parameter_set"], result.summary.iloc[0]
        capacity[name] = first["discharge_capacity_mAh_cm2"]
        print(f"{name}: {capacity[name]:.3f} mAh cm-2, {first['discharge_capacity_mAh_g']:.0f} mAh g-1")
    if figure:
        result.plot()[0].figure.savefig(figure, dpi=120)
    return capacity[mine.name] / capacity["Yuan2025_NAS"]


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/13_your_own_cell.png")
