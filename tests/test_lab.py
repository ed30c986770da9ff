"""The virtual lab: its numbers are those of the Python interface, its page works in a real browser and calls nobody."""

import re
import shutil
import socket
import subprocess
import sys
import time

import matplotlib.pyplot as plt
import pytest

import nasim
from nasim.errors import MissingExtraError, NasimError, ProtocolError
from nasim.lab import application, cases, main, views

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE_MS = 60_000
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


@pytest.mark.parametrize("view", views.VIEWS)
def test_each_view_draws_two_cells(view):
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


def test_a_picture_has_a_text():
    picture = views.picture(views.figures("Fade", {"Cell A": cases.Case()})["Cell A"], 'a "text"')
    assert 'alt="a &quot;text&quot;"' in picture
    assert "http" not in picture


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


def test_without_marimo_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("nasim.lab.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[lab\]"):
        main(2718, browser=False)


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


@pytest.fixture(scope="module")
def address():
    """Address of a running lab."""
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", f"import nasim.lab; nasim.lab.main({port}, browser=False)"])
    for _ in range(300):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(30)


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install nasim-cells[test]"
    )
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Lab:
    """The page, as someone uses it who goes by labels."""

    def __init__(self, browser, address, width=1400):
        self.asked_for = []
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.goto(address)
        self.picture("Cell A").wait_for()

    def picture(self, name):
        return self.page.get_by_role("img", name=f"{name}:")

    def control(self, role, name):
        return self.page.get_by_role(role, name=name)

    def numbers(self):
        """Row -> number of each cell that is shown."""
        rows = self.page.locator("table.nasim-numbers tbody tr").all()
        cells = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}
        return {name: [re.match(r"[-\d.]+", text)[0] for text in texts] for name, texts in cells.items()}

    def until(self, row, text, cell=0):
        """Wait until the table says so."""
        self.page.wait_for_function(
            """([row, text, cell]) => [...document.querySelectorAll('table.nasim-numbers tbody tr')].some(
                 line => line.cells[0].innerText === row && line.cells[cell + 1]?.innerText.startsWith(text))""",
            arg=[row, text, cell],
        )


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
    outside = [url for url in lab.asked_for if not url.startswith((address, "data:", "blob:"))]
    assert outside == []


def test_every_control_has_a_label(lab):
    roles = {
        "combobox": ["Cell A: materials", "Show"],
        "slider": ["current", "stack pressure", "temperature", "cycles"],
        "textbox": ["lower cut-off", "upper cut-off", "other values"],
        "checkbox": ["Compare"],
    }
    for role, names in roles.items():
        assert lab.page.get_by_role(role).count() == len(names)
        for name in names:
            assert lab.control(role, name).count() == 1, name


def test_a_slider_is_moved_by_keyboard_alone(lab):
    slider = lab.control("slider", "stack pressure")
    slider.focus()
    slider.press("ArrowLeft")
    lab.until(ROW, shown(cases.Case(stack_pressure_MPa=180)))


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
    lab.page.get_by_text(words).wait_for()
    field.fill("0.9")
    field.press("Enter")
    lab.until(ROW, shown(cases.Case(lower_V=0.9)))
    assert lab.page.get_by_text(words).count() == 0


def test_views_and_downloads(lab, tmp_path):
    view = lab.control("combobox", "Show")
    view.select_option("Species")
    lab.page.get_by_role("img", name="fractions of the species").wait_for()
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
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390
    box = lab.picture("Cell A").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    lab.page.get_by_role("button").first.click()
    lab.control("slider", "stack pressure").first.wait_for(state="visible")
    lab.page.close()
