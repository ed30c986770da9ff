"""What a notebook shows of results, sets, measurements, fits and cells: few numbers, and text that stays text."""

from dataclasses import replace
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import nasim
from nasim.evidence.predicted import Prediction
from nasim.fit.result import FitResult
from nasim.notebook import card, chart, unechoed
from nasim.results.result import Result
from nasim.sweep.result import SweepResult

EVIL = '<img src=x onerror="alert(1)">'
SUMMARY = pd.DataFrame({"cycle": range(1, 500), "discharge_capacity_mAh_g": 1500.0, "charge_capacity_mAh_g": 1400.0})
CURVES = pd.DataFrame({"Cycle": pd.Series(dtype=int)})


def result():
    record = {"experiment": EVIL, "parameter_set": EVIL, "stopped_because": EVIL}
    return Result(SUMMARY, CURVES, record)


def measurement():
    table = pd.DataFrame(
        {"Test Time / s": [0.0, 10.0, 20.0], "Current / A": [-1e-3] * 3, "Voltage / V": [2.0, 1.9, 1.8]}
    )
    return nasim.Measurement(table, path=EVIL)


def fit():
    shown = SimpleNamespace(values={EVIL: 1.0}, standard_errors={EVIL: 0.1}, message=EVIL, verdict=lambda: EVIL)
    shown.names, shown.units, shown.covariance = [EVIL], np.array([0.5]), np.array([[0.01]])
    return SimpleNamespace(_repr_html_=lambda: FitResult._repr_html_(shown))  # pyright: ignore[reportArgumentType]


def named_set():
    return replace(nasim.load("Yuan2025_NAS"), name=EVIL, title=EVIL)


def cell():
    model = nasim.FullCell()
    model.name = EVIL
    return model


def sweep():
    table = pd.DataFrame({EVIL: [1.0, 2.0], "discharge_capacity_mAh_g": [1900.0, 1800.0], "reason": ""})
    return SweepResult(table, table, (EVIL,), True, {"experiment": EVIL, "values": ["x"] * 5000})


def prediction():
    drawn = pd.DataFrame({EVIL: np.linspace(0.0, 1.0, 30), "a [m]": np.linspace(0.0, 1.0, 30), "reason": ""})
    record = {"from_calibration": 0, "from_ranges": 1, "seed": 1, "left_out": []}
    return Prediction(drawn, {EVIL: 1.0}, ("a [m]",), record)


@pytest.mark.parametrize("make", [result, measurement, fit, named_set, cell, sweep, prediction])
def test_text_never_becomes_markup(make):
    shown = make()._repr_html_()
    assert "<img" not in shown and "&lt;img" in shown


@pytest.mark.parametrize("make", [result, measurement, named_set, cell, sweep, prediction])
def test_repr_fits_on_a_line_or_two(make):
    assert len(repr(make())) < 300


def test_a_card_is_small():
    shown = card("x", dict.fromkeys(range(50), "9" * 5000), ["word " * 5000] * 50)
    assert shown.count("<tr>") == 5 and shown.count("<p>") == 3 and len(shown) < 3000


def test_a_result_tells_its_last_row_and_what_stopped_it():
    shown = result()._repr_html_()
    assert "499" in shown and "stopped: &lt;img" in shown


@pytest.mark.parametrize("make", [result, measurement, fit, named_set, cell, sweep, prediction])
def test_a_card_has_a_small_picture_that_is_described(make):
    shown = make()._repr_html_()
    assert shown.count("<svg") == 1 and 'role="img" aria-label="' in shown
    assert len(shown) < 6000


def test_a_picture_has_the_ends_of_its_axes_and_few_points():
    x = np.linspace(0.0, 3.0, 5000)
    shown = chart([(x, np.sin(x))], "h", "V")
    assert shown.count(",") < 170 and ">3<" in shown and ">0.1411<" not in shown
    assert chart([([np.nan], [1.0])], "h", "V") == ""


def test_what_a_result_draws_is_not_written_out_at_the_end_of_a_cell():
    """IPython leaves the showing to an object that has this method, which here does nothing."""
    for axes in (plt.subplots()[1], plt.subplots(1, 2)[1]):
        kept = unechoed(axes)
        assert kept._ipython_display_() is None
        assert np.ravel(kept)[0] is np.ravel(axes)[0]
    drawn = plt.subplots(1, 2)[1]
    assert type(unechoed(drawn)[0]) is type(drawn[0])
    assert unechoed(drawn)._display_() is drawn[0].figure
    plt.close("all")
