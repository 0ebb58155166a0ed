"""Absences: who keeps their post while away, who covers, who comes back, and what it costs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from generated import cases, sized
from handmade import WORKER, Story, annual
from hypothesis import given
from small import Run, again, document, inputs_of, staffed
from test_theory import LIMIT, NO_HIRING, agree, refuse

from wfmodel.flows.absence import WORKING_DAYS
from wfmodel.results.fold import fold
from wfmodel.results.statistics import Statistics
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import KINDS
from wfmodel.units import DAY, MONTH, YEAR

STAYS: dict[str, Any] = {"attrition": {}, "notice_weeks": 0}
ON_COSTS = {"budget": {"base": "gross", "on_costs": {"pension": 0.2, "national_insurance": True}}}


def away(hazard: float, months: Any = 6, **more: Any) -> dict[str, Any]:
    """A role whose holders are away now and then."""
    leave = {"kind": "long_sickness", "rate": {"annual_hazard": hazard}, "months": months} | more
    return STAYS | {"absence": {"ill": leave}}


def cohort(role: dict[str, Any], *more: dict[str, Any], posts: int = 800) -> Inputs:
    return inputs_of(document(staffed(posts, role), NO_HIRING, *more, months=24))


def folded(one: Run) -> Statistics:
    return fold(one.inputs, one.inputs.numbers.draw(1, 0), one.ledger)


def apart(count: int, of: int, probability: float) -> float:
    """How many standard deviations a binomial count is from its mean."""
    return abs(count - of * probability) / math.sqrt(of * probability * (1 - probability))


# --- how many are away


@pytest.mark.parametrize("months", [6, {"varies": {"exponential": {"mean": 6}}}])
def test_as_many_are_away_as_go_and_stay_from_the_first_day_on(months):
    """A renewal process: rate × mean length to one, from the look-back on."""
    inputs = cohort(away(0.4, months))
    found = [folded(again(inputs, number))["absent_heads"][0] for number in range(15)]

    def stationary(hazard: float) -> tuple[float, float]:
        ratio = hazard * 6 * MONTH / YEAR
        share = ratio / (1 + ratio)
        return 800 * share, 800 * share * (1 - share)

    for month in (0, 24):
        counts = [one[month] for one in found]
        agree(counts, *stationary(0.4))
        refuse(counts, *stationary(0.5))


def test_who_does_not_come_back_leaves_at_the_stated_share():
    role = away(1.0, 3, return_probability=0.6)
    inputs = cohort(role)
    left = came = 0
    for number in range(5):
        one = again(inputs, number)
        left += one.count("leaver", cause="long_sickness")
        came += one.count("absence_end") - one.count("leaver")
    assert left > 500
    assert apart(left, left + came, 0.4) < LIMIT < apart(left, left + came, 0.5)


@sized(40)
@given(cases())
def test_who_goes_is_away_until_they_come_back_person_by_person(case):
    one = again(case.inputs(), case.replication)
    found, starts = folded(one), one.moves("absence_start")
    ends = one.moves("absence_end")
    assert starts["head"].sum() - ends["head"].sum() >= 0
    edges = one.inputs.calendar.month_starts
    counted = found["absent_heads"][0] + found["seconded_heads"][0]
    for month in range(1, edges.size):
        begun = starts["head"][starts["time"] < edges[month]].sum()
        over = ends["head"][ends["time"] < edges[month]].sum()
        assert counted[month] == begun - over
    assert (counted <= found["heads"][0]).all()


def test_the_absent_are_employed_and_hold_their_posts():
    found = folded(again(cohort(away(1.0))))
    assert found["absent_heads"][0].min() > 100
    for name, each in (("heads", 800), ("fte", 80_000), ("filled_fte", 80_000)):
        assert (found[name][0] == each).all()


# --- cover


def test_cover_stays_as_long_as_somebody_is_away():
    role = away(0.5, 5, cover={"probability": 1})
    found = folded(again(cohort(role)))
    assert found["absent_heads"][0].min() > 0
    assert (found["agency_absence_cover_fte"][0] == 100 * found["absent_heads"][0]).all()


def test_cover_comes_after_its_lag_and_goes_when_a_policy_says_so():
    role = away(0.5, 5, cover={"probability": 1, "lag_days": 20})
    limit = {"policies": {"cap": {"kind": "agency_control", "longest_months": 1}}}
    one = again(cohort(role, limit, posts=50))
    gone: dict[int, int] = {}
    covered: dict[int, int] = {}
    lasted = []
    for move in one.moves("absence_start", "agency_start", "agency_end"):
        person, time, kind = int(move["person"]), int(move["time"]), KINDS[move["kind"]]
        if kind == "absence_start":
            gone[person] = time
        elif gone[person] > 0 and kind == "agency_start":
            assert time == gone[person] + 20 * DAY
            covered[person] = time
        elif person in covered:
            lasted.append(time - covered.pop(person))
    assert len(lasted) > 20
    assert set(lasted) == {MONTH}


def test_a_share_of_absences_is_covered():
    role = away(1.0, 2, cover={"probability": 0.3})
    one = again(cohort(role))
    begun = one.count("absence_start")
    covered = one.count("agency_start", cause="absence_cover")
    assert apart(covered, begun, 0.3) < LIMIT < apart(covered, begun, 0.4)


# --- pay, cost and capacity


def going(cause: str, share: int, *changes: dict[str, Any], back: str = "2024-06-01") -> Story:
    """Somebody away in May, or until they are back."""
    story = Story(*changes, months=3)
    person, post = story.holder(sex=1)
    cell = story.cell(WORKER)
    for when, kind, note in (("2024-05-01", "absence_start", share), (back, "absence_end", 0)):
        story.move(when, kind, person, post, source=cell, target=cell, cause=cause, note=note)
    return story


@pytest.mark.parametrize("share", [1000, 500, 0])
def test_leave_is_paid_at_its_share_by_the_second(share):
    pay = going("family_leave", share, back="2024-05-16").values("pay_gbp")
    may = annual(24_000 * share / 1000, 15 * DAY) + annual(24_000, 16 * DAY)
    assert pay[1:] == pytest.approx([annual(24_000, 30 * DAY), may, annual(24_000, 30 * DAY)])


def test_a_partner_pays_its_share_of_pay_with_on_costs():
    for name in ("pay_gbp", "on_costs_gbp"):
        april, may, june = going("secondment", 750, ON_COSTS).values(name)[1:] / [30, 31, 30]
        assert april == june > 0
        assert may == pytest.approx(april / 4, rel=1e-4)


def test_insurance_falls_with_leave_on_half_pay_by_more_than_half():
    april, may, _ = going("long_sickness", 500, ON_COSTS).values("on_costs_gbp")[1:] / [30, 31, 30]
    assert 0 < may < april / 2  # the threshold stays


def test_who_is_away_does_no_work_and_is_measured():
    story = going("long_sickness", 1000)
    assert story.values("effective_capacity").tolist() == [1, 1, 0, 1]
    assert story.values("long_absence_headcount").tolist() == [0, 0, 1, 0]
    assert story.values("long_absences")[1:].tolist() == [0, 1, 0]
    assert story.values("headcount").tolist() == [1, 1, 1, 1]
    days = story.values("absence_long_days")
    assert days[2] == pytest.approx(WORKING_DAYS * 31 * DAY / YEAR)
    assert days[1] == days[3] == 0
    assert story.values("absence_days")[2] == days[2]


def test_the_seconded_are_counted_apart_from_the_absent():
    story = going("secondment", 1000)
    assert story.values("seconded_headcount").tolist() == [0, 0, 1, 0]
    assert story.values("long_absence_headcount").sum() == 0
    assert story.values("absence_long_days")[1:].sum() == 0


@pytest.mark.parametrize(("cause", "share", "counts"), [
    ("family_leave", 500, False), ("family_leave", 1000, True), ("secondment", 500, True),
])  # fmt: skip
def test_pay_gaps_leave_out_who_is_on_leave_on_less_than_full_pay(cause, share, counts):
    story = going(cause, share)
    story.holder(sex=0)
    assert math.isnan(story.values("mean_pay_gap")[2]) != counts
    assert story.values("mean_pay_gap")[1] == 0


def test_agency_for_absences_costs_what_the_role_says():
    cost = {"roles": {WORKER: {"agency": {"cover_probability": 0, "annual_cost_gbp": 50_000}}}}
    story = going("career_break", 0, cost)
    cell = story.cell(WORKER)
    for when, kind in (("2024-05-01", "agency_start"), ("2024-05-11", "agency_end")):
        story.move(when, kind, 0, 0, target=cell, cause="absence_cover", fte=60)
    cover = story.values("absence_cover_gbp")
    assert cover[2] == pytest.approx(annual(30_000, 10 * DAY))
    assert story.values("agency_gbp")[2] == cover[2]
    assert np.nansum(story.values("agency_absence_cover_fte")) == 0  # over within the month


# --- secondment


def seconded(heads: int, **more: Any) -> Run:
    policy = {"kind": "secondment", "heads": heads, "months": 6, "start": "2024-07-01"} | more
    return again(cohort(STAYS, {"policies": {"out": policy}}, posts=40))


@pytest.mark.parametrize(("heads", "gone"), [(5, 5), (0, 0), (100, 40)])
def test_so_many_go_as_the_policy_says_and_as_there_are(heads, gone):
    found = folded(seconded(heads))
    counted = found["seconded_heads"][0]
    assert counted[3] == 0  # 1 July itself: the month end precedes it
    assert counted[4:9].tolist() == [gone] * 5
    assert counted[9:].sum() == 0  # half of 365¼ days ends on 30 December
    assert found["secondments"][0][4] == gone
    assert (found["heads"][0] == 40).all()


def test_the_seconded_who_do_not_come_back_leave():
    one = seconded(30, return_probability=0)
    assert one.count("leaver", cause="secondment") == 30
    assert folded(one)["heads"][0][-1] == 10


def test_a_secondment_from_the_start_counts_in_the_opening_census():
    found = folded(seconded(5, start=None))
    assert found["seconded_heads"][0][:3].tolist() == [5, 5, 5]
    assert found["secondments"][0][1] == 5
