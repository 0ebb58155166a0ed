"""What shortage does to leaving, in one replication: what services require, what people's work is
worth, and the factors on resignations that come of it month by month.

They stand in memory beside the hazards. Who works where is for each simulation to add up.
"""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import absence, attrition, workload
from wfmodel.jit import part
from wfmodel.scenario.context import Demand
from wfmodel.scenario.policies import SicknessEffect
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.months import in_force, years_of_months
from wfmodel.units import YEAR, add_months

CAUSES = ("stress", "other")
(
    SERVICES,
    SERVICE_AT,
    SERVICE_OF,
    ROLES,
    EXPERIENCE,
    AGENCY,
    SICKNESS,
    POLICIES,
    POLICY_AT,
    YEARS,
    CAUSE_KEYS,
    STREAM,
    PIPELINES,
    MONTH_ENDS,
    WIDTH,
) = range(15)
"""``SERVICE_OF``: the record of each cell's service, 0 where its people do not feel shortage.
``EXPERIENCE``: a list of bands and their number for each role, a band being its edge in seconds of
service and its worth in thousandths; ``AGENCY`` worth by role; ``SICKNESS`` others [roles, 3] (days
by cause, spread); ``YEARS`` by month; ``STREAM`` the key of sickness's chance, which the simulation
puts there."""
SERVICE, ELASTICITY, REQUIRED, STEPS, OPENING, SERVICE_WIDTH = range(6)
PRESSURE = SERVICE_WIDTH
"""A service: its number; the places of elasticity, least and most in ``f``; of what is required by
month; of what it is made of: a list of the places of its steps, and four numbers. It ends with
what attrition reads, see `wfmodel.flows.attrition.PRESSURES`."""
RECORD_WIDTH = SERVICE_WIDTH + attrition.PRESSURE_WIDTH
OPENING_FTE, GROWTH, CASES_PER_FTE, SHIFT_COVER, OPENING_WIDTH = range(5)
STRESS_MULTIPLIER, DURING, SCOPE, POLICY_WIDTH = range(4)
NEWLY, LOAD, OFF_THE_JOB, PIPELINE_WIDTH = range(4)


def lower_workload(draft: Draft, rates: int) -> int:
    """What services with an elasticity need and have, as a record, and their places at the record
    ``rates``; 0 where there are none."""
    inputs, m = draft.inputs, draft.m
    felt = {s: need for s, need in inputs.scenario.demand.items() if need.elasticity is not None}
    m[rates + attrition.MONTHS] = draft.whole(inputs.calendar.month_starts)
    if not felt or inputs.calendar.months == 0:
        return 0
    at = draft.record(WIDTH)
    m[at + MONTH_ENDS] = inputs.calendar.months + 1
    m[at + SERVICES], m[at + SERVICE_AT] = len(felt), draft.record(RECORD_WIDTH, len(felt))
    of = [0] * len(inputs.services)
    for number, (service, need) in enumerate(felt.items()):
        of[inputs.services.index(service)] = record = m[at + SERVICE_AT] + number * RECORD_WIDTH
        m[record + SERVICE] = inputs.services.index(service)
        _lower_service(draft, record, service, need)
    m[at + ROLES] = len(inputs.roles)
    m[at + SERVICE_OF] = draft.whole(np.repeat(of, len(inputs.roles)))
    pressures = [record + PRESSURE if record else 0 for record in of]
    m[rates + attrition.PRESSURES] = draft.whole(np.repeat(pressures, len(inputs.roles)))
    _lower_roles(draft, at)
    _lower_sickness(draft, at)
    _lower_pipelines(draft, at)
    return at


def _lower_service(draft: Draft, record: int, service: str, need: Demand) -> None:
    inputs, m, path = draft.inputs, draft.m, f"demand.{service}"
    numbers = m[record + ELASTICITY] = draft.record(3)
    draft.number(numbers, f"{path}.elasticity", 0.0)
    least, most = need.elasticity_bounds or workload.BOUNDS
    draft.f[numbers + 1], draft.f[numbers + 2] = least, most
    months = inputs.calendar.months + 1
    m[record + REQUIRED] = draft.record(months)
    m[record + PRESSURE + attrition.FACTORS] = draft.record(months)
    m[record + PRESSURE + attrition.MOST_FACTOR] = numbers + 2
    numbers = m[record + OPENING] = draft.record(OPENING_WIDTH)
    here = inputs.posts.cell // len(inputs.roles) == inputs.services.index(service)
    draft.f[numbers + OPENING_FTE] = inputs.posts.fte[here].sum() / 100
    draft.number(numbers + GROWTH, f"{path}.annual_growth", 0.0)
    draft.number(numbers + CASES_PER_FTE, f"{path}.cases_per_fte", 1.0)
    draft.number(numbers + SHIFT_COVER, f"{path}.shift_cover", 1.0)
    name, by_date = ("fte", need.fte) if need.fte is not None else ("cases", need.cases)
    if by_date is not None:
        steps = sorted(by_date)
        values = draft.record(len(steps))
        for k, step in enumerate(steps):
            draft.number(values + k, f"{path}.{name}.{step}", 0.0)
        dates = [add_months(inputs.calendar.start, month) for month in range(months)]
        places = [values + max(0, sum(step <= date for step in steps) - 1) for date in dates]
        m[record + STEPS] = draft.whole(places)


def _lower_roles(draft: Draft, at: int) -> None:
    """What experience is worth, and agency work."""
    inputs, m = draft.inputs, draft.m
    lists = []
    m[at + AGENCY] = draft.record(len(inputs.roles))
    for number, name in enumerate(inputs.roles):
        edges = list(inputs.scenario.roles[name].experience or [0])
        bands = draft.record(2, len(edges))
        for k, edge in enumerate(edges):
            m[bands + 2 * k] = edge * YEAR
            path = f"roles.{name}.experience.{edge}"
            draft.rounded(bands + 2 * k + 1, path, 1.0, workload.WORTH)
        lists += [bands, len(edges)]
        path = f"roles.{name}.agency.capacity"
        draft.rounded(m[at + AGENCY] + number, path, 1.0, workload.WORTH)
    m[at + EXPERIENCE] = draft.whole(lists)


def _lower_sickness(draft: Draft, at: int) -> None:
    inputs, m = draft.inputs, draft.m
    m[at + SICKNESS] = draft.record(3, len(inputs.roles))
    for number, name in enumerate(inputs.roles):
        for k, key in enumerate((*CAUSES, "year_cv")):
            draft.number(m[at + SICKNESS] + 3 * number + k, f"roles.{name}.sickness.{key}", 0.0)
    m[at + YEARS] = draft.whole(years_of_months(inputs.calendar))
    m[at + CAUSE_KEYS] = draft.keys([draws.text_key(cause) for cause in CAUSES])
    policies = [
        (name, policy)
        for name, policy in inputs.scenario.policies.items()
        if isinstance(policy, SicknessEffect)
    ]
    m[at + POLICIES], m[at + POLICY_AT] = len(policies), draft.record(POLICY_WIDTH, len(policies))
    for number, (name, policy) in enumerate(policies):
        record = m[at + POLICY_AT] + number * POLICY_WIDTH
        m[record + STRESS_MULTIPLIER] = draft.record(2)
        for k, cause in enumerate(CAUSES):
            path = f"policies.{name}.{cause}_multiplier"
            draft.number(m[record + STRESS_MULTIPLIER] + k, path, 1.0)
        during = in_force(inputs.calendar, policy.start, policy.end)
        m[record + DURING] = draft.others(during.tolist())
        m[record + SCOPE] = draft.scope(inputs.in_scope(policy.services, policy.roles))


def _lower_pipelines(draft: Draft, at: int) -> None:
    """What the newly qualified are worth, and what training and supervision take."""
    m, pipelines = draft.m, draft.inputs.scenario.pipelines
    m[at + PIPELINES] = draft.record(PIPELINE_WIDTH, len(pipelines))
    for number, (name, pipeline) in enumerate(pipelines.items()):
        record, path = m[at + PIPELINES] + number * PIPELINE_WIDTH, f"pipelines.{name}"
        draft.rounded(record + NEWLY, f"{path}.newly_qualified.capacity", 1.0, workload.WORTH)
        roles = pipeline.supervision.roles if pipeline.supervision else []
        loads = draft.record(1 + len(roles))
        m[record + LOAD], m[loads] = loads, len(roles)
        for k, role in enumerate(roles):
            draft.number(loads + 1 + k, f"roles.{role}.supervision_load", 0.0)
        stages = m[record + OFF_THE_JOB] = draft.record(len(pipeline.stages))
        for k in range(len(pipeline.stages)):
            draft.rounded(stages + k, f"{path}.stages.{k}.off_the_job", 0.0, workload.WORTH)


# --- one replication


@part
def realise_workload(w, at, rates):  # type: ignore[no-untyped-def]
    """What services require in a replication; in the first month nobody feels shortage yet."""
    m, f = w.m, w.f
    months = m[rates + attrition.MONTHS]
    m[rates + attrition.KNOWN] = 1
    for k in range(m[at + SERVICES]):
        service = m[at + SERVICE_AT] + k * RECORD_WIDTH
        f[m[service + PRESSURE + attrition.FACTORS]] = 1.0
        numbers = m[service + OPENING]
        for month in range(m[at + MONTH_ENDS]):
            needs = workload.grown(f[numbers + OPENING_FTE], f[numbers + GROWTH], m[months + month])
            if m[service + STEPS] != 0:
                needs = f[m[m[service + STEPS] + month]] / f[numbers + CASES_PER_FTE]
            f[m[service + REQUIRED] + month] = needs * f[numbers + SHIFT_COVER]


@part
def experience(w, at, role, served):  # type: ignore[no-untyped-def]
    """What somebody's work is worth after so many seconds of service, in thousandths."""
    m = w.m
    bands = m[m[at + EXPERIENCE] + 2 * role]
    last = bands + 2 * (m[m[at + EXPERIENCE] + 2 * role + 1] - 1)
    while bands < last and served >= m[bands + 2]:
        bands += 2
    return m[bands + 1]


@part
def newly_qualified(w, at, pipeline):  # type: ignore[no-untyped-def]
    """What the work of the newly qualified of a pipeline is worth, in thousandths."""
    return w.m[w.m[at + PIPELINES] + pipeline * PIPELINE_WIDTH + NEWLY]


@part
def off_the_job(w, at, pipeline, stage):  # type: ignore[no-untyped-def]
    """What a stage of training takes off the job, in thousandths."""
    m = w.m
    return m[m[m[at + PIPELINES] + pipeline * PIPELINE_WIDTH + OFF_THE_JOB] + stage]


@part
def load(w, at, pipeline):  # type: ignore[no-untyped-def]
    """What supervisors of a pipeline give for each place: the mean of their roles', in
    thousandths."""
    m, f = w.m, w.f
    loads = m[m[at + PIPELINES] + pipeline * PIPELINE_WIDTH + LOAD]
    total = 0.0
    for k in range(m[loads]):
        total += f[loads + 1 + k]
    return math.floor(workload.WORTH * total / m[loads] + 0.5) if m[loads] > 0 else 0


@part
def sick_days(w, at, cell, cause, month):  # type: ignore[no-untyped-def]
    """Working days lost per FTE and year in a month of a cell, of one cause."""
    m, f = w.m, w.f
    numbers = m[at + SICKNESS] + 3 * (cell % m[at + ROLES])
    days = f[numbers + cause] * absence.year_factor(
        f[numbers + 2], np.uint64(m[at + STREAM]), np.uint64(m[m[at + CAUSE_KEYS] + cause]),
        m[m[at + YEARS] + month],
    )  # fmt: skip
    for k in range(m[at + POLICIES]):
        policy = m[at + POLICY_AT] + k * POLICY_WIDTH
        if m[m[policy + SCOPE] + cell] != 0:
            change = f[m[policy + STRESS_MULTIPLIER] + cause] - 1.0
            days *= 1.0 + f[m[policy + DURING] + month] * change
    return days


@part
def capacity_of_cell(w, at, cell, month, work, agency_fte):  # type: ignore[no-untyped-def]
    """The capacity of a cell at a month end, by the work of its people and the FTE of agency."""
    days = sick_days(w, at, cell, 0, month) + sick_days(w, at, cell, 1, month)
    present = math.floor(workload.PRESENCE * absence.present(days) + 0.5)
    worth = w.m[w.m[at + AGENCY] + cell % w.m[at + ROLES]]
    return workload.of_cell(work, present, agency_fte, worth)


@part
def press(w, service, month, capacity):  # type: ignore[no-untyped-def]
    """What resignations of a service are multiplied by in the month that begins."""
    f, numbers = w.f, w.m[service + ELASTICITY]
    f[w.m[service + PRESSURE + attrition.FACTORS] + month] = workload.multiplier(
        f[w.m[service + REQUIRED] + month], capacity, f[numbers], f[numbers + 1], f[numbers + 2]
    )
