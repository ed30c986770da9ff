"""How instruments write their records: Neware's BTS table, EC-Lab's text, the Battery Data Format."""

from datetime import datetime, timedelta
from pathlib import Path

from ..files import write_whole
from ..instruments import labels
from ..instruments.bdf import write_bdf

NEWARE_STEPS = {"discharge": "CC DChg", "charge": "CC Chg", "rest": "Rest", "hold": "CV Chg"}
NEWARE_HEADER = "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Chg. Cap.(mAh),DChg. Cap.(mAh),Date"
CUT_BYTES = 40
"""What is missing at the end of a file that was cut."""
START = datetime(2026, 1, 1)
"""When a test begins, as its file says."""
MODES = {"discharge": 1, "charge": 1, "hold": 2, "rest": 3}
EC_LAB_HEADER = ("mode", "Ns", "time/s", "Ecell/V", "<I>/mA", "dq/mA.h", "half cycle", "cycle number")


def _neware(table, path, cut):
    """The record table of BTS: time in the step and in the test as h:mm:ss, counters that start again in each step."""
    lines = [NEWARE_HEADER]
    for number, row in enumerate(table.to_dict("records"), start=1):
        fields = [number, row[labels.CYCLE], row[labels.STEP_COUNT], NEWARE_STEPS.get(row[labels.STEP_TYPE], "CC")]
        fields += [_clock(row[labels.STEP_TIME]), _clock(row[labels.TIME]), f"{1e3 * row[labels.CURRENT]:.6f}"]
        fields += [
            f"{row[labels.VOLTAGE]:.4f}",
            f"{1e3 * row[labels.CHARGING]:.6f}",
            f"{1e3 * row[labels.DISCHARGING]:.6f}",
        ]
        date = (START + timedelta(seconds=row[labels.TIME])).isoformat(" ", "milliseconds")
        lines.append(",".join(map(str, [*fields, date])))
    _write(lines, path, "\r\n", cut)


def _clock(seconds):
    milliseconds = round(1e3 * seconds)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _biologic(table, path, cut):
    """EC-Lab's text: mode, technique step, charge of each record's interval, counters of half cycles and cycles."""
    net = _net(table)
    words = table[labels.STEP_TYPE]
    turns = words.where(words.isin(("discharge", "charge"))).ffill().bfill()
    columns = {
        "mode": words.map(MODES).fillna(1).astype(int),
        "Ns": table[labels.STEP_COUNT] - 1,
        "time/s": table[labels.TIME],
        "Ecell/V": table[labels.VOLTAGE],
        "<I>/mA": 1e3 * table[labels.CURRENT],
        "dq/mA.h": 1e3 * net.diff().fillna(0.0),
        "half cycle": (turns != turns.shift()).cumsum() - 1,
        "cycle number": table[labels.CYCLE].astype(float),
    }
    head = ["EC-Lab ASCII FILE", "", "", "Galvanostatic Cycling with Potential Limitation", "", "Run on channel : 1"]
    head.append(f"Acquisition started on : {START:%m/%d/%Y %H:%M:%S}.000")
    head.append("\t".join(EC_LAB_HEADER) + "\t")
    head[1] = f"Nb header lines : {len(head)}"
    whole = ("mode", "Ns", "half cycle")
    texts = [columns[name].map(str if name in whole else "{:.9E}".format) for name in EC_LAB_HEADER]
    _write([*head, *("\t".join(row) + "\t" for row in zip(*texts, strict=True))], path, "\r\n", cut)


def _net(table):
    """Net charge [Ah] from counters that start again in each step."""
    net = table[labels.CHARGING] - table[labels.DISCHARGING]
    begins = table[labels.STEP_COUNT].diff() != 0
    return net.diff().where(~begins, net).cumsum()


def _bdf(table, path, cut):
    write_bdf(
        table.assign(**{labels.NET_CAPACITY: _net(table)}).drop(columns=[labels.CHARGING, labels.DISCHARGING]), path
    )
    if cut:
        whole = Path(path).read_bytes()
        Path(path).write_bytes(whole[:-CUT_BYTES])


def _write(lines, path, end, cut):
    data = (end.join([*lines, ""])).encode("latin-1")
    write_whole(path, lambda part: Path(part).write_bytes(data[:-CUT_BYTES] if cut else data))


WRITERS = {"neware": _neware, "biologic": _biologic, "bdf": _bdf}
