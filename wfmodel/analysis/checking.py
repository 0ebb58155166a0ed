"""A plan's figures put to the model: each is found where it is stated, or computed and compared."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.analysis import people
from wfmodel.analysis.figures import (
    Figures,
    PlanFigure,
    Reading,
    Simulated,
    Stated,
    Where,
    evaluate,
    names_of,
    read_figures,
)
from wfmodel.errors import InputError
from wfmodel.results.measures import FLOW, measure
from wfmodel.results.results import Results, Run
from wfmodel.results.targets import reading
from wfmodel.scenario.document import Node
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Dimension, Scenario
from wfmodel.workforce import Workforce, load_workforce
from wfmodel.workforce.margins import SynthesisFile
from wfmodel.workforce.yamlfile import YamlFile

COLUMNS = ["figure", "use", "place", "published", "computed", "low", "high", "holds", "said"]
CLOSE = 1e-9


@dataclass(frozen=True)
class Finding:
    """One figure at one place: what is published, what is there, and whether that agrees."""

    figure: str
    use: str
    place: str
    published: Any
    computed: Any
    holds: bool
    said: str
    low: float = math.nan
    high: float = math.nan


def check_figures(
    path: Path | str,
    replications: int = 20,
    jobs: int = 1,
    simulation: str = "compiled",
    results: Results | None = None,
) -> pd.DataFrame:
    """Every figure of a plan against the pack, a row a place; see `COLUMNS`.

    ``said`` is a sentence with both numbers. Scenarios that ``results`` hold are not run again.
    Raises InputError where the file or a scenario is wrong.
    """
    figures = read_figures(path)
    pack = _Pack(figures, replications, jobs, simulation, results)
    found = [one for name, figure in figures for one in _of(pack, name, figure)]
    return pd.DataFrame([vars(one) for one in found], columns=COLUMNS)


class _Pack:
    """What a council's figures are checked against, each loaded or run once."""

    def __init__(
        self,
        figures: Figures,
        replications: int,
        jobs: int,
        simulation: str,
        results: Results | None,
    ) -> None:
        self.figures = figures
        self.replications, self.jobs, self.simulation = replications, jobs, simulation
        self.given = results
        self._openings: dict[str, tuple[Workforce, pd.DataFrame]] = {}
        self._files: dict[Path, YamlFile] = {}

    def file(self, path: Path) -> YamlFile:
        if path not in self._files:
            self._files[path] = YamlFile(path)
        return self._files[path]

    def scenario(self, name: str) -> Scenario:
        return load_scenario(self.figures.scenario(name))

    def _kept_by(self, name: str, dimensions: set[str]) -> Scenario:
        """A scenario that keeps what is asked for and no more: the rest takes most of the time."""
        detail = sorted(({"council"} | dimensions) & set(get_args(Dimension)))
        return load_scenario(self.figures.scenario(name), {"run.detail": detail})

    def opening(self, name: str) -> tuple[Workforce, pd.DataFrame]:
        if name not in self._openings:
            scenario = self.scenario(name)
            workforce = load_workforce(scenario)
            self._openings[name] = workforce, people.table(scenario, workforce)
        return self._openings[name]

    @cached_property
    def results(self) -> Results:
        places = [f.where.simulated for _, f in self.figures if f.where is not None]
        wanted: dict[str, set[str]] = {}
        for asked in places:
            if asked is not None:
                wanted.setdefault(asked.scenario, set()).add(asked.dimension)
        given = [] if self.given is None else [self.given.run(n) for n in self.given.scenarios]
        missing = wanted.keys() - {run.scenario.name for run in given}
        if not missing:
            return Results(given)
        ran = experiment.run(
            [self._kept_by(name, wanted[name]) for name in sorted(missing)],
            self.replications,
            jobs=self.jobs,
            simulation=self.simulation,
        )
        return Results([*given, *(ran.run(name) for name in ran.scenarios)])


def _of(pack: _Pack, name: str, figure: PlanFigure) -> Iterator[Finding]:
    where = figure.where
    if where is None:
        said = f"{name}: outside the model, {figure.why}"
        yield Finding(name, figure.use, "", figure.value, None, True, said)
        return
    if where.stated is not None:
        yield _stated(pack, name, figure, where.stated)
    if where.opening is not None:
        workforce, table = pack.opening(where.opening.scenario)
        value, one = people.counted(where.opening, table, workforce)
        place = f"opening workforce of {where.opening.scenario}"
        yield _compared(name, figure, where, place, value, one)
    if where.simulated is not None:
        yield _measured(pack, name, figure, where, where.simulated)
    if where.formula is not None:
        numbers = {other: _number(pack, other) for other in names_of(where.formula)}
        try:
            value = evaluate(where.formula, numbers)
        except ArithmeticError:
            value = math.nan
        yield _compared(name, figure, where, where.formula, value, 0.0)


def _number(pack: _Pack, name: str) -> float:
    value = pack.figures.said.figures[name].value
    assert isinstance(value, float)
    return value


# --- what is stated


def _stated(pack: _Pack, name: str, figure: PlanFigure, stated: Stated) -> Finding:
    path = pack.figures.stated_in(stated)
    place = f"{path}: {stated.path}"
    if stated.demanded:
        told = _complaint(path, stated)
        said = f"{name}: {told}" if told else f"{name}: {place} is not asked for"
        return Finding(name, figure.use, place, None, told, bool(told), said)
    node = _found(pack.file(path).root, stated.path)
    if node is None:
        return Finding(name, figure.use, place, figure.value, None, False, f"{place} is missing")
    place = f"{node.file}:{node.line}: {stated.path}"
    if figure.value is None:
        fault = _unsourced(node, stated)
        said = f"{name}: {place} {fault or 'stands for it'}"
        return Finding(name, figure.use, place, None, None, not fault, said)
    value = _value(node)
    holds = _same(figure.value, value)
    said = f"{name}: {place} is {_shown(value)}, published is {_shown(figure.value)}"
    return Finding(name, figure.use, place, figure.value, value, holds, said)


def _found(root: Node, path: str) -> Node | None:
    node = root
    for step in path.split("."):
        if isinstance(node.value, list) and step.isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
            continue
        inner = node.value if isinstance(node.value, dict) else {}
        key = next((key for key in inner if str(key) == step), None)
        if key is None or inner[key].value is None:
            return None
        node = inner[key]
    return node


def _value(node: Node) -> Any:
    """What a node holds: a quantity's value, two numbers, or a single value."""
    if isinstance(node.value, dict):
        for key in ("value", "interval"):
            if key in node.value:
                return _value(node.value[key])
        return None
    if isinstance(node.value, list):
        return tuple(item.value for item in node.value)
    return node.value


def _same(published: Any, value: Any) -> bool:
    if isinstance(published, tuple):
        return isinstance(value, tuple) and all(map(_same, published, value))
    if isinstance(published, float):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isclose(published, value, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(published == value)


def _unsourced(node: Node, stated: Stated) -> str:
    """What the number or lever in place of a figure lacks, or nothing."""
    held = node.value if isinstance(node.value, dict) else {}
    source = held["source"].value if "source" in held else ""
    sure = held["confidence"].value if "confidence" in held else ""
    if stated.filled_from is not None:
        if stated.filled_from not in str(source) or sure not in ("high", "medium"):
            return f"is not filled from {stated.filled_from} with high or medium confidence"
    elif {"value", "interval", "unknown", "varies"} & held.keys() and not (source and sure):
        return "has no source or no confidence"
    return ""


def _complaint(path: Path, stated: Stated) -> str:
    """What loading a file says of a place left empty; nothing where it does not ask for it."""
    try:
        if stated.scenario is not None:
            load_scenario(path)
        else:
            YamlFile(path, SynthesisFile).parse(SynthesisFile)
    except InputError as error:
        for problem in error.problems:
            if problem.place.startswith(f"{path}:") and problem.place.endswith(f": {stated.path}"):
                return str(problem)
    return ""


# --- what is computed


def _measured(
    pack: _Pack, name: str, figure: PlanFigure, where: Where, asked: Simulated
) -> Finding:
    run = pack.results.run(asked.scenario)
    values = readings(run, asked)
    values = values[np.isfinite(values)]
    place = f"{asked.measure} of {asked.scenario}"
    if not values.size:
        said = f"{name}: {place} is undefined then"
        return Finding(name, figure.use, place, figure.value, None, False, said)
    low, high = (float(x) for x in np.quantile(values, (0.1, 0.9)))
    one = 1.0 if measure(asked.measure).unit == "heads" else 0.0
    by_name = {"mean": values.mean(), "median": np.median(values), "p10": low, "p90": high}
    return _compared(name, figure, where, place, float(by_name[asked.statistic]), one, low, high)


def readings(run: Run, asked: Reading) -> np.ndarray:
    """What each replication says, float64 [replications]."""
    groups = [asked.group] if isinstance(asked.group, str) else asked.group
    series = np.sum([run.series(asked.measure, asked.dimension, one) for one in groups], axis=0)
    month = run.scenario.horizon.months if asked.month is None else asked.month
    known = measure(asked.measure)
    if asked.since is None:
        return reading(series, known, month)
    if known.kind == FLOW:
        return series[:, asked.since + 1 : month + 1].sum(axis=1)
    return series[:, month] - series[:, asked.since]


def _compared(
    name: str,
    figure: PlanFigure,
    where: Where,
    place: str,
    value: float,
    one_person: float,
    low: float = math.nan,
    high: float = math.nan,
) -> Finding:
    published = figure.value
    slack = where.tolerance
    if slack is None:
        slack = max(one_person, rounding(published))
    slack += CLOSE * max(1.0, abs(value) if math.isfinite(value) else 1.0)
    comparison = where.comparison
    if comparison == "in_range" and math.isnan(low):  # a formula or an opening beside a simulation
        comparison = "equal"
    if comparison == "between":
        assert where.between is not None
        least, most = where.between
        allowed = f"between {_shown(least)} and {_shown(most)}"
        holds = least <= value <= most
    elif comparison == "in_range":
        assert isinstance(published, float)
        allowed = f"{_shown(published)} within {_shown(low)} to {_shown(high)}"
        holds = low - slack <= published <= high + slack
    elif isinstance(published, tuple):
        allowed = f"{_shown(published[0])} to {_shown(published[1])}"
        holds = published[0] - slack <= value <= published[1] + slack
    else:
        assert isinstance(published, float)
        allowed = f"{comparison.replace('_', ' ')} {_shown(published)}"
        holds = {
            "equal": abs(value - published) <= slack,
            "at_most": value <= published + slack,
            "at_least": value >= published - slack,
        }[comparison]
    said = f"{name}: {place} is {_shown(value)}; needed is {allowed}"
    return Finding(name, figure.use, place, published, value, bool(holds), said, low, high)


def rounding(published: Any) -> float:
    """Half a unit of the last digit given.

    >>> rounding(761.5), rounding(3666.0), rounding(0.4444), rounding("text")
    (0.05, 0.5, 5e-05, 0.0)
    """
    numbers = published if isinstance(published, tuple) else (published,)
    widest = 0.0
    for number in numbers:
        if isinstance(number, float):
            digits = f"{number:.10f}".rstrip("0").partition(".")[2]
            widest = max(widest, 0.5 * 10.0 ** -len(digits))
    return widest


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " to ".join(map(_shown, value))
    if isinstance(value, dt.date) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
