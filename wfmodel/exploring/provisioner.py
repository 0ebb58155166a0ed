"""Provisioner: what JupyterLab starts kernels through.

Ours hands it, once, the process that has been at work before; every other kernel, also the same one
restarted, is started as usual. JupyterLab finds it by the name that the package gives it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from wfmodel.exploring.early import Early

NAME = "wfmodel-early"


class Provisioner(LocalProvisioner):
    """Starts kernels on this machine, the first of them before it is asked to."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
        """Start it; the command is not needed by the process that was started before."""
        early, kernel = Early.waiting, self.parent
        if early is not None and kernel is not None:
            with contextlib.suppress(OSError):
                cwd = Path(settings.get("cwd") or Path.cwd())
                self.process = early.become(kernel.connection_file, cwd, settings["env"])
                self.pid = self.process.pid
                self.pgid = os.getpgid(self.pid) if hasattr(os, "getpgid") else None
                self.cwd = cwd
                return self.connection_info
        return await super().launch_kernel(cmd, **settings)
