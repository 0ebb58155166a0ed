"""Lowering: all that a run reads by name or date, as places in memory, once for all
replications."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition
from wfmodel.simulation import effects, tables
from wfmodel.simulation.compiled import memory, terms
from wfmodel.simulation.compiled.lowered_occurrences import lower_occurrences
from wfmodel.simulation.compiled.lowered_plans import lower_events, lower_pipelines
from wfmodel.simulation.compiled.lowered_policies import lower_policies
from wfmodel.simulation.compiled.lowered_roles import lower_roles
from wfmodel.simulation.compiled.seating import Seated, seat
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.order import STREAMS
from wfmodel.simulation.statute import STEERING
from wfmodel.units import NEVER


def lower(inputs: Inputs) -> Seated:
    """The memory from which every replication of a scenario starts."""
    draft = Draft(inputs, memory.HEADER)
    _lower_calendar(draft)
    _lower_pay(draft)
    _lower_statute(draft)
    _lower_tables(draft)
    lower_roles(draft)
    lower_occurrences(draft)
    lower_policies(draft)
    lower_events(draft)
    lower_pipelines(draft)
    m = draft.m
    m[memory.CONTROLS] = draft.record(memory.CONTROL_WIDTH, m[terms.CONTROL_COUNT])
    m[memory.PIPELINES] = draft.record(memory.PIPELINE_WIDTH, m[terms.PIPELINE_COUNT])
    m[memory.SCRATCH] = draft.record(attrition.CAUSES)
    m[memory.WORK_CELLS] = inputs.cells if m[terms.WORKLOAD] != 0 else 0
    m[memory.WORK] = draft.record(2, m[memory.WORK_CELLS])
    ends = inputs.posts.funding_end
    m[terms.FUNDING_END_COUNT] = int(np.count_nonzero((ends >= 0) & (ends < m[terms.HORIZON])))
    m[terms.FUNDING_ENDS] = draft.record(2, m[terms.FUNDING_END_COUNT])
    return seat(inputs, draft.finish())


def _lower_calendar(draft: Draft) -> None:
    inputs, m, calendar = draft.inputs, draft.m, draft.inputs.calendar
    m[terms.HORIZON], m[terms.START_DAY] = calendar.horizon, calendar.start_day
    m[terms.MONTH_STARTS], m[terms.MONTHS] = draft.whole(calendar.month_starts), calendar.months
    m[terms.SEGMENTS] = inputs.segment_start.size
    m[terms.SEGMENT_STARTS] = draft.whole(inputs.segment_start)
    m[terms.ROLES], m[terms.SKILL_COUNT] = len(inputs.roles), len(inputs.skills)
    m[terms.APRILS], m[terms.APRIL_COUNT] = draft.whole(inputs.aprils), inputs.aprils.size
    m[terms.APRIL_YEARS] = draft.whole([calendar.date(s).year for s in inputs.aprils.tolist()])
    m[terms.NO_EVENT_KEY] = int(draws.text_key("").astype(np.int64))
    m[terms.STREAM_KEYS] = draft.keys(
        [draws.text_key(name) for name in (*STREAMS, "market", "absence")]
    )


def _lower_pay(draft: Draft) -> None:
    inputs, m = draft.inputs, draft.m
    years = [inputs.calendar.date(april).year for april in inputs.aprils.tolist()]
    m[terms.PAY_FROM] = draft.whole([-NEVER, *inputs.aprils.tolist()])
    m[terms.PAY_TABLES], m[terms.PAY_ROWS] = 1 + len(years), inputs.pay_annual.size
    m[terms.PAY_AT] = draft.whole(inputs.pay_annual)
    draft.record(inputs.pay_annual.size, len(years))
    m[terms.AWARDS] = draft.record(1 + len(years))
    for k, year in enumerate(years):
        draft.number(m[terms.AWARDS] + 1 + k, f"budget.pay_award.{year}", 0.0)


def _lower_statute(draft: Draft) -> None:
    statute, m = draft.inputs.statute, draft.m
    at = m[terms.STATUTE_AT] = draft.record(terms.FIGURE_WIDTH, len(STEERING))
    for number, name in enumerate(STEERING):
        times, values = statute.steps[name]
        if name == "redundancy_week_cap_gbp":
            values = [float(np.floor(value * 100 + 0.5)) for value in values]  # pence
        figure = at + number * terms.FIGURE_WIDTH
        m[figure + terms.FIGURE_TIMES] = draft.whole(times)
        m[figure + terms.FIGURE_COUNT] = len(times)
        m[figure + terms.FIGURE_VALUES] = draft.others(values)


def _lower_tables(draft: Draft) -> None:
    m = draft.m
    at = m[terms.TABLES] = tables.lower_tables(draft)
    m[terms.RATES], m[terms.EFFECTS] = m[at + tables.RATES], m[at + tables.EFFECTS]
    m[terms.WORKLOAD] = m[at + tables.WORKLOAD]
    m[terms.ROW_OF] = m[m[terms.RATES] + attrition.ROW_OF]
    m[terms.RECRUITERS] = m[m[terms.EFFECTS] + effects.RECRUITERS]
