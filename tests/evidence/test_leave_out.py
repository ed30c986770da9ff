"""Cross-validation: a refit does not see its group, starts at the shipped values, and twice a tolerance counts as near."""

import pytest
from test_calibration import P0, ROWS, FakeBench, small_plan

from nasim.errors import DataFileError, UnknownNameError
from nasim.evidence import published
from nasim.evidence.leave_out import LeftOut, counts, is_near, leave_out, load_left_out, save


class Watching(FakeBench):
    """A bench of known truth that remembers which rows it was asked for; one row is far off it."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def several(self, ids, points):
        self.asked.append(tuple(ids))
        return super().several(ids, points)

    def findings(self, ids, values):
        return super().several(ids, [values])[0]


def test_a_refit_does_not_see_its_group():
    bench = Watching()
    found = leave_out(plan=small_plan(), bench=bench, exact=True)
    assert {each.id for each in found} == set(ROWS[2:])
    assert set(bench.asked) == {ROWS[:2]}
    assert all(each.group == "low" and each.fitted for each in found)
    assert bench.points[0][P0] == pytest.approx(published_value())


def published_value():
    from nasim.parameters import load

    return load("Yuan2025_NAS").value(P0)


def test_what_only_the_group_determined_goes_back_to_the_prior():
    (one, two) = leave_out(plan=small_plan(), bench=Watching(), steps=30, exact=True)
    assert (one.id, two.id) == ("P62-D1", "P20-D1")
    assert not two.met


def test_shared_derivatives_end_near_those_of_every_step_and_cost_less():
    exact, shared = Watching(), Watching()
    slow = leave_out(plan=small_plan(), bench=exact, steps=30, exact=True)
    fast = leave_out(plan=small_plan(), bench=shared, steps=30)
    for one, other in zip(slow, fast, strict=True):
        assert other.computed[0] == pytest.approx(one.computed[0], rel=0.1)
    assert len(shared.points) < len(exact.points)
    assert set(shared.asked) == {ROWS, ROWS[:2]}


@pytest.mark.parametrize(
    ("id", "values", "near"),
    [
        ("NAS-D1", (1976 * 1.09,), True),
        ("NAS-D1", (1976 * 1.11,), False),
        ("NPS-R1", (1.85, 2.25), True),
        ("NPS-R1", (1.85, 2.45), False),
        ("T60-P3", (0.84, 0.84), True),
        ("T60-P3", (0.86, 0.86), False),
        ("P20-SSC", (False,), True),
        ("P20-SSC", (True,), False),
        ("NASC-OX", (2.15, None), False),
    ],
)
def test_near_is_twice_the_tolerance(id, values, near):
    assert is_near(published.judged(published.rows(id)[0], values)) is near


def test_groups_by_name():
    with pytest.raises(UnknownNameError, match=r"'lwo'.*'low'"):
        leave_out(["lwo"], plan=small_plan(), bench=Watching())


def test_what_was_found_is_kept_a_group_at_a_time(tmp_path):
    one = LeftOut("rate", "RATE-0.41", True, (889.0,), (920.0,), True, True)
    two = LeftOut("fade", "NAS-D140", True, (1295.0,), (1800.0,), False, False)
    save([one], tmp_path)
    path = save([two], tmp_path)
    assert load_left_out(tmp_path) == [one, two]
    assert counts([one, two]) == {"rows": 2, "met": 1, "near": 1, "fitted": 2, "fitted_near": 1}
    assert load_left_out(tmp_path / "nowhere") == []
    path.write_text('[{"id": "NAS-D9"}]')
    with pytest.raises(DataFileError, match="does not hold"):
        load_left_out(tmp_path)


def test_every_shipped_group_has_rows():
    from nasim.evidence.calibration import shipped_sets
    from nasim.evidence.stages import fit_plan

    plan = fit_plan(shipped_sets())
    assert {"rate", "pressure", "temperature", "fade", "NPS", "short"} <= set(plan.groups)
    assert all(set(ids) <= set(published.table()) for ids in plan.groups.values())
