"""Costs of no service: what policies and change events cost themselves."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.results.fold import places

_YEARLY, _ONCE = places.values_of("policies"), places.values_of("policies_once")
_CHANGE = places.values_of("change_once")


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """Policies by the year and once, and change events once, pence, at the council."""
    ends = m[places.ENDS]
    for policy in range(m[places.POLICIES]):
        cost, during = x[m[places.POLICY_YEARLY] + policy], m[places.POLICY_DURING] + policy * ends
        for month in range(ends):
            share = x[during + month] * x[m[places.LENGTHS] + month]
            x[m[_YEARLY] + month] += 100.0 * cost * share
        month = m[m[places.POLICY_MONTHS] + policy]
        if month < ends:
            x[m[_ONCE] + month] += 100.0 * x[m[places.POLICY_ONCE] + policy]
    for event in range(m[places.EVENTS]):
        month = m[m[places.EVENT_MONTHS] + event]
        if month < ends:
            x[m[_CHANGE] + month] += 100.0 * x[m[places.EVENT_ONCE] + event]
