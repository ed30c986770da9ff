"""The virtual lab: its numbers are those of the Python interface, its page works in a real browser and calls nobody."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import matplotlib.pyplot as plt
import numpy as np
import pytest
from patience import PATIENCE_S, expect, held_port, opened, serving, until

import nasim
from nasim.engine.integrators.library import NoLibrary, wasm
from nasim.errors import MissingExtraError, NasimError, ProtocolError
from nasim.lab import application, cases, choices, compare, figures, main, views
from nasim.lab.drawing import places
from nasim.lab.front import WORKSHOP
from nasim.lab.jobs import Job
from nasim.lab.measured import Overlay
from nasim.lab.missions import MISSIONS
from nasim.plot.colours import DARK, SPECIES
from nasim.plot.style import cycle_colours

EXAMPLES = Path(__file__).parent.parent / "examples"
KIND = 'kind = "assumed"\nsource = "Yuan2025"\nwhere = "nowhere"\nrange = [1e-6, 6e-5]\nnote = "a thicker one"\n'
HARSH = cases.Case(stack_pressure_MPa=62.5, temperature_C=40.0, current_mA_cm2=0.25, lower_V=0.8, upper_V=2.5)


# --- cases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [cases.Case(), HARSH], ids=["default", "harsh"])
def test_a_case_gives_the_numbers_of_the_python_interface(case):
    cases.run(HARSH)  # a cell that has been used must start afresh
    plain = case.protocol.run(parameters=case.parameters, **case.conditions).summary
    assert cases.run(case).summary[list(plain)].to_numpy() == pytest.approx(plain.to_numpy(), rel=1e-9, nan_ok=True)


def test_it_runs_once():
    assert cases.run(cases.Case(cycles=1)) is cases.run(cases.Case(cycles=1))


def test_the_script_reproduces_the_view():
    case = cases.Case(stack_pressure_MPa=125.0, cycles=1, overrides=("Interphase final thickness [m]=2e-5",))
    names = {}
    exec(compile(cases.script({"cell_a": case}), "script", "exec"), names)
    plt.close("all")
    expected = cases.run(case).summary["discharge_capacity_mAh_g"].iloc[0]
    assert names["cell_a"].summary["discharge_capacity_mAh_g"].iloc[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lower_V": 2.7}, "upside down"),
        ({"lower_V": "abc"}, "must be a number"),
        ({"current_mA_cm2": 0.0}, "above zero"),
        ({"temperature_C": 500.0}, "temperature"),
        ({"stack_pressure_MPa": 1e6}, "stack pressure"),
        ({"cycles": 10_000}, "at most"),
        ({"overrides": ("Interphase thicknes [m]=1",)}, "Interphase"),
        ({"overrides": ("nonsense",)}, "NAME=VALUE"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(changes, words):
    with pytest.raises(NasimError, match=words):
        cases.run(cases.Case(**changes))


def test_all_full_cells_can_be_chosen():
    assert set(cases.cells().values()) >= {"Yuan2025_NAS", "Yuan2025_NPS", "Yuan2025_NASC"}
    assert "Yuan2025_symmetric_NAS" not in cases.cells().values()


# --- views ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", views.STILL)
def test_each_still_figure_draws_two_cells(view):
    both = {"Cell A": cases.Case(), "Cell B": cases.Case(parameters="Yuan2025_NASC")}
    drawn = views.figures(view, both)
    assert list(drawn) == list(both)
    assert all(figure.axes[0].has_data() for figure in drawn.values())


def test_two_cells_have_the_same_scale():
    drawn = views.figures("Voltage", {"Cell A": cases.Case(), "Cell B": cases.Case(stack_pressure_MPa=20.0)})
    assert len({figure.axes[0].get_xlim() for figure in drawn.values()}) == 1


def test_published_values_only_under_their_conditions():
    assert "discharge_capacity_mAh_g" in views.published(cases.Case())
    for changed in (cases.Case(temperature_C=40.0), cases.Case(overrides=("Interphase final thickness [m]=2e-5",))):
        assert views.published(changed) == {}


def test_the_table_relates_headings_to_cells():
    text = views.as_table(views.numbers({"Cell A": cases.Case()}), "Main <numbers>")
    assert '<th scope="col">Cell A</th>' in text
    assert "Main &lt;numbers&gt;" in text
    first = cases.run(cases.Case()).summary["discharge_capacity_mAh_g"].iloc[0]
    assert f"{first:.0f} (published 1976)" in text


def both(**changes):
    chosen = {"Cell A": cases.Case(), "Cell B": cases.Case(**changes)}
    return chosen, {name: cases.run(case) for name, case in chosen.items()}


@pytest.mark.parametrize("view", views.VIEWS)
def test_each_view_lays_two_cells_over_each_other(view):
    shown = json.loads(views.staged(view, *both(parameters="Yuan2025_NASC")))
    assert any(len(trace["x"]) for trace in shown["figure"]["data"])
    names = " ".join(trace["name"] for trace in shown["figure"]["data"])
    assert view == "Ledger" or (" A" in names and " B" in names)
    assert [cell["name"] for cell in shown["cells"]] == (["Cell A", "Cell B"] if shown["cursor"] else [])
    assert "http" not in json.dumps(shown["figure"])


def test_a_touchable_figure_shows_the_curve_itself():
    result = cases.run(cases.Case())
    discharge = figures.voltage({"Cell A": result})["data"][0]
    curve = result.curve(1).query("Step == 'discharge'")
    assert discharge["x"][-1] == pytest.approx(curve["Specific capacity [mAh.g-1]"].iloc[-1], rel=1e-4)
    known = np.interp(discharge["x"], curve["Specific capacity [mAh.g-1]"], curve["Voltage [V]"])
    assert np.array(discharge["y"])[2:] == pytest.approx(known[2:], abs=2e-3)


def test_the_panels_have_one_axis_and_one_cursor():
    figure = figures.linked({"Cell A": cases.run(cases.Case())})
    assert {trace["xaxis"] for trace in figure["data"]} == {"x"}
    assert {trace["yaxis"] for trace in figure["data"]} == {"y", "y2", "y3", "y4"}
    assert (figure["layout"]["hovermode"], figure["layout"]["hoversubplots"]) == ("x unified", "axis")


def test_a_legend_names_each_species_once_and_has_room():
    chosen, results = both(stack_pressure_MPa=20.0)
    for shown in (results, {"Cell A": results["Cell A"]}):
        figure = figures.linked(shown)
        tops = []
        for number in (1, 2, 3, 4):
            name = "legend" if number == 1 else f"legend{number}"
            entries = [
                each["name"] for each in figure["data"] if each["legend"] == name and each.get("showlegend", True)
            ]
            assert len(set(entries)) == len(entries)
            assert name != "legend3" or not [each for each in entries if each.endswith((" A", " B"))]
            height = (
                (len(entries) + (name == "legend3" and len(shown) > 1)) * 19 / (figure["layout"]["meta"]["least"] - 56)
            )
            tops.append((figure["layout"][name]["y"], height))
        assert all(top - height >= below for (top, height), (below, _) in zip(tops, tops[1:], strict=False))


def test_colours_are_those_of_the_page_and_have_dark_ones():
    shown = json.loads(views.staged(views.ALONG, {"Cell A": cases.Case()}, {"Cell A": cases.run(cases.Case())}))
    lines = {each["name"]: each["line"]["color"] for each in shown["figure"]["data"]}
    assert lines["S"] == SPECIES["S"] == shown["cells"][0]["colours"][0]
    assert shown["dark"][SPECIES["S"]] == DARK[SPECIES["S"]]


def test_measured_cycles_are_an_ordered_scale_with_an_entry_each():
    halves = [(cycle, word, [0.0, 1.0], [2.0, 1.0]) for cycle in (1, 2, 3) for word in ("discharge", "charge")]
    figure = figures.voltage({"Cell A": cases.run(cases.Case())}, {}, halves)
    own = [each for each in figure["data"] if each["name"].startswith("measured")]
    assert [each["name"] for each in own if each["showlegend"]] == [f"measured cycle {cycle}" for cycle in (1, 2, 3)]
    assert [each["line"]["color"] for each in own[::2]] == cycle_colours([1, 2, 3])


def test_a_dot_and_the_ring_around_it_are_both_seen():
    dots = {
        each["name"]: each["marker"]
        for each in figures.fade({"Cell A": cases.run(cases.Case())})["data"]
        if "marker" in each
    }
    assert dots["charge"]["symbol"] == "circle-open"
    assert dots["charge"]["size"] > 1.5 * dots["discharge"]["size"]


def test_the_drawing_is_made_of_the_curve():
    result = cases.run(cases.Case())
    drawn = places("Cell A", result, 1, "Specific capacity [mAh.g-1]")
    assert len({len(drawn[key]) for key in ("x", "V", "step", "sodium", "interphase", "leak", "connected")}) == 1
    assert np.sum(drawn["sulfur"], axis=0) == pytest.approx(1.0, abs=1e-3)
    turn = drawn["step"].index("charge") - 1
    assert drawn["sodium"][turn] == pytest.approx(min(drawn["sodium"]), abs=5e-3)
    assert drawn["interphase"][-1] == pytest.approx(result.summary["interphase_resistance_Ohm_cm2"].iloc[0], rel=1e-2)


def test_where_a_result_stands_is_always_told():
    case = cases.Case(temperature_C=80.0)
    assert "compared with data here" in views.stands({"Cell A": cases.Case()}, {"Cell A": cases.run(cases.Case())})
    assert "beyond data" in views.stands({"Cell A": case}, {"Cell A": cases.run(case)})


# --- compare ----------------------------------------------------------------------------------------------------------


def test_differences_stand_in_a_column_of_their_own():
    rows = views.numbers(*both(stack_pressure_MPa=20.0))
    first = [
        cases.run(case).summary["discharge_capacity_mAh_g"].iloc[0]
        for case in both(stack_pressure_MPa=20.0)[0].values()
    ]
    assert rows[0]["B - A"] == f"{first[1] - first[0]:+.0f}"


def test_what_changed_and_why_is_told_from_the_ledger():
    chosen, results = both(stack_pressure_MPa=20.0)
    text = compare.sentence(*((chosen[name], results[name]) for name in chosen))
    tables = [result.summary.iloc[-1] for result in results.values()]
    gap = tables[0]["discharge_capacity_mAh_g"] - tables[1]["discharge_capacity_mAh_g"]
    assert "stack pressure (MPa) 250 to 20" in text
    assert f"gives {gap:.3g} mAh per gram of sulfur less" in text
    ledgers = [result.ledger(2) for result in results.values()]
    assert f"sulfur isolated {ledgers[1]['sulfur isolated'] - ledgers[0]['sulfur isolated']:+.3g}" in text


def test_a_copy_is_told_to_be_one():
    chosen, results = both()
    assert "is cell A so far" in compare.sentence(*((chosen[name], results[name]) for name in chosen))


# --- choices, addresses, jobs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", choices.PRESETS.values(), ids=list(choices.PRESETS))
def test_a_preset_comes_back_out_of_an_address(preset):
    values = choices.allowed(preset)
    assert values == choices.START | preset  # the sliders can stand there
    assert choices.from_address(choices.in_address(values, "b_"), "b_") == values


def test_an_address_with_nonsense_opens_the_usual_cell():
    wild = {
        "parameters": "../../etc/passwd",
        "cycles": "many",
        "temperature_C": "nan",
        "overrides": "x" * 5000,
        "weather": "1",
    }
    assert choices.from_address(wild) == choices.START


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lower_V": "abc"}, "lower_V"),
        ({"lower_V": 2.7}, "lower_V"),
        ({"upper_V": "x"}, "upper_V"),
        ({"overrides": ("nonsense",)}, "overrides"),
        ({"temperature_C": 500.0}, "temperature_C"),
    ],
)
def test_a_message_stands_at_its_field(changes, field):
    case = cases.Case(**changes)
    with pytest.raises(NasimError) as refused:
        cases.run(case)
    assert choices.at_field(case, refused.value) == field


def test_a_long_run_tells_how_far_it_is_and_can_be_ended(held):
    job = Job(cases.Case(cycles=200, stack_pressure_MPa=77.5))
    until(lambda: job.cycle == 2)
    assert not job.wait(0.0)
    job.cancel()
    held.set()
    assert job.wait(PATIENCE_S)
    assert job.cancelled
    assert 2 <= job.cycle < 200
    assert cases.kept(job.case) is None


def test_a_background_run_gives_the_same_numbers():
    case = cases.Case(cycles=12, stack_pressure_MPa=72.5)
    job = Job(case)
    assert job.wait(PATIENCE_S)
    plain = case.protocol.run(parameters=case.parameters, **case.conditions).summary
    assert job.result.summary[list(plain)].to_numpy() == pytest.approx(plain.to_numpy(), rel=1e-9, nan_ok=True)


def test_a_set_of_ones_own_is_taken_in_and_another_refused():
    name = cases.bring('extends = "Yuan2025_NAS"\n["Interphase final thickness [m]"]\nvalue = 2e-5\n' + KIND)
    case = cases.Case(parameters=name, cycles=1)
    same = cases.Case(cycles=1, overrides=("Interphase final thickness [m]=2e-5",))
    key = "interphase_thickness_um"
    assert cases.run(case).summary[key].iloc[0] == pytest.approx(cases.run(same).summary[key].iloc[0], rel=1e-9)
    symmetric = (EXAMPLES / "lithium_symmetric.toml").read_text()
    for text, words in {
        "<script>": "not valid TOML",
        'extends = "Yuan2025_symmetric_NAS"': "of a symmetric cell",
        symmetric: "a full cell is wanted; this one is of a symmetric cell",
        '[model]\nslug = "blocking_cell"\n': "no parameter set",
        "title = 1\ncell = 3": "line 1",
    }.items():
        with pytest.raises(NasimError, match=words):
            cases.bring(text)


# --- missions, measured curves ----------------------------------------------------------------------------------------


def test_a_mission_is_answered_by_what_the_cell_does():
    def seen(title, guess):
        mission = MISSIONS[title]
        result = cases.run(choices.case_of(mission.values(guess)))
        return mission.verdict(guess, result), result

    ledger = seen("Why more than 1675?", None)[1].ledger(1)
    assert ledger["sulfur converted"] < 1675 < ledger["sulfur converted"] + ledger["Sb-S self-redox"]
    pressures = MISSIONS["Find the pressure that shorts"].options
    told = {guess: seen("Find the pressure that shorts", guess)[0] for guess in pressures}
    assert [guess for guess, text in told.items() if text.endswith(": a short.")] == ["62.5 MPa"]
    assert told["62.5 MPa"].startswith("As you predicted")
    assert told["20 MPa"].startswith("You predicted: 20 MPa. It is: 62.5 MPa")
    hurry = seen("In a hurry: what is left behind?", None)
    assert "missing, in mAh per gram of sulfur: sulfur behind its film" in hurry[0]
    assert hurry[1].ledger(1)["sulfur behind its film"] > 1000


@pytest.mark.parametrize("mission", MISSIONS.values(), ids=list(MISSIONS))
def test_a_mission_has_its_answer_among_the_options_and_a_place_to_look(mission):
    assert mission.right in mission.options
    assert mission.view in views.VIEWS
    for guess in mission.options:
        assert choices.allowed(mission.values(guess)) == mission.values(guess)


def test_a_measured_curve_is_laid_over(tmp_path):
    result = cases.run(cases.Case())
    curve = result.curve(1)
    text = curve[["Time [s]", "Voltage [V]", "Current density [mA.cm-2]"]].to_csv(index=False)
    text = text.replace("Time [s],Voltage [V],Current density [mA.cm-2]", "Time / s,Voltage / V,Current / mA")
    overlay = Overlay("own <b>.csv", text.encode())
    discharge = overlay.lines("Capacity [mAh.cm-2]")[0]
    assert discharge[:2] == (1, "discharge")
    assert discharge[2][-1] == pytest.approx(result.summary["discharge_capacity_mAh_cm2"].iloc[0], rel=1e-2)
    with pytest.raises(ProtocolError, match="give the sulfur"):
        overlay.lines("Specific capacity [mAh.g-1]")
    with pytest.raises(ProtocolError, match="above zero"):
        overlay.lines("Specific capacity [mAh.g-1]", "-1")
    with pytest.raises(NasimError, match="the file"):
        Overlay("x.csv", b"<script>alert(1)</script>")


# --- server -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", [80, 70_000, "2718", True])
def test_a_port_that_makes_no_sense_is_refused(port):
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    with pytest.raises(ProtocolError, match="port"):
        application(port)


def test_a_port_that_is_taken_is_refused():
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ProtocolError, match="not free"):
            main(taken.getsockname()[1], browser=False)


def test_what_a_page_needs_is_imported_before_the_first_page_is_opened():
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    with held_port() as port:
        code = f"import nasim.lab, sys; nasim.lab.application({port}); print(hasattr(sys.modules['marimo._output'], 'mpl'))"
        assert (
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"
        )


def test_without_marimo_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("nasim.lab.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[lab\]"):
        main(2718, browser=False)


SLOW_MPA = 275.0
SERVER = f"""
import time
from nasim.lab import guard, jobs, main
guard.KEPT_S = 1  # tests open more pages than a user
told = jobs.Job._watch
def watch(self, number):
    told(self, number)
    time.sleep(0.5 * (self.case.stack_pressure_MPa == {SLOW_MPA}))
jobs.Job._watch = watch
main(PORT, browser=False)
"""
"""A lab whose long runs at one pressure take their time."""


@pytest.fixture(scope="module")
def address():
    """Address of the workshop of a running lab."""
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    with serving("-c", SERVER) as (port, _):
        yield f"http://127.0.0.1:{port}{WORKSHOP}"


class Lab:
    """The page, as someone uses it who goes by labels."""

    def __init__(self, browser, address, width=1400):
        self.asked_for = []
        self.page = opened(browser, viewport={"width": width, "height": 900})
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.goto(address)
        self.picture("Cell A").wait_for()
        self.page.locator("table.nasim-numbers").wait_for()

    def picture(self, name):
        return self.page.get_by_role("img", name=f"{name}:")

    def control(self, role, name):
        return self.page.get_by_role(role, name=name)

    def numbers(self):
        """Row -> number of each cell that is shown."""
        rows = self.page.evaluate(
            """() => [...document.querySelectorAll('table.nasim-numbers tbody tr')].map(
                 line => [...line.cells].map(cell => cell.innerText))"""
        )
        return {name: [number(text) for text in texts] for name, *texts in rows}

    def until(self, row, text, cell=0):
        """Wait until the table says so."""
        self.page.wait_for_function(
            """([row, text, cell]) => [...document.querySelectorAll('table.nasim-numbers tbody tr')].some(
                 line => line.cells[0].innerText === row && line.cells[cell + 1]?.innerText.startsWith(text))""",
            arg=[row, text, cell],
        )


def number(text):
    return re.match(r"[-+\d.]+", text)[0]


@pytest.fixture
def lab(browser, address):
    lab = Lab(browser, address)
    yield lab
    lab.page.close()


ROW = "First discharge (mAh per gram of sulfur)"


def shown(case):
    return f"{cases.run(case).summary['discharge_capacity_mAh_g'].iloc[0]:.0f}"


def test_the_page_shows_the_numbers_of_the_python_interface_and_asks_nobody(lab, address):
    result = nasim.GCD(current_mA_cm2=0.127, cycles=2).run()
    lab.until(ROW, f"{result.summary['discharge_capacity_mAh_g'].iloc[0]:.0f}")
    outside = [url for url in lab.asked_for if not url.startswith((urljoin(address, "/"), "data:", "blob:"))]
    assert outside == []


def test_every_control_has_a_label(lab):
    roles = {
        "combobox": ["Preset", "Cell A: materials", "Show", "Mission"],
        "slider": ["current", "stack pressure", "temperature", "cycles"],
        "textbox": ["lower cut-off", "upper cut-off", "other values", "sulfur in it", "its area"],
        "checkbox": ["Compare", "last kept cycle"],
    }
    for role, names in roles.items():
        expect(lab.page.get_by_role(role)).to_have_count(len(names))
        for name in names:
            expect(lab.control(role, name)).to_have_count(1)
    for name in ("Own set", "Own curve", "Reset"):
        expect(lab.control("button", name)).to_have_count(1)


def test_a_slider_is_moved_by_keyboard_alone(lab):
    slider = lab.control("slider", "stack pressure")
    slider.focus()
    slider.press("PageDown")
    lab.until(ROW, shown(cases.Case(stack_pressure_MPa=225.0)))
    expect(slider).to_have_attribute("aria-valuetext", "225 megapascal")
    expect(slider).to_have_attribute("aria-description", choices.SLIDERS["stack_pressure_MPa"][-1])


def test_two_cells_are_compared(lab, tmp_path):
    lab.control("checkbox", "Compare").click()
    lab.picture("Cell B").wait_for()
    lab.control("combobox", "Cell B: materials").select_option("S@C-NPS | NAS | Na15Sn4")
    lab.until(ROW, shown(cases.Case(parameters="Yuan2025_NPS")), cell=1)
    assert lab.numbers()[ROW][0] == shown(cases.Case())
    lab.page.screenshot(path=tmp_path / "lab.png", full_page=True)
    assert (tmp_path / "lab.png").stat().st_size > 20_000


@pytest.mark.parametrize(("value", "words"), [("2.8", "upside down"), ("low", "must be a number")])
def test_wrong_input_shows_a_message_and_right_input_takes_it_away(lab, value, words):
    field = lab.control("textbox", "lower cut-off")
    field.fill(value)
    field.press("Enter")
    lab.page.get_by_role("alert").filter(has_text=words).wait_for()
    field.fill("0.9")
    field.press("Enter")
    lab.until(ROW, shown(cases.Case(lower_V=0.9)))
    expect(lab.page.get_by_text(words)).to_have_count(0)


def test_views_and_downloads(lab, tmp_path):
    view = lab.control("combobox", "Show")
    view.select_option("Voltage")
    lab.page.get_by_role("img", name="voltage against capacity").wait_for()
    with lab.page.expect_download() as figure:
        lab.page.get_by_text("save the figure").click()
    figure.value.save_as(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    view.select_option("Script and data")
    lab.page.get_by_text("nasim.Cycling").first.wait_for()
    with lab.page.expect_download() as table:
        lab.page.get_by_text("cycles (CSV)").click()
    table.value.save_as(tmp_path / "cycles.csv")
    assert "discharge_capacity_mAh_g" in (tmp_path / "cycles.csv").read_text()


def test_a_narrow_page_is_not_wider_than_the_screen_and_has_its_controls(browser, address):
    lab = Lab(browser, address, width=390)
    stage(lab).locator(".main-svg").first.wait_for()
    lab.page.wait_for_function("document.documentElement.scrollWidth <= 390")
    box = lab.page.locator("iframe.nasim-stage").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    expect(lab.page.get_by_text("Find a parameter")).to_have_count(1)
    slider = lab.control("slider", "stack pressure")
    before, after = slider.evaluate(
        """slider => {
             const place = () => document.querySelector("iframe.nasim-stage").getBoundingClientRect().toJSON();
             const before = place();
             slider.focus();
             return [before, place()];
           }"""
    )
    assert before == after, "the slider is brought into its own pane, and the result stays where it is"
    until(lambda: 0 < slider.bounding_box()["y"] < 900)
    lab.control("combobox", "Show").select_option("Ledger")
    stage(lab).get_by_role("button", name="sulfur converted").wait_for()
    lab.page.mouse.move(190, 300)  # marimo lifts the cell under the pointer
    lab.page.wait_for_function("document.querySelector('iframe.nasim-stage').closest('.marimo-cell').matches(':hover')")
    over = """() => {
        const pane = document.querySelector(".nasim-controls"), top = pane.getBoundingClientRect().top + 5;
        const reaches = document.querySelector("iframe.nasim-stage").getBoundingClientRect().bottom > top;
        return [reaches, pane.contains(document.elementFromPoint(190, top))];
    }"""
    until(lambda: lab.page.evaluate(over)[0])
    assert lab.page.evaluate(over)[1]
    lab.page.close()


def test_lines_are_hidden_and_shown_by_their_names_on_a_narrow_page(browser, address):
    lab = Lab(browser, address, width=390)
    button = stage(lab).get_by_role("button", name="Na2S2")
    button.click()
    stage(lab).locator("#names button[aria-pressed=false]").wait_for()
    hidden = "() => document.getElementById('plot').data.find((each) => each.name.startsWith('Na<sub>2</sub>S<sub>2')).visible"
    frame = stage(lab).locator("#plot")
    until(lambda: frame.evaluate(hidden) == "legendonly")
    button.click()
    stage(lab).locator("#names button[aria-pressed=false]").wait_for(state="detached")
    until(lambda: frame.evaluate(hidden) is True)
    lab.page.close()


def test_a_script_stands_where_the_figure_was(lab):
    frame = lab.page.locator("iframe.nasim-stage")
    lab.control("combobox", "Show").select_option("Script and data")
    lab.page.get_by_text("nasim.Cycling").first.wait_for()
    frame.wait_for(state="hidden")
    lab.control("combobox", "Show").select_option("Fade")
    frame.wait_for()
    stage(lab).get_by_text("charge / discharge").first.wait_for()


def stage(lab):
    return lab.page.frame_locator("iframe.nasim-stage")


def test_the_cursor_of_the_drawing_and_of_the_figure_is_one(lab):
    scrub = stage(lab).get_by_role("slider", name="place along the cycle")
    scrub.focus()
    scrub.press("End")
    expect(scrub).to_have_attribute("aria-valuetext", re.compile("^charge, "))
    plot = stage(lab).locator("#plot .nsewdrag").first

    def follows():
        box = plot.bounding_box()
        for share in (0.3, 0.25):
            lab.page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        return (
            stage(lab).locator(".hoverlayer .legend, .hoverlayer .hovertext").count()
            and scrub.get_attribute("aria-valuetext").startswith("discharge, ")
            and abs(float(scrub.input_value()) - 250) < 20
        )

    until(follows)


def test_a_shared_address_shows_the_same(browser, address, lab):
    lab.control("checkbox", "Compare").click()
    slider = lab.control("slider", "Cell B: stack pressure")
    slider.focus()
    slider.press("Home")
    lab.until(ROW, shown(cases.Case(stack_pressure_MPa=10.0)), cell=1)
    lab.page.wait_for_function("location.search.includes('b=1') && location.search.includes('b_stack_pressure_MPa=10')")
    other = opened(browser)
    other.goto(lab.page.url)
    row = "table.nasim-numbers tbody tr"
    expect(other.locator(row).first).to_have_text(lab.page.locator(row).first.text_content())
    other.close()


def below(message, field):
    """How far a message stands below a field [pixels]."""
    return message.bounding_box()["y"] - field.bounding_box()["y"]


def test_a_wrong_value_leaves_the_last_figure_and_speaks_at_its_field(lab):
    before = lab.numbers()
    field = lab.control("textbox", "upper cut-off")
    field.fill("0.1<b>")
    field.press("Enter")
    message = lab.page.get_by_role("alert").filter(has_text="0.1<b>")
    until(lambda: 0 < below(message, field) < 80)
    assert lab.numbers() == before


def test_a_message_leaves_what_is_being_typed_where_it_is(lab):
    lower, upper = (lab.control("textbox", f"{which} cut-off") for which in ("lower", "upper"))
    lower.fill("2.8")
    lower.press("Enter")
    upper.focus()
    upper.press("End")
    lab.page.keyboard.type("0")
    lab.page.get_by_role("alert").filter(has_text="upside down").wait_for()
    expect(upper).to_be_focused()
    expect(upper).to_have_value("2.60")


def test_four_quick_presses_settle_on_the_last(lab):
    lab.page.evaluate(
        """row => {
             window.seen = [];
             new MutationObserver(() => {
               const lines = [...document.querySelectorAll("table.nasim-numbers tbody tr")];
               const text = lines.find((line) => line.cells[0].innerText === row)?.cells[1].innerText;
               if (text && text !== window.seen.at(-1)) window.seen.push(text);
             }).observe(document.body, {childList: true, subtree: true, characterData: true});
           }""",
        ROW,
    )
    slider = lab.control("slider", "stack pressure")
    slider.focus()
    for _ in range(4):
        slider.press("PageDown")
    settled, next_one = (shown(cases.Case(stack_pressure_MPa=pressure)) for pressure in (150.0, 175.0))
    lab.until(ROW, settled)
    slider.press("PageUp")
    lab.until(ROW, next_one)
    seen = [number(text) for text in lab.page.evaluate("window.seen")]
    assert seen[seen.index(settled) :] == [settled, next_one], seen


def test_a_long_run_shows_a_coarse_answer_first_and_then_all_of_it(lab):
    slider = lab.control("slider", "cycles")
    slider.focus()
    slider.press("End")
    last = f"{cases.run(cases.Case(cycles=140)).summary['discharge_capacity_mAh_cm2'].iloc[-1]:.3f}"
    lab.until("Last discharge (mAh cm-2)", last)


def test_a_mission_is_predicted_and_then_seen(lab):
    lab.control("combobox", "Mission").select_option("Why more than 1675?")
    lab.page.get_by_label("Carbon stores charge").click()
    lab.control("button", "Now see").click()
    lab.page.get_by_text("You predicted: Carbon stores charge. It is: The electrolyte").wait_for()
    lab.page.get_by_role("img", name="what each kept discharge gave").wait_for()


def test_a_long_run_is_cancelled_on_the_page(lab):
    slider = lab.control("slider", "stack pressure")
    slider.focus()
    slider.press("PageUp")
    lab.until(ROW, shown(cases.Case(stack_pressure_MPa=SLOW_MPA)))
    lab.control("slider", "cycles").focus()
    lab.control("slider", "cycles").press("End")
    lab.control("button", "Cell A: cancel").click()
    lab.page.get_by_text(re.compile("ended in cycle .*; the first 2 are shown")).wait_for()
    expect(lab.control("button", "Cell A: cancel")).to_have_count(0)


def test_a_curve_of_ones_own_is_seen_at_once(lab):
    curve = cases.run(cases.Case()).curve(1)[["Time [s]", "Voltage [V]", "Current density [mA.cm-2]"]]
    curve.columns = ["Time / s", "Voltage / V", "Current / mA"]
    with lab.page.expect_file_chooser() as chooser:
        lab.page.get_by_text("Own curve").click()
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": curve.to_csv(index=False).encode()}
    chooser.value.set_files([file])
    mass = lab.control("textbox", "sulfur in it")
    message = lab.page.get_by_role("alert").filter(has_text="give the sulfur")
    until(lambda: 0 < below(message, mass) < 60)
    mass.fill("1.5")
    mass.press("Enter")
    stage(lab).get_by_text("measured cycle 1").wait_for()


def test_no_button_sends_a_figure_away(lab):
    buttons = stage(lab).locator(".modebar-btn")
    buttons.first.wait_for(state="attached")
    assert not [title for title in (button.get_attribute("data-title") for button in buttons.all()) if "Share" in title]


def test_the_front_page_and_the_workshop_hand_the_cell_over(browser, address):
    try:
        wasm()  # the lab is at it, too, which takes a while the first time
    except NoLibrary as error:
        pytest.skip(f"{error}: pip install nasim-cells[export]")
    page = opened(browser)
    page.goto(urljoin(address, "/"))
    link = page.get_by_role("link", name="Workshop", exact=True)
    link.wait_for()
    page.get_by_role("combobox", name="Cell (").select_option("Yuan2025_NPS")
    shown_there = page.get_by_role("region", name="The same run in Python").filter(has_text="Yuan2025_NPS")
    shown_there.wait_for()
    link.click()
    page.get_by_role("img", name="Cell A:").wait_for()
    expect(page.get_by_role("combobox", name="Cell A: materials")).to_have_value("S@C-NPS | NAS | Na15Sn4")
    page.get_by_role("link", name="Quick page").click()
    shown_there.wait_for()
    page.close()


def test_of_cells_chosen_while_one_is_built_the_last_one_is_shown(browser, address):
    try:
        wasm()
    except NoLibrary as error:
        pytest.skip(f"{error}: pip install nasim-cells[export]")
    page, held, asked = opened(browser), [], []

    def hold(route):
        asked.append(route.request.url.rpartition("/")[2])
        if len(asked) == 1:
            held.append(route)
        else:
            route.continue_()

    page.route("**/cell/*", hold)
    page.goto(urljoin(address, "/"))
    chooser = page.get_by_role("combobox", name="Cell (")
    page.locator("html[data-done=yes]").wait_for(state="attached")
    with page.expect_request("**/cell/*"):
        chooser.select_option("Yuan2025_NPS")
    page.get_by_text("Building the cell S@C-NPS").wait_for()
    chooser.select_option("Yuan2025_NASC")
    chooser.select_option("Yuan2025_NPSC")
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(chooser).to_have_value("Yuan2025_NPSC")
    page.get_by_role("region", name="The same run in Python").filter(has_text="temperature_C=26").wait_for()
    held[0].continue_()
    page.get_by_role("region", name="The same run in Python").filter(has_text="Yuan2025_NPSC").wait_for()
    expect(chooser).to_have_value("Yuan2025_NPSC")
    assert asked == ["Yuan2025_NPS", "Yuan2025_NPSC"]
    page.close()


def test_the_figure_fades_while_another_one_is_computed(lab):
    area = lab.page.locator("#nasim-data").locator("xpath=ancestor::*[contains(@class, 'output-area')]").first
    note = stage(lab).locator("#note")
    expect(note).to_be_hidden()
    area.evaluate("(each) => each.classList.add('marimo-output-loading')")
    note.wait_for()
    area.evaluate("(each) => each.classList.remove('marimo-output-loading')")
    note.wait_for(state="hidden")


def test_a_new_value_is_told_to_be_computed(lab):
    stage(lab).locator("body").evaluate(
        """(body) => { window.top.seen = [];
             new MutationObserver(() => window.top.seen.push(body.classList.contains("busy"))).observe(body, {attributes: true}); }"""
    )
    slider = lab.control("slider", "stack pressure")
    slider.focus()
    slider.press("PageDown")
    lab.until(ROW, shown(cases.Case(stack_pressure_MPa=225.0)))
    lab.page.wait_for_function("window.seen.includes(true) && window.seen.at(-1) === false")
