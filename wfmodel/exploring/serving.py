"""Serving: JupyterLab on this machine alone, opened at the explorer, which is already at work.

The notebook is run before the browser opens it, on the kernel that the browser will find: whoever
opens it finds the levers, not code to run.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from wfmodel.batch.notebook import TAG, shipped
from wfmodel.batch.output import make_folder, write_atomically
from wfmodel.errors import InputError
from wfmodel.exploring.session import AT_ONCE

NOTEBOOK = "06_explore.ipynb"
NAME = "explorer.ipynb"
ADDRESS = "127.0.0.1"
FILES = "/files"
KERNEL_SECONDS = 120.0
OWN = ".explorer"
"""The folder, among the reports, of what JupyterLab keeps for the explorer alone."""
LAB = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "application-extension/shell": {"startMode": "single"},
}
"""What JupyterLab is told: it asks about no news, and shows one thing."""


def serve(
    scenario: Path,
    out: Path,
    *,
    replications: int | None = None,
    port: int = 8888,
    browser: bool = True,
) -> None:
    """Serve the explorer of ``scenario`` until it is interrupted; reports go into ``out``.

    Answers are refined to ``replications`` futures, by default the notebook's own. It listens on
    this machine only, asks for its token, and fetches nothing from anywhere. Raises
    `InputError` where the notebook can't be written.
    """
    folder = make_folder(out).resolve()
    values: dict[str, str | int] = {
        "scenario_path": str(scenario.resolve()),
        "reports": str(folder),
        "served": FILES,
    }
    if replications is not None:
        values |= {"replications": min(replications, AT_ONCE), "refined": replications}
    notebook = prepared(shipped(NOTEBOOK), values)
    write_atomically(folder / NAME, nbformat.writes(notebook) + "\n")
    server = _server(folder, port, _settings(folder))
    server.io_loop.add_callback(_run_and_open, server, browser)
    server.start()


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


def _settings(folder: Path) -> Path:
    """Write what JupyterLab is told, and give the folder that holds it."""
    own = folder / OWN
    for name, said in LAB.items():
        place = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, json.dumps(said) + "\n")
    return own


def _server(folder: Path, port: int, own: Path) -> Any:
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
        "LabApp.user_settings_dir": str(own / "settings"),
        "LabApp.workspaces_dir": str(own / "workspaces"),
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
