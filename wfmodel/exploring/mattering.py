"""What matters: how far each lever and unknown moves a result, and where its spread comes from.

One at a time over its range, the others as they stand, on common luck. The spread is split into
chance, the labour market and not knowing by crossing the three numbers of a replication.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wfmodel.errors import InputError
from wfmodel.exploring.choices import State
from wfmodel.exploring.futures import Futures
from wfmodel.exploring.levers import Lever, Value
from wfmodel.exploring.picture import Picture, Scope, standard_error
from wfmodel.exploring.session import Session
from wfmodel.results import sensitivity
from wfmodel.results.measures import FLOW, measure
from wfmodel.results.run import Number, Run

EACH = 100
"""Futures at each end of a range."""
MOST = 24
"""Levers that are tried: what the council decides, then the unknowns that the futures followed most
closely."""
CROSSED = 400
"""Futures of each crossing."""
TELLING = 0.75
"""Chance with which one future of a scenario has to lie on its side of another's for a team to tell
the two apart."""


class Effect(NamedTuple):
    """What a result is at the two ends of a lever's range; ``se`` of their difference."""

    lever: Lever
    low: Value
    high: Value
    at_low: float
    at_high: float
    se: float

    @property
    def swing(self) -> float:
        """How far it moves the result."""
        return self.at_high - self.at_low

    @property
    def is_certain(self) -> bool:
        """Whether that is more than chance would show."""
        return abs(self.swing) > 2 * self.se


@dataclass(frozen=True)
class Split:
    """Shares of the spread of a result: of not knowing, the labour market and chance alone, and of
    what they do together; ``sd`` is the spread itself, ``se`` how well a share is known."""

    whom: str
    size: float
    sd: float
    unknowns: float
    market: float
    chance: float
    together: float
    se: float


def candidates(session: Session, run: Run, result: np.ndarray, most: int = MOST) -> list[Lever]:
    """The levers worth trying: those of what the council decides, then the unknowns that the
    result follows most closely in the futures there are."""
    decided = [
        lever
        for lever in session.levers.values()
        if lever.path.split(".")[0] in ("policies", "change_events", "pipelines")
        and lever.kind in ("number", "whole")
        and lever.start is not None
        and lever.unit != "£"
    ]
    followed = sensitivity.drivers(run, result)["input"].tolist()
    unknown = [session.levers[path] for path in followed if path in session.levers]
    chosen = dict.fromkeys([*unknown[: most // 2], *decided])
    return list(chosen)[:most]


def effects(
    session: Session,
    picture: Picture,
    each: int = EACH,
    stop: threading.Event | None = None,
    most: int = MOST,
) -> Iterator[tuple[int, int, Effect | None]]:
    """One lever after another: how many are done, of how many, and the effect of the last.

    The result is the charted measure of the picture at the end. Levers that can't stand at an end
    of their range with the others as they are are left out.
    """
    levers = candidates(session, picture.own, reading(picture.own, picture.measure, picture.scope))
    for done, lever in enumerate(levers[:most], 1):
        try:
            yield done, len(levers), _effect(session, picture, lever, each, stop)
        except InputError:
            yield done, len(levers), None


def _effect(
    session: Session, picture: Picture, lever: Lever, each: int, stop: threading.Event | None
) -> Effect:
    ends: list[Value] = [lever.low, lever.high]
    if lever.kind == "whole":
        ends = [int(lever.low), int(lever.high)]
    values = []
    for end in ends:
        state: State = {**session.choices.now, lever.path: end}
        futures = Futures(session.scenario(state), (picture.measure,), session.seed)
        values.append(reading(futures.extend(each, stop), picture.measure, picture.scope))
    gap = values[1] - values[0]
    known = np.isfinite(gap)
    return Effect(
        lever, ends[0], ends[1], float(np.nanmean(values[0])), float(np.nanmean(values[1])),
        standard_error(gap[known]),
    )  # fmt: skip


def reading(run: Run, name: str, scope: Scope) -> np.ndarray:
    """A measure at the end, float64 [replications]; a flow over the whole run."""
    series = run.series(name, *scope)
    found: np.ndarray = np.nansum(series, axis=1) if measure(name).kind == FLOW else series[:, -1]
    return found


# --- the spread


def splits(
    picture: Picture, each: int = CROSSED, stop: threading.Event | None = None
) -> list[Split]:
    """How the spread of the charted measure splits, for the council and the smallest team."""
    name = picture.measure
    run = _Crossed(picture, each, stop)
    scopes = [Scope(), *([team] if (team := smallest(picture)) else [])]
    if "service" not in measure(name).dimensions:
        scopes = scopes[:1]
    return [run.split(scope) for scope in scopes]


def smallest(picture: Picture) -> Scope | None:
    """The smallest service that has anybody at the start."""
    sizes = {
        name: float(picture.own.series("headcount", "service", name)[:, 0].mean())
        for name in picture.services
    }
    sizes = {name: size for name, size in sizes.items() if size > 0}
    return Scope("service", min(sizes, key=lambda n: sizes[n])) if len(sizes) > 1 else None


class _Crossed:
    """The futures of a picture's scenario, and those that share one of their three numbers."""

    def __init__(self, picture: Picture, each: int, stop: threading.Event | None) -> None:
        self.picture, self.each = picture, each
        self.futures = Futures(picture.scenario, (picture.measure, "headcount"), picture.own.seed)
        shared: dict[str, list[Number]] = {
            "all": [(n, n, n) for n in range(each)],
            "unknowns": [(n, each + n, each + n) for n in range(each)],
            "market": [(2 * each + n, n, 2 * each + n) for n in range(each)],
            "chance": [(3 * each + n, 3 * each + n, n) for n in range(each)],
        }
        self.runs = {what: self.futures.numbered(numbers, stop) for what, numbers in shared.items()}

    def split(self, scope: Scope) -> Split:
        """Shares by covariance: what two futures have in common that share one number."""
        name = self.picture.measure
        values = {what: reading(run, name, scope) for what, run in self.runs.items()}
        known = np.logical_and.reduce([np.isfinite(v) for v in values.values()])
        values = {what: v[known] for what, v in values.items()}
        pooled = np.concatenate(list(values.values()))
        variance = float(pooled.var()) if pooled.size else 0.0
        mean = float(pooled.mean()) if pooled.size else math.nan
        shares = {}
        for what in ("unknowns", "market", "chance"):
            both = float(((values["all"] - mean) * (values[what] - mean)).mean()) if variance else 0
            shares[what] = min(max(both / variance, 0.0), 1.0) if variance else 0.0
        size = float(self.runs["all"].series("headcount", *scope)[:, 0].mean())
        rest = max(0.0, 1.0 - sum(shares.values())) if variance else 0.0
        return Split(
            self.picture.called(scope), size, math.sqrt(variance), together=rest,
            se=1 / math.sqrt(max(int(known.sum()), 1)), **shares,
        )  # fmt: skip


class Blurred(NamedTuple):
    """A team too small to tell two scenarios apart: the mean difference of its FTE, the spread of
    its own chance, and the chance that one future of the one lies on its side of the other's."""

    title: str
    size: float
    difference: float
    sd: float
    telling: float


def told_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Chance that a future of the one and a future of the other, each with its own luck, lie as
    their means do; a tie counts half.

    >>> told_apart(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    >>> told_apart(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    0.5
    """
    low, high = sorted((one, other), key=lambda values: float(values.mean()))
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.sum() / (2 * low.size * high.size))


def blurred(picture: Picture) -> list[Blurred]:
    """Services in which nobody could tell the levers as they stand from the starting scenario."""
    found = []
    for name, title in picture.services.items():
        own = picture.own.series("fte", "service", name)[:, -1]
        start = picture.start.series("fte", "service", name)[:, -1]
        gap = float((own - start).mean())
        telling = told_apart(own, start)
        if abs(gap) > 1e-9 and telling < TELLING:
            size = float(picture.own.series("headcount", "service", name)[:, 0].mean())
            found.append(Blurred(title, size, gap, float(own.std()), telling))
    return sorted(found, key=lambda team: team.size)
