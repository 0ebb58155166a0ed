"""The scenario: what the planner asks, as read from a YAML file and the parents that it extends."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from wfmodel.scenario.assurance import Assurance, Decision
from wfmodel.scenario.change import ChangeEvent
from wfmodel.scenario.context import Budget, Demand, LabourMarket, Target
from wfmodel.scenario.pipelines import Pipeline
from wfmodel.scenario.policies import AnyPolicy
from wfmodel.scenario.quantity import Amount, Duration, Name, Part
from wfmodel.scenario.rate import Rate
from wfmodel.scenario.roles import Role
from wfmodel.units import Calendar

Dimension = Literal[
    "council", "service", "role", "service_role", "sex", "ethnicity", "disability", "age_band"
]


class Horizon(Part):
    """When the run starts (the first of a month) and how many months it lasts."""

    start: dt.date
    months: Annotated[int, Field(ge=0, le=600)]

    @model_validator(mode="after")
    def _first_of_month(self) -> Horizon:
        if self.start.day != 1:
            raise ValueError(f"start {self.start} is not the first of a month")
        return self


class Disclosure(Part):
    """What a published page says of few people: counts under the threshold are hidden."""

    threshold: Annotated[int, Field(ge=3, le=100)] = Field(
        5, description="counts of people under it are hidden"
    )
    sensitive: Annotated[int, Field(ge=3, le=100)] = Field(
        10, description="the same for counts by sex, ethnicity, disability and age"
    )
    rounding: Annotated[int, Field(ge=1, le=20)] = Field(
        5, description="counts of groups of people are rounded to a multiple of it"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Disclosure:
        if self.threshold > self.sensitive:
            raise ValueError(
                f"sensitive is {self.sensitive}, allowed is at least threshold, {self.threshold}"
            )
        if self.rounding > self.threshold:
            raise ValueError(
                f"rounding is {self.rounding}, allowed is at most threshold, {self.threshold}"
            )
        return self


class Run(Part):
    """How it is run when the command line says nothing else."""

    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    seed: Annotated[int, Field(ge=0, le=2**62)] = 1
    detail: list[Dimension] = Field(
        default=["council", "service"], description="dimensions by which measures are kept"
    )
    disclosure: Disclosure = Disclosure()  # type: ignore[call-arg]


class Group(Part):
    """Posts and people all alike, for small workforces written in the scenario itself."""

    service: Name
    role: Name
    posts: Annotated[int, Field(ge=0, le=10_000_000)]
    filled: Annotated[int, Field(ge=0, le=10_000_000)] | None = Field(
        None, description="default all"
    )
    fte: Annotated[float, Field(gt=0, le=1)] = 1.0
    age_years: Duration | None = Field(None, description="default 20 to 60 evenly")
    service_years: Duration | None = Field(
        None, description="service with the council; default gamma, mean 8, shape 1.2"
    )
    service_years_file: str | None = Field(
        None, description="one number a line, in place of service_years"
    )
    skills: list[Name] = Field(default=[], description="skills beyond those of the role")
    contract: Literal["permanent", "fixed_term"] = "permanent"
    contract_months: Duration | None = Field(
        None, description="fixed_term: months left; default 12"
    )
    pension_member: bool = True
    employer: Name = "council"
    funding: Name = "general_fund"

    @model_validator(mode="after")
    def _hangs_together(self) -> Group:
        if self.filled is not None and self.filled > self.posts:
            raise ValueError(f"filled is {self.filled}, allowed is at most posts, {self.posts}")
        if self.service_years is not None and self.service_years_file is not None:
            raise ValueError("give service_years or service_years_file, not both")
        return self


class AgencyUse(Part):
    """Agency or casual work that is not cover of a vacancy: it does not end when a post fills."""

    service: Name
    role: Name
    reason: Literal["peak_or_project", "managed_team", "casual", "seconded_in"]
    fte: Amount
    annual_cost_gbp: Amount = Field(description="cost of one FTE a year")
    start: dt.date | None = None
    end: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> AgencyUse:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class Turnover(Part):
    """Turnover of the opening workforce: resignation hazards are scaled to it, all roles alike."""

    rate: Rate
    measured_as: Literal["all_leavers", "resignations"] = "all_leavers"


class WorkforceSource(Part):
    """Where the opening workforce comes from: exactly one of synthesis, tables, groups."""

    synthesis: str | None = Field(
        None, description="a synthesis file (published margins), relative to this scenario"
    )
    tables: str | None = Field(
        None, description="a folder with posts, people, assignments and pay_points"
    )
    groups: dict[Name, Group] = {}
    services: dict[Name, str] = Field(default={}, description="titles of services")
    data_date: dt.date | None = Field(
        None, description="day that the workforce's data are of; default the first day"
    )
    seed: Annotated[int, Field(ge=0, le=2**62)] = Field(1, description="of the synthesis")
    turnover: Turnover | None = Field(
        None, description="scale resignations to this turnover of the opening workforce"
    )
    agency_uses: dict[Name, AgencyUse] = {}


class Scenario(Part):
    """A resolved scenario: every parent merged in, every key checked."""

    schema_: Literal[1] = Field(alias="schema", description="version of the scenario format")
    name: Name
    extends: str | None = Field(None, description="the parent's file, relative to this one")
    status: Literal["exploratory", "proposal", "decided"] = "exploratory"
    title: str
    description: str = Field("", description="the question it asks, in a planner's words")
    assurance: Assurance | None = None
    decisions: dict[Name, Decision] = Field(default={}, description="the decisions log")
    horizon: Horizon
    run: Run = Run()
    workforce: WorkforceSource
    roles: dict[Name | Literal["*"], Role]
    policies: dict[Name, AnyPolicy] = {}
    change_events: dict[Name, ChangeEvent] = {}
    pipelines: dict[Name, Pipeline] = {}
    labour_market: LabourMarket | None = None
    demand: dict[Name, Demand] = Field(default={}, description="by service")
    budget: Budget | None = None
    targets: dict[Name, Target] = {}
    _path: Path | None = PrivateAttr(None)
    _files: list[str] = PrivateAttr(default_factory=list)
    _stated: dict[str, Any] = PrivateAttr(default_factory=dict)
    _levers: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def levers(self) -> dict[str, Any]:
        """What a sweep set, by the levers' names; empty for a scenario with a file of its own."""
        return self._levers

    @property
    def address(self) -> str:
        """Where it is read from: its file, and after a ``#`` its name where a sweep makes it."""
        return f"{self._path}#{self.name}" if self._levers else str(self._path or self.name)

    @property
    def calendar(self) -> Calendar:
        """The run's time axis."""
        return Calendar(self.horizon.start, self.horizon.months)

    @property
    def path(self) -> Path | None:
        """The file it was read from."""
        return self._path

    @property
    def files(self) -> list[Path]:
        """All that it was read from: its own file first, then its parents'."""
        return [Path(file) for file in self._files]

    @property
    def folder(self) -> Path:
        """The folder against which its file names are read."""
        return self._path.parent if self._path else Path()

    def where(self, path: str) -> str:
        """``file:line: path`` of a setting, as an error names it; where it is not stated itself,
        the line of what it would stand in.
        """
        steps = path.split(".")
        for count in range(len(steps), 0, -1):
            if stated := self._stated.get(".".join(steps[:count])):
                file, line, _ = stated
                return f"{file}:{line}: {path}"
        return f"{self._path or self.name}: {path}"

    def _repr_html_(self) -> str:
        """The resolved scenario as tables, for a notebook."""
        from wfmodel.scenario.showing import to_html  # it reads this module

        return to_html(self)
