"""Course, part 2: the rate of a reaction, and why charge and discharge lie so far apart."""

import marimo

app = marimo.App(width="medium", app_title="2. Kinetics and hysteresis")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np
    from exercises import ChoiceTask, NumberTask

    import nasim
    from nasim.submodels.arrhenius import FARADAY, R_GAS


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 2. Kinetics and hysteresis


    **Goals.** Afterwards you can

    - compute an overpotential from a current and back
    - tell a slow reaction from a resistance
    - explain why charge and discharge do not meet

    **What you need to know.**

    - part 1: potential, plateau
    - $RT/F$ = 25.7 mV at 25 degC; 0.127 mA cm$^{-2}$ = 1.27 A m$^{-2}$

    A solution opens after your first attempt.

    An electrode reaction runs both ways at once. With the overpotential $\eta = \Delta\phi - U$ the net current of a reduction is

    $$i = i_0\left[ y_{ox}\, e^{-\alpha F\eta/RT} - y_{red}\, e^{(1-\alpha)F\eta/RT} \right].$$

    $i_0$ says how fast the exchange is, the transfer coefficient $\alpha$ how much of the driving force helps the reduction.
    """)
    return


@app.cell
def _():
    exponent = mo.ui.slider(-6, 1, 0.1, value=-3, label="exchange current density, log10 of A m-2", show_value=True)
    alpha = mo.ui.slider(0.1, 0.9, 0.05, value=0.5, label="transfer coefficient", show_value=True)
    mo.hstack([exponent, alpha], wrap=True, justify="start")
    return alpha, exponent


@app.cell
def _(alpha, exponent):
    f = FARADAY / (R_GAS * 298.15)
    eta = np.linspace(-0.8, 0.8, 801)
    _i = 0.5 * 10**exponent.value * (np.exp(-alpha.value * f * eta) - np.exp((1 - alpha.value) * f * eta))
    _ax = plt.subplots(figsize=(6, 3.6), layout="constrained")[1]
    _ax.semilogy(eta, abs(_i))
    _ax.axhline(1.27, color="black", ls=":", lw=1)
    _ax.text(0.0, 1.8, "0.127 mA cm$^{-2}$", fontsize="small", ha="center")
    _ax.set(xlabel="Overpotential (V)", ylabel="|i| (A m$^{-2}$)", ylim=(1e-6, 1e4))
    _ax.figure
    return


@app.cell
def _():
    parameters = nasim.load("Yuan2025_NAS")
    i0 = parameters.value("Sulfur step 1 exchange current density [A.m-2]")
    a = parameters.value("Sulfur step 1 transfer coefficient")
    against_alloy = [parameters.value(f"Sulfur step {k} equilibrium potential [V]") - 0.08 for k in (1, 2)]
    mo.md(rf"""
    The first step of sulfur, $\mathrm{{S \rightarrow Na_2S_2}}$, has $i_0 = {i0:.4f}$ A m$^{{-2}}$ and $\alpha = {a:.3f}$ in the
    parameter set, both fitted, and $U = {against_alloy[0] + 0.08:.4f}$ V against Na, {against_alloy[0]:.4f} V against the alloy.
    """)
    return a, against_alloy, i0


@app.cell
def _(a, against_alloy, i0):
    task_eta = NumberTask(
        "Which overpotential, without its sign, drives 1.27 A m-2 through a fresh surface (y = 1; forget the back reaction)?",
        R_GAS * 298.15 / (a * FARADAY) * np.log(1.27 / i0),
        "V",
        rf"$|\eta| = \frac{{RT}}{{\alpha F}}\ln\frac{{i}}{{i_0}} = {R_GAS * 298.15 / FARADAY / a:.4f} \times {np.log(1.27 / i0):.2f} = "
        rf"{R_GAS * 298.15 / (a * FARADAY) * np.log(1.27 / i0):.3f}$ V. Against the alloy the plateau then lies near "
        rf"${against_alloy[0]:.4f} - |\eta|$ = {against_alloy[0] - R_GAS * 298.15 / (a * FARADAY) * np.log(1.27 / i0):.2f} V; a little lower in the "
        "cell, since the layer of products costs voltage too.",
        traps={
            R_GAS * 298.15 / (a * FARADAY) * np.log10(1.27 / i0): "That is with the decadic logarithm.",
            R_GAS * 298.15 / FARADAY * np.log(1.27 / i0): "Where is the transfer coefficient?",
        },
    )
    task_eta
    return (task_eta,)


@app.cell(hide_code=True)
def _(task_eta):
    task_eta.feedback()
    return


@app.cell
def _(a):
    task_tafel = NumberTask(
        "By how many mV does that overpotential fall when the current is ten times smaller?",
        1e3 * R_GAS * 298.15 / (a * FARADAY) * np.log(10),
        "mV per decade",
        rf"$\frac{{RT}}{{\alpha F}}\ln 10 = {1e3 * R_GAS * 298.15 / (a * FARADAY) * np.log(10):.0f}$ mV: the Tafel slope. The "
        "simulation below shows more: the layer of products adds to it, for it too is easier on a small current.",
        traps={1e3 * R_GAS * 298.15 / FARADAY * np.log(10): "That holds for a transfer coefficient of 1."},
    )
    task_tafel
    return (task_tafel,)


@app.cell(hide_code=True)
def _(task_tafel):
    task_tafel.feedback()
    return


@app.cell
def _(against_alloy):
    sulfur = nasim.FullCell(chains=[nasim.SulfurConversion()])
    results = {current: nasim.GCD(current, cycles=1).run(sulfur) for current in (0.0127, 0.127)}
    upper_peaks = {
        current: float(result.dqdv(1)["reduction"].of("peak").voltage_V[-1]) for current, result in results.items()
    }
    _ax = plt.subplots(figsize=(6.4, 3.8), layout="constrained")[1]
    for (_current, _result), _colour in zip(results.items(), ("#0072B2", "#D55E00"), strict=True):
        for _step, _curve in _result.curve(1).groupby("Step"):
            _label = f"{_current:g} mA cm$^{{-2}}$" if _step == "discharge" else None
            _ax.plot(_curve["Specific capacity [mAh.g-1]"], _curve["Voltage [V]"], color=_colour, label=_label)
    for _k, (_U, _line) in enumerate(zip(against_alloy, ("--", ":"), strict=True), start=1):
        _ax.axhline(_U, color="black", ls=_line, lw=1, label=f"equilibrium of step {_k}")
    _ax.set(xlabel="Capacity (mAh g$^{-1}$)", ylabel="Voltage (V)", ylim=(0.5, None))
    _ax.legend(frameon=False, loc="lower left", fontsize="small")
    shown = ", ".join(f"{V:.2f} V at {current:g} mA cm$^{{-2}}$" for current, V in upper_peaks.items())
    mo.vstack([_ax.figure, mo.md(f"Upper reduction peak of dQ/dV: {shown}.")])
    return (upper_peaks,)


@app.cell
def _():
    task_hysteresis = ChoiceTask(
        "The second step, Na2S2 to Na2S, discharges some 0.6 V below its equilibrium and charges 0.2 V above. What allows that?",
        {
            "The charge has more time.": "Both run at the same current.",
            "Discharge must make a new phase, charge only dissolves it.": "Nucleation has a barrier, dissolution has none.",
            "Conductivity is better on charge.": "Ohmic loss is some 20 mV here, whichever way.",
        },
        "Discharge must make a new phase, charge only dissolves it.",
        "Na2S has to nucleate, grain by grain, at a rate that goes as $e^{-B/\\eta^2}$: below some 0.5 V next to nothing happens, beyond it "
        "everything. The form is that of classical nucleation, the barrier B is fitted. What exists dissolves with ordinary charge transfer. Such a hysteresis stays at rest, as no slow reaction's does.",
    )
    task_hysteresis
    return (task_hysteresis,)


@app.cell(hide_code=True)
def _(task_hysteresis):
    task_hysteresis.feedback()
    return


@app.cell
def _():
    task_rest = ChoiceTask(
        "The cell rests at equilibrium: no current, no overpotential. What happens at the surface of a sulfur grain?",
        {
            "Nothing: at equilibrium both reactions have stopped.": "Put eta = 0 into the equation: neither of its terms is zero.",
            "Oxidation and reduction go on, equally fast.": "Each at i0 times its fraction; their difference is zero.",
            "The reduction goes on, since the cell would rather be discharged.": "Then a net current would flow; there is none.",
        },
        "Oxidation and reduction go on, equally fast.",
        r"With $\eta = 0$ and both fractions $y$ the rate is $i_0 y$ one way and $i_0 y$ the other. Equilibrium is dynamic, and that is why "
        r"$i_0$ is called an exchange current density: it exists without any net current.",
        misconceptions=True,
    )
    task_rest
    return (task_rest,)


@app.cell(hide_code=True)
def _(task_rest):
    task_rest.feedback()
    return


@app.cell
def _(a, i0):
    task_current = NumberTask(
        "Design: the first step may cost 0.1 V and no more. Which current density does a fresh surface allow (forget the back reaction)?",
        0.1 * i0 * np.exp(a * FARADAY * 0.1 / (R_GAS * 298.15)),
        "mA cm-2",
        rf"$i = i_0 e^{{\alpha F |\eta|/RT}} = {i0:.3g} \times e^{{{a:.3f} \times 0.1/0.0257}}$ = "
        rf"{i0 * np.exp(a * FARADAY * 0.1 / (R_GAS * 298.15)):.3g} A m$^{{-2}}$, a tenth of that in mA cm$^{{-2}}$. Doubling the current "
        f"costs only {1e3 * R_GAS * 298.15 / (a * FARADAY) * np.log(2):.0f} mV more: a slow reaction bounds power softly. More surface would be the other way.",
        share=0.05,
        traps={i0 * np.exp(a * FARADAY * 0.1 / (R_GAS * 298.15)): "That is in A m-2."},
    )
    task_current
    return (task_current,)


@app.cell(hide_code=True)
def _(task_current):
    task_current.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Recap

    - an overpotential goes with the logarithm of the current, a resistance with the current itself
    - the exchange current density and the transfer coefficient of sulfur are fitted, not measured
    - a new phase has to nucleate; that hysteresis does not go away at rest

    **Next.** Part 3: the electrolyte in the cathode reacts, too.
    """)
    return


if __name__ == "__main__":
    app.run()
