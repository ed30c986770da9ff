"""The capacity ledger of a run: from values at the end of a discharge to the entries of `nasim.analysis.ledger`."""

from itertools import accumulate

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..analysis.ledger import KEYS, sb_s_ledger, sulfur_ledger


class Accounts:
    """Ledger of each discharge of a full cell; entries of a chain that the model lacks are left out.

    Parameters
    ----------
    stepper : Stepper
    parameters : ParameterSet
        For the electrons per formula unit of each step.
    """

    def __init__(self, stepper, parameters):
        self.chains = [chain for chain in (nm.SULFUR, nm.SB_S) if chain.amount in stepper.model.variables]
        self.electrons = {c: [0.0, *accumulate(parameters.value(c.n(k)) for k in c.links)] for c in self.chains}

    @property
    def names(self):
        """Variables that a ledger needs."""
        return [name for chain in self.chains for name in _names(chain)]

    def row(self, segments, ends):
        """Ledger at the end of the last discharge among `segments` [mAh cm-2], a dict; `ends` are the values there."""
        discharges = [end for segment, end in zip(segments, ends, strict=True) if segment.step.kind == "discharge"]
        return self._entries(discharges[-1]) if discharges else {}

    def _entries(self, values):
        entries = {}
        for chain in self.chains:
            capacity, limitation, *amounts = (values[name] for name in _names(chain))
            connected, isolated = amounts[: len(chain.species)], amounts[len(chain.species) :]
            capacity, electrons = to_mAh_cm2(capacity), self.electrons[chain]
            if chain is nm.SULFUR:
                entries |= dict(
                    zip(KEYS, sulfur_ledger(capacity, electrons, connected, isolated, limitation), strict=False)
                )
            else:
                whole = [c + b for c, b in zip(connected, isolated, strict=True)]
                entries |= dict(zip(KEYS[4:], sb_s_ledger(capacity, electrons, whole), strict=True))
        return entries


def _names(chain):
    """Capacity, limitation, connected and isolated amounts of a chain."""
    count = range(len(chain.species))
    amounts = [name(k) for name in (chain.amount_of, chain.isolated) for k in count]
    return [chain.capacity, chain.limitation, *amounts]
