"""Roles: what a mechanism is in a cell. No two mechanisms of a cell have the same one; a replacement has that of the old.

Roles that exist at either side of a cell, and those of redox chains, are made by functions of the side or the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .chains import Chain
    from .sides import Side

CATHODE = "cathode"
SEPARATOR = "separator"
CATHODE_CONTACT = "cathode contact"
TRANSPORT_LOSS = "cathode transport loss"
MILLED_SHARE = "milled share"
PRODUCT_LAYER = "product layer"
DEEP_LAYER = "deep layer"
SHORT = "short"
THERMAL = "thermal"
FIXTURE = "fixture"
LEADS = "leads"
CONTROL = "control"
CIRCUIT = "circuit"
SERIES_LOSSES = "series losses"

CHAIN = "redox chain: "
"""What the role of every redox chain begins with."""


def chain(names: Chain) -> str:
    """Role of a redox chain."""
    return CHAIN + names.name


def kinetics(names: Chain) -> str:
    """Role of what gives the rates of a redox chain."""
    return f"kinetics of {names.name}"


def losses(names: Chain) -> str:
    """Role of what gives the voltage losses of a redox chain."""
    return f"losses of {names.name}"


def electrode(side: Side) -> str:
    """Role of an electrode that is no composite cathode."""
    return "anode" if side.sign > 0 else f"{side.name} electrode"


def alloy_diffusion(side: Side) -> str:
    """Role of what moves sodium inside the alloy at a side."""
    return f"alloy diffusion ({side.name})"


def interphase(side: Side) -> str:
    """Role of what grows between the alloy at a side and the electrolyte."""
    return f"interphase ({side.name})"


def alloy_contact(side: Side) -> str:
    """Role of the contact between the alloy at a side and the electrolyte."""
    return f"alloy contact ({side.name})"


def capacitance_of(resistance: str) -> str:
    """Role of the capacitance beside a series resistance, by the name of that variable.

    >>> capacitance_of("Separator resistance [Ohm.m2]")
    'capacitance of the separator resistance'
    """
    return f"capacitance of the {resistance.split(' [')[0].lower()}"
