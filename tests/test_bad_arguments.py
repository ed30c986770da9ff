"""Bad arguments in Python: each a NasimError of one printable line; no word of another library, no NaN that is taken."""

import re
from pathlib import Path

import numpy as np
import pytest

import nasim
from nasim import fit
from nasim.errors import NasimError, ParameterSetError, ProtocolError, UnknownNameError

NAN, INF, ESCAPE = float("nan"), float("inf"), "\x1b[31m<b>x</b>"
STEP_1 = "Sulfur step 1 transfer coefficient"
THICKNESS = "Separator thickness [m]"
F = np.logspace(5, -1, 30)
Z = 10 + 50 / (1 + 2j * np.pi * F * 0.05)
V, Q = np.linspace(2.3, 0.8, 40), np.linspace(0, 0.8, 40)


def named(value):
    """What a test is called: the same in every process."""
    return re.sub(r" at 0x\w+", "", repr(value))


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(cycles=1).run()


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    with open(tmp_path_factory.mktemp("closed") / "file.txt", "w") as file:
        pass
    return file


def gcd(**options):
    return lambda: nasim.GCD(cycles=1).run(**options)


def protocol(kind, **options):
    return lambda: getattr(nasim, kind)(**options).run()


PROTOCOLS = [
    *(("GCD", {"current_mA_cm2": value}) for value in ([0.1], {}, 1j, True, np.array([0.1, 0.2]), ESCAPE)),
    *(("GCD", {"cycles": value}) for value in (None, NAN, "2", [2], 2.5, 10**400, True)),
    *(("GCD", {"window": value}) for value in (2, "ab", (1, 2, 3), (NAN, 2), (None, 2), {1: 2, 3: 4}, ())),
    *(("GCD", {"keep": value}) for value in ("1", (1.5,), {"a": 1}, 3, (None,))),
    ("GCD", {"cylces": 2}),
    *(("Cycling", {"blocks": value}) for value in (3, [3], (), "x", {"a": 1})),
    ("Cycling", {"formation": "cycles=2"}),
    *(("Cycling", {"cycles": 1, "spectra_after": value}) for value in ("x", 3, (-1,), (0.5,), (NAN,))),
    ("Cycling", {"cycles": 1, "rest_h": "x"}),
    ("Cycling", {"cycles": 5, "jump_tolerance": "x"}),
    *(("RateTest", {"currents_mA_cm2": value}) for value in (None, 0.3, "0.3", (), [NAN])),
    ("RateTest", {"cycles_per_step": None}),
    ("RateTest", {"return_to_first": "x"}),
    *(("CV", {"scan_rate_mV_s": value}) for value in ((), [[1, 2], [3, 4]], None, NAN)),
    *(("EIS", {"states_of_charge": value}) for value in ("x", (NAN,))),
    *(("EIS", {"after_cycles": value}) for value in ("x", 1.5, (), (NAN,))),
    *(("EIS", value) for value in ({"lowest_Hz": "x"}, {"lowest_Hz": 1e5, "highest_Hz": 1})),
    *(("OpenCircuitEIS", value) for value in ({"hours": None}, {"hours": 1, "every_h": "x"})),
    *(("SymmetricCycling", value) for value in ({"hours": INF}, {"capacity_mAh_cm2": None})),
    *(("Hold", {"voltages_V": value}) for value in ("ab", (), None)),
    *(("DriveProfile", {"file": value}) for value in ("", 3, ".")),
    *(("TemperatureRamp", {"temperatures_C": value}) for value in (25, ("a",), ())),
    ("GITT", {"pulse_s": None}),
    ("Pulse", {"points": 2.5}),
]


@pytest.mark.parametrize(("kind", "options"), PROTOCOLS, ids=named)
def test_protocols(kind, options):
    refused(protocol(kind, **options))


ARGUMENTS = {
    "model": ("FullCell", nasim.FullCell, 3, nasim.KeptCell(model=3)),
    "parameters": (3, {"a": 1}, ["Yuan2025_NAS"], ".", b"Yuan2025_NAS", "", ESCAPE, "a\0.toml"),
    "stack_pressure_MPa": ([20], NAN, "x", True),
    "temperature_C": (1j, np.array([25, 30])),
    "overrides": (
        *(3, [3], {3: 1}, {("a",): 1}, np.array([1.0]), {ESCAPE: 1}),
        *({THICKNESS: value} for value in (None, [1e-5], abs, True, NAN)),
    ),
    "progress": ("yes",),
    "solver": ("euler", 3, nasim.Rodas),
    "checkpoint": ("x.npz",),
}


@pytest.mark.parametrize(
    "options", [{name: value} for name, values in ARGUMENTS.items() for value in values], ids=named
)
def test_arguments_of_a_run(options):
    refused(gcd(**options))


@pytest.mark.parametrize(
    "options", [{"rtol": -1}, {"rtol": NAN}, {"rtol": "x"}, {"atol": INF}, {"points": 0}], ids=named
)
def test_settings_of_the_integrator(options):
    refused(lambda: nasim.Rodas(**options))


CALLS = {
    "a step of words": lambda given: nasim.Step("discharge", 10, current="x"),
    "a step without end": lambda given: nasim.Step("discharge", NAN, current=1.0),
    "a checkpoint that is a folder": lambda given: nasim.Cycling(cycles=1).run(checkpoint="."),
    "a checkpoint that is a number": lambda given: nasim.Cycling(cycles=1).run(checkpoint=3),
    "a checkpoint that is a file object": lambda given: nasim.Cycling(cycles=1).run(checkpoint=given["closed"]),
    "resume in words": lambda given: nasim.Cycling(cycles=1).run(checkpoint="none.npz", resume="yes"),
    "load nothing": lambda given: nasim.load(None),
    "load a file object": lambda given: nasim.load(given["closed"]),
    "load with a design as a dict": lambda given: nasim.load("Yuan2025_NAS", design={"porosity": 0.1}),
    "overrides that are numbers": lambda given: nasim.load("Yuan2025_NAS", [1, 2]),
    "a value by number": lambda given: nasim.load("Yuan2025_NAS").value(3),
    "a value by list": lambda given: nasim.load("Yuan2025_NAS").value(["a"]),
    "overrides of a set": lambda given: nasim.load("Yuan2025_NAS").with_overrides(3),
    "required": lambda given: nasim.load("Yuan2025_NAS").require(3),
    "a design of words": lambda given: nasim.load("Yuan2025_NAS", design=nasim.Design(porosity="x")),
    "a ratio of one": lambda given: nasim.load("Yuan2025_NAS", design=nasim.Design(ratio=3)),
    "a sheet of nothing": lambda given: nasim.cell_sheet(None),
    "a cell for nothing": lambda given: nasim.cell_for(3),
    "extra parts": lambda given: nasim.FullCell(extra=[3]),
    "a cathode in words": lambda given: nasim.FullCell(cathode="porous"),
    "read nothing": lambda given: nasim.read(None),
    "read a number": lambda given: nasim.read(3),
    "read bytes": lambda given: nasim.read(b"x.csv"),
    "read a file object": lambda given: nasim.read(given["closed"]),
    "read a table": lambda given: nasim.read(given["result"].summary),
    "read an escape": lambda given: nasim.read(ESCAPE),
    "columns as a list": lambda given: nasim.read(given["file"], columns=["a"]),
    "columns of nothing": lambda given: nasim.read(given["file"], columns={"Voltage / V": None}),
    "units as a number": lambda given: nasim.read(given["file"], units=3),
    "a delimiter as a number": lambda given: nasim.read(given["file"], delimiter=3),
    "a decimal as a number": lambda given: nasim.read(given["file"], decimal=3),
    "read a curve of nothing": lambda given: nasim.read_curve(None),
    "a measurement of a number": lambda given: nasim.Measurement(3),
    "a curve in words": lambda given: given["result"].curve("x"),
    "a curve of a list": lambda given: given["result"].curve([1]),
    "a ledger in words": lambda given: given["result"].ledger("x"),
    "an even grid in words": lambda given: given["result"].resampled("x"),
    "tables to nowhere": lambda given: given["result"].to_csv(None),
    "tables to a number": lambda given: given["result"].to_csv(3),
    "netCDF to a file object": lambda given: given["result"].to_netcdf(given["closed"]),
    "BDF to nowhere": lambda given: given["result"].to_bdf(None),
    "a cycler to nowhere": lambda given: given["result"].to_cycler(None),
    "a seed in words": lambda given: given["result"].to_cycler("x.csv", seed="x"),
    "a result of numbers": lambda given: nasim.Result(3, 4, 5),
    "validity of nothing": lambda given: nasim.validity(None),
    "a sweep over one number as text": lambda given: nasim.sweep(nasim.GCD(), {"cycles": "12"}),
    "a sweep read by a number": lambda given: nasim.sweep(nasim.GCD(cycles=1), {"cycles": [1]}, read=3),
    "a sweep kept in a number": lambda given: nasim.sweep(nasim.GCD(cycles=1), {"cycles": [1]}, checkpoint=3),
    "a sweep of nothing": lambda given: nasim.sweep(None, {"cycles": [1]}),
    "a prediction of nothing": lambda given: nasim.predict(None),
    "draws in words": lambda given: nasim.predict(nasim.GCD(cycles=1), draws="x"),
    "a fit to nothing": lambda given: fit(None, vary=[STEP_1]),
    "vary a number": lambda given: fit(fit.from_result(given["result"]), vary=[3]),
    "bounds as a number": lambda given: fit(fit.from_result(given["result"]), vary=[STEP_1], bounds=3),
    "one bound": lambda given: fit(fit.from_result(given["result"]), vary=[STEP_1], bounds={STEP_1: 1}),
    "bounds of NaN": lambda given: fit(fit.from_result(given["result"]), vary=[STEP_1], bounds={STEP_1: (NAN, 1)}),
    "priors as a number": lambda given: fit(fit.from_result(given["result"]), vary=[STEP_1], priors=3),
    "one number of a prior": lambda given: fit(fit.from_result(given["result"]), vary=[STEP_1], priors={STEP_1: 1}),
    "arrays of words": lambda given: fit.from_arrays("abc", "def", current_mA_cm2=0.1),
    "arrays with NaN": lambda given: fit.from_arrays(Q, np.where(V > 1, V, NAN), current_mA_cm2=0.1),
    "arrays of two rows": lambda given: fit.from_arrays(Q.reshape(2, -1), V.reshape(2, -1), current_mA_cm2=0.1),
    "curves of no result": lambda given: fit.from_result(None),
    "fade of no result": lambda given: fit.fade_from_result(3),
    "curves of a path": lambda given: fit.from_measurement("x.csv"),
    "a spectrum of a number": lambda given: fit.from_spectrum(3),
    "a voltammogram of nothing": lambda given: fit.from_voltammogram(None),
    "pulses of nothing": lambda given: fit.from_pulses(None),
    "files as a number": lambda given: fit.run_files(3),
    "samples of nothing": lambda given: fit.sample(None),
    "next of nothing": lambda given: nasim.next_experiments(None),
    "no circuit": lambda given: nasim.Circuit(None),
    "a circuit of brackets": lambda given: nasim.Circuit("p(" * 3000),
    "a circuit with a list of values": lambda given: nasim.Circuit("R0").impedance(F, [1, 2]),
    "a circuit without a value": lambda given: nasim.Circuit("R0 + R1").impedance(F, {"R0": 1}),
    "a spectrum of words": lambda given: nasim.kramers_kronig("a", "b"),
    "a spectrum of NaN": lambda given: nasim.kramers_kronig(F, Z * NAN),
    "no elements": lambda given: nasim.kramers_kronig(F, Z, most=0),
    "a fit without a circuit": lambda given: nasim.fit_circuit(F, Z, None),
    "a ridge below zero": lambda given: nasim.relaxation_times(F, Z, ridge=-1),
    "a ridge in words": lambda given: nasim.relaxation_times(F, Z, ridge="x"),
    "an exponent of five": lambda given: nasim.relaxation_times(F, Z, exponent=5),
}


@pytest.mark.parametrize("name", CALLS)
def test_functions_and_classes(name, result, closed, tmp_path):
    file = tmp_path / "run.csv"
    if "columns" in name or "number" in name:
        file.write_text(
            "Test Time / s,Voltage / V,Current / A\n" + "".join(f"{k},{2 - k / 99},-1e-4\n" for k in range(9))
        )
    refused(lambda: CALLS[name]({"result": result, "closed": closed, "file": file}))


def refused(call):
    with pytest.raises(NasimError) as told:
        call()
    text = str(told.value)
    assert text.isprintable() and 15 < len(text) < 1500
    assert not any(word in text for word in ("numpy", "Traceback", "ufunc", "object at 0x"))


def test_who_what_and_the_nearest_are_named():
    for call, kind, words in (
        (lambda: nasim.validity(3), ProtocolError, "validity: what is judged must be a nasim.Result; 3 was given."),
        (
            lambda: nasim.load("Yuan2025_NAS").value(3),
            UnknownNameError,
            "expected the name of a parameter; 3 was given.",
        ),
        (
            lambda: nasim.load("Yuan2025_NAS", 3),
            ParameterSetError,
            "expected name -> value, or texts NAME=VALUE; 3 was",
        ),
        (lambda: nasim.Circuit("R0").impedance(F, {}), UnknownNameError, "Circuit 'R0': no value for R0"),
    ):
        with pytest.raises(kind) as told:
            call()
        assert words in str(told.value)
    assert not Path("none.npz").exists()
