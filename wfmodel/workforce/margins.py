"""A synthesis file: what is published of a workforce, and what is assumed where nothing is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from wfmodel.errors import InputError, Problem
from wfmodel.scenario.quantity import Amount, Confidence, Name, Number, Part, Quantity, Share
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.fitting import whole
from wfmodel.workforce.yamlfile import YamlFile

Years = Annotated[int, Field(ge=0, le=100)]
CHARACTERISTICS = ("sex", "ethnicity", "disability")


class Margin(Part):
    """Heads, or shares of all heads, by group."""

    unit: Literal["heads", "share"]
    groups: dict[Name | Years, Annotated[float, Field(ge=0)]]
    rest: str | None = Field(None, description="name of those outside the groups; '': not stated")
    from_grade: dict[Years, Annotated[float, Field(ge=0, le=1)]] = Field(
        default={},
        description="share of the first group among heads of this grade and above "
        "(sex, ethnicity, disability)",
    )
    source: str
    confidence: Confidence
    plus_minus: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="share of itself by which each figure may be off; low confidence needs it"
    )
    note: str | None = None

    @model_validator(mode="after")
    def _low_has_a_spread(self) -> Margin:
        if self.confidence == "low" and self.plus_minus is None:
            raise ValueError("confidence low requires plus_minus")
        if not self.groups:
            raise ValueError("has no groups, at least one is needed")
        return self


class Margins(Part):
    """Each margin on its own: nothing is said about how they go together (see `Joint`).

    ``age`` and ``service_length`` name each band by the years at which it starts.
    """

    service: Margin
    role: Margin
    grade: Margin | None = None
    age: Margin
    service_length: Margin
    sex: Margin | None = None
    ethnicity: Margin | None = None
    disability: Margin | None = None

    @model_validator(mode="after")
    def _grades_of_characteristics(self) -> Margins:
        for name, margin in self:
            if margin is not None and margin.from_grade and name not in CHARACTERISTICS:
                raise ValueError(f"from_grade goes with {', '.join(CHARACTERISTICS)}, not {name}")
        return self


class Hours(Part):
    """Full time and part time: heads of each, and what part-timers work (FTE: how common)."""

    full_time: Amount
    part_time: Amount
    part_time_hundredths: dict[Annotated[int, Field(ge=1, le=99)], float] = Field(
        description="FTE of part-timers in hundredths, and how common each is"
    )

    @model_validator(mode="after")
    def _some_hours(self) -> Hours:
        if len(self.part_time_hundredths) < 2:
            raise ValueError("part_time_hundredths needs at least two values")
        return self


class Tendency(Part):
    """Odds of something, all else equal, by role, by service, and by part time."""

    roles: dict[Name, Annotated[float, Field(gt=0)]] = {}
    services: dict[Name, Annotated[float, Field(gt=0)]] = {}
    part_time: Annotated[float, Field(gt=0)] = 1.0
    from_age: dict[Years, Annotated[float, Field(gt=0)]] = {}
    source: str = "assumption: elicit locally"
    confidence: Confidence = "low"


class Joint(Part):
    """How characteristics go together: assumptions, for margins say nothing of it."""

    part_time: Tendency = Tendency()
    female: Tendency = Tendency()
    under_35: Tendency = Tendency()
    from_55: Tendency = Tendency()
    disability: Tendency = Tendency()
    ethnicity: Tendency = Tendency()
    age_at_start: Amount = Quantity(value=34.0)
    age_at_start_spread: Amount = Quantity(value=11.0)


class Posts(Part):
    """The establishment around the people."""

    vacancy_rate: Share
    vacancy_odds: dict[Name, Annotated[float, Field(gt=0)]] = Field(
        default={}, description="how much more often a role's posts are vacant"
    )
    job_shares: Annotated[int, Field(ge=0)] = 0
    two_posts: Annotated[int, Field(ge=0)] = 0
    funding: dict[Name, Funded] = Field(default={}, description="posts not of the general fund")


class Funded(Part):
    """The first ``posts`` of a service and role, paid from another source."""

    service: Name
    role: Name
    posts: Annotated[int, Field(ge=1)]
    funding: Name
    until: dt.date | None = None
    source: str | None = None


class Contracts(Part):
    """What contracts people have, and what goes with them."""

    fixed_term: Share
    fixed_term_months: Amount
    pension_member: Share
    prior_service_share: Share
    prior_service_years: Amount
    protected: Share
    extra_skills: Share = Field(description="chance that somebody has a skill beyond their role's")


class Member(Part):
    """One employer of the council's family."""

    headcount: Amount
    fte: Amount


class Family(Part):
    """The council's family beside it, which is not simulated, and the published total."""

    members: dict[Name, Member]
    total: Member


class SynthesisFile(Part):
    """A synthesis file."""

    schema_: Literal[1] = Field(alias="schema")
    extends: str | None = Field(
        None, description="a file of this folder, from which this one differs in what it states"
    )
    title: str
    as_at: dt.date
    headcount: Amount
    fte: Amount
    services: dict[Name, str]
    pay_points: str
    hours: Hours
    margins: Margins
    pattern: dict[Name, dict[Name, Annotated[float, Field(gt=0)]]]
    job_titles: dict[Name, dict[str, Annotated[float, Field(gt=0)]]] = Field(
        default={},
        description="by role what its posts are called, and how common each title is: to be "
        "counted, never simulated",
    )
    joint: Joint = Joint()
    posts: Posts
    contracts: Contracts
    gender_pay_gap_percent: Number | None = Field(
        None,
        description="mean pay of men less that of women, of men's: compared with, never fitted; "
        "below 0 in favour of women",
    )
    family: Family | None = None


Posts.model_rebuild()
SynthesisFile.model_rebuild()

LARGEST_GAP = 1.0
"""Heads by which a margin may miss the headcount: what rounding of published shares explains."""


@dataclass(frozen=True)
class Published:
    """A margin in heads, each [k]: ``exact`` as published, ``heads`` the whole number to reach."""

    name: str
    labels: list[Any]
    exact: np.ndarray
    heads: np.ndarray
    source: str
    confidence: str


def read_margins(file: YamlFile, scenario: Scenario) -> tuple[SynthesisFile, dict[str, Published]]:
    """What a synthesis file says, and its margins in heads; raises `InputError`."""
    said = file.parse(SynthesisFile)
    _check_names(said, file, scenario)
    _check_totals(said, file)
    total = round(said.headcount.central)
    published = {}
    problems: list[Problem] = []
    for name in Margins.model_fields:
        margin = getattr(said.margins, name)
        if margin is None:
            continue
        try:
            published[name] = _in_heads(name, margin, total, file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    _check_grades(published, file, scenario)
    return said, published


def _in_heads(name: str, margin: Margin, total: int, file: YamlFile) -> Published:
    labels: list[Any] = list(margin.groups)
    scale = total if margin.unit == "share" else 1.0
    exact = np.array([amount * scale for amount in margin.groups.values()])
    place = file.place(["margins", name, "groups"])
    rest = total - exact.sum()
    if margin.rest is not None and rest > 0:
        labels, exact = [*labels, margin.rest], np.append(exact, rest)
    elif rest < -LARGEST_GAP or (margin.rest is None and rest > LARGEST_GAP):
        raise InputError(place, f"sum to {exact.sum():g} heads, the headcount is {total}")
    heads = whole(exact, total)
    return Published(name, labels, exact, heads, margin.source, margin.confidence)


def _check_names(said: SynthesisFile, file: YamlFile, scenario: Scenario) -> None:
    """Services and roles are known, in the margins, the pattern and the job titles."""
    problems = []
    for service in said.margins.service.groups:
        if service not in said.services:
            place = file.place(["margins", "service", "groups", service])
            problems.append(Problem(place, f"{service} is not among services"))
    for role in said.margins.role.groups:
        if role not in scenario.roles:
            place = file.place(["margins", "role", "groups", role])
            what = f"{role} is not a role of {scenario.path or scenario.name}"
            problems.append(Problem(place, what))
    for service, roles in said.pattern.items():
        if service not in said.margins.service.groups:
            place = file.place(["pattern", service])
            problems.append(Problem(place, f"{service} is not in margins.service"))
        for role in roles:
            if role not in said.margins.role.groups:
                place = file.place(["pattern", service, role])
                problems.append(Problem(place, f"{role} is not in margins.role"))
    for role in said.job_titles:
        if role not in said.margins.role.groups:
            place = file.place(["job_titles", role])
            problems.append(Problem(place, f"{role} is not in margins.role"))
    if problems:
        raise InputError(problems)


def _check_totals(said: SynthesisFile, file: YamlFile) -> None:
    """Hours sum to the headcount, FTE is possible for them, the family sums to its total."""
    heads, fte = said.headcount.central, said.fte.central
    full, part = said.hours.full_time.central, said.hours.part_time.central
    if abs(full + part - heads) > LARGEST_GAP:
        what = f"full_time and part_time sum to {full + part:g}, the headcount is {heads:g}"
        raise InputError(file.place(["hours"]), what)
    hours = said.hours.part_time_hundredths
    low, high = full + part * min(hours) / 100, full + part * max(hours) / 100
    if not low <= fte <= high:
        raise InputError(
            file.place(["fte"]),
            f"is {fte:g}, but {full:g} full-time and {part:g} part-time heads "
            f"make {low:g} to {high:g}",
        )
    if said.family is None:
        return
    for key, gap in (("headcount", LARGEST_GAP), ("fte", LARGEST_GAP / 2)):
        own = getattr(said, key).central
        members = said.family.members.values()
        total = own + sum(getattr(member, key).central for member in members)
        published = getattr(said.family.total, key).central
        if abs(total - published) > gap:
            what = f"is {published:g}, its parts sum to {total:g}"
            raise InputError(file.place(["family", "total", key]), what)


def _check_grades(published: dict[str, Published], file: YamlFile, scenario: Scenario) -> None:
    """Heads by grade are those of the roles in it."""
    if "grade" not in published:
        return
    role, grade = published["role"], published["grade"]
    in_roles: dict[int, float] = {}
    for name, heads in zip(role.labels, role.exact, strict=True):
        its_grade = scenario.roles[name].grade
        if its_grade is None:
            place = scenario.where(f"roles.{name}.grade")
            raise InputError(place, "is missing; margins.grade needs it")
        in_roles[its_grade] = in_roles.get(its_grade, 0.0) + heads
    problems = [
        Problem(
            file.place(["margins", "grade", "groups", label]),
            f"is {heads:g} heads, the roles of the grade have {in_roles.get(int(label), 0.0):g}",
        )
        for label, heads in zip(grade.labels, grade.exact, strict=True)
        if label != "" and abs(in_roles.get(int(label), 0.0) - heads) > LARGEST_GAP
    ]
    if problems:
        raise InputError(problems)
