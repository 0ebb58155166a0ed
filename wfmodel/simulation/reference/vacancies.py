"""Vacancies: held, offered to the pool, filled from inside, or advertised until somebody starts."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import recruitment
from wfmodel.simulation.ledger import OUTSIDE, STARTER
from wfmodel.simulation.order import CAMPAIGN_END, ENDING
from wfmodel.simulation.parameters import ROUTES
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.staff import draw_seconds
from wfmodel.simulation.reference.state import (
    CAMPAIGN,
    FRESH,
    HELD,
    QUEUED,
    RESERVED,
    Person,
    Post,
    Seat,
    Vacancy,
)
from wfmodel.units import DAY

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council

FTE_TOLERANCE = 20
"""How much (hundredths) the FTE of somebody who moves inside may differ from the vacancy's."""


class Vacancies:
    """The vacancies of the council, and the recruiters that fill them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.open: dict[int, Vacancy] = {}
        # a heap: the oldest first, then by post
        self.fresh: list[tuple[int, int, int, Vacancy]] = []
        self.queue: list[Vacancy] = []
        self.recruiting = 0

    # --- opening

    def open_if_unfilled(self, post: Post, noticed: int = -1, *, under_way: bool = False) -> None:
        """Open a vacancy where enough of the post is unfilled and none is open.

        ``noticed`` is when the holder gave notice (−1: there was none). One that stands open at the
        start is ``under_way``: a part of its first campaign has passed, and its cover has come.
        """
        if post.deleted or post.supernumerary or post.vacancy is not None or post.unfilled <= 0:
            return
        smallest = self.council.parameters.effects.smallest_fte[post.cell, self.council.segment]
        if post.seats and post.unfilled < smallest:
            return  # a remainder too small to advertise
        post.vacancies += 1
        key = draws.join(post.key, np.uint64(post.vacancies))
        vacancy = Vacancy(post, post.vacancies, key, self.council.now, noticed, under_way)
        post.vacancy = vacancy
        self.open[post.index] = vacancy
        heappush(self.fresh, (*vacancy.rank, vacancy.number, vacancy))
        self.council.agency.consider(vacancy)
        self.council.acting.consider(vacancy)
        self.council.settle_soon()

    def vacated(self, post: Post, noticed: int = -1) -> None:
        """What follows when somebody has given up a post: a vacancy, or the end of a supernumerary
        post."""
        if post.supernumerary:
            if not post.seats and not post.deleted:
                self.council.change.delete(post, "supernumerary")
        else:
            self.open_if_unfilled(post, noticed)

    def close(self, vacancy: Vacancy) -> None:
        """The vacancy is filled or its post deleted: its campaign is withdrawn and its cover
        ends."""
        if vacancy.state == CAMPAIGN:
            self.recruiting -= 1
        elif vacancy.state == QUEUED:
            self.queue.remove(vacancy)
        elif vacancy.state == HELD:
            self.council.controls.forget(vacancy)
        vacancy.closed = True
        vacancy.post.vacancy = None
        del self.open[vacancy.post.index]
        self.council.agency.end(vacancy)
        self.council.acting.end(vacancy)

    # --- settlement

    def fill_all(self) -> bool:
        """Consider every fresh vacancy, and every open one for those new in the pool; whether
        anything moved."""
        moved = False
        if self.council.pool.newcomers:
            moved |= self._offer_again()
        while self.fresh:
            vacancy = heappop(self.fresh)[-1]
            if vacancy.closed:
                continue
            self._consider(vacancy)
            moved = True
        return moved

    def _offer_again(self) -> bool:
        """Offer all open vacancies that are not held to those who have come since."""
        self.council.pool.newcomers = False
        moved = False
        for vacancy in sorted(self.open.values(), key=lambda v: v.rank):
            if not vacancy.closed and vacancy.state in (RESERVED, QUEUED, CAMPAIGN):
                moved |= self.council.pool.offer(vacancy) or self.council.placement.place_waiting(
                    vacancy
                )
        return moved

    def _consider(self, vacancy: Vacancy) -> None:
        """Absorb, hold, redeploy, place a trainee, reserve, fill from inside, or advertise: the
        first that applies."""
        council = self.council
        if council.placement.absorb(vacancy):
            return
        if council.controls.hold(vacancy):
            return
        if council.pool.offer(vacancy) or council.placement.place_waiting(vacancy):
            return
        if council.intakes.reserve(vacancy):
            return
        if self._fill_from_inside(vacancy):
            return
        vacancy.state = QUEUED
        vacancy.queued = council.now
        self.queue.append(vacancy)

    def release(self, vacancy: Vacancy) -> None:
        """A held or reserved vacancy is considered again."""
        vacancy.state = FRESH
        heappush(self.fresh, (*vacancy.rank, vacancy.number, vacancy))
        self.council.settle_soon()

    # --- from inside

    def _fill_from_inside(self, vacancy: Vacancy) -> bool:
        if vacancy.asked_inside:
            return False
        vacancy.asked_inside = True
        council = self.council
        role = vacancy.post.cell % len(council.inputs.roles)
        numbers = council.parameters.roles[role]
        more = council.parameters.effects.inside[vacancy.post.cell, council.segment]
        u = council.chance("inside", vacancy.key)
        promoted = numbers.promotion * more
        feeding = council.inputs.feeding[role]
        if u < promoted:
            return self._move_longest(vacancy, feeding, "promoted", numbers.min_in_role)
        if u < promoted + numbers.sideways * more:
            return self._move_longest(vacancy, [role], "moved_sideways", numbers.min_in_role)
        return False

    def _move_longest(
        self, vacancy: Vacancy, roles: list[int], kind: str, min_in_role: int
    ) -> bool:
        """Move the eligible person who has been longest in role, if there is one."""
        now, wanted = self.council.now, vacancy.post.unfilled
        longest_ago = now - max(min_in_role, 1)  # nobody moves twice at one instant
        best: Person | None = None
        for role in roles:
            for person in self.council.staff.holders[role].values():
                if person.holds(vacancy.post) or person.post_since > longest_ago:
                    continue
                if not is_settled(person) or abs(person.seats[0].fte - wanted) > FTE_TOLERANCE:
                    continue
                if best is None or (person.role_since, person.order) < (
                    best.role_since,
                    best.order,
                ):
                    best = person
        if best is None:
            return False
        self.move(best, best.seats[0], vacancy, kind)
        return True

    def move(
        self, person: Person, seat: Seat, vacancy: Vacancy, kind: str, cause: str = ""
    ) -> None:
        """Move somebody from one post into a vacancy; their own post becomes vacant at the same
        instant."""
        council, post = self.council, vacancy.post
        old = seat.post
        council.staff.advance(person)
        fte = min(seat.fte, post.unfilled)
        waited = council.now - vacancy.opened
        self.close(vacancy)
        source = old.cell
        if post.cell % len(council.inputs.roles) != source % len(council.inputs.roles):
            council.staff.enter_role(person, post.cell)
        council.staff.give_up(seat)
        new = council.staff.take(person, post, fte, main=True)
        person.post_since = council.now
        council.book.write(
            council.now,
            kind,
            person,
            post,
            assignment=new.number,
            source=source,
            target=post.cell,
            cause=cause,
            fte=fte,
            from_post=old,
            head=1,
            note=waited,
        )
        council.staff.follow(person)
        self.vacated(old)
        self.open_if_unfilled(post)
        council.intakes.supervision_changed()

    # --- from outside

    def grant_recruiters(self) -> bool:
        """Give free recruiters to the longest waiting vacancies."""
        limit = self.council.parameters.effects.recruiters[self.council.segment]
        moved = False
        self.queue.sort(key=lambda v: (v.queued, v.post.order))
        while self.queue and self.recruiting < limit:
            vacancy = self.queue.pop(0)
            self.recruiting += 1
            vacancy.state = CAMPAIGN
            vacancy.campaign += 1
            self._advertise(vacancy)
            moved = True
        return moved

    def _advertise(self, vacancy: Vacancy) -> None:
        council, post = self.council, vacancy.post
        key = draws.join(vacancy.key, np.uint64(vacancy.attempt + 1))
        council.book.write(
            council.now, "post_advertised", post=post, target=post.cell, fte=post.unfilled
        )
        ends = council.now + self._duration(vacancy, key)
        council.clock.process(self.campaign(vacancy, vacancy.campaign, key, ends))

    def campaign(self, vacancy: Vacancy, number: int, key: np.uint64, ends: int) -> Steps:
        """Wait for the outcome of a campaign: somebody starts, or it failed and is queued again."""
        council, post = self.council, vacancy.post
        yield council.clock.at(ends, ENDING, post.order, CAMPAIGN_END)
        if vacancy.closed or vacancy.campaign != number:
            return
        role = council.parameters.roles[post.cell % len(council.inputs.roles)]
        odds = council.parameters.effects.odds[post.cell, council.segment]
        if council.chance("recruitment", key, 3) < recruitment.fill_chance(
            role.fill_probability, odds
        ):
            self.start_newcomer(vacancy, "")
        else:
            council.book.write(council.now, "campaign_failed", post=post, target=post.cell)
            self.recruiting -= 1
            vacancy.attempt += 1
            vacancy.state, vacancy.queued = QUEUED, council.now
            self.queue.append(vacancy)
        council.settle_soon()

    def _duration(self, vacancy: Vacancy, key: np.uint64) -> int:
        """Approval (first campaign only; it may have begun at notice) and time to hire; a repeat
        takes a day or more."""
        council = self.council
        role = council.parameters.roles[vacancy.post.cell % len(council.inputs.roles)]
        stream = council.streams["recruitment"]
        longer = council.parameters.effects.time[vacancy.post.cell, council.segment]
        hire = draw_seconds(role.time_to_hire, stream, draws.join(key, np.uint64(1)), longer)
        if vacancy.attempt > 0:
            return max(hire, DAY)
        approval = draw_seconds(role.approval, stream, draws.join(key, np.uint64(2)), longer)
        if role.approval_from_notice and vacancy.noticed >= 0:
            approval = max(0, approval - (council.now - vacancy.noticed))
        if vacancy.under_way:
            left = council.chance("recruitment", key, 4)
            return math.ceil((approval + hire) * left)
        return approval + hire

    def start_newcomer(self, vacancy: Vacancy, route: str) -> Person:
        """Somebody from outside starts in the post."""
        council, post = self.council, vacancy.post
        role = post.cell % len(council.inputs.roles)
        numbers = council.parameters.roles[role]
        post.starters += 1
        key = draws.join(draws.join(post.key, np.uint64(0x5741)), np.uint64(post.starters))
        if not route:
            route = ROUTES[recruitment.choose(numbers.routes, council.chance("profile", key, 2))]
        continuous = 0
        if route == "experienced" and council.chance("profile", key, 3) < numbers.continuous_share:
            stream = council.streams["profile"]
            continuous = draw_seconds(numbers.continuous, stream, draws.join(key, np.uint64(2)))
        person = council.staff.newcomer(
            key, (STARTER, post.index, post.starters, 0), role, numbers.starter_age, continuous
        )
        waited, fte = council.now - vacancy.opened, post.unfilled
        self.close(vacancy)
        self.seat_newcomer(person, post, fte, "starter", route, waited)
        if numbers.probation >= 0:
            council.clock.process(council.staff.probation(person, role))
        return person

    def seat_newcomer(
        self, person: Person, post: Post, fte: int, kind: str, cause: str, note: int
    ) -> None:
        """Seat somebody who has just joined, and follow them."""
        council = self.council
        seat = council.staff.take(person, post, fte)
        council.book.write(
            council.now,
            kind,
            person,
            post,
            assignment=seat.number,
            source=OUTSIDE,
            target=post.cell,
            cause=cause,
            fte=fte,
            head=1,
            note=note,
        )
        council.staff.follow(person)
        council.intakes.supervision_changed()


def is_settled(person: Person) -> bool:
    """Whether somebody may be moved: permanent, not leaving, at risk, in training or away."""
    return (
        person.permanent
        and not (person.leaving or person.gone or person.pool or person.trainee or person.away)
        and bool(person.seats)
    )
