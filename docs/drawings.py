"""The pictures of the documentation that belong to no example: a function each, which saves its figure into `path`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np

import nasim
from nasim import fit, plot
from nasim.evidence import published, scorecard
from nasim.evidence.story import shown_rows

AREA_CM2 = 0.7854
CHANGED = {"Sulfur step 1 exchange current density [A.m-2]": 0.1, "Product layer current density [A.m-2]": 1.9}


def practice():
    """The file of the page "Fit my data", read again."""
    test = nasim.GCD(current_mA_cm2=0.127, cycles=1).run(overrides=CHANGED)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "practice.csv"
        test.to_cycler(path, "neware", voltage_noise_mV=2.0)
        return nasim.read(path, area_cm2=AREA_CM2)


def saved(axes, path):
    """Save the figure that axes lie in."""
    np.ravel(axes)[0].figure.savefig(path)


def cell(path):
    """The layers of the paper's cell, and what happens in each."""
    saved(plot.cell_sketch(), path)


def gcd(path):
    """The first two cycles with what was published of them, as `nasim run gcd` draws them."""
    result = nasim.GCD(cycles=2).run()
    saved(result.plot(published=published.marks_of(result.record)), path)


def story(path):
    """What was published of the cell, and what is computed: the rows that the figure shows, each computed anew."""
    saved(scorecard(*shown_rows()).story(), path)


def fit_seen(path):
    """The measured file as `nasim read --out` draws it."""
    saved(plot.measured(practice()), path)


def fit_found(path):
    """Measured and fitted curves, and their difference."""
    curves = fit.from_measurement(practice(), window_V=(0.7, 2.6))
    saved(fit(curves, vary=list(CHANGED), start="Yuan2025_NAS").plot(), path)


def my_test(path):
    """A test at conditions of one's own."""
    saved(nasim.GCD(0.25, window=(0.8, 2.5)).run(temperature_C=40, stack_pressure_MPa=125).plot(), path)


def limits(path):
    """Losses of a cycle and the ledger of capacity."""
    saved(nasim.GCD(cycles=2).run().plot_limits(), path)


def cycling(path):
    """Thirty cycles."""
    saved(nasim.Cycling(cycles=30, keep=(1, 2, 30)).run().plot(), path)


def rate(path):
    """A rate test."""
    saved(nasim.RateTest().run().plot(), path)


def voltammogram(path):
    """A cyclic voltammogram at 60 degC."""
    saved(nasim.CV().run(temperature_C=60).plot(), path)


def resting_spectra(path):
    """Spectra of a symmetric cell that stands."""
    saved(nasim.OpenCircuitEIS(hours=24, every_h=8).run().plot(), path)


def titration(path):
    """A titration with pulses and rests."""
    saved(nasim.GITT().run().plot(), path)


def symmetric(path):
    """Plating and stripping between two alloys."""
    saved(nasim.SymmetricCycling(hours=24).run().plot(), path)


def metal(path):
    """The paper's cell, and the one of examples/sodium_metal.toml."""
    ax = plt.subplots(figsize=(6.4, 4), layout="constrained")[1]
    mine = Path(__file__).resolve().parent.parent / "examples" / "sodium_metal.toml"
    for label, parameters in (("Na$_{15}$Sn$_4$, NAS", "Yuan2025_NAS"), ("Na, NSWS", mine)):
        curve = nasim.GCD(cycles=1).run(parameters=parameters).curve(cycle=1)
        for step, half in curve.groupby("Step", sort=False):
            colour = ax.lines[-1].get_color() if step == "charge" else None
            shown = label if step == "discharge" else None
            ax.plot(half["Specific capacity [mAh.g-1]"], half["Voltage [V]"], color=colour, label=shown)
    ax.set(xlabel="Capacity (mAh g$^{-1}$ of sulfur)", ylabel="Voltage against the anode (V)", xlim=(0, None))
    ax.legend(frameon=False)
    saved(ax, path)


def design(path):
    """Energy of cells of three loadings against the thickness of the separator."""
    ax = plt.subplots(figsize=(6.4, 4), layout="constrained")[1]
    thicknesses = (30, 60, 120, 240)
    for loading in (0.5, 1.0, 2.0):
        energies = []
        for thickness in thicknesses:
            made = nasim.Design(
                sulfur_loading_mg_cm2=loading, ratio=(24, 16, 60), separator_thickness_um=thickness, n_to_p=2
            )
            cell = nasim.load("Yuan2025_NAS", design=made)
            result = nasim.GCD("0.1C", cycles=1).run(parameters=cell)
            energies.append(
                nasim.cell_sheet(cell).energy(result.summary["discharge_energy_mWh_cm2"].iloc[0])["energy_Wh_kg"]
            )
        ax.plot(thicknesses, energies, "o-", label=f"{loading:g} mg cm$^{{-2}}$ of sulfur")
    ax.set(xlabel="Thickness of the separator (um)", ylabel="Energy of the stack (Wh kg$^{-1}$)", ylim=(0, None))
    ax.legend(frameon=False)
    saved(ax, path)


DRAWINGS = {
    each.__name__: each
    for each in (
        cell,
        gcd,
        story,
        fit_seen,
        fit_found,
        my_test,
        limits,
        cycling,
        rate,
        voltammogram,
        resting_spectra,
        titration,
        symmetric,
        metal,
        design,
    )
}
