"""Early: the explorer's kernel, at work on its scenario while JupyterLab still starts.

Nothing is imported here that takes long: the sooner it starts, the sooner it is there.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import ClassVar, Self


class Early:
    """A process that checks a scenario, makes ready for it, and becomes a kernel when asked to.

    Used as a context: where it ends, a process that became no kernel is ended too.
    """

    waiting: ClassVar[Early | None] = None
    """The one that is still to become a kernel."""

    def __init__(self, scenario: Path) -> None:
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-m", "wfmodel.exploring.kernel", str(scenario)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "JPY_PARENT_PID": str(os.getpid())},  # it ends when we do
            start_new_session=True,  # Ctrl-C is meant for us, who end it
        )
        Early.waiting = self

    def checked(self) -> Path:
        """The scenario, once it was found and checked; raises what was wrong with it."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            found = pickle.load(self._process.stdout)
        except EOFError:
            raise OSError("the process that was to become the kernel has ended") from None
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Path)
        return found

    def become(self, connection: str, cwd: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
        """Its process, which is now a kernel; raises OSError where it has ended."""
        process, self._process = self._process, None
        assert process is not None
        assert process.stdin is not None
        Early.waiting = None
        pickle.dump({"connection": connection, "cwd": str(cwd), "env": env}, process.stdin)
        process.stdin.close()
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        Early.waiting = None
        if process is not None:
            process.kill()
            process.wait()
