"""How much charge does the cell give on its first discharge, and at what voltage?

The cell of Yuan et al. 2025 is the default: 3.2 mg of composite cathode on 0.785 cm2, 0.127 mA cm-2, 25 degC, 250 MPa. Its
first discharge passes about 2000 mAh per gram of sulfur, at 1.4 V on average. Sulfur itself could give no more than
1675 mAh g-1; the next example shows where the rest comes from.
"""

# %%
from pathlib import Path

import nasim


def main(figure=None):
    """Capacity of the first discharge [mAh per gram of sulfur]."""
    result = nasim.GCD(current_mA_cm2=0.127, cycles=1).run()
    first = result.summary.iloc[0]
    print(
        f"capacity     {first['discharge_capacity_mAh_g']:.0f} mAh g-1, {first['discharge_capacity_mAh_cm2']:.3f} mAh cm-2"
    )
    print(f"mean voltage {first['mean_discharge_voltage_V']:.3f} V against Na15Sn4")
    # Every result checks itself: charge, sulfur, antimony and sodium must all still be there.
    print(f"largest balance error {max(result.audit().values()):.1e}")
    if figure:
        result.plot()[0].figure.savefig(figure, dpi=120)
    return first["discharge_capacity_mAh_g"]


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/01_one_discharge.png")
