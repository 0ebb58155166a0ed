"""Agency and casual work: cover of vacancies, which ends when the post fills, and uses that do
not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows import recruitment
from wfmodel.scenario.policies import AgencyControl
from wfmodel.scenario.schema import AgencyUse
from wfmodel.simulation.order import COVER_END, COVER_START, ENDING, USE_END, USE_START
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.staff import draw_seconds
from wfmodel.simulation.reference.state import HELD, RESERVED, Cover, Vacancy
from wfmodel.simulation.segments import span
from wfmodel.units import NEVER, hundredths

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Agency:
    """Those who work here without being employed."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def start(self) -> None:
        """Begin the uses that do not cover vacancies; those under way are there at the start."""
        council, inputs = self.council, self.council.inputs
        for number, (name, use) in enumerate(inputs.scenario.workforce.agency_uses.items()):
            first, last = self._span(name, use)
            fte = hundredths(council.parameters.view.get(f"workforce.agency_uses.{name}.fte", 0.0))
            if last > max(first, 0) and fte > 0:
                if first <= 0:
                    self._write("agency_start", number, use, fte)
                council.clock.process(self.use(number, use, first, last, fte))

    def _span(self, name: str, use: AgencyUse) -> tuple[int, int]:
        """From its start to its end, or to the policy that ends it."""
        inputs = self.council.inputs
        first, last = span(inputs.calendar, use.start, use.end)
        for policy in inputs.scenario.policies.values():
            if isinstance(policy, AgencyControl) and name in policy.end_uses:
                last = min(last, max(0, span(inputs.calendar, policy.start, None)[0]))
        return first, last

    def use(self, number: int, use: AgencyUse, first: int, last: int, fte: int) -> Steps:
        """One use that does not cover a vacancy."""
        if first > 0:
            yield self.council.clock.at(first, ENDING, number, USE_START)
            self._write("agency_start", number, use, fte)
        if last < NEVER:
            yield self.council.clock.at(last, ENDING, number, USE_END)
            self._write("agency_end", number, use, fte)

    def _write(self, kind: str, number: int, use: AgencyUse, fte: int) -> None:
        council = self.council
        cell = council.inputs.cell(use.service, use.role)
        council.workload.agency[cell] += fte if kind == "agency_start" else -fte
        council.book.write(
            council.now, kind, assignment=number, target=cell, cause=use.reason, fte=fte
        )

    def consider(self, vacancy: Vacancy) -> None:
        """Cover a new vacancy, or not; whether it is held or recruited makes no difference to the
        need."""
        council, post = self.council, vacancy.post
        role = council.parameters.roles[post.cell % len(council.inputs.roles)]
        if role.cover_probability <= 0:
            return
        more = council.parameters.effects.cover[post.cell, council.segment]
        if council.chance("agency", vacancy.key, 0) < role.cover_probability * more:
            council.clock.process(self.cover(vacancy))

    def cover(self, vacancy: Vacancy) -> Steps:
        """Come after a lag; stay until the post fills, the cover has lasted too long, or become
        permanent."""
        council, post = self.council, vacancy.post
        role = council.parameters.roles[post.cell % len(council.inputs.roles)]
        stream = council.streams["agency"]
        lag = draw_seconds(role.cover_lag, stream, draws.join(vacancy.key, np.uint64(1)))
        if vacancy.under_way:
            lag = 0
        yield council.clock.at(council.now + lag, ENDING, post.order, COVER_START)
        if vacancy.closed or vacancy.acting is not None:
            return
        effects = council.parameters.effects
        vacancy.cover = Cover(post.unfilled, post.cell)
        council.workload.agency[post.cell] += post.unfilled
        council.book.write(
            council.now,
            "agency_start",
            post=post,
            target=post.cell,
            cause="vacancy",
            fte=post.unfilled,
        )
        hazard = role.conversion * effects.conversion[post.cell, council.segment]
        wait = recruitment.waiting_time(draws.exponential(stream, vacancy.key, 1), hazard)
        longest = int(effects.longest_cover[post.cell, council.segment])
        cover, began = vacancy.cover, council.now
        if wait < longest:
            yield council.clock.at(began + wait, ENDING, post.order, COVER_END)
            if vacancy.closed or cover.ended:
                return
            if vacancy.state not in (HELD, RESERVED):
                council.vacancies.start_newcomer(vacancy, "agency_to_permanent")
                council.settle_soon()
                return
        if longest < NEVER:
            yield council.clock.at(began + longest, ENDING, post.order, COVER_END)
            self.end(vacancy)

    def end(self, vacancy: Vacancy) -> None:
        """The cover of a vacancy ends."""
        cover = vacancy.cover
        if cover is not None and not cover.ended:
            cover.ended = True
            self.council.workload.agency[cover.cell] -= cover.fte
            self.council.book.write(
                self.council.now,
                "agency_end",
                post=vacancy.post,
                target=cover.cell,
                cause="vacancy",
                fte=cover.fte,
            )
