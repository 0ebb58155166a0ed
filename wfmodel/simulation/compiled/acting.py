"""Acting up: who does a manager's work while the post is open, and the posts that look for
somebody."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import agency, book, events, memory, queues, terms, words


@part
def consider(w, vacancy):  # type: ignore[no-untyped-def]
    """Somebody will act in a newly open post, or not, by the first policy that covers it."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    for number in range(m[terms.ACTING_COUNT]):
        policy = m[terms.ACTING_AT] + number * terms.ACTING_WIDTH
        if terms.in_force(w, policy, m[post + memory.POST_CELL], m[memory.NOW]):
            numbers, key = m[policy + terms.ACT_NUMBERS], memory.key_of(m, vacancy)
            stream = terms.stream(w, terms.ACTING)
            if terms.happens(w.f[numbers + terms.ACT_PROBABILITY], stream, key, 0):
                lag = agency.length(
                    w, m[policy + terms.ACT_SHAPE], numbers + terms.ACT_LAG, stream, key, 1.0
                )
                if m[vacancy + memory.V_UNDER_WAY] != 0:
                    lag = 0
                events.at(
                    w, m[memory.NOW] + lag, order.ENDING, memory.key_of(m, post),
                    order.ACTING_START, vacancy, 0, 0, 0, 0,
                )  # fmt: skip
            return


@part
def look(w, vacancy):  # type: ignore[no-untyped-def]
    """Somebody is looked for, at the next settlement."""
    m = w.m
    if m[vacancy + memory.V_CLOSED] == 0:
        post_key = memory.key_of(m, m[vacancy + memory.V_POST])
        queues.join(w, memory.LOOKING, vacancy, m[vacancy + memory.V_OPENED], post_key, 0)
        events.settle_soon(w)


@part
def begin(w, seat, vacancy, fte):  # type: ignore[no-untyped-def]
    """The holder of a seat acts up from now."""
    m = w.m
    act = memory.new(w, memory.ACT_WIDTH)
    m[act + memory.ACT_SEAT] = seat
    m[act + memory.ACT_VACANCY] = vacancy
    m[act + memory.ACT_FTE] = fte
    m[act + memory.ACT_SOURCE] = m[m[seat + memory.SEAT_POST] + memory.POST_CELL]
    m[act + memory.ACT_TARGET] = m[m[vacancy + memory.V_POST] + memory.POST_CELL]
    m[seat + memory.SEAT_ACTING] = act
    m[vacancy + memory.V_ACTING] = act
    _write(w, words.COVER_START, act)


@part
def stop(w, seat):  # type: ignore[no-untyped-def]
    """The holder of a seat can act up no longer; another is looked for."""
    m = w.m
    act = m[seat + memory.SEAT_ACTING]
    if act != 0:
        vacancy = m[act + memory.ACT_VACANCY]
        end(w, vacancy)
        look(w, vacancy)


@part
def end(w, vacancy):  # type: ignore[no-untyped-def]
    """Nobody acts in the post any longer."""
    m = w.m
    act = m[vacancy + memory.V_ACTING]
    if act != 0:
        m[vacancy + memory.V_ACTING] = 0
        m[m[act + memory.ACT_SEAT] + memory.SEAT_ACTING] = 0
        _write(w, words.COVER_END, act)


@part
def _write(w, kind, act):  # type: ignore[no-untyped-def]
    m = w.m
    seat = m[act + memory.ACT_SEAT]
    book.write(
        w, kind, m[seat + memory.SEAT_PERSON], m[m[act + memory.ACT_VACANCY] + memory.V_POST], -1,
        m[act + memory.ACT_SOURCE], m[act + memory.ACT_TARGET], words.ACTING_UP,
        m[act + memory.ACT_FTE], m[seat + memory.SEAT_POST], 0, 0,
    )  # fmt: skip
