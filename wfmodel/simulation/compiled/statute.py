"""The statute's figures at a time."""

from __future__ import annotations

from wfmodel.flows import redeployment
from wfmodel.jit import part
from wfmodel.simulation.compiled import memory, terms
from wfmodel.units import DAY

NONE_YET = "no figure of the statute"
"""What is raised where a figure is asked for before its first date; memory holds which and when."""


@part
def figure(w, which, when):  # type: ignore[no-untyped-def]
    """The figure in force at a time of the run."""
    m = w.m
    record = m[terms.STATUTE_AT] + which * terms.FIGURE_WIDTH
    step = m[record + terms.FIGURE_COUNT] - 1
    while step >= 0 and m[m[record + terms.FIGURE_TIMES] + step] > when:
        step -= 1
    if step < 0:
        w.m[memory.MISSING_RULE] = which
        w.m[memory.MISSING_WHEN] = when
        raise KeyError(NONE_YET)
    return w.f[m[record + terms.FIGURE_VALUES] + step]


@part
def service_years(w, person, when):  # type: ignore[no-untyped-def]
    """Whole years of continuous service at a time."""
    day = w.m[terms.START_DAY]
    return redeployment.complete_years(
        day + w.m[person + memory.CONTINUOUS] // DAY, day + when // DAY
    )
