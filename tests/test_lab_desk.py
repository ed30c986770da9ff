"""What a page of the lab has on its desk, what it hands out as files, and the page without a server behind its link."""

import asyncio
import threading
from urllib.parse import parse_qs

import pytest
from patience import PATIENCE_S, until

from nasim.errors import MissingExtraError
from nasim.lab import cases, choices, front, views
from nasim.lab.desk import COARSE, Desk
from nasim.lab.jobs import Job
from nasim.parameters import load

OTHER = "Interphase final thickness [m]=2.123456789e-05"


def values(**changes):
    return choices.START | changes


def test_a_wrong_value_leaves_what_was_shown():
    desk = Desk({})
    desk.answer({"A": values()})
    before = dict(desk.shown)
    desk.answer({"A": values(lower_V="low")})
    assert list(desk.wrong) == ["Cell A"]
    assert "lower_V" in desk.wrong["Cell A"]
    assert desk.shown == before
    desk.answer({"A": values()})
    assert desk.wrong == {}


def test_a_long_run_is_shown_coarse_until_it_is_done(held):
    desk, given = Desk({}), {"A": values(cycles=60, stack_pressure_MPa=72.5)}
    desk.answer(given)
    assert list(desk.coarse) == ["Cell A"]
    case, result = desk.shown["Cell A"]
    assert (case.cycles, len(result.summary)) == (60, COARSE)
    held.set()
    assert desk.coarse["Cell A"].wait(PATIENCE_S)
    desk.answer(given)
    assert desk.coarse == {}
    assert len(desk.shown["Cell A"][1].summary) == 60


def test_the_run_of_old_values_is_ended(held):
    desk = Desk({})
    desk.answer({"A": values(cycles=190, stack_pressure_MPa=67.5)})
    job = desk.coarse["Cell A"]
    desk.answer({"A": values()})
    assert job.cancelled
    assert desk.coarse == {}
    held.set()
    assert job.wait(PATIENCE_S) and job.cycle < 190


def test_a_long_run_does_not_keep_others_waiting(held):
    job = Job(cases.Case(cycles=200, stack_pressure_MPa=57.5))
    until(lambda: job.cycle == 2)
    cases.run(cases.Case(stack_pressure_MPa=55.0))
    assert job.busy
    job.cancel()
    held.set()
    assert job.wait(PATIENCE_S)


def test_cell_b_goes_with_its_controls():
    desk = Desk({"B": values(cycles=1)})
    desk.answer({"A": values(), "B": values(cycles=1)})
    assert list(desk.shown) == ["Cell A", "Cell B"]
    desk.answer({"A": values()})
    assert list(desk.shown) == ["Cell A"]
    assert "B" not in desk.values


def test_other_values_are_in_the_set_that_is_handed_out(tmp_path):
    case = cases.Case(overrides=(OTHER,), cycles=1)
    path = tmp_path / "set.toml"
    path.write_text(cases.text_of(case))
    assert load(path).value("Interphase final thickness [m]") == 2.123456789e-05
    again = cases.Case(parameters=cases.bring(path.read_text()), cycles=1)
    key = "interphase_thickness_um"
    assert cases.run(again).summary[key].iloc[0] == pytest.approx(cases.run(case).summary[key].iloc[0], rel=1e-9)
    further = cases.Case(parameters=again.parameters, overrides=("Separator thickness [m]=4e-4",))
    assert cases.text_of(further).startswith(f'extends = "{cases.OWN_FILE}"')


def test_what_an_address_could_not_set_is_said_until_the_cell_changes():
    query = {
        "stack_pressure_MPa": "9000",
        "cycles": "2",
        "parameters": "<b>",
        "b_temperature_C": "warm",
        "overrides": "x" * 3000,
    }
    assert "parameters" in choices.refused({"parameters": "own set of another lab"})
    found = choices.refused(query)
    assert set(found) == {"stack_pressure_MPa", "parameters", "overrides"}
    assert "'9000'; 300 is taken" in found["stack_pressure_MPa"]
    assert len(found["overrides"]) < 150
    assert "'warm'; 25 is taken" in choices.refused(query, "b_")["temperature_C"]
    desk = Desk({}, {"Cell A": found})
    desk.answer({"A": values()})
    assert desk.said["Cell A"] == found
    desk.answer({"A": values(lower_V="low")})
    assert list(desk.said["Cell A"]) == ["lower_V"]


def test_an_address_that_can_be_taken_leaves_nothing_to_say():
    preset = values(cycles=140, temperature_C=60.0, lower_V="0.9", overrides=OTHER)
    assert choices.refused(choices.in_address(preset, "b_"), "b_") == {}


def test_a_slider_says_its_unit():
    assert set(choices.SPOKEN) == set(choices.SLIDERS)
    assert 'data-spoken="megapascal"' in views.told("pressure", "how hard", choices.SPOKEN["stack_pressure_MPa"])


# --- the front page -----------------------------------------------------------------------------------------------------


def test_the_link_carries_the_cell():
    address, _, state = front.link(values(stack_pressure_MPa=62.5, lower_V="0.9")).partition("#")
    assert address == front.AT
    told = {name: value[0] for name, value in parse_qs(state).items()}
    assert (told["cell"], told["pressure"], told["lower"]) == ("Yuan2025_NAS", "62.5", "0.9")


async def answer(app, path=front.AT, method="GET"):
    """What the front answers: status, where else to go, and body."""
    sent = []

    async def send(message):
        sent.append(message)

    await app({"type": "http", "path": path, "method": method}, None, send)
    headers = dict(sent[0].get("headers", []))
    return sent[0]["status"], headers.get(b"location"), b"".join(message["body"] for message in sent[1:])


@pytest.fixture
def ask(monkeypatch):
    """`ask(make, ...)` is what the front answers that waits until something is made."""
    monkeypatch.setattr(front, "WAIT_S", PATIENCE_S)
    return lambda make, **request: asyncio.run(answer(front.Front(behind, make), **request))


async def behind(scope, receive, send):
    await send({"type": "http.response.start", "status": 404})
    await send({"type": "http.response.body", "body": b"behind"})


def test_page_and_cells_are_served(ask):
    assert ask(lambda name: b"made") == (200, None, b"made")
    assert ask(lambda name: b"made", method="HEAD") == (200, None, b"")
    assert ask(lambda name: b"made", path="/other") == (404, None, b"behind")
    assert ask(lambda name: name.encode(), path="/cell/Yuan2025_NPS") == (200, None, b"Yuan2025_NPS")
    assert ask(lambda name: name.encode(), path="/cell/../passwd")[0] == 404


def test_a_notice_is_served_until_the_page_is_made():
    go_on = threading.Event()

    def slowly(name):
        go_on.wait(PATIENCE_S)
        return b"<p>made</p>"

    async def twice():
        app = front.Front(behind, slowly)
        first = await answer(app)
        go_on.set()
        await asyncio.wait(app._tasks.values())
        return first, await answer(app)

    first, second = asyncio.run(twice())
    assert b"is being made" in first[2]
    assert b'id="step">Looking for what is kept.' in first[2]
    assert second == (200, None, b"<p>made</p>")


def test_where_the_page_cannot_be_made_the_workshop_is_in_front(ask):
    def missing(name):
        raise MissingExtraError("needs ziglang")

    assert ask(missing) == (307, front.WORKSHOP.encode(), b"")


@pytest.mark.parametrize("compiler", [None, "there"])
def test_the_workshop_need_not_wait_for_the_compiler(monkeypatch, tmp_path, compiler):
    monkeypatch.setattr("nasim.engine.integrators.library.build_wasm", lambda *given: pytest.fail("it was compiled"))
    monkeypatch.setattr(front, "HERE", tmp_path)
    monkeypatch.setattr(front, "find_spec", lambda name: compiler)
    assert front.possible.__wrapped__() is bool(compiler)


def test_what_was_made_is_kept_until_the_code_changes(monkeypatch, tmp_path):
    monkeypatch.setattr(front, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(front, "_page", lambda: f"made {len(list(tmp_path.iterdir()))}")
    assert front.made() == front.made() == b"made 0"
    monkeypatch.setattr(front, "_fingerprint", lambda: "other")
    assert front.made() == b"made 1"
    assert [path.name for path in tmp_path.iterdir()] == ["page_other.html"]
