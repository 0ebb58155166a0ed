"""Roles, as places in flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel.simulation.compiled import terms
from wfmodel.simulation.compiled.draft import Draft
from wfmodel.simulation.parameters import ROUTES
from wfmodel.simulation.slots import Hazards
from wfmodel.units import DAY, MONTH, WEEK, YEAR

if TYPE_CHECKING:
    from wfmodel.simulation.compiled.lowering import Opening

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


def lower_roles(draft: Draft, opening: Opening) -> Hazards:
    """Every role's terms and numbers; where the hazards of agency workers' staying stand."""
    inputs = draft.inputs
    at = draft.record(terms.ROLE_WIDTH, len(inputs.roles))
    draft.c[terms.ROLE_AT] = at
    for number, name in enumerate(inputs.roles):
        record = at + number * terms.ROLE_WIDTH
        numbers = draft.other(terms.ROLE_NUMBERS)
        draft.c[record + terms.NUMBERS] = numbers
        _whole(draft, record, number, name)
        start, count = opening.like[number]
        draft.c[record + terms.LIKE], draft.c[record + terms.LIKES] = start, count
        for place, key, default in _NUMBERS:
            draft.number(numbers + place, f"roles.{name}.{key}", default)
        for k, route in enumerate(ROUTES):
            path = f"roles.{name}.recruitment.starters.routes.{route}"
            draft.number(numbers + terms.ROUTES + k, path, 0.0)
        for shape, place, key, spread, unit in _LENGTHS:
            draft.length(record + shape, numbers + place, f"roles.{name}.{key}", spread, unit)
    agencies = [(name, inputs.scenario.roles[name].agency) for name in inputs.roles]
    return Hazards(
        inputs.numbers,
        [
            (agency.conversion if agency else None, f"roles.{name}.agency.conversion")
            for name, agency in agencies
        ],
    )


def _whole(draft: Draft, record: int, number: int, name: str) -> None:
    inputs, path, c = draft.inputs, f"roles.{name}", draft.c
    role = inputs.scenario.roles[name]
    c[record + terms.RETIREMENT_AGE] = (
        role.attrition.retirement_age if role.attrition else None
    ) or 0
    c[record + terms.APPROVAL_FROM_NOTICE] = bool(
        role.recruitment and role.recruitment.approval_from == "notice"
    )
    c[record + terms.PUSH_TO] = -1 if role.push is None else inputs.roles.index(role.push.to)
    c[terms.PUSHES] |= role.push is not None
    c[record + terms.POINT_LOW] = int(inputs.role_point_low[number])
    c[record + terms.POINT_HIGH] = int(inputs.role_point_high[number])
    c[record + terms.MASK] = int(inputs.role_masks[number])
    c[record + terms.GRADE] = -1 if role.grade is None else role.grade
    c[record + terms.WEIGHTS] = draft.whole(np.asarray(inputs.role_skills[number]))
    c[record + terms.FEEDING] = draft.whole(inputs.feeding[number])
    c[record + terms.FEEDERS] = len(inputs.feeding[number])
    draft.rounded_up(record + terms.NOTICE, f"{path}.notice_weeks", 0.0, WEEK)
    draft.rounded_up(
        record + terms.MIN_IN_ROLE, f"{path}.recruitment.inside.min_months_in_role", 12.0, MONTH
    )
    if role.probation is None:
        c[record + terms.PROBATION_LENGTH] = -1
    else:
        draft.rounded_up(record + terms.PROBATION_LENGTH, f"{path}.probation.months", 0.0, MONTH)
    draft.rounded(record + terms.SUPERVISES, f"{path}.supervises", 0.0, 1000)
    draft.rounded_up(record + terms.PUSH_AFTER, f"{path}.push.after_months", 0.0, MONTH)
