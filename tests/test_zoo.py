"""The contract of PyBaMM's model zoo, and what a run cites."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pybamm
import pytest

import nasim
from nasim import citations, zoo
from nasim.parameters import Source, available, load

testing = pytest.importorskip("pybamm_model_zoo.testing", reason="pybamm-model-zoo is not installed")
from pybamm_model_zoo._registry import Registry  # noqa: E402

FOLDER = Path(zoo.__file__).parent
ENTRIES = Registry(paths=[], external_paths=[FOLDER])
CHECKS = testing.contract.checks_in_scope(testing.contract.MODEL)


def test_every_cell_is_in_the_collection():
    assert {nasim.FullCell, nasim.SymmetricCell, nasim.BlockingCell} == {entry.load() for entry in ENTRIES.values()}


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_contract(name, check):
    check.run(ENTRIES[name])


@pytest.mark.parametrize("name", ENTRIES)
def test_the_citation_file_is_what_a_run_cites(name):
    assert (ENTRIES[name].path / "CITATION.bib").read_text() == f"{citations.PACKAGE}\n\n{citations.PAPER}\n"


@pytest.mark.parametrize("name", ENTRIES)
def test_its_example_runs(name):
    names = {}
    for path in (ENTRIES[name].path / "examples").glob("*.py"):
        exec(compile(path.read_text(), path.name, "exec"), names)
        assert isinstance(names["main"](), float)


@pytest.fixture
def cited():
    """Print what PyBaMM would cite now, beginning with nothing but its own."""
    pybamm.citations._reset()

    def printed():
        out = io.StringIO()
        with redirect_stdout(out):
            pybamm.print_citations(output_format="bibtex")
            pybamm.print_citations(output_format="text")
        return out.getvalue()

    yield printed
    pybamm.citations._reset()


def test_a_model_cites_package_and_paper(cited):
    assert "nasim" not in cited()
    nasim.FullCell()
    text = cited()
    assert "solid-state sodium-sulfur cells" in text and "10.1039/d4ee06171c" in text


@pytest.mark.parametrize("name", available())
def test_a_set_cites_its_sources(cited, name):
    parameters = load(name)
    parameters.to_pybamm()
    text = cited()
    published = [source for source in parameters.sources.values() if source.doi]
    assert published and all(source.doi in text for source in published)
    pybamm.citations._reset()
    pybamm.ParameterValues(name)
    assert published[0].doi in cited()


def test_odd_characters_in_a_source_can_be_printed(cited):
    citations.cite_sources({"Odd": Source("50 % of A & B_2 {sic} #1", url="https://example.org/a_b")})
    assert "50" in cited()
