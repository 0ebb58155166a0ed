"""What everybody is paid, person by person in plain whole numbers, from the independent replay."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from replay import Replay, Somebody

from wfmodel.flows.pay import row_now, row_on_move
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import CAUSES, KINDS, Ledger

Terms = tuple[int, int, int, int, int]
"""Cell, FTE, share of pay, cell acted in, FTE acted."""


@dataclass
class Job:
    """What somebody is paid for: a seat, or a place beside the posts. ``row`` is the pay row at
    ``entered``, when they came into the role; ``share`` the thousandths of pay that the council
    pays; ``acts_in`` a cell in which they act up for ``acted`` FTE, or −1."""

    start: int
    cell: int
    fte: int
    row: int
    entered: int
    pool: bool
    share: int
    acts_in: int
    acted: int


class Payslips(Replay):
    """Replays ``ledger``; seconds of everybody's employment, and pence × seconds of their pay."""

    def __init__(self, inputs: Inputs, ledger: Ledger) -> None:
        self.inputs = inputs
        self.head_seconds = self.fte_seconds = self.pence_seconds = 0
        self._jobs: defaultdict[int, dict[int, Job]] = defaultdict(dict)
        self._lost: dict[int, Job] = {}
        self._since: dict[int, int] = {}
        self._shares: dict[int, int] = {}
        super().__init__(ledger, inputs.calendar.month_starts)
        horizon = inputs.calendar.horizon
        self.head_seconds += sum(horizon - start for start in self._since.values())
        for jobs in self._jobs.values():
            for job in jobs.values():
                self._pay(job, horizon)

    def _look_at(self, move: np.void) -> None:
        person, now = int(move["person"]), int(move["time"])
        if person < 0:
            return
        who, jobs = self.people[person], self._jobs[person]
        if who.here:
            self._since.setdefault(person, now)
        elif person in self._since:
            self.head_seconds += now - self._since.pop(person)
        held = _held(who, self, self._share(move))
        ended = [n for n, job in jobs.items() if held.get(n) != _terms(job)]
        before = [jobs.pop(number) for number in ended]
        for job in before:
            self._pay(job, now)
            if job.pool:
                self._lost[person] = job
        for number in held.keys() - jobs.keys():
            jobs[number] = self._job(move, before[-1] if before else None, held[number])

    def _share(self, move: np.void) -> int:
        """Thousandths of pay that the council pays while somebody is, or is not, away."""
        person, note = int(move["person"]), int(move["note"])
        if KINDS[move["kind"]] == "absence_start":
            seconded = CAUSES[move["cause"]] == "secondment"
            self._shares[person] = 1000 - note if seconded else note
        return self._shares[person] if self.people[person].away else 1000

    def _job(self, move: np.void, before: Job | None, terms: Terms) -> Job:
        """The job that begins with a movement, at the pay of the one before or of who joins."""
        inputs, person, now = self.inputs, int(move["person"]), int(move["time"])
        cell, fte, share, acts_in, acted = terms
        role = cell % len(inputs.roles)
        low, high = int(inputs.role_point_low[role]), int(inputs.role_point_high[role])
        if before is None:
            row, entered = int(self.ledger.people["pay_point"][person]), now
            row = row_on_move(row, low, high)
        elif KINDS[move["kind"]] == "trial_failed":  # paid as in the post that was lost
            row, entered = self._lost[person].row, self._lost[person].entered
        elif before.cell % len(inputs.roles) == role:
            row, entered = before.row, before.entered
        else:
            top = int(inputs.role_point_high[before.cell % len(inputs.roles)])
            row = row_now(before.row, top, before.entered, now, inputs.aprils)
            row, entered = row_on_move(row, low, high), now
        pool = self.people[person].pool and not self.people[person].seats
        return Job(now, cell, fte, row, entered, pool, share, acts_in, acted)

    def _pay(self, job: Job, end: int) -> None:
        """Add what a job came to, between its start, each 1 April and its end."""
        inputs = self.inputs
        high = int(inputs.role_point_high[job.cell % len(inputs.roles)])
        cuts = [job.start, *(a for a in inputs.aprils.tolist() if job.start < a < end), end]
        self.fte_seconds += job.fte * (end - job.start)
        for first, last in pairwise(cuts):
            row = row_now(job.row, high, job.entered, first, inputs.aprils)
            annual = (int(inputs.pay_annual[row]) * job.fte + 50) // 100
            if job.acts_in >= 0:
                lowest = inputs.role_point_low[job.acts_in % len(inputs.roles)]
                above = max(0, int(inputs.pay_annual[lowest] - inputs.pay_annual[row]))
                annual += (above * job.acted + 50) // 100
            annual = (annual * job.share + 500) // 1000
            self.pence_seconds += annual * (last - first)


def _held(who: Somebody, replay: Replay, share: int) -> dict[int, Terms]:
    """On what terms every seat is held, by its number, and a place beside the posts as number
    −1."""
    held: dict[int, Terms] = {}
    for number, (post, fte) in who.seats.items():
        acts_in, acted = -1, 0
        if number == who.main and who.acts_in >= 0:
            acts_in, acted = replay.posts[who.acts_in].cell, replay.posts[who.acts_in].acted
        held[number] = (replay.posts[post].cell, fte, share, acts_in, acted)
    return held if who.beside is None else held | {-1: (*who.beside, share, -1, 0)}


def _terms(job: Job) -> Terms:
    return job.cell, job.fte, job.share, job.acts_in, job.acted
