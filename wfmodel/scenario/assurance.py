"""Assurance: who answers for a scenario's results, and the decisions that were taken about it."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from wfmodel.scenario.quantity import Part


class Assurance(Part):
    """Who has assured the results; never inherited, since another scenario is other results."""

    assured_by: str = Field(min_length=1, description="name and post of whoever assures it")
    assured_on: dt.date | None = None
    statement: str = Field("", description="what was checked, and what the results are fit for")


class Decision(Part):
    """A decision on how something is modelled: a line of the decisions log."""

    what: str = Field(min_length=1, description="what was decided")
    why: str = ""
    decided_by: str = Field("", description="a post or a board, as it is to be published")
    decided_on: dt.date | None = None
