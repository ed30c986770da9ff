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
SULFUR_LAYER_CURRENT = parameter(
    "Sulfur layer current density [A.m-2]", "Reduction that bare carbon can pass to sulfur, at 298.15 K"
)
SULFUR_LAYER_DECAY = parameter(
    "Sulfur layer decay sodiation", "Sodiation of sulfur over which its insulating product film passes e times less"
)
SULFUR_OXIDATION_CURRENT = parameter(
    "Sulfur oxidation limiting current density [A.m-2]", "Oxidation that the sulfide can sustain, at 298.15 K"
)
SULFUR_LAYER_EA = parameter("Sulfur layer activation energy [J.mol-1]", "Of transport through the product film")
SB_S_GRAIN_CURRENT = parameter(
    "Sb-S grain limiting current density [A.m-2]", "Self-redox that transport in the grains can sustain, at 298.15 K"
)
SB_S_GRAIN_EA = parameter("Sb-S grain activation energy [J.mol-1]", "Of transport in the Sb-S grains")
DEEP_LAYER_CURRENT = parameter(
    "Sb-S deep layer current density [A.m-2]", "Deep reduction through a full layer of its product, at 298.15 K"
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
ALLOY_PLATEAUS = tuple(
    parameter(f"Alloy potential of {phases} [V]", f"Plateau where {phases} coexist, against Na/Na+")
    for phases in ("Sn-NaSn2", "NaSn2-NaSn", "NaSn-Na9Sn4", "Na9Sn4-Na15Sn4")
)
ALLOY_CAPACITY = parameter("Alloy sodium capacity [C.m-2]", "Sodium in Na15Sn4 of one electrode, as charge")
ALLOY_INITIAL_CONTENT = parameter("Alloy initial sodium per tin", "3.75 is Na15Sn4")
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
INTERPHASE_CHARGE_DENSITY = parameter(
    "Interphase sodium charge density [C.m-3]", "Sodium that a volume of interphase has taken from the alloy"
)

# conditions of contact, fixture, short, heat
CONTACT_P0 = parameter("Contact pressure scale [Pa]", "P0 of the connected fraction of the cathode")
CONTACT_EXPONENT = parameter("Contact pressure exponent", "m of the connected fraction of the cathode")
CONTACT_FOLLOW = parameter("Contact response time [s]", "Time in which the connected fraction follows its law")
CONTACT_FLEXIBILITY = parameter(
    "Accommodated strain per pressure [Pa-1]", "Shrinkage of the cathode that a unit of stack pressure can follow"
)
GAP_SCALE = parameter("Isolating gap strain", "Gap, as strain of the cathode, that isolates 63 % of the material")
BREATHING_LOSS = parameter("Contact loss per strain", "Share of contact lost for a unit of strain run through")
CREEP_GAIN = parameter("Contact creep gain", "Gain of contact for each e-fold of time under pressure")
CREEP_TIME = parameter("Contact creep time [s]", "Time after which creep of the contact starts to count, 298.15 K")
CREEP_EA = parameter("Contact creep activation energy [J.mol-1]", "Of the creep of the contact")
FIXTURE_STIFFNESS = parameter("Fixture stiffness [Pa.m-1]", "Rise of stack pressure for each metre of growth")
INTERFACE_RESISTANCE = parameter("Contact resistance at reference pressure [Ohm.m2]", "Alloy against electrolyte")
INTERFACE_EXPONENT = parameter("Contact resistance exponent", "n in R_c = R_c0 (P_ref/P)^n")
INTERFACE_P0 = parameter("Alloy contact pressure scale [Pa]", "P0 of the contact fraction at the alloy")
SHORT_CURRENT = parameter(
    "Soft-short critical current density [A.m-2]",
    "Plating current above which a soft short grows faster than it heals, at the worst stack pressure",
)
SHORT_HEALING = parameter("Soft-short healing time [s]", "Time in which the leak falls by a factor of e, 298.15 K")
SHORT_EA = parameter("Soft-short activation energy [J.mol-1]", "Of growth and healing of a soft short")
SHORT_LIMIT = parameter("Soft-short largest conductance [S.m-2]", "Leak at which bridges burn out as fast as they form")
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
