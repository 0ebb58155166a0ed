"""Placement: a post at the end of training, waited for or guaranteed, and the first time in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.simulation.order import ENDING, FIRST_TIME_END
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import HELD, Person, Post, Trainee, Vacancy
from wfmodel.simulation.reference.vacancies import is_settled
from wfmodel.units import MONTH

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Placement:
    """Those who wait for a vacancy, or stand beside the establishment until one absorbs them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.waiting: list[Person] = []
        self.guaranteed: list[Person] = []

    def place_waiting(self, vacancy: Vacancy) -> bool:
        """Give the vacancy to the longest waiting qualified trainee for its role and service."""
        if not self.waiting:
            return False
        inputs, cell = self.council.inputs, vacancy.post.cell
        able = []
        for person in self.waiting:
            if person.leaving or person.holds(vacancy.post):
                continue
            assert person.trainee is not None
            spec = self.council.intakes.specs[person.trainee.pipeline]
            services = spec.target_services or [spec.service]
            if any(inputs.cell(s, spec.target_role) == cell for s in services):
                able.append(person)
        if not able:
            return False
        person = min(able, key=lambda p: (p.trainee.waiting_since if p.trainee else 0, p.order))
        trainee = person.trainee
        assert trainee is not None
        self.waiting.remove(person)
        if person.seats:
            self.council.vacancies.move(person, person.seats[0], vacancy, "promoted", "trainee")
        else:
            self._seat(person, vacancy.post, "trainee", vacancy)
        self.settle(person, trainee)
        return True

    def _seat(self, person: Person, post: Post, cause: str, vacancy: Vacancy | None) -> None:
        """From beside the establishment into a post."""
        council = self.council
        waited = 0
        if vacancy is not None:
            waited = council.now - vacancy.opened
            council.vacancies.close(vacancy)
        source, fte = person.cell, person.fte
        council.staff.advance(person)
        council.controls.count(source, -fte)
        person.fte = 0
        if post.cell % len(council.inputs.roles) != source % len(council.inputs.roles):
            council.staff.enter_role(person, post.cell)
        seat = council.staff.take(person, post, min(fte, post.unfilled))
        person.post_since = council.now
        council.book.write(
            council.now,
            "moved_sideways",
            person,
            post,
            assignment=seat.number,
            source=source,
            target=post.cell,
            cause=cause,
            fte=seat.fte,
            head=1,
            note=waited,
        )
        council.staff.follow(person)
        council.vacancies.open_if_unfilled(post)

    def guarantee(self, person: Person, cell: int, pipeline: int) -> None:
        """A supernumerary post, until the first vacancy of its role and service absorbs it."""
        council = self.council
        number = sum(1 for row in council.book.posts if row[4] and row[7] == pipeline)
        stream = draws.text_key(f"supernumerary/{self.council.intakes.names[pipeline]}")
        key = draws.join(draws.join(stream, person.key), np.uint64(person.plan))
        post = council.add_post(
            key, cell, person.fte, event=pipeline, row=number, supernumerary=True
        )
        council.book.write(
            council.now,
            "post_created",
            post=post,
            target=cell,
            cause="supernumerary",
            fte=post.fte,
            note=pipeline,
        )
        self._seat(person, post, "guaranteed", None)
        self.guaranteed.append(person)
        for vacancy in sorted(council.vacancies.open.values(), key=lambda v: v.rank):
            if vacancy.post.cell == cell and vacancy.state != HELD and self.absorb(vacancy):
                break

    def absorb(self, vacancy: Vacancy) -> bool:
        """Move the longest waiting supernumerary of the vacancy's role and service into it."""
        able = [
            p
            for p in self.guaranteed
            if p.cell == vacancy.post.cell
            and not p.leaving
            and p.seats[0].post.supernumerary
            and p.seats[0].fte <= vacancy.post.unfilled
        ]
        if not able:
            return False
        person = min(able, key=lambda p: (p.post_since, p.order))
        self.council.vacancies.move(person, person.seats[0], vacancy, "moved_sideways", "absorbed")
        return True

    def settle(self, person: Person, trainee: Trainee) -> None:
        """A permanent member of staff from now: attrition begins, an agreement binds, the first
        time in post runs."""
        council, spec = self.council, self.council.intakes.specs[trainee.pipeline]
        person.trainee, person.permanent = None, True
        council.staff.advance(person)
        person.exposed = True
        if spec.agreement is not None:
            person.bound_until = council.now + math.ceil(
                self.council.intakes.number(trainee.pipeline, "agreement.months", 0.0) * MONTH
            )
            person.bound_multiplier = self.council.intakes.number(
                trainee.pipeline, "agreement.hazard_multiplier", 1.0
            )
        council.staff.follow(person)
        if spec.newly_qualified is not None:
            person.newly_qualified = trainee.pipeline
            council.clock.process(self.newly_qualified(person, trainee.pipeline))

    def newly_qualified(self, person: Person, pipeline: int) -> Steps:
        """The first time in post: lower capacity, then a step up."""
        council, spec = self.council, self.council.intakes.specs[pipeline]
        assert spec.newly_qualified is not None
        months = self.council.intakes.number(pipeline, "newly_qualified.months", 12.0)
        yield council.clock.at(
            council.now + math.ceil(months * MONTH), ENDING, person.order, FIRST_TIME_END
        )
        if person.gone:
            return
        person.newly_qualified = -1
        council.book.write(
            council.now, "stepped_up", person, source=person.cell, target=person.cell, note=pipeline
        )
        if spec.newly_qualified.step_up_to is not None and is_settled(person):
            role = council.inputs.roles.index(spec.newly_qualified.step_up_to)
            if person.cell % len(council.inputs.roles) != role:
                council.progression.step_up(person, role, "trainee")
