"""Training: stages with drop-outs, and what happens when the last one ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wfmodel.flows import pipelines as rules
from wfmodel.simulation.order import ENDING, POST_WAIT, STAGE_END
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person, Trainee
from wfmodel.units import MONTH

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Training:
    """Those who are in a pipeline."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def train(self, person: Person, trainee: Trainee) -> Steps:
        """Go through the stages; drop out, or qualify."""
        council = self.council
        stream = council.streams["pipelines"]
        for number in range(len(self.council.intakes.specs[trainee.pipeline].stages)):
            self._supervise(trainee, number)
            length = self.council.intakes.lengths(
                trainee.pipeline, f"stages.{number}.months", 0.0, MONTH
            )
            completion = self.council.intakes.number(
                trainee.pipeline, f"stages.{number}.completion_probability", 1.0
            )
            seconds, end = rules.stage(
                length.shape, length.a, length.b, length.c, completion, stream, trainee.key, number
            )
            yield council.clock.at(council.now + seconds, ENDING, person.order, STAGE_END)
            if person.gone or person.trainee is not trainee:
                return
            if end == rules.DROPS:
                self._drop_out(person, trainee)
                return
        self._qualify(person, trainee)

    def _supervise(self, trainee: Trainee, stage: int) -> None:
        """Take as much supervision as the stage needs: whoever is admitted is never sent away for
        it."""
        needed = math.floor(
            self.council.intakes.number(trainee.pipeline, f"stages.{stage}.supervision", 0.0) * 1000
            + 0.5
        )
        freed = trainee.supervision - needed
        self.council.intakes.supervised[trainee.pipeline] -= freed
        trainee.supervision, trainee.stage = needed, stage
        if freed > 0:
            self.council.intakes.supervision_changed()

    def _stop_training(self, trainee: Trainee) -> None:
        self.council.intakes.supervised[trainee.pipeline] -= trainee.supervision
        trainee.supervision = 0
        self.council.intakes.supervision_changed()

    def _drop_out(self, person: Person, trainee: Trainee) -> None:
        """From outside they leave; staff go on in their post, or are found one."""
        council = self.council
        self._stop_training(trainee)
        person.trainee = None
        if trainee.external:
            council.staff.leave(person, "dropped_out", "outside", trainee.pipeline)
            return
        council.book.write(
            council.now,
            "dropped_out",
            person,
            source=person.cell,
            target=person.cell,
            cause="staff",
            note=trainee.pipeline,
        )
        if not person.seats:
            self.council.placement.guarantee(person, person.cell, trainee.pipeline)
        council.settle_soon()

    def interrupted(self, person: Person) -> None:
        """Somebody leaves, or loses their post, while in training or waiting for a post at its
        end."""
        trainee = person.trainee
        if person in self.council.placement.waiting:
            self.council.placement.waiting.remove(person)
        if trainee is None:
            return
        person.trainee = None
        if not trainee.qualified:
            self._stop_training(trainee)
            if not trainee.external:
                self.council.book.write(
                    self.council.now,
                    "dropped_out",
                    person,
                    source=person.cell,
                    target=person.cell,
                    cause="staff",
                    note=trainee.pipeline,
                )

    def _qualify(self, person: Person, trainee: Trainee) -> None:
        """Training ends: a share takes a post here, guaranteed or in competition; the others do
        not."""
        council, spec = self.council, self.council.intakes.specs[trainee.pipeline]
        self._stop_training(trainee)
        trainee.qualified = True
        taken = council.chance("pipelines", trainee.key, 7) < self.council.intakes.number(
            trainee.pipeline, "conversion.share", 0.0
        )
        how = spec.conversion.mode if taken else "not_converted"
        council.book.write(
            council.now,
            "qualified",
            person,
            source=person.cell,
            target=person.cell,
            cause=how,
            note=trainee.pipeline,
        )
        if not taken:
            self._not_converted(person, trainee)
        elif spec.places == "vacancies" and trainee.external:
            self.council.placement.settle(person, trainee)
        elif spec.conversion.mode == "guaranteed":
            cell = council.inputs.cell(spec.service, spec.target_role)
            if person.seats:
                council.progression.step_up(person, cell % len(council.inputs.roles), "trainee")
                self.council.placement.settle(person, trainee)
            else:
                self.council.placement.guarantee(person, cell, trainee.pipeline)
                self.council.placement.settle(person, trainee)
        else:
            trainee.waiting_since = council.now
            self.council.placement.waiting.append(person)
            council.pool.newcomers = True
            council.clock.process(self._wait_for_post(person, trainee))
        council.settle_soon()

    def _not_converted(self, person: Person, trainee: Trainee) -> None:
        person.trainee = None
        if trainee.external:
            self.council.staff.leave(person, "leaver", "not_placed")
        elif not person.seats:
            self.council.placement.guarantee(person, person.cell, trainee.pipeline)

    def _wait_for_post(self, person: Person, trainee: Trainee) -> Steps:
        council = self.council
        longest = math.ceil(
            self.council.intakes.number(trainee.pipeline, "conversion.wait_months", 3.0) * MONTH
        )
        yield council.clock.at(council.now + longest, ENDING, person.order, POST_WAIT)
        if person.trainee is trainee and person in self.council.placement.waiting:
            self.council.placement.waiting.remove(person)
            self._not_converted(person, trainee)
            council.settle_soon()
