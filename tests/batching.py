"""Small batches: scenarios of three posts, notebooks of a few cells, and what they leave behind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
import psutil

from wfmodel.results import manifest

PARAMETERS = """\
scenario_path = ""
run_dir = ""
base_run = ""
replications = 5
seed = 1
jobs = 1
"""
WRITE = """\
from wfmodel import experiment
from wfmodel.results import store
from wfmodel.scenario.reading import load_scenario
results = experiment.run(load_scenario(scenario_path), replications, seed)
store.write_run(run_dir, results)
None
"""
BASE = """\
schema: 1
name: {name}
title: {title}
horizon: {{start: 2024-04-01, months: 12}}
run: {{replications: 7, seed: 3}}
workforce:
  groups:
    team: {{service: parks, role: officer, posts: 3}}
roles:
  officer: {{salary_gbp: 30000, attrition: {{resignation: {{annual_hazard: 0.3}}}}}}
"""
CHILD = """\
schema: 1
name: {name}
extends: baseline.yaml
title: {title}
"""


def notebook(path: Path, *cells: str, tagged: bool = True) -> Path:
    """A notebook of a parameters cell and ``cells``."""
    node = nbformat.v4.new_notebook()
    for number, source in enumerate([PARAMETERS, *cells]):
        cell = nbformat.v4.new_code_cell(source)
        if number == 0 and tagged:
            cell.metadata["tags"] = ["parameters"]
        node.cells.append(cell)
    nbformat.write(node, path)
    return path


def scenarios(folder: Path, *children: str) -> Path:
    """A baseline and its children."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "baseline.yaml").write_text(BASE.format(name="baseline", title="As today"))
    for name in children:
        (folder / f"{name}.yaml").write_text(CHILD.format(name=name, title=f"Plan {name}"))
    return folder


def results(out: Path) -> dict[str, dict]:
    """What lasts of the manifests of a batch's scenarios, whose files are all as they say."""
    found = {}
    for folder in sorted(out.iterdir()):
        if (folder / "manifest.json").exists():
            about = manifest.read(folder)
            for name, digest in manifest.files(about).items():
                assert manifest.file_hash(folder / name) == digest, f"{folder.name}/{name}"
            found[folder.name] = manifest.lasting(about)
    return found


def recorded(out: Path) -> dict[str, dict]:
    """The entries of a batch by scenario."""
    text = (out / "batch.json").read_text(encoding="utf-8")
    return {entry["name"]: entry for entry in json.loads(text)["scenarios"]}


def everything(out: Path) -> bytes:
    """All that a batch has written, one after the other, its own part too."""
    return b"\n".join(path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file())


def marked(mark: str) -> list[psutil.Process]:
    """Processes that have a mark in their environment: all that came of whoever was given it."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("WFMODEL_MARK") == mark:
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if alive(process)]


def alive(process: psutil.Process) -> bool:
    """Whether a process has not ended, nor merely waits to be counted."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def left_after(seconds: float, processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after so many seconds at most; they are ended."""
    deadline = time.monotonic() + seconds
    left = list(processes)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [process for process in left if alive(process)]
    for process in left:
        process.kill()
    return left
