"""Course, part 4: a layer that grows where alloy and electrolyte meet, and how impedance sees it."""

import marimo

app = marimo.App(width="medium", app_title="4. Interphases and impedance")

with app.setup:
    from functools import partial

    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np
    from exercises import ChoiceTask, NumberTask

    import nasim
    from nasim import plot


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # 4. Interphases and impedance


    **Goals.** Afterwards you can

    - read resistances off a spectrum, and say what it leaves open
    - tell growth laws apart by when they end
    - choose a separator for a wanted resistance

    **What you need to know.**

    - parts 1 to 3; that impedance is resistance at a frequency, a capacitor and resistor side by side an arc
    - 1 $\Omega$ m$^2$ = 10 000 $\Omega$ cm$^2$; 1 mAh cm$^{-2}$ = 36 000 C m$^{-2}$
    - the alloy of the paper holds 25 mAh cm$^{-2}$

    A solution opens after your first attempt.

    Na$_3$SbS$_4$ is not stable against the alloy: $\mathrm{Na_3SbS_4 + 8\,Na \rightarrow 4\,Na_2S + Na_3Sb}$. The products form a
    layer of thickness $L$ that conducts badly: resistance $R = \rho L$ per area. Impedance spectroscopy sees it as an arc of
    its own. Below, a cell of two alloys with NAS between them rests for a day, and a spectrum is taken every four hours.
    """)
    return


@app.cell
def _():
    result = nasim.OpenCircuitEIS(hours=24, every_h=4).run()
    _ax = plt.subplots(figsize=(8, 3.6), layout="constrained")[1]
    for _number in (1, 2, 4, 7):
        _label = f"{result.summary['time_h'].iloc[_number - 1]:g} h"
        plot.nyquist(result.frequency, result.impedance(_number), _ax, label=_label, decades=_number == 7)
    _ax.figure
    return (result,)


@app.cell
def _():
    set_ = nasim.load("Yuan2025_symmetric_NAS")
    thickness = set_.value("Separator thickness [m]")
    sigma = set_.value("Separator conductivity [S.m-1]")
    task_separator = NumberTask(
        f"The separator is {1e3 * thickness:.3f} mm thick and has a conductivity of {10 * sigma:.2g} mS cm-1. What is its resistance?",
        1e4 * thickness / sigma,
        "Ohm cm2",
        rf"$R = d/\sigma = {1e2 * thickness:.4f}\ \mathrm{{cm}}/{1e-2 * sigma:.2e}\ \mathrm{{S\,cm^{{-1}}}} = {1e4 * thickness / sigma:.0f}$ "
        r"Ohm cm$^2$: most of what the spectrum of the fresh cell shows on the real axis.",
        traps={thickness / sigma: "That is in Ohm m2; 1 Ohm m2 is 10 000 Ohm cm2."},
    )
    task_separator
    return sigma, task_separator


@app.cell(hide_code=True)
def _(task_separator):
    task_separator.feedback()
    return


@app.cell
def _(result):
    total = result.summary["total_Ohm_cm2"]
    added = float(total.iloc[-1] - total.iloc[0]) / 2
    task_read = NumberTask(
        "Read off the spectra: how much do the two interphases together add in 24 h?",
        2 * added,
        "Ohm cm2",
        f"The right end, where no capacitance passes current any more, moves from {total.iloc[0]:.0f} to {total.iloc[-1]:.0f} Ohm cm2. The "
        "width of the left arc alone is not it: the alloy's own arc is there from the start and stays.",
        share=0.08,
        traps={
            added: "There are two interphases, and the question is about both.",
            float(total.iloc[-1]): "That is the whole resistance after 24 h; how much is new?",
        },
    )
    task_read
    return added, task_read


@app.cell(hide_code=True)
def _(task_read):
    task_read.feedback()
    return


@app.cell
def _(added):
    task_resistivity = NumberTask(
        "If each of the two interphases is 10 um thick, what is its resistivity, by what you read off?",
        added / 10e-4 / 100,
        "Ohm m",
        rf"One layer has {added:.0f} Ohm cm$^2$; $\rho = R/L$ = {added:.0f}/0.001 cm = {added / 1e-3:.2g} Ohm cm = "
        rf"{added / 1e-1:.0f} Ohm m. If it were 1 um thick, $\rho$ would be ten times larger: the spectrum gives the product only.",
        share=0.08,
        traps={2 * added / 10e-4 / 100: "There are two interphases."},
    )
    task_resistivity
    return (task_resistivity,)


@app.cell(hide_code=True)
def _(task_resistivity):
    task_resistivity.feedback()
    return


@app.cell
def _():
    task_sodium = NumberTask(
        "The products bind 3.24e9 C of sodium per m3. How much sodium does a layer of 10 um take from the alloy?",
        3.24e9 * 10e-6 / 3.6e4,
        "mAh cm-2",
        r"$3.24\times10^{9} \times 10^{-5} = 3.24\times10^{4}$ C m$^{-2}$; 1 mAh cm$^{-2}$ is $3.6\times10^{4}$ C m$^{-2}$: 0.90 mAh "
        r"cm$^{-2}$. Of the 25 that the alloy holds this is little, but a lean anode would feel it (example 13).",
        traps={3.24e9 * 10e-6 / 3.6e3: "1 mAh cm-2 is 3.6 C on 1e-4 m2, that is 36 000 C m-2."},
    )
    task_sodium
    return (task_sodium,)


@app.cell(hide_code=True)
def _(task_sodium):
    task_sodium.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Which law of growth?

    Measured: the arc appears after 1 h, is complete after 15 h, and stays the same to 24 h. Below are three laws with
    the same final thickness and time scale. The thickness is assumed, the resistivity fitted to the arc, the time taken from that
    measurement; the shape is what a law predicts.
    """)
    return


@app.cell
def _():
    LAWS = {"self-limiting": nasim.self_limiting, "Avrami": nasim.avrami, "parabolic": nasim.parabolic}
    grown = {}
    for _name, _law in LAWS.items():
        _cell = nasim.SymmetricCell(interphase=partial(nasim.Interphase, law=_law))
        grown[_name] = nasim.OpenCircuitEIS(hours=24, every_h=1, per_decade=2).run(_cell).summary
    _ax = plt.subplots(figsize=(6, 3.6), layout="constrained")[1]
    for _name, _summary in grown.items():
        _ax.plot(_summary["time_h"], _summary["interphase_Ohm_cm2"], ".-", label=_name)
    _ax.axvspan(15, 24, color="#EEEEEE")
    _ax.set(xlabel="Time (h)", ylabel="Resistance of the new arc (Ohm cm$^2$)", ylim=(0, None))
    _ax.legend(frameon=False)
    _ax.figure
    return (grown,)


@app.cell
def _(grown):
    late = {
        name: float(s["interphase_Ohm_cm2"].iloc[-1] / np.interp(15, s["time_h"], s["interphase_Ohm_cm2"]) - 1)
        for name, s in grown.items()
    }
    task_law = ChoiceTask(
        "Which law does the measurement contradict?",
        {
            "self-limiting": f"It gains only {late['self-limiting']:.0%} between 15 and 24 h.",
            "Avrami": f"It gains only {late['Avrami']:.0%} between 15 and 24 h.",
            "parabolic": f"It would gain {late['parabolic']:.0%} between 15 and 24 h.",
        },
        "parabolic",
        r"Growth by diffusion through the layer, $L \propto \sqrt{t}$, never ends: $\sqrt{24/15} = 1.26$. The other two stop. Between "
        "them the beginning decides: nucleation (Avrami) starts slowly.",
    )
    task_law
    return (task_law,)


@app.cell(hide_code=True)
def _(task_law):
    task_law.feedback()
    return


@app.cell
def _():
    task_arc = ChoiceTask(
        "The interphase's arc in a cell is twice as wide as a week ago. What has been shown?",
        {
            "The interphase is twice as thick.": "If its resistivity stayed the same. A denser or drier layer would do it, too.",
            "The product of its thickness and resistivity, over the contact area, has doubled.": "That much and no more.",
            "A second process has begun, since each arc is one process.": "Processes of like frequency share an arc; no new arc is seen.",
        },
        "The product of its thickness and resistivity, over the contact area, has doubled.",
        r"$R = \rho L/A$: a spectrum gives the ratio. A picture of a cross-section, or the capacitance of the arc (which goes as $A/L$), would tell the "
        "rest. In nasim the thickness is an assumption for that reason, and the sodium it binds a guess.",
        misconceptions=True,
    )
    task_arc
    return (task_arc,)


@app.cell(hide_code=True)
def _(task_arc):
    task_arc.feedback()
    return


@app.cell
def _(sigma):
    task_thin = NumberTask(
        f"Design: the separator (conductivity {10 * sigma:.2g} mS cm-1) may have 10 Ohm cm2. How thick may it be?",
        1e6 * 10e-4 * sigma,
        "um",
        rf"$d = R\sigma = 10\ \Omega\,\mathrm{{cm^2}} \times {1e-2 * sigma:.2e}\ \mathrm{{S\,cm^{{-1}}}}$ = {1e6 * 10e-4 * sigma:.0f} um. "
        "The interphases that grow then are the larger part: making the separator thinner still would not help.",
        traps={1e6 * 10 * sigma: "10 Ohm cm2 are 0.001 Ohm m2."},
    )
    task_thin
    return (task_thin,)


@app.cell(hide_code=True)
def _(task_thin):
    task_thin.feedback()
    return


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    ## Recap

    - NAS and sodium give Na$_2$S and Na$_3$Sb: a layer with a resistance and an end
    - a spectrum gives resistances; thickness and resistivity only as a product
    - when growth ends tells the law; how it begins tells self-limiting from Avrami

    **Next.** Part 5: pressure, contact, and many cycles.
    """)
    return


if __name__ == "__main__":
    app.run()
