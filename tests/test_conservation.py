"""Nobody appears from nowhere and nothing is lost: invariants over generated scenarios."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from generated import Case, case, cases, sized
from hypothesis import given
from replay import Replay
from small import again

from wfmodel.scenario.absence import ABSENCE_KINDS
from wfmodel.scenario.hours import HOURS_KINDS
from wfmodel.scenario.policies import RecruitmentEffort, Redeployment
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import CAUSES, KIND, KINDS, OUTSIDE, Ledger
from wfmodel.simulation.parameters import realise
from wfmodel.simulation.reference.council import Council
from wfmodel.simulation.reference.state import CAMPAIGN, HELD, QUEUED

COMES = ("starter", "intake", "transferred_in", "opening")
GOES = ("leaver", "dropped_out", "redundant", "voluntary_exit", "transferred_out")
NOT_MOVED = (
    "notice_given", "agency_start", "agency_end", "post_created", "post_deleted", "absence_start",
    "absence_end", "cover_start", "cover_end",
)  # fmt: skip


def ended(case: Case) -> tuple[Inputs, Council, Ledger, Replay]:
    """A case that has run to its horizon, with the council as it stood then."""
    inputs = case.inputs()
    vector = inputs.numbers.draw(1, case.replication)
    council = Council(inputs, realise(inputs, vector, 1, case.replication), 1, case.replication)
    ledger = council.run(case.replication, 1)
    return inputs, council, ledger, Replay(ledger, inputs.calendar.month_starts)


@sized(40)
@given(cases())
def test_every_movement_follows_from_those_before_it(case):
    assert ended(case)[3].wrong == []


@pytest.mark.slow
@sized(1000)
@given(cases())
def test_every_movement_follows_from_those_before_it_in_many_scenarios(case):
    assert ended(case)[3].wrong == []


@sized(30)
@given(cases())
def test_what_the_council_believes_at_the_end_is_what_its_ledger_says(case):
    inputs, council, _, found = ended(case)
    assert found.wrong == []
    _same_posts(council, found)
    _same_people(inputs, council, found)
    in_state = Counter(vacancy.state for vacancy in council.vacancies.open.values())
    assert council.vacancies.recruiting == found.campaigns == in_state[CAMPAIGN]
    assert len(council.vacancies.queue) == in_state[QUEUED]
    assert sum(len(control.held) for control in council.controls.controls) == in_state[HELD]
    assert council.pool.coaching == found.coaches
    assert set(council.pool.people) == {p.index for p in council.staff.people if p.pool}
    supervision: Counter[int] = Counter()
    for person in council.staff.people:
        if person.trainee is not None and not person.gone:
            supervision[person.trainee.pipeline] += person.trainee.supervision
    for pipeline, used in enumerate(council.intakes.supervised):
        assert used == supervision[pipeline]


def _same_posts(council: Council, found: Replay) -> None:
    effects, segment = council.parameters.effects, council.segment
    for post, seen in zip(council.posts, found.posts, strict=True):
        assert (post.cell, post.deleted) == (seen.cell, not seen.alive)
        assert post.filled == sum(seen.seats.values()) == sum(seat.fte for seat in post.seats)
        assert (post.vacancy is not None and post.vacancy.state == HELD) == seen.held
        acting = post.vacancy.acting if post.vacancy is not None else None
        assert (acting.person.index if acting else -1) == seen.acted_by
        if post.vacancy is not None:
            assert post.unfilled > 0
        elif not (post.deleted or post.supernumerary):
            smallest = max(effects.smallest_fte[post.cell].max(), 40, 1)
            assert post.unfilled < smallest or effects.smallest_fte[post.cell, segment] != smallest


def _same_people(inputs: Inputs, council: Council, found: Replay) -> None:
    holders: list[set[int]] = [set() for _ in inputs.roles]
    fte = np.zeros(inputs.cells, dtype=np.int64)
    for person, seen in zip(council.staff.people, found.people, strict=True):
        assert person.gone == seen.gone
        if seen.gone:
            continue
        own = sum(f for _, f in seen.seats.values()) + (seen.beside[1] if seen.beside else 0)
        assert person.fte == own
        assert (person.away.cause if person.away else "") == seen.away
        acts_in = person.acting.vacancy.post.index if person.acting else -1
        assert acts_in == seen.acts_in
        for post, part in seen.seats.values():
            fte[found.posts[post].cell] += part
        if seen.beside is not None:
            fte[seen.beside[0]] += seen.beside[1]
        if seen.seats:
            main = found.posts[seen.seats[seen.main][0]].cell
            assert person.cell == main
            holders[main % len(inputs.roles)].add(person.index)
    assert [set(role) for role in council.staff.holders] == holders
    for control in council.controls.controls:
        assert control.fte == fte[np.array(control.scope)].sum()


@sized(30)
@given(cases())
def test_opening_and_all_that_moved_make_the_closing_of_each_role_and_month(case):
    inputs, _, ledger, found = ended(case)
    moves, roles = ledger.movements, len(inputs.roles)
    month = np.searchsorted(inputs.calendar.month_starts, moves["time"], side="right")
    month[moves["kind"] == KIND["opening"]] = 0
    counted = (moves["head"] == 1) & ~np.isin(moves["kind"], [KIND[k] for k in NOT_MOVED])
    flows = np.zeros((roles, inputs.calendar.months + 1), dtype=np.int64)
    total = np.zeros(inputs.calendar.months + 1, dtype=np.int64)
    for move, m in zip(moves[counted], month[counted], strict=True):
        kind, source, target = KINDS[move["kind"]], int(move["source"]), int(move["target"])
        if source >= 0 and kind != "at_risk":
            flows[source % roles, m] -= 1
        if target >= 0:
            flows[target % roles, m] += 1
        if kind in COMES and source == OUTSIDE:
            total[m] += 1
        elif kind in GOES and target == OUTSIDE:
            total[m] -= 1
    closing = np.zeros_like(flows)
    for m, stocks in enumerate(found.stocks):
        if m > 0 or inputs.calendar.months == 0:
            for cell, (heads, _, _) in stocks.items():
                closing[cell % roles, m] += heads
    last = inputs.calendar.months
    assert (flows.sum(axis=1) == closing[:, last]).all()
    assert (flows.cumsum(axis=1)[:, 1:] == closing[:, 1:]).all()
    assert (total.cumsum()[1:] == closing[:, 1:].sum(axis=0)).all()


@sized(30)
@given(cases())
def test_every_trainee_is_accounted_for(case):
    _, _, ledger, found = ended(case)
    interrupted: Counter[int] = Counter()
    training: dict[int, int] = {}
    for move in ledger.movements:
        kind, person = KINDS[move["kind"]], int(move["person"])
        if kind == "intake":
            training[person] = int(move["note"])
        elif kind in ("dropped_out", "qualified"):
            assert training.pop(person) == move["note"]
        elif kind in ("at_risk", *GOES) and person in training:
            interrupted[training.pop(person)] += 1
    left = Counter(training.values())
    for number, counts in found.trainees.items():
        began, ended_so = counts["intake"], counts["dropped_out"] + counts["qualified"]
        assert began - ended_so == left[number] + interrupted[number]
        converts = counts["guaranteed"] + counts["compete"] + counts["not_converted"]
        assert counts["qualified"] == converts


@sized(30)
@given(cases())
def test_recruiters_and_coaches_never_exceed_their_number(case):
    inputs, _, _, found = ended(case)
    policies = inputs.scenario.policies.values()
    always = [p for p in policies if p.start is None and p.end is None]
    for policy in always:
        if isinstance(policy, RecruitmentEffort) and policy.recruiters is not None:
            assert found.most_campaigns <= policy.recruiters
        if isinstance(policy, Redeployment) and policy.coaches is not None:
            assert found.most_coaches <= policy.coaches


@sized(25)
@given(cases(most_months=14))
def test_every_result_is_finite_time_and_repeats_to_the_byte(case):
    inputs = case.inputs()
    one, other = (again(inputs, case.replication).ledger for _ in range(2))
    assert one.movements.tobytes() == other.movements.tobytes()
    assert one.people.tobytes() == other.people.tobytes()
    assert one.posts.tobytes() == other.posts.tobytes()


def test_the_generated_scenarios_reach_every_kind_of_movement_and_every_way_to_be_away():
    away = [("absence_start", kind) for kind in (*ABSENCE_KINDS, "secondment")]
    left = [("leaver", cause) for _, cause in away]
    less = [("hours_changed", kind) for kind in HOURS_KINDS]
    cover = [(f"agency_{turn}", "absence_cover") for turn in ("start", "end")]
    use = [("agency_start", "seconded_in"), ("cover_start", "acting_up")]
    unseen = {*KINDS, *away, *left, *less, *cover, *use}
    for seed in range(100, 400):
        one = case(seed)
        moves = again(one.inputs(), one.replication).ledger.movements
        pairs = np.unique(moves[["kind", "cause"]])
        unseen -= {(KINDS[kind], CAUSES[cause]) for kind, cause in pairs}
        unseen -= {KINDS[kind] for kind, _ in pairs}
        if not unseen:
            break
    assert unseen == set()
