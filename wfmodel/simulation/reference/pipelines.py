"""Grow-your-own pipelines: intakes, supervised stages, drop-outs, and a post at the end or not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import pipelines as rules
from wfmodel.scenario.policies import ReserveForPipeline
from wfmodel.scenario.schema import Pipeline
from wfmodel.simulation.ledger import OUTSIDE, TRAINEE
from wfmodel.simulation.parameters import Lengths, lengths
from wfmodel.simulation.reference.clock import ENDING, ENTRY
from wfmodel.simulation.reference.state import HELD, RESERVED, Person, Post, Trainee, Vacancy
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


class Pipelines:
    """All pipelines, their trainees, and those who supervise them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        inputs = council.inputs
        self.names = list(inputs.scenario.pipelines)
        self.specs = list(inputs.scenario.pipelines.values())
        self.waiting_places: list[Place] = []
        self.waiting: list[Person] = []
        self.guaranteed: list[Person] = []
        self.supervised = [0] * len(self.specs)
        self.reservations = [
            (name, policy, inputs.in_scope(policy.services, policy.roles), *span(inputs.calendar, policy.start, policy.end))
            for name, policy in sorted(inputs.scenario.policies.items())
            if isinstance(policy, ReserveForPipeline)
        ]

    def _number(self, pipeline: int, key: str, default: float) -> float:
        return self.council.parameters.view.get(f"pipelines.{self.names[pipeline]}.{key}", default)

    def _lengths(self, pipeline: int, key: str, default: float, unit: int) -> Lengths:
        return lengths(f"pipelines.{self.names[pipeline]}.{key}", default, unit, self.council.parameters.view)

    # --- intakes ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Wait for each pipeline's intakes."""
        for number, spec in enumerate(self.specs):
            self.council.clock.process(self.intakes(number, spec))

    def _dates(self, spec: Pipeline) -> list[dt.date]:
        calendar = self.council.inputs.calendar
        first = max(spec.intake.first or calendar.start, calendar.start)
        last = min(spec.intake.last or calendar.date(calendar.horizon), calendar.date(calendar.horizon))
        months = [add_months(first.replace(day=1), n) for n in range(calendar.months + 1)]
        months = [m for m in months if first <= m <= last and calendar.seconds(m) < calendar.horizon]
        if spec.intake.months is not None:
            return [m for m in months if m.month in spec.intake.months]
        every = spec.intake.every_months or 1
        return [m for n, m in enumerate(months) if n % every == 0]

    def intakes(self, number: int, spec: Pipeline) -> Iterator[object]:
        """On each intake's day as many places as it has join the queue for supervision."""
        council = self.council
        pipeline_key = draws.text_key(self.names[number])
        for date in self._dates(spec):
            yield council.clock.at(council.inputs.calendar.seconds(date), ENTRY, int(pipeline_key))
            day = date.toordinal()
            key = draws.join(pipeline_key, np.uint64(day))
            size = self._lengths(number, "intake.size", 0.0, 1)
            count = rules.places(size.shape, size.a, size.b, size.c, council.streams["pipelines"], key)
            for k in range(count):
                place = Place(number, draws.join(key, np.uint64(k + 1)), date.year * 100 + date.month, k, council.now)
                self.waiting_places.append(place)
            council.settle_soon()

    def grant_places(self) -> bool:
        """Admit those for whom a supervisor, and a vacancy where they need one, is free; defer or lose the others."""
        moved = False
        self.waiting_places.sort(key=lambda place: (place.joined, int(place.key)))
        for place in list(self.waiting_places):
            if self._admit(place):
                self.waiting_places.remove(place)
                moved = True
            elif not place.deferred:
                self._put_off(place)
        return moved

    def _put_off(self, place: Place) -> None:
        council, spec = self.council, self.specs[place.pipeline]
        if spec.supervision is None or spec.supervision.when_full == "lose" or spec.places == "vacancies":
            self.waiting_places.remove(place)
            council.book.write(council.now, "place_lost", note=place.pipeline)
            return
        place.deferred = True
        council.book.write(council.now, "place_deferred", note=place.pipeline)
        council.clock.process(self._wait_at_most(place))

    def _wait_at_most(self, place: Place) -> Iterator[object]:
        council = self.council
        longest = math.ceil(self._number(place.pipeline, "supervision.longest_wait_months", 12.0) * MONTH)
        yield council.clock.at(council.now + longest, ENDING, int(place.key))
        if place in self.waiting_places:
            self.waiting_places.remove(place)
            council.book.write(council.now, "place_lost", note=place.pipeline)

    def _admit(self, place: Place) -> bool:
        spec = self.specs[place.pipeline]
        needed = math.floor(self._number(place.pipeline, "stages.0.supervision", 0.0) * 1000 + 0.5)
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
        self.council.clock.process(self.training(person, person.trainee))
        return True

    def _supervisors(self, spec: Pipeline) -> int:
        """Places (thousandths) that present staff can supervise; without limit where nobody is named."""
        if spec.supervision is None:
            return 2**40
        council = self.council
        roles = [council.inputs.roles.index(name) for name in spec.supervision.roles]
        return sum(len(council.staff.holders[r]) * council.parameters.roles[r].supervises for r in roles)

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
        if self.waiting_places:
            self.council.settle_soon()

    # --- who joins -------------------------------------------------------------------------------------

    def _newcomer(self, place: Place, role: int) -> Person:
        council = self.council
        age = self._lengths(place.pipeline, "age_years", 0.0, YEAR)
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
            council.now, "intake", person, source=OUTSIDE, target=cell, cause="outside",
            fte=person.fte, head=1, note=place.pipeline,
        )  # fmt: skip
        return person

    def _into_vacancy(self, place: Place, spec: Pipeline) -> Person | None:
        """Take the oldest vacancy of the target role, held ones apart."""
        council, inputs = self.council, self.council.inputs
        vacancy = self._vacancy_for(spec)
        if vacancy is None:
            return None
        post, fte = vacancy.post, vacancy.post.unfilled
        person = self._newcomer(place, post.cell % len(inputs.roles))
        council.vacancies.close(vacancy)
        council.vacancies.seat_newcomer(person, post, fte, "intake", "outside", place.pipeline)
        return person

    def _vacancy_for(self, spec: Pipeline) -> Vacancy | None:
        inputs = self.council.inputs
        services = spec.target_services or [spec.service]
        cells = {inputs.cell(s, spec.target_role) for s in services if s in inputs.services}
        found = [v for v in self.council.vacancies.open.values() if v.post.cell in cells and v.state != HELD]
        return min(found, key=lambda v: v.rank, default=None)

    def _employee(self, place: Place, spec: Pipeline) -> Person | None:
        """A settled holder of one of the roles, by keyed draw."""
        council, inputs = self.council, self.council.inputs
        roles = [inputs.roles.index(name) for name in spec.from_roles or []]
        able = [p for r in roles for p in council.staff.holders[r].values() if is_settled(p)]
        if not able:
            return None
        person = min(able, key=lambda p: (council.chance("pipelines", draws.join(place.key, p.key), 5), p.order))
        person.trainee = Trainee(place.pipeline, place.key, external=False)
        post = person.seats[0].post
        if spec.keeps_post or len(person.seats) > 1:
            council.book.write(
                council.now, "intake", person, post, source=person.cell, target=person.cell, cause="staff", note=place.pipeline
            )
            return person
        seat, fte, cell = person.seats[0], person.fte, person.cell
        council.staff.give_up(seat)
        person.fte, person.trainee.home = fte, post
        council.controls.count(cell, fte)  # still employed, beside the establishment
        council.book.write(
            council.now, "intake", person, assignment=seat.number, source=cell, target=cell, cause="staff",
            fte=fte, from_post=post, head=1, note=place.pipeline,
        )  # fmt: skip
        council.vacancies.vacated(post)
        return person

    # --- training --------------------------------------------------------------------------------------

    def training(self, person: Person, trainee: Trainee) -> Iterator[object]:
        """Go through the stages; drop out, or qualify."""
        council = self.council
        stream = council.streams["pipelines"]
        for number in range(len(self.specs[trainee.pipeline].stages)):
            self._supervise(trainee, number)
            length = self._lengths(trainee.pipeline, f"stages.{number}.months", 0.0, MONTH)
            completion = self._number(trainee.pipeline, f"stages.{number}.completion_probability", 1.0)
            seconds, end = rules.stage(length.shape, length.a, length.b, length.c, completion, stream, trainee.key, number)
            yield council.clock.at(council.now + seconds, ENDING, person.order)
            if person.gone or person.trainee is not trainee:
                return
            if end == rules.DROPS:
                self._drop_out(person, trainee)
                return
        self._qualify(person, trainee)

    def _supervise(self, trainee: Trainee, stage: int) -> None:
        """Take as much supervision as the stage needs: whoever is admitted is never sent away for it."""
        needed = math.floor(self._number(trainee.pipeline, f"stages.{stage}.supervision", 0.0) * 1000 + 0.5)
        self.supervised[trainee.pipeline] += needed - trainee.supervision
        trainee.supervision, trainee.stage = needed, stage

    def _stop_training(self, trainee: Trainee) -> None:
        self.supervised[trainee.pipeline] -= trainee.supervision
        trainee.supervision = 0
        self.supervision_changed()

    def _drop_out(self, person: Person, trainee: Trainee) -> None:
        """From outside they leave; staff go on in their post, or are found one."""
        council = self.council
        self._stop_training(trainee)
        person.trainee = None
        if trainee.external:
            council.staff.leave(person, "dropped_out", "outside", trainee.pipeline)
            return
        council.book.write(council.now, "dropped_out", person, source=person.cell, target=person.cell, cause="staff", note=trainee.pipeline)
        if not person.seats:
            self._guarantee(person, person.cell, trainee.pipeline)
        council.settle_soon()

    def interrupted(self, person: Person) -> None:
        """Somebody leaves, or loses their post, while in training or waiting for a post at its end."""
        trainee = person.trainee
        if person in self.waiting:
            self.waiting.remove(person)
        if person in self.guaranteed:
            self.guaranteed.remove(person)
        if trainee is None:
            return
        person.trainee = None
        if not trainee.qualified:
            self._stop_training(trainee)
            if not trainee.external:
                self.council.book.write(
                    self.council.now, "dropped_out", person, source=person.cell, target=person.cell,
                    cause="staff", note=trainee.pipeline,
                )  # fmt: skip

    def _qualify(self, person: Person, trainee: Trainee) -> None:
        """Training ends: a share takes a post here, guaranteed or in competition; the others do not."""
        council, spec = self.council, self.specs[trainee.pipeline]
        self._stop_training(trainee)
        trainee.qualified = True
        taken = council.chance("pipelines", trainee.key, 7) < self._number(trainee.pipeline, "conversion.share", 0.0)
        how = spec.conversion.mode if taken else "not_converted"
        council.book.write(council.now, "qualified", person, source=person.cell, target=person.cell, cause=how, note=trainee.pipeline)
        if not taken:
            self._not_converted(person, trainee)
        elif spec.places == "vacancies" and trainee.external:
            self._settle(person, trainee)
        elif spec.conversion.mode == "guaranteed":
            cell = council.inputs.cell(spec.service, spec.target_role)
            if person.seats:
                council.progression.step_up(person, cell % len(council.inputs.roles), "trainee")
                self._settle(person, trainee)
            else:
                self._guarantee(person, cell, trainee.pipeline)
                self._settle(person, trainee)
        else:
            trainee.waiting_since = council.now
            self.waiting.append(person)
            council.pool.newcomers = True
            council.clock.process(self._wait_for_post(person, trainee))
        council.settle_soon()

    def _not_converted(self, person: Person, trainee: Trainee) -> None:
        person.trainee = None
        if trainee.external:
            self.council.staff.leave(person, "leaver", "not_placed")
        elif not person.seats:
            self._guarantee(person, person.cell, trainee.pipeline)

    def _wait_for_post(self, person: Person, trainee: Trainee) -> Iterator[object]:
        council = self.council
        longest = math.ceil(self._number(trainee.pipeline, "conversion.wait_months", 3.0) * MONTH)
        yield council.clock.at(council.now + longest, ENDING, person.order)
        if person.trainee is trainee and person in self.waiting:
            self.waiting.remove(person)
            self._not_converted(person, trainee)
            council.settle_soon()

    # --- posts at the end ------------------------------------------------------------------------------

    def place_waiting(self, vacancy: Vacancy) -> bool:
        """Give the vacancy to the longest waiting qualified trainee for its role and service."""
        if not self.waiting:
            return False
        inputs, cell = self.council.inputs, vacancy.post.cell
        able = []
        for person in self.waiting:
            assert person.trainee is not None
            spec = self.specs[person.trainee.pipeline]
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
        self._settle(person, trainee)
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
            council.now, "moved_sideways", person, post, assignment=seat.number, source=source, target=post.cell,
            cause=cause, fte=seat.fte, head=1, note=waited,
        )  # fmt: skip
        council.staff.follow(person)
        council.vacancies.open_if_unfilled(post)

    def _guarantee(self, person: Person, cell: int, pipeline: int) -> None:
        """A supernumerary post, until the first vacancy of its role and service absorbs it."""
        council = self.council
        number = sum(1 for row in council.book.posts if row[4] and row[7] == pipeline)
        key = draws.join(draws.text_key(f"supernumerary/{self.names[pipeline]}"), person.key)
        post = council.add_post(key, cell, person.fte, event=pipeline, row=number, supernumerary=True)
        council.book.write(council.now, "post_created", post=post, target=cell, cause="supernumerary", fte=post.fte, note=pipeline)
        self._seat(person, post, "guaranteed", None)
        self.guaranteed.append(person)
        for vacancy in sorted(council.vacancies.open.values(), key=lambda v: v.rank):
            if vacancy.post.cell == cell and vacancy.state != HELD and self.absorb(vacancy):
                break

    def absorb(self, vacancy: Vacancy) -> bool:
        """Move the longest waiting supernumerary of the vacancy's role and service into it."""
        able = [
            p for p in self.guaranteed
            if p.cell == vacancy.post.cell and not p.leaving and p.seats[0].fte <= vacancy.post.unfilled
        ]  # fmt: skip
        if not able:
            return False
        person = min(able, key=lambda p: (p.post_since, p.order))
        self.guaranteed.remove(person)
        self.council.vacancies.move(person, person.seats[0], vacancy, "moved_sideways", "absorbed")
        return True

    def _settle(self, person: Person, trainee: Trainee) -> None:
        """A permanent member of staff from now: attrition begins, an agreement binds, the first time in post runs."""
        council, spec = self.council, self.specs[trainee.pipeline]
        person.trainee, person.permanent = None, True
        council.staff.advance(person)
        person.exposed = True
        if spec.agreement is not None:
            person.bound_until = council.now + math.ceil(self._number(trainee.pipeline, "agreement.months", 0.0) * MONTH)
            person.bound_multiplier = self._number(trainee.pipeline, "agreement.hazard_multiplier", 1.0)
        council.staff.follow(person)
        if spec.newly_qualified is not None:
            council.clock.process(self.newly_qualified(person, trainee.pipeline))

    def newly_qualified(self, person: Person, pipeline: int) -> Iterator[object]:
        """The first time in post: lower capacity, then a step up."""
        council, spec = self.council, self.specs[pipeline]
        assert spec.newly_qualified is not None
        months = self._number(pipeline, "newly_qualified.months", 12.0)
        yield council.clock.at(council.now + math.ceil(months * MONTH), ENDING, person.order)
        if person.gone:
            return
        council.book.write(council.now, "stepped_up", person, source=person.cell, target=person.cell, note=pipeline)
        if spec.newly_qualified.step_up_to is not None and is_settled(person):
            role = council.inputs.roles.index(spec.newly_qualified.step_up_to)
            if person.cell % len(council.inputs.roles) != role:
                council.progression.step_up(person, role, "trainee")

    # --- apprenticeship first --------------------------------------------------------------------------

    def reserve(self, vacancy: Vacancy) -> bool:
        """Keep a vacancy for the next intake, where a policy says so."""
        council = self.council
        if vacancy.reserved:
            return False
        for name, _, scope, first, last in self.reservations:
            if first <= council.now < last and scope[vacancy.post.cell]:
                vacancy.reserved, vacancy.state = True, RESERVED
                longest = council.parameters.view.get(f"policies.{name}.longest_wait_months", 0.0)
                council.clock.process(self._reserved(vacancy, math.ceil(longest * MONTH)))
                return True
        return False

    def _reserved(self, vacancy: Vacancy, longest: int) -> Iterator[object]:
        yield self.council.clock.at(self.council.now + longest, ENDING, vacancy.post.order)
        if not vacancy.closed and vacancy.state == RESERVED:
            self.council.vacancies.release(vacancy)


