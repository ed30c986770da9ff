"""From a lab's files to a folder with the fit, as the command line does it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..checks import require_several
from ..errors import OutputError, ProtocolError
from ..files import alone_in, check_folder, write_whole
from ..parameters import ParameterSet, load
from .plan import FileUse, load_plan, stated
from .result import FitResult
from .run import fit
from .uses import data_of

WRITTEN = ("report.html", "fit.json", "fitted.toml", "curves.png", "predictions.csv")


def run_files(
    files: str | os.PathLike | Sequence[str | os.PathLike],
    vary: Sequence[str] | None = None,
    start: str | os.PathLike | ParameterSet | None = None,
    out: str | os.PathLike | None = None,
    *,
    resume: bool = False,
    tell: Callable[[str], object] | None = None,
    **options: Any,
) -> FitResult:
    """Read measured files, fit, and write the result to the folder `out`.

    Parameters
    ----------
    files : path or sequence of path
        Measured files, all of cells under the same conditions; or one plan (TOML, see `nasim.fit.plan`) that says for
        each file what it is.
    vary : sequence of str, optional
        Names of the parameters to fit; default those of the plan.
    start : str, path or ParameterSet, optional
        Where they start; all other values stay. Default that of the plan, else "Yuan2025_NAS".
    out : path, optional
        Folder; gets report.html, fit.json, fitted.toml, curves.png, predictions.csv, and checkpoint.npz on the way.
    resume : bool
        Go on from the checkpoint in `out`.
    tell : callable (str), optional
        Called with a summary of each file before the fit runs.
    **options
        Fields of `nasim.fit.plan.FileUse`, for all files: use, area_cm2, window_V, continues, ...; and arguments of
        `nasim.fit`: bounds, priors, overrides, explore, starts, seed, iterations, jacobian, workers, seconds, progress.

    Returns
    -------
    FitResult

    Raises
    ------
    DataFileError, MissingExtraError
        A file cannot be read, is not what it is used as, or needs an extra that is not installed.
    ProtocolError, UnknownNameError, ParameterSetError
        An argument makes no sense.
    SolveError
        The cell does not run with the values of the start.
    OutputError
        Not everything could be written; its `result` is the fit.
    """
    uses, options = _uses(files, options)
    planned_vary, planned_start = options.pop("vary", None), options.pop("set", None)
    vary, start = vary or planned_vary, start or planned_start
    if not vary:
        raise ProtocolError("fit: no parameter to fit is named; give vary=[...] (--vary NAME), or vary in the plan.")
    start = start or "Yuan2025_NAS"
    parameters = start if isinstance(start, ParameterSet) else load(start)
    folder, lines = None if out is None else Path(out), []
    if folder is not None:
        check_folder(folder, "fit: out")

    def told(line):
        lines.append(line)
        if tell is not None:
            tell(line)

    data = data_of(uses, parameters, told)
    checkpoint = folder / "checkpoint.npz" if folder else None
    with alone_in(folder):
        result = fit(data, vary, start, checkpoint=checkpoint, resume=resume, **options)
        result.record["files"] = lines
        if folder:
            try:
                write(result, folder)
            except OutputError as error:
                error.result = result
                raise
    return result


def _uses(files, options):
    """Return the use of each file, and the options of the fit."""
    paths = [files] if isinstance(files, str | os.PathLike) else list(require_several("fit", "files", files, "paths"))
    known = {each.name for each in fields(FileUse)} - {"path", "set", "overrides"}
    shared = {key: value for key, value in options.items() if key in known and value is not None}
    others = {key: value for key, value in options.items() if key not in known}
    if not any(Path(path).suffix.lower() == ".toml" for path in paths):
        if "current_mA_cm2" in shared:
            shared = {"use": "points"} | shared
        return stated(paths, **shared), others
    if len(paths) > 1 or shared:
        said = ", ".join(shared) or "other files"
        raise ProtocolError(
            f"fit: a plan says itself what is fitted to; it stands alone, {said} cannot be given with it."
        )
    uses, planned = load_plan(paths[0])
    return uses, planned | others


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
