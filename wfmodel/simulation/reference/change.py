"""Change events: announced, consulted on, volunteered for, then in force."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import redeployment
from wfmodel.scenario.change import ChangeEvent, Creation
from wfmodel.simulation.ledger import TRANSFER
from wfmodel.simulation.order import CHANGE
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person, Post
from wfmodel.units import DAY, YEAR, age_on, hundredths

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Change:
    """Posts deleted, created, converted and transferred."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def start(self) -> None:
        """Wait for each event's announcement; those announced before the start are known at the
        start."""
        for number, (name, event) in enumerate(self.council.inputs.scenario.change_events.items()):
            key = draws.text_key(name)
            self.council.clock.process(self.change(number, name, event, key))
        ends = self.council.inputs.posts.funding_end.tolist()
        for post, end in zip(self.council.posts[: len(ends)], ends, strict=True):
            if 0 <= end < self.council.inputs.calendar.horizon:
                self.council.clock.process(self.funding_ends(post, end))

    def funding_ends(self, post: Post, end: int) -> Steps:
        """What paid for a post ends: the post goes, and its holders are at risk."""
        yield self.council.clock.at(end, CHANGE, post.order)
        if post.deleted:
            return
        for seat in list(post.seats):
            if self._lose_post(seat.person, post, "", -1):
                self.council.pool.seek(seat.person)
        self.delete(post, "funding")
        self.council.settle_soon()

    def change(self, number: int, name: str, event: ChangeEvent, key: np.uint64) -> Steps:
        """Announce, consult as long as the law asks, then delete, create, convert or transfer."""
        council, calendar = self.council, self.council.inputs.calendar
        announced = calendar.seconds(event.announced or event.implemented)
        implemented = calendar.seconds(event.implemented)
        if implemented < 0:
            return
        yield council.clock.at(announced, CHANGE, int(key))
        wanted = self._wanted(name, event)
        if event.kind in ("delete", "convert"):
            implemented = max(implemented, announced + self._consultation(event, wanted))
        yield council.clock.at(implemented, CHANGE, int(key))
        if event.kind in ("delete", "convert"):
            self._restructure(number, name, event, key, wanted)
        elif event.kind == "transfer_out":
            self._transfer_out(number, event, key, wanted)
        else:
            self._create(number, event, key, with_people=event.kind == "transfer_in")
        council.settle_soon()

    # --- which posts

    def _in_scope(self, event: ChangeEvent) -> list[Post]:
        inputs = self.council.inputs
        live = [post for post in self.council.posts if not post.deleted and not post.supernumerary]
        if isinstance(event.posts, list):
            named = set(event.posts)
            return [
                p
                for p in live
                if p.index < len(inputs.names.posts) and inputs.names.posts[p.index] in named
            ]
        scope = inputs.in_scope(event.services, event.roles)
        return [post for post in live if scope[post.cell]]

    def _wanted(self, name: str, event: ChangeEvent) -> int:
        """How many posts: as listed, as counted, or a share of those in scope now."""
        if isinstance(event.posts, list):
            return len(event.posts)
        if isinstance(event.posts, int):
            return event.posts
        share = self.council.parameters.view.get(f"change_events.{name}.share", 0.0)
        return (
            math.floor(share * len(self._in_scope(event)) + 0.5) if event.share is not None else 0
        )

    def _consultation(self, event: ChangeEvent, wanted: int) -> int:
        """Seconds of consultation: by the number of dismissals proposed, never below the council's
        own minimum."""
        statute, now = self.council.inputs.statute, self.council.now
        proposed = self._proposed(event, wanted)
        window = statute.at("consultation_window_days", now)
        for name, other in self.council.inputs.scenario.change_events.items():
            apart = abs((other.implemented - event.implemented).days)
            if other is not event and other.kind in ("delete", "convert") and apart < window:
                proposed += self._proposed(other, self._wanted(name, other))
        days = 0.0
        for size in ("small", "large"):
            if proposed >= statute.at(f"consultation_{size}_from", now):
                days = statute.at(f"consultation_{size}_days", now)
        return math.ceil(max(days, event.consultation_days)) * DAY

    def _proposed(self, event: ChangeEvent, wanted: int) -> int:
        """Dismissals that an event proposes: posts to go, less the vacant ones in its scope now."""
        in_scope = self._in_scope(event)
        vacant = sum(1 for post in in_scope if not post.seats)
        return max(0, min(wanted, len(in_scope)) - vacant)

    def _draw(self, key: np.uint64, post: Post) -> float:
        return self.council.chance("change", draws.join(key, post.key))

    # --- deleting and converting

    def _restructure(
        self, number: int, name: str, event: ChangeEvent, key: np.uint64, wanted: int
    ) -> None:
        """Vacant posts go first, then those of leavers and volunteers, then by keyed draw; holders
        are at risk."""
        volunteers = self._volunteers(name, event, key) if event.voluntary else set()

        def order(post: Post) -> tuple[int, float]:
            if not post.seats:
                return 0, self._draw(key, post)
            if all(seat.person.leaving for seat in post.seats):
                return 1, self._draw(key, post)
            willing = any(seat.person.index in volunteers for seat in post.seats)
            return 2 if willing else 3, self._draw(key, post)

        chosen = sorted(self._in_scope(event), key=order)[:wanted]
        at_risk = []
        for post in chosen:
            for seat in list(post.seats):
                person = seat.person
                if person.index in volunteers and len(person.seats) == 1 and person.pool is None:
                    self._leave_voluntarily(person, name, event)
                elif self._lose_post(person, post, name, number):
                    at_risk.append(person)
            self.delete(post, "", number)
        created = self._create(number, event, key, with_people=False) if event.create else []
        self._slot_in(name, event, at_risk, created, key)
        for person in at_risk:
            if person.pool is not None and not person.pool.on_trial:
                self.council.pool.seek(person)

    def _volunteers(self, name: str, event: ChangeEvent, key: np.uint64) -> set[int]:
        """Who would go, and whom the council lets go."""
        council, inputs = self.council, self.council.inputs
        view, path = council.parameters.view, f"change_events.{name}.voluntary"
        voluntary = event.voluntary
        assert voluntary is not None
        day = inputs.calendar.start_day + council.now // DAY
        found = set()
        for post in self._in_scope(event):
            for seat in post.seats:
                person = seat.person
                if person.leaving or not person.permanent or person.trainee is not None:
                    continue
                chance = view.get(f"{path}.take_up", 0.0)
                for bands, label, years in (
                    (voluntary.age_bands, "age_bands", age_on(person.birth_day, day)),
                    (
                        voluntary.service_bands,
                        "service_bands",
                        (council.now - person.service_start) // YEAR,
                    ),
                ):
                    below = [edge for edge in bands if edge <= years]
                    if below:
                        chance *= view.get(f"{path}.{label}.{max(below)}", 1.0)
                own = draws.join(key, person.key)
                if council.chance("change", own, 1) < chance and council.chance(
                    "change", own, 2
                ) >= view.get(f"{path}.refused", 0.0):
                    found.add(person.index)
        return found

    def _leave_voluntarily(self, person: Person, name: str, event: ChangeEvent) -> None:
        council = self.council
        amount = council.pool.severance(
            person, person.cell, person.fte, council.now, name, event.terms
        )
        post = person.seats[0].post
        post.deleted = True  # nobody is sought for it
        council.staff.leave(person, "voluntary_exit", "", amount)
        post.deleted = False

    def _lose_post(self, person: Person, post: Post, name: str, number: int) -> bool:
        """The holder of a deleted post is at risk; with another post they only lose the hours of
        this one."""
        council = self.council
        seat = next(s for s in person.seats if s.post is post)
        if person.trainee is not None:
            council.training.interrupted(person)
            council.staff.advance(person)
            person.permanent = person.exposed = True  # an employee like others from now
            council.staff.follow(person)
        if person.pool is not None:
            # on trial in a post that goes: the trial ends and the pool takes them back
            council.pool.trial_ended(person, post, seat)
            return False
        if len(person.seats) == 1:
            council.pool.enter(person, post, name, number)
            return True
        main = person.seats[0] is seat
        council.staff.advance(person)
        kept = person.seats[1 if main else 0].post.cell
        if kept % len(council.inputs.roles) != person.cell % len(council.inputs.roles):
            council.staff.enter_role(person, kept)
        council.staff.give_up(seat)
        council.book.write(
            council.now,
            "hours_changed",
            person,
            post,
            assignment=seat.number,
            source=post.cell,
            target=person.cell,
            fte=seat.fte,
            from_post=person.seats[0].post,
            head=int(main),
            note=number,
        )
        council.staff.follow(person)
        return False

    def _slot_in(
        self,
        name: str,
        event: ChangeEvent,
        at_risk: list[Person],
        created: list[Post],
        key: np.uint64,
    ) -> None:
        """Holders whose old job matches a new one take it, the best match first."""
        if event.slotting_threshold is None or not created:
            return
        inputs = self.council.inputs
        share = self.council.parameters.view.get(f"change_events.{name}.slotting_threshold", 1.0)
        threshold = math.floor(share * 1000 + 0.5)
        pairs = []
        for person in at_risk:
            if person.leaving:
                continue
            assert person.pool is not None
            old = int(inputs.role_masks[person.pool.cell % len(inputs.roles)])
            tie = self.council.chance("change", draws.join(key, person.key), 3)
            for post in created:
                score = redeployment.match_score(
                    old, inputs.role_skills[post.cell % len(inputs.roles)]
                )
                if score >= threshold:
                    pairs.append((-score, tie, post.index, person, post))
        for _, _, _, person, post in sorted(pairs, key=lambda p: p[:3]):
            if person.pool is not None and post.vacancy is not None:
                self.council.pool.slot_in(person, post)

    def delete(self, post: Post, cause: str, number: int = -1) -> None:
        """The post leaves the establishment: its campaign, recruiter and cover go with it."""
        council = self.council
        post.deleted = True
        if post.vacancy is not None:
            council.vacancies.close(post.vacancy)
        council.book.write(
            council.now,
            "post_deleted",
            post=post,
            source=post.cell,
            cause=cause,
            fte=post.fte,
            note=number,
        )

    # --- creating and transferring

    def _create(
        self, number: int, event: ChangeEvent, key: np.uint64, *, with_people: bool
    ) -> list[Post]:
        created: list[Post] = []
        for creation in event.create:
            for _ in range(creation.posts):
                created.append(self._create_post(number, creation, key, len(created)))
                if with_people:
                    self._transfer_in(number, event, key, created[-1], len(created) - 1)
                else:
                    self.council.vacancies.open_if_unfilled(created[-1])
        return created

    def _create_post(self, number: int, creation: Creation, key: np.uint64, row: int) -> Post:
        council, inputs = self.council, self.council.inputs
        cell = inputs.cell(creation.service, creation.role)
        post = council.add_post(
            draws.join(key, np.uint64(row)),
            cell,
            hundredths(creation.fte),
            event=number,
            row=row,
            employer=inputs.employers.index(creation.employer or inputs.employers[0]),
            funding=inputs.fundings.index(creation.funding or inputs.fundings[0]),
        )
        council.book.write(
            council.now, "post_created", post=post, target=cell, fte=post.fte, note=number
        )
        return post

    def _transfer_in(
        self, number: int, event: ChangeEvent, key: np.uint64, post: Post, row: int
    ) -> None:
        """Somebody comes with the post: their continuous service and age come with them."""
        council, inputs = self.council, self.council.inputs
        own = draws.join(draws.join(key, np.uint64(0x7475)), np.uint64(row))
        served = math.floor(event.transferred_service_years * YEAR)
        birth_day = (
            inputs.calendar.start_day
            + (council.now - math.floor(event.transferred_age_years * YEAR)) // DAY
        )
        role = post.cell % len(inputs.roles)
        person = council.staff.add(
            own,
            (TRANSFER, number, row, 0),
            birth_day,
            service_start=council.now - served,
            continuous_start=council.now - served,
            pension_start=council.now - served,
            row=int(inputs.role_point_low[role]),
            skills=int(inputs.role_masks[role]),
            like=-1,
        )
        council.vacancies.seat_newcomer(person, post, post.fte, "transferred_in", "transfer", 0)

    def _transfer_out(self, number: int, event: ChangeEvent, key: np.uint64, wanted: int) -> None:
        """Posts go to another employer with their holders, by keyed draw where not all of them."""
        chosen = sorted(self._in_scope(event), key=lambda post: self._draw(key, post))[:wanted]
        for post in chosen:
            post.deleted = True  # nobody is sought for it
            for seat in list(post.seats):
                person = seat.person
                if len(person.seats) == 1:
                    self.council.staff.leave(person, "transferred_out", "transfer")
                else:
                    self._lose_post(person, post, "", number)
            self.delete(post, "transfer", number)
