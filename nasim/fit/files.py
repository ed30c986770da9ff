"""From a lab's files to a folder with the fit, as the command line does it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import nomenclature as nm
from ..files import alone_in, check_folder, write_whole
from ..instruments import read
from ..parameters import ParameterSet, load
from .curves import CAPACITY_SD, VOLTAGE_SD_MV
from .measured import from_measurement
from .result import FitResult
from .run import fit

WRITTEN = ("report.html", "fit.json", "fitted.toml", "curves.png", "predictions.csv")


def run_files(
    files: str | os.PathLike | Sequence[str | os.PathLike],
    vary: Sequence[str],
    start: str | os.PathLike | ParameterSet = "Yuan2025_NAS",
    out: str | os.PathLike | None = None,
    *,
    window_V: tuple[float, float] | None = None,
    area_cm2: float | None = None,
    active_mass_mg: float | None = None,
    sign: str | None = None,
    first_step: str | None = None,
    columns: Mapping[str, str] | None = None,
    cycles: Sequence[int] | None = None,
    temperature_C: float | None = None,
    stack_pressure_MPa: float | None = None,
    voltage_sd_mV: float = VOLTAGE_SD_MV,
    capacity_sd: float = CAPACITY_SD,
    points: int = 200,
    resume: bool = False,
    **options: Any,
) -> FitResult:
    """Read measured files, fit, and write the result to the folder `out`.

    Parameters
    ----------
    files : sequence of path
        Cycler files of kind "gcd"; all are of cells under the same conditions.
    vary : sequence of str
        Names of the parameters to fit.
    start : str, path or ParameterSet
        Where they start; all other values stay.
    out : path, optional
        Folder; gets report.html, fit.json, fitted.toml, curves.png, predictions.csv, and checkpoint.npz on the way.
    window_V : (float, float), optional
        Cut-offs of the test [V]; default those of the set.
    area_cm2, active_mass_mg, sign, first_step, columns
        See `nasim.read`; the area is needed.
    cycles, temperature_C, stack_pressure_MPa, voltage_sd_mV, capacity_sd, points
        See `nasim.fit.from_measurement`.
    resume : bool
        Go on from the checkpoint in `out`.
    **options
        See `nasim.fit`: bounds, priors, overrides, explore, starts, seed, iterations, jacobian, workers, seconds,
        progress.

    Raises
    ------
    DataFileError, MissingExtraError
        A file cannot be read, or needs an extra that is not installed.
    ProtocolError, UnknownNameError, ParameterSetError
        An argument makes no sense.
    SolveError
        The cell does not run with the values of the start.
    """
    parameters = start if isinstance(start, ParameterSet) else load(start)
    window = window_V or (parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    stated: dict[str, Any] = {
        "area_cm2": area_cm2,
        "active_mass_mg": active_mass_mg,
        "sign": sign,
        "first_step": first_step,
    }
    where: dict[str, Any] = {"temperature_C": temperature_C, "stack_pressure_MPa": stack_pressure_MPa}
    where |= {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points}
    folder = None if out is None else Path(out)
    if folder is not None:
        check_folder(folder, "fit: out")
    curves = []
    for path in [files] if isinstance(files, str | os.PathLike) else files:
        measurement = read(path, columns=columns, kind="gcd", **stated)
        curves += from_measurement(measurement, cycles=cycles, window_V=window, **where)
    checkpoint = folder / "checkpoint.npz" if folder else None
    with alone_in(folder):
        result = fit(curves, vary, start, checkpoint=checkpoint, resume=resume, **options)
        if folder:
            write(result, folder)
    return result


def write(result: FitResult, folder: str | os.PathLike) -> None:
    """Write all files of a `FitResult` into a folder."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import pandas

    folder = Path(folder)
    result.report(folder / "report.html")
    result.to_json(folder / "fit.json")
    result.to_toml(folder / "fitted.toml")
    parts = []
    for number, data in enumerate(result.problem.data):
        frame = result.prediction(number)
        frame.insert(0, "Curve", data.label)
        parts.append(frame)
    table = pandas.concat(parts, ignore_index=True)
    write_whole(folder / "predictions.csv", lambda part: table.to_csv(part, index=False))
    figure = result.plot()[0, 0].figure
    write_whole(folder / "curves.png", lambda part: figure.savefig(part, dpi=150))
    plt.close(figure)
