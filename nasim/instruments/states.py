"""What the kinds of step say of the current: its direction, and its sign where the file has only magnitudes."""

import numpy as np

from nasim.instruments.vocabulary import step_direction


def state_directions(states):
    """+1, -1, 0 (rest) for the step of each record, NaN where its word does not tell, (n,); `states` is categorical."""
    known = [step_direction(word) for word in states.cat.categories]
    return np.array([np.nan if sign is None else float(sign) for sign in known] + [np.nan])[states.cat.codes]


def sign_by_state(current, states=None):
    """Current [A] (n,) with its sign, and a note, where the file has magnitudes and a column of states (categorical)."""
    if states is None or states.dtype != "category" or not one_sign(current):
        return current, []
    told = state_directions(states)
    wrong = (current * np.nan_to_num(told) < 0).any()
    if not wrong:
        return current, []
    signed = np.where(np.isnan(told) | (told == 0), current, np.abs(current) * told)
    return signed, ["the current in the file is a magnitude; its sign is taken from the kind of step"]


def sign_by_counter(current, net):
    """Current [A] with its sign, and a note, where the file has magnitudes and a net counter [Ah] that goes both ways."""
    passed = np.diff(net, prepend=net[0])
    up, down = passed[passed > 0].sum(), -passed[passed < 0].sum()
    if not one_sign(current) or min(up, down) <= 0.05 * max(up, down) or not np.isfinite(passed).all():
        return current, []
    counted = np.flatnonzero(passed)
    following = np.searchsorted(counted, np.arange(len(passed)))  # the first record of a step has counted nothing yet
    sign = np.sign(passed)[counted[np.minimum(following, len(counted) - 1)]]
    return np.abs(current) * sign, ["the current in the file is a magnitude; its sign is taken from the charge counter"]


def one_sign(current):
    """Whether a current (n,) flows one way, but for a hundredth."""
    forth, back = current[current > 0].sum(), -current[current < 0].sum()
    return min(forth, back) < 0.01 * max(forth, back)
