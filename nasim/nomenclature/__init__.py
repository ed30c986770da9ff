"""Every name in nasim, written once, with its unit.

Variables and parameters are called ``"Capitalised description [unit]"`` as in PyBaMM, SI units inside the brackets.
Code never spells a name: it takes it from here, so that a misspelling is an `AttributeError` at import and not a wrong
result. What exists twice in a cell (a side) or is one use of a general mechanism (a redox chain) is an object whose
attributes are the names.

Sign conventions: discharge current is positive; the current at a side is positive when that side is
oxidised (gives sodium to the electrolyte); electrode potentials are against Na/Na+.
"""
# ruff: noqa: F401, F403

from . import roles
from .chains import *
from .layers import *
from .parameters import *
from .registry import *
from .sides import *
from .variables import *
