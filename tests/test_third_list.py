"""A third list of bad input on the command line: over two hundred, each one paragraph and exit code 2, nothing left behind.

Here: texts that are split into words, plans of fits, columns by number, curves, stores, numbers of processes, other people's sets.
"""

import gzip
import io
import os
import zipfile

import pytest
from test_refusals import HEAD, ending

THICKNESS = '["Separator thickness [m]"]\nvalue = 1e-5\nkind = "measured"\n'
VARY = ["--vary", "Separator thickness [m]"]
PLAN = 'vary = ["Separator thickness [m]"]\n'
RECORDS = b"Test Time / s,Voltage / V,Current / A\n"
LONG = "9" * 5000


class Listed:
    """The words of every command, and the folder with the files that they name."""

    def __init__(self, folder):
        self.folder, self.words = folder, []

    def write(self, content, name=None):
        path = self.folder / (name or f"file{len(self.words)}.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def add(self, *words):
        self.words.append([str(word) for word in words])

    def each(self, before, texts):
        for text in texts:
            self.add(*before, *text.split())


def texts_of_options(x):
    for text in (
        *("sulfur-loading='1", 'ratio="1:2:3', "sulfur-loading", "=1", "sulfur-loading=nan", "sulfur-loading=1e400"),
        *("sulfur-loading=-1", "ratio=1:2", "ratio=0:0:0", "ratio=1:2:3:4", "ratio=nan:1:1", "porosity=1", "n-to-p=0"),
        *("diameter=0", "area=1 diameter=2", "pressed-density=99", "sulphur-loading=1", "sulfur-loading=1\\"),
    ):
        x.add("run", "gcd", "--design", text)
    for text in (
        "cycles='2",
        "cycles=2 window=1",
        "cycles=1e3",
        "cycles=2 current=0C",
        "cycles=9999999999",
        "pressure=-1",
    ):
        x.add("run", "cycle", "--block", text)
    x.add("run", "cycle", "--formation", "cycles=1 'x")
    loadings = (
        "--sulfur-loading nan",
        "--ratio 1 1 0",
        "--separator-thickness 0",
        "--separator-thickness 1e9",
        "--n-to-p -1",
    )
    x.each(["cell"], (*loadings, "--area inf", "--diameter 1e-300", "--porosity 0.96", "--areal-capacity 0"))
    axes = ("x", "pressure_MPa=", "pressure_MPa=nan", "x=1", "pressure_MPa=1,1e999")
    x.each(["study", "pressure-current", "--axis"], axes)
    x.each(["study"], ("nonsense", "energy --cycles 0", "energy --cycles -1", "temperature --axis temperature_C=-400"))


def predictions_and_sweeps(x):
    draws = ("0", "-5", "1000000000", "1e3", LONG)
    x.each(["predict", "gcd", "--draws"], draws)
    x.each(["predict", "gcd"], ("--seed -1", "--jobs 0", "--jobs -2", "--jobs 100000", "--window 2 1", "--resume"))
    x.each(["predict"], ("nope", "gcd --draws 8 --cycles 0", "eis --lowest 0 --draws 8", "gcd --draws 8 --current 0"))
    jobs = ("--jobs 0", "--jobs -3", "--jobs 1000000", "--cluster nonsense", "--shard 0/0", "--shard 1/1e9", "--resume")
    x.each(["sweep", "gcd", "--over", "cycles=1,2"], jobs)
    x.each(
        ["sweep", "gcd"],
        ("--over cycles=1 --over cycles=2", "--over keep=1", "--over window=1,2", "--cycles 1 --over cycles=1"),
    )
    x.add("sweep", "gcd", "--current", "1", "--over", "current [mA.cm-2]=1,2")
    x.add("sweep", "gcd", "--over", "stack pressure [MPa]=20", "--pressure", "20")
    for content in (
        b'cycles,"a\n1,2\n',
        gzip.compress(b"cycles\n1\n"),
        b"<html>",
        b"\x1b[2Jcycles\n1\n",
        b"cycles\n1.5\n",
        b"cycles\nTrue\n",
    ):
        x.add("sweep", "gcd", "--design", x.write(content))


CURVES = {
    "long.csv": b"x,y\n0," + b"1" * 200_000 + b"\n",
    "field.csv": b'a,b\n"' + b"x" * 200_000 + b'",1\n',
    "utf16.csv": "x,y\n0,1\n1,2\n".encode("utf-16"),
    "flat.csv": b"x,y\n0,1\n0,2\n",
    "inf.csv": b"x,y\n0,1\n1,inf\n",
    "empty.csv": b"",
    "quote.csv": b'x,y\n0,"1\n1,2\n',
    "huge.csv": b"x,y\n0,1\n1,1e308\n",
}
SETS = (
    'title = 3\nextends="Yuan2025_NAS"\n',
    HEAD + "[sources]\nb = 3\n",
    HEAD + '[design]\nratio = "x"\n',
    HEAD + "[design]\nsulfur_loading_mg_cm2 = [1,2]\n",
    HEAD + "[design]\nnope = 1\n",
    HEAD + "[design]\nporosity = true\n",
    HEAD + '[cell]\nchains = ["nope"]\n',
    HEAD + "[cell]\nchains = 7\n",
    HEAD + '[cell]\nactive = "gold"\n',
    HEAD + "[materials]\nx = 1\n",
    HEAD + '[materials.electrolytes."\\u001b[31m"]\nx=1\n',
    'extends = "/proc/self/environ"\n',
    'extends = "."\n',
    'extends = "Yuan2025_NAS "\n',
    HEAD + THICKNESS + 'source = "b"\n',
    HEAD + THICKNESS + 'source = ["a"]\n',
    HEAD + THICKNESS + 'source = "a"\nrange = [2.0, 1.0]\n',
    HEAD + THICKNESS + 'source = "a"\nrange = ["a", "b"]\n',
    HEAD + '["Separator thickness [m]"]\nvalue = {curve = "c\\u0000.csv"}\nkind="measured"\nsource="a"\n',
    "\u202eextends = 3",
    "a" * 100_000,
    '"' * 3,
)


def sets(x):
    (x.folder / "curves").mkdir()
    for name, content in CURVES.items():
        (x.folder / "curves" / name).write_bytes(content)
        value = f'value = {{curve = "{name}"}}\nkind = "measured"\nsource = "a"\n'
        x.add("sets", x.write(f'{HEAD}["Separator conductivity [S.m-1]"]\n{value}', f"with_{name}.toml"))
    for number, text in enumerate(SETS):
        x.add("sets", x.write(text, f"set{number}.toml"))
    for number in range(30):
        x.write(f'extends = "chain{number + 1}.toml"\ntitle = "t"\n', f"chain{number}.toml")
    x.add("sets", x.folder / "chain0.toml")
    for words in (["Separator thickness [m]"], ["Separator thickness [m]=1_000x"], ["x" * 100_000 + "=1"]):
        x.add("run", "gcd", "--override", *words)
    for rows in ("1,1\n2,1e300\n", "1e300,1\n", "1e-300,1\n2e-300,1\n"):
        x.add("run", "profile", "--file", x.write(f"time_s,current_mA_cm2\n0,1\n{rows}"))


def measured(x):
    good = x.write(RECORDS + b"".join(b"%d,%g,-1e-4\n" % (k * 60, 2.3 - 0.02 * k) for k in range(60)), "good.csv")
    options = ("--kind nope", "--delimiter ab", "--decimal x", "--area 0", "--area nan", "--mass -1", "--sign up")
    options += ("--zero-current -1", "--zero-current nan", "--columns x", "--columns Nope=1", "--unit x", "--bdf x.txt")
    x.each(
        ["read", good], (*options, "--first-step rest", "--bdf /proc/x.csv", "--kind impedance", f"--bdf {x.folder}")
    )
    x.add("read", good, "--bdf", good)
    for column in ("0", LONG):
        x.add(
            "read",
            good,
            "--columns",
            f"Voltage / V={column}",
            "--columns",
            "Current / A=2",
            "--columns",
            "Test Time / s=1",
        )
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.ndc", bytes(10_000_000))
    x.add("read", x.write(bomb.getvalue(), "bomb.ndax"))
    for content in (
        b'"' + b"x" * 300_000 + b'",1,1\n',
        b"0,nan,nan\n1,nan,nan\n",
        b"5,2,1\n4,2,1\n",
        b"," * 100_000 + b"\n",
    ):
        x.add("read", x.write(RECORDS + content))
    x.add("read", x.write(b"EXPLAIN\nZCURVE\tTABLE\t99999999999999\n\tPt\n\t#\n", "x.DTA"))
    options = (
        "--starts 0",
        "--starts 1000000000000",
        "--window 3 1",
        "--cycle 0",
        "--cycle 99",
        "--direction sideways",
    )
    options += (
        "--ends time",
        "--temperature -400",
        "--area nan",
        "--mass 0",
        "--resume",
        "--use spectrum",
        "--use nope",
    )
    x.each(["fit", good, *VARY], options)
    x.add("fit", good, good, *VARY)
    x.each(["explain", good], ("--set nope", "--window 5 1", ""))
    x.each(["next", good, *VARY, "--area", "0.785", "--for"], ("nonsense", "capacity"))


OF_A_FIT = (
    "vary = 3",
    "seed = -1",
    "seed = 'x'",
    "bounds = 3",
    "priors = {x = 1}",
    "workers = -1",
    "workers = 1000000",
)
OF_A_FIT += (
    "iterations = 'x'",
    "set = 3",
    "set = '\\u0000.toml'",
    "jacobian = 3",
    "starts = 0",
    "explore = -3",
    "vary = [3]",
)
OF_A_FILE = (
    "area_cm2 = 'x'",
    "window_V = 'x'",
    "window_V = [1]",
    "window_V = [1, 2, 3]",
    "cycles = 3",
    "cycles = ['a']",
)
OF_A_FILE += ("directions = 'x'", "directions = 3", "overrides = [1]", "columns = 3", "units = ['x']", "points = 0")
OF_A_FILE += (
    "temperature_C = 'hot'",
    "stack_pressure_MPa = [1]",
    "points = 'x'",
    "number = 0",
    "rest_h = -1",
    "use = []",
)
OF_A_FILE += (
    "set = '/dev/zero'",
    "zero_current_A = 'x'",
    "sign = 3",
    "cycles = 1979-05-27",
    "ends = 3",
    "first_step = []",
)
OF_A_FILE += ("overrides = {'Separator thickness [m]' = 'x'}", "overrides = {x = 1}", "continues = 'x'", "cycle = true")


def plans(x):
    file = '[[file]]\npath = "good.csv"\n'
    for number, text in enumerate(OF_A_FIT):
        above = f"{text}\n" if text.startswith("vary") else f"{PLAN}{text}\n"
        x.add("fit", x.write(f"{above}{file}area_cm2 = 0.785\n", f"fit{number}.toml"))
    for number, text in enumerate(OF_A_FILE):
        area = "" if text.startswith("area") else "area_cm2 = 0.785\n"
        x.add("fit", x.write(f"{PLAN}{file}{area}{text}\n", f"of_file{number}.toml"))


def others(x):
    os.mkfifo(x.folder / "pipe")
    x.each(
        ["scorecard"],
        ("--workers 0", "--workers -1", "--draws -1", "--leave-out --group nope", "--leave-out --store /dev/zero"),
    )
    numbers = ("--seconds nan", "--seconds -1", "--seed -1", "--iterations 0", "--workers 0", "--stage nope")
    x.each(
        ["calibrate"],
        (*numbers, "--store /dev/zero", "--store /proc/nasim/x", f"--store {x.folder}", f"--store {x.folder}/pipe"),
    )
    for content in (b"\xff\xfe\x00", b"[" * 100_000, b'{"readings": {}}\n'):
        x.add("calibrate", "--store", x.write(content))
    x.each(["verify"], ("nope", "--page /proc/x", "balances --page .", f"symmetries --page {x.folder}/pipe/x"))
    x.each(
        ["lab"],
        ("--port 22", "--port x", "--port 65536", "--parameters nope", "--export /proc/x", "--export /dev/null"),
    )


def test_each_ends_with_one_paragraph(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    x = Listed(tmp_path)
    for add in (texts_of_options, predictions_and_sweeps, sets, measured, plans, others):
        add(x)
    assert len(x.words) > 200
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for words in x.words:
        code, said = ending(words, monkeypatch)
        assert code == 2, (words, said)
        assert said.strip() and said.strip().count("\n") == 0, (words, said)
        assert not any(each in said for each in ("\x1b", "Traceback")), (words, said)
        assert len(said) < 2500, words
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "said"), [("cycles = 3", "cycles of file 1 is 3; expected a list, each a whole number")]
)
def test_a_plan_says_what_it_expects(tmp_path, monkeypatch, text, said):
    (tmp_path / "plan.toml").write_text(f"{PLAN}[[file]]\npath = 'a.csv'\n{text}\n")
    assert said in ending(["fit", str(tmp_path / "plan.toml")], monkeypatch)[1]
