"""A second list of bad input on the command line: over two hundred, each one paragraph and exit code 2."""

import contextlib
import io
import os
import sys

import pytest

from nasim.cli import main

HEAD = 'title = "t"\nextends = "Yuan2025_NAS"\n[sources.a]\ncitation = "c"\nurl = "u"\n'
PROFILE = b"time_s,current_mA_cm2\n0,0.5\n10,0.5\n"
LONG = "9" * 400


def entry(name, value, kind="measured"):
    return f'{HEAD}["{name}"]\nvalue = {value}\nkind = "{kind}"\nsource = "a"\n'


def listed(folder):
    """The words of every command; files that they name are written to the folder."""
    words = []

    def write(name, content):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(folder / name)

    os.mkfifo(folder / "pipe.csv")
    (folder / "dir.csv").mkdir()
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    for o, v in [
        ("--current", "-0.1C"),
        ("--current", "C/inf"),
        ("--current", "1e-9C"),
        ("--current", "\x1b[31m1"),
        ("--current", "0x10"),
        ("--current", "1_0e999"),
        ("--current", "٣e400"),
        ("--cycles", "0x2"),
        ("--cycles", "2.0000001"),
        ("--cycles", LONG),
        ("--pressure", "2001"),
        ("--pressure", "1e-9"),
        ("--pressure", "inf"),
        ("--temperature", "151"),
        ("--temperature", "-61"),
        ("--temperature", "inf"),
        ("--set", "nope"),
        ("--set", ""),
        ("--set", "\x1b]0;x\x07"),
        ("--set", "/dev/null"),
        ("--set", "/dev/tty0"),
        ("--set", "/proc/self/mem"),
        ("--set", str(folder / "pipe.csv")),
        ("--set", str(folder / "loop.csv")),
        ("--set", str(folder)),
        ("--set", "a%00b"),
        ("--override", "x"),
        ("--override", "x=1"),
        ("--override", "Electrode area [m2]="),
        ("--override", "Electrode area [m2]=1e400"),
        ("--override", "Electrode area [m2]=-1"),
        ("--override", "Electrode area [m2]=0"),
        ("--override", "Electrode area [m2]=nan"),
        ("--override", "="),
        ("--override", "==" + LONG),
        ("--override", "Ambient temperature [K]=1e6"),
        ("--override", "Sulfur mass fraction=2"),
        ("--solver", "euler"),
        ("--keep", "0"),
        ("--keep", "1e3"),
        ("--out", "/dev/null"),
        ("--out", "/proc/1/x"),
        ("--out", str(folder / "loop.csv")),
        ("--out", ""),
        ("--model", "x"),
    ]:
        words.append(["run", "gcd", o, v])
    for v in [("2.6", "0.7"), ("nan", "nan"), ("0.7", "6"), ("-1", "2"), ("1e400", "2"), ("2", "2.0")]:
        words.append(["run", "gcd", "--window", *v])
    for x in [
        "gitt --pulse 0",
        "gitt --pulse nan",
        "gitt --most-pulses 0",
        "gitt --most-pulses 1e30",
        "gitt --rest -1",
        "gitt --diffusion-length -1",
        "pulse --points 0",
        "pulse --points -3",
        "pulse --pulse 0",
        "pulse --pulse-current 0C",
        "pulse --between -1",
        "hold --voltages nan",
        "hold --voltages 99",
        "hold --hours 0",
        "hold --until 0",
        "rest --hours 0",
        "rest --hours -1",
        "rest --hours 24 --every 1e-9",
        "rest --every nan",
        "calendar --storage 0",
        "calendar --periods 0",
        "calendar --periods 99999999999999999999",
        "calendar --state-of-charge 1.5",
        "calendar --state-of-charge nan",
        "calendar --storage-temperature -300",
        "profile",
        "profile --file nope.csv",
        "profile --passes 0",
        "temperature --temperatures 1000",
        "temperature --temperatures nan",
        "temperature --rest -5",
        "temperature --per-decade 0",
        "ccd --first 0",
        "ccd --step 0",
        "ccd --highest 0.01",
        "ccd --half-cycle 0",
        "ccd --short-share 2",
        "ccd --voltage-limit 0",
        "ccd --capacity -1",
        "symmetric --hours 0.001",
        "symmetric --capacity 0",
        "eis --bias nan",
        "eis --direction sideways",
        "eis --inductance -1",
        "eis --lead-resistance nan",
        "eis --lowest 1e8",
        "eis --charged 2",
        "cv --scan-rate 0",
        "cv --window 3 1",
        "rate --currents",
        "rate --rest nan",
        "cycle --block x",
        "cycle --block cycles=0",
        "cycle --block nonsense=1",
        "cycle --formation cycles=-1",
        "cycle --spectra-after -1",
        "cycle --jump-tolerance 0",
        "cycle --jump-tolerance nan",
        "cycle --wall-time -1",
        "cycle --stop-below -1",
        "cycle --resume",
        "ocv-eis --hours -1",
        "nonsense",
        "gcd --nonsense 1",
        "gcd extra",
    ]:
        words.append(["run", *x.split()])
    for n, c in [
        ("p1.csv", b""),
        ("p2.csv", b"time_s\n"),
        ("p3.csv", PROFILE.replace(b"10", b"-10")),
        ("p4.csv", PROFILE.replace(b"0.5", b"1e400")),
        ("p5.csv", PROFILE.replace(b"0.5", b"0")),
        ("p6.csv", b"\xff\xfe" + PROFILE),
        ("p7.csv", b"\0" * 50),
        ("p8.csv", PROFILE.replace(b"current", b"\x1b[31m")),
        ("p9.csv", b"a,b\n" + b"1,2\n" * 5),
        ("p10.csv", PROFILE.replace(b"10,", LONG.encode() + b",")),
    ]:
        words.append(["run", "profile", "--file", write(n, c)])
    for n in ["pipe.csv", "dir.csv", "loop.csv"]:
        words.append(["run", "profile", "--file", str(folder / n)])
    words.append(["run", "profile", "--file", "/dev/zero"])
    for i, t in enumerate(
        [
            entry("Separator thickness [m]", "0"),
            entry("Separator thickness [m]", "[1,2]"),
            entry("Separator thickness [m]", '{curve="../x"}'),
            entry("Separator thickness [m]", "1e-5", "guess"),
            entry("Nope [m]", "1"),
            HEAD + '[cell]\nmodel = "x"\n',
            HEAD + "[cell]\nanode = 3\n",
            "extends = [1]",
            'extends = "Yuan2025_NAS"\nextends = "b"',
            'title = "\x00"',
            "[[cell]]\n",
            "a = " + "[" * 3000,
            HEAD + "[" + "a." * 3000 + "a]\nb=1\n",
            "\ufeff\ufeff[",
            'extends = "loop.toml"',
            HEAD + '["\x1b[31m"]\nvalue=1\n',
            entry("Electrode area [m2]", LONG),
            entry("Electrode area [m2]", '"1e-4"'),
            entry("Electrode area [m2]", "-inf"),
            entry("Ambient temperature [K]", "0"),
        ]
    ):
        words.append(["sets", write(f"s{i}.toml", t)])
    write("loop.toml", 'extends = "loop.toml"\ntitle="x"\n')
    words.append(["sets", str(folder / "loop.toml")])
    for v in [
        "cycles",
        "=1",
        "cycles=0",
        "x=1",
        "cycles=1,1e999",
        "temperature [degC]=-400",
        "current [mA.cm-2]=x",
        "\x1b[31m=1",
    ]:
        words.append(["sweep", "gcd", "--over", v])
    for n, c in [
        ("d1.csv", b""),
        ("d2.csv", b"x\n1\n"),
        ("d3.csv", b"cycles\n\n"),
        ("d4.csv", b"cycles\nnan\n"),
        ("d5.csv", b"\x80\x81"),
        ("d6.csv", b"cycles,cycles\n1,2\n"),
    ]:
        words.append(["sweep", "gcd", "--design", write(n, c)])
    words.append(["sweep", "gcd"])
    words.append(["sweep", "nope", "--over", "cycles=1"])
    words.append(["sweep", "gcd", "--over", "cycles=1", "--shard", "5/4", "--out", str(folder / "o")])
    for n, c in [
        ("m1.csv", b""),
        ("m2.csv", b"Time / s,Voltage / V,Current / A\n"),
        ("m3.nda", b"NEWARE"),
        ("m4.mpr", b"BIO-LOGIC MODULAR FILE\x1a" + b"\0" * 40),
        ("m5.ndax", b"PK\x03\x04" + b"\0" * 40),
        ("m6.DTA", b"EXPLAIN\nTAG\t"),
        ("m7.xlsx", b"PK"),
        ("m8.parquet", b"PAR1PAR1"),
        ("m9.mpt", b"EC-Lab ASCII FILE\nNb header lines : 99999999999\n"),
        ("m10.csv", b"Time / s,Voltage / V,Current / A\n" + LONG.encode() + b",1,1\n1,2,3\n"),
    ]:
        p = write(n, c)
        words.append(["read", p])
        words.append(["fit", p, "--vary", "Separator thickness [m]"])
    for x in [
        ["figures", "/nope"],
        ["pore", "--radius", "nan"],
        ["window", "Na3\x1b[31m"],
        ["window", "("],
        ["scorecard", "nope"],
        ["verify", "nope"],
        ["ask", "\x1b[31m"],
        ["cell", "nope"],
        ["published", "nope"],
        ["nonsense"],
        ["lab", "--port", "99999999"],
        ["lab", "--port", "-1"],
        ["fit"],
        ["fit", "/nope.csv", "--vary", "x"],
        ["read", "/nope.csv"],
        ["read", "/dev/zero"],
        ["read", str(folder / "pipe.csv")],
        ["read", str(folder)],
    ]:
        words.append(x)
    return words


def ending(words, monkeypatch):
    """Exit code and what was said."""
    monkeypatch.setattr(sys, "argv", ["nasim", *words])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, err.getvalue()


def test_each_ends_with_one_paragraph(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    every = listed(tmp_path)
    assert len(every) > 200
    before = sorted(path.name for path in tmp_path.iterdir())
    for words in every:
        code, said = ending(words, monkeypatch)
        assert code == 2, (words, said)
        assert said.strip().count("\n") == 0, (words, said)
        assert not any(each in said for each in ("\x1b", "Traceback")), (words, said)
        assert len(said) < 2500, words
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def records(times, quote=""):
    lines = [f"{time},{2.3 - time / 6000:.4f},-1e-4" for time in times]
    lines[5] += f"\n{quote}330,2.2,-1e-4" if quote else ""
    return "\n".join(["Test Time / s,Voltage / V,Current / A", *lines, ""])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "gcd", "--keep", "0"], "each cycle to keep must be a whole number from 1 to 2; 0 was given"),
        (["run", "cycle", "--keep", "5", "--cycles", "2"], "must be a whole number from 1 to 2; 5 was given"),
        (["run", "rate", "--keep", "99"], "must be a whole number from 1 to 20; 99 was given"),
        (["run", "cv", "--scan-rate", "1,2", "--scans", "2", "--keep", "5"], "from 1 to 4; 5 was given"),
        (["run", "gcd", "--cycles", LONG], "at most 1000000 cycles can be run; a whole number of more than 300 digits"),
        (["run", "gcd", "--resample", "9"], "--resample writes curves_even.csv; expected --out FOLDER beside it"),
        (["run", "gcd", "--resample", "1", "--out", "x"], "points must be a whole number from 2 to 1000000; 1 was"),
        (["run", "gcd", "--set", "once.csv"], "'once.csv' is no parameter set; expected the name of one, or the path"),
        (
            ["run", "gcd", "--override", "X [nonsense]=1"],
            "is not a parameter of nasim, and [nonsense] is the unit of none",
        ),
        (["read", "open.csv"], "open.csv: the quotation that begins in line 8 has no end; expected quotes in pairs."),
        (["sweep", "gcd", "--design", "open.csv"], "the quotation that begins in row 7 has no end"),
        (["read", "twice.csv"], "30 records from line 32 on are those from line 2 on; expected each once"),
        (["read", "tail.csv"], "10 records from line 32 on are those from line 22 on; expected each once"),
        (["read", "fake.mpr"], "not a whole .mpr file, or of a kind that galvani does not read."),
        (["read", "fake.nda"], "not a whole Neware file, or of a kind that NewareNDA does not read."),
    ],
)
def test_what_is_wrong_is_said(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    once = [60 * k for k in range(30)]
    (tmp_path / "once.csv").write_text(records(once))
    (tmp_path / "open.csv").write_text(records(once, '"'))
    (tmp_path / "twice.csv").write_text(records([*once, *once]))
    (tmp_path / "tail.csv").write_text(records([*once, *once[20:]]))
    (tmp_path / "fake.mpr").write_bytes(b"BIO-LOGIC MODULAR FILE\n" + bytes(500))
    (tmp_path / "fake.nda").write_bytes(b"NEWARE" + bytes(500))
    code, text = ending(words, monkeypatch)
    assert code == 2 and text.count("\n") == 1
    assert said in text
