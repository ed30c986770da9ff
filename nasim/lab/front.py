"""The lab's front page, which is the page without a server (`export`), with the workshop, a notebook, behind it.

The first cell is in the page, the others are fetched when they are chosen. Page and cells are made when they are first asked
for, in a thread while a notice waits, and kept in the user's cache folder under names that hold a hash of all code of nasim
and of the versions of what computes. Where the page cannot be made, for want of a compiler, the workshop is the front page.
"""

import asyncio
import functools
import hashlib
import html
import json
import platform
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from ..engine.integrators.building import HERE, sources, wasm_name
from ..engine.integrators.library import cache_folder, only_mine
from ..errors import NasimError
from ..files import write_text
from ..results.installed import computed_with
from .cases import cells

AT, CELLS_AT, WORKSHOP = "/", "/cell/", "/workshop/"
"""Where the lab serves its page, the cells of it, and the notebook."""
ROOT = Path(__file__).parent.parent
STEM, WAIT_S = "page_", 0.3
NAMES = {
    "cell": "parameters",
    "current": "current_mA_cm2",
    "pressure": "stack_pressure_MPa",
    "temperature": "temperature_C",
    "lower": "lower_V",
    "upper": "upper_V",
    "cycles": "cycles",
}
"""Name in the page's address -> field of a case; `page/state.js` has the same."""
NOTICE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>nasim</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em">
<p>The page is being made, once for this version of nasim, and opens by itself in some seconds.</p>
<p role="status" id="step">{{step}}</p><p><a href="{WORKSHOP}">To the workshop</a></p>
<script>
async function look() {{{{
  const text = await (await fetch(location.pathname)).text().catch(() => ""), step = document.getElementById("step");
  const found = new DOMParser().parseFromString(text, "text/html").getElementById("step");
  if (text && !found) return location.reload();
  if (found && step.textContent !== found.textContent) step.textContent = found.textContent;
  setTimeout(look, 700);
}}}}
setTimeout(look, 700);
</script>"""
"""What is shown until the page is made; its `step` is what is being done."""
Make = Callable[[str | None], bytes]


class Front:
    """ASGI middleware that serves the page and its cells and hands on everything else.

    Parameters
    ----------
    app : ASGI application
    make : callable (name or None) -> bytes
        Gives a cell, or the page, in its own time.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], make: Make | None = None):
        self.app, self.make = app, make or made
        self._tasks: dict[str | None, asyncio.Task[bytes]] = {}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        wanted = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not wanted or (path != AT and not path.startswith(CELLS_AT)):
            await self.app(scope, receive, send)
            return
        status, kind, text = await (self._page() if path == AT else self._cell(unquote(path.removeprefix(CELLS_AT))))
        headers = [(b"content-type", kind), (b"content-length", str(len(text)).encode())]
        headers += [(b"location", WORKSHOP.encode())] if status == 307 else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text if scope["method"] == "GET" else b""})

    async def _page(self):
        task = self._task(None)
        await asyncio.wait([task], timeout=WAIT_S)
        if not task.done():
            return 200, b"text/html; charset=utf-8", NOTICE.format(step=html.escape(_step)).encode()
        try:
            return 200, b"text/html; charset=utf-8", task.result()
        except NasimError:
            return 307, b"text/plain", b""

    async def _cell(self, name):
        if name not in cells().values():
            return 404, b"text/plain; charset=utf-8", f"There is no cell {html.escape(name)}.".encode()
        try:
            return 200, b"application/json", await asyncio.shield(self._task(name))
        except NasimError as error:
            self._tasks.pop(name, None)
            return 500, b"text/plain; charset=utf-8", str(error).encode()

    def _task(self, name):
        if name not in self._tasks:
            self._tasks[name] = asyncio.create_task(asyncio.to_thread(self.make, name))
        return self._tasks[name]


def link(values: Mapping[str, Any]) -> str:
    """Return the address of the page with the cell that these values mean; parameters changed by hand stay behind.

    Parameters
    ----------
    values : mapping field -> value
    """
    return f"{AT}#{urlencode({name: values[field] for name, field in NAMES.items()})}"


@functools.cache
def possible() -> bool:
    """Return whether the page can be made here: the wheel has its code, or the compiler is installed; nothing is compiled."""
    return (HERE / wasm_name(sources())).is_file() or find_spec("ziglang") is not None


_MAKING = threading.Lock()
_step = "Looking for what is kept."


def made(name: str | None = None) -> bytes:
    """Return the page, or one of its cells as JSON, made now unless it is kept.

    Parameters
    ----------
    name : str, optional
        Of a parameter set.

    Raises
    ------
    NasimError
        It cannot be made here.
    """
    from .export import cell_data

    with _MAKING:
        mark = _fingerprint()
        path = cache_folder() / (f"{STEM}{mark}.html" if name is None else f"{STEM}{mark}_{name}.json")
        if not path.is_file() or not only_mine(path):
            write_text(path, _page() if name is None else json.dumps(cell_data(name)))
            for old in path.parent.glob(f"{STEM}*"):
                if mark not in old.name and old.suffix in (".html", ".json"):
                    old.unlink(missing_ok=True)
        return path.read_bytes()


def _page():
    from .export import cell_data, compiled, page, settings

    global _step
    _step = "Compiling the integrator for the browser ..."
    program, ((shown, first), *others) = compiled(), cells().items()
    _step = f"Building the cell {shown} ..."
    stubs = [{"title": title, "name": name, "at": CELLS_AT + name} for title, name in others]
    return page({"wasm": program, "cells": [cell_data(first), *stubs], "settings": settings() | {"workshop": WORKSHOP}})


def _fingerprint():
    """Hash of what the page depends on: the files of nasim, packages, the machine."""
    digest = hashlib.sha256(repr((computed_with(), platform.python_version(), platform.machine())).encode())
    for path in sorted(path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:40]
