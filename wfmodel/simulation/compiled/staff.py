"""Staff: taking and giving up posts, and working out when somebody will leave."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition, pay
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    acting,
    agency,
    away,
    book,
    control,
    events,
    memory,
    occurrences,
    terms,
    words,
)
from wfmodel.units import DAY, NEVER, YEAR, birthday

LIVED_LEAST, LIVED_MOST = 16 * YEAR, 75 * YEAR


@part
def add(w, key, origin, a, b, birth_day, service, continuous, pension, row, skills, like):  # type: ignore[no-untyped-def]
    """A new person, from now; ``like`` is the opening person whose characteristics they share (−1:
    none stated)."""
    m = w.m
    person, now = memory.new(w, memory.PERSON_WIDTH), m[memory.NOW]
    m[person + memory.INDEX] = book.add_person(
        w, np.int64(key), origin, a, b, birth_day, now, service, continuous, pension, row, like
    )
    m[person + memory.KEY] = np.int64(key)
    m[person + memory.BIRTH] = birth_day
    m[person + memory.SERVICE] = service
    m[person + memory.CONTINUOUS] = continuous
    m[person + memory.PROTECTED] = -NEVER
    m[person + memory.PERMANENT] = 1
    m[person + memory.CONTRACT_END] = NEVER
    m[person + memory.SKILLS] = skills
    m[person + memory.ROW] = row
    m[person + memory.ROW_SINCE] = now
    m[person + memory.CELL] = -1
    m[person + memory.ROLE_SINCE] = now
    m[person + memory.POST_SINCE] = now
    m[person + memory.SINCE] = now
    m[person + memory.EXPOSED] = 1
    m[person + memory.NOTICE_AT] = -1
    m[person + memory.BOUND_UNTIL] = -NEVER
    if m[terms.WORKLOAD] != 0:
        node = memory.new(w, 2)
        m[node] = person
        m[node + 1] = m[memory.JOINERS]
        m[memory.JOINERS] = node
    return person


@part
def newcomer(w, key, origin, a, b, role, age_shape, age, continuous):  # type: ignore[no-untyped-def]
    """Somebody from outside for a role: age and characteristics by chance, prior service as given
    in seconds."""
    m = w.m
    stream, now = terms.stream(w, terms.PROFILE), m[memory.NOW]
    lived = agency.length(w, age_shape, age, stream, draws.join(key, np.uint64(1)), 1.0)
    lived = min(max(lived, LIVED_LEAST), LIVED_MOST)
    birth_day = m[terms.START_DAY] + (now - lived) // DAY
    like = -1
    likes = m[role + terms.LIKES]
    if likes > 0:
        like = m[m[role + terms.LIKE] + int(draws.uniform(stream, key, 9) * likes)]
    return add(
        w, key, origin, a, b, birth_day, now, now - continuous, now,
        m[role + terms.POINT_LOW], m[role + terms.MASK], like,
    )  # fmt: skip


# --- taking and giving up posts


@phrase
def longer_in_role(m, one, other):  # type: ignore[no-untyped-def]
    """Whether one has been in role longer than another, by key where they came at one instant."""
    since, others = m[one + memory.ROLE_SINCE], m[other + memory.ROLE_SINCE]
    if since != others:
        return since < others
    return np.uint64(m[one + memory.KEY]) < np.uint64(m[other + memory.KEY])


@phrase
def _holders(w, person):  # type: ignore[no-untyped-def]
    """The holders of the person's role; 0 where nobody asks for them."""
    m, number = w.m, w.m[person + memory.CELL] % w.m[terms.ROLES]
    if m[m[terms.ROLE_AT] + number * terms.ROLE_WIDTH + terms.LISTED] == 0:
        return 0
    return m[memory.HOLDERS] + number * memory.HOLDERS_WIDTH


@part
def _list_in_role(w, person):  # type: ignore[no-untyped-def]
    """Put the person among the holders of their role, after all who have been in it longer."""
    m = w.m
    holders = _holders(w, person)
    if holders == 0:
        return
    before, after = m[holders + memory.LAST_HOLDER], 0
    while before != 0 and longer_in_role(m, person, before):
        before, after = m[before + memory.IN_ROLE], before
    m[person + memory.IN_ROLE] = before
    m[person + memory.IN_ROLE + 1] = after
    if before == 0:
        m[holders + memory.FIRST_HOLDER] = person
    else:
        m[before + memory.IN_ROLE + 1] = person
    if after == 0:
        m[holders + memory.LAST_HOLDER] = person
    else:
        m[after + memory.IN_ROLE] = person


@part
def _unlist(w, person):  # type: ignore[no-untyped-def]
    m = w.m
    holders = _holders(w, person)
    if holders == 0:
        return
    before, after = m[person + memory.IN_ROLE], m[person + memory.IN_ROLE + 1]
    if before == 0:
        m[holders + memory.FIRST_HOLDER] = after
    else:
        m[before + memory.IN_ROLE + 1] = after
    if after == 0:
        m[holders + memory.LAST_HOLDER] = before
    else:
        m[after + memory.IN_ROLE] = before


@phrase
def longest_in(w, role):  # type: ignore[no-untyped-def]
    """Who has been in a role longest; the others follow in order. 0: nobody is."""
    return w.m[w.m[memory.HOLDERS] + role * memory.HOLDERS_WIDTH + memory.FIRST_HOLDER]


@part
def take(w, person, post, fte, main):  # type: ignore[no-untyped-def]
    """Put the person into the post; ``main`` puts it before any other that they hold."""
    m = w.m
    seat = memory.new(w, memory.SEAT_WIDTH)
    m[seat + memory.SEAT_NUMBER] = m[memory.SEATS]
    m[memory.SEATS] += 1
    m[seat + memory.SEAT_PERSON] = person
    m[seat + memory.SEAT_POST] = post
    m[seat + memory.SEAT_FTE] = fte
    if m[person + memory.SEAT] == 0:
        m[person + memory.SEAT] = seat
    elif main:
        _unlist(w, person)
        m[seat + memory.SEAT_NEXT] = m[person + memory.SEAT]
        m[person + memory.SEAT] = seat
    else:
        last = m[person + memory.SEAT]
        while m[last + memory.SEAT_NEXT] != 0:
            last = m[last + memory.SEAT_NEXT]
        m[last + memory.SEAT_NEXT] = seat
    if m[post + memory.POST_SEAT] == 0:
        m[post + memory.POST_SEAT] = seat
    else:
        last = m[post + memory.POST_SEAT]
        while m[last + memory.SEAT_BESIDE] != 0:
            last = m[last + memory.SEAT_BESIDE]
        m[last + memory.SEAT_BESIDE] = seat
    m[post + memory.FILLED] += fte
    if m[person + memory.SEAT] == seat:
        m[person + memory.CELL] = m[post + memory.POST_CELL]
        _list_in_role(w, person)
    m[person + memory.FTE] += fte
    control.count(w, m[post + memory.POST_CELL], fte)
    return seat


@part
def give_up(w, seat):  # type: ignore[no-untyped-def]
    """Take the person out of the post; what becomes vacant is opened by the caller.

    The seat keeps its own links, so that whoever walks over seats can go on from it.
    """
    m = w.m
    person, post = m[seat + memory.SEAT_PERSON], m[seat + memory.SEAT_POST]
    main = m[person + memory.SEAT] == seat
    if main:
        acting.stop(w, seat)
        away.uncover(w, person)
        m[person + memory.SEAT] = m[seat + memory.SEAT_NEXT]
    else:
        before = m[person + memory.SEAT]
        while m[before + memory.SEAT_NEXT] != seat:
            before = m[before + memory.SEAT_NEXT]
        m[before + memory.SEAT_NEXT] = m[seat + memory.SEAT_NEXT]
    if m[post + memory.POST_SEAT] == seat:
        m[post + memory.POST_SEAT] = m[seat + memory.SEAT_BESIDE]
    else:
        before = m[post + memory.POST_SEAT]
        while m[before + memory.SEAT_BESIDE] != seat:
            before = m[before + memory.SEAT_BESIDE]
        m[before + memory.SEAT_BESIDE] = m[seat + memory.SEAT_BESIDE]
    fte = m[seat + memory.SEAT_FTE]
    m[post + memory.FILLED] -= fte
    m[person + memory.FTE] -= fte
    control.count(w, m[post + memory.POST_CELL], -fte)
    if m[post + memory.SUPERNUMERARY] != 0 and m[person + memory.IN_GUARANTEED] != 0:
        memory.unlink(m, person, memory.IN_GUARANTEED)
    if main:
        _unlist(w, person)
        following = m[person + memory.SEAT]
        if following != 0:
            m[person + memory.CELL] = m[m[following + memory.SEAT_POST] + memory.POST_CELL]
            _list_in_role(w, person)


@part
def relist(w, person, cell):  # type: ignore[no-untyped-def]
    """The person's main post has become one of another cell."""
    _unlist(w, person)
    w.m[person + memory.CELL] = cell
    _list_in_role(w, person)


@part
def enter_role(w, person, cell):  # type: ignore[no-untyped-def]
    """What a change of role changes: pay row, skills, time in role."""
    m = w.m
    role, now = terms.role_of(w, cell), m[memory.NOW]
    high = m[terms.role_of(w, m[person + memory.CELL]) + terms.POINT_HIGH]
    current = pay_row(w, person, high, now)
    m[person + memory.ROW] = pay.row_on_move(
        current, m[role + terms.POINT_LOW], m[role + terms.POINT_HIGH]
    )
    m[person + memory.ROW_SINCE] = now
    m[person + memory.SKILLS] |= m[role + terms.MASK]
    m[person + memory.ROLE_SINCE] = now


@part
def pay_row(w, person, high, when):  # type: ignore[no-untyped-def]
    """The pay row the person is on at a time, in a role whose highest is ``high``."""
    m = w.m
    aprils = m[m[terms.APRILS] : m[terms.APRILS] + m[terms.APRIL_COUNT]]
    return pay.row_now(m[person + memory.ROW], high, m[person + memory.ROW_SINCE], when, aprils)


@part
def is_settled(m, person):  # type: ignore[no-untyped-def]
    """Whether somebody may be moved: permanent, not leaving, at risk, in training or away."""
    return (
        m[person + memory.PERMANENT] != 0
        and m[person + memory.NOTICE_AT] < 0
        and m[person + memory.GONE] == 0
        and m[person + memory.AWAY] == 0
        and m[person + memory.PLACE] == 0
        and m[person + memory.TRAINEE] == 0
        and m[person + memory.SEAT] != 0
    )


@phrase
def holds(m, person, post):  # type: ignore[no-untyped-def]
    """Whether one of their assignments is to the post."""
    seat = m[person + memory.SEAT]
    while seat != 0 and m[seat + memory.SEAT_POST] != post:
        seat = m[seat + memory.SEAT_NEXT]
    return seat != 0


# --- when somebody will leave


@part
def _draw_thresholds(w, person):  # type: ignore[no-untyped-def]
    """How much hazard each cause must accumulate, where it has any and none was drawn before."""
    m = w.m
    stream, key = terms.stream(w, terms.ATTRITION), memory.key_of(m, person)
    may = m[m[terms.RATES] + attrition.MAY_LEAVE]
    may += m[person + memory.CELL] % m[terms.ROLES] * attrition.CAUSES
    for cause in range(attrition.CAUSES):
        if m[may + cause] != 0 and m[person + memory.REMAINING + cause] == 0:
            m[person + memory.REMAINING + cause] = attrition.threshold(stream, key, cause)


@part
def _surely_stays(w, person, until):  # type: ignore[no-untyped-def]
    m = w.m
    cell, since, bound = m[person + memory.CELL], m[person + memory.SINCE], 1.0
    if m[person + memory.BOUND_UNTIL] > since:
        bound = max(bound, w.f[m[person + memory.BOUND_BY]])
    return attrition.surely_stays(
        w,
        m[terms.RATES],
        m,
        person + memory.REMAINING,
        terms.stream(w, terms.ATTRITION),
        memory.key_of(m, person),
        since,
        until,
        cell % m[terms.ROLES],
        cell,
        m[person + memory.SERVICE],
        m[person + memory.BIRTH],
        m[terms.START_DAY],
        bound,
    )


@part
def _next(w, person, remaining, until):  # type: ignore[no-untyped-def]
    m = w.m
    cell = m[person + memory.CELL]
    return attrition.next_notice(
        w,
        m[terms.RATES],
        m,
        remaining,
        m[person + memory.SINCE],
        until,
        cell % m[terms.ROLES],
        cell,
        m[person + memory.SERVICE],
        m[person + memory.BIRTH],
        m[terms.START_DAY],
        m[person + memory.BOUND_UNTIL],
        w.f[m[person + memory.BOUND_BY]],
    )


@part
def advance(w, person):  # type: ignore[no-untyped-def]
    """Bring accumulated hazards to this instant, before anything that they depend on changes."""
    m = w.m
    now = m[memory.NOW]
    if m[person + memory.EXPOSED] != 0 and m[person + memory.SINCE] < now:
        _draw_thresholds(w, person)
        _next(w, person, person + memory.REMAINING, now)
    m[person + memory.SINCE] = now


@part
def follow(w, person):  # type: ignore[no-untyped-def]
    """Work out anew when the person will leave, and wait for it; notice once given stands."""
    m = w.m
    if m[person + memory.NOTICE_AT] >= 0:
        return
    m[person + memory.PLAN] += 1
    plan(w, person)
    if m[terms.NAME_COUNT] != 0:
        occurrences.follow(w, person)


@part
def plan(w, person):  # type: ignore[no-untyped-def]
    """Work out when the person will leave, and wait for it, or for the month from which on that can
    be seen."""
    m = w.m
    now, horizon = m[memory.NOW], m[terms.HORIZON]
    role = terms.role_of(w, m[person + memory.CELL])
    notice = m[role + terms.NOTICE]
    notice_at, leaves_at, why, seen = NEVER, NEVER, words.BLANK, NEVER
    if m[person + memory.EXPOSED] != 0 and not _surely_stays(w, person, horizon):
        _draw_thresholds(w, person)
        scratch = m[memory.SCRATCH]
        for k in range(attrition.CAUSES):
            m[scratch + k] = m[person + memory.REMAINING + k]
        notice_at, cause = _next(w, person, scratch, horizon)
        if cause >= 0:
            leaves_at, why = notice_at + notice, cause + 1
            seen = _seen_from(w, person, notice_at)
    retires_at = _retirement(w, person, m[role + terms.RETIREMENT_AGE])
    if retires_at < leaves_at:
        leaves_at, why, seen = retires_at, words.RETIREMENT, NEVER
        notice_at = max(retires_at - notice, now)
    contract_end = m[person + memory.CONTRACT_END]
    if contract_end < leaves_at:
        leaves_at, why, seen = contract_end, words.END_OF_FIXED_TERM, NEVER
        notice_at = max(contract_end - notice, now)
    if seen < NEVER:
        events.at(
            w, seen, order.CENSUS, memory.key_of(m, person), events.LOOK_AHEAD,
            person, m[person + memory.PLAN], 0, 0, 0,
        )  # fmt: skip
    elif notice_at < horizon:
        events.at(
            w, notice_at, order.LEAVING, memory.key_of(m, person), order.NOTICE,
            person, m[person + memory.PLAN], leaves_at, why, 0,
        )  # fmt: skip


@part
def _seen_from(w, person, notice_at):  # type: ignore[no-untyped-def]
    """The month from which on it can be seen whether somebody gives notice at a time, or later;
    NEVER where it can be now."""
    m = w.m
    rates = m[terms.RATES]
    pressures, starts = m[rates + attrition.PRESSURES], m[rates + attrition.MONTHS]
    month = m[rates + attrition.KNOWN]
    if pressures == 0 or m[pressures + m[person + memory.CELL]] == 0:
        return NEVER
    if notice_at < m[starts + month]:
        return NEVER
    while month < m[terms.MONTHS] and m[starts + month + 1] <= notice_at:
        month += 1
    return m[starts + month]


@part
def _retirement(w, person, age):  # type: ignore[no-untyped-def]
    if age <= 0:
        return NEVER
    date = (birthday(w.m[person + memory.BIRTH], age) - w.m[terms.START_DAY]) * DAY
    return date if date >= w.m[memory.NOW] else NEVER


@part
def gives_notice(w, person, plan, leaves_at, cause):  # type: ignore[no-untyped-def]
    """Give notice, unless another ``plan`` has taken the place of this one."""
    m = w.m
    if m[person + memory.PLAN] != plan or m[person + memory.GONE] != 0:
        return
    m[person + memory.NOTICE_AT] = m[memory.NOW]
    book.write_person(
        w, words.NOTICE_GIVEN, person, m[person + memory.CELL], book.NOWHERE, cause, 0
    )
    events.at(
        w, leaves_at, order.LEAVING, memory.key_of(m, person), order.LEAVE,
        person, plan, 0, cause, 0,
    )  # fmt: skip
