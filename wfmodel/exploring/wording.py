"""How levers are called and their values written."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from wfmodel.reporting import words
from wfmodel.reporting.assumptions import spelt
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario

GROUPS = (
    "Vacancies and recruitment",
    "Change and redeployment",
    "Keeping people",
    "Growing our own",
    "Agency and casual",
    "Absence, capacity and demand",
    "Labour market",
    "Money",
    "Everything else",
)
"""The groups of levers, in the order in which a planner goes through them."""
NOT_SET = "not set"
UNIT = re.compile(r" \((?:days|weeks|months|years|£)\)$")
"""A unit at the end of a name: the value has it."""


def name(path: str, scenario: Scenario) -> tuple[str, str]:
    """What a lever belongs to, and what it is called there."""
    section, *steps = path.split(".")
    if len(steps) == 1 and section in ("policies", "change_events", "pipelines"):
        return words.capital(_unquoted(spelt(path, scenario))), "In force"
    said = spelt(path, scenario)
    part, _, label = said.partition("”: " if said.startswith("“") else ": ")
    label = UNIT.sub("", label or part)
    if section == "change_events" and len(steps) > 3 and steps[1] == "create":
        label = f"{_created(path, scenario)}: {words.plain(steps[3])}"
    return words.capital(_unquoted(part)), words.capital(label)


def _created(path: str, scenario: Scenario) -> str:
    """The new posts that a lever of a change event is about."""
    _, name, _, number, *_ = path.split(".")
    new = scenario.change_events[name].create[int(number)]
    role = scenario.roles.get(new.role)
    title = role.title if role is not None and role.title else words.plain(new.role)
    service = scenario.workforce.services.get(new.service, words.plain(new.service))
    return f"new posts, {words.small(title)} in {service}"


def _unquoted(text: str) -> str:
    return text.strip("“”")


def value(given: Any, unit: str, step: float) -> str:
    """A value with its unit.

    >>> value(0.333, "%", 0.01), value(1500, "£", 50), value(1.3, "×", 0.05)
    ('33.3%', '£1,500', '×1.3')
    >>> value(None, "", 1), value(True, "", 1), value(4, "weeks", 1)
    ('not set', 'yes', '4 weeks')
    """
    if given is None:
        return NOT_SET
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, dt.date):
        return words.day(given)
    if isinstance(given, str):
        return words.plain(given)
    if unit == "%":
        return f"{_short(100 * given, 100 * step)}%"
    number = _short(given, step)
    if unit == "£":
        return f"−£{number[1:]}" if number.startswith("−") else f"£{number}"
    if unit == "×":
        return f"×{number}"
    return f"{number} {unit}".strip()


def _short(number: float, step: float) -> str:
    """A number with the decimals that its step or itself needs, three at most beyond the step's."""
    most = max(0, -math.floor(math.log10(step) + 1e-9)) + 2 if step > 0 else 3
    exact = (d for d in range(most) if math.isclose(round(number, d), number, abs_tol=1e-9))
    digits = next(exact, most)
    return words.number(number, digits)


def quantity(given: Quantity, unit: str, step: float) -> str:
    """A quantity with its interval, as the scenario has it."""
    low, central, high = given.range
    if low == high:
        return value(central, unit, step)
    return f"{value(central, unit, step)} ({value(low, unit, step)} to {value(high, unit, step)})"


def stated(given: Any, unit: str, step: float) -> str:
    """A single value as the scenario has it."""
    return value(given, unit, step)
