"""A made cell, the files that instruments would have written of it, and the way to real files."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RESISTANCE_OHM, CURRENT_A, STEP_S, RECORDS, RESTS = 400.0, 1.0e-4, 10.0, 40, 5
PROGRAMME = [("CC DChg", -1, RECORDS), ("Rest", 0, RESTS), ("CC Chg", 1, RECORDS), ("Rest", 0, RESTS)]


@pytest.fixture
def cell():
    """Two cycles of discharge, rest, charge, rest, counted as Neware counts: time, charge start again in each step.

    The column `time` is the test time by hand: each step begins when the one before it ended.
    """
    rows, start = [], 0.0
    for cycle in (1, 2):
        level = 1.0
        for step_id, (name, sign, count) in enumerate(PROGRAMME, start=1):
            seconds = STEP_S * np.arange(count + 1)
            for k, second in enumerate(seconds):
                voltage = 1.4 + 0.9 * (level + sign * 0.8 * k / count) + sign * CURRENT_A * RESISTANCE_OHM
                charge = abs(sign) * CURRENT_A * second / 3600
                rows.append((cycle, step_id, name, sign, second, start + second, voltage, sign * CURRENT_A, charge))
            level, start = level + sign * 0.8, start + seconds[-1]
    names = ["cycle", "step_id", "name", "sign", "step_time", "time", "voltage", "current", "charge"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture
def bdf_csv(tmp_path, cell):
    """The made cell as a BDF CSV; the path."""
    path = tmp_path / "cell.csv"
    table = pd.DataFrame(
        {"Test Time / s": cell["time"], "Voltage / V": cell["voltage"], "Current / A": cell["current"]}
    )
    table.assign(**{"Cycle Count / 1": cell["cycle"]}).to_csv(path, index=False)
    return path


@pytest.fixture
def bts_csv(tmp_path, cell):
    """The made cell as BTS exports it, Latin-1 with a micro sign and a comma at the end of each line; the path."""
    header = "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(\u00b5A),Voltage(mV)"
    lines = [header + ",Chg. Cap.(mAs),DChg. Cap.(mAs),"]
    for row in cell.itertuples():
        fields = [row.Index + 1, row.cycle, row.step_id, row.name, clock(row.step_time), clock(row.time)]
        fields += [f"{row.current * 1e6:.2f}", f"{row.voltage * 1e3:.3f}"]
        fields += [f"{row.charge * 3.6e6 * (row.sign == side):.6f}" for side in (1, -1)]
        lines.append(",".join(map(str, [*fields, ""])))
    path = tmp_path / "bts.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode("latin-1"))
    return path


def clock(seconds):
    """Seconds as BTS writes them, hh:mm:ss.sss with hours beyond 24."""
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}:{seconds % 60:06.3f}"


@pytest.fixture
def newarenda(monkeypatch, cell):
    """A stand-in for NewareNDA whose `frame` it reads from any file: the made cell."""
    module = ModuleType("NewareNDA")
    module.frame = pd.DataFrame(
        {
            "Index": np.arange(1, len(cell) + 1),
            "Cycle": cell["cycle"],
            "Step": (cell["name"] != cell["name"].shift()).cumsum(),
            "Step_Index": cell["step_id"],
            "Status": cell["name"].str.replace(" ", "_").astype("category"),
            "Time": cell["step_time"].astype("float32"),
            "Voltage": cell["voltage"].astype("float32"),
            "Current(mA)": (cell["current"] * 1e3).astype("float32"),
            "Charge_Capacity(mAh)": cell["charge"] * 1e3 * (cell["sign"] == 1),
            "Discharge_Capacity(mAh)": cell["charge"] * 1e3 * (cell["sign"] == -1),
            "Timestamp": pd.Timestamp("2025-03-01") + pd.to_timedelta(cell["time"], unit="s"),
        }
    )
    module.read = lambda *args, **kwargs: module.frame.copy()
    monkeypatch.setitem(sys.modules, "NewareNDA", module)
    return module


@pytest.fixture
def nda(tmp_path, newarenda):
    """A file that passes for an .nda and that the stand-in reads; the path."""
    path = tmp_path / "cell.nda"
    path.write_bytes(b"NEWARE" + bytes(100))
    return path


@pytest.fixture
def write_mpt(tmp_path):
    """Function that writes columns (name to values) as EC-Lab writes text, Latin-1 with a counted header; the path."""

    def write(columns, technique="Galvanostatic Cycling with Potential Limitation", decimal=".", loops=()):
        body = ["", technique, "", "Electrode surface area : 0.001 cm\u00b2", "Characteristic mass : 0.001 g", ""]
        body += [f"Loop {k} from point number {first} to {last}" for k, (first, last) in enumerate(loops)]
        head = ["EC-Lab ASCII FILE", f"Nb header lines : {len(body) + 3}", *body, "\t".join(columns) + "\t"]
        rows = ["\t".join(f"{v:.9E}".replace(".", decimal) for v in row) for row in zip(*columns.values(), strict=True)]
        path = tmp_path / "cell.mpt"
        path.write_bytes("\r\n".join([*head, *rows, ""]).encode("latin-1"))
        return path

    return write


@pytest.fixture
def gcd_columns(cell):
    """The made cell in EC-Lab's columns."""
    return {
        "Ns": cell["step_id"] - 1,
        "time/s": cell["time"],
        "Ewe/V": cell["voltage"],
        "<I>/mA": cell["current"] * 1e3,
    }


@pytest.fixture
def shared():
    """Function from the name of a real instrument file to its path; skips the test when there is none."""

    def find(name):
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"no {name} beside the repository")
        return path

    return find
