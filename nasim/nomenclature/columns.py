"""Names of the columns of tables: the curves of a run, its summary with a row a cycle, and spectra.

Columns of curves that are variables of the model carry the variable's name. Columns of a summary are Python names with
their unit at the end; `HEADINGS` has what a terminal shows for them.
"""

# --- curves: a row a point ------------------------------------------------------------------------------------------------

CYCLE, STEP = "Cycle", "Step"
CURRENT = "Current density [mA.cm-2]"
"""Discharge positive."""
AREAL, SPECIFIC = "Capacity [mAh.cm-2]", "Specific capacity [mAh.g-1]"
"""From 0 in every step; per gram of sulfur."""
REFERENCE = "voltage reference"
"""Key in the `attrs` of a table of curves: what its voltages are against, such as "Na/Na+"."""

ION = "mobile ion"
"""Key in those `attrs`: what carries the current, such as "Na+"."""

# --- spectra: a row a frequency -------------------------------------------------------------------------------------------

SPECTRUM, FREQUENCY = "Spectrum", "Frequency [Hz]"
REAL, IMAGINARY = "Real impedance [Ohm.cm2]", "Imaginary impedance [Ohm.cm2]"

# --- summary: a row a cycle -----------------------------------------------------------------------------------------------

NUMBER, NUMBER_OF_SPECTRUM = "cycle", "spectrum"
APPLIED_CURRENT = "current_mA_cm2"
CHARGE_CURRENT = "charge_current_mA_cm2"
"""Where it differs from that of the discharge."""
SCAN_RATE = "scan_rate_mV_s"
DISCHARGE_PER_GRAM, CHARGE_PER_GRAM = "discharge_capacity_mAh_g", "charge_capacity_mAh_g"
DISCHARGE, CHARGE = "discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2"
CHARGE_OVER_DISCHARGE, DISCHARGE_OVER_CHARGE = "charge_over_discharge", "discharge_over_charge"
DISCHARGE_ENERGY, CHARGE_ENERGY = "discharge_energy_mWh_cm2", "charge_energy_mWh_cm2"
DISCHARGE_VOLTAGE, CHARGE_VOLTAGE = "mean_discharge_voltage_V", "mean_charge_voltage_V"
PHASE = "phase"
"""What a cycle is for, in a test that has several kinds."""
LEAK = "leak_mAh_cm2"
END_TIME = "end_time_h"
CONNECTED_FRACTION, LOST_CONTACT = "connected_fraction", "lost_contact_fraction"
INTERPHASE_THICKNESS, INTERPHASE_RESISTANCE = "interphase_thickness_um", "interphase_resistance_Ohm_cm2"
POSITIVE_INTERPHASE_RESISTANCE = "positive_interphase_resistance_Ohm_cm2"
END_VOLTAGE = "end_voltage_V"
END_OVERPOTENTIAL = "end_overpotential_mV"
DEEP_REDUCED = "deep_reduced_fraction"
LEAK_CONDUCTANCE = "leak_conductance_S_m2"
LEAK_SHARE, APPARENT_RESISTANCE = "leak_share", "apparent_resistance_Ohm_cm2"
STACK_PRESSURE, TEMPERATURE = "stack_pressure_MPa", "temperature_C"
COMPUTED = "computed"
"""Whether a cycle was run; False where it was jumped over and interpolated."""

HEADINGS = {
    NUMBER: "cycle",
    PHASE: "phase",
    APPLIED_CURRENT: "mA cm-2",
    CHARGE_CURRENT: "mA cm-2\ncharge",
    SCAN_RATE: "mV s-1",
    DISCHARGE_PER_GRAM: "discharge\nmAh g-1 (S)",
    CHARGE_PER_GRAM: "charge\nmAh g-1 (S)",
    DISCHARGE: "discharge\nmAh cm-2",
    CHARGE: "charge\nmAh cm-2",
    CHARGE_OVER_DISCHARGE: "charge/\ndischarge",
    DISCHARGE_OVER_CHARGE: "discharge/\ncharge",
    DISCHARGE_ENERGY: "energy\nmWh cm-2",
    DISCHARGE_VOLTAGE: "mean V\ndischarge",
    CHARGE_VOLTAGE: "mean V\ncharge",
}
"""Column of a summary -> heading in a terminal; the columns that are shown there, in their order."""


def some(*names: str) -> dict[str, str]:
    """Return the headings of a few columns, by column."""
    return {name: HEADINGS[name] for name in names}


DECIMALS = {NUMBER: 0, DISCHARGE_PER_GRAM: 0, CHARGE_PER_GRAM: 0}
"""Decimals in a terminal where they are not three."""
SMALL = ("residual_current_mA_cm2", "first_current_mA_cm2", LEAK, "diffusivity_cm2_s")
"""Columns of which a terminal shows three digits, since they range over powers of ten."""


def as_shown(column: str, value: float | str) -> str:
    """Return a number of a summary as a terminal shows it.

    >>> as_shown("cycle", 3.0), as_shown("mean_charge_voltage_V", 1.87654)
    ('3', '1.877')
    >>> as_shown("leak_mAh_cm2", 0.00127123)
    '0.00127'
    """
    if column in SMALL:
        return f"{value:.3g}"
    return value if isinstance(value, str) else f"{value:.{DECIMALS.get(column, 3)}f}"
