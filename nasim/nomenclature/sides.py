"""The two sides of a cell, as objects whose attributes are the names of their variables."""

from dataclasses import dataclass

from .variables import SODIUM, STORED_CHARGE


@dataclass(frozen=True)
class Side:
    """One side of the cell. `sign` is +1 where a discharge current oxidises, -1 where it reduces."""

    name: str
    sign: int

    def __str__(self):
        return self.name

    def _variable(self, description):
        return f"{self.name.capitalize()} electrode {description}"

    @property
    def domain(self):
        return f"{self.name} electrode"

    @property
    def potential(self):
        """phi_s - phi_e where the electrode meets the electrolyte, against Na/Na+."""
        return self._variable("potential difference [V]")

    @property
    def terminal(self):
        """phi_s at the current collector minus phi_e at the separator, without ohmic parts, against Na/Na+."""
        return self._variable("terminal potential [V]")

    @property
    def equilibrium_potential(self):
        return self._variable("equilibrium potential [V]")

    @property
    def overpotential(self):
        return self._variable("overpotential [V]")

    @property
    def inventory(self):
        """Sodium stored in the alloy, as charge per area."""
        return self._variable("sodium inventory [C.m-2]")

    @property
    def extracted(self):
        """Sodium taken from the alloy since assembly, as charge per area."""
        return self._variable("extracted sodium [C.m-2]")

    @property
    def sodium_content(self):
        """Sodium per tin atom."""
        return self._variable("sodium per tin")

    @property
    def tin_content(self):
        """Sodium per tin atom of an alloy of sodium and tin, which alloys of other elements do not give."""
        return self._variable("sodium per tin of Na-Sn")

    @property
    def supply(self):
        """1 while the surface of the alloy has sodium to give, 0 where it has none."""
        return self._variable("sodium supply")

    @property
    def depletion(self):
        """Mean minus surface sodium per tin atom."""
        return self._variable("surface depletion of sodium per tin")

    @property
    def surface_metal(self):
        """Sodium metal on the surface, per tin atom of the alloy."""
        return self._variable("surface metal per tin")

    def depletion_mode(self, n):
        """Sodium per tin drawn within the relaxation time of mode n of the diffusion."""
        return self._variable(f"sodium per tin drawn of late, mode {n}")

    @property
    def diffusion_loss(self):
        return self._variable("diffusion voltage loss [V]")

    @property
    def double_layer_sodium(self):
        """Sodium held at the electrolyte side of the double layer, as charge per area (minus the electronic charge)."""
        return self._variable("double-layer sodium [C.m-2]")

    @property
    def kinetic_current(self):
        """Charge transfer at the alloy, oxidation positive."""
        return self._variable("kinetic current density [A.m-2]")

    @property
    def plated_sodium(self):
        return self._variable("plated sodium [C.m-2]")

    @property
    def contact_fraction(self):
        return self._variable("contact fraction")

    @property
    def void_share(self):
        """Share of the interface that voids have taken."""
        return self._variable("void share")

    @property
    def filament(self):
        """Length of filaments over the thickness of the electrolyte."""
        return self._variable("filament length over thickness")

    @property
    def contact_resistance(self):
        return self._variable("contact resistance [Ohm.m2]")

    @property
    def expansion(self):
        """Growth of the electrode with a mole of electrons that the cell delivers."""
        return self._variable("expansion per mole of electrons [m3.mol-1]")

    @property
    def kinetic_loss(self):
        return self._variable("kinetic voltage loss [V]")

    @property
    def sodium_totals(self):
        """Totals that sodium at this side belongs to: at the positive side it has come through the cell."""
        return (SODIUM,) if self.sign > 0 else (SODIUM, STORED_CHARGE)

    @property
    def interphase_thickness(self):
        return self._variable("interphase thickness [m]")

    @property
    def interphase_rest_thickness(self):
        """The part of the interphase that grows by itself, at rest too."""
        return self._variable("rest interphase thickness [m]")

    @property
    def interphase_cycled_thickness(self):
        """The part of the interphase that grew on surface freshened by the current."""
        return self._variable("cycled interphase thickness [m]")

    @property
    def interphase_resistance(self):
        return self._variable("interphase resistance [Ohm.m2]")

    @property
    def interphase_loss(self):
        """Voltage across the interphase, positive on discharge."""
        return self._variable("interphase voltage loss [V]")

    @property
    def interphase_charge(self):
        """Sodium bound in the interphase, as charge per area."""
        return self._variable("interphase sodium [C.m-2]")

    @property
    def interphase_heat(self):
        """Heat of the growing interphase."""
        return self._variable("interphase heat [W.m-2]")

    @property
    def interphase_current(self):
        """Sodium taken from the alloy by the growing interphase, as current density."""
        return self._variable("interphase consumption [A.m-2]")


NEGATIVE = Side("negative", +1)
POSITIVE = Side("positive", -1)
