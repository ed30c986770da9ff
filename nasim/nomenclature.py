"""Every name in nasim, written once, with its unit.

Variables and parameters are called ``"Capitalised description [unit]"`` as in PyBaMM, SI units inside the brackets.
Code never spells a name: it takes it from here, so that a misspelling is an `AttributeError` at import and not a wrong
result. What exists twice in a cell (a side) or is one use of a general mechanism (a redox chain) is an object whose
attributes are the names.

Sign conventions (physics.md 1): discharge current is positive; the current at a side is positive when that side is
oxidised (gives sodium to the electrolyte); electrode potentials are against Na/Na+.
"""

import re
from dataclasses import dataclass

PARAMETERS: dict[str, str] = {}
"""Name -> one-line meaning of every parameter that a set may hold. Filled below and by the name objects."""


def _parameter(name, meaning):
    PARAMETERS[name] = meaning
    return name


def unit_of(name):
    """The unit between the brackets of a name, "-" where there is none.

    >>> unit_of("Separator thickness [m]"), unit_of("Sulfur mass fraction")
    ('m', '-')
    """
    match = re.search(r"\[([^\[\]]+)\]\s*$", name)
    return match.group(1) if match else "-"


def loss_of(resistance):
    """Name of the voltage loss [V] over a series resistance.

    >>> loss_of("Separator resistance [Ohm.m2]")
    'Separator voltage loss [V]'
    """
    return resistance.replace("resistance [Ohm.m2]", "voltage loss [V]")


# --- sides ------------------------------------------------------------------------------------------------------------


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
    def supply(self):
        """1 while the surface of the alloy has sodium to give, 0 where it has none."""
        return self._variable("sodium supply")

    @property
    def depletion(self):
        """Mean minus surface sodium per tin atom."""
        return self._variable("surface depletion of sodium per tin")

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
    def contact_resistance(self):
        return self._variable("contact resistance [Ohm.m2]")

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
    def interphase_current(self):
        """Sodium taken from the alloy by the growing interphase, as current density."""
        return self._variable("interphase consumption [A.m-2]")


NEGATIVE = Side("negative", +1)
POSITIVE = Side("positive", -1)


# --- redox chains -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One reaction of a chain: species number `ox` takes up electrons and becomes species number `red`."""

    label: str
    ox: int
    red: int

    @property
    def spans(self):
        """How many elementary steps it makes at once; 1 along the chain."""
        return self.red - self.ox


@dataclass(frozen=True)
class Chain:
    """The names of one redox chain X_0 -> X_1 -> ... -> X_m in the cathode.

    `branches` are further reactions that skip species; their potential follows from the steps they span.
    """

    name: str
    species: tuple[str, ...]
    branches: tuple[Step, ...] = ()

    def __str__(self):
        return self.name

    def __post_init__(self):
        for k in self.links:
            _parameter(self.U(k), f"Equilibrium potential of {self.name} step {k} at 298.15 K, against Na/Na+")
            _parameter(self.dUdT(k), f"Temperature coefficient of the potential of {self.name} step {k}")
            _parameter(self.n(k), f"Electrons of {self.name} step {k} per formula unit")
        for step in self.steps:
            _parameter(self.i0(step), f"Exchange current density of {self.name} {step.label}, at the reference loading")
            _parameter(self.alpha(step), f"Transfer coefficient of the reduction in {self.name} {step.label}")
            _parameter(self.Ea(step), f"Activation energy of the kinetics of {self.name} {step.label}")

    @property
    def links(self):
        """Numbers 1..m of the elementary steps; step k turns species k-1 into species k."""
        return range(1, len(self.species))

    @property
    def steps(self):
        """All reactions: the elementary steps, then the branches."""
        return (*(Step(f"step {k}", k - 1, k) for k in self.links), *self.branches)

    # parameters of an elementary step, by number
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


SULFUR = Chain("Sulfur", ("S", "Na2S2", "Na2S"), branches=(Step("direct step", 0, 2),))
SB_S = Chain("Sb-S", ("SbxSy", "NaxSbS4", "Na3SbS4", "Na2S-Sb"))

# --- variables of the whole cell ----------------------------------------------------------------------------------------

TIME = "Time [s]"
CURRENT = "Current [A]"
CURRENT_DENSITY = "Total current density [A.m-2]"
"""External current density, discharge positive (PyBaMM's name)."""
CELL_CURRENT = "Faradaic current density [A.m-2]"
"""Current through electrolyte and electrodes: external plus leak, discharge positive."""
VOLTAGE = "Voltage [V]"
BATTERY_VOLTAGE = "Battery voltage [V]"
POWER = "Power [W]"
C_RATE = "C-rate"
CHARGE_PASSED = "Discharge capacity [A.h]"
DISCHARGE_ENERGY = "Discharge energy [W.h]"
OPEN_PATH_VOLTAGE = "Open-path voltage [V]"
"""Positive minus negative electrode potential, less the capacitive polarisation: before the series resistances."""
EQUILIBRIUM_VOLTAGE = "Equilibrium voltage [V]"
TEMPERATURE = "Cell temperature [K]"
STACK_PRESSURE = "Stack pressure [Pa]"
SEPARATOR_RESISTANCE = "Separator resistance [Ohm.m2]"
INTRINSIC_LEAK = "Intrinsic electronic conductance [S.m-2]"
"""Electronic conductance of the intact separator."""
BLOCKING_LEAD = "Lead resistance [Ohm.m2]"
BRIDGE_GROWTH = "Soft-short growth, logarithm of conductance"
PLATED_CHARGE = "Charge plated at the alloy [C.m-2]"
"""Charge that has passed into the alloys since assembly, never less: the clock of a soft short."""
LEAK_CONDUCTANCE = "Soft-short conductance [S.m-2]"
LEAK_CURRENT = "Leak current density [A.m-2]"
LEAK_CHARGE = "Leak charge [C.m-2]"
CONNECTED = "Connected fraction"
INITIAL_CONNECTED = "Initial connected fraction"
ISOLATION_RATE = "Isolation rate [s-1]"
RECONNECTION_RATE = "Reconnection rate [s-1]"
STRAIN = "Cathode strain"
LARGEST_STRAIN = "Largest cathode strain"
GAP = "Gap strain"
CONTACT_CREEP = "Contact creep, logarithm of time"
CONTACT_LOSS = "Lost contact fraction"
MILLED_SHARE = "Milled share of the desodiated Sb-S phase"
MILLED_POTENTIAL = "Potential excess of the milled Sb-S phase [V]"
UPTAKE = "Charge taken up by the cathode [C.m-2]"
"""As one number for the whole cathode: what makes it swell."""
COMPOSITE_RESISTANCE = "Composite resistance [Ohm.m2]"
"""Of a porous cathode: what a step of current meets before its double layers move."""
COMPOSITE_CONDUCTIVITY = "Effective ionic conductivity of the composite [S.m-1]"
TRANSPORT_LOSS = "Composite transport voltage loss [V]"
"""Of a porous cathode: to the spread of the reactions over its thickness."""
GROWTH = "Stack growth [m]"
"""Change of the length of cathode and anode together since assembly."""
HEAT = "Heat [W.m-2]"
REACTION_HEAT = "Reaction heat [W.m-2]"
OHMIC_HEAT = "Ohmic heat [W.m-2]"

# --- inputs of a step (nasim's own protocols; PyBaMM's experiments do not use them) ---------------------------------------

STEP_CURRENT = "Step current density [A.m-2]"
STEP_IS_VOLTAGE = "Step controls voltage"
STEP_VOLTAGE = "Step voltage [V]"
STEP_SLOPE = "Step voltage slope [V.s-1]"
STEP_VOLTAGE_SIDE = "Step voltage cut-off side"
STEP_VOLTAGE_CUT = "Step voltage cut-off [V]"
STEP_CURRENT_SIDE = "Step current cut-off side"
STEP_CURRENT_CUT = "Step current cut-off [A.m-2]"

# --- totals: variables that several mechanisms add a term to (compose.py sums them) --------------------------------------

SERIES_RESISTANCE = "Series resistance [Ohm.m2]"
REACTION_CURRENT = "Reaction current density [A.m-2]"
"""Sum of the cathode reactions, reduction positive; a field over the cathode in the porous model."""
STORED_CHARGE = "Cathode stored charge [C.m-2]"
"""Sodium at the positive electrode without its double layer, as charge per area."""
VOLTAGE_LOSS = "Voltage loss [V]"
"""Sum of all voltage losses by mechanism; equilibrium voltage = voltage + losses."""
ENTROPIC_HEAT = "Entropic heat [W.m-2]"
SODIUM = "Sodium inventory [C.m-2]"
"""Sodium in both electrodes and their interphases, as charge per area; constant in a closed cell."""

POLARISATION = "Capacitive polarisation [V]"
"""Voltages in series that are states: each across a resistance with its capacitance in parallel, discharge positive."""

DISTRIBUTED_LOSS = "Distributed ohmic loss [V]"
"""The part of `VOLTAGE_LOSS` that is resistive but not in series: conduction inside porous electrodes."""

TOTALS = (SERIES_RESISTANCE, POLARISATION, REACTION_CURRENT, STORED_CHARGE, VOLTAGE_LOSS, DISTRIBUTED_LOSS)
TOTALS += (ENTROPIC_HEAT, SODIUM)

# --- parameters -------------------------------------------------------------------------------------------------------

# settings and conditions
CURRENT_FUNCTION = _parameter("Current function [A]", "Applied current, discharge positive; experiments replace it")
NOMINAL_CAPACITY = _parameter("Nominal cell capacity [A.h]", "Capacity that defines 1C")
AREA = _parameter("Electrode area [m2]", "Cross-section of the die")
LOWER_CUT_OFF = _parameter("Lower voltage cut-off [V]", "Lower end of the voltage window")
UPPER_CUT_OFF = _parameter("Upper voltage cut-off [V]", "Upper end of the voltage window")
AMBIENT_TEMPERATURE = _parameter("Ambient temperature [K]", "Temperature of the surroundings")
APPLIED_PRESSURE = _parameter("Applied stack pressure [Pa]", "Stack pressure set by the fixture")
INITIAL_POTENTIAL = _parameter(
    "Initial cathode potential [V]",
    "Potential against Na/Na+ that the fresh cathode is in equilibrium with; sets all species at the start",
)

# cathode
COMPOSITE_MASS = _parameter("Composite cathode mass [kg]", "Mass of the composite cathode in the cell")
SULFUR_MASS_FRACTION = _parameter("Sulfur mass fraction", "Sulfur in the composite cathode")
CATHOLYTE_MASS_FRACTION = _parameter("Catholyte mass fraction", "Solid electrolyte in the composite cathode")
SULFUR_MOLAR_MASS = _parameter("Sulfur molar mass [kg.mol-1]", "Molar mass of S")
CATHOLYTE_MOLAR_MASS = _parameter("Catholyte molar mass [kg.mol-1]", "Molar mass of the solid electrolyte")
SULFUR_REFERENCE_LOADING = _parameter(
    "Sulfur reference loading [kg.m-2]", "Sulfur per area of the cathode that its kinetic values come from"
)
CATHOLYTE_REFERENCE_LOADING = _parameter(
    "Catholyte reference loading [kg.m-2]", "Catholyte per area of the cathode that its kinetic values come from"
)
CATHODE_THICKNESS = _parameter("Cathode thickness [m]", "Thickness of the composite cathode")
RATE_BOUND = _parameter(
    "Reaction rate bound [A.m-2]", "Largest one-way rate of any cathode reaction, by supply at the reacting surface"
)
SULFUR_LAYER_CURRENT = _parameter(
    "Sulfur layer current density [A.m-2]", "Reduction that bare carbon can pass to sulfur, at 298.15 K"
)
SULFUR_LAYER_DECAY = _parameter(
    "Sulfur layer decay sodiation", "Sodiation of sulfur over which its insulating product film passes e times less"
)
SULFUR_OXIDATION_CURRENT = _parameter(
    "Sulfur oxidation limiting current density [A.m-2]", "Oxidation that the sulfide can sustain, at 298.15 K"
)
SULFUR_LAYER_EA = _parameter("Sulfur layer activation energy [J.mol-1]", "Of transport through the product film")
SB_S_GRAIN_CURRENT = _parameter(
    "Sb-S grain limiting current density [A.m-2]", "Self-redox that transport in the grains can sustain, at 298.15 K"
)
SB_S_GRAIN_EA = _parameter("Sb-S grain activation energy [J.mol-1]", "Of transport in the Sb-S grains")
DEEP_LAYER_CURRENT = _parameter(
    "Sb-S deep layer current density [A.m-2]", "Deep reduction through a full layer of its product, at 298.15 K"
)
DOUBLE_LAYER = _parameter("Cathode double-layer capacitance [F.m-2]", "Double layer per electrode area")
MOLAR_EXPANSION = _parameter(
    "Cathode expansion per mole of electrons [m3.mol-1]", "Swelling of the cathode for each mole of electrons taken up"
)
MILLING_SHIFT = _parameter(
    "Milled Sb-S potential shift [V]", "Excess of the potential of the milled, desodiated phase over the re-formed one"
)

# separator


@dataclass(frozen=True)
class Layer:
    """One layer of solid electrolyte between the electrodes."""

    name: str

    def __post_init__(self):
        _parameter(self.thickness, f"Thickness of the {self.name.lower()} after pressing")
        _parameter(self.conductivity, f"Ionic conductivity of the {self.name.lower()} at 298.15 K")
        _parameter(self.Ea, f"Activation energy of sigma T of the {self.name.lower()}")
        _parameter(self.electronic, f"Electronic conductivity of the {self.name.lower()}")

    @property
    def thickness(self):
        return f"{self.name} thickness [m]"

    @property
    def electronic(self):
        return f"{self.name} electronic conductivity [S.m-1]"

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


SEPARATOR = Layer("Separator")
INTERLAYER = Layer("Interlayer")

# alloy
ALLOY_PLATEAUS = tuple(
    _parameter(f"Alloy potential of {phases} [V]", f"Plateau where {phases} coexist, against Na/Na+")
    for phases in ("Sn-NaSn2", "NaSn2-NaSn", "NaSn-Na9Sn4", "Na9Sn4-Na15Sn4")
)
ALLOY_CAPACITY = _parameter("Alloy sodium capacity [C.m-2]", "Sodium in Na15Sn4 of one electrode, as charge")
ALLOY_INITIAL_CONTENT = _parameter("Alloy initial sodium per tin", "3.75 is Na15Sn4")
ALLOY_I0 = _parameter("Alloy exchange current density [A.m-2]", "At 298.15 K and the reference pressure")
ALLOY_EA = _parameter("Alloy activation energy [J.mol-1]", "Of the exchange current")
ALLOY_ALPHA = _parameter("Alloy transfer coefficient", "Anodic transfer coefficient gamma_a of eq. 4")
ALLOY_MOLAR_VOLUME = _parameter("Alloy partial molar volume of sodium [m3.mol-1]", "Omega_Na of the alloy")
ALLOY_DOUBLE_LAYER = _parameter("Alloy double-layer capacitance [F.m-2]", "Double layer at the alloy")
ALLOY_DIFFUSIVITY = _parameter("Alloy sodium diffusivity [m2.s-1]", "Of sodium in the alloy at 298.15 K")
ALLOY_DIFFUSION_EA = _parameter("Alloy diffusion activation energy [J.mol-1]", "Of the diffusivity")
ALLOY_DIFFUSION_LENGTH = _parameter("Alloy diffusion length [m]", "Radius of its grains, or thickness of a dense layer")
REFERENCE_PRESSURE = _parameter("Reference stack pressure [Pa]", "Pressure at which kinetic values hold")

# interphase
INTERPHASE_INITIAL = _parameter("Interphase initial thickness [m]", "At assembly")
INTERPHASE_FINAL = _parameter("Interphase final thickness [m]", "At which growth at rest ends")
INTERPHASE_EXPONENT = _parameter("Interphase Avrami exponent", "n of the Avrami law")
INTERPHASE_DIFFUSION = _parameter("Interphase parabolic constant [m2.s-1]", "k_p of the parabolic and mixed laws")
INTERPHASE_REACTION = _parameter("Interphase reaction rate [m.s-1]", "k_r: growth of a bare interface, 298.15 K")
INTERPHASE_TUNNELLING = _parameter("Interphase tunnelling length [m]", "lambda of the tunnelling law")
INTERPHASE_CAPACITANCE = _parameter("Interphase capacitance [F.m-2]", "In parallel to its resistance")
INTERPHASE_TAU = _parameter("Interphase time constant [s]", "Of the growth at rest, 298.15 K")
INTERPHASE_RESISTIVITY = _parameter("Interphase resistivity [Ohm.m]", "Ionic resistivity at 298.15 K")
INTERPHASE_EA = _parameter("Interphase activation energy [J.mol-1]", "Of its conductivity and growth")
INTERPHASE_CHARGE_DENSITY = _parameter(
    "Interphase sodium charge density [C.m-3]", "Sodium that a volume of interphase has taken from the alloy"
)

# conditions of contact, fixture, short, heat
CONTACT_P0 = _parameter("Contact pressure scale [Pa]", "P0 of the connected fraction of the cathode")
CONTACT_EXPONENT = _parameter("Contact pressure exponent", "m of the connected fraction of the cathode")
CONTACT_FOLLOW = _parameter("Contact response time [s]", "Time in which the connected fraction follows its law")
CONTACT_FLEXIBILITY = _parameter(
    "Accommodated strain per pressure [Pa-1]", "Shrinkage of the cathode that a unit of stack pressure can follow"
)
GAP_SCALE = _parameter("Isolating gap strain", "Gap, as strain of the cathode, that isolates 63 % of the material")
BREATHING_LOSS = _parameter("Contact loss per strain", "Share of contact lost for a unit of strain run through")
CREEP_GAIN = _parameter("Contact creep gain", "Gain of contact for each e-fold of time under pressure")
CREEP_TIME = _parameter("Contact creep time [s]", "Time after which creep of the contact starts to count")
FIXTURE_STIFFNESS = _parameter("Fixture stiffness [Pa.m-1]", "Rise of stack pressure for each metre of growth")
INTERFACE_RESISTANCE = _parameter("Contact resistance at reference pressure [Ohm.m2]", "Alloy against electrolyte")
INTERFACE_EXPONENT = _parameter("Contact resistance exponent", "n in R_c = R_c0 (P_ref/P)^n")
INTERFACE_P0 = _parameter("Alloy contact pressure scale [Pa]", "P0 of the contact fraction at the alloy")
SHORT_CURRENT = _parameter(
    "Soft-short critical current density [A.m-2]",
    "Plating current above which a soft short grows faster than it heals, at the worst stack pressure",
)
SHORT_HEALING = _parameter("Soft-short healing time [s]", "Time in which the leak falls by a factor of e")
SHORT_LIMIT = _parameter(
    "Soft-short largest conductance [S.m-2]", "Leak at which bridges burn out as fast as they form"
)
HEAT_CAPACITY = _parameter("Cell heat capacity [J.m-2.K-1]", "Of cell and die, per electrode area")
HEAT_TRANSFER = _parameter("Heat transfer coefficient [W.m-2.K-1]", "Cell to surroundings, per electrode area")
CATHODE_IONIC = _parameter("Composite ionic conductivity [S.m-1]", "Effective, catholyte as Na3SbS4, 298.15 K")
CATHODE_ELECTRONIC = _parameter("Composite electronic conductivity [S.m-1]", "Effective, of the carbon network")
CATHODE_IONIC_EA = _parameter("Composite ionic activation energy [J.mol-1]", "Of sigma T of the composite")
CATHODE_IONIC_DESODIATED = _parameter(
    "Desodiated ionic conductivity ratio", "Conductivity with the catholyte as SbxSy over that as Na3SbS4"
)
CYCLING_GROWTH = _parameter("Interphase growth per charge [m3.C-1]", "Fresh interphase per charge passed")
CYCLED_FINAL = _parameter("Interphase cycled thickness [m]", "Further thickness at which growth by cycling ends")

# cell with blocking electrodes
PERMITTIVITY = _parameter("Electrolyte relative permittivity", "Of the grains; gives the geometric capacitance")
GRAIN_BOUNDARY_SHARE = _parameter("Grain-boundary share of the resistance", "Of the separator, at all temperatures")
GRAIN_BOUNDARY_CAPACITANCE = _parameter("Grain-boundary capacitance [F.m-2]", "Of all grain boundaries in series")
BLOCKING_DOUBLE_LAYER = _parameter("Blocking double-layer capacitance [F.m-2]", "Of one ion-blocking electrode")
LEAD_RESISTANCE = _parameter("Blocking cell lead resistance [Ohm.m2]", "Leads and pistons, in series with the pellet")
