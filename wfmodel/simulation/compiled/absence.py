"""Absence: what comes to people in post, and whether they come back."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.simulation.compiled import away, hours, leaving, memory, occurrences, terms, words


@part
def comes(w, person, awaited, one, plan):  # type: ignore[no-untyped-def]
    """Fewer hours, or an absence; it passes by whoever can't take it just now."""
    m = w.m
    if (
        m[awaited + memory.W_PLAN] != plan
        or m[person + memory.GONE] != 0
        or m[person + memory.NOTICE_AT] >= 0
    ):
        return
    leave = m[one + terms.O_LEAVE]
    if leave == 0:
        taken = hours.fall(w, person, one)
    else:
        taken = occurrences.begin_absence(w, person, leave, awaited, m[memory.NOW])
        leaving.supervision_changed(w)
    if taken:
        m[awaited + memory.W_OVER] = 1
    else:
        occurrences.again(w, person, awaited)


@part
def ends(w, person, away_now):  # type: ignore[no-untyped-def]
    """Come back, or leave; who has given notice meanwhile works what is left of it."""
    m = w.m
    if m[person + memory.GONE] != 0 or m[person + memory.AWAY] != away_now:
        return
    stays = m[person + memory.NOTICE_AT] < 0
    if m[away_now + memory.AWAY_RETURNS] == 0 and stays:
        leaving.leave(w, person, words.LEAVER, m[away_now + memory.AWAY_CAUSE], 0)
        return
    away.end(w, person)
    awaited = m[away_now + memory.AWAY_AWAITED]
    if awaited != 0 and stays:
        occurrences.again(w, person, awaited)
    leaving.supervision_changed(w)
