"""Make every picture of the documentation, and docs/guide/examples.md: ``python docs/make_figures.py [NAME ...]``.

A picture is an example of ``examples/`` or a function of ``drawings.py``. Beside the pictures lies ``drawn.json`` with the numbers
that were drawn, so that a test notices when a picture no longer shows what its code computes.
"""

import importlib.util
import io
import json
import re
import sys
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parent))
import drawings

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
RECORD = FIGURES / "drawn.json"
PAGE = ROOT / "docs" / "guide" / "examples.md"
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("[0-9]*.py"))}
DPI = 100
COLOURS = 128
TOLERANCE = 0.01
"""Of each number drawn, as a share of the range of its axis; of each number printed, as a share of itself."""

HEAD = """# Examples

Each script asks one question, and its `main()` returns the number that its text claims (a test sees to that). Run one with
`python examples/01_one_discharge.py`; the figure goes to `results/`. The cells (`# %%`) can be run one by one in an editor that
knows them. This page, its pictures and what it prints are made by `python docs/make_figures.py`.
"""


def module_of(path):
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(values):
    """Five quantiles of what is finite: enough to see a curve move, little enough to keep."""
    values = np.ravel(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan))
    values = values[np.isfinite(values)]
    return [float(f"{x:.5g}") for x in np.quantile(values, [0, 0.25, 0.5, 0.75, 1])] if len(values) else []


def along(line):
    """x and y at five places of a line, evenly spread over its length as drawn: those of a curve, however many points it has."""
    data = np.column_stack([np.asarray(part, dtype=float) for part in line.get_data(orig=False)])
    data = data[np.isfinite(data).all(axis=1)]
    if line.get_linestyle() == "None" or len(data) < 3:
        return [numbers(data[:, 0]), numbers(data[:, 1])]
    length = np.hypot(*np.diff(line.get_transform().transform(data), axis=0).T)
    run = np.append(0.0, np.cumsum(np.nan_to_num(length, posinf=0.0, neginf=0.0)))
    return [[float(f"{x:.5g}") for x in np.interp(run[-1] * np.linspace(0, 1, 5), run, part)] for part in data.T]


def words(figure):
    """What a figure says, without its numbers: labels, titles, legends, texts, where it stands."""
    texts = [figure.get_supxlabel(), *(text.get_text() for legend in figure.legends for text in legend.get_texts())]
    for ax in figure.axes:
        legend = ax.get_legend()
        texts += [ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), *(text.get_text() for text in ax.texts)]
        texts += [text.get_text() for text in legend.get_texts()] if legend else []
    return [kept for kept in (re.sub(r"[-+\d.]+|\s+", " ", text).strip() for text in texts) if kept]


def drawn(figure):
    """Axes by axes: the limits, what is `along` each line, quantiles of patches and of sets of points; and the words."""
    found = []
    for ax in figure.axes:
        things = [part for line in ax.lines for part in along(line)]
        for points in (each.get_offsets() for each in ax.collections):
            things += [numbers(points[:, 0]), numbers(points[:, 1])]
        things += [numbers([patch.get_extents().height for patch in ax.patches])] if ax.patches else []
        found.append({"limits": [float(f"{x:.5g}") for x in (*ax.get_xlim(), *ax.get_ylim())], "things": things})
    found[0]["words"] = words(figure)
    return found


@contextmanager
def watched(record):
    """Within it, what a saved figure shows goes into the list `record`."""
    save = Figure.savefig

    def savefig(figure, *args, **options):
        record.extend(drawn(figure))
        return save(figure, *args, **{**options, "dpi": DPI})

    Figure.savefig = savefig
    try:
        yield record
    finally:
        Figure.savefig = save


def make(name, path):
    """Draw one picture into `path`; returns what it shows, what was printed, and what an example returned."""
    said = io.StringIO()
    with watched([]) as record, redirect_stdout(said):
        returned = module_of(EXAMPLES[name]).main(path) if name in EXAMPLES else drawings.DRAWINGS[name](path)
    plt.close("all")
    return {"drawn": record, "says": said.getvalue().rstrip()}, returned


def differences(now, then):
    """Where two records of one picture differ, as sentences; none when they agree within `TOLERANCE`."""
    a, b = now["drawn"], then["drawn"]
    if [len(ax["things"]) for ax in a] != [len(ax["things"]) for ax in b]:
        return ["another number of axes or lines"]
    found = []
    for number, (ours, theirs) in enumerate(zip(a, b, strict=True)):
        pairs = [(ours["limits"], theirs["limits"]), *zip(ours["things"], theirs["things"], strict=True)]
        for one, other in pairs:
            wide = max(np.ptp(other), 1e-3 * np.max(np.abs(other)), 1e-9) if other else 1.0
            if len(one) != len(other) or not np.allclose(one, other, rtol=0, atol=TOLERANCE * wide):
                found.append(f"axes {number}: {other} is now {one}")
        if "words" in theirs and ours.get("words") != theirs["words"]:
            found.append(f"other words: {theirs['words']} are now {ours.get('words')}")
    printed = [[float(x) for x in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", each["says"])] for each in (now, then)]
    same = len(printed[0]) == len(printed[1]) and np.allclose(*printed, rtol=2 * TOLERANCE, atol=1e-9)
    return found if same else [*found, "other numbers are printed"]


def shrink(path):
    """Write a PNG again with a palette that covers its colours, however few points have one: a red stays red."""
    from PIL import Image

    whole = Image.open(path).convert("RGB")
    whole.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


def question(text):
    """The first sentence of an example's docstring, without its second part."""
    return re.match(r'r?"""(.*?\?)', text)[1]


def claim(text):
    """The docstring of an example after its first line, as Markdown."""
    body = re.match(r'r?"""(.*?)"""', text, re.S)[1].partition("\n")[2]
    first = re.match(r'r?"""(.*?)\n', text)[1].partition("?")[2].strip()
    body = re.sub(r"\.\. math:: (.*)", r"$$\1$$", body)
    return "\n\n".join(part for part in (first, body.strip()) if part)


def page(record):
    """docs/guide/examples.md from what the examples printed."""
    gallery = [":::{container} gallery"]
    parts = []
    for number, (name, path) in enumerate(EXAMPLES.items(), 1):
        text = path.read_text()
        asked, has = question(text), (FIGURES / f"{name}.png").is_file()
        if has:
            link = f"(#example-{number})"
            gallery += [f"[![{number}. {asked}](../figures/{name}.png)]{link} [{number}. {asked}]{link}", ""]
        parts += [f"(example-{number})=", f"## {number}. {asked}", "", claim(text), ""]
        if has:
            parts += [f"![{asked}](../figures/{name}.png)", ""]
        if record.get(name, {}).get("says"):
            parts += ["It prints", "", "```text", record[name]["says"], "```", ""]
        parts += ["<details><summary>Code</summary>", "", f"```{{literalinclude}} ../../examples/{path.name}"]
        parts += [":language: python", "```"]
        for extra in sorted(set(re.findall(r"\w+\.toml", text))):
            if extra.startswith(name[:2]):
                parts += ["", f"```{{literalinclude}} ../../examples/{extra}", ":language: toml", "```"]
        parts += ["", "</details>", ""]
    return "\n".join([HEAD, *gallery, ":::", "", *parts]).rstrip() + "\n"


def recorded():
    """What all pictures show, by name, as it was written last."""
    return json.loads(RECORD.read_text()) if RECORD.is_file() else {}


def main(*names):
    """Draw those that are named, by default all, and write record and page."""
    for name in names or [*EXAMPLES, *drawings.DRAWINGS]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.png"
            try:
                made, _ = make(name, path)
            except ImportError as error:
                print(f"{name}: left as it is, {error}")
                continue
            shrink(path)
            (FIGURES / path.name).write_bytes(path.read_bytes())
            print(f"{name}: {path.stat().st_size / 1024:.0f} kB", flush=True)
        record = recorded() | {name: made}
        lines = [f"{json.dumps(each)}: {json.dumps(record[each])}" for each in sorted(record)]
        RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    PAGE.write_text(page(recorded()))


if __name__ == "__main__":
    main(*sys.argv[1:])
