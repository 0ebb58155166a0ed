"""Comparison: two scenarios on the same luck, so that a difference is the plan's doing and not
chance's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfmodel.errors import InputError
from wfmodel.results import targets
from wfmodel.results.groups import ALL
from wfmodel.results.measures import measure
from wfmodel.results.run import Run
from wfmodel.results.summary import summarise

COLUMNS = [
    "measure",
    "title",
    "unit",
    "month",
    "base",
    "alternative",
    "difference",
    "p10",
    "p90",
    "se",
    "share_higher",
]


@dataclass(frozen=True)
class Comparison:
    """``alternative`` less ``base``, paired by replication."""

    alternative: Run
    base: Run

    @classmethod
    def of(cls, alternative: Run, base: Run) -> Comparison:
        """Pair two runs; InputError where they do not share their luck or their months."""
        place = f"comparing {alternative.scenario.name} with {base.scenario.name}"
        if alternative.seed != base.seed:
            raise InputError(
                place, f"seeds differ ({alternative.seed} and {base.seed}); run both with one seed"
            )
        if alternative.numbers != base.numbers:
            raise InputError(
                place,
                f"replications differ ({len(alternative.numbers)} and {len(base.numbers)}); run "
                f"both with the same",
            )
        if alternative.scenario.horizon != base.scenario.horizon:
            raise InputError(
                place, "horizons differ; only scenarios that start and end together can be compared"
            )
        return cls(alternative, base)

    def difference(self, name: str, dimension: str = "council", group: str = ALL) -> np.ndarray:
        """The difference of a measure in every replication, float64 [replications, months + 1]."""
        return self.alternative.series(name, dimension, group) - self.base.series(
            name, dimension, group
        )

    def measures(self) -> list[str]:
        """Measures of the whole council that both hold."""
        own = {key[0] for key in self.alternative.keys if key[1] == "council"}
        return [key[0] for key in self.base.keys if key[1] == "council" and key[0] in own]

    def at(self, month: int) -> pd.DataFrame:
        """Every measure of the whole council at one month end.

        Columns: measure, title, unit, month, the means in base and alternative, the mean
        difference with p10, p90 and its standard error, and the share of replications in which the
        alternative is higher.
        """
        months = self.base.scenario.horizon.months
        if not 0 <= month <= months:
            raise InputError(
                "comparison", f"month {month} is outside the run, allowed is 0 to {months}"
            )
        frame = self.table()
        return frame[frame["month"] == month].reset_index(drop=True)

    def table(self) -> pd.DataFrame:
        """Every measure of the whole council at every month end; columns as in `at`."""
        frames = []
        for name in self.measures():
            base, own = self.base.series(name), self.alternative.series(name)
            gap = own - base
            found = summarise(gap)
            known = np.isfinite(gap).sum(axis=0)
            higher = np.where(known > 0, (gap > 0).sum(axis=0) / np.maximum(known, 1), np.nan)
            asked = measure(name)
            frames.append(
                pd.DataFrame(
                    {
                        "measure": name,
                        "title": asked.title,
                        "unit": asked.unit,
                        "month": np.arange(gap.shape[1]),
                        "base": summarise(base)["mean"],
                        "alternative": summarise(own)["mean"],
                        "difference": found["mean"],
                        "p10": found["p10"],
                        "p90": found["p90"],
                        "se": found["se"],
                        "share_higher": higher,
                    },
                    columns=COLUMNS,
                )
            )
        return pd.concat(frames, ignore_index=True)

    @property
    def probabilities(self) -> pd.DataFrame:
        """Targets that both have: name, title, chance in each, the paired difference and its
        standard error.
        """
        rows = []
        for name, target in self.base.scenario.targets.items():
            if name not in self.alternative.scenario.targets:
                continue
            base, own = targets.outcome(self.base, name), targets.outcome(self.alternative, name)
            known = base.known & own.known
            gap = own.met[known].astype(np.float64) - base.met[known]
            error = gap.std(ddof=1) / np.sqrt(gap.size) if gap.size > 1 else np.nan
            chances = [
                targets.probability(int(x.met.sum()), int(x.known.sum()))[0] for x in (base, own)
            ]
            rows.append((name, target.title, *chances, gap.mean() if gap.size else np.nan, error))
        return pd.DataFrame(
            rows, columns=["name", "title", "base", "alternative", "difference", "se"]
        )

    def _repr_html_(self) -> str:
        frame = self.at(self.base.scenario.horizon.months).dropna(subset=["difference"])
        return frame.to_html(index=False, float_format=lambda x: f"{x:,.2f}", escape=True)
