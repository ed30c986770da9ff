"""A result as one JSON object, and as tables for a terminal."""

import math

MOST_NOTES = 3
"""Events of a run that a terminal shows."""
CYCLE_KEYS = (
    "cycle",
    "current_mA_cm2",
    "scan_rate_mV_s",
    "discharge_capacity_mAh_g",
    "charge_capacity_mAh_g",
    "discharge_capacity_mAh_cm2",
    "charge_capacity_mAh_cm2",
    "charge_over_discharge",
    "discharge_over_charge",
    "discharge_energy_mWh_cm2",
    "mean_discharge_voltage_V",
    "mean_charge_voltage_V",
)
HEADINGS = {
    "cycle": "cycle",
    "current_mA_cm2": "mA cm-2",
    "scan_rate_mV_s": "mV s-1",
    "discharge_capacity_mAh_g": "discharge\nmAh g-1 (S)",
    "charge_capacity_mAh_g": "charge\nmAh g-1 (S)",
    "discharge_capacity_mAh_cm2": "discharge\nmAh cm-2",
    "charge_capacity_mAh_cm2": "charge\nmAh cm-2",
    "charge_over_discharge": "charge/\ndischarge",
    "discharge_over_charge": "discharge/\ncharge",
    "discharge_energy_mWh_cm2": "energy\nmWh cm-2",
    "mean_discharge_voltage_V": "mean V\ndischarge",
    "mean_charge_voltage_V": "mean V\ncharge",
}
DECIMALS = {"cycle": 0, "discharge_capacity_mAh_g": 0, "charge_capacity_mAh_g": 0}


def plain(value):
    """The value with numpy numbers as Python's and NaN as None, so that it is valid JSON."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def peak_voltages(result, cycle):
    """Peak and shoulder voltages [V] of the differential capacity of a kept cycle, a dict of lists."""
    found, out = result.dqdv(cycle), {"cycle": cycle}
    for name in ("reduction", "oxidation"):
        marks = found[name]
        out[f"{name}_peaks_V"] = [] if marks is None else [round(float(v), 4) for v in marks.voltage_V]
        out[f"{name}_kinds"] = [] if marks is None else [str(kind) for kind in marks.kind]
    return out


def as_object(result):
    """The whole outcome as one JSON-able dict: record, table, peaks of the first kept cycle, audit."""
    record = result.record
    keys = ("experiment", "parameter_set", "conditions", "overrides", "versions", "stopped_because", "wall_time_s")
    out = {key: record[key] for key in keys if key in record}
    if hasattr(result, "impedance"):
        return plain(out | _spectra(result))
    out["cycles"] = result.summary.to_dict("records")
    if record["experiment"] == "cv":
        out["peaks"] = result.peak_table().to_dict("records")
    elif result.kept_cycles:
        out["dqdv"] = peak_voltages(result, result.kept_cycles[0])
    return plain(out | {"audit": result.audit()})


def _spectra(result):
    """Summary, elements and impedance of each spectrum of an impedance run."""
    found = []
    for row in result.summary.to_dict("records"):
        Z = result.impedance(row["spectrum"])
        found.append(row | {"real_Ohm_cm2": Z.real.tolist(), "imaginary_Ohm_cm2": Z.imag.tolist()})
    return {"frequency_Hz": result.frequency.tolist(), "spectra": found, "intercepts": result.record["intercepts"]}


def nothing_passed(result):
    """Whether a run stopped before any charge passed, as where the cell is past its cut-off from the start."""
    capacities = [key for key in result.summary if key.endswith("charge_capacity_mAh_cm2")]
    return bool(capacities) and not result.summary[capacities].to_numpy().any()


def cycle_table(result):
    """A rich table with a row a cycle."""
    from rich.table import Table

    shown = [key for key in CYCLE_KEYS if key in result.summary and result.summary[key].notna().any()]
    if hasattr(result, "impedance"):
        return _plain_table(result)
    table = Table(title=f"{result.record['experiment']} of {result.record['parameter_set']}")
    for key in shown:
        table.add_column(HEADINGS[key], justify="right")
    for _, row in result.summary.iterrows():
        table.add_row(*(f"{row[key]:.{DECIMALS.get(key, 3)}f}" for key in shown))
    return table


def _plain_table(result):
    """A rich table with a row a spectrum."""
    from rich.table import Table

    table = Table(title=f"{result.record['experiment']} of {result.record['parameter_set']}")
    for key in result.summary:
        table.add_column(key, justify="right")
    for row in result.summary.to_dict("records"):
        table.add_row(*(f"{value:.5g}" if isinstance(value, float) else str(value) for value in row.values()))
    return table


def comparison_table(computed, published):
    """A rich table of computed beside published values; both map a quantity to a number or a list of numbers."""
    from rich.table import Table

    table = Table(title="Beside the published values")
    for heading in ("quantity", "computed", "published"):
        table.add_column(heading, justify="left" if heading == "quantity" else "right")
    for quantity, value in published.items():
        table.add_row(quantity, _text(computed.get(quantity)), _text(value))
    return table


def computed_values(result):
    """First-cycle values under the names that published values have."""
    first = result.summary.iloc[0].to_dict()
    return plain(first | (peak_voltages(result, 1) if 1 in result.kept_cycles else {}))


def _text(value):
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def lines(result):
    """The peaks, the audit and why the run stopped, as lines of text."""
    if hasattr(result, "impedance"):
        yield f"at the highest frequency: {result.intercept(1)}"
    elif hasattr(result, "peak_table"):
        yield result.peak_table().to_string(index=False, float_format=lambda value: f"{value:.4g}")
    elif result.kept_cycles and result.record["experiment"] != "symmetric":
        found = peak_voltages(result, result.kept_cycles[0])
        for name in ("reduction", "oxidation"):
            marks = zip(found[f"{name}_peaks_V"], found[f"{name}_kinds"], strict=True)
            text = ", ".join(f"{volts:.2f}" + (f" ({kind})" if kind != "peak" else "") for volts, kind in marks)
            yield f"dQ/dV of cycle {found['cycle']}, {name}: {text or 'none'} V"
    audit = ", ".join(f"{name} {value:.1e}" for name, value in result.audit().items())
    yield f"audit (largest relative residual): {audit}"
    events = result.record.get("events", [])
    yield from (f"note: {event}" for event in events[:MOST_NOTES])
    if len(events) > MOST_NOTES:
        yield f"note: {len(events) - MOST_NOTES} more in record.json"
    yield f"stopped: {result.record['stopped_because']} ({result.record['wall_time_s']:.2f} s)"


def set_table(parameter_set):
    """A rich table of every value of a set with its provenance; what is fitted or assumed is marked."""
    from rich.table import Table

    table = Table(title=f"{parameter_set.name}: {parameter_set.title}")
    for heading in ("parameter", "value", "unit", "kind", "source", "where", "range", ""):
        table.add_column(heading, justify="right" if heading == "value" else "left", overflow="fold")
    marks = {"fitted": "[yellow]fitted[/]", "assumed": "[red]assumed[/]", "": ""}
    for row in parameter_set.describe():
        limits = "" if row.range is None else f"{row.range[0]:g} to {row.range[1]:g}"
        value = f"{row.value:g}" if isinstance(row.value, int | float) else str(row.value)
        cells = (row.name.split(" [")[0], value, row.unit, row.kind, row.source or "", row.where or "", limits)
        table.add_row(*(cell.replace("[", r"\[") for cell in cells), marks[row.flag])
    return table


def score_table(scores):
    """A rich table of the scorecard."""
    from rich.table import Table

    table = Table(title="Published and computed")
    for heading in ("row", "condition", "quantity", "published", "computed", "tolerance", "use", "verdict"):
        table.add_column(heading, overflow="fold")
    colours = {"met": "green", "missed": "red"}
    for row in scores.table.to_dict("records"):
        colour = colours.get(row["verdict"], "yellow")
        numbers = (_text(plain(row[name])) for name in ("target", "computed", "tolerance"))
        verdict = f"[{colour}]{row['verdict']}[/]"
        table.add_row(row["id"], row["condition"], row["quantity"], *numbers, row["use"], verdict)
    return table


def score_lines(scores):
    """How many rows are met, of those calibrated on and of those predicted."""
    for use, verdicts in scores.counts.items():
        yield f"{use}: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())


def fit_lines(found):
    """What a fit says, as lines of text: the table of values, how well they agree, what to mind."""
    yield found.table.to_string()
    yield f"chi2 / freedom: {found.chi2:.4g} / {found.freedom}; {found.message}"
    yield from found.warnings()


def study_text(found):
    """What a study of `nasim.studies` says: its plain values as lines, or its table where it has phases."""
    record = {key: value for key, value in plain(found.as_record()).items() if isinstance(value, str | int | float)}
    lines = [f"{key}: {value:.5g}" if isinstance(value, float) else f"{key}: {value}" for key, value in record.items()]
    table = found.as_table()
    return "\n".join([*lines, *([table.to_string(index=False)] if "products" in table else []), ""])
