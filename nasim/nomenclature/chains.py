"""Redox chains, as objects whose attributes are the names of their parameters and variables."""

from __future__ import annotations

from dataclasses import dataclass

from .registry import parameter


@dataclass(frozen=True)
class Step:
    """One reaction of a chain: species number `ox` takes up electrons and becomes species number `red` = ox + 1."""

    label: str
    ox: int
    red: int


@dataclass(frozen=True)
class Chain:
    """The names of one redox chain X_0 -> X_1 -> ... -> X_m in the cathode."""

    name: str
    species: tuple[str, ...]

    def __str__(self):
        return self.name

    def enter_parameters(self) -> Chain:
        """Enter the parameters of the chain into `PARAMETERS`, so that sets may hold them; returns the chain."""
        for k in self.links:
            parameter(self.U(k), f"Equilibrium potential of {self.name} step {k} at 298.15 K, against Na/Na+")
            parameter(self.dUdT(k), f"Temperature coefficient of the potential of {self.name} step {k}")
            parameter(self.n(k), f"Electrons of {self.name} step {k} per formula unit")
        for step in self.steps:
            parameter(self.i0(step), f"Exchange current density of {self.name} {step.label}, at the reference loading")
            parameter(self.alpha(step), f"Transfer coefficient of the reduction in {self.name} {step.label}")
            parameter(self.Ea(step), f"Activation energy of the kinetics of {self.name} {step.label}")
        return self

    @property
    def links(self):
        """Numbers 1..m of the steps; step k turns species k-1 into species k."""
        return range(1, len(self.species))

    @property
    def steps(self):
        """The reactions, along the chain."""
        return tuple(Step(f"step {k}", k - 1, k) for k in self.links)

    # parameters of a step, by number
    def U(self, k):
        return f"{self.name} step {k} equilibrium potential [V]"

    def dUdT(self, k):
        return f"{self.name} step {k} entropic coefficient [V.K-1]"

    def n(self, k):
        return f"{self.name} step {k} electrons per formula unit"

    # parameters of a reaction
    def i0(self, step):
        return f"{self.name} {step.label} exchange current density [A.m-2]"

    def alpha(self, step):
        return f"{self.name} {step.label} transfer coefficient"

    def Ea(self, step):
        return f"{self.name} {step.label} activation energy [J.mol-1]"

    # variables of a species, by number
    def graded(self, k):
        """Amount of species k in the connected material by class of grains, per amount of the whole chain."""
        return f"Connected {self.species[k]} amount by class"

    def amount_of(self, k):
        """Amount of species k in the connected material, per amount of the whole chain."""
        return f"Connected {self.species[k]} amount"

    def connected(self, k):
        """Share of species k in the connected material."""
        return f"Connected {self.species[k]} fraction"

    def isolated(self, k):
        """Amount of species k in the isolated material, per amount of the whole chain."""
        return f"Isolated {self.species[k]} fraction"

    def fraction(self, k):
        """Share of species k in all material, connected and isolated."""
        return f"{self.species[k]} fraction"

    # variables of a reaction
    def forward(self, step):
        """One-way reduction rate by class of grains, at the reference loading and if transport did not limit it."""
        return f"{self.name} {step.label} one-way reduction rate [A.m-2]"

    def backward(self, step):
        """One-way oxidation rate by class of grains, at the reference loading and if transport did not limit it."""
        return f"{self.name} {step.label} one-way oxidation rate [A.m-2]"

    def potential(self, step):
        """Equilibrium potential of the step at this temperature and pressure, with what others add."""
        return f"{self.name} {step.label} potential [V]"

    def graded_current(self, step):
        """Current density of the reaction by class of grains, as if all grains were of it, reduction positive."""
        return f"{self.name} {step.label} current density by class [A.m-2]"

    def current(self, step):
        """Current density of the reaction per electrode area, reduction positive."""
        return f"{self.name} {step.label} current density [A.m-2]"

    def oxidation(self, step):
        """One-way oxidation rate in the connected material, per electrode area."""
        return f"{self.name} {step.label} oxidation rate [A.m-2]"

    def loss(self, step):
        return f"{self.name} {step.label} voltage loss [V]"

    # variables of the chain
    @property
    def limitation(self):
        """Share of the rate of the first reaction that transport takes away, 1 - 1/D."""
        return f"{self.name} transport limitation"

    @property
    def layer_loss(self):
        return f"{self.name} product-layer voltage loss [V]"

    @property
    def reaction_current(self):
        """Sum of the reactions, per electrode area, reduction positive."""
        return f"{self.name} current density [A.m-2]"

    @property
    def entropic_heat(self):
        return f"{self.name} entropic heat [W.m-2]"

    @property
    def mixing_heat(self):
        """Heat of the configurational entropy of the connected material."""
        return f"{self.name} mixing heat [W.m-2]"

    @property
    def capacity(self):
        """Charge of one electron per formula unit, per electrode area."""
        return f"{self.name} charge per electron [C.m-2]"

    @property
    def stored_charge(self):
        """Electrons taken up since X_0, by connected and isolated material, per electrode area."""
        return f"{self.name} stored charge [C.m-2]"

    @property
    def amount(self):
        """Formula units present, relative to those at the start; 1 unless something is lost."""
        return f"{self.name} relative amount"


SULFUR = Chain("Sulfur", ("S", "Na2S2", "Na2S")).enter_parameters()
SB_S = Chain("Sb-S", ("SbxSy", "NaxSbS4", "Na3SbS4", "Na2S-Sb")).enter_parameters()


def chain_names() -> tuple[str, ...]:
    """Names of the redox chains that nasim knows.

    >>> chain_names()
    ('Sulfur', 'Sb-S')
    """
    return tuple(chain.name for chain in (SULFUR, SB_S))
