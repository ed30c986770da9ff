"""What stands between the network and the virtual lab: only its own page, from this machine, may talk to it.

An address of this machine can be called by every page that a browser shows. So a request is refused unless its ``Host`` is
one under which the lab is served (else a foreign name could be made to point here), and its ``Origin``, where there is one,
is that same host; a page of another origin can neither read, post nor connect. Requests without ``Origin`` that the browser
marks as cross-site are refused too, but for someone who follows a link. Answers carry no permission for other origins, no
other page may put the lab into a frame, and the page itself may ask nobody else.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_SESSIONS = 8
"""Pages that may be open at a time; each is a thread with its own values."""
KEPT_S = 30
"""How long the session of a page that was closed is kept [s], so that a reload finds it."""
MOST_BYTES = 1_000_000
"""Largest body of a request."""
REFUSED = b"nasim lab: this address serves its own page on this machine only."
CONNECTS = "'self' ws://127.0.0.1:* ws://localhost:* data: blob:"
"""Whom the page may ask."""
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", f"frame-ancestors 'none'; form-action 'self'; connect-src {CONNECTS}".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
POLICY_VIOLATED, TRY_AGAIN_LATER = 1008, 1013
"""Codes with which a WebSocket is closed."""
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Guard:
    """ASGI middleware that lets only the page itself in.

    Parameters
    ----------
    app : ASGI application
    hosts : iterable of str
        "name:port" under which the page is served.
    most : int
        Open pages at a time.
    """

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], hosts: Iterable[str], most: int = MOST_SESSIONS
    ):
        self.app, self.hosts, self.most = app, frozenset(host.lower() for host in hosts), most
        self.pages: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def admits(self, scope: Scope) -> bool:
        """Return whether a request is the page's own."""
        found = _headers(scope)
        host = found.get("host", [""])
        if len(host) != 1 or host[0].lower() not in self.hosts:
            return False
        origins = found.get("origin", [])
        if any(_host_of(origin) != host[0].lower() for origin in origins):
            return False
        foreign = set(found.get("sec-fetch-site", [])) & {"cross-site", "same-site"}
        followed = found.get("sec-fetch-mode") == ["navigate"] and found.get("sec-fetch-dest") == ["document"]
        return not foreign or (followed and scope.get("method") == "GET")

    async def _http(self, scope, receive, send):
        if not self.admits(scope):
            await _answer(send, 403, REFUSED)
            return
        length = _headers(scope).get("content-length", ["0"])[0]
        if not length.isascii() or not length.isdigit() or len(length) > 12 or int(length) > MOST_BYTES:
            await _answer(send, 413, b"nasim lab: the request is too large.")
            return
        await self.app(scope, _limited(receive), _with_headers(send))

    async def _websocket(self, scope, receive, send):
        if not self.admits(scope):
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATED})
            return
        page = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_id", [""])[0]
        if not self._enter(page):
            await receive()
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self.pages[page] = time.monotonic() + KEPT_S

    def _enter(self, page):
        """Count a page; False where there are too many. The session of a closed page counts until it is given up."""
        now = time.monotonic()
        self.pages = {name: until for name, until in self.pages.items() if until > now}
        if page not in self.pages and len(self.pages) >= self.most:
            return False
        self.pages[page] = float("inf")
        return True


def _headers(scope):
    """Name -> values of the headers of a request."""
    found = {}
    for name, value in scope.get("headers", []):
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _host_of(origin):
    """ "name:port" of an origin, None of one that is none, such as "null"."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return None
    return parts.netloc if parts.scheme in ("http", "https") else None


async def _answer(send, status, body):
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send):
    """Send without permissions for other origins, and with what forbids frames and guessing of types."""

    async def sender(message):
        if message["type"] == "http.response.start":
            kept = [(k, v) for k, v in message.get("headers", []) if not k.lower().startswith(b"access-control-")]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sender


def _limited(receive):
    """Receive no more of a body than `MOST_BYTES`, whatever length was announced; then the client counts as gone."""
    passed = 0

    async def receiver():
        nonlocal passed
        message = await receive()
        passed += len(message.get("body", b""))
        return message if passed <= MOST_BYTES else {"type": "http.disconnect"}

    return receiver
