"""Course, part 3: an electrolyte that takes part in the reaction."""

import marimo

app = marimo.App(width="medium", app_title="3. The co-active electrolyte")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    from exercises import ChoiceTask, NumberTask, beside

    import nasim
    from nasim import plot
    from nasim.submodels.arrhenius import FARADAY


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 3. The co-active electrolyte


    **Goals.** Afterwards you can

    - say where a capacity above 1675 mAh per gram of sulfur comes from
    - read species and ledger of a discharge
    - predict what another composition gives

    **What you need to know.**

    - parts 1 and 2
    - NAS is Na$_3$SbS$_4$, 318.97 g mol$^{-1}$; one electron a mole is 96 485 C, 3.6 C are 1 mAh
    - capacity is counted per gram of sulfur, whatever else reacts

    A solution opens after your first attempt.

    The cathode is sulfur on carbon, milled with the electrolyte Na$_3$SbS$_4$ (NAS). Milling takes sodium out of the NAS:
    a new cathode holds Sb$_x$S$_y$. On discharge the NAS forms again, on charge it is desodiated again. Nearly one
    electron per antimony comes on top of the sulfur's two.
    """)
    return


@app.cell
def _():
    protocol = nasim.GCD(cycles=2)
    cell = protocol.run()
    without_sulfur = protocol.run(parameters="Yuan2025_NASC")
    _axes = [plt.subplots(figsize=(4.3, 3.9), layout="constrained")[1] for _ in range(3)]
    plot.voltage_capacity(cell.curves, _axes[0], cycles=1)
    plot.species(cell.curves, _axes[1])
    plot.voltage_capacity(without_sulfur.curves, _axes[2])
    _axes[2].set_title("a cathode without sulfur", pad=24)
    beside(_axes)
    return cell, without_sulfur


@app.cell
def _(without_sulfur):
    areal = float(without_sulfur.summary["discharge_capacity_mAh_cm2"].iloc[0])
    one_electron = FARADAY * 3.2e-3 * 0.80 / 318.97 / 0.7854 / 3.6
    task_electrons = NumberTask(
        f"The cathode without sulfur (3.2 mg, 80 % NAS of 318.97 g/mol, 0.7854 cm2) gives {areal:.3f} mAh cm-2. How many electrons per "
        "antimony are that?",
        areal / one_electron,
        "electrons",
        rf"$3.2 \times 0.80/318.97 = 8.03\ \mu$mol of Sb, on 0.7854 cm$^2$. One electron each is {one_electron:.3f} mAh cm$^{{-2}}$, so "
        rf"{areal:.3f}/{one_electron:.3f} = {areal / one_electron:.2f} electrons.",
        traps={areal / one_electron / 0.7854: "The charge is per cm2; how much NAS is on a cm2?"},
    )
    task_electrons
    return areal, task_electrons


@app.cell(hide_code=True)
def _(task_electrons):
    task_electrons.feedback()
    return


@app.cell
def _():
    task_state = ChoiceTask(
        "At which capacity is the voltage 1.0 V (first figure), and which Sb-S species prevails there (the figure of species)?",
        {
            "SbxSy": "That is the state of the new cell, and of the charged one.",
            "Na3SbS4": "Spectroscopy agrees: NAS is found again at 1 V.",
            "Na2S + Sb": "That is deep reduction, slow at 25 degC and only near the cut-off.",
        },
        "Na3SbS4",
        "Both Sb-S steps are over by about 1.2 V. The electrolyte conducts best as Na3SbS4, so discharge helps its own transport.",
    )
    task_state
    return (task_state,)


@app.cell(hide_code=True)
def _(task_state):
    task_state.feedback()
    return


@app.cell(hide_code=True)
def _(cell):
    ledger = cell.ledger(1)
    shown = {part: round(value) for part, value in ledger.items() if value >= 0.5}
    rows = [{"part": part, "mAh per gram of sulfur": value} for part, value in shown.items()]
    mo.vstack(
        [
            mo.md("## The ledger of the first discharge"),
            mo.ui.table(rows, selection=None, pagination=False),
            mo.md(
                "What was converted and what the self-redox and the reduction for good gave, less the leak, is the discharge."
            ),
        ]
    )
    return (ledger,)


@app.cell
def _(cell, ledger):
    first = float(cell.summary["discharge_capacity_mAh_g"].iloc[0])
    task_share = NumberTask(
        "Which share of the first discharge does the Sb-S self-redox give?",
        100 * float(ledger["Sb-S self-redox"]) / first,
        "%",
        f"{ledger['Sb-S self-redox']:.0f} of {first:.0f} mAh g-1. Capacity per gram of sulfur exceeds 1675 mAh g-1 though more than a "
        "tenth of the sulfur is not converted.",
        share=0.05,
        traps={100 * float(ledger["Sb-S self-redox"]) / 1675: "That is relative to what sulfur could give."},
    )
    task_share
    return (task_share,)


@app.cell(hide_code=True)
def _(task_share):
    task_share.feedback()
    return


@app.cell
def _(without_sulfur):
    plateaus = [float(without_sulfur.dqdv(cycle)["reduction"].of("peak").voltage_V[-1]) for cycle in (1, 2)]
    task_activation = ChoiceTask(
        f"Without sulfur, the first plateau lies at {plateaus[0]:.2f} V in cycle 1 and at {plateaus[1]:.2f} V in cycle 2. Why?",
        {
            "The interphase has grown.": "Its some tens of Ohm cm2 cost 6 mV at this current.",
            "Milled SbxSy is disordered and richer in energy than the phase that charging forms again.": "So it happens once.",
            "Capacity was lost.": "The capacity of cycle 2 is the same within a per cent.",
        },
        "Milled SbxSy is disordered and richer in energy than the phase that charging forms again.",
        "In the model the milled share of the material raises the potential of the first step, by an excess that is assumed, and is diluted by what charging "
        "forms. The effect follows from the state of the material, not from a count of cycles.",
    )
    task_activation
    return (task_activation,)


@app.cell(hide_code=True)
def _(task_activation):
    task_activation.feedback()
    return


@app.cell
def _():
    task_carrier = ChoiceTask(
        "While the cell discharges, what crosses the NAS separator, and which way?",
        {
            "Electrons, from anode to cathode, to close the circuit.": "They take the wire. Through the separator they would be a short.",
            "Na+, from anode to cathode.": "Electrons take the wire, sodium ions the electrolyte, and they meet in the cathode.",
            "Na+ one way and S2- the other, half of the current each.": "Only Na+ moves in NAS; the S of SbS4 is its frame.",
        },
        "Na+, from anode to cathode.",
        "An electrolyte carries ions and, if it is a good one, no electrons. NAS carries Na+ only. That an electrolyte *reacts* in the cathode is "
        "another thing: there carbon brings it electrons.",
        misconceptions=True,
    )
    task_carrier
    return (task_carrier,)


@app.cell(hide_code=True)
def _(task_carrier):
    task_carrier.feedback()
    return


@app.cell
def _(areal):
    per_gram = areal / (3.2e-3 * 0.80 / 0.7854)
    task_composition = NumberTask(
        f"Design: NAS gives {per_gram:.1f} mAh per gram of NAS (the cell without sulfur). A new cathode has 24 % sulfur and 60 % NAS by mass. How "
        "much can its NAS add, per gram of sulfur?",
        per_gram * 60 / 24,
        "mAh per gram of sulfur",
        rf"60/24 = 2.5 g of NAS to a gram of sulfur, times {per_gram:.1f}: {per_gram * 2.5:.0f} mAh. With 12 % sulfur and 80 % NAS it is "
        rf"{per_gram * 80 / 12:.0f}. So a cathode with more sulfur looks worse per gram of sulfur though it stores more per gram of cathode: state "
        "the composition beside each capacity.",
        traps={
            per_gram * 80 / 12: "That is the paper's composition.",
            per_gram * 24 / 60: "Grams of NAS to a gram of sulfur: which over which?",
        },
    )
    task_composition
    return (task_composition,)


@app.cell(hide_code=True)
def _(task_composition):
    task_composition.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Recap

    - NAS in the cathode gives nearly one electron per antimony, by a self-redox that comes back
    - the ledger tells reaction from reaction; capacity per gram of sulfur does not
    - what happens once, such as activation, is a state of the material

    **Next.** Part 4: the same NAS is not stable at the anode.
    """)
    return


if __name__ == "__main__":
    app.run()
