"""Change events: posts deleted, created, converted or transferred, with people in them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wfmodel.scenario.policies import Scope
from wfmodel.scenario.quantity import Amount, Name, Part, Share
from wfmodel.scenario.rate import Bands

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Creation(Part):
    """New posts, all alike."""

    service: Name
    role: Name
    posts: Count
    fte: Annotated[float, Field(gt=0, le=1)] = 1.0
    employer: Name | None = None
    funding: Name | None = None


class Voluntary(Part):
    """Voluntary exits: offered in scope before anybody is selected."""

    take_up: Share = Field(description="chance that somebody offered would go")
    age_bands: Bands = Field(default={}, description="multiplier of take-up by age")
    service_bands: Bands = Field(default={}, description="multiplier of take-up by service")
    refused: Share | None = Field(
        None, description="share of volunteers whom the council refuses; default 0"
    )


class Terms(Part):
    """What those who are made redundant, or go voluntarily, receive beyond the statute."""

    enhancement: Amount | None = Field(
        None, description="multiplier of statutory weeks; default 1; never beyond 104 weeks"
    )
    actual_pay: bool = Field(False, description="actual week's pay in place of the capped one")
    strain_factor: Amount | None = Field(
        None, description="capital per £ of pension and year paid early; default 1"
    )


class ChangeEvent(Part):
    """One change, announced on one day and in force from another.

    ``delete``: posts in scope go, vacant ones first. ``create``: posts are added.
    ``convert``: posts in scope go and those of ``create`` come, whose places are first offered to
    the holders (slotting-in).
    ``transfer_out``: posts in scope go to another employer with their holders (TUPE).
    ``transfer_in``: those of ``create`` come with people in them.
    """

    title: str | None = None
    kind: Literal["delete", "create", "convert", "transfer_out", "transfer_in"]
    announced: dt.date | None = Field(None, description="default the day of implementation")
    implemented: dt.date = Field(
        description="never sooner than the consultation allows: then it is later"
    )
    services: Scope = None
    roles: Scope = None
    posts: Count | list[str] | None = Field(None, description="how many, or which by id")
    share: Share | None = Field(None, description="share of the posts in scope, in place of posts")
    create: list[Creation] = []
    transferred_age_years: Annotated[float, Field(ge=16, le=80)] = Field(
        43, description="age of those transferred in"
    )
    transferred_service_years: Annotated[float, Field(ge=0, le=50)] = Field(
        8, description="continuous service of those transferred in"
    )
    slotting_threshold: Share | None = Field(
        None, description="job-to-job match that slots a holder in; absent: none"
    )
    voluntary: Voluntary | None = None
    terms: Terms | None = None
    consultation_days: Annotated[int, Field(ge=0, le=365)] = Field(
        0, description="the council's own minimum; the statutory one holds where it is longer"
    )
    leaving_multiplier: Amount | None = Field(
        None, description="on resignations in scope from announcement to implementation; default 1"
    )
    one_off_cost_gbp: Amount | None = None
    partner: str | None = Field(None, description="who receives or sends the posts")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ChangeEvent:
        if self.announced and self.announced > self.implemented:
            raise ValueError(f"announced {self.announced} is after implemented {self.implemented}")
        takes = self.kind in ("delete", "convert", "transfer_out")
        if takes and (self.posts is None) == (self.share is None):
            raise ValueError(f"kind {self.kind} needs exactly one of posts, share")
        if not takes and (self.posts is not None or self.share is not None):
            raise ValueError(f"kind {self.kind} takes create, not posts or share")
        makes = self.kind in ("create", "convert", "transfer_in")
        if makes != bool(self.create):
            raise ValueError(f"kind {self.kind} {'needs' if makes else 'has no'} create")
        return self
