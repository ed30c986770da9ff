"""Programs in runs give what CasADi gives, whatever lies side by side, and most of a field is evaluated in runs."""

import casadi
import numpy as np
import pytest

from nasim.engine.integrators.arranging import SHORTEST, Arranger
from nasim.engine.integrators.instructions import Instructions
from nasim.engine.integrators.program import Program

POINTS, FIELDS = 7, 4


def fields(seed, points=POINTS, classes=3):
    """A function of fields over points, some also over classes, in which much is alike, and the kind of each of its states."""
    rng = np.random.default_rng(seed)
    t, p = casadi.SX.sym("t"), casadi.SX.sym("p", 3)
    sizes = [points * (classes if k % 2 else 1) for k in range(FIELDS)]
    y = casadi.SX.sym("y", sum(sizes))
    ends = np.cumsum([0, *sizes]).tolist()
    parts = [y[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]

    def wide(part, size):
        return part if part.shape[0] == size else casadi.repmat(part, size // part.shape[0], 1)

    def narrow(part):
        return casadi.sum2(casadi.reshape(part, points, -1))

    values = list(parts)
    for _ in range(25):
        one, other = (values[k] for k in rng.integers(len(values), size=2))
        size = max(one.shape[0], other.shape[0])
        one, other = wide(one, size), wide(other, size)
        weights = casadi.DM(rng.uniform(0.5, 2, size))
        values.append(
            [
                lambda a, b, w: a * b + w,
                lambda a, b, w: casadi.exp(-(a**2)) / (1.5 + b**2),
                lambda a, b, w: w * a - b * p[0],
                lambda a, b, w: casadi.tanh(a) * p[1] + casadi.sum1(b) / b.shape[0],
                lambda a, b, w: casadi.vertcat(a[1:], a[:1]) - b * t,
                lambda a, b, w: narrow(a * w) / (2 + narrow(b) ** 2),
                lambda a, b, w: casadi.if_else(a > b, w, p[2]) * (a - w * b),
            ][rng.integers(7)](one, other, weights)
        )
    out = casadi.vertcat(*values[FIELDS:])
    kinds = np.repeat(np.arange(FIELDS), sizes).tolist()
    return casadi.Function("f", [t, y, p], [casadi.cse(casadi.densify(out))]), kinds


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_a_program_gives_what_casadi_gives(seed, labelled):
    f, kinds = fields(seed)
    program, rng = Program(f, kinds if labelled else None), np.random.default_rng(seed)
    t, y, p = rng.uniform(size=5), rng.uniform(-1, 1, (5, f.nnz_in(1))), rng.uniform(1, 2, 3)
    expected = np.array([f(t[k], y[k], p).full()[:, 0] for k in range(5)])
    np.testing.assert_allclose(program(t, y, p), expected, rtol=1e-12, atol=1e-13)


def test_most_of_a_field_is_evaluated_in_runs():
    f, kinds = fields(3, points=20)
    batches = Arranger(Instructions(f), kinds).arrangement().batches
    runs = [length for batch in batches for length, _ in batch.runs]
    assert min(runs) >= SHORTEST
    assert sum(runs) > 4 * sum(batch.loose for batch in batches if batch.name != "ASSIGN")


def test_without_fields_there_are_no_runs():
    f, _ = fields(3)
    assert not any(batch.runs for batch in Arranger(Instructions(f), range(f.nnz_in(1))).arrangement().batches)


@pytest.mark.parametrize(("array", "change"), [(2, 10**6), (3, 1), (4, 10**6), (4, -(10**6)), (5, 10**6), (7, 10**7)])
def test_what_is_no_program_is_refused(array, change):
    f, kinds = fields(1)
    whole = Program(f, kinds)
    assert Program.of(whole.sizes, whole.arrays, whole.memory).sizes == whole.sizes
    arrays = [each.copy() for each in whole.arrays]
    arrays[array][0] += change
    with pytest.raises(ValueError, match="no program"):
        Program.of(whole.sizes, arrays, whole.memory)
