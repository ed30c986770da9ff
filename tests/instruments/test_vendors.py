"""Tables as each instrument writes them, all of the made cell: the same half cycles whatever the headers, units and marks."""

import sys
import zipfile
from xml.sax.saxutils import escape

import numpy as np
import pytest

from nasim.errors import DataFileError, MissingExtraError
from nasim.instruments import read

EXPECTED = [(direction, 0.1 * 400 / 3600) for direction in ("discharge", "charge") * 2]
CHINESE = {"CC DChg": "恒流放电", "CC Chg": "恒流充电", "Rest": "静置"}
LETTER = {"CC DChg": "D", "CC Chg": "C", "Rest": "R"}


def clock(seconds):
    return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02d}:{seconds % 60:06.3f}"


def write(tmp_path, header, rows, *, above=(), delimiter=",", encoding="utf-8", name="file.csv", decimal="."):
    texts = [delimiter.join(str(field).replace(".", decimal) for field in row) for row in rows]
    path = tmp_path / name
    path.write_bytes("\r\n".join([*above, delimiter.join(header), *texts, ""]).encode(encoding))
    return path


def check(measurement, instrument, cell):
    found = [(half.direction, half.capacity_Ah * 1e3) for half in measurement.found_half_cycles()]
    assert [direction for direction, _ in found] == [direction for direction, _ in EXPECTED]
    np.testing.assert_allclose([charge for _, charge in found], [charge for _, charge in EXPECTED], rtol=1e-6)
    np.testing.assert_allclose(measurement.data["Test Time / s"], cell["time"], atol=2e-3)
    np.testing.assert_allclose(measurement.data["Voltage / V"], cell["voltage"], atol=1e-9)
    np.testing.assert_allclose(measurement.data["Current / A"], cell["current"], atol=1e-12)
    assert measurement.instrument == instrument


def mA(value):
    return f"{1e3 * value:.9g}"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig"])
@pytest.mark.parametrize("total", [True, False])
def test_chinese_bts(tmp_path, cell, encoding, total):
    header = [
        "数据序号",
        "循环号",
        "工步号",
        "工步类型",
        "时间",
        "总时间",
        "电流(mA)",
        "电压(V)",
        "充电容量(mAh)",
        "放电容量(mAh)",
    ]
    rows = [
        [r.Index + 1, r.cycle, r.step_id, CHINESE[r.name], clock(r.step_time), clock(r.time), mA(r.current), r.voltage]
        + [mA(r.charge * (r.sign == side)) for side in (1, -1)]
        for r in cell.itertuples()
    ]
    if not total:
        header, rows = header[:5] + header[6:], [row[:5] + row[6:] for row in rows]
    measurement = read(write(tmp_path, header, rows, encoding=encoding))
    check(measurement, "neware", cell)
    assert set(measurement.data["Step Type"].cat.categories) == set(CHINESE.values())


def test_bts_of_older_software(tmp_path, cell):
    header = ["Record Index", "Status", "JumpTo", "Cycle", "Step", "Cur(mA)", "Voltage(V)", "CapaCity(mAh)"]
    header += ["Relative Time(h:min:s.ms)", "Absolute Time"]
    rows = [
        [r.Index + 1, r.name, 1, r.cycle, r.step_id, mA(r.current), r.voltage, mA(r.charge), clock(r.step_time)]
        + [f"2026-03-01 {clock(r.time)}"]
        for r in cell.itertuples()
    ]
    check(read(write(tmp_path, header, rows, delimiter="\t", name="file.txt")), "neware", cell)


@pytest.mark.parametrize(("unit", "factor"), [("Sec", 1), ("Min", 60)])
def test_maccor(tmp_path, cell, unit, factor):
    header = [
        "Rec#",
        "Cyc#",
        "Step",
        f"Test ({unit})",
        f"Step ({unit})",
        "Amp-hr",
        "Watt-hr",
        "Amps",
        "Volts",
        "State",
        "ES",
        "DPt Time",
    ]
    rows = [
        [r.Index + 1, r.cycle, r.step_id, r.time / factor, r.step_time / factor, r.charge, 0, abs(r.current), r.voltage]
        + [LETTER[r.name], 1, f"03/29/2026 {clock(r.time)}"]
        for r in cell.itertuples()
    ]
    above = [
        "Today's Date 04/01/2026  Date of Test:\t03/29/2026",
        "Filename:\tC:\\Data\\cell.071\tProcedure:\tcycle.000",
    ]
    measurement = read(write(tmp_path, header, rows, above=above, delimiter="\t", name="cell.txt"))
    check(measurement, "maccor", cell)
    assert any("magnitude" in note for note in measurement.notes)


def test_maccor_clocks_with_days(tmp_path, cell):
    header = ["Rec", "Cycle C", "Step", "TestTime", "StepTime", "Cap. [Ah]", "Current [A]", "Voltage [V]", "Md"]
    rows = [
        [r.Index + 1, r.cycle, r.step_id, f"0d 0{clock(r.time)}", f"0d 0{clock(r.step_time)}", r.charge, abs(r.current)]
        + [r.voltage, LETTER[r.name]]
        for r in cell.itertuples()
    ]
    check(read(write(tmp_path, header, rows, delimiter="\t", name="cell.txt")), "maccor", cell)


@pytest.mark.parametrize(
    "header",
    [
        [
            "Data_Point",
            "Test_Time(s)",
            "Date_Time",
            "Step_Time(s)",
            "Step_Index",
            "Cycle_Index",
            "Current(A)",
            "Voltage(V)",
        ]
        + ["Charge_Capacity(Ah)", "Discharge_Capacity(Ah)"],
        [
            "Data Point",
            "Test Time (s)",
            "Date Time",
            "Step Time (s)",
            "Step Index",
            "Cycle Index",
            "Current (A)",
            "Voltage (V)",
        ]
        + ["Charge Capacity (Ah)", "Discharge Capacity (Ah)"],
    ],
)
def test_arbin(tmp_path, cell, header):
    moved = np.diff(cell["time"], prepend=0.0) * cell["current"] / 3600
    total = {side: np.cumsum(np.abs(moved) * (cell["sign"] == side)) for side in (1, -1)}
    rows = [
        [r.Index + 1, r.time, f"03/29/2026 {clock(r.time)}", r.step_time, r.step_id, r.cycle, r.current, r.voltage]
        + [total[side][r.Index] for side in (1, -1)]
        for r in cell.itertuples()
    ]
    check(read(write(tmp_path, header, rows)), "arbin", cell)


def test_landt(tmp_path, cell):
    header = [
        "Record",
        "Cycle-Index",
        "Step-Index",
        "TestTime/Sec",
        "StepTime/Sec",
        "Voltage/V",
        "Current/mA",
        "Capacity/mAh",
    ]
    header += ["SpeCap/mAh/g", "SysTime"]
    rows = [
        [r.Index + 1, r.cycle, r.step_id, r.time, r.step_time, r.voltage, mA(r.current), mA(r.charge), 0]
        + [f"2026-03-29 {clock(r.time)}"]
        for r in cell.itertuples()
    ]
    measurement = read(write(tmp_path, header, rows))
    check(measurement, "landt", cell)
    assert "Net Capacity / Ah" in measurement.data


def test_novonix(tmp_path, cell):
    above = ["[Summary]", "Novonix UHPC data file", "Cell: test", "[End Summary]", "[Data]"]
    header = [
        "Date and Time",
        "Cycle Number",
        "Step Type",
        "Run Time (h)",
        "Step Time (h)",
        "Current (A)",
        "Potential (V)",
    ]
    header += ["Capacity (Ah)", "Temperature (°C)", "Step Number"]
    net = cell["charge"].where(cell["sign"] == 1, -cell["charge"]).to_numpy().copy()
    net[cell["sign"] == 0] = 0
    rows = [
        [
            f"2026-03-29 {clock(r.time)}",
            r.cycle,
            1,
            f"{r.time / 3600:.12g}",
            f"{r.step_time / 3600:.12g}",
            r.current,
            r.voltage,
        ]
        + [net[r.Index], 25.0, r.step_id]
        for r in cell.itertuples()
    ]
    check(read(write(tmp_path, header, rows, above=above)), "novonix", cell)


@pytest.mark.parametrize("delimiter", ["\t", " "])
def test_basytec(tmp_path, cell, delimiter):
    above = ["~Resultfile from Basytec Battery Test System", "~Date and Time of Data Converting: 29.03.2026 00:00:00"]
    header = ["~Time[h]", "t-Step[h]", "Line", "Command", "U[V]", "I[A]", "Ah[Ah]", "T1[°C]", "Cyc-Count", "State"]
    words = {"CC DChg": "Discharge", "CC Chg": "Charge", "Rest": "Pause"}
    moved = np.cumsum(np.diff(cell["time"], prepend=0.0) * cell["current"]) / 3600
    rows = [
        [
            f"{r.time / 3600:.12g}",
            f"{r.step_time / 3600:.12g}",
            r.step_id,
            words[r.name],
            r.voltage,
            r.current,
            moved[r.Index],
        ]
        + [25.0, r.cycle, 1]
        for r in cell.itertuples()
    ]
    path = write(tmp_path, header, rows, above=above, delimiter=delimiter, encoding="latin-1", name="cell.txt")
    check(read(path), "basytec", cell)


@pytest.mark.parametrize(
    ("header", "time", "current"),
    [
        (["Time (s)", "Voltage (V)", "Current (mA)"], 1, 1e3),
        (["Time / h", "Voltage / mV", "Current / uA"], 3600, 1e6),
        (["t [d]", "U [V]", "I [A]"], 86400, 1),
        (["Elapsed time (min)", "Cell voltage (V)", "I (nA)"], 60, 1e9),
        (["Zeit [s]", "Spannung [V]", "Strom [mA]"], 1, 1e3),
    ],
)
def test_common_headers(tmp_path, cell, header, time, current):
    volt = 1e3 if "mV" in header[1] else 1
    rows = [
        [f"{r.time / time:.15g}", f"{r.voltage * volt:.12g}", f"{r.current * current:.12g}"] for r in cell.itertuples()
    ]
    measurement = read(write(tmp_path, header, rows))
    check(measurement, "csv", cell)


def test_decimal_comma_is_told_by_the_column_not_by_the_first_record(tmp_path, cell):
    rows = [[f"{r.time:g}", f"{r.voltage:.9g}", mA(r.current), "29.03.2026 10:00:00"] for r in cell.itertuples()]
    rows[0] = ["0", "2", "0", "29.03.2026 10:00:00"]
    path = tmp_path / "file.csv"
    texts = [";".join([field.replace(".", ",") for field in row[:3]] + row[3:]) for row in rows]
    path.write_text("\n".join(["Time (s);Voltage (V);Current (mA);Date", *texts, ""]))
    data = read(path).data
    np.testing.assert_allclose(data["Voltage / V"].iloc[1:], cell["voltage"].iloc[1:], atol=1e-8)
    np.testing.assert_allclose(data["Current / A"].iloc[1:], cell["current"].iloc[1:], atol=1e-12)


def test_thousands_are_no_decimals(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Time (s);Voltage (V);Current (mA)\n0.5;2.0;-1.5\n1,000.5;1.9;-1.5\n2,000;1.8;-1.5\n")
    assert read(path).data["Test Time / s"].tolist() == [0.5, 1000.5, 2000.0]


GAMRY = (
    "EXPLAIN\nTAG\t{tag}\nTITLE\tLABEL\tTest\tTest &Identifier\nDATE\tLABEL\t3/29/2026\tDate\n{table}\tTABLE\t{count}\n"
)


def test_gamry(tmp_path, cell):
    rows = [f"\t{r.Index}\t{r.time:.6f}\t{r.voltage:.12g}\t{r.current:.9g}\t0" for r in cell.itertuples()]
    path = tmp_path / "cell.DTA"
    head = GAMRY.format(tag="PWR800_CHARGE", table="CURVE", count=len(rows))
    path.write_text(head + "\tPt\tT\tVf\tIm\tVu\n\t#\ts\tV vs. Ref.\tA\tV\n" + "\n".join([*rows, ""]))
    check(read(path), "gamry", cell)


def test_gamry_spectrum(tmp_path):
    f = np.logspace(4, 0, 21)
    Z = 20 + 300 / (1 + 2j * np.pi * f * 300 * 1e-6)
    rows = [
        f"\t{k}\t{k}\t{f[k]:.9g}\t{Z[k].real:.9g}\t{Z[k].imag:.9g}\t0\t{abs(Z[k]):.9g}\t0\t0\t2.1" for k in range(21)
    ]
    path = tmp_path / "eis.DTA"
    header = "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\n\t#\ts\tHz\tohm\tohm\tV\tohm\tdeg\tA\tV\n"
    path.write_text(GAMRY.format(tag="EISPOT", table="ZCURVE", count=21) + header + "\n".join([*rows, ""]))
    (spectrum,) = read(path).spectra()
    np.testing.assert_allclose(spectrum.data["Imaginary Impedance / ohm"], Z.imag, rtol=1e-6)
    assert spectrum.voltage_V == pytest.approx(2.1)


def workbook(path, sheets):
    """An Excel file of numbers and texts, by hand."""

    def cell_of(value):
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value!r}</v></c>"

    names = "".join(f'<sheet name="{name}" sheetId="{k}" r:id="r{k}"/>' for k, name in enumerate(sheets, 1))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships {package}><Relationship Id="r" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{kind}"><sheets>{names}</sheets></workbook>')
        links = "".join(
            f'<Relationship Id="r{k}" Type="{kind}/worksheet" Target="worksheets/s{k}.xml"/>'
            for k in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {package}>{links}</Relationships>")
        for k, rows in enumerate(sheets.values(), 1):
            lines = "".join(f"<row>{''.join(map(cell_of, row))}</row>" for row in rows)
            archive.writestr(f"xl/worksheets/s{k}.xml", f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>")
    return path


BTS = ["DataPoint", "Cycle Index", "Step Index", "Step Type", "Time", "Total Time", "Current(mA)", "Voltage(V)"]


def bts_rows(cell):
    for r in cell.itertuples():
        yield [r.Index + 1, r.cycle, r.step_id, r.name, clock(r.step_time), clock(r.time), 1e3 * r.current, r.voltage]


def test_excel(tmp_path, cell):
    pytest.importorskip("python_calamine")
    rows = list(bts_rows(cell))
    path = workbook(
        tmp_path / "cell.xlsx", {"unit": [["a", "b"]], "record": [BTS, *rows[:90]], "record1": [BTS, *rows[90:]]}
    )
    measurement = read(path)
    check(measurement, "neware", cell)
    assert "sheet 'record', 'record1'" in measurement.notes


def test_excel_without_records_says_what_to_export(tmp_path, monkeypatch):
    path = workbook(tmp_path / "cell.xlsx", {"Info": [["made", "by hand"]]})
    if "python_calamine" in sys.modules or pytest.importorskip("python_calamine"):
        with pytest.raises(DataFileError, match="an Excel file without records.*'Info'.*export CSV"):
            read(path)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"an Excel file.*nasim-cells\[excel\].*as CSV"):
        read(path)


def test_parquet(tmp_path, bdf_csv, cell):
    pytest.importorskip("pyarrow")
    read(bdf_csv).to_bdf(tmp_path / "cell.parquet")
    check(read(tmp_path / "cell.parquet"), "bdf", cell)


@pytest.mark.parametrize(
    ("name", "head", "message"),
    [
        (
            "a.res",
            b"\x00\x01\x00\x00Standard Jet DB\x00",
            "an Access database, as Arbin's .res is.*export it from Arbin",
        ),
        ("a.csv", b"\x1f\x8b\x08\x00", "compressed with gzip.*unpack it"),
        ("a.h5", b"\x89HDF\r\n\x1a\n", "an HDF5 file.*as CSV"),
        ("a.mat", b"MATLAB 5.0 MAT-file", "a MATLAB file"),
        ("a.pdf", b"%PDF-1.7", "a PDF document"),
        ("a.png", b"\x89PNG\r\n", "a picture"),
        ("a.xls", b"<html><table>", "a web page.*save it as CSV"),
        ("a.txt", "\ufeffTime".encode("utf-16-le"), "UTF-16.*save it as UTF-8"),
    ],
)
def test_what_is_not_read_is_named(tmp_path, name, head, message):
    path = tmp_path / name
    path.write_bytes(head + bytes(range(32, 96)))
    with pytest.raises(DataFileError, match=message):
        read(path)


def test_a_zip_archive_is_named(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "1,2")
    with pytest.raises(DataFileError, match="this is a zip archive.*unpack it"):
        read(path)


def test_an_instrument_that_it_is_not(tmp_path, cell):
    path = write(tmp_path, BTS, bts_rows(cell))
    with pytest.raises(DataFileError, match="instrument='maccor', but the file is a text table of 'neware'"):
        read(path, instrument="maccor")


def test_a_line_of_units_below_the_header(tmp_path, cell):
    rows = [
        ["h", "mV", "mA"],
        *([f"{r.time / 3600:.12g}", f"{1e3 * r.voltage:.12g}", mA(r.current)] for r in cell.itertuples()),
    ]
    check(read(write(tmp_path, ["Time", "Voltage", "Current"], rows)), "csv", cell)
