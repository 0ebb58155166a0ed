"""Acting up: who does a manager's work while the post is open, for how long, and at what cost."""

from __future__ import annotations

from typing import Any

import pytest
from generated import cases, sized
from handmade import MANAGER, SENIOR, Story, annual
from hypothesis import given
from small import Run, again, document, run, tables

from wfmodel.results.fold import fold
from wfmodel.results.statistics import Statistics
from wfmodel.simulation.ledger import CAUSE
from wfmodel.units import DAY

ROLES: dict[str, Any] = {
    "worker": {"attrition": {}},
    "senior": {"attrition": {}, "feeds_from": ["worker"]},
    "manager": {
        "attrition": {},
        "manager": True,
        "feeds_from": ["senior"],
        "recruitment": {"time_to_hire_days": 100, "fill_probability": 1},
    },
}


def office(*changes: dict[str, Any], **policy: Any) -> Run:
    """Two seniors, the second of them longer here, and a manager's post that opens at the start."""
    posts = {"boss": {"role": "manager"}} | {f"q{n}": {"role": "senior"} for n in (1, 2)}
    since = {"1": "2022-01-01", "2": "2015-01-01"}
    people = {f"p{n}": {"service_start": day, "posts": {f"q{n}": 1.0}} for n, day in since.items()}
    said = {"policies": {"up": {"kind": "acting_up", "probability": 1} | policy}}
    return run(document({"roles": ROLES}, said, *changes, months=6), tables(posts, people))


def folded(one: Run) -> Statistics:
    return fold(one.inputs, one.inputs.numbers.draw(1, 0), one.ledger)


def test_who_has_been_longest_in_role_acts_until_the_post_is_filled():
    one = office()
    assert one.who("cover_start") == ["p2"]
    assert one.where("cover_start") == ["boss"]
    assert one.days("cover_start") == [0]
    filled = one.days("starter")
    assert one.days("cover_end") == filled
    assert 0 < filled[0] <= 100
    found = folded(one)
    months = one.inputs.calendar.month_starts
    open_at = [m < filled[0] * DAY for m in months]
    assert (found["acting_fte"][0] == [100 * here for here in open_at]).all()
    vacant = found["establishment_fte"][0] - found["filled_fte"][0]
    assert (vacant == found["acting_fte"][0]).all()  # it is vacant all the while


def test_nobody_acts_where_the_policy_does_not_reach_or_by_no_chance():
    assert office(probability=0).count("cover_start") == 0
    assert office(end="2024-04-01", start="2024-03-01").count("cover_start") == 0
    assert office(roles=["senior"]).count("cover_start") == 0


def test_nobody_acts_in_another_service():
    one = run(
        document({"roles": ROLES}, {"policies": {"up": {"kind": "acting_up", "probability": 1}}}),
        tables(
            {"boss": {"role": "manager", "service": "back"}, "q": {"role": "senior"}},
            {"p": {"posts": {"q": 1.0}}},
        ),
    )
    assert one.count("cover_start") == 0


def test_nobody_acts_in_a_post_that_agency_covers():
    covered = {"roles": {"manager": {"agency": {"cover_probability": 1}}}}
    one = office(covered)
    assert one.count("agency_start", cause="vacancy") == 1
    assert one.count("cover_start") == 0


def test_another_acts_when_the_first_can_no_longer():
    leaving = {
        "roles": {
            "senior": {"attrition": {"retirement_age": 62}, "notice_weeks": 0},
            "manager": {"recruitment": {"fill_probability": 0}},
        }
    }
    posts = {"boss": {"role": "manager"}} | {f"q{n}": {"role": "senior"} for n in (1, 2)}
    people = {
        "old": {"birth_date": "1962-06-15", "service_start": "2000-01-01", "posts": {"q1": 1.0}},
        "new": {"posts": {"q2": 1.0}},
    }
    said = {"policies": {"up": {"kind": "acting_up", "probability": 1}}}
    one = run(document({"roles": ROLES}, said, leaving), tables(posts, people))
    assert one.who("cover_start") == ["old", "new"]
    assert one.days("cover_end")[0] == one.days("leaver")[0] == one.days("cover_start")[1] > 0


@sized(40)
@given(cases())
def test_as_many_act_as_posts_are_acted_in_and_none_twice(case):
    one = again(case.inputs(), case.replication)
    found = folded(one)
    acting: dict[int, int] = {}
    for move in one.moves("cover_start", "cover_end"):
        person, post = int(move["person"]), int(move["post"])
        if person in acting:
            assert acting.pop(person) == post
        else:
            assert post not in acting.values()
            acting[person] = post
        assert move["cause"] == CAUSE["acting_up"]
    assert found["acting_heads"][0][-1] == len(acting)
    vacant = found["establishment_fte"] - found["filled_fte"]
    assert (found["acting_fte"] <= vacant).all()


# --- what it costs


def acted(*changes: dict[str, Any], fte: int = 100) -> Story:
    """A senior acts as manager in May."""
    detail = {"run": {"detail": ["council", "service", "role"]}}
    story = Story(detail, *changes, months=3)
    person, own = story.holder(SENIOR)
    boss = story.post(MANAGER)
    cells = {"source": story.cell(SENIOR), "target": story.cell(MANAGER), "cause": "acting_up"}
    for when, kind in (("2024-05-01", "cover_start"), ("2024-06-01", "cover_end")):
        story.move(when, kind, person, boss, from_post=own, fte=fte, **cells)
    return story


@pytest.mark.parametrize("fte", [100, 50])
def test_acting_up_is_paid_up_to_the_lowest_point_of_the_role_acted_in(fte):
    story = acted(fte=fte)
    extra = annual((60_000 - 36_000) * fte / 100, 31 * DAY)
    assert story.values("acting_up_gbp")[1:] == pytest.approx([0, extra, 0])
    pay = story.values("pay_gbp")
    assert pay[2] == pytest.approx(annual(36_000, 31 * DAY) + extra)
    assert pay[3] == pytest.approx(annual(36_000, 30 * DAY))


def test_on_costs_come_on_top_of_what_acting_up_adds():
    on_costs = {"budget": {"base": "gross", "on_costs": {"pension": 0.2}}}
    on_costs["budget"]["on_costs"]["national_insurance"] = False
    story = acted(on_costs)
    assert story.values("on_costs_gbp")[2] == pytest.approx(0.2 * story.values("pay_gbp")[2])


def test_the_work_is_done_where_it_is_acted_and_the_post_is_vacant():
    story = acted(fte=60)
    assert story.values("effective_capacity", "role", MANAGER).tolist() == [0, 0, 0.6, 0]
    assert story.values("effective_capacity", "role", SENIOR).tolist() == [1, 1, 0.4, 1]
    assert story.values("acting_up_fte", "role", MANAGER).tolist() == [0, 0, 0.6, 0]
    assert story.values("acting_up_headcount", "role", SENIOR).tolist() == [0, 0, 1, 0]
    assert story.values("vacancy_fte", "role", MANAGER).tolist() == [1, 1, 1, 1]
    assert story.values("headcount", "role", SENIOR).tolist() == [1, 1, 1, 1]
