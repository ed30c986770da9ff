"""A user's own measured file, laid over what is computed."""

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from ..errors import DataFileError, NasimError, ProtocolError
from ..files import reason
from ..instruments import read
from ..nomenclature import columns as col
from .cases import WHO

MOST_BYTES = 700_000
"""Largest file; larger ones are read in a script."""
MOST_HALVES, LONGEST_END = 20, 12
VOLTAGE, CAPACITY = "Voltage / V", "Half Cycle Capacity / Ah"


class Overlay:
    """Half cycles of a measured file.

    Parameters
    ----------
    name : str
        Name of the file; its end tells the format.
    content : bytes

    Raises
    ------
    NasimError
        It is no measurement of charge and discharge.
    """

    def __init__(self, name: str, content: bytes):
        self.name = name
        end = PurePath(name).suffix
        end = end if end[1:].isalnum() and len(end) <= LONGEST_END else ".csv"
        try:
            with TemporaryDirectory() as folder:
                path = Path(folder) / f"measured{end}"
                path.write_bytes(content)
                halves = _halves(path)
        except OSError as error:
            raise DataFileError(f"{WHO}: the file cannot be taken in: {reason(error)}.") from None
        self.halves = [
            (word, half[CAPACITY].to_numpy() * 1e3, half[VOLTAGE].to_numpy()) for word, half in halves[:MOST_HALVES]
        ]

    def lines(self, unit: str, mass_mg: str = "", area_cm2: str = "") -> list[tuple]:
        """Return (number of the cycle, "discharge" or "charge", capacity, voltage) of each half cycle.

        Parameters
        ----------
        unit : str
            Column of capacity, per area or per gram of sulfur.
        mass_mg, area_cm2 : str
            Sulfur [mg] and electrode [cm2] of the measured cell, as they were typed; without area, 1 cm2.

        Raises
        ------
        ProtocolError
            The mass is wanted and is not given, or a number is none.
        """
        scale = _positive("area of the measured cell", area_cm2 or "1") if unit == col.AREAL else 0.0
        if unit == col.SPECIFIC:
            if not mass_mg.strip():
                raise ProtocolError(f"{WHO}: give the sulfur in the measured cell, in mg, to lay it over.")
            scale = _positive("sulfur in the measured cell", mass_mg) / 1e3
        return [
            (number // 2 + 1, word, capacity / scale, volts)
            for number, (word, capacity, volts) in enumerate(self.halves)
        ]


def _halves(path):
    """Half cycles of a file; where its current contradicts one convention, the reader checks the other."""
    refusals = []
    for sign in (None, "discharge positive"):
        try:
            return read(path, sign=sign).half_cycles()
        except NasimError as error:
            refusals.append(str(error).replace(str(path), "the file"))
    raise DataFileError(f"{WHO}: {refusals[0]}")


def _positive(what, text):
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise ProtocolError(f"{WHO}: {what} must be a number above zero; {text!r} was given.")
    return value
