"""Month ends: at which of them something that happens at a second is first counted."""

from __future__ import annotations

from wfmodel.jit import phrase
from wfmodel.results.fold import places
from wfmodel.units import DAY


@phrase
def after(m, time):  # type: ignore[no-untyped-def]
    """The month end at which something that happens at ``time`` is first counted.

    A month end is the first second of the next month and precedes everything else then.
    """
    if time < 0:
        return 0
    if time >= m[places.HORIZON]:
        return m[places.ENDS]
    return m[m[places.MONTH_OF_DAY] + time // DAY]


@phrase
def by(m, time):  # type: ignore[no-untyped-def]
    """The first month end at or after ``time``."""
    return after(m, time - 1) if time > 0 else 0
