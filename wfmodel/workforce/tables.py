"""The opening workforce: four documented tables onto which a council's extract can be mapped.

posts
    ===========  ================================================================================
    post_id      unique name
    service      name of the service that holds it
    role         name of its role (a key of the scenario's roles)
    fte          0.01 to 1.00, in whole hundredths
    employer     council, company, partner or successor; any name
    funding      general_fund, hra, dsg, grant, partner_share; any name
    funding_end  date after which the funding ends; blank: it doesn't
    ===========  ================================================================================
people
    ================  ===========================================================================
    person_id         unique name
    birth_date        date of birth
    service_start     first moment of service with this council (hazards run on it)
    continuous_start  first moment of continuous local-government service (redundancy pay)
    pension_start     start of membership of the pension scheme; blank: not a member
    protected_until   last day of priority for alternative posts after family leave; blank: none
    contract          permanent, fixed_term, apprentice or casual
    contract_end      end of a fixed term or apprenticeship; blank: none
    pay_point         a point of pay_points; 0 where the role's salary holds
    skills            all skills the person has, separated by spaces
    sex, ethnicity, disability  as declared; blank: not stated. No other column is read.
    ================  ===========================================================================
assignments
    =============  ==============================================================================
    assignment_id  unique name
    person_id      who
    post_id        which post
    fte            0.01 to 1.00, in whole hundredths
    kind           substantive, cover, acting_up or secondment
    start          first moment in it (time in role runs on it)
    end            end; blank: open
    =============  ==============================================================================
pay_points
    point (whole number), annual_gbp (of one FTE), from (date from which the amount holds)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from wfmodel.errors import InputError, Problem

CONTRACTS = ("permanent", "fixed_term", "apprentice", "casual")
KINDS = ("substantive", "cover", "acting_up", "secondment")
TEXT, DATE, FTE, WHOLE, MONEY = "text", "date", "fte", "whole number", "amount"

COLUMNS: dict[str, dict[str, str]] = {
    "posts": {
        "post_id": TEXT,
        "service": TEXT,
        "role": TEXT,
        "fte": FTE,
        "employer": TEXT,
        "funding": TEXT,
        "funding_end": DATE,
    },
    "people": {
        "person_id": TEXT,
        "birth_date": DATE,
        "service_start": DATE,
        "continuous_start": DATE,
        "pension_start": DATE,
        "protected_until": DATE,
        "contract": TEXT,
        "contract_end": DATE,
        "pay_point": WHOLE,
        "skills": TEXT,
        "sex": TEXT,
        "ethnicity": TEXT,
        "disability": TEXT,
    },
    "assignments": {
        "assignment_id": TEXT,
        "person_id": TEXT,
        "post_id": TEXT,
        "fte": FTE,
        "kind": TEXT,
        "start": DATE,
        "end": DATE,
    },
    "pay_points": {"point": WHOLE, "annual_gbp": MONEY, "from": DATE},
}
"""Columns of each table and what they hold."""

MAY_BE_BLANK = {
    ("posts", "funding_end"),
    ("people", "pension_start"),
    ("people", "protected_until"),
    ("people", "contract_end"),
    ("people", "skills"),
    ("people", "sex"),
    ("people", "ethnicity"),
    ("people", "disability"),
    ("assignments", "end"),
}
CHECKS = ["margin", "group", "published", "synthesised", "unit", "source", "confidence"]
ASSUMPTIONS = ["assumption", "source", "confidence"]
MOST_SHOWN = 5
"""Rows of one kind of mistake that are named; the rest are counted."""

Place = Callable[[str, int, str], str]
"""(table, row, column) -> where the user finds it."""


@dataclass
class Workforce:
    """The opening workforce, with what it was checked against.

    ``checks`` holds each published margin with its published and synthesised value; ``assumptions``
    what was assumed where nothing is published.
    """

    posts: pd.DataFrame
    people: pd.DataFrame
    assignments: pd.DataFrame
    pay_points: pd.DataFrame
    services: dict[str, str]
    checks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CHECKS))
    assumptions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ASSUMPTIONS))
    input_files: list[Path] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The four tables by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    def filled(self, start: pd.Timestamp) -> pd.DataFrame:
        """Assignments in force at ``start``."""
        held = self.assignments
        return held[(held["start"] <= start) & ~(held["end"] <= start)]

    def _repr_html_(self) -> str:
        from wfmodel.workforce.showing import workforce_html

        return workforce_html(self)


def in_memory(table: str, row: int, column: str) -> str:
    """The place of a value in a table that no file holds."""
    return f"{table} row {row + 1}: {column}"


def check_tables(workforce: Workforce, place: Place = in_memory) -> None:
    """Raise `InputError` with every problem of the four tables, each with table, row and column."""
    problems: list[Problem] = []
    for name, table in workforce.tables.items():
        missing = [column for column in COLUMNS[name] if column not in table]
        problems += [Problem(place(name, -1, column), "is missing") for column in missing]
    if problems:
        raise InputError(problems)
    checker = _Checker(workforce, place)
    checker.identities()
    checker.references()
    checker.values()
    checker.dates()
    checker.fte()
    if checker.problems:
        raise InputError(checker.problems)


class _Checker:
    """Collects the problems of one workforce."""

    def __init__(self, workforce: Workforce, place: Place) -> None:
        self.posts, self.people = workforce.posts, workforce.people
        self.assignments, self.points = workforce.assignments, workforce.pay_points
        self.place = place
        self.problems: list[Problem] = []

    def reject(self, table: str, column: str, wrong: np.ndarray | pd.Series, what: str) -> None:
        """One problem for each wrong row; ``what`` may hold ``{value}``."""
        rows = np.flatnonzero(np.asarray(wrong, dtype=bool))
        values = getattr(self, "points" if table == "pay_points" else table)[column]
        for row in rows[:MOST_SHOWN]:
            value = values.iloc[row]
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            self.problems.append(
                Problem(self.place(table, int(row), column), what.format(value=shown))
            )
        if len(rows) > MOST_SHOWN:
            more = f"the same in {len(rows) - MOST_SHOWN} more rows"
            self.problems.append(Problem(self.place(table, int(rows[MOST_SHOWN]), column), more))

    def identities(self) -> None:
        """Ids are unique."""
        for table, column in (
            ("posts", "post_id"),
            ("people", "person_id"),
            ("assignments", "assignment_id"),
        ):
            again = getattr(self, table)[column].duplicated()
            self.reject(table, column, again, "{value} stands there twice, ids are unique")
        again = self.points.duplicated(["point", "from"])
        self.reject("pay_points", "point", again, "{value} stands there twice for one date")

    def references(self) -> None:
        """What is referred to exists."""
        held = self.assignments
        lost = _lost(held["person_id"], self.people["person_id"])
        self.reject("assignments", "person_id", lost, "{value} is not in people")
        lost = _lost(held["post_id"], self.posts["post_id"])
        self.reject("assignments", "post_id", lost, "{value} is not in posts")
        strange = ~self.people["pay_point"].isin([0, *self.points["point"]])
        self.reject("people", "pay_point", strange, "{value} is not in pay_points")

    def values(self) -> None:
        """Allowed values."""
        odd = ~self.people["contract"].isin(CONTRACTS)
        self.reject(
            "people", "contract", odd, "{value} is not allowed; allowed are " + ", ".join(CONTRACTS)
        )
        odd = ~self.assignments["kind"].isin(KINDS)
        self.reject(
            "assignments", "kind", odd, "{value} is not allowed; allowed are " + ", ".join(KINDS)
        )
        for table in ("posts", "assignments"):
            fte = getattr(self, table)["fte"].to_numpy(dtype=float)
            odd = ~((fte >= 0.01 - 1e-9) & (fte <= 1 + 1e-9))
            self.reject(table, "fte", odd, "is {value}, allowed is 0.01 to 1.00")
            fine = np.abs(fte * 100 - np.rint(fte * 100)) > 1e-6
            self.reject(table, "fte", fine & ~odd, "is {value}, allowed are whole hundredths")
        self.reject(
            "pay_points", "annual_gbp", ~(self.points["annual_gbp"] > 0), "is {value}, not above 0"
        )

    def dates(self) -> None:
        """Dates follow each other as lives do."""
        people, held = self.people, self.assignments
        birth = people["birth_date"]
        for table, column in (
            ("people", "birth_date"),
            ("people", "service_start"),
            ("people", "continuous_start"),
            ("assignments", "start"),
        ):
            self.reject(table, column, getattr(self, table)[column].isna(), "is missing")
        for column in ("service_start", "continuous_start", "pension_start"):
            early = people[column] < birth
            self.reject("people", column, early, "{value} is before the birth date")
        late = people["continuous_start"] > people["service_start"]
        self.reject(
            "people",
            "continuous_start",
            late,
            "{value} is after service_start; continuous service holds that with the council",
        )
        needs = people["contract"].eq("fixed_term") & people["contract_end"].isna()
        self.reject("people", "contract_end", needs, "is missing; a fixed term needs one")
        late = people["contract_end"] < people["service_start"]
        self.reject("people", "contract_end", late, "{value} is before service_start")
        self.reject("assignments", "end", held["end"] < held["start"], "{value} is before start")

    def fte(self) -> None:
        """Nobody's assignments exceed 1.00 at any time; no post's substantive FTE exceeds it."""
        held = self.assignments
        over = _overfull(held, "person_id", np.full(len(held), 100))
        self.reject(
            "assignments", "fte", over, "{value} takes the person above 1.00 FTE at that time"
        )
        posts = self.posts.drop_duplicates("post_id").set_index("post_id")
        room = held["post_id"].map(posts["fte"])
        substantive = held["kind"].eq("substantive").to_numpy() & room.notna().to_numpy()
        limit = np.rint(room.fillna(1.0).to_numpy(dtype=float) * 100)[substantive].astype(int)
        over = np.zeros(len(held), dtype=bool)
        over[substantive] = _overfull(held[substantive], "post_id", limit)
        self.reject(
            "assignments",
            "fte",
            over,
            "{value} takes the post's substantive FTE above the post's own",
        )


def _lost(references: pd.Series, ids: pd.Series) -> np.ndarray:
    """Which references are not among the ids; bool [references]."""
    return pd.Index(ids.unique()).get_indexer(pd.Index(references)) < 0


def _overfull(held: pd.DataFrame, by: str, limit: np.ndarray) -> np.ndarray:
    """At whose start those of the same ``by`` exceed ``limit`` hundredths; bool [rows]."""
    rows = len(held)
    group = pd.factorize(held[by])[0]
    fte = np.rint(held["fte"].to_numpy(dtype=float) * 100)
    fte = np.where(np.isfinite(fte), fte, 0).astype(np.int64)
    never = np.iinfo(np.int64).max
    start = held["start"].to_numpy().astype("datetime64[s]").astype(np.int64)
    end = held["end"].to_numpy().astype("datetime64[s]")
    stop = np.where(np.isnat(end), never, end.astype(np.int64))
    # Ends come before starts at one instant: an assignment may follow another on the spot.
    time = np.concatenate([start, stop])
    change = np.concatenate([fte, -fte])
    order = np.lexsort((np.repeat([1, 0], rows), time, np.tile(group, 2)))
    running = np.cumsum(change[order])  # each group's changes sum to nothing
    over = np.zeros(2 * rows, dtype=bool)
    over[order] = running > np.tile(limit, 2)[order]
    return over[:rows]
