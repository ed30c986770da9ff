"""Mutation testing: signs, factors and omissions put into the physics and the engine, and whether the tests notice.

``python benchmarks/mutations.py [--many 100] [--seed 1] [--only FILE] [--seconds 600] [--log FILE] [--page FILE] [--sound]
[--again KEY]``

Every sum, product, minus sign, number and comparison in a function of ``nasim/submodels`` and ``nasim/engine`` can be changed; a
seed draws which are. Each change is made in a copy of the tree, in which the tests that concern its file run, the quick ones
first, until the first fails; what takes more than `LONGEST_S` of a processor counts as noticed. The log has a line a change,
with the test that failed, so that a run that was stopped goes on; the survivors are printed with their place, and why each lives
as `survivors.json` beside this file has it. Cells go to a cache of this run alone. Needs ``os.fork``.
"""

import argparse
import ast
import compileall
import contextlib
import copy
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = Path(__file__).with_name("survivors.json")
UNEXPLAINED = "not explained yet"
FOLDERS = ("nasim/submodels", "nasim/engine", "nasim/engine/integrators")
LONGEST_S = 300
WALL_S = 1800
OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}
TURNED = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
NUMBERS = "tests/test_on_record.py::test_a_run_gives_the_numbers_on_record"
PHYSICS = ("tests/models/test_full_cell.py",)
JUMPS = tuple(
    f"tests/experiments/test_cycling.py::test_{name}"
    for name in (
        "a_jump_is_exact_where_the_slope_changes_steadily",
        "jumps_need_equal_cycles",
        "a_jump_that_no_cell_survives_is_taken_back",
        "jumps_follow_the_full_run",
    )
)
CONCERNS = {
    "built_cell": ("tests/models/test_build.py", "tests/test_sweep.py"),
    "capacity_counter": ("tests/test_standard_model.py::test_a_run_may_end_at_a_share_of_the_capacity",),
    "checkpoint": ("tests/test_damage.py",),
    "impedance_analyser": ("tests/experiments/test_eis.py",),
    "jumping": JUMPS,
    "ledger_rows": ("tests/experiments/test_ledger.py",),
    "linearised": ("tests/experiments/test_eis.py",),
    "recorder": ("tests/experiments/test_gcd.py", "tests/experiments/test_cycling.py"),
    "runner": ("tests/experiments/test_gcd.py", "tests/experiments/test_cycling.py"),
    "setup": ("tests/experiments/test_protocol.py", "tests/experiments/test_gcd.py"),
    "stepper": ("tests/engine/test_stepper.py", "tests/experiments/test_gcd.py"),
    "interphase": ("tests/submodels/test_interphase_cycling.py",),
    "active_material": ("tests/submodels/test_redox_chain.py",),
    "arrhenius": ("tests/submodels/test_kinetics.py", "tests/submodels/test_separator.py"),
    "composite_conduction": ("tests/submodels/test_composite.py", "tests/submodels/test_porous_cathode.py"),
    "charged_layer": ("tests/experiments/test_eis.py", "tests/submodels/test_blocking.py"),
    "lumped_cathode": ("tests/submodels/test_porous_cathode.py", "tests/submodels/test_redox_chain.py"),
    "smooth": ("tests/submodels/test_kinetics.py", "tests/submodels/test_soft_short.py"),
    "region": ("tests/submodels/test_porous_cathode.py",),
}
"""Stem of a file -> tests beside its doctests and those named as it is."""


class Sites(ast.NodeVisitor):
    """The nodes of the functions of a file that can be changed, each with what it becomes."""

    def __init__(self):
        self.found, self.inside = [], 0

    def visit_FunctionDef(self, node):
        self.inside += 1
        for part in node.body:
            self.visit(part)
        self.inside -= 1

    def visit_Raise(self, node):
        """What an error says is no physics."""

    def visit_JoinedStr(self, node):
        """Nor is a text."""

    def generic_visit(self, node):
        if self.inside:
            self.found += [(node, kind, other) for kind, other in changes(node)]
        super().generic_visit(node)


def changes(node):
    """Yield (kind, what the node becomes)."""
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER and not _text(node):
        yield "sign" if isinstance(node.op, ast.Add | ast.Sub) else "factor", _with(node, op=OTHER[type(node.op)]())
        yield "omission", node.left
        if isinstance(node.op, ast.Add | ast.Mult):
            yield "omission", node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        yield "comparison", _with(node, ops=[TURNED[type(node.ops[0])]()])
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1):
        yield "number", ast.Constant(2 * node.value)


def _text(node):
    """Whether a sum or product is one of texts or lists."""
    sides = (node.left, node.right)
    return any(isinstance(side, ast.List | ast.Tuple | ast.JoinedStr | ast.ListComp) for side in sides) or any(
        isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides
    )


def _with(node, **new):
    changed = copy.copy(node)
    for name, value in new.items():
        setattr(changed, name, value)
    return changed


def mutations(path):
    """All changes of a file: (key, line, what was, what it becomes, source of the changed file)."""
    source = (ROOT / path).read_text()
    sites, lines = Sites(), source.splitlines(keepends=True)
    sites.visit(ast.parse(source))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    raw, all_of_it = source.encode(), []
    for number, (node, kind, other) in enumerate(sites.found):
        start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        becomes = ast.unparse(other)
        was = " ".join(raw[start:end].decode().split())
        changed = (raw[:start] + f"({becomes})".encode() + raw[end:]).decode()
        all_of_it.append((f"{path}:{number}", node.lineno, kind, was, becomes, changed))
    return all_of_it


def tests_of(path):
    """Tests that concern a file, nearest first."""
    stem = Path(path).stem
    named = [each for folder in ("submodels", "engine") for each in (f"tests/{folder}/test_{stem}.py",)]
    named = [each for each in named if (ROOT / each).exists()]
    if "integrators" in path:
        named = [f"tests/engine/test_{name}.py" for name in ("library", "integrators", "lifting", "shelf")]
    last = PHYSICS if "submodels" in path else ("tests/engine/test_stepper.py",)
    return list(dict.fromkeys([path, *named, NUMBERS, *CONCERNS.get(stem, ()), *last]))


def noticed(tree, tests):
    """What the tests say of the tree, "killed", "survived" or "slow", and the test that failed.

    They run in a fork, which has the libraries loaded.
    """
    told = Path(tree).parent / "failed"
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 99
        with contextlib.suppress(BaseException):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.chdir(tree)
            sys.path.insert(0, str(tree))
            sys.dont_write_bytecode = True
            os.environ |= {"PYTHONPATH": str(tree), "XDG_CACHE_HOME": str(Path(tree).parent / "cache")}
            resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S + 5))
            import pytest

            words = ["-x", "-q", "-m", "", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
            code = int(pytest.main(words, plugins=[Witness(told)]))
        os._exit(code)
    done, status, ended = 0, 0, time.monotonic() + WALL_S
    while not done and time.monotonic() < ended:
        time.sleep(0.1)
        done, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # with whatever the tests started
    if not done:
        os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status) if done else -signal.SIGXCPU
    if code > 1 and not told.exists():
        raise SystemExit(f"pytest cannot run {' '.join(tests)} (exit code {code})")
    outcome = {0: "survived", -signal.SIGXCPU: "slow", -signal.SIGKILL: "slow"}.get(code, "killed")
    return outcome, told.read_text() if told.exists() else ""


class Witness:
    """Writes down the first test that fails."""

    def __init__(self, path):
        self.path = path

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.path.exists():
            self.path.write_text(report.nodeid)

    def pytest_collectreport(self, report):
        self.pytest_runtest_logreport(report)


def loaded():
    """Load what every fork needs; nasim itself is loaded in the fork, from the changed tree."""
    os.environ |= {"PYBAMM_DISABLE_TELEMETRY": "true", "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
    import hypothesis
    import matplotlib.pyplot
    import pandas
    import pint
    import pybamm
    import pytest
    import scipy.optimize
    import xarray

    return hypothesis, matplotlib, pandas, pint, pybamm, pytest, scipy, xarray


def copied(folder):
    """A copy of the tree."""
    tree = Path(folder) / "tree"
    tree.mkdir()
    for name in ("nasim", "parameter_sets", "tests", "examples", "docs", "benchmarks", ".ci"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "hatch_build.py"):
        shutil.copy(ROOT / name, tree / name)
    compileall.compile_dir(tree / "nasim", quiet=1)
    return tree


def drawn(many, seed, only):
    """The changes that a seed draws, over all files, in proportion to their number in each."""
    files = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).glob("*.py"))
    found = [each for path in files if only in path for each in mutations(path)]
    return random.Random(seed).sample(found, min(many, len(found))), len(found)


def report(outcomes, possible):
    """Print how many were killed, by kind, and each survivor; returns the survivors that nobody has explained."""
    counts = Counter((each["kind"], each["outcome"]) for each in outcomes)
    survived = [each for each in outcomes if each["outcome"] == "survived"]
    print(f"{len(outcomes) - len(survived)} of {len(outcomes)} killed, {possible} possible")
    for kind in sorted({kind for kind, _ in counts}):
        print(f"  {kind}: {', '.join(f'{n} {what}' for (k, what), n in sorted(counts.items()) if k == kind)}")
    for each in survived:
        print(f"{each['key']} (line {each['line']}, {each['kind']}): {each['was']} -> {each['becomes']}; {why(each)}")
    return [each for each in survived if why(each) == UNEXPLAINED]


def why(change):
    """Why a change lives, in words."""
    path, was, becomes = change["key"].split(":")[0], change["was"], change["becomes"]
    return json.loads(SURVIVORS.read_text()).get(f"{path}: {was} -> {becomes}", UNEXPLAINED)


def page(outcomes, drawn, possible, command):
    """The report as a page of the documentation."""
    survived = [each for each in outcomes if each["outcome"] == "survived"]
    by = Counter(each["test"].split("::")[0] for each in outcomes if each["outcome"] == "killed")
    lines = ["# Mutation testing", "", f"Made by `{command}`."]
    lines += [
        f"Of the {possible} changes of a sign, factor, term, number or comparison that it can make in `nasim/submodels` and",
        f"`nasim/engine`, {drawn} were drawn and {len(outcomes)} were run. The tests noticed {len(outcomes) - len(survived)} of them,",
        "of which those count that made a test run for more than five minutes of a processor.",
        "",
        "| kind | noticed | lived |",
        "|---|---|---|",
    ]
    for kind in sorted({each["kind"] for each in outcomes}):
        all_of_it, lived = (sum(each["kind"] == kind for each in some) for some in (outcomes, survived))
        lines.append(f"| {kind} | {all_of_it - lived} | {lived} |")
    lines += ["", "## Those that lived", ""]
    lines += ["| where | was | became | why no test fails |", "|---|---|---|---|"] if survived else ["None."]
    for each in survived:
        cells = (text.replace("|", "\\|") for text in (each["was"], each["becomes"]))
        lines.append(
            f"| `{each['key'].split(':')[0]}` | " + " | ".join(f"`{cell}`" for cell in cells) + f" | {why(each)} |"
        )
    lines += ["", "## Where they were noticed", "", "| tests | changes |", "|---|---|"]
    lines += [f"| `{path}` | {count} |" for path, count in by.most_common()]
    return "\n".join(lines) + "\n"


def main(words=None):
    """Parse, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--many", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the name of a file")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="wall time after which none is begun")
    parser.add_argument("--log", type=Path, default=Path("mutations.jsonl"))
    parser.add_argument("--page", type=Path, help="file for the report in Markdown")
    parser.add_argument("--sound", action="store_true", help="run what noticed something without any change as well")
    parser.add_argument("--again", default="", help="key of one that is run again, whatever the log says")
    given = parser.parse_args(words)
    wanted, possible = drawn(given.many, given.seed, given.only)
    if given.again:
        wanted = [each for each in mutations(given.again.split(":")[0]) if each[0] == given.again]
    log = given.log.read_text().splitlines() if given.log.exists() else []
    known = {entry["key"]: entry for entry in map(json.loads, log)}
    known.pop(given.again, None)
    libraries, began = loaded(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(folder)
        for key, line, kind, was, becomes, changed in wanted:
            if key in known or time.perf_counter() - began > given.seconds:
                continue
            path, start = key.split(":")[0], time.perf_counter()
            (tree / path).write_text(changed)
            outcome, test = noticed(tree, tests_of(path))
            shutil.copy(ROOT / path, tree / path)
            entry = {"key": key, "line": line, "kind": kind, "was": was, "becomes": becomes}
            entry |= {"outcome": outcome, "test": test}
            known[key] = entry | {"seconds": round(time.perf_counter() - start, 1)}
            with open(given.log, "a") as file:
                file.write(json.dumps(known[key]) + "\n")
        outcomes = [known[each[0]] for each in wanted if each[0] in known]
        witnesses = sorted({entry["test"] for entry in outcomes if entry.get("test")})
        if given.sound and witnesses and noticed(tree, witnesses)[0] != "survived":
            print("A test that noticed a change fails without one too: what it noticed does not count.")
    if given.page:
        command = f"python benchmarks/mutations.py --many {given.many} --seed {given.seed} --page {given.page}"
        given.page.write_text(page(outcomes, len(wanted), possible, command))
    return report(outcomes, possible) if libraries else []


if __name__ == "__main__":
    sys.exit(bool(main()))
