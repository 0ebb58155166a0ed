"""The redeployment pool: notice, coaches, offers, trials, and redundancy when notice runs out."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import redeployment
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    agency,
    book,
    control,
    events,
    leaving,
    memory,
    moves,
    openings,
    queues,
    severance,
    staff,
    statute,
    terms,
    words,
)
from wfmodel.simulation.ledger import POOL
from wfmodel.units import DAY, NEVER, WEEK


@part
def policy_for(w, cell):  # type: ignore[no-untyped-def]
    """The first redeployment policy in force for a cell; 0 where there is none."""
    m, now = w.m, w.m[memory.NOW]
    for number in range(m[terms.POLICY_COUNT]):
        policy = m[terms.POLICY_AT] + number * terms.POLICY_WIDTH
        if terms.in_force(w, policy, cell, now):
            return policy
    return 0


# --- entering


@part
def enter(w, person, post, event):  # type: ignore[no-untyped-def]
    """The person's post is deleted, by a change event (−1: its funding ends): they are at risk,
    and their notice runs."""
    m = w.m
    now, cell = m[memory.NOW], m[post + memory.POST_CELL]
    policy = policy_for(w, cell)
    weeks = redeployment.statutory_notice_weeks(
        statute.service_years(w, person, now),
        statute.figure(w, terms.WEEKS_PER_YEAR, now),
        statute.figure(w, terms.LEAST_WEEKS, now),
        statute.figure(w, terms.MOST_WEEKS, now),
    )
    if policy != 0:
        weeks = max(weeks, w.f[m[policy + terms.POLICY_NUMBERS] + terms.POOL_WEEKS])
    length = weeks * WEEK
    expires = now + (NEVER if length >= NEVER else math.ceil(length))
    seat = m[person + memory.SEAT]
    fte = m[seat + memory.SEAT_FTE]
    place = memory.new(w, memory.POOL_WIDTH)
    m[place + memory.POOL_ENTERED] = now
    m[place + memory.POOL_EXPIRES] = expires
    m[place + memory.POOL_CELL] = cell
    m[place + memory.POOL_FTE] = fte
    m[place + memory.POOL_EVENT] = event
    m[place + memory.POOL_ROW] = m[person + memory.ROW]
    m[place + memory.POOL_ROW_SINCE] = m[person + memory.ROW_SINCE]
    m[place + memory.POOL_ROLE_SINCE] = m[person + memory.ROLE_SINCE]
    m[place + memory.POOL_POST_SINCE] = m[person + memory.POST_SINCE]
    m[place + memory.POOL_SKILLS] = m[person + memory.SKILLS]
    m[place + memory.POOL_PERSON] = person
    m[person + memory.PLACE] = place
    staff.give_up(w, seat)
    m[person + memory.FTE] = fte
    control.count(w, cell, fte)  # still employed, until notice runs out
    memory.link(m, memory.POOL, place, memory.IN_POOL)
    book.write(
        w, words.AT_RISK, person, post, m[seat + memory.SEAT_NUMBER], cell, POOL, words.BLANK,
        fte, post, 1, event,
    )  # fmt: skip
    events.at(
        w, expires, order.EXPIRY, memory.key_of(m, person), events.NOTICE_EXPIRY,
        person, place, 0, 0, 0,
    )  # fmt: skip
    events.settle_soon(w)


@part
def seek(w, person):  # type: ignore[no-untyped-def]
    """Look for a vacancy, and for a coach, where the policy in force says so."""
    m = w.m
    policy = policy_for(w, m[m[person + memory.PLACE] + memory.POOL_CELL])
    m[memory.NEWCOMERS] = 1
    if policy != 0 and m[person + memory.NOTICE_AT] < 0:
        if w.m[policy + terms.COACHES] < 0:
            _coach(w, person, policy)
        else:
            memory.link(m, memory.COACHLESS, m[person + memory.PLACE], memory.IN_COACHLESS)


# --- coaches


@part
def grant_coaches(w):  # type: ignore[no-untyped-def]
    """Give free coaches to those who have waited longest; whether any was given."""
    m = w.m
    moved = False
    place = m[memory.COACHLESS]
    while place != 0:
        person = m[place + memory.POOL_PERSON]
        key = memory.key_of(m, person)
        queues.join(w, memory.SORTED, person, m[place + memory.POOL_ENTERED], key, 0)
        place = m[place + memory.IN_COACHLESS + 1]
    while m[memory.SORTED] != 0:
        person = queues.leave(m, memory.SORTED)
        policy = policy_for(w, m[m[person + memory.PLACE] + memory.POOL_CELL])
        if (
            policy != 0
            and m[policy + terms.COACHES] >= 0
            and m[memory.COACHING] < m[policy + terms.COACHES]
        ):
            memory.unlink(m, m[person + memory.PLACE], memory.IN_COACHLESS)
            _coach(w, person, policy)
            moved = True
    return moved


@part
def _coach(w, person, policy):  # type: ignore[no-untyped-def]
    m = w.m
    place = m[person + memory.PLACE]
    m[place + memory.POOL_COACHED] = 1
    m[place + memory.POOL_COACHING] = 1
    m[memory.COACHING] += 1
    book.write_person(
        w, words.COACHING_START, person, m[place + memory.POOL_CELL], book.NOWHERE, words.BLANK, 0
    )
    event_key = np.uint64(m[terms.NO_EVENT_KEY])
    if m[place + memory.POOL_EVENT] >= 0:
        event = m[terms.EVENT_AT] + m[place + memory.POOL_EVENT] * terms.EVENT_WIDTH
        event_key = np.uint64(m[event + terms.EVENT_KEY])
    lasts = agency.length(
        w, m[policy + terms.COACHING_SHAPE],
        m[policy + terms.POLICY_NUMBERS] + terms.COACHING_LENGTH,
        terms.stream(w, terms.COACHING), draws.join(memory.key_of(m, person), event_key), 1.0,
    )  # fmt: skip
    events.at(
        w, m[memory.NOW] + lasts, order.ENDING, memory.key_of(m, person), order.COACHING_END,
        person, place, 0, 0, 0,
    )  # fmt: skip


@part
def coaching_ends(w, person, place):  # type: ignore[no-untyped-def]
    """Coaching has lasted as long as it does."""
    if w.m[person + memory.PLACE] == place and w.m[place + memory.POOL_COACHING] != 0:
        leaving.end_coaching(w, person, place)
        events.settle_soon(w)


# --- offers


@part
def offer(w, vacancy):  # type: ignore[no-untyped-def]
    """Offer a vacancy to those in the pool who match it, best first; whether somebody took it."""
    m = w.m
    if m[memory.POOL] == 0:
        return False
    policy = policy_for(w, m[m[vacancy + memory.V_POST] + memory.POST_CELL])
    if policy == 0:
        return False
    _rank_matches(w, vacancy, policy)
    taken = False
    while m[memory.SORTED] != 0:
        person = queues.leave(m, memory.SORTED)
        if not taken:
            _considered(w, vacancy, person)
            if _accepts(w, person, vacancy, policy):
                _redeploy(w, person, vacancy, policy)
                taken = True
    return taken


@part
def _considered(w, vacancy, person):  # type: ignore[no-untyped-def]
    m = w.m
    node = memory.new(w, 2)
    m[node] = person
    m[node + 1] = m[vacancy + memory.V_CONSIDERED]
    m[vacancy + memory.V_CONSIDERED] = node


@part
def _was_considered(m, vacancy, person):  # type: ignore[no-untyped-def]
    node = m[vacancy + memory.V_CONSIDERED]
    while node != 0:
        if m[node] == person:
            return True
        node = m[node + 1]
    return False


@part
def _rank_matches(w, vacancy, policy):  # type: ignore[no-untyped-def]
    """Queue those who may be offered the vacancy: protected first, then by score, ties by keyed
    draw."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    wanted = openings.unfilled(m, post)
    role = terms.role_of(w, m[post + memory.POST_CELL])
    grade, weights = m[role + terms.GRADE], m[role + terms.WEIGHTS]
    needed = m[weights : weights + m[terms.SKILL_COUNT]]
    stream, key = terms.stream(w, terms.ACCEPTANCE), memory.key_of(m, vacancy)
    place = m[memory.POOL]
    while place != 0:
        person = m[place + memory.POOL_PERSON]
        old = terms.role_of(w, m[place + memory.POOL_CELL])
        old_grade = m[old + terms.GRADE]
        far = grade >= 0 and old_grade >= 0 and abs(grade - old_grade) > m[policy + terms.DISTANCE]
        if (
            m[place + memory.POOL_ON_TRIAL] == 0
            and m[person + memory.NOTICE_AT] < 0
            and not far
            and abs(m[place + memory.POOL_FTE] - wanted) <= m[policy + terms.TOLERANCE]
            and not _was_considered(m, vacancy, person)
        ):
            skills = m[person + memory.SKILLS]
            if m[policy + terms.JOB_TO_JOB] != 0:
                skills = m[old + terms.MASK]
            score = redeployment.match_score(skills, needed)
            if score >= m[policy + terms.THRESHOLD]:
                protected = m[person + memory.PROTECTED] + DAY > m[memory.NOW]
                tie = draws.uniform(stream, draws.join(memory.key_of(m, person), key), 7)
                rank = -score if protected else 2000 - score
                queues.join(w, memory.SORTED, person, rank, np.uint64(queues.fine(tie)), 0)
        place = m[place + memory.IN_POOL + 1]


@phrase
def _with_coach(w, coached, policy, plain, with_coach):  # type: ignore[no-untyped-def]
    numbers = w.m[policy + terms.POLICY_NUMBERS]
    return w.f[numbers + with_coach] if coached != 0 else w.f[numbers + plain]


@part
def _accepts(w, person, vacancy, policy):  # type: ignore[no-untyped-def]
    m = w.m
    place = m[person + memory.PLACE]
    key = draws.join(memory.key_of(m, person), memory.key_of(m, vacancy))
    stream = terms.stream(w, terms.ACCEPTANCE)
    coached = m[place + memory.POOL_COACHED]
    if draws.uniform(stream, key, 0) < _with_coach(
        w, coached, policy, terms.ACCEPT, terms.ACCEPT_COACHED
    ):
        return True
    if draws.uniform(stream, key, 1) < w.f[w.m[policy + terms.POLICY_NUMBERS] + terms.REFUSAL]:
        m[place + memory.POOL_FORFEITED] = 1
    return False


@part
def _redeploy(w, person, vacancy, policy):  # type: ignore[no-untyped-def]
    """Take the vacancy, on trial."""
    m = w.m
    place = m[person + memory.PLACE]
    _seat(w, person, vacancy, words.BLANK)
    m[place + memory.POOL_ON_TRIAL] = 1
    # else failed trials could follow without end
    ends = m[memory.NOW] + max(w.m[policy + terms.TRIAL_LENGTH], DAY)
    events.at(
        w, ends, order.ENDING, memory.key_of(m, person), order.TRIAL_END,
        person, place, vacancy, policy, m[place + memory.POOL_COACHED],
    )  # fmt: skip


@part
def _seat(w, person, vacancy, cause):  # type: ignore[no-untyped-def]
    m = w.m
    place = m[person + memory.PLACE]
    moves.seat_from_beside(
        w, person, m[vacancy + memory.V_POST], words.REDEPLOYED, m[place + memory.POOL_CELL],
        m[place + memory.POOL_FTE], cause, vacancy,
    )  # fmt: skip


@part
def slot_in(w, person, post):  # type: ignore[no-untyped-def]
    """Slotting-in: a place in the new structure that is substantially the old job, without a
    trial."""
    _seat(w, person, w.m[post + memory.VACANCY], words.SLOTTED_IN)
    leaving.leave_pool(w, person)


@part
def trial_over(w, person, place, vacancy, policy, coached):  # type: ignore[no-untyped-def]
    """A trial has been worked: stay, or go back to the pool, or out where notice has run out
    meanwhile."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    if m[person + memory.GONE] != 0 or m[person + memory.PLACE] != place:
        return
    seat = m[person + memory.SEAT]
    while seat != 0 and m[seat + memory.SEAT_POST] != post:
        seat = m[seat + memory.SEAT_NEXT]
    if seat == 0:
        return
    key = draws.join(memory.key_of(m, person), memory.key_of(m, vacancy))
    passing = _with_coach(w, coached, policy, terms.TRIAL_PASS, terms.TRIAL_PASS_COACHED)
    if draws.uniform(terms.stream(w, terms.TRIAL), key, 0) < passing:
        leaving.leave_pool(w, person)
        return
    trial_ended(w, person, post, m[person + memory.SEAT])
    openings.vacated(w, post, -1)
    reopened = m[post + memory.VACANCY]
    if reopened != 0:
        node = m[vacancy + memory.V_CONSIDERED]
        while node != 0:
            _considered(w, reopened, m[node])
            node = m[node + 1]


@part
def trial_ended(w, person, post, seat):  # type: ignore[no-untyped-def]
    """Back from a trial that failed, or whose post went: to the pool, or out where notice has run
    out."""
    m = w.m
    place = m[person + memory.PLACE]
    cell, fte = m[place + memory.POOL_CELL], m[place + memory.POOL_FTE]
    staff.advance(w, person)
    staff.give_up(w, seat)
    m[person + memory.CELL] = cell
    m[person + memory.FTE] = fte
    m[person + memory.ROW] = m[place + memory.POOL_ROW]
    m[person + memory.ROW_SINCE] = m[place + memory.POOL_ROW_SINCE]
    m[person + memory.SKILLS] = m[place + memory.POOL_SKILLS]
    m[person + memory.ROLE_SINCE] = m[place + memory.POOL_ROLE_SINCE]
    m[person + memory.POST_SINCE] = m[place + memory.POOL_POST_SINCE]
    control.count(w, cell, fte)
    m[place + memory.POOL_ON_TRIAL] = 0
    book.write(
        w, words.TRIAL_FAILED, person, post, m[seat + memory.SEAT_NUMBER],
        m[post + memory.POST_CELL], cell, words.BLANK, fte, 0, 1, m[place + memory.POOL_EVENT],
    )  # fmt: skip
    if m[place + memory.POOL_EXPIRED] != 0 and m[person + memory.NOTICE_AT] < 0:
        _dismiss(w, person, place)
    else:
        staff.follow(w, person)
        m[memory.NEWCOMERS] = 1
    events.settle_soon(w)


# --- the end of notice


@part
def notice_expires(w, person, place):  # type: ignore[no-untyped-def]
    """Notice runs out: redundant, unless on trial, which suspends it, or leaving anyway."""
    m = w.m
    if m[person + memory.GONE] != 0 or m[person + memory.PLACE] != place:
        return
    if m[person + memory.NOTICE_AT] >= 0:
        return
    if m[place + memory.POOL_ON_TRIAL] != 0:
        m[place + memory.POOL_EXPIRED] = 1
    else:
        _dismiss(w, person, place)


@part
def _dismiss(w, person, place):  # type: ignore[no-untyped-def]
    m = w.m
    cell = m[place + memory.POOL_CELL]
    cause, amount = words.UNREASONABLE_REFUSAL, 0
    if m[place + memory.POOL_FORFEITED] == 0:
        event = 0
        if m[place + memory.POOL_EVENT] >= 0:
            event = m[terms.EVENT_AT] + m[place + memory.POOL_EVENT] * terms.EVENT_WIDTH
        cause = words.BLANK
        amount = severance.severance(
            w, person, cell, m[place + memory.POOL_FTE], m[place + memory.POOL_EXPIRES], event
        )
    m[person + memory.CELL] = cell
    leaving.leave(w, person, words.REDUNDANT, cause, amount)
