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


def one_sign(current):
    """Whether a current (n,) flows one way, but for a hundredth."""
    forth, back = current[current > 0].sum(), -current[current < 0].sum()
    return min(forth, back) < 0.01 * max(forth, back)
