"""Identities that every ledger must keep, checked by a plain replay of its own.

Nothing here is shared with the fold: two readings of the same movements that disagree show a
mistake in one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import CAUSES, KINDS, OPENING, OUTSIDE, Ledger

WHOLE = 100
"""One FTE in hundredths."""

JOINS = ("opening", "starter", "transferred_in")
LEAVES = ("leaver", "voluntary_exit", "redundant", "transferred_out")
MOVES = ("promoted", "moved_sideways", "redeployed")
QUIET = (
    "notice_given", "probation_passed", "probation_failed", "post_advertised", "campaign_failed",
    "post_held",
    "post_released", "place_deferred", "place_lost", "coaching_start", "coaching_end",
    "agency_start", "agency_end",
    "stepped_up", "absence_start", "absence_end", "cover_start", "cover_end",
)  # fmt: skip


@dataclass
class Held:
    """What one person has: FTE by post (−1 without one), the cell where they count, whether they
    have left.
    """

    posts: dict[int, int] = field(default_factory=dict)
    cells: dict[int, int] = field(default_factory=dict)
    main: int = -2
    gone: bool = False

    @property
    def cell(self) -> int:
        """Where they count: the cell of their main assignment."""
        return self.cells[self.main]


@dataclass
class Stand:
    """What one post is: its cell, FTE, and who holds how much of it."""

    cell: int
    fte: int
    extra: bool
    alive: bool
    holders: dict[int, int] = field(default_factory=dict)


def check_ledger(inputs: Inputs, ledger: Ledger) -> list[str]:
    """Every violation of the ledger's invariants, in words; empty where there is none.

    Time runs forward; nobody acts before joining or after leaving; each leaves once; nobody's
    assignments exceed 1.0 FTE; a post's holders never exceed it; FTE in posts never exceeds
    establishment plus supernumerary posts; by role and month, opening + joining + moves in −
    leaving − moves out = closing, where the closing is that of the people themselves.
    """
    return _Check(inputs, ledger).run()


class _Check:
    def __init__(self, inputs: Inputs, ledger: Ledger) -> None:
        self.inputs, self.ledger = inputs, ledger
        self.people: dict[int, Held] = {}
        self.posts = {
            n: Stand(int(p["cell"]), int(p["fte"]), bool(p["supernumerary"]), p["event"] < 0)
            for n, p in enumerate(ledger.posts)
        }
        self.wrong: list[str] = []
        self.change: dict[str, Counter[int]] = defaultdict(Counter)
        self.closing: Counter[int] = Counter()
        self.touched: tuple[set[int], set[int]] = (set(), set())

    def run(self) -> list[str]:
        """Replay, looking at the months as they end."""
        moves = self.ledger.movements
        times = moves["time"]
        if times.size and np.any(np.diff(times) < 0):
            self.wrong.append("movements are not in the order of time")
        ends = self.inputs.calendar.month_starts[1:].tolist()
        month = 0
        previous = -1
        for i, move in enumerate(moves.tolist()):
            time = move[0]
            if time != previous:
                self._look(previous)
                previous = time
            while month < len(ends) and time >= ends[month]:
                self._month(month + 1)
                month += 1
            self._apply(i, move)
        self._look(previous)
        for left in range(month, len(ends)):
            self._month(left + 1)
        return self.wrong

    # --- one movement ----------------------------------------------------------------------------

    def _apply(self, i: int, move: tuple) -> None:
        _, code, person, post, _, source, target, cause, fte, from_post, head, _ = move
        kind = KINDS[code]
        self.touched[0].add(person)
        self.touched[1].update(n for n in (post, from_post) if n >= 0)
        if person >= 0 and person in self.people and self.people[person].gone:
            last = self.people[person]
            if not (kind in (*LEAVES, "dropped_out") and post in last.posts):
                self.wrong.append(f"movement {i}: person {person} acts ({kind}) after leaving")
                return
        if kind in ("post_created", "post_deleted"):
            self.posts[post].alive = kind == "post_created"
            if kind == "post_created":
                self.posts[post].cell = target
        elif kind in QUIET:
            return
        elif kind in JOINS or (kind == "intake" and source == OUTSIDE):
            self._joins(i, kind, person, post, target, fte, head)
        elif kind in LEAVES or (kind == "dropped_out" and target == OUTSIDE):
            self._leaves(i, kind, person, post)
        elif person not in self.people:
            self.wrong.append(f"movement {i}: person {person} acts ({kind}) before joining")
        elif kind == "at_risk":
            self._moves(i, person, post, -1, source, fte)
        elif kind == "trial_failed":
            self._moves(i, person, post, -1, target, fte)
        elif kind in MOVES:
            self._moves(i, person, -1 if kind == "redeployed" else from_post, post, target, fte)
        elif kind == "intake" and from_post >= 0:
            self._moves(i, person, from_post, -1, target, fte)
        elif kind == "hours_changed" and cause:
            self._works_less(i, person, post, fte)
        elif kind == "hours_changed":
            self._loses(i, person, post)
        elif kind not in ("intake", "dropped_out", "qualified"):
            self.wrong.append(f"movement {i}: {kind} ({CAUSES[cause]}) is not known to the check")

    def _joins(
        self, i: int, kind: str, person: int, post: int, cell: int, fte: int, head: int
    ) -> None:
        held = self.people.setdefault(person, Held())
        if held.posts and kind != "opening":
            self.wrong.append(f"movement {i}: person {person} joins ({kind}) twice")
        if head:
            held.main = post
            self.change["in"][cell] += 1
            if kind == "opening" and self.ledger.people["origin"][person] != OPENING:
                self.wrong.append(f"movement {i}: person {person} is no opening one")
        held.posts[post], held.cells[post] = fte, cell
        if post >= 0:
            self.posts[post].holders[person] = fte

    def _leaves(self, i: int, kind: str, person: int, post: int) -> None:
        held = self.people.get(person)
        if held is None or post not in held.posts:
            self.wrong.append(
                f"movement {i}: person {person} leaves ({kind}) what they do not hold"
            )
            return
        if post == held.main:
            self.change["out"][held.cells[post]] += 1
        held.gone = True
        self._drop(person, post)

    def _moves(self, i: int, person: int, old: int, new: int, cell: int, fte: int) -> None:
        held = self.people[person]
        if old not in held.posts:
            self.wrong.append(f"movement {i}: person {person} moves from what they do not hold")
            return
        before = held.cells[old]
        if old == new and self.posts[new].cell != cell:
            self.posts[new].cell = cell  # the post changes with its holder
        if old == held.main:
            held.main = new
            if before != cell:
                self.change["moves out"][before] += 1
                self.change["moves in"][cell] += 1
        self._drop(person, old)
        held.posts[new], held.cells[new] = fte, cell
        if new >= 0:
            self.posts[new].holders[person] = fte

    def _loses(self, i: int, person: int, post: int) -> None:
        held = self.people[person]
        if post not in held.posts or len(held.posts) < 2:
            self.wrong.append(f"movement {i}: person {person} loses hours that they do not have")
            return
        if held.main == post:
            held.main = next(other for other in held.posts if other != post)
            if held.cells[post] != held.cell:
                self.change["moves out"][held.cells[post]] += 1
                self.change["moves in"][held.cell] += 1
        self._drop(person, post)

    def _works_less(self, i: int, person: int, post: int, freed: int) -> None:
        held = self.people[person].posts
        if not 0 < freed < held.get(post, 0):
            self.wrong.append(f"movement {i}: person {person} gives up hours that they do not have")
            return
        held[post] = self.posts[post].holders[person] = held[post] - freed

    def _drop(self, person: int, post: int) -> None:
        held = self.people[person]
        held.posts.pop(post)
        held.cells.pop(post)
        if post >= 0:
            self.posts[post].holders.pop(person)

    # --- what must hold at every instant ---------------------------------------------------------

    def _look(self, time: int) -> None:
        """After everything that happens at one instant."""
        people, posts = self.touched
        for n in posts:
            post = self.posts[n]
            filled = sum(post.holders.values())
            if filled > (post.fte if post.alive else 0):
                self.wrong.append(
                    f"second {time}: post {n} is filled with {filled} of {post.fte} hundredths"
                )
        for n in people:
            if n in self.people and sum(self.people[n].posts.values()) > WHOLE:
                self.wrong.append(f"second {time}: person {n} has more than 1.0 FTE")
        self.touched = (set(), set())

    def _month(self, month: int) -> None:
        """At a month end: conservation by cell, and FTE in posts against the establishment."""
        expected = Counter(self.closing)
        for name, by_cell in self.change.items():
            sign = 1 if name in ("in", "moves in") else -1
            for cell, heads in by_cell.items():
                expected[cell] += sign * heads
        found = Counter(h.cell for h in self.people.values() if h.posts and not h.gone)
        for cell in expected.keys() | found.keys():
            if expected[cell] != found[cell]:
                place = self.inputs.names.place(cell)
                self.wrong.append(
                    f"month {month}: {place} has {found[cell]} people, {expected[cell]} by its "
                    f"movements"
                )
        self.closing, self.change = found, defaultdict(Counter)
        filled = sum(sum(p.holders.values()) for p in self.posts.values())
        funded = sum(p.fte for p in self.posts.values() if p.alive)
        if filled > funded:
            self.wrong.append(
                f"month {month}: {filled} hundredths in posts, {funded} funded and supernumerary"
            )
