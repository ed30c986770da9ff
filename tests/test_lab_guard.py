"""The virtual lab talks to its own page only: pages of another origin can't read, post or connect, and Ctrl-C ends it."""

import asyncio
import base64
import signal
import socket

import pytest
from patience import PATIENCE_S, serving

from nasim.errors import NasimError, ProtocolError
from nasim.lab import assets, cases, guard, views
from nasim.lab.measured import Overlay

HOST = "127.0.0.1:2718"
FOREIGN = [
    {"host": "evil.example:2718"},
    {"host": "127.0.0.1:80"},
    {"host": "127.0.0.1:2718.evil.example"},
    {"host": ""},
    {"host": HOST, "origin": "https://evil.example"},
    {"host": HOST, "origin": "null"},
    {"host": HOST, "origin": "file://"},
    {"host": HOST, "origin": "http://127.0.0.1:3000"},
    {"host": HOST, "origin": "http://localhost:2718"},
    {"host": HOST, "origin": "http://127.0.0.1:2718@evil.example"},
    {"host": HOST, "origin": "http://[evil"},
    {"host": HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
    {"host": HOST, "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
]
OWN = [
    {"host": HOST},
    {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"},
    {"host": "LOCALHOST:2718", "origin": "http://localhost:2718"},
    {"host": HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
]


async def page(scope, receive, send):
    """Stands for marimo: says yes to everybody, reads what is posted, and keeps a connection until it is closed."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await receive()
        return
    while (message := await receive()).get("more_body"):
        pass
    headers = [(b"access-control-allow-origin", b"*"), (b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": message["type"].encode()})


def ask(guarded, headers, kind="http", parts=(b"",), query=b"", path="/"):
    """What the guard answers: all messages that it sends."""
    pairs = headers.items() if isinstance(headers, dict) else headers
    scope = {"type": kind, "method": "GET", "path": path, "query_string": query}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in pairs]
    incoming = [{"type": "http.request", "body": part, "more_body": part is not parts[-1]} for part in parts]
    incoming = [{"type": "websocket.connect"}, {"type": "websocket.disconnect"}] if kind == "websocket" else incoming
    sent = []

    async def receive():
        return incoming.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(guarded({**scope}, receive, send))
    return sent


@pytest.fixture
def guarded():
    return guard.Guard(page, [HOST, "localhost:2718"], most=2)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_who_is_not_the_page_is_refused(guarded, headers):
    assert ask(guarded, headers)[0]["status"] == 403
    assert ask(guarded, headers, "websocket") == [{"type": "websocket.close", "code": guard.POLICY_VIOLATED}]


@pytest.mark.parametrize("path", ["/nasim/plotly.min.js", "/nasim/stage.js"])
def test_files_of_the_figures_are_for_the_page_alone(path):
    pytest.importorskip("plotly", reason="plotly is not installed: pip install nasim-cells[lab]")
    guarded = guard.Guard(assets.Assets(page), [HOST])
    assert [ask(guarded, headers, path=path)[0]["status"] for headers in FOREIGN] == [403] * len(FOREIGN)
    start, body = ask(guarded, {"host": HOST}, path=path)
    answered = dict(start["headers"])
    assert answered[b"cross-origin-resource-policy"] == b"same-origin"
    assert int(answered[b"content-length"]) == len(body["body"]) > 5000


def test_the_files_of_the_workshop_are_kept_by_the_browser_and_no_others_are_served():
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    served = assets.Assets(page)
    name = next(path.name for path in served.marimo.glob("*.js"))
    start, body = ask(served, {"host": HOST}, path=f"/workshop/assets/{name}")
    assert dict(start["headers"])[b"cache-control"] == assets.FOR_GOOD
    assert body["body"] == (served.marimo / name).read_bytes()
    for other in ("../index.html", "..", "", "none.js"):
        assert ask(served, {"host": HOST}, path=f"/workshop/assets/{other}")[1]["body"] == b"http.request"


def test_two_hosts_are_refused(guarded):
    assert ask(guarded, [("host", HOST), ("host", "evil.example")])[0]["status"] == 403


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_the_page_itself_gets_in_and_nobody_else_may_read_or_frame_it(guarded, headers):
    start = ask(guarded, headers)[0]
    answered = dict(start["headers"])
    assert start["status"] == 200
    assert b"access-control-allow-origin" not in answered
    assert answered[b"x-frame-options"] == b"DENY"
    assert ask(guarded, headers, "websocket")[0] == {"type": "websocket.accept"}


def test_large_requests_are_refused_whatever_length_they_announce(guarded):
    assert ask(guarded, {"host": HOST, "content-length": "1000001"})[0]["status"] == 413
    assert ask(guarded, {"host": HOST, "content-length": "9" * 5000})[0]["status"] == 413
    unannounced = ask(guarded, {"host": HOST}, parts=[b"x" * 600_000, b"y" * 600_000])
    assert unannounced[1]["body"] == b"http.disconnect"


def test_pages_are_counted_and_a_reload_finds_its_own(guarded):
    def enters(name):
        return ask(guarded, {"host": HOST}, "websocket", query=f"session_id={name}".encode())[0]["type"]

    assert [enters(name) for name in "abc"] == ["websocket.accept", "websocket.accept", "websocket.close"]
    assert enters("a") == "websocket.accept"


# --- text is never markup, work has an end ------------------------------------------------------------------------------


def test_messages_and_scripts_are_shown_letter_for_letter():
    for made in (views.message("Cell A", ": <img src=x onerror=alert(1)>"), views.code("```</code><script>1</script>")):
        assert "<img" not in made
        assert "<script" not in made


@pytest.mark.parametrize("name", ["a.csv", "../../a", "a." + "x" * 300, "a.\0", "<b>.nda", ".", ""])
@pytest.mark.parametrize("content", [b"", b"\0" * 500, b"PK\x03\x04" + bytes(90), b"Voltage / V\n<script>\x1b[31m\n"])
def test_a_file_of_any_name_and_content_is_refused_in_words(name, content):
    with pytest.raises(NasimError):
        Overlay(name, content)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 400 + "\n" + "[" * 400, "nested too deeply|not valid TOML"),
        ('title = "a"\na = 1' + "0" * 450 + "e", "not valid TOML"),
        ("\0" * 400, "not valid TOML"),
        ('title = "a"\n' + "a." * 5000 + "b = 1", "500 in a line"),
        ('title = "a"\n' + "# b\n" * 60_000, "at most 200000 letters"),
        ('title = "a"\n[cell]\nmodel = ["<b>"]', "is of a .*<b>.* cell"),
        ('extends = ["Yuan2025_NAS"]', "extends is"),
        ('extends = "/etc/passwd"', "extends"),
    ],
    ids=range(8),
)
def test_a_set_of_any_content_is_refused_in_words_and_soon(text, words):
    with pytest.raises(NasimError, match=words):
        cases.bring(text)


def test_a_full_disk_is_told(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    for module, take in (("cases", lambda: cases.bring('title = "a"')), ("measured", lambda: Overlay("a.csv", b""))):
        monkeypatch.setattr(f"nasim.lab.{module}.TemporaryDirectory", full)
        with pytest.raises(NasimError, match="cannot be taken in: No space left"):
            take()


def test_a_case_has_few_other_values():
    many = tuple("Interphase final thickness [m]=2e-5" for _ in range(cases.MOST_OVERRIDES + 1))
    with pytest.raises(ProtocolError, match="at most 100 other values"):
        cases.run(cases.Case(overrides=many))


def test_a_long_run_is_given_up(monkeypatch):
    monkeypatch.setattr(cases, "LONGEST_RUN_S", 0.0)
    with pytest.raises(ProtocolError, match="given up after 0 s, in cycle 1"):
        cases.run(cases.Case(cycles=3, current_mA_cm2=0.2))


# --- the real server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def served():
    """Port and process of a running lab."""
    pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")
    with serving("-m", "nasim", "lab", "--port", "PORT", "--no-browser") as lab:
        yield lab


def first_line(port, request, more=(), keep=False):
    """Status line with which the server answers a raw request; with `keep` the open connection too."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    connection.sendall("\r\n".join([request, *more, "", ""]).encode())
    line = connection.recv(4000).split(b"\r\n")[0].decode()
    if keep:
        return line, connection
    connection.close()
    return line


def upgrade(port, origin, keep=False):
    key = base64.b64encode(b"0123456789abcdef").decode()
    headers = [f"Host: 127.0.0.1:{port}", "Connection: Upgrade", "Upgrade: websocket", f"Origin: {origin}"]
    headers += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
    return first_line(port, "GET /workshop/ws?session_id=s_1 HTTP/1.1", headers, keep)


def test_the_server_refuses_foreign_origins_and_hosts(served):
    port, _ = served
    own = f"http://127.0.0.1:{port}"
    for path in ("/workshop/", "/nasim/stage.js", "/nasim/spoken.js", "/nasim/plotly.min.js"):
        assert " 200 " in first_line(port, f"GET {path} HTTP/1.1", [f"Host: 127.0.0.1:{port}"])
        assert " 403 " in first_line(port, f"GET {path} HTTP/1.1", [f"Host: evil.example:{port}"])
    for method in ("GET", "POST", "OPTIONS"):
        headers = [f"Host: 127.0.0.1:{port}", "Origin: https://evil.example", "Content-Length: 0"]
        assert " 403 " in first_line(port, f"{method} /workshop/api/kernel/instantiate HTTP/1.1", headers)
    assert " 403 " in upgrade(port, "https://evil.example")
    assert " 101 " in upgrade(port, own)


def test_ctrl_c_ends_it_with_a_page_open(served):
    port, server = served
    line, connection = upgrade(port, f"http://127.0.0.1:{port}", keep=True)
    assert " 101 " in line
    server.send_signal(signal.SIGINT)
    assert server.wait(PATIENCE_S) == 0
    connection.close()
