"""The virtual lab: pages in the browser to try cells on; everything is computed and served on this machine.

`main` serves both. The front page (`front`) computes in the browser and is what `export` writes; `page/` has its scripts.
The workshop behind it is `app`, a marimo notebook. `cases` runs its cells and writes the script that reproduces a view, `jobs`
runs long ones in the background, `desk` knows what an open page shows of them. `choices` has the controls' names, presets and
addresses; `figures`, `linked` and `drawing` make what `stage.js` shows in its frame, `views` tables and messages, `compare` and
`missions` sentences. `assets` serves the frame's files, `guard` keeps everybody else out.
"""

import os
import sys
import threading
import webbrowser
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import MissingExtraError, NasimError, ProtocolError, install

APP = Path(__file__).with_name("app.py")
HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""Names under which this machine knows itself."""
PORTS = (1024, 65535)
OPENS_AFTER_S = 1.5
"""Time that the server takes to start before a browser is sent to it [s]."""


def main(port: int = 2718, browser: bool = True) -> None:
    """Serve the virtual lab on this machine until interrupted, which ends this process at once, whatever pages are open.

    Parameters
    ----------
    port : int
        Port on this machine, 1024 to 65535.
    browser : bool
        Open the page in the default browser.

    Raises
    ------
    MissingExtraError
        marimo or plotly is not installed.
    ProtocolError
        The port is no whole number between 1024 and 65535, or is taken.
    """
    page = application(port)
    import uvicorn

    from .guard import MOST_BYTES

    address = f"http://{HOST}:{port}"
    print(f"nasim virtual lab: {address} (end with Ctrl-C)", flush=True)
    threading.Thread(target=_warm, daemon=True).start()
    if browser:
        threading.Timer(OPENS_AFTER_S, webbrowser.open, [address]).start()
    options: dict[str, Any] = {"timeout_graceful_shutdown": 1, "ws_max_size": MOST_BYTES, "server_header": False}
    with suppress(KeyboardInterrupt):
        uvicorn.run(page, host=HOST, port=port, log_level="critical", **options)
    sys.stdout.flush()
    os._exit(0)  # a cell that is being computed in a thread would be waited for


def application(port: int = 2718) -> Any:
    """Return the page as an ASGI application, for a server at this port of this machine.

    Parameters
    ----------
    port : int
        Port on this machine that will serve it; it is checked.

    Raises
    ------
    MissingExtraError
        marimo or plotly is not installed.
    ProtocolError
        The port is no whole number between 1024 and 65535, or is taken.
    """
    missing = [name for name in ("marimo", "plotly") if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"The virtual lab needs {' and '.join(missing)}: {install('lab')}")
    _check(port)
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MPLBACKEND", "Agg")
    import marimo

    with suppress(
        ImportError
    ):  # else the first page ends where it is opened while another thread is in the middle of this import
        import_module("marimo._output.mpl")
    from .assets import Assets
    from .front import WORKSHOP, Front
    from .guard import KEPT_S, Guard

    page = (
        marimo.create_asgi_app(quiet=True, session_ttl=KEPT_S)
        .with_app(path=WORKSHOP.rstrip("/"), root=str(APP))
        .build()
    )
    return Guard(Assets(Front(page)), [f"{name}:{port}" for name in NAMES])


def _warm():
    """Make what front page and workshop show first, while the browser starts."""
    from . import cases, front, views

    cases.store_built()
    with suppress(NasimError):
        front.made()
    with suppress(NasimError):
        first = {"Cell A": cases.Case()}
        results = {name: cases.run(case) for name, case in first.items()}
        views.staged(views.ALONG, first, results)
        views.stands(first, results)
        views.numbers(first, results)


def _check(port):
    import socket

    if isinstance(port, bool) or not isinstance(port, int) or not PORTS[0] <= port <= PORTS[1]:
        raise ProtocolError(f"lab: the port must be a whole number from {PORTS[0]} to {PORTS[1]}; {port!r} was given.")
    with socket.socket() as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind((HOST, port))
        except OSError as error:
            raise ProtocolError(f"lab: port {port} is not free ({error.strerror}); choose another one.") from None
