"""`nasim verify`: every check holds, a turned sign breaks one, and the page in the docs has them all."""

import importlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nasim.cli import app
from nasim.errors import SolveError, UnknownNameError
from nasim.submodels.redox_chain import RedoxChain
from nasim.verification import balances, run, verify
from nasim.verification.check import GROUPS, VERIFIED, Check, Report, Verified

PAGE = Path(__file__).parent.parent / "docs" / "verification.md"
HOLDS = Check("answers", "a", "case", 1e-9, 1e-6, "means this")
BREAKS = Check("answers", "b", "case", float("nan"), 1e-6, "means that")


QUICK = ("balances", "answers")


@pytest.mark.parametrize(
    "group", [pytest.param(each, marks=[pytest.mark.slow] * (each not in QUICK)) for each in GROUPS]
)
def test_every_check_holds(group):
    report = verify([group])
    assert report.checks
    assert report.broken == ()


def test_a_turned_sign_is_found(monkeypatch):
    sums = RedoxChain._sums

    def turned(self, out, variables):
        found = sums(self, out, variables)
        return found | {self.names.entropic_heat: -found[self.names.entropic_heat]}

    monkeypatch.setattr(RedoxChain, "_sums", turned)
    balances._measured.cache_clear()
    assert balances.energy("discharge") > 10 * VERIFIED["energy"].bound
    balances._measured.cache_clear()


TURNED = {
    "order in space": ("nasim.submodels.porous_cathode", "ionic_share", lambda share: lambda k, s: -share(k, s)),
    "nodes of high order": ("nasim.submodels.porous_cathode", "ionic_share", lambda share: lambda k, s: -share(k, s)),
    "manufactured in time": (
        "nasim.submodels.porous_cathode",
        "ionic_share",
        lambda share: lambda k, s: 1 - share(k, s),
    ),
    "interphase at rest": (
        "nasim.verification.answers",
        "self_limiting",
        lambda law: lambda L, L_inf, tau: -law(L, L_inf, tau),
    ),
}


@pytest.mark.parametrize("name", TURNED)
def test_a_turned_sign_breaks_the_check(monkeypatch, name):
    module, attribute, turn = TURNED[name]
    for group in GROUPS:
        importlib.import_module(f"nasim.verification.{group}")
    monkeypatch.setattr(f"{module}.{attribute}", turn(getattr(importlib.import_module(module), attribute)))
    each = VERIFIED[name]
    assert not run._outcome(each, each.cases[0], None).holds


def test_what_cannot_run_is_broken(monkeypatch):
    def fails():
        raise SolveError("gave up")

    verify_one = Verified("answers", "fails", 1.0, ((),), fails, "fails")
    assert not run._outcome(verify_one, (), None).holds


def test_an_unknown_group_is_refused():
    with pytest.raises(UnknownNameError, match="'balances'"):
        verify(["balance"])


def test_the_command_ends_with_one_if_a_check_is_broken(monkeypatch, tmp_path):
    monkeypatch.setattr("nasim.verification.verify", lambda groups, progress: Report((HOLDS, BREAKS)))
    done = CliRunner().invoke(app, ["verify", "--page", str(tmp_path / "page.md")])
    assert done.exit_code == 1
    assert "broken: b, case" in done.stdout
    assert "| a: means this | case | 1.0e-09 | 1e-06 | holds |" in (tmp_path / "page.md").read_text()
    monkeypatch.setattr("nasim.verification.verify", lambda groups, progress: Report((HOLDS,)))
    done = CliRunner().invoke(app, ["verify", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["broken"]) == (0, 0)


def test_the_page_has_every_check():
    text = PAGE.read_text()
    assert "broken**" not in text
    for each in VERIFIED.values():
        for case in each.cases:
            assert f"| {each.name}: {each.meaning} | {case[0] if case else ''} |" in text
