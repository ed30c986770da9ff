"""A sweep on a dask cluster, one of whose workers is killed on the way; shards of a sweep for machines that share nothing."""

import os
import signal

import pandas
import pytest
from typer.testing import CliRunner

import nasim
from nasim.cli import app

OVER = {"stack pressure [MPa]": [100, 150, 200, 250], "current [mA.cm-2]": [0.15, 0.2]}
COLUMN = "discharge_capacity_mAh_g"


def test_a_killed_worker_changes_nothing():
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed: pip install nasim-cells[cluster]"
    )
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster) as client:
        pids, killed = list(client.run(os.getpid).values()), []

        def kill(done, total):
            if not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        table = nasim.sweep(nasim.GCD(cycles=1), OVER, executor=client, progress=kill).table
    assert killed
    here = nasim.sweep(nasim.GCD(cycles=1), OVER, progress=False).table
    assert table[COLUMN].tolist() == pytest.approx(here[COLUMN].tolist(), rel=1e-9)


def shard(text, out):
    words = ["sweep", "gcd", "--cycles", "1", "--over", "stack pressure [MPa]=100,150,200", "--out", str(out)]
    return CliRunner().invoke(app, [*words, "--shard", text])


def test_shards_make_up_the_whole(tmp_path):
    for number in (1, 2):
        assert shard(f"{number}/2", tmp_path / str(number)).exit_code == 0
    parts = [pandas.read_csv(tmp_path / str(number) / "sweep.csv") for number in (1, 2)]
    assert [list(part["stack pressure [MPa]"]) for part in parts] == [[100, 200], [150]]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_a_shard_that_is_none_is_refused(tmp_path, text):
    outcome = shard(text, tmp_path)
    assert isinstance(outcome.exception, nasim.ProtocolError) and "--shard 1/4" in str(outcome.exception)
