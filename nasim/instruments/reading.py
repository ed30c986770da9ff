"""`read`: which reader a file needs, by its first bytes, and the checked measurement that comes of it."""

import hashlib
from pathlib import Path

from nasim.errors import DataFileError, nearest
from nasim.instruments import biologic, delimited, labels, neware, neware_binary
from nasim.instruments.checks import check_choice, check_positive
from nasim.instruments.layout import delimiter_of, read_head, split_fields
from nasim.instruments.measurement import Measurement
from nasim.instruments.signs import CONVENTIONS, FIRST_STEPS

# format -> instrument and what it is called in messages
FORMATS = {
    "nda": ("neware", "Neware .nda"),
    "ndax": ("neware", "Neware .ndax (a zip archive)"),
    "bts": ("neware", "Neware BTS record table"),
    "mpr": ("biologic", "BioLogic .mpr"),
    "mpt": ("biologic", "BioLogic EC-Lab text .mpt"),
    "bdf": ("bdf", "Battery Data Format CSV"),
    "csv": ("csv", "text table"),
}
MAGIC = {b"NEWARE": "nda", b"PK\x03\x04": "ndax", b"BIO-LOGIC MODULAR FILE": "mpr"}
MAGIC |= {b"EC-Lab ASCII FILE": "mpt", b"BT-Lab ASCII FILE": "mpt"}
SUFFIXES = {".nda": "nda", ".ndax": "ndax", ".mpr": "mpr", ".mpt": "mpt"}
INSTRUMENTS = ("neware", "biologic", "bdf", "csv")


def read(
    path,
    *,
    instrument=None,
    kind=None,
    columns=None,
    sign=None,
    first_step=None,
    active_mass_mg=None,
    area_cm2=None,
    delimiter=None,
    decimal=None,
):
    """Read one measured file into a checked `Measurement`; nothing about the cell is guessed from the file.

    Parameters
    ----------
    path : str or path-like
        Neware .nda, .ndax or BTS record CSV; BioLogic .mpr or .mpt; BDF CSV; any CSV with `columns`.
    instrument : str, optional
        "neware", "biologic", "bdf" or "csv"; a file that is something else is refused. By default the file tells.
    kind : str, optional
        "gcd", "cv" or "impedance". By default impedance if the file has some, cv if EC-Lab says so, else gcd. With
        "gcd" a file of mixed techniques gives its records in time.
    columns : dict, optional
        For a CSV of your own: BDF label to header, or to (header, factor), as {"Current / A": ("I/mA", 1e-3)}. For
        a header that holds -Im(Z): {"Imaginary Impedance / ohm": ("-Im(Z)", -1)}.
    sign : str, optional
        Convention in the file, "charge positive" (the default, as in BDF, Neware and EC-Lab) or "discharge positive",
        which is turned round. A file that contradicts it is refused; without it, a file of an instrument whose
        convention is fixed gets a note.
    first_step : str, optional
        "charge" or "discharge", the first half cycle; a file that contradicts it is refused.
    active_mass_mg, area_cm2 : float, optional
        Of the electrode, for `to_specific` and `to_areal`.
    delimiter, decimal : str, optional
        Of a CSV; by default found from its header and first record.

    Returns
    -------
    Measurement

    Raises
    ------
    DataFileError
        The file is missing, empty, cut, damaged, of another instrument, or contradicts itself or the arguments.
    MissingExtraError
        The format needs the extra `neware` or `biologic`.
    UnknownNameError
        A word that `instrument`, `kind`, `sign` or `first_step` does not know.
    """
    _check_arguments(instrument, kind, sign, first_step, active_mass_mg, area_cm2)
    path = _existing(path)
    form = _format_of(path, columns, instrument)
    frame, notes, told = _read_table(path, form, kind, columns, delimiter, decimal)
    notes = [*notes, *_end_note(path, form)]
    kind = kind or ("impedance" if labels.FREQUENCY in frame else told or "gcd")
    if form == "csv" and sign is None and kind != "impedance":
        notes = [*notes, "sign not given: current taken as positive on charge"]
    if sign == CONVENTIONS[1]:
        _turn_round(frame)
    return Measurement(
        data=frame,
        kind=kind,
        instrument=FORMATS[form][0],
        path=str(path),
        sha256=_hash(path),
        notes=tuple(notes),
        active_mass_mg=active_mass_mg,
        area_cm2=area_cm2,
        sign=sign,
        first_step=first_step,
    )


def _check_arguments(instrument, kind, sign, first_step, active_mass_mg, area_cm2):
    check_choice("instrument", instrument, INSTRUMENTS)
    check_choice("kind", kind, tuple(labels.REQUIRED))
    check_choice("sign", sign, CONVENTIONS)
    check_choice("first_step", first_step, FIRST_STEPS)
    check_positive("active_mass_mg", active_mass_mg)
    check_positive("area_cm2", area_cm2)


def _existing(path):
    path = Path(path)
    if path.is_file():
        return path
    if path.is_dir():
        raise DataFileError(f"{path}: a directory, expected a file.")
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    raise DataFileError(f"{path}: no such file.", nearest(path.name, beside, n=1))


def _format_of(path, columns, instrument):
    with open(path, "rb") as stream:
        head = stream.read(64)
    if not head:
        raise DataFileError(f"{path}: the file is empty (0 bytes).")
    form = next((form for magic, form in MAGIC.items() if head.startswith(magic)), None)
    promised = SUFFIXES.get(path.suffix.lower())
    if promised and form != promised:
        found = f"begins as a {FORMATS[form][1]} file" if form else f"begins with {head[:16]!r}"
        raise DataFileError(f"{path}: named as {FORMATS[promised][1]} but {found}; expected the two to agree.")
    form = form or _text_format(path, columns)
    if columns is not None and form != "csv":
        raise DataFileError(f"{path}: columns= is for text tables, this is a {FORMATS[form][1]} file.")
    if instrument not in (None, FORMATS[form][0]):
        raise DataFileError(f"{path}: instrument={instrument!r}, but the file is a {FORMATS[form][1]}.")
    return form


def _text_format(path, columns):
    if columns is not None:
        return "csv"
    lines = read_head(path)
    for line in lines:
        fields = split_fields(line, delimiter_of(line))
        if neware.is_header(fields):
            return "bts"
        if delimited.is_bdf_header(fields):
            return "bdf"
    first = next(line for line in lines if line.strip())
    raise DataFileError(
        f"{path}: no known format; the first line is {first[:120]!r}. Expected a Neware or BioLogic file, a header with"
        f" the Battery Data Format labels ({', '.join(labels.REQUIRED['gcd'])}), or columns={{label: header}}."
    )


def _read_table(path, form, kind, columns, delimiter, decimal):
    if form in ("nda", "ndax"):
        return *neware_binary.read_binary(path), None
    if form == "mpr":
        return biologic.read_binary(path, kind)
    if form == "mpt":
        return biologic.read_text(path, kind)
    if form == "bts":
        return *neware.read_text(path, delimiter, decimal), None
    if form == "bdf":
        return *delimited.read_bdf(path, delimiter, decimal), None
    return *delimited.read_csv(path, columns, delimiter, decimal), None


def _end_note(path, form):
    if form not in ("bts", "bdf", "csv"):
        return []
    with open(path, "rb") as stream:
        stream.seek(-1, 2)
        ended = stream.read(1) in b"\r\n"
    return [] if ended else ["the file does not end with a line break: its last number may be cut"]


def _turn_round(frame):
    for label in (labels.CURRENT, labels.NET_CAPACITY):
        if label in frame:
            frame[label] = -frame[label]


def _hash(path):
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
