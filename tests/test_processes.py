"""Processes side by side: a killed worker, a killed parent and a script without a guard end in the right words."""

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future

import pytest
from patience import PATIENCE_S

from nasim.errors import ProtocolError, SolveError
from nasim.processes import pool
from nasim.sweep.executors import _submitted

UNGUARDED = """
import nasim
print("read")
def peak(result):
    return {"cycles": len(result.summary)}
found = nasim.sweep(nasim.GCD(cycles=1), {"stack pressure [MPa]": [20, 250]}, executor=2, read=READ)
print(len(found.failed), "failed")
"""
PARENT = """
import os, sys, time
from nasim.processes import pool
if __name__ == "__main__":
    with pool("test", 1) as others:
        print(others.submit(os.getpid).result(), flush=True)
        time.sleep(3600)
"""


class Fragile:
    """A job whose points kill the process that computes them."""

    def packed(self):
        return b""


def test_a_killed_worker_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setattr("nasim.sweep.executors.compute", kill)
    with pool("sweep", 1) as others, pytest.raises(SolveError, match="a worker died .*: run again with --resume"):
        list(_submitted(Fragile(), {0: (1.0,)}, others))


def test_a_pool_may_tell_a_cancelled_point_that_it_broke(monkeypatch):
    class Pool:
        def submit(self, *given):
            made.append(Future())
            return made[-1]

    made = []
    points = _submitted(Fragile(), {0: (1.0,), 1: (2.0,)}, Pool(), lends_a_hand=True)
    monkeypatch.setattr(Fragile, "run", lambda self, values: {}, raising=False)
    next(points)
    assert made[1].cancelled()
    for future in made:
        future.set_exception(BrokenExecutor())


def kill(packed, values):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_script_without_a_guard_is_refused_before_anything_starts(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED.replace("READ", "peak"))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE_S)
    assert "ProtocolError: sweep: this script would be started again by each process" in done.stderr
    assert done.stderr.count("Traceback") == 1


def test_a_script_whose_functions_are_not_needed_is_not_read_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED.replace("READ", "None"))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.stdout == "read\n0 failed\n", done.stderr


def test_a_killed_parent_leaves_no_process(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    assert int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    # its output has an end when the last process that could write to it is gone
    assert select.select([parent.stdout], [], [], PATIENCE_S)[0] and parent.stdout.read() == b""


def test_a_guarded_script_may_start_processes(monkeypatch, tmp_path):
    script = tmp_path / "script.py"
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__spec__", None)
    monkeypatch.setattr(main, "__file__", str(script), raising=False)
    script.write_text("print('no guard: __name__ is only a word here')")
    with pytest.raises(ProtocolError, match="__main__"):
        pool("test", 1)
    script.write_text("if __name__ == '__main__':\n    pass")
    pool("test", 1).shutdown()
