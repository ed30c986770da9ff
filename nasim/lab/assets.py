"""Files that the page's figures need, served from this machine: plotly.js out of the wheel of plotly, and the lab's scripts."""

from collections.abc import Awaitable, Callable, MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KINDS = {".js": b"text/javascript; charset=utf-8"}
KEPT = b"private, max-age=3600"


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

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        text = self.texts.get(scope.get("path", "")) if scope["type"] == "http" else None
        if text is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = [(b"content-type", KINDS[Path(scope["path"]).suffix]), (b"cache-control", KEPT)]
        headers.append((b"content-length", str(len(text)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text if scope["method"] == "GET" else b""})
