"""Saying: what goes to standard error, beside results on standard output."""

from __future__ import annotations

import sys
from typing import Any


def say(text: str) -> None:
    """Say a line after all that standard output has."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def counter(name: str) -> Any:
    """Replications done so far, on standard error where somebody sees it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done >= total else ""
        print(f"\r{name}: {done} of {total} replications", end=end, file=sys.stderr, flush=True)

    return show
