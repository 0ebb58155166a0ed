"""Staff: taking and giving up posts, and working out when somebody will leave."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition, pay
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import agency, book, control, events, memory, terms, words
from wfmodel.simulation.parameters import Rates
from wfmodel.units import DAY, NEVER, YEAR, birthday

LIVED_LEAST, LIVED_MOST = 16 * YEAR, 75 * YEAR


@part
def add(  # type: ignore[no-untyped-def]
    w,
    key,
    origin,
    a,
    b,
    birth_day,
    service_start,
    continuous_start,
    pension_start,
    row,
    skills,
    like,
):
    """A new person; ``like`` is the opening person whose characteristics they share (−1: none
    stated)."""
    m, o = w.m, w.o
    index = m[memory.PEOPLE]
    if index >= w.people.size:
        raise MemoryError(memory.FULL)
    m[memory.PEOPLE] = index + 1
    person = memory.new(w, memory.PERSON_WIDTH)
    now = max(m[memory.NOW], 0)
    m[person + memory.INDEX] = index
    m[person + memory.KEY] = np.int64(key)
    m[person + memory.BIRTH] = birth_day
    m[person + memory.SERVICE] = service_start
    m[person + memory.CONTINUOUS] = continuous_start
    m[person + memory.PROTECTED] = -NEVER
    m[person + memory.PERMANENT] = 1
    m[person + memory.CONTRACT_END] = NEVER
    m[person + memory.SKILLS] = skills
    m[person + memory.ROW] = row
    m[person + memory.ROW_SINCE] = now
    m[person + memory.CELL] = -1
    m[person + memory.SINCE] = now
    m[person + memory.EXPOSED] = 1
    m[person + memory.NOTICE_AT] = -1
    m[person + memory.BOUND_UNTIL] = -NEVER
    stream = terms.stream(w, terms.ATTRITION)
    for cause in range(attrition.CAUSES):
        m[person + memory.REMAINING + cause] = attrition.threshold(stream, key, cause)
    entry = w.people[index]
    entry["key"] = np.uint64(key)
    entry["origin"] = origin
    entry["origin_a"] = a
    entry["origin_b"] = b
    entry["origin_c"] = 0
    entry["birth_day"] = birth_day
    entry["start"] = now
    entry["service_start"] = service_start
    entry["continuous_start"] = continuous_start
    entry["pension_start"] = pension_start
    entry["pay_point"] = row
    entry["sex"] = -1
    entry["ethnicity"] = -1
    entry["disability"] = -1
    if like >= 0:
        people, column = o[terms.PEOPLE_COLUMNS], o[terms.OPENING_PEOPLE]
        entry["sex"] = o[people + terms.O_SEX * column + like]
        entry["ethnicity"] = o[people + terms.O_ETHNICITY * column + like]
        entry["disability"] = o[people + terms.O_DISABILITY * column + like]
    return person


@part
def newcomer(w, key, origin, a, b, role, age_shape, age, continuous):  # type: ignore[no-untyped-def]
    """Somebody from outside for a role: age and characteristics by chance, prior service as given
    in seconds."""
    m, c, o = w.m, w.c, w.o
    stream, now = terms.stream(w, terms.PROFILE), m[memory.NOW]
    lived = agency.length(w, age_shape, age, stream, draws.join(key, np.uint64(1)), 1.0)
    lived = min(max(lived, LIVED_LEAST), LIVED_MOST)
    birth_day = c[terms.START_DAY] + (now - lived) // DAY
    like = -1
    likes = c[role + terms.LIKES]
    if likes > 0:
        like = o[c[role + terms.LIKE] + int(draws.uniform(stream, key, 9) * likes)]
    return add(
        w, key, origin, a, b, birth_day, now, now - continuous, now,
        c[role + terms.POINT_LOW], c[role + terms.MASK], like,
    )  # fmt: skip


# --- taking and giving up posts


@part
def _list_in_role(w, person):  # type: ignore[no-untyped-def]
    m = w.m
    head = m[memory.HOLDERS] + m[person + memory.CELL] % w.c[terms.ROLES]
    memory.link(m, head, person, memory.IN_ROLE)


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
        memory.unlink(m, person, memory.IN_ROLE)
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
        memory.unlink(m, person, memory.IN_ROLE)
        following = m[person + memory.SEAT]
        if following != 0:
            m[person + memory.CELL] = m[m[following + memory.SEAT_POST] + memory.POST_CELL]
            _list_in_role(w, person)


@part
def relist(w, person, cell):  # type: ignore[no-untyped-def]
    """The person's main post has become one of another cell."""
    memory.unlink(w.m, person, memory.IN_ROLE)
    w.m[person + memory.CELL] = cell
    _list_in_role(w, person)


@part
def enter_role(w, person, cell):  # type: ignore[no-untyped-def]
    """What a change of role changes: pay row, skills, time in role."""
    m, c = w.m, w.c
    role, now = terms.role_of(w, cell), m[memory.NOW]
    high = c[terms.role_of(w, m[person + memory.CELL]) + terms.POINT_HIGH]
    current = pay_row(w, person, high, now)
    m[person + memory.ROW] = pay.row_on_move(
        current, c[role + terms.POINT_LOW], c[role + terms.POINT_HIGH]
    )
    m[person + memory.ROW_SINCE] = now
    m[person + memory.SKILLS] |= c[role + terms.MASK]
    m[person + memory.ROLE_SINCE] = now


@part
def pay_row(w, person, high, when):  # type: ignore[no-untyped-def]
    """The pay row the person is on at a time, in a role whose highest is ``high``."""
    m, c = w.m, w.c
    aprils = c[c[terms.APRILS] : c[terms.APRILS] + c[terms.APRIL_COUNT]]
    return pay.row_now(m[person + memory.ROW], high, m[person + memory.ROW_SINCE], when, aprils)


@part
def is_settled(m, person):  # type: ignore[no-untyped-def]
    """Whether somebody may be moved: permanent, not leaving, not at risk, not in training."""
    return (
        m[person + memory.PERMANENT] != 0
        and m[person + memory.LEAVING] == 0
        and m[person + memory.GONE] == 0
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
def _rates(w):  # type: ignore[no-untyped-def]
    """The rates of leaving, as the rule of attrition reads them."""
    c, f = w.c, w.f
    s, i, n = c[terms.RATE_SHAPES], c[terms.RATE_WHOLES], c[terms.RATE_NUMBERS]
    roles, cells, segments = c[terms.ROLES], c[terms.CELLS], c[terms.SEGMENTS]
    services, ages = c[s], c[s + 1]
    resignation = n + attrition.CAUSES * cells * segments
    other = resignation + 3 * roles
    retirement = other + roles
    by_service = retirement + roles * ages
    by_age = by_service + roles * services
    service_edge = i + roles
    age_bands = service_edge + roles * services
    age_edge = age_bands + roles
    starts = c[terms.SEGMENT_STARTS]
    return Rates(
        f[n:resignation].reshape((attrition.CAUSES, cells, segments)),
        f[resignation:other].reshape((roles, 3)),
        f[other:retirement],
        f[retirement:by_service].reshape((roles, ages)),
        f[by_service:by_age].reshape((roles, services)),
        f[by_age : by_age + roles * ages].reshape((roles, ages)),
        c[i:service_edge],
        c[service_edge:age_bands].reshape((roles, services)),
        c[age_bands:age_edge],
        c[age_edge : age_edge + roles * ages].reshape((roles, ages)),
        c[starts : starts + segments],
    )


@part
def _next(w, person, remaining, until):  # type: ignore[no-untyped-def]
    m, c = w.m, w.c
    cell = m[person + memory.CELL]
    return attrition.next_notice(
        m[remaining : remaining + attrition.CAUSES],
        m[person + memory.SINCE],
        until,
        cell % c[terms.ROLES],
        cell,
        m[person + memory.SERVICE],
        m[person + memory.BIRTH],
        c[terms.START_DAY],
        m[person + memory.BOUND_UNTIL],
        w.f[m[person + memory.BOUND_BY]],
        _rates(w),
    )


@part
def advance(w, person):  # type: ignore[no-untyped-def]
    """Bring accumulated hazards to this instant, before anything that they depend on changes."""
    m = w.m
    now = m[memory.NOW]
    if m[person + memory.EXPOSED] != 0 and m[person + memory.SINCE] < now:
        _next(w, person, person + memory.REMAINING, now)
    m[person + memory.SINCE] = now


@part
def follow(w, person):  # type: ignore[no-untyped-def]
    """Work out anew when the person will leave, and wait for it; notice once given stands."""
    m, c = w.m, w.c
    if m[person + memory.LEAVING] != 0:
        return
    m[person + memory.PLAN] += 1
    now, horizon = m[memory.NOW], c[terms.HORIZON]
    role = terms.role_of(w, m[person + memory.CELL])
    notice = c[role + terms.NOTICE]
    notice_at, leaves_at, why = NEVER, NEVER, words.BLANK
    if m[person + memory.EXPOSED] != 0:
        scratch = m[memory.SCRATCH]
        for k in range(attrition.CAUSES):
            m[scratch + k] = m[person + memory.REMAINING + k]
        notice_at, cause = _next(w, person, scratch, horizon)
        if cause >= 0:
            leaves_at, why = notice_at + notice, cause + 1
    retires_at = _retirement(w, person, c[role + terms.RETIREMENT_AGE])
    if retires_at < leaves_at:
        leaves_at, why = retires_at, words.RETIREMENT
        notice_at = max(retires_at - notice, now)
    contract_end = m[person + memory.CONTRACT_END]
    if contract_end < leaves_at:
        leaves_at, why = contract_end, words.END_OF_FIXED_TERM
        notice_at = max(contract_end - notice, now)
    if notice_at < horizon:
        events.at(
            w, notice_at, order.LEAVING, memory.key_of(m, person), order.NOTICE,
            person, m[person + memory.PLAN], leaves_at, why, 0,
        )  # fmt: skip


@part
def _retirement(w, person, age):  # type: ignore[no-untyped-def]
    if age <= 0:
        return NEVER
    date = (birthday(w.m[person + memory.BIRTH], age) - w.c[terms.START_DAY]) * DAY
    return date if date >= w.m[memory.NOW] else NEVER


@part
def gives_notice(w, person, plan, leaves_at, cause):  # type: ignore[no-untyped-def]
    """Give notice, unless another ``plan`` has taken the place of this one."""
    m = w.m
    if m[person + memory.PLAN] != plan or m[person + memory.GONE] != 0:
        return
    m[person + memory.LEAVING] = 1
    m[person + memory.NOTICE_AT] = m[memory.NOW]
    book.write_person(
        w, words.NOTICE_GIVEN, person, m[person + memory.CELL], book.NOWHERE, cause, 0
    )
    events.at(
        w, leaves_at, order.LEAVING, memory.key_of(m, person), order.LEAVE,
        person, plan, 0, cause, 0,
    )  # fmt: skip
