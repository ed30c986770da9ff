"""Anywhere in the ranges of the sets: a run finishes or fails with a clear reason, never NaN, out of bounds or endless."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nasim
from nasim import nomenclature as nm
from nasim.nomenclature import columns as col
from nasim.submodels.growth_laws import avrami, mixed, parabolic, self_limiting, tunnelling

CONDITIONS = {nm.CURRENT_FUNCTION, nm.AMBIENT_TEMPERATURE, nm.APPLIED_PRESSURE, nm.LOWER_CUT_OFF, nm.UPPER_CUT_OFF}
"""Given by the protocol, not by the set."""
MOST_STEPS = 20_000
"""Integrator steps of a run of two cycles, ten times what an ordinary one takes."""
SAID = ("all cycles done", "did not reach", "already past its cut-off", "reached the limit of")
"""What a run says of its end."""

shares = st.floats(0, 1)


def sensible(examples):
    ignored = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(deadline=None, max_examples=examples, suppress_health_check=ignored)


def logarithmic(share, low, high):
    return float(np.clip(low * (high / low) ** share, low, high))


def within(share, low, high):
    if low > 0 and high > 20 * low:
        return logarithmic(share, low, high)
    return float(np.clip(low + share * (high - low), low, high))


def overrides(draw, name):
    """Every number of the set anywhere in its range."""
    entries = nasim.load(name).entries
    varied = [each for each, entry in entries.items() if entry.range and each not in CONDITIONS]
    drawn = draw(st.lists(shares, min_size=len(varied), max_size=len(varied)))
    return {each: within(share, *entries[each].range) for each, share in zip(varied, drawn, strict=True)}


def conditions(draw):
    pressure, temperature = logarithmic(draw(shares), 1.0, 500.0), within(draw(shares), -15.0, 90.0)
    return {"stack_pressure_MPa": pressure, "temperature_C": temperature}


def parts(draw):
    """Mechanisms in place of the usual ones, each as likely as not."""
    laws = st.sampled_from([self_limiting, avrami, parabolic, mixed, tunnelling])
    choices = {
        "cathode": lambda: nasim.PorousCathode(points=5),
        "diffusion": nasim.AlloyDiffusion,
        "contact": nasim.FullContact,
        "short": lambda: nasim.SoftShort(bridges=nasim.RandomBridges(seed=draw(st.integers(0, 9)))),
        "thermal": nasim.LumpedThermal,
        "fixture": nasim.FixedGap,
        "interphase": lambda: nasim.Interphase(nm.NEGATIVE, law=draw(laws)),
    }
    return {name: make() for name, make in choices.items() if draw(st.booleans())}


def sound(result):
    """Check of a result: its end has a reason, its balances close, its numbers are numbers within bounds."""
    assert any(words in result.record["stopped_because"] for words in SAID)
    assert result.record["solver"]["integrator_steps"] < MOST_STEPS
    assert max(result.audit().values()) < 1e-8
    curves = result.curves.drop(columns=["Specific capacity [mAh.g-1]"], errors="ignore").select_dtypes("number")
    assert np.isfinite(curves.to_numpy()).all()
    for name in curves:
        if name.lower().endswith("fraction") or name.startswith("Milled"):
            assert -1e-5 < curves[name].min() and curves[name].max() < 1 + 1e-5, name
    losses = curves[[name for name in curves if name.endswith(" voltage loss [V]")]]
    np.testing.assert_allclose(losses.sum(axis=1), curves[nm.VOLTAGE_LOSS], atol=1e-6)


def run(protocol, *what, **conditions):
    """Sound, or an error that says what to do and keeps the cycles before it."""
    try:
        result = protocol.run(*what, **conditions)
    except nasim.SolveError as error:
        assert "Try" in str(error) and "Cycle" in str(error)
        result = error.result
        if not len(result.curves):
            return
    sound(result)


def full_cells(draw):
    name = draw(st.sampled_from([f"Yuan2025_{cell}" for cell in ("NAS", "NASC", "NPS", "NPSC", "NPS_interlayer")]))
    window = (within(draw(shares), 0.3, 1.3), within(draw(shares), 2.0, 3.2))
    protocol = nasim.GCD(current_mA_cm2=logarithmic(draw(shares), 0.01, 5.0), cycles=2, window=window)
    run(protocol, None, name, overrides=overrides(draw, name), **conditions(draw))


def full_cells_of_other_parts(draw):
    protocol = nasim.GCD(current_mA_cm2=logarithmic(draw(shares), 0.02, 2.0), cycles=1)
    model = nasim.FullCell(**parts(draw))
    run(protocol, model, "Yuan2025_NAS", overrides=overrides(draw, "Yuan2025_NAS"), **conditions(draw))


def symmetric_cells(draw):
    name = draw(st.sampled_from(["Yuan2025_symmetric_NAS", "Yuan2025_symmetric_NPS"]))
    current = logarithmic(draw(shares), 0.05, 3.0)
    protocol = nasim.SymmetricCycling(current_mA_cm2=current, capacity_mAh_cm2=current, hours=20)
    run(protocol, None, name, overrides=overrides(draw, name), **conditions(draw))


def spectra(draw):
    cells = ["Yuan2025_NAS", "Yuan2025_symmetric_NAS", "Yuan2025_blocking_NAS", "Yuan2025_blocking_NPS"]
    name = draw(st.sampled_from(cells))
    result = nasim.EIS(per_decade=2).run(None, name, overrides=overrides(draw, name), **conditions(draw))
    spectrum = result.curves.select_dtypes("number")
    assert np.isfinite(spectrum.to_numpy()).all()
    assert (spectrum[col.REAL] > 0).all()


CELLS = (full_cells, full_cells_of_other_parts, symmetric_cells, spectra)


@pytest.mark.parametrize("cells", CELLS)
@sensible(5)
@given(data=st.data())
def test_a_run_is_sound(cells, data):
    cells(data.draw)


@pytest.mark.slow
@pytest.mark.parametrize("cells", CELLS)
@sensible(20)
@given(data=st.data())
def test_many_runs_are_sound(cells, data):
    cells(data.draw)
