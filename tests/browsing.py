"""A real JupyterLab with the explorer in it, and a headless Chromium that looks at it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SECONDS = 300.0
"""Long enough for a machine that compiles for the first time while it does other things."""
HOSTS = {"127.0.0.1"}
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def chromium() -> str:
    """Where the system's Chromium is; skips the test where there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("no Chromium on this system (Debian: apt install chromium)")
    return found


@dataclass
class Served:
    """A running explorer: where it is, its process, and where reports go."""

    address: str
    process: subprocess.Popen
    out: Path
    said: list[str] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def served(scenario: Path, out: Path, futures: int | None = 60) -> Iterator[Served]:
    """The explorer of a scenario, served by the command that a planner gives."""
    command = [sys.executable, "-m", "wfmodel", "explore", str(scenario), "--out", str(out),
               "--no-browser", "--port", str(free_port())]  # fmt: skip
    command += [] if futures is None else ["--replications", str(futures)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said: list[str] = []
    there = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line.strip())
            if line.startswith("The explorer: "):
                there.set()
        there.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert there.wait(SECONDS), said
        address = re.search(r"The explorer: (\S+)", "\n".join(said))
        assert address is not None, said
        yield Served(address[1], process, out, said)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


@contextlib.contextmanager
def browser() -> Iterator[object]:
    """Headless Chromium that finds no other machine."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    arguments = [NOWHERE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()
