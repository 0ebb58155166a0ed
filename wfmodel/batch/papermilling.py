"""Papermill over one scenario: run the notebook, believe only the manifest that the run wrote."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path

import nbformat

from wfmodel.batch import kernels
from wfmodel.batch.notebook import Notebook, Plain

MANIFEST = "manifest.json"
MOST = 300


class RunFailed(Exception):
    """A notebook that did not reach its end; ``reason`` in one line, ``log`` in full."""

    def __init__(self, reason: str, log: str = "") -> None:
        self.reason = " ".join(reason.split())[:MOST] or "failed without a message"
        self.log = log or self.reason
        super().__init__(self.reason)


def run_notebook(
    notebook: Notebook, values: dict[str, Plain], run_dir: Path, *, timeout: int | None = None
) -> nbformat.NotebookNode:
    """The executed notebook; its last cell has written the manifest into ``run_dir``.

    Raises RunFailed for everything else: an error in a cell, a kernel that died, a cell that
    exited early, however politely.
    """
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    notebook.check(values)
    try:
        executed = papermill.execute_notebook(
            notebook.node(),
            None,
            parameters=values,
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            language="python",
            kernel_manager_class=kernels.Kernel,
            config=kernels.CONFIG,
            execution_timeout=timeout,
        )
    except papermill.PapermillExecutionError as error:
        reason = error.evalue if error.ename == "InputError" else f"{error.ename}: {error.evalue}"
        raise RunFailed(reason, "\n".join([reason, *map(str, error.traceback)])) from None
    except Exception as error:
        kind = type(error).__name__
        said = {
            "DeadKernelError": "its kernel died (out of memory, or ended from outside)",
            "CellTimeoutError": "a cell took longer than the time limit",
            "NoSuchKernel": "there is no Python kernel to run it",
        }
        reason = said.get(kind, f"{kind}: {str(error).splitlines()[0] if str(error) else ''}")
        raise RunFailed(reason, traceback.format_exc()) from None
    _believe(run_dir / MANIFEST)
    return executed


def _believe(manifest: Path) -> None:
    """Raises RunFailed unless the run wrote its manifest, whole."""
    try:
        json.loads(manifest.read_text(encoding="utf-8"))
    except OSError:
        raise RunFailed("ended before its last cell: it wrote no manifest") from None
    except ValueError:
        raise RunFailed("wrote a manifest that can't be read") from None
