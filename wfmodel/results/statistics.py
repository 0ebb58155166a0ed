"""Statistics: what measures are computed from, counted in many replications by group and month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wfmodel.results.formulas import Series, Terms
from wfmodel.results.groups import Groups

STOCK, FLOW, SECONDS, PENCE, VALUE = range(5)
"""How a statistic is counted: changes, added up from month to month; within each month; a rate ×
seconds; pence a year × seconds, in pence; or worked out from others."""

LEAVING = (
    "other_council", "agency", "out_of_profession", "retirement", "other", "end_of_fixed_term",
    "probation_failed",
)  # fmt: skip
ROUTES = ("experienced", "newly_qualified", "returner", "referred", "agency_to_permanent")
REASONS = (
    "vacancy", "peak_or_project", "managed_team", "casual", "absence_cover", "seconded_in",
)  # fmt: skip
FEWER_HOURS = ("flexible_retirement", "caring", "flexible_working")
TOTALS = {
    "starters": (*(f"starters_{route}" for route in ROUTES), "starters_other"),
    "leavers": (
        *(f"leavers_{cause}" for cause in LEAVING), "leavers_training", "redundancies_compulsory",
        "redundancies_refused", "voluntary_exits",
    ),
    "resignations": ("leavers_other_council", "leavers_agency", "leavers_out_of_profession"),
    "hours_reduced": tuple(f"hours_{kind}" for kind in FEWER_HOURS),
}  # fmt: skip
"""Flows that are made of others."""
KEPT_AFTER = (12, 24, 36)
"""Months after taking a post at which retention is read."""
ACCOUNT = ("balance", "entered", "topped_up", "spent", "expired", "unmet", "co_invested")
"""Series of the levy account, in pence: the balance at month ends, the rest within the month.

``topped_up`` is government's part of what ``entered``; ``unmet`` is spending that the funds did not
cover, of which the council pays ``co_invested``."""


class Statistic(NamedTuple):
    """How a statistic is counted, by which groups (see `REACH`), and which it is worked out from.

    Heads, posts and events are counted; FTE are hundredths, money is pence, time is seconds.
    """

    kind: int
    reach: str
    needs: tuple[str, ...] = ()


def _all(kind: int, reach: str, *names: str, needs: tuple[str, ...] = ()) -> dict[str, Statistic]:
    return dict.fromkeys(names, Statistic(kind, reach, needs))


_LEVY = tuple(f"levy_{series}" for series in ACCOUNT)
_PAID = ("pay_post", "pay_pool", "pay_training")
STATISTICS: dict[str, Statistic] = {
    # who is here
    **_all(STOCK, "people", "heads", "fte", "pool_heads", "training_heads", "newer", "aged_55",
           "under_25", "due", "stayed_12", "absent_heads", "seconded_heads", "acting_heads"),
    **_all(STOCK, "represented", "sex_stated", "female", "ethnicity_stated", "minority",
           "disability_stated", "disabled"),
    # posts, and who covers them
    **_all(STOCK, "cells", "establishment_fte", "posts", "filled_fte", "extra_fte", "held_fte"),
    **_all(STOCK, "cells", *(f"agency_{reason}_fte" for reason in REASONS)),
    **_all(STOCK, "cells", "managers", "manager_posts", "feeders", "acting_fte"),
    # who moves
    **_all(FLOW, "members", *(f"starters_{route}" for route in ROUTES), "starters_other"),
    **_all(FLOW, "members", *(f"leavers_{cause}" for cause in LEAVING), "leavers_training"),
    **_all(FLOW, "members", *(f"hours_{kind}" for kind in FEWER_HOURS), "absences", "secondments"),
    **_all(FLOW, "members", *TOTALS),
    **_all(FLOW, "members", "redundancies_compulsory", "redundancies_refused", "voluntary_exits",
           "transferred_in", "transferred_out", "intake_outside", "promoted", "progressed",
           "moved_sideways", "absorbed", "at_risk", "redeployed", "trial_failed", "joined", "left",
           "leavers_fte"),
    **_all(FLOW, "cells", "moved_in", "moved_out", "adverts", "campaigns_failed", "posts_deleted",
           "probations_failed", "fills_inside", "fills_outside", "fills_undone", "fills_timed",
           "fill_seconds", "hours_reduced_fte"),
    # time and money by the second
    **_all(SECONDS, "members", "head_seconds"),
    **_all(SECONDS, "cells", "fte_seconds"),
    **_all(PENCE, "money", *_PAID, "pay_pensionable", "insurance", "protection", "pay_acting"),
    **_all(PENCE, "cells", "agency_stated", "agency_linked", "absent_stated", "absent_linked",
           "supplements", "retention"),
    # what it costs
    **_all(VALUE, "money", "pay", needs=_PAID),
    **_all(VALUE, "money", "pool_pay", needs=("pay_pool",)),
    **_all(VALUE, "money", "trainee_pay", needs=("pay_training",)),
    **_all(VALUE, "money", "on_costs", needs=(*_PAID, "pay_pensionable", "insurance")),
    **_all(VALUE, "money", "protected", needs=("protection",)),
    **_all(VALUE, "money", "acting", needs=("pay_acting",)),
    **_all(VALUE, "cells", "agency", needs=("agency_stated", "agency_linked")),
    **_all(VALUE, "cells", "absence_cover", needs=("absent_stated", "absent_linked")),
    **_all(VALUE, "cells", "recruitment", "redundancy", "strain", "retraining"),
    **_all(VALUE, "cells", "budget"),
    # costs of no service stand at the council and are 0 elsewhere
    **_all(VALUE, "cells", "policies", "policies_once", "change_once"),
    **_all(VALUE, "cells", "training", needs=("pipeline_fees", "pipeline_intake", "levy_unmet")),
    # who is there to work
    **_all(VALUE, "cells", "absence_stress", "absence_other", "absence_long", "capacity"),
    **_all(VALUE, "services", "required", "able", "pressure"),
    **_all(VALUE, "council", "mean_gap", "median_gap"),
    # pipelines, with their sum at the council
    **_all(FLOW, "pipelines", *(f"pipeline_{event}" for event in (
        "intake", "dropped_out", "qualified", "places_deferred", "places_lost", "converted"))),
    **_all(STOCK, "pipelines", "pipeline_in_training", "pipeline_employed"),
    **_all(STOCK, "pipelines", *(f"pipeline_reached_{after}" for after in KEPT_AFTER)),
    **_all(STOCK, "pipelines", *(f"pipeline_kept_{after}" for after in KEPT_AFTER)),
    **_all(PENCE, "pipelines", "pipeline_fees", "pipeline_pay"),
    **_all(VALUE, "pipelines", "pipeline_cost",
           needs=("pipeline_fees", "pipeline_pay", "pipeline_intake")),
    **_all(VALUE, "pipelines", "supervision_used", "supervision_capacity"),
    **_all(VALUE, "council", *_LEVY, needs=(*_LEVY, "pay", "pipeline_fees")),
    # pay to the penny: whole pence, and the pence × seconds of a year left over
    **{f"{name}_{part}": Statistic(VALUE, "money", (name,))
       for name in _PAID for part in ("whole", "rest")},
}  # fmt: skip
"""Every statistic by name; its code is its place."""

CODE = {name: code for code, name in enumerate(STATISTICS)}


def needed(names: Iterable[str]) -> set[str]:
    """The statistics of these names, and all that they are worked out from.

    >>> sorted(needed(["pool_pay"]))
    ['pay_pool', 'pool_pay']
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(STATISTICS[name].needs)
    return found


def series_of(name: str) -> Series:
    """A statistic as it is."""
    return Series(Terms()[name], STATISTICS[name].reach)


@dataclass(frozen=True)
class Statistics:
    """The statistics of one replication by name, float64 [groups of its reach, months + 1].

    Whole numbers are exact.
    """

    groups: Groups
    values: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]
