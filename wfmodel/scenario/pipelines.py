"""Grow-your-own pipelines: intakes, stages, supervision, conversion, what binds, what it costs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wfmodel.scenario.quantity import Amount, Duration, Name, Part, Share, Size

Calendar = Annotated[int, Field(ge=1, le=12)]


class Intake(Part):
    """When people join, and how many: on the first of the named months, or every so many months."""

    months: list[Calendar] | None = Field(None, description="calendar months, 1 to 12")
    every_months: Annotated[int, Field(ge=1, le=120)] | None = None
    first: dt.date | None = Field(None, description="no intake before; default the start")
    last: dt.date | None = Field(None, description="no intake after; default the horizon")
    size: Size

    @model_validator(mode="after")
    def _one(self) -> Intake:
        if (self.months is None) == (self.every_months is None):
            raise ValueError("give exactly one of months, every_months")
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}")
        return self


class Stage(Part):
    """One stage of training. A drop-out falls evenly within the stage."""

    name: Name
    months: Duration
    completion_probability: Share
    supervision: Amount | None = Field(
        None, description="supervisor places that one trainee takes; default 0"
    )
    off_the_job: Share | None = Field(None, description="share of time away from work; default 0")


class Supervision(Part):
    """Who supervises, and what happens when they run out."""

    roles: list[Name]
    when_full: Literal["defer", "lose"] = "defer"
    longest_wait_months: Amount | None = Field(
        None, description="a deferred place is lost after this; default 12"
    )


class Conversion(Part):
    """What happens at the end of training."""

    share: Share = Field(description="share of the qualified who take a post here")
    mode: Literal["guaranteed", "compete"] = "compete"
    wait_months: Amount | None = Field(
        None, description="mode compete: how long they wait for a vacancy; default 3"
    )


class NewlyQualified(Part):
    """The first time in post (ASYE): lower effective capacity, then a step up."""

    months: Amount
    capacity: Share
    step_up_to: Name | None = Field(None, description="the role they step up to, with their post")


class Agreement(Part):
    """A learning agreement: while it binds, resignation hazards are multiplied."""

    months: Amount
    hazard_multiplier: Amount


class TrainingCost(Part):
    """What a trainee costs."""

    fee_gbp: Amount | None = Field(None, description="training price for the whole programme")
    levy: bool = Field(
        False, description="whether the fee is drawn from the apprenticeship levy account"
    )
    salary_gbp: Amount | None = Field(
        None, description="annual pay or bursary while training; default the trainee role's"
    )
    one_off_gbp: Amount | None = Field(None, description="recruitment and set-up, for each trainee")


class Pipeline(Part):
    """One grow-your-own pipeline into ``target_role``."""

    title: str | None = None
    source: Literal["outside", "staff"] = "outside"
    from_roles: list[Name] | None = Field(
        None, description="source staff: roles from which they come"
    )
    keeps_post: bool = Field(
        True, description="source staff: whether they keep their post while training"
    )
    places: Literal["supernumerary", "vacancies"] = Field(
        "supernumerary",
        description="whether trainees from outside stand beside the establishment or fill its "
        "vacancies",
    )
    service: Name
    trainee_role: Name | None = Field(
        None, description="role while training; default the target role"
    )
    target_role: Name
    target_services: list[Name] | None = Field(
        None, description="services whose vacancies they take; default its own"
    )
    fte: Annotated[float, Field(gt=0, le=1)] = 1.0
    intake: Intake
    stages: Annotated[list[Stage], Field(min_length=1)]
    supervision: Supervision | None = None
    conversion: Conversion
    newly_qualified: NewlyQualified | None = None
    agreement: Agreement | None = None
    cost: TrainingCost | None = None
    age_years: Duration | None = Field(None, description="age at intake; default 18 to 30 evenly")

    @model_validator(mode="after")
    def _fits_its_source(self) -> Pipeline:
        if (self.source == "staff") != bool(self.from_roles):
            raise ValueError("from_roles goes with source staff, and source staff needs it")
        if self.source == "staff" and self.places == "vacancies":
            raise ValueError("places vacancies goes with source outside")
        return self
