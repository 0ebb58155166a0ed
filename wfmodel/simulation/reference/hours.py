"""Hours: people who come to work less in their post, and the vacancy that this leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfmodel.flows import hours
from wfmodel.scenario.hours import HoursChange
from wfmodel.simulation.reference.occurrences import Occurrence
from wfmodel.simulation.reference.state import Person
from wfmodel.simulation.reference.vacancies import is_settled

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Hours:
    """Changes to fewer hours."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def fall(self, person: Person, one: Occurrence) -> bool:
        """Work less in the main post from now on; whether the person could."""
        if not is_settled(person) or person.acting is not None:
            return False
        council, seat = self.council, person.seats[0]
        left = hours.kept(seat.fte, council.occurrences.number(one, "keeps", 1.0))
        freed = seat.fte - left
        if freed == 0:
            return True
        assert isinstance(one.given, HoursChange)
        post = seat.post
        seat.fte = left
        post.filled -= freed
        person.fte -= freed
        council.controls.count(post.cell, -freed)
        council.book.write(
            council.now,
            "hours_changed",
            person,
            post,
            assignment=seat.number,
            source=post.cell,
            target=post.cell,
            cause=one.kind,
            fte=freed,
            note=int(one.given.unreduced),
        )
        council.vacancies.open_if_unfilled(post)
        return True
