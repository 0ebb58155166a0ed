"""Lab: JupyterLab as the explorer needs it, on this machine alone, with one notebook open."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from jupyterlab.labapp import LabApp
from jupyterlab_server.workspaces_handler import WorkspacesManager

from wfmodel.batch.output import write_atomically
from wfmodel.exploring.provisioner import NAME as PROVISIONER

ADDRESS = "127.0.0.1"
OWN = ".explorer"
"""The folder, among the reports, of what JupyterLab keeps for the explorer alone."""
SETTINGS = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
"""What JupyterLab is told: it asks about no news."""


def server(folder: Path, port: int, notebook: str) -> Any:
    """JupyterLab over a folder, not yet started, with a notebook in it for the browser to open.

    It listens on this machine only; nothing looks for news, updates or extensions.
    """
    own = folder / OWN
    _write_settings(own / "settings")
    _write_workspace(own / "workspaces", notebook)
    settings = {
        "ServerApp.ip": ADDRESS,
        "ServerApp.port": port,
        "ServerApp.root_dir": str(folder),
        "ServerApp.open_browser": False,
        "ServerApp.allow_remote_access": False,
        "ServerApp.terminals_enabled": False,
        "ServerApp.log_level": "WARN",
        "IdentityProvider.token": secrets.token_hex(24),
        "LabApp.log_level": "WARN",
        "LabApp.user_settings_dir": str(own / "settings"),
        "LabApp.workspaces_dir": str(own / "workspaces"),
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "KernelManager.transport_encryption": "auto",
        "KernelProvisionerFactory.default_provisioner_name": PROVISIONER,
        "FileContentsManager.delete_to_trash": False,
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    made = LabApp.initialize_server(argv=arguments)
    # it would look, for a second while the page loads, whether it could be built anew
    made.web_app.settings["page_config_data"] |= {"buildAvailable": False, "buildCheck": False}
    return made


def _write_settings(folder: Path) -> None:
    for name, said in SETTINGS.items():
        place = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, json.dumps(said) + "\n")


def _write_workspace(folder: Path, notebook: str) -> None:
    """Let JupyterLab take the notebook for open already: it comes a second sooner than by name."""
    tab = f"notebook:{notebook}"
    hidden = {"collapsed": True, "visible": False}
    layout = {
        "main": {
            "dock": {"type": "tab-area", "currentIndex": 0, "widgets": [tab]},
            "current": tab,
        },
        "left": hidden,
        "right": hidden,
    }
    data = {
        "layout-restorer:data": layout,
        tab: {"data": {"path": notebook, "factory": "Notebook"}},
    }
    kept = json.dumps({"data": data, "metadata": {"id": "default"}})
    WorkspacesManager(str(folder)).save("default", kept)
