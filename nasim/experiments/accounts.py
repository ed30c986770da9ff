"""The capacity ledger of a run: reads from a segment what `nasim.analysis.ledger` needs."""

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
        self.stepper = stepper
        self.chains = [chain for chain in (nm.SULFUR, nm.SB_S) if chain.amount in stepper.model.variables]
        self.electrons = {c: [0.0, *accumulate(parameters.value(c.n(k)) for k in c.links)] for c in self.chains}

    def row(self, segments):
        """Ledger at the end of the last discharge among `segments` [mAh cm-2], a dict."""
        discharges = [segment for segment in segments if segment.step.kind == "discharge"]
        if not discharges:
            return {}
        entries = {}
        for chain in self.chains:
            capacity, limitation, connected, isolated = self._amounts(chain, discharges[-1])
            electrons = self.electrons[chain]
            if chain is nm.SULFUR:
                entries |= dict(zip(KEYS, sulfur_ledger(capacity, electrons, connected, isolated, limitation), strict=False))
            else:
                amounts = [c + b for c, b in zip(connected, isolated, strict=True)]
                entries |= dict(zip(KEYS[4:], sb_s_ledger(capacity, electrons, amounts), strict=True))
        return entries

    def _amounts(self, chain, segment):
        count = range(len(chain.species))
        names = [chain.capacity, chain.limitation, *(chain.amount_of(k) for k in count), *(chain.isolated(k) for k in count)]
        values = self.stepper.observe(names, segment.t[[-1]], segment.y[:, [-1]], segment.inputs)[:, 0]
        n = len(chain.species)
        return to_mAh_cm2(values[0]), values[1], list(values[2 : 2 + n]), list(values[2 + n :])
