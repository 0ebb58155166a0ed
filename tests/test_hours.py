"""Hours: people who go on in their post for a part of its time, what becomes vacant, and its
cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from handmade import WORKER, Story, annual
from small import Run, again, document, inputs_of, run, staffed, tables
from test_theory import NO_HIRING, agree, refuse

from wfmodel.flows import hours
from wfmodel.results.fold import fold
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import YEAR, age_on

STAYS: dict[str, Any] = {"attrition": {}, "notice_weeks": 0}


def less(hazard: float, keeps: float = 0.6, **more: Any) -> dict[str, Any]:
    """A role whose holders come to work less."""
    change = {"kind": "caring", "rate": {"annual_hazard": hazard}, "keeps": keeps} | more
    return STAYS | {"hours": {"less": change}}


def cohort(hazard: float, **more: Any) -> Inputs:
    return inputs_of(document(staffed(800, less(hazard, **more)), NO_HIRING, months=24))


def test_hours_fall_once_a_life_at_the_stated_rate():
    inputs = cohort(0.3)
    fallen = [again(inputs, number).count("hours_changed") for number in range(20)]

    def binomial(hazard: float) -> tuple[float, float]:
        p = 1 - math.exp(-hazard * inputs.calendar.horizon / YEAR)
        return 800 * p, 800 * p * (1 - p)

    agree(fallen, *binomial(0.3))
    refuse(fallen, *binomial(0.33))


def test_what_is_given_up_becomes_vacant_and_nobody_goes():
    one = again(cohort(0.5, keeps=0.6))
    found = fold(one.inputs, one.inputs.numbers.draw(1, 0), one.ledger)
    freed = np.cumsum(found["hours_reduced_fte"][0])
    assert freed[-1] > 0
    assert (found["fte"][0] + freed == 800 * 100).all()
    assert (found["establishment_fte"][0] - found["filled_fte"][0] == freed).all()
    assert (found["heads"][0] == 800).all()
    assert freed[-1] == 40 * one.count("hours_changed")


def birthdays(one: Run) -> list[int]:
    """Ages, in whole years, at which hours fell."""
    first, moves = one.inputs.calendar.start_day, one.moves("hours_changed")
    born = one.ledger.people["birth_day"][moves["person"]]
    return [
        age_on(int(b), first + int(t) // 86_400) for b, t in zip(born, moves["time"], strict=True)
    ]


def test_hours_fall_from_one_birthday_to_another():
    ages = birthdays(again(cohort(2.0, from_age=40, to_age=45)))
    assert len(ages) > 50
    assert set(ages) == {40, 41, 42, 43, 44}


def test_hours_fall_only_for_those_who_stated_the_sex_that_is_meant():
    people = {
        f"p{n}": {"sex": sex, "posts": {f"q{n}": 1.0}}
        for n, sex in enumerate(["female", "male", "", "female"])
    }
    text = document({"roles": {"worker": less(50.0, sex="female")}}, NO_HIRING)
    one = run(text, tables({f"q{n}": {} for n in range(4)}, people))
    assert sorted(one.who("hours_changed")) == ["p0", "p3"]


@pytest.mark.parametrize(
    ("fte", "share", "left"), [(100, 0.6, 60), (37, 0.5, 19), (1, 0.0, 1), (80, 1.0, 80)]
)
def test_a_share_of_hours_is_kept_to_the_hundredth_and_never_nothing(fte, share, left):
    assert hours.kept(fte, share) == left


def test_who_keeps_all_hours_changes_nothing():
    assert again(cohort(5.0, keeps=1.0)).count("hours_changed") == 0


def test_hours_that_are_freed_are_advertised_and_filled_beside_who_stays():
    role = less(50.0, keeps=0.5) | {"recruitment": {"time_to_hire_days": 30, "fill_probability": 1}}
    one = run(document(staffed(1, role), months=6))
    assert one.count("hours_changed") >= 1
    joined = one.moves("starter")
    assert joined["fte"].tolist()[0] == 50
    found = fold(one.inputs, one.inputs.numbers.draw(1, 0), one.ledger)
    assert found["heads"][0][-1] >= 2


# --- what it costs


def fewer(story: Story, person: int, post: int, note: int = 0, fte: int = 40) -> None:
    cell = story.cell(WORKER)
    story.move(
        "2024-05-01", "hours_changed", person, post, source=cell, target=cell,
        cause="flexible_retirement", fte=fte, note=note, head=0,
    )  # fmt: skip


def test_pay_falls_with_hours_from_the_second_on():
    story = Story(months=2)
    person, post = story.holder()
    fewer(story, person, post)
    april, may = 30 * 86_400, 31 * 86_400
    pay = story.values("pay_gbp")
    assert pay[1] == pytest.approx(annual(24_000, april))
    assert pay[2] == pytest.approx(annual(24_000 * 0.6, may))
    assert story.values("fte").tolist() == [1, 1, 0.6]
    assert story.values("hours_reduced_flexible_retirement")[1:].tolist() == [0, 1]
    assert story.values("hours_reduced_fte")[1:].tolist() == [0, 0.4]


@pytest.mark.parametrize(("born", "note", "costs"), [(60, 1, True), (60, 0, False), (50, 1, False)])
def test_an_unreduced_pension_costs_its_strain_from_the_minimum_age_on(born, note, costs):
    story = Story(months=2)
    person, post = story.holder(born=f"{2024 - born}-01-15")
    fewer(story, person, post, note)
    years_early = 67 - born - (91 + 15) / 366
    membership = 14 + 121 / 366
    strain = story.values("pension_strain_gbp")[2]
    expected = 24_000 * membership / 49 * years_early if costs else 0
    assert strain == pytest.approx(expected, rel=0.01)


def test_a_pension_drawn_is_not_brought_forward_again():
    story = Story(months=4)
    person, post = story.holder(born="1962-01-15")
    fewer(story, person, post, note=1)
    story.at_risk("2024-06-10", person, post)
    story.move(
        "2024-07-10", "redundant", person, -1, source=story.cell(WORKER), target=-1, note=100_00
    )
    strain = story.values("pension_strain_gbp")
    assert strain[2] > 0
    assert strain[4] == 0  # not two years' membership since
