"""Formulas: how measures are worked out from statistics, written as sums and worked out at once.

A formula is made by writing it: `terms["fte"] / 100` works nothing out but notes what is to be
done, for every group and month of a replication, so that a thousand measures cost little more than
their numbers.

>>> share = Terms()["female"] / Terms()["sex_stated"]
>>> share
(female / sex_stated)
>>> sorted(share.names)
['female', 'sex_stated']
"""

from __future__ import annotations

from dataclasses import dataclass

(
    READ,
    ADD,
    SUBTRACT,
    DIVIDE,
    DIVIDE_BY,
    ABOVE_0,
    ROLLING,
    MEAN_OF_YEAR,
    CUMULATIVE,
    YEAR_BEFORE,
) = range(10)
"""What is to be done: read a statistic; calculate month by month, with another formula or a number;
see the functions."""
_SIGNS = {ADD: "+", SUBTRACT: "-", DIVIDE: "/"}
_NAMES = {
    ROLLING: "rolling",
    MEAN_OF_YEAR: "mean_of_year",
    CUMULATIVE: "cumulative",
    YEAR_BEFORE: "year_before",
    ABOVE_0: "above_0",
}


@dataclass(frozen=True, repr=False)
class Formula:
    """One thing to be done, with what it is done to."""

    does: int
    parts: tuple[Formula, ...] = ()
    name: str = ""
    number: float = 0.0

    def __add__(self, other: Formula) -> Formula:
        return Formula(ADD, (self, other))

    def __sub__(self, other: Formula) -> Formula:
        return Formula(SUBTRACT, (self, other))

    def __truediv__(self, other: Formula | float) -> Formula:
        """Undefined where the other is 0."""
        if isinstance(other, Formula):
            return Formula(DIVIDE, (self, other))
        return Formula(DIVIDE_BY, (self,), number=float(other))

    @property
    def names(self) -> set[str]:
        """The statistics that it reads."""
        return {self.name} if self.does == READ else set().union(*(p.names for p in self.parts))

    def __repr__(self) -> str:
        if self.does == READ:
            return self.name
        if self.does == DIVIDE_BY:
            return f"({self.parts[0]} / {self.number:g})"
        if self.does in _SIGNS:
            return f"({self.parts[0]} {_SIGNS[self.does]} {self.parts[1]})"
        return f"{_NAMES[self.does]}({self.parts[0]})"


class Terms:
    """What formulas are made of: statistics by name."""

    def __getitem__(self, name: str) -> Formula:
        return Formula(READ, name=name)


def rolling(flow: Formula) -> Formula:
    """Totals of the last 12 months, of fewer near the start."""
    return Formula(ROLLING, (flow,))


def mean_of_year(seconds: Formula) -> Formula:
    """Mean of a stock over the 12 months to each month end, from its seconds; undefined before
    month 12."""
    return Formula(MEAN_OF_YEAR, (seconds,))


def cumulative(flow: Formula) -> Formula:
    """Totals since the start."""
    return Formula(CUMULATIVE, (flow,))


def year_before(stock: Formula) -> Formula:
    """What it was 12 months before; undefined before month 12."""
    return Formula(YEAR_BEFORE, (stock,))


def above_0(given: Formula) -> Formula:
    """Undefined where it is not above 0."""
    return Formula(ABOVE_0, (given,))


@dataclass(frozen=True)
class Series:
    """A formula by the groups of a reach, or ``among`` one (dimension, group) of it alone.

    It is undefined before month ``since``, and where it divides by 0.
    """

    formula: Formula
    reach: str
    among: tuple[str, str] | None = None
    since: int = 0
