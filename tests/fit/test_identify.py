"""Directions that the data determine, or not, in numbers and in words."""

import numpy as np
import pytest

from nasim.fit.identify import RANGE_SD, WEAK, directions
from nasim.scale import Scale

LOG, LINEAR = Scale(1e-3, 1e3), Scale(0.0, 1.0)


def found(jacobian, names=("a", "b"), scales=None):
    return directions(np.array(jacobian, dtype=float), names, scales or dict.fromkeys(names, LOG))


@pytest.mark.parametrize(("sign", "word"), [(1, "product"), (-1, "ratio")])
def test_two_parameters_that_enter_together(sign, word):
    best, worst = found([[100, sign * 100]])
    assert not best.undetermined
    assert worst.undetermined
    assert worst.text.endswith(f"what is determined is their {word}")
    assert set(worst.components) == {"a", "b"}


def test_product_is_judged_by_factors_not_by_shares_of_the_range():
    """Moving a over its six decades by a share s, b has to move over its two by 3 s."""
    scales = {"a": LOG, "b": Scale(0.1, 10.0)}
    *_, worst = found([[300, 100]], scales=scales)
    assert worst.text.endswith("product")


def test_parameter_without_effect():
    *_, worst = found([[100, 0], [50, 0]])
    assert worst.text == "'b': not determined by the data"
    assert worst.sd == np.inf


def test_linear_parameters_are_no_product():
    *_, worst = found([[100, 100]], scales={"a": LINEAR, "b": LINEAR})
    assert "product" not in worst.text
    assert "move together" in worst.text


@pytest.mark.parametrize(
    ("singular", "word"), [(1.1 / WEAK, "determined"), (0.9 / WEAK, "hardly"), (0.9 / RANGE_SD, "not determined")]
)
def test_words_follow_the_standard_deviation(singular, word):
    (only,) = found([[singular]], ("a",))
    assert word in only.text
    assert only.undetermined == (word == "not determined")
    assert only.weak == (word != "determined")


def test_misfit_widens_directions():
    narrow, wide = (directions(np.eye(1) * 20, ["a"], {"a": LOG}, factor)[0].sd for factor in (1.0, 3.0))
    assert wide == pytest.approx(3 * narrow)
