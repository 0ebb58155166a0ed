"""Outline: what a page that compares scenarios says about one of them, small enough to store."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wfmodel.errors import InputError
from wfmodel.reporting import answer, differing, settings, words
from wfmodel.reporting.facts import Facts, middle
from wfmodel.reporting.family import above

FILE = "outline.json"


@dataclass(frozen=True)
class Outline:
    """One scenario in a comparison.

    ``fte`` is (median, low, high) at the end; ``parent`` the scenario that it extends, where both
    start and end together; ``targets`` hold name, title, probability and the chance as ``text``;
    ``figures`` are titles with written values, ``numbers`` means by which scenarios can be ordered;
    ``differences`` are from the base on the same luck, written, and ``settings`` what differs from
    it.
    """

    name: str
    title: str
    description: str
    status: str
    closing_day: str
    year: str
    opening_fte: float
    fte: tuple[float, float, float]
    goal_fte: float | None
    together: float
    parent: str
    numbers: dict[str, float]
    targets: list[dict[str, Any]]
    figures: dict[str, str]
    headline: str
    differences: dict[str, str]
    settings: settings.Settings

    @classmethod
    def of(cls, facts: Facts) -> Outline:
        """The outline of a scenario that has been run."""
        scenario = facts.scenario
        return cls(
            name=facts.name,
            title=scenario.title,
            description=scenario.description,
            status=scenario.status,
            closing_day=facts.closing_day,
            year=words.year_name(facts.last_year),
            opening_fte=middle(facts.paths("fte")[:, 0])[0],
            fte=middle(facts.at_end("fte")),
            goal_fte=facts.goals("fte").get(facts.months),
            together=facts.together,
            parent=parent.name if (parent := above(scenario)) else "",
            numbers=_numbers(facts),
            targets=[_target(row, facts) for row in facts.rows],
            figures=_figures(facts),
            headline=answer.headline(facts)[0],
            differences=differing.brief(facts),
            settings=settings.of(facts),
        )

    @property
    def met(self) -> int:
        """Targets met in at least half of the futures."""
        return sum(target["probability"] >= 0.5 for target in self.targets)

    def write(self, folder: Path) -> None:
        """Store it beside the results."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Outline:
        """The outline in a run's folder; raises `InputError` where there is none."""
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(**{**stored, "fte": tuple(stored["fte"])})
        except (OSError, ValueError, TypeError, KeyError):
            raise InputError(
                str(folder / FILE), "can't be read; run the scenario's report again"
            ) from None


def _target(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    return {
        "name": row["name"],
        "unit": row["unit"],
        "title": row["title"],
        "probability": float(row["probability"]),
        "text": facts.brief(row),
    }


def _numbers(facts: Facts) -> dict[str, float]:
    cost = facts.by_year("recurring_cost_gbp")[facts.last_year]
    _, low, high = middle(cost)
    return {
        "fte": float(facts.at_end("fte").mean()),
        "cost": float(cost.mean()),
        "cost_low": low,
        "cost_high": high,
        "redundancies": facts.rule.known(float(facts.total("redundancies_compulsory").mean())),
        "vacancy": float(np.nanmean(facts.at_end("vacancy_rate"))),
    }


def _figures(facts: Facts) -> dict[str, str]:
    year = words.year_name(facts.last_year)
    return {
        "FTE at the end": _range(facts.at_end("fte")),
        f"Recurring cost {year}": _cost(facts, "recurring_cost_gbp"),
        "One-off cost": words.pounds(float(facts.total("one_off_cost_gbp").mean())),
        "Compulsory redundancies": _people(facts, "redundancies_compulsory"),
        "Voluntary exits": _people(facts, "voluntary_exits"),
        f"Agency cost {year}": _cost(facts, "agency_gbp"),
        "Vacancy rate at the end": words.percent(
            float(np.nanmean(facts.at_end("vacancy_rate"))), 1
        ),
    }


def _cost(facts: Facts, measure: str) -> str:
    return words.pounds(float(facts.by_year(measure)[facts.last_year].mean()))


def _people(facts: Facts, measure: str) -> str:
    return facts.rule.people(float(facts.total(measure).mean()))


def _range(values: np.ndarray) -> str:
    median, low, high = (words.number(value) for value in middle(values))
    return f"{median} ({low}–{high})"
