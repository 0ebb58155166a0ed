"""Disclosure: what is published of small groups can't be worked out by whoever reads all of it."""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from attacker import ENOUGH, adds_up, column_placed, equal, hidden, possible

from wfmodel.reporting.disclosure.attack import Attacker, Relation
from wfmodel.reporting.disclosure.folding import folded
from wfmodel.reporting.disclosure.groups import COLUMNS, by_characteristic
from wfmodel.reporting.disclosure.rule import EVERYTHING, HELD, Rule
from wfmodel.reporting.disclosure.suppression import suppressed

RULE = Rule(5, 10, 5)
WIDTH = len(COLUMNS)


def tables(number: int, seed: int) -> list[np.ndarray]:
    """Counts of two to seven groups, a few of them small."""
    rng = np.random.default_rng(seed)
    return [rng.choice((0, 1, 2, 4, 6, 9, 30, 200), n, p=(0.1, 0.15, *[0.125] * 6)).astype(float)
            for n in rng.integers(2, 8, number)]  # fmt: skip


def exposed(values: np.ndarray, rule: Rule, *, secondary: bool = True) -> int:
    """Hidden cells of a table with a known total that have too few possible values."""
    total = [Relation.total(range(len(values)), values.sum())] if secondary else []
    found = suppressed(values, total, rule, whole=True)
    texts = [found.text(cell) for cell in range(len(values))]
    bounds = column_placed(texts, rule.threshold, rule.rounding)
    known = [adds_up(range(len(values)), values.sum())]
    return sum(
        possible(bounds, known, cell, values[cell], whole=True) < ENOUGH
        for cell, text in enumerate(texts)
        if hidden(text)
    )


@pytest.mark.parametrize("rule", [RULE, Rule(5, 10, 1), Rule(10, 10, 5)], ids=str)
def test_every_hidden_count_has_three_possible_values(rule):
    assert sum(exposed(values, rule) for values in tables(40, seed=1)) == 0


def test_the_attacker_finds_what_hiding_the_small_alone_gives_away():
    alone = [exposed(values, Rule(5, 10, 1), secondary=False) for values in tables(40, seed=1)]
    assert sum(alone) > 10


def test_no_small_count_is_written_and_nobody_is_nobody_only_where_all_know_it():
    total = [Relation.total(range(4), 130.0)]
    found = suppressed(np.array([0.0, 3.0, 42.0, 85.0]), total, RULE)
    assert [found.text(cell) for cell in range(4)] == ["fewer than 5"] * 2 + ["40", "85"]
    nobody = suppressed(np.zeros(3), [Relation.total(range(3), 0.0)], RULE)
    assert [nobody.text(cell) for cell in range(3)] == ["0", "0", "0"]


def test_a_single_hidden_count_takes_the_next_smallest_with_it():
    rule = Rule(5, 10, 1)
    found = suppressed(
        np.array([3.0, 85.0, 42.0]), [Relation.total(range(3), 130.0)], rule, whole=True
    )
    assert [found.text(cell) for cell in range(3)] == ["fewer than 5", "85", HELD]


def test_an_attacker_places_a_count_exactly_as_far_as_is_known():
    low, high = np.array([0.0, 8.0, 0.0]), np.array([4.0, 12.0, np.inf])
    attacker = Attacker(low, high, [Relation.total((0, 1), 14.0)])
    assert attacker.interval(0) == pytest.approx((2.0, 4.0), abs=1e-4)
    assert attacker.feasible(0) == 3
    assert attacker.feasible(2) == np.inf
    with pytest.raises(ValueError, match="can have no value"):
        Attacker(low, high, [Relation.total((0, 1), 30.0)]).interval(0)


class Counted:
    """Facts of a scenario of which only mean counts by sex are known, [groups, columns]."""

    def __init__(self, counts: np.ndarray, base: "Counted | None" = None, rule: Rule = RULE):
        self.counts, self.base, self.rule = counts, base, rule
        self.scenario = SimpleNamespace(run=SimpleNamespace(detail=["sex"]))
        self.results = SimpleNamespace(groups_of=lambda dimension: list(range(len(counts))))

    def paths(self, measure: str, dimension: str, group: int) -> np.ndarray:
        return self.counts[None, group, :2]

    def total(self, *names: str, dimension: str, group: int) -> np.ndarray:
        column = {"leavers": 2, "at_risk": 3, "redundancies_compulsory": 4}[names[0]]
        return self.counts[group, [column]]


def family(rng: np.random.Generator) -> list[Counted]:
    """A scenario as today and two plans, in which some groups fare otherwise and others do not."""
    groups = int(rng.integers(2, 6))
    start = rng.choice((1, 3, 8, 12, 40, 300), groups)
    leave = rng.binomial(start, 0.3) + rng.integers(0, 2, groups) / 2
    base = np.stack([start, start - leave + rng.integers(0, 9, groups), leave,
                     np.zeros(groups), np.zeros(groups)], axis=1)  # fmt: skip
    plans = []
    for _ in range(2):
        plan = base.copy()
        for group in np.flatnonzero(rng.random(groups) < 0.6):
            risk = rng.binomial(int(start[group]), 0.2)
            gone = rng.binomial(risk, 0.5)
            plan[group] += (0, -gone, gone, risk, gone)
        plan[:, 1] = np.maximum(plan[:, 1], 0)
        plans.append(plan)
    today = Counted(base)
    return [today, *(Counted(plan, today) for plan in plans)]


def attacked(scenarios: list[Counted]) -> tuple[int, int]:
    """Hidden counts of some scenarios, and those among them with too few possible values.

    The attacker knows all totals, and which columns are the same in two of the scenarios.
    """
    bounds, known, texts, truths = [], [], [], []
    for one in scenarios:
        first = len(bounds)
        names, found = by_characteristic(one, "sex")
        texts += [found.text(cell) for cell in range(len(found.values))]
        truths += found.values.tolist()
        own = [(0.0, np.inf)] * len(found.values)
        for column in range(WIDTH):
            written = texts[first + column :: WIDTH]
            own[column::WIDTH] = column_placed(written, RULE.sensitive, RULE.rounding)
        bounds += own
        for column in range(WIDTH):
            cells = range(first + column, len(bounds), WIDTH)
            total = sum(truths[cell] for cell in cells)
            least = RULE.threshold  # a council's count below it is hidden wherever it stands
            small = (dict.fromkeys(cells, 1.0), 0.0, least - 1e-4)
            known.append(small if RULE.small(total) else adds_up(cells, total))
        for row in range(first, len(bounds), WIDTH):
            known.append(({row + 1: 1.0, row + 2: 1.0, row: -1.0}, -1e-4, np.inf))
        assert names == list(range(len(one.counts)))
    size = len(bounds) // len(scenarios)
    for first, second in combinations(range(0, len(bounds), size), 2):
        for column in range(WIDTH):
            pairs = [(first + n, second + n) for n in range(column, size, WIDTH)]
            if all(truths[one] == truths[other] for one, other in pairs):
                known += [equal(*pair) for pair in pairs]
    cells = [cell for cell, text in enumerate(texts) if hidden(text)]
    found = [possible(bounds, known, cell, truths[cell]) < ENOUGH for cell in cells]
    return len(cells), sum(found)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hidden_in_a_family_of_scenarios_can_be_placed(seed):
    rng = np.random.default_rng(seed)
    cells = exposed_ = 0
    for _ in range(2):
        tried, found = attacked(family(rng))
        cells, exposed_ = cells + tried, exposed_ + found
    assert cells > 10
    assert exposed_ == 0


def test_what_the_base_hides_is_hidden_in_its_variants():
    start = np.array([300.0, 9.0, 40.0])
    flat = np.stack([start, start, 0 * start, 0 * start, 0 * start], axis=1)
    plan = flat.copy()
    plan[1, 1] = 30.0
    _, found = by_characteristic(Counted(plan, Counted(flat)), "sex")
    assert found.text(WIDTH + 1) == HELD
    _, alone = by_characteristic(Counted(plan), "sex")
    assert alone.text(WIDTH + 1) == "30"


def test_an_analyst_sees_everything():
    counts = np.array([[3.0, 2.5, 0.5, 0, 0], [44.0, 41.2, 2.8, 0, 0]])
    _, found = by_characteristic(Counted(counts, rule=EVERYTHING), "sex")
    assert [found.text(cell) for cell in range(3)] == ["3", "2", "0"]
    assert EVERYTHING.people(2.6) == "2.6"
    assert EVERYTHING.rounded(2.6) == 2.6
    assert not EVERYTHING.small(2.6)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (0.1, "fewer than 5"), (4.99, "fewer than 5"), (5.0, "5"), (7.3, "7")],
)
def test_a_mean_number_of_people_is_written_as_the_rule_has_it(value, written):
    assert RULE.people(value) == written
    assert RULE.strict.people(9.9) == "fewer than 10"


def test_small_kinds_of_a_flow_are_told_as_one_that_is_not_small():
    parts = {"a": np.array([9.0, 8.0]), "b": np.array([7.0, 2.0]), "other": np.array([1.0, 0.0])}
    kept = folded(parts, "other", RULE)
    assert set(kept) == {"other"}
    assert kept["other"].tolist() == [17.0, 10.0]
    assert folded(parts, "other", EVERYTHING) == parts
