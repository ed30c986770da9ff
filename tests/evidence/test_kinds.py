"""Kinds of published rows follow from provenance: what was fitted to is never called predicted, and the reverse."""

from dataclasses import replace

import pytest

from nasim.errors import UnknownNameError
from nasim.evidence import kinds as rule
from nasim.evidence import published
from nasim.evidence.kinds import CALIBRATED, INPUT, OTHER, PREDICTED, kinds
from nasim.evidence.row import PAPER
from nasim.evidence.runs import set_file
from nasim.parameters import available, load

SETS = [load(name) for name in available()]
FITTED = [(each.name, name, id) for each in SETS for name, entry in each.entries.items() for id in entry.fitted_to]
KEPT_ASIDE = ("NAS-0.41-R100", "RATE-0.82", "P62-ICE", "P20-R80", "T60-R30", "NPS-0.41-R100")


def with_fitted(ids, **changes):
    """The main set with one value that is fitted to `ids`, and nothing else that is fitted to anything."""
    base, name = load("Yuan2025_NAS"), "Interphase resistivity [Ohm.m]"
    entries = {key: replace(entry, fitted_to=()) for key, entry in base.entries.items()}
    return replace(base, entries=entries | {name: replace(entries[name], fitted_to=ids, **changes)}, calibration={})


def test_every_row_has_one_kind():
    assert list(kinds()) == list(published.table())
    assert set(kinds().values()) <= set(rule.KINDS)


@pytest.mark.parametrize("id", sorted({id for _, _, id in FITTED}))
def test_what_a_value_was_fitted_to_is_not_called_predicted(id):
    assert id in published.table()
    assert kinds()[id] in (CALIBRATED, INPUT)


def test_what_a_stage_of_a_calibration_used_is_not_called_predicted():
    used = {
        id for each in SETS for record in each.calibration.values() if isinstance(record, dict) for id in record["rows"]
    }
    assert {kinds()[id] for id in used} <= {CALIBRATED, INPUT}


def test_every_row_called_calibrated_was_used():
    used = rule.uses(SETS)
    assert all(used.get(id) for id, kind in kinds().items() if kind == CALIBRATED)


def test_at_most_one_of_the_rows_kept_aside_was_fitted_to():
    assert [kinds()[id] for id in KEPT_ASIDE].count(CALIBRATED) <= 1


@pytest.mark.parametrize("kind", ["fitted", "assumed"])
def test_a_row_changes_its_kind_with_the_provenance(kind):
    mine = with_fitted(("P20-R80",), kind=kind)
    assert kinds("P20-R80", "P20-R50", "NAS-D140", sets=[mine]) == {
        "P20-R80": CALIBRATED,
        "P20-R50": PREDICTED,
        "NAS-D140": PREDICTED,
    }


def test_a_stage_counts_all_its_rows_not_only_those_that_determine_a_value():
    mine = replace(with_fitted(("NAS-D140",)), calibration={"fade": {"rows": ["P20-R50"]}})
    assert kinds("P20-R50", sets=[mine]) == {"P20-R50": CALIBRATED}


def test_the_same_number_under_another_id_is_calibrated_too(monkeypatch):
    twin = replace(published.rows("NAS-D140")[0], id="NAS-D140-AGAIN", where="abstract")
    monkeypatch.setattr("nasim.evidence.row.table", lambda: {**published.table(), twin.id: twin})
    assert kinds(twin.id, sets=[with_fitted(("NAS-D140",))]) == {twin.id: CALIBRATED}


def test_what_the_set_up_contains_says_what_contains_it():
    contained = published.rows("LOAD", "SPEC-0", "CUT-0.7", "PORE", "SYM-NPS", "OCV-NPS")
    assert all(len(row.set_up) > 10 and kinds()[row.id] == INPUT for row in contained)


def test_rows_of_other_papers_are_other_cells(monkeypatch):
    other = replace(published.rows("NAS-D1")[0], id="X-1", paper="Other2024")
    monkeypatch.setattr("nasim.evidence.row.table", lambda: {**published.table(), other.id: other})
    assert kinds("X-1", "NAS-D1") == {"X-1": OTHER, "NAS-D1": CALIBRATED}
    assert published.rows("NAS-D1")[0].paper == PAPER


def test_a_row_that_is_not_there_is_named():
    with pytest.raises(UnknownNameError, match="'NAS-D2'"):
        kinds("NAS-D2")


def test_cells_of_other_authors_are_described_and_cited():
    others = [row for row in published.rows() if row.paper != PAPER]
    assert len({row.set for row in others}) >= 2
    for row in others:
        described = load(set_file(row.set))
        assert row.paper in described.sources and described.sources[row.paper].url
        assert "assumed" in row.condition and "silent" in described.description
        assert kinds(row.id) == {row.id: OTHER}
