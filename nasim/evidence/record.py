"""What a calibration leaves: entries of the sets, and a record of what the rows determine and what they do not.

The record, ``Yuan2025_fit.json`` beside the published rows, holds the values, their covariance (in standard deviations of
the priors), the rows that each parameter hangs on, and the directions that the rows leave to the priors.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DataFileError
from ..files import write_text
from ..parameters import folders
from ..parameters.rewrite import write as rewrite
from .calibration import Calibration
from .estimate import DETERMINES, NAMED
from .row import FOLDER, PAPER
from .stages import START

FILE = f"{PAPER}_fit.json"
DIGITS = 4


@dataclass(frozen=True)
class Record:
    """A calibration as it was stored.

    Attributes
    ----------
    values, errors : dict key -> number
        SI units.
    covariance : array of shape (k, k)
        In standard deviations of the priors, in the order of `values`.
    rows : tuple of str
        Rows that were fitted to.
    directions : list of dict
        Those that the rows leave to the priors: singular value, and components by key.
    cost : float
    """

    values: dict[str, float]
    errors: dict[str, float]
    covariance: np.ndarray
    rows: tuple[str, ...]
    directions: list[dict]
    cost: float


def _free(outcome: Calibration) -> list[str]:
    """Return the keys of the parameters that were fitted."""
    return [key for key in outcome.stage.parameters if not outcome.plan.parameters[key].held]


def directions(outcome: Calibration) -> list[dict]:
    """Return the directions along which the rows say less than the priors: singular value, and components by key."""
    if outcome.estimate.jacobian is None:
        return []
    keys = _free(outcome)
    columns = [outcome.stage.parameters.index(key) for key in keys]
    jacobian = outcome.estimate.jacobian[:, columns]
    _, singular, axes = np.linalg.svd(jacobian, full_matrices=True)
    singular = np.pad(singular, (0, len(keys) - len(singular)))
    found = []
    for size, axis in zip(singular, axes, strict=True):
        if size < 1:
            parts = {key: round(float(x), 2) for key, x in zip(keys, axis, strict=True) if abs(x) >= NAMED}
            found.append({"singular_value": round(float(size), 3), "parameters": parts})
    return found


def rows_of(outcome: Calibration) -> dict[str, list[str]]:
    """Return key -> ids of the rows that determine the parameter, by their share of the squares of its column."""
    jacobian, telling = outcome.estimate.jacobian, {}
    if jacobian is None:
        return {key: list(outcome.stage.rows) for key in outcome.stage.parameters}
    for key, column in zip(outcome.stage.parameters, jacobian.T, strict=True):
        shares = column**2 / max(float(column @ column), np.finfo(float).tiny)
        ids = [id for id, share in zip(outcome.owners, shares, strict=True) if share >= DETERMINES]
        telling[key] = list(dict.fromkeys(ids)) or list(outcome.stage.rows)
    return telling


def errors_of(outcome: Calibration) -> dict[str, float]:
    """Return key -> standard error [SI]."""
    deviations = np.sqrt(np.diag(outcome.estimate.covariance))
    parameters = [outcome.plan.parameters[key] for key in outcome.stage.parameters]
    pairs = zip(parameters, deviations, strict=True)
    return {each.key: each.prior.error(outcome.values[each.key], float(d)) for each, d in pairs if each.prior}


def entries_of(outcome: Calibration) -> dict[str, dict[str, dict[str, Any]]]:
    """Return set -> parameter -> what its entry says: value, kind, error, rows; followers get the value only."""
    errors, telling = errors_of(outcome), rows_of(outcome)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for key in _free(outcome):
        each, value = outcome.plan.parameters[key], outcome.values[key]
        mine = found.setdefault(each.set, {})
        mine[each.name] = {"value": value, "kind": "fitted", "standard_error": errors[key], "fitted_to": telling[key]}
        mine |= {name: {"value": value} for name in each.also}
    return found


def calibration_table(outcome: Calibration, name: str) -> dict[str, Any]:
    """Return the table [calibration] of a set."""
    method = "least squares on (computed - published)/tolerance with priors; nasim calibrate"
    mine = [key for key in _free(outcome) if outcome.plan.parameters[key].set == name]
    stage = {
        "cost": outcome.estimate.cost,
        "parameters": len(mine),
        "numbers": outcome.stage.numbers,
        "finished": outcome.estimate.finished,
        "rows": list(outcome.stage.rows),
    }
    if name == START:
        stage["left_to_priors"] = len(directions(outcome))
    return {"target": PAPER, "method": method, outcome.stage.name.replace(" ", "_"): stage}


def as_record(outcome: Calibration) -> dict[str, Any]:
    """Return the record as plain data that `json.dumps` takes."""
    plan, keys = outcome.plan, outcome.stage.parameters
    priors = {key: plan.parameters[key].prior for key in keys}
    return {
        "cost": round(outcome.estimate.cost, DIGITS),
        "finished": outcome.estimate.finished,
        "rows": list(outcome.stage.rows),
        "numbers": outcome.stage.numbers,
        "values": {key: float(f"{outcome.values[key]:.6g}") for key in keys},
        "held": [key for key in keys if plan.parameters[key].held],
        "errors": {key: float(f"{error:.3g}") for key, error in errors_of(outcome).items()},
        "priors": {key: vars(prior) for key, prior in priors.items() if prior},
        "rows_of": rows_of(outcome),
        "left_to_priors": directions(outcome),
        "covariance": [[round(float(x), 6) for x in line] for line in outcome.estimate.covariance],
    }


def write(outcome: Calibration, folder: Path | None = None) -> list[Path]:
    """Write values, errors and provenance into the files of the sets, and the covariance beside the published rows.

    Parameters
    ----------
    outcome : Calibration
    folder : path, optional
        With the files of the sets; default the shipped ones.

    Returns
    -------
    list of path
        The files that changed.
    """
    folder = folder or folders()[0]
    changed = []
    for name, entries in entries_of(outcome).items():
        path = folder / f"{name}.toml"
        rewrite(path, entries, calibration_table(outcome, name))
        changed.append(path)
    return [*changed, save(outcome, folder)]


def save(outcome: Calibration, folder: Path) -> Path:
    """Write the record beside the published rows; returns its path."""
    path = folder / FOLDER / FILE
    write_text(path, json.dumps(as_record(outcome), indent=1) + "\n")
    return path


def load_record(folder: Path | None = None) -> Record | None:
    """Return the stored record, None where there is none.

    Raises
    ------
    DataFileError
        The file cannot be read.
    """
    path = (folder or folders()[0]) / FOLDER / FILE
    if not path.is_file():
        return None
    try:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = (data["values"], data["errors"], np.array(data["covariance"], dtype=float), tuple(data["rows"]))
        return Record(*parts, data["left_to_priors"], data["cost"])
    except (ValueError, KeyError) as error:
        raise DataFileError(f"'{path}' is no record of a calibration: {error}") from None
