"""Text tables that say or are told their columns: BDF CSV, and any CSV with a column map."""

from nasim.errors import DataFileError, nearest
from nasim.instruments import labels
from nasim.instruments.layout import find_layout
from nasim.instruments.table import Column, read_columns

NEEDED = ({labels.TIME, labels.VOLTAGE, labels.CURRENT}, {labels.FREQUENCY, labels.REAL, labels.IMAGINARY})


def is_bdf_header(fields):
    """Whether these fields are a BDF header: preferred labels or machine names of a time series or of impedance."""
    known = {labels.label_of(field) for field in fields}
    return any(needed <= known for needed in NEEDED)


def read_bdf(path, delimiter=None, decimal=None):
    """Table and notes of a BDF CSV; columns that nasim has no use for are left out and noted.

    Raises `DataFileError` when no line of the file is a BDF header, and for what is no number.
    """
    expected = [labels.VOLTAGE, labels.TIME, labels.CURRENT]
    layout = find_layout(path, is_bdf_header, expected, delimiter, decimal)
    wanted, left = {}, []
    for field in layout.header:
        label = labels.label_of(field)
        if label is None or label in wanted:
            left.append(field)
        else:
            wanted[label] = Column(field, form=_form(label))
    frame = read_columns(path, layout, wanted)
    left = [field for field in left if field]
    return frame, [f"columns not read: {', '.join(left)}"] if left else []


def read_csv(path, columns, delimiter=None, decimal=None):
    """Table and notes of a CSV whose columns the user names.

    `columns` maps BDF labels to headers, or to (header, factor to the label's unit): {"Current / A": ("I/mA", 1e-3)}.
    Raises `DataFileError` for a label that does not exist, a header that is not in the file and what is no number.
    """
    wanted = {label: _told(label, column) for label, column in columns.items()}
    headers = [column.header for column in wanted.values()]

    def is_header(fields):
        return all(header in fields for header in headers)

    layout = find_layout(path, is_header, headers, delimiter, decimal)
    return read_columns(path, layout, wanted), []


def _told(label, column):
    if label not in labels.LABELS:
        raise DataFileError(f"columns: {label!r} is no column label.", nearest(label, labels.LABELS))
    header, factor = (column, 1.0) if isinstance(column, str) else column
    return Column(header.strip(), float(factor), _form(label))


def _form(label):
    return "text" if label == labels.STEP_TYPE else "number"
