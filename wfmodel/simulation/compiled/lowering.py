"""Lowering: all that a simulation reads by name or date, once, as places in flat arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wfmodel import draws
from wfmodel.jit import rule
from wfmodel.simulation.compiled import terms
from wfmodel.simulation.compiled.draft import Draft, Form
from wfmodel.simulation.compiled.lowered_plans import lower_events, lower_pipelines
from wfmodel.simulation.compiled.lowered_policies import lower_policies
from wfmodel.simulation.compiled.lowered_roles import lower_roles
from wfmodel.simulation.inputs import Inputs, OpeningAssignments, OpeningPeople, OpeningPosts
from wfmodel.simulation.order import STREAMS
from wfmodel.simulation.parameters import ROUTES, Parameters
from wfmodel.simulation.slots import Hazards
from wfmodel.simulation.statute import STEERING

_STREAM_KEYS = np.array([draws.text_key(name) for name in STREAMS], dtype=np.uint64)
_EFFECTS = (
    (terms.ODDS, "odds"),
    (terms.TIME, "time"),
    (terms.INSIDE, "inside"),
    (terms.COVER, "cover"),
    (terms.CONVERTS, "conversion"),
)
_LIMITS = ((terms.SMALLEST, "smallest_fte"), (terms.LONGEST, "longest_cover"))
_POSTS = ("key", "cell", "fte", "employer", "funding", "funding_end")
_PEOPLE = (
    "key",
    "birth_day",
    "service_start",
    "continuous_start",
    "pension_start",
    "protected_until",
    "contract",
    "contract_end",
    "point",
    "skills",
    "sex",
    "ethnicity",
    "disability",
)
_SEATS = ("person", "post", "fte", "start")


@dataclass
class Lowered:
    """What all replications of one scenario share; ``room`` is how much memory a run has needed."""

    form: Form
    opening: np.ndarray
    rates: tuple[int, int]
    conversions: Hazards
    conversion: np.ndarray
    routes: np.ndarray
    room: dict[str, int] = field(default_factory=dict)

    def terms_of(
        self, vector: np.ndarray, parameters: Parameters, seed: int, chance: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """``c`` and ``f`` of one replication."""
        c, f = self.form.filled(vector)
        rates, effects = parameters.rates, parameters.effects
        whole, others = self.rates
        for table in (
            rates.factor, rates.resignation, rates.other, rates.retirement,
            rates.service_multiplier, rates.age_multiplier,
        ):  # fmt: skip
            f[others : others + table.size] = table.ravel()
            others += table.size
        for edges in (rates.service_bands, rates.service_edge, rates.age_bands, rates.age_edge):
            c[whole : whole + edges.size] = edges.ravel()
            whole += edges.size
        for place, name in _EFFECTS:
            table = getattr(effects, name)
            f[c[place] : c[place] + table.size] = table.ravel()
        for place, name in _LIMITS:
            table = getattr(effects, name)
            c[c[place] : c[place] + table.size] = table.ravel()
        c[c[terms.RECRUITERS] : c[terms.RECRUITERS] + effects.recruiters.size] = effects.recruiters
        pay = c[terms.PAY_AT]
        for table in parameters.pay_annual:
            c[pay : pay + table.size] = table
            pay += table.size
        f[self.conversion] = self.conversions.read(vector)
        unsaid = f[self.routes].sum(axis=1) <= 0
        f[self.routes[unsaid, 0]] = 1.0
        c[terms.ATTRITION : terms.RUN_WIDTH] = _streams(
            np.uint64(seed), np.uint64(chance), _STREAM_KEYS
        ).view(np.int64)
        return c, f


@rule
def _streams(seed, replication, names):  # type: ignore[no-untyped-def]
    """The keys of the streams of one replication; as `wfmodel.draws.stream_key`."""
    own = draws.join(draws.join(np.uint64(0x77666D6F), seed), replication)
    keys = np.empty(names.size, np.uint64)
    for k in range(names.size):
        keys[k] = draws.join(own, names[k])
    return keys


def lowered(inputs: Inputs, parameters: Parameters) -> Lowered:
    """The lowering of the inputs, made once; ``parameters`` of any replication give its sizes."""
    found = getattr(inputs, "_lowered", None)
    if found is None:
        found = _lower(inputs, parameters)
        inputs._lowered = found  # type: ignore[attr-defined]  # the same in every replication
    return found


def _lower(inputs: Inputs, parameters: Parameters) -> Lowered:
    draft = Draft(inputs)
    draft.record(terms.RUN_WIDTH)
    c, calendar = draft.c, inputs.calendar
    c[terms.HORIZON], c[terms.START_DAY] = calendar.horizon, calendar.start_day
    c[terms.MONTH_STARTS], c[terms.MONTHS] = draft.whole(calendar.month_starts), calendar.months
    c[terms.SEGMENTS] = inputs.segment_start.size
    c[terms.SEGMENT_STARTS] = draft.whole(inputs.segment_start)
    c[terms.SERVICES], c[terms.ROLES] = len(inputs.services), len(inputs.roles)
    c[terms.CELLS], c[terms.SKILL_COUNT] = inputs.cells, len(inputs.skills)
    c[terms.APRILS], c[terms.APRIL_COUNT] = draft.whole(inputs.aprils), inputs.aprils.size
    c[terms.APRIL_YEARS] = draft.whole([calendar.date(s).year for s in inputs.aprils.tolist()])
    c[terms.PAY_FROM], c[terms.PAY_TABLES] = (
        draft.whole(parameters.pay_from),
        len(parameters.pay_from),
    )
    c[terms.PAY_ROWS] = inputs.pay_annual.size
    c[terms.PAY_AT] = draft.record(inputs.pay_annual.size, len(parameters.pay_from))
    c[terms.NO_EVENT_KEY] = _signed(draws.text_key(""))
    opening = _opening(inputs.posts, inputs.people, inputs.assignments, inputs.opening_holders)
    _lower_statute(draft)
    conversions = lower_roles(draft, opening)
    rates = _lower_tables(draft, parameters)
    lower_policies(draft)
    lower_events(draft)
    lower_pipelines(draft)
    roles = c[terms.ROLE_AT] + terms.ROLE_WIDTH * np.arange(len(inputs.roles))
    numbers = np.array(c)[roles + terms.NUMBERS]
    return Lowered(
        draft.finish(),
        opening.array,
        rates,
        conversions,
        numbers + terms.CONVERSION,
        numbers[:, None] + terms.ROUTES + np.arange(len(ROUTES)),
    )


def _signed(key: np.uint64) -> int:
    return int(np.uint64(key).astype(np.int64))


def _lower_statute(draft: Draft) -> None:
    statute = draft.inputs.statute
    at = draft.record(terms.FIGURE_WIDTH, len(STEERING))
    draft.c[terms.STATUTE_AT] = at
    for number, name in enumerate(STEERING):
        times, values = statute.steps[name]
        if name == "redundancy_week_cap_gbp":
            values = [float(np.floor(value * 100 + 0.5)) for value in values]  # pence
        figure = at + number * terms.FIGURE_WIDTH
        draft.c[figure + terms.FIGURE_TIMES] = draft.whole(times)
        draft.c[figure + terms.FIGURE_COUNT] = len(times)
        place = draft.other(len(values))
        draft.c[figure + terms.FIGURE_VALUES] = place
        draft.f[place : place + len(values)] = values


def _lower_tables(draft: Draft, parameters: Parameters) -> tuple[int, int]:
    """Room for the rates, effects and limits; where the whole numbers and the others of the rates
    begin."""
    c, rates, effects = draft.c, parameters.rates, parameters.effects
    c[terms.RATE_SHAPES] = draft.whole([rates.service_edge.shape[1], rates.age_edge.shape[1]])
    sizes = (rates.service_bands, rates.service_edge, rates.age_bands, rates.age_edge)
    whole = c[terms.RATE_WHOLES] = draft.record(sum(table.size for table in sizes))
    tables = (rates.factor, rates.resignation, rates.other, rates.retirement,
              rates.service_multiplier, rates.age_multiplier)  # fmt: skip
    others = c[terms.RATE_NUMBERS] = draft.other(sum(table.size for table in tables))
    for place, name in _EFFECTS:
        c[place] = draft.other(getattr(effects, name).size)
    for place, name in _LIMITS:
        c[place] = draft.record(getattr(effects, name).size)
    c[terms.RECRUITERS] = draft.record(effects.recruiters.size)
    return whole, others


@dataclass
class Opening:
    """The opening workforce as one array, and where each role's lists in it begin and how long
    they are."""

    array: np.ndarray
    like: list[tuple[int, int]]


def _opening(
    posts: OpeningPosts,
    people: OpeningPeople,
    seats: OpeningAssignments,
    holders: list[np.ndarray],
) -> Opening:
    head = [posts.key.size, people.key.size, seats.person.size, 0, 0, 0]
    parts = [np.zeros(len(head), np.int64)]
    place = len(head)
    for number, (table, columns) in enumerate(
        ((posts, _POSTS), (people, _PEOPLE), (seats, _SEATS))
    ):
        head[3 + number] = place
        for name in columns:
            column = getattr(table, name)
            parts.append(column.astype(np.uint64 if name == "key" else np.int64).view(np.int64))
            place += column.size
    like, written = [], {}
    for rows in holders:
        if id(rows) not in written:
            written[id(rows)] = place
            parts.append(rows.astype(np.int64))
            place += rows.size
        like.append((written[id(rows)], rows.size))
    array = np.concatenate(parts)
    array[: len(head)] = head
    return Opening(array, like)
