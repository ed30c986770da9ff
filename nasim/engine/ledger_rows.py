"""The capacity ledger of a run: from values around a discharge to the entries of `nasim.analysis.ledger`."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..analysis.ledger import sb_s_ledger, sulfur_ledger
from ..parameters import ParameterSet
from .stepper import Segment, Stepper

STORES = (nm.STORED_CHARGE, nm.POSITIVE.double_layer_sodium)
"""All that the cathode holds, C m-2: reaction chains, what mechanisms of your own add, double layer."""


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
        self.electrons = {
            chain: [0.0, *accumulate(parameters.value(chain.n(k)) for k in chain.links)] for chain in self.chains
        }
        self.stores = [name for name in STORES if name in stepper.model.variables]
        self.amounts = {chain: _amounts(chain) for chain in self.chains}
        self.names = [name for chain in self.chains for name in self._names(chain)] + [nm.LEAK_CHARGE, *self.stores]

    def _names(self, chain):
        """All that the entries of a chain are computed from."""
        connected, isolated = self.amounts[chain]
        return [chain.capacity, chain.limitation, chain.stored_charge, *connected, *isolated]

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
        for chain in self.chains:
            before, after = (
                tuple([values[name] for name in pool] for pool in self.amounts[chain]) for values in (start, end)
            )
            capacity, electrons = to_mAh_cm2(end[chain.capacity]), self.electrons[chain]
            if chain is nm.SULFUR:
                entries |= sulfur_ledger(capacity, electrons, before, after, end[chain.limitation])
            else:
                entries |= sb_s_ledger(capacity, electrons, before, after)
            in_chains += end[chain.stored_charge] - start[chain.stored_charge]
        stored = sum(end[name] - start[name] for name in self.stores)
        entries["ledger_double_layer_mAh_cm2"] = to_mAh_cm2(stored - in_chains)
        entries["ledger_leak_mAh_cm2"] = to_mAh_cm2(end[nm.LEAK_CHARGE] - start[nm.LEAK_CHARGE])
        return entries


def _amounts(chain):
    """Names of the amounts of the connected and of the isolated species of a chain."""
    return tuple([name(k) for k in range(len(chain.species))] for name in (chain.amount_of, chain.isolated))
