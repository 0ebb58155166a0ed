"""Serving: JupyterLab on this machine alone, opened at the explorer, which is already at work.

The notebook is run before the browser opens it, on the kernel that the browser will find: whoever
opens it finds the levers, not code to run.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from wfmodel.batch.notebook import TAG, shipped
from wfmodel.batch.output import make_folder, write_atomically
from wfmodel.errors import InputError

NOTEBOOK = "06_explore.ipynb"
NAME = "explorer.ipynb"
ADDRESS = "127.0.0.1"
FILES = "/files"
KERNEL_SECONDS = 120.0


def serve(scenario: Path, out: Path, *, port: int = 8888, browser: bool = True) -> None:
    """Serve the explorer of ``scenario`` until it is interrupted; reports go into ``out``.

    It listens on this machine only, asks for its token, and fetches nothing from anywhere. Raises
    `InputError` where the notebook can't be written.
    """
    folder = make_folder(out).resolve()
    values = {
        "scenario_path": str(scenario.resolve()),
        "reports": str(folder),
        "served": FILES,
    }
    notebook = prepared(shipped(NOTEBOOK), values)
    write_atomically(folder / NAME, nbformat.writes(notebook) + "\n")
    server = _server(folder, port)
    server.io_loop.add_callback(_run_and_open, server, browser)
    server.start()


def prepared(path: Path, values: Mapping[str, str]) -> nbformat.NotebookNode:
    """The notebook with other values behind its parameters; what it shows is trusted."""
    node = nbformat.read(path, as_version=4)
    place = next(
        (n for n, cell in enumerate(node.cells) if TAG in cell.metadata.get("tags", [])), None
    )
    if place is None:
        raise InputError(str(path), f"has no cell tagged “{TAG}”")
    text = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    injected = nbformat.v4.new_code_cell(text, id="injected-parameters")
    injected.metadata = nbformat.from_dict({"jupyter": {"source_hidden": True}})
    node.cells.insert(place + 1, injected)
    return node


def _server(folder: Path, port: int) -> Any:
    """JupyterLab, listening on this machine only; nothing looks for news, updates or extensions."""
    from jupyterlab.labapp import LabApp

    settings = {
        "ServerApp.ip": ADDRESS,
        "ServerApp.port": port,
        "ServerApp.root_dir": str(folder),
        "ServerApp.open_browser": False,
        "ServerApp.allow_remote_access": False,
        "ServerApp.terminals_enabled": False,
        "ServerApp.log_level": "WARN",
        "IdentityProvider.token": secrets.token_hex(24),
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "KernelManager.transport_encryption": "auto",
        "FileContentsManager.delete_to_trash": False,
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return LabApp.initialize_server(argv=arguments)


async def _run_and_open(server: Any, browser: bool) -> None:
    """Run the notebook on a kernel of its own, then tell where it is."""
    print("Starting the explorer …", file=sys.stderr, flush=True)
    session = await server.session_manager.create_session(
        path=NAME, name=NAME, type="notebook", kernel_name="python3"
    )
    kernel = server.kernel_manager.get_kernel(session["kernel"]["id"])
    path = Path(server.root_dir) / NAME
    node = nbformat.read(path, as_version=4)
    client = kernel.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=KERNEL_SECONDS)
        for count, cell in enumerate((c for c in node.cells if c.cell_type == "code"), 1):
            await _run(client, cell)
            cell.execution_count = count
    finally:
        client.stop_channels()
    write_atomically(path, nbformat.writes(node) + "\n")
    server.contents_manager.notary.sign(node)
    token = server.identity_provider.token
    address = f"{server.connection_url.rstrip('/')}/doc/tree/{NAME}?token={token}"
    print(f"The explorer: {address}\nStop it with Ctrl-C.", file=sys.stderr, flush=True)
    if browser:
        await asyncio.to_thread(webbrowser.open, address)


async def _run(client: Any, cell: nbformat.NotebookNode) -> None:
    """Run one cell and keep what it puts out."""
    cell.outputs = []

    def keep(message: dict[str, Any]) -> None:
        if message["msg_type"] in ("display_data", "execute_result", "error", "stream"):
            cell.outputs.append(nbformat.v4.output_from_msg(message))

    await client.execute_interactive(cell.source, output_hook=keep, allow_stdin=False)


def forget(out: Path) -> None:
    """Take away what serving left in the folder of the reports."""
    (out / NAME).unlink(missing_ok=True)
    shutil.rmtree(out / ".ipynb_checkpoints", ignore_errors=True)
