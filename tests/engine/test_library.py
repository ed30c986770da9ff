"""The library in C: its operations are CasADi's, its elimination is right, its file is made whole and is the user's own."""

import ctypes
import os
import subprocess
import sys
import threading

import casadi
import numpy as np
import pytest

from nasim.engine.integrators import library as finding
from nasim.engine.integrators.building import BUILD, build, compilers, library_name, sources
from nasim.engine.integrators.compiled import compile_programs
from nasim.engine.integrators.instructions import Unsupported
from nasim.engine.integrators.operations import OPERATIONS
from nasim.engine.integrators.ordering import least_fill
from nasim.engine.integrators.plan import plan
from nasim.engine.integrators.program import Program
from nasim.engine.integrators.rodas import _pattern
from nasim.engine.integrators.structures import address

UNARY = (
    "exp log sqrt sin cos tan asin acos atan sinh cosh tanh asinh atanh fabs sign log1p expm1 floor ceil erf".split()
)
BINARY = "fmin fmax atan2 hypot copysign fmod power".split()


def evaluated(function, compiled, t, y, p):
    program = Program(function)
    if compiled:
        compile_programs([program], [function])
    return program(np.array([t]), y[None], p)[0]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(finding, "cache_folder", lambda: folder)
    return folder


@pytest.mark.parametrize("compiled", [False, True])
def test_every_operation_is_casadis(compiled, cache):
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", 3), casadi.SX.sym("p", 2)
    a, b, c = y[0], y[1], y[2]
    out = [getattr(casadi, name)(a * 0.7) for name in UNARY] + [getattr(casadi, name)(a, b) for name in BINARY]
    out += [
        casadi.acosh(1 + a),
        a + b,
        a - b,
        a * b,
        a / b,
        -a,
        a**2,
        a**2.5,
        2 * a,
        1 / a,
        a * b + c,
        a * b - c,
        c - a * b,
    ]
    out += [a < b, a <= b, a == b, a != b, casadi.logic_not(a < b), casadi.logic_and(a < b, b < c)]
    out += [
        casadi.logic_or(a < b, c < b),
        casadi.if_else(a < b, c, 7.0),
        a + casadi.inf,
        p[0] * p[1] + t,
        casadi.exp(p[0]) * a,
    ]
    function = casadi.Function("all", [t, y, p], [casadi.vertcat(*out)])
    for values in ([0.5, 0.9, -0.3], [0.9, 0.2, 0.4], [0.3, 0.3, 1.5]):
        given = (0.3, np.array(values), np.array([0.2, -1.1]))
        np.testing.assert_allclose(
            evaluated(function, compiled, *given), np.ravel(function(*given)), rtol=1e-15, atol=1e-300
        )
    known = {name for name in OPERATIONS if hasattr(casadi, f"OP_{name}")}
    assert set(OPERATIONS) - known == {"MULADD", "MULSUB", "SUBMUL"}


def test_an_operation_that_is_not_known_is_told():
    x = [casadi.SX.sym(name, n) for name, n in (("t", 1), ("y", 1), ("p", 1))]
    with pytest.raises(Unsupported, match="operation"):
        Program(casadi.Function("odd", x, [casadi.erfinv(x[1])]))


def pattern_of(groups, singles, generator, ties=0.3):
    """A random matrix of unknowns in groups and single ones, each member of a group tied to its like in others; dense."""
    size = sum(groups) + singles
    starts = np.cumsum([0, *groups])
    A = generator.normal(size=(size, size)) * (generator.random((size, size)) < 0.5 * ties / size)
    A[-singles:] += generator.normal(size=(singles, size)) * (generator.random((singles, size)) < ties)
    A[:, -singles:] += generator.normal(size=(size, singles)) * (generator.random((size, singles)) < ties)
    for one, other in np.argwhere(generator.random((len(groups),) * 2) < ties):
        for k in range(max(groups[one], groups[other])):
            A[starts[one] + k % groups[one], starts[other] + k % groups[other]] += generator.normal()
    return A, [list(range(start, start + length)) for start, length in zip(starts, groups, strict=False)]


def solved(A, states, groups, shift, b):
    """What the library finds for (shift D - A) x = b, D being 1 for the first unknowns, states, and 0 for the others."""
    columns, rows = np.nonzero(A.T)
    order = least_fill(len(A), columns, rows, groups)
    made = plan(order, columns, rows, states, groups)
    library, pattern, position = finding.library(), _pattern(made), np.argsort(order.unknowns)
    factors, entries = np.zeros(made.stored + made.size), A[rows, columns][made.taken]
    factors[made.stored + position] = b
    library.factorise.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_double, ctypes.c_void_p]
    library.solve.argtypes, library.solve.restype = [ctypes.c_void_p, ctypes.c_void_p], None
    assert library.factorise(ctypes.byref(pattern), address(entries), shift, address(factors)) == 0
    library.solve(ctypes.byref(pattern), address(factors))
    return factors[made.stored + position], made


@pytest.mark.parametrize("lengths", [(), (5, 5, 5), (6, 30, 6, 30), (8, 40), (3, 7, 21), (20, 100, 100, 20)])
@pytest.mark.parametrize("seed", range(3))
def test_the_elimination_solves(lengths, seed):
    generator = np.random.default_rng(seed)
    A, groups = pattern_of(lengths, 9, generator)
    size = len(A)
    A[-2:, -2:] += np.diag([20.0, -20.0])  # hubs have no shift
    b, D = generator.normal(size=size), np.diag([20.0] * (size - 2) + [0.0, 0.0])
    x, made = solved(A, size - 2, groups, 20.0, b)
    np.testing.assert_allclose(x, np.linalg.solve(D - A, b), rtol=1e-9, atol=1e-12)
    assert made.by_rows == (max(lengths, default=1) < 6)


def test_a_pivot_that_vanishes_is_told():
    A, order = np.array([[0.0, 1.0], [0.0, 2.0]]), least_fill(2, np.array([1, 1]), np.array([0, 1]))
    made = plan(order, np.array([1, 1]), np.array([0, 1]), 0)
    library, w = finding.library(), np.zeros(made.stored + 2)
    library.factorise.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_double, ctypes.c_void_p]
    assert library.factorise(ctypes.byref(_pattern(made)), address(A[[0, 1], [1, 1]]), 1.0, address(w)) == 1


def test_a_group_is_eliminated_at_once_unless_its_members_are_tied():
    A, groups = np.eye(13), [list(range(6)), list(range(6, 12))]
    A[:6, 6:12] = A[6:12, :6] = np.eye(6)
    A[12], A[:, 12] = 1, 1
    columns, rows = np.nonzero(A.T)
    assert least_fill(13, columns, rows, groups).unknowns == list(range(13))
    A[6, 7] = A[7, 6] = 1
    columns, rows = np.nonzero(A.T)
    order = least_fill(13, columns, rows, groups)
    assert order.unknowns[:6] == list(range(6)) and len({order.level[k] for k in range(6, 12)}) > 1


def test_an_arrow_is_not_filled_in():
    n = 40
    A = np.eye(n)
    A[0], A[:, 0] = 1, 1
    columns, rows = np.nonzero(A.T)
    assert least_fill(n, columns, rows).unknowns[-2:] in ([0, n - 1], [n - 1, 0])


# --- the file ----------------------------------------------------------------------------------------------------------

TINY = {"tiny.c": '__attribute__((visibility("default"))) int answer(void) { return 42; }\n'}
needs_compiler = pytest.mark.skipif(not list(compilers()), reason="no C compiler here")


def test_the_name_goes_with_the_code():
    assert library_name(TINY) != library_name({"tiny.c": TINY["tiny.c"] + " "})
    assert library_name(sources()) == library_name(sources())


@needs_compiler
def test_processes_that_start_together_do_not_disturb_each_other(cache):
    target, problems = cache / library_name(TINY), []
    threads = [threading.Thread(target=lambda: problems.append(build(TINY, target))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [None] * 4
    assert [item.name for item in cache.iterdir()] == [target.name]
    assert ctypes.CDLL(str(target)).answer() == 42


@needs_compiler
@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_a_library_that_others_may_write_is_made_anew(cache):
    path = cache / library_name(TINY, "tiny")
    path.write_bytes(b"not mine")
    path.chmod(0o666)
    assert finding.loaded(TINY, "tiny").answer() == 42
    assert finding.only_mine(path)


@needs_compiler
def test_a_library_is_made_once_where_a_group_may_write_new_files(cache):
    usual = os.umask(0o002)
    try:
        finding.loaded(TINY, "tiny")
    finally:
        os.umask(usual)
    assert finding._whole(cache / library_name(TINY, "tiny"))


def torn(path):
    path.write_bytes(path.read_bytes()[:3000])


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 8
    path.write_bytes(content)


def unsealed(path):
    path.with_name(path.name + finding.SEAL).unlink()


@needs_compiler
@pytest.mark.parametrize("damage", [torn, flipped, unsealed, lambda path: path.write_bytes(b"")])
def test_a_damaged_library_is_made_anew(cache, damage):
    path = cache / library_name(TINY, "tiny")
    assert build(TINY, path) is None
    finding._seal(path)
    whole = path.read_bytes()
    assert finding._whole(path)
    damage(path)
    assert finding.loaded(TINY, "tiny").answer() == 42
    assert len(path.read_bytes()) == len(whole) and finding._whole(path)


@pytest.mark.parametrize("damage", [torn, flipped, unsealed])
def test_damaged_webassembly_is_made_anew(cache, monkeypatch, damage):
    made = []
    monkeypatch.setattr(finding, "HERE", cache / "wheel")
    monkeypatch.setattr(
        finding, "build_wasm", lambda texts, path: made.append(path) or path.write_bytes(bytes(5000)) * 0
    )
    fresh = finding.wasm.__wrapped__
    assert fresh() == fresh() == bytes(5000) and len(made) == 1
    damage(made[0])
    assert fresh() == bytes(5000) and len(made) == 2


def test_a_full_disk_is_no_library(cache, monkeypatch):
    def full(**options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nasim.engine.integrators.building.tempfile.TemporaryDirectory", full)
    with pytest.raises(finding.NoLibrary):
        finding.loaded(TINY, "tiny")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_a_link_and_what_others_may_write_are_not_trusted(tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    path.chmod(0o600)
    assert finding.only_mine(path)
    (tmp_path / "link").symlink_to(path)
    assert not finding.only_mine(tmp_path / "link")
    path.chmod(0o620)
    assert not finding.only_mine(path)


def test_code_that_does_not_compile_is_no_library(cache):
    with pytest.raises(finding.NoLibrary, match="compiler .* failed"):
        finding.loaded({"bad.c": "int f( {"}, "bad")
    assert list(cache.iterdir()) == []


def a_folder(path):
    path.unlink()
    (path / "in").mkdir(parents=True)


def a_dangling_link(path):
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


@needs_compiler
@pytest.mark.parametrize("of_seal", [False, True])
@pytest.mark.parametrize("damage", [a_folder, a_dangling_link])
def test_what_lies_in_the_place_of_a_library_is_replaced(cache, damage, of_seal):
    assert finding.loaded(TINY, "tiny").answer() == 42
    path = cache / library_name(TINY, "tiny")
    damage(path.with_name(path.name + finding.SEAL) if of_seal else path)
    assert finding.loaded(TINY, "tiny").answer() == 42
    assert finding._whole(path) and len(list(cache.iterdir())) == 2


def test_a_library_that_cannot_be_read_is_not_whole(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("")
    finding._seal(tmp_path / "x")
    monkeypatch.setattr(finding, "_hash", lambda path: open("/proc/self/mem").read())
    assert not finding._whole(tmp_path / "x")


@needs_compiler
def test_what_a_killed_build_left_goes_with_the_next(cache):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for number in (ended.pid, os.getppid()):
        (cache / f"{BUILD}{number}.x").mkdir()
        (cache / f"{BUILD}{number}.x" / "tiny.c").write_text("")
    finding.loaded(TINY, "tiny")
    assert [path.name for path in cache.glob(f"{BUILD}*")] == [f"{BUILD}{os.getppid()}.x"]


@needs_compiler
def test_a_killed_build_leaves_a_folder_by_which_it_is_known(cache, monkeypatch):
    def killed(folder):
        names = [path.name for path in cache.iterdir()]
        assert len(names) == 1 and names[0].startswith(f"{BUILD}{os.getpid()}.")
        raise OSError

    monkeypatch.setattr("nasim.engine.integrators.building.subprocess.run", lambda *given, cwd, **more: killed(cwd))
    with pytest.raises(finding.NoLibrary):
        finding.loaded(TINY, "tiny")
