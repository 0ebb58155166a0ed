"""What the documents point at exists, what they show is so, and their examples run."""

import ast
import doctest
import importlib.util
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import wfmodel as wf
from wfmodel.errors import InputError
from wfmodel.scenario import load_scenario
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.shape import alternatives, fields, parts
from wfmodel.simulation.inputs import lower
from wfmodel.simulation.ledger import KINDS
from wfmodel.simulation.order import STREAMS
from wfmodel.simulation.reference import simulate
from wfmodel.workforce import load_workforce
from wfmodel.workforce.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
SCENARIOS = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`((?:wfmodel|tests|data|docs|tools|notebooks|scenarios)/[^`\s]+)`")
KEY = re.compile(
    r"`((?:roles|policies|change_events|pipelines|labour_market|demand|budget|workforce|run|horizon)"
    r"\.[^`\s]+)`"
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def section(text: str, heading: str) -> str:
    """The part of a document under a heading of the second level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found is not None, heading
    return found[1]


def places(text: str) -> Iterator[str]:
    """Files (with ``::name`` where one is given) that a document names; patterns are left out."""
    yield from (place for place in PLACE.findall(text) if not re.search(r"[<*]", place))


@cache
def names_in(path: Path) -> set[str]:
    """Functions, classes, methods and constants of a Python file."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (inner for inner in node.body if isinstance(inner, ast.FunctionDef))
            found.update(f"{node.name}.{method.name}" for method in methods)
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        found.update(
            name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
        )
    return found


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_file_and_name_that_a_document_points_at_exists(document):
    wrong = []
    for place in places(document.read_text(encoding="utf-8")):
        file, _, name = place.partition("::")
        path = ROOT / file
        if not path.exists() or (name and name not in names_in(path)):
            wrong.append(place)
    assert not wrong


def test_the_model_document_points_at_code_and_at_tests():
    found = list(places(MODEL))
    assert sum(place.startswith("wfmodel/") for place in found) > 60
    assert sum("::test_" in place for place in found) > 30


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        path = document.parent / file if file else document
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_anchor(heading) for heading in headings}, target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_computed_examples_give_what_is_shown(document):
    code = "\n".join(
        body
        for kind, body in FENCE.findall(document.read_text(encoding="utf-8"))
        if kind == "python"
    )
    example = doctest.DocTestParser().get_doctest(code, {}, document.name, str(document), 0)
    assert doctest.DocTestRunner().run(example).failed == 0


# --- the scenario format


def steps_of(annotation: Any, key: str) -> list[Any]:
    """The types under ``key`` in any of the parts and mappings that ``annotation`` allows."""
    found = []
    for kind, _ in alternatives(annotation):
        if isinstance(kind, type) and kind in parts(kind):
            found += [fields(kind)[key]] if key in fields(kind) else []
        elif getattr(kind, "__origin__", None) is dict:
            found.append(kind.__args__[1])
        elif getattr(kind, "__origin__", None) is list and key == "[]":
            found.append(kind.__args__[0])
    return found


def is_key(path: str) -> bool:
    """Whether the format has a key at a dotted path; ``<name>`` stands for any name."""
    reached: list[Any] = [Scenario]
    for step in re.sub(r"\[\]", ".[]", path).split("."):
        reached = [inner for annotation in reached for inner in steps_of(annotation, step)]
    return bool(reached)


def test_keys_that_the_documents_name_are_keys_of_the_format():
    named = {key for text in (MODEL, SCENARIOS) for key in KEY.findall(text)}
    assert len(named) > 40
    assert not sorted(key for key in named if not is_key(key))


def every_key(annotation: Any, seen: set[type]) -> Iterator[str]:
    """Every key of the format."""
    for kind, _ in alternatives(annotation):
        if isinstance(kind, type) and kind in parts(kind):
            if kind not in seen:
                seen.add(kind)
                for key, inner in fields(kind).items():
                    yield key
                    yield from every_key(inner, seen)
        else:
            for argument in getattr(kind, "__args__", ()):
                yield from every_key(argument, seen)


def test_every_key_of_the_format_is_in_the_page_on_scenarios():
    words = set(re.findall(r"[a-z0-9_]+", SCENARIOS))
    assert not sorted({key for key in every_key(Scenario, set()) if key not in words})


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """The scenario files shown, each under its name."""
    folder = tmp_path_factory.mktemp("examples")
    for kind, body in FENCE.findall(SCENARIOS):
        if kind == "yaml":
            named = re.match(r"# file: (\S+)\n", body)
            assert named is not None, body
            (folder / named[1]).write_text(body, encoding="utf-8")
    return folder


SHOWN = re.findall(r"^# file: (\S+)$", SCENARIOS, re.MULTILINE)


@pytest.mark.parametrize("file", [name for name in SHOWN if name != "wrong.yaml"])
def test_scenarios_shown_are_sound_and_run(examples, file):
    scenario = load_scenario(examples / file)
    inputs = lower(scenario, load_workforce(scenario))
    ledger = simulate(inputs, inputs.numbers.draw(1, 0), 0, 1)
    kinds = set(ledger.table()["kind"])
    expected = {
        "freeze.yaml": "post_held",
        "with_agency.yaml": "agency_start",
        "reduce.yaml": "post_held",
    }
    expected |= {"restructure.yaml": "redeployed", "apprentices.yaml": "intake"}
    assert {"opening", "leaver", expected.get(file, "starter")} <= kinds


def test_a_council_brought_by_its_guide_runs_to_its_targets(tmp_path):
    guide = (ROOT / "docs" / "your_council.md").read_text(encoding="utf-8")
    bodies = [body for kind, body in FENCE.findall(guide) if kind == "yaml"]
    for body in bodies:
        named = re.match(r"# file: (\S+)\n", body)
        assert named is not None, body
        (tmp_path / named[1]).write_text(body, encoding="utf-8")
    names = ("baseline", "plan")
    scenarios = [load_scenario(tmp_path / f"{name}.yaml") for name in names]
    results = wf.run(scenarios, replications=20)
    heads = [results.run(name).series("headcount")[:, 0].tolist() for name in names]
    assert heads == [[66.0] * 20] * 2, "as many as the guide says"
    assert results.targets("plan")["probability"].between(0, 1).all()
    assert results.run("plan").series("pipeline_intake")[:, 1:].sum(axis=1).tolist() == [9.0] * 20


def test_mistakes_shown_get_the_messages_shown(examples):
    said = section(SCENARIOS, "What a mistake looks like")
    shown = next(body for kind, body in FENCE.findall(said) if kind == "text").splitlines()
    with pytest.raises(InputError) as caught:
        load_scenario(examples / "wrong.yaml")
    assert [str(p).replace(f"{examples}/", "") for p in caught.value.problems] == shown


# --- lists that must be whole


def test_every_kind_of_movement_is_in_the_chapter_on_the_ledger():
    chapter = section(MODEL, "9. The ledger")
    assert not [kind for kind in KINDS if f"`{kind}`" not in chapter]


def test_every_stream_of_luck_is_named():
    chapter = section(MODEL, "4. Design concepts")
    assert not [stream for stream in STREAMS if f"`{stream}`" not in chapter]


def test_statutory_rules_that_the_code_reads_are_those_listed():
    chapter = section(MODEL, "8. Statutory rules")
    listed = {
        name
        for row in re.findall(r"^\| (`.*?) \|", chapter, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    rules = set(load_rules().book.rules)
    assert listed <= rules
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "wfmodel").rglob("*.py"))
    quoted = {name for name in rules if f'"{name}"' in code}
    by_size = {
        name for name in rules if re.fullmatch(r"consultation_(small|large)_(from|days)", name)
    }
    assert listed == quoted | by_size


def measures_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "measures_page", ROOT / "tools" / "measures_page.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_measures_is_up_to_date():
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    assert page == measures_tool().page(), "run python tools/measures_page.py"


def test_a_place_that_does_not_exist_is_noticed(tmp_path):
    shutil.copy(ROOT / "wfmodel" / "units.py", tmp_path / "units.py")
    assert {"pence", "Calendar", "Calendar.seconds", "DAY"} <= names_in(tmp_path / "units.py")
    assert "shillings" not in names_in(tmp_path / "units.py")
    assert not is_key("roles.<role>.notice_days")
    assert is_key("pipelines.<name>.stages[].months")
