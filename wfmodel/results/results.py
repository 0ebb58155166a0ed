"""Results: every measure of every scenario in every replication, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np
import pandas as pd

from wfmodel.errors import InputError
from wfmodel.results import sensitivity, targets
from wfmodel.results.comparison import Comparison
from wfmodel.results.groups import ALL
from wfmodel.results.measures import MEASURES, Key, measure, nearest
from wfmodel.results.run import Run
from wfmodel.results.summary import STATISTICS, summarise, totals_by_year
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

COSTS = (
    "pay_gbp", "on_costs_gbp", "agency_gbp", "policies_gbp", "staffing_cost_gbp",
    "recurring_cost_gbp", "recruitment_gbp", "redundancy_gbp", "pension_strain_gbp",
    "training_gbp", "protection_gbp",
    "change_gbp", "one_off_cost_gbp", "budget_gbp", "budget_variance_gbp",
)  # fmt: skip
RECURRING = frozenset(COSTS[:6])


class Results:
    """What scenarios came to; every scenario by its name.

    A measure is undefined (NaN) where it makes no sense: flows at month 0, turnover before month
    12.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = {run.scenario.name: run for run in runs}

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order in which they were run."""
        return list(self._runs)

    def run(self, scenario: str | None = None) -> Run:
        """One scenario's run; without a name that of the only one."""
        if scenario is None:
            if len(self._runs) != 1:
                raise InputError("results", f"name a scenario: {', '.join(self._runs)}")
            return next(iter(self._runs.values()))
        if scenario not in self._runs:
            raise InputError(
                "results",
                f"scenario {scenario!r} is not here; nearest is "
                f"{nearest(scenario, self.scenarios)}",
            )
        return self._runs[scenario]

    def scenario(self, name: str | None = None) -> Scenario:
        """The resolved scenario."""
        return self.run(name).scenario

    def inputs(self, name: str | None = None) -> Inputs:
        """What its simulation read."""
        return self.run(name).inputs

    def ledgers(self, name: str | None = None) -> list[Ledger]:
        """Its ledgers by replication, where they were kept."""
        return self.run(name).ledgers

    def groups_of(self, dimension: str, scenario: str | None = None) -> list[str]:
        """The groups kept of a dimension (of the first scenario, where none is named)."""
        run = self.run(scenario or self.scenarios[0])
        return list(dict.fromkeys(key[2] for key in run.keys if key[1] == dimension))

    def series(
        self,
        measure: str,
        scenario: str | None = None,
        dimension: str = "council",
        group: str = ALL,
    ) -> np.ndarray:
        """A measure in every replication, float64 [replications, months + 1]."""
        return self.run(scenario).series(measure, dimension, group)

    def summary(
        self,
        measure: str,
        scenario: str | None = None,
        dimension: str = "council",
        group: str = ALL,
    ) -> pd.DataFrame:
        """Mean, median, p10, p90 and the mean's standard error by month."""
        frame = summarise(self.series(measure, scenario, dimension, group))
        frame.insert(0, "month", np.arange(len(frame)))
        return frame

    @property
    def table(self) -> pd.DataFrame:
        """Everything, long and tidy: scenario, replication, measure, dimension, group, month,
        value.
        """
        frames = [long_table(run) for run in self._runs.values()]
        return pd.concat(frames, ignore_index=True)

    def targets(self, scenario: str | None = None) -> pd.DataFrame:
        """The targets with their probabilities; see `wfmodel.results.targets.table`."""
        return targets.table(self.run(scenario))

    def target_ranges(self, scenario: str | None = None) -> pd.DataFrame:
        """What low-confidence inputs do to each target's probability; see
        `sensitivity.target_ranges`.
        """
        return sensitivity.target_ranges(self.run(scenario))

    def together_ranges(self, scenario: str | None = None) -> pd.DataFrame:
        """The same of the chance that all targets are met in one future."""
        return sensitivity.together_ranges(self.run(scenario))

    def drivers(
        self,
        scenario: str | None,
        name: str,
        month: int | None = None,
        dimension: str = "council",
        group: str = ALL,
    ) -> pd.DataFrame:
        """Rank correlation of the unknown inputs with a measure, as a target reads it; see
        `sensitivity.drivers`.
        """
        run = self.run(scenario)
        at = run.scenario.horizon.months if month is None else month
        return sensitivity.drivers(
            run, targets.reading(run.series(name, dimension, group), measure(name), at)
        )

    def by_year(self, scenario: str | None = None) -> pd.DataFrame:
        """Costs by financial year, £: year, measure, title, kind, months in the run, and the
        statistics.
        """
        run, frames = self.run(scenario), []
        for name in COSTS:
            years, totals, months = totals_by_year(run.scenario, run.series(name))
            frame = summarise(totals)
            frame.insert(0, "months", months)
            kind = (
                "recurring" if name in RECURRING else ("budget" if "budget" in name else "one_off")
            )
            for column, text in (("kind", kind), ("title", measure(name).title), ("measure", name)):
                frame.insert(0, column, text)
            frame.insert(0, "year", years)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def compare(self, name: str, to: str) -> Comparison:
        """Scenario ``name`` less scenario ``to``, replication by replication on common luck.

        Raises InputError where the two do not share seed, replications and months.
        """
        return Comparison.of(self.run(name), self.run(to))

    def _repr_html_(self) -> str:
        parts = []
        for name, run in self._runs.items():
            months = run.scenario.horizon.months
            kept = {key[0] for key in run.keys}
            shown = {
                m: self.summary(m, name).iloc[months]
                for m in ("headcount", "fte", "vacancy_fte")
                if m in kept
            }
            rows = "".join(
                f"<tr><th>{escape(MEASURES[m].title)}</th>"
                + "".join(f"<td>{row[s]:,.1f}</td>" for s in STATISTICS)
                + "</tr>"
                for m, row in shown.items()
            )
            chances = "".join(
                f"<li>{escape(row['title'])}: {row['probability']:.0%} (± {row['se']:.1%})</li>"
                for row in self.targets(name).to_dict("records")
            )
            head = "".join(f"<th>{s}</th>" for s in STATISTICS)
            parts.append(
                f"<h4>{escape(run.scenario.title)}</h4>"
                f"<p>{len(run.numbers)} replications, seed {run.seed}, month {months}</p>"
                f"<table><tr><th></th>{head}</tr>{rows}</table><ul>{chances}</ul>"
            )
        return "".join(parts)


def long_table(run: Run, keys: list[Key] | None = None) -> pd.DataFrame:
    """A run's values, long and tidy: measure by measure, then by replication and month."""
    labels, numbers = long_columns(run, list(run.keys) if keys is None else keys)
    named = {
        name: pd.Categorical.from_codes(codes, categories=pd.Index(said))
        for name, (codes, said) in labels.items()
    }
    return pd.DataFrame({**named, **numbers})[list(LONG)]


LONG = ("scenario", "replication", "measure", "dimension", "group", "month", "value")
"""The columns of a long table."""


def long_columns(
    run: Run, keys: list[Key]
) -> tuple[dict[str, tuple[np.ndarray, list[str]]], dict[str, np.ndarray]]:
    """The columns of a run's long table: those of names as codes with what they stand for, and
    those of numbers.
    """
    places = [run.keys.index(key) for key in keys]
    replications, months = len(run.numbers), run.values.shape[2]
    each = replications * months

    def repeated(column: int) -> tuple[np.ndarray, list[str]]:
        said = list(dict.fromkeys(key[column] for key in keys))
        codes = np.array([said.index(key[column]) for key in keys], dtype=np.int16)
        return np.repeat(codes, each), said

    by_key = run.values[:, places].transpose(1, 0, 2)
    labels = {
        "scenario": (np.zeros(by_key.size, np.int8), [run.scenario.name]),
        "measure": repeated(0),
        "dimension": repeated(1),
        "group": repeated(2),
    }
    numbers: dict[str, np.ndarray] = {
        "replication": np.tile(
            np.repeat(np.arange(replications, dtype=np.int32), months), len(keys)
        ),
        "month": np.tile(np.arange(months, dtype=np.int16), len(keys) * replications),
        "value": by_key.ravel(),
    }
    return labels, numbers
