"""Cells that were built before, on disk: the same cell again costs neither a build nor the import of PyBaMM.

What is kept are the programs that the library in C evaluates (`integrators.program`), as a NumPy archive without pickles in
the user's cache folder. Its name is a hash of the code of nasim, of the versions of all packages that a number may depend
on and of every parameter that is no input: where one of them differs, the cell is built anew. Only files that no other user
can write are read. What a stored cell lacks, such as a variable that was not asked for before, is had by building it.
"""

import functools
import hashlib
import importlib.util
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..errors import DataFileError, OutputError
from ..files import DAMAGED, take_away
from ..parameters import ParameterSet
from ..results.installed import computed_with
from ..store import load_arrays, save_arrays
from .integrators.functions import ModelFunctions
from .integrators.interface import Integrator
from .integrators.library import NoLibrary, cache_folder, library, only_mine
from .integrators.observer import Observer
from .integrators.plan import Plan
from .integrators.program import Program
from .integrators.rodas import Rodas, RodasIntegrator
from .integrators.structures import FUNCTION_ARRAYS
from .stepper import Stepper

MOST_KEPT = 24
"""Cells that are kept, the last used."""
CODE = ("nomenclature", "parameters", "submodels", "models", "engine")
"""Folders of nasim whose code a built cell depends on, beside the files at the top."""
RATES = ("rate", "local", "events", "drift")
INITIAL = "initial"


class StoredStepper(Stepper):
    """A `Stepper` of a cell from the shelf.

    Parameters
    ----------
    about : dict
        What the file says of the cell in words.
    arrays : dict
        Name -> array.
    conditions : mapping
        As for `Stepper`; parameters that shape the mesh are left out.
    build : callable () -> Stepper
        Builds the same cell, where more is asked of it than the file holds.
    """

    def __init__(self, about: dict, arrays: dict, conditions: Mapping[str, float], build: Callable[[], Stepper]):
        free = {name: value for name, value in conditions.items() if name not in about["mesh"]}
        self.conditions, self.solver, self._build, self.about = free, None, build, about
        parts = [_Described(text) for text in about["mechanisms"]]
        given = {"all": SimpleNamespace(gives=about["gives"])}
        self.model: Any = SimpleNamespace(
            name=about["name"], variables=set(about["variables"]), mechanisms=parts, submodels=given
        )
        self.fresh_state = Observer.of(_program(arrays, INITIAL), about["inputs"])
        self._functions = ModelFunctions(
            arrays["order"],
            *(_program(arrays, name) for name in RATES),
            jacobian=Plan(*arrays["sizes"].tolist(), *(arrays[name] for name in Plan._fields[4:])),
            event_names=tuple(about["event_names"]),
            drifts=about["drifts"],
        )
        self._observers = {
            tuple(names): Observer.of(_program(arrays, f"observer {k}"), about["inputs"])
            for k, names in enumerate(about["observers"])
        }
        self.y, self.time = self._initial_state(), 0.0
        self.statistics = {"steps": 0, "integrator_steps": 0}

    @functools.cached_property
    def _whole(self) -> Stepper:
        return self._build()

    @property
    def built(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The discretised model, built when it is first asked for."""
        return self._whole.built

    @property
    def _mesh(self):  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._whole._mesh

    @functools.cached_property
    def integrator(self) -> Integrator:
        """As `Stepper.integrator`."""
        return RodasIntegrator(None, self.about["inputs"], Rodas(), self._functions)  # pyright: ignore[reportReturnType]

    def _initial_state(self):
        return self.fresh_state(np.zeros(1), np.zeros((len(self._functions.order), 1)), self.idle)


class _Described:
    """A mechanism of a stored cell: what is known of it is how it describes itself."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text


def place(parameters: ParameterSet, inputs: Sequence[str]) -> Path | None:
    """Return the file of the cell of a parameter set with some inputs; None where nothing can be kept.

    Parameters
    ----------
    parameters : ParameterSet
    inputs : sequence of str
        Parameters that are inputs, whose values the cell does not depend on.
    """
    code = _code()
    if code is None:
        return None
    fixed = {name: value for name, value in parameters.as_record()["values"].items() if name not in inputs}
    what = {"code": code, "versions": computed_with(), "python": platform.python_version(), "inputs": sorted(inputs)}
    what |= {"machine": platform.machine(), "cell": repr(parameters.cell), "materials": repr(parameters.materials)}
    text = json.dumps(what | {"values": fixed}, sort_keys=True)
    try:
        folder = cache_folder()
    except OSError:
        return None
    return folder / f"cell_{hashlib.sha256(text.encode()).hexdigest()[:40]}.npz"


def _code() -> str | None:
    """Hash of the code that a built cell depends on; None where it cannot be told, or PyBaMM's is being worked on."""
    root, spec = Path(__file__).parent.parent, importlib.util.find_spec("pybamm")
    if not root.is_dir() or spec is None or not {"site-packages", "dist-packages"} & set(Path(spec.origin or "").parts):
        return None
    files = [*root.glob("*.py"), *(path for folder in CODE for path in (root / folder).rglob("*.[pch]*"))]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in (".py", ".c", ".h")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def taken(
    path: Path, conditions: Mapping[str, float], build: Callable[[], Stepper]
) -> tuple[StoredStepper, set[str]] | None:
    """Return the cell in a file and the parameters that shape its mesh, or None where there is none that can be used.

    Parameters
    ----------
    path : path
        As `place` gave it.
    conditions, build
        As for `StoredStepper`.
    """
    with suppress(OSError, DataFileError, NoLibrary, *DAMAGED):
        if only_mine(path):
            library()
            about, arrays = load_arrays(path, "a built cell")
            path.touch()
            return StoredStepper(about, arrays, conditions, build), set(about["mesh"])
    return None


def put_away(path: Path, stepper: Stepper, mesh: set[str]) -> None:
    """Keep a cell that has run, unless all of it is there already or it runs otherwise than by the library.

    Parameters
    ----------
    path : path
        As `place` gave it.
    stepper : Stepper
    mesh : set of str
        Parameters that shape its mesh.
    """
    if isinstance(stepper, StoredStepper) and len(stepper._observers) == len(stepper.about["observers"]):
        return
    found = packed(stepper, mesh)
    if found is not None:
        with suppress(OSError, OutputError):
            if path.is_dir():
                take_away(path)
            save_arrays(path, *found)
            _tidy(path.parent)


def packed(stepper: Stepper, mesh: set[str]) -> tuple[dict, dict] | None:
    """Return what a `StoredStepper` is made of, words and arrays; None for a cell that does not run by the library.

    Parameters
    ----------
    stepper : Stepper
        Has run.
    mesh : set of str
        Parameters that shape its mesh.
    """
    integrator = vars(stepper).get("integrator")
    observers = {names: one.program for names, one in stepper._observers.items()}
    start = stepper.fresh_state.program if isinstance(integrator, RodasIntegrator) else None
    if not isinstance(integrator, RodasIntegrator) or start is None or None in observers.values():
        return None
    functions, inputs = integrator.functions, integrator.inputs
    about = stepper.about if isinstance(stepper, StoredStepper) else _about(stepper, functions, inputs, mesh)
    programs = dict(zip(RATES, integrator.programs, strict=True)) | {INITIAL: start}
    programs |= {f"observer {k}": program for k, program in enumerate(observers.values()) if program is not None}
    arrays = {"order": functions.order, "sizes": np.array(functions.jacobian[:4])}
    arrays |= dict(zip(Plan._fields[4:], functions.jacobian[4:], strict=True))
    for name, program in programs.items():
        arrays |= {f"{name} sizes": np.array(program.sizes), f"{name} memory": program.memory}
        arrays |= {f"{name} {part}": array for part, array in zip(FUNCTION_ARRAYS, program.arrays, strict=True)}
    return about | {"observers": [list(names) for names in observers]}, arrays


def _about(stepper, functions, inputs, mesh):
    model: Any = stepper.model
    return {
        "name": model.name,
        "variables": sorted(model.variables),
        "mechanisms": [repr(part) for part in model.mechanisms],
        "gives": [name for part in model.submodels.values() for name in part.gives],
        "mesh": sorted(mesh),
        "inputs": list(inputs),
        "event_names": list(functions.event_names),
        "drifts": functions.drifts,
    }


def _program(arrays, name):
    sizes, memory = arrays[f"{name} sizes"], arrays[f"{name} memory"]
    return Program.of(sizes.tolist(), [arrays[f"{name} {part}"] for part in FUNCTION_ARRAYS], memory)


def _tidy(folder):
    """Remove all but the cells that were used last."""
    used = sorted(folder.glob("cell_*.npz"), key=lambda path: path.lstat().st_mtime)
    for path in used[:-MOST_KEPT]:
        take_away(path)
