"""`read`: which reader a file needs, by its first bytes or its header, and the checked measurement that comes of it."""

from nasim.errors import DataFileError
from nasim.instruments import biologic, delimited, gamry, labels, neware, neware_binary, vendors, workbook
from nasim.instruments.amounts import in_total
from nasim.instruments.assembling import assemble, left_out
from nasim.instruments.checks import check_choice, check_positive
from nasim.instruments.curve_reading import is_curve_header
from nasim.instruments.half_cycles import has_half_cycle
from nasim.instruments.headers import meanings
from nasim.instruments.kinds import FORMATS, kind_of
from nasim.instruments.layout import delimiters_of, read_head, split_fields
from nasim.instruments.measurement import Measurement
from nasim.instruments.origin import existing, sha256_of
from nasim.instruments.signs import CONVENTIONS, FIRST_STEPS

BINARY = {
    "nda": neware_binary.read_binary,
    "ndax": neware_binary.read_binary,
    "mpr": biologic.read_binary,
    "dta": gamry.read,
}
KIND_WORDS = {"gcd": "charge or discharge", "cv": "voltammogram"}
INSTRUMENTS = ("neware", "biologic", "bdf", "csv", "gamry", *vendors.VENDORS)


def read(
    path,
    *,
    instrument: str | None = None,
    kind: str | None = None,
    columns: dict | None = None,
    units: dict | None = None,
    sign: str | None = None,
    first_step: str | None = None,
    active_mass_mg: float | None = None,
    area_cm2: float | None = None,
    zero_current_A: float | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
) -> Measurement:
    """Read one measured file into a checked `Measurement`; nothing about the cell is guessed from the file.

    Parameters
    ----------
    path : str or path-like
        Neware .nda, .ndax, or its records as CSV or Excel, nested or not; BioLogic .mpr or .mpt; Maccor, Arbin, Landt,
        Novonix and Basytec text; Gamry .DTA; the Battery Data Format as CSV or Parquet; nasim's own curves.csv; any table
        whose header names time, voltage and current with units, or whose `columns` are told.
    instrument : str, optional
        "neware", "biologic", "maccor", "arbin", "landt", "novonix", "basytec", "gamry", "nasim", "bdf" or "csv"; a file
        that is something else is refused. By default the file tells.
    kind : str, optional
        "gcd", "cv" or "impedance". By default gcd where current flows outside of spectra, impedance if there are only
        spectra, cv if EC-Lab or Gamry says so. A file of both has its spectra in `Measurement.spectra`.
    columns : dict, optional
        For a table with headers of its own: label to header, or to (header, factor), as {"Voltage / V": "U", "Current / A":
        ("I", 1e-3), "Step Type": "state"}. The unit is that of the header, if it has one, else that of the label, as in
        {"Current / mA": "I"}. A number is a column, from 1, of a file without header.
    units : dict, optional
        Unit of a header that has none, as {"Current": "mA"}.
    sign : str, optional
        Convention in the file, "charge positive" (the default, as in BDF, Neware and EC-Lab) or "discharge positive",
        which is turned round. A file that contradicts it is refused; without it, a file of an instrument whose
        convention is fixed gets a note.
    first_step : str, optional
        "charge" or "discharge", the first half cycle; a file that contradicts it is refused.
    active_mass_mg, area_cm2 : float, optional
        Of the electrode, for `to_specific` and `to_areal`. A table in mA cm-2 without area is read as a cell of 1 cm2.
    zero_current_A : float, optional
        Currents up to this bound [A] are rest; see `Measurement.half_cycles`.
    delimiter, decimal : str, optional
        Of a text table; by default found from its header and its columns.

    Returns
    -------
    Measurement

    Raises
    ------
    DataFileError
        The file is missing, empty, cut, damaged, of another instrument, of a kind that is not read (which is named), or
        contradicts itself or the arguments.
    MissingExtraError
        The format needs an extra: `neware`, `biologic`, `excel` or `parquet`.
    UnknownNameError
        A word that `instrument`, `kind`, `sign` or `first_step` does not know.
    """
    _check_arguments(instrument, kind, sign, first_step, active_mass_mg, area_cm2)
    check_positive("zero_current_A", zero_current_A, or_zero=True)
    delimited.check_words(columns, units, delimiter, decimal)
    path = existing(path)
    form = kind_of(path)
    text = {"columns": columns, "units": units, "delimiter": delimiter, "decimal": decimal}
    amounts = {"active_mass_mg": active_mass_mg, "area_cm2": area_cm2}
    maker, records, amounts = _records(path, form, text, amounts, sign == CONVENTIONS[1])
    if instrument not in (None, maker):
        raise DataFileError(f"{path}: instrument={instrument!r}, but the file is a {FORMATS[form][1]} of {maker!r}.")
    notes = [*records.notes, *_end_note(path, form)]
    if maker == "csv" and sign is None and records.frame is not None:
        notes.append("sign not given: current taken as positive on charge")
    return _measurement(
        records,
        kind,
        notes,
        str(path),
        sign,
        instrument=maker,
        first_step=first_step,
        zero_current_A=zero_current_A,
        sha256=sha256_of(path),
        **amounts,
    )


def _measurement(records, kind, notes, path, sign, **told):
    """The checked measurement of what was found, of the kind that was asked for or that it is."""
    frame, spectra = records.frame, records.spectra
    if kind is None:
        flows = frame is not None and (spectra is None or has_half_cycle(frame))
        kind = (records.kind or "gcd") if flows else "impedance"
    if kind == "impedance":
        if spectra is None:
            raise DataFileError(f"{path}: no spectrum is in the file: it has no frequencies.")
        if frame is not None:
            notes.append(left_out(len(frame)))
        return Measurement(data=spectra, kind=kind, path=path, sign=sign, notes=tuple(notes), **told)
    if frame is None and spectra is not None:
        count = spectra[labels.SPECTRUM].iloc[-1]
        raise DataFileError(f"{path}: the file holds {_counted(count)} and nothing else, no {KIND_WORDS[kind]}.")
    assert frame is not None  # a file without records and spectra is refused above
    return Measurement(data=frame, kind=kind, path=path, sign=sign, notes=tuple(notes), impedance=spectra, **told)


def _counted(spectra):
    return "an impedance spectrum" if spectra == 1 else f"{spectra} impedance spectra"


def _check_arguments(instrument, kind, sign, first_step, active_mass_mg, area_cm2):
    check_choice("instrument", instrument, INSTRUMENTS)
    check_choice("kind", kind, tuple(labels.REQUIRED))
    check_choice("sign", sign, CONVENTIONS)
    check_choice("first_step", first_step, FIRST_STEPS)
    check_positive("active_mass_mg", active_mass_mg)
    check_positive("area_cm2", area_cm2)


def _records(path, form, text, amounts, turned):
    """The instrument, its records, and mass and area, which a table per area sets to 1 cm2."""
    if form in BINARY:
        if text["columns"]:
            raise DataFileError(f"{path}: columns= is for text tables, this is a {FORMATS[form][1]} file.")
        return FORMATS[form][0], BINARY[form](path, turned), amounts
    if form in ("excel", "parquet"):
        reader = workbook.read_excel if form == "excel" else workbook.read_parquet
        return _from_table(path, *reader(path, text["units"]), amounts, turned)
    lines = read_head(path)
    if not text["columns"]:
        if form == "mpt" or biologic.is_header(split_fields(lines[0], "\t")):
            return "biologic", biologic.read_text(path, turned), amounts
        if neware.is_nested(lines):
            return _from_table(path, *neware.read_nested(path), [], amounts, turned)
        _check_known(path, lines, text)
    table = delimited.read_table(path, **text)
    return _from_table(path, *table, amounts, turned, "csv" if text["columns"] else None, lines)


def _check_known(path, lines, text):
    """Raise `DataFileError` unless a line is the header of records; say what the likeliest line lacks."""
    best, most = (), -1
    for line in lines:
        for mark in [text["delimiter"]] if text["delimiter"] else delimiters_of(line):
            fields = split_fields(line, mark)
            if delimited.is_record_header(fields, text["units"]):
                return
            if is_curve_header(fields, text["units"]):
                raise DataFileError(
                    f"{path}: a curve without time (columns {fields[:6]}), no record of a test; read it with"
                    " nasim.read_curve, or fit it with nasim fit and --current."
                )
            if len(meanings(fields, text["units"])) > most:
                best, most = fields, len(meanings(fields, text["units"]))
    first = next(line for line in lines if line.strip())
    found = ", ".join(sorted(meanings(best, text["units"]))) or "nothing"
    raise DataFileError(
        f"{path}: no known format; the first line is {first[:120]!r}, and no header names time, voltage and current"
        f" (the likeliest, {list(best)[:8]}, gives {found}). Expected the file of a cycler, or name the columns, as in"
        " columns={'Voltage / V': header}, or --columns 'Voltage / V=header'."
    )


def _from_table(path, raw, found, notes, amounts, turned, maker=None, above=()):
    """Records of a table by what its headers say, in A and Ah."""
    fields = [meaning.header for meaning in found.values()]
    maker = maker or ("neware" if neware.is_header(fields) else vendors.vendor_of(fields, above[:40]))
    raw, amounts, said = in_total(path, raw, found, amounts)
    if maker == "neware":
        records = neware.assemble_table(path, raw, turned=turned)
    else:
        records = assemble(path, raw, turned=turned or maker in vendors.DISCHARGE_POSITIVE)
    records.notes = [*notes, *said, *records.notes]
    return maker, records, amounts


def _end_note(path, form):
    if form not in ("text", "nested"):
        return []
    with open(path, "rb") as stream:
        stream.seek(-1, 2)
        ended = stream.read(1) in b"\r\n"
    return [] if ended else ["the file does not end with a line break: its last number may be cut"]
