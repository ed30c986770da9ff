"""Sweeps: every point is what a run alone gives, wherever it is computed; what fails or makes no sense says why."""

import json
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pandas
import pytest
import xarray
from typer.testing import CliRunner

import nasim
from nasim.cli import app
from nasim.engine.built_cell import KeptCell
from nasim.engine.stepper import Stepper
from nasim.models.solver import default_solver
from nasim.sweep.names import known
from nasim.sweep.points import points_of

ONE = nasim.GCD(cycles=1)
PRESSURE, CURRENT, RESISTIVITY = "stack pressure [MPa]", "current [mA.cm-2]", "Interphase resistivity [Ohm.m]"
RUN_STEP = Stepper.run
OVER = {PRESSURE: [250, 20], CURRENT: [0.127, 0.41], RESISTIVITY: [100.0, 1000.0]}
CAPACITY = "discharge_capacity_mAh_cm2"


@pytest.fixture(scope="module")
def grid():
    return nasim.sweep(nasim.GCD(cycles=2), OVER)


@pytest.fixture(scope="module")
def pair():
    return nasim.sweep(ONE, {PRESSURE: [20, 250]})


# --- the numbers ------------------------------------------------------------------------------------------------------


def test_a_point_is_what_a_run_alone_gives(grid):
    row = grid.table.iloc[5]
    alone = nasim.GCD(0.127, 2).run(stack_pressure_MPa=20, overrides={RESISTIVITY: 1000.0}).summary.iloc[-1]
    assert (row[PRESSURE], row[CURRENT], row[RESISTIVITY]) == (20, 0.127, 1000.0)
    for name in alone.index:
        assert row[name] == pytest.approx(alone[name], rel=1e-7, abs=1e-12), name


def test_points_come_in_the_order_given(grid):
    assert list(grid.table[PRESSURE]) == [250] * 4 + [20] * 4
    assert list(grid.table[CURRENT]) == [0.127, 0.127, 0.41, 0.41] * 2
    assert list(grid.table[RESISTIVITY]) == [100.0, 1000.0] * 4
    assert grid.table[CAPACITY].nunique() == 8


def test_each_cycle_is_kept(grid):
    assert list(grid.cycles["point"]) == [k for k in range(8) for _ in range(2)]
    last = grid.cycles[grid.cycles["cycle"] == 2].reset_index(drop=True)
    assert last[CAPACITY].equals(grid.table[CAPACITY].reset_index(drop=True))


def test_processes_give_the_same_numbers(grid):
    other = nasim.sweep(nasim.GCD(cycles=2), OVER, executor=2)
    assert other.table.equals(grid.table)
    assert other.cycles.equals(grid.cycles)


class Backwards:
    """An executor that does nothing until all is submitted, and then the last first."""

    def __init__(self, expected):
        self.jobs, self.expected = [], expected

    def submit(self, function, *given):
        self.jobs.append((Future(), function, given))
        if len(self.jobs) == self.expected:
            for future, function, given in reversed(self.jobs):
                future.set_result(function(*given))
        return self.jobs[-1][0]


def test_so_does_whatever_has_submit_in_any_order(grid):
    assert nasim.sweep(nasim.GCD(cycles=2), OVER, executor=Backwards(8)).table.equals(grid.table)


def test_threads_have_a_cell_each(grid):
    with ThreadPoolExecutor(2) as pool:
        assert nasim.sweep(nasim.GCD(cycles=2), OVER, executor=pool).table.equals(grid.table)


def test_a_client_is_asked_for_its_executor(pair):
    class Client:
        def get_executor(self):
            return Backwards(2)

    assert nasim.sweep(ONE, {PRESSURE: [20, 250]}, executor=Client()).table.equals(pair.table)


def test_one_cell_is_built_for_all_points(monkeypatch):
    built = []
    build = KeptCell._build
    monkeypatch.setattr(KeptCell, "_build", lambda *given: built.append(1) or build(*given))
    nasim.sweep(ONE, OVER)
    assert len(built) == 1


def test_a_design_may_vary_what_shapes_the_mesh():
    length = "Cathode thickness [m]"
    cell = nasim.FullCell(cathode=nasim.PorousCathode(points=5))
    found = nasim.sweep(ONE, {length: [1.6e-5, 2.1e-5]}, cell)
    alone = nasim.GCD(cycles=1).run(cell, overrides={length: 2.1e-5}).summary[CAPACITY].iloc[0]
    assert found.table[CAPACITY].iloc[1] == pytest.approx(alone, rel=1e-6)
    assert found.table[CAPACITY].nunique() == 2


def test_what_all_points_share_reaches_them():
    shared = {"temperature_C": 60, "overrides": [f"{RESISTIVITY}=1000"], "parameters": "Yuan2025_NASC"}
    row = nasim.sweep(ONE, {PRESSURE: 100}, **shared).table.iloc[0]
    alone = ONE.run(stack_pressure_MPa=100, **shared).summary.iloc[0]
    assert row[CAPACITY] == pytest.approx(alone[CAPACITY], rel=1e-7)
    assert row["temperature_C"] == 60


def test_the_default_set_is_that_of_the_experiment():
    found = nasim.sweep(nasim.SymmetricCycling(hours=4), {CURRENT: [0.5, 1.0]})
    assert found.record["parameter_set"] == "Yuan2025_symmetric_NAS"
    assert list(found.table["cycle"]) == [1, 3]


def shoulders(result):
    return {"reduction_peaks": len(result.dqdv(1)["reduction"].voltage_V)}


def test_more_can_be_read_off_each_result():
    found = nasim.sweep(ONE, {PRESSURE: [250]}, read=shoulders)
    assert found.table["reduction_peaks"].iloc[0] == shoulders(ONE.run())["reduction_peaks"]


# --- what fails -------------------------------------------------------------------------------------------------------


def test_a_point_that_fails_is_a_row_with_its_reason():
    found = nasim.sweep(nasim.CV(scans=1), {"window": [(0.7, 2.6), (2.5, 2.6), (0.8, 2.6)]})
    assert list(found.failed.index) == [1]
    assert "CV starts at open circuit" in found.table["reason"].iloc[1]
    assert np.isnan(found.table[CAPACITY].iloc[1])
    assert found.table[CAPACITY].iloc[[0, 2]].notna().all()
    assert list(found.table["reason"].iloc[[0, 2]]) == ["", ""]
    assert found.record["failed"] == 1
    assert found.to_xarray(each_cycle=True)[CAPACITY].isnull().to_numpy().ravel().tolist() == [False, False, True]


def fail_later(self, step):
    if self.time > 0 and step.kind == "discharge" and step.current > 3:
        raise nasim.SolveError("broken on purpose.")
    return RUN_STEP(self, step)


def test_cycles_before_a_failure_are_kept_and_the_next_point_is_untouched(monkeypatch, grid):
    monkeypatch.setattr(Stepper, "run", fail_later)
    found = nasim.sweep(nasim.GCD(cycles=2), OVER)
    assert list(found.failed.index) == [2, 3, 6, 7]
    assert found.cycles.groupby("point").size().to_dict() == {0: 2, 1: 2, 2: 1, 3: 1, 4: 2, 5: 2, 6: 1, 7: 1}
    assert found.table[CAPACITY].iloc[4] == grid.table[CAPACITY].iloc[4]


def test_where_every_point_fails_it_says_so():
    with pytest.raises(nasim.ProtocolError, match="no point makes sense.*a full cell, but parameter set"):
        nasim.sweep(ONE, {PRESSURE: [20, 250]}, parameters="Yuan2025_symmetric_NAS")


def test_where_no_point_can_be_computed_the_reasons_are_handed_over(monkeypatch):
    monkeypatch.setattr(Stepper, "run", lambda self, step: 1 / 0)
    with pytest.raises(nasim.SolveError, match="ZeroDivisionError") as caught:
        nasim.sweep(ONE, {PRESSURE: [20, 250]})
    assert len(caught.value.result.failed) == 2


@pytest.mark.parametrize(
    ("over", "error", "expected"),
    [
        ({"stack presure [MPa]": [20]}, nasim.UnknownNameError, "'stack pressure .MPa.'"),
        ({"curent [mA.cm-2]": [0.1]}, nasim.UnknownNameError, "'current .mA.cm-2.'"),
        ({"Interphase resistivty [Ohm.m]": [1.0]}, nasim.UnknownNameError, "'Interphase resistivity .Ohm.m.'"),
        ({"keep": [1]}, nasim.UnknownNameError, "neither a condition, nor a setting of GCD"),
        ({PRESSURE: [20, 1e9]}, nasim.ProtocolError, "point 1: stack pressure .* 0.1 to 2000 MPa"),
        ({CURRENT: [0.1, -0.1]}, nasim.ProtocolError, "point 1: GCD: current must be above zero"),
        ({"temperature [degC]": ["warm"]}, nasim.ProtocolError, "point 0: temperature must be a number"),
        ({RESISTIVITY: [100.0, -1.0]}, nasim.ParameterSetError, "point 1: .* not admissible; expected above 0"),
        ({PRESSURE: [20, 20]}, nasim.ProtocolError, "the value 20 twice"),
        ({CURRENT: [0.1], "current_mA_cm2": [0.2]}, nasim.ProtocolError, "are the same"),
        ({PRESSURE: []}, nasim.ProtocolError, "no values"),
        ({}, nasim.ProtocolError, "over is empty"),
        ([], nasim.ProtocolError, "at least one row"),
        ([{PRESSURE: 20}, {CURRENT: 0.1}], nasim.ProtocolError, "point 1 has values for current"),
        ([{PRESSURE: 20}, {PRESSURE: float("nan")}], nasim.ProtocolError, "point 1: .* has no value"),
        ("pressure", nasim.ProtocolError, "must be a mapping"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(monkeypatch, over, error, expected):
    monkeypatch.setattr(nasim.GCD, "setup", lambda *given, **options: pytest.fail("it ran"))
    with pytest.raises(error, match=expected):
        nasim.sweep(ONE, over)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"executor": 0}, "from 1 to 256"),
        ({"executor": object()}, "'submit'"),
        ({"executor": 2, "read": lambda result: {}}, "top level"),
        ({"resume": True}, "checkpoint='FILE'"),
        ({"stack_pressure_MPa": 20}, "choose one"),
        ({"temperature_C": 1e6}, "^sweep: temperature = .* -60 to 150"),
        ({"parameters": 5}, "parameters must be"),
        ({"model": "Yuan2025_NAS"}, "expected a nasim cell"),
    ],
)
def test_options_that_make_no_sense(options, expected):
    with pytest.raises(nasim.ProtocolError, match=expected):
        nasim.sweep(ONE, {PRESSURE: [20, 250]}, **options)


def test_an_experiment_comes_first():
    with pytest.raises(nasim.ProtocolError, match="expected an experiment"):
        nasim.sweep({PRESSURE: [20]}, ONE)


def test_a_cluster_needs_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(nasim.MissingExtraError, match=r"nasim-cells\[cluster\]"):
        nasim.sweep(ONE, {PRESSURE: [20, 250]}, executor="tcp://127.0.0.1:8786")


# --- names and designs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("experiment", "names"),
    [
        (nasim.CV(), ("scan rate [mV.s-1]", "scans", "window")),
        (nasim.Cycling(), ("charge current [mA.cm-2]", "rest [h]", "capacity limit [mAh.cm-2]", "wall time [s]")),
        (nasim.EIS(), ("highest [Hz]", "inductance [H]", "lead resistance [Ohm]", "temperature [degC]")),
    ],
)
def test_settings_in_words(experiment, names):
    assert set(names) <= set(known(experiment, nasim.load("Yuan2025_NAS")))


def test_names_in_either_form_and_any_case(pair):
    found = nasim.sweep(ONE, {"Stack_Pressure_mpa": np.array([20.0, 250.0])})
    assert list(found.table[CAPACITY]) == list(pair.table[CAPACITY])
    points = points_of({"a": np.arange(2), "b": range(2)})
    assert points.values == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert {type(value) for point in points.values for value in point} == {int}


def test_a_column_that_is_varied_hides_that_of_the_summary():
    found = nasim.sweep(ONE, {"stack_pressure_MPa": [100]}, nasim.FullCell(fixture=nasim.FixedGap()))
    assert list(found.table.columns).count("stack_pressure_MPa") == 1
    assert found.table["stack_pressure_MPa"].iloc[0] == 100


@pytest.mark.parametrize("method", ["latin hypercube", "sobol", "halton"])
def test_a_design_fills_the_ranges_evenly(method):
    name = "Product layer current density [A.m-2]"
    low, high = nasim.load("Yuan2025_NAS").entries[name].range
    over = {name: None, PRESSURE: (20, 250), RESISTIVITY: (10.0, 1000.0)}
    table = nasim.sweep.design(over, 32, method=method)
    assert table[name].between(low, high).all()
    assert table[PRESSURE].mean() == pytest.approx(135, abs=10)
    assert np.log10(table[RESISTIVITY]).mean() == pytest.approx(2.0, abs=0.06)
    assert table.equals(nasim.sweep.design(over, 32, method=method))
    assert not table.equals(nasim.sweep.design(over, 32, method=method, seed=2))


def test_designs_that_make_no_sense():
    for given, expected in (
        ({"over": {PRESSURE: None}}, PRESSURE),
        ({"over": {PRESSURE: (2, 1)}}, "must rise"),
        ({"over": [RESISTIVITY], "method": "random"}, "latin hypercube"),
        ({"over": [RESISTIVITY], "points": 0}, "at least 1"),
    ):
        with pytest.raises(nasim.NasimError, match=expected.split(" [")[0]):
            nasim.sweep.design(**{"points": 4} | given)


def test_a_table_is_swept_row_by_row():
    found = nasim.sweep(ONE, pandas.DataFrame({PRESSURE: [20, 250], CURRENT: [0.3, 0.2]}))
    assert not found.is_grid
    assert list(found.table[CURRENT]) == [0.3, 0.2]
    data = found.to_xarray(each_cycle=True)
    assert dict(data.sizes) == {"point": 2, "cycle": 1}
    assert list(data[PRESSURE].to_numpy()) == [20, 250]
    assert found.plot(CURRENT).get_lines()[0].get_xdata().tolist() == [0.2, 0.3]


# --- what it leaves ---------------------------------------------------------------------------------------------------


def test_a_grid_becomes_a_dataset(grid):
    data = grid.to_xarray()
    assert dict(data.sizes) == {PRESSURE: 2, CURRENT: 2, RESISTIVITY: 2}
    row = grid.table.iloc[6]
    assert float(data[CAPACITY].sel({PRESSURE: 20, CURRENT: 0.41, RESISTIVITY: 100.0})) == row[CAPACITY]


def test_files(grid, tmp_path):
    grid.to_netcdf(tmp_path / "sweep.nc")
    with xarray.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as data:
        value = data[CAPACITY].sel({PRESSURE: 20, CURRENT: 0.41, RESISTIVITY: 100.0, "cycle": 2})
        assert float(value) == grid.table[CAPACITY].iloc[6]
        assert json.loads(data.attrs["record"])["varied"][CURRENT] == {"kind": "setting", "name": "current_mA_cm2"}
    grid.to_csv(tmp_path / "sweep")
    read = pandas.read_csv(tmp_path / "sweep" / "sweep.csv", index_col="point", keep_default_na=False)
    pandas.testing.assert_frame_equal(read, grid.table, check_dtype=False)
    assert {path.name for path in (tmp_path / "sweep").iterdir()} == {"sweep.csv", "cycles.csv", "record.json"}


@pytest.mark.filterwarnings("error")
def test_a_table_is_written_without_a_warning_and_keeps_what_was_varied(tmp_path):
    found = nasim.sweep(ONE, [{PRESSURE: 20, CURRENT: 0.3}, {PRESSURE: 250, CURRENT: 0.2}])
    found.to_netcdf(tmp_path / "sweep.nc")
    with xarray.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as data:
        assert data[PRESSURE].to_numpy().tolist() == [20, 250]
        assert data[CURRENT].to_numpy().tolist() == [0.3, 0.2]


def test_a_figure_has_a_line_for_each_value_of_the_others(grid):
    ax = grid.plot(CURRENT, "charge_over_discharge", by=PRESSURE)
    assert len(ax.get_lines()) == 2
    assert ax.get_xlabel() == "Current (mA cm$^{-2}$)"
    assert ax.get_legend().get_texts()[0].get_text() == "250 MPa"
    assert len(grid.plot(ax=ax).get_lines()) == 2 + 4
    with pytest.raises(nasim.UnknownNameError, match=CAPACITY):
        grid.plot(y="discharge_capacity_mAh_cm")


class Interrupted(Exception):
    """Stands for Ctrl-C."""


def stop_after_five(done, total):
    if done == 5:
        raise Interrupted


def test_a_stopped_sweep_goes_on_where_it_was(grid, tmp_path, monkeypatch):
    path = tmp_path / "points.jsonl"
    with pytest.raises(Interrupted):
        nasim.sweep(nasim.GCD(cycles=2), OVER, checkpoint=path, progress=stop_after_five)
    path.write_text(path.read_text()[:-20])  # the last line was cut short
    seen = []
    setup = nasim.GCD.setup
    monkeypatch.setattr(nasim.GCD, "setup", lambda *given, **options: seen.append(1) or setup(*given, **options))
    again = nasim.sweep(nasim.GCD(cycles=2), OVER, checkpoint=path, resume=True)
    assert len(seen) == 4
    assert again.table.equals(grid.table)
    assert again.cycles.equals(grid.cycles)
    more = nasim.sweep(nasim.GCD(cycles=2), OVER | {PRESSURE: [20, 100, 250]}, checkpoint=path, resume=True)
    assert len(seen) == 8
    assert more.table[CAPACITY].iloc[0] == grid.table[CAPACITY].iloc[4]


def test_points_of_another_sweep_are_refused(tmp_path):
    path = tmp_path / "points.jsonl"
    nasim.sweep(ONE, {PRESSURE: [250]}, checkpoint=path)
    with pytest.raises(nasim.ProtocolError, match="another sweep: conditions: temperature_C was None and is 60"):
        nasim.sweep(ONE, {PRESSURE: [250]}, temperature_C=60, checkpoint=path, resume=True)
    path.write_text("[1]\n")
    with pytest.raises(nasim.DataFileError, match="does not hold the points"):
        nasim.sweep(ONE, {PRESSURE: [250]}, checkpoint=path, resume=True)


# --- progress and the command line ------------------------------------------------------------------------------------


def test_progress_is_told(capsys):
    seen = []
    nasim.sweep(ONE, {PRESSURE: [20, 250]}, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    nasim.sweep(ONE, {PRESSURE: [250]})
    assert capsys.readouterr() == ("", "")


def call(*words):
    return CliRunner().invoke(app, ["sweep", *words])


def test_the_command_gives_what_python_gives(pair, tmp_path):
    words = ["gcd", "--over", f"{PRESSURE}=20,250", "--cycles", "1"]
    printed = json.loads(call(*words, "--json").stdout)
    assert [row[CAPACITY] for row in printed["points"]] == list(pair.table[CAPACITY])
    shown = call(*words, "--out", str(tmp_path / "out"))
    assert shown.exit_code == 0, shown.output
    assert "stack pressure [MPa]" in shown.stdout
    names = {"sweep.csv", "cycles.csv", "record.json", "sweep.nc", "figure.png", "points.jsonl"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_the_command_takes_a_table_and_tells_what_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(Stepper, "run", fail_later)
    path = tmp_path / "design.csv"
    path.write_text(f"{PRESSURE},{CURRENT}\n250,0.127\n20,0.41\n")
    shown = call("gcd", "--design", str(path), "--cycles", "2", "--override", f"{RESISTIVITY}=100")
    assert shown.exit_code == 0, shown.output
    assert "point 1: Cycle 2: broken on purpose." in shown.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gdc", "--over", "cycles=1"], "'gcd'"),
        (["cv", "--over", "window=1", "--cycles", "2"], "'scan rate [mV.s-1]', 'scans'"),
        (["gcd"], "--design"),
        (["gcd", "--over", "cycles"], "NAME=VALUE"),
        (["gcd", "--design", "missing.csv"], "missing.csv"),
    ],
)
def test_what_the_command_refuses(words, expected):
    outcome = call(*words)
    assert isinstance(outcome.exception, nasim.NasimError)
    assert expected in str(outcome.exception)


def test_a_kept_cell_knows_when_it_must_be_built_anew():
    cell, load = KeptCell(inputs=[RESISTIVITY]), nasim.load
    base = load("Yuan2025_NAS")
    first = cell.stepper(base, {})
    assert cell.stepper(base.with_overrides({RESISTIVITY: 1000.0}), {}) is first
    assert cell.stepper(base.with_overrides({"Separator thickness [m]": 4.1e-4}), {}) is not first
    assert cell.stepper(base, {}, default_solver()) is not first
