"""The page without a server: a browser computes what Python computes, asks nobody, and can be used without a mouse."""

import ctypes
import json
import re

import numpy as np
import pytest
from patience import expect, opened

import nasim
from nasim.engine.integrators.library import NoLibrary, wasm
from nasim.errors import MissingExtraError, NasimError
from nasim.lab import export as exporting
from nasim.lab.export import export
from nasim.lab.image import Image, narrow, offsets

CELLS = ("Yuan2025_NAS", "Yuan2025_NASC")
CONDITIONS = (
    {"pressure": 250.0, "temperature": 25.0, "current": 0.127},
    {"pressure": 62.5, "temperature": 40.0, "current": 0.25},
)
SHORT = {"pressure": 250.0, "temperature": 25.0, "current": 2.0}
"""In the units of the page: MPa, degC, mA cm-2."""
RUN = """async (request) => {
    const { rows, curves, end } = await window.nasim.run(request);
    const plain = (half) => ({kind: half.kind, t: [...half.t], V: [...half.voltage], areal: [...half.areal],
        specific: half.specific && [...half.specific], dqdv: half.dqdv && half.dqdv.map((each) => [...each])});
    return { rows, end, curves: Object.fromEntries(Object.entries(curves).map(([n, halves]) => [n, halves.map(plain)])) };
}"""


def test_a_structure_is_laid_out_for_the_browser():
    class Inner(ctypes.Structure):
        _fields_ = [("count", ctypes.c_int), ("values", ctypes.POINTER(ctypes.c_double)), ("code", ctypes.c_void_p)]

    class Outer(ctypes.Structure):
        _fields_ = [("inner", Inner), ("rtol", ctypes.c_double)]

    values = np.array([1.5, 2.5])
    image = Image([values])
    place = image.structure(Outer(Inner(2, values.ctypes.data_as(ctypes.POINTER(ctypes.c_double)), None), 0.25))
    assert offsets(Outer) == {"inner": 0, "rtol": 16, "size": 24}
    found = narrow(Outer).from_buffer(image.data, place)
    assert (found.inner.count, found.inner.code, found.rtol) == (2, 0, 0.25)
    assert image.pointers == [place + 4]
    assert np.frombuffer(image.data, float, 2, found.inner.values).tolist() == values.tolist()


def test_text_of_a_set_cannot_leave_the_script_it_stands_in():
    title = "A <!-- <script> </script><img src=x onerror=alert(1)> {{page.js}}"
    made = exporting.page({"cells": [{"title": title}]})
    (line,) = [line for line in made.splitlines() if line.startswith("const DATA = ")]
    assert "<" not in line
    assert json.loads(line.removeprefix("const DATA = ").removesuffix(";")) == {"cells": [{"title": title}]}


def test_without_ziglang_the_extra_is_named(monkeypatch, tmp_path):
    def missing():
        raise NoLibrary("ziglang is not installed")

    monkeypatch.setattr(exporting, "wasm", missing)
    monkeypatch.setattr(exporting, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[export\]"):
        export(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def integrator():
    try:
        return wasm()
    except NoLibrary as error:
        pytest.skip(f"{error}: pip install nasim-cells[export]")


def test_a_cell_that_is_not_full_is_refused(integrator, tmp_path):
    with pytest.raises(NasimError, match="full cell"):
        export(tmp_path, ["Yuan2025_symmetric_NAS"])


@pytest.fixture(scope="module")
def address(integrator, tmp_path_factory):
    """Address of a page on the disk."""
    return export(tmp_path_factory.mktemp("page"), [*CELLS, "Yuan2025_NPS_separator"]).as_uri()


class Page:
    """The page, as someone uses it who goes by labels."""

    def __init__(self, chromium, address, width=1400):
        self.asked_for, self.errors = [], []
        self.page = opened(chromium, viewport={"width": width, "height": 900})
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        self.settled()

    def settled(self):
        self.page.locator("html[data-done=yes]").wait_for(state="attached")

    def run(self, **request):
        return self.page.evaluate(RUN, request)

    def slider(self, name):
        return self.page.get_by_role("slider", name=name, exact=True)

    def number(self, row):
        return self.page.locator("#numbers tr", has_text=row).locator("td").first.inner_text()


@pytest.fixture
def page(browser, address):
    page = Page(browser, address)
    yield page
    assert page.errors == []
    page.page.close()


def python(cell, conditions, solver=None, **options):
    protocol = nasim.Cycling(conditions["current"], **options)
    return protocol.run(
        parameters=cell,
        stack_pressure_MPa=conditions["pressure"],
        temperature_C=conditions["temperature"],
        solver=solver,
    )


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("conditions", CONDITIONS, ids=["usual", "harsh"])
def test_the_voltage_is_that_of_python(page, cell, conditions):
    exact = {"rtol": 1e-9, "atol": 1e-10}
    result = python(cell, conditions, nasim.Rodas(**exact), cycles=1)
    halves = page.run(cell=cell, cycles=1, **conditions, **exact)["curves"]["1"]
    assert [half["kind"] for half in halves] == ["discharge", "charge"]
    for half in halves:
        part = result.curves[result.curves["Step"] == half["kind"]]
        t, V = part["Time [s]"].to_numpy(), part["Voltage [V]"].to_numpy()
        assert np.interp(t - t[0], half["t"], half["V"]) == pytest.approx(V, abs=1e-6)
        assert half["areal"][-1] == pytest.approx(part["Capacity [mAh.cm-2]"].iloc[-1], rel=1e-8)


@pytest.mark.parametrize("conditions", [*CONDITIONS, SHORT], ids=["usual", "harsh", "short"])
def test_many_cycles_are_those_of_python(page, conditions):
    table = python(CELLS[0], conditions, cycles=12, keep=()).summary
    answer = page.run(cell=CELLS[0], cycles=12, keep=[], **conditions)
    assert answer["end"]["reason"] == "all cycles done"
    for row, (_, expected) in zip(answer["rows"], table.iterrows(), strict=True):
        assert {name: row[name] for name in row} == pytest.approx({name: expected[name] for name in row}, rel=1e-4)


def test_dqdv_is_that_of_python(page):
    for half in page.run(cell=CELLS[0], **CONDITIONS[0])["curves"]["1"]:
        grid, height = nasim.analysis.dqdv(half["V"], half["specific"])
        assert half["dqdv"][0] == pytest.approx(grid, abs=1e-9)
        assert half["dqdv"][1] == pytest.approx(height, abs=1e-9 * height.max())


def test_an_early_end_has_the_words_of_python(page):
    conditions = {"pressure": 250.0, "temperature": 25.0, "current": 0.127}
    result = python("Yuan2025_NPS_separator", conditions, cycles=2)
    assert result.record["stopped_because"] != "all cycles done"
    answer = page.run(cell="Yuan2025_NPS_separator", cycles=2, **conditions)
    assert answer["end"]["reason"] == result.record["stopped_because"]


@pytest.mark.parametrize(
    ("cell", "pressure", "temperature", "current", "lower"),
    [
        (CELLS[0], 250, 25, 0.127, 0.7),
        (CELLS[0], 20, 25, 0.127, 0.7),
        (CELLS[0], 5, 25, 0.127, 0.7),
        (CELLS[0], 250, 25, 0.127, 1.28),
        (CELLS[0], 250, 25, 0.2, 0.7),
        (CELLS[1], 250, 80, 0.127, 0.7),
        ("Yuan2025_NPS_separator", 250, 25, 0.127, 0.7),
    ],
)
def test_it_says_where_it_stands_as_python_does(browser, address, cell, pressure, temperature, current, lower):
    given = f"cell={cell}&pressure={pressure}&temperature={temperature}&current={current}&lower={lower}&cycles=1"
    page = Page(browser, f"{address}#{given}")
    conditions = {"pressure": float(pressure), "temperature": float(temperature), "current": current}
    result = python(cell, conditions, cycles=1, window=(lower, 2.6))
    expected = nasim.validity(result)
    text = page.page.locator(".stands").inner_text().replace("°C", "degC").replace("⁻²", "-2")
    assert text == str(expected)
    assert page.page.locator(".meanings p").all_inner_texts() == list(expected.remarks)
    page.page.close()


def test_a_slider_is_moved_by_keyboard_alone_and_spoken(page, address):
    slider = page.slider("Stack pressure")
    slider.focus()
    for _ in range(10):
        slider.press("ArrowLeft")
    page.settled()
    pressure = float(page.page.get_by_role("textbox", name="Stack pressure, MPa, exact").input_value())
    assert pressure < 250
    assert slider.get_attribute("aria-valuetext") == f"{pressure:g} megapascal"
    first = (
        python(CELLS[0], CONDITIONS[0] | {"pressure": pressure}, cycles=1).summary["discharge_capacity_mAh_g"].iloc[0]
    )
    assert page.number("First discharge (mAh per gram") == f"{first:.0f}"
    assert all(url.startswith(("file:", "blob:", "data:")) for url in page.asked_for)
    assert sum(url.startswith("file:") for url in page.asked_for) == 1


@pytest.mark.parametrize(
    ("value", "words"), [("2.8", "below the upper"), ("low", "number is needed"), ("-1", "From 0")]
)
def test_wrong_input_shows_a_message_and_right_input_takes_it_away(page, value, words):
    field = page.page.get_by_role("textbox", name="Lower cut-off, V, exact")
    before = page.number("First discharge (mAh per gram")
    field.fill(value)
    field.press("Enter")
    page.page.get_by_text(words).wait_for()
    assert page.number("First discharge (mAh per gram") == before
    field.fill("0.9")
    field.press("Enter")
    page.settled()
    assert page.page.get_by_text(words).is_visible() is False
    assert page.number("First discharge (mAh per gram") != before


def test_every_control_has_a_name(page):
    names = {
        "slider": ["Current", "Stack pressure", "Temperature", "Lower cut-off", "Upper cut-off", "Cycles"],
        "combobox": ["Cell (cathode | separator | anode)", "Capacity in", "Cycle whose species are shown"],
        "img": ["Voltage", "dQ/dV", "Species", "Capacity against cycle"],
    }
    for role, expected in names.items():
        assert page.page.get_by_role(role).count() == len(expected)
        for name in expected:
            assert page.page.get_by_role(role, name=name).count() == 1, name


def test_published_numbers_are_marked_where_they_were_measured(page):
    table = page.page.locator("#numbers")
    known = nasim.evidence.published.marks(
        CELLS[0], {"temperature_C": 25, "stack_pressure_MPa": 250, "current_mA_cm2": 0.127}, "cycle"
    )
    assert f"(published {known['discharge_capacity_mAh_g']:g})" in table.inner_text()
    marks = page.page.locator(".chart .published")
    peaks = known.get("reduction_peaks_V", []) + known.get("oxidation_peaks_V", [])
    assert marks.count() == 1 + len(peaks)
    page.slider("Temperature").press("ArrowRight")
    page.slider("Temperature").press("ArrowRight")
    page.settled()
    assert marks.count() == 0
    assert "published" not in table.inner_text()


def test_a_run_is_kept_to_compare(page):
    page.page.get_by_role("button", name="Keep to compare").click()
    page.slider("Stack pressure").press("Home")
    page.settled()
    cells = page.page.locator("#numbers tbody tr").first.locator("td").all_inner_texts()
    now, kept, difference = (float(text.split()[0].replace("\u2212", "-")) for text in cells)
    assert difference == pytest.approx(now - kept, abs=1.0)
    assert now < kept


def test_a_link_holds_the_state(browser, address):
    page = Page(browser, f"{address}#cell={CELLS[1]}&pressure=100&cycles=1&temperature=wrong")
    assert page.page.get_by_role("combobox", name="Cell (").input_value() == CELLS[1]
    assert page.page.get_by_role("textbox", name="Stack pressure, MPa, exact").input_value() == "100"
    assert page.page.get_by_role("textbox", name="Temperature, °C, exact").input_value() == "25"
    page.page.close()


HUNG = "worker.ask = (request) => { window.asked = request; return -1; }"


def test_figures_fade_while_what_the_controls_ask_for_is_computed(page):
    page.page.evaluate("window.ask = worker.ask")
    page.page.evaluate(HUNG)
    page.slider("Temperature").press("ArrowRight")
    figure = page.page.locator(".chart > svg").first
    expect(figure).to_have_css("opacity", "0.4")
    page.page.locator(".status").get_by_text("Being computed").wait_for()
    page.page.evaluate("worker.ask = window.ask; running.answered = true; refresh()")
    page.settled()
    expect(figure).to_have_css("opacity", "1")
    expect(page.page.get_by_text("Being computed")).to_have_count(0)


def test_what_a_link_asks_for_in_vain_is_said_at_the_field(browser, address):
    page = Page(browser, f"{address}#cell=<b>x&pressure=abc&cycles=9999&lower=2.8&temperature=&current=0.2")
    said = page.page.get_by_role("alert").filter(has_text="The link says")
    expect(said).to_have_text(
        [
            "The link says \u201c<b>x\u201d. There is no such cell here.",
            "The link says \u201cabc\u201d. A number is needed.",
            "The link says \u201c\u201d. A number is needed.",
            "The link says \u201c2.8\u201d. The lower cut-off must be below the upper one.",
            "The link says \u201c9999\u201d. From 1 to 200.",
        ]
    )
    expect(page.page.get_by_role("textbox", name="Current, mA cm\u207b\u00b2, exact")).to_have_value("0.2")
    page.slider("Temperature").press("ArrowRight")
    page.settled()
    expect(said.filter(visible=True)).to_have_count(0)
    page.page.close()


def test_both_cut_offs_of_a_link_are_taken_together(browser, address):
    page = Page(browser, f"{address}#lower=2.65&upper=2.9&cycles=1")
    assert page.page.get_by_role("textbox", name="Lower cut-off, V, exact").input_value() == "2.65"
    assert page.page.get_by_role("textbox", name="Upper cut-off, V, exact").input_value() == "2.9"
    page.page.close()


def test_a_figure_is_read_by_keys(page):
    figure = page.page.get_by_role("img", name="Voltage")
    figure.focus()
    for _ in range(20):
        figure.press("ArrowRight")
    assert "cycle 1, discharge" in page.page.locator("#spoken").text_content()


def test_a_narrow_page_is_not_wider_than_the_screen(browser, address):
    page = Page(browser, address, width=390)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    page.page.close()


def test_files_are_those_of_the_run(page, tmp_path):
    with page.page.expect_download() as table:
        page.page.get_by_role("button", name="Cycles (CSV)").click()
    table.value.save_as(tmp_path / "cycles.csv")
    lines = (tmp_path / "cycles.csv").read_text().splitlines()
    assert lines[0].startswith("cycle,discharge_capacity_mAh_g")
    assert len(lines) == 3


def test_the_page_names_no_server():
    text = exporting.page({"cells": [], "settings": exporting.settings()})
    assert set(re.findall(r"https?://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}
