"""Rates: what happens in a year, named for what it is, and to whom."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from wfmodel.scenario.quantity import Amount, Part, Share

Age = Annotated[int, Field(ge=0, le=100)]
"""Years of age."""


def _bands_from_zero(bands: dict[int, Amount]) -> dict[int, Amount]:
    if bands and min(bands) != 0:
        raise ValueError(f"bands start at {min(bands)}, the first must start at 0")
    return dict(sorted(bands.items()))


Bands = Annotated[
    dict[Annotated[int, Field(ge=0, le=100)], Amount], AfterValidator(_bands_from_zero)
]
"""Multipliers by band: each key is the years at which the band starts (closed below)."""


class Rate(Part):
    """A yearly rate, named for what it is: exactly one of the three.

    ``annual_turnover`` is leavers ÷ mean stock, and so is a hazard; ``annual_probability`` is the
    share of those in post at the start of a year who go within it.
    """

    annual_hazard: Amount | None = None
    annual_turnover: Amount | None = None
    annual_probability: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> Rate:
        if len(self.given) != 1:
            raise ValueError(
                "give exactly one of annual_hazard, annual_turnover, annual_probability"
            )
        if self.annual_probability is not None and self.annual_probability.range[2] >= 1:
            raise ValueError("an annual_probability of 1 has no hazard; allowed is below 1")
        return self

    @property
    def given(self) -> list[str]:
        """Names of the forms given."""
        return [n for n in type(self).model_fields if getattr(self, n) is not None]


class Occurs(Part):
    """What comes to holders of a role at a yearly rate, from one birthday to another."""

    rate: Rate
    from_age: Age | None = Field(None, description="from this birthday; default from joining")
    to_age: Age | None = Field(None, description="until this birthday; default as long as here")
    sex: Literal["female", "male"] | None = Field(
        None, description="only those who stated this sex; default everybody"
    )

    @model_validator(mode="after")
    def _ages_in_order(self) -> Occurs:
        if self.from_age is not None and self.to_age is not None and self.from_age >= self.to_age:
            raise ValueError(f"to_age {self.to_age} is not above from_age {self.from_age}")
        return self
