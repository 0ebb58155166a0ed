"""One replication's numbers as arrays: what `Inputs` leaves open because it is unknown or the
market's."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wfmodel import draws
from wfmodel.errors import InputError
from wfmodel.flows import attrition, market
from wfmodel.rates.turnover import resignation_scale
from wfmodel.scenario.policies import AgencyControl, RecruitmentEffort, Retention
from wfmodel.scenario.roles import Bands, Rate, Role
from wfmodel.scenario.unknowns import View
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.segments import covers, span
from wfmodel.units import (
    DAY,
    NEVER,
    WEEK,
    YEAR,
    birthday,
    financial_year,
    hazard_from_probability,
    hundredths,
)

DESTINATIONS = ("other_council", "agency", "out_of_profession")
ROUTES = ("experienced", "newly_qualified", "returner", "referred")
CAUSES = (*DESTINATIONS, "retirement", "other")


class Rates(NamedTuple):
    """What attrition reads; see `wfmodel.flows.attrition`.

    ``factor`` [causes, cells, segments]; ``resignation`` [roles, 3]; ``other`` [roles];
    ``retirement`` and
    ``age_multiplier`` [roles, age bands]; ``service_multiplier`` [roles, service bands]; edges in
    seconds of
    service and in years of age; ``segment_start`` in seconds.
    """

    factor: np.ndarray
    resignation: np.ndarray
    other: np.ndarray
    retirement: np.ndarray
    service_multiplier: np.ndarray
    age_multiplier: np.ndarray
    service_bands: np.ndarray
    service_edge: np.ndarray
    age_bands: np.ndarray
    age_edge: np.ndarray
    segment_start: np.ndarray


class Lengths(NamedTuple):
    """A varying duration: shape and parameters of `wfmodel.draws.vary`, and the seconds of its
    unit."""

    shape: int
    a: float
    b: float
    c: float
    unit: int


@dataclass
class RoleNumbers:
    """One role's numbers in one replication: durations in seconds, FTE in hundredths."""

    notice: int
    retirement_age: int
    fill_probability: float
    approval: Lengths
    time_to_hire: Lengths
    approval_from_notice: bool
    promotion: float
    sideways: float
    min_in_role: int
    routes: np.ndarray
    starter_age: Lengths
    continuous: Lengths
    continuous_share: float
    probation: int
    pass_probability: float
    cover_probability: float
    cover_lag: Lengths
    conversion: float
    supervises: int
    push_probability: float
    push_after: int


@dataclass
class Effects:
    """What policies and the market do to filling and cover, float64 [cells, segments]; recruiters
    int64 [segments]."""

    odds: np.ndarray
    time: np.ndarray
    inside: np.ndarray
    smallest_fte: np.ndarray
    cover: np.ndarray
    conversion: np.ndarray
    longest_cover: np.ndarray
    recruiters: np.ndarray


@dataclass
class Parameters:
    """Everything that one replication's movements depend on, beside the inputs."""

    view: View
    rates: Rates
    roles: list[RoleNumbers]
    effects: Effects
    pay_from: list[int]
    pay_annual: list[np.ndarray]

    def annual_pence(self, row: int, when: int) -> int:
        """Annual pay of a row at a time, pay awards included, in whole pence."""
        return int(self.pay_annual[bisect_right(self.pay_from, when) - 1][row])


UNLIMITED = 2**40


def realise(inputs: Inputs, vector: np.ndarray, seed: int, market_replication: int) -> Parameters:
    """The parameters of one replication from its drawn numbers and its labour market."""
    view = inputs.numbers.view(vector)
    leaving, filling = _market(inputs, view, seed, market_replication)
    rates = _rates(inputs, view, leaving)
    roles = [_role(name, inputs.scenario.roles[name], view) for name in inputs.roles]
    return Parameters(view, rates, roles, _effects(inputs, view, filling), *_pay(inputs, view))


def _pay(inputs: Inputs, view: View) -> tuple[list[int], list[np.ndarray]]:
    """The pay table from each 1 April with an award after the start, int64 pence [rows]."""
    starts, tables, level = [-NEVER], [inputs.pay_annual], 1.0
    for april in inputs.aprils.tolist():
        level *= 1.0 + view.get(f"budget.pay_award.{inputs.calendar.date(april).year}", 0.0)
        starts.append(april)
        tables.append(np.floor(inputs.pay_annual * level + 0.5).astype(np.int64))
    return starts, tables


def hazard(rate: Rate | None, path: str, view: View) -> float:
    """The yearly hazard that a rate stands for, whichever form it was given in."""
    if rate is None:
        return 0.0
    form = rate.given[0]
    number = view.get(f"{path}.{form}", 0.0)
    return hazard_from_probability(number) if form == "annual_probability" else number


def lengths(path: str, default: float, unit: int, view: View) -> Lengths:
    """The duration at ``path`` as drawn for this replication."""
    if path not in view.numbers.index:
        return Lengths(draws.FIXED, default, default, default, unit)
    form = view.numbers.form(path, default)
    a, b, c = (float(view.vector[slot]) for slot in form.slots)
    return Lengths(form.shape, a, b, c, unit)


def _market(
    inputs: Inputs, view: View, seed: int, replication: int
) -> tuple[np.ndarray, np.ndarray]:
    """Factors on leaving and on the odds of filling, float64 [cells, segments]."""
    shape = (inputs.cells, inputs.segment_start.size)
    leaving, filling = np.ones(shape), np.ones(shape)
    labour = inputs.scenario.labour_market
    if labour is None:
        return leaving, filling
    get = view.get
    sigmas = get("labour_market.leaving_sigma", 0.0), get("labour_market.filling_sigma", 0.0)
    if max(sigmas) > 0:
        stream = draws.stream_key(seed, replication, "market")
        phi, share = get("labour_market.phi", 0.0), get("labour_market.council_share", 0.7)
        tie = get("labour_market.correlation", 0.0)
        groups = [inputs.scenario.roles[r].market_group or "all" for r in inputs.roles]
        years = [
            financial_year(inputs.calendar.date(-DAY if s == -NEVER else s))
            for s in inputs.segment_start.tolist()
        ]
        for year in sorted(set(years)):
            columns = np.array(years) == year
            shared = [
                market.chain(stream, draws.text_key(f"council/{part}"), year, phi)
                for part in ("leave", "fill")
            ]
            for group in sorted(set(groups)):
                own = [
                    market.chain(stream, draws.text_key(f"group/{group}/{p}"), year, phi)
                    for p in ("leave", "fill")
                ]
                first, second = (
                    market.mixed(s, o, share) for s, o in zip(shared, own, strict=True)
                )
                second = tie * first + math.sqrt(max(0.0, 1.0 - tie * tie)) * second
                cells = np.tile([g == group for g in groups], len(inputs.services))
                here = np.ix_(cells, columns)
                leaving[here] = market.factor(sigmas[0], first)
                filling[here] = market.factor(sigmas[1], second)
    if labour.stress is not None:
        during = covers(
            inputs.segment_start, *span(inputs.calendar, labour.stress.start, labour.stress.end)
        )
        leaving[:, during] *= get("labour_market.stress.leaving_multiplier", 1.0)
        filling[:, during] *= get("labour_market.stress.filling_odds_multiplier", 1.0)
    return leaving, filling


def _rates(inputs: Inputs, view: View, leaving: np.ndarray) -> Rates:
    roles = [inputs.scenario.roles[name] for name in inputs.roles]
    factor = np.ones((attrition.CAUSES, inputs.cells, inputs.segment_start.size))
    factor[: attrition.RETIREMENT] = leaving
    _apply_retention(inputs, view, factor)
    _apply_change(inputs, view, factor)
    paths = [f"roles.{name}.attrition" for name in inputs.roles]
    resignation = np.array([_destinations(r, p, view) for r, p in zip(roles, paths, strict=True)])
    other = np.array(
        [
            hazard(r.attrition.other if r.attrition else None, f"{p}.other", view)
            for r, p in zip(roles, paths, strict=True)
        ]
    )
    service_edge, service_multiplier, service_bands = _banded(
        [(r.attrition.service_bands if r.attrition else {}) for r in roles],
        [f"{p}.service_bands" for p in paths],
        view,
    )
    ages = [
        sorted({0, *r.attrition.age_bands, *r.attrition.retirement}) if r.attrition else [0]
        for r in roles
    ]
    wide = max(map(len, ages))
    age_edge = np.zeros((len(roles), wide), dtype=np.int64)
    retirement, age_multiplier = np.zeros((len(roles), wide)), np.ones((len(roles), wide))
    for row, (role, edges) in enumerate(zip(roles, ages, strict=True)):
        age_edge[row, : len(edges)] = edges
        if role.attrition:
            for column, edge in enumerate(edges):
                retirement[row, column] = _at(
                    role.attrition.retirement, edge, f"{paths[row]}.retirement", view, 0.0
                )
                age_multiplier[row, column] = _at(
                    role.attrition.age_bands, edge, f"{paths[row]}.age_bands", view, 1.0
                )
    rates = Rates(
        factor,
        resignation,
        other,
        retirement,
        service_multiplier,
        age_multiplier,
        service_bands,
        (service_edge * YEAR).astype(np.int64),
        np.array([len(a) for a in ages]),
        age_edge,
        inputs.segment_start,
    )
    return _calibrated(inputs, view, rates)


def _destinations(role: Role, path: str, view: View) -> list[float]:
    if role.attrition is None or role.attrition.resignation is None:
        return [0.0, 0.0, 0.0]
    base = hazard(role.attrition.resignation, f"{path}.resignation", view)
    weights = [view.get(f"{path}.destinations.{d}", 0.0) for d in DESTINATIONS]
    total = sum(weights)
    return [base * w / total for w in weights] if total > 0 else [0.0, 0.0, base]


def _banded(
    bands: list[Bands], paths: list[str], view: View
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wide = max(1, *(len(b) for b in bands))
    edges, values = np.zeros((len(bands), wide), dtype=np.int64), np.ones((len(bands), wide))
    for row, (given, path) in enumerate(zip(bands, paths, strict=True)):
        for column, edge in enumerate(given):
            edges[row, column], values[row, column] = edge, view.get(f"{path}.{edge}", 1.0)
    return edges, values, np.array([max(1, len(b)) for b in bands])


def _at(bands: Bands, edge: int, path: str, view: View, default: float) -> float:
    below = [e for e in bands if e <= edge]
    return view.get(f"{path}.{max(below)}", default) if below else default


def _apply_retention(inputs: Inputs, view: View, factor: np.ndarray) -> None:
    for name, policy in inputs.scenario.policies.items():
        if isinstance(policy, Retention):
            during = covers(inputs.segment_start, *span(inputs.calendar, policy.start, policy.end))
            scope = inputs.in_scope(policy.services, policy.roles)
            causes = np.array([CAUSES.index(cause) for cause in policy.causes or DESTINATIONS])
            factor[np.ix_(causes, scope, during)] *= view.get(
                f"policies.{name}.hazard_multiplier", 1.0
            )


def _apply_change(inputs: Inputs, view: View, factor: np.ndarray) -> None:
    for name, event in inputs.scenario.change_events.items():
        multiplier = view.get(f"change_events.{name}.leaving_multiplier", 1.0)
        if multiplier != 1.0:
            first, last = span(
                inputs.calendar, event.announced or event.implemented, event.implemented
            )
            scope = inputs.in_scope(event.services, event.roles)
            if isinstance(event.posts, list):
                rows = [inputs.names.posts.index(post) for post in event.posts]
                scope = np.isin(np.arange(inputs.cells), inputs.posts.cell[rows])
            during = covers(inputs.segment_start, first, last)
            factor[np.ix_(np.arange(attrition.RETIREMENT), scope, during)] *= multiplier


def _calibrated(inputs: Inputs, view: View, rates: Rates) -> Rates:
    """The rates with resignations scaled to the published turnover, where the scenario gives
    one."""
    turnover = inputs.scenario.workforce.turnover
    if turnover is None:
        return rates
    role, service, age = _bands_at_start(inputs, rates)
    if role.size == 0:
        return rates
    resigning = rates.resignation.sum(axis=1)[role]
    resigning = (
        resigning * rates.service_multiplier[role, service] * rates.age_multiplier[role, age]
    )
    others = rates.retirement[role, age] + rates.other[role]
    ends = inputs.people.contract_end
    fixed_terms = float(np.count_nonzero((ends >= 0) & (ends < YEAR)))
    passing = np.array(
        [view.get(f"roles.{name}.probation.pass_probability", 1.0) for name in inputs.roles]
    )[role]
    wanted = hazard(turnover.rate, "workforce.turnover.rate", view)
    whole = turnover.measured_as == "all_leavers"
    try:
        scale = resignation_scale(
            wanted,
            role.size,
            math.fsum(resigning),
            math.fsum(others) + fixed_terms if whole else 0.0,
            math.fsum(passing) / role.size if whole and role.size else 1.0,
        )
    except ValueError as error:
        place = f"{inputs.scenario.path or inputs.scenario.name}: workforce.turnover"
        raise InputError(place, str(error)) from None
    return rates._replace(resignation=rates.resignation * scale)


def _bands_at_start(inputs: Inputs, rates: Rates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Role, service band and age band of each opening person in post."""
    cached = getattr(inputs, "_opening_bands", None)
    if cached is not None:
        return cached
    person, first = np.unique(inputs.assignments.person, return_index=True)
    role = inputs.posts.cell[inputs.assignments.post[first]] % len(inputs.roles)
    served = -inputs.people.service_start[person]
    service = np.zeros(person.size, dtype=np.int64)
    age = np.zeros(person.size, dtype=np.int64)
    for k in range(1, rates.service_edge.shape[1]):
        service += (k < rates.service_bands[role]) & (served >= rates.service_edge[role, k])
    start = inputs.calendar.start_day
    years = np.array(
        [_age(day, start) for day in inputs.people.birth_day[person].tolist()], dtype=np.int64
    )
    for k in range(1, rates.age_edge.shape[1]):
        age += (k < rates.age_bands[role]) & (years >= rates.age_edge[role, k])
    inputs._opening_bands = (role, service, age)  # type: ignore[attr-defined]  # the same in every replication
    return role, service, age


def _age(birth_day: int, day: int) -> int:
    years = (day - birth_day) // 365
    return years if birthday(birth_day, years) <= day else years - 1


def _role(name: str, role: Role, view: View) -> RoleNumbers:
    path = f"roles.{name}"

    def get(key: str, default: float) -> float:
        return view.get(f"{path}.{key}", default)

    weights = np.array([get(f"recruitment.starters.routes.{route}", 0.0) for route in ROUTES])
    if weights.sum() <= 0:
        weights[0] = 1.0
    conversion = role.agency.conversion if role.agency else None
    month = YEAR // 12
    return RoleNumbers(
        notice=math.ceil(get("notice_weeks", 0.0) * WEEK),
        retirement_age=(role.attrition.retirement_age if role.attrition else None) or 0,
        fill_probability=get("recruitment.fill_probability", 1.0),
        approval=lengths(f"{path}.recruitment.approval_days", 0.0, DAY, view),
        time_to_hire=lengths(f"{path}.recruitment.time_to_hire_days", 0.0, DAY, view),
        approval_from_notice=bool(role.recruitment and role.recruitment.approval_from == "notice"),
        promotion=get("recruitment.inside.promotion", 0.0),
        sideways=get("recruitment.inside.sideways", 0.0),
        min_in_role=math.ceil(get("recruitment.inside.min_months_in_role", 12.0) * month),
        routes=weights,
        starter_age=_age_lengths(f"{path}.recruitment.starters.age_years", 25.0, 55.0, view),
        continuous=lengths(f"{path}.recruitment.starters.continuous_years", 0.0, YEAR, view),
        continuous_share=get("recruitment.starters.continuous_share", 0.0),
        probation=math.ceil(get("probation.months", 0.0) * month) if role.probation else -1,
        pass_probability=get("probation.pass_probability", 1.0),
        cover_probability=get("agency.cover_probability", 0.0),
        cover_lag=lengths(f"{path}.agency.lag_days", 0.0, DAY, view),
        conversion=hazard(conversion, f"{path}.agency.conversion", view),
        supervises=math.floor(get("supervises", 0.0) * 1000 + 0.5),
        push_probability=get("push.probability", 0.0),
        push_after=math.ceil(get("push.after_months", 0.0) * month),
    )


def _age_lengths(path: str, low: float, high: float, view: View) -> Lengths:
    if path in view.numbers.index:
        return lengths(path, low, YEAR, view)
    return Lengths(draws.UNIFORM, low, high, high, YEAR)


def _effects(inputs: Inputs, view: View, filling: np.ndarray) -> Effects:
    shape = filling.shape
    effects = Effects(
        odds=filling.copy(),
        time=np.ones(shape),
        inside=np.ones(shape),
        smallest_fte=np.full(shape, 40, dtype=np.int64),
        cover=np.ones(shape),
        conversion=np.ones(shape),
        longest_cover=np.full(shape, NEVER, dtype=np.int64),
        recruiters=np.full(shape[1], UNLIMITED, dtype=np.int64),
    )
    for name, policy in inputs.scenario.policies.items():
        during = covers(inputs.segment_start, *span(inputs.calendar, policy.start, policy.end))
        here = np.ix_(inputs.in_scope(policy.services, policy.roles), during)
        path = f"policies.{name}"
        if isinstance(policy, RecruitmentEffort):
            per_thousand = view.get(f"{path}.odds_per_1000_gbp", 1.0)
            supplement = view.get(f"{path}.supplement_gbp", 0.0)
            effects.odds[here] *= view.get(f"{path}.odds_multiplier", 1.0) * per_thousand ** (
                supplement / 1000
            )
            effects.time[here] *= view.get(f"{path}.time_multiplier", 1.0)
            effects.inside[here] *= view.get(f"{path}.inside_multiplier", 1.0)
            if policy.smallest_advertised_fte is not None:
                effects.smallest_fte[here] = hundredths(
                    view.get(f"{path}.smallest_advertised_fte", 0.4)
                )
            if policy.recruiters is not None:
                effects.recruiters[during] = np.minimum(
                    effects.recruiters[during], policy.recruiters
                )
        elif isinstance(policy, AgencyControl):
            effects.cover[here] *= view.get(f"{path}.cover_multiplier", 1.0)
            effects.conversion[here] *= view.get(f"{path}.conversion_multiplier", 1.0)
            if policy.longest_months is not None:
                longest = math.ceil(view.get(f"{path}.longest_months", 0.0) * YEAR / 12)
                effects.longest_cover[here] = np.minimum(effects.longest_cover[here], longest)
    return effects
