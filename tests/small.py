"""Small scenarios written in Python, run at once, and questions put to their ledgers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import CAUSE, CAUSES, KIND, KINDS, Ledger
from wfmodel.simulation.reference import simulate
from wfmodel.units import DAY
from wfmodel.workforce import Workforce, load_workforce
from wfmodel.workforce.tables import COLUMNS, DATE

START = dt.date(2024, 4, 1)
ALONE: dict[str, Any] = {
    "attrition": {"resignation": {"annual_hazard": 0.3}, "other": {"annual_hazard": 0.05}},
    "notice_weeks": 4,
    "probation": {"months": 6, "pass_probability": 0.8},
    "recruitment": {
        "approval_days": 14,
        "time_to_hire_days": {"varies": {"gamma": {"mean": 60, "shape": 3}}},
        "fill_probability": 0.7,
    },
    "agency": {"cover_probability": 0.5, "lag_days": 10, "conversion": {"annual_hazard": 0.5}},
}
"""A role in which nobody competes: no inside moves, no pool, recruiters without limit."""


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``change`` laid over it, mapping by mapping; what is None goes."""
    out = dict(base)
    for key, value in change.items():
        if isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = merged(out[key], value)
        elif value is None:
            out.pop(key, None)
        else:
            out[key] = value
    return out


def document(
    *changes: Mapping[str, Any], months: int = 12, start: dt.date = START
) -> dict[str, Any]:
    """A scenario with one role, ``worker``, and no posts, with ``changes`` laid over it."""
    out: dict[str, Any] = {
        "schema": 1,
        "name": "small",
        "title": "Small",
        "horizon": {"start": start, "months": months},
        "workforce": {},
        "roles": {"worker": {}},
    }
    for change in changes:
        out = merged(out, change)
    return out


def group(posts: int, **more: Any) -> dict[str, Any]:
    """A group of workers in one service, all posts filled unless it says otherwise."""
    return {"service": "front", "role": "worker", "posts": posts, **more}


def staffed(posts: int, role: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The part of a document with one group of workers and their role."""
    return {"workforce": {"groups": {"a": group(posts, **more)}}, "roles": {"worker": role or {}}}


def scenario_of(text: Mapping[str, Any]) -> Scenario:
    """The scenario of a document; the role ``"*"`` fills in what other roles leave out."""
    roles = dict(text["roles"])
    common = roles.pop("*", {})
    return Scenario.model_validate(
        {**text, "roles": {name: merged(common, role) for name, role in roles.items()}}
    )


def inputs_of(text: Mapping[str, Any], workforce: Workforce | None = None) -> Inputs:
    """The inputs of a document, with its groups or with a workforce of one's own."""
    scenario = scenario_of(text)
    if workforce is None and not scenario.workforce.groups:
        workforce = tables()
    return lower(scenario, workforce or load_workforce(scenario))


POST = {
    "service": "front",
    "role": "worker",
    "fte": 1.0,
    "employer": "council",
    "funding": "general_fund",
}
PERSON = {
    "birth_date": "1980-06-15",
    "service_start": "2020-01-01",
    "contract": "permanent",
    "pay_point": 0,
    "skills": "",
    "sex": "",
    "ethnicity": "",
    "disability": "",
}


def tables(
    posts: Mapping[str, Mapping[str, Any]] | None = None,
    people: Mapping[str, Mapping[str, Any]] | None = None,
    pay_points: Iterable[tuple[int, float, str]] = (),
) -> Workforce:
    """A workforce written out: posts and people by id.

    A person's ``posts`` is {post: fte}, their main one first where equal; dates are ISO text.
    Unless it says otherwise, a post is in ``front``/``worker`` for 1.0 FTE, and a person was born
    on 1980-06-15, with service from 2020-01-01.
    """
    post_rows = [POST | {"post_id": name} | dict(said) for name, said in (posts or {}).items()]
    person_rows, seat_rows = [], []
    for name, said in (people or {}).items():
        row = PERSON | {"person_id": name} | dict(said)
        row.setdefault("continuous_start", row["service_start"])
        for n, (post, fte) in enumerate(row.pop("posts", {}).items()):
            seat = {"assignment_id": f"{name}/{n}", "person_id": name, "post_id": post, "fte": fte}
            seat_rows.append(seat | {"kind": "substantive", "start": row["service_start"]})
        person_rows.append(row)
    point_rows = [{"point": p, "annual_gbp": gbp, "from": day} for p, gbp, day in pay_points]
    rows = {
        "posts": post_rows,
        "people": person_rows,
        "assignments": seat_rows,
        "pay_points": point_rows,
    }
    frames = {name: _frame(name, given) for name, given in rows.items()}
    return Workforce(**frames, services={p["service"]: p["service"] for p in post_rows})


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS[name]))
    for column, holds in COLUMNS[name].items():
        if holds == DATE:
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


@dataclass
class Run:
    """One replication, with what it was made from."""

    inputs: Inputs
    ledger: Ledger

    def moves(self, *kinds: str, cause: str | None = None) -> np.ndarray:
        """Movements of some kinds (all where none is named), in order."""
        rows = self.ledger.movements
        if kinds:
            rows = rows[np.isin(rows["kind"], [KIND[kind] for kind in kinds])]
        return rows if cause is None else rows[rows["cause"] == CAUSE[cause]]

    def count(self, *kinds: str, cause: str | None = None) -> int:
        """How many movements of some kinds."""
        return self.moves(*kinds, cause=cause).size

    def days(self, *kinds: str, cause: str | None = None) -> list[float]:
        """When they were, in days since the start."""
        return (self.moves(*kinds, cause=cause)["time"] / DAY).tolist()

    def who(self, *kinds: str, cause: str | None = None) -> list[str]:
        """Whom they were about, by name."""
        names, people = self.ledger.names, self.ledger.people
        return [names.person(people[p]) for p in self.moves(*kinds, cause=cause)["person"]]

    def where(self, *kinds: str, cause: str | None = None) -> list[str]:
        """Which posts they were about, by name."""
        names, posts = self.ledger.names, self.ledger.posts
        return [names.post(posts[p]) for p in self.moves(*kinds, cause=cause)["post"]]

    def causes(self, *kinds: str) -> list[str]:
        """Why they were."""
        return [CAUSES[c] for c in self.moves(*kinds)["cause"]]

    def story(self, person: str) -> list[tuple[float, str]]:
        """(day, kind) of everything that happened to somebody."""
        names, people = self.ledger.names, self.ledger.people
        number = next(n for n, row in enumerate(people) if names.person(row) == person)
        rows = self.ledger.movements[self.ledger.movements["person"] == number]
        return [(float(row["time"]) / DAY, KINDS[row["kind"]]) for row in rows]


def run(
    text: Mapping[str, Any],
    workforce: Workforce | None = None,
    replication: int | tuple[int, int, int] = 0,
    seed: int = 1,
) -> Run:
    """One replication of a document."""
    inputs = inputs_of(text, workforce)
    return again(inputs, replication, seed)


def again(inputs: Inputs, replication: int | tuple[int, int, int] = 0, seed: int = 1) -> Run:
    """One replication of inputs made before."""
    unknowns = replication if isinstance(replication, int) else replication[0]
    return Run(inputs, simulate(inputs, inputs.numbers.draw(seed, unknowns), replication, seed))


def told(ledger: Ledger) -> list[tuple]:
    """Every movement in words and by the keys of its posts, with no row number in it."""
    posts, moves = ledger.posts["key"], ledger.movements
    keys = [[int(posts[n]) if n >= 0 else -1 for n in moves[c]] for c in ("post", "from_post")]
    names = ("time", "source", "target", "fte", "head", "note")
    columns = [moves[name].tolist() for name in names]
    kinds = [KINDS[n] for n in moves["kind"]]
    causes = [CAUSES[n] for n in moves["cause"]]
    return list(zip(columns[0], kinds, causes, *columns[1:], *keys, strict=True))


def histories(ledger: Ledger) -> dict[int, list[tuple]]:
    """Everything that happened to each person, by their key."""
    people = ledger.people["key"]
    found: dict[int, list[tuple]] = {int(key): [] for key in people}
    for person, move in zip(ledger.movements["person"], told(ledger), strict=True):
        if person >= 0:
            found[int(people[person])].append(move)
    return found


def happenings(ledger: Ledger) -> list[tuple]:
    """Every movement with the key of whom it is about, sorted: the same for any order of rows."""
    people = ledger.people["key"]
    keys = [int(people[n]) if n >= 0 else -1 for n in ledger.movements["person"]]
    return sorted((*move, key) for move, key in zip(told(ledger), keys, strict=True))


def same(one: Ledger, other: Ledger) -> bool:
    """Whether two ledgers are the same to the byte: movements, people and posts."""
    return all(
        np.array_equal(getattr(one, table), getattr(other, table))
        for table in ("movements", "people", "posts")
    )
