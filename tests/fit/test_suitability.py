"""A fit takes no file for what it is not: each is refused with the reason and the way out, or joined."""

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import nasim
import nasim.fit
from nasim import DataFileError, Measurement, ProtocolError, UnknownNameError
from nasim.cli import app
from nasim.fit import from_measurement
from nasim.fit.files import run_files
from nasim.fit.joining import joined

WINDOW = (0.7, 2.6)
ALPHA = "Sulfur step 1 transfer coefficient"
DISCHARGE, CHARGE = (8, -1e-4, 2.2, 0.7), (7, 1e-4, 1.5, 2.6)


def table(parts):
    """Records of pieces (hours, current A, first V, last V), 60 each."""
    rows, start = [], 0.0
    for hours, amps, first, last in parts:
        time = start + np.linspace(0, 3600 * hours, 61)[1:]
        rows.append(np.column_stack([time, np.linspace(first, last, 61)[1:], np.full(60, amps)]))
        start = time[-1]
    return pandas.DataFrame(np.vstack(rows), columns=["Test Time / s", "Voltage / V", "Current / A"])


def record(parts, **told):
    return Measurement(table(parts), **({"area_cm2": 0.5, "path": "cell.csv", "sign": "charge positive"} | told))


SPECTRUM = pandas.DataFrame(
    {
        "Frequency / Hz": np.geomspace(1e4, 1.0, 12),
        "Real Impedance / ohm": np.linspace(50, 80, 12),
        "Imaginary Impedance / ohm": np.full(12, -3.0),
    }
)


@pytest.mark.parametrize(
    ("parts", "options", "reason", "way_out"),
    [
        ([DISCHARGE, CHARGE], {"parameters": "Yuan2025_symmetric_NAS"}, "is a full cell", "set of the full cell"),
        ([DISCHARGE, CHARGE], {"window_V": (0.3, 2.6)}, "no discharge reaches the lower cut-off", "--window"),
        ([DISCHARGE, CHARGE], {"window_V": (0.7, 3.0)}, "no charge reaches the upper cut-off", "ends='capacity'"),
        ([CHARGE, DISCHARGE], {}, "begins with a charge", "--continues"),
        (
            [(8, -1e-4, -0.01, -0.1), (8, 1e-4, 0.01, 0.1)],
            {"window_V": (-1, 1)},
            "is a symmetric cell",
            "set of the symm",
        ),
    ],
)
def test_what_is_not_this_cell_is_refused(parts, options, reason, way_out):
    with pytest.raises(DataFileError, match=reason) as caught:
        from_measurement(record(parts), **({"window_V": WINDOW} | options))
    assert way_out in str(caught.value)


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_a_mass_or_area_off_by_a_thousand_is_refused(factor):
    with pytest.raises(DataFileError, match=r"what the cathode can hold"):
        from_measurement(record([DISCHARGE, CHARGE], active_mass_mg=0.25 * factor), window_V=WINDOW)
    with pytest.raises(DataFileError, match=r"area .* cm2"):
        from_measurement(record([DISCHARGE, CHARGE], area_cm2=0.5 * factor), window_V=WINDOW)
    assert from_measurement(record([DISCHARGE, CHARGE], active_mass_mg=0.25), window_V=WINDOW)


def test_half_cycles_of_one_capacity_ended_by_it():
    same = record([(0.5, 0.0, 2.2, 2.2), *[(4, -1e-4, 2.2, 1.5), (4, 1e-4, 1.6, 2.3)] * 2])
    assert not any(curve.to_cut_off for curve in from_measurement(same, window_V=WINDOW))


def test_a_spectrum_is_no_discharge(tmp_path):
    measurement = Measurement(SPECTRUM, kind="impedance", area_cm2=0.5, path="cell.mpt")
    with pytest.raises(DataFileError, match="impedance spectra and no half cycles.*--use spectrum"):
        from_measurement(measurement, window_V=WINDOW)
    with pytest.raises(DataFileError, match="cannot be fitted as a discharge"):
        SPECTRUM.to_csv(tmp_path / "cell.csv", index=False)
        run_files(tmp_path / "cell.csv", [ALPHA], area_cm2=0.5)


@pytest.fixture
def parts(tmp_path):
    for name, pieces in {"one": [DISCHARGE, CHARGE], "two": [DISCHARGE, CHARGE]}.items():
        table(pieces).to_csv(tmp_path / f"{name}.csv", index=False)
    return [tmp_path / "one.csv", tmp_path / "two.csv"]


def test_several_files_are_asked_what_they_are_to_each_other(parts):
    with pytest.raises(ProtocolError, match="--continues.*--fresh"):
        run_files(parts, [ALPHA], area_cm2=0.5, sign="charge positive")


@pytest.mark.parametrize(("continues", "legs"), [(True, [1, 2, 3, 4]), (False, [1, 2, 1, 2])])
def test_files_of_one_cell_are_one_history(parts, continues, legs):
    from nasim.fit.plan import stated
    from nasim.fit.uses import data_of

    said = []
    uses = stated(parts, continues=continues, area_cm2=0.5, sign="charge positive")
    data = data_of(uses, nasim.load("Yuan2025_NAS"), said.append)
    assert [len(curve.legs) for curve in data] == legs
    assert "4 half cycles" in said[0] if continues else "2 half cycles" in said[0]
    assert "discharge 1 0.787 mAh (1.57 mAh cm-2)" in said[0]


def test_joined_time_and_counters_go_on():
    frame = table([DISCHARGE, CHARGE]).assign(**{"Net Capacity / Ah": np.cumsum(np.full(120, 1e-6))})
    frame["Net Capacity / Ah"] = np.concatenate([-np.linspace(0, 8e-4, 60), -8e-4 + np.linspace(0, 7e-4, 60)])
    frame["Unix Time / s"] = 1.7e9 + frame["Test Time / s"]
    later = frame.assign(**{"Unix Time / s": frame["Unix Time / s"] + 1e5})
    one, two = (Measurement(each, area_cm2=0.5, sign="charge positive") for each in (frame, later))
    both = joined([one, two]).data
    step = both["Test Time / s"].iloc[120] - both["Test Time / s"].iloc[119]
    assert step == pytest.approx(1e5 + frame["Test Time / s"].iloc[0] - frame["Test Time / s"].iloc[-1])
    assert both["Net Capacity / Ah"].iloc[-1] == pytest.approx(-2e-4)
    with pytest.raises(DataFileError, match="area_cm2 is 1.0, but 0.5"):
        joined([one, Measurement(later, area_cm2=1.0, sign="charge positive")])


def test_a_model_that_cannot_describe_the_data_says_so_first():
    x = np.linspace(0, 1, 40)
    curve = nasim.fit.from_arrays(0.6 * x, 2.55 - 0.1 * x, current_mA_cm2=0.127, window_V=(2.45, 2.6), voltage_sd_mV=2)
    fit = nasim.fit(curve, [ALPHA], iterations=3)
    assert fit.chi2 > 100 * fit.freedom
    assert fit.warnings()[0].startswith("The model cannot describe these data: its residuals are")
    assert list(fit.as_object())[0] == "verdict"
    assert not fit.describes and not fit.table["determined"].any()
    from nasim.results.report import fit_lines

    assert next(fit_lines(fit)) == fit.verdict()


PLAN = """
vary = ["{name}"]
area_cm2 = 0.7854
sign = "charge positive"

[[file]]
path = "cell.csv"
cycles = [1]
directions = ["discharge"]

[[file]]
path = "spectrum.csv"
use = "spectrum"
impedance_sd = 0.005
"""


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A first discharge and a spectrum of one fresh cell, as files, with a plan."""
    folder, separator = tmp_path_factory.mktemp("made_up"), {"Separator conductivity [S.m-1]": 0.05}
    curve = nasim.GCD(cycles=1).run(overrides=separator).curve(1)
    curve = curve[curve["Step"] == "discharge"]
    amps = -0.127e-3 * 0.7854
    time = -1e-3 * 0.7854 * 3600 * curve["Capacity [mAh.cm-2]"] / amps
    columns = {"Test Time / s": time, "Voltage / V": curve["Voltage [V]"], "Current / A": amps}
    pandas.DataFrame(columns).to_csv(folder / "cell.csv", index=False)
    spectra = nasim.EIS().run(overrides=separator)
    Z = spectra.impedance() / 0.7854
    columns = {"Frequency / Hz": spectra.frequency, "Real Impedance / ohm": Z.real, "Imaginary Impedance / ohm": Z.imag}
    pandas.DataFrame(columns).to_csv(folder / "spectrum.csv", index=False)
    (folder / "plan.toml").write_text(PLAN.format(name="Separator conductivity [S.m-1]"))
    return folder


def test_a_plan_says_for_each_file_what_it_is(made_up):
    said = []
    fit = run_files(made_up / "plan.toml", tell=said.append)
    assert fit.values["Separator conductivity [S.m-1]"] == pytest.approx(0.05, rel=0.01)
    assert [type(each).__name__ for each in fit.problem.data] == ["GCDCurve", "ImpedanceCurve"]
    assert fit.record["files"] == said
    assert "used: discharge 1" in said[1]
    assert any("a spectrum of" in line for line in said)


@pytest.mark.parametrize(
    ("text", "error", "word"),
    [
        ("vary = [", DataFileError, "cannot be read as a plan"),
        ("vary = []", DataFileError, r"\[\[file\]\]"),
        ("[[file]]\nuse = 'spectrum'", DataFileError, "file 1 has no path"),
        ("[[file]]\npath='a.csv'\ntemperatur_C = 5", UnknownNameError, "nearest match is 'temperature_C'"),
        ("pth = 1\n[[file]]\npath='a.csv'", UnknownNameError, "'pth' at the top"),
        ("[[file]]\npath='a.csv'\nuse='spectra'", UnknownNameError, "nearest match is 'spectrum'"),
        ("vary=['x']\n[[file]]\npath='a.csv'\ncontinues=true", ProtocolError, "cannot continue another"),
        ("[[file]]\npath='a.csv'", ProtocolError, "no parameter to fit"),
    ],
)
def test_plans_that_are_none(tmp_path, text, error, word):
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(error, match=word):
        run_files(tmp_path / "plan.toml")


def test_a_plan_stands_alone(tmp_path):
    (tmp_path / "plan.toml").write_text("[[file]]\npath='a.csv'")
    with pytest.raises(ProtocolError, match="stands alone, area_cm2"):
        run_files(tmp_path / "plan.toml", [ALPHA], area_cm2=0.5)


def test_the_command_line_fits_a_spectrum_of_which_it_is_told(made_up):
    name, options = "Separator conductivity [S.m-1]", ["--use", "spectrum", "--area", "0.7854"]
    done = CliRunner().invoke(app, ["fit", str(made_up / "spectrum.csv"), "--vary", name, *options])
    assert done.exit_code == 0, done.output
    assert "a spectrum of" in done.output.splitlines()[0]
    assert "The model describes the data" in done.output


def test_a_voltammogram_from_a_file():
    scan = nasim.CV(scans=1).run(overrides={ALPHA: 0.58}).curve(1)
    V, i = scan["Voltage [V]"].to_numpy(), scan["Current density [mA.cm-2]"].to_numpy()
    time = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(V)) / 0.2e-3)])
    frame = pandas.DataFrame({"Test Time / s": time, "Voltage / V": V, "Current / A": -1e-3 * 0.5 * i})
    measurement = Measurement(frame, kind="cv", area_cm2=0.5, sign="charge positive")
    curve = nasim.fit.from_voltammogram(measurement)
    assert curve.scan_rate_mV_s == pytest.approx(0.2)
    fit = nasim.fit(curve, [ALPHA])
    assert fit.values[ALPHA] == pytest.approx(0.58, rel=0.01)
