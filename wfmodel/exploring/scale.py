"""How far a lever reaches: its unit, its range and its step, from its name, type and value."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, get_args

from wfmodel.scenario.quantity import Number, Quantity, Share
from wfmodel.scenario.shape import alternatives

UNITS = {
    "gbp": "£",
    "months": "months",
    "weeks": "weeks",
    "days": "days",
    "years": "years",
    "fte": "FTE",
    "multiplier": "×",
    "age": "years of age",
}
"""Unit by the last word of a name."""
MOST = {"£": 100_000.0, "months": 24.0, "weeks": 26.0, "days": 120.0, "years": 40.0, "FTE": 2.0}
"""How far what is not set, or 0, reaches by unit."""
EXACT = {"odds_per_1000_gbp": "×"}
"""Units of names whose last word misleads."""
SUPPLEMENT_MOST = 5000.0
SHARES = ("promotion", "sideways", "annual_reduction", "premium", "annual_growth", "pay_award")
"""Names of shares that do not say so themselves."""
WHOLE_MOST = 10


class Scale(NamedTuple):
    """A unit, a range and a step."""

    unit: str
    low: float
    high: float
    step: float


def unit_of(path: str, annotation: Any = None) -> str:
    """The unit of the setting at a path.

    >>> unit_of("pipelines.care.cost.fee_gbp"), unit_of("roles.*.attrition.other.annual_hazard")
    ('£', 'a year')
    >>> unit_of("budget.pay_award.2026"), unit_of("policies.redeployment.coaches")
    ('%', '')
    """
    steps = [step for step in path.split(".varies.")[0].split(".") if not step.isdecimal()]
    name = steps[-1]
    last = name.rpartition("_")[2]
    if is_share(annotation) or name in SHARES:
        return "%"
    if name in EXACT:
        return EXACT[name]
    if name in ("annual_hazard", "annual_turnover"):
        return "a year"
    if {"service_bands", "age_bands", "experience"} & set(steps):
        return "×"
    if steps[-1] == "retirement":
        return "a year"
    return UNITS.get(last, "")


def is_share(annotation: Any) -> bool:
    """Whether the format takes a share, 0 to 1, there."""
    return _has(annotation, Share)


def _has(annotation: Any, kind: Any) -> bool:
    own = get_args(kind)[-1]
    return any(own is mark for _, marks in alternatives(annotation) for mark in marks)


def of_quantity(path: str, annotation: Any, quantity: Quantity) -> Scale:
    """The scale of a quantity: its interval, or else what a planner may want to try."""
    unit = unit_of(path, annotation)
    low, value, high = quantity.range
    if low == high:
        low, high = _around(path, value, unit, annotation)
    return Scale(unit, low, high, nice_step(low, high))


def of_number(path: str, annotation: Any, kind: Any, bounds: Any, value: Any) -> Scale:
    """The scale of a number that is certain, or is not set."""
    unit = unit_of(path, annotation)
    limit = {n: getattr(m, n) for m in bounds for n in ("ge", "gt", "le", "lt") if hasattr(m, n)}
    given = float(value or 0)
    if kind is int:
        low, high = 0.0, max(float(WHOLE_MOST), MOST.get(unit, 0.0), 2 * given)
        step = float(nice_step(low, high)) if high > 200 else 1.0
        step = max(1.0, round(step))
    else:
        low, high = _around(path, given, unit, annotation)
        step = nice_step(low, high)
    low = max(low, float(limit.get("ge", limit.get("gt", low))))
    high = min(high, float(limit.get("le", limit.get("lt", high))))
    if kind is not int:
        low = max(low, step) if "gt" in limit else low
    return Scale(unit, low, high, step)


def _around(path: str, value: float, unit: str, annotation: Any) -> tuple[float, float]:
    """A range around a value that nobody gave one."""
    if is_share(annotation):
        return 0.0, 1.0
    if unit == "%":
        far = max(0.1, 2 * abs(value))
    elif unit == "×":
        far = max(2.0, 2 * value)
    elif value:
        far = 2 * abs(value)
    elif "supplement" in path:
        far = SUPPLEMENT_MOST
    else:
        far = MOST.get(unit, 1.0 if unit == "a year" else 10.0)
    signed = _has(annotation, Number)
    return (-_round_up(far) if signed else 0.0), _round_up(far)


def _round_up(value: float) -> float:
    """The next number that is easy to say.

    >>> _round_up(0.286), _round_up(48.0), _round_up(5200), _round_up(24)
    (0.3, 48.0, 6000.0, 24.0)
    """
    if value == round(value) < 50:
        return float(value)
    size = 10.0 ** math.floor(math.log10(value))
    return float(f"{math.ceil(round(value / size, 9)) * size:.9g}")


def nice_step(low: float, high: float, count: int = 50) -> float:
    """The step that makes about so many of a range: 1, 2 or 5 of some unit.

    >>> nice_step(0, 1), nice_step(0.6, 0.85), nice_step(800, 3000)
    (0.02, 0.005, 50.0)
    """
    rough = (high - low) / count
    if not rough > 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    factor = min((1, 2, 5, 10), key=lambda f: abs(f * size - rough))
    return float(f"{factor * size:.9g}")
