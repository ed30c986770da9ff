"""Cycling, rate test, checkpoints: resumed runs end with the same numbers, whatever kills them."""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pybamm
import pytest

import nasim
from nasim.engine import checkpoint, jumping, stepper
from nasim.errors import DataFileError, KeptInMemoryWarning, ProtocolError, SolveError
from nasim.experiments import cycling
from nasim.experiments.cycling import sensible_cycles

CYCLES = 8
CHILD = """
import sys, nasim
from nasim.engine import checkpoint
checkpoint.EVERY_S = 0.0
print("ready", flush=True)
nasim.Cycling(cycles={cycles}).run(checkpoint=sys.argv[1], resume=True,
                                   progress=lambda number, row: print(number, flush=True))
"""


def same(left, right):
    """The two results have the same table (relative 1e-8) and kept cycles."""
    pd.testing.assert_frame_equal(left.summary, right.summary, rtol=1e-8, check_dtype=False)
    pd.testing.assert_frame_equal(left.curves, right.curves, rtol=1e-8, check_dtype=False)
    assert left.audit() == pytest.approx(right.audit(), abs=1e-12)


@pytest.fixture(scope="module")
def unbroken():
    return nasim.Cycling(cycles=CYCLES).run()


def test_resume_after_sigkill_at_random_moments(unbroken, tmp_path):
    path, rng = tmp_path / "run.npz", random.Random(7)
    for _ in range(10):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD.format(cycles=CYCLES), str(path)], stdout=subprocess.PIPE, text=True
        )
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, 1.5))
        child.send_signal(signal.SIGKILL)
        child.wait()
    finished = nasim.Cycling(cycles=CYCLES).run(checkpoint=path, resume=True)
    same(finished, unbroken)
    leftovers = [item for item in tmp_path.iterdir() if item.name != path.name and not item.name.startswith(".")]
    assert leftovers == []


def test_a_longer_run_goes_on_from_a_shorter_one(unbroken, tmp_path):
    path = tmp_path / "run.npz"
    nasim.Cycling(cycles=3, keep=(1, 2)).run(checkpoint=path)
    longer = nasim.Cycling(cycles=CYCLES).run(checkpoint=path, resume=True)
    same(longer, unbroken)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"temperature_C": 40.0}, "temperature_C was 25"),
        ({"stack_pressure_MPa": 100.0}, "stack_pressure_MPa was 250"),
        ({"overrides": {"Separator thickness [m]": 4e-4}}, "Separator thickness"),
        ({"parameters": "Yuan2025_NASC"}, "parameter_set was 'Yuan2025_NAS'"),
    ],
)
def test_another_run_is_refused(tmp_path, change, said):
    path = tmp_path / "run.npz"
    nasim.Cycling(cycles=1).run(checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(ProtocolError, match=said):
        nasim.Cycling(cycles=1).run(checkpoint=path, resume=True, **change)
    assert path.read_bytes() == before


def test_no_checkpoint_is_a_fresh_start_and_garbage_is_refused(tmp_path):
    fresh = nasim.Cycling(cycles=1).run(checkpoint=tmp_path / "new.npz", resume=True)
    assert len(fresh.summary) == 1
    (tmp_path / "bad.npz").write_bytes(b"not a checkpoint")
    with pytest.raises(DataFileError, match="cannot be read as a checkpoint"):
        nasim.Cycling(cycles=1).run(checkpoint=tmp_path / "bad.npz", resume=True)
    with pytest.raises(ProtocolError, match="say where the checkpoint is"):
        nasim.Cycling(cycles=1).run(resume=True)


def test_full_disk_leaves_the_last_good_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    nasim.Cycling(cycles=1).run(checkpoint=path)
    before = path.read_bytes()

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.np, "savez", full)
    with pytest.warns(KeptInMemoryWarning, match="No space.*goes on"):
        assert len(nasim.Cycling(cycles=1).run(checkpoint=path).summary) == 1
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["run.npz"]


def test_a_failed_step_is_tried_once_more_and_told(monkeypatch):
    solve, failures = stepper.Stepper._integrate, []

    def fail_once(self, step, inputs, voltage):
        if self.statistics["steps"] == 3 and not failures:
            failures.append(step.kind)
            raise SolveError("made to fail")
        return solve(self, step, inputs, voltage)

    monkeypatch.setattr(stepper.Stepper, "_integrate", fail_once)
    result = nasim.Cycling(cycles=3).run()
    assert len(result.summary) == 3
    assert "second attempt" in result.record["events"][0]
    assert "cycle 2, charge" in result.record["events"][0]


def test_a_step_that_fails_twice_keeps_the_cycles_before(monkeypatch):
    solve = stepper.Stepper._integrate

    def fail(self, step, inputs, voltage):
        if self.statistics["steps"] >= 4:
            raise SolveError("The integrator gave up in the discharge step that starts at 27.5 h and 2.600 V.")
        return solve(self, step, inputs, voltage)

    monkeypatch.setattr(stepper.Stepper, "_integrate", fail)
    with pytest.raises(SolveError, match=r"Cycle 3: .*discharge.* h and .* V.*kept.*Try") as caught:
        nasim.Cycling(cycles=5).run()
    assert len(caught.value.result.summary) == 2


def test_protocols():
    held = nasim.Cycling(cycles=1, hold_until_mA_cm2=0.02, rest_h=0.5, keep=(1,)).run()
    steps = list(dict.fromkeys(held.curve(1)["Step"]))
    assert steps == ["discharge", "rest", "charge", "hold"]
    hold = held.curve(1).query("Step == 'hold'")
    assert hold["Voltage [V]"].to_numpy() == pytest.approx(2.6, abs=1e-6)
    assert abs(hold["Current density [mA.cm-2]"].iloc[-1]) == pytest.approx(0.02, rel=1e-3)
    slow = nasim.Cycling(cycles=1, current_mA_cm2=0.2, charge_current_mA_cm2=0.1, keep=(1,)).run().curve(1)
    assert set(np.round(slow["Current density [mA.cm-2]"], 9)) == {0.2, -0.1}
    limited = nasim.Cycling(cycles=2, capacity_limit_mAh_cm2=0.3).run().summary
    assert limited["discharge_capacity_mAh_cm2"].to_numpy() == pytest.approx(0.3, rel=1e-9)


def test_blocks_change_conditions_and_formation_comes_first():
    blocks = (nasim.Block(1, 0.1, temperature_C=40), nasim.Block(1, 0.2, stack_pressure_MPa=100))
    table = nasim.Cycling(blocks=blocks).run().summary
    assert table["temperature_C"].to_numpy() == pytest.approx([40, 25])
    assert table["stack_pressure_MPa"].to_numpy() == pytest.approx([250, 100])
    assert table["current_mA_cm2"].to_numpy() == pytest.approx([0.1, 0.2])
    formed = nasim.Cycling(cycles=1, current_mA_cm2=0.2, formation=nasim.Block(1, 0.05)).run().summary
    assert formed["current_mA_cm2"].to_numpy() == pytest.approx([0.05, 0.2])


def test_stop_conditions():
    faded = nasim.Cycling(cycles=30, stop_below=0.9).run()
    capacity = faded.summary["discharge_capacity_mAh_cm2"]
    assert "below 0.9" in faded.record["stopped_because"]
    assert capacity.iloc[-1] < 0.9 * capacity.iloc[0] <= capacity.iloc[-2]
    timed = nasim.Cycling(cycles=10**4, wall_time_s=0.5).run()
    assert "wall time" in timed.record["stopped_because"]


def test_rate_test_covers_the_currents():
    result = nasim.RateTest((0.2, 0.4), cycles_per_step=2).run()
    table = result.summary
    assert {"0.2", "0.4"} < {text.get_text() for text in result.plot().texts}
    assert table["current_mA_cm2"].to_numpy() == pytest.approx([0.2, 0.2, 0.4, 0.4])
    assert table["discharge_capacity_mAh_g"].iloc[3] < table["discharge_capacity_mAh_g"].iloc[1]
    with pytest.raises(ProtocolError, match="at least one current"):
        nasim.RateTest(()).run()


def test_sensible_cycles():
    assert sensible_cycles(1) == (1,)
    assert sensible_cycles(140) == (1, 2, 5, 10, 20, 50, 100, 140)


def test_nothing_passes_unannounced_that_pybamm_would_pass_over():
    result = nasim.Cycling(cycles=2, window=(0.7, 4.9)).run()
    assert "did not reach" in result.record["stopped_because"] or len(result.summary) == 2


def test_file_size_per_cycle(unbroken, tmp_path):
    slim = nasim.Cycling(cycles=CYCLES, keep=()).run()
    path = tmp_path / "slim.nc"
    slim.to_netcdf(path)
    assert (path.stat().st_size - 120_000) / CYCLES < 5_000


def test_fast_path_agrees_with_pybamm_experiment():
    solver = {"rtol": 1e-7, "atol": 1e-11}
    from nasim.models.solver import default_solver

    table = nasim.Cycling(cycles=3).run(solver=default_solver(**solver)).summary
    values = pybamm.ParameterValues("Yuan2025_NAS")
    amps = values["Current function [A]"]
    step = (
        pybamm.step.current(amps, duration=60 * 3600, termination="0.7 V"),
        pybamm.step.current(-amps, duration=60 * 3600, termination="2.6 V"),
    )
    simulation = pybamm.Simulation(
        nasim.FullCell(),
        parameter_values=values,
        experiment=pybamm.Experiment([step] * 3),
        solver=default_solver(**solver),
    )
    area = values["Electrode area [m2]"]
    for cycle, row in zip(simulation.solve().cycles, table.to_dict("records"), strict=True):
        names = ("discharge", "charge")
        for part, name in zip(cycle.steps, names, strict=True):
            charge = np.ptp(part["Discharge capacity [A.h]"].entries) * 0.1 / area
            energy = np.ptp(part["Discharge energy [W.h]"].entries) * 0.1 / area
            assert charge == pytest.approx(row[f"{name}_capacity_mAh_cm2"], rel=1e-5)
            assert energy / charge == pytest.approx(row[f"mean_{name}_voltage_V"], rel=1e-5)


def test_a_run_resumes_with_another_number_of_threads(unbroken, tmp_path):
    path = tmp_path / "run.npz"
    code = "import nasim, sys; nasim.Cycling(cycles=4, keep=(1, 2)).run(checkpoint=sys.argv[1])"
    environment = os.environ | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=environment)
    same(nasim.Cycling(cycles=CYCLES).run(checkpoint=path, resume=True), unbroken)


def test_jumps_follow_the_full_run():
    full = nasim.Cycling(cycles=60).run().summary
    jumped = nasim.Cycling(cycles=60, jump_tolerance=1e-3).run()
    assert list(jumped.summary["cycle"]) == list(range(1, 61))
    assert jumped.summary["computed"].sum() < 45
    assert any("jumped over" in event for event in jumped.record["events"])
    ratio = jumped.summary["discharge_capacity_mAh_cm2"] / full["discharge_capacity_mAh_cm2"]
    assert ratio.sub(1).abs().max() < 1e-3
    assert max(jumped.audit().values()) < 1e-9


def test_jumps_need_equal_cycles(tmp_path):
    with pytest.raises(ProtocolError, match="equal cycles"):
        nasim.Cycling(cycles=60, jump_tolerance=1e-3).run(checkpoint=tmp_path / "run.npz")
    with pytest.raises(ProtocolError, match="jump_tolerance"):
        nasim.Cycling(cycles=60, jump_tolerance=0).run()


def test_a_jump_is_exact_where_the_slope_changes_steadily():
    """A parabola in the cycle number is met for any length of jump; a cubic is missed by the third power of it."""
    state = lambda n: 3.0 - 0.2 * n + 0.01 * n**2  # noqa: E731
    slope = lambda n: state(n) - state(n - 1)  # noqa: E731
    for skip in (1, 7, 50):
        moved = state(20) + jumping.parabola(slope(20), slope(12), 8, skip)
        assert moved == pytest.approx(state(20 + skip), rel=1e-12)


def test_a_jump_that_no_cell_survives_is_taken_back(monkeypatch):
    """The first landing fails to solve: the run goes on from before it, with a shorter jump, and loses nothing."""
    run_cycle, tried = cycling.run_cycle, [0]

    def once_broken(protocol, setup, steps, number, keep, began):
        landed = number > tried[-1] + 1
        tried.append(number)
        if landed and None not in tried:
            tried.append(None)
            tried.append(number)
            raise SolveError("no such cell")
        return run_cycle(protocol, setup, steps, number, keep, began)

    monkeypatch.setattr(cycling, "run_cycle", once_broken)
    result = nasim.Cycling(cycles=20, jump_tolerance=1e-2).run()
    assert None in tried
    assert list(result.summary["cycle"]) == list(range(1, 21))
    assert result.record["stopped_because"] == "all cycles done"


def test_a_jump_after_which_a_share_is_below_zero_is_too_long():
    row = {jumping.col.DISCHARGE: 1.0, jumping.col.DEEP_REDUCED: 0.0}
    jumper = jumping.Jumper(None, None, 1e-3, lambda number: (row, None))
    assert jumper._trial(5, 1.0) == (None, 0.0)
    row[jumping.col.DEEP_REDUCED] = -0.002
    assert jumper._trial(5, 1.0) == (None, np.inf)
