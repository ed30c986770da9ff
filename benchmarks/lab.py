"""Wall times of the virtual lab in Chromium: first figure, a slider, 140 cycles, on the front page and in the workshop.

``python benchmarks/lab.py``

It needs the extras `lab`, `export` and `test`, Chromium, and idle cores.
"""

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from nasim.lab.front import WORKSHOP

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PRESSES, WARM_S = 3, 8
DONE = "() => document.documentElement.dataset.done === 'yes'"
DRAWN = "() => document.querySelector('iframe.nasim-stage')?.contentDocument?.querySelector('#plot .main-svg')"
CHANGED = "([table, before]) => document.querySelector(table)?.innerText !== before"


@contextmanager
def served():
    """Address of a lab that has had time to make its page."""
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "nasim", "lab", "--port", str(port), "--no-browser"])
    try:
        time.sleep(WARM_S)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()


def say(what, began):
    """Print what took how long."""
    print(f"{what:34s} {time.perf_counter() - began:6.2f} s", flush=True)


def opened(chromium, address, drawn, what):
    """Open a page and wait for its figure."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True).new_page()
    page.set_default_timeout(120_000)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(drawn)
    say(f"{what}: first figure", began)
    return page


def slid(page, name, key, table, what):
    """Press a key on a slider until the numbers follow, some times."""
    slider = page.get_by_role("slider", name=name).first
    slider.focus()
    for _ in range(PRESSES):
        before, began = page.locator(table).inner_text(), time.perf_counter()
        slider.press(key)
        page.wait_for_function(CHANGED, arg=[table, before])
        say(f"{what}: slider", began)


def main():
    """Print all of it."""
    with served() as address, sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = opened(chromium, address, DONE, "front page")
        slid(page, "Stack pressure", "ArrowLeft", "#numbers", "front page")
        field = page.get_by_role("textbox", name="Cycles, exact")
        field.fill("140")
        began = time.perf_counter()
        field.press("Enter")
        page.wait_for_function("() => document.documentElement.dataset.done === 'yes' && shownRun.rows.length === 140")
        say("front page: 140 cycles", began)
        page.close()

        page = opened(chromium, address + WORKSHOP, DRAWN, "workshop")
        slid(page, "stack pressure", "PageDown", "table.nasim-numbers", "workshop")
        cycles = page.get_by_role("slider", name="cycles").first
        cycles.focus()
        began = time.perf_counter()
        cycles.press("End")
        page.wait_for_selector(".nasim-bar")
        say("workshop: progress of 140 cycles", began)
        page.wait_for_function("() => !document.querySelector('.nasim-bar')")
        say("workshop: 140 cycles", began)
        chromium.close()


if __name__ == "__main__":
    main()
