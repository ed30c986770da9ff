"""How coarse may the alloy of a lean anode be? Sodium has to come out of its grains by diffusion.

The anode of `13_my_cell.toml` holds 1.8 mAh cm-2. With `AlloyDiffusion` its surface, which reacts, is short of sodium by
R2/(15 D) times the rate at which the grains are emptied: at 0.5 mA cm-2 nothing for grains of 5 um and 5 % of the capacity for
50 um, but grains of 100 um run through their plateaus at the surface while their middle is still full, and give some 40 %
less. With 25 mAh cm-2, as in the paper's cell, grains are emptied fourteen times as slowly, and even the surface of 300 um
stays on the first plateau.
"""

# %%
from pathlib import Path

import nasim

MINE = Path(__file__).with_name("13_my_cell.toml")
RADIUS = "Alloy diffusion length [m]"


def main(figure=None):
    """First discharge with grains of 100 um over that with grains of 5 um."""
    cell = nasim.FullCell(diffusion=nasim.AlloyDiffusion())
    capacity, curves = {}, {}
    for radius_um in (5, 20, 50, 100):
        result = nasim.GCD(current_mA_cm2=0.5).run(cell, MINE, overrides={RADIUS: 1e-6 * radius_um})
        capacity[radius_um] = result.summary["discharge_capacity_mAh_cm2"][0]
        curve = result.curve(cycle=1)
        curves[radius_um] = curve[curve["Step"] == "discharge"]
        loss = curves[radius_um]["Negative electrode diffusion voltage loss [V]"]
        print(
            f"grains of {radius_um:3d} um: {capacity[radius_um]:.3f} mAh cm-2, up to {loss.max():.2f} V lost to diffusion"
        )
    if figure:
        draw(curves, figure)
    return capacity[100] / capacity[5]


def draw(curves, figure):
    """Voltage and the potential of the alloy against capacity, a line a radius."""
    import matplotlib.pyplot as plt

    fig, (above, below) = plt.subplots(2, sharex=True, figsize=(6, 6), layout="constrained")
    for radius_um, curve in curves.items():
        above.plot(curve["Capacity [mAh.cm-2]"], curve["Voltage [V]"], label=f"{radius_um} um")
        below.plot(curve["Capacity [mAh.cm-2]"], curve["Negative electrode diffusion voltage loss [V]"])
    above.set(ylabel="Voltage [V]")
    above.legend(title="Radius of the grains", frameon=False)
    below.set(xlabel="Capacity [mAh cm$^{-2}$]", ylabel="Lost to diffusion in the alloy [V]")
    fig.savefig(figure, dpi=120)
    plt.close(fig)


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/18_how_coarse_may_the_alloy_be.png")
