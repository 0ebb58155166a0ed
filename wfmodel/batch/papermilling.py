"""Papermill over one scenario: run the notebook, believe only the manifest that the run wrote."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from wfmodel.batch import failing
from wfmodel.batch.failing import RunFailed
from wfmodel.batch.kernels import Kernel
from wfmodel.batch.limits import Limits
from wfmodel.batch.notebook import Notebook, Plain
from wfmodel.errors import InputError
from wfmodel.results import manifest

START = 300
"""Seconds in which a kernel must have started: the first waits until all is warm."""
ENGINE = "wfmodel"

Told = Callable[[int, int], None]
"""Called with the code cell that begins, from 1, and how many there are."""


class _Client(PapermillNotebookClient):
    """A client that says how far it is and ends a kernel that floods it."""

    def __init__(self, manager: Any, limits: Limits, told: Told, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self.limits, self.told = limits, told
        self.numbers = _numbers(self.nb)
        self.came = 0
        self.cell = 0

    def papermill_execute_cells(self) -> None:
        """Execute all cells; papermill's own loop, with a hook."""
        self.on_cell_start = self._begin
        super().papermill_execute_cells()

    def _begin(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        self.cell = self.numbers[cell_index]
        self.told(self.cell, self.numbers[-1])

    def process_message(self, message: Any, *more: Any, **named: Any) -> Any:
        """Take up a message from the kernel, unless there were too many."""
        content = message["content"]
        values = [content.get("text", ""), *content.get("data", {}).values()]
        self.came += sum(len(value) for value in values if isinstance(value, str))
        if self.came > self.limits.output:
            kernel = self.km
            assert isinstance(kernel, Kernel)
            most = self.limits.output / 1e6
            kernel.end(failing.OUTPUT, f"wrote more output than the {most:.0f} MB allowed")
            return None
        return super().process_message(message, *more, **named)


class _Engine(NBClientEngine):
    """Papermill's engine, with our client."""

    @classmethod
    def execute_managed_notebook(
        cls, manager: Any, kernel_name: str, *, client: list[_Client], **settings: Any
    ) -> nbformat.NotebookNode:
        """Execute it; the client is put where whoever asked finds it."""
        kept = ("km", "limits", "told")
        client.append(
            _Client(
                manager,
                kernel_name=kernel_name,
                log=logging.getLogger("papermill"),
                startup_timeout=START,
                timeout=None,
                coalesce_streams=True,
                record_timing=False,
                **{name: settings[name] for name in kept},
            )
        )
        return client[0].execute()


papermill_engines.register(ENGINE, _Engine)


def run_notebook(
    notebook: Notebook, values: dict[str, Plain], run_dir: Path, kernel: Kernel,
    limits: Limits, told: Told = lambda cell, cells: None,
) -> nbformat.NotebookNode:  # fmt: skip
    """The executed notebook; its last cell has written the manifest into ``run_dir``.

    Raises RunFailed for everything else: an error in a cell, a kernel that died or was ended, a
    cell that exited early, however politely.
    """
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    notebook.check(values)
    client: list[_Client] = []
    try:
        executed = papermill.execute_notebook(
            notebook.node(),
            None,
            parameters=values,
            engine_name=ENGINE,
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            language="python",
            autosave_cell_every=0,
            km=kernel,
            limits=limits,
            told=told,
            client=client,
        )
    except Exception as error:
        raise _failure(error, kernel, client, limits) from None
    finally:
        asyncio.run(_close(client, kernel))
    _exited(executed)
    _believe(run_dir, values)
    return executed


def _numbers(notebook: nbformat.NotebookNode) -> list[int]:
    """For each cell the number of the code cell that has come last, from 1, as its author counts
    them: without the one that papermill puts in.
    """
    numbers, last = [], 0
    for cell in notebook.cells:
        injected = "injected-parameters" in cell.metadata.get("tags", [])
        last += cell.cell_type == "code" and not injected
        numbers.append(last)
    return numbers


async def _close(client: list[_Client], kernel: Kernel) -> None:
    for one in client:
        if one.kc is not None:
            one.kc.stop_channels()
    await kernel.close()


def _failure(error: Exception, kernel: Kernel, client: list[_Client], limits: Limits) -> RunFailed:
    """What an exception while the notebook ran comes to."""
    cell = client[0].cell if client else 0
    if kernel.verdict is not None:
        kind, reason = kernel.verdict
        return RunFailed(kind, f"{reason}, in cell {cell}" if cell else reason)
    if isinstance(error, papermill.PapermillExecutionError):
        said = (error.ename, error.evalue, client[0].numbers[error.cell_index])
        return failing.of_cell(*said, error.traceback, limits.memory_in_words)
    status = kernel.status
    if status is not None or type(error).__name__ == "DeadKernelError":
        crash = kernel.errors.read_text("utf-8", "replace") if kernel.errors.is_file() else ""
        return failing.of_death(status, cell, crash)
    if isinstance(error, OSError):
        raise error
    return RunFailed(failing.ERROR, f"{type(error).__name__} while the notebook was run")


def _exited(executed: nbformat.NotebookNode) -> None:
    """Raises RunFailed where a cell called sys.exit(0), which papermill takes for an end."""
    for number, cell in zip(_numbers(executed), executed.cells, strict=True):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise failing.of_cell(output.ename, "", number, output.traceback, "")


def _believe(run_dir: Path, values: dict[str, Plain]) -> None:
    """Raises RunFailed unless the run wrote its manifest, whole, and everything that it names."""
    try:
        about = manifest.read(run_dir)
        damaged = [
            name
            for name, digest in about["outputs"].items()
            if manifest.file_hash(run_dir / name) != digest
        ]
    except InputError as error:
        what = str(error).removeprefix(f"{run_dir}").lstrip("/:\\ ")
        raise RunFailed(failing.UNWRITTEN, f"ended without results: {what}") from None
    except OSError:
        damaged = ["a file of the results"]
    if damaged:
        told = f"its manifest does not fit its results: {', '.join(damaged)}"
        raise RunFailed(failing.UNWRITTEN, told)
    if (about["seed"], len(about["replications"])) != (values["seed"], values["replications"]):
        told = "its manifest is of another seed or number of replications"
        raise RunFailed(failing.UNWRITTEN, told)
