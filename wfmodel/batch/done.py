"""Done: a scenario whose manifest stands, with the inputs of today and every file as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from wfmodel.batch.output import write_atomically
from wfmodel.batch.work import Work
from wfmodel.errors import InputError
from wfmodel.results import manifest
from wfmodel.results.manifest import MANIFEST, file_hash


def seal(
    run_dir: Path,
    work: Work,
    executed: nbformat.NotebookNode,
    change: Callable[[dict[str, Any]], None] = lambda about: None,
) -> None:
    """Write a run's manifest anew, the last of its files: now it answers for the pages too.

    ``change`` is made to what it says before. ``report`` is a hash of what the report shows but for
    its last cell, which says when it was made: like the results it is the same whenever the same is
    run.
    """
    about = manifest.read(run_dir)
    known = {*about["outputs"], MANIFEST}
    found = {name: digest for name, digest in hashes(run_dir).items() if name not in known}
    pages = {name: digest for name, digest in found.items() if name.startswith("report.")}
    about["outputs"] |= {name: digest for name, digest in found.items() if name not in pages}
    change(about)
    about |= {
        "depends_on": work.inputs,
        "base": work.base,
        "report": _shown(executed),
        "pages": pages,
    }
    write_atomically(run_dir / MANIFEST, manifest.sealed(about))


def standing(folder: Path, work: Work) -> tuple[dict[str, str], str]:
    """The hash of every file of a scenario that is done; none, and why, where it is not."""
    try:
        about = manifest.read(folder)
    except InputError as error:
        return {}, str(error)
    before = about.get("depends_on", {})
    changed = [name for name, value in work.inputs.items() if before.get(name) != value]
    if changed:
        return {}, f"changed: {', '.join(changed)}"
    files = hashes(folder)
    wanted = manifest.files(about)
    damaged = [name for name, digest in wanted.items() if files.get(name) != digest]
    if damaged:
        return {}, f"damaged: {', '.join(damaged)}"
    return {name: files[name] for name in (*wanted, MANIFEST)}, ""


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file in a folder, by name."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def tidied(executed: nbformat.NotebookNode, told: Mapping[str, object]) -> nbformat.NotebookNode:
    """The notebook without what differs from run to run: times, and the folder it ran in.

    ``told`` are its parameters as they are true for whoever finds it in its folder.
    """
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        cell["id"] = f"cell-{number}"
        if "injected-parameters" in cell.metadata.get("tags", []):
            lines = [f"{name} = {value!r}" for name, value in told.items()]
            cell.source = "\n".join(["# Parameters", *lines])
    return executed


def _shown(executed: nbformat.NotebookNode) -> str:
    """A hash of the cells and what they show, without the last and without warnings."""
    cells = [(cell.source, cell.get("outputs", [])) for cell in executed.cells[:-1]]
    shown = [
        (source, [output for output in outputs if output.get("name") != "stderr"])
        for source, outputs in cells
    ]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
