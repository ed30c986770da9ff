"""Course, part 6: the final project. Design a cell for a target, and defend it."""

import marimo

app = marimo.App(width="medium", app_title="6. Design a cell")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    from exercises import ChoiceTask, NumberTask

    import nasim


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 6. Design a cell

    **Goals.** Afterwards you can

    - find a design that meets a target, and say what limits it
    - tell which part of the answer is computed, which is assumed, and what would show it wrong

    **What you need to know.**

    - parts 1 to 5; energy of a stack is that of a discharge over the mass of cathode, separator and anode

    A solution opens after your first attempt.

    ## The target

    A cell of the paper's materials with at least **60 Wh kg$^{-1}$ in its tenth cycle at 0.1C**, collectors and housing left out,
    at no more than 250 MPa and 25 degC. First a sheet, before anything runs.
    """)
    return


@app.cell
def _():
    loading = mo.ui.slider(0.3, 2.0, 0.1, value=1.0, label="sulfur (mg cm-2)", show_value=True)
    electrolyte = mo.ui.slider(40, 80, 5, value=60, label="electrolyte in the cathode (% by mass)", show_value=True)
    separator = mo.ui.slider(steps=[20, 30, 50, 100, 200, 500], value=50, label="separator (um)", show_value=True)
    n_to_p = mo.ui.slider(1.1, 4.0, 0.1, value=1.5, label="N/P", show_value=True)
    pressure = mo.ui.slider(steps=[60, 125, 250], value=250, label="stack pressure (MPa)", show_value=True)
    mo.vstack([loading, electrolyte, separator, n_to_p, pressure])
    return electrolyte, loading, n_to_p, pressure, separator


@app.cell
def _(electrolyte, loading, n_to_p, separator):
    rest = 100 - electrolyte.value
    made = nasim.Design(
        sulfur_loading_mg_cm2=loading.value,
        ratio=(0.6 * rest, 0.4 * rest, electrolyte.value),
        separator_thickness_um=separator.value,
        n_to_p=n_to_p.value,
    )
    mine = nasim.load("Yuan2025_NAS", design=made)
    sheet = nasim.cell_sheet(mine)
    rows = [{"quantity": name, "value": f"{value:.4g}"} for name, value in sheet.quantities.items()]
    table = mo.ui.table(rows, selection=None, pagination=False)
    mo.vstack([mo.md("## The sheet"), mo.accordion({"Every number": table}), mo.md("; ".join(sheet.remarks))])
    return mine, sheet


@app.cell
def _():
    task_mass = NumberTask(
        "A stack of 20 mg cm-2 delivers 0.9 mAh cm-2 at 1.35 V on average. How much energy per mass is that?",
        0.9 * 1.35 / 20 * 1000,
        "Wh kg-1",
        r"$0.9 \times 1.35 = 1.215$ mWh cm$^{-2}$ over 20 mg cm$^{-2}$ is 0.0608 mWh mg$^{-1}$, 60.8 Wh kg$^{-1}$. So the target asks for "
        "much capacity on little mass: separator and catholyte are dead mass but for their conduction.",
        traps={0.9 / 20 * 1000: "That is mAh per gram; energy takes the voltage."},
    )
    task_mass
    return (task_mass,)


@app.cell(hide_code=True)
def _(task_mass):
    task_mass.feedback()
    return


@app.cell
def _():
    run = mo.ui.run_button(label="Run ten cycles at 0.1C")
    run
    return (run,)


@app.cell
def _(mine, pressure, run, sheet):
    mo.stop(
        mo.running_in_notebook() and not run.value,
        mo.md("*Choose a design, then press the button: about ten seconds.*"),
    )
    result = nasim.Cycling("0.1C", cycles=10, keep=(1, 10)).run(parameters=mine, stack_pressure_MPa=pressure.value)
    energies = [sheet.energy(energy)["energy_Wh_kg"] for energy in result.summary["discharge_energy_mWh_cm2"]]
    _ax = plt.subplots(figsize=(6, 3.2), layout="constrained")[1]
    _ax.plot(result.summary["cycle"], energies, "o-")
    _ax.axhline(60, color="black", ls="--", lw=1)
    _ax.set(xlabel="Cycle", ylabel="Energy (Wh kg$^{-1}$)", ylim=(0, None))
    _met = energies[-1] >= 60 and len(energies) == 10
    _verdict = "The target is met." if _met else "The target is missed: what does the ledger say?"
    _rows = [
        {"part": part, "mAh per gram of sulfur": round(value)}
        for part, value in result.ledger(10).items()
        if value >= 5
    ]
    mo.vstack(
        [
            _ax.figure,
            mo.callout(
                mo.md(f"{energies[-1]:.0f} Wh kg-1 in the last cycle. {_verdict}"), kind="success" if _met else "warn"
            ),
            mo.ui.table(_rows, selection=None, pagination=False),
            mo.md(f"**Validity:** {nasim.validity(result)}"),
        ]
    )
    return (result,)


@app.cell
def _():
    task_lever = ChoiceTask(
        "A design misses the target. Its ledger of cycle 10 shows most sulfur as isolated and little behind its film. What is tried first?",
        {
            "A lower current: slow always helps.": "What has no contact gives nothing at any current. It is the film that a slow current helps.",
            "More electrolyte in the cathode: better contact.": "It costs mass, yet reconnects what is isolated. Try it with the sliders.",
            "More sodium in the anode.": "The ledger would show sulfur cut off, and the voltage the alloy's plateaus.",
        },
        "More electrolyte in the cathode: better contact.",
        "Each line of the ledger has its own lever: isolated - contact (electrolyte, pressure); behind its film - current, temperature, grain "
        "size; cut off - resistance and anode. Slowing down is the reflex that cures only one of them.",
        misconceptions=True,
    )
    task_lever
    return (task_lever,)


@app.cell(hide_code=True)
def _(task_lever):
    task_lever.feedback()
    return


@app.cell
def _():
    task_claim = ChoiceTask(
        "Your design computes to 63 Wh kg-1, and its validity says *beyond data*. What may you claim?",
        {
            "The cell will have 63 Wh kg-1.": "No cell like it was compared with a measurement.",
            "Nothing: a model beyond its data is worthless.": "It still orders designs by laws that hold there, and says what to test.",
            "By this model the target is within reach; these assumptions carry it, and this test would refute it.": "A claim with "
            "its price.",
        },
        "By this model the target is within reach; these assumptions carry it, and this test would refute it.",
        "A computed number is a consequence of assumptions. Say which ones it leans on (percolation thresholds are assumed; contact is a fitted "
        "form; a separator of 30 um was never pressed), how much it moves when they do, and which cheap experiment decides.",
        misconceptions=True,
    )
    task_claim
    return (task_claim,)


@app.cell(hide_code=True)
def _(task_claim):
    task_claim.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Defend it

    Write a sentence or two in each field; below is a page to hand in. A colleague should be able to attack it.
    """)
    return


@app.cell
def _():
    defence = mo.ui.dictionary(
        {
            "What I chose, and why": mo.ui.text_area(full_width=True),
            "What limits it, by the ledger": mo.ui.text_area(full_width=True),
            "Which assumption it leans on most, and how far the result moves with it": mo.ui.text_area(full_width=True),
            "Which experiment would refute it": mo.ui.text_area(full_width=True),
        }
    )
    mo.vstack([mo.vstack([mo.md(f"**{name}**"), field]) for name, field in defence.elements.items()])
    return (defence,)


@app.cell
def _(defence, electrolyte, loading, n_to_p, pressure, result, separator, sheet):
    energy = sheet.energy(result.summary["discharge_energy_mWh_cm2"].iloc[-1])["energy_Wh_kg"]
    handed_in = "\n".join(
        [
            "# A cell for 60 Wh kg-1",
            "",
            f"Sulfur {loading.value:g} mg cm-2, electrolyte {electrolyte.value} %, separator {separator.value} um, N/P {n_to_p.value:g}, "
            f"{pressure.value:g} MPa: {energy:.1f} Wh kg-1 in cycle {int(result.summary['cycle'].iloc[-1])}.",
            "",
            f"Validity: {nasim.validity(result)}",
            *(f"\n## {name}\n\n{text or '(nothing yet)'}" for name, text in defence.value.items()),
        ]
    )
    mo.download(handed_in.encode(), filename="my_cell.md", label="Download the page")
    return (handed_in,)


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Questions that the defence should stand

    - Is the tenth cycle chosen because it is typical, or because it is kind? Run fifty.
    - Which values are *assumed* in `nasim sets Yuan2025_NAS`? Move the one you lean on with `overrides=` to both ends of its range.
    - Is there a design of half the energy that is *compared with data*? Why not build that first?

    ## Recap

    - a target becomes a sheet, a run, a ledger, and a lever
    - what lies beyond data is a claim with assumptions, and a test that could refute it

    **Next.** Your own cell: `docs/guide/my_materials.md`; your own data: `docs/guide/fit_my_data.md`.
    """)
    return


if __name__ == "__main__":
    app.run()
