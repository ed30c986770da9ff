"""What does an impedance spectrum show of a cell that stands, and what is hidden in it?

A symmetric cell with NAS is measured every few hours while it rests. Two things are seen: an intercept on the real axis,
mostly the separator, and arcs. The arc that grows is the interphases'; after 24 h they have added nearly 100 Ohm cm2. Only the
resistance L rho of a layer is seen, never its thickness L or resistivity rho alone: ten times the resistivity with a tenth of
the thickness gives the same spectrum.
"""

# %%
import textwrap
from pathlib import Path

import nasim

TEN = {"Interphase resistivity [Ohm.m]": 10.0, "Interphase final thickness [m]": 0.1}


def main(figure=None):
    """Resistance that 24 h of rest add [Ohm cm2]: of the default interphase, and of one that is thinner and worse."""
    protocol = nasim.OpenCircuitEIS(hours=24, every_h=4)
    set_ = nasim.load("Yuan2025_symmetric_NAS")
    added = []
    for changes in ({}, TEN):
        overrides = {name: factor * set_.value(name) for name, factor in changes.items()}
        result = protocol.run(overrides=overrides)
        total = result.summary["total_Ohm_cm2"]
        added.append(total.iloc[-1] - total.iloc[0])
        print(f"real part at 0.1 Hz: {total.iloc[0]:.1f} fresh, {total.iloc[-1]:.1f} Ohm cm2 after 24 h")
    print(textwrap.fill(str(result.intercept(1)), 90, subsequent_indent="  "))
    if figure:
        result.plot()[0].figure.savefig(figure, dpi=120)
    return added


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/08_impedance.png")
