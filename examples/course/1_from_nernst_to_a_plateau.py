"""Course, part 1: from the Nernst equation to a plateau of the voltage."""

import marimo

app = marimo.App(width="medium", app_title="1. From Nernst to a plateau")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np
    from exercises import ChoiceTask, NumberTask, beside

    import nasim
    from nasim.submodels.arrhenius import FARADAY, R_GAS
    from nasim.submodels.redox_chain import equilibrium_fractions


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 1. From Nernst to a plateau


    **Goals.** Afterwards you can

    - compute the potential and the capacity of a reaction
    - say what makes a plateau, and how flat it can be
    - choose a loading for a wanted capacity

    **What you need to know.**

    - moles, logarithms; that a potential is work per charge
    - $F = 96\,485$ C mol$^{-1}$, $R = 8.314$ J mol$^{-1}$ K$^{-1}$; $RT/F$ = 25.7 mV at 25 degC; 1 mAh = 3.6 C

    A solution opens after your first attempt.

    A cell turns chemical into electrical work. For a reaction that passes $n$ electrons,

    $$\Delta G = -n F U .$$

    In the cell of this course sodium reacts with sulfur, $\mathrm{S + 2\,Na \rightarrow Na_2S}$. Calorimetry and EMF
    measurements give $\Delta_f G(\mathrm{Na_2S}) = -357.8\ \mathrm{kJ\,mol^{-1}}$.
    """)
    return


@app.cell
def _():
    task_potential = NumberTask(
        "What is the equilibrium potential of the reaction against sodium metal?",
        357.8e3 / (2 * FARADAY),
        "V",
        r"$U = -\Delta G/(nF) = 357\,800/(2 \times 96\,485) = 1.854$ V. The cell's voltage is measured against the alloy "
        r"$\mathrm{Na_{15}Sn_4}$, which lies at 0.08 V: 1.774 V remain.",
        share=0.005,
        traps={
            357.8e3 / FARADAY: "That is for one electron; sulfur takes two.",
            357.8e3 / (2 * FARADAY) - 0.08: "That is against the alloy; the question is against sodium metal.",
        },
    )
    task_potential
    return (task_potential,)


@app.cell(hide_code=True)
def _(task_potential):
    task_potential.feedback()
    return


@app.cell
def _():
    task_capacity = NumberTask(
        "How much charge can a gram of sulfur take up (M = 32.06 g/mol)?",
        2 * FARADAY / 32.06 / 3.6,
        "mAh per gram",
        r"$Q = 2F/M = 2 \times 96\,485/32.06 = 6019$ C per gram; 3.6 C are 1 mAh: 1672 mAh per gram. Papers on "
        r"batteries round it to 1675, and so do the parts that follow.",
        share=0.01,
        traps={
            FARADAY / 32.06 / 3.6: "That is for one electron.",
            2 * FARADAY / 32.06: "That is in coulomb; 1 mAh is 3.6 C.",
        },
    )
    task_capacity
    return (task_capacity,)


@app.cell(hide_code=True)
def _(task_capacity):
    task_capacity.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## What is a plateau?

    nasim treats the cathode as a chain of species, S $\rightarrow$ Na$_2$S$_2$ $\rightarrow$ Na$_2$S, as fractions $y_k$ with one
    equilibrium potential $U_k$ for each step. At equilibrium at the potential $\Delta\phi$

    $$\frac{y_k}{y_{k-1}} = e^{-F(\Delta\phi - U_k)/RT}.$$

    Move the sliders: when the potential falls past $U_k$, the species change within a narrow range. Charge is passed there and
    nowhere else, and against charge the potential is therefore nearly flat: a plateau.
    """)
    return


@app.cell
def _():
    U_1 = mo.ui.slider(1.6, 2.2, 0.01, value=1.96, label="U of step 1 (V)", show_value=True)
    U_2 = mo.ui.slider(1.4, 2.0, 0.01, value=1.75, label="U of step 2 (V)", show_value=True)
    mo.hstack([U_1, U_2], wrap=True, justify="start")
    return U_1, U_2


@app.cell
def _(U_1, U_2):
    f = FARADAY / (R_GAS * 298.15)
    potential = np.linspace(1.3, 2.3, 500)
    fractions = equilibrium_fractions(potential, [U_1.value, U_2.value], f)
    electrons = fractions[1] + 2 * fractions[2]
    _axes = [plt.subplots(figsize=(4.3, 3.4), layout="constrained")[1] for _ in range(2)]
    for _y, _name in zip(fractions, ("S", "Na$_2$S$_2$", "Na$_2$S"), strict=True):
        _axes[0].plot(potential, _y, label=_name)
    _axes[0].set(xlabel="Potential against Na (V)", ylabel="Fraction")
    _axes[0].legend(frameon=False)
    _axes[1].plot(electrons, potential)
    _axes[1].set(xlabel="Electrons per S", ylabel="Potential against Na (V)")
    beside(_axes)
    return


@app.cell
def _():
    task_width = NumberTask(
        "By how much does the potential of a step fall while its product rises from 10 to 90 %, at 25 degC?",
        1e3 * R_GAS * 298.15 / FARADAY * np.log(81),
        "mV",
        r"The ratio of the species goes from 1/9 to 9, a factor of 81: $\frac{RT}{F}\ln 81 = 25.7 \times 4.39 = 113$ mV. So an "
        r"ideal mixture never gives a perfectly flat plateau; two separate phases would.",
        traps={
            1e3 * R_GAS * 298.15 / FARADAY * np.log(9): "The ratio begins at 1/9 and ends at 9: what factor is that?"
        },
    )
    task_width
    return (task_width,)


@app.cell(hide_code=True)
def _(task_width):
    task_width.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## And the real cell?

    Now the whole cell, slowly (0.02 mA cm$^{-2}$) and at the usual current (0.127 mA cm$^{-2}$), with the sulfur alone.
    The dashed line is where thermodynamics puts the mean voltage of the discharge, the dotted line its second step.
    """)
    return


@app.cell
def _():
    def discharge(current):
        curve = nasim.GCD(current, cycles=1).run(nasim.FullCell(chains=[nasim.SulfurConversion()])).curve(1)
        return curve[curve["Step"] == "discharge"]

    curves = {current: discharge(current) for current in (0.02, 0.127)}
    _ax = plt.subplots(figsize=(6, 3.6), layout="constrained")[1]
    for _current, _curve in curves.items():
        _ax.plot(_curve["Specific capacity [mAh.g-1]"], _curve["Voltage [V]"], label=f"{_current:g} mA cm$^{{-2}}$")
    second = nasim.load("Yuan2025_NAS").value("Sulfur step 2 equilibrium potential [V]") - 0.08
    _ax.axhline(1.774, color="black", ls="--", lw=1)
    _ax.axhline(second, color="black", ls=":", lw=1)
    _ax.set(xlabel="Capacity (mAh g$^{-1}$)", ylabel="Voltage against Na$_{15}$Sn$_4$ (V)")
    _ax.legend(frameon=False)
    _ax.figure
    return


@app.cell
def _():
    task_below = ChoiceTask(
        "The second plateau runs far below the dotted line, even slowly. Why?",
        {
            "The thermodynamic data are wrong.": "Thermodynamics bounds the work; a cell may deliver less.",
            "The reaction is slow: a driving force is needed to pass the current.": "Part 2 is about this driving force.",
            "The separator has too much resistance.": "Ohm's law would make the gap six times smaller at the low current.",
        },
        "The reaction is slow: a driving force is needed to pass the current.",
        "At a sixth of the current an ohmic loss would be a sixth; the gap shrinks far less. A slow reaction needs a driving force that goes with "
        "the logarithm of the current: an overpotential.",
    )
    task_below
    return (task_below,)


@app.cell(hide_code=True)
def _(task_below):
    task_below.feedback()
    return


@app.cell
def _():
    task_twice = ChoiceTask(
        "A second cell has twice the sulfur on the same area, and twice the current. What becomes of its equilibrium potential?",
        {
            "It doubles, as there is twice the reaction.": "Twice the energy, but twice the charge: work per charge is the same.",
            "It stays the same.": "A potential is work per charge; the amount cancels.",
            "It falls to half, as the current is shared.": "No current flows at equilibrium; there is nothing to share.",
        },
        "It stays the same.",
        r"$U = -\Delta G/nF$: doubling the reaction doubles $\Delta G$ and $n$ alike. Amount gives capacity, not voltage; that is why a "
        "potential may not be multiplied with the coefficients of a reaction.",
        misconceptions=True,
    )
    task_twice
    return (task_twice,)


@app.cell(hide_code=True)
def _(task_twice):
    task_twice.feedback()
    return


@app.cell
def _():
    task_loading = NumberTask(
        "Design: which sulfur loading gives 1 mAh per cm2 at most, if 80 % of the sulfur is converted to Na2S?",
        1 / (0.8 * 2 * FARADAY / 32.06e3 / 3.6),
        "mg per cm2",
        r"A milligram gives $0.8 \times 1.672 = 1.34$ mAh, so 1 mAh takes 0.75 mg. The paper's cell has 0.49 mg per cm$^2$.",
        traps={
            1 / (2 * FARADAY / 32.06e3 / 3.6): "That is for full conversion.",
            0.8 / (2 * FARADAY / 32.06e3 / 3.6): "Less conversion takes more sulfur, not less.",
        },
    )
    task_loading
    return (task_loading,)


@app.cell(hide_code=True)
def _(task_loading):
    task_loading.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Recap

    - $U = -\Delta G/nF$: 1.85 V against sodium, 1.77 V against the alloy; 1672 mAh per gram of sulfur
    - charge is passed where the species change: a plateau; an ideal mixture spreads it over 113 mV
    - a cell delivers less than equilibrium: a reaction needs a driving force

    **Next.** Part 2 is about that driving force.
    """)
    return


if __name__ == "__main__":
    app.run()
