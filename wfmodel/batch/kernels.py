"""Kernels of a batch: started by its nursery, talked to over sockets that no other user reaches."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

IPC = os.name != "nt"
"""Sockets are files where the system has such; elsewhere ports of this machine, encrypted."""


class Nursery:
    """The process that starts and ends kernels, for as long as a batch lasts.

    Where it has died itself, the next kernel starts another.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.closed = False
        """Whether the batch has ended, so that whatever fails now fails of that."""
        self._process: subprocess.Popen[bytes] | None = None
        self._warm = False
        self.folder = Path(tempfile.mkdtemp(prefix="wfmodel-"))
        self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._warm = False
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "wfmodel.batch.nursery", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what ends the batch must not end it before the kernels
        )
        if self.closed:  # meanwhile, so that nobody else will end it
            process.kill()
            raise OSError("the batch has ended")
        return process

    def ask(self, **request: Any) -> dict[str, Any]:
        """Its answer to a request; raises OSError where it has died."""
        with self._guard:
            process = self._process
            if self.closed or process is None:
                raise OSError("the batch has ended")
            if process.poll() is not None and request["do"] == "start":
                process = self._begin()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
            except ValueError:  # closed meanwhile
                raise OSError("the batch has ended") from None
            answer = json.loads(process.stdout.readline() or b'{"dead": true}')
            self._warm = True
        if "dead" in answer:
            raise OSError("the process that starts kernels has died")
        assert isinstance(answer, dict)
        return answer

    def close(self) -> None:
        """End every kernel that still runs, with what it has started."""
        self.closed = True
        process, self._process = self._process, None
        if process is not None:
            if not self._warm:  # it reads nothing yet, and has started nothing
                process.kill()
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Process:
    """A kernel's process, as a provisioner wants it."""

    stdin = stdout = stderr = None

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        return self._ask("poll")

    def wait(self) -> int | None:
        """The exit status."""
        return self.poll()

    def kill(self) -> None:
        """End it with everything it has started."""
        self._ask("end")

    def send_signal(self, number: int) -> None:
        """End it: no other signal is sent to a batch's kernel."""
        if number != signal.SIGINT:
            self.kill()

    def _ask(self, what: str) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = self.nursery.ask(do=what, pid=self.pid)["status"]
            except OSError:  # the nursery has gone, and its kernels with it
                self.returncode = -9
        return self.returncode


class _Provisioner(LocalProvisioner):
    """Starts a kernel in the nursery."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
        """Start it; the command is the nursery's own."""
        kernel = self.parent
        assert isinstance(kernel, Kernel)
        answer = kernel.nursery.ask(
            do="start",
            connection=kernel.connection_file,
            env={**settings["env"], **kernel.env},
            cwd=str(settings.get("cwd") or Path.cwd()),
            errors=str(kernel.errors),
            memory=kernel.memory,
        )
        self.pid = answer["pid"]
        kernel.began = time.monotonic()
        kernel.process = _Process(kernel.nursery, answer["pid"])
        self.process = kernel.process  # type: ignore[assignment]
        return self.connection_info


async def answer(client: AsyncKernelClient, seconds: float) -> None:
    """Wait until a kernel answers and its output arrives; raises RuntimeError where it has died.

    A client's own way is to listen for a fifth of a second more, to no end of ours.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        client.kernel_info()
        with contextlib.suppress(queue.Empty):
            await client.shell_channel.get_msg(timeout=1)
            await client.iopub_channel.get_msg(timeout=0.2)
            return
        if not await client._async_is_alive():
            raise RuntimeError("the kernel died before it was ready")
    raise RuntimeError("the kernel did not answer")


class _Client(AsyncKernelClient):
    """A client that goes on as soon as its kernel is there."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until it answers and its output arrives; raises RuntimeError where it has died."""
        await answer(self, timeout or 60)


class Kernel(AsyncKernelManager):
    """A kernel that runs the interpreter we run in, whatever kernels else are installed.

    ``errors`` is the file for what the interpreter says about its own crash, ``memory`` how many
    bytes it may take (0: any). ``began`` is when it was started, by the monotonic clock, and
    ``verdict`` says why it was ended, where we ended it.
    """

    def __init__(
        self, nursery: Nursery, errors: Path, env: dict[str, str], memory: int, **settings: Any
    ) -> None:
        self.nursery, self.errors, self.env, self.memory = nursery, errors, env, memory
        self.process: _Process | None = None
        self.began: float | None = None
        self.verdict: tuple[str, str] | None = None
        folder = Path(tempfile.mkdtemp(dir=nursery.folder))
        if IPC:
            settings |= {"transport": "ipc", "ip": str(folder / "k")}
        settings.setdefault("connection_file", str(folder / "c.json"))
        super().__init__(transport_encryption="auto", client_factory=_Client, **settings)
        self._kernel_spec = KernelSpec(**get_kernel_dict())
        self.provisioner = _Provisioner(
            kernel_id=self.kernel_id, kernel_spec=self._kernel_spec, parent=self
        )

    def end(self, kind: str, reason: str) -> None:
        """End it, for a reason that holds however it then seems to have ended."""
        self.verdict = self.verdict or (kind, reason)
        if self.process is not None:
            self.process.kill()

    @property
    def status(self) -> int | None:
        """Its exit status, a signal's number below zero; None while it runs."""
        return self.process.poll() if self.process is not None else None

    async def close(self) -> None:
        """End it and what it has started, and clear its sockets away."""
        if self.process is not None:
            self.process.kill()
        await self._async_cleanup_resources()
        shutil.rmtree(Path(self.connection_file).parent, ignore_errors=True)
