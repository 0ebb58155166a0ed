"""Reproduce: run a stored scenario again from its manifest, and see whether the same comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wfmodel import experiment
from wfmodel.results import manifest, store

AGREES, DIFFERS = "agrees", "differs"


@dataclass(frozen=True)
class Reproduced:
    """``files`` says of each file of results whether it agrees; ``changed`` what is otherwise than
    it was then, a line each.
    """

    files: dict[str, str]
    changed: list[str]

    @property
    def agrees(self) -> bool:
        """Whether everything does."""
        return set(self.files.values()) == {AGREES}


def reproduce(
    folder: Path,
    *,
    jobs: int = 1,
    simulation: str = experiment.DEFAULT,
    progress: Callable[[int, int], None] | None = None,
) -> Reproduced:
    """Simulate again what a folder's manifest says, the resolved scenario and its replications,
    and compare the hashes; raises InputError where the manifest can't be read or run.
    """
    about = manifest.read(folder)
    scenario = manifest.scenario_of(about)
    numbers = [n if isinstance(n, int) else tuple(n) for n in about["replications"]]
    results = experiment.run(scenario, numbers, about["seed"], jobs, simulation, progress=progress)
    files = {
        name: AGREES if about["outputs"].get(name) == digest else DIFFERS
        for name, digest in store.output_hashes(results).items()
    }
    return Reproduced(files, changed_since(about))


def changed_since(about: dict[str, Any], *, scenario: bool = True) -> list[str]:
    """What is otherwise than it was when a manifest was written: files that were read (without the
    ``scenario``'s own, if so wished) and versions.
    """
    found = []
    for name, digest in about["inputs"].items():
        path = Path(name)
        if not scenario and about["path"] and path.resolve() == Path(about["path"]).resolve():
            continue
        if not path.is_file():
            found.append(f"{name} is not here any more")
        elif manifest.file_hash(path) != digest:
            found.append(f"{name} has changed")
    now = manifest.versions()
    for name, before in about["versions"].items():
        if now.get(name) != before:
            found.append(f"{name} was {before}, is {now.get(name)}")
    return found
