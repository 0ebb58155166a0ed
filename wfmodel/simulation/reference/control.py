"""Vacancy control: hold a share, all, or as many vacancies as a path of FTE asks."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows.recruitment import path_fte
from wfmodel.scenario.policies import VacancyControl
from wfmodel.simulation.order import ENDING, HOLD_END, POLICY
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import HELD, Vacancy
from wfmodel.simulation.segments import span
from wfmodel.units import MONTH, NEVER, hundredths

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


@dataclass(slots=True, eq=False)
class Control:
    """One policy of vacancy control, with the FTE employed in its scope and what it holds."""

    name: str
    policy: VacancyControl
    number: int
    scope: list[bool]
    exempt: list[bool]
    first: int
    last: int
    fte: int = 0
    opening: int = -1
    held: list[Vacancy] = field(default_factory=list)


class VacancyControls:
    """All policies that hold vacancies."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.controls: list[Control] = []
        inputs = council.inputs
        for name, policy in sorted(inputs.scenario.policies.items()):
            if isinstance(policy, VacancyControl):
                exempt = np.zeros(inputs.cells, dtype=bool)
                if policy.exempt_services:
                    exempt |= inputs.in_scope(policy.exempt_services, None)
                if policy.exempt_roles:
                    exempt |= inputs.in_scope(None, policy.exempt_roles)
                scope = inputs.in_scope(policy.services, policy.roles)
                first, last = span(inputs.calendar, policy.start, policy.end)
                number = len(self.controls)
                self.controls.append(
                    Control(
                        name, policy, number, scope.tolist(), exempt.tolist(), max(first, 0), last
                    )
                )

    def start(self) -> None:
        """Begin at each policy's start, look again at month ends, let go at its end."""
        for control in self.controls:
            self.council.clock.process(self.review(control))

    def count(self, cell: int, fte: int) -> None:
        """Employed FTE in a cell has changed."""
        for control in self.controls:
            if control.scope[cell]:
                control.fte += fte

    def review(self, control: Control) -> Steps:
        """Compare with the path at the start and at each month end in force; release all at the
        end."""
        council = self.council
        months = council.inputs.calendar.month_starts[1:].tolist()
        for instant in sorted(
            {control.first, *(m for m in months if control.first < m < control.last), control.last}
        ):
            if instant > council.inputs.calendar.horizon:
                return
            yield council.clock.at(instant, POLICY, 1 + control.number)
            if instant == control.first:
                control.opening = control.fte
            if instant >= control.last:
                self._let_go(control, everything=True)
            elif control.policy.mode == "until_target":
                self._let_go(control)

    def hold(self, vacancy: Vacancy) -> bool:
        """Whether the vacancy is held, by the first policy that covers it."""
        now = self.council.now
        if vacancy.controlled:
            return False
        for control in self.controls:
            cell = vacancy.post.cell
            if (
                not (control.first <= now < control.last and control.scope[cell])
                or control.exempt[cell]
            ):
                continue
            if control.policy.mode == "share":
                share = self.council.parameters.view.get(f"policies.{control.name}.share", 0.0)
                key = draws.join(vacancy.key, draws.text_key(control.name))
                if self.council.chance("control", key) >= share:
                    continue
            self._hold(control, vacancy)
            if control.policy.mode == "until_target":
                self._let_go(control, coming=vacancy)
            if vacancy.state == HELD:
                self.council.book.write(
                    now, "post_held", post=vacancy.post, target=cell, fte=vacancy.post.unfilled
                )
            return True
        return False

    def _hold(self, control: Control, vacancy: Vacancy) -> None:
        vacancy.state, vacancy.holder = HELD, control.number
        control.held.append(vacancy)
        longest = self.council.parameters.view.get(f"policies.{control.name}.hold_months", -1.0)
        if longest >= 0:
            self.council.clock.process(
                self._hold_at_most(vacancy, control, math.ceil(longest * MONTH))
            )

    def _hold_at_most(self, vacancy: Vacancy, control: Control, longest: int) -> Steps:
        yield self.council.clock.at(
            self.council.now + longest, ENDING, vacancy.post.order, HOLD_END
        )
        if not vacancy.closed and vacancy.state == HELD and vacancy.holder == control.number:
            control.held.remove(vacancy)
            self._release(vacancy)

    def _let_go(
        self, control: Control, *, everything: bool = False, coming: Vacancy | None = None
    ) -> None:
        """Release the oldest held vacancies, as many as the path leaves room for; the
        ``coming`` one is let through without ever having been held."""
        control.held.sort(key=lambda v: v.rank)
        room = math.inf if everything else self._room(control)
        while control.held and control.held[0].post.unfilled <= room:
            vacancy = control.held.pop(0)
            room -= vacancy.post.unfilled
            self._release(vacancy, announced=vacancy is not coming)

    def _release(self, vacancy: Vacancy, *, announced: bool = True) -> None:
        council = self.council
        vacancy.controlled = True
        if announced:
            council.book.write(
                council.now,
                "post_released",
                post=vacancy.post,
                target=vacancy.post.cell,
                fte=vacancy.post.unfilled,
            )
        council.vacancies.release(vacancy)

    def _room(self, control: Control) -> float:
        """FTE that may still be recruited: the path, less those employed, less what is being
        recruited."""
        path = self._path(control)
        if path >= NEVER:
            return math.inf
        recruiting = sum(
            v.post.unfilled
            for v in self.council.vacancies.open.values()
            if v.state != HELD and control.scope[v.post.cell]
        )
        return path - control.fte - recruiting

    def _path(self, control: Control) -> int:
        """Where FTE in scope should be at the end of this month, in hundredths."""
        council = self.council
        starts = council.inputs.calendar.month_starts
        month = int(np.searchsorted(starts, council.now, side="right"))
        end = int(starts[min(month, starts.size - 1)])
        path = control.policy.path
        assert path is not None
        if path.annual_reduction is not None:
            reduction = council.parameters.view.get(
                f"policies.{control.name}.path.annual_reduction", 0.0
            )
            opening = control.fte if control.opening < 0 else control.opening
            begun = int(np.searchsorted(starts, control.first, side="right")) - 1
            return path_fte(opening, reduction, path.straight, month - begun)
        assert path.fte is not None
        dates = sorted(path.fte)
        seconds = [council.inputs.calendar.seconds(d) for d in dates]
        if end < seconds[0]:
            return NEVER
        return hundredths(float(np.interp(end, seconds, [path.fte[d] for d in dates])))

    def forget(self, vacancy: Vacancy) -> None:
        """A held vacancy is filled or deleted."""
        self.controls[vacancy.holder].held.remove(vacancy)
