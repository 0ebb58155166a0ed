"""Stocks of people at month ends, by group: whole numbers only, so that every sum is exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.jit import rule
from wfmodel.results.ages import birthdays
from wfmodel.results.groups import AGE_EDGES
from wfmodel.results.spells import Spells, take
from wfmodel.results.state import IN_POOL, IN_TRAINING
from wfmodel.simulation.inputs import CONTRACTS, Inputs
from wfmodel.simulation.ledger import OPENING, Ledger
from wfmodel.units import DAY, YEAR

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication

NEWER_THAN_YEARS = 2
PENSION_AGE = 67
DUE_WITHIN_YEARS = 5

STOCKS = (
    "heads", "fte", "pool_heads", "pool_fte", "training_heads", "training_fte", "newer", "aged_55",
    "under_25", "due", "stayed_12", "sex_stated", "female", "ethnicity_stated", "minority",
    "disability_stated", "disabled",
)  # fmt: skip
"""Stocks of people at month ends: heads, but for the three of FTE (in hundredths)."""


@dataclass(frozen=True)
class Weights:
    """What each spell weighs and when its holder comes of an age; casual workers weigh nothing.

    ``head`` and ``fte`` by spell; ``having`` by spell, see `_having`; the rest are month ends from
    which something is true, by spell.
    """

    head: np.ndarray
    fte: np.ndarray
    gone: np.ndarray
    served_2: np.ndarray
    reaches: dict[int, np.ndarray]
    having: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, inputs: Inputs, ledger: Ledger, spells: Spells) -> Weights:
        """The weights of a ledger's spells."""
        people, table, starts = ledger.people, spells.table, inputs.calendar.month_starts
        counted = contracts(inputs, people) != CONTRACTS.index("casual")
        gone = take(spells.month, spells.left_by, starts.size)
        served = np.searchsorted(
            starts, people["service_start"] + NEWER_THAN_YEARS * YEAR, side="left"
        )
        ages = sorted({*AGE_EDGES, 55, PENSION_AGE - DUE_WITHIN_YEARS})
        reaches = {}
        for age in ages:
            seconds = (birthdays(people["birth_day"], age) - inputs.calendar.start_day) * DAY
            reaches[age] = np.searchsorted(starts, seconds, side="left")[table["person"]]
        person = table["person"]
        return cls(
            head=table["head"].astype(np.int64) * counted[person],
            fte=table["fte"].astype(np.int64) * counted[person],
            gone=gone[person],
            served_2=served[person],
            reaches=reaches,
            having=_having(inputs, people[person]),
        )


def contracts(inputs: Inputs, people: np.ndarray) -> np.ndarray:
    """Contract of each of the opening staff, a code of `CONTRACTS`; −1 for those who came later."""
    return take(
        inputs.people.contract, np.where(people["origin"] == OPENING, people["origin_a"], -1)
    )


def _having(inputs: Inputs, person: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of each characteristic, who stated it and who has what is measured, bool by spell."""
    named = labels_of_interest(inputs)
    found = []
    for name in ("sex", "ethnicity", "disability"):
        code = person[name]
        found += [code >= 0, np.isin(code, named[name])]
    return tuple(found)


def stock(
    groups: int,
    months: int,
    group: np.ndarray,
    opens: np.ndarray,
    closes: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """How much is there at each month end, float64 [groups, months]; ``group`` −1 is left out."""
    here = (group >= 0) & (opens < closes) & (opens < months)
    wide = months + 1
    at = group[here].astype(np.int64) * wide
    weight = weight[here]
    change = np.bincount(at + opens[here], weight, groups * wide)
    change -= np.bincount(at + np.minimum(closes[here], months), weight, groups * wide)
    return np.cumsum(change.reshape(groups, wide)[:, :months], axis=1)


@rule
def _tally(change, group, opens, closes, weight):  # type: ignore[no-untyped-def]
    """Add every weight where it opens and take it away where it closes; [stocks, …] each."""
    last = change.shape[2] - 1
    for k in range(weight.shape[0]):
        for n in range(group.size):
            if group[n] >= 0 and weight[k, n] != 0 and opens[k, n] < closes[k, n]:
                change[k, group[n], min(opens[k, n], last)] += weight[k, n]
                change[k, group[n], min(closes[k, n], last)] -= weight[k, n]


def people_stocks(
    one: Replication, groups: int, group: np.ndarray, opens: np.ndarray, closes: np.ndarray
) -> np.ndarray:
    """`STOCKS` by group, int64 [stocks, groups, months]; by spell its group (−1: none) and month
    ends.
    """
    months, table, weights = one.months, one.spells.table, one.weights
    head, fte, reaches = weights.head, weights.fte, weights.reaches
    pool, training = table["place"] == IN_POOL, table["place"] == IN_TRAINING
    due = reaches[PENSION_AGE - DUE_WITHIN_YEARS]
    a_year_later = np.where(closes >= months, closes, closes + 12)
    rows = [
        (head, opens, closes),
        (fte, opens, closes),
        (head * pool, opens, closes),
        (fte * pool, opens, closes),
        (head * training, opens, closes),
        (fte * training, opens, closes),
        (head, opens, np.minimum(closes, weights.served_2)),
        (head, np.maximum(opens, reaches[55]), closes),
        (head, opens, np.minimum(closes, reaches[25])),
        (head, np.maximum(opens, due), closes),
        (head, opens + 12, np.minimum(a_year_later, weights.gone)),
        *((head * having, opens, closes) for having in weights.having),
    ]
    weight, first, last = (np.stack(column).astype(np.int64) for column in zip(*rows, strict=True))
    change = np.zeros((len(STOCKS), groups, months + 1), dtype=np.int64)
    _tally(change, group.astype(np.int64), first, last, weight)
    return np.cumsum(change[:, :, :months], axis=2)


def labels_of_interest(inputs: Inputs) -> dict[str, list[int]]:
    """Codes of female, ethnic minority and disabled among each characteristic's labels."""
    labels = inputs.characteristics
    white = [x for x in labels["ethnicity"] if x.startswith("white")]
    return {
        "sex": [n for n, x in enumerate(labels["sex"]) if x in ("female", "f", "woman", "women")],
        "ethnicity": [
            n
            for n, x in enumerate(labels["ethnicity"])
            if "minority" in x or (white and x not in white)
        ],
        "disability": [
            n for n, x in enumerate(labels["disability"]) if x in ("disabled", "yes", "y")
        ],
    }
