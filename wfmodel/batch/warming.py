"""Warming: what every kernel would do first, done once for all of them."""

from __future__ import annotations

import os

_ALONE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""A process with threads can't be copied safely, and a kernel has one core to itself."""


def warm() -> None:
    """Import what reports need and use each part of it once, on a council of two posts."""
    os.environ.update(_ALONE)

    import ipykernel.ipkernel
    import ipykernel.kernelapp  # noqa: F401

    from wfmodel import experiment
    from wfmodel.reporting import (  # noqa: F401
        answer,
        assumptions,
        breakeven,
        comparison,
        drivers,
        goals,
        method,
        money,
        people,
        provenance,
        services,
        study,
    )
    from wfmodel.reporting.facts import Facts
    from wfmodel.scenario.schema import Scenario

    results = experiment.run([Scenario.model_validate(_SMALL)], replications=2)
    facts = Facts(results, "small")
    answer.first_screen(facts)
    people.staffing(facts).html()


_SMALL = {
    "schema": 1,
    "name": "small",
    "title": "Small",
    "horizon": {"start": "2024-04-01", "months": 12},
    "workforce": {"groups": {"team": {"service": "parks", "role": "officer", "posts": 2}}},
    "roles": {
        "officer": {
            "salary_gbp": 30_000,
            "attrition": {"resignation": {"annual_hazard": {"interval": [0.1, 0.3]}}},
            "recruitment": {"time_to_hire_days": 60, "fill_probability": 0.7},
        }
    },
    "targets": {"fte": {"title": "FTE", "measure": "fte", "at_most": 2}},
}
