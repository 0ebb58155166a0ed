"""Staff: joining, leaving, and taking and giving up posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition, pay, recruitment
from wfmodel.jit import whole
from wfmodel.simulation.inputs import CONTRACTS
from wfmodel.simulation.ledger import OPENING, OUTSIDE
from wfmodel.simulation.order import LEAVE, LEAVING, NOTICE, PROBATION
from wfmodel.simulation.parameters import CAUSES, Lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person, Post, Seat
from wfmodel.simulation.world import World
from wfmodel.units import DAY, NEVER, YEAR, birthday

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


def draw_seconds(
    lengths: Lengths, stream: np.uint64, key: np.uint64, multiplier: float = 1.0
) -> int:
    """A length of time in whole seconds, drawn where it varies."""
    unit = lengths.unit * multiplier
    return recruitment.duration(lengths.shape, lengths.a, lengths.b, lengths.c, stream, key, unit)


@whole
def _next_notice(m, f, rates, remaining, since, until, role, cell, service_start, birth_day,
                 start_day, bound_until, bound_multiplier):  # type: ignore[no-untyped-def]  # fmt: skip
    """`attrition.next_notice`, for Python to call."""
    return attrition.next_notice(
        World(m, f), rates, remaining, 0, since, until, role, cell, service_start, birth_day,
        start_day, bound_until, bound_multiplier,
    )  # fmt: skip


class Staff:
    """Everybody employed, and the rules by which they come, leave and hold posts."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.people: list[Person] = []
        self.holders: list[dict[int, Person]] = [{} for _ in council.inputs.roles]

    # --- the opening workforce

    def open(self) -> None:
        """Seat the opening workforce; whoever is about to leave has given notice already."""
        council, inputs = self.council, self.council.inputs
        posts, people, seats = inputs.posts, inputs.people, inputs.assignments
        for row in range(posts.key.size):
            council.add_post(
                posts.key[row],
                int(posts.cell[row]),
                int(posts.fte[row]),
                employer=int(posts.employer[row]),
                funding=int(posts.funding[row]),
                row=row,
            )
        for row in range(people.key.size):
            self._opening_person(row)
        for person, post, fte, start in zip(
            seats.person.tolist(),
            seats.post.tolist(),
            seats.fte.tolist(),
            seats.start.tolist(),
            strict=True,
        ):
            holder, place = self.people[person], council.posts[post]
            seat = self.take(holder, place, fte)
            main = len(holder.seats) == 1
            if main:
                holder.role_since = holder.post_since = min(start, 0)
            council.book.write(
                0,
                "opening",
                holder,
                place,
                assignment=seat.number,
                source=OUTSIDE,
                target=place.cell,
                fte=fte,
                head=int(main),
            )
        for person in self.people:
            if person.seats:
                person.since = -council.parameters.roles[person.cell % len(inputs.roles)].notice
                self.follow(person)
        for post in council.posts:
            council.vacancies.open_if_unfilled(post, under_way=True)

    def _opening_person(self, row: int) -> None:
        people = self.council.inputs.people
        self.add(
            people.key[row],
            (OPENING, row, 0, 0),
            int(people.birth_day[row]),
            service_start=int(people.service_start[row]),
            continuous_start=int(people.continuous_start[row]),
            pension_start=int(people.pension_start[row]),
            row=int(people.point[row]),
            skills=int(people.skills[row]),
            like=row,
            contract=int(people.contract[row]),
            contract_end=int(people.contract_end[row]),
            protected_until=int(people.protected_until[row]),
        )

    # --- joining

    def add(
        self,
        key: np.uint64,
        origin: tuple[int, int, int, int],
        birth_day: int,
        *,
        service_start: int,
        continuous_start: int,
        pension_start: int,
        row: int,
        skills: int,
        like: int,
        contract: int = 0,
        contract_end: int = NEVER,
        protected_until: int = -NEVER,
    ) -> Person:
        """A new person; ``like`` is the opening person whose characteristics they share (−1: none
        stated)."""
        now = max(self.council.now, 0)
        person = Person(
            len(self.people),
            key,
            birth_day,
            service_start,
            continuous_start,
            pension_start,
            protected_until,
            contract == 0,
            contract_end,
            skills,
            row,
            now,
        )
        person.casual = contract == CONTRACTS.index("casual")
        self.people.append(person)
        opening = self.council.inputs.people
        traits = (-1, -1, -1)
        if like >= 0:
            traits = (
                int(opening.sex[like]),
                int(opening.ethnicity[like]),
                int(opening.disability[like]),
            )
        person.sex = traits[0]
        self.council.book.people.append(
            (
                key,
                *origin,
                birth_day,
                now,
                service_start,
                continuous_start,
                pension_start,
                row,
                *traits,
            )
        )
        stream = self.council.streams["attrition"]
        person.remaining = np.array(
            [attrition.threshold(stream, key, cause) for cause in range(attrition.CAUSES)],
            dtype=np.int64,
        )
        person.since = person.role_since = person.post_since = now
        return person

    def newcomer(
        self,
        key: np.uint64,
        origin: tuple[int, int, int, int],
        role: int,
        age: Lengths,
        continuous: int,
    ) -> Person:
        """Somebody from outside for a role: age and characteristics by chance, prior service as
        given in seconds."""
        council = self.council
        stream = council.streams["profile"]
        lived = draw_seconds(age, stream, draws.join(key, np.uint64(1)))
        lived = min(max(lived, 16 * YEAR), 75 * YEAR)
        birth_day = council.inputs.calendar.start_day + (council.now - lived) // DAY
        return self.add(
            key,
            origin,
            birth_day,
            service_start=council.now,
            continuous_start=council.now - continuous,
            pension_start=council.now,
            row=int(council.inputs.role_point_low[role]),
            skills=int(council.inputs.role_masks[role]),
            like=self._like(key, role),
        )

    def _like(self, key: np.uint64, role: int) -> int:
        """An opening person, of the role where there is one, picked by the newcomer's key."""
        rows = self.council.inputs.opening_holders[role]
        return (
            -1
            if rows.size == 0
            else int(rows[int(self.council.chance("profile", key, 9) * rows.size)])
        )

    # --- taking and giving up posts

    def take(self, person: Person, post: Post, fte: int, *, main: bool = False) -> Seat:
        """Put the person into the post; ``main`` puts it before any other that they hold."""
        seat = Seat(self.council.book.new_assignment(), person, post, fte)
        if main and person.seats:
            del self.holders[person.cell % len(self.holders)][person.index]
            person.seats.insert(0, seat)
        else:
            person.seats.append(seat)
        post.seats.append(seat)
        post.filled += fte
        if person.seats[0] is seat:
            person.cell = post.cell
            self.holders[post.cell % len(self.holders)][person.index] = person
        person.fte += fte
        self.council.controls.count(post.cell, fte)
        return seat

    def give_up(self, seat: Seat) -> None:
        """Take the person out of the post; what becomes vacant is opened by the caller."""
        person, post = seat.person, seat.post
        main = person.seats[0] is seat
        if main:
            self.council.acting.stop(person)
            self.council.absences.uncover(person)
        person.seats.remove(seat)
        post.seats.remove(seat)
        post.filled -= seat.fte
        person.fte -= seat.fte
        self.council.controls.count(post.cell, -seat.fte)
        if post.supernumerary and person in self.council.placement.guaranteed:
            self.council.placement.guaranteed.remove(person)
        if main:
            del self.holders[post.cell % len(self.holders)][person.index]
            if person.seats:
                person.cell = person.seats[0].post.cell
                self.holders[person.cell % len(self.holders)][person.index] = person

    def enter_role(self, person: Person, cell: int) -> None:
        """What a change of role changes: pay row, skills, time in role."""
        inputs = self.council.inputs
        role = cell % len(inputs.roles)
        now = self.council.now
        current = self.pay_row(person)
        person.row = pay.row_on_move(
            current, inputs.role_point_low[role], inputs.role_point_high[role]
        )
        person.row_since = now
        person.skills |= int(inputs.role_masks[role])
        person.role_since = now

    def pay_row(self, person: Person) -> int:
        """The pay row the person is on now."""
        inputs = self.council.inputs
        high = inputs.role_point_high[person.cell % len(inputs.roles)]
        return pay.row_now(person.row, high, person.row_since, self.council.now, inputs.aprils)

    # --- leaving

    def advance(self, person: Person) -> None:
        """Bring accumulated hazards to this instant, before anything that they depend on
        changes."""
        if person.exposed and person.since < self.council.now:
            self._next(person, person.remaining, self.council.now)
        person.since = self.council.now

    def _next(self, person: Person, remaining: np.ndarray, until: int) -> tuple[int, int]:
        parameters = self.council.parameters
        return _next_notice(
            *parameters.tables,
            parameters.rates,
            remaining,
            person.since,
            until,
            person.cell % len(self.holders),
            person.cell,
            person.service_start,
            person.birth_day,
            self.council.inputs.calendar.start_day,
            person.bound_until,
            person.bound_multiplier,
        )

    def follow(self, person: Person) -> None:
        """Work out anew when the person will leave, and wait for it; notice once given stands."""
        if person.leaving:
            return
        person.plan += 1
        self._plan(person)
        self.council.occurrences.follow(person)

    def look_ahead(self, person: Person) -> None:
        """What work presses is known for another month."""
        if not person.leaving:
            self.advance(person)
            self._plan(person)

    def _plan(self, person: Person) -> None:
        """Work out when the person will leave, as far as can be seen, and wait for it."""
        person.sight += 1
        council = self.council
        horizon = council.inputs.calendar.horizon
        role = council.parameters.roles[person.cell % len(self.holders)]
        notice_at, cause = NEVER, -1
        if person.exposed:
            seen = council.workload.sight(person.cell)
            notice_at, cause = self._next(person, person.remaining.copy(), seen)
        leaves_at = notice_at + role.notice if cause >= 0 else NEVER
        why = CAUSES[cause] if cause >= 0 else ""
        for date, reason in (
            (self._retirement(person, role.retirement_age), "retirement"),
            (person.contract_end, "end_of_fixed_term"),
        ):
            if date < leaves_at:
                leaves_at, why = date, reason
                notice_at = max(date - role.notice, council.now)
        if notice_at < horizon:
            council.clock.process(self.leaving(person, person.sight, notice_at, leaves_at, why))

    def _retirement(self, person: Person, age: int) -> int:
        if age <= 0:
            return NEVER
        date = (birthday(person.birth_day, age) - self.council.inputs.calendar.start_day) * DAY
        return date if date >= self.council.now else NEVER

    def leaving(
        self, person: Person, sight: int, notice_at: int, leaves_at: int, cause: str
    ) -> Steps:
        """Give notice, work it, leave; unless things are seen otherwise by then."""
        council = self.council
        yield council.clock.at(notice_at, LEAVING, person.order, NOTICE)
        if person.sight != sight or person.gone:
            return
        person.leaving, person.notice_at = True, council.now
        council.book.write(council.now, "notice_given", person, source=person.cell, cause=cause)
        yield council.clock.at(leaves_at, LEAVING, person.order, LEAVE)
        if not person.gone and person.sight == sight:
            self.leave(person, "leaver", cause)

    def leave(self, person: Person, kind: str, cause: str, note: int = 0) -> None:
        """Leave the council: one movement for each assignment; whatever becomes vacant is
        opened."""
        council = self.council
        council.training.interrupted(person)
        if person.away is not None:
            council.absences.end(person)
        person.gone = True
        cell = person.cell
        if person.pool is not None:
            council.pool.release(person)
        if not person.seats:
            fte = person.fte
            council.controls.count(cell, -fte)
            council.book.write(
                council.now,
                kind,
                person,
                source=cell,
                target=OUTSIDE,
                cause=cause,
                fte=fte,
                head=1,
                note=note,
            )
        main = person.seats[0] if person.seats else None
        for seat in list(person.seats):
            head = int(seat is main)
            self.give_up(seat)
            council.book.write(
                council.now,
                kind,
                person,
                seat.post,
                assignment=seat.number,
                source=seat.post.cell,
                target=OUTSIDE,
                cause=cause,
                fte=seat.fte,
                head=head,
                note=note * head,
            )
            council.vacancies.vacated(seat.post, person.notice_at)
        council.intakes.supervision_changed()
        council.settle_soon()

    def probation(self, person: Person, role: int) -> Steps:
        """Work the probation; pass it, or leave."""
        council = self.council
        numbers = council.parameters.roles[role]
        yield council.clock.at(
            council.now + max(numbers.probation, DAY), LEAVING, person.order, PROBATION
        )
        if person.gone:
            return
        if council.chance("probation", person.key) < numbers.pass_probability:
            council.book.write(council.now, "probation_passed", person, source=person.cell)
        else:
            council.book.write(council.now, "probation_failed", person, source=person.cell)
            self.leave(person, "leaver", "probation_failed")
