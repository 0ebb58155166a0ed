"""Time, rates, FTE and money: every conversion between units is here and nowhere else.

Time is whole seconds since the scenario's start; FTE is whole hundredths; money is whole pence.
Rates are per year of 365.25 days.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wfmodel.jit import rule

DAY = 86_400
WEEK = 7 * DAY
YEAR = 31_557_600
"""Seconds in a year of 365.25 days, the year of all rates."""
MONTH = YEAR // 12
"""Seconds in a twelfth of a year, for durations given in months."""
NEVER = 2**62
"""A time that no run reaches."""

HAZARD_UNITS = 2.0**57
"""Units of accumulated hazard: whole numbers of them, so that a sum does not depend on where it is
split."""

EPOCH = dt.date(1970, 1, 1)


def hazard_from_probability(annual_probability: float) -> float:
    """Annual hazard whose chance of an event within a year is ``annual_probability``.

    >>> round(hazard_from_probability(0.143), 4)
    0.1543
    """
    return -math.log1p(-annual_probability)


def probability_from_hazard(annual_hazard: float, years: float = 1.0) -> float:
    """Chance of at least one event within ``years`` at ``annual_hazard``.

    >>> round(probability_from_hazard(0.143), 4)
    0.1332
    """
    return -math.expm1(-annual_hazard * years)


def monthly_probability(annual_probability: float) -> float:
    """Monthly chance that compounds to ``annual_probability`` over twelve months.

    Dividing by twelve instead would turn 12% a year into 11.36%.

    >>> q = monthly_probability(0.12)
    >>> round(1 - (1 - q) ** 12, 12)
    0.12
    """
    return 1.0 - (1.0 - annual_probability) ** (1.0 / 12.0)


@rule
def units_a_second(annual_hazard: float) -> int:
    """A yearly hazard as whole units of accumulated hazard a second."""
    return math.floor(annual_hazard * HAZARD_UNITS / YEAR)


def fte_from_hundredths(hundredths: float) -> float:
    """FTE as people write it, from whole hundredths.

    >>> fte_from_hundredths(76150)
    761.5
    """
    return hundredths / 100


def hundredths(fte: float) -> int:
    """Whole hundredths of an FTE.

    >>> hundredths(0.6)
    60
    """
    return math.floor(fte * 100 + 0.5)


def pence(gbp: float) -> int:
    """Whole pence.

    >>> pence(24_413.0)
    2441300
    """
    return math.floor(gbp * 100 + 0.5)


@rule
def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1 January 1970 of a date of the Gregorian calendar."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    year_of_era = y - era * 400
    month_from_march = (month + 9) % 12
    day_of_year = (153 * month_from_march + 2) // 5 + day - 1
    return (
        era * 146097
        + year_of_era * 365
        + year_of_era // 4
        - year_of_era // 100
        + day_of_year
        - 719468
    )


@rule
def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1 January 1970."""
    z = days + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day = doy - (153 * mp + 2) // 5 + 1
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (1 if month <= 2 else 0), month, day


@rule
def birthday(birth_day: int, age: int) -> int:
    """Day (since 1970) on which somebody born on ``birth_day`` reaches ``age``.

    Someone born on 29 February reaches it on 1 March in common years.
    """
    year, month, day = civil_from_days(birth_day)
    year += age
    if month == 2 and day == 29:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if not leap:
            month, day = 3, 1
    return days_from_civil(year, month, day)


@rule
def age_on(birth_day: int, day: int) -> int:
    """Whole years of age on ``day`` (days since 1970)."""
    year = civil_from_days(day)[0] - civil_from_days(birth_day)[0]
    return year if birthday(birth_day, year) <= day else year - 1


def day_number(date: dt.date) -> int:
    """Days since 1 January 1970.

    >>> day_number(dt.date(2024, 4, 1))
    19814
    """
    return (date - EPOCH).days


def add_months(date: dt.date, months: int) -> dt.date:
    """The same day ``months`` later, or the last day of a shorter month.

    >>> add_months(dt.date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(date.day, 27, -1):
        try:
            return dt.date(year, month + 1, day)
        except ValueError:
            continue
    return dt.date(year, month + 1, min(date.day, 28))


def financial_year(date: dt.date) -> int:
    """The calendar year in which the financial year of ``date`` began (1 April).

    >>> financial_year(dt.date(2025, 3, 31)), financial_year(dt.date(2025, 4, 1))
    (2024, 2025)
    """
    return date.year if date.month >= 4 else date.year - 1


@dataclass(frozen=True)
class Calendar:
    """The run's time axis: ``months`` months from ``start``, the first of a month.

    >>> calendar = Calendar(dt.date(2024, 4, 1), 36)
    >>> calendar.seconds(dt.date(2024, 4, 2)), calendar.date(86_400)
    (86400, datetime.date(2024, 4, 2))
    >>> calendar.month_starts[1] // 86_400
    np.int64(30)
    """

    start: dt.date
    months: int

    @cached_property
    def start_day(self) -> int:
        """Days since 1970 of the start."""
        return day_number(self.start)

    def seconds(self, date: dt.date) -> int:
        """Seconds from the start to the first second of ``date`` (negative before the start)."""
        return (day_number(date) - self.start_day) * DAY

    def date(self, seconds: int) -> dt.date:
        """The date on which the second falls."""
        return self.start + dt.timedelta(days=int(seconds) // DAY)

    @cached_property
    def month_starts(self) -> np.ndarray:
        """First seconds of months 0 … ``months``, int64 [months + 1]; the last one is the
        horizon."""
        return np.array(
            [self.seconds(add_months(self.start, m)) for m in range(self.months + 1)],
            dtype=np.int64,
        )

    @property
    def horizon(self) -> int:
        """Seconds to the end of the last month."""
        return int(self.month_starts[-1])

    @cached_property
    def financial_years(self) -> list[int]:
        """Financial years touched between start and horizon, by the year they begin in."""
        last = add_months(self.start, max(self.months - 1, 0))
        return list(range(financial_year(self.start), financial_year(last) + 1))

    def month_year(self, month: int) -> int:
        """Financial year in which month ``month`` (0 = the first) falls."""
        return financial_year(add_months(self.start, month))
