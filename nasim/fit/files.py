"""From a lab's files to a folder with the fit: what the command line calls."""

from pathlib import Path

from ..errors import NasimError
from ..instruments import read
from .curves import CAPACITY_SD, VOLTAGE_SD_MV
from .measured import from_measurement
from .run import fit

WRITTEN = ("report.html", "fit.json", "fitted.toml", "curves.png", "predictions.csv")


def run_files(
    files,
    vary,
    start="Yuan2025_NAS",
    out=None,
    *,
    window_V=None,
    area_cm2=None,
    active_mass_mg=None,
    sign=None,
    first_step=None,
    columns=None,
    cycles=None,
    temperature_C=None,
    stack_pressure_MPa=None,
    voltage_sd_mV=VOLTAGE_SD_MV,
    capacity_sd=CAPACITY_SD,
    points=200,
    resume=False,
    progress=None,
    **options,
):
    """Read measured files, fit, and write the answers to the folder `out`; returns the `FitResult`.

    Parameters
    ----------
    files : sequence of path
        Cycler files of kind "gcd"; all are of cells under the same conditions.
    vary : sequence of str
    start : str, path or ParameterSet
    out : path, optional
        Folder; gets report.html, fit.json, fitted.toml, curves.png, predictions.csv, and checkpoint.npz on the way.
    window_V : (float, float), optional
        Cut-offs of the test; default those of the set.
    area_cm2, active_mass_mg, sign, first_step, columns
        See `nasim.read`; the area is needed.
    cycles, temperature_C, stack_pressure_MPa, voltage_sd_mV, capacity_sd, points
        See `nasim.fit.from_measurement`.
    resume : bool
        Go on from the checkpoint in `out`.
    progress, options
        See `nasim.fit`: bounds, priors, overrides, explore, starts, seed, iterations, jacobian, workers, seconds.

    Raises
    ------
    DataFileError, MissingExtraError, ProtocolError, UnknownNameError, ParameterSetError, SolveError
    """
    from .. import nomenclature as nm
    from ..parameters import ParameterSet, load

    parameters = start if isinstance(start, ParameterSet) else load(start)
    window = window_V or (parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    told = {"area_cm2": area_cm2, "active_mass_mg": active_mass_mg, "sign": sign, "first_step": first_step}
    where = {"temperature_C": temperature_C, "stack_pressure_MPa": stack_pressure_MPa}
    where |= {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points}
    folder = _folder(out)
    curves = []
    for path in [files] if isinstance(files, str | Path) else files:
        measurement = read(path, columns=columns, kind="gcd", **told)
        curves += from_measurement(measurement, cycles=cycles, window_V=window, **where)
    checkpoint = folder / "checkpoint.npz" if folder else None
    found = fit(curves, vary, start, checkpoint=checkpoint, resume=resume, progress=progress, **options)
    if folder:
        write(found, folder)
    return found


def _folder(out):
    if out is None:
        return None
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise NasimError(f"fit: out must be a folder; '{folder}' is a file.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(found, folder):
    """All files of a `FitResult` into a folder."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import pandas

    from ..results.result import write_whole

    folder = Path(folder)
    found.report(folder / "report.html")
    found.to_json(folder / "fit.json")
    found.to_toml(folder / "fitted.toml")
    parts = []
    for number, each in enumerate(found.problem.data):
        frame = found.prediction(number)
        frame.insert(0, "Curve", each.label)
        parts.append(frame)
    table = pandas.concat(parts, ignore_index=True)
    write_whole(folder / "predictions.csv", lambda part: table.to_csv(part, index=False))
    figure = found.plot()[0, 0].figure
    write_whole(folder / "curves.png", lambda part: figure.savefig(part, dpi=150))
    plt.close(figure)
