"""The redeployment pool: notice, coaches, offers, trials, and redundancy when notice runs out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wfmodel import draws
from wfmodel.flows import pay, redeployment
from wfmodel.scenario.change import Terms
from wfmodel.scenario.policies import Redeployment
from wfmodel.simulation.ledger import POOL as IN_POOL
from wfmodel.simulation.order import COACHING_END, ENDING, EXPIRY, TRIAL_END
from wfmodel.simulation.parameters import lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.staff import draw_seconds
from wfmodel.simulation.reference.state import Person, PoolPlace, Post, Seat, Vacancy
from wfmodel.simulation.segments import span
from wfmodel.units import DAY, WEEK, pence

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Pool:
    """Everybody at risk, and the coaches that they share."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.people: dict[int, Person] = {}
        self.newcomers = False
        self.waiting: list[Person] = []
        self.coaching = 0
        inputs = council.inputs
        self.policies = [
            (
                name,
                policy,
                inputs.in_scope(policy.services, policy.roles),
                *span(inputs.calendar, policy.start, policy.end),
            )
            for name, policy in sorted(inputs.scenario.policies.items())
            if isinstance(policy, Redeployment)
        ]

    def policy(self, cell: int) -> tuple[str, Redeployment] | None:
        """The first redeployment policy in force for a cell."""
        for name, policy, scope, first, last in self.policies:
            if first <= self.council.now < last and scope[cell]:
                return name, policy
        return None

    def _number(self, name: str, key: str, default: float) -> float:
        return self.council.parameters.view.get(f"policies.{name}.{key}", default)

    # --- entering

    def enter(self, person: Person, post: Post, event: str, event_number: int) -> None:
        """The person's post is deleted: they are at risk, and their notice runs."""
        council = self.council
        policy = self.policy(post.cell)
        statute, now = council.inputs.statute, council.now
        weeks = redeployment.statutory_notice_weeks(
            self._service_years(person, now),
            statute.at("notice_weeks_per_year", now),
            statute.at("notice_least_weeks", now),
            statute.at("notice_most_weeks", now),
        )
        if policy is not None:
            weeks = max(weeks, self._number(policy[0], "pool_weeks", 0.0))
        expires = council.now + math.ceil(weeks * WEEK)
        fte = person.seats[0].fte
        person.pool = PoolPlace(
            council.now, expires, post.cell, fte, event, event_number,
            person.row, person.row_since, person.role_since, person.post_since, person.skills,
        )  # fmt: skip
        seat = person.seats[0]
        council.staff.give_up(seat)
        person.fte = fte
        council.controls.count(post.cell, fte)  # still employed, until notice runs out
        self.people[person.index] = person
        council.book.write(
            council.now,
            "at_risk",
            person,
            post,
            assignment=seat.number,
            source=post.cell,
            target=IN_POOL,
            fte=fte,
            from_post=post,
            head=1,
            note=event_number,
        )
        council.clock.process(self.notice(person, person.pool))
        council.settle_soon()

    def seek(self, person: Person) -> None:
        """Look for a vacancy, and for a coach, where the policy in force says so."""
        assert person.pool is not None
        policy = self.policy(person.pool.cell)
        self.newcomers = True
        if policy is not None and not person.leaving:
            if policy[1].coaches is None:
                self._coach(person, policy[0])
            else:
                self.waiting.append(person)

    def _service_years(self, person: Person, when: int) -> int:
        day = self.council.inputs.calendar.start_day
        return redeployment.complete_years(day + person.continuous_start // DAY, day + when // DAY)

    def release(self, person: Person) -> None:
        """The person leaves the pool: their coach is free again."""
        place = person.pool
        assert place is not None
        self.people.pop(person.index, None)
        if person in self.waiting:
            self.waiting.remove(person)
        self._end_coaching(person, place)
        person.pool = None

    # --- coaches

    def grant_coaches(self) -> bool:
        """Give free coaches to those who have waited longest."""
        moved = False
        self.waiting.sort(key=lambda p: (p.pool.entered if p.pool else 0, p.order))
        for person in list(self.waiting):
            assert person.pool is not None
            policy = self.policy(person.pool.cell)
            if policy is None or policy[1].coaches is None or self.coaching >= policy[1].coaches:
                continue
            self.waiting.remove(person)
            self._coach(person, policy[0])
            moved = True
        return moved

    def _coach(self, person: Person, name: str) -> None:
        place = person.pool
        assert place is not None
        place.coached = place.coaching = True
        path = f"policies.{name}.coaching_weeks"
        self.coaching += 1
        self.council.book.write(self.council.now, "coaching_start", person, source=place.cell)
        self.council.clock.process(self._coaching(person, place, path))

    def _coaching(self, person: Person, place: PoolPlace, path: str) -> Steps:
        council = self.council
        length = lengths(path, 0.0, WEEK, council.parameters.view)
        key = draws.join(person.key, draws.text_key(place.event))
        duration = draw_seconds(length, council.streams["coaching"], key)
        yield council.clock.at(council.now + duration, ENDING, person.order, COACHING_END)
        if person.pool is place and place.coaching:
            self._end_coaching(person, place)
            council.settle_soon()

    def _end_coaching(self, person: Person, place: PoolPlace) -> None:
        if place.coaching:
            place.coaching = False
            self.coaching -= 1
            self.council.book.write(self.council.now, "coaching_end", person, source=place.cell)

    # --- offers

    def offer(self, vacancy: Vacancy) -> bool:
        """Offer a vacancy to those in the pool who match it, best first; whether somebody took
        it."""
        if not self.people:
            return False
        policy = self.policy(vacancy.post.cell)
        if policy is None:
            return False
        for score, person in self._matches(vacancy, *policy):
            vacancy.considered.add(person.index)
            if self._accepts(person, vacancy, policy[0]):
                self._redeploy(person, vacancy, score, policy[0])
                return True
        return False

    def _matches(
        self, vacancy: Vacancy, name: str, policy: Redeployment
    ) -> list[tuple[int, Person]]:
        """Who may be offered the vacancy: protected first, then by score, ties by keyed draw."""
        inputs, post = self.council.inputs, vacancy.post
        role = post.cell % len(inputs.roles)
        threshold = math.floor(self._number(name, "match_threshold", 0.0) * 1000 + 0.5)
        tolerance = math.floor(self._number(name, "fte_tolerance", 0.2) * 100 + 0.5)
        grade = inputs.scenario.roles[inputs.roles[role]].grade
        found = []
        for person in self.people.values():
            place = person.pool
            if (
                place is None
                or place.on_trial
                or person.leaving
                or person.index in vacancy.considered
            ):
                continue
            if abs(place.fte - post.unfilled) > tolerance:
                continue
            old_role = place.cell % len(inputs.roles)
            old_grade = inputs.scenario.roles[inputs.roles[old_role]].grade
            if (
                grade is not None
                and old_grade is not None
                and abs(grade - old_grade) > policy.grade_distance
            ):
                continue
            skills = (
                person.skills
                if policy.reading == "person_to_vacancy"
                else int(inputs.role_masks[old_role])
            )
            score = redeployment.match_score(skills, inputs.role_skills[role])
            if score >= threshold:
                protected = person.protected_until + DAY > self.council.now
                tie = self.council.chance("acceptance", draws.join(person.key, vacancy.key), 7)
                found.append((not protected, -score, tie, score, person))
        found.sort(key=lambda row: row[:3])
        return [(row[3], row[4]) for row in found]

    def _accepts(self, person: Person, vacancy: Vacancy, name: str) -> bool:
        place = person.pool
        assert place is not None
        key = draws.join(person.key, vacancy.key)
        if self.council.chance("acceptance", key, 0) < self._with_coach(
            place, name, "accept_probability"
        ):
            return True
        if self.council.chance("acceptance", key, 1) < self._number(
            name, "unreasonable_refusal", 0.0
        ):
            place.forfeited = True
        return False

    def _with_coach(self, place: PoolPlace, name: str, key: str) -> float:
        plain = self._number(name, key, 0.0)
        return self._number(name, f"{key}_coached", plain) if place.coached else plain

    def _redeploy(self, person: Person, vacancy: Vacancy, score: int, name: str) -> None:
        """Take the vacancy: on trial, where the policy has one."""
        council, post, place = self.council, vacancy.post, person.pool
        assert place is not None
        self._seat(person, vacancy, "")
        place.on_trial = True
        weeks = self._number(name, "trial_weeks", 4.0)
        length = max(math.ceil(weeks * WEEK), DAY)  # else failed trials could follow without end
        passing = self._with_coach(place, name, "trial_pass_probability")
        council.clock.process(self.trial(person, place, post, vacancy, length, passing))

    def _seat(self, person: Person, vacancy: Vacancy, cause: str) -> None:
        council, post, place = self.council, vacancy.post, person.pool
        assert place is not None
        council.staff.advance(person)
        council.controls.count(place.cell, -place.fte)
        person.fte = 0
        fte = min(place.fte, post.unfilled)
        waited = council.now - vacancy.opened
        council.vacancies.close(vacancy)
        if post.cell % len(council.inputs.roles) != place.cell % len(council.inputs.roles):
            council.staff.enter_role(person, post.cell)
        seat = council.staff.take(person, post, fte)
        person.post_since = council.now
        council.book.write(
            council.now,
            "redeployed",
            person,
            post,
            assignment=seat.number,
            source=place.cell,
            target=post.cell,
            cause=cause,
            fte=fte,
            head=1,
            note=waited,
        )
        council.staff.follow(person)
        council.vacancies.open_if_unfilled(post)

    def slot_in(self, person: Person, post: Post) -> None:
        """Slotting-in: a place in the new structure that is substantially the old job, without a
        trial."""
        assert post.vacancy is not None
        self._seat(person, post.vacancy, "slotted_in")
        self.release(person)

    def trial(
        self,
        person: Person,
        place: PoolPlace,
        post: Post,
        vacancy: Vacancy,
        length: int,
        passing: float,
    ) -> Steps:
        """Work the trial: stay, or go back to the pool, or out where notice has run out
        meanwhile."""
        council = self.council
        yield council.clock.at(council.now + length, ENDING, person.order, TRIAL_END)
        if (
            person.gone
            or person.pool is not place
            or not any(seat.post is post for seat in person.seats)
        ):
            return
        if council.chance("trial", draws.join(person.key, vacancy.key)) < passing:
            self.release(person)
            return
        self.trial_ended(person, post, person.seats[0])
        council.vacancies.vacated(post)
        if post.vacancy is not None:
            post.vacancy.considered |= vacancy.considered

    def trial_ended(self, person: Person, post: Post, seat: Seat) -> None:
        """Back from a trial that failed, or whose post went: to the pool, or out where notice has
        run out."""
        council, place = self.council, person.pool
        assert place is not None
        council.staff.advance(person)
        council.staff.give_up(seat)
        person.cell, person.fte = place.cell, place.fte
        person.row, person.row_since, person.skills = place.row, place.row_since, place.skills
        person.role_since, person.post_since = place.role_since, place.post_since
        council.controls.count(place.cell, place.fte)
        place.on_trial = False
        council.book.write(
            council.now,
            "trial_failed",
            person,
            post,
            assignment=seat.number,
            source=post.cell,
            target=place.cell,
            fte=place.fte,
            head=1,
            note=place.event_number,
        )
        if place.expired and not person.leaving:
            self._dismiss(person, place)
        else:
            council.staff.follow(person)
            self.newcomers = True
        council.settle_soon()

    # --- the end of notice

    def notice(self, person: Person, place: PoolPlace) -> Steps:
        """Notice runs out: redundant, unless on trial, which suspends it."""
        yield self.council.clock.at(place.expires, EXPIRY, person.order)
        if person.gone or person.pool is not place:
            return
        if person.leaving:
            return  # who resigns forfeits redundancy pay, and goes when their own notice ends
        if place.on_trial:
            place.expired = True
        else:
            self._dismiss(person, place)

    def _dismiss(self, person: Person, place: PoolPlace) -> None:
        cause = "unreasonable_refusal" if place.forfeited else ""
        event = self.council.inputs.scenario.change_events.get(place.event)
        terms = event.terms if event is not None else None
        amount = (
            0
            if place.forfeited
            else self.severance(person, place.cell, place.fte, place.expires, place.event, terms)
        )
        person.cell = place.cell
        self.council.staff.leave(person, "redundant", cause, amount)

    def severance(
        self, person: Person, cell: int, fte: int, when: int, event: str, terms: Terms | None
    ) -> int:
        """Redundancy pay in whole pence for somebody whose contract ends at ``when``."""
        inputs, parameters = self.council.inputs, self.council.parameters
        statute = inputs.statute
        if self._service_years(person, when) < statute.at("redundancy_qualifying_years", when):
            return 0
        day = inputs.calendar.start_day
        half_weeks = redeployment.redundancy_half_weeks(
            person.birth_day,
            day + person.continuous_start // DAY,
            day + when // DAY,
            int(statute.at("redundancy_most_years", when)),
            int(statute.at("redundancy_lower_age", when)),
            int(statute.at("redundancy_upper_age", when)),
        )
        role = cell % len(inputs.roles)
        row = pay.row_now(
            person.row, inputs.role_point_high[role], person.row_since, when, inputs.aprils
        )
        week = pay.week_pence(parameters.annual_pence(row, when), fte)
        actual = terms is not None and terms.actual_pay
        cap = 0 if actual else pence(statute.at("redundancy_week_cap_gbp", when))
        enhancement = parameters.view.get(f"change_events.{event}.terms.enhancement", 1.0)
        most = int(statute.at("redundancy_most_weeks", when))
        return redeployment.redundancy_pence(half_weeks, week, cap, enhancement, most)
