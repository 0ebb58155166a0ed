"""Roles: the unit of rates. A role says how holders leave, how vacancies fill, what both cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from wfmodel.scenario.absence import LongAbsence
from wfmodel.scenario.hours import HoursChange
from wfmodel.scenario.quantity import Amount, Duration, Name, Part, Share
from wfmodel.scenario.rate import Bands, Rate

Destination = Literal["other_council", "agency", "out_of_profession"]
Route = Literal["experienced", "newly_qualified", "returner", "referred"]


def _rising(points: tuple[int, int]) -> tuple[int, int]:
    if points[0] > points[1]:
        raise ValueError(f"{list(points)} is not in rising order")
    return points


PointRange = Annotated[
    tuple[int, int],
    BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given),
    AfterValidator(_rising),
]
"""Lowest and highest pay point."""


class Attrition(Part):
    """How people leave. Hazard = base × service band × age band × policies in force × market."""

    resignation: Rate | None = Field(
        None, description="base rate of resigning, all destinations together"
    )
    other: Rate | None = Field(None, description="dismissal, ill health, death")
    retirement: Bands = Field(
        default={}, description="annual hazard of retiring, by the age at which each band starts"
    )
    retirement_age: Annotated[int, Field(ge=16, le=100)] | None = Field(
        None, description="everybody retires on the birthday of this age"
    )
    destinations: dict[Destination, Amount] = Field(
        default={}, description="how resignations split: weights; default all out_of_profession"
    )
    service_bands: Bands = Field(
        default={}, description="multiplier of resignation by years of service with the council"
    )
    age_bands: Bands = Field(default={}, description="multiplier of resignation by age")


class Inside(Part):
    """How many of a role's vacancies are first offered inside."""

    promotion: Share | None = Field(
        None, description="share offered to holders of the feeding roles"
    )
    sideways: Share | None = Field(
        None, description="share offered to holders of the same role in another post"
    )
    min_months_in_role: Amount | None = Field(
        None, description="months in role before one may move; default 12"
    )


class Starters(Part):
    """Who comes from outside: weights by route, and what they bring."""

    routes: dict[Route, Amount] = Field(default={}, description="weights; default all experienced")
    age_years: Duration | None = Field(None, description="age at start; default 25 to 55 evenly")
    continuous_years: Duration | None = Field(
        None, description="prior continuous local-government service of the experienced; default 0"
    )
    continuous_share: Share | None = Field(
        None, description="share of the experienced who bring it; default 0"
    )


class Recruitment(Part):
    """How a vacancy of the role is filled from outside."""

    approval_days: Duration | None = Field(None, description="before advertising; default 0")
    approval_from: Literal["vacancy", "notice"] | None = Field(
        None,
        description="when approval may begin: when the post is vacant (default) or when its holder "
        "gives notice",
    )
    time_to_hire_days: Duration | None = Field(
        None, description="from advertising to the start date; default 0"
    )
    fill_probability: Share | None = Field(
        None, description="chance that one campaign fills; default 1"
    )
    cost_gbp: Amount | None = Field(None, description="cost of one campaign, one-off; default 0")
    inside: Inside | None = None
    starters: Starters | None = None


class Probation(Part):
    """Probation of starters from outside: they pass with ``pass_probability``, else they leave."""

    months: Amount
    pass_probability: Share


class Agency(Part):
    """Cover of vacancies by agency workers."""

    cover_probability: Share = Field(description="chance that a vacancy is covered")
    lag_days: Duration | None = Field(None, description="from vacancy to cover; default 0")
    annual_cost_gbp: Amount | None = Field(
        None, description="cost of one FTE a year; or give premium"
    )
    premium: Amount | None = Field(
        None, description="cost over the role's pay with on-costs, as a share of it"
    )
    conversion: Rate | None = Field(
        None, description="rate at which a cover worker becomes permanent in the post"
    )
    capacity: Share | None = Field(
        None, description="effective capacity of an agency FTE; default 1"
    )

    @model_validator(mode="after")
    def _one_cost(self) -> Agency:
        if self.annual_cost_gbp is not None and self.premium is not None:
            raise ValueError("give annual_cost_gbp or premium, not both")
        return self


class Push(Part):
    """Progression each 1 April after ``after_months`` in role, by ``probability`` with the post."""

    to: Name
    probability: Share
    after_months: Amount | None = None


class Sickness(Part):
    """Working days lost per FTE a year, by cause, with a spread between years."""

    stress: Amount | None = None
    other: Amount | None = None
    year_cv: Amount | None = Field(
        None, description="coefficient of variation between years; default 0"
    )


class Role(Part):
    """A role. Whatever it leaves out comes from the role ``"*"``, where the scenario has one."""

    title: str | None = None
    grade: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description="for grade distance and reporting"
    )
    manager: bool | None = Field(None, description="whether its holders manage people; default no")
    entry_level: bool | None = Field(
        None, description="whether no experience is needed; default no"
    )
    pay_points: PointRange | None = Field(
        None, description="lowest and highest pay point of the grade"
    )
    salary_gbp: Amount | None = Field(
        None, description="annual pay of one FTE, where there are no pay points"
    )
    market_group: Name | None = Field(
        None, description="role group of the labour market; default 'all'"
    )
    attrition: Attrition | None = None
    notice_weeks: Amount | None = Field(None, description="notice that a leaver gives; default 0")
    probation: Probation | None = None
    recruitment: Recruitment | None = None
    agency: Agency | None = Field(None, description="absent: no agency cover of vacancies")
    skills: dict[Name, Annotated[int, Field(ge=1, le=1000)]] | None = Field(
        None, description="the requirements of a vacancy in this role, with integer weights"
    )
    feeds_from: list[Name] | None = Field(
        None, description="roles whose holders may be promoted into this one"
    )
    supervises: Amount | None = Field(
        None, description="trainees that one holder can supervise; default 0"
    )
    push: Push | None = None
    sickness: Sickness | None = None
    hours: dict[Name, HoursChange] | None = Field(
        None, description="how holders come to work fewer hours, by name"
    )
    absence: dict[Name, LongAbsence] | None = Field(
        None, description="how holders come to be away for long, by name"
    )
    experience: Bands | None = Field(
        None, description="effective capacity by years of service with the council; default 1"
    )
    supervision_load: Share | None = Field(
        None, description="capacity a supervisor gives to each trainee; default 0"
    )

    @model_validator(mode="after")
    def _one_pay(self) -> Role:
        if self.salary_gbp is not None and self.pay_points is not None:
            raise ValueError("give salary_gbp or pay_points, not both")
        return self
