"""Does the sign in a file agree with what a passive cell can do, and with what the user said?

A cell dissipates: when the current jumps up, the voltage jumps up, whatever the chemistry and the electrodes; over a
closed voltage sweep the loop is run so that current flows into the cell; and a real part of impedance that falls with
frequency comes with a negative imaginary part. Each rule gives a score from -1 (contradicts) to 1 (agrees).
"""

import numpy as np

from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.runs import directions
from nasim.instruments.states import one_sign, state_directions

CONVENTIONS = ("charge positive", "discharge positive")
FIRST_STEPS = ("charge", "discharge")
SIGN_OF = {"charge": 1, "discharge": -1}
CONTRADICTS = -0.5
SMALLEST_CHANGE_V = 1e-3  # voltage jumps below are too small to judge by
SMALLEST_TREND_V = 0.05  # and so are changes along a half cycle
JUMP = 0.2  # share of the voltage range by which a jump from one record to the next is no part of a half cycle
MUCH = 0.25  # share of the voltage range by which a half cycle goes up or down at least


def check_stated(frame, path, halves, first_step=None):
    """Raise `DataFileError` when the current contradicts the names of the steps or the `first_step` the user stated."""
    current = frame[labels.CURRENT].to_numpy()
    _check_step_types(frame, current, path)
    if first_step is not None:
        _check_first_step(current, frame[labels.VOLTAGE].to_numpy(), path, halves, first_step)


def doubt_direction(frame, halves):
    """What speaks against the sign of the current in cycling data, or None."""
    current, voltage = frame[labels.CURRENT].to_numpy(), frame[labels.VOLTAGE].to_numpy()
    score, why = _jump_score(current, voltage), "the voltage falls when the current rises"
    if score is None:
        score, why = _trend_score(voltage, halves), "the voltage falls in charge or rises in discharge"
    return f"{why} (score {score:.2f} between -1 and 1)" if score is not None and score < CONTRADICTS else None


def doubt_sweep(frame):
    """What speaks against the sign of the current in a voltammogram that closes, or None."""
    current, voltage = frame[labels.CURRENT].to_numpy(), frame[labels.VOLTAGE].to_numpy()
    score = _score((current[1:] + current[:-1]) / 2 * np.diff(voltage))
    closes = abs(voltage[-1] - voltage[0]) < 0.1 * np.ptp(voltage)
    if not closes or score is None or score >= CONTRADICTS:
        return None
    return f"the current flows against the sweep, a cell would give energy in each cycle (score {score:.2f})"


def doubt_impedance(frame):
    """What speaks against the sign of the imaginary part of one spectrum, or None.

    Judged by the local Kramers-Kronig relation over the lower half of the frequencies, where leads do not matter.
    """
    ordered = frame.sort_values(labels.FREQUENCY)
    decades = np.log(ordered[labels.FREQUENCY].to_numpy())
    low = ordered[decades <= (decades[0] + decades[-1]) / 2]
    real, imaginary = low[labels.REAL].to_numpy(), low[labels.IMAGINARY].to_numpy()
    score = _score((imaginary[1:] + imaginary[:-1]) / 2 * np.diff(real))
    if len(low) < 3 or score is None or score >= CONTRADICTS:
        return None
    return f"the real part falls with frequency while the imaginary part is positive (score {score:.2f})"


def _score(terms):
    weight = np.abs(terms).sum()
    return None if weight == 0 else float(terms.sum() / weight)


def _jump_score(current, voltage):
    jump_I, jump_V = np.diff(current), np.diff(voltage)
    jumps = np.abs(jump_I) > 0.1 * np.max(np.abs(current), initial=0.0)
    jumps &= np.abs(jump_V) > SMALLEST_CHANGE_V
    return _score((jump_I * jump_V)[jumps]) if jumps.any() else None


def _trend_score(voltage, halves):
    terms = np.array([SIGN_OF[half.direction] * (voltage[half.last] - voltage[half.first]) for half in halves])
    return _score(terms) if np.abs(terms).sum() > SMALLEST_TREND_V else None


def check_reverses(frame, path, zero_current_A=None):
    """Raise `DataFileError` where the voltage rises and falls by much while the current never reverses.

    Rise and fall are those under current, so that relaxation at rest and jumps between steps say nothing.
    """
    current, voltage = frame[labels.CURRENT].to_numpy(), frame[labels.VOLTAGE].to_numpy()
    if not one_sign(current):
        return
    flows = directions(frame, zero_current_A) != 0
    if flows.sum() < 3:
        return
    step, span = np.diff(voltage), np.ptp(voltage[flows])
    counted = (np.abs(np.diff(current)) <= 0.1 * np.abs(current[1:])) & flows[1:] & flows[:-1]
    usual = np.median(np.abs(step[counted])) if counted.any() else 0.0
    counted &= np.abs(step) <= np.maximum(JUMP * span, 10 * usual)
    path_V = np.concatenate([[0.0], np.cumsum(np.where(counted, step, 0.0))])
    rise = np.max(path_V - np.minimum.accumulate(path_V))
    fall = np.max(np.maximum.accumulate(path_V) - path_V)
    if min(rise, fall) < max(SMALLEST_TREND_V, MUCH * span):
        return
    raise DataFileError(
        f"{path}: the current never reverses, but under it the voltage falls by {fall:.3g} V and rises by {rise:.3g} V."
        " The file gives the magnitude of the current. Name the column that says what each step is (charge, discharge,"
        f" rest; C, D, R): columns={{..., '{labels.STEP_TYPE}': header}}, or --columns '{labels.STEP_TYPE}=header'."
    )


def _check_step_types(frame, current, path):
    if labels.STEP_TYPE not in frame or frame[labels.STEP_TYPE].dtype != "category":
        return
    expected = np.nan_to_num(state_directions(frame[labels.STEP_TYPE]))
    named, wrong = expected != 0, current * expected < 0
    if np.abs(current[wrong]).sum() > 0.1 * np.abs(current[named]).sum():
        row = int(np.argmax(wrong))
        name = frame[labels.STEP_TYPE].iloc[row]
        raise DataFileError(
            f"{path}: the step is called {name!r} at {labels.place(frame, row)} but the current is {current[row]:g} A;"
            " expected current positive on charge. The sign is reversed."
        )


def _check_first_step(current, voltage, path, halves, first_step):
    if not halves:
        raise DataFileError(f"{path}: first_step={first_step!r}, but no current flows in any record.")
    first, last = halves[0].first, halves[0].last
    sign, expected = SIGN_OF[halves[0].direction], SIGN_OF[first_step]
    change = voltage[last] - voltage[max(first - 1, 0)]
    if sign != expected:
        raise DataFileError(
            f"{path}: first_step={first_step!r}, but the first current is {current[first]:g} A, a"
            f" {FIRST_STEPS[sign < 0]}, and the voltage goes from {voltage[first]:g} to {voltage[last]:g} V;"
            f" expected a {first_step}. Is the sign convention of the current the other one?"
        )
    if change * expected < -SMALLEST_CHANGE_V:
        raise DataFileError(
            f"{path}: first_step={first_step!r} and so says the current ({current[first]:g} A), but the voltage"
            f" {'rises' if change > 0 else 'falls'} by {abs(change):g} V in it; expected the opposite."
        )
