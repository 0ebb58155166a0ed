"""One replication of a council: its clock, its parts, and the settlement that ends every
instant."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.order import POLICY, SETTLEMENT, STREAMS
from wfmodel.simulation.parameters import Parameters
from wfmodel.simulation.reference.absences import Absences
from wfmodel.simulation.reference.acting import Acting
from wfmodel.simulation.reference.agency import Agency
from wfmodel.simulation.reference.book import Book
from wfmodel.simulation.reference.change import Change
from wfmodel.simulation.reference.clock import Clock, Steps
from wfmodel.simulation.reference.control import VacancyControls
from wfmodel.simulation.reference.hours import Hours
from wfmodel.simulation.reference.intakes import Intakes
from wfmodel.simulation.reference.occurrences import Occurrences
from wfmodel.simulation.reference.placement import Placement
from wfmodel.simulation.reference.pool import Pool
from wfmodel.simulation.reference.progression import Progression
from wfmodel.simulation.reference.secondments import Secondments
from wfmodel.simulation.reference.staff import Staff
from wfmodel.simulation.reference.state import Post
from wfmodel.simulation.reference.training import Training
from wfmodel.simulation.reference.vacancies import Vacancies
from wfmodel.simulation.reference.workload import Workload


class _Streams(dict[str, np.uint64]):
    """Streams of luck by name; one that the model does not have is made when it is asked for."""

    def __init__(self, seed: int, chance: int) -> None:
        super().__init__((name, draws.stream_key(seed, chance, name)) for name in STREAMS)
        self._luck = seed, chance

    def __missing__(self, name: str) -> np.uint64:
        self[name] = found = draws.stream_key(*self._luck, name)
        return found


class Council:
    """Everything that moves in one replication."""

    def __init__(self, inputs: Inputs, parameters: Parameters, seed: int, chance: int) -> None:
        self.inputs = inputs
        self.parameters = parameters
        self.clock = Clock()
        self.book = Book()
        self.streams = _Streams(seed, chance)
        self.segment = 0
        self.posts: list[Post] = []
        self.opening = False
        self._settling = False
        self.staff = Staff(self)
        self.controls = VacancyControls(self)
        self.agency = Agency(self)
        self.vacancies = Vacancies(self)
        self.pool = Pool(self)
        self.intakes = Intakes(self)
        self.training = Training(self)
        self.placement = Placement(self)
        self.progression = Progression(self)
        self.change = Change(self)
        self.occurrences = Occurrences(self)
        self.hours = Hours(self)
        self.absences = Absences(self)
        self.acting = Acting(self)
        self.secondments = Secondments(self)
        self.workload = Workload(self)

    @property
    def now(self) -> int:
        """Seconds since the start."""
        return self.clock._now  # type: ignore[return-value]  # the property costs a call for each of a million uses

    def chance(self, stream: str, key: np.uint64, number: int = 0) -> float:
        """A keyed uniform draw."""
        return draws.uniform(self.streams[stream], key, number)

    def run(self, replication: int, seed: int) -> Ledger:
        """Open the council, let time pass to the horizon, and close the ledger."""
        horizon = self.inputs.calendar.horizon
        self._turn_segments(-1)
        self.opening = True
        self.staff.open()
        self.opening = False
        self.clock.process(self.segments())
        for part in (
            self.controls, self.agency, self.change, self.intakes, self.progression,
            self.secondments, self.workload,
        ):  # fmt: skip
            part.start()
        self.settle_soon()
        if horizon > 0:
            self.clock.run(until=horizon)
        return self.book.close(self.inputs, replication, seed)

    def segments(self) -> Steps:
        """Policies, market years and change events begin and end."""
        for start in self.inputs.segment_start[1:].tolist():
            if start >= 0:
                yield self.clock.at(start, POLICY, 0)
                self._turn_segments(start)
                self.pool.newcomers = bool(self.pool.people)  # a policy may begin to cover them
                self.settle_soon()

    def _turn_segments(self, now: int) -> None:
        starts = self.inputs.segment_start
        self.segment = int(np.searchsorted(starts, max(now, 0), side="right")) - 1

    def add_post(
        self,
        key: np.uint64,
        cell: int,
        fte: int,
        *,
        employer: int = 0,
        funding: int = 0,
        event: int = -1,
        row: int = 0,
        supernumerary: bool = False,
    ) -> Post:
        """A new post, in the ledger's table of posts."""
        post = Post(len(self.posts), key, cell, fte, supernumerary=supernumerary)
        self.posts.append(post)
        self.book.posts.append(
            (key, cell, fte, max(self.now, 0), int(supernumerary), employer, funding, event, row)
        )
        return post

    def settle_soon(self) -> None:
        """Settle once everything else at this instant has happened."""
        if not self._settling:
            self._settling = True
            moment = self.clock.at(self.now, SETTLEMENT, 0)
            moment.callbacks.append(self._settle)

    def _settle(self, _: object) -> None:
        """Grant finite resources and fill vacancies, again and again until nothing moves."""
        self._settling = False
        moved = True
        while moved:
            moved = self.pool.grant_coaches()
            moved |= self.intakes.grant_places()
            moved |= self.vacancies.fill_all()
            moved |= self.vacancies.grant_recruiters()
        self.acting.appoint()
