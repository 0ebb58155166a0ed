"""The hazards of leaving in one replication: roles, bands, policies, change and turnover.

They stand in memory as `wfmodel.flows.attrition` reads them; what is known of them before a
replication stands in a second record.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from wfmodel.errors import InputError
from wfmodel.flows import attrition
from wfmodel.jit import part
from wfmodel.rates.turnover import resignation_scale, scale
from wfmodel.scenario.policies import Retention
from wfmodel.scenario.rate import Bands
from wfmodel.scenario.roles import Role
from wfmodel.simulation.alike import rows_of_cells
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.segments import covers, span
from wfmodel.simulation.world import World
from wfmodel.units import YEAR, birthday

DESTINATIONS = ("other_council", "agency", "out_of_profession")
CAUSES = (*DESTINATIONS, "retirement", "other")

(
    ROLES,
    ROWS,
    BASES,
    WEIGHTS,
    MULTIPLIERS,
    MULTIPLIER_COUNT,
    CALIBRATED,
    TURNOVER,
    WHOLE,
    STAFF,
    FIXED_TERMS,
    PASSING,
    HOLDERS,
    HOLDER_COUNT,
    EXPECTED,
    WIDTH,
) = range(16)
"""What is known before a replication. ``BASES`` others [roles], ``WEIGHTS`` others [roles, 3];
a multiplier is the place of its number, the places that it multiplies and how many (three); the
opening holders are counted by role, service band and age band (four); ``PASSING`` others
[roles]. ``EXPECTED`` is where three others are put that the hazards give among the opening staff in
a year: those who resign, those who leave otherwise, the share of starters who pass probation."""


def lower_hazards(draft: Draft, rates: int) -> int:
    """What hazards are made of, and room for them at the record ``rates``; the record of the
    former."""
    inputs, m = draft.inputs, draft.m
    at, segments = draft.record(WIDTH), inputs.segment_start.size
    row_of = rows_of_cells(inputs)
    m[at + ROLES], m[at + ROWS] = len(inputs.roles), 1 + int(row_of.max(initial=0))
    m[rates + attrition.SEGMENTS] = segments
    m[rates + attrition.STARTS] = draft.whole(inputs.segment_start)
    m[rates + attrition.ROW_OF] = draft.whole(row_of)
    m[rates + attrition.FACTOR] = draft.record(attrition.CAUSES, m[at + ROWS] * segments)
    m[rates + attrition.MOST] = draft.record(attrition.CAUSES, m[at + ROWS])
    m[rates + attrition.MAY_LEAVE] = draft.record(attrition.CAUSES, m[at + ROLES])
    _lower_base(draft, rates, at)
    _lower_bands(draft, rates)
    multipliers = [*_retention(draft, row_of), *_change(draft, row_of)]
    m[rates + attrition.NEXT_CHANGE] = draft.whole(
        _next_changes(inputs, m[at + ROWS], [places for _, places in multipliers])
    )
    m[at + MULTIPLIER_COUNT] = len(multipliers)
    m[at + MULTIPLIERS] = _lower_multipliers(draft, multipliers, m[rates + attrition.FACTOR])
    _lower_turnover(draft, rates, at)
    return at


def _role(inputs: Inputs, name: str) -> Role:
    return inputs.scenario.roles[name]


def _lower_base(draft: Draft, rates: int, at: int) -> None:
    inputs, m, count = draft.inputs, draft.m, len(draft.inputs.roles)
    m[at + BASES], m[at + WEIGHTS] = draft.record(count), draft.record(3 * count)
    m[rates + attrition.RESIGNATION] = draft.record(3 * count)
    m[rates + attrition.OTHERS] = draft.record(count)
    for number, name in enumerate(inputs.roles):
        own, path = _role(inputs, name).attrition, f"roles.{name}.attrition"
        base, others = m[at + BASES] + number, m[rates + attrition.OTHERS] + number
        draft.hazard(base, own.resignation if own else None, f"{path}.resignation")
        draft.hazard(others, own.other if own else None, f"{path}.other")
        for k, destination in enumerate(DESTINATIONS):
            place = m[at + WEIGHTS] + 3 * number + k
            draft.number(place, f"{path}.destinations.{destination}", 0.0)


def _lower_bands(draft: Draft, rates: int) -> None:
    inputs, m = draft.inputs, draft.m
    attritions = [_role(inputs, name).attrition for name in inputs.roles]
    services: list[list[int]] = [sorted(a.service_bands) if a else [] for a in attritions]
    ages = [sorted({0, *a.age_bands, *a.retirement}) if a else [0] for a in attritions]
    wide_service, wide_age = max(1, *map(len, services)), max(map(len, ages))
    m[rates + attrition.SERVICES], m[rates + attrition.AGES] = wide_service, wide_age
    m[rates + attrition.SERVICE_BANDS] = draft.whole([max(1, len(s)) for s in services])
    m[rates + attrition.AGE_BANDS] = draft.whole([len(a) for a in ages])
    served = [[int(edge * YEAR) for edge in own] for own in services]
    for place, edges, wide in (
        (rates + attrition.SERVICE_EDGES, served, wide_service),
        (rates + attrition.AGE_EDGES, ages, wide_age),
    ):
        m[place] = draft.whole([n for own in edges for n in own + [0] * (wide - len(own))])
    size = len(inputs.roles)
    m[rates + attrition.BY_SERVICE] = draft.others([1.0] * (size * wide_service))
    m[rates + attrition.BY_AGE] = draft.others([1.0] * (size * wide_age))
    m[rates + attrition.RETIREMENTS] = draft.others([0.0] * (size * wide_age))
    for number, name in enumerate(inputs.roles):
        own, path = attritions[number], f"roles.{name}.attrition"
        for k, edge in enumerate(services[number]):
            place = m[rates + attrition.BY_SERVICE] + number * wide_service + k
            draft.number(place, f"{path}.service_bands.{edge}", 1.0)
        for k, edge in enumerate(ages[number] if own else []):
            assert own is not None
            for table, bands, key, default in (
                (attrition.RETIREMENTS, own.retirement, "retirement", 0.0),
                (attrition.BY_AGE, own.age_bands, "age_bands", 1.0),
            ):
                found = _in_force(bands, edge, f"{path}.{key}")
                draft.number(m[rates + table] + number * wide_age + k, found, default)


def _in_force(bands: Bands, edge: int, path: str) -> str:
    """The path of the band in force at an age; none where there is no band yet."""
    below = [e for e in bands if e <= edge]
    return f"{path}.{max(below)}" if below else ""


# --- policies and change


def _places(
    inputs: Inputs, row_of: np.ndarray, causes: list[int], scope: np.ndarray, during: np.ndarray
) -> np.ndarray:
    """Where causes, cells and segments stand in the table of factors, laid out flat."""
    rows = np.unique(row_of[scope])
    segments = np.flatnonzero(during)
    at = (rows[:, None] * inputs.segment_start.size + segments)[:, :, None] * attrition.CAUSES
    return (at + np.array(causes, dtype=np.int64)).ravel()


def _retention(draft: Draft, row_of: np.ndarray) -> list[tuple[str, np.ndarray]]:
    inputs, found = draft.inputs, []
    for name, policy in inputs.scenario.policies.items():
        if isinstance(policy, Retention):
            during = covers(inputs.segment_start, *span(inputs.calendar, policy.start, policy.end))
            scope = inputs.in_scope(policy.services, policy.roles)
            causes = [CAUSES.index(cause) for cause in policy.causes or DESTINATIONS]
            path = f"policies.{name}.hazard_multiplier"
            found.append((path, _places(inputs, row_of, causes, scope, during)))
    return found


def _change(draft: Draft, row_of: np.ndarray) -> list[tuple[str, np.ndarray]]:
    inputs, found = draft.inputs, []
    for name, event in inputs.scenario.change_events.items():
        path = f"change_events.{name}.leaving_multiplier"
        if path in inputs.numbers.index:
            first, last = span(
                inputs.calendar, event.announced or event.implemented, event.implemented
            )
            during = covers(inputs.segment_start, first, last)
            causes = list(range(attrition.RETIREMENT))
            scope = inputs.cells_of_event(event)
            found.append((path, _places(inputs, row_of, causes, scope, during)))
    return found


def _lower_multipliers(draft: Draft, multipliers: list[tuple[str, np.ndarray]], factor: int) -> int:
    entries: list[int] = []
    for path, places in multipliers:
        number = draft.record(1)
        draft.number(number, path, 1.0)
        entries += [number, draft.whole(places + factor), places.size]
    return draft.whole(entries)


def _next_changes(inputs: Inputs, rows: int, multiplied: list[np.ndarray]) -> np.ndarray:
    """By row and segment the segment in which factors are next different, −1 where never.

    They differ where the market's year or its stress does, or what multiplies them.
    """
    segments = inputs.segment_start.size
    like = np.zeros((rows, segments, 0), dtype=np.int64)
    for places in multiplied:
        own = np.zeros((rows, segments, attrition.CAUSES), dtype=np.int64)
        own.reshape(-1)[places] = 1
        like = np.concatenate([like, own], axis=2)
    changes = np.ones((rows, segments), dtype=bool)
    changes[:, 1:] = (like[:, 1:] != like[:, :-1]).any(axis=2)
    market = inputs.market_segments
    changes[:, 1:] |= (market[1:] != market[:-1]).any(axis=1)
    found = np.full((rows, segments), -1, dtype=np.int64)
    for segment in range(segments - 2, -1, -1):
        found[:, segment] = np.where(changes[:, segment + 1], segment + 1, found[:, segment + 1])
    return found.ravel()


# --- turnover


def _lower_turnover(draft: Draft, rates: int, at: int) -> None:
    """What calibration needs: the opening holders by role and bands."""
    inputs, m = draft.inputs, draft.m
    turnover = inputs.scenario.workforce.turnover
    m[at + CALIBRATED] = int(turnover is not None and inputs.assignments.person.size > 0)
    if turnover is None or inputs.assignments.person.size == 0:
        return
    role, service, age = _bands_at_start(draft, rates)
    m[at + TURNOVER] = draft.record(1)
    draft.hazard(m[at + TURNOVER], turnover.rate, "workforce.turnover.rate")
    m[at + WHOLE] = int(turnover.measured_as == "all_leavers")
    m[at + STAFF] = role.size
    ends = inputs.people.contract_end
    m[at + FIXED_TERMS] = int(np.count_nonzero((ends >= 0) & (ends < YEAR)))
    m[at + PASSING], m[at + EXPECTED] = draft.record(len(inputs.roles)), draft.record(3)
    for number, name in enumerate(inputs.roles):
        path = f"roles.{name}.probation.pass_probability"
        draft.number(m[at + PASSING] + number, path, 1.0)
    held, count = np.unique(np.stack([role, service, age], axis=1), axis=0, return_counts=True)
    m[at + HOLDERS] = draft.whole(np.column_stack([held, count]).ravel())
    m[at + HOLDER_COUNT] = len(held)


def _bands_at_start(draft: Draft, rates: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Role, service band and age band of each opening person in post."""
    inputs, m = draft.inputs, draft.m
    person, first = np.unique(inputs.assignments.person, return_index=True)
    role = inputs.posts.cell[inputs.assignments.post[first]] % len(inputs.roles)
    served = -inputs.people.service_start[person]
    start = inputs.calendar.start_day
    years = [_age(day, start) for day in inputs.people.birth_day[person].tolist()]

    def band(edges: int, wide: int, bands: int, lived: np.ndarray) -> np.ndarray:
        table = np.array(m[edges : edges + wide * len(inputs.roles)]).reshape(-1, wide)
        counts = np.array(m[bands : bands + len(inputs.roles)])
        found = np.zeros(person.size, dtype=np.int64)
        for k in range(1, wide):
            found += (k < counts[role]) & (lived >= table[role, k])
        return found

    service = band(
        m[rates + attrition.SERVICE_EDGES], m[rates + attrition.SERVICES],
        m[rates + attrition.SERVICE_BANDS], served,
    )  # fmt: skip
    age = band(
        m[rates + attrition.AGE_EDGES], m[rates + attrition.AGES],
        m[rates + attrition.AGE_BANDS], np.array(years, dtype=np.int64),
    )  # fmt: skip
    return role.astype(np.int64), service, age


def _age(birth_day: int, day: int) -> int:
    years = (day - birth_day) // 365
    return years if birthday(birth_day, years) <= day else years - 1


# --- one replication


@part
def realise_hazards(w, at, rates):  # type: ignore[no-untyped-def]
    """The hazards of a replication, upon the market's factors, which stand there already; whether
    they can give the turnover that is asked for."""
    m, f = w.m, w.f
    for k in range(m[at + MULTIPLIER_COUNT]):
        entry = m[at + MULTIPLIERS] + 3 * k
        for n in range(m[entry + 2]):
            f[m[m[entry + 1] + n]] *= f[m[entry]]
    for role in range(m[at + ROLES]):
        base, weights = f[m[at + BASES] + role], m[at + WEIGHTS] + 3 * role
        found = m[rates + attrition.RESIGNATION] + 3 * role
        total = f[weights] + f[weights + 1] + f[weights + 2]
        for k in range(3):
            f[found + k] = base * f[weights + k] / total if total > 0 else 0.0
        if total <= 0:
            f[found + 2] = base
    _bound(w, at, rates)
    return m[at + CALIBRATED] == 0 or _calibrate(w, at, rates)


@part
def _bound(w, at, rates):  # type: ignore[no-untyped-def]
    """The greatest factors of each row, and where there is a hazard at all."""
    m, f = w.m, w.f
    segments = m[rates + attrition.SEGMENTS]
    for row in range(m[at + ROWS]):
        for cause in range(attrition.CAUSES):
            most = 0.0
            for segment in range(segments):
                place = (row * segments + segment) * attrition.CAUSES + cause
                most = max(most, f[m[rates + attrition.FACTOR] + place])
            f[m[rates + attrition.MOST] + row * attrition.CAUSES + cause] = most
    for role in range(m[at + ROLES]):
        place = m[rates + attrition.MAY_LEAVE] + role * attrition.CAUSES
        for k in range(attrition.RETIREMENT):
            found = f[m[rates + attrition.RESIGNATION] + attrition.RETIREMENT * role + k] > 0
            m[place + k] = 1 if found else 0
        m[place + attrition.OTHER] = 1 if f[m[rates + attrition.OTHERS] + role] > 0 else 0
        m[place + attrition.RETIREMENT] = 0
        for k in range(m[rates + attrition.AGES]):
            if f[m[rates + attrition.RETIREMENTS] + role * m[rates + attrition.AGES] + k] > 0:
                m[place + attrition.RETIREMENT] = 1


@part
def _expect(w, at, rates):  # type: ignore[no-untyped-def]
    """What the hazards give among the opening staff in a year, see `EXPECTED`."""
    m, f = w.m, w.f
    resigning, leaving, passing = 0.0, 0.0, 0.0
    for k in range(m[at + HOLDER_COUNT]):
        holders = m[at + HOLDERS] + 4 * k
        role, service, age, count = m[holders], m[holders + 1], m[holders + 2], m[holders + 3]
        base = m[rates + attrition.RESIGNATION] + 3 * role
        by_age = role * m[rates + attrition.AGES] + age
        resigning += (
            count
            * (f[base] + f[base + 1] + f[base + 2])
            * f[m[rates + attrition.BY_SERVICE] + role * m[rates + attrition.SERVICES] + service]
            * f[m[rates + attrition.BY_AGE] + by_age]
        )
        leaving += count * (
            f[m[rates + attrition.RETIREMENTS] + by_age] + f[m[rates + attrition.OTHERS] + role]
        )
        passing += count * f[m[at + PASSING] + role]
    whole = m[at + WHOLE] != 0
    f[m[at + EXPECTED]] = resigning
    f[m[at + EXPECTED] + 1] = leaving + m[at + FIXED_TERMS] if whole else 0.0
    f[m[at + EXPECTED] + 2] = passing / m[at + STAFF] if whole else 1.0


@part
def _calibrate(w, at, rates):  # type: ignore[no-untyped-def]
    """Scale resignations to the published turnover; whether that is possible."""
    m, f = w.m, w.f
    _expect(w, at, rates)
    expected = m[at + EXPECTED]
    factor = scale(
        f[m[at + TURNOVER]], m[at + STAFF], f[expected], f[expected + 1], f[expected + 2]
    )
    if factor < 0:
        return False
    for k in range(3 * m[at + ROLES]):
        f[m[rates + attrition.RESIGNATION] + k] *= factor
    return True


def refuse(inputs: Inputs, w: World, at: int) -> NoReturn:
    """Say why the hazards of a replication can't give the turnover that is asked for."""
    expected = w.m[at + EXPECTED]
    place = f"{inputs.scenario.path or inputs.scenario.name}: workforce.turnover"
    try:
        resignation_scale(
            float(w.f[w.m[at + TURNOVER]]), int(w.m[at + STAFF]),
            *(float(number) for number in w.f[expected : expected + 3]),
        )  # fmt: skip
    except ValueError as error:
        raise InputError(place, str(error)) from None
    raise AssertionError(place)
