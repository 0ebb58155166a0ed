"""Vacancy control: hold a share, all, or as many vacancies as a path of FTE asks."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows.recruitment import path_fte
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import book, events, memory, openings, queues, terms, words
from wfmodel.units import NEVER


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for each control's start, the month ends in force and its end."""
    m = w.m
    for number in range(m[terms.CONTROL_COUNT]):
        control = m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH
        for k in range(m[control + terms.INSTANT_COUNT]):
            instant = m[m[control + terms.INSTANTS] + k]
            events.at(
                w, instant, order.POLICY, np.uint64(1 + number), events.REVIEW,
                number, instant, 0, 0, 0,
            )  # fmt: skip


@part
def count(w, cell, fte):  # type: ignore[no-untyped-def]
    """Employed FTE in a cell has changed."""
    m = w.m
    for number in range(m[terms.CONTROL_COUNT]):
        control = m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH
        if m[m[control + terms.SCOPE] + cell] != 0:
            m[m[memory.CONTROLS] + number * memory.CONTROL_WIDTH + memory.CONTROL_FTE] += fte


@part
def review(w, number, instant):  # type: ignore[no-untyped-def]
    """Compare with the path, at the start and at each month end in force; release all at the
    end."""
    m = w.m
    control = m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH
    kept = m[memory.CONTROLS] + number * memory.CONTROL_WIDTH
    if instant == m[control + terms.FIRST]:
        m[kept + memory.CONTROL_OPENING] = m[kept + memory.CONTROL_FTE]
    if instant >= m[control + terms.LAST]:
        _let_go(w, number, NEVER, 0)
    elif m[control + terms.MODE] == terms.UNTIL_TARGET:
        _let_go(w, number, _room(w, number), 0)


@part
def hold(w, vacancy):  # type: ignore[no-untyped-def]
    """Whether the vacancy is held, by the first policy that covers it."""
    m = w.m
    if m[vacancy + memory.V_CONTROLLED] != 0:
        return False
    now, post = m[memory.NOW], m[vacancy + memory.V_POST]
    cell = m[post + memory.POST_CELL]
    for number in range(m[terms.CONTROL_COUNT]):
        control = m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH
        if not terms.in_force(w, control, cell, now) or m[m[control + terms.EXEMPT] + cell] != 0:
            continue
        if m[control + terms.MODE] == terms.BY_SHARE:
            key = draws.join(memory.key_of(m, vacancy), np.uint64(m[control + terms.NAME_KEY]))
            if (
                draws.uniform(terms.stream(w, terms.CONTROL), key, 0)
                >= w.f[m[control + terms.SHARE]]
            ):
                continue
        _hold(w, number, vacancy)
        if m[control + terms.MODE] == terms.UNTIL_TARGET:
            _let_go(w, number, _room(w, number), vacancy)
        if m[vacancy + memory.V_STATE] == memory.HELD:
            book.write_post(
                w, words.POST_HELD, post, book.NOWHERE, cell, words.BLANK,
                openings.unfilled(m, post), 0,
            )  # fmt: skip
        return True
    return False


@part
def _hold(w, number, vacancy):  # type: ignore[no-untyped-def]
    m = w.m
    m[vacancy + memory.V_STATE] = memory.HELD
    m[vacancy + memory.V_HOLDER] = number
    post_key = memory.key_of(m, m[vacancy + memory.V_POST])
    root = m[memory.CONTROLS] + number * memory.CONTROL_WIDTH + memory.CONTROL_HELD
    queues.join(w, root, vacancy, m[vacancy + memory.V_OPENED], post_key, 0)
    longest = m[m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH + terms.HOLD]
    if longest >= 0:
        events.at(
            w, m[memory.NOW] + longest, order.ENDING, post_key, order.HOLD_END,
            vacancy, number, 0, 0, 0,
        )  # fmt: skip


@part
def held_long_enough(w, vacancy, number):  # type: ignore[no-untyped-def]
    """The longest hold is over."""
    m = w.m
    if (
        m[vacancy + memory.V_CLOSED] == 0
        and m[vacancy + memory.V_STATE] == memory.HELD
        and m[vacancy + memory.V_HOLDER] == number
    ):
        _release(w, vacancy, True)


@part
def _let_go(w, number, room, coming):  # type: ignore[no-untyped-def]
    """Release the oldest held vacancies, as many as there is ``room`` for; the ``coming`` one is
    let through without ever having been held."""
    m = w.m
    root = m[memory.CONTROLS] + number * memory.CONTROL_WIDTH + memory.CONTROL_HELD
    while m[root] != 0:
        vacancy = queues.first(m, root)
        if m[vacancy + memory.V_STATE] != memory.HELD or m[vacancy + memory.V_CLOSED] != 0:
            queues.leave(m, root)
            continue
        fte = openings.unfilled(m, m[vacancy + memory.V_POST])
        if fte > room:
            break
        queues.leave(m, root)
        room -= fte
        _release(w, vacancy, vacancy != coming)


@part
def _release(w, vacancy, announced):  # type: ignore[no-untyped-def]
    m = w.m
    m[vacancy + memory.V_CONTROLLED] = 1
    if announced:
        post = m[vacancy + memory.V_POST]
        book.write_post(
            w, words.POST_RELEASED, post, book.NOWHERE, m[post + memory.POST_CELL], words.BLANK,
            openings.unfilled(m, post), 0,
        )  # fmt: skip
    openings.release(w, vacancy)


@part
def _room(w, number):  # type: ignore[no-untyped-def]
    """FTE that may still be recruited: the path, less those employed, less what is being
    recruited."""
    m = w.m
    path = _path(w, number)
    if path >= NEVER:
        return NEVER
    scope = m[m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH + terms.SCOPE]
    recruiting = 0
    vacancy = m[memory.OPEN]
    while vacancy != 0:
        post = m[vacancy + memory.V_POST]
        if (
            m[vacancy + memory.V_STATE] != memory.HELD
            and m[scope + m[post + memory.POST_CELL]] != 0
        ):
            recruiting += openings.unfilled(m, post)
        vacancy = m[vacancy + memory.IN_OPEN + 1]
    kept = m[memory.CONTROLS] + number * memory.CONTROL_WIDTH
    return path - m[kept + memory.CONTROL_FTE] - recruiting


@part
def _path(w, number):  # type: ignore[no-untyped-def]
    """Where FTE in scope should be at the end of this month, in hundredths."""
    m = w.m
    control = m[terms.CONTROL_AT] + number * terms.CONTROL_WIDTH
    kept = m[memory.CONTROLS] + number * memory.CONTROL_WIDTH
    starts, months = m[terms.MONTH_STARTS], m[terms.MONTHS]
    month = m[memory.MONTH]
    while month <= months and m[starts + month] <= m[memory.NOW]:
        month += 1
    m[memory.MONTH] = month
    if m[control + terms.REDUCED] != 0:
        opening = m[kept + memory.CONTROL_OPENING]
        if opening < 0:
            opening = m[kept + memory.CONTROL_FTE]
        return path_fte(
            opening,
            w.f[m[control + terms.REDUCTION]],
            m[control + terms.STRAIGHT] != 0,
            month - m[control + terms.BEGUN],
        )
    return m[m[control + terms.PATH] + min(month, months)]
