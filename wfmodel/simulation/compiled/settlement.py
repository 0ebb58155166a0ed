"""Settlement: what ends every instant. Resources are granted and vacancies filled until nothing
moves."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.simulation.compiled import (
    appointing,
    control,
    intakes,
    memory,
    moves,
    placement,
    pool,
    queues,
    vacancies,
)


@part
def settle(w):  # type: ignore[no-untyped-def]
    """Grant finite resources and fill vacancies, again and again until nothing moves."""
    w.m[memory.SETTLING] = 0
    moved = True
    while moved:
        moved = pool.grant_coaches(w)
        moved |= intakes.grant_places(w)
        moved |= _fill_all(w)
        moved |= vacancies.grant_recruiters(w)
    appointing.appoint(w)


@part
def _fill_all(w):  # type: ignore[no-untyped-def]
    """Consider every fresh vacancy, and every open one for those new in the pool; whether anything
    moved."""
    m = w.m
    moved = False
    if m[memory.NEWCOMERS] != 0:
        moved |= _offer_again(w)
    while m[memory.FRESH] != 0:
        vacancy = queues.leave(m, memory.FRESH)
        if m[vacancy + memory.V_CLOSED] == 0:
            _consider(w, vacancy)
            moved = True
    return moved


@part
def _offer_again(w):  # type: ignore[no-untyped-def]
    """Offer all open vacancies that are not held to those who have come since."""
    m = w.m
    m[memory.NEWCOMERS] = 0
    moved = False
    if m[memory.POOL] == 0 and m[memory.WAITING] == 0:
        return False
    vacancy = m[memory.OPEN]
    while vacancy != 0:
        post_key = memory.key_of(m, m[vacancy + memory.V_POST])
        queues.join(w, memory.ROUND, vacancy, m[vacancy + memory.V_OPENED], post_key, 0)
        vacancy = m[vacancy + memory.IN_OPEN + 1]
    while m[memory.ROUND] != 0:
        vacancy = queues.leave(m, memory.ROUND)
        state = m[vacancy + memory.V_STATE]
        if m[vacancy + memory.V_CLOSED] == 0 and (
            state == memory.RESERVED or state == memory.QUEUED or state == memory.CAMPAIGN
        ):
            moved |= pool.offer(w, vacancy) or placement.place_waiting(w, vacancy)
    return moved


@part
def _consider(w, vacancy):  # type: ignore[no-untyped-def]
    """Absorb, hold, reserve, redeploy, place a trainee, fill from inside, or advertise: the first
    that applies."""
    if placement.absorb(w, vacancy):
        return
    if control.hold(w, vacancy):
        return
    if pool.offer(w, vacancy) or placement.place_waiting(w, vacancy):
        return
    if intakes.reserve(w, vacancy):
        return
    if moves.fill_from_inside(w, vacancy):
        return
    vacancies.wait_for_recruiter(w, vacancy)
