"""Curves without time: what the header says, per gram and per area, direction, and what is refused."""

import numpy as np
import pytest

from nasim.errors import DataFileError, UnknownNameError
from nasim.instruments import read, read_curve

CAPACITY, VOLTAGE = np.linspace(0, 1600, 9), np.linspace(2.2, 0.8, 9)


def write(tmp_path, header, *columns, delimiter=","):
    path = tmp_path / "curve.csv"
    rows = [delimiter.join(f"{value:.6g}" for value in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([*([header] if header else []), *rows, ""]))
    return path


@pytest.mark.parametrize(
    "header",
    [
        "Specific capacity (mAh/g),Voltage (V)",
        "Capacity / mAh g\u207b\u00b9,E / V vs. Na/Na+",
        "Q [mAh.g-1],Potential [V]",
    ],
)
def test_capacity_per_gram(tmp_path, header):
    curve = read_curve(write(tmp_path, header, CAPACITY, VOLTAGE), active_mass_mg=2.0, area_cm2=0.5, current_mA_cm2=0.1)
    assert (curve.kind, curve.per, curve.direction, curve.current_mA_cm2) == ("voltage", "mass", "discharge", 0.1)
    np.testing.assert_allclose(curve.capacity_mAh_cm2, CAPACITY * 2e-3 / 0.5)
    np.testing.assert_allclose(curve.data["Voltage / V"], VOLTAGE)
    assert "direction not given: the voltage makes it a discharge" in curve.notes


def test_mass_is_asked_for(tmp_path):
    curve = read_curve(write(tmp_path, "Capacity (mAh/g),Voltage (V)", CAPACITY, VOLTAGE), area_cm2=0.5)
    with pytest.raises(DataFileError, match="per gram; to have it per cm2, give active_mass_mg"):
        _ = curve.capacity_mAh_cm2


def test_points_of_a_digitiser_come_in_any_order_and_without_header(tmp_path):
    order = np.random.default_rng(1).permutation(9)
    path = write(tmp_path, "", CAPACITY[order] / 1000, VOLTAGE[order])
    curve = read_curve(path, columns={"Capacity / mAh.cm-2": 1, "Voltage / V": 2}, direction="discharge")
    np.testing.assert_allclose(curve.capacity_mAh_cm2, CAPACITY / 1000)
    np.testing.assert_allclose(curve.data["Voltage / V"], VOLTAGE)


def test_direction_is_held_against_the_voltage(tmp_path):
    path = write(tmp_path, "Capacity (mAh/g),Voltage (V)", CAPACITY, VOLTAGE)
    with pytest.raises(DataFileError, match="stated as a charge, but the voltage falls.*backwards=True"):
        read_curve(path, direction="charge")
    turned = read_curve(path, direction="charge", backwards=True)
    np.testing.assert_allclose(turned.data["Voltage / V"], VOLTAGE[::-1])
    with pytest.raises(UnknownNameError, match="nearest match is 'discharge'"):
        read_curve(path, direction="discharg")


def test_other_kinds(tmp_path):
    fade = read_curve(write(tmp_path, "Cycle number,Discharge capacity (mAh/g)", np.arange(1, 10), CAPACITY[::-1]))
    assert (fade.kind, fade.direction, fade.data["Cycle Count / 1"].tolist()) == (
        "fade",
        "discharge",
        list(range(1, 10)),
    )
    peaks = read_curve(write(tmp_path, "Voltage (V),dQ/dV (mAh cm-2 V-1)", VOLTAGE, -CAPACITY / 1000))
    assert (peaks.kind, peaks.direction) == ("dqdv", "discharge")
    np.testing.assert_allclose(peaks.dqdv_mAh_cm2_V, CAPACITY[::-1] / 1000)
    points = read_curve(write(tmp_path, "Z' (ohm);-Z'' (ohm)", CAPACITY, VOLTAGE, delimiter=";"), area_cm2=2.0)
    assert points.kind == "nyquist"
    np.testing.assert_allclose(points.impedance_ohm_cm2, 2 * (CAPACITY - 1j * VOLTAGE))


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("Capacity,Voltage (V)", (CAPACITY, VOLTAGE), "'Capacity' has no unit"),
        ("Capacity (mAh),Voltage (V)", (CAPACITY, 1e3 * VOLTAGE), "column in mV"),
        ("Capacity (mAh),Voltage (V)", (CAPACITY[:2], VOLTAGE[:2]), "2 points, expected a curve of at least 3"),
        ("Cycle,Capacity (mAh)", (np.ones(9), CAPACITY), "each once"),
        ("Z' (ohm),Z'' (ohm)", (CAPACITY, VOLTAGE), "most imaginary parts are positive"),
        ("x,y", (CAPACITY, VOLTAGE), "no header line"),
    ],
)
def test_what_is_no_curve(tmp_path, header, columns, message):
    with pytest.raises(DataFileError, match=message):
        read_curve(write(tmp_path, header, *columns))


def test_read_says_that_a_curve_is_none_of_a_test(tmp_path):
    with pytest.raises(DataFileError, match="a curve without time.*read_curve"):
        read(write(tmp_path, "Capacity (mAh/g),Voltage (V)", CAPACITY, VOLTAGE))
