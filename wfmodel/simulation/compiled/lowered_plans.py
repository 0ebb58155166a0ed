"""Change events and pipelines, as places in flat arrays."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from wfmodel import draws
from wfmodel.scenario.change import ChangeEvent
from wfmodel.scenario.schema import Pipeline
from wfmodel.simulation.compiled import terms
from wfmodel.simulation.draft import Draft
from wfmodel.units import MONTH, YEAR, add_months, day_number, hundredths

_KINDS = {
    "delete": terms.DELETE,
    "create": terms.CREATE,
    "convert": terms.CONVERT,
    "transfer_out": terms.TRANSFER_OUT,
    "transfer_in": terms.TRANSFER_IN,
}


def _key(text: str) -> int:
    return int(draws.text_key(text).astype(np.int64))


def lower_events(draft: Draft) -> None:
    """Every change event's terms and numbers."""
    events = draft.inputs.scenario.change_events
    at = draft.record(terms.EVENT_WIDTH, len(events))
    draft.m[terms.EVENT_AT], draft.m[terms.EVENT_COUNT] = at, len(events)
    for number, (name, event) in enumerate(events.items()):
        record = at + number * terms.EVENT_WIDTH
        _event(draft, record, name, event)
        _voluntary(draft, record, name, event)


def _event(draft: Draft, record: int, name: str, event: ChangeEvent) -> None:
    inputs, m, path = draft.inputs, draft.m, f"change_events.{name}"
    calendar = inputs.calendar
    m[record + terms.ANNOUNCED] = calendar.seconds(event.announced or event.implemented)
    m[record + terms.IMPLEMENTED] = calendar.seconds(event.implemented)
    m[record + terms.IMPLEMENTED_DAY] = day_number(event.implemented)
    m[record + terms.EVENT_KIND], m[record + terms.EVENT_KEY] = _KINDS[event.kind], _key(name)
    m[record + terms.EVENT_SCOPE] = draft.scope(inputs.in_scope(event.services, event.roles))
    numbers = m[record + terms.EVENT_NUMBERS] = draft.record(terms.EVENT_FLOATS)
    m[record + terms.NAMED], m[record + terms.COUNT] = -1, -1
    if isinstance(event.posts, list):
        named = set(event.posts)
        rows = [row for row, post in enumerate(inputs.names.posts) if post in named]
        m[record + terms.NAMED], m[record + terms.NAMED_COUNT] = draft.whole(rows), len(rows)
        m[record + terms.COUNT] = len(event.posts)
    elif event.posts is not None or event.share is None:
        m[record + terms.COUNT] = event.posts or 0
    m[record + terms.CONSULTATION_DAYS] = event.consultation_days
    m[record + terms.SLOTTING] = -1
    if event.slotting_threshold is not None:
        draft.rounded(record + terms.SLOTTING, f"{path}.slotting_threshold", 1.0, 1000)
    m[record + terms.ACTUAL_PAY] = int(event.terms is not None and event.terms.actual_pay)
    draft.number(numbers + terms.EVENT_SHARE, f"{path}.share", 0.0)
    draft.number(numbers + terms.ENHANCEMENT, f"{path}.terms.enhancement", 1.0)
    m[record + terms.TRANSFERRED_AGE] = math.floor(event.transferred_age_years * YEAR)
    m[record + terms.TRANSFERRED_SERVICE] = math.floor(event.transferred_service_years * YEAR)
    m[record + terms.CREATION_COUNT] = len(event.create)
    m[record + terms.CREATIONS] = len(m)
    for new in event.create:
        draft.whole(
            (
                inputs.cell(new.service, new.role),
                new.posts,
                hundredths(new.fte),
                inputs.employers.index(new.employer or inputs.employers[0]),
                inputs.fundings.index(new.funding or inputs.fundings[0]),
            )
        )


def _voluntary(draft: Draft, record: int, name: str, event: ChangeEvent) -> None:
    m, path = draft.m, f"change_events.{name}.voluntary"
    voluntary = event.voluntary
    m[record + terms.VOLUNTARY] = int(voluntary is not None)
    if voluntary is None:
        return
    numbers = m[record + terms.EVENT_NUMBERS]
    draft.number(numbers + terms.TAKE_UP, f"{path}.take_up", 0.0)
    draft.number(numbers + terms.REFUSED, f"{path}.refused", 0.0)
    for place, bands, label in (
        (terms.AGE_BANDS, voluntary.age_bands, "age_bands"),
        (terms.SERVICE_BANDS, voluntary.service_bands, "service_bands"),
    ):
        first = draft.record(len(bands))
        edges = sorted(bands)
        m[record + place + 1] = len(bands)
        m[record + place] = draft.whole(
            [n for k, edge in enumerate(edges) for n in (edge, first + k)]
        )
        for k, edge in enumerate(edges):
            draft.number(first + k, f"{path}.{label}.{edge}", 1.0)


def lower_pipelines(draft: Draft) -> None:
    """Every pipeline's terms and numbers."""
    pipelines = draft.inputs.scenario.pipelines
    at = draft.record(terms.PIPELINE_WIDTH, len(pipelines))
    draft.m[terms.PIPELINE_AT], draft.m[terms.PIPELINE_COUNT] = at, len(pipelines)
    for number, (name, spec) in enumerate(pipelines.items()):
        record = at + number * terms.PIPELINE_WIDTH
        _pipeline(draft, record, name, spec)
        _stages(draft, record, name, spec)
        _supervision(draft, record, name, spec)
        _end(draft, record, name, spec)


def _pipeline(draft: Draft, record: int, name: str, spec: Pipeline) -> None:
    inputs, m, path = draft.inputs, draft.m, f"pipelines.{name}"
    m[record + terms.PIPELINE_KEY] = _key(name)
    m[record + terms.BESIDE_KEY] = _key(f"supernumerary/{name}")
    m[record + terms.FROM_STAFF] = int(spec.source == "staff")
    m[record + terms.INTO_VACANCIES] = int(spec.places == "vacancies")
    m[record + terms.KEEPS_POST] = int(spec.keeps_post)
    m[record + terms.TRAINEE_CELL] = inputs.cell(
        spec.service, spec.trainee_role or spec.target_role
    )
    m[record + terms.TARGET_CELL] = inputs.cell(spec.service, spec.target_role)
    services = spec.target_services or [spec.service]
    m[record + terms.TARGETS] = draft.scope(inputs.in_scope(services, [spec.target_role]))
    m[record + terms.PIPELINE_FTE] = hundredths(spec.fte)
    roles = [inputs.roles.index(role) for role in spec.from_roles or []]
    m[record + terms.FROM_ROLES], m[record + terms.FROM_ROLE_COUNT] = draft.whole(roles), len(roles)
    dates = _dates(draft, spec)
    m[record + terms.DATE_COUNT] = len(dates)
    m[record + terms.DATES] = draft.whole(
        [
            n
            for date in dates
            for n in (
                inputs.calendar.seconds(date),
                date.toordinal(),
                date.year * 100 + date.month,
            )
        ]
    )
    numbers = m[record + terms.PIPELINE_NUMBERS] = draft.record(terms.PIPELINE_FLOATS)
    draft.length(record + terms.SIZE_SHAPE, numbers + terms.SIZE, f"{path}.intake.size", (0.0,), 1)
    draft.length(
        record + terms.TRAINEE_AGE_SHAPE,
        numbers + terms.TRAINEE_AGE,
        f"{path}.age_years",
        (18.0, 30.0),
        YEAR,
    )


def _dates(draft: Draft, spec: Pipeline) -> list[dt.date]:
    """The days of a pipeline's intakes, first of months, from start to before the horizon."""
    calendar, intake = draft.inputs.calendar, spec.intake
    end = calendar.date(calendar.horizon)
    first, last = max(intake.first or calendar.start, calendar.start), min(intake.last or end, end)
    month = (intake.first or calendar.start).replace(day=1)
    found, number = [], 0
    while month <= last and calendar.seconds(month) < calendar.horizon:
        if intake.months:
            due = month.month in intake.months
        else:
            due = number % (intake.every_months or 1) == 0
        if due and month >= first:
            found.append(month)
        month, number = add_months(month, 1), number + 1
    return found


def _stages(draft: Draft, record: int, name: str, spec: Pipeline) -> None:
    m = draft.m
    at = draft.record(terms.STAGE_WIDTH, len(spec.stages))
    m[record + terms.STAGES], m[record + terms.STAGE_COUNT] = at, len(spec.stages)
    for number in range(len(spec.stages)):
        stage, path = at + number * terms.STAGE_WIDTH, f"pipelines.{name}.stages.{number}"
        numbers = m[stage + terms.STAGE_NUMBERS] = draft.record(4)
        draft.length(stage + terms.STAGE_SHAPE, numbers, f"{path}.months", (0.0,), 0)
        draft.number(numbers + 3, f"{path}.completion_probability", 1.0)
        draft.rounded(stage + terms.STAGE_SUPERVISION, f"{path}.supervision", 0.0, 1000)


def _supervision(draft: Draft, record: int, name: str, spec: Pipeline) -> None:
    inputs, m = draft.inputs, draft.m
    mine = spec.supervision
    m[record + terms.SUPERVISED_BY_STAFF] = int(mine is not None)
    m[record + terms.LOSES] = int(mine is not None and mine.when_full == "lose")
    roles = [inputs.roles.index(role) for role in mine.roles] if mine else []
    m[record + terms.SUPERVISORS], m[record + terms.SUPERVISOR_COUNT] = (
        draft.whole(roles),
        len(roles),
    )
    m[record + terms.SHARING] = draft.whole(
        [
            int(
                mine is not None
                and other.supervision is not None
                and bool(set(mine.roles) & set(other.supervision.roles))
            )
            for other in inputs.scenario.pipelines.values()
        ]
    )
    draft.rounded_up(
        record + terms.LONGEST_WAIT,
        f"pipelines.{name}.supervision.longest_wait_months",
        12.0,
        MONTH,
    )


def _end(draft: Draft, record: int, name: str, spec: Pipeline) -> None:
    m, path = draft.m, f"pipelines.{name}"
    numbers = m[record + terms.PIPELINE_NUMBERS]
    m[record + terms.GUARANTEES] = int(spec.conversion.mode == "guaranteed")
    draft.number(numbers + terms.CONVERSION_SHARE, f"{path}.conversion.share", 0.0)
    draft.rounded_up(record + terms.WAIT, f"{path}.conversion.wait_months", 3.0, MONTH)
    m[record + terms.AGREEMENT] = int(spec.agreement is not None)
    draft.rounded_up(record + terms.BOUND_FOR, f"{path}.agreement.months", 0.0, MONTH)
    draft.number(numbers + terms.BOUND, f"{path}.agreement.hazard_multiplier", 1.0)
    newly = spec.newly_qualified
    m[record + terms.NEWLY_QUALIFIED] = int(newly is not None)
    draft.rounded_up(record + terms.FIRST_TIME, f"{path}.newly_qualified.months", 12.0, MONTH)
    step = newly.step_up_to if newly is not None else None
    m[record + terms.STEP_UP_TO] = -1 if step is None else draft.inputs.roles.index(step)
