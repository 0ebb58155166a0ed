"""The one lowering of a scenario and a workforce to flat arrays, read by every simulation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.draws import text_keys
from wfmodel.errors import InputError
from wfmodel.scenario.change import ChangeEvent
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.unknowns import Numbers
from wfmodel.simulation.ledger import Names
from wfmodel.simulation.segments import covers, segment_starts, span
from wfmodel.simulation.statute import Statute
from wfmodel.units import DAY, NEVER, Calendar, financial_year, pence
from wfmodel.workforce.rules import Rules, load_rules
from wfmodel.workforce.tables import Workforce

CHARACTERISTICS = ("sex", "ethnicity", "disability")
CONTRACTS = ("permanent", "fixed_term", "apprentice", "casual")


@dataclass
class Inputs:
    """What a simulation reads; the same for every replication. Cell = service × number of roles +
    role."""

    scenario: Scenario
    workforce: Workforce
    calendar: Calendar
    numbers: Numbers
    rules: Rules
    services: tuple[str, ...]
    roles: tuple[str, ...]
    employers: tuple[str, ...]
    fundings: tuple[str, ...]
    names: Names
    characteristics: dict[str, tuple[str, ...]]
    posts: OpeningPosts
    people: OpeningPeople
    assignments: OpeningAssignments
    pay_annual: np.ndarray
    role_point_low: np.ndarray
    role_point_high: np.ndarray
    skills: tuple[str, ...]
    role_skills: np.ndarray
    segment_start: np.ndarray = field(default_factory=lambda: np.zeros(1, np.int64))

    def __getstate__(self) -> dict[str, Any]:
        """What other processes are given: what was made ready for runs here stays here."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.services) * len(self.roles)

    def cell(self, service: str, role: str) -> int:
        """The cell of a service and a role, by name."""
        return self.services.index(service) * len(self.roles) + self.roles.index(role)

    @cached_property
    def statute(self) -> Statute:
        """The statutory figures that steer the run."""
        return Statute(self.rules, self.calendar)

    @cached_property
    def aprils(self) -> np.ndarray:
        """Seconds of each 1 April after the start and by the horizon, int64."""
        years = range(
            self.calendar.start.year, self.calendar.start.year + self.calendar.months // 12 + 2
        )
        seconds = [self.calendar.seconds(dt.date(year, 4, 1)) for year in years]
        return np.array([s for s in seconds if 0 < s <= self.calendar.horizon], dtype=np.int64)

    @cached_property
    def role_masks(self) -> np.ndarray:
        """Skills that each role requires, as bits, int64 [roles]."""
        bits = np.left_shift(np.int64(1), np.arange(len(self.skills), dtype=np.int64))
        return ((self.role_skills > 0) * bits).sum(axis=1).astype(np.int64)

    @cached_property
    def feeding(self) -> list[list[int]]:
        """Roles whose holders may be promoted into each role."""
        return [
            [self.roles.index(r) for r in self.scenario.roles[name].feeds_from or []]
            for name in self.roles
        ]

    @cached_property
    def opening_holders(self) -> list[np.ndarray]:
        """Rows of the opening people whose main post is in each role; everybody, where a role has
        none."""
        person, first = np.unique(self.assignments.person, return_index=True)
        role = self.posts.cell[self.assignments.post[first]] % len(self.roles)
        by_key = np.argsort(self.people.key[person])  # never by row, so that rows may be permuted
        person, role = person[by_key], role[by_key]
        rows = [person[role == r] for r in range(len(self.roles))]
        return [own if own.size else person for own in rows]

    @cached_property
    def market_group_names(self) -> list[str]:
        """The groups of roles that share a labour market, in order of name."""
        return sorted({self.scenario.roles[name].market_group or "all" for name in self.roles})

    @cached_property
    def market_groups(self) -> np.ndarray:
        """The labour market of each role, int64 [roles]."""
        groups = [self.scenario.roles[name].market_group or "all" for name in self.roles]
        return np.array([self.market_group_names.index(g) for g in groups], dtype=np.int64)

    @cached_property
    def market_segments(self) -> np.ndarray:
        """Financial year of each segment, and whether the market's stress lies on it, int64
        [segments, 2]."""
        starts, labour = self.segment_start, self.scenario.labour_market
        stressed = np.zeros(starts.size, dtype=np.int64)
        if labour is not None and labour.stress is not None:
            during = span(self.calendar, labour.stress.start, labour.stress.end)
            stressed[covers(starts, *during)] = 1
        days = [self.calendar.date(-DAY if s == -NEVER else s) for s in starts.tolist()]
        years = np.array([financial_year(day) for day in days], dtype=np.int64)
        return np.stack([years, stressed], axis=1)

    @property
    def managing_roles(self) -> list[str]:
        """Roles whose holders manage people."""
        return [name for name in self.roles if self.scenario.roles[name].manager]

    def sex_code(self, sex: str | None) -> int:
        """The code of a sex: −1 where none is meant, −2 where nobody has stated it."""
        stated = self.characteristics["sex"]
        return -1 if sex is None else stated.index(sex) if sex in stated else -2

    def cells_of_event(self, event: ChangeEvent) -> np.ndarray:
        """The cells in which a change event makes people look around, bool [cells]."""
        if isinstance(event.posts, list):
            rows = [self.names.posts.index(post) for post in event.posts]
            return np.isin(np.arange(self.cells), self.posts.cell[rows])
        return self.in_scope(event.services, event.roles)

    def in_scope(self, services: list[str] | None, roles: list[str] | None) -> np.ndarray:
        """Which cells a scope covers, bool [cells]; None means all."""
        by_service = np.array([services is None or s in services for s in self.services])
        by_role = np.array([roles is None or r in roles for r in self.roles])
        return np.outer(by_service, by_role).ravel()


@dataclass
class OpeningPosts:
    """The opening posts: key uint64, cell and fte (hundredths) int32, employer and funding int16,
    funding_end int64 s."""

    key: np.ndarray
    cell: np.ndarray
    fte: np.ndarray
    employer: np.ndarray
    funding: np.ndarray
    funding_end: np.ndarray


@dataclass
class OpeningPeople:
    """The opening people; days since 1970, seconds since the start; NEVER where there is none."""

    key: np.ndarray
    birth_day: np.ndarray
    service_start: np.ndarray
    continuous_start: np.ndarray
    pension_start: np.ndarray
    protected_until: np.ndarray
    contract: np.ndarray
    contract_end: np.ndarray
    point: np.ndarray
    skills: np.ndarray
    sex: np.ndarray
    ethnicity: np.ndarray
    disability: np.ndarray


@dataclass
class OpeningAssignments:
    """Person × post × FTE (hundredths), int32, the main one of each person first; start in seconds,
    int64."""

    person: np.ndarray
    post: np.ndarray
    fte: np.ndarray
    start: np.ndarray


def lower(scenario: Scenario, workforce: Workforce) -> Inputs:
    """Flat arrays of a scenario and its workforce; InputError where the two do not fit."""
    calendar = scenario.calendar
    roles = tuple(scenario.roles)
    services = _services(scenario, workforce)
    _check_roles(scenario, workforce)
    employers = _labels(
        workforce.posts["employer"], *_created(scenario, "employer"), first="council"
    )
    fundings = _labels(
        workforce.posts["funding"], *_created(scenario, "funding"), first="general_fund"
    )
    characteristics = {name: _labels(workforce.people[name]) for name in CHARACTERISTICS}
    skills = _skills(scenario, workforce)
    pay_annual, low, high = _pay_rows(scenario, workforce, roles)
    inputs = Inputs(
        scenario=scenario,
        workforce=workforce,
        calendar=calendar,
        numbers=Numbers.of(scenario),
        rules=load_rules(),
        services=services,
        roles=roles,
        employers=employers,
        fundings=fundings,
        names=Names(
            services,
            roles,
            _called(workforce, scenario),
            tuple(workforce.posts["post_id"].to_numpy(dtype=object)),
            tuple(scenario.change_events),
            tuple(scenario.pipelines),
        ),
        characteristics=characteristics,
        posts=_posts(workforce, calendar, services, roles, employers, fundings),
        people=_people(workforce, calendar, skills, characteristics),
        assignments=_assignments(workforce, calendar),
        pay_annual=pay_annual,
        role_point_low=low,
        role_point_high=high,
        skills=skills,
        role_skills=_role_skills(scenario, roles, skills),
    )
    inputs.segment_start = segment_starts(scenario, calendar)
    inputs.people.point = _rows(workforce, pay_annual.size, inputs)
    return inputs


def _services(scenario: Scenario, workforce: Workforce) -> tuple[str, ...]:
    named = list(workforce.services) + list(pd.unique(workforce.posts["service"]))
    named += [
        creation.service for event in scenario.change_events.values() for creation in event.create
    ]
    for pipeline in scenario.pipelines.values():
        named += [pipeline.service, *(pipeline.target_services or [])]
    named += list(scenario.demand) + [
        use.service for use in scenario.workforce.agency_uses.values()
    ]
    return tuple(dict.fromkeys(named))


def _check_roles(scenario: Scenario, workforce: Workforce) -> None:
    missing = [r for r in pd.unique(workforce.posts["role"]) if r not in scenario.roles]
    if missing:
        place = str(scenario.path or scenario.name)
        raise InputError(
            f"{place}: roles",
            f"the workforce has posts in {missing[0]!r}, which is not among the roles",
        )


def _created(scenario: Scenario, name: str) -> list[str]:
    return [
        getattr(creation, name)
        for event in scenario.change_events.values()
        for creation in event.create
        if getattr(creation, name)
    ]


def _labels(column: pd.Series, *more: str, first: str | None = None) -> tuple[str, ...]:
    found = {str(x) for x in pd.unique(column.dropna())} | set(more)
    found.discard("")
    if first is not None:
        return (first, *sorted(found - {first}))
    return tuple(sorted(found))


def _skills(scenario: Scenario, workforce: Workforce) -> tuple[str, ...]:
    named: set[str] = set()
    for role in scenario.roles.values():
        named.update(role.skills or {})
    for text in pd.unique(workforce.people["skills"].fillna("")):
        named.update(str(text).split())
    if len(named) > 62:
        raise InputError(
            str(scenario.path or scenario.name),
            f"names {len(named)} skills, allowed are at most 62",
        )
    return tuple(sorted(named))


def _role_skills(scenario: Scenario, roles: tuple[str, ...], skills: tuple[str, ...]) -> np.ndarray:
    weights = np.zeros((len(roles), len(skills)), dtype=np.int64)
    for row, role in enumerate(roles):
        for name, weight in (scenario.roles[role].skills or {}).items():
            weights[row, skills.index(name)] = weight
    return weights


def _pay_rows(
    scenario: Scenario, workforce: Workforce, roles: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Annual pence by row, and each role's lowest and highest row: pay points first, then single
    salaries."""
    table = workforce.pay_points
    if len(table):
        dates = pd.to_datetime(table["from"]).dt.date
        in_force = table[dates <= scenario.calendar.start]
        table = (in_force if len(in_force) else table).groupby("point", as_index=False).last()
    points = [int(p) for p in table["point"]] if len(table) else []
    annual = [pence(float(x)) for x in table["annual_gbp"]] if len(table) else []
    low, high = [], []
    for name in roles:
        role = scenario.roles[name]
        if role.pay_points is not None:
            for end in role.pay_points:
                if end not in points:
                    place = f"{scenario.path or scenario.name}: roles.{name}.pay_points"
                    raise InputError(place, f"point {end} is not in the pay_points table")
            low.append(points.index(role.pay_points[0]))
            high.append(points.index(role.pay_points[1]))
        else:
            annual.append(pence(role.salary_gbp.central) if role.salary_gbp else 0)
            low.append(len(annual) - 1)
            high.append(len(annual) - 1)
    return np.array(annual, np.int64), np.array(low, np.int32), np.array(high, np.int32)


def _rows(workforce: Workforce, size: int, inputs: Inputs) -> np.ndarray:
    """Pay row of each person: their point's row, kept within the range of their main role."""
    points = {}
    if len(workforce.pay_points):
        points = {int(p): k for k, p in enumerate(sorted(pd.unique(workforce.pay_points["point"])))}
    given = workforce.people["pay_point"]
    rows = (
        given.map(points).fillna(-1).to_numpy(dtype=np.int64) if points else np.full(len(given), -1)
    )
    role = np.zeros(len(given), dtype=np.int64)
    person, first = np.unique(inputs.assignments.person, return_index=True)
    role[person] = inputs.posts.cell[inputs.assignments.post[first]] % len(inputs.roles)
    low, high = inputs.role_point_low[role], inputs.role_point_high[role]
    return np.where(rows < 0, low, np.clip(rows, low, high)).astype(np.int32)


def _seconds(column: pd.Series, calendar: Calendar, missing: int) -> np.ndarray:
    stamps = pd.to_datetime(column).astype("datetime64[s]")
    seconds = (stamps - pd.Timestamp(calendar.start)).dt.total_seconds()
    return seconds.fillna(missing).to_numpy(dtype=np.float64).astype(np.int64)


def _days(column: pd.Series) -> np.ndarray:
    stamps = pd.to_datetime(column).astype("datetime64[s]")
    return (stamps.astype("int64") // 86_400).to_numpy(dtype=np.int32)


def _codes(column: pd.Series, labels: tuple[str, ...]) -> np.ndarray:
    known = column.where(column.isin(labels))
    return pd.Categorical(known, categories=list(labels)).codes.astype(np.int16)


def _posts(
    workforce: Workforce,
    calendar: Calendar,
    services: tuple[str, ...],
    roles: tuple[str, ...],
    employers: tuple[str, ...],
    fundings: tuple[str, ...],
) -> OpeningPosts:
    posts = workforce.posts
    service, role = _codes(posts["service"], services), _codes(posts["role"], roles)
    return OpeningPosts(
        key=text_keys(posts["post_id"].to_numpy(dtype=object)),
        cell=(service.astype(np.int32) * len(roles) + role).astype(np.int32),
        fte=np.floor(posts["fte"].to_numpy(np.float64) * 100 + 0.5).astype(np.int32),
        employer=_codes(posts["employer"], employers),
        funding=_codes(posts["funding"], fundings),
        funding_end=_seconds(posts["funding_end"], calendar, NEVER),
    )


def _people(
    workforce: Workforce,
    calendar: Calendar,
    skills: tuple[str, ...],
    characteristics: dict[str, tuple[str, ...]],
) -> OpeningPeople:
    people = workforce.people
    masks = {
        text: sum(1 << skills.index(s) for s in str(text).split())
        for text in people["skills"].fillna("").unique()
    }
    codes = {
        name: _codes(people[name], labels).astype(np.int8)
        for name, labels in characteristics.items()
    }
    return OpeningPeople(
        key=text_keys(people["person_id"].to_numpy(dtype=object)),
        birth_day=_days(people["birth_date"]),
        service_start=_seconds(people["service_start"], calendar, 0),
        continuous_start=_seconds(people["continuous_start"], calendar, 0),
        pension_start=_seconds(people["pension_start"], calendar, NEVER),
        protected_until=_seconds(people["protected_until"], calendar, -NEVER),
        contract=_codes(people["contract"], CONTRACTS).astype(np.int8),
        contract_end=_seconds(people["contract_end"], calendar, NEVER),
        point=np.zeros(len(people), np.int32),
        skills=people["skills"].fillna("").map(masks).to_numpy(dtype=np.int64),
        **codes,
    )


def _called(workforce: Workforce, scenario: Scenario) -> tuple[str, ...]:
    """What people are called in a ledger; those of an extract by their line in it, which tells
    only those who have it who they are."""
    ids = workforce.people["person_id"].to_numpy(dtype=object)
    if scenario.workforce.tables:
        return tuple(f"people.csv:{row + 2}" for row in range(len(ids)))
    return tuple(ids)


def _assignments(workforce: Workforce, calendar: Calendar) -> OpeningAssignments:
    table = workforce.assignments
    start = pd.Timestamp(calendar.start)
    in_force = (table["start"] <= start) & ~(table["end"] <= start)
    table = table[in_force & (table["kind"] == "substantive")]
    person = pd.Index(workforce.people["person_id"]).get_indexer(table["person_id"])
    post = pd.Index(workforce.posts["post_id"]).get_indexer(table["post_id"])
    fte = np.floor(table["fte"].to_numpy(np.float64) * 100 + 0.5).astype(np.int32)
    number = np.argsort(np.argsort(table["assignment_id"].to_numpy(dtype=str), kind="stable"))
    order = np.lexsort((number, -fte, person))
    began = _seconds(table["start"], calendar, 0)
    return OpeningAssignments(
        person[order].astype(np.int32), post[order].astype(np.int32), fte[order], began[order]
    )
