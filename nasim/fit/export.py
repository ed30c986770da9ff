"""The fitted set as a file that extends the start and says how its values were found."""

from pathlib import Path

from ..errors import ParameterSetError
from ..files import write_whole
from ..parameters import available, load
from ..parameters.rewrite import literal, with_calibration

SOURCE = "Fitted"


def to_toml(fit, path, source=None, url=None):
    """Write the file of `FitResult.to_toml`; returns the path."""
    path, start, parent = Path(path), fit.start, _parent(fit)
    data = fit.record["data"]
    hashes = [entry["hash"] for entry in data]
    cited = source or f"Fitted by nasim to: {'; '.join(entry['label'] for entry in data)}."
    head = {
        "title": f"{start.title}, fitted",
        "description": f"{start.name} with {len(fit.values)} values fitted to {len(data)} curve{'s' * (len(data) > 1)}.",
        "extends": parent,
    }
    where = {"citation": cited, "url": url or f"urn:sha256:{hashes[0]}"}
    lines = [f"{key} = {literal(value)}" for key, value in head.items()]
    lines += ["", f"[sources.{SOURCE}]", *(f"{key} = {literal(value)}" for key, value in where.items())]
    for name, keys in [*_changed(fit, parent), *_entries(fit)]:
        lines += ["", f'["{name}"]', *(f"{key} = {literal(value)}" for key, value in keys.items())]
    text = with_calibration("\n".join(lines) + "\n", _table(fit))

    def write(part):
        Path(part).write_text(text, encoding="utf-8")
        load(Path(part))

    write_whole(path, write)
    return path


def _parent(fit):
    """Return what the new file extends: the file of the start, or the name of a shipped set.

    Raises
    ------
    ParameterSetError
        The start is an object that is neither.
    """
    if fit.record.get("start_file"):
        return fit.record["start_file"]
    if fit.start.name in available():
        return fit.start.name
    raise ParameterSetError(
        f"The start '{fit.start.name}' is no shipped set and was not given as a file, so a file cannot extend it; "
        "give start='NAME.toml' to the fit."
    )


def _changed(fit, parent):
    """Yield the entries of the start that differ from the set that the file extends, which are overrides of the fit."""
    original = load(parent).entries
    for name, entry in fit.start.entries.items():
        if name not in fit.values and entry != original.get(name):
            keys = {"value": entry.value, "kind": "setting"}
            yield name, keys | ({"range": list(entry.range)} if entry.range else {})


def _entries(fit):
    labels = [entry["label"] for entry in fit.record["data"]]
    for name, value in fit.values.items():
        scale = fit.problem.scales[name]
        rounded = min(max(float(literal(value)), scale.low), scale.high)
        yield (
            name,
            {
                "value": rounded,
                "kind": "fitted",
                "source": SOURCE,
                "range": [scale.low, scale.high],
                "standard_error": fit.standard_errors[name],
                "fitted_to": labels,
            },
        )


def _table(fit):
    """Return the table [calibration]."""
    record = fit.record
    table = {
        "method": "least squares on voltage at shares of the capacity and on the capacity",
        "start": record["start"],
        "start_sha256": record["parameters"],
        "seed": record["seed"],
        "explored": record["explore"],
        "jacobian": record["jacobian"],
        "cost": fit.chi2 / 2,
        "freedom": fit.freedom,
        "error_scale": fit.scale,
        "finished": fit.finished,
        "evaluations": fit.counts["evaluations"],
        "jacobians": fit.counts["jacobians"],
        "failed": fit.counts["failed"],
        "undetermined": [direction.text for direction in fit.undetermined],
        "data": [entry["label"] for entry in record["data"]],
        "data_sha256": [entry["hash"] for entry in record["data"]],
    }
    files = {entry["file_sha256"] for entry in record["data"] if entry.get("file_sha256")}
    return table | ({"files_sha256": sorted(files)} if files else {}) | {"versions": record["versions"]}
