"""Calibration: edits of a set file, the plan of the fit, the estimator on known truths, cells that restart, the record."""

import difflib
import json
import shutil
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from nasim import errors
from nasim import nomenclature as nm
from nasim.evidence import published, record
from nasim.evidence.bench import Bench, Cells
from nasim.evidence.calibration import Calibration, calibrate, shipped_sets, values_of
from nasim.evidence.estimate import ABSENT, Estimate, Problem, residuals
from nasim.evidence.jobs import jobs, perform, time_limit
from nasim.evidence.record import as_record, directions, load_record
from nasim.evidence.stages import START, FitPlan, Fitted, Prior, Stage, fit_plan, plan_path
from nasim.evidence.store import ReadingsStore
from nasim.parameters import folders, load, rewrite

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
    name = "Gap closing activation energy [J.mol-1]"
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


# --- the plan of the fit ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan():
    return fit_plan(shipped_sets())


def test_the_shipped_plan_is_in_order(plan):
    assert set(plan.stages[-1].rows) == set(plan.rows)
    assert set(plan.stages[-1].parameters) == set(plan.parameters) - set(plan.held)
    assert not {row.experiment for row in published.rows(*plan.rows)} & {"pore", "window"}
    assert all(each.prior.why and each.bounds[0] < each.bounds[1] for each in plan.parameters.values())
    assert len(plan.stages[-1].parameters) <= plan.stages[-1].numbers + 4


def test_at_most_one_row_that_is_kept_aside_is_fitted_to(plan):
    assert len(plan.aside) == 6
    assert len(set(plan.aside) & set(plan.rows)) <= 1


def test_what_has_one_value_lists_it_once(plan):
    names = [(each.set, name) for each in plan.parameters.values() for name in (each.name, *each.also)]
    assert len(names) == len(set(names))


def test_leaving_rows_out_takes_them_from_every_stage(plan):
    less = plan.without(plan.groups["rate"])
    assert "RATE-0.41" in plan.rows
    assert not set(plan.groups["rate"]) & set(less.rows)
    assert less.parameters == plan.parameters


def test_stages_by_name(plan):
    assert [stage.name for stage in plan.named()] == [stage.name for stage in plan.stages]
    with pytest.raises(errors.UnknownNameError, match=r"'jiont'.*'joint'"):
        plan.named(["jiont"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"NAS-D1"', '"NAS-D9"', "NAS-D9"),
        ('name = "Contact pressure scale [Pa]"', 'name = "Contact pressure scal [Pa]"', "Contact pressure scale"),
        ('set = "Yuan2025_NPS"', 'set = "Yuan2026_NPS"', "Yuan2026_NPS"),
        ("[groups]", "[groups", "does not describe a fit"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_told(tmp_path, old, new, said):
    text = plan_path().read_text()
    extra = '\n[[parameter]]\nname = "Contact pressure scale [Pa]"\nset = "Yuan2025_NPS"\n'
    text = text if old in text else text + extra
    assert old in text
    (tmp_path / "plan.toml").write_text(text.replace(old, new))
    with pytest.raises(errors.DataFileError, match=said):
        fit_plan(shipped_sets(), tmp_path / "plan.toml")


@pytest.mark.parametrize("prior", [Prior(0.1, 10.0, True, ""), Prior(0.5, 0.1, False, "")])
def test_priors_invert_and_their_errors_are_slopes(prior):
    for value in (0.2, 0.9):
        assert prior.value(prior.z(value)) == pytest.approx(value)
        slope = (prior.value(prior.z(value) + 1e-6) - prior.value(prior.z(value) - 1e-6)) / 2e-6
        assert prior.error(value, 0.3) == pytest.approx(0.3 * slope, rel=1e-5)


# --- estimating -------------------------------------------------------------------------------------------------------


def finding(id, *values):
    return published.judged(published.rows(id)[0], values)


def test_residuals_are_errors_over_tolerances():
    assert residuals(finding("NAS-ICE", 0.878)) == pytest.approx([0.5])
    assert residuals(finding("NAS-D1", 1976.0 * 1.05)) == pytest.approx([1.0])
    assert residuals(finding("DQ-R1", None)) == [ABSENT]
    assert residuals(finding("NASC-OX", 2.18, None)) == pytest.approx([0.5, ABSENT])
    assert residuals(finding("NASC-ACT", False)) == [ABSENT]
    assert residuals(finding("NASC-ACT", True)) == [0.0]
    assert residuals(finding("T60-P3", 0.75, 0.75)) == pytest.approx([0.0])
    assert residuals(finding("T60-P3", 0.82, 0.82)) == pytest.approx([1.4])
    assert residuals(finding("T60-P3", None, None)) == [ABSENT]
    failed = published.Finding(published.rows("NASC-OX")[0], (), (), published.NOT_AVAILABLE)
    assert residuals(failed) == [ABSENT, ABSENT]


def test_far_errors_count_less_and_keep_their_order():
    far = [residuals(finding("NAS-D1", 1976.0 + 98.8 * x))[0] for x in (2.9, 3.1, 10.0, 20.0)]
    assert far == sorted(far)
    assert far[0] == pytest.approx(2.9)
    assert far[-1] < 6.0


P0, EXPONENT, WEAR = nm.CONTACT_P0, nm.CONTACT_EXPONENT, nm.BREATHING_LOSS
PARAMETERS = {
    P0: Fitted(P0, prior=Prior(1.2e7, 30.0, True, "wide"), bounds=(5e6, 1.5e8)),
    EXPONENT: Fitted(EXPONENT, prior=Prior(1.2, 5.0, False, "wide"), bounds=(0.4, 2.0)),
    WEAR: Fitted(WEAR, prior=Prior(0.11, 0.05, False, "nothing"), bounds=(0.0, 0.3)),
}
ROWS = ("NAS-D1", "P125-D1", "P62-D1", "P20-D1")


class FakeBench:
    """D1 = 2000 (1 - exp(-(P/P0)^m)) against the same at known values: a cell whose truth is known."""

    TRUTH = {P0: 2.4e7, EXPONENT: 0.8}

    def __init__(self, fails_beyond=np.inf):
        self.points, self.fails_beyond = [], fails_beyond

    def several(self, ids, points):
        self.points += points
        return [{row.id: self._finding(row, values) for row in published.rows(*ids)} for values in points]

    def _finding(self, row, values):
        if values[P0] > self.fails_beyond:
            return published.Finding(row, (), (), published.NOT_AVAILABLE, "failed")
        off = self.capacity(row, values) - self.capacity(row, self.TRUTH)
        return published.judged(row, (row.values[0] + off,))

    @staticmethod
    def capacity(row, values):
        return 2000 * (1 - np.exp(-((row.stack_pressure_MPa * 1e6 / values[P0]) ** values[EXPONENT])))

    def close(self):
        pass


def problem(names=(P0, EXPONENT), bench=None, **options):
    return Problem(bench or FakeBench(), ROWS, [PARAMETERS[name] for name in names], {WEAR: 0.1}, **options)


def test_known_parameters_come_back():
    search = problem()
    estimate = search.solve(np.zeros(2), most=40)
    assert estimate.finished
    assert estimate.cost < 1e-3
    found = search.values(estimate.z)
    assert [found[name] for name in FakeBench.TRUTH] == pytest.approx(list(FakeBench.TRUTH.values()), rel=0.03)


def test_the_prior_decides_what_no_row_does_and_its_error_is_the_prior_s():
    search = problem((P0, WEAR, EXPONENT))
    search.fixed = {}
    estimate = search.solve(np.array([0.1, 0.5, 0.1]), most=40)
    assert search.values(estimate.z)[WEAR] == pytest.approx(0.11, abs=1e-3)
    assert np.sqrt(np.diag(estimate.covariance))[1] == pytest.approx(1.0)
    assert np.sqrt(np.diag(estimate.covariance))[0] < 0.2


def test_covariance_is_that_of_the_linear_problem_with_priors():
    jacobian = np.array([[3.0, 0.0], [0.0, 0.1], [1.0, 0.2]])
    expected = np.linalg.inv(jacobian.T @ jacobian + np.eye(2))
    assert Estimate(np.zeros(2), 0.0, jacobian, True).covariance == pytest.approx(expected)
    assert Estimate(np.zeros(2), 0.0, None, False).covariance == pytest.approx(np.eye(2))


def test_values_stay_in_the_range_whatever_the_prior():
    search = problem()
    assert search.values(np.array([9.0, -9.0]))[P0] == pytest.approx(1.5e8)
    assert search.values(np.array([9.0, -9.0]))[EXPONENT] == pytest.approx(0.4)


def test_a_failed_evaluation_gives_no_slope_and_does_not_end_the_search():
    search = problem(bench=FakeBench(fails_beyond=4e7))
    start = search.point({P0: 3.9e7, EXPONENT: 1.0})
    slopes = search.jacobian(start)[: len(ROWS)]
    assert np.all(slopes[:, 0] == 0.0) and np.any(slopes[:, 1] != 0.0)
    assert search.solve(start, most=40).cost < 10.0


def test_wall_time_ends_a_stage_with_the_best_so_far():
    stopped = problem(seconds=-1.0)
    estimate = stopped.solve(np.zeros(2))
    assert not estimate.finished
    assert stopped.evaluations == 1
    assert estimate.z == pytest.approx(np.zeros(2))


def test_exploring_finds_the_basin_and_repeats_with_the_seed():
    first, again, other = (problem().explore(32, seed=seed, most=2) for seed in (3, 3, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    search = problem()
    costs = [float(r @ r) for r in search.rows_at([first[0], np.zeros(2)])]
    assert costs[0] <= costs[1]


# --- the whole --------------------------------------------------------------------------------------------------------


def small_plan():
    keys = (P0, EXPONENT)
    stages = (Stage("first", keys, ROWS[:2], explore=8, starts=2), Stage("joint", keys, ROWS))
    return FitPlan({key: PARAMETERS[key] for key in keys}, stages, {"low": ROWS[2:]}, ())


def test_a_cold_calibration_does_not_look_at_the_shipped_values():
    bench = FakeBench()
    outcome = calibrate(plan=small_plan(), bench=bench)
    assert bench.points[0] == pytest.approx({P0: 1.2e7, EXPONENT: 1.2})
    assert outcome.values == pytest.approx(FakeBench.TRUTH, rel=0.05)
    plain = replace(small_plan(), stages=(small_plan().stages[-1],))
    unexplored = FakeBench()
    calibrate(plan=plain, bench=unexplored)
    assert unexplored.points[0] == pytest.approx({P0: 1.2e7, EXPONENT: 1.2})
    warm = FakeBench()
    calibrate(plan=small_plan(), bench=warm, cold=False)
    assert warm.points[0] == pytest.approx(values_of(small_plan(), shipped_sets()))


def test_two_runs_give_the_same_numbers():
    one, two = (calibrate(plan=small_plan(), bench=FakeBench()) for _ in range(2))
    assert one.values == two.values
    assert as_record(one) == as_record(two)


def test_values_errors_and_rows_are_written(copy):
    outcome = calibrate(plan=small_plan(), bench=FakeBench())
    changed = record.write(outcome, copy.parent)
    assert [path.name for path in changed] == ["Yuan2025_NAS.toml", "Yuan2025_fit.json"]
    entry = load(copy).entries[P0]
    assert (entry.kind, entry.value) == ("fitted", pytest.approx(outcome.values[P0], rel=1e-4))
    assert set(entry.fitted_to) <= set(ROWS) and "P20-D1" in entry.fitted_to
    assert entry.standard_error == pytest.approx(as_record(outcome)["errors"][P0], rel=2e-3)
    assert load(copy).calibration["joint"]["rows"] == list(ROWS)
    stored = load_record(copy.parent)
    assert stored.rows == ROWS
    assert stored.covariance == pytest.approx(outcome.estimate.covariance, abs=1e-6)


def test_what_has_the_same_value_is_written_with_it(copy):
    leader, follower = "Sb-S step 1 electrons per formula unit", "Sb-S step 2 electrons per formula unit"
    each = Fitted(leader, also=(follower,), prior=Prior(0.5, 0.2, False, "x"), bounds=(0.1, 0.95))
    stage = Stage("joint", (leader,), ("NASC-Q",))
    estimate = Estimate(np.zeros(1), 0.1, np.ones((1, 1)), True)
    outcome = Calibration(FitPlan({leader: each}, (stage,), {}, ()), {leader: 0.45}, stage, estimate, ["NASC-Q"], 1)
    record.write(outcome, copy.parent)
    assert [load(copy).entries[name].value for name in (leader, follower)] == [0.45, 0.45]
    assert load(copy).entries[leader].fitted_to == ("NASC-Q",)


def test_directions_that_the_rows_leave_to_the_priors_are_told():
    plan, stage = small_plan(), small_plan().stages[-1]
    jacobian = np.array([[5.0, 5.0], [1.0, 1.1], [0.0, 0.0], [0.0, 0.0]])
    outcome = Calibration(plan, dict(FakeBench.TRUTH), stage, Estimate(np.zeros(2), 0.0, jacobian, True), list(ROWS), 1)
    (left,) = directions(outcome)
    assert left["singular_value"] < 0.1
    assert [abs(x) for x in left["parameters"].values()] == pytest.approx([0.71, 0.71], abs=0.01)


# --- jobs, cells, the store -------------------------------------------------------------------------------------------


def test_rows_that_are_compared_stay_together():
    made = {frozenset(job.ids): len(job.runs) for job in jobs(published.rows("CUT-0.7", "NAS-D1", "P20-D1"))}
    assert made == {frozenset(("NAS-D1", "CUT-0.7")): 2, frozenset(("P20-D1",)): 1}


def test_what_fails_becomes_a_reason():
    def broken(name):
        raise ZeroDivisionError("far from any cell")

    ((values, reason),) = perform(jobs(published.rows("NAS-D1"))[0], broken).values()
    assert values == () and "far from any cell" in reason


def test_an_endless_run_is_ended():
    import time

    with pytest.raises(TimeoutError, match="not done"), time_limit(0.05):
        time.sleep(5)


def test_a_job_depends_on_what_its_cell_uses(plan):
    cells = Cells(tuple(plan.parameters.values()), shipped_sets())
    values = values_of(plan, shipped_sets())
    touched = {
        id: set(cells.touching(jobs(published.rows(id))[0], values)) for id in ("NAS-D1", "NASC-Q", "T60-D1", "OCV-EIS")
    }
    assert not [key for key in touched["NASC-Q"] if key.startswith("Sulfur")]
    assert not [key for key in touched["NAS-D1"] if "activation" in key]
    assert [key for key in touched["T60-D1"] if "activation" in key] or not [k for k in values if "activation" in k]
    assert touched["OCV-EIS"] < touched["NAS-D1"] | {key for key in values if "nterphase" in key}
    assert all(set(values) - keys for keys in touched.values())


def test_a_value_that_a_set_has_of_its_own_is_left_alone():
    name = "Ionic percolation threshold"
    main, own = Fitted(name), Fitted(name, "Yuan2025_NPS")
    cells = Cells((main, own), shipped_sets())
    assert cells.names("Yuan2025_NPS") == {name: f"Yuan2025_NPS: {name}"}
    assert cells.names(START) == {name: name}
    assert Cells((main,), shipped_sets()).names("Yuan2025_NPS") == {}


def test_a_restarted_cell_gives_what_a_new_one_gives():
    import nasim

    bench = Bench([Fitted(P0)])
    first = bench.findings(("P62-D1",), {P0: 3e7})["P62-D1"].values[0]
    bench.findings(("NAS-D1",), {P0: 1e7})
    bench.store.done.clear()
    again = bench.findings(("P62-D1",), {P0: 3e7})["P62-D1"].values[0]
    new = nasim.GCD(cycles=1).run(stack_pressure_MPa=62.5, overrides={P0: 3e7})
    assert again == first
    assert again == pytest.approx(new.summary["discharge_capacity_mAh_g"].iloc[0], rel=1e-4)


def test_what_was_computed_is_remembered_across_calculations(tmp_path):
    path = tmp_path / "store.jsonl"
    for expected in (1, 0):
        bench = Bench([Fitted(P0)], store=path)
        found = bench.findings(("NASC-Q", "NASC-OX"), {P0: 3e7})
        assert bench.runs == expected
    assert found["NASC-Q"].values[0] > 0
    bench.findings(("NASC-OX",), {P0: 3e7})
    assert bench.runs == 0


def test_a_store_that_was_cut_short_loses_the_last_line_only(tmp_path):
    path = tmp_path / "store.jsonl"
    store = ReadingsStore(path, {"a": 1})
    for k in range(2):
        store.put(f"k{k}", {"NAS-D1": ((float(k),), "")})
    path.write_text(path.read_text()[:-9])
    again = ReadingsStore(path, {"a": 1})
    assert list(again.done) == ["k0"]
    again.put("k1", {"NAS-D1": ((1.0,), "")})
    assert list(ReadingsStore(path, {"a": 1}).done) == ["k0", "k1"]
    with pytest.raises(errors.ProtocolError, match="another calibration"):
        ReadingsStore(path, {"a": 2})
    path.write_text("{")
    with pytest.raises(errors.DataFileError, match="does not hold"):
        ReadingsStore(path, {"a": 1})


def test_processes_give_what_one_process_gives():
    points = [{P0: 3e7}, {P0: 4e7}]
    alone, two = Bench([Fitted(P0)]), Bench([Fitted(P0)], workers=2)
    assert two.several(("P20-D1",), points) == alone.several(("P20-D1",), points)
    two.close()


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_shows_the_fit(capsys):
    from nasim.cli.published import calibrate as command

    command(show=True, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert set(shown["stages"]) == {stage.name for stage in fit_plan(shipped_sets()).stages}
    assert all(prior["why"] for prior in shown["priors"].values())
