"""Agency and casual work: cover of vacancies, which ends when the post fills, and uses that do
not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.scenario.policies import AgencyControl
from wfmodel.simulation.reference.clock import ENDING, Steps
from wfmodel.simulation.reference.staff import draw_length
from wfmodel.simulation.reference.state import HELD, RESERVED, Cover, Vacancy
from wfmodel.simulation.segments import span
from wfmodel.units import NEVER, YEAR, hundredths

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Agency:
    """Those who work here without being employed."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def start(self) -> None:
        """Begin the uses that do not cover vacancies."""
        for number, name in enumerate(self.council.inputs.scenario.workforce.agency_uses):
            self.council.clock.process(self.use(number, name))

    def use(self, number: int, name: str) -> Steps:
        """One use, from its start to its end or to the policy that ends it."""
        council, inputs = self.council, self.council.inputs
        use = inputs.scenario.workforce.agency_uses[name]
        first, last = span(inputs.calendar, use.start, use.end)
        for policy in inputs.scenario.policies.values():
            if isinstance(policy, AgencyControl) and name in policy.end_uses:
                last = min(last, max(0, span(inputs.calendar, policy.start, None)[0]))
        fte = hundredths(council.parameters.view.get(f"workforce.agency_uses.{name}.fte", 0.0))
        cell = inputs.cell(use.service, use.role)
        if last <= max(first, 0) or fte == 0:
            return
        yield council.clock.at(max(first, 0), ENDING, number)
        council.book.write(
            council.now, "agency_start", assignment=number, target=cell, cause=use.reason, fte=fte
        )
        if last < NEVER:
            yield council.clock.at(last, ENDING, number)
            council.book.write(
                council.now, "agency_end", assignment=number, target=cell, cause=use.reason, fte=fte
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
        lag = (
            draw_length(role.cover_lag, stream, draws.join(vacancy.key, np.uint64(1)))
            * role.cover_lag.unit
        )
        yield council.clock.at(council.now + max(0, math.ceil(lag)), ENDING, post.order)
        if vacancy.closed:
            return
        effects = council.parameters.effects
        vacancy.cover = Cover(post.unfilled, post.cell)
        council.book.write(
            council.now,
            "agency_start",
            post=post,
            target=post.cell,
            cause="vacancy",
            fte=post.unfilled,
        )
        hazard = role.conversion * effects.conversion[post.cell, council.segment]
        wait = (
            math.ceil(draws.exponential(stream, vacancy.key, 1) / hazard * YEAR)
            if hazard > 0
            else NEVER
        )
        longest = int(effects.longest_cover[post.cell, council.segment])
        cover, began = vacancy.cover, council.now
        if wait < longest:
            yield council.clock.at(began + wait, ENDING, post.order)
            if vacancy.closed or cover.ended:
                return
            if vacancy.state not in (HELD, RESERVED):
                council.vacancies.start_newcomer(vacancy, "agency_to_permanent")
                council.settle_soon()
                return
        if longest < NEVER:
            yield council.clock.at(began + longest, ENDING, post.order)
            self.end(vacancy)

    def end(self, vacancy: Vacancy) -> None:
        """The cover of a vacancy ends."""
        cover = vacancy.cover
        if cover is not None and not cover.ended:
            cover.ended = True
            self.council.book.write(
                self.council.now,
                "agency_end",
                post=vacancy.post,
                target=cover.cell,
                cause="vacancy",
                fte=cover.fte,
            )
