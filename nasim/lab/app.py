# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The page of the virtual lab, a marimo app: controls on the left (below, on a phone), what they lead to beside them."""

import marimo

app = marimo.App(width="full", app_title="nasim virtual lab", html_head_file="head.html")

with app.setup:
    import html

    import marimo as mo

    from nasim.errors import NasimError
    from nasim.lab import assets, cases, choices, compare, front, views
    from nasim.lab.desk import COARSE, Desk
    from nasim.lab.measured import MOST_BYTES, Overlay
    from nasim.lab.missions import MISSIONS
    from nasim.lab.traces import common_unit

    POLLED_S = 0.3


@app.cell(hide_code=True)
def _():
    mo.Html(views.PAGE)
    return


@app.cell
def _():
    _query = mo.query_params().to_dict()
    asked = {letter: choices.from_address(_query, prefix) for letter, prefix in (("A", ""), ("B", "b_"))}
    start, set_start = mo.state(asked["A"])
    both = "b" in _query
    seen, set_seen = mo.state(views.chosen_view(_query.get("view")))
    looked, set_looked = mo.state({})
    faults, set_faults = mo.state({})
    ended, set_ended = mo.state(0)
    _refused = {"Cell A": choices.refused(_query), "Cell B": choices.refused(_query, "b_")}
    desk = Desk({"B": asked["B"]} if both else {}, _refused)
    problems, set_problems = mo.state(desk.said)
    return (
        both,
        desk,
        ended,
        faults,
        looked,
        problems,
        seen,
        set_ended,
        set_faults,
        set_looked,
        set_problems,
        set_seen,
        set_start,
        start,
    )


@app.function
def controls(letter, values):
    """The controls of one cell, a dictionary of elements."""
    name, titles = f"Cell {letter}", cases.cells() | cases.own_sets()
    usual = next((title for title, known in titles.items() if known == values["parameters"]), next(iter(titles)))
    labels = {
        key: views.told(f"{name}: {words}", tip, choices.SPOKEN[key])
        for key, (words, *_, tip) in choices.SLIDERS.items()
    }
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
    guess = mo.ui.radio(list(MISSIONS[mission.value].options) if mission.value else ["-"], label="Predict", inline=True)

    def _look(_):
        chosen = MISSIONS[mission.value]
        set_seen(chosen.view)
        set_looked({"mission": mission.value, "guess": guess.value})
        set_start(chosen.values(guess.value))

    see = mo.ui.button(label="Now see", on_click=_look)
    return guess, see


@app.cell
def _(desk, set_faults, set_seen, set_start):
    def _bring(found):
        try:
            name = cases.bring(found[0].contents.decode("utf-8", "replace")) if found else None
        except NasimError as error:
            words = choices.words_of(error)
            set_faults(lambda old: old | {"set": words})
            return
        set_faults(lambda old: old | {"set": ""})
        if name:
            set_start(desk.values.get("A", choices.START) | {"parameters": name})

    def _lay(found):
        try:
            desk.overlay = Overlay(found[0].name, found[0].contents) if found else None
        except NasimError as error:
            desk.overlay = None
            words = choices.words_of(error)
            set_faults(lambda old: old | {"curve": words})
            return
        set_faults(lambda old: old | {"curve": "" if found else " "})
        if found:
            set_seen("Voltage")

    own_set = mo.ui.file([".toml"], label="Own set", max_size=MOST_BYTES, on_change=_bring)
    own_curve = mo.ui.file(label="Own curve", max_size=MOST_BYTES, on_change=_lay)
    mass = mo.ui.text(label="sulfur in it (mg)", full_width=True)
    area = mo.ui.text(label="its area (cm2)", full_width=True)
    return area, mass, own_curve, own_set


@app.cell
def _(desk, first, set_start):
    def _take(found):
        if found:
            now = desk.values["A"]
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
    _copied = desk.values.get("B") or desk.values.get("A", choices.START)
    second = controls("B", _copied) if compared.value else None
    return (second,)


@app.cell(hide_code=True)
def _(area, compared, faults, find, first, mass, own_curve, own_set, preset, problems, reset, second):
    def with_words(element, words):
        # one box for a field and its message, so that a message leaves the focus and what is being typed where they are
        return mo.Html(f"<div>{element.text}{views.at_field(words) if words.strip() else ''}</div>")

    def fields(letter, elements):
        found = problems().get(f"Cell {letter}", {})
        return [with_words(element, found.get(key, "")) for key, element in elements.items()]

    _told = {key: faults().get(key, "") for key in ("set", "curve", "overlay")}
    _parts = [mo.hstack([preset, reset], widths=[1, 0], align="end"), *fields("A", first.elements), find, compared]
    if second is not None:
        _parts += [mo.md("---"), *fields("B", second.elements)]
    _parts += [mo.md("---"), with_words(own_set, _told["set"]), with_words(own_curve, _told["curve"])]
    _parts.append(with_words(mo.hstack([mass, area], widths="equal"), _told["overlay"]))
    mo.Html(f'<div class="nasim-controls">{mo.vstack(_parts, gap=0.6).text}</div>')
    return


@app.cell
def _():
    tick = mo.ui.refresh(default_interval=POLLED_S)
    return (tick,)


@app.cell
def _(compared, desk, ended, first, second, set_problems):
    ended()
    _before = desk.said
    desk.answer({"A": first.value} | ({"B": second.value} if compared.value and second is not None else {}))
    if desk.said != _before:
        set_problems(desk.said)
    coarse, wrong = desk.coarse, desk.wrong  # a long run does not come back here until it has ended
    runs = {name: case for name, (case, _) in desk.shown.items()}
    results = {name: result for name, (_, result) in desk.shown.items()}
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
    mo.Html(views.quick(front.link(first.value))) if front.possible() else None  # noqa: B018
    return


@app.cell(hide_code=True)
def _(results, runs, wrong):
    _notes = [views.stands(runs, results)]
    for _name, _found in wrong.items():
        _kept = (
            "What is shown is the last cell that could be run." if _name in runs else "Nothing is shown of it so far."
        )
        _text = f": {'; '.join(_found.values())} {_kept}"
        _notes.append(views.message(_name, _text, "danger"))
    for _name, _result in results.items():
        if _result.record["stopped_because"] != "all cycles done":
            _notes.append(views.message(_name, f" stopped early: {_result.record['stopped_because']}."))
    mo.Html(f'<div class="nasim-notes">{"".join(_notes)}</div>')
    return


@app.cell
def _(coarse):
    # made once for each run: a button made anew with each tick would often be gone before it is heard
    stops = mo.ui.dictionary(
        {
            name: mo.ui.button(label=f"{name}: cancel", on_click=lambda _, job=job: job.cancel())
            for name, job in coarse.items()
        }
    )
    return (stops,)


@app.cell(hide_code=True)
def _(coarse, set_ended, stops, tick):
    tick.value  # noqa: B018
    if any(not _job.busy and not _job.cancelled for _job in coarse.values()):
        set_ended(lambda count: count + 1)
    _parts = []
    for _name, _job in coarse.items():
        _of = f"cycle {_job.cycle} of {_job.case.cycles}"
        if _job.cancelled:
            _parts.append(mo.Html(views.message(_name, f": ended in {_of}; the first {COARSE} are shown.")))
            continue
        _told = f"{_name}: {_of}; the first {COARSE} are shown so far."
        _bar = mo.Html(views.bar(_job.cycle, _job.case.cycles, _told))
        _parts.append(mo.hstack([_bar, stops.elements[_name]], justify="start"))
    if not all(_job.cancelled for _job in coarse.values()):
        _parts.append(mo.Html(f'<div style="display:none">{tick.text}</div>'))
    mo.vstack(_parts, gap=0.4) if _parts else None  # noqa: B018
    return


@app.cell(hide_code=True)
def _(coarse, guess, looked, mission, results, see):
    _shown = None
    if mission.value:
        _told = looked()
        _parts = [
            mo.Html(views.message("", MISSIONS[mission.value].question, "asked")),
            mo.hstack([guess, see], justify="start", align="center", wrap=True),
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
    mo.hstack(_shown, justify="start", gap=0.7, wrap=True)
    return (last,)


@app.cell(hide_code=True)
def _():
    mo.Html(views.framed(assets.stage()))
    return


@app.cell(hide_code=True)
def _(area, desk, faults, last, mass, results, runs, set_faults, view):
    faults()  # a curve that was laid over is on the desk then

    def figure_shown():
        lines, wrong = [], ""
        if desk.overlay and view.value == "Voltage":
            try:
                lines = desk.overlay.lines(common_unit(results), mass.value, area.value)
            except NasimError as error:
                wrong = choices.words_of(error)
        if wrong != faults().get("overlay", ""):
            set_faults(lambda old: old | {"overlay": wrong})
        shown = views.staged(view.value, runs, results, last.value, lines)
        told = mo.Html(views.message("Own curve", f": {wrong}") if wrong else "")
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
        return mo.vstack([told, hidden, mo.hstack(saves, justify="start", wrap=True)], gap=0.3)

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
