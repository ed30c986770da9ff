"""Numbers of runs with unchanged input: they stay, and both integrators find them.

Beside this file lies `on_record.json` with what each run gave. Whoever moves a number on purpose says so in the changelog, under
"Results that changed", and writes the record anew: ``python tests/test_on_record.py``.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import nasim
from nasim.models.solver import default_solver

RECORD = Path(__file__).parent / "on_record.json"
TIGHT = {"rtol": 1e-8, "atol": 1e-11}
TOLERANCE = 1e-3
"""Of the largest number of a column: ten times what the integrator's own tolerance leaves open."""
NOTHING = 1e-7
"""In the unit of a column, for a capacitance in uF cm-2; what is less is rounding."""
ONE, CELL = nasim.Cycling(cycles=1, keep=(1,)), nasim.FullCell
SPECTRUM = nasim.EIS(per_decade=2)
WARM = {"temperature_C": 60, "stack_pressure_MPa": 125}
FULL = ("NAS", "NASC", "NPS", "NPSC", "NPS_separator", "NPS_interlayer")
BOTH = {f"set {name}": (ONE, None, f"Yuan2025_{name}", {}) for name in FULL}
BOTH |= {
    "porous": (ONE, lambda: CELL(cathode=nasim.PorousCathode(6)), None, {}),
    "diffusion": (ONE, lambda: CELL(diffusion=nasim.AlloyDiffusion()), None, {}),
    "thermal": (ONE, lambda: CELL(thermal=nasim.LumpedThermal()), None, {}),
    "shorted": (ONE, None, None, {"stack_pressure_MPa": 62.5}),
    "held": (nasim.Cycling(cycles=1, hold_until_mA_cm2=0.02, rest_h=0.5, keep=(1,)), None, None, {}),
    "symmetric": (nasim.SymmetricCycling(hours=4), None, "Yuan2025_symmetric_NAS", {}),
    "symmetric NPS": (nasim.SymmetricCycling(hours=4), None, "Yuan2025_symmetric_NPS", {}),
    "voltammogram": (nasim.CV(scans=1), None, None, {}),
}
"""What is run by both integrators: protocol, model, set and conditions."""
RUNS = BOTH | {
    "warm": (nasim.Cycling(cycles=3, keep=(3,)), None, None, WARM),
    "plates": (ONE, lambda: CELL(fixture=nasim.FixedGap()), None, {"stack_pressure_MPa": 20}),
    "filaments": (ONE, lambda: CELL(short=nasim.SoftShort(bridges=nasim.RandomBridges(seed=1))), None, WARM),
    "jumps": (nasim.Cycling(cycles=20, jump_tolerance=1e-2, keep=()), None, None, {}),
    "spectra": (nasim.EIS(per_decade=2, states_of_charge=(1.0, 0.5)), None, None, {}),
    "spectra porous": (SPECTRUM, lambda: CELL(cathode=nasim.PorousCathode(6)), None, WARM),
    "spectra symmetric": (SPECTRUM, None, "Yuan2025_symmetric_NAS", {}),
    "spectra interlayer": (SPECTRUM, None, "Yuan2025_NPS_interlayer", {}),
    "spectra blocking": (nasim.EIS(per_decade=2, inductance_H=2e-7), None, "Yuan2025_blocking_NPS", {}),
}


def ran(name, **options):
    protocol, model, parameters, conditions = RUNS[name]
    return protocol.run(model() if model else None, parameters, **conditions, **options)


def numbers(result):
    """Column -> numbers: of the table, of the elements of spectra, and of each step its middle and end."""
    tables, found = {"table": result.summary, "step": _steps(result.curves)}, {}
    for row in (row for rows in result.record.get("elements", []) for row in rows):
        for key in row.keys() - {"element", "where"}:
            found.setdefault(f"element {row['element']} {key}", []).append(row[key])
    for where, table in tables.items():
        for name, values in table.select_dtypes("number").items():
            found[f"{where} {name}"] = values.to_list()
    rounded = {
        name: [float(f"{x:.6g}") if x == x else None for x in map(_number, values)] for name, values in found.items()
    }
    return rounded | {"ended": result.record.get("stopped_because", "")}


def _number(x):
    return np.nan if x is None else float(x)


def _steps(curves):
    time = "Time [s]"
    if time not in curves:
        return curves
    parts = [part for _, part in curves.groupby(["Cycle", "Step"], sort=False)]
    parts = [part.select_dtypes("number") for part in parts]
    at = [np.array([(part[time].iloc[0] + part[time].iloc[-1]) / 2, part[time].iloc[-1]]) for part in parts]
    rows = [{name: np.interp(t, part[time], part[name]) for name in part} for t, part in zip(at, parts, strict=True)]
    return (
        curves.iloc[:0]
        .select_dtypes("number")
        .reindex(range(2 * len(rows)))
        .assign(**{name: np.concatenate([row[name] for row in rows]) for name in rows[0]})
    )


def moved(now, then):
    """What differs between two sets of numbers, as sentences."""
    found = [f"'{name}' is there in one only" for name in sorted(now.keys() ^ then.keys())]
    for name in sorted(now.keys() & then.keys()):
        ours, theirs = now[name], then[name]
        if isinstance(ours, str) or len(ours) != len(theirs):
            same = ours == theirs
        else:
            a, b = (np.array([np.nan if x is None else x for x in each]) for each in (ours, theirs))
            largest = np.nanmax(np.abs(b), initial=0.0)
            nothing = 1e-6 * NOTHING if "capacitance" in name else NOTHING
            same = np.allclose(a, b, rtol=0, atol=TOLERANCE * largest + nothing, equal_nan=True)
        found += [] if same else [f"{name}: {theirs} was, {ours} is"]
    return found


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    """Name and result."""
    return request.param, ran(request.param)


def test_a_run_gives_the_numbers_on_record(run):
    name, result = run
    assert moved(numbers(result), json.loads(RECORD.read_text())[name]) == []


def test_both_integrators_find_them(run):
    name, ours = run
    if name not in BOTH:
        pytest.skip("by one integrator")
    theirs = ran(name, solver=default_solver(**TIGHT))
    assert (ours.record["solver"]["name"], theirs.record["solver"]["name"]) == ("rodas", "idaklu")
    assert ours.record["stopped_because"] == theirs.record["stopped_because"]
    assert max(ours.audit().values()) < 1e-12
    for column in ("discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2", "mean_discharge_voltage_V"):
        if column in ours.summary:
            np.testing.assert_allclose(ours.summary[column], theirs.summary[column], rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(ours.summary["end_time_h"], theirs.summary["end_time_h"], rtol=1e-4)


def test_a_number_that_moved_is_told():
    then = {"a": [1.0, 2.0, None], "ended": "all cycles done"}
    assert moved({**then, "a": [1.0, 2.001, None]}, then) == []
    assert moved({**then, "a": [1.0, 2.01, None]}, then) == ["a: [1.0, 2.0, None] was, [1.0, 2.01, None] is"]
    assert moved({**then, "a": [1.0, 2.0, 3.0]}, then) and moved({**then, "ended": "early"}, then)
    assert moved({"ended": "all cycles done"}, then) == ["'a' is there in one only"]


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(numbers(ran(name)))}" for name in RUNS]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n")
