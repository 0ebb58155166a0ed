"""Policies and uses of agency, as places in flat arrays."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.scenario.policies import (
    ActingUp,
    AgencyControl,
    Policy,
    Redeployment,
    ReserveForPipeline,
    Secondment,
    VacancyControl,
)
from wfmodel.scenario.schema import AgencyUse
from wfmodel.simulation.compiled import terms
from wfmodel.simulation.compiled.lowered_occurrences import lower_leave
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.ledger import CAUSE
from wfmodel.simulation.segments import span
from wfmodel.units import DAY, MONTH, NEVER, WEEK, hundredths

_MODES = {"share": terms.BY_SHARE, "all": terms.EVERYTHING, "until_target": terms.UNTIL_TARGET}


def lower_policies(draft: Draft) -> None:
    """Vacancy controls, redeployment, reservations and uses of agency."""
    policies = sorted(draft.inputs.scenario.policies.items())
    controls = [(n, p) for n, p in policies if isinstance(p, VacancyControl)]
    at = draft.record(terms.CONTROL_WIDTH, len(controls))
    draft.m[terms.CONTROL_AT], draft.m[terms.CONTROL_COUNT] = at, len(controls)
    for number, (name, control) in enumerate(controls):
        _control(draft, at + number * terms.CONTROL_WIDTH, name, control)
    offers = [(n, p) for n, p in policies if isinstance(p, Redeployment)]
    at = draft.record(terms.POLICY_WIDTH, len(offers))
    draft.m[terms.POLICY_AT], draft.m[terms.POLICY_COUNT] = at, len(offers)
    for number, (name, offer) in enumerate(offers):
        _redeployment(draft, at + number * terms.POLICY_WIDTH, name, offer)
    pipelines = list(draft.inputs.scenario.pipelines)
    kept = [(n, p) for n, p in policies if isinstance(p, ReserveForPipeline)]
    at = draft.record(terms.RESERVE_WIDTH, len(kept))
    draft.m[terms.RESERVE_AT], draft.m[terms.RESERVE_COUNT] = at, len(kept)
    for number, (name, reserve) in enumerate(kept):
        record = at + number * terms.RESERVE_WIDTH
        _in_force(draft, record, reserve)
        draft.m[record + terms.RESERVE_PIPELINE] = 1 + pipelines.index(reserve.pipeline)
        draft.rounded_up(
            record + terms.RESERVE_WAIT, f"policies.{name}.longest_wait_months", 0.0, MONTH
        )
    _lower_acting(draft, [(n, p) for n, p in policies if isinstance(p, ActingUp)])
    _lower_secondments(draft, [(n, p) for n, p in policies if isinstance(p, Secondment)])
    uses = draft.inputs.scenario.workforce.agency_uses
    at = draft.record(terms.USE_WIDTH, len(uses))
    draft.m[terms.USE_AT], draft.m[terms.USE_COUNT] = at, len(uses)
    for number, (name, use) in enumerate(uses.items()):
        _use(draft, at + number * terms.USE_WIDTH, name, use)


def _lower_acting(draft: Draft, policies: list[tuple[str, ActingUp]]) -> None:
    m, inputs = draft.m, draft.inputs
    at = draft.record(terms.ACTING_WIDTH, len(policies))
    m[terms.ACTING_AT], m[terms.ACTING_COUNT] = at, len(policies)
    for number, (name, policy) in enumerate(policies):
        record = at + number * terms.ACTING_WIDTH
        _in_force(draft, record, policy)
        roles = policy.roles or inputs.managing_roles
        m[record + terms.SCOPE] = draft.scope(inputs.in_scope(policy.services, roles))
        numbers = m[record + terms.ACT_NUMBERS] = draft.record(terms.ACT_FLOATS)
        path = f"policies.{name}"
        draft.number(numbers + terms.ACT_PROBABILITY, f"{path}.probability", 0.0)
        lag = numbers + terms.ACT_LAG
        draft.length(record + terms.ACT_SHAPE, lag, f"{path}.lag_days", (0.0,), DAY)


def _lower_secondments(draft: Draft, policies: list[tuple[str, Secondment]]) -> None:
    m = draft.m
    at = draft.record(terms.SECONDMENT_WIDTH, len(policies))
    m[terms.SECONDMENT_AT], m[terms.SECONDMENT_COUNT] = at, len(policies)
    for number, (name, policy) in enumerate(policies):
        record = at + number * terms.SECONDMENT_WIDTH
        _in_force(draft, record, policy)
        if policy.start is None:
            m[record + terms.FIRST] = 0
        for place, text in (
            (terms.SECOND_KEY, name),
            (terms.SECOND_NAME_KEY, f"secondment/{name}"),
        ):
            m[record + place] = int(draws.text_key(text).astype(np.int64))
        m[record + terms.SECOND_HEADS] = policy.heads
        m[record + terms.SECOND_LEAVE] = lower_leave(
            draft, f"policies.{name}", "secondment", terms.SECONDMENT, "partner_pays"
        )


def _in_force(draft: Draft, record: int, policy: Policy) -> None:
    inputs = draft.inputs
    first, last = span(inputs.calendar, policy.start, policy.end)
    draft.m[record + terms.FIRST], draft.m[record + terms.LAST] = first, last
    draft.m[record + terms.SCOPE] = draft.scope(inputs.in_scope(policy.services, policy.roles))


def _control(draft: Draft, record: int, name: str, control: VacancyControl) -> None:
    inputs, m = draft.inputs, draft.m
    _in_force(draft, record, control)
    first = m[record + terms.FIRST] = max(m[record + terms.FIRST], 0)
    last = m[record + terms.LAST]
    exempt = np.zeros(inputs.cells, dtype=bool)
    if control.exempt_services:
        exempt |= inputs.in_scope(control.exempt_services, None)
    if control.exempt_roles:
        exempt |= inputs.in_scope(None, control.exempt_roles)
    m[record + terms.EXEMPT] = draft.scope(exempt)
    m[record + terms.MODE] = _MODES[control.mode]
    m[record + terms.NAME_KEY] = int(draws.text_key(name).astype(np.int64))
    starts = inputs.calendar.month_starts
    instants = {first, last, *(m for m in starts[1:].tolist() if first < m < last)}
    m[record + terms.INSTANTS] = draft.whole(sorted(instants))
    m[record + terms.INSTANT_COUNT] = len(instants)
    m[record + terms.HOLD] = -1
    if control.hold_months is not None:
        draft.rounded_up(record + terms.HOLD, f"policies.{name}.hold_months", 0.0, MONTH)
    numbers = draft.record(2)
    m[record + terms.SHARE], m[record + terms.REDUCTION] = numbers, numbers + 1
    draft.number(numbers, f"policies.{name}.share", 0.0)
    path = control.path
    if path is not None and path.annual_reduction is not None:
        m[record + terms.REDUCED], m[record + terms.STRAIGHT] = 1, int(path.straight)
        m[record + terms.BEGUN] = int(np.searchsorted(starts, first, side="right")) - 1
        draft.number(numbers + 1, f"policies.{name}.path.annual_reduction", 0.0)
    elif path is not None:
        assert path.fte is not None
        m[record + terms.PATH] = draft.whole(_path(draft, path.fte))


def _path(draft: Draft, fte: dict) -> list[int]:
    """FTE (hundredths) on the path at each month start; NEVER before its first date."""
    calendar = draft.inputs.calendar
    dates = sorted(fte)
    seconds, values = [calendar.seconds(d) for d in dates], [fte[d] for d in dates]
    return [
        NEVER if end < seconds[0] else hundredths(float(np.interp(end, seconds, values)))
        for end in calendar.month_starts.tolist()
    ]


def _redeployment(draft: Draft, record: int, name: str, policy: Redeployment) -> None:
    m, path, index = draft.m, f"policies.{name}", draft.inputs.numbers.index
    _in_force(draft, record, policy)
    numbers = m[record + terms.POLICY_NUMBERS] = draft.record(terms.POLICY_FLOATS)
    m[record + terms.COACHES] = -1 if policy.coaches is None else policy.coaches
    m[record + terms.DISTANCE] = policy.grade_distance
    m[record + terms.JOB_TO_JOB] = int(policy.reading == "job_to_job")
    draft.rounded(record + terms.THRESHOLD, f"{path}.match_threshold", 0.0, 1000)
    draft.rounded(record + terms.TOLERANCE, f"{path}.fte_tolerance", 0.2, 100)
    draft.rounded_up(record + terms.TRIAL_LENGTH, f"{path}.trial_weeks", 4.0, WEEK)
    draft.number(numbers + terms.POOL_WEEKS, f"{path}.pool_weeks", 0.0)
    draft.number(numbers + terms.REFUSAL, f"{path}.unreasonable_refusal", 0.0)
    for plain, coached, key in (
        (terms.ACCEPT, terms.ACCEPT_COACHED, "accept_probability"),
        (terms.TRIAL_PASS, terms.TRIAL_PASS_COACHED, "trial_pass_probability"),
    ):
        draft.number(numbers + plain, f"{path}.{key}", 0.0)
        own = f"{path}.{key}_coached"
        draft.number(numbers + coached, own if own in index else f"{path}.{key}", 0.0)
    draft.length(
        record + terms.COACHING_SHAPE,
        numbers + terms.COACHING_LENGTH,
        f"{path}.coaching_weeks",
        (0.0,),
        WEEK,
    )


def _use(draft: Draft, record: int, name: str, use: AgencyUse) -> None:
    inputs, m = draft.inputs, draft.m
    first, last = span(inputs.calendar, use.start, use.end)
    for policy in inputs.scenario.policies.values():
        if isinstance(policy, AgencyControl) and name in policy.end_uses:
            last = min(last, max(0, span(inputs.calendar, policy.start, None)[0]))
    m[record + terms.FIRST], m[record + terms.LAST] = first, last
    m[record + terms.USE_CELL] = inputs.cell(use.service, use.role)
    m[record + terms.USE_CAUSE] = CAUSE[use.reason]
    draft.rounded(record + terms.USE_FTE, f"workforce.agency_uses.{name}.fte", 0.0, 100)
