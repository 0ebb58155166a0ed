"""Roles, as places in flat arrays."""

from __future__ import annotations

import numpy as np

from wfmodel.scenario.policies import ActingUp, Secondment
from wfmodel.simulation.compiled import terms
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.parameters import ROUTES
from wfmodel.units import DAY, MONTH, WEEK, YEAR

_NUMBERS = (
    (terms.FILL, "recruitment.fill_probability", 1.0),
    (terms.PROMOTION, "recruitment.inside.promotion", 0.0),
    (terms.SIDEWAYS, "recruitment.inside.sideways", 0.0),
    (terms.CONTINUOUS_SHARE, "recruitment.starters.continuous_share", 0.0),
    (terms.PASS, "probation.pass_probability", 1.0),
    (terms.COVER_PROBABILITY, "agency.cover_probability", 0.0),
    (terms.PUSH_PROBABILITY, "push.probability", 0.0),
)
_LENGTHS = (
    (terms.APPROVAL_SHAPE, terms.APPROVAL, "recruitment.approval_days", (0.0,), DAY),
    (terms.HIRE_SHAPE, terms.HIRE, "recruitment.time_to_hire_days", (0.0,), DAY),
    (terms.AGE_SHAPE, terms.AGE, "recruitment.starters.age_years", (25.0, 55.0), YEAR),
    (
        terms.CONTINUOUS_SHAPE,
        terms.CONTINUOUS,
        "recruitment.starters.continuous_years",
        (0.0,),
        YEAR,
    ),
    (terms.LAG_SHAPE, terms.LAG, "agency.lag_days", (0.0,), DAY),
)


def lower_roles(draft: Draft) -> None:
    """Every role's terms and numbers."""
    inputs, m = draft.inputs, draft.m
    at = draft.record(terms.ROLE_WIDTH, len(inputs.roles))
    m[terms.ROLE_AT] = at
    listed = _listed(inputs)
    likes: dict[int, int] = {}
    for number, name in enumerate(inputs.roles):
        record = at + number * terms.ROLE_WIDTH
        numbers = draft.record(terms.ROLE_NUMBERS)
        m[record + terms.NUMBERS] = numbers
        m[record + terms.LISTED] = int(name in listed)
        _whole(draft, record, number, name)
        like = inputs.opening_holders[number]
        if id(like) not in likes:  # roles without holders share everybody
            likes[id(like)] = draft.whole(like)
        m[record + terms.LIKE], m[record + terms.LIKES] = likes[id(like)], like.size
        for place, key, default in _NUMBERS:
            draft.number(numbers + place, f"roles.{name}.{key}", default)
        agency = inputs.scenario.roles[name].agency
        path = f"roles.{name}.agency.conversion"
        draft.hazard(numbers + terms.CONVERSION, agency.conversion if agency else None, path)
        for k, route in enumerate(ROUTES):
            path = f"roles.{name}.recruitment.starters.routes.{route}"
            draft.number(numbers + terms.ROUTES + k, path, 0.0)
        for shape, place, key, spread, unit in _LENGTHS:
            draft.length(record + shape, numbers + place, f"roles.{name}.{key}", spread, unit)


def _listed(inputs: Inputs) -> set[str]:
    """Roles whose holders somebody may ask for: to move them inside or up, to let them act up, to
    second them, to train them or to let them supervise."""
    found: set[str] = set()
    for name, role in inputs.scenario.roles.items():
        path = f"roles.{name}.recruitment.inside"
        if f"{path}.promotion" in inputs.numbers.index:
            found.update(role.feeds_from or [])
        if f"{path}.sideways" in inputs.numbers.index or role.push is not None:
            found.add(name)
    for policy in inputs.scenario.policies.values():
        if isinstance(policy, ActingUp):
            for name in policy.roles or inputs.managing_roles:
                found.update(inputs.scenario.roles[name].feeds_from or [])
        elif isinstance(policy, Secondment):
            found.update(policy.roles or inputs.roles)
    for pipeline in inputs.scenario.pipelines.values():
        found.update(pipeline.from_roles or [])
        found.update(pipeline.supervision.roles if pipeline.supervision else [])
    return found


def _whole(draft: Draft, record: int, number: int, name: str) -> None:
    inputs, path, m = draft.inputs, f"roles.{name}", draft.m
    role = inputs.scenario.roles[name]
    m[record + terms.RETIREMENT_AGE] = (
        role.attrition.retirement_age if role.attrition else None
    ) or 0
    m[record + terms.APPROVAL_FROM_NOTICE] = bool(
        role.recruitment and role.recruitment.approval_from == "notice"
    )
    m[record + terms.PUSH_TO] = -1 if role.push is None else inputs.roles.index(role.push.to)
    m[terms.PUSHES] |= role.push is not None
    m[record + terms.POINT_LOW] = int(inputs.role_point_low[number])
    m[record + terms.POINT_HIGH] = int(inputs.role_point_high[number])
    m[record + terms.MASK] = int(inputs.role_masks[number])
    m[record + terms.GRADE] = -1 if role.grade is None else role.grade
    m[record + terms.WEIGHTS] = draft.whole(np.asarray(inputs.role_skills[number]))
    m[record + terms.FEEDING] = draft.whole(inputs.feeding[number])
    m[record + terms.FEEDERS] = len(inputs.feeding[number])
    draft.rounded_up(record + terms.NOTICE, f"{path}.notice_weeks", 0.0, WEEK)
    draft.rounded_up(
        record + terms.MIN_IN_ROLE, f"{path}.recruitment.inside.min_months_in_role", 12.0, MONTH
    )
    if role.probation is None:
        m[record + terms.PROBATION_LENGTH] = -1
    else:
        draft.rounded_up(record + terms.PROBATION_LENGTH, f"{path}.probation.months", 0.0, MONTH)
    draft.rounded(record + terms.SUPERVISES, f"{path}.supervises", 0.0, 1000)
    draft.rounded_up(record + terms.PUSH_AFTER, f"{path}.push.after_months", 0.0, MONTH)
