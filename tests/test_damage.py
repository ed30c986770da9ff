"""Damaged checkpoints, stores and results: always a `DataFileError`, or counted as missing; never accepted in silence."""

import json
import random
import shutil

import numpy as np
import pytest

import nasim
from nasim.errors import DataFileError, KeptInMemoryWarning, NasimError, ProtocolError
from nasim.fit.store import QUANTITIES
from nasim.fit.store import Store as FitStore
from nasim.store import CHECKSUM, DESCRIPTION, checksum, load_arrays

TWO = nasim.Cycling(cycles=2, keep=(1,))
CELL = nasim.KeptCell()
PRESSURE = "stack pressure [MPa]"
VALUES = ([20.0], [250.0])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Folder with a checkpoint of a run and its result as a netCDF file and as a folder."""
    folder = tmp_path_factory.mktemp("written")
    result = TWO.run(CELL, checkpoint=folder / "run.npz")
    result.to_netcdf(folder / "result.nc")
    result.to_csv(folder / "csv")
    return folder


@pytest.fixture
def folder(written, tmp_path):
    shutil.copytree(written, tmp_path / "copy")
    return tmp_path / "copy"


def resumed(path):
    return TWO.run(CELL, checkpoint=path, resume=True)


def edited(path, change):
    """The checkpoint with its arrays changed; whoever does this on purpose writes the right checksum too."""
    description, arrays = load_arrays(path, "a run")
    change(description, arrays)
    text = json.dumps(description)
    held = {name: np.asarray(array) for name, array in arrays.items()}
    np.savez(path, **{DESCRIPTION: text, CHECKSUM: checksum(text, held)}, **held)


# --- any bytes ----------------------------------------------------------------------------------------------------------


def torn(content, rng):
    return content[: rng.randrange(len(content))]


def flipped(content, rng):
    changed = bytearray(content)
    for _ in range(3):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def swapped(content, rng):
    middle = rng.randrange(1, len(content))
    return content[middle:] + content[:middle]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("damage", [torn, flipped, swapped])
@pytest.mark.parametrize("name", ["run.npz", "result.nc", "csv/summary.csv", "csv/curves.csv", "csv/record.json"])
def test_damaged_bytes_are_refused_or_change_nothing(folder, name, damage, seed):
    path, rng = folder / name, random.Random(seed)
    whole = path.read_bytes()
    path.write_bytes(damage(whole, rng))
    read = resumed if name == "run.npz" else nasim.load_result
    try:
        found = read(path if "/" not in name else path.parent)
    except DataFileError:
        return
    path.write_bytes(whole)
    assert found.summary.equals(read(path if "/" not in name else path.parent).summary)


# --- checkpoints that were written by hand ------------------------------------------------------------------------------


def without(name):
    return lambda description, arrays: arrays.pop(name)


def with_array(name, value):
    return lambda description, arrays: arrays.update({name: np.asarray(value)})


def short_row(description, arrays):
    name = next(name for name in arrays if name.startswith("row "))
    arrays[name] = arrays[name][:-1]


@pytest.mark.parametrize(
    "change",
    [
        without("y"),
        without("meta"),
        without("row cycle"),
        with_array("y", np.zeros(3)),
        with_array("y", np.full((30, 1), np.nan)),
        with_array("y", "text"),
        with_array("meta", "[1, 2]"),
        with_array("meta", "{}"),
        with_array("meta", 5.0),
        with_array("row cycle", ["a", "b"]),
        short_row,
        lambda description, arrays: description.update(version=2),
    ],
)
def test_a_checkpoint_of_wrong_shapes_and_types_is_refused(folder, change):
    edited(folder / "run.npz", change)
    with pytest.raises(DataFileError, match="run.npz"):
        resumed(folder / "run.npz")


def test_an_edited_state_is_refused(folder):
    path = folder / "run.npz"
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["y"] = arrays["y"] * 1.01
    np.savez(path, **arrays)
    with pytest.raises(DataFileError, match="changed after it was written"):
        resumed(path)


def test_fewer_cycles_than_are_done_are_refused(folder):
    before = (folder / "run.npz").read_bytes()
    with pytest.raises(ProtocolError, match="holds 2 cycles, and 1 were asked for"):
        nasim.Cycling(cycles=1, keep=(1,)).run(checkpoint=folder / "run.npz", resume=True)
    assert (folder / "run.npz").read_bytes() == before


def test_a_checkpoint_of_another_experiment_is_refused(folder):
    with pytest.raises(ProtocolError, match="another run: experiment was 'cycle' and is 'rate'"):
        nasim.RateTest().run(checkpoint=folder / "run.npz", resume=True)


# --- results ------------------------------------------------------------------------------------------------------------


def test_a_table_of_another_result_is_refused(folder, tmp_path):
    nasim.GCD(cycles=2, current_mA_cm2=0.3, keep=(1,)).run().to_csv(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "summary.csv", folder / "csv" / "summary.csv")
    with pytest.raises(DataFileError, match="summary.csv: changed"):
        nasim.load_result(folder / "csv")


def test_a_row_less_is_refused(folder):
    path = folder / "csv" / "curves.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(DataFileError, match="curves.csv: changed"):
        nasim.load_result(folder / "csv")


@pytest.mark.parametrize("text", ["null", "[]", "3", '"text"', "{}", '{"written": 1}', "[" * 100_000, "9" * 5000, ""])
def test_a_record_of_another_type_is_refused(folder, text):
    (folder / "csv" / "record.json").write_text(text)
    with pytest.raises(DataFileError, match="cannot be read as a nasim result"):
        nasim.load_result(folder / "csv")


# --- sweeps and fits ----------------------------------------------------------------------------------------------------


def swept(path, **options):
    return nasim.sweep(nasim.GCD(cycles=1), {PRESSURE: [20, 250]}, checkpoint=path, **options)


def test_a_point_that_was_changed_counts_as_missing(tmp_path, monkeypatch):
    path = tmp_path / "points.jsonl"
    whole = swept(path).table
    head, first, second = path.read_text().splitlines()
    path.write_text(f'{head}\n{first.replace("1", "2")}\n{second[:-9]}\n[]\n{{"values": 3}}\nnull\n\n')
    seen, setup = [], nasim.GCD.setup
    monkeypatch.setattr(nasim.GCD, "setup", lambda *given, **options: seen.append(1) or setup(*given, **options))
    assert swept(path, resume=True).table.equals(whole)
    assert len(seen) == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}\n", b"[" * 100_000, b'{"sweep": {}}\n', b"3\n"])
def test_a_store_without_its_head_is_refused(tmp_path, content):
    (tmp_path / "points.jsonl").write_bytes(content)
    with pytest.raises(DataFileError, match="points.jsonl"):
        swept(tmp_path / "points.jsonl", resume=True)


def test_a_sweep_whose_points_cannot_be_written_goes_on(tmp_path, monkeypatch):
    path = tmp_path / "points.jsonl"
    real = open

    def full(name, mode="r", *more, **options):
        if mode == "a":
            raise OSError(28, "No space left on device")
        return real(name, mode, *more, **options)

    monkeypatch.setattr("builtins.open", full)
    with pytest.warns(KeptInMemoryWarning, match="No space") as told:
        assert len(swept(path).table) == 2
    assert len(told) == 1


@pytest.mark.parametrize(
    "arrays",
    [
        {"residuals": np.zeros((2, 3))},
        {"residuals at": np.zeros((2, 2)), "residuals": np.zeros((1, 3))},
        {"residuals at": np.zeros(2), "residuals": np.zeros(2)},
        {"residuals at": np.array(["a"]), "residuals": np.zeros((1, 1))},
        {"jacobian at": np.zeros((1, 2)), "jacobian": np.array([["x"]])},
    ],
)
def test_a_fit_store_of_wrong_shapes_and_types_is_refused(tmp_path, arrays):
    path = tmp_path / "fit.npz"
    FitStore(path, {"seed": 1}).write()
    edited(path, lambda description, held: held.update(arrays))
    with pytest.raises(DataFileError, match="fit.npz"):
        FitStore(path, {"seed": 1}, resume=True)
    assert QUANTITIES == ("residuals", "jacobian")


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: __import__("os").mkfifo(path)])
def test_what_is_no_file_is_refused_without_waiting(tmp_path, make):
    make(tmp_path / "there")
    for read in (resumed, lambda path: swept(path, resume=True), lambda path: FitStore(path, {}, True)):
        with pytest.raises(NasimError, match="expected a file"):
            read(tmp_path / "there")
