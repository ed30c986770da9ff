"""The scorecard: every row has a line, misses are shown, and what did not run says why."""

import json
from dataclasses import replace

import pytest

from nasim import errors
from nasim.evidence import published, runs, scorecard
from nasim.evidence.studies import STUDIES, Study
from nasim.evidence.table import COLUMNS, Scorecard


@pytest.fixture(scope="module")
def base():
    """The first cycle of the base cell, run once."""
    return scorecard("NAS-D1", "DQ-R1", "SPEC-0", "LOAD", "WIN-NAS", "NASC-ACT", workers=1)


def test_a_line_for_every_row_in_the_order_asked(base):
    table = base.table
    assert tuple(table.columns) == COLUMNS
    assert table["id"].tolist() == ["NAS-D1", "DQ-R1", "SPEC-0", "LOAD", "WIN-NAS", "NASC-ACT"]
    assert table.set_index("id").loc["NAS-D1", "target"] == 1976.0
    assert set(table["verdict"]) <= {published.MET, published.MISSED, published.NOT_AVAILABLE}


def test_computed_is_what_the_experiment_gives(base):
    import nasim

    line = base.table.set_index("id").loc["NAS-D1"]
    direct = nasim.GCD(current_mA_cm2=0.127, cycles=1).run().summary["discharge_capacity_mAh_g"].iloc[0]
    assert line["computed"] == pytest.approx(direct, rel=1e-6)
    assert line["error"] == pytest.approx(line["computed"] - 1976.0)
    assert line["tolerance"] == pytest.approx(98.8)


def test_what_does_not_run_says_why(monkeypatch):
    monkeypatch.delitem(STUDIES, "window")
    line = scorecard("WIN-NAS", workers=1).table.set_index("id").loc["WIN-NAS"]
    assert line["verdict"] == "not available"
    assert "window" in line["note"]


def test_studies_are_compared_too():
    table = scorecard("WIN-NAS", "WIN-NPS", workers=1).table
    assert set(table["verdict"]) <= {"met", "missed"}
    assert all(low < high for low, high in table["computed"])


def test_counts_add_up(base):
    assert sum(sum(group.values()) for group in base.counts.values()) == len(base.findings)


def test_the_headline_counts_predictions_and_nothing_with_them(base):
    predicted = base.counts["predicted"]
    assert base.headline.startswith(
        f"{predicted.get('met', 0)} of {sum(predicted.values())} predictions met; beside them "
    )
    kinds_of = base.table.set_index("id")["kind"]
    assert [id for id, kind in kinds_of.items() if kind == "predicted"] == ["WIN-NAS"]


def test_the_record_is_json(base):
    back = json.loads(json.dumps(base.as_record(), allow_nan=False))
    assert back["counts"] == base.counts
    assert [line["id"] for line in back["rows"]] == base.table["id"].tolist()
    assert back["rows"][5]["target"] is True


def test_the_story_marks_the_kind_of_a_row_and_what_is_missed(base):
    import matplotlib.pyplot as plt

    from nasim.evidence.bands import Band
    from nasim.evidence.story import MISSED_COLOUR, _style

    axes = replace(base, bands={"NAS-D1": Band((1900.0,), (2050.0,))}).story()
    assert len(axes) == 8
    assert len(axes[0].lines) > len(base.story()[0].lines)
    assert _style(base, "NAS-D1")["mfc"] == "white"
    assert _style(base, "WIN-NAS")["color"] == MISSED_COLOUR == _style(base, "WIN-NAS")["mfc"]
    plt.close("all")


def test_runs_that_differ_in_the_current_only_have_results_of_their_own(base):
    labels = [run.label for run in runs.plan(published.rows())]
    assert len(labels) == len(set(labels))
    assert base.result_of("DQ-R1") is base.result_of("NAS-D1") is not base.result_of("NASC-ACT")


def test_a_figure_for_every_run(base):
    import matplotlib.pyplot as plt

    figures = base.figures()
    assert set(figures) == {label for label, found in base.results.items() if not isinstance(found, Study)}
    assert len(figures) == 2
    plt.close("all")


def test_a_miss_is_a_miss(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'extends = "Yuan2025_NAS"\ntitle = "too little sulfur"\n["Sulfur mass fraction"]\nvalue = 0.10\n'
        'kind = "assumed"\nsource = "Estimate"\nrange = [0.05, 0.14]\n'
        '["Product layer current density [A.m-2]"]\nvalue = 0.5\n'
        'kind = "assumed"\nsource = "Estimate"\nrange = [0.1, 10.0]\n'
    )
    line = scorecard("NAS-D1", workers=1, sets={"Yuan2025_NAS": bad}).table.iloc[0]
    assert line["verdict"] == "missed"
    assert line["error"] < -98.8


def test_a_set_that_does_not_exist_is_a_reason_not_an_error():
    line = scorecard("NAS-D1", workers=1, sets={"Yuan2025_NAS": "Yuan2026_NAS"}).table.iloc[0]
    assert line["verdict"] == "not available"
    assert "Yuan2026_NAS" in line["note"]


def test_a_comparison_runs_what_it_compares_with(monkeypatch):
    seen = []

    def nothing_runs(run, parameters):
        seen.append(run.window_V)
        raise errors.ProtocolError("nothing runs here")

    monkeypatch.setattr("nasim.evidence.comparison.execute", nothing_runs)
    card = scorecard("CUT-0.7", workers=1)
    assert sorted(seen) == [(0.5, 2.6), (0.7, 2.6)]
    assert list(card.findings) == ["CUT-0.7"]


def test_processes_give_what_one_process_gives():
    told = []
    card = scorecard("P20-D1", "NASC-Q", workers=2, progress=lambda label, seconds: told.append(label))
    alone = scorecard("P20-D1", "NASC-Q", workers=1)
    assert card.table["computed"].tolist() == alone.table["computed"].tolist()
    assert sorted(told) == sorted(card.results)
    assert isinstance(card, Scorecard)


def test_an_unknown_experiment_is_named():
    run = replace(runs.plan(published.rows("PORE"))[0], experiment="unheard-of")
    with pytest.raises(errors.UnknownNameError, match="'unheard-of'"):
        runs.execute(run, "Yuan2025_NAS")
