"""A story: one future told from its ledger, by person, by post, or by service, each leading on to
the others.

Nobody is ranked or scored. Where the workforce is a council's own extract, opening staff go by
stand-in names and their dates are not told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from wfmodel import experiment
from wfmodel.draws import text_key
from wfmodel.reporting import words
from wfmodel.reporting.stories import SAID
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import CAUSES, KIND, KINDS, OPENING, STARTER, TRANSFER, Ledger
from wfmodel.workforce import load_workforce

POST_SAID = {
    "opening": "is filled at the start",
    "starter": "is filled from outside",
    "promoted": "is filled by promotion",
    "moved_sideways": "is filled from the same role elsewhere",
    "redeployed": "is filled out of the redeployment pool",
    "leaver": "falls vacant: its holder leaves",
    "at_risk": "goes from under its holder",
    "voluntary_exit": "falls vacant by voluntary exit",
    "transferred_in": "is filled by transfer",
    "transferred_out": "goes with a transfer",
    "trial_failed": "falls vacant: the trial is not passed",
    "post_held": "is held vacant",
    "post_released": "may be filled again",
    "post_advertised": "is advertised",
    "campaign_failed": "is not filled by its campaign",
    "post_deleted": "is deleted",
    "post_created": "is created",
    "agency_start": "is covered by agency",
    "agency_end": "is covered by agency no longer",
    "intake": "is taken by a trainee",
    "hours_changed": "changes its hours",
}
"""What a movement is to a post."""
FROM_SAID = "falls vacant: its holder moves on"
HAPPENS = {
    "redeployed": "is redeployed",
    "redundant": "is made redundant",
    "promoted": "is promoted",
    "moved_sideways": "moves sideways",
    "leaver": "leaves",
    "starter": "joins from outside",
    "intake": "begins training",
    "at_risk": "loses a post to change",
}
"""By what a person can be looked for."""
FEWEST = 5
"""In an extract, fewer colleagues than this in a service and role are told of by service alone."""


class Step(NamedTuple):
    """Something that happens: when (seconds and in words), what, to whom and to which post (rows of
    the ledger, −1 where there is none)."""

    time: int
    date: str
    text: str
    kind: str
    person: int
    post: int


@dataclass(frozen=True)
class Stay:
    """A time in one place: from and to in seconds, and what it is called."""

    begins: int
    ends: int
    place: str


class Story:
    """One future of a scenario, told by the reference simulation."""

    def __init__(self, scenario: Scenario, replication: int, seed: int | None = None) -> None:
        self.scenario, self.replication = scenario, replication
        self.ledger: Ledger = experiment.trace(scenario, replication, seed, "reference")
        self.is_real = bool(scenario.workforce.tables)

    @cached_property
    def inputs(self) -> Inputs:
        """What the simulation read."""
        return lower(self.scenario, load_workforce(self.scenario))

    @cached_property
    def services(self) -> dict[str, str]:
        """Titles of the services by name."""
        given = self.inputs.workforce.services
        return {name: given.get(name, name) for name in self.inputs.services}

    # --- names

    def person(self, row: int) -> str:
        """What a person is called; somebody of a real extract by a stand-in's name."""
        person = self.ledger.people[row]
        a, b, c = (int(person[f"origin_{place}"]) for place in "abc")
        if person["origin"] == OPENING:
            if self.is_real:
                return f"Colleague {int(person['key']) % 89_989 + 10_000}"
            return words.capital(self.ledger.names.people[a])
        if person["origin"] == STARTER:
            return f"Starter {b} in {words.small(self.post(a))}"
        if person["origin"] == TRANSFER:
            return f"Transferred {b + 1}, {self._event(a)}"
        intake = dt.date(b // 100, b % 100, 1)
        return f"Trainee {c + 1} of {self._pipeline(a)}, {intake:%B %Y}"

    def post(self, row: int) -> str:
        """What a post is called; one of a real extract by a stand-in's number."""
        post = self.ledger.posts[row]
        number = int(post["row"])
        if post["event"] < 0:
            name = self.ledger.names.posts[number]
            if self.is_real:
                return f"Post {int(text_key(name)) % 89_989 + 10_000}"
            said = words.plain(name)
            return words.capital(said) if said.lower().startswith("post") else f"Post {said}"
        if post["supernumerary"]:
            return f"Training place {number + 1} of {self._pipeline(int(post['event']))}"
        return f"New post {number + 1} of {self._event(int(post['event']))}"

    def _event(self, number: int) -> str:
        name = self.ledger.names.events[number]
        event = self.scenario.change_events.get(name)
        return f"“{event.title if event is not None else words.plain(name)}”"

    def _pipeline(self, number: int) -> str:
        name = self.ledger.names.pipelines[number]
        pipeline = self.scenario.pipelines.get(name)
        return f"“{pipeline.title if pipeline is not None else words.plain(name)}”"

    def place(self, cell: int) -> str:
        """A service and a role by their titles."""
        if cell < 0:
            name = self.ledger.names.place(cell)
            return "the redeployment pool" if name == "pool" else name
        service, role = divmod(int(cell), len(self.inputs.roles))
        held = self.scenario.roles[self.inputs.roles[role]]
        title = words.small(held.title or words.plain(self.inputs.roles[role]))
        called = self.services[self.inputs.services[service]]
        if self.is_real and self._colleagues[cell] < FEWEST:
            return f"{called}, in a small team"
        return f"{called} as {title}"

    @cached_property
    def _colleagues(self) -> np.ndarray:
        return np.bincount(self.inputs.posts.cell, minlength=self.inputs.cells)

    # --- people

    def people(self, kind: str = "") -> list[int]:
        """Rows of the people to whom something of a kind happens, by name; all, without a kind."""
        moves = self.ledger.movements
        rows = moves["person"] if not kind else moves["person"][moves["kind"] == KIND[kind]]
        found = np.unique(rows[rows >= 0]).tolist()
        return sorted(found, key=self.person)

    def of_person(self, row: int) -> list[Step]:
        """What happens to one person."""
        return self._steps(self.ledger.movements["person"] == row, self._to_person)

    def _to_person(self, move: np.void) -> str:
        kind = KINDS[move["kind"]]
        cause = words.plain(CAUSES[move["cause"]]) or "no cause stated"
        said = SAID.get(kind, words.plain(kind))
        return said.format(
            to=self.place(move["target"]), source=self.place(move["source"]), cause=cause
        )

    def stays(self, row: int) -> list[Stay]:
        """Where a person is, and how long: posts, pool, training."""
        found: list[Stay] = []
        place, since = "", 0
        moves = self.ledger.movements
        for move in moves[moves["person"] == row]:
            kind, time = KINDS[move["kind"]], int(move["time"])
            there = place
            if kind in ("opening", "starter", "promoted", "moved_sideways", "redeployed",
                        "transferred_in") and move["head"]:  # fmt: skip
                there = self.place(move["target"])
            elif kind in ("at_risk", "trial_failed"):
                there = "the redeployment pool"
            elif kind == "intake" and move["post"] < 0:
                there = "training"
            elif kind in ("leaver", "redundant", "voluntary_exit", "transferred_out"):
                there = ""
            if there != place:
                found += [Stay(since, time, place)] if place and time > since else []
                place, since = there, time
        horizon = self.scenario.calendar.horizon
        return found + ([Stay(since, horizon, place)] if place and horizon > since else [])

    # --- posts

    def posts(self, service: str = "") -> list[int]:
        """Rows of the posts, of one service or of all, by name."""
        cells = self.ledger.posts["cell"] // len(self.inputs.roles)
        rows = range(len(cells))
        if service:
            number = self.inputs.services.index(service)
            rows = np.flatnonzero(cells == number).tolist()  # type: ignore[assignment]
        return sorted(rows, key=self.post)

    def of_post(self, row: int) -> list[Step]:
        """What happens to one post."""
        moves = self.ledger.movements
        chosen = (moves["post"] == row) | (moves["from_post"] == row)

        def told(move: np.void) -> str:
            if move["post"] != row:
                return FROM_SAID
            return POST_SAID.get(KINDS[move["kind"]], "")

        return self._steps(chosen, told)

    def filled(self, row: int) -> list[Stay]:
        """When a post is filled, and by whom."""
        found: list[Stay] = []
        holders: dict[int, int] = {}
        for move in self.ledger.movements:
            person, time = int(move["person"]), int(move["time"])
            if move["post"] == row and KINDS[move["kind"]] in (
                "opening", "starter", "promoted", "moved_sideways", "redeployed", "transferred_in",
            ):  # fmt: skip
                holders[person] = time
            elif person in holders and row in (move["post"], move["from_post"]):
                if KINDS[move["kind"]] in ("notice_given", "probation_passed", "probation_failed"):
                    continue
                found.append(Stay(holders.pop(person), time, self.person(person)))
        horizon = self.scenario.calendar.horizon
        found += [Stay(time, horizon, self.person(person)) for person, time in holders.items()]
        return sorted(found, key=lambda stay: stay.begins)

    # --- services

    def of_service(self, service: str) -> list[tuple[int, list[Step]]]:
        """What happens in a service, month by month."""
        number, roles = self.inputs.services.index(service), len(self.inputs.roles)
        moves = self.ledger.movements
        inside = np.zeros(len(moves), dtype=bool)
        for end in ("source", "target"):
            inside |= (moves[end] >= 0) & (moves[end] // roles == number)
        inside &= moves["kind"] != KIND["opening"]
        steps = self._steps(inside, self._to_person)
        ends = self.scenario.calendar.month_starts[1:].tolist()
        found = []
        for month, end in enumerate(ends, 1):
            before = ends[month - 2] if month > 1 else -1
            found.append((month, [step for step in steps if before < step.time <= end]))
        return found

    def _steps(self, chosen: np.ndarray, told) -> list[Step]:  # type: ignore[no-untyped-def]
        found = []
        for move in self.ledger.movements[chosen]:
            text = told(move)
            if not text:
                continue
            time = int(move["time"])
            found.append(
                Step(
                    time, words.day(self.scenario.calendar.date(time)), text, KINDS[move["kind"]],
                    int(move["person"]), int(move["post"]),
                )
            )  # fmt: skip
        return found

    def stands_for(self) -> str:
        """Whom the story is about: a reader must not take a simulated person for a named one."""
        if self.is_real:
            return (
                "A simulated future. Opening staff go by stand-in names; what happens to them here "
                "happened to nobody."
            )
        return "A simulated future of a simulated workforce: nobody here is a real person."


def typical(values: Iterable[float]) -> int:
    """The number of the future whose value is nearest the median."""
    known = np.asarray(list(values), dtype=np.float64)
    return int(np.nanargmin(np.abs(known - np.nanmedian(known))))
