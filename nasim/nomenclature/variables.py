"""Variables of the whole cell, the inputs of a step, and the totals that mechanisms add to."""

TIME = "Time [s]"
CURRENT = "Current [A]"
CURRENT_DENSITY = "Total current density [A.m-2]"
"""External current density, discharge positive (PyBaMM's name)."""
CELL_CURRENT = "Faradaic current density [A.m-2]"
"""Current through electrolyte and electrodes: external plus all that flows inside the cell, discharge positive."""
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
"""The term of `INTERNAL_CURRENT` that goes with the voltage."""
LEAK_CHARGE = "Leak charge [C.m-2]"
"""Integral of `INTERNAL_CURRENT`: charge that has passed through electrolyte and electrodes, but not through the leads."""
DRIVEN_CURRENT = "Internal current density without the leak [A.m-2]"
"""The terms of `INTERNAL_CURRENT` that do not follow from the voltage, which the circuit solves for."""
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
STEP_IS_POWER = "Step controls power"
STEP_POWER = "Step power density [W.m-2]"
STEP_VOLTAGE_SIDE = "Step voltage cut-off side"
STEP_VOLTAGE_CUT = "Step voltage cut-off [V]"
STEP_CURRENT_SIDE = "Step current cut-off side"
STEP_CURRENT_CUT = "Step current cut-off [A.m-2]"

# --- totals: variables that several mechanisms add a term to (compose.py sums them) --------------------------------------

INTERNAL_CURRENT = "Internal current density [A.m-2]"
"""Sum of the currents that discharge the cell inside itself, discharge positive: the leak, self-discharge."""
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

EXPANSION = "Stack expansion per mole of electrons [m3.mol-1]"
"""Growth of both electrodes with a mole of electrons that the cell delivers."""

TOTALS = (
    INTERNAL_CURRENT,
    SERIES_RESISTANCE,
    POLARISATION,
    REACTION_CURRENT,
    STORED_CHARGE,
    VOLTAGE_LOSS,
    DISTRIBUTED_LOSS,
)
TOTALS += (ENTROPIC_HEAT, SODIUM, EXPANSION)
