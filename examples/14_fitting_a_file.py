"""How are parameters fitted to a measured file, and how well does the file determine them?

So that the answer is known, the file is made up here: a first cycle of a cell with two changed parameters and 2 mV of noise,
written as a cycler would write it. Reading, fitting and the intervals are the same for a file of yours. Both values are
found again to a few per cent, and the intervals (95 %) hold the true ones.
"""

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas

import nasim
from nasim import fit

TRUE = {"Sulfur step 1 exchange current density [A.m-2]": 0.1, "Product layer current density [A.m-2]": 1.9}
AREA_CM2 = 0.7854


def write_file(path):
    """A first cycle as a cycler writes it: time, voltage, current (positive on charge)."""
    curve = nasim.GCD(current_mA_cm2=0.127, cycles=1).run(overrides=TRUE).curve(1)
    noise = np.random.default_rng(1).normal(0.0, 2e-3, len(curve))
    table = pandas.DataFrame({"Test Time / s": curve["Time [s]"], "Voltage / V": curve["Voltage [V]"] + noise})
    table["Current / A"] = -1e-3 * AREA_CM2 * curve["Current density [mA.cm-2]"]
    table.drop_duplicates("Test Time / s").to_csv(path, index=False)


# %%
def main(figure=None):
    """Fitted over true value, for each parameter."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cell.csv"
        write_file(path)
        measured = nasim.read(path, area_cm2=AREA_CM2)
    curves = fit.from_measurement(measured, window_V=(0.7, 2.6), voltage_sd_mV=2.0)
    found = fit(curves, vary=list(TRUE), start="Yuan2025_NAS")
    for name, value in found.values.items():
        print(f"{name}: {value:.3g} +/- {1.96 * found.standard_errors[name]:.1g}, true {TRUE[name]:.3g}")
    if figure:
        axes = found.plot()
        np.ravel(axes)[0].figure.savefig(figure, dpi=120)
    return {name: found.values[name] / TRUE[name] for name in TRUE}


if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/14_fitting_a_file.png")
