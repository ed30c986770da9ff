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
CHARGING, DISCHARGING = "Charging Capacity / Ah", "Discharging Capacity / Ah"
STEP_CAPACITY, STEP_TIME = "Step Capacity / Ah", "Step Time / s"

# not in BDF: the number of a spectrum in its file, from 1
SPECTRUM = "Spectrum / 1"

# not in BDF: added by Measurement.half_cycles
HALF_TIME = "Half Cycle Time / s"
HALF_CAPACITY = "Half Cycle Capacity / Ah"

REQUIRED = {
    "gcd": (TIME, VOLTAGE, CURRENT),
    "cv": (TIME, VOLTAGE, CURRENT),
    "impedance": (FREQUENCY, REAL, IMAGINARY),
}
COUNTERS = (CYCLE, STEP_COUNT, STEP_ID, SPECTRUM)

# what a column of a file is (a key of `vocabulary.QUANTITIES`) -> its label
LABEL_OF = {
    "test time": TIME,
    "voltage": VOLTAGE,
    "current": CURRENT,
    "cycle": CYCLE,
    "step count": STEP_COUNT,
    "step": STEP_ID,
    "step type": STEP_TYPE,
    "net capacity": NET_CAPACITY,
    "charge": CHARGING,
    "discharge": DISCHARGING,
    "capacity": STEP_CAPACITY,
    "step time": STEP_TIME,
    "unix time": UNIX_TIME,
    "temperature": TEMPERATURE,
    "frequency": FREQUENCY,
    "real": REAL,
    "imaginary": IMAGINARY,
}


def place(frame, row):
    """Where a row of a table came from, e.g. 'line 132': the index of a table counts lines or records of the file."""
    return f"{frame.index.name or 'record'} {frame.index[row]}"
