"""Settings for every test: no telemetry, no windows, one thread a process, a fixed seed for property tests, cells built once.
Here, too, are a browser, and runs of the lab that stand still in the background until a test lets them go on.

The README's command runs the suite on all cores (`-n auto --dist worksteal`): each worker begins with a stretch of the
list, so that what a module builds is built once, and who is done takes half of what another has left.
"""

import copy
import gc
import json
import os
import sys
import threading

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from patience import CHROMIUM, PATIENCE_MS, PATIENCE_S  # noqa: E402

gc.set_threshold(50_000, 20, 50)  # building a cell makes objects by the hundred thousand, none of them in a circle
settings.register_profile("nasim", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("nasim")

MOST_LENT = 8
"""Built cells that a process keeps for the tests to come."""


class Lent:
    """What `KeptCell` builds for a set under its usual conditions, built once a process and handed to whoever asks for the same.

    A copy has a state and conditions of its own; functions and integrator are shared, as between the runs of one `KeptCell`.
    """

    def __init__(self, build):
        self.build, self.made, self.on = build, {}, True

    def __call__(self, cell, parameters, inputs, solver):
        from nasim import nomenclature as nm

        usual = set(inputs) == {nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE}
        if not self.on or not usual or cell.model is not None or solver is not None:
            return self.build(cell, parameters, inputs, solver)
        values = {name: value for name, value in parameters.as_record()["values"].items() if name not in inputs}
        what = [repr(parameters.cell), repr(parameters.materials), values, threading.get_ident()]
        key = json.dumps(what, sort_keys=True)
        if key not in self.made:
            self.made = dict(list(self.made.items())[1 - MOST_LENT :])
            self.made[key] = self.build(cell, parameters, inputs, solver), cell._mesh
        stepper, cell._mesh = self.made[key]
        lent = copy.copy(stepper)
        lent.statistics = dict.fromkeys(stepper.statistics, 0)
        lent.restart(inputs)
        return lent


@pytest.fixture(autouse=True, scope="session")
def lending():
    """Lends built cells to all tests of this process."""
    from nasim.engine.built_cell import KeptCell

    lent, build = Lent(KeptCell._built_now), KeptCell._built_now
    KeptCell._built_now = lambda *given: lent(*given)  # pyright: ignore[reportAttributeAccessIssue]
    yield lent
    KeptCell._built_now = build


@pytest.fixture(autouse=True)
def built_anew_where_patched(lending, request):
    """A test that patches anything builds its own cells."""
    lending.on = "monkeypatch" not in request.fixturenames
    yield
    lending.on = True


@pytest.fixture(autouse=True)
def figures_closed():
    """A test closes the figures that it opened."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


@pytest.fixture(scope="module")
def browser():
    """A browser without a window."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install nasim-cells[test]"
    )
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE_MS)
        yield chromium
        chromium.close()


@pytest.fixture
def held():
    """Runs of the lab in the background stand still after their second cycle until this event is set."""
    from nasim.lab import jobs

    go_on, run = threading.Event(), jobs.run

    def slowly(case, watch):
        def told(number):
            watch(number)
            if number == 2:
                go_on.wait(PATIENCE_S)

        return run(case, told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "run", slowly)
        yield go_on
        go_on.set()
