"""Intakes of the pipelines: who joins when, who supervises, which vacancies wait for them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import pipelines as rules
from wfmodel.scenario.policies import ReserveForPipeline
from wfmodel.scenario.schema import Pipeline
from wfmodel.simulation.ledger import OUTSIDE, TRAINEE
from wfmodel.simulation.order import ENDING, ENTRY, PLACE_WAIT, RESERVE_END
from wfmodel.simulation.parameters import Lengths, lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import HELD, RESERVED, Person, Trainee, Vacancy
from wfmodel.simulation.reference.vacancies import is_settled
from wfmodel.simulation.segments import span
from wfmodel.units import MONTH, YEAR, add_months, hundredths

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


@dataclass(slots=True, eq=False)
class Place:
    """A place in an intake that waits for a supervisor."""

    pipeline: int
    key: np.uint64
    intake: int
    number: int
    joined: int
    deferred: bool = False
    lost: bool = False


class Intakes:
    """The places of all pipelines, and the supervision that limits them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        inputs = council.inputs
        self.names = list(inputs.scenario.pipelines)
        self.specs = list(inputs.scenario.pipelines.values())
        self.waiting: list[Place] = []
        self.supervised = [0] * len(self.specs)
        self.reservations = [
            (
                name,
                policy.pipeline,
                inputs.in_scope(policy.services, policy.roles),
                *span(inputs.calendar, policy.start, policy.end),
            )
            for name, policy in sorted(inputs.scenario.policies.items())
            if isinstance(policy, ReserveForPipeline)
        ]

    def number(self, pipeline: int, key: str, default: float) -> float:
        """A number of a pipeline."""
        path = f"pipelines.{self.names[pipeline]}.{key}"
        return self.council.parameters.view.get(path, default)

    def lengths(self, pipeline: int, key: str, default: float, unit: int) -> Lengths:
        """A varying quantity of a pipeline."""
        path = f"pipelines.{self.names[pipeline]}.{key}"
        return lengths(path, default, unit, self.council.parameters.view)

    def start(self) -> None:
        """Wait for each pipeline's intakes."""
        for number, spec in enumerate(self.specs):
            self.council.clock.process(self.intakes(number, spec))

    def _dates(self, spec: Pipeline) -> list[dt.date]:
        calendar = self.council.inputs.calendar
        first = max(spec.intake.first or calendar.start, calendar.start)
        last = min(
            spec.intake.last or calendar.date(calendar.horizon), calendar.date(calendar.horizon)
        )
        begin = (spec.intake.first or calendar.start).replace(day=1)
        before = (calendar.start.year - begin.year) * 12 + calendar.start.month - begin.month
        months = [add_months(begin, n) for n in range(max(0, before) + calendar.months + 1)]
        every = spec.intake.every_months or 1
        due = [
            month
            for n, month in enumerate(months)
            if (month.month in spec.intake.months if spec.intake.months else n % every == 0)
        ]
        return [m for m in due if first <= m <= last and calendar.seconds(m) < calendar.horizon]

    def intakes(self, number: int, spec: Pipeline) -> Steps:
        """On each intake's day as many places as it has join the queue for supervision."""
        council = self.council
        pipeline_key = draws.text_key(self.names[number])
        for date in self._dates(spec):
            yield council.clock.at(council.inputs.calendar.seconds(date), ENTRY, int(pipeline_key))
            day = date.toordinal()
            key = draws.join(pipeline_key, np.uint64(day))
            size = self.lengths(number, "intake.size", 0.0, 1)
            count = rules.places(
                size.shape, size.a, size.b, size.c, council.streams["pipelines"], key
            )
            for k in range(count):
                place = Place(
                    number,
                    draws.join(key, np.uint64(k + 1)),
                    date.year * 100 + date.month,
                    k,
                    council.now,
                )
                self.waiting.append(place)
            council.settle_soon()

    def grant_places(self) -> bool:
        """Admit those for whom a supervisor, and a vacancy where they need one, is free; defer or
        lose the others."""
        moved = False
        self.waiting.sort(key=lambda place: (place.joined, int(place.key)))
        for place in list(self.waiting):
            if self._admit(place):
                self.waiting.remove(place)
                moved = True
            elif not place.deferred:
                self._put_off(place)
        return moved

    def _put_off(self, place: Place) -> None:
        council, spec = self.council, self.specs[place.pipeline]
        if (
            spec.supervision is None
            or spec.supervision.when_full == "lose"
            or spec.places == "vacancies"
        ):
            self.waiting.remove(place)
            council.book.write(council.now, "place_lost", note=place.pipeline)
            return
        place.deferred = True
        council.book.write(council.now, "place_deferred", note=place.pipeline)
        council.clock.process(self._wait_at_most(place))

    def _wait_at_most(self, place: Place) -> Steps:
        council = self.council
        longest = math.ceil(
            self.number(place.pipeline, "supervision.longest_wait_months", 12.0) * MONTH
        )
        yield council.clock.at(council.now + longest, ENDING, int(place.key), PLACE_WAIT)
        if place in self.waiting:
            self.waiting.remove(place)
            council.book.write(council.now, "place_lost", note=place.pipeline)

    def _admit(self, place: Place) -> bool:
        spec = self.specs[place.pipeline]
        needed = math.floor(self.number(place.pipeline, "stages.0.supervision", 0.0) * 1000 + 0.5)
        if needed > 0 and self._supervisors(spec) - self._in_use(spec) < needed:
            return False
        if spec.source == "staff":
            person = self._employee(place, spec)
        elif spec.places == "vacancies":
            person = self._into_vacancy(place, spec)
        else:
            person = self._beside_establishment(place, spec)
        if person is None:
            return False
        assert person.trainee is not None
        person.trainee.supervision = needed
        self.supervised[place.pipeline] += needed
        self.council.clock.process(self.council.training.train(person, person.trainee))
        return True

    def _supervisors(self, spec: Pipeline) -> int:
        """Places (thousandths) that present staff can supervise; without limit where nobody is
        named."""
        if spec.supervision is None:
            return 2**40
        council = self.council
        roles = [council.inputs.roles.index(name) for name in spec.supervision.roles]
        return sum(
            sum(
                (p.trainee is None or not p.trainee.external) and p.away is None
                for p in council.staff.holders[r].values()
            )
            * council.parameters.roles[r].supervises
            for r in roles
        )

    def _in_use(self, spec: Pipeline) -> int:
        """Places taken by all pipelines that share a supervising role with this one."""
        if spec.supervision is None:
            return 0
        mine = set(spec.supervision.roles)
        return sum(
            used
            for other, used in zip(self.specs, self.supervised, strict=True)
            if other.supervision is not None and mine & set(other.supervision.roles)
        )

    def supervision_changed(self) -> None:
        """Staff have come or gone: deferred places may find a supervisor."""
        if self.waiting:
            self.council.settle_soon()

    # --- who joins

    def _newcomer(self, place: Place, role: int) -> Person:
        council = self.council
        age = self.lengths(place.pipeline, "age_years", 0.0, YEAR)
        if self.specs[place.pipeline].age_years is None:
            age = Lengths(draws.UNIFORM, 18.0, 30.0, 30.0, YEAR)
        origin = (TRAINEE, place.pipeline, place.intake, place.number)
        person = council.staff.newcomer(place.key, origin, role, age, 0)
        person.permanent, person.exposed = False, False
        person.trainee = Trainee(place.pipeline, place.key, external=True)
        return person

    def _beside_establishment(self, place: Place, spec: Pipeline) -> Person:
        council, inputs = self.council, self.council.inputs
        cell = inputs.cell(spec.service, spec.trainee_role or spec.target_role)
        person = self._newcomer(place, cell % len(inputs.roles))
        person.cell, person.fte = cell, hundredths(spec.fte)
        council.controls.count(cell, person.fte)
        council.book.write(
            council.now,
            "intake",
            person,
            source=OUTSIDE,
            target=cell,
            cause="outside",
            fte=person.fte,
            head=1,
            note=place.pipeline,
        )
        return person

    def _into_vacancy(self, place: Place, spec: Pipeline) -> Person | None:
        """Take the oldest vacancy of the target role, held ones apart."""
        council, inputs = self.council, self.council.inputs
        vacancy = self._vacancy_for(place.pipeline, spec)
        if vacancy is None:
            return None
        post, fte = vacancy.post, vacancy.post.unfilled
        person = self._newcomer(place, post.cell % len(inputs.roles))
        council.vacancies.close(vacancy)
        council.vacancies.seat_newcomer(person, post, fte, "intake", "outside", place.pipeline)
        return person

    def _vacancy_for(self, pipeline: int, spec: Pipeline) -> Vacancy | None:
        name, inputs = self.names[pipeline], self.council.inputs
        services = spec.target_services or [spec.service]
        cells = {inputs.cell(s, spec.target_role) for s in services if s in inputs.services}
        found = [
            v
            for v in self.council.vacancies.open.values()
            if v.post.cell in cells
            and v.state != HELD
            and (v.state != RESERVED or v.reserved_for == name)
        ]
        return min(found, key=lambda v: v.rank, default=None)

    def _employee(self, place: Place, spec: Pipeline) -> Person | None:
        """A settled holder of one of the roles, by keyed draw."""
        council, inputs = self.council, self.council.inputs
        roles = [inputs.roles.index(name) for name in spec.from_roles or []]
        able = [p for r in roles for p in council.staff.holders[r].values() if is_settled(p)]
        if not able:
            return None
        person = min(
            able,
            key=lambda p: (council.chance("pipelines", draws.join(place.key, p.key), 5), p.order),
        )
        council.acting.stop(person)
        person.trainee = Trainee(place.pipeline, place.key, external=False)
        post = person.seats[0].post
        if spec.keeps_post or len(person.seats) > 1:
            council.book.write(
                council.now,
                "intake",
                person,
                post,
                source=person.cell,
                target=person.cell,
                cause="staff",
                note=place.pipeline,
            )
            return person
        seat, fte, cell = person.seats[0], person.fte, person.cell
        council.staff.give_up(seat)
        person.fte, person.trainee.home = fte, post
        council.controls.count(cell, fte)  # still employed, beside the establishment
        council.book.write(
            council.now,
            "intake",
            person,
            assignment=seat.number,
            source=cell,
            target=cell,
            cause="staff",
            fte=fte,
            from_post=post,
            head=1,
            note=place.pipeline,
        )
        council.vacancies.vacated(post)
        return person

    # --- apprenticeship first

    def reserve(self, vacancy: Vacancy) -> bool:
        """Keep a vacancy for the next intake, where a policy says so."""
        council = self.council
        if vacancy.reserved_for:
            return False
        for name, pipeline, scope, first, last in self.reservations:
            if first <= council.now < last and scope[vacancy.post.cell]:
                vacancy.reserved_for, vacancy.state = pipeline, RESERVED
                longest = council.parameters.view.get(f"policies.{name}.longest_wait_months", 0.0)
                council.clock.process(self._reserved(vacancy, math.ceil(longest * MONTH)))
                return True
        return False

    def _reserved(self, vacancy: Vacancy, longest: int) -> Steps:
        yield self.council.clock.at(
            self.council.now + longest, ENDING, vacancy.post.order, RESERVE_END
        )
        if not vacancy.closed and vacancy.state == RESERVED:
            self.council.vacancies.release(vacancy)
