"""What tests of pages share: patience, a server on a port of its own, and answers that are waited for."""

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

PATIENCE_S = 300
"""Time that anything may take which comes when it is ready, on a machine that is slow and busy [s]."""
PATIENCE_MS = 1000 * PATIENCE_S
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOST = "127.0.0.1"


def expect(locator):
    """What Playwright expects of a part of a page, and waits for."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_MS)
    return expect(locator)


def opened(browser, **options):
    """A new page, which has patience."""
    page = browser.new_page(**options)
    page.set_default_timeout(PATIENCE_MS)
    return page


def until(true):
    """Ask `true()` until it is."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, true
        time.sleep(0.05)


@contextmanager
def held_port():
    """A port that nobody else is given, on which a server may listen: here and there addresses may be used again."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, 0))
        yield held.getsockname()[1]


def answers(port):
    """Whether somebody listens at a port."""
    with socket.socket() as knock:
        return knock.connect_ex((HOST, port)) == 0


@contextmanager
def serving(*words):
    """Port and process of a Python with these words, in which PORT stands for the port, once it listens."""
    with held_port() as port:
        server = subprocess.Popen([sys.executable, *(word.replace("PORT", str(port)) for word in words)])
        try:
            until(lambda: answers(port) or server.poll() is not None)
            assert server.poll() is None, "the server ended"
            yield port, server
        finally:
            server.kill()
            server.wait()
