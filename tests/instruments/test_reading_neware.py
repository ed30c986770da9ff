"""Neware: test time from executed steps, binary against text, and files that cannot be right."""

import sys

import numpy as np
import pandas as pd
import pytest

from nasim.errors import DataFileError, MissingExtraError
from nasim.instruments import read

HALF_CYCLE_AH = 1e-4 * 400 / 3600


def test_time_comes_from_executed_steps(nda, cell):
    data = read(nda).data
    np.testing.assert_allclose(data["Test Time / s"], cell["time"], atol=1e-9)
    assert data["Step Count / 1"].iloc[-1] == 8  # four steps, looped twice
    assert data["Step ID"].max() == 4
    assert data["Cycle Count / 1"].iloc[-1] == 2


def test_bts_9_writes_the_test_time_itself(nda, newarenda, cell):
    newarenda.frame["Time"] = cell["time"] + 1e-3 * newarenda.frame["Step"]
    np.testing.assert_allclose(read(nda).data["Test Time / s"], cell["time"], atol=0.01)


def test_binary_and_text_of_the_made_cell_agree(nda, bts_csv):
    binary, text = read(nda).data, read(bts_csv).data
    np.testing.assert_allclose(binary["Test Time / s"], text["Test Time / s"], atol=1e-9)
    np.testing.assert_allclose(binary["Voltage / V"], text["Voltage / V"], atol=0.6e-6)  # half of the last digit
    np.testing.assert_allclose(binary["Current / A"], text["Current / A"], atol=1e-11)
    np.testing.assert_allclose(binary["Net Capacity / Ah"], text["Net Capacity / Ah"], atol=1e-12)


def test_capacity_is_the_instruments_own(bts_csv):
    for _, half in read(bts_csv, first_step="discharge").half_cycles():
        assert half["Half Cycle Capacity / Ah"].iloc[-1] == pytest.approx(HALF_CYCLE_AH, abs=1e-12)


def test_pause_between_steps_is_noted(nda, newarenda):
    newarenda.frame.loc[newarenda.frame["Step"] > 2, "Timestamp"] += pd.Timedelta("1h")
    assert any("3600.0 s (a pause?)" in note for note in read(nda).notes)


def test_hours_beyond_a_day(bts_csv, cell):
    head, last = bts_csv.read_text("latin-1").rstrip("\n").rsplit("\n", 1)
    bts_csv.write_text(f"{head}\n{last.replace('00:00:50.000', '30:00:50.000')}\n", "latin-1")
    assert read(bts_csv).data["Test Time / s"].iloc[-1] == pytest.approx(cell["time"].iloc[-1] + 30 * 3600)


def test_reversed_sign_contradicts_the_step_names(nda, newarenda):
    newarenda.frame["Current(mA)"] *= -1
    with pytest.raises(DataFileError, match="'CC_DChg' at record 1 but the current is 0.0001 A.*reversed"):
        read(nda)


def test_first_step_of_the_user_is_held_against_the_file(nda):
    with pytest.raises(DataFileError, match="first_step='charge', but the first current is -0.0001 A, a discharge"):
        read(nda, first_step="charge")


def test_current_and_charge_counter_in_other_units_are_refused(nda, newarenda):
    newarenda.frame["Current(mA)"] *= 1e-3
    with pytest.raises(DataFileError, match="integrates to .* the instrument's counter says"):
        read(nda)


def test_time_that_falls_within_a_step(nda, newarenda):
    newarenda.frame.loc[7, "Time"] = 5.0
    with pytest.raises(DataFileError, match="goes back from 60 to 5 s at record 8"):
        read(nda)


def test_missing_records_are_noted(nda, newarenda):
    newarenda.frame = newarenda.frame.drop(index=[3, 4])
    assert "2 record numbers are missing from the file" in read(nda).notes


def test_missing_extra_names_it(nda, monkeypatch):
    monkeypatch.setitem(sys.modules, "NewareNDA", None)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[neware\]"):
        read(nda)


def nested(cell):
    """Lines of the nested export of the made cell: a line a cycle, a step and a record, each further to the right."""
    lines = [
        "Cycle ID,Cap(mAh)",
        ",Step ID,Step Name",
        ",,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Capacity(mAh)",
    ]
    last = (0, 0)
    for row in cell.itertuples():
        if row.cycle != last[0]:
            lines.append(f"{row.cycle},0.1")
        if (row.cycle, row.step_id) != last:
            lines.append(f",{row.step_id},{row.name}")
        last = (row.cycle, row.step_id)
        time = f"0:{int(row.step_time // 60)}:{row.step_time % 60:06.3f}"
        fields = [row.Index + 1, time, row.voltage, row.current * 1e3, row.charge * 1e3]
        lines.append(",," + ",".join(map(str, fields)))
    return lines


def test_nested_export(tmp_path, cell):
    path = tmp_path / "nested.csv"
    path.write_text("\n".join([*nested(cell), ""]))
    measurement = read(path)
    assert measurement.instrument == "neware"
    np.testing.assert_allclose(measurement.data["Test Time / s"], cell["time"], atol=1e-3)
    assert [direction for direction, _ in measurement.half_cycles()] == ["discharge", "charge"] * 2


def test_nested_export_without_records_is_refused(tmp_path, cell):
    path = tmp_path / "nested.csv"
    path.write_text("\n".join([*nested(cell)[:5], ""]))
    with pytest.raises(DataFileError, match="nested export of BTS without records"):
        read(path)


class TestRealFiles:
    """NewareNDA against BTS's own export, and against what the programmes of the tests must give."""

    @pytest.fixture(autouse=True)
    def extra(self):
        pytest.importorskip("NewareNDA", exc_type=ImportError)

    def test_binary_agrees_with_the_instruments_export(self, shared):
        binary, text = read(shared("neware/interp-test.ndax")).data, read(shared("neware/interp-test.csv")).data
        assert len(binary) == len(text) == 333
        np.testing.assert_allclose(binary["Test Time / s"], text["Test Time / s"], atol=5e-5)  # float32 seconds
        np.testing.assert_allclose(binary["Voltage / V"], text["Voltage / V"], atol=0.5e-4)  # half of 0.1 mV
        assert (binary["Current / A"] == 0).all() and (text["Current / A"] == 0).all()
        assert (binary["Step Type"].astype(str) == text["Step Type"].astype(str).to_numpy()).all()

    def test_nda_time_is_that_of_six_steps(self, shared):
        measurement = read(shared("neware/new_nda_file.nda"), first_step="discharge")
        data = measurement.data
        assert data["Test Time / s"].iloc[-1] == pytest.approx(5 + 25 + 50 + 100 + 500 + 41.6, abs=1e-3)
        assert data["Test Time / s"].is_monotonic_increasing
        directions = [direction for direction, _ in measurement.half_cycles()]
        assert directions == ["discharge", "charge", "discharge"]

    def test_integral_and_counter_of_the_instrument_agree(self, shared):
        data = read(shared("neware/TESTCELL0001-Test_Data_Collection_Ndc17.ndax")).data
        charge = data[data["Step ID"] == 2]
        integral = np.trapezoid(charge["Current / A"], charge["Test Time / s"]) / 3600
        assert np.ptp(charge["Net Capacity / Ah"]) == pytest.approx(integral, rel=2e-4)

    @pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.95, 0.999])
    @pytest.mark.parametrize("name", ["new_nda_file.nda", "interp-test.ndax", "interp-test.csv"])
    def test_cut_files_are_refused(self, shared, tmp_path, name, part):
        whole = shared(f"neware/{name}").read_bytes()
        path = tmp_path / name
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(DataFileError, match=name):
            read(path)

    def test_damaged_archive_is_refused(self, shared, tmp_path):
        damaged = bytearray(shared("neware/interp-test.ndax").read_bytes())
        damaged[6000] ^= 0xFF
        path = tmp_path / "damaged.ndax"
        path.write_bytes(damaged)
        with pytest.raises(DataFileError, match="not a whole Neware file"):
            read(path)
