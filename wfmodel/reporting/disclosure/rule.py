"""Rule: from which number of people on a count is published, and how a hidden one is written."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np

from wfmodel.reporting import words
from wfmodel.scenario.schema import Scenario

PUBLISHED = "WFMODEL_PUBLISHED"
"""The variable that is set wherever a notebook is run for its page to be published."""
HELD = "not shown"
"""A count that is not small itself, but from which a small one could be worked out."""


@dataclass(frozen=True)
class Rule:
    """Counts of people under ``threshold`` are hidden, those under ``sensitive`` where they are by
    characteristic; counts of groups are rounded to a multiple of ``rounding``. With a threshold of
    0 nothing is hidden and nothing is rounded.
    """

    threshold: int
    sensitive: int
    rounding: int

    @property
    def hides(self) -> bool:
        """Whether anything is hidden at all."""
        return self.threshold > 0

    @property
    def strict(self) -> Rule:
        """The same for counts by characteristic."""
        return replace(self, threshold=self.sensitive)

    @property
    def hidden(self) -> str:
        """How a small count is written."""
        return f"fewer than {self.threshold}"

    @property
    def note(self) -> str:
        """What stands under a table of counts of groups; nothing where nothing is hidden."""
        if not self.hides:
            return ""
        shown = f" Others are rounded to the nearest {self.rounding}." if self.rounding > 1 else ""
        return (
            f"Counts under {self.threshold} are hidden; “{HELD}” stands where a hidden one could "
            f"be worked out.{shown}"
        )

    def small(self, value: float) -> bool:
        """Whether a count of people is of somebody, but of too few to be shown."""
        return bool(0 < value < self.threshold)

    def people(self, value: float) -> str:
        """A mean number of people as it is published; nobody is said to be nobody.

        >>> Rule(5, 10, 5).people(2.6), Rule(5, 10, 5).people(7.3), EVERYTHING.people(2.6)
        ('fewer than 5', '7', '2.6')
        """
        if self.small(value):
            return self.hidden
        return words.number(value) if self.hides else words.people(value)

    def rounded(self, value: float) -> float:
        """A count of a group as it is published where it is shown.

        >>> Rule(5, 10, 5).rounded(12.4), Rule(5, 10, 5).rounded(12.6), EVERYTHING.rounded(12.4)
        (10.0, 15.0, 12.4)
        """
        if not self.hides or not np.isfinite(value):
            return value
        return float(np.floor(value / self.rounding + 0.5) * self.rounding)

    def known(self, value: float) -> float:
        """A mean number of people to calculate with; undefined where it is hidden."""
        return float("nan") if self.small(value) else value


EVERYTHING = Rule(0, 0, 1)
"""The rule of an analyst's own notebook."""


def publishing() -> bool:
    """Whether what is made here is made to be published."""
    return os.environ.get(PUBLISHED) == "1"


def rule_of(scenario: Scenario, published: bool | None = None) -> Rule:
    """The rule of a scenario, where what is made here is ``published``; else `EVERYTHING`."""
    if not (publishing() if published is None else published):
        return EVERYTHING
    given = scenario.run.disclosure
    return Rule(given.threshold, given.sensitive, given.rounding)
