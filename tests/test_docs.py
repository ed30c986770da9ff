"""The documentation builds without a warning, needs nobody to be read, and its code runs."""

import importlib.util
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import matplotlib.pyplot as plt
import numpy as np
import pytest
from patience import PATIENCE_S, opened

import nasim
import nasim.errors
import nasim.fit
import nasim.plot
from nasim.analysis import ledger
from nasim.evidence.kinds import KINDS
from nasim.parameters.rules import VALUE_KINDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")] if "```python" in path.read_text())
REFERENCE = "".join(path.read_text() for path in sorted((DOCS / "api").glob("*.rst")))
NEEDED = ("sphinx", "pydata_sphinx_theme", "myst_parser", "sphinx-mathjax-offline")


def some(value, name, *slow):
    """A parameter of a test under a name, slow if that is among the slow ones."""
    return pytest.param(value, id=name, marks=[pytest.mark.slow] * (name in slow))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder of the built pages."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: pip install nasim-cells[docs]")
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", folder / "trees"]
    done = subprocess.run([*command, DOCS, folder / "html"], capture_output=True, text=True, timeout=4 * PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.mark.parametrize("page", [some(path, path.stem, "first_steps", "experiments") for path in PAGES])
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
    is_error = isinstance(getattr(nasim, name), type) and issubclass(getattr(nasim, name), nasim.NasimError)
    assert f"nasim.{name}\n" in REFERENCE or f"nasim.{name}." in REFERENCE or is_error


@pytest.mark.parametrize("name", nasim.fit.__all__)
def test_the_reference_has_every_name_of_fits(name):
    assert f"nasim.fit.{name}\n" in REFERENCE


@pytest.mark.parametrize("name", [name for name in nasim.plot.__all__ if name.islower()])
def test_the_reference_has_every_figure(name):
    assert re.search(rf"\b{name}\b", (DOCS / "api" / "plot.rst").read_text())


def test_every_page_of_the_reference_is_listed():
    listed = set(re.findall(r"^   (api/\w+)$", (DOCS / "api.rst").read_text(), re.M))
    assert listed == {f"api/{path.stem}" for path in (DOCS / "api").glob("*.rst")}


def test_no_link_of_a_page_is_dead(built):
    text = {page: page.read_text() for page in built.rglob("*.html") if "_static" not in page.parts}
    places = {page: set(re.findall(r'\bid="([^"]+)"', text[page])) for page in text}
    for page in (page for page in text if "_modules" not in page.parts):
        for link in re.findall(r'href="(?!https?:|mailto:|data:)([^"?]+)"', text[page]):
            file, _, place = map(unquote, link.partition("#"))
            target = (page.parent / file).resolve() if file else page
            assert target.exists(), (page.name, link)
            assert not place or place in places.get(target, {place}), (page.name, link)


def test_every_module_has_a_page_that_is_listed(built):
    listing = (built / "api" / "modules" / "index.html").read_text()
    for path in (ROOT / "nasim").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        assert (built / "api" / "modules" / f"{name}.html").is_file() and f'href="{name}.html"' in listing, name
    assert "equilibrium_fractions" in (built / "api" / "modules" / "nasim.submodels.redox_chain.html").read_text()


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


def test_equations_are_understood(built, browser):
    page = opened(browser, viewport={"width": 390, "height": 800})
    page.goto((built / "theory.html").as_uri())
    page.wait_for_function("window.MathJax?.startup?.promise")
    page.evaluate("MathJax.startup.promise.then(() => true)")
    assert page.evaluate("document.querySelectorAll('mjx-container').length") > 50
    assert page.evaluate("[...document.querySelectorAll('mjx-merror')].map(e => e.innerText)") == []
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    page.close()


# --- pages that answer ------------------------------------------------------------------------------------------------


def told(page):
    """First column of the tables of a page."""
    return set(re.findall(r"^\| `(\w+)` \|", page, re.M))


def test_every_error_has_its_row_in_troubleshooting():
    raised = {
        name for name, each in vars(nasim.errors).items() if isinstance(each, type) and issubclass(each, Exception)
    }
    assert told((DOCS / "guide" / "troubleshooting.md").read_text()) == raised


TERMS = ("NAS", "NPS", "S@C", "NAS-C", "milled", "catholyte", "ledger", "audit", "soft short", "interphase", "plateau")
TERMS += (
    "stack pressure",
    "dQ/dV",
    "cut-off",
    "scorecard",
    "predicted",
    "calibrated",
    "override",
    "validity",
    "mechanism",
)
TERMS += ("N/P", "C-rate", "overpotential", "self-redox", "product layer", "deep reduction", "protocol", "half cycle")
TERMS += ("filament", "void", "leak", "band", "activation", "alloy", "contact", "gap", "input", "chain", "SOC")


@pytest.mark.parametrize("term", TERMS)
def test_the_glossary_has_a_term_that_is_used(term):
    glossary = (DOCS / "guide" / "glossary.md").read_text()
    assert re.search(rf"^{re.escape(term)}$", glossary, re.M)
    others = [path for path in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")] if path.stem != "glossary"]
    others += (ROOT / "examples").glob("**/*.py")
    assert any(re.search(rf"\b{re.escape(term)}s?\b", path.read_text(), re.I) for path in others)


def test_the_glossary_has_the_words_of_the_results():
    terms = set(re.findall(r"^(\S.*)$", (DOCS / "guide" / "glossary.md").read_text(), re.M))
    assert {*VALUE_KINDS, *KINDS, "shoulder", "edge"} <= terms
    for part in ledger.MISSING.values():
        assert any(part.endswith(term) for term in terms), part


def test_fit_my_data_is_one_click_from_the_front_page():
    assert "(guide/fit_my_data.md)" in (DOCS / "index.md").read_text()


def test_theory_shows_no_equation_in_plain_type(built):
    page = (built / "theory.html").read_text()
    page = page[page.index("<article") : page.index("</article>")]
    for kept in (r'<(div|span) class="math.*?</\1>', "<code.*?</code>", "<pre.*?</pre>"):
        page = re.sub(kept, "", page, flags=re.S)
    shown = re.sub(r"<[^>]+>", "", page)
    assert not re.findall(r"exp\([^)]*\)|\bd\w+/dt\b|\w\^\w|\*\*", shown)
    symbols = r"\b(?!Sb_)[A-Za-z]{1,2}_\w{1,6}\b|\b(?:alpha|beta|gamma|Delta|eta|kappa|lambda|rho|sigma|tau|omega|Omega|phi|xi)\b"
    assert not re.findall(symbols, shown)


def test_symbols_and_formulae_in_prose_become_mathematics_and_all_else_stays():
    typeset = script("typeset")
    lines = [
        "bounded by k_max, Delta V and `eta_x`, :math:`R_c`; Sb_xS_y of eps_0",
        ".. math:: k_a",
        "   k_b",
        "k_c   k_d",
    ]
    typeset.prose(lines)
    first = r"bounded by :math:`k_{\mathrm{max}}`, :math:`\Delta V` and `eta_x`, :math:`R_c`; :math:`\mathrm{Sb}_{x}\mathrm{S}_{y}` of :math:`\varepsilon_{0}`"
    assert lines == [first, ".. math:: k_a", "   k_b", "k_c   k_d"]


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def make_figures():
    return script("make_figures")


def script(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_has_a_record_of_what_it_shows(make_figures):
    recorded = json.loads(make_figures.RECORD.read_text())
    assert {path.stem for path in make_figures.FIGURES.glob("*.png")} == set(recorded)
    assert set(recorded) == {*make_figures.EXAMPLES, *make_figures.drawings.DRAWINGS}


def test_every_picture_that_is_shown_exists_and_is_described():
    for page in [*DOCS.glob("*.md"), *DOCS.glob("guide/*.md")]:
        for text, name in re.findall(r"!\[(.*?)\]\((.*?)\)", page.read_text()):
            assert len(text) > 10, (page.name, name)
            assert (page.parent / name).stat().st_size < 250_000, name


@pytest.mark.parametrize("name", [some(name, name, "design", "story") for name in script("drawings").DRAWINGS])
def test_a_picture_shows_what_its_code_computes(name, make_figures, tmp_path):
    record = json.loads(make_figures.RECORD.read_text())
    now, _ = make_figures.make(name, tmp_path / "figure.png")
    assert make_figures.differences(now, record[name]) == [], f"run: python docs/make_figures.py {name}"


def test_a_curve_that_moved_is_noticed(make_figures):
    def shown(y, x=(0, 1, 2)):
        ax = plt.subplots()[1]
        ax.plot(x, np.interp(x, [0, 1, 2], [0, y, 2]))
        return {"drawn": make_figures.drawn(ax.figure), "says": f"{y} V"}

    assert make_figures.differences(shown(1.0), shown(1.0)) == []
    assert make_figures.differences(shown(1.0, x=[0, 0.1, 0.2, 0.3, 1, 2]), shown(1.0)) == [], (
        "the same with more points"
    )
    assert len(make_figures.differences(shown(1.0), shown(1.1))) == 3, "x and y of its places, and what is printed"
    assert make_figures.differences({**shown(1.0), "says": "2 V"}, shown(1.0)) == ["other numbers are printed"]
    named = shown(1.0)
    named["drawn"][0]["words"] = ["beyond data"]
    assert make_figures.differences(shown(1.0), named) == ["other words: ['beyond data'] are now []"]
    plt.close("all")


def test_a_palette_takes_no_colour_for_another(make_figures, tmp_path):
    """Red for what is missed came out orange among many other colours."""
    image = pytest.importorskip("PIL.Image")
    picture = np.random.default_rng(1).integers(150, 255, (200, 200, 3), dtype=np.uint8)
    picture[:2, :2] = (193, 18, 31)
    image.fromarray(picture).save(tmp_path / "figure.png")
    make_figures.shrink(tmp_path / "figure.png")
    shown = np.asarray(image.open(tmp_path / "figure.png").convert("RGB"), dtype=int)[0, 0]
    assert abs(shown - (193, 18, 31)).max() < 30


def test_the_page_of_examples_is_the_one_that_its_command_writes(make_figures):
    assert make_figures.PAGE.read_text() == make_figures.page(json.loads(make_figures.RECORD.read_text()))


# --- what makes the README --------------------------------------------------------------------------------------------


@pytest.fixture
def make_readme():
    return script("make_readme")


def test_the_scorecard_becomes_a_table(make_readme):
    row = {"id": "X-1", "cell": "A | B", "condition": "25 degC", "quantity": "peaks", "kind": "input", "verdict": "met"}
    line = {**row, "target": [1.7, 2.25], "computed": [1.712345, None]}
    text = make_readme.table({"headline": "1 of 1 predictions met", "rows": [line]})
    assert text.splitlines()[0].startswith("1 of 1 predictions met (")
    assert text.splitlines()[-1] == "| X-1 | A / B, 25 degC | peaks | 1.7, 2.25 | 1.71, - | input | met |"


def test_the_scorecard_becomes_a_summary(make_readme):
    text = make_readme.summary({"counts": {"predicted": {"met": 2, "missed": 1}, "input": {"met": 4}}})
    assert [line.split("|")[1:3] for line in text.splitlines()[2:]] == [
        [" predicted ", " 2 of 3 "],
        [" input ", " 4 of 4 "],
    ]


def test_summary_and_page_have_their_places_and_agree(make_readme):
    readme, page = make_readme.README.read_text(), make_readme.PAGE.read_text()
    assert make_readme.put(readme, "summary", "X") != readme
    assert make_readme.put(page, "scorecard", "X") != page
    rows = re.findall(r"\| ([\w ]+) \| (met|missed|not available) \|$", page, re.M)
    assert len(rows) > 50
    for kind in make_readme.MEANING:
        verdicts = [verdict for each, verdict in rows if each == kind]
        assert f"| {kind} | {verdicts.count('met')} of {len(verdicts)} |" in readme
