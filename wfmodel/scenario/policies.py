"""Policies: what the council does, from a date to a date, in a scope. ``kind`` says which rule."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wfmodel.scenario.absence import Cover
from wfmodel.scenario.quantity import Amount, Duration, Name, Part, Share
from wfmodel.scenario.roles import Destination

Scope = Annotated[list[Name] | None, Field(description="names; absent means all")]


class Policy(Part):
    """What every policy has."""

    title: str | None = None
    start: dt.date | None = Field(None, description="first day in force; default the start")
    end: dt.date | None = Field(None, description="first day no longer in force; default never")
    services: Scope = None
    roles: Scope = None
    annual_cost_gbp: Amount | None = Field(None, description="recurring cost of the policy itself")
    one_off_cost_gbp: Amount | None = Field(None, description="one-off cost at its start")

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class Path(Part):
    """Where permanent FTE in scope should be, by date.

    Either ``annual_reduction`` of the FTE at the policy's start (the same amount each year when
    ``straight``, else compounding), month by month; or ``fte`` by date, straight in between.
    """

    annual_reduction: Share | None = None
    straight: bool = Field(
        False, description="each year the same amount, in place of the same share"
    )
    fte: dict[dt.date, Annotated[float, Field(ge=0)]] | None = None

    @model_validator(mode="after")
    def _one(self) -> Path:
        if (self.annual_reduction is None) == (not self.fte):
            raise ValueError("give exactly one of annual_reduction, fte")
        return self


class VacancyControl(Policy):
    """Hold vacancies in scope: a share of them, all, or until FTE is at or below a path.

    Held vacancies are released oldest first when the path allows, after ``hold_months`` where
    given, and at the policy's end.
    """

    kind: Literal["vacancy_control"]
    mode: Literal["share", "all", "until_target"]
    share: Share | None = Field(None, description="mode share: the share of vacancies held")
    hold_months: Amount | None = Field(
        None, description="longest hold; default until the policy's end"
    )
    path: Path | None = Field(None, description="mode until_target: the path")
    exempt_roles: list[Name] = []
    exempt_services: list[Name] = []

    @model_validator(mode="after")
    def _mode_has_its_own(self) -> VacancyControl:
        if (self.mode == "share") != (self.share is not None):
            raise ValueError("share goes with mode share, and mode share needs it")
        if (self.mode == "until_target") != (self.path is not None):
            raise ValueError("path goes with mode until_target, and mode until_target needs it")
        return self


class Redeployment(Policy):
    """Offer vacancies to the redeployment pool before anybody else.

    ``person_to_vacancy`` scores what the person can do against the vacancy's requirements;
    ``job_to_job`` scores the old job's requirements against the new one's (slotting-in).
    """

    kind: Literal["redeployment"]
    match_threshold: Share = Field(description="least match score, in whole thousandths")
    reading: Literal["person_to_vacancy", "job_to_job"] = "person_to_vacancy"
    grade_distance: Annotated[int, Field(ge=0, le=100)] = Field(1, description="grades up or down")
    fte_tolerance: Amount | None = Field(None, description="difference of FTE allowed; default 0.2")
    coaches: Annotated[int, Field(ge=0)] | None = Field(
        None, description="how many; absent: one for everybody"
    )
    coaching_weeks: Duration | None = Field(None, description="how long coaching takes; default 0")
    accept_probability: Share
    accept_probability_coached: Share | None = Field(None, description="default as uncoached")
    unreasonable_refusal: Share | None = Field(
        None, description="share of refusals that lose the pay; default 0"
    )
    trial_weeks: Amount | None = Field(None, description="default 4, the statutory trial")
    trial_pass_probability: Share
    trial_pass_probability_coached: Share | None = Field(None, description="default as uncoached")
    pool_weeks: Amount | None = Field(
        None, description="policy notice in the pool; the longer of it and statutory notice holds"
    )
    protection_months: Amount | None = Field(
        None, description="pay protection on a lower grade; default 0"
    )
    retraining_cost_gbp: Amount | None = Field(None, description="one-off, for each redeployment")


class RecruitmentEffort(Policy):
    """Change how vacancies are filled: recruiters, chance, time, pay supplement, route."""

    kind: Literal["recruitment"]
    recruiters: Annotated[int, Field(ge=0)] | None = Field(
        None, description="campaigns at one time; absent: no limit"
    )
    odds_multiplier: Amount | None = Field(None, description="on the odds that a campaign fills")
    time_multiplier: Amount | None = Field(None, description="on approval and time to hire")
    supplement_gbp: Amount | None = Field(
        None, description="annual pay supplement for starters in scope"
    )
    odds_per_1000_gbp: Amount | None = Field(
        None, description="multiplier of the odds for each £1,000 of supplement"
    )
    smallest_advertised_fte: Amount | None = Field(
        None, description="a smaller remainder is not advertised; default 0.4"
    )
    inside_multiplier: Amount | None = Field(None, description="on the shares offered inside")

    @model_validator(mode="after")
    def _recruiters_serve_all(self) -> RecruitmentEffort:
        if self.recruiters is not None and (self.services or self.roles):
            raise ValueError("recruiters serve all: they go without services and roles")
        return self


class Retention(Policy):
    """Multiply the hazard of leaving in scope."""

    kind: Literal["retention"]
    hazard_multiplier: Amount
    causes: list[Destination | Literal["retirement", "other"]] | None = Field(
        None, description="default the three destinations of a resignation"
    )
    annual_cost_per_head_gbp: Amount | None = None


class AgencyControl(Policy):
    """Change agency use in scope."""

    kind: Literal["agency_control"]
    cover_multiplier: Amount | None = Field(
        None, description="on the chance that a vacancy or an absence is covered"
    )
    conversion_multiplier: Amount | None = Field(
        None, description="on the hazard of becoming permanent"
    )
    longest_months: Amount | None = Field(
        None, description="cover of one vacancy or absence ends after this"
    )
    end_uses: list[Name] = Field(
        default=[], description="named agency uses (workforce.agency_uses) that end at the start"
    )


class ReserveForPipeline(Policy):
    """Apprenticeship first: vacancies wait for a pipeline's next intake, then are advertised."""

    kind: Literal["reserve_for_pipeline"]
    pipeline: Name
    longest_wait_months: Amount


class SicknessEffect(Policy):
    """Multiply sickness days in scope."""

    kind: Literal["sickness"]
    stress_multiplier: Amount | None = None
    other_multiplier: Amount | None = None


class ActingUp(Policy):
    """Managers' posts in scope are acted in while they are open.

    Without ``roles`` those of every role that manages; with ``roles`` those named. Who acts up is
    the eligible holder of a feeding role in the same service who has been longest in role.
    """

    kind: Literal["acting_up"]
    probability: Share = Field(description="chance that an open post is acted in")
    lag_days: Duration | None = Field(
        None, description="from the vacancy to somebody who acts up; default 0"
    )


class Secondment(Policy):
    """So many people in scope go to a partner at the start, for a time, and keep their post."""

    kind: Literal["secondment"]
    heads: Annotated[int, Field(ge=0, le=1_000_000)] = Field(description="how many people")
    months: Duration = Field(description="how long each of them is away")
    return_probability: Share | None = Field(
        None, description="chance to come back; the others leave at its end; default 1"
    )
    partner: str | None = Field(None, description="where they go")
    partner_pays: Share | None = Field(
        None, description="share of pay with on-costs that the partner pays; default 1"
    )
    cover: Cover | None = Field(None, description="absent: nobody covers")

    @model_validator(mode="after")
    def _lasts_its_months(self) -> Secondment:
        if self.end is not None:
            raise ValueError("a secondment lasts its months; it goes without end")
        return self


AnyPolicy = Annotated[
    VacancyControl
    | Redeployment
    | RecruitmentEffort
    | Retention
    | AgencyControl
    | ReserveForPipeline
    | SicknessEffect
    | ActingUp
    | Secondment,
    Field(discriminator="kind"),
]
