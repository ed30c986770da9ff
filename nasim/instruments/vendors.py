"""Whose table it is, told by the words of its header and of the lines above it.

The tables of all these are read alike (`delimited`); the instrument is named for notes and for its convention of sign.
Maccor, Arbin, Landt, Novonix and Basytec are written from descriptions of their formats.
"""

from nasim.instruments.delimited import is_bdf_header

# instrument -> headers of which one is its own
OWN_HEADERS = {
    "maccor": ("Rec#", "Cyc#", "Amp-hr", "DPt Time", "Cycle C", "Cycle P", "MD", "Md"),
    "arbin": ("Data_Point", "Data Point", "Test_Time(s)", "Internal_Resistance(Ohm)", "Charge_Capacity(Ah)"),
    "landt": (
        "TestTime/Sec",
        "Test Time/Sec",
        "SysTime",
        "SCapacity/mAh/g",
        "SpeCap/mAh/g",
        "date_time_iso_string",
        "Cycle-Index",
    ),
    "novonix": ("Run Time (h)", "Potential (V)", "Circuit Temperature (°C)", "dVdt (I/h)"),
    "basytec": ("~Time[h]", "~Time[s]", "~Time[min]", "~Time[h:min:s]"),
    "nasim": ("Current density [mA.cm-2]",),
}
# a line above the header that begins so
OWN_LINES = {"Today's Date": "maccor", "[Summary]": "novonix", "[Data]": "novonix", "~Resultfile": "basytec"}
VENDORS = tuple(OWN_HEADERS)
DISCHARGE_POSITIVE = ("nasim",)


def vendor_of(fields, above=()):
    """The instrument of a table, "bdf" for the Battery Data Format, "csv" where nothing tells.

    >>> vendor_of(["Rec#", "Cyc#", "Amps", "Volts"]), vendor_of(["Time (s)", "Voltage (V)"])
    ('maccor', 'csv')
    """
    if is_bdf_header(fields):
        return "bdf"
    for line in above:
        for words, vendor in OWN_LINES.items():
            if line.startswith(words):
                return vendor
    return next((vendor for vendor, own in OWN_HEADERS.items() if set(own) & set(fields)), "csv")
