"""Verification: whether the equations are solved right, by laws and answers that hold whatever the parameters are.

`verify` runs every check and gives residuals beside their bounds. A check is a function in one of these files, entered by
`check.verified`; it returns a residual that is zero for exact arithmetic:

- `balances`: charge, sodium, sulfur and antimony of every kind of cell; heat and work against the enthalpy of the species;
  the second law, loss by loss,
- `numerics`: orders of convergence in space and time, the engine against IDAKLU,
- `symmetries`: equilibrium and rest, order of mechanisms, size of the cell, split steps,
- `answers`: closed forms, and spectra against a small signal in time.
"""

from .check import Check, Report
from .run import verify

__all__ = ["Check", "Report", "verify"]
