"""Spectra come out apart, with time and state: by z cycle, by a sweep that starts again, from modulus and phase, between records."""

import numpy as np
import pandas as pd
import pytest

from nasim.instruments import read
from nasim.instruments.spectra import number_spectra

FREQUENCY = np.logspace(4, -1, 11)


def impedance(arc_ohm):
    return 50 + arc_ohm / (1 + 1j * FREQUENCY / 10)


def columns(arcs, parts="cartesian", **more):
    frequency, Z = np.tile(FREQUENCY, len(arcs)), np.concatenate([impedance(arc) for arc in arcs])
    found = {"freq/Hz": frequency, "Re(Z)/Ohm": Z.real, "-Im(Z)/Ohm": -Z.imag}
    if parts == "polar":
        found = {"freq/Hz": frequency, "|Z|/Ohm": np.abs(Z), "Phase(Z)/deg": np.degrees(np.angle(Z))}
    count = len(frequency)
    return found | {"time/s": 2.0 * np.arange(1, count + 1), "<Ewe>/V": np.full(count, 2.1)} | more


def arcs_of(measurement):
    return [round(float(np.ptp(each.data["Real Impedance / ohm"]))) for each in measurement.spectra()]


def test_told_apart_by_the_sweep(write_mpt):
    measurement = read(write_mpt(columns([30, 60, 90], **{"cycle number": np.ones(33)})))
    assert arcs_of(measurement) == [30, 60, 90]
    assert [each.time_s for each in measurement.spectra()] == [2.0, 24.0, 46.0]
    assert [each.voltage_V for each in measurement.spectra()] == pytest.approx([2.1] * 3)


def test_told_apart_by_z_cycle(write_mpt):
    table = columns([30, 60], **{"z cycle": np.repeat([0, 1], 11)})
    for name in ("freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm"):
        table[name] = np.concatenate([table[name][:11], table[name][:10:-1]])  # down, then up: no sweep starts again
    assert arcs_of(read(write_mpt(table))) == [30, 60]
    assert len(arcs_of(read(write_mpt(table | {"z cycle": np.zeros(22)})))) == 1


def test_modulus_and_phase(write_mpt):
    (spectrum,) = read(write_mpt(columns([30], "polar"))).spectra()
    np.testing.assert_allclose(spectrum.data["Real Impedance / ohm"], impedance(30).real, rtol=1e-6)
    np.testing.assert_allclose(spectrum.data["Imaginary Impedance / ohm"], impedance(30).imag, rtol=1e-6)


def test_sweeps_up_and_noise_of_a_step():
    up = np.tile(FREQUENCY[::-1], 2)
    assert number_spectra(up, []).tolist() == [1] * 11 + [2] * 11
    assert number_spectra(np.r_[FREQUENCY[:5], FREQUENCY[4:]], []).max() == 1  # a frequency taken twice


def test_state_of_a_spectrum_within_a_discharge(write_mpt):
    time, spectral = 60.0 * np.arange(100), np.arange(100)
    discharge = {"mode": 1.0, "time/s": time, "Ewe/V": 2.2 - 0.01 * spectral, "I/mA": -0.1, "freq/Hz": 0.0}
    records = pd.DataFrame(discharge | {"Re(Z)/Ohm": 0.0, "-Im(Z)/Ohm": 0.0})
    Z = impedance(30)
    between = {"mode": 2.0, "time/s": time[39] + np.arange(1.0, 12), "Ewe/V": 1.85, "I/mA": 0.02, "freq/Hz": FREQUENCY}
    between = pd.DataFrame(between | {"Re(Z)/Ohm": Z.real, "-Im(Z)/Ohm": -Z.imag})
    rest = records[40:].assign(**{"time/s": records["time/s"][40:] + 30})
    measurement = read(write_mpt(pd.concat([records[:40], between, rest]).to_dict("list"), "Modulo Bat"))
    ((direction, _),) = measurement.half_cycles()
    (spectrum,) = measurement.spectra()
    assert (measurement.kind, direction, len(spectrum.data)) == ("gcd", "discharge", 11)
    assert (spectrum.half_cycle, spectrum.direction, spectrum.time_s) == (1, "discharge", time[39] + 1)
    assert spectrum.capacity_Ah == pytest.approx(1e-4 * time[39] / 3600, rel=1e-9)


@pytest.mark.parametrize(("time", "current"), [(("time/h", 3600.0), ("I/A", 1e-3)), (("time/s", 1.0), ("<I>/A", 1e-3))])
def test_other_units_of_ec_lab(write_mpt, gcd_columns, cell, time, current):
    table = {time[0]: gcd_columns["time/s"] / time[1], "Ewe/V": gcd_columns["Ewe/V"]}
    measurement = read(write_mpt(table | {current[0]: gcd_columns["<I>/mA"] * current[1]}))
    np.testing.assert_allclose(measurement.data["Test Time / s"], cell["time"], atol=1e-4)
    np.testing.assert_allclose(measurement.data["Current / A"], cell["current"], rtol=1e-8)


@pytest.mark.parametrize("date", ["%m/%d/%Y %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f"])
def test_dates_for_times(write_mpt, gcd_columns, cell, date):
    path = write_mpt(gcd_columns)
    stamps = (pd.Timestamp("2026-03-04 23:50") + pd.to_timedelta(cell["time"], unit="s")).dt.strftime(date)
    lines = path.read_text("latin-1").splitlines()
    head = len(lines) - len(cell)
    for k, stamp in enumerate(stamps):
        fields = lines[head + k].split("\t")
        fields[1] = stamp
        lines[head + k] = "\t".join(fields)
    path.write_text("\n".join([*lines, ""]), "latin-1")
    np.testing.assert_allclose(read(path).data["Test Time / s"], cell["time"], atol=1e-3)


def test_without_header_lines(write_mpt, gcd_columns, cell):
    path = write_mpt(gcd_columns)
    lines = path.read_text("latin-1").splitlines()
    path.write_text("\n".join([*lines[len(lines) - len(cell) - 1 :], ""]))
    measurement = read(path)
    assert (measurement.instrument, len(measurement.half_cycles())) == ("biologic", 4)


def test_columns_may_be_told_for_mpt_too(write_mpt, gcd_columns, cell):
    path = write_mpt(gcd_columns | {"Ece/V": 0 * cell["voltage"] + 0.1})
    told = {"Test Time / s": "time/s", "Voltage / V": "Ewe/V", "Current / A": "<I>/mA"}
    measurement = read(path, columns=told)
    np.testing.assert_allclose(measurement.data["Voltage / V"], cell["voltage"])
    np.testing.assert_allclose(measurement.data["Current / A"], cell["current"], rtol=1e-8)
