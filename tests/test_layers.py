"""One direction of import through the package, and an import of the package that is cheap."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE_S

import nasim

ROOT = Path(nasim.__file__).parent
LAYERS = (
    {
        "errors",
        "callable_module",
        "checks",
        "collector",
        "citations",
        "docstrings",
        "files",
        "notebook",
        "processes",
        "progress",
        "protocols",
        "scale",
        "store",
        "terminal",
        "units",
    },
    {"nomenclature"},
    {"conditions"},
    {"parameters", "analysis", "instruments"},
    {"submodels"},
    {"models", "studies"},
    {"plot"},
    {"results"},
    {"engine"},
    {"experiments"},
    {"sweep"},
    {"evidence"},
    {"fit", "lab", "verification", "zoo"},
    {"cli", "__main__"},
)
"""A file imports from its own layer and from those before it. A new module takes its place here."""
PLACE = {name: place for place, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def layer_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path):
    """(line, first name below nasim) of each import of nasim in a file, lazy ones too."""
    package = ["nasim", *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            full = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            full = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for names in full:
            if names[0] == "nasim" and len(names) > 1:
                yield node.lineno, names[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_its_left(path):
    assert layer_of(path) in PLACE, f"give '{layer_of(path)}' a place in LAYERS"
    here = PLACE[layer_of(path)]
    for line, name in imported(path):
        assert PLACE.get(name, -1) <= here, f"{path.name}:{line} imports nasim.{name}, which lies to its right"


def test_the_order_of_the_design_is_kept():
    names = ["parameters", "submodels", "models", "results", "engine", "experiments", "evidence", "cli"]
    places = [PLACE[name] for name in names]
    assert places == sorted(set(places))
    submodel = ROOT / "submodels" / "redox_chain.py"
    assert {"nomenclature", "submodels"} <= {name for _, name in imported(submodel)}


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, timeout=PATIENCE_S
    )


@pytest.mark.parametrize(
    "statement", ["import nasim", "import nasim; dir(nasim); nasim.NasimError", "import nasim.cli"]
)
def test_importing_is_cheap(statement):
    heavy = "{'pybamm', 'casadi', 'matplotlib', 'pandas', 'scipy', 'xarray'}"
    done = run(f"{statement}\nimport sys\nprint(sorted({heavy} & set(sys.modules)))")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_submodels_need_no_plotting():
    done = run("import nasim; nasim.FullCell\nimport sys\nprint('matplotlib.pyplot' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize("name", nasim.__all__)
def test_every_public_name_is_there(name):
    assert getattr(nasim, name) is not None
    assert name in dir(nasim)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'Batery'"):
        nasim.Batery  # noqa: B018


def modules_imported(path, known):
    """Those of the `known` modules that a file imports, lazily too, but not those for type checkers only."""
    package, tree = ["nasim", *path.relative_to(ROOT).parts[:-1]], ast.parse(path.read_text())
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    skipped = {id(part) for block in typing for part in ast.walk(block)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in skipped:
            continue
        base = package[: len(package) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        names = [f"{module}.{alias.name}" for alias in node.names]
        yield from {name if name in known else module for name in names} & known


def test_there_is_no_circle_of_imports():
    paths = {".".join(("nasim", *path.relative_to(ROOT).with_suffix("").parts)): path for path in MODULES}
    paths = {name.removesuffix(".__init__"): path for name, path in paths.items()}
    graph = {name: {*modules_imported(path, set(paths))} - {name} for name, path in paths.items()}
    assert len(graph["nasim.cli"]) > 3  # or nothing was read
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle
