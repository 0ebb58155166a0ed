"""The levy account: oldest funds first, nothing lost, nothing spent twice."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import document, run, staffed

from wfmodel.jit import rule
from wfmodel.results.fold import levy
from wfmodel.results.measured import keys_of, plan_of
from wfmodel.results.statistics import ACCOUNT


@rule
def _run(x, funds, last_fund, out, ends, opening, mean_age):
    levy.run(x, 0, funds, last_fund, out, ends, opening, mean_age)


def account(opening, mean_age, paid_in, price, top_up, expiry, co_investment):
    """An account's series by name, of terms by month."""
    ends, funds = paid_in.size, 5 * paid_in.size
    last_fund = funds + ends + int(max(expiry)) + 1
    x = np.full(last_fund + 7 * ends, np.nan)
    x[:funds] = np.concatenate([paid_in, price, top_up, expiry, co_investment])
    _run(x, funds, last_fund, last_fund, ends, float(opening), float(mean_age))
    series = x[last_fund:].reshape(7, ends)
    return SimpleNamespace(**dict(zip(ACCOUNT, series, strict=True)))


def series(told, *names):
    """Measures of the whole council, by name."""
    values = plan_of(told.inputs, names).fold([(told.inputs.numbers.draw(1, 0), told.ledger)], 1)
    keys = keys_of(told.inputs, names)
    return [values[0, keys.index((name, "council", "all"))] for name in names]


def months(*values: float) -> np.ndarray:
    """An array by month; position 0 is not used."""
    return np.array([0.0, *values])


def flat(value: float, count: int) -> np.ndarray:
    return months(*[value] * count)


def test_the_oldest_funds_are_spent_first_and_what_is_left_of_them_expires():
    found = account(100, 1, flat(0, 3), months(30, 0, 0), flat(0, 3), flat(2, 3), flat(0.05, 3))
    # the opening 100 came in two parts, a month ago and now: 50 expires in month 1, 50 in 2
    assert found.spent.tolist() == [0, 30, 0, 0]
    assert found.expired.tolist() == [0, 20, 50, 0]
    assert found.balance.tolist() == [100, 50, 0, 0]


def test_government_tops_up_and_funds_expire_by_the_rule_of_their_own_month():
    expiry, top_up = months(24, 24, 1, 1), months(0.1, 0.1, 0, 0)
    found = account(0, 12, flat(10, 4), flat(0, 4), top_up, expiry, flat(0, 4))
    assert found.entered.tolist() == [0, 11, 11, 10, 10]
    assert found.topped_up.tolist() == [0, 1, 1, 0, 0]
    assert found.expired.tolist() == [0, 0, 0, 0, 10]
    assert found.balance.tolist() == [0, 11, 22, 32, 32]


def test_what_the_funds_do_not_cover_is_shared_with_government():
    found = account(10, 12, flat(5, 2), months(12, 20), flat(0, 2), flat(24, 2), months(0.05, 0.25))
    assert found.spent.tolist() == pytest.approx([0, 12, 8])
    assert found.unmet.tolist() == pytest.approx([0, 0, 12])
    assert found.co_invested.tolist() == pytest.approx([0, 0, 3])


amounts = st.lists(st.floats(0, 1000), min_size=8, max_size=8)


@given(
    st.floats(0, 5000), st.floats(0.5, 24), amounts, amounts, st.integers(1, 24), st.floats(0, 0.2)
)
def test_what_comes_in_is_spent_expired_or_still_there(opening, age, levy, price, expiry, top_up):
    found = account(
        opening, age, months(*levy), months(*price), flat(top_up, 8), flat(expiry, 8), flat(0.05, 8)
    )
    there = opening + np.cumsum(found.entered - found.spent - found.expired)
    assert found.balance == pytest.approx(there, abs=1e-6)
    assert (found.balance >= -1e-9).all()
    assert found.spent + found.unmet == pytest.approx(months(*price), abs=1e-6)


def test_income_is_half_a_per_cent_of_pay_less_the_allowance():
    budget = {
        "base": "gross",
        "levy": {"opening_balance_gbp": 1_000, "other_spend_annual_gbp": 1_200},
    }
    told = run(document(staffed(200, {"salary_gbp": 30_000}), {"budget": budget}, months=12))
    names = ("pay_gbp", "levy_income", "levy_spent", "levy_spent_share")
    pay, income, spent, share = series(told, *names)
    assert income[1:] == pytest.approx(1.1 * (0.005 * pay[1:] - 15_000 / 12))
    assert spent[1:] == pytest.approx([100] * 12)
    assert share[12] == pytest.approx(1_200 / income[1:].sum())


def test_a_pay_bill_below_the_allowance_pays_no_levy():
    budget = {"base": "gross", "levy": {"opening_balance_gbp": 0, "paybill_gbp": 2_000_000}}
    told = run(document(staffed(1, {"salary_gbp": 30_000}), {"budget": budget}, months=12))
    income, share = series(told, "levy_income", "levy_spent_share")
    assert not income[1:].any()
    assert np.isnan(share[12])
