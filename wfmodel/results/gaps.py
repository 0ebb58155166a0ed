"""Pay gaps: hourly pay of men and women at each month end, from how many are on each pay row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel.results.stocks import labels_of_interest, stock

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication


def statistics(one: Replication) -> dict[str, np.ndarray]:
    """`mean` and `median` gap at each month end, float64 [months]: (men − women) ÷ men; NaN where
    undefined.

    Hourly pay is the annual pay of one FTE in the main assignment; pay awards raise all alike.
    """
    labels = one.inputs.characteristics["sex"]
    female = labels_of_interest(one.inputs)["sex"]
    male = [n for n, x in enumerate(labels) if x in ("male", "m", "man", "men")]
    nothing = np.full(one.months, np.nan)
    if not female or not male:
        return {"mean": nothing, "median": nothing}
    men, women = (_on_each_row(one, code[0]) for code in (male, female))
    pay = one.inputs.pay_annual
    return {
        "mean": _gap(_mean(men, pay), _mean(women, pay)),
        "median": _gap(_median(men, pay), _median(women, pay)),
    }


def _on_each_row(one: Replication, sex: int) -> np.ndarray:
    """Heads of one sex on each pay row, int64 [rows, months]."""
    paid, table = one.payroll, one.spells.table
    weight = one.weights.head * (one.ledger.people["sex"][table["person"]] == sex)
    return stock(
        one.inputs.pay_annual.size,
        one.months,
        paid.row,
        paid.opens,
        paid.closes,
        weight[paid.spell],
    )


def _mean(heads: np.ndarray, pay: np.ndarray) -> np.ndarray:
    total = heads.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return (heads * pay[:, None]).sum(axis=0) / np.where(total > 0, total, np.nan)


def _median(heads: np.ndarray, pay: np.ndarray) -> np.ndarray:
    """Median pay: the mean of the two middle ones where their number is even."""
    order = np.argsort(pay, kind="stable")
    below = np.cumsum(heads[order], axis=0)
    total = below[-1]
    low = (below < (total + 1) // 2).sum(axis=0)
    high = (below < total // 2 + 1).sum(axis=0)
    ranked = np.append(pay[order].astype(np.float64), np.nan)  # one past the end: nobody
    return (ranked[low] + ranked[np.where(total > 0, high, pay.size)]) / 2


def _gap(men: np.ndarray, women: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = (men - women) / men
    return np.where(np.isfinite(gap), gap, np.nan)
