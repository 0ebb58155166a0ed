"""Time, rates, FTE and money are converted in one place, and rightly."""

from __future__ import annotations

import calendar
import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfmodel import draws, units
from wfmodel.flows import pay, pipelines, recruitment, redeployment
from wfmodel.scenario.rate import Rate

days = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
often = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@often
@given(days)
def test_days_and_dates_convert_both_ways(date):
    number = units.day_number(date)
    assert units.days_from_civil(date.year, date.month, date.day) == number
    assert units.civil_from_days(number) == (date.year, date.month, date.day)


def born_on_29_february(date: dt.date, year: int) -> dt.date:
    if (date.month, date.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 3, 1)
    return date.replace(year=year)


@often
@given(days.filter(lambda d: d.year < 2080), st.integers(0, 100))
def test_birthdays_are_those_of_the_calendar(born, age):
    expected = units.day_number(born_on_29_february(born, born.year + age))
    assert units.birthday(units.day_number(born), age) == expected


@often
@given(days.filter(lambda d: d.year < 2080), st.integers(0, 36_000))
def test_age_grows_on_the_birthday(born, later):
    start = units.day_number(born)
    age = units.age_on(start, start + later)
    assert units.birthday(start, age) <= start + later < units.birthday(start, age + 1)


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        ("2000-02-29", 24, "2024-02-29"),
        ("2000-02-29", 25, "2025-03-01"),
        ("2000-02-29", 100, "2100-03-01"),
        ("1999-12-31", 1, "2000-12-31"),
        ("1980-01-01", 41, "2021-01-01"),
    ],
)
def test_some_birthdays(born, age, day):
    number = units.birthday(units.day_number(dt.date.fromisoformat(born)), age)
    assert number == units.day_number(dt.date.fromisoformat(day))
    assert units.age_on(units.day_number(dt.date.fromisoformat(born)), number) == age
    assert units.age_on(units.day_number(dt.date.fromisoformat(born)), number - 1) == age - 1


def test_rates_convert_and_are_not_each_other():
    assert units.hazard_from_probability(0.143) == pytest.approx(0.15432, abs=5e-6)
    assert units.probability_from_hazard(0.143) == pytest.approx(0.13325, abs=5e-6)
    for p in (0.0, 1e-12, 0.1, 0.999):
        assert units.probability_from_hazard(units.hazard_from_probability(p)) == pytest.approx(p)
    assert units.probability_from_hazard(0.2, 3) == pytest.approx(1 - math.exp(-0.6))


def test_a_monthly_probability_compounds_to_the_year_s():
    assert 1 - (1 - units.monthly_probability(0.12)) ** 12 == pytest.approx(0.12, rel=1e-12)
    assert pytest.approx(0.1136, abs=5e-5) == 1 - (1 - 0.12 / 12) ** 12  # the mistake to avoid


def test_a_rate_says_which_of_three_it_is():
    assert Rate(annual_turnover=0.1).given == ["annual_turnover"]
    for wrong in ({}, {"annual_hazard": 0.1, "annual_turnover": 0.1}, {"annual_probability": 1.0}):
        with pytest.raises(ValueError, match=r"exactly one|has no hazard"):
            Rate(**wrong)


@often
@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 1)).map(lambda d: d.replace(day=1)),
       st.integers(0, 240))  # fmt: skip
def test_month_starts_are_first_of_the_months(start, months):
    axis = units.Calendar(start, months)
    dates = [axis.date(int(s)) for s in axis.month_starts]
    assert len(dates) == months + 1
    assert all(d.day == 1 for d in dates)
    assert [(d.year * 12 + d.month) - (start.year * 12 + start.month) for d in dates] == list(
        range(months + 1)
    )
    assert axis.horizon == axis.month_starts[-1]
    assert axis.seconds(start) == 0
    years = [units.financial_year(d) for d in dates[:-1]] or [units.financial_year(start)]
    assert axis.financial_years == sorted(set(years))


def test_months_are_added_to_the_last_day_of_shorter_ones():
    assert units.add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert units.add_months(dt.date(2023, 1, 31), 1) == dt.date(2023, 2, 28)
    assert units.add_months(dt.date(2024, 3, 31), -1) == dt.date(2024, 2, 29)
    assert units.add_months(dt.date(2024, 12, 15), 13) == dt.date(2026, 1, 15)


def test_fte_and_money_are_whole():
    assert [units.hundredths(x) for x in (0.29, 0.57, 0.58, 1.0, 0.005)] == [29, 57, 58, 100, 1]
    assert [units.pence(x) for x in (0.29, 24_413.0, 1.005)] == [29, 2_441_300, 100]
    assert units.fte_from_hundredths(76_150) == 761.5


# --- rules that are sums of units


@often
@given(st.floats(0, 20), st.integers(1, 10**7), st.integers(1, 10**7))
def test_accumulated_hazard_does_not_depend_on_where_it_is_split(hazard, first, second):
    speed = units.units_a_second(hazard)
    assert speed * (first + second) == speed * first + speed * second
    assert abs(speed * units.YEAR / 2.0**57 - hazard) <= units.YEAR / 2.0**57


def test_match_scores_are_whole_thousandths_so_that_eight_of_ten_is_eighty_per_cent():
    ten = np.ones(10, dtype=np.int64)
    assert redeployment.match_score(0b0011111111, ten) == 800
    assert redeployment.match_score(0b0001111111, ten) == 700
    assert redeployment.match_score(0, np.zeros(3, dtype=np.int64)) == 1000
    assert redeployment.match_score(0b101, np.array([1, 5, 1], dtype=np.int64)) == 285


@pytest.mark.parametrize(("years", "weeks"), [(0, 1), (1, 1), (2, 2), (11, 11), (12, 12), (40, 12)])
def test_statutory_notice_is_a_week_a_year_to_twelve(years, weeks):
    assert redeployment.statutory_notice_weeks(years, 1, 1, 12) == weeks


@pytest.mark.parametrize(
    ("age", "service", "weeks"),
    [
        (20, 2, 1), (21, 3, 1.5), (22, 4, 2), (23, 2, 1.5), (24, 5, 3.5), (30, 8, 8), (41, 2, 2),
        (42, 2, 2.5), (42, 10, 10.5), (43, 2, 3), (50, 20, 24.5), (60, 19, 28.5), (61, 20, 30),
        (65, 20, 30),
    ],
)  # fmt: skip
def test_redundancy_weeks_are_those_of_the_government_s_table(age, service, weeks):
    end = units.day_number(dt.date(2024, 6, 1))
    born = units.birthday(end, -age) - 1  # a day past the birthday
    began = units.birthday(end, -service)
    assert redeployment.redundancy_half_weeks(born, began, end, 20, 22, 41) == 2 * weeks


def test_redundancy_pay_is_capped_enhanced_and_cut_at_the_most_weeks():
    pence = redeployment.redundancy_pence
    assert pence(10, 60_000, 70_000, 1.0, 104) == 5 * 60_000
    assert pence(10, 90_000, 70_000, 1.0, 104) == 5 * 70_000
    assert pence(10, 90_000, 0, 1.5, 104) == 675_000
    assert pence(60, 90_000, 0, 4.0, 104) == 104 * 90_000


def test_a_pay_row_climbs_each_april_to_the_top_of_the_role():
    aprils = np.array([100, 200, 300], dtype=np.int64)
    rows = [pay.row_now(4, 6, 50, now, aprils) for now in (60, 99, 100, 250, 300, 900)]
    assert rows == [4, 4, 5, 6, 6, 6]
    assert pay.row_now(4, 9, 100, 150, aprils) == 4  # entered on 1 April: a year to wait
    assert pay.row_now(4, 9, 150, 250, aprils) == 5
    assert [pay.row_on_move(row, 3, 5) for row in (1, 4, 9)] == [3, 4, 5]


def test_a_week_s_pay_is_a_fifty_second():
    assert pay.week_pence(5_200_000, 100) == 100_000
    assert pay.week_pence(5_200_000, 50) == 50_000
    assert pay.week_pence(100, 100) == 2


def test_the_odds_of_filling_are_multiplied_and_certainty_stays():
    assert recruitment.fill_chance(0.5, 3.0) == pytest.approx(0.75)
    assert recruitment.fill_chance(0.0, 9.0) == 0.0
    assert recruitment.fill_chance(1.0, 0.1) == 1.0
    assert recruitment.fill_chance(0.3, 1.0) == pytest.approx(0.3)


def test_a_route_is_chosen_by_its_weight():
    weights = np.array([0.0, 1.0, 0.0, 3.0])
    picks = [recruitment.choose(weights, u) for u in (1e-9, 0.2499, 0.2501, 1 - 1e-9)]
    assert picks == [1, 1, 3, 3]


@pytest.mark.parametrize(
    ("months", "compound", "straight"),
    [(0, 10_000, 10_000), (12, 9_500, 9_500), (24, 9_025, 9_000)],
)
def test_the_path_falls_by_the_same_share_or_the_same_amount(months, compound, straight):
    assert recruitment.path_fte(10_000, 0.05, False, months) in (compound, compound - 1)
    assert recruitment.path_fte(10_000, 0.05, True, months) == straight
    assert recruitment.path_fte(10_000, 0.9, True, 24) == 0


def test_a_drop_out_falls_within_the_stage():
    stream = draws.stream_key(1, 0, "pipelines")
    ends = [
        pipelines.stage(draws.FIXED, 6.0, 6.0, 6.0, 0.5, stream, np.uint64(n), 0)
        for n in range(400)
    ]
    whole = 6 * units.MONTH
    assert all(seconds == whole for seconds, end in ends if end == pipelines.COMPLETES)
    dropped = np.array([seconds for seconds, end in ends if end == pipelines.DROPS])
    assert 140 < dropped.size < 260
    assert (dropped <= whole).all()
    assert 0.4 < dropped.mean() / whole < 0.6
