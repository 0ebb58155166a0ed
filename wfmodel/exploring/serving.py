"""Serving: JupyterLab on this machine alone, opened at the explorer, which is already at work.

The notebook is run before the browser opens it, on the kernel that the browser will find: whoever
opens it finds the levers, not code to run.
"""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from wfmodel.batch.kernels import answer
from wfmodel.batch.notebook import TAG, shipped
from wfmodel.batch.output import make_folder, write_atomically
from wfmodel.errors import InputError
from wfmodel.exploring import AT_ONCE
from wfmodel.exploring.early import Early

NOTEBOOK = "06_explore.ipynb"
NAME = "explorer.ipynb"
FILES = "/files"
KERNEL_SECONDS = 300.0
"""Long enough for a machine that compiles for the first time while it does other things."""


def serve(
    early: Early,
    out: Path,
    *,
    replications: int | None = None,
    port: int = 8888,
    browser: bool = True,
) -> None:
    """Serve the explorer of a scenario, whose kernel is at work already, until it is interrupted.

    Reports go into ``out``. Answers are refined to ``replications`` futures, by default the
    notebook's own. It listens on this machine only, asks for its token, and fetches nothing from
    anywhere. Raises what is wrong with the scenario, before anything is written, `InputError` where
    the notebook can't be written, and OSError where the explorer ends before it is there.
    """
    from wfmodel.exploring import lab  # takes a second, while the scenario is checked

    scenario, folder = early.checked(), make_folder(out).resolve()
    values: dict[str, str | int] = {
        "scenario_path": str(scenario),
        "reports": str(folder),
        "served": FILES,
    }
    if replications is not None:
        values |= {"replications": min(replications, AT_ONCE), "refined": replications}
    notebook = prepared(shipped(NOTEBOOK), values)
    write_atomically(folder / NAME, nbformat.writes(notebook) + "\n")
    server = lab.server(folder, port, NAME)
    wrong: list[Exception] = []
    server.io_loop.add_callback(_run_and_open, server, browser, wrong)
    server.start()
    if wrong:
        raise OSError(f"the explorer did not start: {wrong[0]}")


def prepared(path: Path, values: Mapping[str, str | int]) -> nbformat.NotebookNode:
    """The notebook with other values of its parameters."""
    node = nbformat.read(path, as_version=4)
    cell = next((c for c in node.cells if TAG in c.metadata.get("tags", [])), None)
    if cell is None:
        raise InputError(str(path), f"has no cell tagged “{TAG}”")
    for name, value in values.items():
        lines = cell.source.split("\n")
        places = [n for n, line in enumerate(lines) if line.startswith(f"{name} = ")]
        if len(places) != 1:
            raise InputError(str(path), f"has no parameter {name}")
        lines[places[0]] = f"{name} = {value!r}"
        cell.source = "\n".join(lines)
    return node


async def _run_and_open(server: Any, browser: bool, wrong: list[Exception]) -> None:
    """Run the notebook on a kernel of its own, then tell where it is; what is wrong ends all."""
    print("Starting the explorer …", file=sys.stderr, flush=True)
    try:
        await asyncio.gather(_run_all(server), asyncio.to_thread(_exporters))
    except Exception as error:
        wrong.append(error)
        server.stop()
        return
    token = server.identity_provider.token
    address = f"{server.connection_url.rstrip('/')}/lab/tree/{NAME}?token={token}"
    print(f"The explorer: {address}\nStop it with Ctrl-C.", file=sys.stderr, flush=True)
    if browser:
        await asyncio.to_thread(webbrowser.open, address)


def _exporters() -> None:
    """Import what every page of JupyterLab asks for, for all of which the server stands still."""
    from nbconvert.exporters import base

    for name in base.get_export_names():
        base.get_exporter(name)


async def _run_all(server: Any) -> None:
    """Run the notebook and keep what it puts out."""
    session = await server.session_manager.create_session(
        path=NAME, name=NAME, type="notebook", kernel_name="python3"
    )
    kernel = server.kernel_manager.get_kernel(session["kernel"]["id"])
    path = Path(server.root_dir) / NAME
    node = nbformat.read(path, as_version=4)
    client = kernel.client()
    client.start_channels()
    try:
        await answer(client, KERNEL_SECONDS)
        for count, cell in enumerate((c for c in node.cells if c.cell_type == "code"), 1):
            await _run(client, cell)
            cell.execution_count = count
    finally:
        client.stop_channels()
    write_atomically(path, nbformat.writes(node) + "\n")
    server.contents_manager.notary.sign(node)


async def _run(client: Any, cell: nbformat.NotebookNode) -> None:
    """Run one cell and keep what it puts out."""
    cell.outputs = []

    def keep(message: dict[str, Any]) -> None:
        if message["msg_type"] in ("display_data", "execute_result", "error", "stream"):
            cell.outputs.append(nbformat.v4.output_from_msg(message))

    await client.execute_interactive(cell.source, output_hook=keep, allow_stdin=False)
