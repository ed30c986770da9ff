"""A layer of solid electrolyte, as an object whose attributes are the names of its parameters and losses."""

from __future__ import annotations

from dataclasses import dataclass

from .registry import parameter


@dataclass(frozen=True)
class Layer:
    """One layer of solid electrolyte between the electrodes."""

    name: str

    def enter_parameters(self) -> Layer:
        """Enter the parameters of the layer into `PARAMETERS`, so that sets may hold them; returns the layer."""
        parameter(self.thickness, f"Thickness of the {self.name.lower()} after pressing")
        parameter(self.conductivity, f"Ionic conductivity of the {self.name.lower()} at 298.15 K")
        parameter(self.Ea, f"Activation energy of sigma T of the {self.name.lower()}")
        parameter(self.electronic, f"Electronic conductivity of the {self.name.lower()} at 298.15 K")
        parameter(self.electronic_Ea, f"Activation energy of the electronic sigma T of the {self.name.lower()}")
        parameter(self.toughness, f"Fracture toughness K_IC of the {self.name.lower()}")
        parameter(self.lateral_stress, f"Stress across the die over stack pressure in the {self.name.lower()}")
        return self

    @property
    def thickness(self):
        return f"{self.name} thickness [m]"

    @property
    def electronic(self):
        return f"{self.name} electronic conductivity [S.m-1]"

    @property
    def electronic_Ea(self):
        return f"{self.name} electronic activation energy [J.mol-1]"

    @property
    def toughness(self):
        return f"{self.name} fracture toughness [Pa.m0.5]"

    @property
    def lateral_stress(self):
        """How much of the stack pressure holds cracks in the layer shut."""
        return f"{self.name} lateral stress ratio"

    @property
    def bulk_loss(self):
        """Voltage across the grains where their capacitance counts, discharge positive."""
        return f"{self.name} bulk voltage loss [V]"

    @property
    def grain_boundary_loss(self):
        """Voltage across the grain boundaries where their capacitance counts, discharge positive."""
        return f"{self.name} grain-boundary voltage loss [V]"

    @property
    def conductivity(self):
        return f"{self.name} conductivity [S.m-1]"

    @property
    def Ea(self):
        return f"{self.name} activation energy [J.mol-1]"
