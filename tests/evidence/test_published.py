"""The published rows: complete, readable, and compared as they should be."""

import csv
import dataclasses
import math
import subprocess
import sys

import numpy as np
import pandas
import pytest
from patience import PATIENCE_S

import nasim
from nasim import errors
from nasim import nomenclature as nm
from nasim.analysis import Peaks
from nasim.evidence import published, runs
from nasim.evidence import row as listing
from nasim.evidence.readings import READERS, nearest_feature
from nasim.results.result import Result

BASE = {"temperature_C": 25.0, "stack_pressure_MPa": 250.0, "window_V": [0.7, 2.6]}


def row(id):
    return published.rows(id)[0]


def result(capacities, curves=None, ratio=0.868, leak=0.0, stopped="all cycles done", experiment="cycle"):
    """A result as the experiments leave it, with only what the readers read."""
    summary = pandas.DataFrame(
        {
            "cycle": np.arange(1, len(capacities) + 1),
            "discharge_capacity_mAh_g": capacities,
            "discharge_capacity_mAh_cm2": np.array(capacities) * 4.89e-4,
            "charge_capacity_mAh_cm2": np.array(capacities) * 4.89e-4 * ratio,
            "charge_over_discharge": ratio,
            "leak_mAh_cm2": leak,
        }
    )
    empty = pandas.DataFrame({"Cycle": []})
    values = {nm.NOMINAL_CAPACITY: 6.432e-4, nm.AREA: 7.854e-5}
    record = {"experiment": experiment, "stopped_because": stopped, "parameters": {"values": values}}
    return Result(summary, empty if curves is None else curves, record)


def humps(*centres, step="discharge", cycle=1, low=0.7, high=2.6):
    """A half cycle whose dQ/dV has a Gaussian hump at each centre [V]."""
    V = np.linspace(low, high, 1500)
    density = 0.05 + sum(np.exp(-(((V - centre) / 0.05) ** 2)) for centre in centres)
    capacity = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(V))])
    V, capacity = (V[::-1], capacity[-1] - capacity[::-1]) if step == "discharge" else (V, capacity)
    columns = {"Cycle": cycle, "Step": step, nm.VOLTAGE: V, "Capacity [mAh.cm-2]": capacity}
    return pandas.DataFrame(columns)


# --- the file ---------------------------------------------------------------------------------------------------------


def test_there_are_54_rows_of_the_paper_with_unique_ids():
    path = listing._paths()[0]
    with path.open() as file:
        ids = [line["id"] for line in csv.DictReader(file)]
    assert len(ids) == len(set(ids)) == len(published.rows(paper=listing.PAPER)) == 54


def test_every_quantity_has_a_reading():
    assert {each.quantity for each in published.rows()} <= set(READERS)


@pytest.mark.parametrize("each", published.rows(), ids=lambda each: each.id)
def test_a_row_is_a_statement_or_has_a_tolerance_or_is_a_range(each):
    assert each.is_statement + each.is_range + (each.tolerance is not None) == 1
    assert each.beside == "" or each.beside in published.table()
    assert all(math.isnan(limit) or limit >= 0 for limit in each.tolerances)


def test_numbers_are_those_of_the_paper():
    first = row("NAS-D1")
    assert (first.values, first.unit) == ((1976.0,), "mAh g-1")
    assert first.tolerances == pytest.approx((98.8,))
    assert row("NAS-ICE").tolerances == (0.02,)
    assert row("NPS-R1").values == (1.70, 2.25)


def test_rows_filter_by_one_value_or_by_several():
    assert [each.id for each in published.rows(experiment="rate")] == ["RATE-0.41", "RATE-0.82"]
    chosen = published.rows(quantity="discharge_capacity_mAh_g", stack_pressure_MPa=[62.5, 20], paper=listing.PAPER)
    assert [each.id for each in chosen] == ["P62-D1", "P20-D1"]


def test_unknown_ids_and_fields_are_named():
    with pytest.raises(errors.UnknownNameError, match=r"'NAS-D2'.*'NAS-D1'"):
        published.rows("NAS-D2")
    with pytest.raises(errors.UnknownNameError, match="expected one of id"):
        published.rows(pressure=250)


def test_a_broken_line_is_told_by_its_number(tmp_path, monkeypatch):
    lines = listing._paths()[0].read_text().splitlines()
    broken = tmp_path / "rows.csv"
    broken.write_text("\n".join([*lines[:2], lines[2].replace("0.868", "about a lot")]))
    monkeypatch.setattr(listing, "_paths", lambda: [broken])
    with pytest.raises(errors.DataFileError, match="line 3"):
        listing.table.__wrapped__()


def test_an_id_that_two_files_have_is_told(monkeypatch):
    path = listing._paths()[0]
    monkeypatch.setattr(listing, "_paths", lambda: [path, path])
    with pytest.raises(errors.DataFileError, match="'NAS-D1' stands twice"):
        listing.table.__wrapped__()


# --- marks ------------------------------------------------------------------------------------------------------------


def test_marks_of_the_base_cell():
    assert published.marks("Yuan2025_NAS", BASE, "gcd") == {
        "discharge_capacity_mAh_g": 1976.0,
        "charge_over_discharge": 0.868,
        "reduction_peaks_V": [1.75, 1.25, 1.05, 0.7],
        "oxidation_peaks_V": [1.85, 2.15],
    }
    assert published.marks("Yuan2025_NAS", BASE, "cycle") == published.marks("Yuan2025_NAS", BASE, "gcd")


@pytest.mark.parametrize(
    "other",
    [
        {"temperature_C": 40.0},
        {"stack_pressure_MPa": 200.0},
        {"window_V": [0.5, 2.6]},
        {"current_mA_cm2": 0.41},
    ],
)
def test_nothing_is_marked_that_was_measured_elsewhere(other):
    assert published.marks("Yuan2025_NAS", BASE | other, "gcd") == {}


def test_marks_follow_pressure_and_temperature():
    at = published.marks("Yuan2025_NAS", BASE | {"stack_pressure_MPa": 62.5}, "gcd")
    assert at == {"discharge_capacity_mAh_g": 1712.0, "charge_over_discharge": 0.693}
    assert published.marks("Yuan2025_NAS", BASE | {"temperature_C": 60}, "gcd") == {"discharge_capacity_mAh_g": 2700.0}


# --- comparing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "verdict"), [(2074.0, "met"), (2075.0, "missed"), (1877.0, "missed")])
def test_a_number_is_met_within_its_tolerance(capacity, verdict):
    found = published.computed(row("NAS-D1"), result([capacity]))
    assert (found.verdict, found.errors) == (verdict, (capacity - 1976.0,))


def test_a_capacity_belongs_to_the_last_cycle_of_its_row():
    fading = list(np.linspace(2000, 1290, 140))
    assert published.computed(row("NAS-D140"), result(fading)).values == (1290.0,)
    assert published.computed(row("NAS-D140"), result(fading[:100])).verdict == "missed"
    found = published.computed(row("P20-R50"), result([1000.0] * 49 + [880.0]))
    assert found.values == pytest.approx((0.88,))


def test_peaks_are_the_nearest_ones():
    curves = pandas.concat([humps(1.06, 1.77), humps(1.90, 2.15, step="charge")])
    found = {id: published.computed(row(id), result([1976.0], curves)) for id in ("DQ-R1", "DQ-R3", "DQ-O1", "DQ-O2")}
    assert [each.verdict for each in found.values()] == ["met"] * 4
    assert [round(each.values[0], 2) for each in found.values()] == [1.77, 1.06, 1.90, 2.15]


def test_a_missing_peak_is_a_miss_without_a_number():
    found = published.computed(row("DQ-R1"), result([1976.0], humps(1.06, 1.6)))
    assert found.verdict == "missed"
    none = published.computed(row("DQ-O1"), result([1976.0], humps(1.06)))
    assert (none.verdict, none.values, none.errors) == ("missed", (None,), ())


def test_two_targets_need_two_peaks():
    two = result([1.0], pandas.concat([humps(1.6), humps(2.16, 2.31, step="charge")]))
    assert published.computed(row("NASC-OX"), two).verdict == "met"
    one = result([1.0], pandas.concat([humps(1.6), humps(2.2, step="charge")]))
    found = published.computed(row("NASC-OX"), one)
    assert (found.verdict, [value and round(value, 1) for value in found.values]) == ("missed", [2.2, None])


def test_the_rise_at_the_cut_off_may_be_an_edge_or_a_peak():
    for centre, verdict in ((0.66, "met"), (0.74, "met"), (0.80, "missed")):
        assert published.computed(row("DQ-R4"), result([1976.0], humps(centre, 1.75))).verdict == verdict


def test_shoulders_count_as_peaks_but_edges_do_not():
    found = Peaks(np.array([0.7, 1.2]), np.ones(2), np.ones(2), np.array(["edge", "shoulder"]))
    assert nearest_feature(found, 0.75) == 1.2
    assert nearest_feature(None, 0.75) is None


def test_a_third_plateau_must_be_lost():
    lost = pandas.concat([humps(0.76, 1.1), humps(1.1, cycle=2)])
    kept = pandas.concat([humps(0.76, 1.1), humps(0.76, 1.1, cycle=2)])
    assert published.computed(row("T60-P3"), result([2700.0, 1900.0], lost)).verdict == "met"
    assert published.computed(row("T60-P3"), result([2700.0, 2700.0], kept)).verdict == "missed"


def test_activation_is_a_lower_first_plateau():
    lower = pandas.concat([humps(1.6, 1.25), humps(1.57, 1.25, cycle=2)])
    assert published.computed(row("NASC-ACT"), result([1.0, 1.0], lower)).verdict == "met"
    higher = pandas.concat([humps(1.6, 1.25), humps(1.62, 1.25, cycle=2)])
    assert published.computed(row("NASC-ACT"), result([1.0, 1.0], higher)).verdict == "missed"


def test_a_soft_short_is_an_endless_or_a_leaking_charge():
    endless = (
        "the charge of cycle 30 did not reach 2.6 V: an endless charge, the leak takes up the current (self-charging)"
    )
    assert published.computed(row("P62-SSC"), result([1700.0] * 30, stopped=endless)).verdict == "met"
    assert published.computed(row("P62-SSC"), result([1700.0] * 30, leak=0.2)).verdict == "met"
    assert published.computed(row("P62-SSC"), result([1700.0] * 100)).verdict == "missed"
    assert published.computed(row("P20-SSC"), result([1700.0] * 100)).verdict == "met"


def test_dendrites_are_a_short_that_the_cell_beside_has_not():
    shorted, sound = result([1000.0] * 50, leak=0.2), result([1000.0] * 100)
    late = result([1000.0] * 60, stopped="an endless charge (self-charging)")
    assert published.computed(row("XCT-NPS"), shorted, sound).verdict == "met"
    assert published.computed(row("XCT-NPS"), shorted, late).verdict == "met"
    assert published.computed(row("XCT-NPS"), shorted, shorted).verdict == "missed"
    assert published.computed(row("XCT-NPS"), sound, sound).verdict == "missed"


@pytest.mark.parametrize(("rise", "verdict"), [(0.03, "met"), (0.005, "missed"), (-0.03, "missed")])
def test_an_overpotential_grows_when_the_mean_voltages_move_apart(rise, verdict):
    cycled = result([1000.0] * 80)
    cycled.summary["mean_discharge_voltage_V"] = 1.3
    cycled.summary["mean_charge_voltage_V"] = 2.1 + rise * (cycled.summary["cycle"] - 2) / 78
    assert published.computed(row("P20-ETA"), cycled).verdict == verdict


def test_quick_fading_begins_after_cycle_50():
    steady = list(np.linspace(2000, 1600, 100))
    falling = steady[:60] + list(np.linspace(steady[59], 600, 40))
    assert published.computed(row("P125-SSC"), result(steady)).verdict == "missed"
    assert published.computed(row("P125-SSC"), result(falling)).verdict == "met"


class Scan(Result):
    def peaks(self, cycle):
        three = Peaks(np.array([0.9, 1.2, 1.6]), np.ones(3), np.ones(3), np.array(["peak"] * 3))
        return {"reduction": three, "oxidation": three[1:]}


def scan(width, ratio=0.95):
    def sweep(step):
        V = np.linspace(0.7, 2.6, 400)
        current = np.exp(-(((V - 1.6) / width) ** 2))
        columns = {"Current density [mA.cm-2]": current, "Capacity [mAh.cm-2]": np.cumsum(current)}
        return pandas.DataFrame({"Cycle": 2, "Step": step, nm.VOLTAGE: V} | columns)

    made = result([1500.0, 1400.0], pandas.concat([sweep("discharge"), sweep("charge")]), ratio, experiment="cv")
    return Scan(made.summary, made.curves, made.record)


def test_stages_of_a_voltammogram_are_its_peaks():
    assert published.computed(row("CV-60"), scan(0.1)).verdict == "met"


@pytest.mark.parametrize(
    ("width", "ratio", "verdict"), [(0.2, 0.95, "met"), (0.05, 0.95, "missed"), (0.2, 0.6, "missed")]
)
def test_broader_and_reversible(width, ratio, verdict):
    assert published.computed(row("CV-25"), scan(width, ratio), scan(0.1)).verdict == verdict


def test_an_overpotential_is_stable_when_its_rise_is_over():
    hours = np.arange(2, 302, 2)
    table = pandas.DataFrame({"end_time_h": hours, "end_overpotential_mV": 180 - 80 * np.exp(-(hours - 2) / 40)})
    found = published.computed(row("SYM-NAS"), Result(table, pandas.DataFrame(), {}))
    assert found.values[0] == pytest.approx(2 + 40 * np.log(1 / 0.05), abs=2.5)
    assert published.computed(row("SYM-NPS"), Result(table, pandas.DataFrame(), {})).verdict == "missed"
    flat = table.assign(end_overpotential_mV=656.0)
    assert published.computed(row("SYM-NPS"), Result(flat, pandas.DataFrame(), {})).verdict == "met"


def test_a_comparison_needs_both_results():
    deep = result([2300.0], ratio=0.7)
    assert published.computed(row("CUT-0.7"), deep).verdict == "not available"
    assert published.computed(row("CUT-0.7"), deep, result([2000.0])).verdict == "met"
    assert published.computed(row("CUT-0.7"), result([2000.0]), deep).verdict == "missed"


def test_what_nothing_computes_is_not_available(monkeypatch):
    monkeypatch.delitem(READERS, "stability_window_V")
    found = published.computed(row("WIN-NAS"), result([1.0]))
    assert (found.verdict, found.values) == ("not available", ())
    assert published.computed(row("NAS-D1"), None).verdict == "not available"


def test_switching_a_row_on_takes_one_reader(monkeypatch):
    monkeypatch.setitem(READERS, "stability_window_V", lambda row, result, beside: (1.84, 1.95))
    found = published.computed(row("WIN-NAS"), result([1.0]))
    assert (found.verdict, [round(error, 3) for error in found.errors]) == ("met", [0.01, 0.05])


# --- runs -------------------------------------------------------------------------------------------------------------


def test_rows_of_one_cell_share_a_run():
    planned = runs.plan(published.rows("NAS-D1", "DQ-R1", "NAS-D140", "P20-D1", "RATE-0.41"))
    assert [run.ids for run in planned] == [("NAS-D1", "DQ-R1", "NAS-D140"), ("P20-D1",), ("RATE-0.41",)]
    assert (planned[0].cycles, planned[0].keep) == (140, (1,))


def test_every_row_is_in_exactly_one_run():
    ids = [id for run in runs.plan(published.rows()) for id in run.ids]
    assert sorted(ids) == sorted(published.table())


def test_plain_data_go_to_workers():
    import pickle

    run = runs.plan(published.rows("NAS-D1"))[0]
    assert pickle.loads(pickle.dumps(run)) == run
    assert dataclasses.asdict(run)["window_V"] == (0.7, 2.6)


def test_importing_is_cheap():
    code = "import sys, nasim.evidence.published, nasim.evidence.calibration, nasim.evidence.comparison; print('pybamm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.stdout.strip() == "False", done.stderr


# --- what a run can be compared with ----------------------------------------------------------------------------------


def record(**changed):
    """The record of a run under the published conditions, with changes."""
    values = nasim.load("Yuan2025_NAS").as_record()
    plain = {
        "experiment": "gcd",
        "parameter_set": "Yuan2025_NAS",
        "parameters": values,
        "conditions": dict(BASE),
        "protocol": {"current_mA_cm2": None, "cycles": 2, "window": None, "keep": (1,), "stop_below": 0.8},
    }
    return plain | changed | {"protocol": plain["protocol"] | changed.get("protocol", {})}


def test_a_run_like_the_published_one_is_compared_with_it():
    known = published.marks("Yuan2025_NAS", BASE, "gcd")
    assert published.marks_of(record()) == known != {}
    assert published.marks_of(record(protocol={"current_mA_cm2": 0.127, "charge_current_mA_cm2": 0.127})) == known
    off = {"capacity_limit_mAh_cm2": None, "rest_h": 0.0, "formation": None, "blocks": None}
    assert published.marks_of(record(experiment="cycle", protocol=off)) == known


@pytest.mark.parametrize(
    "changed",
    [
        {"protocol": {"current_mA_cm2": 2.0}},
        {"protocol": {"charge_current_mA_cm2": 0.5}},
        {"protocol": {"capacity_limit_mAh_cm2": 0.3}},
        {"protocol": {"hold_until_mA_cm2": 0.02}},
        {"protocol": {"rest_h": 1.0}},
        {"protocol": {"formation": {"cycles": 1}}},
        {"conditions": BASE | {"window_V": [0.5, 2.6]}},
        {"conditions": BASE | {"temperature_C": 40.0}},
        {"parameter_set": "mine"},
        {"parameters": nasim.load("Yuan2025_NAS", {"Sulfur mass fraction": 0.13}).as_record()},
    ],
)
def test_a_run_unlike_the_published_one_is_compared_with_nothing(changed):
    assert published.marks_of(record(**changed)) == {}


def test_the_record_of_a_run_says_what_it_is_compared_with():
    alike, unlike = nasim.GCD(cycles=1).run(), nasim.GCD(2.0, cycles=1).run()
    assert published.marks_of(alike.record)["discharge_capacity_mAh_g"] == 1976.0
    assert published.marks_of(unlike.record) == {}
