"""Pay: which pay point somebody is on, computed when it is asked for and never stored."""

from __future__ import annotations

from wfmodel.jit import rule


@rule
def row_now(row_at_entry, high, entered, now, aprils):  # type: ignore[no-untyped-def]
    """Row of the pay table at ``now``: one up each 1 April after entering the role, to the role's
    ``high``.

    ``aprils`` (int64, rising) are the seconds of each 1 April in the run.
    """
    row = row_at_entry
    for april in aprils:
        if april > now or row >= high:
            break
        if april > entered:
            row += 1
    return min(row, high)


@rule
def row_on_move(row, low, high):  # type: ignore[no-untyped-def]
    """Row on entering a role whose points run from ``low`` to ``high``: the nearest to the present
    one."""
    return min(max(row, low), high)


@rule
def week_pence(annual_pence, fte_hundredths):  # type: ignore[no-untyped-def]
    """A week's pay in whole pence: a fifty-second of the year's, for the hours worked."""
    return (annual_pence * fte_hundredths + 2600) // 5200


@rule
def strain_pence(annual_pence, membership_years, years_early, factor):  # type: ignore[no-untyped-def]
    """Capital cost of paying a pension early and unreduced, in whole pence.

    Accrued pension (1/49 of pay for each year, the scheme's rate since 2014) × years early ×
    ``factor``, the capital
    needed for each £ of pension and year: an approximation to the fund's own factors.
    """
    if years_early <= 0.0 or membership_years <= 0.0:
        return 0
    return int(annual_pence * membership_years / 49.0 * years_early * factor + 0.5)
