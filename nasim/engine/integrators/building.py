"""Makes the shared library of the integrator out of its C sources, when a wheel is built or at first use.

Only the standard library is needed here: the build hook of the package loads this file by itself.
"""

import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
FULL = "-O3"
FLAGS = ("-std=c99", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fvisibility=hidden", "-shared")
FLAGS += () if sys.platform == "win32" else ("-fPIC",)
"""None of them changes the arithmetic of the process (``-ffast-math`` would)."""
BUILD = ".build."
"""What the name of a folder begins with in which something is being made; the number of the process follows."""
LINKED = () if sys.platform == "win32" else ("-lm",)
WASM = (
    "-std=c99",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fvisibility=hidden",
    "-target",
    "wasm32-wasi",
    "-msimd128",
)
WASM += (
    "-mexec-model=reactor",
    "-Wl,--no-entry",
    "-Wl,--export-dynamic",
    "-Wl,--export=__heap_base",
    "-Wl,--strip-all",
)
"""For a browser: no system, but the C library's functions of numbers."""


def sources() -> dict[str, str]:
    """Return the C sources, file name -> text."""
    spec = importlib.util.spec_from_file_location("operations", HERE / "operations.py")
    assert spec is not None and spec.loader is not None
    operations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(operations)
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((HERE / "c").glob("*.[ch]"))}
    return texts | {"operations.h": operations.header()}


def library_name(texts: dict[str, str], kind: str = "rodas", level: str = FULL) -> str:
    """Return the file name of the library made of some sources: another one for other code, flags or machine."""
    what = [
        *(part for item in sorted(texts.items()) for part in item),
        level,
        *FLAGS,
        platform.system(),
        platform.machine(),
    ]
    return f"_{kind}_{hashlib.sha256(chr(0).join(what).encode()).hexdigest()[:20]}{SUFFIX}"


def compilers() -> Iterator[list[str]]:
    """Yield the commands of the C compilers that are here: that of ``CC``, the usual names, that of the wheel ziglang."""
    named = [os.environ.get("CC"), sysconfig.get_config_var("CC"), "cc", "gcc", "clang"]
    seen = set()
    for command in map(_words, filter(None, named)):
        if command and command[0] not in seen and shutil.which(command[0]):
            seen.add(command[0])
            yield command
    if importlib.util.find_spec("ziglang"):
        yield [sys.executable, "-m", "ziglang", "cc"]


def _words(command):
    """Words of a command, none where a quotation in it has no end."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def build(texts: dict[str, str], target: Path, level: str = FULL) -> str | None:
    """Compile sources into the library `target`, which appears whole or not at all; returns why not, or None.

    Parameters
    ----------
    texts : dict
        File name -> text, as `sources` gives it.
    target : path
        In a folder that exists.
    level : str
        Optimisation of the compiler.
    """
    problem = "no C compiler was found"
    for compiler in compilers():
        if _compiled([*compiler, level, *FLAGS], texts, LINKED, target):
            return None
        problem = f"the C compiler '{compiler[0]}' failed"
    return problem


def wasm_name(texts: dict[str, str]) -> str:
    """Return the file name of the WebAssembly made of some sources: another one for other code or flags."""
    what = [*(part for item in sorted(texts.items()) for part in item), FULL, *WASM]
    return f"_page_{hashlib.sha256(chr(0).join(what).encode()).hexdigest()[:20]}.wasm"


def build_wasm(texts: dict[str, str], target: Path) -> str | None:
    """Compile sources into the WebAssembly `target`, as `build` a library; only the compiler of the wheel ziglang can."""
    if not importlib.util.find_spec("ziglang"):
        return "ziglang is not installed"
    if _compiled([sys.executable, "-m", "ziglang", "cc", FULL, *WASM], texts, (), target):
        return None
    return "the compiler of ziglang failed"


def _compiled(command, texts, linked, target):
    """Whether `command` makes a file of some sources, which is moved to `target` in one go."""
    try:
        with tempfile.TemporaryDirectory(prefix=f"{BUILD}{os.getpid()}.", dir=target.parent) as folder:
            for name, text in texts.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            made, code = Path(folder) / ("made" + target.suffix), [name for name in texts if name.endswith(".c")]
            command = [*command, "-o", made.name, *code, *linked]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
            os.replace(made, target)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
