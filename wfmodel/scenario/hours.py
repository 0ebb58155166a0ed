"""Fewer hours: people who go on in their post for a part of its time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from wfmodel.scenario.quantity import Share
from wfmodel.scenario.rate import Occurs

HOURS_KINDS = ("flexible_retirement", "caring", "flexible_working")
HoursKind = Literal["flexible_retirement", "caring", "flexible_working"]


class HoursChange(Occurs):
    """A change to fewer hours, once in a life; what is given up of the post becomes vacant."""

    kind: HoursKind
    keeps: Share = Field(description="share of the hours that somebody keeps")
    unreduced: bool = Field(
        False,
        description="flexible_retirement: the council consents that a pension drawn early is not "
        "reduced, and pays the strain",
    )

    @model_validator(mode="after")
    def _only_pensions_strain(self) -> HoursChange:
        if self.unreduced and self.kind != "flexible_retirement":
            raise ValueError("unreduced goes with kind flexible_retirement")
        return self
