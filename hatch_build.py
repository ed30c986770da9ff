"""Puts the integrator's library into a wheel: compiled for this machine where a C compiler is found.

The compiler of the wheel `ziglang` is asked for in the build environment where there is no other and where it exists.
Without any the wheel is pure Python, and nasim looks for a compiler, or else takes IDAKLU, where it is installed.
Where ziglang is there, the wheel also takes in the integrator as WebAssembly, for `nasim lab --export`.
"""

import importlib.util
import platform
import sys
import sysconfig
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOM = "nasim/engine/integrators"
ZIG = {"Linux": ("x86_64", "aarch64"), "Darwin": ("x86_64", "arm64"), "Windows": ("AMD64",)}
"""Machines for which there is a wheel of ziglang."""


class Hook(BuildHookInterface):
    """Called by hatchling."""

    def _building(self):
        spec = importlib.util.spec_from_file_location("building", Path(self.root) / ROOM / "building.py")
        building = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(building)
        return building

    def dependencies(self):
        """Return what the build needs beside hatchling."""
        possible = platform.machine() in ZIG.get(platform.system(), ())
        return ["ziglang"] if possible and not any(self._building().compilers()) else []

    def initialize(self, version, build_data):
        """Compile the library and take it into the wheel (not into an editable one)."""
        if self.target_name != "wheel" or version == "editable":
            return
        building = self._building()
        texts = building.sources()
        page = Path(self.root) / ROOM / building.wasm_name(texts)
        if page.exists() or building.build_wasm(texts, page) is None:
            build_data["artifacts"].append(f"{ROOM}/{page.name}")
        path = Path(self.root) / ROOM / building.library_name(texts)
        problem = None if path.exists() else building.build(texts, path)
        if problem:
            self.app.display_warning(f"without the fast integrator: {problem}")
            return
        build_data["artifacts"].append(f"{ROOM}/{path.name}")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag()}"


def tag():
    """Return the platform of the wheel, as its file name has it."""
    if sys.platform == "darwin":  # a universal Python, but a library for this machine
        return f"macosx_11_0_{platform.machine()}"
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")
