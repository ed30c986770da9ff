"""The page without a server: one file that holds cells as lists of instructions and the integrator as WebAssembly.

`nasim lab --export DIR` writes it. What the browser runs are the equations that Python runs, evaluated and integrated by the
same C code; `page/engine.js` drives it as the stepper and the recorder do.
"""

import base64
import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import casadi
import numpy as np

from .. import nomenclature as nm
from ..conditions import LIMITS
from ..engine.integrators.library import NoLibrary, wasm
from ..engine.integrators.program import Program
from ..engine.integrators.rodas import FAILURES, MOST_STEPS, ROOM, SHORT_FACTOR, SHORT_S, Rodas
from ..engine.integrators.structures import History, Problem
from ..engine.recorder import curve_variables
from ..engine.setup import Setup, prepare
from ..errors import MissingExtraError, ProtocolError, install
from ..evidence.published import MARKED
from ..evidence.row import rows
from ..evidence.validity import CYCLING, NEAR, VOLTS
from ..experiments.block import ENDLESS, theoretical_charge
from ..files import check_folder, write_text
from ..plot.colours import SPECIES
from ..results.remarks import LEAKS, NOTHING, REDUCED, SHORTED
from ..units import PA_PER_MPA, to_celsius, to_mA_cm2
from .cases import MOST_CYCLES, cells
from .image import Image, offsets
from .style import palette, scales

WHO = "lab --export"
PAGE = "index.html"
HERE = Path(__file__).with_name("page")
SCRIPTS = ("engine.js", "charts.js", "state.js", "controls.js", "figures.js", "readout.js", "standing.js", "page.js")
PARTS = ("page.css", *SCRIPTS)
"""What is put into `page.html`, in the order in which it stands there."""
INPUTS = {
    nm.STEP_CURRENT: "current",
    nm.STEP_IS_VOLTAGE: "isVoltage",
    nm.STEP_VOLTAGE: "voltage",
    nm.STEP_SLOPE: "slope",
    nm.STEP_IS_POWER: "isPower",
    nm.STEP_POWER: "power",
    nm.STEP_VOLTAGE_SIDE: "voltSide",
    nm.STEP_VOLTAGE_CUT: "voltCut",
    nm.STEP_CURRENT_SIDE: "currentSide",
    nm.STEP_CURRENT_CUT: "currentCut",
    nm.APPLIED_PRESSURE: "pressure",
    nm.AMBIENT_TEMPERATURE: "temperature",
}
"""Input of a built model -> its name in the page."""
MAH_CM2_PER_AH_M2 = 0.1
COUNTERS = {"voltage": nm.VOLTAGE, "charge": nm.CHARGE_PASSED, "energy": nm.DISCHARGE_ENERGY, "leak": nm.LEAK_CHARGE}


def export(folder: str | os.PathLike, parameters: Sequence[str | os.PathLike] = ()) -> Path:
    """Write the page into a folder, which is made; returns the path of the page.

    Parameters
    ----------
    folder : path
    parameters : sequence of str or path
        Names or files of parameter sets of full cells, the first of which is shown first; default all that nasim has.

    Raises
    ------
    MissingExtraError
        The integrator cannot be compiled for the browser, for want of ziglang.
    NasimError
        A set is not there or is not of a full cell, or the folder cannot be written.
    """
    check_folder(folder, WHO)
    made = page(contents(parameters))
    path = Path(folder) / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, made)
    return path


def contents(parameters: Sequence[str | os.PathLike] = ()) -> dict[str, Any]:
    """Return what the page computes with, JSON-able; parameters and errors as of `export`."""
    program = compiled()
    return {
        "wasm": program,
        "cells": [cell_data(given) for given in parameters or cells().values()],
        "settings": settings(),
    }


def compiled() -> str:
    """Return the integrator as WebAssembly, packed; errors as of `export`."""
    try:
        return packed(wasm())
    except NoLibrary as error:
        if find_spec("ziglang") is None:
            raise MissingExtraError(f"A page without a server needs ziglang: {install('export')}") from None
        raise ProtocolError(f"{WHO}: the integrator could not be compiled for the browser ({error}).") from None


def page(data: dict[str, Any]) -> str:
    """Return the page as HTML that holds everything it needs; `data` as of `contents`."""
    parts = {name: _asset(name) for name in PARTS}
    parts["palette"] = palette()
    parts["connect"] = "'self'" if any("at" in cell for cell in data["cells"]) else "'none'"
    parts["data"] = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    text = _asset("page.html")
    for name, part in parts.items():
        before, after = text.split(f"{{{{{name}}}}}")
        text = before + part + after
    return text


def _asset(name):
    return (HERE / name).read_text(encoding="utf-8")


def packed(data: bytes | bytearray) -> str:
    """Return bytes compressed, as text."""
    return base64.b64encode(zlib.compress(data, 9)).decode()


def settings() -> dict[str, Any]:
    """Return what the page needs to know beside its cells, JSON-able."""
    rodas = Rodas()
    limits = {key: list(limits) for key, (_, _, limits) in LIMITS.items()}
    return {
        **{"rtol": rodas.rtol, "atol": rodas.atol, "firstStep": rodas.first_step, "points": rodas.points},
        **{"mostSteps": MOST_STEPS, "room": ROOM, "failures": FAILURES, "history": offsets(History)},
        **{"shortS": SHORT_S, "shortFactor": SHORT_FACTOR},
        **{"limits": limits, "mostCycles": MOST_CYCLES, "near": NEAR, "volts": VOLTS},
        **{"scales": scales(), "nothing": NOTHING, "leaks": LEAKS, "shorted": SHORTED, "reduced": REDUCED},
    }


def cell_data(given: str | os.PathLike) -> dict[str, Any]:
    """Return a cell for the page, JSON-able.

    Parameters
    ----------
    given : str or path
        Name or file of a parameter set.
    """
    setup = prepare(WHO, parameters=given, solver="rodas")
    stepper, name = setup.stepper, setup.parameters.name
    integrator: Any = stepper.integrator
    functions, problem = integrator.functions, integrator.problem
    curve = [*curve_variables(stepper.model), nm.CHARGE_PASSED]
    ends = list(dict.fromkeys([*COUNTERS.values(), *(each for each, _ in setup.recorder.at_end.values())]))
    programs = {
        "start": ([nm.VOLTAGE, nm.CURRENT_DENSITY], _observed(setup, [nm.VOLTAGE, nm.CURRENT_DENSITY])),
        "ends": (ends, _observed(setup, ends)),
        "curve": (curve, _observed(setup, curve)),
        "initial": ([""] * stepper.y.shape[0], _fresh(setup)),
    }
    programs = {key: (names, Program(function)) for key, (names, function) in programs.items()}
    kept = [
        array
        for part in (*problem.programs, *(each for _, each in programs.values()))
        for array in (*part.arrays, part.memory)
    ]
    plan = [array for array in problem.plan if isinstance(array, np.ndarray)]
    image = Image([*kept, *plan, problem.atol, problem.memory])
    place, fields = image.structure(problem.structure), offsets(Problem)
    return {
        "name": name,
        "title": setup.parameters.title.split(",")[0],
        "reference": setup.voltage_reference,
        "states": stepper.y.shape[0],
        "inputs": [INPUTS[each] for each in stepper.idle],
        "events": list(functions.event_names),
        "drifts": functions.drifts,
        "problem": place,
        "rtol": place + fields["rtol"],
        "atol": image.array(problem.atol),
        "programs": {
            key: {"place": image.structure(each.structure), "names": names} for key, (names, each) in programs.items()
        },
        "pointers": image.pointers,
        "image": packed(image.data),
        "counters": COUNTERS,
        "atEnd": [[column, *entry] for column, entry in setup.recorder.at_end.items()],
        "area": setup.recorder.area,
        "sulfur": setup.recorder.sulfur,
        "longest": ENDLESS * theoretical_charge(setup.parameters),
        "oneC": setup.parameters.value(nm.NOMINAL_CAPACITY) / setup.parameters.value(nm.AREA) * MAH_CM2_PER_AH_M2,
        "usual": _usual(setup),
        "species": _species(stepper.model),
        "published": [_published(row) for row in rows(set=name) if row.stack_pressure_MPa is not None],
    }


def _moved(setup):
    """Symbols of time, of the state in the order of the integrator, of PyBaMM's state and of inputs."""
    functions = setup.stepper.integrator.functions
    size = len(functions.order)
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", size), casadi.SX.sym("p", len(setup.stepper.idle))
    state = casadi.SX(size, 1)
    state[functions.order.tolist()] = y
    return t, y, state, p


def _observed(setup, names):
    """Variables as a function of time, of the state in the order of the integrator, and of inputs."""
    t, y, state, p = _moved(setup)
    observed = setup.stepper.observer(names).function
    return casadi.Function("observed", [t, y, p], [casadi.densify(observed(t, state, p))])


def _fresh(setup):
    """The state of the fresh cell in the order of the integrator, of the same arguments."""
    stepper = setup.stepper
    t, y, p = casadi.MX.sym("t"), casadi.MX.sym("y", stepper.y.shape[0]), casadi.MX.sym("p", len(stepper.idle))
    given = {name: p[k] for k, name in enumerate(stepper.idle)}
    state = casadi.densify(stepper.built.concatenated_initial_conditions.to_casadi(t, y, inputs=given))
    return casadi.Function("fresh", [t, y, p], [state[stepper.integrator.functions.order.tolist()]]).expand()


def _usual(setup: Setup):
    """Where the controls begin, in lab units."""
    return {
        "current": float(f"{to_mA_cm2(setup.current):.4g}"),
        "pressure": setup.conditions[nm.APPLIED_PRESSURE] / PA_PER_MPA,
        "temperature": round(to_celsius(setup.conditions[nm.AMBIENT_TEMPERATURE]), 6),
        "lower": setup.lower,
        "upper": setup.upper,
    }


def _species(model):
    """Chains of species: their names, and the variables that are their fractions."""
    return [
        [{"name": name, "variable": chain.fraction(k), "colour": SPECIES[name]} for k, name in enumerate(chain.species)]
        for chain in (nm.SULFUR, nm.SB_S)
        if chain.fraction(0) in model.variables
    ]


def _published(row):
    """What the page compares its conditions with, and numbers of the first cycle that it marks."""
    kept = ("id", "temperature_C", "stack_pressure_MPa", "current_mA_cm2", "window_V", "cycles")
    known = {name: value for name, value in asdict(row).items() if name in kept} | {
        "cycling": row.experiment in CYCLING
    }
    marked = row.cycles == 1 and row.experiment in ("gcd", "cycle") and row.quantity in MARKED
    return known | ({"mark": MARKED[row.quantity], "values": row.values} if marked else {})
