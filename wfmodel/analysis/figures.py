"""A plan's published figures: what each says, what it is used for, and where that can be checked.

A pack's ``figures.yaml`` stands beside its workforce file and holds every figure of the plan by
name. ``use`` says what the model does with it: an *input* stands in a file of the pack, an *output*
is reproduced, a *check* is compared with what the model says, and what is *outside* says why.
"""

from __future__ import annotations

import ast
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wfmodel.errors import InputError, Problem
from wfmodel.results.measures import MEASURES, measure, nearest
from wfmodel.scenario.quantity import Name, Pair, Part
from wfmodel.workforce.yamlfile import YamlFile

Age = Annotated[float, Field(ge=0, le=100)]
Month = Annotated[int, Field(ge=0, le=600)]


class Stated(Part):
    """A place in a file of the pack that holds the figure: exactly one of file and scenario.

    A figure without a value is a lever that the plan does not size, or a blank: the place then
    holds an assumption with source and confidence, or a number from a named source
    (``filled_from``), or is left empty so that loading the file asks for it (``demanded``).
    """

    file: str | None = Field(None, description="a file beside figures.yaml")
    scenario: Annotated[str, Field(pattern=r"^_?[a-z0-9][a-z0-9_-]{0,63}$")] | None = Field(
        None, description="a scenario's own file, or a part of one"
    )
    path: str = Field(description="keys with points between them")
    filled_from: str | None = Field(
        None, description="what fills a blank; the source of the quantity names it"
    )
    demanded: bool = Field(False, description="left empty: loading the file asks the user for it")

    @model_validator(mode="after")
    def _one(self) -> Stated:
        if (self.file is None) == (self.scenario is None):
            raise ValueError("give exactly one of file, scenario")
        if self.demanded and self.filled_from:
            raise ValueError("give filled_from or demanded, not both")
        return self


class People(Part):
    """Which people of the opening workforce; what is absent leaves nobody out."""

    services: list[Name] | None = None
    roles: list[Name] | None = None
    managers: bool | None = None
    grade_from: int | None = None
    grade_below: int | None = None
    age_from: Age | None = None
    age_below: Age | None = None
    service_years_from: Age | None = None
    service_years_below: Age | None = None
    part_time: bool | None = None
    sex: str | None = Field(None, description="as in the tables; '': not stated")
    ethnicity: str | None = None
    disability: str | None = None
    contract: Name | None = None
    top_paid: Annotated[int, Field(ge=1)] | None = Field(
        None, description="only so many, the best paid"
    )


class Opening(Part):
    """A property of a scenario's opening workforce, counted from its tables.

    ``heads`` and ``fte`` are of those in ``of``; ``share`` is heads in ``of`` ÷ heads in ``among``
    (those in ``of`` are also in ``among``). The rest is of those in ``of``; ``job_titles`` are
    those of their posts.
    """

    scenario: Name
    count: Literal[
        "heads", "fte", "share", "roles", "job_titles", "mean_service_years", "vacancy_rate",
        "mean_pay_gap",
    ]  # fmt: skip
    of: People = People()
    among: People = People()
    fewer_than: Annotated[int, Field(ge=1)] | None = Field(
        None, description="count job_titles: only those that fewer people have"
    )

    @model_validator(mode="after")
    def _of_titles(self) -> Opening:
        if self.fewer_than is not None and self.count != "job_titles":
            raise ValueError("fewer_than goes with count job_titles")
        return self


class Reading(Part):
    """A measure of a scenario's replications.

    A flow is its total over the 12 months to ``month``, anything else is read at that month end.
    With ``since`` a flow is added up from that month on, and a stock is the change since then.
    """

    scenario: Name
    measure: Name
    dimension: Name = "council"
    group: str | list[str] = Field("all", description="several are added up")
    month: Month | None = Field(None, description="default the horizon")
    since: Month | None = None

    @model_validator(mode="after")
    def _known(self) -> Reading:
        try:
            dimensions = measure(self.measure).dimensions
        except KeyError:
            near = nearest(self.measure, list(MEASURES))
            raise ValueError(f"measure {self.measure} is not known, did you mean {near}?") from None
        if self.dimension not in dimensions:
            exists = ", ".join(dimensions)
            raise ValueError(f"measure {self.measure} exists by {exists}, not by {self.dimension}")
        if self.since is not None and self.month is not None and self.since >= self.month:
            raise ValueError(f"since {self.since} is not before month {self.month}")
        return self


class Simulated(Reading):
    """A statistic of such a measure over the replications."""

    statistic: Literal["mean", "median", "p10", "p90"] = "mean"


class Where(Part):
    """Where a figure stands (``stated``), and where the model says the same or something to
    compare.

    ``equal`` is within ``tolerance``; without one within one person, or the rounding as published
    where that is wider. ``in_range`` is within the p10 to p90 of the replications; ``between``
    compares with its own two bounds.
    """

    stated: Stated | None = None
    opening: Opening | None = None
    simulated: Simulated | None = None
    formula: str | None = Field(
        None, description="arithmetic on figures by name, such as headcount * share_over_55"
    )
    comparison: Literal["equal", "at_most", "at_least", "between", "in_range"] = "equal"
    between: Pair | None = None
    tolerance: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Where:
        if (self.comparison == "between") != (self.between is not None):
            raise ValueError("between goes with comparison between, which needs it")
        if self.comparison == "in_range" and self.simulated is None:
            raise ValueError("comparison in_range goes with simulated")
        if self.comparison != "equal" and not self.computed:
            raise ValueError("a comparison goes with opening, simulated or formula")
        return self

    @property
    def computed(self) -> list[str]:
        """Which of the places are computed."""
        return [n for n in ("opening", "simulated", "formula") if getattr(self, n) is not None]


class PlanFigure(Part):
    """One published figure."""

    quote: str = Field(description="the plan's words, short")
    value: float | dt.date | Pair | str | None = Field(
        None, description="absent: the plan gives no number"
    )
    unit: str
    date: dt.date | str = Field(description="as at")
    use: Literal["input", "output", "check", "outside"]
    where: Where | None = None
    why: str | None = Field(None, description="use outside: why")
    contradicts: Name | None = Field(
        None, description="the figure that says otherwise; both readings are run"
    )
    note: str | None = None

    @model_validator(mode="after")
    def _use_has_its_own(self) -> PlanFigure:
        if (self.use == "outside") != (self.why is not None):
            raise ValueError("why goes with use outside, which needs it")
        if (self.use == "outside") == (self.where is not None):
            raise ValueError("where goes with every use but outside, and is needed there")
        if self.where is None:
            return self
        if self.use == "input" and self.where.stated is None:
            raise ValueError("use input needs where.stated")
        if self.use in ("output", "check") and not self.where.computed:
            raise ValueError(f"use {self.use} needs where.opening, .simulated or .formula")
        if self.use in ("input", "output") and self.where.comparison not in ("equal", "in_range"):
            raise ValueError(f"use {self.use} is reproduced; a comparison makes it a check")
        self._has_the_value_it_needs(self.where)
        return self

    def _has_the_value_it_needs(self, where: Where) -> None:
        stated = where.stated
        blank = stated is not None and (stated.demanded or stated.filled_from is not None)
        if blank and self.value is not None:
            raise ValueError("has a value; filled_from and demanded go with a blank")
        number = isinstance(self.value, float | tuple)
        if where.computed and not number and where.comparison != "between":
            raise ValueError("value is missing or no number; what is compared needs one")
        if isinstance(self.value, tuple) and where.comparison not in ("equal", "between"):
            raise ValueError("a value of two numbers is compared with equal alone")


class FiguresFile(Part):
    """A figures file."""

    schema_: Literal[1] = Field(alias="schema")
    plan: str = Field(description="the plan's title and date")
    scenarios: str = Field(description="the folder of the council's scenarios, relative to this")
    figures: dict[Name, PlanFigure]


@dataclass(frozen=True)
class Figures:
    """A figures file as read: its figures, and where its scenarios and other files are."""

    path: Path
    said: FiguresFile

    @property
    def folder(self) -> Path:
        """The folder that holds the pack's data."""
        return self.path.parent

    def __iter__(self) -> Iterator[tuple[str, PlanFigure]]:
        return iter(self.said.figures.items())

    def scenario(self, name: str) -> Path:
        """The file of one of the council's scenarios."""
        there = Path(os.path.normpath(self.folder / self.said.scenarios))
        return there / f"{name}.yaml"

    def stated_in(self, stated: Stated) -> Path:
        """The file in which a figure is stated."""
        return self.folder / stated.file if stated.file else self.scenario(stated.scenario or "")


def read_figures(path: Path | str) -> Figures:
    """The figures of a plan; raises `InputError` with every problem, each with file and line."""
    file = YamlFile(Path(path))
    figures = Figures(Path(path), file.parse(FiguresFile))
    problems = [
        Problem(file.place(["figures", name, *steps]), what)
        for name, figure in figures
        for steps, what in _across(figures, name, figure)
    ]
    if problems:
        raise InputError(problems)
    return figures


def _across(figures: Figures, name: str, figure: PlanFigure) -> Iterator[tuple[list[str], str]]:
    """What is wrong with one figure beside the others and the files of the pack."""
    if figure.contradicts is not None:
        yield from _contradiction(figures, name, figure)
    where = figure.where
    if where is None:
        return
    for key in ("stated", "opening", "simulated"):
        place = getattr(where, key)
        if place is None:
            continue
        there = (
            figures.stated_in(place) if isinstance(place, Stated) else
            figures.scenario(place.scenario)
        )  # fmt: skip
        if not there.is_file():
            yield ["where", key], f"there is no file {there}"
    if where.formula is not None:
        known = figures.said.figures
        try:
            asked = names_of(where.formula)
        except ValueError as error:
            yield ["where", "formula"], str(error)
            return
        for other in asked:
            if other not in known:
                near = nearest(other, list(known))
                yield ["where", "formula"], f"there is no figure {other}, did you mean {near}?"
            elif not isinstance(known[other].value, float):
                yield ["where", "formula"], f"the figure {other} is no number"


def _contradiction(
    figures: Figures, name: str, figure: PlanFigure
) -> Iterator[tuple[list[str], str]]:
    """Both figures name each other, and each is run in a scenario of its own."""
    assert figure.contradicts is not None
    other = figures.said.figures.get(figure.contradicts)
    if other is None:
        near = nearest(figure.contradicts, list(figures.said.figures))
        yield ["contradicts"], f"there is no figure {figure.contradicts}, did you mean {near}?"
        return
    if other.contradicts != name:
        yield ["contradicts"], f"{figure.contradicts} does not name it in return"
    own, others = run_in(figure), run_in(other)
    if own is None:
        yield ["where"], "has no scenario; a contradiction is run in both readings"
    elif own == others:
        yield ["where"], f"is run in {own}, as {figure.contradicts} is; each needs its own scenario"


def run_in(figure: PlanFigure) -> str | None:
    """The scenario whose workforce or replications a figure is compared with."""
    where = figure.where
    if where is None:
        return None
    place = where.simulated or where.opening
    return place.scenario if place is not None else None


OPERATIONS: dict[type[ast.operator], Any] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


def names_of(formula: str) -> list[str]:
    """The names in a formula; ValueError where it is more than arithmetic.

    >>> names_of("headcount * share_over_55 / 4")
    ['headcount', 'share_over_55']
    """
    return [node.id for node in ast.walk(_parsed(formula)) if isinstance(node, ast.Name)]


def evaluate(formula: str, numbers: dict[str, float]) -> float:
    """What a formula comes to.

    >>> evaluate("fte * (1 - reduction) ** 3", {"fte": 761.5, "reduction": 0.05})
    652.891...
    """

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return float(OPERATIONS[type(node.op)](value(node.left), value(node.right)))
        if isinstance(node, ast.UnaryOp):
            return -value(node.operand)
        if isinstance(node, ast.Name):
            return numbers[node.id]
        assert isinstance(node, ast.Constant)
        return float(node.value)  # type: ignore[arg-type]

    return value(_parsed(formula))


def _parsed(formula: str) -> ast.expr:
    wrong = f"{formula!r} is not arithmetic (+ - * / **) on names of figures and numbers"
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError):
        raise ValueError(wrong) from None
    for node in ast.walk(tree):
        allowed = (
            isinstance(node, ast.Name | ast.expr_context | ast.USub)
            or (isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS)
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub))
            or type(node) in OPERATIONS
            or (isinstance(node, ast.Constant) and type(node.value) in (int, float))
        )
        if not allowed:
            raise ValueError(wrong)
    return tree
