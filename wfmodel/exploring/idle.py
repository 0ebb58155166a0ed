"""Idle levers: those that change nothing in a scenario, and why.

That a lever is idle is seen by moving it over its whole range: on common luck what changes nothing
differs by exactly nothing. Why it is, is looked up in what the scenario holds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from wfmodel.errors import InputError
from wfmodel.exploring.choices import State
from wfmodel.exploring.futures import Futures
from wfmodel.exploring.levers import Lever, Value
from wfmodel.exploring.session import Session
from wfmodel.reporting import words
from wfmodel.results.measures import MEASURES
from wfmodel.results.run import Run
from wfmodel.scenario.policies import Redeployment
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs

TRIED = 20
"""Futures in which nothing may change."""
TAKING = ("delete", "convert")
"""Change events that put people at risk."""
COACHED = ("accept_probability_coached", "trial_pass_probability_coached")


class Idle:
    """What is known of the levers of a session that do nothing, as the others stand."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.state: State | None = None
        self.reasons: dict[str, str] = {}
        self._here: Run | None = None

    def known(self, path: str) -> str | None:
        """Why a lever does nothing; blank where it does something, None where nobody has looked."""
        return self.reasons.get(path) if self.state == self.session.choices.now else None

    def look(self, lever: Lever, stop: threading.Event | None = None) -> str:
        """Move a lever over its range, the others as they stand, and say why that does nothing;
        blank where it does something, or can't be moved there."""
        now = self.session.choices.now
        if self.state != now or self._here is None:
            self._here = _futures(self.session, now, stop)
            self.state, self.reasons = now, {}
        if lever.path not in self.reasons:
            self.reasons[lever.path] = self._reason(lever, now, self._here, stop)
        return self.reasons[lever.path]

    def _reason(self, lever: Lever, now: State, here: Run, stop: threading.Event | None) -> str:
        for value in ends(lever, now.get(lever.path, lever.start)):
            try:
                there = _futures(self.session, {**now, lever.path: value}, stop)
            except InputError:
                return ""
            if not _same(here, there):
                return ""
        seen = f"moved over its whole range it changed nothing in {TRIED} futures"
        return f"{why(lever, here.scenario, here.inputs) or seen}."


def ends(lever: Lever, value: Value) -> list[Value]:
    """Where a lever is moved to see whether it does anything."""
    if lever.kind == "whole":
        return [int(lever.low), int(lever.high)]
    if lever.kind == "number":
        return [lever.low, lever.high]
    if lever.kind == "switch":
        return [not value]
    others = [option for option in lever.options if option != value]
    return [others[0], others[len(others) // 2], others[-1]] if len(others) > 2 else others


def _futures(session: Session, state: State, stop: threading.Event | None) -> Run:
    return Futures(session.scenario(state), tuple(MEASURES), session.seed).extend(TRIED, stop)


def _same(one: Run, other: Run) -> bool:
    """Whether two runs agree in every measure of every future of the whole council."""
    places = [n for n, key in enumerate(one.keys) if key[1] == "council"]
    keys = [one.keys[n] for n in places]
    others = [other.keys.index(key) for key in keys if key in other.keys]
    if len(others) != len(places):
        return False
    return bool(np.array_equal(one.values[:, places], other.values[:, others], equal_nan=True))


def why(lever: Lever, scenario: Scenario, inputs: Inputs) -> str:
    """What in the scenario makes a lever idle, as far as it can be told; else blank."""
    section, *steps = lever.path.split(".")
    reasons: Iterator[str] = iter(())
    if section == "policies":
        reasons = _policy(steps, scenario, inputs)
    elif section == "pipelines":
        reasons = _pipeline(steps, scenario)
    elif section == "roles":
        reasons = _role(lever, steps, scenario, inputs)
    elif section == "labour_market":
        reasons = _market(steps, scenario)
    elif section == "demand":
        reasons = iter(["no target and no feedback reads this service's demand"])
    return next(reasons, "")


def _policy(steps: list[str], scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    policy = scenario.policies.get(steps[0])
    if policy is None:
        yield "its policy is taken out"
        return
    horizon = scenario.calendar
    if policy.start and horizon.seconds(policy.start) >= horizon.horizon:
        yield f"its policy begins on {words.day(policy.start)}, after the run ends"
    if policy.end and horizon.seconds(policy.end) <= 0:
        yield f"its policy ended on {words.day(policy.end)}, before the run begins"
    if not inputs.in_scope(policy.services, policy.roles)[inputs.posts.cell].any():
        yield "no post at the start is in the scope of its policy"
    name = steps[-1]
    if isinstance(policy, Redeployment):
        yield from _redeployment(name, policy, scenario)
    if name == "supplement_gbp" and getattr(policy, "odds_per_1000_gbp", None) is None:
        yield "nothing says what £1,000 of supplement does to the odds of filling"
    if name == "odds_per_1000_gbp" and getattr(policy, "supplement_gbp", None) is None:
        yield "no pay supplement is set"
    if name == "end_uses" and not scenario.workforce.agency_uses:
        yield "the scenario has no agency use"


def _redeployment(name: str, policy: Redeployment, scenario: Scenario) -> Iterator[str]:
    if not any(event.kind in TAKING for event in scenario.change_events.values()):
        yield "no change event takes anybody's post, so nobody enters the redeployment pool"
    if name.startswith("coach") and not any(getattr(policy, key) for key in COACHED):
        yield "coaching changes no chance here: no chance of the coached is set"
    if (name.startswith("coaching") or name in COACHED) and policy.coaches == 0:
        yield "there is no coach"


def _pipeline(steps: list[str], scenario: Scenario) -> Iterator[str]:
    pipeline = scenario.pipelines.get(steps[0])
    if pipeline is None:
        yield "its pipeline is taken out"
        return
    if steps[-1] == "wait_months" and pipeline.conversion.mode == "guaranteed":
        yield "those who qualify are guaranteed a post, so nobody waits"
    if steps[-1] in ("share", "mode", "wait_months") and pipeline.source == "staff":
        yield "its trainees keep their posts, so none has to find one"
    if steps[-1] == "supervision" and pipeline.supervision is None:
        yield "nothing says who supervises, so nobody is short of supervisors"
    yield "nobody reaches what it is about before the run ends"


def _role(lever: Lever, steps: list[str], scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    name = steps[0]
    if "resignation" in steps and scenario.workforce.turnover is not None:
        yield "resignations are scaled to the turnover of the workforce, whatever their base"
    if name == "*":
        stated = {place[2] for place in scenario._stated.values()}
        if lever.path not in stated:
            yield "every role states its own"
        return
    number = inputs.roles.index(name) if name in inputs.roles else -1
    if not (inputs.posts.cell % len(inputs.roles) == number).any():
        yield "no post of this role exists at the start"


def _market(steps: list[str], scenario: Scenario) -> Iterator[str]:
    market = scenario.labour_market
    if market is None:
        return
    sigmas = [market.leaving_sigma, market.filling_sigma]
    if not any(sigma is not None and sigma.range[2] > 0 for sigma in sigmas):
        yield "the labour market has no good and bad years here: both its sigmas are 0"
    if steps[-1] == "correlation" and not all(sigma is not None for sigma in sigmas):
        yield "only one side of the labour market varies, so nothing goes with it"
