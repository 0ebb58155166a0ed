"""Measures: each defined once, with its published definition, its unit, and by what it exists."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from wfmodel.results import money, staff, work
from wfmodel.results.formulas import Formula, Series, Terms
from wfmodel.results.groups import GRADE, MANAGERS, REACH

Key = tuple[str, str, str]
"""Measure, dimension, group."""

STOCK, FLOW, ROLLING, RATIO = "stock", "flow", "rolling", "ratio"
"""Kinds: read at the month end; counted within the month; over 12 months; a ratio at the month
end.
"""


@dataclass(frozen=True)
class Measure:
    """One measure. ``definition`` says what is counted, ``reach`` by which groups it exists; `main`
    ones are stored by service too; ``among`` is the one group that a measure of the council is
    about."""

    name: str
    title: str
    unit: str
    kind: str
    reach: str
    definition: str
    work_out: Callable[[Terms], Formula]
    main: bool = False
    among: tuple[str, str] | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions by which it exists."""
        return REACH[self.reach]

    @property
    def series(self) -> Series:
        """How it is worked out; undefined where it makes no sense."""
        since = {FLOW: 1, ROLLING: 12}.get(self.kind, 0)
        reach = "represented" if self.among else self.reach
        return Series(self.work_out(Terms()), reach, self.among, since)


def _registry() -> dict[str, Measure]:
    rows = [*staff.DEFINED, *work.DEFINED, *money.DEFINED]
    found = {}
    for name, title, unit, kind, reach, main, definition, work_out in rows:
        assert name not in found, name
        found[name] = Measure(name, title, unit, kind, reach, definition, work_out, main)
    for name, title in (
        ("female", "Women"),
        ("ethnic_minority", "Ethnic minority"),
        ("disabled", "Disabled"),
    ):
        share = found[f"{name}_share"]
        found[f"{share.name}_managers"] = _of_grade(share, MANAGERS, f"{title} among managers")
    return found


def _of_grade(share: Measure, grade: str, title: str) -> Measure:
    """A share of representation, for the council, among those of a grade and above."""
    among = "managers" if grade == MANAGERS else f"grade {grade} and above"
    return replace(
        share,
        name=f"{share.name}_grade_{grade}" if grade != MANAGERS else f"{share.name}_managers",
        title=title, reach="council", definition=f"{share.definition} Among {among}.", main=False,
        among=(GRADE, grade),
    )  # fmt: skip


MEASURES = _registry()
"""Every measure by name, in the order in which results hold them."""


def measure(name: str) -> Measure:
    """The measure of a name; also ``<share>_grade_<n>``. KeyError with the nearest name where
    there is none.
    """
    if name in MEASURES:
        return MEASURES[name]
    graded = re.fullmatch(r"((?:female|ethnic_minority|disabled)_share)_grade_(\d+)", name)
    if graded:
        share = MEASURES[graded[1]]
        return _of_grade(share, graded[2], f"{share.title}, grade {graded[2]} and above")
    raise KeyError(nearest(name, list(MEASURES)))


def nearest(name: str, allowed: list[str]) -> str:
    """The allowed name that is most like ``name``.

    >>> nearest("headcont", ["fte", "headcount"])
    'headcount'
    """
    return difflib.get_close_matches(name, allowed, n=1, cutoff=0.0)[0] if allowed else ""
