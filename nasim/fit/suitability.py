"""Does a measured file belong to the cell of a parameter set? What does not is refused, with the reason and the way out.

Each check compares orders of magnitude or kinds only, which no fit can mend: how well the model describes the data is for
chi-square to say.
"""

from collections.abc import Sequence

import numpy as np

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..checks import require_kind
from ..errors import DataFileError
from ..experiments.block import theoretical_charge
from ..instruments import Measurement
from ..parameters import ParameterSet

LEAST_SHARE, MOST_SHARE = 0.01, 3.0
"""Shares of what the cathode can hold between which the largest half cycle of a cell lies."""
AROUND_ZERO_V = 0.3
"""Voltages of a symmetric cell lie around zero: the median of a full cell's lies above this."""
SAME_CAPACITY = 0.01
"""Half cycles that were ended by their capacity agree in it to this share."""
ENDS = ("cut-off", "capacity")


def check_holds_half_cycles(measurement: Measurement) -> None:
    """Raise `DataFileError` where a measurement is a spectrum or a voltammogram.

    Parameters
    ----------
    measurement : Measurement
    """
    require_kind(
        "from_measurement", "measurement", measurement, Measurement, "a nasim.Measurement, as nasim.read gives it"
    )
    words = {"impedance": ("impedance spectra", "spectrum"), "cv": ("a voltammogram", "voltammogram")}
    if measurement.kind in words:
        what, use = words[measurement.kind]
        raise DataFileError(
            f"{measurement.path}: the file holds {what} and no half cycles at constant current; it cannot be fitted as a "
            f"discharge. Give use='{use}' (--use {use}) to fit to what it holds."
        )


def check_cell(who: str, parameters: ParameterSet, voltage: np.ndarray) -> None:
    """Raise `DataFileError` where the voltages are those of another kind of cell than that of the set.

    Parameters
    ----------
    who : str
        What a message begins with.
    parameters : ParameterSet
    voltage : array of shape (n,)
        All voltages under current [V].
    """
    middle, model = float(np.median(voltage)), parameters.cell.model
    around_zero = voltage.min() < 0 < voltage.max() and abs(middle) < AROUND_ZERO_V
    found = f"its voltages lie between {voltage.min():.2f} and {voltage.max():.2f} V"
    if model == "blocking":
        raise DataFileError(f"{who}: the cell of set '{parameters.name}' blocks all current; it has no half cycles.")
    if model == "symmetric" and middle > AROUND_ZERO_V:
        raise DataFileError(
            f"{who}: {found}, which is a full cell; the cell of set '{parameters.name}' is symmetric and lies around 0 V. "
            "Give the set of the full cell."
        )
    if model == "full" and around_zero:
        raise DataFileError(
            f"{who}: {found}, around 0 V, which is a symmetric cell; the cell of set '{parameters.name}' is a full one. "
            "Give the set of the symmetric cell."
        )


def check_amount(
    who: str, parameters: ParameterSet, capacity_mAh_cm2: float, mass_kg: float | None, stated: str
) -> None:
    """Raise `DataFileError` where no cathode of that mass and area can have given the capacity.

    Parameters
    ----------
    who : str
        What a message begins with.
    parameters : ParameterSet
    capacity_mAh_cm2 : float
        Largest capacity of a half cycle [mAh cm-2].
    mass_kg : float, optional
        Mass of the composite on the area of the set [kg]; default that of the set.
    stated : str
        What was said of mass and area, for the message.
    """
    if parameters.cell.model != "full":
        return
    most = float(to_mAh_cm2(theoretical_charge(parameters)))
    most *= 1.0 if mass_kg is None else mass_kg / parameters.value(nm.COMPOSITE_MASS)
    share = capacity_mAh_cm2 / most
    if not LEAST_SHARE <= share <= MOST_SHARE:
        times = f"{share:.3g} times" if share > 1 else f"only {100 * share:.2g} % of"
        raise DataFileError(
            f"{who}: the largest half cycle has {capacity_mAh_cm2:.3g} mAh cm-2, {times} what the cathode can hold "
            f"({most:.3g} mAh cm-2, all its reactions; {stated}). Mass (mg of active material), area (cm2) or the unit of the "
            "current is wrong, or it is another cell: give its set."
        )


def check_first(who: str, parameters: ParameterSet, direction: str) -> None:
    """Raise `DataFileError` where a test that should start from a fresh cell begins with a charge.

    Parameters
    ----------
    who : str
        What a message begins with.
    parameters : ParameterSet
    direction : str
        Of the first half cycle.
    """
    if parameters.cell.model == "full" and direction == "charge":
        raise DataFileError(
            f"{who}: the file begins with a charge, but a fresh cell is charged and begins with a discharge. If the file "
            "continues another, give that one first, with continues=True (--continues)."
        )


def check_ends(
    who: str, direction: str, window: Sequence[float], reached: Sequence[bool], ends_V: Sequence[float], capacities
) -> None:
    """Raise `DataFileError` where no half cycle of one direction reaches its cut-off and their capacities differ.

    Parameters
    ----------
    who : str
        What a message begins with.
    direction : str
    window : (float, float)
        Cut-offs [V].
    reached : sequence of bool
        Whether each half cycle ended at its cut-off.
    ends_V, capacities : sequence of float
        Last voltage [V] and capacity of each.
    """
    if any(reached):
        return
    level = float(np.mean(capacities))
    if len(capacities) > 1 and np.ptp(capacities) <= SAME_CAPACITY * level:
        return
    side, cut_off = ("upper", window[1]) if direction == "charge" else ("lower", window[0])
    shown = ", ".join(f"{end:.2f}" for end in list(ends_V)[:4])
    raise DataFileError(
        f"{who}: no {direction} reaches the {side} cut-off of {cut_off:g} V; the first end at {shown} V. Give the window of "
        "the test (window_V, --window LOW HIGH), or ends='capacity' (--ends capacity) if half cycles were ended by time or "
        "capacity."
    )
