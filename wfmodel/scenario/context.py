"""What surrounds the workforce: the labour market, demand for services, the budget, the targets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wfmodel.scenario.quantity import Amount, Name, Number, Pair, Part, Share

FinancialYear = Annotated[int, Field(ge=2000, le=2100, description="the year in which it begins")]


class Stress(Part):
    """A tight (or slack) market from one date to another."""

    start: dt.date
    end: dt.date | None = None
    leaving_multiplier: Amount | None = None
    filling_odds_multiplier: Amount | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Stress:
        if self.end and self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class LabourMarket(Part):
    """Shared good and bad years: F = exp(σZ − σ²/2), Z = φZ₋₁ + √(1−φ²)ε by financial year."""

    leaving_sigma: Amount | None = Field(
        None, description="σ of the factor on resignation hazards; default 0"
    )
    filling_sigma: Amount | None = Field(
        None, description="σ of the factor on the odds of filling; default 0"
    )
    phi: Share | None = Field(None, description="correlation from year to year; default 0")
    correlation: Number | None = Field(
        None, description="of filling with leaving, −1 to 1; default 0 (a tight market: negative)"
    )
    council_share: Share | None = Field(
        None, description="share of Z that all role groups have in common; default 0.7"
    )
    stress: Stress | None = None

    @model_validator(mode="after")
    def _correlation_is_one(self) -> LabourMarket:
        if self.correlation is not None:
            low, _, high = self.correlation.range
            if low < -1 or high > 1:
                shown = f"{low:g}" if low == high else f"[{low:g}, {high:g}]"
                raise ValueError(f"correlation {shown} is out of range, allowed is -1 to 1")
        return self


class Demand(Part):
    """Required FTE of one service: exactly one of path, caseload, population.

    Nothing here closes a gap: it is measured.
    """

    fte: dict[dt.date, Amount] | None = Field(None, description="required FTE from each date")
    cases: dict[dt.date, Amount] | None = Field(
        None, description="cases from each date, with cases_per_fte"
    )
    cases_per_fte: Amount | None = None
    annual_growth: Number | None = Field(
        None, description="growth of the opening establishment's FTE, a year"
    )
    shift_cover: Amount | None = Field(
        None, description="factor for round-the-clock cover; default 1"
    )
    elasticity: Amount | None = Field(
        None,
        description="resignations are multiplied by (required FTE ÷ effective capacity) to this "
        "power, month by month; absent: they are not",
    )
    elasticity_bounds: Pair | None = Field(
        None, description="least and most that they are multiplied by; default 0.5 and 2"
    )

    @model_validator(mode="after")
    def _bounded_about_one(self) -> Demand:
        if self.elasticity_bounds is not None:
            if self.elasticity is None:
                raise ValueError("elasticity_bounds go with elasticity")
            least, most = self.elasticity_bounds
            if not 0 <= least <= 1 <= most <= 100:
                raise ValueError(
                    f"elasticity_bounds [{least:g}, {most:g}] are out of range, allowed are a "
                    "least of 0 to 1 and a most of 1 to 100"
                )
        return self

    @model_validator(mode="after")
    def _one(self) -> Demand:
        if sum(x is not None for x in (self.fte, self.cases, self.annual_growth)) != 1:
            raise ValueError("give exactly one of fte, cases, annual_growth")
        if (self.cases is None) != (self.cases_per_fte is None):
            raise ValueError("cases and cases_per_fte go together")
        if self.cases_per_fte is not None and self.cases_per_fte.range[0] <= 0:
            raise ValueError("cases_per_fte is 0, allowed is more than 0")
        return self


class Levy(Part):
    """The apprenticeship levy account; the dated rules stand in data/rules."""

    opening_balance_gbp: Amount
    age_months: Amount | None = Field(
        None, description="mean age of the opening balance; default 12"
    )
    other_spend_annual_gbp: Amount | None = Field(
        None, description="spend on apprentices outside this scenario's pipelines"
    )
    paybill_gbp: Amount | None = Field(
        None, description="annual pay bill, where it is not that of the simulated staff"
    )


class OnCosts(Part):
    """What employing costs beyond pay: a share for pension; national insurance by dated rules."""

    pension: Share
    national_insurance: bool = True
    other: Share | None = None


class Budget(Part):
    """The staffing budget and what money needs. ``base`` says gross or net, and of which fund."""

    base: str = Field(description="what the £ are: gross or net, general fund or HRA, price base")
    staffing_gbp: dict[FinancialYear, Amount] | None = Field(
        None,
        description="budget by financial year; absent: opening establishment × "
        "(1 − vacancy factor), then the reduction",
    )
    annual_reduction: Number | None = Field(
        None, description="of the staffing budget, each year after the first"
    )
    vacancy_factor: Share | None = Field(
        None, description="share of establishment cost not budgeted; default 0"
    )
    operating_cost_gbp: Amount | None = Field(
        None, description="the wider cost that the plan wants to fall"
    )
    saving_sought_gbp: Amount | None = Field(
        None, description="recurring saving that the plan needs by the horizon"
    )
    pay_award: dict[FinancialYear, Number] = Field(
        default={}, description="rise of all pay points on 1 April"
    )
    on_costs: OnCosts | None = None
    levy: Levy | None = None
    agency_gbp: Amount | None = Field(
        None, description="annual agency spend published for the opening year"
    )


class TargetScope(Part):
    """One group of one dimension; both absent means the whole council."""

    service: Name | None = None
    role: Name | None = None

    @model_validator(mode="after")
    def _not_both(self) -> TargetScope:
        if self.service and self.role:
            raise ValueError("give service or role, not both")
        return self


class Target(Part):
    """Something to reach: a measure, in a scope, by a month, compared with a value."""

    title: str
    measure: Name
    scope: TargetScope = TargetScope()
    month: Annotated[int, Field(ge=0, le=600)] | None = Field(
        None, description="read at this month end; default the horizon"
    )
    at_most: Amount | None = None
    at_least: Amount | None = None
    relative_to: Literal["value", "start", "first_year", "budget"] = Field(
        "value",
        description="what the number multiplies: nothing; the measure's month 0; its month 12; "
        "the budget",
    )
    proposed_by: Literal["plan", "suite"] = "plan"
    source: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Target:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give exactly one of at_most, at_least")
        return self
