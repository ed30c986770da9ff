"""The capacity ledger of a run: from values around a discharge to the entries of `nasim.analysis.ledger`."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..analysis.ledger import sb_s_ledger, sulfur_ledger
from ..parameters import ParameterSet
from .stepper import Segment, Stepper

STORES = (nm.STORED_CHARGE, nm.POSITIVE.double_layer_sodium)
"""All that the cathode holds, C m-2: reaction chains, what mechanisms of your own add, double layer."""


class _Names(NamedTuple):
    """Variables that the entries of a chain are computed from: amounts of its connected and isolated species, and more."""

    connected: list[str]
    isolated: list[str]
    capacity: str
    limitation: str
    stored: str

    @classmethod
    def of(cls, chain) -> "_Names":
        """Return those of a chain."""
        connected, isolated = (
            [name(k) for k in range(len(chain.species))] for name in (chain.amount_of, chain.isolated)
        )
        return cls(connected, isolated, chain.capacity, chain.limitation, chain.stored_charge)

    def amounts(self, values: Mapping[str, float]) -> tuple[list[float], list[float]]:
        """Return the amounts of connected and of isolated species among values by name."""
        return [values[name] for name in self.connected], [values[name] for name in self.isolated]


class DischargeLedger:
    """Capacity ledger of each discharge of a full cell; entries of a chain that the model lacks are left out.

    Parameters
    ----------
    stepper : Stepper
    parameters : ParameterSet
        For the electrons per formula unit of each step.

    Attributes
    ----------
    names : list of str
        Variables that a ledger needs.
    """

    def __init__(self, stepper: Stepper, parameters: ParameterSet):
        self.chains = [chain for chain in (nm.SULFUR, nm.SB_S) if chain.amount in stepper.model.variables]
        self.electrons = [
            [0.0, *accumulate(parameters.value(chain.n(k)) for k in chain.links)] for chain in self.chains
        ]
        self.stores = [name for name in STORES if name in stepper.model.variables]
        self.needed = [_Names.of(chain) for chain in self.chains]
        self.names = [name for *amounts, a, b, c in self.needed for name in (a, b, c, *amounts[0], *amounts[1])]
        self.names += [nm.LEAK_CHARGE, *self.stores]

    def row(self, segments: Sequence[Segment], pairs: Sequence[tuple[Mapping, Mapping]]) -> dict[str, float]:
        """Return the ledger of the last discharge among some segments, column of the summary -> mAh cm-2.

        Parameters
        ----------
        segments : sequence of Segment
        pairs : sequence of (mapping, mapping)
            Values of `names` before and after each segment.
        """
        around = [pair for segment, pair in zip(segments, pairs, strict=True) if segment.step.kind == "discharge"]
        return self._entries(*around[-1]) if around and self.chains else {}

    def _entries(self, start, end):
        entries, in_chains = {}, 0.0
        for chain, names, electrons in zip(self.chains, self.needed, self.electrons, strict=True):
            before, after, capacity = names.amounts(start), names.amounts(end), to_mAh_cm2(end[names.capacity])
            if chain is nm.SULFUR:
                entries |= sulfur_ledger(capacity, electrons, before, after, end[names.limitation])
            else:
                entries |= sb_s_ledger(capacity, electrons, before, after)
            in_chains += end[names.stored] - start[names.stored]
        stored = sum(end[name] - start[name] for name in self.stores)
        entries["ledger_double_layer_mAh_cm2"] = to_mAh_cm2(stored - in_chains)
        entries["ledger_leak_mAh_cm2"] = to_mAh_cm2(end[nm.LEAK_CHARGE] - start[nm.LEAK_CHARGE])
        return entries
