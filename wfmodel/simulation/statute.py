"""The statutory figures that steer a run, as steps in time: `Rules`, lowered to seconds."""

from __future__ import annotations

from bisect import bisect_right

from wfmodel.units import Calendar
from wfmodel.workforce.rules import Rules

STEERING = (
    "consultation_small_from",
    "consultation_small_days",
    "consultation_large_from",
    "consultation_large_days",
    "consultation_window_days",
    "notice_weeks_per_year",
    "notice_least_weeks",
    "notice_most_weeks",
    "redundancy_qualifying_years",
    "redundancy_most_years",
    "redundancy_most_weeks",
    "redundancy_week_cap_gbp",
    "redundancy_lower_age",
    "redundancy_upper_age",
    "protected_leave_months",
)


class Statute:
    """Each figure's value from each second on; `at` is the same as `Rules.at` without dates."""

    def __init__(self, rules: Rules, calendar: Calendar) -> None:
        self.rules = rules
        self.calendar = calendar
        self.steps: dict[str, tuple[list[int], list[float]]] = {}
        for name in STEERING:
            dates = rules.dates(name)
            values = [rules.book.rules[name].values[date] for date in dates]
            self.steps[name] = ([calendar.seconds(date) for date in dates], values)

    def at(self, name: str, seconds: int) -> float:
        """The figure in force at a time of the run; raises `InputError` where there is none yet."""
        starts, values = self.steps[name]
        step = bisect_right(starts, seconds) - 1
        if step < 0:
            return self.rules.at(name, self.calendar.date(seconds))
        return values[step]
