"""Change events: announced, consulted on, volunteered for, then in force."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import redeployment
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    book,
    events,
    leaving,
    memory,
    openings,
    pool,
    queues,
    severance,
    staff,
    statute,
    terms,
    vacancies,
    words,
)
from wfmodel.simulation.ledger import TRANSFER
from wfmodel.units import DAY, YEAR, age_on

_TRANSFERRED = np.uint64(0x7475)


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for each event's announcement, and for the end of each post's funding."""
    m = w.m
    for number in range(m[terms.EVENT_COUNT]):
        event = m[terms.EVENT_AT] + number * terms.EVENT_WIDTH
        if m[event + terms.IMPLEMENTED] >= 0:
            events.at(
                w, m[event + terms.ANNOUNCED], order.CHANGE, np.uint64(m[event + terms.EVENT_KEY]),
                events.ANNOUNCEMENT, number, 0, 0, 0, 0,
            )  # fmt: skip
    for k in range(m[terms.FUNDING_END_COUNT]):
        entry = m[terms.FUNDING_ENDS] + 2 * k
        events.at(
            w, m[entry + 1], order.CHANGE, memory.key_of(m, m[entry]), events.FUNDING_END,
            m[entry], 0, 0, 0, 0,
        )  # fmt: skip


@part
def funding_ends(w, post):  # type: ignore[no-untyped-def]
    """What paid for a post ends: the post goes, and its holders are at risk."""
    m = w.m
    if m[post + memory.DELETED] != 0:
        return
    seat = m[post + memory.POST_SEAT]
    while seat != 0:
        following, person = m[seat + memory.SEAT_BESIDE], m[seat + memory.SEAT_PERSON]
        if _lose_post(w, person, post, -1):
            pool.seek(w, person)
        seat = following
    openings.delete(w, post, words.FUNDING, -1)
    events.settle_soon(w)


@part
def announce(w, number):  # type: ignore[no-untyped-def]
    """Announce, and consult as long as the law asks."""
    m = w.m
    event = m[terms.EVENT_AT] + number * terms.EVENT_WIDTH
    wanted = _wanted(w, event)
    implemented = m[event + terms.IMPLEMENTED]
    kind = m[event + terms.EVENT_KIND]
    if kind == terms.DELETE or kind == terms.CONVERT:
        lasts = _consultation(w, number, event, wanted)
        implemented = max(implemented, m[event + terms.ANNOUNCED] + lasts)
    events.at(
        w, implemented, order.CHANGE, np.uint64(m[event + terms.EVENT_KEY]),
        events.IMPLEMENTATION, number, wanted, 0, 0, 0,
    )  # fmt: skip


@part
def implement(w, number, wanted):  # type: ignore[no-untyped-def]
    """Delete, create, convert or transfer."""
    m = w.m
    event = m[terms.EVENT_AT] + number * terms.EVENT_WIDTH
    kind = m[event + terms.EVENT_KIND]
    if kind == terms.DELETE or kind == terms.CONVERT:
        _restructure(w, number, event, wanted)
    elif kind == terms.TRANSFER_OUT:
        _transfer_out(w, number, event, wanted)
    else:
        _create(w, number, event, kind == terms.TRANSFER_IN)
    events.settle_soon(w)


# --- which posts


@part
def _in_scope(w, event, post):  # type: ignore[no-untyped-def]
    """Whether an event is about a post, as things stand."""
    m = w.m
    if m[post + memory.DELETED] != 0 or m[post + memory.SUPERNUMERARY] != 0:
        return False
    named = m[event + terms.NAMED]
    if named < 0:
        return m[m[event + terms.EVENT_SCOPE] + m[post + memory.POST_CELL]] != 0
    low, high = 0, m[event + terms.NAMED_COUNT]
    row = m[post + memory.INDEX]
    while low < high:
        middle = (low + high) // 2
        if m[named + middle] < row:
            low = middle + 1
        else:
            high = middle
    return low < m[event + terms.NAMED_COUNT] and m[named + low] == row


@part
def _count(w, event):  # type: ignore[no-untyped-def]
    """Posts in scope now, and how many of them nobody holds."""
    m = w.m
    found = vacant = 0
    post = m[memory.FIRST_POST]
    while post != 0:
        if _in_scope(w, event, post):
            found += 1
            if m[post + memory.POST_SEAT] == 0:
                vacant += 1
        post = m[post + memory.NEXT_POST]
    return found, vacant


@part
def _wanted(w, event):  # type: ignore[no-untyped-def]
    """How many posts: as listed, as counted, or a share of those in scope now."""
    m = w.m
    if m[event + terms.COUNT] >= 0:
        return m[event + terms.COUNT]
    share = w.f[m[event + terms.EVENT_NUMBERS] + terms.EVENT_SHARE]
    return math.floor(share * _count(w, event)[0] + 0.5)


@part
def _consultation(w, number, event, wanted):  # type: ignore[no-untyped-def]
    """Seconds of consultation: by the number of dismissals proposed, never below the council's own
    minimum."""
    m, now = w.m, w.m[memory.NOW]
    proposed = _proposed(w, event, wanted)
    window = statute.figure(w, terms.WINDOW_DAYS, now)
    for k in range(m[terms.EVENT_COUNT]):
        other = m[terms.EVENT_AT] + k * terms.EVENT_WIDTH
        kind = m[other + terms.EVENT_KIND]
        apart = abs(m[other + terms.IMPLEMENTED_DAY] - m[event + terms.IMPLEMENTED_DAY])
        if k != number and (kind == terms.DELETE or kind == terms.CONVERT) and apart < window:
            proposed += _proposed(w, other, _wanted(w, other))
    days = 0.0
    if proposed >= statute.figure(w, terms.SMALL_FROM, now):
        days = statute.figure(w, terms.SMALL_DAYS, now)
    if proposed >= statute.figure(w, terms.LARGE_FROM, now):
        days = statute.figure(w, terms.LARGE_DAYS, now)
    return math.ceil(max(days, float(m[event + terms.CONSULTATION_DAYS]))) * DAY


@part
def _proposed(w, event, wanted):  # type: ignore[no-untyped-def]
    """Dismissals that an event proposes: posts to go, less the vacant ones in its scope now."""
    found, vacant = _count(w, event)
    return max(0, min(wanted, found) - vacant)


@part
def _draw(w, event, post):  # type: ignore[no-untyped-def]
    key = draws.join(np.uint64(w.m[event + terms.EVENT_KEY]), memory.key_of(w.m, post))
    return np.uint64(queues.fine(draws.uniform(terms.stream(w, terms.CHANGE), key, 0)))


# --- deleting and converting


@part
def _restructure(w, number, event, wanted):  # type: ignore[no-untyped-def]
    """Vacant posts go first, then those of leavers and volunteers, then by keyed draw; holders are
    at risk."""
    m = w.m
    if m[event + terms.VOLUNTARY] != 0:
        _ask_volunteers(w, number, event)
    post = m[memory.FIRST_POST]
    while post != 0:
        if _in_scope(w, event, post):
            rank = _order(m, post, number + 1)
            queues.join(w, memory.ROUND, post, rank, _draw(w, event, post), m[post + memory.INDEX])
        post = m[post + memory.NEXT_POST]
    at_risk = 0  # a list of (person, next), the last first
    taken = 0
    while m[memory.ROUND] != 0:
        post = queues.leave(m, memory.ROUND)
        if taken < wanted:
            at_risk = _take_out(w, number, event, post, at_risk)
            taken += 1
    at_risk = _reversed(m, at_risk)
    created = _create(w, number, event, False) if m[event + terms.CREATION_COUNT] > 0 else 0
    if m[event + terms.SLOTTING] >= 0 and created != 0:
        _slot_in(w, event, at_risk, created)
    while at_risk != 0:
        place = m[m[at_risk] + memory.PLACE]
        if place != 0 and m[place + memory.POOL_ON_TRIAL] == 0:
            pool.seek(w, m[at_risk])
        at_risk = m[at_risk + 1]


@part
def _reversed(m, node):  # type: ignore[no-untyped-def]
    back = 0
    while node != 0:
        following = m[node + 1]
        m[node + 1] = back
        back, node = node, following
    return back


@part
def _order(m, post, stamp):  # type: ignore[no-untyped-def]
    seat = m[post + memory.POST_SEAT]
    if seat == 0:
        return 0
    all_leaving, willing = True, False
    while seat != 0:
        person = m[seat + memory.SEAT_PERSON]
        all_leaving &= m[person + memory.NOTICE_AT] >= 0
        willing |= m[person + memory.VOLUNTEER] == stamp
        seat = m[seat + memory.SEAT_BESIDE]
    if all_leaving:
        return 1
    return 2 if willing else 3


@part
def _take_out(w, number, event, post, at_risk):  # type: ignore[no-untyped-def]
    """One post goes; its holders leave, or are at risk and put before the others."""
    m = w.m
    seat = m[post + memory.POST_SEAT]
    while seat != 0:
        following, person = m[seat + memory.SEAT_BESIDE], m[seat + memory.SEAT_PERSON]
        alone = m[m[person + memory.SEAT] + memory.SEAT_NEXT] == 0
        willing = m[person + memory.VOLUNTEER] == number + 1
        if willing and alone and m[person + memory.PLACE] == 0:
            _leave_voluntarily(w, person, event)
        elif _lose_post(w, person, post, number):
            node = memory.new(w, 2)
            m[node] = person
            m[node + 1] = at_risk
            at_risk = node
        seat = following
    openings.delete(w, post, words.BLANK, number)
    return at_risk


@part
def _ask_volunteers(w, number, event):  # type: ignore[no-untyped-def]
    """Mark who would go, and whom the council lets go."""
    m, f = w.m, w.f
    day = m[terms.START_DAY] + m[memory.NOW] // DAY
    stream, numbers = terms.stream(w, terms.CHANGE), m[event + terms.EVENT_NUMBERS]
    event_key = np.uint64(m[event + terms.EVENT_KEY])
    post = m[memory.FIRST_POST]
    while post != 0:
        seat = m[post + memory.POST_SEAT] if _in_scope(w, event, post) else 0
        while seat != 0:
            person = m[seat + memory.SEAT_PERSON]
            seat = m[seat + memory.SEAT_BESIDE]
            if (
                m[person + memory.NOTICE_AT] >= 0
                or m[person + memory.PERMANENT] == 0
                or m[person + memory.TRAINEE] != 0
            ):
                continue
            chance = f[numbers + terms.TAKE_UP]
            chance *= _banded(
                w, m[event + terms.AGE_BANDS], m[event + terms.AGE_BAND_COUNT],
                age_on(m[person + memory.BIRTH], day),
            )  # fmt: skip
            chance *= _banded(
                w, m[event + terms.SERVICE_BANDS], m[event + terms.SERVICE_BAND_COUNT],
                (m[memory.NOW] - m[person + memory.SERVICE]) // YEAR,
            )  # fmt: skip
            own = draws.join(event_key, memory.key_of(m, person))
            if (
                draws.uniform(stream, own, 1) < chance
                and draws.uniform(stream, own, 2) >= f[numbers + terms.REFUSED]
            ):
                m[person + memory.VOLUNTEER] = number + 1
        post = m[post + memory.NEXT_POST]


@part
def _banded(w, bands, count, years):  # type: ignore[no-untyped-def]
    """The multiplier of the band in which ``years`` falls; 1 below the first."""
    for k in range(count - 1, -1, -1):
        if w.m[bands + 2 * k] <= years:
            return w.f[w.m[bands + 2 * k + 1]]
    return 1.0


@part
def _leave_voluntarily(w, person, event):  # type: ignore[no-untyped-def]
    m = w.m
    amount = severance.severance(
        w, person, m[person + memory.CELL], m[person + memory.FTE], m[memory.NOW], event
    )
    post = m[m[person + memory.SEAT] + memory.SEAT_POST]
    m[post + memory.DELETED] = 1  # nobody is sought for it
    leaving.leave(w, person, words.VOLUNTARY_EXIT, words.BLANK, amount)
    m[post + memory.DELETED] = 0


@part
def _lose_post(w, person, post, number):  # type: ignore[no-untyped-def]
    """The holder of a deleted post is at risk; with another post they only lose the hours of this
    one. Whether they are at risk."""
    m, roles = w.m, w.m[terms.ROLES]
    seat = m[person + memory.SEAT]
    while m[seat + memory.SEAT_POST] != post:
        seat = m[seat + memory.SEAT_NEXT]
    if m[person + memory.TRAINEE] != 0:
        leaving.interrupted(w, person)
        staff.advance(w, person)
        m[person + memory.PERMANENT] = 1
        m[person + memory.EXPOSED] = 1  # an employee like others from now
        staff.follow(w, person)
    if m[person + memory.PLACE] != 0:
        # on trial in a post that goes: the trial ends and the pool takes them back
        pool.trial_ended(w, person, post, seat)
        return False
    first = m[person + memory.SEAT]
    second = m[first + memory.SEAT_NEXT]
    if second == 0:
        pool.enter(w, person, post, number)
        return True
    main = first == seat
    staff.advance(w, person)
    kept = m[(second if main else first) + memory.SEAT_POST]
    if m[kept + memory.POST_CELL] % roles != m[person + memory.CELL] % roles:
        staff.enter_role(w, person, m[kept + memory.POST_CELL])
    staff.give_up(w, seat)
    book.write(
        w, words.HOURS_CHANGED, person, post, m[seat + memory.SEAT_NUMBER],
        m[post + memory.POST_CELL], m[person + memory.CELL], words.BLANK,
        m[seat + memory.SEAT_FTE], m[m[person + memory.SEAT] + memory.SEAT_POST],
        1 if main else 0, number,
    )  # fmt: skip
    staff.follow(w, person)
    return False


@part
def _slot_in(w, event, at_risk, created):  # type: ignore[no-untyped-def]
    """Holders whose old job matches a new one take it, the best match first."""
    m = w.m
    event_key = np.uint64(m[event + terms.EVENT_KEY])
    stream = terms.stream(w, terms.CHANGE)
    while at_risk != 0:
        person = m[at_risk]
        at_risk = m[at_risk + 1]
        if m[person + memory.NOTICE_AT] >= 0:
            continue
        old = terms.role_of(w, m[m[person + memory.PLACE] + memory.POOL_CELL])
        own = draws.join(event_key, memory.key_of(m, person))
        tie = np.uint64(queues.fine(draws.uniform(stream, own, 3)))
        post = created
        while post != 0:
            weights = m[terms.role_of(w, m[post + memory.POST_CELL]) + terms.WEIGHTS]
            score = redeployment.match_score(
                m[old + terms.MASK], m[weights : weights + m[terms.SKILL_COUNT]]
            )
            if score >= m[event + terms.SLOTTING]:
                pair = memory.new(w, 2)
                m[pair] = person
                m[pair + 1] = post
                queues.join(w, memory.ROUND, pair, -score, tie, m[post + memory.INDEX])
            post = m[post + memory.NEXT_POST]
    while m[memory.ROUND] != 0:
        pair = queues.leave(m, memory.ROUND)
        if m[m[pair] + memory.PLACE] != 0 and m[m[pair + 1] + memory.VACANCY] != 0:
            pool.slot_in(w, m[pair], m[pair + 1])


# --- creating and transferring


@part
def _create(w, number, event, with_people):  # type: ignore[no-untyped-def]
    """Create the event's posts; the first of them, after which the others follow, or 0."""
    m = w.m
    event_key = np.uint64(m[event + terms.EVENT_KEY])
    first, row = 0, 0
    for n in range(m[event + terms.CREATION_COUNT]):
        creation = m[event + terms.CREATIONS] + n * terms.CREATION_WIDTH
        cell, fte = m[creation + terms.CREATION_CELL], m[creation + terms.CREATION_FTE]
        for _ in range(m[creation + terms.CREATION_POSTS]):
            key = np.int64(draws.join(event_key, np.uint64(row)))
            post = book.add_post(
                w, key, cell, fte, 0, m[creation + terms.CREATION_EMPLOYER],
                m[creation + terms.CREATION_FUNDING], number, row,
            )  # fmt: skip
            book.write_post(
                w, words.POST_CREATED, post, book.NOWHERE, cell, words.BLANK, fte, number
            )
            if with_people:
                _transfer_in(w, number, event, post, row)
            else:
                openings.open_if_unfilled(w, post, -1, 0)
            if row == 0:
                first = post
            row += 1
    return first


@part
def _transfer_in(w, number, event, post, row):  # type: ignore[no-untyped-def]
    """Somebody comes with the post: their continuous service and age come with them."""
    m = w.m
    key = draws.join(
        draws.join(np.uint64(m[event + terms.EVENT_KEY]), _TRANSFERRED), np.uint64(row)
    )
    now = m[memory.NOW]
    since = now - m[event + terms.TRANSFERRED_SERVICE]
    birth_day = m[terms.START_DAY] + (now - m[event + terms.TRANSFERRED_AGE]) // DAY
    role = terms.role_of(w, m[post + memory.POST_CELL])
    person = staff.add(
        w, key, TRANSFER, number, row, birth_day, since, since, since,
        m[role + terms.POINT_LOW], m[role + terms.MASK], -1,
    )  # fmt: skip
    vacancies.seat_newcomer(
        w, person, post, m[post + memory.POST_FTE], words.TRANSFERRED_IN, words.TRANSFER, 0
    )


@part
def _transfer_out(w, number, event, wanted):  # type: ignore[no-untyped-def]
    """Posts go to another employer with their holders, by keyed draw where not all of them."""
    m = w.m
    post = m[memory.FIRST_POST]
    while post != 0:
        if _in_scope(w, event, post):
            queues.join(w, memory.ROUND, post, 0, _draw(w, event, post), m[post + memory.INDEX])
        post = m[post + memory.NEXT_POST]
    taken = 0
    while m[memory.ROUND] != 0:
        post = queues.leave(m, memory.ROUND)
        if taken >= wanted:
            continue
        taken += 1
        m[post + memory.DELETED] = 1  # nobody is sought for it
        seat = m[post + memory.POST_SEAT]
        while seat != 0:
            following, person = m[seat + memory.SEAT_BESIDE], m[seat + memory.SEAT_PERSON]
            if m[m[person + memory.SEAT] + memory.SEAT_NEXT] == 0:
                leaving.leave(w, person, words.TRANSFERRED_OUT, words.TRANSFER, 0)
            else:
                _lose_post(w, person, post, number)
            seat = following
        openings.delete(w, post, words.TRANSFER, number)
