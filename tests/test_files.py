"""Files and folders: whole or not at all, held by one run, regular and of a sensible size."""

import os
import resource
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest
import xarray

from nasim.errors import DataFileError, OutputError
from nasim.files import alone_in, check_folder, regular, write_netcdf, write_text, write_whole


def fifo(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def large(folder):
    path = folder / "large"
    with open(path, "wb") as file:
        file.truncate(2000)
    return path


def loop(folder):
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (fifo, "a pipe or device"),
        (lambda folder: "/dev/zero", "a pipe or device"),
        (lambda folder: folder, "a folder"),
        (large, "expected at most 0.001 MB"),
        (lambda folder: folder / "none", "No such file"),
        (lambda folder: folder / ("x" * 300), "too long"),
        (lambda folder: f"{folder}/nul\0", "null"),
        (loop, "symbolic links"),
    ],
)
def test_only_a_regular_file_of_sensible_size_is_read(tmp_path, make, words):
    with pytest.raises(DataFileError, match=words):
        regular(make(tmp_path), "table", 1000)


def no_folder(folder):
    (folder / "file").write_text("")
    return folder / "file"


UNUSABLE = [
    (no_folder, "is a file"),
    (lambda folder: no_folder(folder) / "below", "is a file"),
    (lambda folder: "/proc/nasim", "nothing can be written"),
    (lambda folder: folder / ("x" * 300), "too long"),
    (loop, "is a file"),
]


@pytest.mark.parametrize(("make", "words"), UNUSABLE)
def test_a_folder_that_cannot_be_written_to_is_told_before(tmp_path, make, words):
    with pytest.raises(OutputError, match=words):
        check_folder(make(tmp_path))


@pytest.mark.parametrize("make", [make for make, _ in UNUSABLE])
def test_a_folder_that_cannot_be_made_is_told(tmp_path, make):
    with pytest.raises(OutputError, match="cannot be made"), alone_in(make(tmp_path)):
        pass


def test_the_check_leaves_nothing(tmp_path):
    check_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def full_at(number):
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_netcdf_file_on_a_full_disk_is_told_and_the_process_goes_on(tmp_path):
    data = xarray.Dataset({"a": ("x", np.arange(1e4))})
    with full_at(20_000), pytest.raises(OutputError, match="a.nc' cannot be written"):
        write_netcdf(tmp_path / "a.nc", data)
    assert list(tmp_path.iterdir()) == []
    write_netcdf(tmp_path / "a.nc", data)
    with xarray.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as found:
        assert found.identical(data)


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "table.csv"
    write_text(path, "old")
    with full_at(1000), pytest.raises(OutputError, match="table.csv' cannot be written"):
        write_text(path, "x" * 5000)
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("table.csv", "old")]


KILLED = """
import os, sys
from nasim.files import write_whole
write_whole(sys.argv[1], lambda part: os.kill(os.getpid(), 9))
"""


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path):
    path = tmp_path / "a[1].csv"
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    mine = tmp_path / f".a[1].csv.{os.getpid()}.part.csv"
    mine.write_text("another thread is at it")
    assert len(list(tmp_path.iterdir())) == 2
    write_whole(path, lambda part: None)
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted([mine.name, path.name])


def test_a_folder_is_held_by_one_run_and_an_empty_one_goes(tmp_path):
    with alone_in(tmp_path / "out"), pytest.raises(OutputError, match="Another run"), alone_in(tmp_path / "out"):
        pass
    assert list(tmp_path.iterdir()) == []
    with alone_in(tmp_path / "out"):
        (tmp_path / "out" / "kept").write_text("")
    assert (tmp_path / "out" / "kept").exists()
