"""Plan check: the notebook that puts a council's plan to the model, run and made a page."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from wfmodel.analysis.claims import CLAIMS, Claims, read_claims
from wfmodel.batch.notebook import Notebook, shipped
from wfmodel.batch.output import child, make_folder, write_atomically
from wfmodel.errors import InputError, Problem
from wfmodel.reporting import page
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.showing import STATUS

NOTEBOOK = "07_plan_check.ipynb"
PAGE = "report.html"


class CheckFailed(Exception):
    """A plan that was not put to the model to the end; why, in one line."""


class _Kernel(AsyncKernelManager):
    """A kernel that runs the interpreter we run in, whatever kernels else are installed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._kernel_spec = KernelSpec(**get_kernel_dict())


def plans_in(paths: Iterable[Path]) -> list[Claims]:
    """The claims of every council in some folders of data, each read and checked.

    Raises `InputError` with every problem, and where a folder holds no claims.
    """
    files: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        found = [path] if path.is_file() else sorted(path.rglob(CLAIMS))
        if not found:
            problems.append(Problem(str(path), f"holds no {CLAIMS}; name a council's data folder"))
        files |= {one.resolve(): one for one in found}
    claims = []
    for file in files.values():
        try:
            claims.append(read_claims(file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return claims


def check_plan(
    claims: Claims,
    out: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
) -> Path:
    """The page on one council's plan in a folder of its name below ``out``.

    Beside it stand the notebook and the answers as a table. Raises CheckFailed.
    """
    base = load_scenario(claims.figures.scenario(claims.said.base))
    council = claims.path.resolve().parent
    folder = make_folder(child(make_folder(out), council.name))
    values: dict[str, str | int | float | bool] = {
        "council_path": str(council),
        "run_dir": str(folder),
        "replications": replications or base.run.replications,
        "seed": base.run.seed if seed is None else seed,
        "jobs": jobs,
    }
    notebook = Notebook.read(shipped(NOTEBOOK))
    notebook.check(values)
    executed = _executed(notebook, values)
    write_atomically(folder / "report.ipynb", nbformat.writes(executed) + "\n")
    title = f"{claims.figures.said.plan}: plan check"
    html = page.notebook_page(
        folder / "report.ipynb",
        title=title,
        status=STATUS[base.status],
        generator=f"wfmodel {version('wfmodel')}",
    )
    write_atomically(folder / PAGE, html)
    return folder / PAGE


def _executed(notebook: Notebook, values: dict[str, Any]) -> nbformat.NotebookNode:
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    try:
        return papermill.execute_notebook(
            notebook.node(),
            None,
            parameters=values,
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            language="python",
            kernel_manager_class=_Kernel,
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        )
    except papermill.PapermillExecutionError as error:
        kind = "" if error.ename == "InputError" else f"{error.ename}: "
        raise CheckFailed(" ".join(f"{kind}{error.evalue}".split())) from None
