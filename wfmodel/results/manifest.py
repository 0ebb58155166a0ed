"""Manifest: what was run, from what and with what, and the hashes of what came out.

It is written last, so that without it there is no result, and it is sealed: its own hash stands in
it, so that a manifest which was changed is known for one.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from wfmodel.errors import InputError
from wfmodel.results.run import Run
from wfmodel.scenario.reading import to_document
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.unknowns import quantities

MANIFEST = "manifest.json"
FORMAT = 3
PACKAGES = ("numpy", "numba", "pandas", "pyarrow", "scipy", "simpy", "pydantic")
SEAL = "sha256"
PASSING = ("seconds", "pages", SEAL)
"""What differs between two runs of the same: the time it took, and the pages, which say when."""
_NEEDED = {
    "scenario", "outputs", "path", "replications", "resolved", "seconds", "seed", "shared",
    "levers",
}  # fmt: skip


def of_run(run: Run, outputs: Mapping[str, str]) -> dict[str, Any]:
    """The manifest of a run whose files have the hashes ``outputs``, not yet sealed."""
    scenario = run.scenario
    read = [Path(file) for file in run.inputs.workforce.input_files]
    read += [run.inputs.rules.path, *([scenario.path] if scenario.path else [])]
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "status": scenario.status,
        "seed": run.seed,
        "replications": [list(n) if isinstance(n, tuple) else n for n in run.numbers],
        "seconds": round(run.seconds, 3),
        "versions": versions(),
        "commit": git_commit(Path(__file__).resolve().parent),
        "inputs": {shown(file): file_hash(file) for file in dict.fromkeys(read)},
        "outputs": dict(outputs),
        "path": str(scenario.path) if scenario.path else None,
        "resolved": to_document(scenario),
        "shared": shared(scenario),
        "levers": scenario.levers,
    }


def versions() -> dict[str, str]:
    """The versions of what results depend on."""
    return {
        "wfmodel": version("wfmodel"),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def sealed(about: Mapping[str, Any]) -> str:
    """The text of a manifest with its own hash in it.

    >>> sealed({"a": 1}) == sealed({"a": 1, "sha256": "of before"})
    True
    """
    bare = {key: value for key, value in about.items() if key != SEAL}
    digest = hashlib.sha256(_text(bare).encode()).hexdigest()
    return _text({**bare, SEAL: digest}) + "\n"


def is_whole(text: str, about: Mapping[str, Any]) -> bool:
    """Whether a text, read as ``about``, is to the letter what was sealed."""
    return SEAL in about and text == sealed(about)


def lasting(about: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says that is the same whenever the same is run."""
    return {key: value for key, value in about.items() if key not in PASSING}


def read(folder: Path) -> dict[str, Any]:
    """The manifest in a folder; raises InputError where there is none, or not what was written."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(
            str(folder), f"holds no run: {MANIFEST} is missing; run the scenario again"
        )
    try:
        text = path.read_text(encoding="utf-8")
        about = json.loads(text)
        known = about["format"] == FORMAT and about.keys() >= _NEEDED
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(str(path), "is not a manifest; run the scenario again") from None
    except OSError as error:
        raise InputError(str(path), f"can't be read ({error.strerror})") from None
    if not known:
        raise InputError(
            str(path), f"is of another format, {FORMAT} is needed; run the scenario again"
        )
    if not is_whole(text, about):
        raise InputError(str(path), "is damaged; run the scenario again")
    return about


def files(about: Mapping[str, Any]) -> dict[str, str]:
    """The hash of every file that belongs to a manifest, by name."""
    return {**about["outputs"], **about.get("pages", {})}


def scenario_of(about: Mapping[str, Any]) -> Scenario:
    """The resolved scenario, with the file against which its own file names are read."""
    scenario = Scenario.model_validate(about["resolved"])
    scenario._path = Path(about["path"]) if about["path"] else None
    scenario._stated.update({path: ("", 0, key) for path, key in about["shared"].items()})
    scenario._levers.update(about["levers"])
    return scenario


def git_commit(folder: Path) -> str | None:
    """The commit that a checkout stands at; None outside one."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(about: Mapping[str, Any]) -> str:
    return json.dumps(about, ensure_ascii=False, allow_nan=False)


def shared(scenario: Scenario) -> dict[str, str]:
    """Where numbers that roles share are stated, by path: what is stated once is drawn once."""
    return {
        path: scenario._stated[path][2]
        for path, quantity in quantities(scenario)
        if quantity.is_unknown and path in scenario._stated and scenario._stated[path][2] != path
    }


def shown(file: Path) -> str:
    """A file's name as a manifest keeps it: relative to the working folder where it lies
    below.
    """
    there = file.resolve()
    here = Path.cwd()
    return (there.relative_to(here) if there.is_relative_to(here) else there).as_posix()
