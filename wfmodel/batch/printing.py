"""Printing: a page as a tagged PDF, by the Chromium, Chrome or Edge that is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wfmodel.errors import InputError

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "microsoft-edge-stable", "msedge",
)  # fmt: skip
"""What the browser is called where programs are looked for."""
PROGRAMS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
LONGEST = 120
"""Seconds after which a page that does not print is given up."""


def browser() -> str:
    """The program to print with; raises `InputError` where none is installed."""
    found = next(_installed(), None)
    if found is None:
        raise InputError("--pdf", "needs Chromium, Chrome or Edge, and none of them is installed")
    return found


def _installed() -> Iterator[str]:
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    places = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
    known = [Path(place, program) for place in places if place for program in PROGRAMS]
    if sys.platform == "darwin":
        known += [Path(f"/Applications/{a}.app/Contents/MacOS/{a}") for a in APPLICATIONS]
    yield from (str(path) for path in known if path.is_file())


def alone(program: str, profile: str) -> list[str]:
    """The command that starts a browser without window, history, sync or look-ups of its own."""
    command = [
        program,
        "--headless",
        f"--user-data-dir={profile}",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]
    if os.name == "posix" and os.geteuid() == 0:  # else it refuses to start
        command.append("--no-sandbox")
    return command


def print_pdf(page: Path, pdf: Path, program: str) -> None:
    """Print a page to a tagged PDF with its headings as bookmarks; raises OSError.

    The browser's own profile is made for it and goes again; nobody's open windows are touched.
    """
    with tempfile.TemporaryDirectory(prefix="wfmodel-", ignore_cleanup_errors=True) as profile:
        command = [
            *alone(program, profile),
            "--export-tagged-pdf",
            "--generate-pdf-document-outline",
            "--no-pdf-header-footer",
            f"--print-to-pdf={pdf.resolve()}",
            page.resolve().as_uri(),
        ]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)
    if not pdf.is_file() or pdf.read_bytes()[:5] != b"%PDF-":
        raise OSError(0, f"{Path(program).name} did not print it", str(pdf))
