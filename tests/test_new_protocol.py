"""A new protocol is one file and one line in the table: here a staircase of pulses, with a result class of its own.

The file that is written stands for one in `nasim/experiments/`; everything else finds it through the table.
"""

import json
import sys

import pytest
from typer.testing import CliRunner

import nasim
from nasim.protocols import PROTOCOLS, protocol_class

STAIRCASE = '''
"""A staircase of pulses."""

from dataclasses import dataclass
from typing import ClassVar

from nasim.analysis import to_C_m2
from nasim.checks import check_cycles, check_keep, require_positive
from nasim.engine.runner import Cycle
from nasim.engine.stepper import Step
from nasim.experiments.protocol import Protocol
from nasim.nomenclature import columns as col
from nasim.results.result import Result
from nasim.units import SECONDS_PER_HOUR, to_A_m2


class Landing(Result):
    """Outcome of a staircase: a cycle is a pulse and the rest after it."""

    def rested(self):
        """Return the voltage [V] at the end of each rest that was kept."""
        rests = self.curves[self.curves[col.STEP] == "rest"]
        return rests.groupby(col.CYCLE)["Voltage [V]"].last()

    def findings(self):
        yield "rested at " + ", ".join(f"{volts:.2f} V" for volts in self.rested())

    def plot(self, published=None, ax=None):
        """Draw the rested voltage against the number of the pulse; returns the axes."""
        from nasim.plot.style import axes_for, finish, voltage_label

        ax = axes_for(ax)
        ax.plot(self.rested().index, self.rested(), "o-")
        return finish(ax, "Cycle", voltage_label(self.curves))


@dataclass(frozen=True)
class Staircase(Protocol):
    """Pulses of discharge with rests between them.

    Parameters
    ----------
    current_mA_cm2 : float
        Current density of the pulses [mA cm-2].
    pulse_mAh_cm2 : float
        Charge of a pulse [mAh cm-2].
    rest_h : float
        Rest after each pulse [h].
    pulses : int
        Number of pulses.
    keep : sequence of int, optional
        Pulses whose curves are kept; default all.
    """

    current_mA_cm2: float = 0.1
    pulse_mAh_cm2: float = 0.1
    rest_h: float = 1.0
    pulses: int = 5
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "staircase"
    result: ClassVar[type[Landing]] = Landing

    def check(self):
        require_positive("Staircase", "current", self.current_mA_cm2, "mA cm-2")
        require_positive("Staircase", "charge of a pulse", self.pulse_mAh_cm2, "mAh cm-2")
        check_keep("Staircase", self.keep)
        return check_cycles("Staircase", self.pulses)

    def total(self):
        return self.pulses

    def plan(self, setup, checked):
        current = to_A_m2(self.current_mA_cm2)
        pulse = to_C_m2(self.pulse_mAh_cm2) / current
        steps = [
            Step("discharge", pulse, current=current, until_voltage=setup.lower, may_time_out=True),
            Step("rest", SECONDS_PER_HOUR * self.rest_h),
        ]
        return [Cycle(steps)] * checked
'''


@pytest.fixture
def staircase(tmp_path, monkeypatch):
    """The class, after its file and its line in the table."""
    (tmp_path / "staircase.py").write_text(STAIRCASE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(PROTOCOLS, "staircase", "staircase:Staircase")
    yield protocol_class("staircase")
    sys.modules.pop("staircase")


def call(*words):
    from nasim.cli import app

    outcome = CliRunner().invoke(app, list(words))
    assert outcome.exit_code == 0, (outcome.output, outcome.exception)
    return outcome.stdout


def test_it_runs_and_its_result_is_of_its_own_class(staircase):
    result = staircase(pulses=3).run(stack_pressure_MPa=100)
    assert type(result).__name__ == "Landing" and result.record["experiment"] == "staircase"
    assert len(result.summary) == 3
    assert result.summary["discharge_capacity_mAh_cm2"].to_numpy() == pytest.approx(0.1, rel=1e-9)
    assert result.rested().is_monotonic_decreasing
    assert "".join(result.lines()).startswith("rested at ")
    with pytest.raises(
        nasim.ProtocolError, match=r"Staircase: current must be above zero, in mA cm-2; -1\.0 was given"
    ):
        staircase(current_mA_cm2=-1.0).run()


def test_it_is_a_command_with_an_option_for_each_field(staircase, tmp_path):
    shown = call("run", "--help")
    assert "staircase" in shown and "Pulses of discharge" in shown
    shown = call("run", "staircase", "--help")
    for option in ("--current", "--pulse", "--rest", "--pulses", "--keep", "--pressure", "--set", "--out", "--json"):
        assert option in shown
    assert "--resume" not in shown
    out = tmp_path / "out"
    printed = call("run", "staircase", "--pulses", "2", "--pulse", "0.05", "--rest", "0.5", "--out", str(out))
    assert "rested at " in printed
    assert {"figure.png", "result.nc", "summary.csv", "record.json"} <= {path.name for path in out.iterdir()}
    loaded = nasim.load_result(out)
    assert type(loaded).__name__ == "Landing" == type(nasim.load_result(out / "result.nc")).__name__
    assert loaded.plot().get_xlabel() == "Cycle"
    assert json.loads(call("run", "staircase", "--pulses", "1", "--json"))["experiment"] == "staircase"


def test_it_can_be_swept(staircase, tmp_path):
    table = nasim.sweep(staircase(pulses=1), {"pulse [mAh.cm-2]": [0.05, 0.1]}).table
    assert table["discharge_capacity_mAh_cm2"].to_numpy() == pytest.approx([0.05, 0.1])
    words = ("--over", "pulse [mAh.cm-2]=0.05,0.1", "--over", "current [mA.cm-2]=0.1,0.2", "--json")
    assert len(json.loads(call("sweep", "staircase", *words))["points"]) == 4


def test_every_line_of_the_table_names_a_protocol_by_its_own_word():
    for word in PROTOCOLS:
        protocol = protocol_class(word)
        assert protocol.name == word and getattr(nasim, protocol.__name__) is protocol
        assert not protocol.start_of or protocol.start_of in PROTOCOLS


def test_an_unknown_protocol_is_refused_with_the_nearest():
    with pytest.raises(nasim.UnknownNameError, match="nearest match is 'gcd'"):
        protocol_class("gdc")
