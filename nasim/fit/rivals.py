"""Rival explanations of what a cell does: each names the few parameters that stand for it.

The one place where `nasim.explain` names parameters of the physics; a parameter that a set has not is left out.
"""

from dataclasses import dataclass

from ..parameters import ParameterSet


@dataclass(frozen=True)
class Rival:
    """One mechanism as an explanation.

    Parameters
    ----------
    name : str
    what : str
        What it says of the cell, in a few words.
    limits : tuple of str
        Parameters by which it would set the first cycle.
    fades : tuple of str
        Parameters by which it would change the later ones.
    """

    name: str
    what: str
    limits: tuple[str, ...] = ()
    fades: tuple[str, ...] = ()

    def parameters(self, question: str, cell: ParameterSet) -> tuple[str, ...]:
        """Return the parameters for a question, "limits" or "fades", those that the set has with a range."""
        named = getattr(self, question)
        return tuple(name for name in named if name in cell.entries and cell.entries[name].range is not None)


RIVALS = (
    Rival(
        "kinetics",
        "charge transfer in the cathode",
        limits=("Sulfur step 1 exchange current density [A.m-2]", "Sulfur step 2 exchange current density [A.m-2]"),
    ),
    Rival(
        "product layer",
        "the product that covers the active material",
        limits=("Product layer current density [A.m-2]", "Product layer bare sodiation"),
    ),
    Rival(
        "contact",
        "active material that loses contact as it breathes",
        limits=("Isolating gap strain", "Elastic springback strain"),
        fades=("Contact loss per strain", "Wear strain exponent"),
    ),
    Rival("voids", "voids at the anode", fades=("Void growth per charge [m2.C-1]", "Void closing time [s]")),
    Rival(
        "interphase",
        "the resistive layer at the anode",
        limits=("Interphase resistivity [Ohm.m]", "Interphase initial thickness [m]"),
        fades=("Interphase growth per charge [m3.C-1]", "Interphase cycled thickness [m]"),
    ),
    Rival(
        "short",
        "filaments that bridge the separator",
        fades=("Filament growth per charge [m3.C-1]", "Bridge conductance [S.m-2]"),
    ),
    Rival(
        "loss of catholyte",
        "catholyte out of reach, or reduced for good",
        limits=("Accessible catholyte share",),
        fades=("Sb-S step 3 exchange current density [A.m-2]", "Sb-S deep layer current density [A.m-2]"),
    ),
)
