"""Occurrences: what comes to the holders of a role at a yearly rate, and when it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import occurrence
from wfmodel.scenario.absence import LongAbsence
from wfmodel.scenario.hours import HoursChange
from wfmodel.simulation.order import ABSENCE_START, ENDING, FEWER_HOURS
from wfmodel.simulation.parameters import Lengths, hazard, lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Awaited, Person
from wfmodel.units import NEVER, units_a_second

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council

EITHER = -1
"""The sex of whom something may come to, where it is not only one."""


@dataclass(frozen=True)
class Occurrence:
    """Something that may come to holders of a role: what it is, to whom, and how often."""

    what: str
    path: str
    kind: str
    key: np.uint64
    speed: int
    from_age: int
    to_age: int
    sex: int
    given: HoursChange | LongAbsence


class Occurrences:
    """Everything that may come to the people in post, role by role."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.by_role = [self._of_role(name) for name in council.inputs.roles]
        self.any = any(self.by_role)

    def _of_role(self, name: str) -> list[Occurrence]:
        role = self.council.inputs.scenario.roles[name]
        parts: dict[str, Mapping[str, HoursChange | LongAbsence]] = {
            "hours": role.hours or {},
            "absence": role.absence or {},
        }
        return [
            self._occurrence(what, f"roles.{name}.{what}.{called}", called, part)
            for what, named in parts.items()
            for called, part in sorted(named.items())
        ]

    def _occurrence(
        self, what: str, path: str, called: str, given: HoursChange | LongAbsence
    ) -> Occurrence:
        rate = hazard(given.rate, f"{path}.rate", self.council.parameters.view)
        return Occurrence(
            what, path, given.kind, draws.text_key(f"{what}/{called}"), units_a_second(rate),
            given.from_age or 0, given.to_age or 0, self.council.inputs.sex_code(given.sex), given,
        )  # fmt: skip

    def number(self, one: Occurrence, key: str, default: float) -> float:
        """A number of an occurrence."""
        return self.council.parameters.view.get(f"{one.path}.{key}", default)

    def lengths(self, one: Occurrence, key: str, unit: int) -> Lengths:
        """A length of time of an occurrence, which may vary."""
        return lengths(f"{one.path}.{key}", 0.0, unit, self.council.parameters.view)

    # --- waiting

    def follow(self, person: Person) -> None:
        """Wait for what may come to somebody in their role, where this is a new one."""
        role = person.cell % len(self.by_role)
        if not self.any or person.awaits_in == role:
            return
        now = max(self.council.now, 0)
        for one in self.by_role[person.awaits_in] if person.awaits_in >= 0 else []:
            if one.key in person.awaited:
                awaited = person.awaited[one.key]
                awaited.lacking = occurrence.lacking(
                    awaited.lacking, one.speed, awaited.since, now, *self._ages(person, one)
                )
        for awaited in person.awaited.values():
            awaited.since, awaited.plan = now, awaited.plan + 1
        person.awaits_in = role
        for one in self.by_role[role]:
            if one.sex in (EITHER, person.sex):
                if one.key not in person.awaited:
                    person.awaited[one.key] = self._first(person, one, now)
                self._await(person, one, person.awaited[one.key])

    def _first(self, person: Person, one: Occurrence, now: int) -> Awaited:
        """What is awaited from now on; absences of opening staff, from before the start."""
        awaited = Awaited(one.what, one.key, now)
        if one.what == "absence" and self.council.opening:
            awaited.since = max(-occurrence.LOOK_BACK, person.service_start)
        self._draw(person, awaited)
        return awaited

    def _draw(self, person: Person, awaited: Awaited) -> None:
        stream = self.council.streams["hours" if awaited.what == "hours" else "long_absence"]
        entity = draws.join(person.key, awaited.key)
        awaited.lacking = occurrence.threshold(stream, entity, awaited.number)

    def _next(self, person: Person, awaited: Awaited, since: int) -> None:
        """It may come another time."""
        awaited.number, awaited.since = awaited.number + 1, since
        self._draw(person, awaited)

    def _await(self, person: Person, one: Occurrence, awaited: Awaited) -> None:
        if awaited.over:
            return
        council = self.council
        due = self._due(person, one, awaited)
        while due < 0:  # an absence from before the start, over by then or still under way
            ends = council.absences.ends(person, one, awaited, due)
            if ends > 0 and council.absences.begin(person, one, awaited, due):
                return
            self._next(person, awaited, min(ends, 0))
            due = self._due(person, one, awaited)
        if due < council.inputs.calendar.horizon:
            council.clock.process(self.comes(person, one, awaited, awaited.plan, due))

    def _due(self, person: Person, one: Occurrence, awaited: Awaited) -> int:
        ages = self._ages(person, one)
        return occurrence.due(awaited.lacking, one.speed, awaited.since, *ages)

    def _ages(self, person: Person, one: Occurrence) -> tuple[int, int]:
        """The seconds between which it may come to somebody, by their age."""
        day = self.council.inputs.calendar.start_day
        opens = occurrence.from_birthday(person.birth_day, one.from_age, day)
        closes = occurrence.from_birthday(person.birth_day, one.to_age, day)
        return opens, closes if one.to_age > 0 else NEVER

    # --- coming

    def comes(
        self, person: Person, one: Occurrence, awaited: Awaited, plan: int, due: int
    ) -> Steps:
        """Fewer hours, or an absence; it passes by whoever can't take it just now."""
        council, hours = self.council, one.what == "hours"
        kind = FEWER_HOURS if hours else ABSENCE_START
        yield council.clock.at(due, ENDING, person.order, kind)
        if awaited.plan != plan or person.gone or person.leaving:
            return
        if hours:
            taken = council.hours.fall(person, one)
        else:
            taken = council.absences.begin(person, one, awaited, due)
        if taken:
            awaited.over = True
        else:
            self.again(person, awaited)

    def again(self, person: Person, awaited: Awaited) -> None:
        """Wait for the next time, from now on."""
        awaited.over, awaited.plan = False, awaited.plan + 1
        self._next(person, awaited, self.council.now)
        for one in self.by_role[person.awaits_in]:
            if one.key == awaited.key and one.sex in (EITHER, person.sex):
                self._await(person, one, awaited)
