"""What all protocols share: one `run`, whose help names every argument, and a default cell of the right kind."""

import inspect

import pytest

import nasim
from nasim.experiments.protocol import Protocol

PROTOCOLS = {
    nasim.GCD: (),
    nasim.Cycling: ("checkpoint", "resume"),
    nasim.RateTest: ("checkpoint", "resume"),
    nasim.CV: (),
    nasim.EIS: (),
    nasim.OpenCircuitEIS: (),
    nasim.SymmetricCycling: (),
}
SHARED = ("stack_pressure_MPa", "temperature_C", "overrides", "progress", "solver")


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_every_protocol_is_run_in_the_same_way(protocol):
    _, *arguments = inspect.signature(protocol.run).parameters.values()
    assert [each.name for each in arguments] == ["model", "parameters", *SHARED, *PROTOCOLS[protocol]]
    assert {each.kind for each in arguments[:2]} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert {each.kind for each in arguments[2:]} == {inspect.Parameter.KEYWORD_ONLY}
    assert isinstance(protocol(), Protocol)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_the_help_names_every_argument_and_error(protocol):
    shared = inspect.getdoc(nasim.GCD.run)
    own = inspect.getdoc(protocol.run)
    for name in inspect.signature(protocol.run).parameters:
        assert name == "self" or f"\n{name} : " in shared + own, name
    assert "[MPa]" in shared and "[degC]" in shared and "SolveError" in shared and "ProtocolError" in own


def test_a_protocol_has_a_cell_of_its_own_kind():
    assert nasim.SymmetricCycling(hours=2).run().record["parameter_set"] == "Yuan2025_symmetric_NAS"
    assert nasim.GCD(cycles=1).run(parameters="").record["parameter_set"] == "Yuan2025_NAS"
    with pytest.raises(nasim.ParameterSetError, match="SymmetricCycling needs the name.*a dict was given"):
        nasim.SymmetricCycling().run(parameters={})


def test_jumps_do_not_go_with_blocks():
    for schedule in ({"blocks": (nasim.Block(5),)}, {"formation": nasim.Block(1)}):
        with pytest.raises(nasim.ProtocolError, match="equal cycles"):
            nasim.Cycling(jump_tolerance=1e-3, **schedule).run()
