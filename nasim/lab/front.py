"""The page without a server, served by the lab: made when it is first asked for, then kept in the user's cache folder.

Making it builds every cell, so it is done in a thread while a notice waits for it. What is kept has the hash of all code of
nasim, and of the versions of what computes, in its name.
"""

import asyncio
import hashlib
import html
import platform
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..engine.integrators.library import cache_folder, only_mine
from ..errors import NasimError
from ..files import write_text
from ..results.installed import computed_with

AT = "/page"
"""Where the lab serves it."""
ROOT = Path(__file__).parent.parent
STEM = "page_"
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
NOTICE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>nasim</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em"><p role="status">{}</p>"""
WAIT = "The page is being made, once for this version of nasim: every cell is built. It opens by itself, in some ten seconds."
RELOAD = "<script>setTimeout(() => location.reload(), 800)</script>"


class Front:
    """ASGI middleware that serves the page and hands on everything else.

    Parameters
    ----------
    app : ASGI application
    make : callable () -> bytes
        Gives the page, in its own time.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], make: Callable[[], bytes] | None = None):
        self.app, self.make = app, make or made
        self._task: asyncio.Task[bytes] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope.get("path") != AT or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        text = await self._answer()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text if scope["method"] == "GET" else b""})

    async def _answer(self):
        if self._task is None:
            self._task = asyncio.create_task(asyncio.to_thread(self.make))
        await asyncio.wait([self._task], timeout=0.3)
        if not self._task.done():
            return (NOTICE.format(WAIT) + RELOAD).encode()
        task = self._task
        try:
            return task.result()
        except NasimError as error:
            self._task = None
            return NOTICE.format(html.escape(str(error))).encode()


def link(values: Mapping[str, Any]) -> str:
    """Return the address of the page with the cell that these values mean; parameters changed by hand stay behind.

    Parameters
    ----------
    values : mapping field -> value
    """
    return f"{AT}#{urlencode({name: values[field] for name, field in NAMES.items()})}"


def made() -> bytes:
    """Return the page with the lab behind it, made now unless it is kept.

    Raises
    ------
    NasimError
        It cannot be made here.
    """
    from .export import contents, page

    folder = cache_folder()
    path = folder / f"{STEM}{_fingerprint()}.html"
    if not path.is_file() or not only_mine(path):
        write_text(path, page(contents(workshop="/")))
        for old in folder.glob(f"{STEM}*.html"):
            if old != path:
                old.unlink(missing_ok=True)
    return path.read_bytes()


def _fingerprint():
    """Hash of what the page depends on: the files of nasim, packages, the machine."""
    digest = hashlib.sha256(repr((computed_with(), platform.python_version(), platform.machine())).encode())
    for path in sorted(path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:40]
