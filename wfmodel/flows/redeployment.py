"""Redeployment: match scores, whom a vacancy is offered to, statutory notice and redundancy pay."""

from __future__ import annotations

from wfmodel.jit import rule
from wfmodel.units import age_on, birthday


@rule
def match_score(skills, weights):  # type: ignore[no-untyped-def]
    """Share of a vacancy's requirements that are met, in whole thousandths, rounded down.

    ``skills`` is a set as bits of an int64, ``weights`` (int64 [skills]) the vacancy's
    requirements.
    In the reading person-to-vacancy the skills are the person's, in job-to-job those that the old
    job requires.
    A vacancy that requires nothing is matched by everybody.
    """
    total = 0
    met = 0
    for k in range(weights.size):
        total += weights[k]
        if (skills >> k) & 1:
            met += weights[k]
    return 1000 if total == 0 else 1000 * met // total


@rule
def complete_years(start_day, end_day):  # type: ignore[no-untyped-def]
    """Whole years from one day to another, by the calendar."""
    return max(0, age_on(start_day, end_day))


@rule
def statutory_notice_weeks(service_years, per_year, least, most):  # type: ignore[no-untyped-def]
    """Weeks of notice of dismissal: ``per_year`` for each whole year, ``least`` to ``most``."""
    return min(max(service_years * per_year, least), most)


@rule
def redundancy_half_weeks(  # type: ignore[no-untyped-def]
    birth_day, service_start_day, end_day, most_years, lower_age, upper_age
):
    """Statutory redundancy pay in half weeks' pay (Employment Rights Act 1996, s. 162).

    For each complete year, counted back from the end: three half weeks if aged ``upper_age`` or
    over throughout, two if ``lower_age`` or over, else one.
    """
    years = min(complete_years(service_start_day, end_day), most_years)
    half_weeks = 0
    for k in range(years):
        # their age when the year that ended k years before began
        age = age_on(birth_day, birthday(end_day, -(k + 1)))
        half_weeks += 3 if age >= upper_age else (2 if age >= lower_age else 1)
    return half_weeks


@rule
def redundancy_pence(half_weeks, week_pence, cap_pence, enhancement, most_weeks):  # type: ignore[no-untyped-def]
    """Redundancy pay in whole pence: weeks (enhanced, to ``most_weeks``) × the week's pay (capped
    unless 0)."""
    weeks_thousandths = min(int(half_weeks * 500.0 * enhancement + 0.5), most_weeks * 1000)
    week = week_pence if cap_pence <= 0 else min(week_pence, cap_pence)
    return (weeks_thousandths * week + 500) // 1000
