"""Groups: under which heading a planner looks for a lever."""

from __future__ import annotations

from wfmodel.exploring.wording import GROUPS
from wfmodel.scenario.schema import Scenario

VACANCIES, CHANGE, KEEPING, GROWING, AGENCY, CAPACITY, MARKET, MONEY, OTHER = GROUPS

POLICIES = {
    "vacancy_control": VACANCIES,
    "recruitment": VACANCIES,
    "reserve_for_pipeline": GROWING,
    "redeployment": CHANGE,
    "retention": KEEPING,
    "agency_control": AGENCY,
    "sickness": CAPACITY,
}
"""Group by kind of policy; a kind that is not here is found under the last."""
ROLES = {
    "attrition": KEEPING,
    "notice_weeks": KEEPING,
    "probation": KEEPING,
    "push": KEEPING,
    "recruitment": VACANCIES,
    "agency": AGENCY,
    "salary_gbp": MONEY,
    "supervises": GROWING,
    "supervision_load": GROWING,
    "sickness": CAPACITY,
    "experience": CAPACITY,
}
"""Group by setting of a role."""
SECTIONS = {
    "change_events": CHANGE,
    "pipelines": GROWING,
    "labour_market": MARKET,
    "demand": CAPACITY,
    "budget": MONEY,
}


def group_of(path: str, scenario: Scenario) -> str:
    """The group of the lever at a path."""
    section, *steps = path.split(".")
    if section == "policies":
        return POLICIES.get(scenario.policies[steps[0]].kind, OTHER)
    if section == "roles":
        return ROLES.get(steps[1], OTHER)
    if section == "workforce":
        return {"turnover": KEEPING, "agency_uses": AGENCY}.get(steps[0], OTHER)
    return SECTIONS.get(section, OTHER)
