"""Workload: at each month end what services can do is compared with what they need, and people
leave the more, the greater the shortage."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.flows import attrition, workload
from wfmodel.jit import whole
from wfmodel.simulation import tables
from wfmodel.simulation import workload as shared
from wfmodel.simulation.order import CENSUS
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person
from wfmodel.simulation.world import World

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


@whole
def _experience(m, f, at, role, served):  # type: ignore[no-untyped-def]
    return shared.experience(World(m, f), at, role, served)


@whole
def _newly_qualified(m, f, at, pipeline):  # type: ignore[no-untyped-def]
    return shared.newly_qualified(World(m, f), at, pipeline)


@whole
def _taken(m, f, at, pipeline, stage):  # type: ignore[no-untyped-def]
    """What a stage takes off the job, and what supervisors give for each place."""
    w = World(m, f)
    return shared.off_the_job(w, at, pipeline, stage), shared.load(w, at, pipeline)


@whole
def _of_cell(m, f, at, cell, month, work, agency_fte):  # type: ignore[no-untyped-def]
    return shared.capacity_of_cell(World(m, f), at, cell, month, work, agency_fte)


@whole
def _press(m, f, service, month, capacity):  # type: ignore[no-untyped-def]
    shared.press(World(m, f), service, month, capacity)


class Workload:
    """The services whose people feel shortage."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.tables = council.parameters.tables
        self.at = int(self.tables.m[council.parameters.made + tables.WORKLOAD])
        self.agency: Counter[int] = Counter()
        self.known_until = council.inputs.calendar.horizon
        if self.at != 0:
            self.known_until = int(council.inputs.calendar.month_starts[1])
            stream = np.uint64(council.streams["absence"])
            self.tables.m[self.at + shared.STREAM] = stream.astype(np.int64)

    def start(self) -> None:
        """Wait for the month ends."""
        if self.at != 0:
            self.council.clock.process(self.censuses())

    def feels(self, cell: int) -> int:
        """The record of a cell's service; 0 where shortage changes nothing."""
        return (
            0
            if self.at == 0
            else int(self.tables.m[self.tables.m[self.at + shared.SERVICE_OF] + cell])
        )

    def sight(self, cell: int) -> int:
        """Until when hazards in a cell are known."""
        return self.known_until if self.feels(cell) else self.council.inputs.calendar.horizon

    def censuses(self) -> Steps:
        """At each month end before the horizon take stock, then let everybody concerned go on."""
        council = self.council
        starts = council.inputs.calendar.month_starts.tolist()
        for month in range(1, len(starts) - 1):
            yield council.clock.at(starts[month], CENSUS, 0)
            capacity = self._capacity(month)
            for number in range(int(self.tables.m[self.at + shared.SERVICES])):
                at = int(self.tables.m[self.at + shared.SERVICE_AT])
                service = at + number * shared.RECORD_WIDTH
                name = int(self.tables.m[service + shared.SERVICE])
                _press(*self.tables, service, month, capacity[name])
            self.tables.m[council.parameters.rates + attrition.KNOWN] = month + 1
            self.known_until = starts[month + 1]
            for person in council.staff.people:
                if not person.gone and person.cell >= 0 and self.feels(person.cell):
                    council.staff.look_ahead(person)

    def _capacity(self, month: int) -> Counter[int]:
        """What each service can do, in units of `wfmodel.flows.workload.FTE`."""
        council, roles = self.council, len(self.council.inputs.roles)
        work: Counter[int] = Counter()
        for person in council.staff.people:
            if not person.gone and not person.casual:
                self._add(person, work)
        capacity: Counter[int] = Counter()
        for cell in range(council.inputs.cells):
            if self.feels(cell):
                units = _of_cell(*self.tables, self.at, cell, month, work[cell], self.agency[cell])
                capacity[cell // roles] += int(units)
        return capacity

    def _add(self, person: Person, work: Counter[int]) -> None:
        """Add somebody's work where it is done: nowhere while away or in the pool without a
        post."""
        if person.away is None:
            for seat in person.seats:
                self._work(person, seat.post.cell, seat.fte, work)
            if not person.seats and person.pool is None:
                self._work(person, person.cell, person.fte, work)
            if person.acting is not None:
                self._work(person, person.acting.target, person.acting.fte, work)
                self._work(person, person.acting.source, -person.acting.fte, work)
        trainee = person.trainee
        if trainee is not None and not trainee.qualified:
            off, load = _taken(*self.tables, self.at, trainee.pipeline, trainee.stage)
            work[person.cell] -= workload.training(person.fte, off)
            work[person.cell] -= workload.supervising(trainee.supervision, load)

    def _work(self, person: Person, cell: int, fte: int, work: Counter[int]) -> None:
        served = self.council.now - person.service_start
        role = cell % len(self.council.inputs.roles)
        worth = _experience(*self.tables, self.at, role, served)
        newly = workload.WORTH
        if person.newly_qualified >= 0:
            newly = _newly_qualified(*self.tables, self.at, person.newly_qualified)
        work[cell] += workload.worked(fte, worth, newly)
