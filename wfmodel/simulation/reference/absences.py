"""Absences: people who keep their post while they are away, who covers, and whether they return."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.simulation.order import (
    ABSENCE_COVER,
    ABSENCE_COVER_END,
    ABSENCE_END,
    ENDING,
)
from wfmodel.simulation.parameters import Lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.occurrences import Occurrence
from wfmodel.simulation.reference.staff import draw_seconds
from wfmodel.simulation.reference.state import Awaited, Away, Cover, Person
from wfmodel.units import DAY, MONTH, NEVER

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms somebody is away; ``share`` (thousandths) is what the ledger notes of pay."""

    cause: str
    stream: str
    key: np.uint64
    months: Lengths
    returns: float
    share: int
    covered: float
    lag: Lengths


class Absences:
    """Everybody who is away."""

    def __init__(self, council: Council) -> None:
        self.council = council

    # --- long absence

    def ends(self, person: Person, one: Occurrence, awaited: Awaited, began: int) -> int:
        """When an absence of somebody that began at a time ends."""
        return began + self._length(self._terms(person, one, awaited))

    def begin(self, person: Person, one: Occurrence, awaited: Awaited, began: int) -> bool:
        """An absence begins, or began before the start; whether the person could be away."""
        if not self._may_go(person):
            return False
        awaited.over = True
        self.go(person, self._terms(person, one, awaited), began, awaited)
        return True

    def _may_go(self, person: Person) -> bool:
        """Who holds a post, and neither leaves, is at risk, in training or away."""
        return bool(person.seats) and not (
            person.leaving or person.pool or person.trainee or person.away
        )

    def _terms(self, person: Person, one: Occurrence, awaited: Awaited) -> Terms:
        of = self.council.occurrences
        key = draws.join(draws.join(person.key, one.key), np.uint64(awaited.number + 1))
        return Terms(
            cause=one.kind, stream="long_absence", key=key,
            months=of.lengths(one, "months", MONTH),
            returns=of.number(one, "return_probability", 1.0),
            share=math.floor(of.number(one, "paid_share", 1.0) * 1000 + 0.5),
            covered=of.number(one, "cover.probability", 0.0),
            lag=of.lengths(one, "cover.lag_days", DAY),
        )  # fmt: skip

    def _length(self, terms: Terms) -> int:
        """A day or more, lest absences follow each other without end."""
        stream = self.council.streams[terms.stream]
        return max(draw_seconds(terms.months, stream, draws.join(terms.key, np.uint64(1))), DAY)

    # --- going and coming back

    def go(self, person: Person, terms: Terms, began: int, awaited: Awaited | None) -> None:
        """Somebody goes, for a time that is known now; who covers for them comes after a lag."""
        council = self.council
        council.acting.stop(person)
        returns = council.chance(terms.stream, terms.key, 1) < terms.returns
        away = Away(terms.cause, began + self._length(terms), returns, awaited)
        person.away = away
        self._write("absence_start", person, away, terms.share)
        if terms.cause == "family_leave":
            self._protect(person, away, began)
        post = person.seats[0].post
        more = council.parameters.effects.cover[post.cell, council.segment]
        if council.chance(terms.stream, terms.key, 2) < terms.covered * more:
            stream = council.streams[terms.stream]
            lag = draw_seconds(terms.lag, stream, draws.join(terms.key, np.uint64(2)))
            council.clock.process(self.cover(person, away, began + lag))
        council.clock.process(self.absence(person, away))
        council.intakes.supervision_changed()

    def _protect(self, person: Person, away: Away, began: int) -> None:
        """Priority in redeployment, while away and for the law's months after birth or
        placement."""
        months = self.council.inputs.statute.at("protected_leave_months", began)
        until = max(away.ends, began + math.ceil(months * MONTH))
        person.protected_until = max(person.protected_until, until)

    def absence(self, person: Person, away: Away) -> Steps:
        """Come back, or leave; who has given notice meanwhile works what is left of it."""
        council = self.council
        yield council.clock.at(away.ends, ENDING, person.order, ABSENCE_END)
        if person.gone or person.away is not away:
            return
        if not away.returns and not person.leaving:
            council.staff.leave(person, "leaver", away.cause)
            return
        self.end(person)
        if away.awaited is not None and not person.leaving:
            council.occurrences.again(person, away.awaited)
        council.intakes.supervision_changed()

    def end(self, person: Person) -> None:
        """Somebody is away no longer."""
        away = person.away
        assert away is not None
        self.uncover(person)
        person.away = None
        self._write("absence_end", person, away, 0)

    def _write(self, kind: str, person: Person, away: Away, note: int) -> None:
        """One movement for each assignment, or one for a place in the pool."""
        council = self.council
        if not person.seats:
            council.book.write(
                council.now, kind, person, source=person.cell, target=person.cell,
                cause=away.cause, fte=person.fte, head=1, note=note,
            )  # fmt: skip
        for seat in person.seats:
            cell = seat.post.cell
            council.book.write(
                council.now, kind, person, seat.post, assignment=seat.number, source=cell,
                target=cell, cause=away.cause, fte=seat.fte, head=int(seat is person.seats[0]),
                note=note,
            )  # fmt: skip

    # --- cover

    def cover(self, person: Person, away: Away, when: int) -> Steps:
        """Agency cover of the main post comes; it stays until the person is back, or too long."""
        council = self.council
        yield council.clock.at(when, ENDING, person.order, ABSENCE_COVER)
        if person.away is not away or not person.seats:
            return
        seat = person.seats[0]
        post, cell = seat.post, seat.post.cell
        cover = away.cover = Cover(seat.fte, cell)
        away.covered = post
        self._write_cover("agency_start", person, away)
        longest = int(council.parameters.effects.longest_cover[cell, council.segment])
        if longest < NEVER:
            yield council.clock.at(council.now + longest, ENDING, person.order, ABSENCE_COVER_END)
            if away.cover is cover and not cover.ended:
                self.uncover(person)

    def uncover(self, person: Person) -> None:
        """Nobody covers for somebody any longer: they are back, gone, or without their post."""
        away = person.away
        if away is not None and away.cover is not None and not away.cover.ended:
            away.cover.ended = True
            self._write_cover("agency_end", person, away)

    def _write_cover(self, kind: str, person: Person, away: Away) -> None:
        cover = away.cover
        assert cover is not None
        working = self.council.workload.agency
        working[cover.cell] += cover.fte if kind == "agency_start" else -cover.fte
        self.council.book.write(
            self.council.now, kind, person, away.covered, target=cover.cell,
            cause="absence_cover", fte=cover.fte,
        )  # fmt: skip
