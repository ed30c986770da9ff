"""BioLogic: decimal commas, binary against text, impedance and voltammetry, and files that cannot be right."""

import sys

import numpy as np
import pytest

from nasim.errors import DataFileError, MissingExtraError
from nasim.instruments import read

FLOAT32 = 1.2e-7  # relative resolution of the numbers in an .mpr


def spectrum(sign=1):
    frequency = np.logspace(5, 0, 31)
    impedance = 20 + 300 / (1 + 2j * np.pi * frequency * 300 * 1e-6) + 2j * np.pi * frequency * 1e-7
    return {"freq/Hz": frequency, "Re(Z)/Ohm": impedance.real, "-Im(Z)/Ohm": -sign * impedance.imag}


def sweep(sign=1):
    phase = np.linspace(0, 4 * np.pi, 401)
    voltage, current = 2 - np.cos(phase), sign * (0.1 * np.sin(phase) + 0.05 * (1 - np.cos(phase)))
    return {"time/s": 10 * phase, "Ewe/V": voltage, "<I>/mA": current, "cycle number": 1 + (phase > 2 * np.pi)}


@pytest.mark.parametrize("decimal", [",", "."])
def test_text_with_either_decimal_mark(write_mpt, gcd_columns, cell, decimal):
    measurement = read(write_mpt(gcd_columns, decimal=decimal), first_step="discharge")
    assert (measurement.kind, measurement.instrument) == ("gcd", "biologic")
    np.testing.assert_allclose(measurement.data["Current / A"], cell["current"], rtol=1e-9)
    np.testing.assert_allclose(measurement.data["Voltage / V"], cell["voltage"], rtol=1e-9)
    assert measurement.data["Step Count / 1"].iloc[-1] == 8


def test_header_mass_and_area_are_not_believed(write_mpt, gcd_columns):
    measurement = read(write_mpt(gcd_columns))
    assert measurement.active_mass_mg is None and measurement.area_cm2 is None


def test_impedance_has_a_negative_imaginary_part(write_mpt):
    measurement = read(write_mpt(spectrum(), "Potentio Electrochemical Impedance Spectroscopy"))
    assert measurement.kind == "impedance"
    assert measurement.data["Imaginary Impedance / ohm"].min() == pytest.approx(-150, rel=0.01)


def test_reversed_imaginary_part(write_mpt):
    path = write_mpt(spectrum(sign=-1))
    assert any("the sign may be reversed" in note for note in read(path).notes)
    path = path.rename(path.with_suffix(".txt"))
    lines = path.read_text("latin-1").splitlines()
    path.write_text("\n".join(line.rstrip("\t") for line in lines if "/Ohm" in line or "E+" in line))
    columns = {
        "Frequency / Hz": "freq/Hz",
        "Real Impedance / ohm": "Re(Z)/Ohm",
        "Imaginary Impedance / ohm": "-Im(Z)/Ohm",
    }
    assert read(path, columns=columns).kind == "impedance"  # the file is wrong twice and so right
    with pytest.raises(DataFileError, match="imaginary part is positive.*factor -1"):
        read(path, columns=columns | {"Imaginary Impedance / ohm": ("-Im(Z)/Ohm", -1)})


def test_rest_records_are_left_out_of_a_spectrum(write_mpt):
    columns = {name: np.append(0.0, values) for name, values in spectrum().items()}
    measurement = read(write_mpt(columns))
    assert len(measurement.data) == 31
    assert "1 records without a frequency were left out" in measurement.notes


def test_mixed_techniques_give_either(write_mpt, gcd_columns, cell):
    columns = gcd_columns | {name: np.resize(values, len(cell)) for name, values in spectrum().items()}
    columns["freq/Hz"] = np.where(np.arange(len(cell)) < 100, 0.0, columns["freq/Hz"])
    path = write_mpt(columns, "Modulo Bat")
    both = read(path)
    assert (both.kind, len(both.data), len(both.half_cycles())) == ("gcd", 100, 3)
    assert sum(len(each.data) for each in both.spectra()) == len(cell) - 100
    alone = read(path, kind="impedance")
    assert len(alone.data) == len(cell) - 100
    assert "100 records without a frequency were left out" in alone.notes


def test_voltammogram(write_mpt):
    path = write_mpt(sweep(), "Cyclic Voltammetry")
    assert read(path).kind == "cv"
    with pytest.raises(DataFileError, match="the current flows against the sweep"):
        read(path, sign="discharge positive")


def test_sign_that_the_user_states_is_held_against_the_voltage(write_mpt, gcd_columns):
    path = write_mpt(gcd_columns | {"<I>/mA": -gcd_columns["<I>/mA"]})
    assert any("the sign may be reversed" in note for note in read(path).notes)
    with pytest.raises(DataFileError, match="sign looks reversed: the voltage falls when the current rises"):
        read(path, sign="charge positive")
    assert read(path, sign="discharge positive", first_step="discharge").half_cycles()[0][0] == "discharge"


def test_current_from_charge(write_mpt, gcd_columns, cell):
    moved = np.append(0.0, cell["current"][1:] * np.diff(cell["time"])) / 3.6
    del gcd_columns["<I>/mA"]
    data = read(write_mpt(gcd_columns | {"dq/mA.h": moved})).data
    inside = np.append(False, np.diff(cell["time"]) > 0)
    np.testing.assert_allclose(data["Current / A"][inside], cell["current"][inside], rtol=1e-8)


def test_cell_voltage_is_against_the_counter_electrode(write_mpt, gcd_columns, cell):
    columns = gcd_columns | {"Ewe/V": cell["voltage"] + 0.3, "Ece/V": np.full(len(cell), 0.3)}
    measurement = read(write_mpt(columns))
    np.testing.assert_allclose(measurement.data["Voltage / V"], cell["voltage"], rtol=1e-8)
    assert "voltage is EC-Lab's Ewe/V minus Ece/V" in measurement.notes


def test_header_count_that_is_wrong(write_mpt, gcd_columns):
    path = write_mpt(gcd_columns)
    path.write_bytes(path.read_bytes().replace(b"header lines : 9", b"header lines : 8"))
    with pytest.raises(DataFileError, match="none of its columns is known|fields, expected"):
        read(path)
    path.write_bytes(path.read_bytes().replace(b"header lines : 8", b"header lines : 9999"))
    with pytest.raises(DataFileError, match="9999 header lines.*Is it cut"):
        read(path)


def test_loops_tell_how_many_records_there_are(write_mpt, gcd_columns, cell):
    half = len(cell) // 2
    read(write_mpt(gcd_columns, loops=[(0, half - 1), (half, len(cell) - 1)]))
    with pytest.raises(DataFileError, match=f"{len(cell)} records, expected {len(cell) + 5}"):
        read(write_mpt(gcd_columns, loops=[(0, half - 1), (half, len(cell) + 4)]))


def test_word_in_a_number_column(write_mpt, gcd_columns):
    path = write_mpt(gcd_columns)
    lines = path.read_text("latin-1").splitlines()
    fields = lines[20].split("\t")
    lines[20] = "\t".join([*fields[:2], "overload", fields[3]])
    path.write_text("\n".join(lines), "latin-1")
    with pytest.raises(DataFileError, match="'Ewe/V' in line 21 is 'overload', expected a number"):
        read(path)


def test_missing_extra_names_it(tmp_path, monkeypatch):
    path = tmp_path / "cell.mpr"
    path.write_bytes(b"BIO-LOGIC MODULAR FILE")
    monkeypatch.setitem(sys.modules, "galvani", None)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[biologic\].*\.mpt needs nothing more"):
        read(path)


class TestRealFiles:
    """Binary and text of one measurement, as EC-Lab wrote both."""

    @pytest.fixture(autouse=True)
    def extra(self):
        pytest.importorskip("galvani", exc_type=ImportError)

    @pytest.mark.parametrize(("name", "records"), [("gcpl", 132), ("peis", 84)])
    def test_binary_and_text_agree(self, shared, name, records):
        binary, text = (read(shared(f"biologic/{name}.issue_149.{kind}")) for kind in ("mpr", "mpt"))
        assert binary.kind == text.kind
        assert len(binary.data) == len(text.data) == records
        if "Step Type" in binary.data:
            assert binary.data["Step Type"].tolist() == text.data["Step Type"].tolist()
        common = [label for label in binary.data.select_dtypes("number") if label in text.data]
        assert len(common) >= 6
        for label in common:
            largest = text.data[label].abs().max()
            np.testing.assert_allclose(binary.data[label], text.data[label], rtol=0, atol=FLOAT32 * largest)

    def test_cycling_gives_the_half_cycles_of_the_programme(self, shared):
        halves = read(shared("biologic/gcpl.issue_149.mpr"), first_step="charge").half_cycles()
        assert [direction for direction, _ in halves] == ["charge", "discharge"] * 4
        for _, half in halves:  # 30 uA for 10 s
            assert half["Half Cycle Capacity / Ah"].iloc[-1] == pytest.approx(30e-6 * 10 / 3600, rel=1e-3)

    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
    @pytest.mark.parametrize(
        "name", ["gcpl.issue_149.mpr", "gcpl.issue_149.mpt", "peis.issue_149.mpr", "peis.issue_149.mpt"]
    )
    def test_cut_files_are_refused(self, shared, tmp_path, name, part):
        whole = shared(f"biologic/{name}").read_bytes()
        path = tmp_path / name
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(DataFileError, match=name):
            read(path)

    def test_renamed_file_is_refused(self, shared, tmp_path):
        path = tmp_path / "cell.ndax"
        path.write_bytes(shared("biologic/gcpl.issue_149.mpt").read_bytes())
        with pytest.raises(DataFileError, match=r"named as Neware .ndax .* it is a BioLogic EC-Lab text"):
            read(path)
