"""The table of a measurement: its column labels, and which of them each kind must have.

Labels are those of the Battery Data Format (BDF, Battery Data Alliance, ontology 1.3.0).

Current is positive on charge, negative on discharge. The imaginary impedance is negative where the cell is capacitive.
`STEP_COUNT` counts executed steps and never repeats; `STEP_ID` is the step's number in the programme and repeats in
loops (Neware calls it step index, EC-Lab Ns).
"""

TIME = "Test Time / s"
VOLTAGE = "Voltage / V"
CURRENT = "Current / A"
CYCLE = "Cycle Count / 1"
STEP_COUNT = "Step Count / 1"
STEP_ID = "Step ID"
STEP_TYPE = "Step Type"
NET_CAPACITY = "Net Capacity / Ah"
UNIX_TIME = "Unix Time / s"
TEMPERATURE = "Ambient Temperature / degC"
FREQUENCY = "Frequency / Hz"
REAL = "Real Impedance / ohm"
IMAGINARY = "Imaginary Impedance / ohm"

# not in BDF: added by Measurement.half_cycles
HALF_TIME = "Half Cycle Time / s"
HALF_CAPACITY = "Half Cycle Capacity / Ah"

REQUIRED = {
    "gcd": (TIME, VOLTAGE, CURRENT),
    "cv": (TIME, VOLTAGE, CURRENT),
    "impedance": (FREQUENCY, REAL, IMAGINARY),
}
COUNTERS = (CYCLE, STEP_COUNT, STEP_ID)

MACHINE_NAMES = {
    "test_time_second": TIME,
    "voltage_volt": VOLTAGE,
    "current_ampere": CURRENT,
    "cycle_count": CYCLE,
    "step_count": STEP_COUNT,
    "step_id": STEP_ID,
    "step_type": STEP_TYPE,
    "net_capacity_ah": NET_CAPACITY,
    "unix_time_second": UNIX_TIME,
    "ambient_temperature_celsius": TEMPERATURE,
    "frequency_hertz": FREQUENCY,
    "real_impedance_ohm": REAL,
    "imaginary_impedance_ohm": IMAGINARY,
}
# labels that BDF had before 1.3.0; written by instruments' own "step index", hence the programme's step
FORMER_NAMES = {"Step Index / 1": STEP_ID, "step_index": STEP_ID}

LABELS = tuple(MACHINE_NAMES.values())


def label_of(header):
    """BDF label of a BDF column header (preferred label, machine name or former name), or None.

    >>> label_of("voltage_volt")
    'Voltage / V'
    """
    header = header.strip()
    if header in LABELS:
        return header
    return MACHINE_NAMES.get(header) or FORMER_NAMES.get(header)


def place(frame, row):
    """Where a row of a table came from, e.g. 'line 132': the index of a table counts lines or records of the file."""
    return f"{frame.index.name or 'record'} {frame.index[row]}"
