"""The tutorials: what they show runs, and what they name is on screen."""

import re
from pathlib import Path

import numpy as np
import pytest
from exploring import small

import wfmodel as wf
from wfmodel.simulation.reference import adding

ROOT = Path(__file__).resolve().parent.parent
ANALYSTS = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
PLANNERS = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
VIEW = ROOT / "wfmodel" / "exploring" / "view"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", ANALYSTS, re.DOTALL | re.MULTILINE)
FILED = "scenarios/colchester/fit_for_the_future.yaml"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What stands at the end of the analysts' tutorial, told of a small council."""
    path = small(tmp_path_factory.mktemp("tutorial"))
    code = "\n".join(BLOCKS)
    for stated, here in (
        (FILED, str(path)),
        ("policies.hold_a_third.share", "policies.hold.share"),
        ("fte_year_3", "fewer"),
    ):
        assert stated in code
        code = code.replace(stated, here)
    names = {}
    exec(compile(code, "docs/analysts.md", "exec"), names)
    return names


def test_the_tutorial_names_what_the_plan_has():
    plan = wf.load_scenario(ROOT / FILED)
    assert plan.policies["hold_a_third"].share.value > 0
    assert "fte_year_3" in plan.targets


def test_a_process_of_ones_own_moves_the_results_on_common_luck(told):
    table = told["compared"].at(month=told["plan"].horizon.months).set_index("measure")
    assert table.loc["starters"].notna().all()
    starters = told["compared"].difference("starters")
    september = [m for m in range(1, 25) if told["add_months"](
        told["plan"].horizon.start, m - 1).month == 9]  # fmt: skip
    before = np.nansum(starters[:, : september[0]], axis=1)
    assert (before == 0).all()
    assert np.nanmean(starters[:, september[0]]) > 0
    assert told["found"].reached


def test_the_process_is_under_thirty_lines():
    process = next(block for block in BLOCKS if "def september_fair" in block)
    assert len([line for line in process.splitlines() if line.strip()]) < 30


def test_without_a_process_it_is_the_model(tmp_path):
    plan = wf.load_scenario(small(tmp_path))
    for number in range(3):
        own = wf.trace(plan, number, simulation=adding())
        model = wf.trace(plan, number, simulation="compiled")
        assert all(np.array_equal(a, b) for a, b in zip(own.numbers, model.numbers, strict=True))


def test_luck_of_ones_own_changes_no_other(tmp_path):
    def curious(council):
        council.chance("mine", council.staff.people[0].key)
        yield council.clock.at(86_400, 1, 0)
        assert 0 <= council.chance("mine", council.staff.people[0].key) < 1

    plan = wf.load_scenario(small(tmp_path))
    own = wf.trace(plan, 0, simulation=adding(curious))
    model = wf.trace(plan, 0, simulation="reference")
    assert all(np.array_equal(a, b) for a, b in zip(own.numbers, model.numbers, strict=True))


def test_everything_of_the_api_shows_itself(told, tmp_path):
    plan = told["plan"]
    shown = [
        plan, wf.load_workforce(plan), told["with_fair"], told["compared"], told["ledger"],
        told["found"],
    ]  # fmt: skip
    for one in shown:
        html = one._repr_html_()
        assert "<table" in html
        assert "<script" not in html
    counted = told["ledger"].table()["kind"].value_counts()
    assert f"<td>{counted['starter']:,}</td>" in told["ledger"]._repr_html_()


def test_what_the_planners_tutorial_names_is_on_screen():
    source = "\n".join(path.read_text(encoding="utf-8") for path in VIEW.glob("*.py"))
    named = re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", PLANNERS)
    panes = set(re.findall(r"\*\*([A-Z][^*]+)\*\*", PLANNERS)) - {"The sentence"}
    assert len(named) > 8
    for label in (*named, *panes):
        assert f'"{label}"' in source or f">{label}<" in source, label
