# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The page of the virtual lab, a marimo app: controls on the left (below, on a phone), what they lead to beside them."""

import marimo

app = marimo.App(width="full", app_title="nasim virtual lab")

with app.setup:
    import dataclasses
    import html

    import marimo as mo

    from nasim.errors import NasimError
    from nasim.lab import assets, cases, choices, compare, views
    from nasim.lab.figures import common_unit
    from nasim.lab.jobs import Job
    from nasim.lab.measured import MOST_BYTES, Overlay
    from nasim.lab.missions import MISSIONS

    QUICK = 8
    POLLED_S = 0.3
    PATIENCE_S = 0.25
    COARSE = 2


@app.cell(hide_code=True)
def _():
    mo.Html(views.PAGE)
    return


@app.cell
def _():
    _query = mo.query_params().to_dict()
    asked = {letter: choices.from_address(_query, prefix) for letter, prefix in (("A", ""), ("B", "b_"))}
    start, set_start = mo.state(asked["A"])
    problems, set_problems = mo.state({})
    both = "b" in _query
    seen, set_seen = mo.state(views.chosen_view(_query.get("view")))
    looked, set_looked = mo.state({})
    faults, set_faults = mo.state({})
    desk = {"good": {}, "jobs": {}, "values": {"B": asked["B"]} if both else {}}
    return both, desk, faults, looked, problems, seen, set_faults, set_looked, set_problems, set_seen, set_start, start


@app.function
def controls(letter, values):
    """The controls of one cell, a dictionary of elements."""
    name, titles = f"Cell {letter}", cases.cells() | cases.own_sets()
    usual = next((title for title, known in titles.items() if known == values["parameters"]), next(iter(titles)))
    labels = {key: views.told(f"{name}: {words}", tip) for key, (words, *_, tip) in choices.SLIDERS.items()}
    labels |= {key: views.told(f"{name}: {words}", tip) for key, (words, tip) in choices.TEXTS.items()}
    elements = {
        "parameters": mo.ui.dropdown(
            titles, usual, label=f"{name}: materials", allow_select_none=False, full_width=True
        )
    }
    for key, (_, least, most, step, _) in choices.SLIDERS.items():
        look = {"show_value": True, "include_input": False, "full_width": True, "label": labels[key]}
        elements[key] = mo.ui.slider(least, most, step, value=values[key], **look)
    for key in choices.TEXTS:
        elements[key] = mo.ui.text(values[key], label=labels[key], full_width=True)
    elements["overrides"] = mo.ui.text_area(
        values["overrides"],
        label=views.told(f"{name}: {choices.OVERRIDES[0]}", choices.OVERRIDES[1]),
        placeholder="Interphase final thickness [m]=2e-5",
        rows=2,
        full_width=True,
    )
    return mo.ui.dictionary(elements)


@app.cell
def _(both):
    compared = mo.ui.checkbox(both, label="Compare with cell B")
    return (compared,)


@app.cell
def _(seen):
    view = mo.ui.dropdown([*views.VIEWS, views.SCRIPT], value=seen(), label="Show", allow_select_none=False)
    return (view,)


@app.cell
def _(set_start):
    preset = mo.ui.dropdown(
        choices.PRESETS,
        label="Preset",
        full_width=True,
        on_change=lambda found: set_start(choices.START | found) if found is not None else None,
    )
    reset = mo.ui.button(label="Reset", on_click=lambda _: set_start(dict(choices.START)))
    return preset, reset


@app.cell
def _():
    mission = mo.ui.dropdown(list(MISSIONS), label="Mission")
    return (mission,)


@app.cell
def _(mission, set_looked, set_seen, set_start):
    guess = mo.ui.radio(list(MISSIONS[mission.value].options) if mission.value else ["-"], label="Predict")

    def _look(_):
        chosen = MISSIONS[mission.value]
        set_seen(chosen.view)
        set_looked({"mission": mission.value, "guess": guess.value})
        set_start(chosen.values(guess.value))

    see = mo.ui.button(label="Now see", on_click=_look)
    return guess, see


@app.cell
def _(desk, set_faults, set_start):
    def _bring(found):
        try:
            name = cases.bring(found[0].contents.decode("utf-8", "replace")) if found else None
        except NasimError as error:
            words = choices.words_of(error)
            set_faults(lambda old: old | {"set": words})
            return
        set_faults(lambda old: old | {"set": ""})
        if name:
            set_start((desk["values"].get("A") or choices.START) | {"parameters": name})

    def _lay(found):
        try:
            desk["overlay"] = Overlay(found[0].name, found[0].contents) if found else None
        except NasimError as error:
            desk["overlay"] = None
            words = choices.words_of(error)
            set_faults(lambda old: old | {"curve": words})
            return
        set_faults(lambda old: old | {"curve": "" if found else " "})

    own_set = mo.ui.file([".toml"], label="Own parameter set (TOML)", max_size=MOST_BYTES, on_change=_bring)
    own_curve = mo.ui.file(label="Own measured curve", max_size=MOST_BYTES, on_change=_lay)
    mass = mo.ui.text(label="sulfur in it (mg)", full_width=True)
    area = mo.ui.text(label="its area (cm2)", full_width=True)
    return area, mass, own_curve, own_set


@app.cell
def _(desk, first, set_start):
    def _take(found):
        if found:
            now = desk["values"]["A"]
            line = f"{found}={cases.parameters_of(choices.case_of(now)).as_values()[found]:g}"
            set_start(now | {"overrides": "\n".join(filter(None, [now["overrides"].rstrip(), line]))})

    find = mo.ui.dropdown(
        choices.parameter_names(first.elements["parameters"].value),
        searchable=True,
        label=views.told(
            "Find a parameter", "Type a part of its name; the one you choose becomes a line of Cell A's other values."
        ),
        full_width=True,
        on_change=_take,
    )
    return (find,)


@app.cell
def _(start):
    first = controls("A", start())
    return (first,)


@app.cell
def _(compared, desk):
    # a copy of A as it is when it is asked for; read through the desk, so that moving A does not make B anew
    second = (
        controls("B", desk["values"].get("B") or desk["values"].get("A", choices.START)) if compared.value else None
    )
    return (second,)


@app.cell(hide_code=True)
def _(area, compared, faults, find, first, mass, own_curve, own_set, preset, problems, reset, second):
    def with_words(letter, elements):
        found = problems().get(f"Cell {letter}", {})
        parts = []
        for key, element in elements.items():
            parts += [element, mo.Html(views.at_field(found[key]))] if key in found else [element]
        return parts

    _parts = [mo.hstack([preset, reset], widths=[1, 0], align="end"), *with_words("A", first.elements), find, compared]
    if second is not None:
        _parts += [mo.md("---"), *with_words("B", second.elements)]
    _wrong = {key: [mo.Html(views.at_field(text))] for key, text in faults().items() if text.strip()}
    _parts += [mo.md("---"), own_set, *_wrong.get("set", []), own_curve, *_wrong.get("curve", [])]
    _parts.append(mo.hstack([mass, area], widths="equal"))
    mo.Html(f'<div class="nasim-controls">{mo.vstack(_parts, gap=0.6).text}</div>')
    return


@app.cell
def _():
    tick = mo.ui.refresh(default_interval=POLLED_S)
    return (tick,)


@app.cell
def _(compared, desk, first, second, set_problems, tick):
    tick.value  # noqa: B018
    _values = {"A": first.value} | ({"B": second.value} if compared.value and second is not None else {})
    desk["values"] = dict(_values) | ({} if "B" in _values else {"B": None})
    for _letter in {*"AB"} - {*_values}:
        if _old := desk["jobs"].pop(f"Cell {_letter}", None):
            _old.cancel()

    def answered(name, case):
        """Result to show now, and whether it is the coarse one; a long run goes on in the background."""
        if cases.kept(case) or case.cycles <= QUICK:
            stop(name)
            return cases.run(case), False
        job = desk["jobs"].get(name)
        if job is None or job.case != case:
            stop(name)
            case.check()
            job = desk["jobs"][name] = Job(case)
            job.wait(PATIENCE_S)
        if job.problem and not job.cancelled:
            raise job.problem
        return (job.result, False) if job.result else (cases.run(dataclasses.replace(case, cycles=COARSE)), True)

    def stop(name):
        if old := desk["jobs"].pop(name, None):
            old.cancel()

    wrong, coarse, shown = {}, {}, {}
    for _letter, _chosen in _values.items():
        _name, _case = f"Cell {_letter}", choices.case_of(_chosen)
        try:
            _result, _is_coarse = answered(_name, _case)
            coarse |= {_name: desk["jobs"][_name]} if _is_coarse else {}
            desk["good"][_name] = (_case, _result)
        except NasimError as _error:
            wrong[_name] = {choices.at_field(_case, _error): choices.words_of(_error)}
        if _name in desk["good"]:
            shown[_name] = desk["good"][_name]
    if wrong != desk.get("wrong", {}):
        desk["wrong"] = wrong
        set_problems(wrong)
    runs = {name: case for name, (case, _) in shown.items()}
    results = {name: result for name, (_, result) in shown.items()}
    return coarse, results, runs, wrong


@app.cell(hide_code=True)
def _(compared, first, second, view):
    _carried = choices.in_address(first.value)
    if compared.value and second is not None:
        _carried |= choices.in_address(second.value, "b_") | {"b": "1"}
    _carried |= {"view": view.value} if view.value != next(iter(views.VIEWS)) else {}
    _params = mo.query_params()
    for _key in [key for key in _params.to_dict() if key not in _carried]:
        del _params[_key]
    for _key, _value in _carried.items():
        if _params.get(_key) != _value:
            _params[_key] = _value
    return


@app.cell(hide_code=True)
def _(coarse, results, runs, tick, wrong):
    _notes = [mo.Html(views.stands(runs, results))]
    for _name, _found in wrong.items():
        _text = "; ".join(_found.values())
        _notes.append(
            mo.Html(views.message(_name, f": {_text} What is shown is the last cell that could be run.", "danger"))
        )
    for _name, _result in results.items():
        if _result.record["stopped_because"] != "all cycles done":
            _notes.append(mo.Html(views.message(_name, f" stopped early: {_result.record['stopped_because']}.")))
    for _name, _job in coarse.items():
        _of = f"cycle {_job.cycle} of {_job.case.cycles}"
        if not _job.cancelled:
            _button = mo.ui.button(label=f"{_name}: cancel", on_click=lambda _, job=_job: job.cancel())
            _bar = mo.Html(
                views.bar(_job.cycle, _job.case.cycles, f"{_name}: {_of}; the first {COARSE} are shown so far.")
            )
            _notes.append(mo.hstack([_bar, _button], justify="start"))
        else:
            _notes.append(mo.Html(views.message(_name, f": ended in {_of}; the first {COARSE} are shown.")))
    if not all(_job.cancelled for _job in coarse.values()):
        _notes.append(mo.Html(f'<div style="display:none">{tick.text}</div>'))
    mo.Html(f'<div class="nasim-notes">{mo.vstack(_notes, gap=0.4).text}</div>')
    return


@app.cell(hide_code=True)
def _(coarse, guess, looked, mission, results, see):
    _shown = None
    if mission.value:
        _told = looked()
        _parts = [
            mo.Html(views.message("", MISSIONS[mission.value].question, "asked")),
            mo.hstack([guess, see], justify="start"),
        ]
        if _told.get("mission") == mission.value and "Cell A" in results and not coarse:
            _verdict = MISSIONS[mission.value].verdict(_told["guess"], results["Cell A"])
            _parts.append(mo.Html(views.message("", _verdict, "asked")))
        _shown = mo.vstack(_parts, gap=0.3)
    _shown  # noqa: B018
    return


@app.cell(hide_code=True)
def _(mission, view):
    last = mo.ui.checkbox(False, label="last kept cycle")
    _shown = [view, last, mission] if view.value == views.ALONG else [view, mission]
    mo.hstack(_shown, justify="start", gap=1.5, wrap=True)
    return (last,)


@app.cell(hide_code=True)
def _():
    mo.Html(views.framed(assets.stage()))
    return


@app.cell(hide_code=True)
def _(area, desk, faults, last, mass, results, runs, view):
    faults()  # a curve that was laid over is on the desk then

    def figure_shown():
        overlay, lines, note = desk.get("overlay"), [], []
        if overlay and view.value == "Voltage":
            try:
                lines = overlay.lines(common_unit(results), mass.value, area.value)
            except NasimError as error:
                note = [mo.Html(views.at_field(choices.words_of(error)))]
        shown = views.staged(view.value, runs, results, last.value, lines)
        hidden = mo.Html(f'<div id="nasim-data" hidden>{html.escape(shown)}</div>{views.described(view.value, runs)}')
        saves = [
            mo.download(
                lambda name=name: views.png(views.figures(view.value, runs)[name]),
                f"{name}.png".replace(" ", "_"),
                "image/png",
                label=f"{name}: save the figure (PNG)",
            )
            for name in (runs if view.value in views.STILL else ())
        ]
        return mo.vstack([hidden, *note, mo.hstack(saves, justify="start", wrap=True)], gap=0.3)

    def script_and_data():
        script = cases.script({name.lower().replace(" ", "_"): case for name, case in runs.items()})
        parts = [
            mo.Html(views.code(script)),
            mo.download(script.encode(), "cells.py", "text/x-python", label="Script (PY)"),
        ]
        for name, case in runs.items():
            result, stem = results[name], name.replace(" ", "_")
            summary, curves = (table.to_csv(index=False).encode() for table in (result.summary, result.curves))
            files = [
                mo.download(summary, f"{stem}_summary.csv", "text/csv", label=f"{name}: cycles (CSV)"),
                mo.download(curves, f"{stem}_curves.csv", "text/csv", label=f"{name}: curves (CSV)"),
                mo.download(
                    cases.text_of(case).encode(), f"{stem}_set.toml", "text/plain", label=f"{name}: set (TOML)"
                ),
            ]
            parts.append(mo.hstack(files, justify="start", wrap=True))
        return mo.vstack(parts)

    _output = None
    if runs:
        try:
            _output = script_and_data() if view.value == views.SCRIPT else figure_shown()
        except NasimError as error:
            _output = mo.Html(views.message("", str(error), "danger"))
    _output  # noqa: B018
    return


@app.cell(hide_code=True)
def _(results, runs):
    _table = mo.Html(views.as_table(views.numbers(runs, results), "Main numbers")) if runs else None
    _why = None
    if len(runs) == 2:
        _pairs = [(runs[name], results[name]) for name in runs]
        _why = mo.Html(views.message("What changed and why: ", compare.sentence(*_pairs)))
    mo.vstack([each for each in (_why, _table) if each is not None])
    return


if __name__ == "__main__":
    app.run()
