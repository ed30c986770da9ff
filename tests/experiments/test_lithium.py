"""The lithium analogue, made of data alone: every protocol runs on it."""

from pathlib import Path

import pytest

import nasim
from nasim.protocols import PROTOCOLS, protocol_class

EXAMPLES = Path(nasim.__file__).parent.parent / "examples"
CELL, SYMMETRIC = EXAMPLES / "lithium_analogue.toml", EXAMPLES / "lithium_symmetric.toml"
OPTIONS = {
    "gcd": {"cycles": 1},
    "cycle": {"cycles": 1},
    "rate": {"currents_mA_cm2": (0.2,), "cycles_per_step": 1},
    "gitt": {"most_pulses": 1},
    "pulse": {"points": 1},
    "hold": {"hours": 1.0},
    "rest": {"hours": 1.0},
    "calendar": {"periods": 1, "storage_h": 1.0},
    "temperature": {"temperatures_C": (25,), "per_decade": 1},
    "cv": {"scans": 1, "scan_rate_mV_s": 1.0},
    "eis": {"per_decade": 1},
    "ocv-eis": {"hours": 1.0, "per_decade": 1},
    "symmetric": {"hours": 2.0},
    "ccd": {"highest_mA_cm2": 0.1},
}


@pytest.fixture(scope="module")
def cells():
    return {path: nasim.KeptCell() for path in (CELL, SYMMETRIC)}


@pytest.mark.parametrize("word", PROTOCOLS)
def test_every_protocol_runs(word, cells, tmp_path):
    protocol, options = protocol_class(word), OPTIONS.get(word, {})
    if word == "profile":
        (tmp_path / "profile.csv").write_text("time_s,power_mW_cm2\n0,0.2\n600,0\n900,0\n")
        options = {"file": str(tmp_path / "profile.csv")}
    path = SYMMETRIC if protocol.cell == "symmetric" else CELL
    result = protocol(**options).run(cells[path], path)
    assert len(result.summary) and not result.nothing_passed
    assert max(result.audit().values(), default=0.0) < 1e-9
    assert "<svg" in result._repr_html_()


def test_the_sulfur_of_lithium_makes_li2s_against_li_in(cells):
    """Plateaus lie below 2.3 V less 0.62 V; the capacity stays below two electrons a sulfur."""
    result = nasim.GCD(cycles=1).run(cells[CELL], CELL)
    assert 300 < result.summary["discharge_capacity_mAh_g"].iloc[0] < 1672
    assert 0.8 < result.summary["mean_discharge_voltage_V"].iloc[0] < 1.68
    axes = result.plot()
    assert axes[0].get_ylabel() == "Voltage (V vs Li-In)"
    assert "Li$_2$S" in [text.get_text() for text in axes[2].get_legend().get_texts()]
    assert nasim.validity(result).stands == "beyond data"


def test_values_from_elsewhere_are_marked_so():
    entries = nasim.load(CELL).entries
    assert entries["Separator conductivity [S.m-1]"].kind == "literature"
    assert entries["Sulfur step 1 equilibrium potential [V]"].kind == "assumed"
    assert nasim.cell_sheet(CELL).quantities["sulfur_capacity_mAh_cm2"] == pytest.approx(0.817, rel=1e-2)
