"""Result: written and read back it is the same, and a file is whole or not there."""

import gc
import json
from pathlib import Path

import numpy as np
import pandas
import pytest

import nasim
from nasim.errors import DataFileError


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(cycles=2).run(None, "Yuan2025_NAS")


def netcdf(result, folder):
    result.to_netcdf(folder / "gcd.nc")
    return folder / "gcd.nc"


def csv(result, folder):
    result.to_csv(folder / "gcd")
    return folder / "gcd"


def lines_of(axes):
    return [line.get_xydata() for one in np.ravel(np.array(axes, dtype=object)) for line in one.lines]


@pytest.mark.parametrize("write", [netcdf, csv])
def test_a_result_read_back_is_the_same(result, write, tmp_path):
    twin = nasim.load_result(write(result, tmp_path))
    pandas.testing.assert_frame_equal(twin.summary, result.summary, check_dtype=False, rtol=1e-14, atol=0)
    pandas.testing.assert_frame_equal(twin.curves, result.curves, check_dtype=False, rtol=1e-14, atol=0)
    assert twin.record == json.loads(json.dumps(result.record))
    assert twin.audit() == result.audit() and twin.kept_cycles == result.kept_cycles
    assert list(twin.summary.columns) == list(result.summary.columns)


@pytest.mark.parametrize("write", [netcdf, csv])
def test_a_result_read_back_gives_the_same_figure(result, write, tmp_path):
    import matplotlib.pyplot as plt

    shown, again = (lines_of(one.plot()) for one in (result, nasim.load_result(write(result, tmp_path))))
    assert len(shown) == len(again) > 2
    for first, second in zip(shown, again, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)
    plt.close("all")


@pytest.mark.parametrize("write", [netcdf, csv])
def test_a_result_read_back_has_the_same_peaks(result, write, tmp_path):
    twin = nasim.load_result(write(result, tmp_path))
    for name, found in result.dqdv(1).items():
        np.testing.assert_allclose(twin.dqdv(1)[name].voltage_V, found.voltage_V, atol=1e-9)


@pytest.mark.parametrize("write", [netcdf, csv])
def test_a_result_without_curves_can_be_kept_too(write, tmp_path):
    result = nasim.GCD(cycles=1, keep=()).run(None, "Yuan2025_NASC")
    twin = nasim.load_result(write(result, tmp_path))
    pandas.testing.assert_frame_equal(twin.summary, result.summary, check_dtype=False, rtol=1e-14)
    assert twin.kept_cycles == []


@pytest.mark.parametrize("write", [netcdf, csv])
def test_an_empty_result_can_be_kept_too(result, write, tmp_path):
    """What is left of a run that fails in its first cycle."""
    empty = nasim.Result(pandas.DataFrame({"cycle": []}), pandas.DataFrame({"Cycle": []}), result.record)
    twin = nasim.load_result(write(empty, tmp_path))
    assert len(twin.summary) == 0 and twin.kept_cycles == []
    assert twin.record["experiment"] == "gcd"


@pytest.mark.parametrize("write", [netcdf, csv])
def test_when_writing_fails_there_is_no_partial_file(result, write, tmp_path):
    (tmp_path / "gcd").mkdir()
    broken = nasim.Result(result.summary, result.curves, {"not": {"for", "json"}})
    with pytest.raises(TypeError):
        write(broken, tmp_path)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"summary.csv", "curves.csv"}


def test_when_writing_fails_the_old_file_stays(result, tmp_path, monkeypatch):
    path = netcdf(result, tmp_path)
    before = path.read_bytes()

    def half(part, data):
        with open(part, "wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="disk full"):
        netcdf(result, tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["gcd.nc"]
    assert path.read_bytes() == before


def test_folders_on_the_way_are_made(result, tmp_path):
    path = tmp_path / "deep" / "down" / "gcd.nc"
    result.to_netcdf(path)
    assert nasim.load_result(str(path)).kept_cycles == [1, 2]


@pytest.mark.parametrize(
    "content", [b"", b"not a netCDF file at all", b"\x89HDF\r\n\x1a\n" + bytes(200), bytes(range(256))]
)
def test_garbage_is_a_data_file_error(content, tmp_path):
    path = tmp_path / "garbage.nc"
    path.write_bytes(content)
    refused(path, "garbage.nc")


def refused(path, *words):
    with pytest.raises(DataFileError) as caught:
        nasim.load_result(path)
    assert "nasim result" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_what_is_not_there_is_a_data_file_error(tmp_path):
    refused(tmp_path / "nowhere.nc", "nowhere.nc")


def test_a_truncated_file_is_a_data_file_error(result, tmp_path):
    path = netcdf(result, tmp_path)
    path.write_bytes(path.read_bytes()[:2000])
    refused(path, "gcd.nc")


def test_somebody_elses_netcdf_is_a_data_file_error(tmp_path):
    import xarray

    xarray.Dataset({"a": ("x", [1.0, 2.0])}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    refused(tmp_path / "other.nc", "record")


def test_a_file_with_a_damaged_root_leaves_nothing_that_complains_later(result, tmp_path, monkeypatch):
    path, complaints = netcdf(result, tmp_path), []
    content = bytearray(path.read_bytes())
    content[64] ^= 0xFF
    path.write_bytes(content)
    monkeypatch.setattr("sys.unraisablehook", complaints.append)
    refused(path, "gcd.nc")
    gc.collect()
    assert complaints == []


@pytest.mark.parametrize("damage", ["missing", "no json", "empty table"])
def test_a_damaged_folder_is_a_data_file_error(result, tmp_path, damage):
    folder = csv(result, tmp_path)
    if damage == "missing":
        (folder / "curves.csv").unlink()
    elif damage == "no json":
        (folder / "record.json").write_text("{")
    else:
        (folder / "summary.csv").write_text("")
    refused(folder, "gcd")


def test_the_record_tells_how_it_was_made(result):
    record = result.record
    assert record["experiment"] == "gcd" and record["parameter_set"] == "Yuan2025_NAS"
    assert record["protocol"]["cycles"] == 2
    assert {"nasim", "pybamm", "casadi", "numpy", "scipy"} <= set(record["versions"])
    assert "Separator thickness [m]" in record["parameters"]["values"]
    assert len(record["mechanisms"]) > 10
    json.dumps(record, allow_nan=False)


@pytest.mark.parametrize(
    ("protocol", "draw"),
    [
        (nasim.GCD(cycles=1, keep=()), lambda found: found.plot_limits()),
        (nasim.GCD(cycles=1, keep=()), lambda found: found.plot_limits(2)),
        (nasim.GCD(cycles=1, keep=()), lambda found: found.dqdv()),
        (nasim.CV(scan_rate_mV_s=1, scans=1, keep=()), lambda found: found.plot()),
        (nasim.CV(scan_rate_mV_s=1, scans=1, keep=()), lambda found: found.peaks()),
        (nasim.SymmetricCycling(hours=2, keep=()), lambda found: found.plot()),
    ],
)
def test_a_figure_of_curves_that_were_not_kept_is_refused(protocol, draw):
    with pytest.raises(nasim.UnknownNameError, match="keep"):
        draw(protocol.run())


def test_without_curves_the_figure_is_that_of_the_summary():
    assert len(nasim.GCD(cycles=1, keep=()).run().plot(published={"discharge_capacity_mAh_g": 1976.0})) > 3
