"""Acting up: somebody does a manager's work while the post is open, and keeps their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfmodel.scenario.policies import ActingUp
from wfmodel.simulation.order import ACTING_START, ENDING
from wfmodel.simulation.parameters import Lengths, lengths
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.staff import draw_seconds
from wfmodel.simulation.reference.state import Person, StandIn, Vacancy
from wfmodel.simulation.reference.vacancies import is_settled
from wfmodel.simulation.segments import span
from wfmodel.units import DAY

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Acting:
    """Who acts up where, and the open posts that look for somebody."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.looking: list[Vacancy] = []
        inputs = council.inputs
        self.policies = [
            (
                name,
                inputs.in_scope(policy.services, policy.roles or inputs.managing_roles),
                *span(inputs.calendar, policy.start, policy.end),
            )
            for name, policy in sorted(inputs.scenario.policies.items())
            if isinstance(policy, ActingUp)
        ]

    def consider(self, vacancy: Vacancy) -> None:
        """Somebody will act in a newly open post, or not, by the first policy that covers it."""
        council = self.council
        for name, scope, first, last in self.policies:
            if first <= council.now < last and scope[vacancy.post.cell]:
                path = f"policies.{name}"
                view = council.parameters.view
                if council.chance("acting", vacancy.key) < view.get(f"{path}.probability", 0.0):
                    lag = lengths(f"{path}.lag_days", 0.0, DAY, view)
                    council.clock.process(self.look(vacancy, lag))
                return

    def look(self, vacancy: Vacancy, lag: Lengths) -> Steps:
        """After a lag somebody is looked for, at the next settlement."""
        council = self.council
        seconds = draw_seconds(lag, council.streams["acting"], vacancy.key)
        if vacancy.under_way:
            seconds = 0
        yield council.clock.at(council.now + seconds, ENDING, vacancy.post.order, ACTING_START)
        if not vacancy.closed:
            self._look_again(vacancy)

    def _look_again(self, vacancy: Vacancy) -> None:
        self.looking.append(vacancy)
        self.council.settle_soon()

    def appoint(self) -> None:
        """Let the longest in role of those eligible act up; where nobody is, nobody does."""
        looking, self.looking = sorted(self.looking, key=lambda v: v.rank), []
        for vacancy in looking:
            covered = vacancy.cover is not None and not vacancy.cover.ended
            if vacancy.closed or covered:
                continue
            able = [person for person in self._feeding(vacancy) if self._may_act(person, vacancy)]
            if able:
                self._begin(min(able, key=lambda p: (p.role_since, p.order)), vacancy)

    def _feeding(self, vacancy: Vacancy) -> list[Person]:
        """The holders of feeding roles in the same service."""
        inputs, holders = self.council.inputs, self.council.staff.holders
        roles = len(inputs.roles)
        service = vacancy.post.cell // roles
        feeding = inputs.feeding[vacancy.post.cell % roles]
        return [p for role in feeding for p in holders[role].values() if p.cell // roles == service]

    def _may_act(self, person: Person, vacancy: Vacancy) -> bool:
        return is_settled(person) and person.acting is None and not person.holds(vacancy.post)

    def _begin(self, person: Person, vacancy: Vacancy) -> None:
        seat, post = person.seats[0], vacancy.post
        fte = min(seat.fte, post.unfilled)
        person.acting = vacancy.acting = StandIn(
            person, vacancy, seat.post, fte, seat.post.cell, post.cell
        )
        self._write("cover_start", person.acting)

    def stop(self, person: Person) -> None:
        """Somebody can act up no longer; another is looked for."""
        if person.acting is not None:
            vacancy = person.acting.vacancy
            self.end(vacancy)
            self._look_again(vacancy)

    def end(self, vacancy: Vacancy) -> None:
        """Nobody acts in the post any longer."""
        stand_in = vacancy.acting
        if stand_in is not None:
            stand_in.person.acting = vacancy.acting = None
            self._write("cover_end", stand_in)

    def _write(self, kind: str, stand_in: StandIn) -> None:
        self.council.book.write(
            self.council.now, kind, stand_in.person, stand_in.vacancy.post,
            source=stand_in.source, target=stand_in.target, cause="acting_up", fte=stand_in.fte,
            from_post=stand_in.own,
        )  # fmt: skip
