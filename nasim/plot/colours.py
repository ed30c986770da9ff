"""The colour of each mechanism, the same in every figure: blue is sulfur, orange Sb-S, brown its reduction for good.

Films of product are yellow, the separator and the anode green; pink, violet and wine is what a ledger misses for want of
contact or of recharge. A colour that voltage losses and capacity ledger share means the same in both.
"""

from .. import nomenclature as nm
from ..analysis.ledger import DELIVERED, MISSING

FILM, DEEP = "#F0E442", "#7F2F0B"
_SULFUR, _SB_S = ("#4C9ED9", "#16406F", FILM), ("#F9C89B", "#EE8A4A", DEEP, "#A89A00")
_TRANSPORT = "#4B2A7B"
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
        ((colour, "") for colour in (*_SULFUR, *_SB_S, _TRANSPORT, _TRANSPORT)),
        strict=True,
    )
)
"""Voltage loss of the cathode -> colour and hatch."""


def _of_side(side, hatch, electrode):
    return {
        side.interphase_loss: ("#00564A", hatch, "interphase"),
        nm.loss_of(side.contact_resistance): ("#7CB518", hatch, "contact"),
        side.kinetic_loss: ("#5E8C61", hatch, electrode),
        side.diffusion_loss: ("#A8C686", hatch, electrode),
    }


ELEMENTS = {
    nm.loss_of(nm.SEPARATOR_RESISTANCE): ("#009E73", "", "separator"),
    **_of_side(nm.NEGATIVE, "", "anode"),
    **_of_side(nm.POSITIVE, "///", "counter electrode"),
}
"""Voltage loss of a part in series with the cathode -> colour, hatch and the word for it in their common area."""
TOGETHER = "#6BD6B0"
"""Colour of the small ones of `ELEMENTS`, drawn as one."""
FURTHER = ("#C1121F", "#00B4B4", "#A6761D", "#33415C")
"""Colours of losses that no mechanism of nasim gives."""
_GAP, _REDUCED, _ISOLATED, _SLOW = "#E0AECA", "#B3A8D9", "#B8799A", "#BABABA"
_PARTS = (
    *(("#0072B2", ""), ("#D55E00", ""), (DEEP, ""), ("#BFA98A", "")),
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
    {'Sulfur product-layer voltage loss [V]': ('#F0E442', ''), 'Rust voltage loss [V]': ('#C1121F', ''),
     'Separator voltage loss [V]': ('#009E73', '')}
    """
    strangers = [name for name in names if name not in CATHODE and name not in ELEMENTS]
    further = [(colour, hatch) for hatch in ("", "...", "xxx") for colour in FURTHER]
    known = CATHODE | {name: further[k % len(further)] for k, name in enumerate(strangers)}
    known |= {name: (colour, hatch) for name, (colour, hatch, _) in ELEMENTS.items()}
    return {name: style for name, style in known.items() if name in names}
