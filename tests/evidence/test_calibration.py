"""Calibration: edits of a set file, the estimator on known truths, stages that resume, cells that restart."""

import difflib
import json
import shutil
import tomllib

import numpy as np
import pytest

from nasim import errors
from nasim import nomenclature as nm
from nasim.evidence import published
from nasim.evidence.bench import Bench
from nasim.evidence.calibration import calibrate, stages_named
from nasim.evidence.estimate import ABSENT, Problem, residuals
from nasim.evidence.kinds import kinds
from nasim.evidence.stages import FADE, FIRST_CYCLE, PRESSURE, RATE, STAGES, TIED, joint
from nasim.parameters import folders, load, rewrite
from nasim.scale import Scale

SHIPPED = folders()[0] / "Yuan2025_NAS.toml"


@pytest.fixture
def copy(tmp_path):
    """The shipped set as a file of one's own."""
    shutil.copytree(SHIPPED.parent, tmp_path / "sets")
    return tmp_path / "sets" / SHIPPED.name


# --- editing the file -------------------------------------------------------------------------------------------------


def test_an_edit_changes_nothing_but_the_lines_it_names(copy):
    before = copy.read_text()
    old = load(copy).entries["Contact pressure scale [Pa]"]
    rewrite.write(copy, {"Contact pressure scale [Pa]": {"value": 2.5e7, "fitted_to": ["P20-D1", "P62-D1"]}})
    changed = [line for line in difflib.ndiff(before.splitlines(), copy.read_text().splitlines()) if line[0] in "+-"]
    assert {line[2:].partition(" ")[0] for line in changed} <= {"value", "fitted_to"}
    entry = load(copy).entries["Contact pressure scale [Pa]"]
    assert (entry.value, entry.fitted_to, entry.range) == (2.5e7, ("P20-D1", "P62-D1"), old.range)


def test_keys_can_be_added_and_taken_out(copy):
    name = "Contact creep time [s]"
    rewrite.write(copy, {name: {"standard_error": 12.0, "note": 'about "an hour"'}})
    assert load(copy).entries[name].standard_error == 12.0
    assert load(copy).entries[name].note == 'about "an hour"'
    rewrite.write(copy, {name: {"standard_error": None}})
    assert load(copy).entries[name].standard_error is None


def test_the_calibration_table_is_replaced_not_piled_up(copy):
    for cost in (3.0, 1.5):
        rewrite.write(copy, {}, {"seed": 1, "rate": {"cost": cost, "rows": ["RATE-0.41"]}})
    assert copy.read_text().splitlines().count("[calibration]") == 1
    assert load(copy).calibration["rate"] == {"cost": 1.5, "rows": ["RATE-0.41"]}
    assert load(copy).entries.keys() == load("Yuan2025_NAS").entries.keys()


def test_an_edit_that_breaks_the_set_is_not_made(copy):
    before = copy.read_text()
    with pytest.raises(errors.ParameterSetError, match="left as it was"):
        rewrite.write(copy, {"Contact pressure scale [Pa]": {"value": 1e12}})
    with pytest.raises(errors.UnknownNameError, match="nearest match is 'Contact pressure scale"):
        rewrite.write(copy, {"Contact pressure scal [Pa]": {"value": 1e7}})
    assert copy.read_text() == before
    assert not [path for path in copy.parent.iterdir() if path.suffix == ".part"]


@pytest.mark.parametrize("value", [1.0, 2e7, 0.05, 1.2345678e-10, -3.0, 7, True, 'a "b" \\ c', ["x", "y"], [1.0, 2.0]])
def test_literals_are_toml(value):
    back = tomllib.loads(f"key = {rewrite.literal(value)}")["key"]
    assert back == (pytest.approx(value, rel=1e-4) if isinstance(value, float) else value)
    assert type(back) is type(value)


# --- estimating -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(1e-6, 1.0), (0.0, 2.0), (-1.0, 3.0), (0.4, 2.0)])
def test_scales_invert(low, high):
    scale = Scale(low, high)
    for unit in (0.0, 0.3, 1.0):
        assert scale.unit(scale.value(unit)) == pytest.approx(unit, abs=1e-12)
    assert scale.is_log == (low > 0 and high > 20 * low)
    slope = (scale.value(0.5 + 1e-6) - scale.value(0.5 - 1e-6)) / 2e-6
    assert scale.error(scale.value(0.5), 0.1) == pytest.approx(0.1 * slope, rel=1e-5)


def finding(id, *values):
    row = published.rows(id)[0]
    if row.is_statement or None in values:
        return published.Finding(row, values, (), published.MISSED)
    error = tuple(value - target for value, target in zip(values, row.values, strict=True))
    return published.Finding(row, values, error, published.MET)


def test_residuals_are_errors_over_tolerances():
    assert residuals(finding("NAS-ICE", 0.878)) == pytest.approx([0.5])
    assert residuals(finding("NAS-D1", 1976.0 * 1.05)) == pytest.approx([1.0])
    assert residuals(finding("DQ-R1", None)) == [ABSENT]
    assert residuals(finding("NASC-ACT", False)) == []
    assert residuals(finding("T60-P3", 0.75, 0.75)) == pytest.approx([0.0])
    assert residuals(finding("T60-P3", 0.82, 0.82)) == pytest.approx([1.4])
    assert residuals(finding("T60-P3", None, None)) == [ABSENT]


class FakeBench:
    """D1 = 2000 (1 - exp(-(250e6/P0)^m)) and the same at the other pressures: a cell whose truth is known."""

    TRUTH = {nm.CONTACT_P0: 2.4e7, nm.CONTACT_EXPONENT: 0.8}

    def __init__(self):
        self.runs = 0

    def findings(self, ids, values):
        self.runs += 1
        return {id: self._finding(id, values) for id in ids}

    def _finding(self, id, values):
        row = published.rows(id)[0]
        if row.is_statement or row.is_range or row.quantity != "discharge_capacity_mAh_g":
            return published.Finding(row, row.values, (0.0,) * len(row.values), published.MET)
        at = [self._capacity(row.stack_pressure_MPa, each) for each in (values, self.TRUTH)]
        return published.Finding(row, (at[0],), (at[0] - at[1],), published.MET)

    @staticmethod
    def _capacity(pressure, values):
        P0, m = values.get(nm.CONTACT_P0, 2.4e7), values.get(nm.CONTACT_EXPONENT, 0.8)
        return 2000 * (1 - np.exp(-((pressure * 1e6 / P0) ** m)))


def problem(**options):
    scales = {nm.CONTACT_P0: Scale(5e6, 1.5e8), nm.CONTACT_EXPONENT: Scale(0.4, 2.0)}
    ids = ("NAS-D1", "P125-D1", "P62-D1", "P20-D1")
    bench = FakeBench()
    start = {nm.CONTACT_P0: 1.2e7, nm.CONTACT_EXPONENT: 1.5}
    return Problem(lambda values: bench.findings(ids, values).values(), start, scales, **options)


def test_known_parameters_come_back(monkeypatch):
    monkeypatch.setattr("nasim.evidence.estimate.PULL", 1e-3)
    estimate = problem().solve(most=40)
    assert estimate.finished
    assert estimate.cost < 1e-4
    assert estimate.values == pytest.approx(FakeBench.TRUTH, rel=5e-3)


def test_standard_errors_are_those_of_the_linear_problem(monkeypatch):
    monkeypatch.setattr("nasim.evidence.estimate.PULL", 1e-3)
    estimate = problem().solve(most=40)
    names, steps = list(estimate.values), {nm.CONTACT_P0: 1e4, nm.CONTACT_EXPONENT: 1e-4}
    pressures, published_values = np.array([250, 125, 62.5, 20]), np.array([1976, 1991, 1712, 1051])
    slopes = []
    for name in names:
        up, down = (estimate.values | {name: estimate.values[name] + sign * steps[name]} for sign in (1, -1))
        slope = (FakeBench._capacity(pressures, up) - FakeBench._capacity(pressures, down)) / (2 * steps[name])
        slopes.append(slope / (0.05 * published_values))
    expected = np.sqrt(np.diag(np.linalg.inv(np.array(slopes) @ np.array(slopes).T)))
    assert [estimate.errors[name] for name in names] == pytest.approx(list(expected), rel=0.02)


def test_the_pull_decides_what_no_row_does():
    start = {nm.CONTACT_P0: 3e7, nm.CREEP_GAIN: 0.11}
    scales = {nm.CONTACT_P0: Scale(5e6, 1.5e8), nm.CREEP_GAIN: Scale(0.0, 0.3)}
    bench = FakeBench()
    estimate = Problem(lambda values: bench.findings(("P20-D1",), values).values(), start, scales).solve()
    assert estimate.values[nm.CREEP_GAIN] == pytest.approx(0.11)
    assert estimate.errors[nm.CREEP_GAIN] == pytest.approx(0.15, rel=1e-6)


def test_wall_time_ends_a_stage_with_the_best_so_far():
    stopped = problem(seconds=-1.0).solve()
    assert not stopped.finished
    assert stopped.evaluations == 1
    assert np.isfinite(stopped.cost)
    assert stopped.values == pytest.approx({nm.CONTACT_P0: 1.2e7, nm.CONTACT_EXPONENT: 1.5})


def test_exploring_finds_the_basin_and_repeats_with_the_seed():
    starts = []
    for _ in range(2):
        search = problem()
        search.explore(0.2, seed=3)
        starts.append(search.residuals(search.start)[:4] @ search.residuals(search.start)[:4])
    assert max(starts) < 1.0


# --- stages -----------------------------------------------------------------------------------------------------------


def test_no_stage_fits_more_parameters_than_it_has_numbers():
    for stage in (*STAGES, joint()):
        assert len(stage.parameters) <= stage.numbers, stage.name


def test_every_parameter_belongs_to_one_stage_and_has_a_range():
    names = [name for stage in STAGES for name in stage.parameters]
    assert len(names) == len(set(names))
    entries = load("Yuan2025_NAS").entries
    assert all(entries[name].range is not None for name in names)
    assert not set(TIED) & set(names)
    assert set(TIED.values()) <= set(names)


def test_only_rows_that_are_calibrated_on_are_used():
    used = {id for stage in STAGES for id in stage.rows}
    assert set(kinds(*used).values()) == {"calibrated"}


def test_stages_by_name():
    assert [stage.name for stage in stages_named(["rate", "fade"])] == [RATE.name, FADE.name]
    assert stages_named()[-1] == FADE
    with pytest.raises(errors.UnknownNameError, match=r"'rates'.*'rate'"):
        stages_named(["rates"])


def test_calibrate_writes_what_it_found_and_goes_on_from_a_checkpoint(copy, tmp_path):
    checkpoint, bench = tmp_path / "done.json", FakeBench()
    options = {"stages": ["pressure"], "checkpoint": checkpoint, "iterations": 30}
    done = calibrate(copy, bench=bench, **options)
    entry = load(copy).entries[nm.CONTACT_P0]
    assert entry.kind == "fitted"
    assert entry.value == pytest.approx(done["pressure"]["values"][nm.CONTACT_P0], rel=1e-4)
    assert entry.standard_error == pytest.approx(done["pressure"]["errors"][nm.CONTACT_P0], rel=1e-4)
    assert set(entry.fitted_to) <= set(PRESSURE.rows)
    assert "P20-D1" in entry.fitted_to
    table = load(copy).calibration["pressure"]
    assert (table["parameters"], table["numbers"]) == (4, 7)
    text, runs = copy.read_text(), bench.runs
    again = calibrate(copy, bench=bench, **options)
    assert (copy.read_text(), bench.runs) == (text, runs)
    assert json.loads(checkpoint.read_text()) == again


def test_tied_parameters_follow(copy):
    (tied, leader), *_ = TIED.items()
    rewrite.write(copy, {leader: {"value": 0.7}})
    assert load(copy).entries[tied].value != 0.7
    calibrate(copy, ["first_cycle"], bench=FakeBench())
    entries = load(copy).entries
    assert entries[tied].value == entries[leader].value
    assert entries[tied].kind == "derived"


def test_stages_build_on_each_other_without_writing(copy):
    before, seen = copy.read_text(), []

    class Watching(FakeBench):
        def findings(self, ids, values):
            seen.append(dict(values))
            return super().findings(ids, values)

    done = calibrate(copy, ["pressure", "joint"], bench=Watching(), write=False)
    first_of_joint = next(values for values in seen if len(values) > 4)
    assert first_of_joint[nm.CONTACT_P0] == pytest.approx(done["pressure"]["values"][nm.CONTACT_P0])
    assert copy.read_text() == before


def test_a_single_stage_leaves_the_record_of_the_others(copy):
    rewrite.write(copy, {}, {"seed": 1, "rate": {"cost": 0.5}, "pressure": {"cost": 99.0}})
    calibrate(copy, ["pressure"], bench=FakeBench())
    table = load(copy).calibration
    assert table["rate"] == {"cost": 0.5}
    assert table["pressure"]["cost"] < 99.0


def test_a_broken_checkpoint_is_told(copy, tmp_path):
    checkpoint = tmp_path / "done.json"
    checkpoint.write_text("{")
    with pytest.raises(errors.DataFileError, match="begin anew"):
        calibrate(copy, ["rate"], checkpoint=checkpoint, bench=FakeBench())


# --- cells ------------------------------------------------------------------------------------------------------------


def test_a_restarted_cell_gives_what_a_new_one_gives():
    import nasim

    bench = Bench((nm.CONTACT_P0,), load)
    first = bench.findings(("P62-D1", "P62-D1"), {nm.CONTACT_P0: 3e7})["P62-D1"].values[0]
    bench.findings(("NAS-D1",), {nm.CONTACT_P0: 1e7})
    again = bench.findings(("P62-D1",), {nm.CONTACT_P0: 3e7})["P62-D1"].values[0]
    new = nasim.GCD(cycles=1).run(stack_pressure_MPa=62.5, overrides={nm.CONTACT_P0: 3e7})
    assert again == first
    assert again == pytest.approx(new.summary["discharge_capacity_mAh_g"].iloc[0], rel=1e-4)


def test_a_row_that_needs_another_experiment_is_refused():
    with pytest.raises(errors.NasimError, match="'window' study"):
        Bench((), load).findings(("WIN-NAS",), {})


def test_first_cycle_parameters_are_parameters_of_the_set():
    assert set(FIRST_CYCLE.parameters) <= set(load("Yuan2025_NAS").entries)
