"""The fold: who is where at each month end, what happens between, and time and pay to the
second.
"""

import dataclasses

import numpy as np
import pytest
from generated import case, cases, priced, sized
from handmade import MANAGER, SENIOR, WORKER, Story
from hypothesis import given
from payslips import Payslips
from replay import Replay
from small import again

from wfmodel.jit import rule
from wfmodel.results.fold import accrual, fold, places
from wfmodel.results.identities import check_ledger
from wfmodel.results.measured import keys_of, plan_of
from wfmodel.results.measures import MEASURES
from wfmodel.results.statistics import STATISTICS
from wfmodel.simulation.ledger import POOL
from wfmodel.units import DAY, NEVER, YEAR

DETAIL = {"run": {"detail": ["council", "service", "role", "service_role", "sex", "age_band"]}}


def test_a_month_end_comes_before_everything_else_at_its_second():
    story = Story(months=3)
    first, post = story.holder()
    second, other = story.holder()
    story.leaves("2024-04-30", first, post)
    story.leaves("2024-05-01", second, other)
    assert story.values("headcount").tolist() == [2, 1, 0, 0]
    assert story.values("leavers").tolist()[1:] == [1, 1, 0]


def test_the_start_is_before_what_happens_in_its_first_second():
    story = Story(months=2)
    story.holder()
    story.starts(0, story.post())
    assert story.values("headcount").tolist() == [1, 2, 2]
    assert story.values("starters").tolist()[1:] == [1, 0]
    assert np.isnan(story.values("starters")[0])


def test_what_happens_after_the_horizon_counts_nowhere():
    story = Story(months=1)
    person, post = story.holder()
    story.leaves("2024-05-02", person, post)
    assert story.values("headcount").tolist() == [1, 1]
    assert story.values("leavers")[1] == 0


def test_a_vacancy_counts_until_it_is_filled_and_with_agency_in_it():
    story = Story(months=3)
    person, post = story.holder(fte=60)
    cell = story.cell(WORKER)
    story.leaves("2024-04-10", person, post, fte=60)
    story.move("2024-04-20", "agency_start", post=post, target=cell, cause="vacancy", fte=60)
    story.move("2024-05-10", "agency_end", post=post, target=cell, cause="vacancy", fte=60)
    newcomer = story.person()
    story.move(
        "2024-05-10", "starter", newcomer, post, source=-1, target=cell, cause="returner", fte=60
    )
    assert story.values("vacancy_fte").tolist() == [0, 0.6, 0, 0]
    assert story.values("agency_fte").tolist() == [0, 0.6, 0, 0]
    assert story.values("vacancy_rate").tolist() == [0, 1, 0, 0]
    assert story.values("establishment_fte").tolist() == [0.6] * 4


def test_agency_work_of_the_start_is_in_the_opening_figures():
    story = Story(months=1)
    story.holder()
    story.move(
        0, "agency_start", target=story.cell(WORKER), cause="managed_team", fte=250, assignment=0
    )
    assert story.values("agency_fte").tolist() == [2.5, 2.5]
    assert story.values("agency_managed_team_fte").tolist() == [2.5, 2.5]
    assert story.values("agency_vacancy_fte").tolist() == [0, 0]


def test_a_promotion_with_the_post_takes_establishment_and_job_share_along():
    story = Story(DETAIL, months=1)
    post = story.post(fte=100)
    first, second = story.person(), story.person()
    story.opens(first, post, fte=50)
    story.opens(second, post, fte=50)
    for person in (first, second):
        story.move(
            "2024-04-10", "promoted", person, post, source=story.cell(WORKER),
            target=story.cell(SENIOR),
            from_post=post, fte=50, cause="push",
        )  # fmt: skip
    assert story.values("establishment_fte", "role", SENIOR).tolist() == [0, 1]
    assert story.values("establishment_fte", "role", WORKER).tolist() == [1, 0]
    assert story.values("vacancy_fte", "role", SENIOR).tolist() == [0, 0]
    assert story.values("vacancy_fte", "role", WORKER).tolist() == [0, 0]
    assert story.values("progressed")[1] == 2
    assert story.values("promoted")[1] == 0


def test_a_promotion_into_a_vacancy_leaves_one_behind():
    story = Story(DETAIL, months=1)
    person, post = story.holder()
    better = story.post(SENIOR)
    story.move(
        "2024-04-10", "promoted", person, better, source=story.cell(WORKER),
        target=story.cell(SENIOR),
        from_post=post, note=9 * DAY,
    )  # fmt: skip
    assert story.values("vacancy_fte", "role", SENIOR).tolist() == [1, 0]
    assert story.values("vacancy_fte", "role", WORKER).tolist() == [0, 1]
    assert story.values("promoted")[1] == 1
    assert story.values("time_to_fill_days")[1] == 9
    assert story.values("headcount").tolist() == [1, 1]


def test_people_in_the_pool_are_employed_where_they_were_and_hold_no_post():
    story = Story(DETAIL, months=4)
    person, post = story.holder(service="back")
    other = story.post()
    back, front = story.cell(WORKER, "back"), story.cell(WORKER)
    story.at_risk("2024-04-10", person, post)
    story.move("2024-05-10", "redeployed", person, other, source=back, target=front, note=DAY)
    story.move("2024-06-07", "trial_failed", person, other, source=front, target=back)
    story.move("2024-07-10", "redundant", person, -1, source=back, target=-1, note=100_00)
    assert story.values("pool_headcount").tolist() == [0, 1, 0, 1, 0]
    assert story.values("headcount", "service", "back").tolist() == [1, 1, 0, 1, 0]
    assert story.values("headcount", "service", "front").tolist() == [0, 0, 1, 0, 0]
    assert story.values("fte_in_post").tolist() == [1, 0, 1, 0, 0]
    assert story.values("establishment_fte").tolist() == [2, 1, 1, 1, 1]
    assert story.values("vacancy_fte").tolist() == [1, 1, 0, 1, 1]
    assert story.values("redundancies_compulsory", "service", "back")[4] == 1
    assert story.values("redundancies_avoided")[1:].tolist() == [0, 1, -1, 0]
    assert story.values("leavers")[4] == 1


def test_with_the_loss_of_the_main_assignment_another_becomes_it():
    story = Story(DETAIL, months=1)
    person = story.person()
    main, side = story.post(fte=60), story.post(service="back", fte=40)
    story.opens(person, main, fte=60)
    story.opens(person, side, fte=40, head=0)
    story.move(
        "2024-04-10", "hours_changed", person, main, source=story.cell(WORKER),
        target=story.cell(WORKER, "back"), fte=60, from_post=side, head=1,
    )  # fmt: skip
    assert story.values("headcount").tolist() == [1, 1]
    assert story.values("headcount", "service", "front").tolist() == [1, 0]
    assert story.values("headcount", "service", "back").tolist() == [0, 1]
    assert story.values("fte").tolist() == [1, 0.4]
    assert story.values("fte_in_post").tolist() == [1, 0.4]
    assert story.values("leavers")[1] == 0


def test_a_held_vacancy_is_held_until_it_is_released_or_taken():
    story = Story(months=3)
    post, other = story.post(), story.post()
    for held in (post, other):
        story.move("2024-04-02", "post_held", post=held, target=story.cell(WORKER), fte=100)
    story.move("2024-05-02", "post_released", post=post, target=story.cell(WORKER), fte=100)
    story.starts("2024-06-02", other)
    assert story.values("held_fte").tolist() == [0, 2, 1, 0]


def test_supernumerary_posts_stand_beside_the_establishment_until_absorbed():
    story = Story(
        {"pipelines": {"grow": {"service": "front", "target_role": WORKER,
        "intake": {"every_months": 12, "size": 1},
         "stages": [{"name": "s", "months": 1, "completion_probability": 1}],
         "conversion": {"share": 1, "mode": "guaranteed"}}}},
        months=4,
    )  # fmt: skip
    cell = story.cell(WORKER)
    vacancy, person, extra = story.post(), story.person(), story.post(extra=True)
    story.move("2024-04-02", "intake", person, source=-1, target=cell, cause="outside")
    story.move(
        "2024-05-02",
        "qualified",
        person,
        source=cell,
        target=cell,
        cause="guaranteed",
        fte=0,
        head=0,
    )
    story.move("2024-05-02", "post_created", post=extra, target=cell, cause="supernumerary")
    story.move(
        "2024-05-02", "moved_sideways", person, extra, source=cell, target=cell, cause="guaranteed"
    )
    story.move(
        "2024-06-02",
        "moved_sideways",
        person,
        vacancy,
        source=cell,
        target=cell,
        cause="absorbed",
        from_post=extra,
    )
    story.move("2024-06-02", "post_deleted", post=extra, source=cell)
    assert story.values("training_headcount").tolist() == [0, 1, 0, 0, 0]
    assert story.values("fte").tolist() == [0, 1, 1, 1, 1]
    assert story.values("fte_in_post").tolist() == [0, 0, 1, 1, 1]
    assert story.values("establishment_fte").tolist() == [1] * 5
    assert story.values("vacancy_fte").tolist() == [1, 1, 1, 0, 0]
    assert story.values("pipeline_in_training").tolist() == [0, 1, 0, 0, 0]
    assert story.values("pipeline_converted")[1:].tolist() == [0, 1, 0, 0]
    assert story.values("pipeline_employed").tolist() == [0, 0, 1, 1, 1]
    assert story.values("posts_filled_inside")[1:].tolist() == [0, 0, 1, 0]


def test_who_trains_twice_counts_in_each_pipeline_for_itself():
    line = {"service": "front", "target_role": WORKER, "intake": {"every_months": 12, "size": 1},
            "stages": [{"name": "s", "months": 1, "completion_probability": 1}],
            "conversion": {"share": 1}}  # fmt: skip
    staff = line | {"source": "staff", "from_roles": [WORKER], "target_role": SENIOR}
    story = Story({"pipelines": {"entry": line, "higher": staff}}, months=5)
    cell, person, post = story.cell(WORKER), story.person(), story.post()
    story.move("2024-04-02", "intake", person, source=-1, target=cell, cause="outside", note=0)
    story.move("2024-05-02", "qualified", person, source=cell, target=cell, cause="compete",
               fte=0, note=0)  # fmt: skip
    story.move("2024-05-02", "starter", person, post, source=cell, target=cell, cause="trainee")
    story.move("2024-06-02", "intake", person, post, source=cell, target=cell, cause="staff",
               fte=0, note=1)  # fmt: skip
    story.move("2024-07-02", "dropped_out", person, post, source=cell, target=cell, cause="staff",
               fte=0, note=1)  # fmt: skip
    for name, entry, higher in (
        ("intake", [1, 0, 0, 0, 0], [0, 0, 1, 0, 0]),
        ("qualified", [0, 1, 0, 0, 0], [0, 0, 0, 0, 0]),
        ("dropped_out", [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]),
        ("converted", [0, 1, 0, 0, 0], [0, 0, 0, 0, 0]),
        ("employed", [0, 1, 1, 1, 1], [0, 0, 0, 0, 0]),
    ):
        assert story.values(f"pipeline_{name}", "pipeline", "entry")[1:].tolist() == entry, name
        assert story.values(f"pipeline_{name}", "pipeline", "higher")[1:].tolist() == higher, name
        both = [one + other for one, other in zip(entry, higher, strict=True)]
        assert story.values(f"pipeline_{name}")[1:].tolist() == both, name


def test_a_ledger_that_contradicts_itself_is_refused():
    story = Story(months=1)
    person, post = story.holder()
    story.leaves("2024-04-10", person, post)
    story.leaves("2024-04-11", person, post)
    with pytest.raises(ValueError, match="contradicts itself at movement 2"):
        story.fold()


@rule
def _accrue(m, times, rate, found):
    for n in range(times.shape[0]):
        accrual.accrue(m, m[places.NOW], 1, times[n, 0], times[n, 1], rate)
    running = 0
    for month in range(1, found.shape[0]):
        row, starts = m[places.NOW], m[places.STARTS] + month
        running += m[row + m[places.WIDE] + month]
        length = m[starts] - m[starts - 1]
        found[month] = accrual.of_month(running, m[row + month], length)


def accrued(starts: np.ndarray, times: np.ndarray, rate: int) -> list[int]:
    """What a yearly rate comes to by month, rate × seconds, for each [first, last)."""
    m = np.zeros(1000, dtype=np.int64)
    m[places.ENDS], m[places.WIDE], m[places.HORIZON] = starts.size, starts.size + 1, starts[-1]
    m[places.STARTS], m[places.MONTH_OF_DAY], m[places.LIST], m[places.NOW] = 500, 600, 700, 800
    m[500 : 500 + starts.size] = starts
    days = np.arange(starts[-1] // DAY) * DAY
    m[600 : 600 + days.size] = np.searchsorted(starts, days, side="right")
    found = np.zeros((starts.size, 2), dtype=np.int64)
    _accrue(m, times, rate, found)
    return [int(whole) * YEAR + int(rest) for whole, rest in found]


def test_accruals_of_a_very_large_group_are_exact():
    heads, pay = 2_000_000, 30_000_00
    times = np.tile(np.array([0, NEVER]), (heads, 1))
    times[0, 0] = 7
    found = accrued(np.array([0, 30 * DAY, 61 * DAY]), times, pay)
    assert found == [0, pay * (heads * 30 * DAY - 7), pay * heads * 31 * DAY]


@pytest.mark.parametrize(
    ("first", "last"), [(0, 59), (5, 5), (-9, 40), (30, 30), (29, 31), (10, 99), (0, 60), (60, 70)]
)
@pytest.mark.parametrize("seconds", [0, 1, 4321])
def test_an_accrual_adds_up_to_rate_times_time_in_each_month(first, last, seconds):
    starts = np.array([0, 30 * DAY, 60 * DAY])
    times = np.array([[first, last]]) * DAY + seconds
    found = accrued(starts, times, 7)
    for month in (1, 2):
        within = min(times[0, 1], starts[month]) - max(times[0, 0], starts[month - 1])
        assert found[month] == 7 * max(0, within)
    assert found[0] == 0


@sized(25)
@given(cases())
def test_the_fold_agrees_with_an_independent_replay(case):
    run = again(case.inputs(), case.replication)
    inputs, ledger = run.inputs, run.ledger
    assert check_ledger(inputs, ledger) == []
    found = fold(inputs, inputs.numbers.draw(1, case.replication), ledger)
    told = Replay(ledger, inputs.calendar.month_starts).stocks
    for month in range(1, len(told)):
        by_cell = [sum(x) for x in zip(*told[month].values(), strict=True)] or [0, 0, 0]
        names = ("heads", "fte", "establishment_fte")
        assert [found[name][0, month] for name in names] == by_cell


@sized(15)
@given(cases())
def test_head_by_head_and_second_by_second_nothing_is_lost(case):
    run = again(case.inputs(), case.replication)
    inputs, ledger = run.inputs, run.ledger
    found = fold(inputs, inputs.numbers.draw(1, case.replication), ledger)
    cells = found["moved_in"].shape[0]
    joined, left, heads = (found[name][:cells] for name in ("joined", "left", "heads"))
    net = joined - left + found["moved_in"] - found["moved_out"]
    assert np.array_equal(np.diff(heads, axis=1), net[:, 1:])
    told = Payslips(inputs, ledger)
    assert told.wrong == []
    assert int(found["head_seconds"][0].sum()) == told.head_seconds
    assert int(found["fte_seconds"][0].sum()) == told.fte_seconds
    if all(p.cost is None or p.cost.salary_gbp is None for p in inputs.scenario.pipelines.values()):
        paid = 0
        for name in ("pay_post", "pay_pool", "pay_training"):
            whole, rest = found[f"{name}_whole"][0], found[f"{name}_rest"][0]
            paid += int(whole.sum()) * YEAR + int(rest.sum())
        assert paid == told.pence_seconds


@sized(10)
@given(cases())
def test_groups_add_up_to_the_council(case):
    text = {**case.text, "run": DETAIL["run"]}
    run = again(dataclasses.replace(case, text=text).inputs(), case.replication)
    found = fold(run.inputs, run.inputs.numbers.draw(1, case.replication), run.ledger)
    for dimension in ("service", "role", "service_role", "sex", "age_band"):
        rows = [
            row
            for row, place in enumerate(found.groups.within("people"))
            if found.groups.keys[place][0] == dimension
        ]
        for name in ("heads", "fte", "pool_heads"):
            assert np.array_equal(found[name][rows].sum(axis=0), found[name][0]), (dimension, name)
        if dimension != "age_band":
            for name in ("joined", "left", "at_risk", "leavers_other_council"):
                assert np.array_equal(found[name][rows].sum(axis=0), found[name][0]), name


@sized(10)
@given(cases().map(priced))
def test_every_measure_of_every_scenario_is_a_number_or_undefined(case):
    run = again(case.inputs(), case.replication)
    told = [(run.inputs.numbers.draw(1, case.replication), run.ledger)]
    keys = keys_of(run.inputs, list(MEASURES))
    values = plan_of(run.inputs, list(MEASURES)).fold(told, 1)[0]
    assert values.shape == (len(keys), run.inputs.calendar.months + 1)
    assert not np.isinf(values).any()
    for (name, *_), row in zip(keys, values, strict=True):
        since = {"flow": 1, "rolling": 12}.get(MEASURES[name].kind, 0)
        assert np.isnan(row[:since]).all(), name


def _told(case, replications):
    """Drawn numbers and ledger of some replications, and the inputs."""
    inputs = case.inputs()
    found = []
    for replication in replications:
        ledger = again(inputs, replication).ledger
        found.append((inputs.numbers.draw(1, replication), ledger))
    return inputs, found


@sized(8)
@given(cases().map(priced))
def test_a_replication_is_the_same_in_any_block_and_any_order(case):
    inputs, told = _told(case, range(5))
    plan = plan_of(inputs, list(MEASURES))
    whole = plan.fold(told, 5)
    assert whole.shape[0] == 5
    alone = [plan.fold([one], 1)[0] for one in told]
    apart = [*plan.fold(told[:2], 2), *plan.fold(told[2:], 3)]
    turned = plan.fold(told[::-1], 5)[::-1]
    for found in (alone, apart, turned):
        for one, other in zip(whole, found, strict=True):
            assert one.tobytes() == other.tobytes()


@sized(8)
@given(cases().map(priced))
def test_asking_for_some_measures_gives_the_same_numbers_as_asking_for_all(case):
    inputs, told = _told(case, range(2))
    names = list(MEASURES)
    keys = keys_of(inputs, names)
    values = plan_of(inputs, names).fold(told, 2)
    luck = np.random.default_rng(case.seed)
    few = [[name] for name in luck.choice(names, 12, replace=False)]
    for asked in (*few, list(luck.permutation(names)[:20]), ["leavers", "headcount"]):
        found = plan_of(inputs, asked).fold(told, 2)
        for n, key in enumerate(keys_of(inputs, asked)):
            assert found[:, n].tobytes() == values[:, keys.index(key)].tobytes(), key


def test_a_statistic_alone_is_the_same_as_among_all():
    inputs, told = _told(priced(case(7)), [0])
    every = fold(inputs, *told[0])
    for name in STATISTICS:
        assert fold(inputs, *told[0], [name])[name].tobytes() == every[name].tobytes(), name


def _corrupted(kind: str) -> Story:
    story = Story(months=2)
    person, post = story.holder()
    other = story.post()
    cell = story.cell(WORKER)
    if kind == "after leaving":
        story.leaves("2024-04-10", person, post)
        story.move(
            "2024-04-11", "moved_sideways", person, other, source=cell, target=cell, from_post=post
        )
    elif kind == "more than 1.0 FTE":
        story.opens(person, other, fte=20, head=0)
    elif kind == "is filled with":
        story.starts("2024-04-10", post)
    elif kind == "order of time":
        story.leaves("2024-05-10", person, post)
        story.move("2024-04-10", "post_advertised", post=other, target=cell)
    elif kind == "joins":
        story.move(
            "2024-04-10", "starter", person, other, source=-1, target=cell, cause="experienced"
        )
    elif kind == "before joining":
        story.move("2024-04-10", "at_risk", story.person(), post, source=cell, target=POOL)
    elif kind == "funded and supernumerary":
        for gone in (post, other):
            story.move("2024-04-10", "post_deleted", post=gone, source=cell)
    return story


@pytest.mark.parametrize(
    "kind",
    [
        "after leaving", "more than 1.0 FTE", "is filled with", "order of time", "joins",
        "before joining",
        "funded and supernumerary",
    ],
)  # fmt: skip
def test_the_check_of_ledgers_finds_what_is_wrong(kind):
    story = _corrupted(kind)
    found = check_ledger(story.inputs, story.ledger)
    assert any(kind in what for what in found), found


def test_the_check_of_ledgers_finds_nothing_in_a_sound_one():
    story = Story(months=2)
    person, post = story.holder(MANAGER)
    story.leaves("2024-04-10", person, post)
    assert check_ledger(story.inputs, story.ledger) == []
