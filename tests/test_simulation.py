"""What the simulation does, one behaviour a test, on scenarios small enough to follow by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from small import again, document, group, inputs_of, run, same, staffed, tables

from wfmodel.simulation.ledger import KIND
from wfmodel.units import DAY

SURE = {"match_threshold": 1, "accept_probability": 1, "trial_pass_probability": 1}
APRIL = dt.date(2024, 4, 1)


def pool(**more: Any) -> dict[str, Any]:
    """A redeployment policy in which everybody accepts and passes, unless it says otherwise."""
    return {"policies": {"pool": {"kind": "redeployment", **SURE, **more}}}


def cut(posts: int | list[str], when: dt.date = APRIL, **more: Any) -> dict[str, Any]:
    return {
        "change_events": {"cut": {"kind": "delete", "implemented": when, "posts": posts, **more}}
    }


def hires_in(days: float, **more: Any) -> dict[str, Any]:
    return {"recruitment": {"time_to_hire_days": days, **more}}


ONE = {"p0": {}}
RETIRES_IN_MAY = {"birth_date": "1958-05-01", "posts": {"p0": 1}}


# --- vacancies


def test_a_leaver_frees_a_post_and_a_starter_takes_it():
    role = {"attrition": {"retirement_age": 66}, "notice_weeks": 4} | hires_in(20)
    found = run(document({"roles": {"worker": role}}), tables(ONE, {"x": RETIRES_IN_MAY}))
    assert found.story("x") == [(0, "opening"), (2, "notice_given"), (30, "leaver")]
    assert found.days("post_advertised") == [30]
    assert found.days("starter") == [50]
    assert found.where("starter") == ["p0"]
    assert found.moves("starter")["note"].tolist() == [20 * DAY]


def test_approval_may_begin_at_notice_or_when_the_post_is_vacant():
    role = {"attrition": {"retirement_age": 66}, "notice_weeks": 4}
    for since, day in (("vacancy", 30 + 35 + 20), ("notice", 30 + (35 - 28) + 20)):
        recruiting = hires_in(20, approval_days=35, approval_from=since)
        found = run(
            document({"roles": {"worker": role | recruiting}}), tables(ONE, {"x": RETIRES_IN_MAY})
        )
        assert found.days("starter") == [day]


def test_a_failed_campaign_is_run_again_without_approval():
    role = hires_in(10, approval_days=30, fill_probability=0.5)
    new = {"change_events": {"new": {"kind": "create", "implemented": dt.date(2024, 4, 11),
                                     "create": [group(40)]}}}  # fmt: skip
    found = run(document({"roles": {"worker": role}}, new))
    assert found.count("campaign_failed") > 10
    waits = found.moves("starter")["note"] // DAY
    assert set(waits.tolist()) <= {40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140}
    assert {40, 50, 60} <= set(waits.tolist())


def test_held_posts_are_released_oldest_first_as_the_path_allows():
    born = [f"1958-{month:02d}-15" for month in (5, 6, 7, 8)]
    people = {f"x{n}": {"birth_date": day, "posts": {f"p{n}": 1}} for n, day in enumerate(born)}
    people |= {f"y{n}": {"posts": {f"q{n}": 1}} for n in range(6)}
    posts = {f"p{n}": {} for n in range(4)} | {f"q{n}": {} for n in range(6)}
    role = {"attrition": {"retirement_age": 66}} | hires_in(0)
    path = {dt.date(2024, 5, 1): 10.0, dt.date(2024, 9, 1): 6.0, dt.date(2024, 10, 1): 8.0}
    hold = {"policies": {"hold": {"kind": "vacancy_control", "mode": "until_target",
                                  "path": {"fte": path}}}}  # fmt: skip
    found = run(document({"roles": {"worker": role}}, hold), tables(posts, people))
    assert found.where("post_held") == ["p0", "p1", "p2", "p3"]
    assert found.where("post_released") == ["p0", "p1"]
    assert set(found.days("post_released")) == {(dt.date(2024, 9, 1) - APRIL).days}


def test_a_post_within_the_path_is_let_through_without_being_held():
    role = {"attrition": {"retirement_age": 66}} | hires_in(5)
    path = {"fte": {APRIL: 1.0}}
    hold = {"policies": {"hold": {"kind": "vacancy_control", "mode": "until_target", "path": path}}}
    found = run(document({"roles": {"worker": role}}, hold), tables(ONE, {"x": RETIRES_IN_MAY}))
    assert found.count("post_held", "post_released") == 0
    assert found.days("starter") == [35]


def test_until_the_target_means_no_more_than_the_path_is_ever_recruited():
    role = {"attrition": {"resignation": {"annual_hazard": 0.3}}} | hires_in(30)
    hold = {"policies": {"hold": {"kind": "vacancy_control", "mode": "until_target",
                                  "path": {"annual_reduction": 0.05}}}}  # fmt: skip
    found = run(document(staffed(400, role), hold, months=36))
    starts = found.inputs.calendar.month_starts
    heads = 400 + np.cumsum(
        np.where(found.moves("leaver", "starter")["kind"] == KIND["starter"], 1, -1)
    )
    times = found.moves("leaver", "starter")["time"]
    for month in range(6, 36):
        at_end = heads[np.searchsorted(times, starts[month + 1]) - 1]
        path = 400 * 0.95 ** ((month + 1) / 12)
        assert path - 16 < at_end <= path + 1
    assert found.count("post_released") > 50


def test_everything_is_held_and_let_go_at_the_end_of_the_policy():
    role = {"attrition": {"resignation": {"annual_hazard": 1.0}}} | hires_in(1)
    freeze = {"policies": {"freeze": {"kind": "vacancy_control", "mode": "all", "start": APRIL,
                                      "end": dt.date(2024, 10, 1)}}}  # fmt: skip
    found = run(document(staffed(50, role), freeze, months=9))
    over = (dt.date(2024, 10, 1) - APRIL).days
    assert found.count("post_held") > 10
    assert set(found.days("post_released")) == {over}
    assert min(found.days("starter")) == over + 1
    assert found.where("post_released") == found.where("post_held")  # the oldest first


def test_a_vacancy_filled_from_inside_leaves_another_at_the_same_instant():
    posts = {"p0": {"role": "senior"}, "p1": {}, "p2": {}}
    people = {"boss": {"birth_date": "1958-05-01", "posts": {"p0": 1}},
              "old": {"service_start": "2010-01-01", "posts": {"p1": 1}},
              "new": {"service_start": "2015-01-01", "posts": {"p2": 1}}}  # fmt: skip
    roles = {"worker": hires_in(10),
             "senior": {"attrition": {"retirement_age": 66}, "feeds_from": ["worker"],
                        "recruitment": {"inside": {"promotion": 1}}}}  # fmt: skip
    found = run(document({"roles": roles}), tables(posts, people))
    assert found.who("promoted") == ["old"]  # the longest in role
    assert found.days("promoted") == found.days("leaver") == [30]
    assert (found.where("starter"), found.days("starter")) == (["p1"], [40])


def test_nobody_moves_twice_at_one_instant_even_where_no_time_in_role_is_asked():
    inside = {"inside": {"sideways": 1, "min_months_in_role": 0}}
    role = {"attrition": {"retirement_age": 66}} | hires_in(10, **inside)
    people = {"x": RETIRES_IN_MAY} | {f"y{n}": {"posts": {f"q{n}": 1}} for n in range(3)}
    posts = {"p0": {}} | {f"q{n}": {} for n in range(3)}
    found = run(document({"roles": {"worker": role}}), tables(posts, people))
    first = found.moves("moved_sideways")["time"] == 30 * DAY
    assert sorted(np.array(found.who("moved_sideways"))[first]) == ["y0", "y1", "y2"]
    assert found.count("starter") >= 1


def test_a_remainder_too_small_to_advertise_is_measured_only():
    people = {"x": {"posts": {"p0": 0.7}}, "y": {"posts": {"p1": 0.6}}}
    found = run(document({"roles": {"worker": hires_in(5)}}), tables({"p0": {}, "p1": {}}, people))
    assert found.where("starter") == ["p1"]
    assert found.moves("starter")["fte"].tolist() == [40]
    least = {"policies": {"least": {"kind": "recruitment", "smallest_advertised_fte": 0.3}}}
    found = run(
        document({"roles": {"worker": hires_in(5)}}, least), tables({"p0": {}, "p1": {}}, people)
    )
    assert sorted(found.where("starter")) == ["p0", "p1"]


def test_recruiters_are_granted_to_the_longest_waiting_then_by_key():
    role = hires_in(10)
    few = {"policies": {"few": {"kind": "recruitment", "recruiters": 2}}}
    new = {"change_events": {
        "first": {"kind": "create", "implemented": dt.date(2024, 4, 11), "create": [group(3)]},
        "then": {"kind": "create", "implemented": dt.date(2024, 4, 12), "create": [group(4)]},
    }}  # fmt: skip
    found = run(document({"roles": {"worker": role}}, few, new))
    assert found.days("starter") == [20, 20, 30, 30, 40, 40, 50]
    posts = found.ledger.posts[found.moves("post_advertised")["post"]]
    assert posts["event"].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert (np.diff(posts["key"][:3].astype(object)) > 0).all()
    assert (np.diff(posts["key"][3:].astype(object)) > 0).all()


# --- agency


def test_agency_cover_ends_when_the_post_fills_and_other_uses_go_on():
    cover = {"agency": {"cover_probability": 1, "lag_days": 7}}
    role = {"attrition": {"retirement_age": 66}} | hires_in(20) | cover
    uses = {"workforce": {"agency_uses": {
        "peak": {"service": "front", "role": "worker", "reason": "peak_or_project", "fte": 2,
                 "annual_cost_gbp": 1, "end": dt.date(2024, 12, 1)}}}}  # fmt: skip
    found = run(document({"roles": {"worker": role}}, uses), tables(ONE, {"x": RETIRES_IN_MAY}))
    assert found.days("agency_start", cause="vacancy") == [37]
    assert found.days("agency_end", cause="vacancy") == [50] == found.days("starter")
    peak = (dt.date(2024, 12, 1) - APRIL).days
    assert found.days("agency_start", "agency_end", cause="peak_or_project") == [0, peak]


def test_cover_lasts_no_longer_than_the_policy_lets_it():
    cover = {"agency": {"cover_probability": 1}}
    new = {"change_events": {"new": {"kind": "create", "implemented": dt.date(2024, 4, 11),
                                     "create": [group(1)]}}}  # fmt: skip
    limit = {"policies": {"limit": {"kind": "agency_control", "longest_months": 2}}}
    found = run(document({"roles": {"worker": hires_in(300) | cover}}, new, limit))
    assert found.days("agency_start") == [10]
    assert found.days("agency_end") == [10 + 365.25 / 6]


# --- change events


@pytest.mark.parametrize(
    ("posts", "days"), [(19, 0), (20, 30), (99, 30), (100, 45), (130, 45)]
)  # fmt: skip
def test_consultation_delays_a_change_by_the_number_of_dismissals(posts, days):
    found = run(document(staffed(130), cut(posts, announced=APRIL)))
    assert set(found.days("post_deleted")) == {days}
    assert found.count("at_risk") == posts


def test_vacant_posts_are_no_dismissals_and_go_first():
    found = run(document(staffed(40, hires_in(500), filled=15), cut(30)))
    assert set(found.days("post_deleted")) == {0}  # 25 vacant, 5 dismissals: nothing to wait for
    assert found.count("at_risk") == 5


def test_an_announcement_in_time_delays_nothing():
    event = cut(20, dt.date(2024, 6, 1), announced=APRIL)
    assert set(run(document(staffed(30), event)).days("post_deleted")) == {61}


def test_volunteers_go_before_anybody_is_selected():
    voluntary = {"take_up": 0.4}
    found = run(document(staffed(40), cut(10, voluntary=voluntary)))
    volunteers = found.count("voluntary_exit")
    assert volunteers == 10
    assert found.count("at_risk") == 0
    refused = run(document(staffed(40), cut(10, voluntary=voluntary | {"refused": 1})))
    assert (refused.count("voluntary_exit"), refused.count("at_risk")) == (0, 10)


def test_holders_whose_old_job_matches_a_new_one_are_slotted_in_without_a_trial():
    roles = {"worker": {"skills": {"a": 3, "b": 1}},
             "senior": {"skills": {"a": 3, "c": 1}} | hires_in(900)}  # fmt: skip
    event = {"kind": "convert", "implemented": dt.date(2024, 5, 1), "posts": 5,
             "create": [{"service": "front", "role": "senior", "posts": 3}]}  # fmt: skip
    for threshold, slotted in ((0.75, 3), (0.76, 0)):
        change = {"change_events": {"new": event | {"slotting_threshold": threshold}}}
        found = run(document(staffed(5), {"roles": roles}, change))
        assert found.count("redeployed", cause="slotted_in") == slotted
        assert found.count("redundant") == 5 - slotted
        assert found.count("trial_failed", "coaching_start") == 0


def test_transferred_posts_go_with_their_holders_and_come_with_people_in_them():
    events = {"change_events": {
        "out": {"kind": "transfer_out", "implemented": dt.date(2024, 5, 1), "posts": 4},
        "in": {"kind": "transfer_in", "implemented": dt.date(2024, 6, 1), "create": [group(3)],
               "transferred_age_years": 50, "transferred_service_years": 12},
    }}  # fmt: skip
    found = run(document(staffed(10), events))
    assert found.days("transferred_out") == [30] * 4
    assert found.days("transferred_in") == [61] * 3
    assert found.count("at_risk", "redundant", "post_advertised") == 0
    came = found.ledger.people[found.moves("transferred_in")["person"]]
    assert set((found.moves("transferred_in")["time"] - came["continuous_start"]) // DAY) == {4383}


# --- the pool


def lone(birth: str, service: str, **more: Any) -> dict[str, Any]:
    return {"birth_date": birth, "service_start": service, "posts": {"p0": 1}} | more


@pytest.mark.parametrize(
    ("birth", "service", "half_weeks"),
    [
        ("2002-05-01", "2020-06-01", 4 * 1),  # under 22 at the start of each of four years
        ("2001-05-01", "2020-06-01", 3 * 1 + 2),
        ("1990-01-01", "2022-06-25", 0),  # two years but a day: not qualified
        ("1990-01-01", "2022-06-24", 2 * 2),  # two years, 23 June being the last day
        ("1982-01-01", "2014-06-01", 3 + 9 * 2),  # wholly 41 and over in one year
        ("1980-01-01", "2014-06-01", 3 * 3 + 7 * 2),
        ("1960-01-01", "1990-06-01", 20 * 3),  # twenty years at most
        ("1975-01-01", "1990-06-01", 8 * 3 + 12 * 2),
    ],
)
def test_redundancy_pay_is_the_statutory_table_s(birth, service, half_weeks):
    # 12 weeks from 1 April 2024: notice runs out on 24 June 2024; £700 a week at most from 6 April
    when = dt.date(2024, 6, 24)
    expected = half_weeks * 35_000
    salary = {"roles": {"worker": {"salary_gbp": 52_000}}}
    weeks = {"policies": {"pool": {"kind": "redeployment", **SURE, "pool_weeks": 12}}}
    person = lone(birth, service, continuous_start=service)
    found = run(document(salary, weeks, cut(["p0"])), tables(ONE, {"x": person}))
    assert found.days("redundant") == [(when - APRIL).days]
    assert found.moves("redundant")["note"].tolist() == [expected]


def test_the_week_s_pay_is_capped_by_the_date_of_dismissal():
    salary = {"roles": {"worker": {"salary_gbp": 104_000}}}
    weeks = pool(pool_weeks=13)
    for start, cap in (
        (dt.date(2024, 12, 1), 700),
        (dt.date(2025, 1, 6), 719),
        (dt.date(2026, 1, 6), 751),
    ):
        event = cut(["p0"], start)
        person = lone("1990-01-01", "2020-01-01")
        found = run(document(salary, weeks, event, months=30), tables(ONE, {"x": person}))
        years = found.inputs.calendar.date(int(found.moves("redundant")["time"][0])).year - 2020
        assert found.moves("redundant")["note"].tolist() == [years * cap * 100]


def test_terms_may_pay_the_actual_week_and_more_weeks_to_104():
    salary = {"roles": {"worker": {"salary_gbp": 104_000}}}
    terms = {"terms": {"enhancement": 4, "actual_pay": True}}
    found = run(
        document(salary, cut(["p0"], **terms)), tables(ONE, {"x": lone("1960-01-01", "1990-01-01")})
    )
    assert found.moves("redundant")["note"].tolist() == [104 * 200_000]  # 30 weeks × 4 are too many


def test_part_timers_are_paid_for_their_hours_and_continuous_service_counts():
    salary = {"roles": {"worker": {"salary_gbp": 26_000}}}
    person = {"birth_date": "1990-01-01", "service_start": "2023-12-01", "posts": {"p0": 0.5},
              "continuous_start": "2019-01-01"}  # fmt: skip
    found = run(document(salary, cut(["p0"])), tables(ONE, {"x": person}))
    assert found.days("redundant") == [5 * 7]  # a week for each of five years
    assert found.moves("redundant")["note"].tolist() == [5 * 25_000]


def two_at_risk(first: dict[str, Any], second: dict[str, Any], **policy: Any) -> Any:
    """Two at risk and one vacancy for both, which opens as they enter the pool."""
    posts = {"p0": {}, "p1": {}, "v": {"service": "back"}}
    people = {"x": {"posts": {"p0": 1}} | first, "y": {"posts": {"p1": 1}} | second}
    roles = {"worker": {"skills": {"a": 1}} | hires_in(9000)}
    text = document({"roles": roles}, pool(**policy), cut(["p0", "p1"], dt.date(2024, 5, 1)))
    return run(text, tables(posts, people))


def test_protected_staff_are_offered_a_vacancy_first():
    for protected in ("x", "y"):
        leave = {"skills": "a", "protected_until": "2024-05-01"}  # the last day counts
        both = {who: leave if who == protected else {"skills": "a b c"} for who in "xy"}
        assert two_at_risk(both["x"], both["y"]).who("redeployed") == [protected]
    over = {"skills": "a", "protected_until": "2024-04-30"}
    takers = set()
    for year in range(2010, 2024):
        other = {"skills": "a", "service_start": f"{year}-01-01"}
        takers |= set(two_at_risk(over, other).who("redeployed"))
    assert len(takers) == 1  # else a keyed draw, which length of service does not touch


def test_the_two_readings_of_the_match_differ_in_whose_skills_count():
    # the old job has nothing that the vacancy asks, the person has it all
    posts = {"p0": {"role": "clerk"}, "v": {"service": "back", "role": "carer"}}
    roles = {"clerk": {"skills": {"a": 1}}, "carer": {"skills": {"b": 4, "c": 1}} | hires_in(9000)}
    for skills, reading, threshold, taken in (
        ("b c", "person_to_vacancy", 1, 1),
        ("b c", "job_to_job", 0.1, 0),
        ("b", "person_to_vacancy", 0.8, 1),  # exactly eight tenths
        ("b", "person_to_vacancy", 0.801, 0),
        ("c", "person_to_vacancy", 0.2, 1),
        ("", "person_to_vacancy", 0.001, 0),
    ):
        policy = pool(reading=reading, match_threshold=threshold)
        text = document({"roles": roles}, policy, cut(["p0"]))
        found = run(text, tables(posts, {"x": {"skills": skills, "posts": {"p0": 1}}}))
        assert found.count("redeployed") == taken, (skills, reading, threshold)


@pytest.mark.parametrize(
    ("fte", "tolerance", "taken"), [(0.8, None, 1), (0.79, None, 0), (0.5, 0.5, 1), (1.0, 0, 1)]
)
def test_the_hours_offered_are_within_the_tolerance(fte, tolerance, taken):
    posts = {"p0": {}, "v": {"service": "back"}}
    more = {} if tolerance is None else {"fte_tolerance": tolerance}
    text = document({"roles": {"worker": hires_in(9000)}}, pool(**more), cut(["p0"]))
    found = run(text, tables(posts, {"x": {"posts": {"p0": fte}}}))
    assert found.count("redeployed") == taken


def test_a_vacancy_too_many_grades_away_is_not_offered():
    posts = {"p0": {"role": "low"}, "v": {"service": "back", "role": "high"}}
    for grade, taken in ((6, 1), (7, 0)):
        roles = {"low": {"grade": 5}, "high": {"grade": grade} | hires_in(9000)}
        text = document({"roles": roles}, pool(), cut(["p0"]))
        assert run(text, tables(posts, {"x": {"posts": {"p0": 1}}})).count("redeployed") == taken


def test_a_campaign_is_withdrawn_when_somebody_from_the_pool_takes_its_post():
    posts = {"p0": {}, "v": {"service": "back"}}
    one = {"policies": {"few": {"kind": "recruitment", "recruiters": 1}}}
    text = document(
        {"roles": {"worker": hires_in(9000)}}, pool(), one, cut(["p0"], dt.date(2024, 5, 1))
    )
    inputs = inputs_of(text, tables(posts, {"x": {"posts": {"p0": 1}}}))
    found = again(inputs)
    assert (found.where("post_advertised"), found.where("redeployed")) == (["v"], ["v"])
    assert found.days("redeployed") == [30]
    assert found.count("starter") == 0


def test_a_deleted_post_takes_its_campaign_recruiter_and_cover_with_it():
    role = {"agency": {"cover_probability": 1}} | hires_in(200)
    one = {"policies": {"few": {"kind": "recruitment", "recruiters": 1}}}
    event = cut(1, dt.date(2024, 5, 1), services=["front"])
    text = document(staffed(1, role, filled=0), one, event)
    text["workforce"]["groups"]["b"] = group(1, service="back", filled=0)
    found = run(text)
    assert found.count("starter") <= 1
    assert 30 in found.days("agency_end")
    assert 30 in found.days("post_advertised") or "b-p1" in found.where("starter")


def failing(trial_weeks: float, pool_weeks: float) -> Any:
    """One person whose trial fails, and one vacancy."""
    posts = {"p0": {}, "v": {"service": "back"}}
    policy = pool(trial_pass_probability=0, trial_weeks=trial_weeks, pool_weeks=pool_weeks)
    text = document(
        {"roles": {"worker": {"salary_gbp": 26_000} | hires_in(9000)}}, policy, cut(["p0"])
    )
    return run(text, tables(posts, {"x": {"posts": {"p0": 1}, "service_start": "2020-05-20"}}))


def test_failing_a_trial_in_time_returns_to_the_pool_and_reopens_the_post():
    found = failing(4, 12)
    kinds = ["opening", "at_risk", "coaching_start", "coaching_end", "redeployed", "trial_failed",
             "redundant"]  # fmt: skip
    story = found.story("x")
    assert [kind for _, kind in story] == kinds
    assert story[-2] == (28, "trial_failed")
    assert story[-1][0] == 84
    assert (found.where("post_advertised"), found.days("post_advertised")) == (["v"], [28])


def test_a_trial_suspends_notice_and_failing_it_then_makes_redundant_from_the_old_contract_s_end():
    found = failing(10, 5)
    assert found.days("trial_failed") == [70]
    assert found.days("redundant") == [70]
    # three whole years when the old contract ended on 6 May 2024, two of them from 41 on
    assert found.moves("redundant")["note"].tolist() == [8 * 25_000]


def test_a_failed_trial_returns_to_the_old_contract_and_its_pay():
    posts = {"p0": {"role": "high"}, "v": {"service": "back", "role": "low"}}
    roles = {"high": {"salary_gbp": 31_200}, "low": {"salary_gbp": 15_600} | hires_in(9000)}
    policy = pool(trial_pass_probability=0, pool_weeks=8)
    found = run(document({"roles": roles}, policy, cut(["p0"])),
                tables(posts, {"x": {"posts": {"p0": 1}}}))  # fmt: skip
    assert found.count("trial_failed") == 1
    assert found.moves("redundant")["note"].tolist() == [10 * 30_000]


def test_who_refuses_unreasonably_loses_the_pay():
    posts = {"p0": {}, "v": {"service": "back"}}
    policy = pool(accept_probability=0, unreasonable_refusal=1)
    roles = {"worker": {"salary_gbp": 26_000} | hires_in(9000)}
    text = document({"roles": roles}, policy, cut(["p0"]))
    found = run(text, tables(posts, {"x": {"posts": {"p0": 1}}}))
    assert found.causes("redundant") == ["unreasonable_refusal"]
    assert found.moves("redundant")["note"].tolist() == [0]


def test_resigning_in_the_pool_forfeits_redundancy_pay():
    role = {"attrition": {"resignation": {"annual_hazard": 3}}, "salary_gbp": 26_000}
    found = run(document(staffed(60, role, service_years=5), cut(60, announced=dt.date(2024, 2, 1)),
                         pool(pool_weeks=40)))  # fmt: skip
    assert found.count("leaver") > 20
    assert found.count("redundant") > 1
    assert not found.moves("leaver")["note"].any()
    assert (found.moves("redundant")["note"] > 0).all()
    assert not set(found.who("leaver")) & set(found.who("redundant"))


def test_a_person_considers_one_vacancy_once_even_when_their_trial_in_it_failed():
    found = failing(0, 30)
    assert found.count("redeployed") == 1
    assert found.count("redundant") == 1


def test_coaches_are_finite_and_coached_people_pass_more_often():
    posts = {f"p{n}": {} for n in range(30)} | {f"v{n}": {"service": "back"} for n in range(30)}
    people = {f"x{n}": {"posts": {f"p{n}": 1}} for n in range(30)}
    policy = pool(coaches=3, coaching_weeks=2, accept_probability=0, accept_probability_coached=1,
                  pool_weeks=20)  # fmt: skip
    event = cut([f"p{n}" for n in range(30)], announced=dt.date(2024, 2, 1))
    late = {"change_events": {"more": {"kind": "create", "implemented": dt.date(2024, 4, 30),
                                       "create": [group(30, service="back")]}}}  # fmt: skip
    for n in range(30):
        posts.pop(f"v{n}")
    found = run(
        document({"roles": {"worker": hires_in(9000)}}, policy, event, late), tables(posts, people)
    )
    starts = found.days("coaching_start")
    assert starts == sorted(14 * (n // 3) for n in range(len(starts)))[: len(starts)]
    taken = set(found.who("redeployed"))
    coached = {
        who for who, day in zip(found.who("coaching_start"), starts, strict=True) if day < 29
    }
    assert taken == coached
    assert len(taken) == 9


def test_those_who_have_given_notice_are_offered_nothing_and_still_go():
    people = {"x": lone("1958-06-01", "2000-01-01")}
    role = {"attrition": {"retirement_age": 66}, "notice_weeks": 8} | hires_in(9000)
    posts = {"p0": {}, "v": {"service": "back"}}
    event = cut(["p0"], dt.date(2024, 5, 1))
    found = run(
        document({"roles": {"worker": role}}, pool(pool_weeks=20), event), tables(posts, people)
    )
    assert found.count("redeployed") == 0
    assert (found.days("leaver"), found.causes("leaver")) == ([61], ["retirement"])


# --- several assignments


def test_somebody_with_two_posts_is_one_head_and_leaves_both_at_once():
    posts = {"p0": {}, "p1": {"service": "back"}}
    people = {"x": {"birth_date": "1958-05-01", "posts": {"p0": 0.6, "p1": 0.4}}}
    role = {"attrition": {"retirement_age": 66}}
    found = run(document({"roles": {"worker": role}}), tables(posts, people))
    assert found.moves("opening")["head"].tolist() == [1, 0]
    assert found.moves("leaver")["head"].tolist() == [1, 0]
    assert found.moves("leaver")["fte"].tolist() == [60, 40]


def test_losing_one_of_two_posts_is_a_change_of_hours_and_no_risk():
    posts = {"p0": {}, "p1": {"service": "back", "role": "senior"}}
    people = {"x": {"posts": {"p0": 0.6, "p1": 0.4}}}
    found = run(document({"roles": {"senior": {}}}, cut(["p0"])), tables(posts, people))
    row = found.moves("hours_changed")[0]
    assert (row["fte"], row["head"]) == (60, 1)
    assert row["target"] == found.inputs.cell("back", "senior")
    assert found.count("at_risk", "redundant") == 0


def test_those_who_share_a_post_go_up_with_it_and_notice_given_stands():
    posts = {"p0": {}}
    people = {"x": {"posts": {"p0": 0.5}}, "y": {"posts": {"p0": 0.5}, "birth_date": "1959-05-01"}}
    roles = {"worker": {"push": {"to": "senior", "probability": 1}, "notice_weeks": 12,
                        "attrition": {"retirement_age": 66}}, "senior": {}}  # fmt: skip
    found = run(document({"roles": roles}, months=24), tables(posts, people))
    assert sorted(found.who("promoted")) == ["x", "y"]
    assert found.days("promoted") == [365, 365]
    assert found.who("leaver") == ["y"]
    assert found.days("leaver") == [395]
    assert found.count("notice_given") == 1


# --- progression


def test_a_push_comes_on_the_first_of_april_after_the_time_in_role():
    people = {"x": {"posts": {"p0": 1}, "service_start": "2023-06-01"}}
    roles = {
        "worker": {"push": {"to": "senior", "probability": 1, "after_months": 24}},
        "senior": {},
    }
    found = run(document({"roles": roles}, months=36), tables(ONE, people))
    assert [found.inputs.calendar.date(int(d * DAY)) for d in found.days("promoted")] == [
        dt.date(2026, 4, 1)
    ]
    assert found.moves("promoted")["post"].tolist() == found.moves("promoted")["from_post"].tolist()


# --- pipelines


ONCE = {"months": [4], "size": 1, "last": dt.date(2024, 6, 1)}


def line(**more: Any) -> dict[str, Any]:
    """One trainee each April who always completes twelve months and takes a post."""
    given = {
        "service": "front", "target_role": "worker", "trainee_role": "trainee",
        "intake": {"months": [4], "size": 1},
        "stages": [{"name": "one", "months": 12, "completion_probability": 1}],
        "conversion": {"share": 1, "mode": "compete", "wait_months": 6},
    } | more  # fmt: skip
    return {"pipelines": {"p": given}, "roles": {"trainee": {}}}


def test_a_guaranteed_trainee_is_absorbed_by_the_first_vacancy_of_their_role():
    role = {"attrition": {"retirement_age": 66}} | hires_in(9000)
    people = {"x": {"birth_date": "1959-06-01", "posts": {"p0": 1}}}
    one = line(conversion={"share": 1, "mode": "guaranteed"}, intake={"months": [4], "size": 1,
               "last": dt.date(2024, 6, 1)})  # fmt: skip
    found = run(document({"roles": {"worker": role}}, one, months=24), tables(ONE, people))
    assert found.story("p@202404#0") == [
        (0, "intake"), (365.25, "qualified"), (365.25, "moved_sideways"), (426, "moved_sideways"),
    ]  # fmt: skip
    assert found.causes("moved_sideways") == ["guaranteed", "absorbed"]
    assert found.where("moved_sideways") == ["p+0", "p0"]
    assert found.where("post_deleted") == ["p+0"]


def test_a_qualified_trainee_competes_for_a_limited_time_then_goes():
    found = run(document(staffed(1), line(intake=ONCE), months=24))
    assert found.story("p@202404#0") == [
        (0, "intake"), (365.25, "qualified"), (365.25 * 1.5, "leaver")
    ]  # fmt: skip
    assert found.causes("leaver") == ["not_placed"]


def test_trainees_may_fill_vacancies_and_places_without_one_are_lost():
    vacant = line(
        places="vacancies", intake={"months": [4], "size": 3, "last": dt.date(2024, 6, 1)}
    )
    found = run(document(staffed(2, hires_in(9000), filled=0), vacant, months=18))
    assert (found.count("intake"), found.count("place_lost")) == (2, 1)
    assert found.count("qualified") == 2
    assert found.count("starter", "leaver", "moved_sideways") == 0


@pytest.mark.parametrize(
    ("when_full", "outcome"),
    [("lose", {"intake": 2, "place_lost": 3, "place_deferred": 0}),
     ("defer", {"intake": 4, "place_lost": 1, "place_deferred": 3})],
)  # fmt: skip
def test_supervisors_limit_places_which_are_lost_or_deferred(when_full, outcome):
    stages = [{"name": "one", "months": 5, "completion_probability": 1, "supervision": 1}]
    limited = line(
        intake={"months": [4], "size": 5}, stages=stages,
        supervision={"roles": ["worker"], "when_full": when_full, "longest_wait_months": 9},
    )  # fmt: skip
    found = run(document(staffed(2, {"supervises": 1}), limited, months=11))
    assert {kind: found.count(kind) for kind in outcome} == outcome
    if when_full == "defer":
        days = [0, 0, *[5 * 365.25 / 12] * 2]
        assert found.days("intake") == pytest.approx(days)
        assert found.days("place_lost") == pytest.approx([9 * 365.25 / 12])


def test_a_stage_that_needs_less_supervision_frees_it_for_those_who_wait():
    stages = [{"name": "one", "months": 2, "completion_probability": 1, "supervision": 1},
              {"name": "two", "months": 8, "completion_probability": 1}]  # fmt: skip
    limited = line(intake={"months": [4], "size": 2}, stages=stages,
                   supervision={"roles": ["worker"]})  # fmt: skip
    found = run(document(staffed(1, {"supervises": 1}), limited, months=6))
    assert found.days("intake") == pytest.approx([0, 2 * 365.25 / 12])


def test_staff_in_training_leave_their_post_or_keep_it():
    people = {"x": {"posts": {"p0": 1}}}
    for keeps, advertised in ((True, 0), (False, 1)):
        own = line(source="staff", from_roles=["worker"], keeps_post=keeps, target_role="senior",
                   intake={"months": [4], "size": 1, "last": dt.date(2024, 6, 1)})  # fmt: skip
        text = document({"roles": {"worker": hires_in(9000), "senior": {}}}, own, months=6)
        found = run(text, tables(ONE, people))
        assert (found.count("intake"), found.count("post_advertised")) == (1, advertised)
        assert found.count("leaver") == 0


def test_staff_who_leave_in_training_are_counted_as_dropped_out():
    people = {"x": {"posts": {"p0": 1}, "birth_date": "1958-08-01"}}
    own = line(source="staff", from_roles=["worker"], keeps_post=False, target_role="senior")
    roles = {"worker": {"attrition": {"retirement_age": 66}}, "senior": {}}
    found = run(document({"roles": roles}, own), tables(ONE, people))
    assert [kind for _, kind in found.story("x")][-2:] == ["dropped_out", "leaver"]


def test_an_external_trainee_who_loses_their_post_is_at_risk_like_others_and_may_leave():
    vacant = line(places="vacancies", intake=ONCE | {"size": 40})
    role = {"attrition": {"resignation": {"annual_hazard": 2}}} | hires_in(9000)
    found = run(document(staffed(40, role, filled=0), vacant, pool(pool_weeks=30),
                         cut(40, dt.date(2024, 6, 1), announced=APRIL)))  # fmt: skip
    assert found.count("at_risk") == 40
    assert found.count("leaver") > 10
    assert found.count("leaver") + found.count("redundant") == 40


def test_the_first_time_in_post_ends_with_a_step_up_to_another_role():
    first = {"newly_qualified": {"months": 6, "capacity": 0.7, "step_up_to": "senior"},
             "conversion": {"share": 1, "mode": "guaranteed"},
             "intake": {"months": [4], "size": 1, "last": dt.date(2024, 6, 1)}}  # fmt: skip
    found = run(document(staffed(0), line(**first), {"roles": {"senior": {}}}, months=24))
    assert found.story("p@202404#0")[3:] == [(547.875, "stepped_up"), (547.875, "promoted")]


def test_a_learning_agreement_binds():
    binds = {"agreement": {"months": 24, "hazard_multiplier": 0}, "intake": ONCE | {"size": 50},
             "conversion": {"share": 1, "mode": "guaranteed"}}  # fmt: skip
    role = {"attrition": {"resignation": {"annual_hazard": 2}}}
    found = run(document(staffed(0, role), line(**binds), months=48))
    assert found.count("leaver") > 30
    assert min(found.days("leaver")) > 3 * 365.25


def test_apprenticeship_first_keeps_a_vacancy_for_the_next_intake():
    wait = {"policies": {"first": {"kind": "reserve_for_pipeline", "pipeline": "p",
                                   "longest_wait_months": 12}}}  # fmt: skip
    october = line(places="vacancies", intake={"months": [10], "size": 2})
    found = run(document(staffed(3, hires_in(30), filled=0), wait, october, months=18))
    assert found.days("intake") == [183, 183]
    assert min(found.days("post_advertised")) == pytest.approx(365.25)


# --- order and chance


def test_the_same_seed_gives_the_same_ledger_and_another_does_not():
    role = {"attrition": {"resignation": {"annual_hazard": 0.5}}} | hires_in(
        30, fill_probability=0.6
    )
    inputs = inputs_of(document(staffed(50, role)))
    one, same_again, other = (again(inputs, 0, seed).ledger for seed in (1, 1, 2))
    assert same(one, same_again)
    assert not same(one, other)
    assert not same(one, again(inputs, 1, 1).ledger)


def test_nothing_happens_in_no_months_and_the_opening_is_still_told():
    found = run(document(staffed(3, hires_in(0), filled=2), months=0))
    assert found.count("opening") == found.moves().size == 2
