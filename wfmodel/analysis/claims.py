"""A plan's claims: what each says in words, and how the model can be asked whether it holds.

``claims.yaml`` stands beside a pack's ``figures.yaml`` and leans on it: a claim names the figure
that it is made of. What the plan does not say, but its leaders would want to know, stands below
``findings`` in the same form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wfmodel.analysis.figures import Figures, PlanFigure, Reading, read_figures
from wfmodel.errors import InputError, Problem
from wfmodel.results.measures import nearest
from wfmodel.scenario.quantity import Name, Pair, Part
from wfmodel.workforce.yamlfile import YamlFile

CLAIMS, FIGURES = "claims.yaml", "figures.yaml"
PROBABLE = 0.8
"""The chance at which a claim is taken to be made good, where none is stated."""


class Goal(Part):
    """A target of a scenario, as it stands there."""

    scenario: Name
    name: Name


class Divisor(Part):
    """What a measure is divided by: another, of the same scenario, group and months."""

    measure: Name
    dimension: Name = "council"
    group: str | list[str] = "all"


class Asked(Reading):
    """A measure that each replication is asked for, alone, or less or by another."""

    less_in: Name | None = Field(
        None, description="a scenario whose own reading is taken away, on the same luck"
    )
    per: Divisor | None = Field(None, description="what the reading is divided by")

    @property
    def divisor(self) -> Reading | None:
        """The reading that it is divided by."""
        if self.per is None:
            return None
        return Reading.model_validate(
            {"scenario": self.scenario, "month": self.month, "since": self.since}
            | self.per.model_dump()
        )


class Needs(Part):
    """A lever that is turned until the claim holds with a probability."""

    lever: str = Field(description="the path of a value in the scenario")
    within: Pair = Field(description="the range in which it is turned")
    probability: Annotated[float, Field(gt=0, lt=1)] = PROBABLE


class Claim(Part):
    """One claim: a target, or a measure with what is claimed of it.

    With neither, its figure is what is claimed: it agrees with the model or does not; or the model
    has no use for it, or only the council can give it, and the answer says so.
    """

    says: str = Field(description="the claim in a sentence without a full stop")
    figure: Name | None = Field(None, description="the figure with the plan's own words")
    target: Goal | None = None
    simulated: Asked | None = None
    at_least: float | Name | None = Field(None, description="a number, or a figure's name")
    at_most: float | Name | None = None
    between: Pair | None = None
    needs: Needs | None = None
    note: str | None = Field(None, description="how the plan's words are read")

    @model_validator(mode="after")
    def _fits(self) -> Claim:
        if self.target is not None and self.simulated is not None:
            raise ValueError("give target or simulated, not both")
        limits = [n for n in ("at_least", "at_most", "between") if getattr(self, n) is not None]
        if len(limits) != (self.simulated is not None):
            raise ValueError("exactly one of at_least, at_most, between goes with simulated")
        if self.needs is not None and self.goal is None:
            raise ValueError(
                "needs goes with a target, or with at_least or at_most of one measure of the "
                "council, a service or a role at one month"
            )
        return self

    @property
    def scenario(self) -> str | None:
        """The scenario that is asked."""
        place = self.target or self.simulated
        return place.scenario if place is not None else None

    @property
    def goal(self) -> dict[str, Any] | None:
        """The claim as a target of a scenario, without its limit; None where it cannot be one."""
        if self.target is not None:
            return {}
        asked = self.simulated
        if asked is None or self.between is not None or isinstance(asked.group, list):
            return None
        several = asked.since is not None or asked.less_in is not None or asked.per is not None
        if several or asked.dimension not in ("council", "service", "role"):
            return None
        scope = {} if asked.dimension == "council" else {asked.dimension: asked.group}
        return {"title": self.says, "measure": asked.measure, "month": asked.month, "scope": scope}


class ClaimsFile(Part):
    """A claims file."""

    schema_: Literal[1] = Field(alias="schema")
    base: Name = Field(description="the scenario as today")
    levers: dict[Name, list[Name]] = Field(
        {}, description="by the scenario they are compared with: scenarios with one lever each"
    )
    routes: Name | None = Field(None, description="the scenario whose ways in are followed")
    claims: dict[Name, Claim]
    findings: dict[Name, Claim] = {}


@dataclass(frozen=True)
class Claims:
    """A claims file as read, with the figures it leans on."""

    path: Path
    said: ClaimsFile
    figures: Figures

    def __iter__(self) -> Iterator[tuple[str, Claim]]:
        yield from self.said.claims.items()
        yield from self.said.findings.items()

    def figure(self, claim: Claim) -> PlanFigure | None:
        """The figure that a claim is made of."""
        return self.figures.said.figures[claim.figure] if claim.figure else None

    def number(self, limit: float | str) -> float:
        """What is claimed: the number itself, or that of a figure."""
        if isinstance(limit, str):
            value = self.figures.said.figures[limit].value
            assert isinstance(value, float)
            return value
        return limit

    @property
    def scenarios(self) -> list[str]:
        """Every scenario that a claim asks, by name."""
        found = {self.said.base}
        for _, claim in self:
            found |= {claim.scenario} if claim.scenario else set()
            if claim.simulated is not None and claim.simulated.less_in is not None:
                found.add(claim.simulated.less_in)
        return sorted(found)


def read_claims(path: Path | str) -> Claims:
    """The claims of a council: its folder of data, or the file itself.

    Raises `InputError` with every problem, each with file and line.
    """
    given = Path(path)
    file = YamlFile(given / CLAIMS if given.is_dir() else given)
    claims = Claims(file.path, file.parse(ClaimsFile), read_figures(file.path.parent / FIGURES))
    problems = [Problem(file.place(steps), what) for steps, what in _across(claims)]
    if problems:
        raise InputError(problems)
    return claims


def _across(claims: Claims) -> Iterator[tuple[list[str], str]]:
    """What is wrong with the claims beside the figures and the files of the pack."""
    said = claims.said
    named = [(["base"], said.base), *([(["routes"], said.routes)] if said.routes else [])]
    named += [(["levers", base], base) for base in said.levers]
    named += [(["levers", base], name) for base, names in said.levers.items() for name in names]
    for part in ("claims", "findings"):
        for name, claim in getattr(said, part).items():
            for steps, what in _of(claims, claim, is_plans=part == "claims"):
                yield [part, name, *steps], what
            if claim.scenario:
                key = "target" if claim.target else "simulated"
                named.append(([part, name, key], claim.scenario))
            if claim.simulated is not None and claim.simulated.less_in:
                named.append(([part, name, "simulated", "less_in"], claim.simulated.less_in))
    twice = said.claims.keys() & said.findings.keys()
    yield from ((["findings", name], "is also the name of a claim") for name in sorted(twice))
    for steps, scenario in named:
        if not claims.figures.scenario(scenario).is_file():
            yield steps, f"there is no file {claims.figures.scenario(scenario)}"


def _of(claims: Claims, claim: Claim, is_plans: bool) -> Iterator[tuple[list[str], str]]:
    """What is wrong with one claim and its figures."""
    known = claims.figures.said.figures
    if is_plans and claim.figure is None:
        yield [], "figure is missing: a claim of the plan is made of one of its figures"
    for key in ("figure", "at_least", "at_most"):
        name = getattr(claim, key)
        if not isinstance(name, str):
            continue
        if name not in known:
            yield [key], f"there is no figure {name}, did you mean {nearest(name, list(known))}?"
        elif key != "figure" and not isinstance(known[name].value, float):
            yield [key], f"the figure {name} is no number"
    figure = known.get(claim.figure or "")
    computed = figure is not None and figure.where is not None and figure.where.computed
    if claim.scenario is None and not (
        figure and (computed or figure.use == "outside" or demanded(figure))
    ):
        yield [], "target or simulated is missing: nothing is computed for its figure"


def demanded(figure: PlanFigure) -> bool:
    """Whether a figure is left empty for the council to give."""
    where = figure.where
    return where is not None and where.stated is not None and where.stated.demanded
