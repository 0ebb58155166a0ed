"""Hours: how much of an assignment somebody keeps who comes to work less."""

from __future__ import annotations

import math

from wfmodel.jit import rule


@rule
def kept(fte, share):  # type: ignore[no-untyped-def]
    """What is left of ``fte`` (whole hundredths): its share to the nearest, never nothing, never
    more."""
    return min(fte, max(1, math.floor(fte * share + 0.5)))
