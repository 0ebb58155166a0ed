"""Grow-your-own pipelines: the size of an intake, and how a stage ends."""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule
from wfmodel.units import MONTH

COMPLETES, DROPS = 0, 1


@rule("int64(int64, float64, float64, float64, uint64, uint64)")
def places(shape, a, b, c, stream, entity):  # type: ignore[no-untyped-def]
    """The size of an intake in whole people: to the nearest, halves up."""
    return max(0, math.floor(draws.vary(shape, a, b, c, stream, entity) + 0.5))


@rule("UniTuple(int64, 2)(int64, float64, float64, float64, float64, uint64, uint64, int64)")
def stage(shape, a, b, c, completion, stream, trainee, number):  # type: ignore[no-untyped-def]
    """How long a trainee stays in stage ``number`` and how it ends: (seconds, COMPLETES or DROPS).

    A drop-out falls evenly within the stage.
    """
    key = draws.join(trainee, draws.as_part(number))
    length = max(0, math.ceil(draws.vary(shape, a, b, c, stream, key) * MONTH))
    if draws.uniform(stream, key, 101) < completion:
        return length, COMPLETES
    return math.ceil(length * draws.uniform(stream, key, 102)), DROPS
