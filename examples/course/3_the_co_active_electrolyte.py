"""Course, part 3: an electrolyte that takes part in the reaction."""

import marimo

app = marimo.App(width="medium", app_title="3. The co-active electrolyte")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    from exercises import ChoiceTask, NumberTask

    import nasim
    from nasim import plot
    from nasim.submodels.arrhenius import FARADAY


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 3. The co-active electrolyte

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
    _axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")[1]
    plot.species(cell.curves, _axes[0])
    plot.voltage_capacity(without_sulfur.curves, _axes[1])
    _axes[1].set_title("a cathode without sulfur", pad=24)
    _axes[0].figure
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
    answer_electrons = task_electrons.field()
    answer_electrons
    return answer_electrons, task_electrons


@app.cell(hide_code=True)
def _(answer_electrons, task_electrons):
    task_electrons.feedback(answer_electrons.value)
    return


@app.cell
def _():
    task_state = ChoiceTask(
        "Look at the species: which Sb-S species prevails when the discharge has come to 1.0 V?",
        {
            "SbxSy": "That is the state of the new cell, and of the charged one.",
            "Na3SbS4": "Spectroscopy agrees: NAS is found again at 1 V.",
            "Na2S + Sb": "That is deep reduction, slow at 25 degC and only near the cut-off.",
        },
        "Na3SbS4",
        "Both Sb-S steps are over by about 1.2 V. The electrolyte conducts best as Na3SbS4, so discharge helps its own transport.",
    )
    answer_state = task_state.field()
    answer_state
    return answer_state, task_state


@app.cell(hide_code=True)
def _(answer_state, task_state):
    task_state.feedback(answer_state.value)
    return


@app.cell(hide_code=True)
def _(cell):
    ledger = cell.ledger(1)
    shown = {part: round(value) for part, value in ledger.items() if value >= 0.5}
    rows = [{"part": part, "mAh per gram of sulfur": value} for part, value in shown.items()]
    mo.vstack([mo.md("## The ledger of the first discharge"), mo.ui.table(rows, selection=None, pagination=False)])
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
    answer_share = task_share.field()
    answer_share
    return answer_share, task_share


@app.cell(hide_code=True)
def _(answer_share, task_share):
    task_share.feedback(answer_share.value)
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
        "In the model the milled share of the material raises the potential of the first step, and is diluted by what charging "
        "forms. The effect follows from the state of the material, not from a count of cycles.",
    )
    answer_activation = task_activation.field()
    answer_activation
    return answer_activation, task_activation


@app.cell(hide_code=True)
def _(answer_activation, task_activation):
    task_activation.feedback(answer_activation.value)
    return


if __name__ == "__main__":
    app.run()
