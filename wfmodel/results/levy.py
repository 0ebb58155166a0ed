"""The apprenticeship levy account: what enters, what is spent (oldest first), what expires
unspent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Account:
    """The account by month, £, float64 [months + 1]: `balance` at month ends, the rest within the
    month.

    ``topped_up`` is government's part of ``entered``; ``unmet`` is spending that the funds did not
    cover, of which the council pays ``co_invested``.
    """

    balance: np.ndarray
    entered: np.ndarray
    topped_up: np.ndarray
    spent: np.ndarray
    expired: np.ndarray
    unmet: np.ndarray
    co_invested: np.ndarray


def account(
    opening: float,
    mean_age_months: float,
    levy: np.ndarray,
    price: np.ndarray,
    top_up: np.ndarray,
    expiry: np.ndarray,
    co_investment: np.ndarray,
) -> Account:
    """Run the account; arrays are by month, position 0 unused.

    ``levy`` is what the council pays in, ``price`` the training to be paid for, ``top_up`` and
    ``co_investment`` shares, ``expiry`` the months after which funds that enter in the month
    leave. The opening balance is taken to have come in equal monthly parts over twice its mean age
    (never longer than funds last). In a month funds enter, training is paid from the oldest, then
    what has reached its age expires.
    """
    months = levy.size - 1
    found = {name: np.zeros(months + 1) for name in Account.__dataclass_fields__}
    funds = _opening_funds(opening, mean_age_months, int(expiry[min(1, months)]))
    found["balance"][0] = opening
    for month in range(1, months + 1):
        topped = levy[month] * top_up[month]
        entered = levy[month] + topped
        if entered > 0:
            funds.append([month + int(expiry[month]), entered])
        unmet = _pay(funds, price[month])
        expired = sum(amount for ends, amount in funds if ends <= month)
        funds = [fund for fund in funds if fund[0] > month and fund[1] > 0]
        found["topped_up"][month], found["entered"][month] = topped, entered
        found["spent"][month], found["unmet"][month] = price[month] - unmet, unmet
        found["co_invested"][month] = unmet * co_investment[month]
        found["expired"][month] = expired
        found["balance"][month] = sum(amount for _, amount in funds)
    return Account(**found)


def _opening_funds(opening: float, mean_age_months: float, expiry: int) -> list[list[float]]:
    """[month in which it expires, amount], oldest first: one part each for ages 1, 2, … months."""
    parts = min(max(1, round(2 * mean_age_months)), max(1, expiry))
    return (
        [[expiry - age, opening / parts] for age in range(parts - 1, -1, -1)] if opening > 0 else []
    )


def _pay(funds: list[list[float]], price: float) -> float:
    """Pay from the oldest funds; what they do not cover is returned."""
    for fund in sorted(funds, key=lambda fund: fund[0]):
        paid = min(fund[1], price)
        fund[1] -= paid
        price -= paid
        if price <= 0:
            break
    return price
