"""Push progression: each 1 April some of those long enough in role move up, with their post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.simulation.order import ENTRY
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person
from wfmodel.simulation.reference.vacancies import is_settled

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Progression:
    """Moves that time brings."""

    def __init__(self, council: Council) -> None:
        self.council = council
        inputs = council.inputs
        self.pushes = {
            number: inputs.roles.index(role.push.to)
            for number, role in enumerate(inputs.scenario.roles[name] for name in inputs.roles)
            if role.push is not None
        }

    def start(self) -> None:
        """Wait for each 1 April where some role has a push."""
        if self.pushes:
            self.council.clock.process(self.aprils())

    def aprils(self) -> Steps:
        """On each 1 April, push."""
        council = self.council
        for april in council.inputs.aprils.tolist():
            if april >= council.inputs.calendar.horizon:
                return
            yield council.clock.at(april, ENTRY, 0)
            number = np.uint64(council.inputs.calendar.date(april).year)
            due = [
                (person, target)
                for role, target in self.pushes.items()
                for person in council.staff.holders[role].values()
                if self._pushed(person, role, number)
            ]
            for person, target in sorted(due, key=lambda pair: pair[0].order):
                self.step_up(person, target, "push")

    def _pushed(self, person: Person, role: int, year: np.uint64) -> bool:
        numbers = self.council.parameters.roles[role]
        if not is_settled(person) or self.council.now - person.role_since < numbers.push_after:
            return False
        return (
            self.council.chance("progression", draws.join(person.key, year))
            < numbers.push_probability
        )

    def step_up(self, person: Person, role: int, cause: str) -> None:
        """The person's main post becomes one of ``role``, and whoever shares it goes up with it."""
        council, post = self.council, person.seats[0].post
        roles = len(council.inputs.roles)
        source = post.cell
        target = source // roles * roles + role
        if target == source:
            return  # with somebody who shares the post, a moment ago
        for seat in post.seats:
            council.staff.advance(seat.person)
            if seat.person.seats[0] is seat:
                council.acting.stop(seat.person)
                council.staff.enter_role(seat.person, target)
                del council.staff.holders[source % roles][seat.person.index]
                council.staff.holders[role][seat.person.index] = seat.person
                seat.person.cell = target
            council.controls.count(source, -seat.fte)
            council.controls.count(target, seat.fte)
        post.cell = target
        if post.vacancy is not None:
            council.agency.end(post.vacancy)
            council.acting.end(post.vacancy)
        for seat in post.seats:
            head = int(seat.person.seats[0] is seat)
            council.book.write(
                council.now,
                "promoted",
                seat.person,
                post,
                assignment=seat.number,
                source=source,
                target=target,
                cause=cause,
                fte=seat.fte,
                from_post=post,
                head=head,
            )
            council.staff.follow(seat.person)
        council.intakes.supervision_changed()
