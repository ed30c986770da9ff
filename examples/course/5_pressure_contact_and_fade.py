"""Course, part 5: stack pressure, contact, breathing, and what is left after many cycles."""

import marimo

app = marimo.App(width="medium", app_title="5. Pressure, contact and fade")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np
    from exercises import ChoiceTask, NumberTask, beside

    import nasim
    from nasim import plot
    from nasim.submodels.arrhenius import FARADAY


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 5. Pressure, contact and fade


    **Goals.** Afterwards you can

    - say what pressure does to capacity and to the first efficiency
    - estimate how much a cathode breathes
    - tell material that is lost from material that is out of reach

    **What you need to know.**

    - parts 1 to 4; ledger of part 3
    - $F = 96\,485$ C mol$^{-1}$; 1 mAh cm$^{-2}$ = 36 000 C m$^{-2}$

    A solution opens after your first attempt.

    Solids touch where they are pressed together. The fraction of the cathode that is connected to ions and electrons
    is described by a fitted form of the stack pressure $P$; no theory gives it, and $P_0$ and $m$ are fitted, too,

    $$a(P) = 1 - e^{-(P/P_0)^m}.$$

    Choose a pressure and see what it does to the first two cycles.
    """)
    return


@app.cell
def _():
    pressure = mo.ui.slider(
        steps=[20, 40, 62.5, 90, 125, 180, 250],
        value=62.5,
        label="stack pressure (MPa)",
        show_value=True,
        debounce=True,
    )
    pressure
    return (pressure,)


@app.cell
def _(pressure):
    chosen = nasim.GCD(cycles=2).run(stack_pressure_MPa=pressure.value)
    _ax = plt.subplots(figsize=(5, 3.8), layout="constrained")[1]
    _ax.set_xlim(0, 2100)
    plot.voltage_capacity(chosen.curves, _ax)
    _first = chosen.summary.iloc[0]
    _text = f"First discharge {_first['discharge_capacity_mAh_g']:.0f} mAh g$^{{-1}}$; {_first['charge_over_discharge']:.0%} return."
    mo.vstack([_ax.figure, mo.md(_text)])
    return


@app.cell
def _():
    parameters = nasim.load("Yuan2025_NAS")
    P0, m = (parameters.value(name) for name in ("Contact pressure scale [Pa]", "Contact pressure exponent"))
    task_pressure = NumberTask(
        f"With P0 = {P0 / 1e6:.4g} MPa and m = {m:.4g}, which pressure connects 90 % of the cathode?",
        P0 / 1e6 * np.log(10) ** (1 / m),
        "MPa",
        rf"$e^{{-(P/P_0)^m}} = 0.1$, so $P = P_0 (\ln 10)^{{1/m}}$ = {P0 / 1e6:.3g} x {np.log(10) ** (1 / m):.2f} = "
        rf"{P0 / 1e6 * np.log(10) ** (1 / m):.0f} MPa. The exponent below one makes the approach to full contact slow.",
        traps={
            P0 / 1e6 * np.log(10): "Take the exponent m into account.",
            P0 / 1e6 * np.log(10) ** m: "The power is 1/m.",
        },
    )
    task_pressure
    return (task_pressure,)


@app.cell(hide_code=True)
def _(task_pressure):
    task_pressure.feedback()
    return


@app.cell
def _():
    task_strain = NumberTask(
        "A cathode of 18 um takes up 0.96 mAh cm-2; each mole of electrons adds 13.3 cm3. By how much does it swell?",
        100 * 1.33e-5 * 0.96 * 3.6e4 / FARADAY / 18e-6,
        "%",
        r"$0.96 \times 3.6\times10^4 / 96\,485 = 0.358$ mol m$^{-2}$; times $1.33\times10^{-5}$ m$^3$ mol$^{-1}$ is 4.8 um; of 18 um "
        "that is 26 %. On charge it shrinks again, and what the pressure does not follow opens a gap.",
        traps={100 * 1.33e-5 * 0.96 * 3.6 / FARADAY / 18e-6: "1 mAh cm-2 is 3.6 C on 1e-4 m2."},
    )
    task_strain
    return (task_strain,)


@app.cell(hide_code=True)
def _(task_strain):
    task_strain.feedback()
    return


@app.cell
def _():
    pressures = (20, 62.5, 125, 250)
    firsts = [nasim.GCD(cycles=1).run(stack_pressure_MPa=p).summary.iloc[0] for p in pressures]
    efficiencies = [float(row["charge_over_discharge"]) for row in firsts]
    _axes = [plt.subplots(figsize=(4.3, 3.4), layout="constrained")[1] for _ in range(2)]
    _axes[0].plot(pressures, [row["discharge_capacity_mAh_g"] for row in firsts], "o-")
    _axes[0].set(xlabel="Stack pressure (MPa)", ylabel="First discharge (mAh g$^{-1}$)", ylim=(0, None))
    _axes[1].plot(pressures, efficiencies, "o-")
    _axes[1].set(xlabel="Stack pressure (MPa)", ylabel="First charge / first discharge")
    beside(_axes)
    return


@app.cell
def _():
    task_minimum = ChoiceTask(
        "The first efficiency has a minimum between 20 and 250 MPa. Why is it higher again at 20 MPa?",
        {
            "At 20 MPa the kinetics are faster.": "Pressure changes the alloy's kinetics by a few mV only.",
            "A cathode of which half never reacted swells less and has less to lose.": "Less breathing opens smaller gaps.",
            "At 20 MPa no soft short occurs.": "True, but in the first cycle none occurs at any pressure.",
        },
        "A cathode of which half never reacted swells less and has less to lose.",
        "The gap is shrinkage that the pressure cannot follow: little shrinkage at 20 MPa, much accommodation at 250 MPa. In between there "
        "is much shrinkage and little accommodation.",
    )
    task_minimum
    return (task_minimum,)


@app.cell(hide_code=True)
def _(task_minimum):
    task_minimum.feedback()
    return


@app.cell
def _():
    fading = nasim.Cycling(cycles=40, keep=(2, 40)).run()
    plot.fade(fading.summary)[0].figure
    return (fading,)


@app.cell
def _(fading):
    capacity = fading.summary["discharge_capacity_mAh_g"].to_numpy()
    slope = (capacity[39] - capacity[19]) / 20
    left = float(40 + (0.8 * capacity[1] - capacity[39]) / slope)
    task_fade = NumberTask(
        f"Discharge capacities are {capacity[1]:.0f} (cycle 2), {capacity[19]:.0f} (cycle 20) and {capacity[39]:.0f} mAh g-1 (cycle 40). On a "
        "straight line through the last two, in which cycle is 80 % of cycle 2 left?",
        left,
        "cycle",
        rf"{-slope:.2f} mAh g$^{{-1}}$ are lost a cycle; from cycle 40 to {0.8 * capacity[1]:.0f} mAh g$^{{-1}}$ it takes "
        rf"{left - 40:.0f} more cycles: cycle {left:.0f}. Whether a straight line may be drawn so far, `nasim.Cycling(cycles=140).run()` tells.",
        share=0.05,
        traps={left - 40: "Count from cycle 1, not from cycle 40."},
    )
    task_fade
    return (task_fade,)


@app.cell(hide_code=True)
def _(task_fade):
    task_fade.feedback()
    return


@app.cell(hide_code=True)
def _(fading):
    then, now = fading.ledger(2), fading.ledger(40)
    rows = [
        {"part": part, "cycle 2": round(then[part]), "cycle 40": round(now[part])}
        for part in now
        if max(abs(then[part]), abs(now[part])) >= 5
    ]
    mo.vstack(
        [
            mo.md("## Where it went: ledgers, mAh per gram of sulfur"),
            mo.ui.table(rows, selection=None, pagination=False),
        ]
    )
    return


@app.cell
def _():
    task_where = ChoiceTask(
        "By the ledgers, what became of the sulfur that no longer gives capacity in cycle 40?",
        {
            "It was used up, as every cycle destroys some.": "No line of the ledger is sulfur that is gone; the audit counts every atom.",
            "It crossed to the anode, as polysulfides do.": "In a liquid electrolyte it would. Solid NAS dissolves none.",
            "It is still in the cathode, without contact or out of reach of the current.": "See isolated, behind its film, not reached.",
        },
        "It is still in the cathode, without contact or out of reach of the current.",
        "In the model sulfur is conserved to rounding; what fades is access to it. So pressing, warmth or a slow cycle may bring some back, "
        "which no remedy could if it were destroyed. Whether that is so in your cell a slow cycle after the fast ones tells.",
        misconceptions=True,
    )
    task_where
    return (task_where,)


@app.cell(hide_code=True)
def _(task_where):
    task_where.feedback()
    return


@app.cell
def _():
    task_plate = NumberTask(
        "Design: a cell is to give 2 mAh cm-2. How far does its cathode swell (13.3 cm3 per mole of electrons)?",
        1e6 * 1.33e-5 * 2 * 3.6e4 / FARADAY,
        "um",
        r"$2 \times 3.6\times10^4/96\,485 = 0.746$ mol m$^{-2}$, times $1.33\times10^{-5}$ m$^3$ mol$^{-1}$: 9.9 um. It is the same whatever the "
        "thickness: a thicker, more dilute cathode breathes less *in per cent*. Springs, not a rigid frame, hold the pressure then.",
        traps={1e6 * 1.33e-5 * 2 * 3.6 / FARADAY: "1 mAh cm-2 is 36 000 C m-2."},
    )
    task_plate
    return (task_plate,)


@app.cell(hide_code=True)
def _(task_plate):
    task_plate.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Recap

    - pressure connects; the form of $a(P)$ is fitted
    - the first efficiency has a minimum: much breathing, little accommodation
    - fade is lost access, by the ledger; extrapolating it in a straight line is a guess

    **Next.** Part 6: design a cell for a target, and defend it.
    """)
    return


if __name__ == "__main__":
    app.run()
