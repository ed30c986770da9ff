"""Files as users have them, beside the repository: each gives what its manifest says, or the refusal."""

import numpy as np
import pytest

from nasim.errors import NasimError
from nasim.instruments import read

FOUR = [("discharge", 0.7598), ("charge", 0.6578), ("discharge", 0.6487), ("charge", 0.6457)]
NAMED = {"Test Time / s": "t", "Voltage / V": "V", "Current / A": "I"}
STATE = NAMED | {"Step Type": "st"}


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        ("unsigned_current.csv", STATE, FOUR),
        ("unsigned_maccor_state.csv", STATE, FOUR),
        ("rest_noise.csv", None, FOUR),
        ("one_spike.csv", None, FOUR),
        ("gap_in_discharge.csv", None, FOUR),
        ("blank_after_header.csv", NAMED, FOUR),
        ("german_date.csv", None, FOUR),
        ("part1.csv", None, FOUR[:2]),
        ("part2.csv", None, FOUR[2:]),
        ("bts_time_s.csv", None, FOUR),
        ("bdf_coarse_current.csv", None, [("discharge", 1.76)]),
        ("mb_eis_in_discharge.mpt", None, [("discharge", 0.6633), ("charge", 0.5817)]),
        ("abs_time.mpt", None, [("discharge", 0.62)]),
        ("headerless.mpt", None, [("discharge", 0.3317)]),
    ],
)
def test_half_cycles(shared, name, columns, expected):
    halves = read(shared(f"user_files/{name}"), columns=columns).found_half_cycles()
    assert [half.direction for half in halves] == [direction for direction, _ in expected]
    np.testing.assert_allclose(
        [1e3 * half.capacity_Ah for half in halves], [charge for _, charge in expected], atol=6e-5
    )


@pytest.mark.parametrize(
    ("name", "told", "message"),
    [
        ("unsigned_current.csv", {"columns": NAMED}, "the current never reverses.*magnitude"),
        ("unsigned_maccor_state.csv", {"columns": NAMED, "first_step": "discharge"}, "the current never reverses"),
        ("spectrum_only.mpt", {"kind": "gcd"}, "an impedance spectrum and nothing else"),
        ("invented.xlsx", {}, "an Excel file"),
    ],
)
def test_refusals(shared, name, told, message):
    with pytest.raises(NasimError, match=message):
        read(shared(f"user_files/{name}"), **told)


@pytest.mark.parametrize(
    ("name", "points", "arcs"),
    [
        ("spectrum_only.mpt", [26], [30]),
        ("two_spectra_z_cycle.mpt", [11, 11], [30, 60]),
        ("mb_eis_in_discharge.mpt", [26, 26], [30, 30]),
    ],
)
def test_spectra(shared, name, points, arcs):
    spectra = read(shared(f"user_files/{name}")).spectra()
    assert [len(each.data) for each in spectra] == points
    real = [each.data["Real Impedance / ohm"] for each in spectra]
    np.testing.assert_allclose([each.min() for each in real], 50, atol=0.01)
    np.testing.assert_allclose([np.ptp(each) for each in real], arcs, atol=0.1)
    assert all(each.time_s is not None and each.voltage_V is not None for each in spectra)
