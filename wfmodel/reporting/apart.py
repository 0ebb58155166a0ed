"""Apart: how much of the spread of futures is chance, the labour market, or what nobody knows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.facts import FUTURES, Facts
from wfmodel.reporting.tables import Table
from wfmodel.results.results import Results
from wfmodel.results.run import Number

MOST = 200
"""Futures that are run again twice, at most: then a part is known to within 7 points."""
READ = {
    "fte": "FTE employed at the end",
    "recurring_cost_gbp": "Recurring cost over the whole run",
}
SAID = ("what nobody knows", "the labour market", "chance, and of how these act together")
PARTS = ("What nobody knows", "The labour market", "Chance, and how these act together")


def parts(own: np.ndarray, unknown: np.ndarray, market: np.ndarray) -> tuple[float, float, float]:
    """Shares of the variance of a result that come of the unknowns, of the market, and of the rest.

    All float64 [replications]: ``unknown`` has the unknowns of ``own`` and nothing else of it,
    ``market`` its labour market. What two results share that have one thing in common is what
    that thing does (Sobol's first-order index, by the correlation of the pairs); accidents below 0
    are 0, and together they are at most 1.

    >>> parts(np.arange(9.0), np.arange(9.0), np.zeros(9))
    (1.0, 0.0, 0.0)
    """
    first, second = (max(_correlation(own, other), 0.0) for other in (unknown, market))
    scale = max(first + second, 1.0)
    return first / scale, second / scale, 1.0 - (first + second) / scale


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if not np.ptp(one) or not np.ptp(other):
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def apart(facts: Facts, jobs: int = 1) -> Block:
    """What the spread of the results comes of, found by running futures again with one thing kept
    and all else drawn anew. Too few futures tell nothing of it.
    """
    run = facts.results.run(facts.name)
    count = min(len(run.numbers), MOST)
    if len(run.numbers) < FUTURES:
        return paragraph(
            f"What the spread comes of is told from {FUTURES} futures on; here are "
            f"{len(run.numbers)}."
        )
    if any(isinstance(number, tuple) for number in run.numbers[:count]):
        return paragraph("These futures are not numbered one by one, so they can't be told apart.")
    again = _again(facts, [int(n) for n in run.numbers[:count]], jobs)  # type: ignore[arg-type]
    rows, told = [], []
    for measure, title in READ.items():
        own = _read(facts.results, facts.name, measure)[:count]
        unknown, market = np.split(_read(again, facts.name, measure), 2)
        shares = parts(own, unknown, market)
        rows.append((title, *shares))
        each = zip(SAID, shares, strict=True)
        said = [f"{words.percent(share)} comes of {part}" for part, share in each]
        told.append(f"Of the spread of {words.small(title)}, {words.joined(said)}.")
    frame = pd.DataFrame(rows, columns=["Result", *PARTS])
    error = words.number(100 / np.sqrt(count))
    table = Table(
        frame,
        "What the spread of the futures comes of, as shares of the variance",
        dict.fromkeys(PARTS, words.percent),
        note=(
            f"Standard error {error} points. What nobody knows can be found out, chance can't: "
            "the first is narrowed by better data, the second only by a plan that bears it."
        ),
    )
    return stack(paragraph(" ".join(told)), table)


def _again(facts: Facts, numbers: list[int], jobs: int) -> Results:
    """The same futures with only the unknowns kept, then with only the market kept."""
    beyond = max(numbers) + 1
    unknown: list[Number] = [(n, n + beyond, n + beyond) for n in numbers]
    market: list[Number] = [(n + beyond, n, n + 2 * beyond) for n in numbers]
    seed = facts.results.run(facts.name).seed
    return experiment.run(
        facts.scenario, [*unknown, *market], seed=seed, jobs=jobs, measures=list(READ)
    )


def _read(results: Results, name: str, measure: str) -> np.ndarray:
    """A result by replication: a stock at the end, a flow over the whole run."""
    paths = results.series(measure, name)
    return paths[:, -1] if measure == "fte" else np.nansum(paths, axis=1)
