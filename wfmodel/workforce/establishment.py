"""The posts around synthesised people: held, shared or vacant; and their pay and skills."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.fitting import systematic, whole
from wfmodel.workforce.margins import SynthesisFile
from wfmodel.workforce.yamlfile import YamlFile


class Chance(Protocol):
    """Keyed draws: a number between 0 and 1 for each person, or one for all."""

    def uniform(self, stream: str, number: int = 0) -> np.ndarray:
        """A number for each person."""
        ...

    def one(self, stream: str) -> float:
        """One number."""
        ...


def some(luck: Chance, stream: str, share: float, among: np.ndarray | None = None) -> np.ndarray:
    """A share of all people, taken by keyed draw from those ``among``; bool [people]."""
    u = luck.uniform(stream)
    ranked = np.where(among, u, 2.0) if among is not None else u
    wanted = min(round(share * u.size), int((ranked < 2.0).sum()))
    taken = np.zeros(u.size, dtype=bool)
    taken[np.argsort(ranked, kind="stable")[:wanted]] = True
    return taken


def build(
    said: SynthesisFile,
    scenario: Scenario,
    luck: Chance,
    ids: pd.Series,
    service: np.ndarray,
    role: np.ndarray,
    hundredths: np.ndarray,
    since: np.ndarray,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Posts and assignments: those of the people, some shared or in pairs; then the vacant ones."""
    people = len(ids)
    post_of = _shared_posts(luck, said.posts.job_shares, service, role, hundredths)
    second = _second_posts(luck, said.posts.two_posts, hundredths, post_of)
    numbers, post_row = np.unique(post_of, return_inverse=True)
    half = np.where(second, hundredths // 2, 0)
    size = np.bincount(post_row, weights=hundredths - half).astype(np.int64)
    filled = numbers.size
    extra = np.flatnonzero(second)
    vacant, vacant_size = _vacant(said, luck, service, role, hundredths)
    like = np.concatenate([numbers, extra, vacant])
    posts = pd.DataFrame(
        {
            "post_id": [f"post-{n + 1:04d}" for n in range(like.size)],
            "service": service[like],
            "role": role[like],
            "fte": np.concatenate([size, half[extra], vacant_size]) / 100,
            "employer": "council",
            "funding": "general_fund",
            "funding_end": np.full(like.size, np.datetime64("NaT"), dtype="datetime64[s]"),
        }
    )
    holder = np.concatenate([np.arange(people), extra])
    row = np.concatenate([post_row, filled + np.arange(extra.size)])
    assignments = pd.DataFrame(
        {
            "assignment_id": [f"assignment-{n + 1:04d}" for n in range(holder.size)],
            "person_id": ids.to_numpy()[holder],
            "post_id": posts["post_id"].to_numpy()[row],
            "fte": np.concatenate([hundredths - half, half[extra]]) / 100,
            "kind": "substantive",
            "start": since[holder],
            "end": np.full(holder.size, np.datetime64("NaT"), dtype="datetime64[s]"),
        }
    )
    return posts, assignments


def _shared_posts(
    luck: Chance, pairs: int, service: np.ndarray, role: np.ndarray, hundredths: np.ndarray
) -> np.ndarray:
    """For each person the person (by row) whose post they hold: their own, or a job-sharer's."""
    post_of = np.arange(role.size)
    waiting: dict[tuple[str, str], list[int]] = {}
    made = 0
    order = np.argsort(luck.uniform("job share"), kind="stable")
    for person in order[hundredths[order] <= 60]:
        if made == pairs:
            break
        cell = (str(service[person]), str(role[person]))
        partner = next(
            (p for p in waiting.get(cell, []) if 80 <= hundredths[p] + hundredths[person] <= 100),
            None,
        )
        if partner is None:
            waiting.setdefault(cell, []).append(int(person))
            continue
        waiting[cell].remove(partner)
        post_of[person] = partner
        made += 1
    return post_of


def _second_posts(
    luck: Chance, wanted: int, hundredths: np.ndarray, post_of: np.ndarray
) -> np.ndarray:
    """Part-timers whose hours are split over two posts; none of them shares a job; bool."""
    shared = np.isin(post_of, post_of[post_of != np.arange(post_of.size)])
    able = (hundredths < 100) & (hundredths >= 40) & ~shared
    return some(luck, "two posts", wanted / max(1, hundredths.size), able)


def _vacant(
    said: SynthesisFile,
    luck: Chance,
    service: np.ndarray,
    role: np.ndarray,
    hundredths: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Vacant posts: whose post (by row) each is like, and its hundredths.

    Their FTE makes the vacancy rate of the establishment; they fall where people are, by the roles'
    odds, and hours are changed a little, part-timers' first, to make it exact.
    """
    rate = said.posts.vacancy_rate.central
    wanted = round(hundredths.sum() * rate / (1.0 - rate))
    weight = np.array([said.posts.vacancy_odds.get(r, 1.0) for r in role], dtype=np.float64)
    count = round(wanted * weight.sum() / max(1.0, float((weight * hundredths).sum())))
    if count == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    chances = np.minimum(weight * count / weight.sum(), 1.0)
    order = np.lexsort((luck.uniform("vacant"), role, service))
    like = order[systematic(chances[order], luck.one("vacant"))]
    size = hundredths[like].copy()
    for place in np.tile(np.argsort(size, kind="stable"), 100):
        gap = wanted - int(size.sum())
        size[place] = np.clip(size[place] + np.clip(gap, -2, 2), 10, 100)
    return like, size


def fund(posts: pd.DataFrame, said: SynthesisFile, file: YamlFile) -> None:
    """Say which posts another fund pays: the first of their service and role."""
    for name, funded in said.posts.funding.items():
        here = posts["service"].eq(funded.service) & posts["role"].eq(funded.role)
        rows = posts.index[here][: funded.posts]
        if len(rows) < funded.posts:
            what = f"wants {funded.posts} posts, {funded.service}/{funded.role} has {len(rows)}"
            raise InputError(file.place(["posts", "funding", name]), what)
        posts.loc[rows, "funding"] = funded.funding
        if funded.until:
            posts.loc[rows, "funding_end"] = pd.Timestamp(funded.until)


def entitle(
    posts: pd.DataFrame, assignments: pd.DataFrame, said: SynthesisFile, file: YamlFile
) -> None:
    """Call posts by the job titles of their role (column ``job_title``), where any are given.

    Titles follow each other in the order of the services, as common as stated; each is held at
    least once. A role without titles is called by its name.
    """
    if not said.job_titles:
        return
    held = posts["post_id"].isin(assignments["post_id"]).to_numpy()
    called = posts["role"].to_numpy(dtype=object).copy()
    for role, common in said.job_titles.items():
        weights = np.array(list(common.values()))
        for filled in (True, False):
            rows = np.flatnonzero(posts["role"].eq(role).to_numpy() & (held == filled))
            if filled and rows.size < weights.size:
                what = f"are {weights.size} titles, {rows.size} posts of {role} are held"
                raise InputError(file.place(["job_titles", role]), what)
            heads = whole(weights, rows.size)
            while filled and not heads.all():
                heads[np.argmin(heads)] += 1
                heads[np.argmax(heads)] -= 1
            called[rows] = np.repeat(np.array(list(common), dtype=object), heads)
    posts["job_title"] = pd.Series(called, dtype="str")


def points(scenario: Scenario, role: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Pay points: one up each year in the role, to the highest; 0 where the role has a salary."""
    ranges = [scenario.roles[name].pay_points or (0, 0) for name in role]
    low, high = (np.array([pair[end] for pair in ranges]) for end in (0, 1))
    return np.minimum(high, low + np.floor(years).astype(np.int64))


def skills(said: SynthesisFile, scenario: Scenario, luck: Chance, role: np.ndarray) -> list[str]:
    """The skills of each person: those of their role, and any other with the stated chance."""
    known = sorted({name for r in scenario.roles.values() for name in r.skills or {}})
    chance = said.contracts.extra_skills.central
    extra = np.column_stack(
        [luck.uniform(f"skill {name}") < chance for name in known]
        or [np.zeros(role.size, dtype=bool)]
    )
    held = []
    for person, name in enumerate(role):
        own = list(scenario.roles[name].skills or {})
        more = [s for k, s in enumerate(known) if extra[person, k] and s not in own]
        held.append(" ".join([*own, *more]))
    return held
