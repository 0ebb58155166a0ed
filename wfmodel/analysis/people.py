"""Which people of an opening workforce, and what is counted of them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from wfmodel.analysis.figures import Opening, People
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.tables import Workforce

YEAR_DAYS = 365.25


def table(scenario: Scenario, workforce: Workforce) -> pd.DataFrame:
    """One row a person in post at the start, with what `People` asks about, from the four tables.

    Service, role, job title, grade and pay are those of the largest assignment; FTE is that of
    all. Where posts have no job titles, their roles stand for them.
    """
    start = pd.Timestamp(scenario.horizon.start)
    posts = workforce.posts
    if "job_title" not in posts:
        posts = posts.assign(job_title=posts["role"])
    held = workforce.filled(start).merge(
        posts[["post_id", "service", "role", "job_title"]], on="post_id"
    )
    held = held.sort_values("fte", ascending=False, kind="stable")
    one = held.drop_duplicates("person_id").drop(columns="fte")
    people = workforce.people.merge(
        one[["person_id", "service", "role", "job_title"]], on="person_id"
    )
    people["fte"] = people["person_id"].map(held.groupby("person_id")["fte"].sum())
    roles = {name: scenario.roles[name] for name in people["role"].unique()}
    people["grade"] = [roles[role].grade for role in people["role"]]
    people["manager"] = [bool(roles[role].manager) for role in people["role"]]
    people["age"] = _complete_years(people["birth_date"], start)
    people["length"] = (start - people["service_start"]).dt.total_seconds() / (YEAR_DAYS * 86_400)
    points = workforce.pay_points.drop_duplicates("point").set_index("point")["annual_gbp"]
    own = [
        role.salary_gbp.central if role.salary_gbp is not None else math.nan
        for role in (roles[name] for name in people["role"])
    ]
    people["pay"] = people["pay_point"].map(points).fillna(pd.Series(own, index=people.index))
    return people


def _complete_years(born: pd.Series, start: pd.Timestamp) -> pd.Series:
    ahead = (born.dt.month > start.month) | (
        (born.dt.month == start.month) & (born.dt.day > start.day)
    )
    return start.year - born.dt.year - ahead.astype(int)


def chosen(people: pd.DataFrame, which: People) -> np.ndarray:
    """Who is meant; bool [people]."""
    keep = np.ones(len(people), dtype=bool)

    def among(column: str, allowed: list | None) -> None:
        if allowed is not None:
            np.logical_and(keep, people[column].isin(allowed), out=keep)

    def within(column: str, low: float | None, high: float | None) -> None:
        if low is not None:
            np.logical_and(keep, people[column] >= low, out=keep)
        if high is not None:
            np.logical_and(keep, people[column] < high, out=keep)

    among("service", which.services)
    among("role", which.roles)
    for column in ("sex", "ethnicity", "disability", "contract"):
        wanted = getattr(which, column)
        among(column, None if wanted is None else [wanted])
    within("grade", which.grade_from, which.grade_below)
    within("age", which.age_from, which.age_below)
    within("length", which.service_years_from, which.service_years_below)
    among("manager", None if which.managers is None else [which.managers])
    if which.part_time is not None:
        keep &= ((people["fte"] < 0.995) == which.part_time).to_numpy()
    if which.top_paid is not None:
        paid = people["pay"].where(keep).sort_values(ascending=False, kind="stable")
        keep &= np.isin(people.index, paid.index[: which.top_paid])
    return keep


def counted(asked: Opening, people: pd.DataFrame, workforce: Workforce) -> tuple[float, float]:
    """The property, and what one person more or less would change it by."""
    who = chosen(people, asked.of)
    some = people[who]
    if asked.count == "heads":
        return float(who.sum()), 1.0
    if asked.count == "share":
        all_ = chosen(people, asked.among)
        whole = int(all_.sum())
        return (float((who & all_).sum()) / whole, 1.0 / whole) if whole else (math.nan, 0.0)
    if asked.count == "fte":
        return float(some["fte"].sum()), 0.0
    if asked.count == "roles":
        return float(some["role"].nunique()), 0.0
    if asked.count == "job_titles":
        holders = some["job_title"].value_counts()
        few = holders < asked.fewer_than if asked.fewer_than is not None else holders > 0
        return float(few.sum()), 0.0
    if asked.count == "mean_service_years":
        return float(some["length"].mean()), 0.0
    if asked.count == "vacancy_rate":
        posts = float(workforce.posts["fte"].sum())
        return (posts - float(people["fte"].sum())) / posts, 0.0
    pay = some.groupby("sex")["pay"].mean()
    if not {"female", "male"} <= set(pay.index):
        return math.nan, 0.0
    return float((pay["male"] - pay["female"]) / pay["male"]), 0.0
