"""The colour of each mechanism, the same in every figure: blue is sulfur, orange Sb-S, brown its reduction for good.

Films of product are yellow, the separator and the anode green; pink, violet and wine is what a ledger misses for want of
contact or of recharge. A colour that voltage losses and capacity ledger share means the same in both. Species, losses and parts
of a ledger are far enough apart for eyes without red or green cones (`tests/test_colours.py`); lines stand out from a white
ground, and those of `DARK` in their place from a dark one. The virtual lab takes its colours from here, too.
"""

from .. import nomenclature as nm
from ..analysis.ledger import DELIVERED, MISSING

FILM, DEEP = "#F3F238", "#622708"
_SULFUR, _SB_S = (
    (("#6CA8D4", ""), ("#335181", ""), (FILM, "")),
    (("#FCC774", ""), ("#E38C0C", ""), (DEEP, ""), (FILM, "///")),
)
_TRANSPORT = ("#422E9A", "")
SPECIES = dict(
    zip(
        (*nm.SULFUR.species, *nm.SB_S.species),
        ("#0C37B0", "#1C96E6", "#3F9F74", "#6F3400", "#C98600", "#8F0F78", "#000000"),
        strict=True,
    )
)
"""Species -> colour of its line, and of its material in a drawing."""
LAYERS = {"anode": "#C9CDD2", "interphase": "#C4713F", "separator": "#F6E3A8", "collector": "#9AA0A6"}
"""Layer of a drawn cell -> colour."""
DARK = dict(
    zip(SPECIES.values(), ("#2F74F5", "#86B8F2", "#35F090", "#C45A10", "#FFF04A", "#C25F9A", "#F4F6F8"), strict=True)
) | {"#0072B2": "#56B4E9", "#D55E00": "#FF8A3D", "#009E73": "#2FD79A"}
"""Colour of a line on a white ground -> that on a dark one."""
CATHODE = dict(
    zip(
        (
            *(nm.SULFUR.loss(step) for step in nm.SULFUR.steps),
            nm.SULFUR.layer_loss,
            *(nm.SB_S.loss(step) for step in nm.SB_S.steps),
            nm.SB_S.layer_loss,
            nm.TRANSPORT_LOSS,
            nm.loss_of(nm.COMPOSITE_RESISTANCE),
        ),
        (*_SULFUR, *_SB_S, _TRANSPORT, _TRANSPORT),
        strict=True,
    )
)
"""Voltage loss of the cathode -> colour and hatch."""


def _of_side(side, hatch, electrode):
    return {
        side.interphase_loss: ("#06423C", hatch, "interphase"),
        nm.loss_of(side.contact_resistance): ("#798038", hatch, "contact"),
        side.kinetic_loss: ("#6BB885", hatch, electrode),
        side.diffusion_loss: ("#7CD4CE", hatch, electrode),
    }


ELEMENTS = {
    nm.loss_of(nm.SEPARATOR_RESISTANCE): ("#228879", "", "separator"),
    **_of_side(nm.NEGATIVE, "", "anode"),
    **_of_side(nm.POSITIVE, "///", "counter electrode"),
}
"""Voltage loss of a part in series with the cathode -> colour, hatch and the word for it in their common area."""
TOGETHER = "#C2FFD0"
"""Colour of the small ones of `ELEMENTS`, drawn as one."""
FURTHER = ("#C1121F", "#00B4B4", "#A6761D", "#33415C")
"""Colours of losses that no mechanism of nasim gives."""
_GAP, _REDUCED, _ISOLATED, _SLOW = "#FFD3EA", "#DDACFE", "#7D1F5C", "#999795"
_PARTS = (
    *(("#0072B2", ""), ("#D55E00", ""), (DEEP, ""), ("#D3BC7F", "")),
    *((_GAP, ""), (_GAP, "///"), (_REDUCED, ""), (_REDUCED, "///"), (DEEP, "///")),
    *((_ISOLATED, ""), (_ISOLATED, "///"), (FILM, ""), (_SLOW, ""), (_SLOW, "///")),
)
LEDGER = dict(zip((*DELIVERED.values(), *MISSING.values()), _PARTS, strict=True))
"""Part of a capacity ledger -> colour by cause, and hatch of what the Sb-S phase misses."""


def colours_of(names):
    """Return colour and hatch of voltage losses by name, in the order in which they are stacked.

    Losses that no mechanism of nasim gives take further colours.

    >>> colours_of(["Separator voltage loss [V]", "Rust voltage loss [V]", "Sulfur product-layer voltage loss [V]"])
    ... # doctest: +NORMALIZE_WHITESPACE
    {'Sulfur product-layer voltage loss [V]': ('#F3F238', ''), 'Rust voltage loss [V]': ('#C1121F', ''),
     'Separator voltage loss [V]': ('#228879', '')}
    """
    strangers = [name for name in names if name not in CATHODE and name not in ELEMENTS]
    further = [(colour, hatch) for hatch in ("", "...", "xxx") for colour in FURTHER]
    known = CATHODE | {name: further[k % len(further)] for k, name in enumerate(strangers)}
    known |= {name: (colour, hatch) for name, (colour, hatch, _) in ELEMENTS.items()}
    return {name: style for name, style in known.items() if name in names}
