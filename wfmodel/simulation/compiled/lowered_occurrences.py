"""What may come to the holders of roles, and the terms on which people are away, as places in flat
arrays."""

from __future__ import annotations

from wfmodel import draws
from wfmodel.scenario.absence import LongAbsence
from wfmodel.scenario.hours import HoursChange
from wfmodel.simulation.compiled import terms
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.ledger import CAUSE
from wfmodel.units import DAY, MONTH

_STREAMS = {"hours": terms.HOURS, "absence": terms.LONG_ABSENCE}


def lower_occurrences(draft: Draft) -> None:
    """Everything that may come to the holders of each role."""
    m = draft.m
    given = [_of_role(draft, name) for name in draft.inputs.roles]
    names = sorted({(what, called) for own in given for what, called, _ in own})
    at = draft.record(terms.NAME_WIDTH, len(names))
    m[terms.NAME_AT], m[terms.NAME_COUNT] = at, len(names)
    for place, (what, called) in enumerate(names):
        record = at + place * terms.NAME_WIDTH
        key = draws.text_key(f"{what}/{called}")
        m[record + terms.NAME_KEY_OF] = int(key.view("int64"))
        m[record + terms.NAME_STREAM] = _STREAMS[what]
    for number, own in enumerate(given):
        role = m[terms.ROLE_AT] + number * terms.ROLE_WIDTH
        first = draft.record(terms.O_WIDTH, len(own))
        m[role + terms.OCCURRENCES], m[role + terms.OCCURRENCE_COUNT] = first, len(own)
        for k, (what, called, part) in enumerate(own):
            record = first + k * terms.O_WIDTH
            m[record + terms.O_PLACE] = names.index((what, called))
            path = f"roles.{draft.inputs.roles[number]}.{what}.{called}"
            _occurrence(draft, record, path, part)


def _of_role(draft: Draft, name: str) -> list[tuple[str, str, HoursChange | LongAbsence]]:
    role = draft.inputs.scenario.roles[name]
    hours = [("hours", called, part) for called, part in sorted((role.hours or {}).items())]
    absence = [("absence", called, part) for called, part in sorted((role.absence or {}).items())]
    return [*hours, *absence]


def _occurrence(draft: Draft, record: int, path: str, part: HoursChange | LongAbsence) -> None:
    m = draft.m
    m[record + terms.O_NAME] = m[terms.NAME_AT] + m[record + terms.O_PLACE] * terms.NAME_WIDTH
    m[record + terms.O_CAUSE] = CAUSE[part.kind]
    m[record + terms.O_FROM], m[record + terms.O_TO] = part.from_age or 0, part.to_age or 0
    m[record + terms.O_SEX] = draft.inputs.sex_code(part.sex)
    numbers = m[record + terms.O_NUMBERS] = draft.record(terms.O_FLOATS)
    draft.hazard(numbers + terms.O_RATE, part.rate, f"{path}.rate")
    if isinstance(part, HoursChange):
        m[record + terms.O_UNREDUCED] = int(part.unreduced)
        draft.number(numbers + terms.O_KEEPS, f"{path}.keeps", 1.0)
    else:
        m[record + terms.O_LEAVE] = lower_leave(
            draft, path, part.kind, terms.LONG_ABSENCE, "paid_share"
        )


def lower_leave(draft: Draft, path: str, cause: str, stream: int, share: str) -> int:
    """The terms at ``path`` on which people are away, as a record; ``share`` is the key of what the
    ledger notes of their pay."""
    m = draft.m
    leave = draft.record(terms.LEAVE_WIDTH)
    numbers = m[leave + terms.LEAVE_NUMBERS] = draft.record(terms.LEAVE_FLOATS)
    m[leave + terms.LEAVE_CAUSE], m[leave + terms.LEAVE_STREAM] = CAUSE[cause], stream
    draft.rounded(leave + terms.LEAVE_SHARE, f"{path}.{share}", 1.0, 1000)
    draft.number(numbers + terms.RETURNS, f"{path}.return_probability", 1.0)
    draft.number(numbers + terms.COVERED, f"{path}.cover.probability", 0.0)
    for shape, place, key, unit in (
        (terms.LEAVE_SHAPE, terms.LEAVE_LENGTH, "months", MONTH),
        (terms.LEAVE_LAG_SHAPE, terms.LEAVE_LAG, "cover.lag_days", DAY),
    ):
        draft.length(leave + shape, numbers + place, f"{path}.{key}", (0.0,), unit)
    return leave
