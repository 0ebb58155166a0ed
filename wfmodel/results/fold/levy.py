"""The apprenticeship levy account: what enters, what is spent (oldest first), what expires
unspent.
"""

from __future__ import annotations

import math

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import accrual, places, training
from wfmodel.results.statistics import ACCOUNT

(BALANCE, ENTERED, TOPPED_UP, SPENT, EXPIRED, UNMET, CO_INVESTED) = range(len(ACCOUNT))
LEVY, PRICE, TOP_UP, EXPIRY, CO_INVESTMENT = range(5)
"""Rows of months in ``x``: what the council pays in, the training to be paid for, and the rules of
each month; position 0 is not used."""

_ACCOUNT, _SERIES = places.values_of(f"levy_{ACCOUNT[0]}"), len(ACCOUNT)
_PAY, _TRAINING = places.values_of("pay"), places.values_of("training")
_FEES = places.counts_of("pipeline_fees")


@part
def run(x, terms, funds, last_fund, out, ends, opening, mean_age):  # type: ignore[no-untyped-def]
    """Run an account over the month ends before ``ends``.

    The ``terms`` are rows, ``funds`` to ``last_fund`` room for an amount by month of expiry; the
    series of the account are written as rows from ``out``. The opening balance is taken
    to have come in equal monthly parts over twice its mean age (never longer than funds last). In a
    month funds enter, training is paid from the oldest, then what has reached its age expires.
    """
    for fund in range(funds, last_fund):
        x[fund] = 0.0
    for series in range(_SERIES):
        x[out + series * ends] = 0.0
    if opening > 0.0:
        lasts = math.floor(x[terms + EXPIRY * ends + min(1, ends - 1)])
        parts = min(max(1, round(2.0 * mean_age)), max(1, lasts))
        for age in range(parts):
            x[funds + lasts - age] = opening / parts
    x[out + BALANCE * ends] = opening
    for month in range(1, ends):
        at, to = terms + month, out + month
        topped_up = x[at + LEVY * ends] * x[at + TOP_UP * ends]
        entered = x[at + LEVY * ends] + topped_up
        x[funds + month + math.floor(x[at + EXPIRY * ends])] += entered
        price = x[at + PRICE * ends]
        unmet = _pay(x, funds, last_fund, price)
        x[to + EXPIRED * ends] = _expire(x, funds, month)
        x[to + ENTERED * ends] = entered
        x[to + TOPPED_UP * ends] = topped_up
        x[to + SPENT * ends] = price - unmet
        x[to + UNMET * ends] = unmet
        x[to + CO_INVESTED * ends] = unmet * x[at + CO_INVESTMENT * ends]
        balance = 0.0
        for fund in range(funds + month + 1, last_fund):
            balance += x[fund]
        x[to + BALANCE * ends] = balance


@phrase
def _pay(x, funds, last_fund, price):  # type: ignore[no-untyped-def]
    """Pay from the oldest funds; what they do not cover."""
    for fund in range(funds, last_fund):
        if price <= 0.0:
            break
        paid = min(x[fund], price)
        x[fund] -= paid
        price -= paid
    return price


@phrase
def _expire(x, funds, month):  # type: ignore[no-untyped-def]
    """Take away the funds that have reached their age."""
    expired = 0.0
    for fund in range(funds, funds + month + 1):
        expired += x[fund]
        x[fund] = 0.0
    return expired


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """The levy account of the council; without one everything is zero."""
    ends, out = m[places.ENDS], m[_ACCOUNT]
    if m[places.LEVIED] == 0:
        return
    terms, rules = m[places.LEVY_TERMS], m[places.LEVY_RULES]
    numbers = m[places.LEVY_NUMBERS]
    for month in range(ends):
        x[terms + PRICE * ends + month] = 100.0 * x[numbers + places.OTHER_SPEND] / 12.0
        bill = x[m[_PAY] + month]
        if m[places.HAS_PAY_BILL] == 1:
            factors = m[places.BY_MONTH]
            rise = x[factors + month] / x[factors]
            bill = 100.0 * x[numbers + places.PAY_BILL] / 12.0 * rise
        allowance = 100.0 * x[rules + ends + month] / 12.0
        x[terms + LEVY * ends + month] = max(0.0, bill * x[rules + month] - allowance)
    _add_fees(m, x, np.int64(1), terms + PRICE * ends)
    opening = 100.0 * x[numbers + places.OPENING_BALANCE]
    age, funds = x[numbers + places.MEAN_AGE], m[places.LEVY_FUNDS]
    run(x, terms, funds, funds + m[places.LEVY_FUND_COUNT], out, ends, opening, age)


@part
def _add_fees(m, x, on_levy, out):  # type: ignore[no-untyped-def]
    """Add the fees by month of the pipelines that are on the levy, or of those that are not."""
    ends, row = m[places.ENDS], m[places.TRAINING_ROWS]
    for pipeline in range(m[places.PIPELINES]):
        record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
        if m[record + places.ON_LEVY] == on_levy:
            accrual.close(m, x, m[_FEES], 1 + pipeline, row)
            for month in range(ends):
                x[out + month] += x[row + month]


@part
def close_training(m, x):  # type: ignore[no-untyped-def]
    """What training costs the council: fees not paid by the levy, one-off costs, co-investment."""
    ends, out = m[places.ENDS], m[_TRAINING]
    levy = m[_ACCOUNT] + CO_INVESTED * ends
    _add_fees(m, x, np.int64(0), out)
    for month in range(ends):
        for pipeline in range(m[places.PIPELINES]):
            x[out + month] += training.one_off(m, x, pipeline, month)
        x[out + month] += x[levy + month]
