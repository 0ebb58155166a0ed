"""The fold: one ledger in, what all measures are computed from out, by group and month.

Stocks are read at month ends (0 is the start), flows between them. Everything but capacity is a
whole number until the measures divide: heads, hundredths of FTE, pence, seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfmodel.jit import rule
from wfmodel.results import capacity, costs, counts, gaps, training
from wfmodel.results.accrual import Accrual
from wfmodel.results.groups import (
    AGE_BANDS,
    AGE_EDGES,
    FUNDING,
    PEOPLE_DIMENSIONS,
    PIPELINE,
    Groups,
)  # fmt: skip
from wfmodel.results.replication import Replication
from wfmodel.results.spells import Spells, take
from wfmodel.results.state import IN_POOL, IN_TRAINING, REASONS
from wfmodel.results.state import STOCKS as POST_STOCKS
from wfmodel.results.stocks import STOCKS, people_stocks
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

AGENCY_STOCKS = tuple(f"agency_{reason}_fte" for reason in REASONS)


@dataclass(frozen=True)
class Statistics:
    """What measures are computed from.

    ``values`` by name: [groups, months + 1] (a group for which a statistic does not exist holds 0;
    the measures know which do). ``central``: [months + 1], what belongs to no service. ``gaps``:
    [months + 1]. ``starts`` are the first seconds of the months.
    """

    groups: Groups
    starts: np.ndarray
    values: dict[str, np.ndarray]
    central: dict[str, np.ndarray]
    gaps: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]


def fold(inputs: Inputs, vector: np.ndarray, ledger: Ledger) -> Statistics:
    """Fold one replication's ledger; ``vector`` holds its drawn numbers."""
    one = Replication.of(inputs, vector, ledger)
    groups = Groups.of(inputs)
    by_cell = _cell_statistics(one)
    values = _gathered(inputs, one.spells, groups, by_cell)
    for dimension in (*PEOPLE_DIMENSIONS, FUNDING):
        places = groups.of_dimension(dimension)
        if places:
            _put(values, places, _people_statistics(one, dimension, len(places)))
    trained = training.statistics(one, by_cell)
    values.update(_with_council(groups, trained.pipelines))
    values.update(capacity.demand(one, groups, by_cell["capacity"]))
    return Statistics(
        groups=groups,
        starts=inputs.calendar.month_starts,
        values=values,
        central={**costs.central(one), **trained.central},
        gaps=gaps.statistics(one),
    )


def _with_council(groups: Groups, pipelines: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Statistics by pipeline as `pipeline_<name>`, their sum standing for the council."""
    places = groups.of_dimension(PIPELINE)
    values = {}
    for name, by_pipeline in pipelines.items():
        out = np.zeros((len(groups.keys), by_pipeline.shape[1]))
        out[places] = by_pipeline
        out[0] = by_pipeline.sum(axis=0)
        values[f"pipeline_{name}"] = out
    return values


def _cell_statistics(one: Replication) -> dict[str, np.ndarray]:
    """Every statistic by compact cell, [cells, months]."""
    spells = one.spells
    table, size = spells.table, spells.cells.size
    found = _people(
        one, size, table["cell"], spells.opens, spells.closes, spells.came_from, spells.went_to
    )
    posts = np.cumsum(spells.stocks, axis=2)[:, :, : one.months]
    found.update(zip((*POST_STOCKS, *AGENCY_STOCKS), posts, strict=True))
    found.update(_accruals(one, size, table["cell"]))
    found.update(_managers(one, found))
    found.update(costs.by_cell(one, found))
    found.update(capacity.by_cell(one, found))
    return found


def _managers(one: Replication, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Heads and posts of managers, and heads in the roles that feed theirs."""
    roles = [one.inputs.scenario.roles[name] for name in one.inputs.roles]
    role = one.spells.cells % len(roles)
    manages = np.array([bool(r.manager) for r in roles])[role]
    feeding = {name for r in roles if r.manager for name in r.feeds_from or []}
    feeds = np.array([name in feeding for name in one.inputs.roles])[role]
    return {
        "managers": found["heads"] * manages[:, None],
        "manager_posts": found["posts"] * manages[:, None],
        "feeders": found["heads"] * feeds[:, None],
    }


def _people(
    one: Replication,
    size: int,
    group: np.ndarray,
    opens: np.ndarray,
    closes: np.ndarray,
    origin: np.ndarray,
    goal: np.ndarray,
) -> dict[str, np.ndarray]:
    names = (*STOCKS, *counts.FLOWS[1:], *counts.EXTRAS)
    found = (
        *people_stocks(one, size, group, opens, closes),
        *counts.people_flows(one, size, origin, goal),
    )
    return dict(zip(names, found, strict=True))


def _accruals(one: Replication, size: int, group: np.ndarray) -> dict[str, np.ndarray]:
    """Time and pay, each as `whole` and `rest` of rate × seconds; ``group`` by spell."""
    table, paid, starts = one.spells.table, one.payroll, one.inputs.calendar.month_starts
    place = table["place"][paid.spell]
    waiting = (place == IN_POOL) | (place == IN_TRAINING)
    at = group[paid.spell]
    stretches = {
        "pay_post": (paid.annual * ~waiting, paid.last),
        "pay_pool": (paid.annual * (place == IN_POOL), paid.last),
        "pay_training": (paid.annual * (place == IN_TRAINING), paid.last),
        "pay_pensionable": (paid.annual * paid.pensionable, paid.last),
        "insurance": (paid.insurance, paid.last),
        "protection": (paid.protection, np.minimum(paid.last, paid.protected)),
    }
    found = {}
    for name, (rate, last) in stretches.items():
        found.update(_named(name, Accrual.of(size, starts, at, paid.first, last, rate)))
    for name, rate in (("head_seconds", one.weights.head), ("fte_seconds", one.weights.fte)):
        found.update(
            _named(name, Accrual.of(size, starts, group, table["start"], table["end"], rate))
        )
    return found


def _named(name: str, accrual: Accrual) -> dict[str, np.ndarray]:
    return {f"{name}_whole": accrual.whole, f"{name}_rest": accrual.rest}


@rule
def _add_up(out, given, group, cell):  # type: ignore[no-untyped-def]
    """Add the rows of ``given`` [cells, months] to those of ``out`` [groups, months], pair by
    pair.
    """
    for n in range(group.size):
        for month in range(out.shape[1]):
            out[group[n], month] += given[cell[n], month]


def _gathered(
    inputs: Inputs, spells: Spells, groups: Groups, by_cell: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Cells added up into groups, [groups, months]; whole numbers stay whole."""
    place = np.full(inputs.cells, -1, dtype=np.int64)
    place[spells.cells] = np.arange(spells.cells.size)
    rows = [place[m] if m is not None else np.zeros(0, dtype=np.int64) for m in groups.members]
    cell = np.concatenate(rows)
    group = np.repeat(np.arange(len(rows)), [row.size for row in rows])
    group, cell = group[cell >= 0], cell[cell >= 0]
    values = {}
    for name, given in by_cell.items():
        out = np.zeros((len(rows), given.shape[1]), dtype=given.dtype)
        _add_up(out, np.ascontiguousarray(given), group, cell)
        values[name] = out
    return values


def _put(values: dict[str, np.ndarray], places: list[int], found: dict[str, np.ndarray]) -> None:
    for name, by_group in found.items():
        if name in values:
            values[name][places] = by_group


def _people_statistics(one: Replication, dimension: str, size: int) -> dict[str, np.ndarray]:
    """Statistics by a dimension of people, or of the posts' funding."""
    if dimension == "age_band":
        return _by_age(one, size)
    table = one.spells.table
    if dimension == FUNDING:
        group = _fundings(one)
    else:
        code = one.ledger.people[dimension].astype(np.int64)
        code = np.where(code < 0, size - 1, code)  # the last group did not state it
        group = code[table["person"]]
    origin, goal = take(group, one.spells.closed), take(group, one.spells.opened)
    found = _people(one, size, group, one.spells.opens, one.spells.closes, origin, goal)
    found.update(_accruals(one, size, group))
    found.update(costs.employment(one, found))
    return found


def _fundings(one: Replication) -> np.ndarray:
    """What pays for each spell: its post's funding, or that of the post held before; else the
    first.
    """
    table, posts = one.spells.table, one.ledger.posts
    funding = np.zeros(table.size, dtype=np.int64)
    in_post = table["post"] >= 0
    funding[in_post] = posts["funding"][table["post"][in_post]]
    for spell in np.flatnonzero(~in_post & (table["previous"] >= 0)):  # in order, so chains resolve
        funding[spell] = funding[table["previous"][spell]]
    return funding


def _by_age(one: Replication, size: int) -> dict[str, np.ndarray]:
    """Heads and FTE by age band: a spell counts in the band that its holder is in at each month
    end.
    """
    table, reaches = one.spells.table, one.weights.reaches
    edges = [np.zeros(table.size, dtype=np.int64), *(reaches[age] for age in AGE_EDGES)]
    ends = [*edges[1:], np.full(table.size, one.months + 1, dtype=np.int64)]
    opens, closes = one.spells.opens, one.spells.closes
    everybody = np.zeros(table.size, dtype=np.int64)
    by_band = [
        people_stocks(one, 1, everybody, np.maximum(opens, first), np.minimum(closes, last))
        for first, last in zip(edges, ends, strict=True)
    ]
    assert len(by_band) == size == len(AGE_BANDS)
    return dict(zip(STOCKS, np.concatenate(by_band, axis=1), strict=True))
