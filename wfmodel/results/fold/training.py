"""Pipelines: who trains, who stays, what supervision they take, and what training costs."""

from __future__ import annotations

import math

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import accrual, capacity, flows, months, people, places, spells
from wfmodel.results.statistics import KEPT_AFTER
from wfmodel.units import MONTH

_IN_TRAINING = places.counts_of("pipeline_in_training")
_EMPLOYED, _INTAKE = places.counts_of("pipeline_employed"), places.counts_of("pipeline_intake")
_REACHED = places.counts_of(f"pipeline_reached_{KEPT_AFTER[0]}")
_KEPT = places.counts_of(f"pipeline_kept_{KEPT_AFTER[0]}")
_FEES, _PAY = places.counts_of("pipeline_fees"), places.counts_of("pipeline_pay")
_COST, _USED = places.values_of("pipeline_cost"), places.values_of("supervision_used")
_CAPACITY = places.values_of("supervision_capacity")
_AFTER_STEP, _AFTER_COUNT = KEPT_AFTER[0], len(KEPT_AFTER)


@part
def of_spell(m, x, spell):  # type: ignore[no-untyped-def]
    """Count a spell's training, and who took the post of it out of a pipeline."""
    if m[spell + spells.TRAINING] >= 0:
        _trains(m, x, spell)
    if m[spell + spells.CONVERTED] >= 0:
        _took_a_post(m, spell)
    supervisor = m[places.CELL_AT] + m[spell + spells.CELL] * places.CELL_WIDTH + places.SUPERVISOR
    head = spells.heads(m, spell)
    if m[supervisor] >= 0 and head != 0 and m[spell + spells.AWAY] == 0:
        opens, closes = m[spell + spells.OPENS], m[spell + spells.CLOSES]
        row = m[places.SUPERVISOR_COUNTS] + m[supervisor] * m[places.WIDE]
        m[row + opens] += head
        m[row + closes] -= head


@part
def _trains(m, x, spell):  # type: ignore[no-untyped-def]
    """A spell in training: the fee, and stages one after the other, each as long as stated on
    average, with the time that they take of trainees and of supervisors."""
    pipeline, counted = m[spell + spells.TRAINING], m[m[spell + spells.PERSON] + people.COUNTED]
    record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
    head, fte = m[spell + spells.HEAD] * counted, m[spell + spells.FTE] * counted
    start, cell = m[spell + spells.START], m[spell + spells.CELL]
    opens, closes = m[spell + spells.OPENS], m[spell + spells.CLOSES]
    if opens < closes:
        flows.count_pipeline(m, m[_IN_TRAINING], pipeline, opens, head)
        flows.count_pipeline(m, m[_IN_TRAINING], pipeline, closes, -head)
    _pay_fee(m, spell, record, pipeline, head)
    begun, stages = 0, m[record + places.STAGES]
    for stage in range(stages):
        numbers = m[record + places.STAGE_NUMBERS] + stage * places.STAGE_WIDTH
        begun += math.floor(x[numbers + places.STAGE_MONTHS] * MONTH)
        ends = months.after(m, start + begun)
        last = closes if stage == stages - 1 else min(closes, ends)
        if opens < last:
            supervised = head * x[numbers + places.STAGE_SUPERVISION]
            away = fte * x[numbers + places.OFF_THE_JOB]
            if m[places.WANTS_WORK] == 1:
                lost = away + supervised * x[m[record + places.PIPELINE_NUMBERS] + places.LOAD]
                capacity.work(m, x, cell, opens, last, -lost)
            _supervise(m, x, pipeline, opens, last, supervised)
        opens = max(opens, ends)


@phrase
def _pay_fee(m, spell, record, pipeline, head):  # type: ignore[no-untyped-def]
    """The training price, spread evenly over the stated length and paid while somebody trains."""
    rate, month = m[record + places.FEE_RATE] * head, spells.first_month(m, spell)
    if month < m[places.ENDS]:
        left = m[spell + spells.LEFT_AT_START]
        accrual.turn_pipeline(m, m[_FEES], pipeline, month, left, rate)
        last = m[spell + spells.START] + m[record + places.LENGTH]
        last = min(last, m[spell + spells.END])
        month = months.after(m, last)
        left = accrual.last_part(m, last, month)
        accrual.turn_pipeline(m, m[_FEES], pipeline, month, left, -rate)


@phrase
def _supervise(m, x, pipeline, opens, closes, amount):  # type: ignore[no-untyped-def]
    """Supervision in use at the month ends [opens, closes), of a pipeline and of all together."""
    own = m[_USED] + (1 + pipeline) * m[places.ENDS]
    for month in range(opens, min(closes, m[places.ENDS])):
        x[m[_USED] + month] += amount
        x[own + month] += amount


@phrase
def _took_a_post(m, spell):  # type: ignore[no-untyped-def]
    """Somebody out of a pipeline has a post; who is still here after some months is kept."""
    pipeline, since = m[spell + spells.CONVERTED], m[spell + spells.OPENS]
    gone = m[m[spell + spells.PERSON] + people.GONE]
    once = np.int64(1)
    if since < gone:
        flows.count_pipeline(m, m[_EMPLOYED], pipeline, since, once)
        flows.count_pipeline(m, m[_EMPLOYED], pipeline, gone, -once)
    for k in range(_AFTER_COUNT):
        month, step = since + _AFTER_STEP * (k + 1), places.STATISTIC_WIDTH * k
        flows.count_pipeline(m, m[_REACHED + step], pipeline, month, once)
        if gone > month:
            flows.count_pipeline(m, m[_KEPT + step], pipeline, month, once)


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """What pipelines cost, and the places that staff can supervise."""
    for pipeline in range(m[places.PIPELINES]):
        _cost(m, x, pipeline, m[_COST])
    _supervisors(m, x, m[_CAPACITY])


@part
def _cost(m, x, pipeline, out):  # type: ignore[no-untyped-def]
    """Fees, one-off costs and pay beside the establishment, of a pipeline and of all together."""
    ends = m[places.ENDS]
    fees, pay = m[places.TRAINING_ROWS], m[places.TRAINING_ROWS] + ends
    accrual.close(m, x, m[_FEES], 1 + pipeline, fees)
    accrual.close(m, x, m[_PAY], 1 + pipeline, pay)
    for month in range(ends):
        cost = x[fees + month] + one_off(m, x, pipeline, month)
        cost += x[pay + month] * x[m[places.BY_MONTH] + month]
        x[out + month] += cost
        x[out + (1 + pipeline) * ends + month] = cost


@phrase
def one_off(m, x, pipeline, month):  # type: ignore[no-untyped-def]
    """Recruitment and set-up of who began in a month, pence."""
    record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
    began = m[m[_INTAKE] + (1 + pipeline) * m[places.WIDE] + month]
    return began * 100.0 * x[m[record + places.PIPELINE_NUMBERS] + places.ONE_OFF]


@part
def _supervisors(m, x, out):  # type: ignore[no-untyped-def]
    """Places that staff can supervise: by pipeline, and of all supervising roles together, each
    once."""
    ends = m[places.ENDS]
    for supervisor in range(m[places.SUPERVISORS]):
        row = m[places.SUPERVISOR_COUNTS] + supervisor * m[places.WIDE]
        names = m[places.SUPERVISOR_AT] + supervisor * m[places.PIPELINES]
        heads = 0
        for month in range(ends):
            heads += m[row + month]
            can = heads * x[m[places.SUPERVISES] + supervisor]
            x[out + month] += can
            for pipeline in range(m[places.PIPELINES]):
                if m[names + pipeline] == 1:
                    x[out + (1 + pipeline) * ends + month] += can
