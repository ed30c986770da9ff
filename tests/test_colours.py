"""Colours of all figures: told apart without red or green cones, and read on a white and on a dark ground."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from nasim import lab
from nasim.lab.style import palette, scales
from nasim.plot.colours import CATHODE, DARK, ELEMENTS, LAYERS, LEDGER, SPECIES, TOGETHER
from nasim.plot.style import COLOURS, on_dark

WHITE, GROUNDS = "#FFFFFF", ("#1D2127", "#181C1A")
"""Of the page, light; and of its cards and of the workshop, dark."""
APART, LINE, TEXT = 25.0, 3.0, 4.5
"""Least distance in CIELAB, and least contrast of a line and of text by WCAG 2.1."""
EYES = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
"""What is seen of linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1."""
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65 = np.array([0.95047, 1.0, 1.08883])


def linear(colour):
    """Linear sRGB of "#rrggbb"."""
    given = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def seen(colour, eyes):
    """CIELAB of a colour as these eyes see it."""
    xyz = TO_XYZ @ np.clip(EYES[eyes] @ linear(colour), 0, 1) / D65
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(colour, ground):
    bright, low = sorted((float(TO_XYZ[1] @ linear(each)) for each in (colour, ground)), reverse=True)
    return (bright + 0.05) / (low + 0.05)


def nearest(colours, eyes):
    return min(
        (np.linalg.norm(seen(a, eyes) - seen(b, eyes)), a, b) for a, b in combinations(dict.fromkeys(colours), 2)
    )


KINDS = {
    "species": list(SPECIES.values()),
    "species on dark": [DARK[colour] for colour in SPECIES.values()],
    "losses": [*(colour for colour, *_ in (*CATHODE.values(), *ELEMENTS.values())), TOGETHER],
    "ledger": [colour for colour, _ in LEDGER.values()],
    "layers": list(LAYERS.values())[:3],
    "capacities": [*COLOURS[:2]],
    "capacities on dark": [DARK[colour] for colour in COLOURS[:2]],
}


def test_distances_are_those_of_known_pairs():
    assert contrast("#000000", WHITE) == pytest.approx(21.0)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert seen("#FFFFFF", "no red cones") == pytest.approx([100, 0, 0], abs=0.1)
    assert nearest(["#FF0000", "#00FF00"], "all cones")[0] == pytest.approx(170.6, abs=0.2)
    assert nearest(["#B8860B", "#6B8E23"], "no red cones")[0] < APART < nearest(["#B8860B", "#6B8E23"], "all cones")[0]


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_one_figure_shows_is_told_apart(kind, eyes):
    distance, one, other = nearest(KINDS[kind], eyes)
    assert distance >= APART, f"{one} and {other}"


def test_what_shares_a_colour_differs_in_its_hatch():
    for looks in (LEDGER.values(), [look[:2] for look in CATHODE.values()][:-1]):
        assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("colour", [*SPECIES.values(), *COLOURS[:3], *scales()["light"]])
def test_a_line_stands_out_from_its_ground(colour):
    assert contrast(colour, WHITE) >= LINE
    for ground in GROUNDS:
        assert contrast(on_dark(colour), ground) >= LINE


def variables():
    """Names and colours of the page, for a light ground, then for a dark one."""
    text = (Path(lab.__file__).parent / "page" / "page.css").read_text()
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part)) for part in text.split("@media", 2)[:2]]


@pytest.mark.parametrize("colours", variables(), ids=["light", "dark"])
def test_text_is_read_on_its_ground(colours):
    for name in ("ink", "soft", "strong", "bad", "here", "between", "beyond"):
        for ground in ("page", "card"):
            assert contrast(colours[name], colours[ground]) >= TEXT, name
    assert contrast(colours["on"], colours["strong"]) >= TEXT
    assert contrast(colours["kept"], colours["card"]) >= LINE


def test_an_ordered_scale_grows_lighter():
    for colours in scales().values():
        assert np.all(np.diff([seen(colour, "all cones")[0] for colour in colours]) >= 0)


def test_the_page_has_the_colours_of_the_figures():
    text = palette()
    for colour in SPECIES.values():
        assert f"--{colour[1:]}: {colour};" in text
        assert f"--{colour[1:]}: {DARK[colour]};" in text
