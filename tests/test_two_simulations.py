"""Two simulations, one truth: the compiled one writes the reference's ledger, to the byte."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from generated import Case, cases, priced, sized
from hypothesis import given
from small import document, inputs_of

from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario
from wfmodel.simulation.compiled import simulate as compiled
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.reference import simulate as reference
from wfmodel.workforce import load_workforce

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SHIPPED = sorted(
    path for path in SCENARIOS.glob("*/[!_]*.yaml") if not path.name.endswith(".sweep.yaml")
)


def both(
    inputs: Inputs, replication: int | tuple[int, int, int], seed: int = 1
) -> tuple[Ledger, Ledger]:
    """One replication by the reference and by the compiled simulation."""
    unknowns = replication if isinstance(replication, int) else replication[0]
    vector = inputs.numbers.draw(seed, unknowns)
    return (
        reference(inputs, vector, replication, seed),
        compiled(inputs, vector, replication, seed),
    )


def halfway_priced(case: Case) -> Case:
    """Every other case with money and work in it, so that sickness and experience press too."""
    return priced(case) if case.seed % 2 else case


def difference(one: Ledger, other: Ledger) -> str:
    """Nothing where two ledgers are the same to the byte; else the first movement that differs,
    and what led to it for its person and post."""
    size = min(one.movements.size, other.movements.size)
    unequal = np.flatnonzero(one.movements[:size] != other.movements[:size])
    if unequal.size or one.movements.size != other.movements.size:
        row = int(unequal[0]) if unequal.size else size
        return "\n".join(
            f"{name}, movement {row} of {ledger.movements.size}:\n{_story(ledger, row)}"
            for name, ledger in (("reference", one), ("compiled", other))
        )
    for name in ("movements", "people", "posts"):
        if getattr(one, name).tobytes() != getattr(other, name).tobytes():
            return f"the tables of {name} differ"
    return ""


def _story(ledger: Ledger, row: int) -> str:
    """The movement in words, after all before it that are about its person or post."""
    moves = ledger.movements
    if row >= moves.size:
        return "none"
    about = np.zeros(moves.size, dtype=bool)
    for column in ("person", "post", "from_post"):
        if moves[row][column] >= 0:
            columns = ("post", "from_post") if column != "person" else ("person",)
            for own in columns:
                about |= moves[own] == moves[row][column]
    about[row], about[row + 1 :] = True, False
    return ledger.table()[about].tail(12).to_string()


@sized(500)
@given(cases().map(halfway_priced))
def test_both_simulations_write_the_same_ledger(case: Case) -> None:
    assert difference(*both(case.inputs(), case.replication)) == ""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_simulations_write_the_same_ledger_of_every_shipped_scenario(path: Path) -> None:
    scenario = load_scenario(path)
    inputs = lower(scenario, load_workforce(scenario))
    for replication in range(2):
        assert difference(*both(inputs, replication)) == ""


def small_council() -> Inputs:
    """A hundred posts that fill and empty."""
    role = {
        "notice_weeks": 4,
        "attrition": {"resignation": {"annual_hazard": 0.6}},
        "recruitment": {"time_to_hire_days": {"varies": {"exponential": {"mean": 30}}}},
        "probation": {"months": 6, "pass_probability": 0.9},
        "agency": {"cover_probability": 0.5, "lag_days": 5},
    }
    groups = {"a": {"service": "front", "role": "worker", "posts": 100, "filled": 90}}
    return inputs_of(
        document({"workforce": {"groups": groups}, "roles": {"worker": role}}, months=24)
    )


@pytest.mark.parametrize("replication", [(3, 5, 7), (7, 5, 3), 2**40])
def test_chance_and_market_may_have_replications_of_their_own(replication) -> None:
    assert difference(*both(small_council(), replication)) == ""


@pytest.mark.parametrize("seed", [0, 2**62])
def test_seeds_at_their_bounds_make_the_same_ledger(seed: int) -> None:
    assert difference(*both(small_council(), 0, seed)) == ""


def test_a_run_that_needs_more_room_than_was_expected_is_done_again() -> None:
    inputs = small_council()
    expected = both(inputs, 0)[0]
    runs = inputs._runs  # type: ignore[attr-defined]
    runs.room = {name: max(size // 64, 1) for name, size in runs.room.items()}
    runs.room |= {"moves": runs.start.moves.size, "people": runs.start.people.size}
    runs.room |= {"posts": runs.start.posts.size}
    runs.forget()
    again = compiled(inputs, inputs.numbers.draw(1, 0), 0, 1)
    assert difference(expected, again) == ""
    assert runs.room["moves"] >= expected.movements.size


def test_inputs_that_another_process_is_given_hold_nothing_that_was_made_ready_here() -> None:
    inputs = small_council()
    vector = inputs.numbers.draw(1, 0)
    expected = compiled(inputs, vector, 0, 1)
    given = pickle.loads(pickle.dumps(inputs))
    assert [name for name in vars(inputs) if name.startswith("_")]
    assert not [name for name in vars(given) if name.startswith("_")]
    assert difference(expected, compiled(given, vector, 0, 1)) == ""


def test_a_ledger_does_not_change_when_the_next_replication_runs() -> None:
    inputs = small_council()
    first = compiled(inputs, inputs.numbers.draw(1, 0), 0, 1)
    kept = first.movements.copy(), first.people.copy(), first.posts.copy()
    compiled(inputs, inputs.numbers.draw(1, 1), 1, 1)
    for table, before in zip((first.movements, first.people, first.posts), kept, strict=True):
        assert table.tobytes() == before.tobytes()


def test_a_statute_without_a_figure_yet_is_an_error_that_names_it() -> None:
    inputs = inputs_of(
        document(
            {
                "workforce": {"groups": {"a": {"service": "front", "role": "worker", "posts": 5}}},
                "change_events": {
                    "cut": {"kind": "delete", "implemented": "1950-06-01", "posts": 5}
                },
            },
            start="1950-04-01",  # type: ignore[arg-type]
        )
    )
    vector = inputs.numbers.draw(1, 0)
    with pytest.raises(InputError) as one:
        reference(inputs, vector, 0, 1)
    with pytest.raises(InputError) as other:
        compiled(inputs, vector, 0, 1)
    assert str(one.value) == str(other.value)
