"""The documentation builds without a warning, needs nobody to be read, and its code runs."""

import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import nasim
import nasim.fit

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")] if "```python" in path.read_text())
NEEDED = ("sphinx", "pydata_sphinx_theme", "myst_parser", "sphinx-mathjax-offline")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder of the built pages."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: pip install nasim-cells[docs]")
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", folder / "trees"]
    done = subprocess.run([*command, DOCS, folder / "html"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_code_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.S)):
        exec(compile(block, f"{page.name} block {number}", "exec"), names)
    plt.close("all")


def test_it_builds_without_a_warning(built):
    assert (built / "index.html").is_file()


def test_no_page_needs_the_network(built):
    outside = r'<(?:script|img)[^>]*src="https?:|<link[^>]*rel="stylesheet"[^>]*href="https?:'
    found = {page.name for page in built.rglob("*.html") if re.search(outside, page.read_text())}
    assert found == set()


def test_equations_are_there(built):
    text = (built / "theory.html").read_text()
    assert text.count('class="math') > 20
    assert "k^\\rightarrow" in text


def test_the_theory_shows_every_mechanism_that_states_equations():
    shown = (DOCS / "theory.rst").read_text()
    for path in sorted((ROOT / "nasim" / "submodels").glob("*.py")):
        if ".. math::" in path.read_text():
            assert f"nasim.submodels.{path.stem}\n" in shown, path.name


@pytest.mark.parametrize("name", nasim.__all__)
def test_the_reference_has_every_public_name(name):
    shown = (DOCS / "api.rst").read_text()
    assert f"nasim.{name}\n" in shown or f"nasim.{name}." in shown or issubclass(getattr(nasim, name), nasim.NasimError)


@pytest.mark.parametrize("name", nasim.fit.__all__)
def test_the_reference_has_every_name_of_fits(name):
    assert f"nasim.fit.{name}\n" in (DOCS / "api.rst").read_text()


def commands():
    """The words of each command that a page shows, without options."""
    text = "".join(path.read_text() for path in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")])
    lines = re.findall(r"^nasim ([^#\n]+)", "".join(re.findall(r"```bash\n(.*?)```", text, re.S)), re.M)
    return sorted({re.match(r"run [\w-]+|\w+", line)[0] for line in lines})


@pytest.mark.parametrize("words", commands())
def test_a_command_that_is_shown_exists(words):
    from typer.testing import CliRunner

    from nasim.cli import app

    assert CliRunner().invoke(app, [*words.split(), "--help"]).exit_code == 0


def test_every_example_and_notebook_is_shown():
    shown = (DOCS / "guide" / "examples.md").read_text()
    assert all(path.name in shown for path in (ROOT / "examples").glob("[0-9]*.py"))
    course = (DOCS / "guide" / "course.md").read_text()
    assert all(path.name in course for path in (ROOT / "examples" / "course").glob("[0-9]*.py"))


def test_files_that_pages_include_exist():
    for page in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")]:
        for name in re.findall(r"\{(?:literal)?include\} (\S+)", page.read_text()):
            assert (page.parent / name).is_file(), name


def test_equations_are_understood(built):
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install nasim-cells[test]"
    )
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto((built / "theory.html").as_uri())
        page.wait_for_selector("mjx-container", timeout=60_000)
        page.wait_for_function("document.querySelectorAll('mjx-container').length > 50", timeout=60_000)
        assert page.evaluate("[...document.querySelectorAll('mjx-merror')].map(e => e.innerText)") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()


# --- what makes the README --------------------------------------------------------------------------------------------


@pytest.fixture
def make_readme():
    spec = importlib.util.spec_from_file_location("make_readme", DOCS / "make_readme.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_scorecard_becomes_a_table(make_readme):
    row = {"id": "X-1", "cell": "A | B", "condition": "25 degC", "quantity": "peaks", "kind": "input", "verdict": "met"}
    line = {**row, "target": [1.7, 2.25], "computed": [1.712345, None]}
    text = make_readme.table({"headline": "1 of 1 predictions met", "rows": [line]})
    assert text.splitlines()[0].startswith("1 of 1 predictions met (")
    assert text.splitlines()[-1] == "| X-1 | A / B, 25 degC | peaks | 1.7, 2.25 | 1.71, - | input | met |"


def test_the_readme_has_a_place_for_it(make_readme):
    before, _, rest = (ROOT / "README.md").read_text().partition(make_readme.BEGIN)
    assert before
    assert make_readme.END in rest
