"""What a file is by its first bytes: a format that is read, or one that is not, with what to do."""

import zipfile

from nasim.errors import DataFileError

HEAD = 64
# format -> instrument and what it is called in messages
FORMATS = {
    "nda": ("neware", "Neware .nda"),
    "ndax": ("neware", "Neware .ndax (a zip archive)"),
    "mpr": ("biologic", "BioLogic .mpr"),
    "mpt": ("biologic", "BioLogic EC-Lab text .mpt"),
    "dta": ("gamry", "Gamry .DTA"),
    "excel": ("excel", "Excel workbook"),
    "parquet": ("bdf", "Parquet table"),
    "nested": ("neware", "Neware BTS export with cycles, steps and records nested"),
    "text": ("csv", "text table"),
}
MAGIC = {b"NEWARE": "nda", b"BIO-LOGIC MODULAR FILE": "mpr", b"EC-Lab ASCII FILE": "mpt", b"BT-Lab ASCII FILE": "mpt"}
MAGIC |= {b"PAR1": "parquet", b"EXPLAIN": "dta", b"\xd0\xcf\x11\xe0": "excel"}
SUFFIXES = {".nda": "nda", ".ndax": "ndax", ".mpr": "mpr"}

EXPORT = "export the records as text (CSV) from the instrument's software"
NOT_READ = (
    (
        b"\x00\x01\x00\x00Standard Jet DB",
        "an Access database, as Arbin's .res is",
        "export it from Arbin's MITS Pro as CSV or Excel",
    ),
    (
        b"\x00\x01\x00\x00Standard ACE DB",
        "an Access database, as Arbin's .res is",
        "export it from Arbin's MITS Pro as CSV or Excel",
    ),
    (b"\x1f\x8b", "compressed with gzip", "unpack it (gunzip) and read what is inside"),
    (b"BZh", "compressed with bzip2", "unpack it and read what is inside"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it and read what is inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and read what is inside"),
    (b"Rar!", "a RAR archive", "unpack it and read what is inside"),
    (
        b"\x89HDF",
        "an HDF5 file (cellpy, MATLAB 7.3)",
        "write its records as CSV; nasim.load_result opens results of nasim",
    ),
    (b"MATLAB 5.0", "a MATLAB file", "write its records as CSV"),
    (b"SQLite format 3", "an SQLite database", EXPORT),
    (b"%PDF", "a PDF document", "digitise the figure, or ask for the data"),
    (b"\x89PNG", "a picture (PNG)", "digitise it, and read the points as a curve"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "digitise it, and read the points as a curve"),
    (b"{\\rtf", "a rich-text document", "save it as plain text"),
    (b"<html", "a web page, as some instruments save instead of Excel", "save it as CSV"),
    (b"<!DOCTYPE", "a web page, as some instruments save instead of Excel", "save it as CSV"),
    (b"<?xml", "XML", EXPORT),
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8"),
)


def kind_of(path):
    """Format of a file, a key of `FORMATS`; "text" where no first bytes tell.

    Raises `DataFileError` for an empty file, for one whose name promises another format than its bytes are, and for a
    format that is not read, which is named, with what to do.
    """
    with open(path, "rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise DataFileError(f"{path}: the file is empty (0 bytes).")
    form = (
        "zip" if head.startswith(b"PK\x03\x04") else next((f for m, f in MAGIC.items() if head.startswith(m)), "text")
    )
    if form == "zip":
        form = _kind_of_zip(path)
    promised = SUFFIXES.get(path.suffix.lower())
    if promised and form != promised:
        found = f"begins with {head[:16]!r}" if form == "text" else f"is a {FORMATS[form][1]} file"
        raise DataFileError(f"{path}: named as {FORMATS[promised][1]} but it {found}; expected the two to agree.")
    if form == "text":
        _refuse_what_is_not_read(path, head)
    return form


def _refuse_what_is_not_read(path, head):
    for magic, what, remedy in NOT_READ:
        if head.lstrip(b"\xef\xbb\xbf \r\n").lower().startswith(magic.lower()):
            raise DataFileError(f"{path}: this is {what}, which nasim does not read; {remedy}.")


def _kind_of_zip(path):
    """The format "ndax" or "excel", or a refusal that names what else the archive is."""
    if path.suffix.lower() == ".ndax":
        return "ndax"
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise DataFileError(
            f"{path}: a zip archive (an .ndax or .xlsx is one) that is damaged or cut: {error}."
        ) from error
    if any(name.startswith("xl/") for name in names):
        return "excel"
    if any(name.lower().endswith(".ndc") for name in names):
        return "ndax"
    what = next((word for mark, word in _ARCHIVES if any(mark in name for name in names)), "a zip archive")
    raise DataFileError(f"{path}: this is {what}, which nasim does not read; unpack it, or {EXPORT}.")


_ARCHIVES = (
    ("word/", "a Word document"),
    ("content.xml", "an OpenDocument file (LibreOffice)"),
    ("ppt/", "a presentation"),
)
