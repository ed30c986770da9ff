"""What the header of a column means: a quantity, the factor to its unit, whatever the instrument calls it.

A header is a name and a unit: "Voltage (V)", "Cur(mA)", "Ecell/V", "Test_Time(s)", "Current density [mA.cm-2]", "U[V]".
Names are compared without case, spaces and marks; the words for each quantity are those of Neware (English and
Chinese), Maccor, Arbin, Landt, Novonix, Basytec, Gamry, EC-Lab, the Battery Data Format and nasim's own tables.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from nasim.instruments.table import Column
from nasim.instruments.vocabulary import IMPLIED_UNITS, QUANTITIES, UNITS

NUMBER, COUNT, TIME, WORD = "number", "count", "time", "word"
FORMS = {"test time": TIME, "time": TIME, "step time": TIME, "clock": TIME, "step type": WORD, "step": WORD}
FORMS |= {"cycle": COUNT, "record": COUNT, "step count": COUNT}
_PER = (
    ("area", r"(.+?)(?:\s*/\s*|[.\s*]\s*)cm-?2", 1.0),
    ("area", r"(.+?)(?:\s*/\s*|[.\s*]\s*)m-?2", 1e-4),
    ("mass", r"(.+?)(?:\s*/\s*g|[.\s*]\s*g-1)", 1.0),
    ("mass", r"(.+?)(?:\s*/\s*kg|[.\s*]\s*kg-1)", 1e-3),
)
VAGUE = ("test", "phase")
"""Words that mean a quantity only with a unit."""
FREE = ("clock", "temperature")
"""Quantities whose unit is not looked at."""
_WORDS: dict[str, list[str]] = {}
for _quantity, _words in QUANTITIES.items():
    for _word in _words:
        _WORDS.setdefault(_word, []).append(_quantity)


@dataclass(frozen=True)
class Meaning:
    """What one header says.

    Parameters
    ----------
    quantity : str
        A key of `vocabulary.QUANTITIES`, such as "voltage".
    header : str
        As in the file.
    factor : float
        To the quantity's own unit: s, V, A, Ah, ohm, Hz, or A cm-2 and Ah cm-2 where `per` is "area", per g for "mass".
    unit : str
        As written; empty where the header has none.
    per : str
        "area", "mass" or "".
    """

    quantity: str
    header: str
    factor: float = 1.0
    unit: str = ""
    per: str = ""

    @property
    def column(self):
        """The `Column` that reads it."""
        return Column(self.header, self.factor, FORMS.get(self.quantity, NUMBER))

    def replaced(self, header, factor):
        """The same of another column."""
        return replace(self, header=header, factor=factor)


def meaning_of(header, unit=None):
    """Meaning of one header, or None where it is not known; `unit` replaces what the header says.

    >>> meaning_of("Cur(mA)").quantity, meaning_of("Cur(mA)").factor
    ('current', 0.001)
    >>> meaning_of("Current density [mA.cm-2]").per
    'area'
    >>> meaning_of("Colour") is None
    True
    """
    for name, written in _splits(plain(header)):
        bare = _bare(name)
        said = unit or written or IMPLIED_UNITS.get(bare, "")
        if not said and (len(bare) == 1 or bare in VAGUE):
            continue  # t, V and I alone could be anything
        for quantity in _WORDS.get(bare, ()):
            found = _unit(quantity, said)
            if found is not None:
                return Meaning(quantity, header, found[0], said, found[1])
    return None


def meanings(fields, units=None):
    """Quantity -> `Meaning` of the fields of a header line; the first counts where two say the same.

    `units` maps a header, a quantity or a label to the unit that it is in, for headers without one.
    """
    found = {}
    for field in fields:
        meaning = meaning_of(field, _told(field, units or {}))
        if meaning is not None and meaning.quantity not in found:
            found[meaning.quantity] = meaning
    return found


def plain(header):
    """A header with full-width marks, micro and degree signs as ASCII has them.

    >>> plain("Cur\uff08\u00b5A\uff09")
    'Cur(uA)'
    """
    text = unicodedata.normalize("NFKC", header)
    for marks, ascii_mark in (("\u03bc", "u"), ("\u2212", "-"), ("\u2032", "'"), ("\u2033", '"'), ("''", '"')):
        text = text.replace(marks, ascii_mark)
    return re.sub(r"\s*\bvs\.?\s*[^()\[\]\s]+", "", text).strip(" ~#")


def _told(field, units):
    """The unit that the user gave for a header, by the header itself, its name or its quantity."""
    if field in units:
        return units[field]
    names = {_bare(name) for name, _ in _splits(plain(field))}
    words = names | {quantity for name in names for quantity in _WORDS.get(name, ())}
    return next((unit for key, unit in units.items() if key.lower() in words or _bare(key) in names), None)


def _splits(text):
    """Ways to read a header as (name, unit), the likeliest first."""
    out = []
    bracket = re.fullmatch(r"(.*?)[\s_]*[(\[<]([^()\[\]<>]*)[)\]>]\.?", text)
    if bracket:
        out.append((bracket[1], bracket[2].strip()))
    slash = re.fullmatch(r"(.+?)\s*/\s*(\S.*)", text)
    if slash:
        out.append((slash[1], slash[2]))
    last = re.fullmatch(r"(.+)[\s_,#]+([^\s_,#]+)", text)
    if last:
        out.append((last[1], last[2]))
    return [*out, (text, "")]


def _bare(name):
    """A name without case, spaces and marks, but for the signs that tell the parts of an impedance apart."""
    lowered = name.lower().strip()
    minus = "-" if re.match(r"[-\u2013]\s*[a-z(]", lowered) else ""
    return minus + re.sub(r"[^\w|\"'%]|_", "", lowered)


def _unit(quantity, written):
    """(factor, per) of a unit of a quantity; (1, "") without a unit; None for what is no unit of it."""
    if not written or quantity in FREE:
        return 1.0, ""
    known = UNITS.get(quantity)
    if known is None:
        return (1.0, "") if written in ("1", "-") else None
    if ":" in written:
        return (1.0, "") if "time" in quantity else None
    text = re.sub(r"\s*/\s*V|[.\s]\s*V-1", "", written) if quantity == "dqdv" else written
    whole, (per, scale) = _per(text)
    lowered = {unit.lower(): value for unit, value in known.items()}
    factor = known.get(whole, lowered.get(whole.lower()))
    return None if factor is None else (factor * scale, per)


def _per(written):
    """Numerator of a unit, and ("area" | "mass" | "", factor to per cm2 or per g)."""
    text = written.replace("^", "").strip()
    for name, pattern, factor in _PER:
        match = re.fullmatch(pattern, text)
        if match:
            return match[1].strip(), (name, factor)
    return text, ("", 1.0)
