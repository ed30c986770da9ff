"""Names and meanings of the parameters that belong to no chain; layers enter their own."""

from .layers import Layer
from .registry import parameter

# settings and conditions
CURRENT_FUNCTION = parameter("Current function [A]", "Applied current, discharge positive; experiments replace it")
NOMINAL_CAPACITY = parameter("Nominal cell capacity [A.h]", "Capacity that defines 1C")
AREA = parameter("Electrode area [m2]", "Cross-section of the die")
LOWER_CUT_OFF = parameter("Lower voltage cut-off [V]", "Lower end of the voltage window")
UPPER_CUT_OFF = parameter("Upper voltage cut-off [V]", "Upper end of the voltage window")
AMBIENT_TEMPERATURE = parameter("Ambient temperature [K]", "Temperature of the surroundings")
APPLIED_PRESSURE = parameter("Applied stack pressure [Pa]", "Stack pressure set by the fixture")
INITIAL_POTENTIAL = parameter(
    "Initial cathode potential [V]",
    "Potential against Na/Na+ that the fresh cathode is in equilibrium with; sets all species at the start",
)

# cathode
COMPOSITE_MASS = parameter("Composite cathode mass [kg]", "Mass of the composite cathode in the cell")
SULFUR_MASS_FRACTION = parameter("Sulfur mass fraction", "Sulfur in the composite cathode")
CATHOLYTE_MASS_FRACTION = parameter("Catholyte mass fraction", "Solid electrolyte in the composite cathode")
CARBON_MASS_FRACTION = parameter("Carbon mass fraction", "Carbon in the composite cathode")
SULFUR_MOLAR_MASS = parameter("Sulfur molar mass [kg.mol-1]", "Molar mass of S")
CATHOLYTE_MOLAR_MASS = parameter("Catholyte molar mass [kg.mol-1]", "Molar mass of the solid electrolyte")
SULFUR_REFERENCE_LOADING = parameter(
    "Sulfur reference loading [kg.m-2]", "Sulfur per area of the cathode that its kinetic values come from"
)
CATHOLYTE_REFERENCE_LOADING = parameter(
    "Catholyte reference loading [kg.m-2]", "Catholyte per area of the cathode that its kinetic values come from"
)
CATHODE_THICKNESS = parameter("Cathode thickness [m]", "Thickness of the composite cathode")
RATE_BOUND = parameter(
    "Reaction rate bound [A.m-2]", "Largest one-way rate of any cathode reaction, by supply at the reacting surface"
)
CATHOLYTE_DENSITY = parameter("Catholyte density [kg.m-3]", "Of the solid electrolyte in the composite")
CARBON_DENSITY = parameter("Carbon density [kg.m-3]", "Of the carbon in the composite")
SULFUR_DENSITY = parameter("Sulfur density [kg.m-3]", "Of sulfur")
REFERENCE_ELECTROLYTE = parameter(
    "Reference electrolyte volume fraction", "Electrolyte in the composite that its kinetic values come from"
)
ION_THRESHOLD = parameter(
    "Ionic percolation threshold", "Volume fraction of electrolyte below which none hangs together"
)
ELECTRON_THRESHOLD = parameter(
    "Electronic percolation threshold", "Volume fraction of carbon below which none hangs together"
)
PERCOLATION_EXPONENT = parameter("Percolation exponent", "beta of the share that belongs to the connected cluster")
ION_REFERENCE = parameter(
    "Reference ionic cluster share", "Share of the electrolyte that hangs together where the pressure law was fitted"
)
ELECTRON_REFERENCE = parameter(
    "Reference electronic cluster share", "Share of the carbon that hangs together where the pressure law was fitted"
)
LAYER_CURRENT = parameter(
    "Product layer current density [A.m-2]", "Reduction that a full product layer passes on a median grain, 298.15 K"
)
LAYER_BARE = parameter("Product layer bare sodiation", "Product that stands for the surface without a layer")
LAYER_EA = parameter("Product layer activation energy [J.mol-1]", "Of transport through the product layer")
LAYER_OXIDATION_RATIO = parameter("Product layer oxidation ratio", "How much more the layer passes on charge")
LAYER_CHARGE = parameter(
    "Product layer reference charge [C.m-2]",
    "Charge of all reversible steps of the cathode that kinetic values come from",
)
LAYER_CONTACT_EXPONENT = parameter(
    "Product layer contact exponent", "Power of the relative contact area with which the layer passes sodium"
)
GRAIN_SPREAD = parameter("Grain size spread", "Standard deviation of the logarithm of the size of grains")
NUCLEATION_RATE = parameter("Sulfur step 2 nucleation rate [A.m-2]", "J0 of the nucleation of Na2S, 298.15 K")
NUCLEATION_BARRIER = parameter("Sulfur step 2 nucleation barrier [V2]", "B of the nucleation of Na2S")
DEEP_LAYER_CURRENT = parameter(
    "Sb-S deep layer current density [A.m-2]", "Deep reduction through a full layer of its product, at 298.15 K"
)
ACCESSIBLE_CATHOLYTE = parameter(
    "Accessible catholyte share", "Share of the electrolyte in the cathode that is close enough to carbon to react"
)
DOUBLE_LAYER = parameter("Cathode double-layer capacitance [F.m-2]", "Double layer per electrode area")
MOLAR_EXPANSION = parameter(
    "Cathode expansion per mole of electrons [m3.mol-1]", "Swelling of the cathode for each mole of electrons taken up"
)
MILLING_SHIFT = parameter(
    "Milled Sb-S potential shift [V]", "Excess of the potential of the milled, desodiated phase over the re-formed one"
)

# separator
SEPARATOR = Layer("Separator").enter_parameters()
INTERLAYER = Layer("Interlayer").enter_parameters()

# alloy
NA_SN_PHASES = {"Sn-NaSn2": 0.5, "NaSn2-NaSn": 1.0, "NaSn-Na9Sn4": 2.25, "Na9Sn4-Na15Sn4": 3.75}
"""Pairs of phases of the sodium-tin alloy, and the sodium per tin at which their plateau ends."""


def alloy_plateau(phases: str) -> str:
    """Enter the potential of the plateau of two phases of an alloy, if it is not yet there.

    Parameters
    ----------
    phases : str
        Both, poorer one first.

    Returns
    -------
    str
        Name of the parameter.

    Examples
    --------
    >>> alloy_plateau("Sn-NaSn2")
    'Alloy potential of Sn-NaSn2 [V]'
    """
    return parameter(
        f"Alloy potential of {phases} [V]", f"Plateau where {phases} coexist, against the metal of the ion"
    )


ALLOY_PLATEAUS = tuple(alloy_plateau(phases) for phases in NA_SN_PHASES)
ALLOY_CAPACITY = parameter("Alloy sodium capacity [C.m-2]", "Sodium in Na15Sn4 of one electrode, as charge")
ALLOY_INITIAL_CONTENT = parameter(
    "Alloy initial sodium per tin", "Per atom of the alloy's other element; 3.75 is Na15Sn4"
)
ALLOY_I0 = parameter("Alloy exchange current density [A.m-2]", "At 298.15 K and the reference pressure")
ALLOY_EA = parameter("Alloy activation energy [J.mol-1]", "Of the exchange current")
ALLOY_ALPHA = parameter("Alloy transfer coefficient", "Anodic transfer coefficient gamma_a of eq. 4")
ALLOY_MOLAR_VOLUME = parameter("Alloy partial molar volume of sodium [m3.mol-1]", "Omega_Na of the alloy")
ALLOY_DOUBLE_LAYER = parameter("Alloy double-layer capacitance [F.m-2]", "Double layer at the alloy")
ALLOY_DIFFUSIVITY = parameter("Alloy sodium diffusivity [m2.s-1]", "Of sodium in the alloy at 298.15 K")
ALLOY_DIFFUSION_EA = parameter("Alloy diffusion activation energy [J.mol-1]", "Of the diffusivity")
ALLOY_DIFFUSION_LENGTH = parameter("Alloy diffusion length [m]", "Radius of its grains, or thickness of a dense layer")
REFERENCE_PRESSURE = parameter("Reference stack pressure [Pa]", "Pressure at which kinetic values hold")

# interphase
INTERPHASE_INITIAL = parameter("Interphase initial thickness [m]", "At assembly")
INTERPHASE_FINAL = parameter("Interphase final thickness [m]", "At which growth at rest ends")
INTERPHASE_EXPONENT = parameter("Interphase Avrami exponent", "n of the Avrami law")
INTERPHASE_DIFFUSION = parameter("Interphase parabolic constant [m2.s-1]", "k_p of the parabolic and mixed laws")
INTERPHASE_REACTION = parameter("Interphase reaction rate [m.s-1]", "k_r: growth of a bare interface, 298.15 K")
INTERPHASE_TUNNELLING = parameter("Interphase tunnelling length [m]", "lambda of the tunnelling law")
INTERPHASE_CAPACITANCE = parameter("Interphase capacitance [F.m-2]", "In parallel to its resistance")
INTERPHASE_TAU = parameter("Interphase time constant [s]", "Of the growth at rest, 298.15 K")
INTERPHASE_RESISTIVITY = parameter("Interphase resistivity [Ohm.m]", "Ionic resistivity at 298.15 K")
INTERPHASE_EA = parameter("Interphase activation energy [J.mol-1]", "Of its conductivity and growth")
INTERPHASE_POTENTIAL = parameter(
    "Electrolyte reduction potential [V]", "At which sodium reduces the electrolyte to what the interphase consists of"
)
INTERPHASE_CHARGE_DENSITY = parameter(
    "Interphase sodium charge density [C.m-3]", "Sodium that a volume of interphase has taken from the alloy"
)

# conditions of contact, fixture, short, heat
CONTACT_P0 = parameter("Contact pressure scale [Pa]", "P0 of the connected fraction of the cathode")
CONTACT_EXPONENT = parameter("Contact pressure exponent", "m of the connected fraction of the cathode")
CONTACT_FOLLOW = parameter("Contact response time [s]", "Time in which the connected fraction follows its law")
SPRINGBACK = parameter("Elastic springback strain", "Shrinkage of the cathode that its matrix follows elastically")
GAP_SCALE = parameter("Isolating gap strain", "Gap, as strain of the cathode, that isolates 63 % of the material")
GAP_CLOSING = parameter(
    "Gap closing time [s]", "Time in which viscous flow closes a gap at the reference pressure, 298.15 K"
)
GAP_CLOSING_EA = parameter("Gap closing activation energy [J.mol-1]", "Of the flow into the gap")
PRESSING_PRESSURE = parameter("Pressing pressure [Pa]", "Largest pressure that the composite saw before it was tested")
BREATHING_LOSS = parameter("Contact loss per strain", "Share of contact lost for a unit of strain run through")
WEAR_EXPONENT = parameter("Wear strain exponent", "q: wear of a stroke goes as its strain to this power")
FIXTURE_STIFFNESS = parameter("Fixture stiffness [Pa.m-1]", "Rise of stack pressure for each metre of growth")
INTERFACE_RESISTANCE = parameter("Contact resistance at reference pressure [Ohm.m2]", "Alloy against electrolyte")
INTERFACE_EXPONENT = parameter("Contact resistance exponent", "n in R_c = R_c0 (P_ref/P)^n")
INTERFACE_P0 = parameter("Alloy contact pressure scale [Pa]", "P0 of the contact fraction at the alloy")
VOID_GROWTH = parameter(
    "Void growth per charge [m2.C-1]", "Growth of the void share of an alloy interface by stripping"
)
VOID_SEED = parameter("Void seed share", "Share of the interface at whose edges voids start")
VOID_CLOSING = parameter(
    "Void closing time [s]", "Time in which creep closes voids at the reference pressure, 298.15 K"
)
VOID_EXPONENT = parameter("Void creep exponent", "n of the creep that closes voids, (P/P_ref)^n")
VOID_EA = parameter("Void creep activation energy [J.mol-1]", "Of the creep that closes voids")
VOID_SHADOW = parameter("Void shadow", "How completely a void keeps sodium from the cathode behind it")
VOID_SIZE = parameter(
    "Void length at full share [m]", "Length that voids add to a flaw, per square root of their share"
)
FLAW = parameter("Electrolyte flaw length [m]", "Longest flaw at the alloy")
FILAMENT_GROWTH = parameter("Filament growth per charge [m3.C-1]", "Length that a filament gains for a unit of charge")
FILAMENT_RETREAT = parameter(
    "Filament retreat charge [C.m-2]", "Stripped charge that takes a filament back by a factor of e"
)
BRIDGE_CONDUCTANCE = parameter("Bridge conductance [S.m-2]", "Leak when filaments span the electrolyte")
SHORT_HEALING = parameter("Filament healing time [s]", "Time in which a filament at rest shortens e-fold, 298.15 K")
SHORT_EA = parameter("Filament healing activation energy [J.mol-1]", "Of the healing of filaments")
HEAT_CAPACITY = parameter("Cell heat capacity [J.m-2.K-1]", "Of cell and die, per electrode area")
HEAT_TRANSFER = parameter("Heat transfer coefficient [W.m-2.K-1]", "Cell to surroundings, per electrode area")
CATHODE_IONIC = parameter("Composite ionic conductivity [S.m-1]", "Effective, catholyte as Na3SbS4, 298.15 K")
CATHODE_ELECTRONIC = parameter("Composite electronic conductivity [S.m-1]", "Effective, of the carbon network")
CATHODE_IONIC_EA = parameter("Composite ionic activation energy [J.mol-1]", "Of sigma T of the composite")
CATHODE_IONIC_DESODIATED = parameter(
    "Desodiated ionic conductivity ratio", "Conductivity with the catholyte as SbxSy over that as Na3SbS4"
)
CYCLING_GROWTH = parameter("Interphase growth per charge [m3.C-1]", "Fresh interphase per charge passed")
CYCLED_FINAL = parameter("Interphase cycled thickness [m]", "Further thickness at which growth by cycling ends")

# cell with blocking electrodes
PERMITTIVITY = parameter("Electrolyte relative permittivity", "Of the grains; gives the geometric capacitance")
GRAIN_BOUNDARY_SHARE = parameter("Grain-boundary share of the resistance", "Of the separator, at all temperatures")
GRAIN_BOUNDARY_CAPACITANCE = parameter("Grain-boundary capacitance [F.m-2]", "Of all grain boundaries in series")
BLOCKING_DOUBLE_LAYER = parameter("Blocking double-layer capacitance [F.m-2]", "Of one ion-blocking electrode")
LEAD_RESISTANCE = parameter("Blocking cell lead resistance [Ohm.m2]", "Leads and pistons, in series with the pellet")
