"""Scaling resignation hazards so that the opening workforce has the turnover that was published."""

from __future__ import annotations

from wfmodel.jit import rule


@rule
def scale(turnover, staff, resignations, other_leavers, pass_probability):  # type: ignore[no-untyped-def]
    """As `resignation_scale`; −1 where there is none."""
    wanted = turnover * staff * pass_probability - other_leavers
    if wanted < 0.0 or resignations <= 0.0:
        return -1.0
    return wanted / resignations


def resignation_scale(
    turnover: float,
    staff: float,
    resignations: float,
    other_leavers: float,
    pass_probability: float,
) -> float:
    """The factor on all resignation hazards that gives ``turnover``.

    ``resignations`` and ``other_leavers`` are the yearly numbers that the unscaled hazards give
    among
    ``staff``. Every leaver is taken to be replaced, and a share 1 − ``pass_probability`` of
    starters to leave
    within probation: they are leavers too. Raises ValueError where other leavers alone exceed the
    turnover.

    >>> round(resignation_scale(0.143, 1000, 100, 30, 1.0), 3)
    1.13
    """
    if turnover * staff * pass_probability < other_leavers:
        raise ValueError(
            f"retirements and other leavers alone are {other_leavers / staff:.1%} a year, "
            f"more than the turnover of {turnover:.1%}"
        )
    if resignations <= 0:
        raise ValueError("no role has a resignation hazard to scale")
    return scale(turnover, staff, resignations, other_leavers, pass_probability)
