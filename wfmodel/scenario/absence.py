"""Long absence: people who keep their post while they are away, and who covers for them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wfmodel.scenario.quantity import Duration, Part, Share
from wfmodel.scenario.rate import Occurs

ABSENCE_KINDS = ("family_leave", "long_sickness", "career_break", "other_leave")
AbsenceKind = Literal["family_leave", "long_sickness", "career_break", "other_leave"]


class Cover(Part):
    """Cover of an absence by agency workers; it ends when the person is back, or has left."""

    probability: Share = Field(description="chance that an absence is covered")
    lag_days: Duration | None = Field(
        None, description="from the absence's start to cover; default 0"
    )


class LongAbsence(Occurs):
    """An absence of weeks or months; whoever does not return leaves at its end."""

    kind: AbsenceKind
    months: Duration = Field(description="how long it lasts")
    return_probability: Share | None = Field(
        None, description="chance to come back; the others leave at its end; default 1"
    )
    paid_share: Share | None = Field(
        None, description="share of pay while away; default 1, full pay"
    )
    cover: Cover | None = Field(None, description="absent: nobody covers")
