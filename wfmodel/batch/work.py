"""The work of a batch: which scenarios, compared with which base, and what each depends on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

from wfmodel.batch.failing import published
from wfmodel.batch.ready import reportable
from wfmodel.errors import InputError, Problem
from wfmodel.reporting.family import root_of
from wfmodel.results import manifest
from wfmodel.scenario.reading import find_scenarios, load_scenario
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.sweep import address

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Work:
    """One scenario to report on.

    ``base`` is the name of the scenario it is compared with, blank for a base itself; ``inputs``
    are hashes of all that could change the report, ``files`` all that it is read from
    and ``rules`` the statutory ones.
    """

    name: str
    title: str
    status: str
    path: Path
    base: str
    replications: int
    seed: int
    inputs: dict[str, str | int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    rules: Path = PACKAGE

    @cached_property
    def key(self) -> str:
        """One hash of all inputs."""
        return hashlib.sha256(json.dumps(self.inputs, sort_keys=True).encode()).hexdigest()


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
    planned = _Plan(replications, seed, hashlib.sha256(notebook).hexdigest())
    for path in find_scenarios(list(paths)):
        try:
            planned.add(path)
        except InputError as error:
            bad = Refused(path, tuple(str(p) for p in error.problems))
            said = [(address(one.path)[0], one.reasons) for one in refused]
            if (address(path)[0], bad.reasons) not in said:  # a sweep's scenarios fail alike
                refused.append(bad)
    works = sorted(planned.works.values(), key=lambda work: bool(work.base))
    if not works:
        raise InputError([Problem("", published(reason)) for r in refused for reason in r.reasons])
    _check_names(works)
    return works, refused


class _Plan:
    """Work as it is found, by the scenario's address. Of the scenarios only bases are kept."""

    def __init__(self, replications: int | None, seed: int | None, notebook: str) -> None:
        self.replications, self.seed, self.notebook = replications, seed, notebook
        self.works: dict[str, Work] = {}
        self._above = cache(load_scenario)
        self._hash = cache(manifest.file_hash)

    def add(self, path: Path) -> None:
        """Take up a scenario and its base; raises InputError where one of them can't be run."""
        scenario = load_scenario(path)
        base = root_of(scenario, self._above)
        above = None if base is scenario else self._work(base, base, None)
        self._work(scenario, base, above)

    def _work(self, scenario: Scenario, base: Scenario, above: Work | None) -> Work:
        place = os.path.realpath(scenario.address)
        if place not in self.works:
            self.works[place] = self._made(scenario, base, above)
        return self.works[place]

    def _made(self, scenario: Scenario, base: Scenario, above: Work | None) -> Work:
        ready = reportable(scenario)
        count = base.run.replications if self.replications is None else self.replications
        luck = base.run.seed if self.seed is None else self.seed
        said = [scenario.model_dump_json(by_alias=True), manifest.shared(scenario)]
        inputs: dict[str, str | int] = {
            "scenario": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
            **{f"data {p.name}": self._hash(p) for p in ready.workforce.input_files},
            "replications": count,
            "seed": luck,
            "notebook": self.notebook,
            "base": above.key if above else "",
            "package": package_hash(),
        }
        return Work(
            name=scenario.name,
            title=scenario.title,
            status=scenario.status,
            path=Path(scenario.address).absolute(),
            base=above.name if above else "",
            replications=count,
            seed=luck,
            inputs=inputs,
            files=(*scenario.files, *ready.workforce.input_files),
            rules=ready.rules.path,
        )


def _check_names(works: Iterable[Work]) -> None:
    seen: dict[str, Work] = {}
    problems = []
    for work in works:
        if other := seen.get(work.name):
            problems.append(
                Problem(
                    f"{work.path}: name",
                    f"{work.name} is also the name of {other.path}; "
                    "each needs its own, since its results go into a folder of that name",
                )
            )
        seen.setdefault(work.name, work)
    if problems:
        raise InputError(problems)


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
