"""The work of a batch: which scenarios, compared with which base, and what each depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from wfmodel.batch.output import file_hash
from wfmodel.batch.ready import reportable
from wfmodel.errors import InputError, Problem
from wfmodel.reporting.family import root_of
from wfmodel.scenario.reading import find_scenarios, load_scenario
from wfmodel.scenario.schema import Scenario

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Work:
    """One scenario to report on.

    ``base`` is the name of the scenario it is compared with, blank for a base itself; ``key``
    changes with anything that could change the report.
    """

    name: str
    title: str
    status: str
    path: Path
    base: str
    replications: int
    seed: int
    key: str


@dataclass(frozen=True)
class Refused:
    """A scenario file that can't be run, and why, a problem a line."""

    path: Path
    reasons: tuple[str, ...]


def plan(
    paths: Iterable[Path], *, replications: int | None, seed: int | None, notebook: bytes
) -> tuple[list[Work], list[Refused]]:
    """The work of a batch, bases first, and the scenarios that can't be run.

    The base of a family is part of the batch even where it was not asked for, since every report
    compares with it, on the same replications and seed. Raises `InputError` where nothing can be
    run, or where two scenarios would share a folder.
    """
    refused: list[Refused] = []
    asked: dict[Path, Scenario] = {}
    bases: dict[Path, Scenario] = {}
    inputs: dict[Path, dict[str, str]] = {}
    for path in find_scenarios(list(paths)):
        try:
            scenario = load_scenario(path)
            base = root_of(scenario)
            inputs[_file(scenario)] = _inputs(scenario)
            inputs[_file(base)] = inputs.get(_file(base)) or _inputs(base)
        except InputError as error:
            refused.append(Refused(path, tuple(str(p) for p in error.problems)))
            continue
        asked[_file(scenario)] = scenario
        bases[_file(base)] = base
    if not asked:
        raise InputError([Problem("", reason) for r in refused for reason in r.reasons])
    everything = {**bases, **asked}
    _check_names(everything)
    works: dict[Path, Work] = {}
    for path, scenario in everything.items():
        base = bases.get(path) or root_of(scenario)
        count = base.run.replications if replications is None else replications
        luck = base.run.seed if seed is None else seed
        above = works[_file(base)] if _file(base) != path else None
        works[path] = Work(
            name=scenario.name,
            title=scenario.title,
            status=scenario.status,
            path=path,
            base=above.name if above else "",
            replications=count,
            seed=luck,
            key=_key(scenario, inputs[path], count, luck, notebook, above.key if above else ""),
        )
    return list(works.values()), refused


def _file(scenario: Scenario) -> Path:
    assert scenario.path is not None
    return scenario.path.resolve()


def _check_names(scenarios: dict[Path, Scenario]) -> None:
    seen: dict[str, Path] = {}
    problems = []
    for path, scenario in scenarios.items():
        if scenario.name in seen:
            problems.append(
                Problem(
                    f"{path}: name",
                    f"{scenario.name} is also the name of {seen[scenario.name]}; "
                    "each needs its own, since its results go into a folder of that name",
                )
            )
        seen.setdefault(scenario.name, path)
    if problems:
        raise InputError(problems)


def _inputs(scenario: Scenario) -> dict[str, str]:
    """Hashes of the files of the opening workforce, of a scenario that can be reported on."""
    return {path.name: file_hash(path) for path in reportable(scenario).workforce.input_files}


def _key(
    scenario: Scenario,
    inputs: dict[str, str],
    replications: int,
    seed: int,
    notebook: bytes,
    base: str,
) -> str:
    """Hash of all that the report depends on."""
    facts = {
        "scenario": json.loads(scenario.model_dump_json(by_alias=True)),
        "inputs": inputs,
        "replications": replications,
        "seed": seed,
        "notebook": hashlib.sha256(notebook).hexdigest(),
        "base": base,
        "package": package_hash(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def package_hash() -> str:
    """Hash of the package's code, templates and statutory rules, and of its version."""
    digest = hashlib.sha256(version("wfmodel").encode())
    places = (PACKAGE, PACKAGE.parent / "data" / "rules")
    kinds = {".py", ".j2", ".css", ".yaml"}
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.suffix in kinds and path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()
