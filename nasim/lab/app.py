"""The page of the virtual lab, a marimo app: controls above, what they lead to below."""

import marimo

app = marimo.App(width="full", app_title="nasim virtual lab")

with app.setup:
    import dataclasses

    import marimo as mo

    from nasim.errors import NasimError
    from nasim.lab import cases, views

    CYCLES = (1, 2, 5, 10, 20, 50, 100, 140)
    CURRENTS = (0.02, 0.041, 0.082, 0.127, 0.164, 0.25, 0.41, 0.6, 0.82, 1.0)
    PRESSURES = (10, 20, 40, 62.5, 90, 125, 180, 250, 300)


@app.cell(hide_code=True)
def _():
    mo.md("""
    <div style="height: 2em"></div>

    # nasim virtual lab

    The solid-state sodium-sulfur cell Na15Sn4 | Na3SbS4 | sulfur on carbon of Yuan et al., *Energy Environ. Sci.* 2025, vol. 18, p. 4288.
    Change it and see what becomes of it; everything is computed on this machine.
    """)
    return


@app.function
def controls(letter):
    """The controls of one cell, a dictionary of elements."""
    name, titles = f"Cell {letter}", cases.cells()
    slide = {"show_value": True, "debounce": True, "full_width": True}
    usual = next(title for title, known in titles.items() if known == cases.Case.parameters)
    return mo.ui.dictionary(
        {
            "parameters": mo.ui.dropdown(
                titles, usual, label=f"{name}: materials", full_width=True, allow_select_none=False
            ),
            "current_mA_cm2": mo.ui.slider(steps=CURRENTS, value=0.127, label=f"{name}: current (mA cm-2)", **slide),
            "stack_pressure_MPa": mo.ui.slider(
                steps=PRESSURES, value=250, label=f"{name}: stack pressure (MPa)", **slide
            ),
            "temperature_C": mo.ui.slider(0, 80, 5, value=25, label=f"{name}: temperature (degC)", **slide),
            "cycles": mo.ui.slider(steps=CYCLES, value=2, label=f"{name}: cycles", **slide),
            "lower_V": mo.ui.text("0.7", label=f"{name}: lower cut-off (V)", full_width=True),
            "upper_V": mo.ui.text("2.6", label=f"{name}: upper cut-off (V)", full_width=True),
            "overrides": mo.ui.text_area(
                label=f"{name}: other values, NAME=VALUE a line",
                placeholder="Interphase final thickness [m]=2e-5",
                rows=2,
                full_width=True,
            ),
        }
    )


@app.cell
def _():
    first, second = controls("A"), controls("B")
    compare = mo.ui.checkbox(label="Compare with cell B")
    view = mo.ui.dropdown([*views.VIEWS, "Script and data"], value="Voltage", label="Show", allow_select_none=False)
    return compare, first, second, view


@app.cell(hide_code=True)
def _(compare, first, second):
    shown = [*first.elements.values(), compare]
    if compare.value:
        shown += [mo.md("---"), *second.elements.values()]
    mo.sidebar(mo.vstack(shown, gap=0.75), width="340px")
    return


@app.function
def case_of(chosen):
    """The `Case` that the values of the controls mean."""
    lines = tuple(line.strip() for line in chosen["overrides"].splitlines() if line.strip())
    window = {key: number(chosen[key]) for key in ("lower_V", "upper_V")}
    return dataclasses.replace(cases.Case(), **(chosen | window | {"overrides": lines}))


@app.function
def number(text):
    """The number that was typed, or the text itself, which the check of the case then refuses in words."""
    try:
        return float(str(text).replace(",", "."))
    except ValueError:
        return text


@app.cell
def _(compare, first, second):
    chosen = {"Cell A": case_of(first.value)}
    if compare.value:
        chosen["Cell B"] = case_of(second.value)
    problems = {}
    for _name, _case in chosen.items():
        try:
            cases.run(_case)
        except NasimError as error:
            problems[_name] = str(error).removeprefix(f"{cases.WHO}: ")
    runs = {name: case for name, case in chosen.items() if name not in problems}
    notes = [mo.callout(mo.Html(views.message(name, f": {text}")), kind="danger") for name, text in problems.items()]
    for _name, _case in runs.items():
        _reason = cases.run(_case).record["stopped_because"]
        if _reason != "all cycles done":
            notes.append(mo.callout(mo.Html(views.message(_name, f" stopped early: {_reason}.")), kind="warn"))
    return notes, runs


@app.cell(hide_code=True)
def _(notes):
    mo.vstack(notes) if notes else None
    return


@app.cell(hide_code=True)
def _(view):
    view  # noqa: B018
    return


@app.cell(hide_code=True)
def _(runs, view):
    def shown_figures():
        drawn, what = views.figures(view.value, runs), views.VIEWS[view.value][1]
        parts = []
        for name, figure in drawn.items():
            picture = mo.Html(views.picture(figure, f"{name}: {what}. The table of main numbers gives it in figures."))
            save = mo.download(
                views.png(figure), f"{name}.png".replace(" ", "_"), "image/png", label=f"{name}: save the figure (PNG)"
            )
            parts.append(mo.vstack([mo.md(f"**{name}**"), picture, save]))
        return mo.vstack([mo.hstack(parts, widths="equal", wrap=True), mo.md(views.HINT), table()])

    def table():
        return mo.Html(views.as_table(views.numbers(runs), "Main numbers"))

    def script_and_data():
        script = cases.script({name.lower().replace(" ", "_"): case for name, case in runs.items()})
        parts = [mo.Html(views.code(script))]
        for name, case in runs.items():
            result, stem = cases.run(case), name.replace(" ", "_")
            summary, curves = (table.to_csv(index=False).encode() for table in (result.summary, result.curves))
            parts.append(
                mo.hstack(
                    [
                        mo.download(summary, f"{stem}_summary.csv", "text/csv", label=f"{name}: cycles (CSV)"),
                        mo.download(curves, f"{stem}_curves.csv", "text/csv", label=f"{name}: curves (CSV)"),
                    ],
                    justify="start",
                    wrap=True,
                )
            )
        return mo.vstack([*parts, table()])

    _output = None
    if runs:
        try:
            _output = script_and_data() if view.value == "Script and data" else shown_figures()
        except NasimError as error:
            _output = mo.callout(mo.Html(views.message("", str(error))), kind="danger")
    _output  # noqa: B018
    return


if __name__ == "__main__":
    app.run()
