"""Files that the lab's pages need, served from this machine and out of memory: plotly.js, the lab's scripts, marimo's page.

marimo's page is made of some three hundred files, whose names hold a hash: read once, and kept by the browser, they are there
at once. Its own server reads each anew, in a thread.
"""

import mimetypes
import re
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from .front import WORKSHOP

HERE = Path(__file__).parent
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
KEPT, FOR_GOOD = b"private, max-age=3600", b"private, max-age=31536000, immutable"
MARIMO_AT = f"{WORKSHOP}assets/"


def _texts() -> dict[str, bytes]:
    plotly = files("plotly").joinpath("package_data", "plotly.min.js")
    own = {f"/nasim/{name}": (HERE / name).read_bytes() for name in ("stage.js", "spoken.js")}
    return {"/nasim/plotly.min.js": plotly.read_bytes()} | own


def stage() -> str:
    """Return the frame in which figure and drawing live, as HTML."""
    return (HERE / "stage.html").read_text(encoding="utf-8")


class Assets:
    """ASGI middleware that answers for these files and hands on everything else.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: Callable[..., Awaitable[None]]):
        self.app, self.texts = app, _texts()
        self.marimo = Path(str(files("marimo").joinpath("_static", "assets")))

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        text = self._text(path) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if text is None:
            await self.app(scope, receive, send)
            return
        kind = KINDS.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        kept = FOR_GOOD if path.startswith(MARIMO_AT) else KEPT
        headers = [
            (b"content-type", kind.encode()),
            (b"cache-control", kept),
            (b"content-length", str(len(text)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text if scope["method"] == "GET" else b""})

    def _text(self, path):
        """The bytes of a file that is served here, or None."""
        name = path.removeprefix(MARIMO_AT)
        if path.startswith(MARIMO_AT) and path not in self.texts and re.fullmatch(r"[\w-][\w.-]*", name):
            file = self.marimo / name
            if file.is_file():
                self.texts[path] = file.read_bytes()
        return self.texts.get(path)
