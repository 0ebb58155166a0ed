"""Training: stages with drop-outs, and what happens when the last one ends."""

from __future__ import annotations

from wfmodel import draws
from wfmodel.flows import pipelines as rules
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    book,
    events,
    leaving,
    memory,
    placement,
    progression,
    terms,
    words,
)


@part
def begin_stage(w, person, trainee, number):  # type: ignore[no-untyped-def]
    """Begin a stage: take as much supervision as it needs, and wait for its end."""
    m, f = w.m, w.f
    pipeline = m[trainee + memory.T_PIPELINE]
    stage = m[placement.line_of(w, pipeline) + terms.STAGES] + number * terms.STAGE_WIDTH
    needed = m[stage + terms.STAGE_SUPERVISION]
    freed = m[trainee + memory.T_SUPERVISION] - needed
    kept = m[memory.PIPELINES] + pipeline * memory.PIPELINE_WIDTH
    m[kept + memory.SUPERVISED] -= freed
    m[trainee + memory.T_SUPERVISION] = needed
    m[trainee + memory.T_STAGE] = number
    if freed > 0:
        leaving.supervision_changed(w)
    n = m[stage + terms.STAGE_NUMBERS]
    seconds, end = rules.stage(
        m[stage + terms.STAGE_SHAPE], f[n], f[n + 1], f[n + 2], f[n + 3],
        terms.stream(w, terms.PIPELINES), memory.key_of(m, trainee), number,
    )  # fmt: skip
    events.at(
        w, m[memory.NOW] + seconds, order.ENDING, memory.key_of(m, person), order.STAGE_END,
        person, trainee, number, end, 0,
    )  # fmt: skip


@part
def stage_ends(w, person, trainee, number, end):  # type: ignore[no-untyped-def]
    """Drop out, go on to the next stage, or qualify."""
    m = w.m
    if m[person + memory.GONE] != 0 or m[person + memory.TRAINEE] != trainee:
        return
    line = placement.line_of(w, m[trainee + memory.T_PIPELINE])
    if end == rules.DROPS:
        _drop_out(w, person, trainee)
    elif number + 1 < w.m[line + terms.STAGE_COUNT]:
        begin_stage(w, person, trainee, number + 1)
    else:
        _qualify(w, person, trainee)


@part
def _drop_out(w, person, trainee):  # type: ignore[no-untyped-def]
    """From outside they leave; staff go on in their post, or are found one."""
    m = w.m
    pipeline = m[trainee + memory.T_PIPELINE]
    leaving.stop_training(w, trainee)
    m[person + memory.TRAINEE] = 0
    if m[trainee + memory.T_EXTERNAL] != 0:
        leaving.leave(w, person, words.DROPPED_OUT, words.OUTSIDE, pipeline)
        return
    cell = m[person + memory.CELL]
    book.write_person(w, words.DROPPED_OUT, person, cell, cell, words.STAFF, pipeline)
    if m[person + memory.SEAT] == 0:
        placement.guarantee(w, person, cell, pipeline)
    events.settle_soon(w)


@part
def _qualify(w, person, trainee):  # type: ignore[no-untyped-def]
    """Training ends: a share takes a post here, guaranteed or in competition; the others do
    not."""
    m = w.m
    pipeline, cell = m[trainee + memory.T_PIPELINE], m[person + memory.CELL]
    line = placement.line_of(w, pipeline)
    leaving.stop_training(w, trainee)
    m[trainee + memory.T_QUALIFIED] = 1
    u = draws.uniform(terms.stream(w, terms.PIPELINES), memory.key_of(m, trainee), 7)
    taken = u < w.f[m[line + terms.PIPELINE_NUMBERS] + terms.CONVERSION_SHARE]
    how = words.NOT_CONVERTED
    if taken:
        how = words.GUARANTEED if m[line + terms.GUARANTEES] != 0 else words.COMPETE
    book.write_person(w, words.QUALIFIED, person, cell, cell, how, pipeline)
    if not taken:
        _not_converted(w, person, trainee)
    elif m[line + terms.INTO_VACANCIES] != 0 and m[trainee + memory.T_EXTERNAL] != 0:
        placement.settle(w, person, trainee)
    elif m[line + terms.GUARANTEES] != 0:
        target = m[line + terms.TARGET_CELL]
        if m[person + memory.SEAT] != 0:
            progression.step_up(w, person, target % m[terms.ROLES], words.TRAINEE)
        else:
            placement.guarantee(w, person, target, pipeline)
        placement.settle(w, person, trainee)
    else:
        _compete(w, person, trainee, m[line + terms.WAIT])
    events.settle_soon(w)


@part
def _compete(w, person, trainee, longest):  # type: ignore[no-untyped-def]
    """Wait for a vacancy, for a limited time."""
    m = w.m
    now = m[memory.NOW]
    m[trainee + memory.T_WAITING_SINCE] = now
    memory.link(m, memory.WAITING, person, memory.IN_WAITING)
    m[memory.NEWCOMERS] = 1
    events.at(
        w, now + longest, order.ENDING, memory.key_of(m, person), order.POST_WAIT,
        person, trainee, 0, 0, 0,
    )  # fmt: skip


@part
def _not_converted(w, person, trainee):  # type: ignore[no-untyped-def]
    m = w.m
    m[person + memory.TRAINEE] = 0
    if m[trainee + memory.T_EXTERNAL] != 0:
        leaving.leave(w, person, words.LEAVER, words.NOT_PLACED, 0)
    elif m[person + memory.SEAT] == 0:
        placement.guarantee(w, person, m[person + memory.CELL], m[trainee + memory.T_PIPELINE])


@part
def waited_long_enough(w, person, trainee):  # type: ignore[no-untyped-def]
    """No vacancy came while they waited."""
    m = w.m
    if m[person + memory.TRAINEE] == trainee and m[person + memory.IN_WAITING] != 0:
        memory.unlink(m, person, memory.IN_WAITING)
        _not_converted(w, person, trainee)
        events.settle_soon(w)
