"""The command line: ``wfmodel validate``, ``run``, ``trace``, ``batch``, ``compare`` and more.

Standard output holds results alone, progress and errors go to standard error. Exit 0: done; 1: a
batch in which something failed; 2: wrong input; 130: interrupted. What a command needs is imported
when it runs, so that help and errors are quick.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from wfmodel.cli.batches import batch, check, compare
from wfmodel.cli.folders import query, reproduce, verify
from wfmodel.cli.options import app
from wfmodel.cli.saying import say
from wfmodel.cli.scenarios import explore, run, trace, validate
from wfmodel.errors import InputError

for command in (
    validate, run, trace, batch, compare, explore, verify, reproduce, query, check,
):  # fmt: skip
    app.command()(command)

INTERNAL, WRONG_INPUT, INTERRUPTED = 3, 2, 130


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; every error is one line, whatever it was."""
    signal.signal(signal.SIGTERM, _stop)
    # JSON Schema's check of addresses in all scripts, which ours has none of: its import takes over
    # a second, and notebooks' own libraries do without where it is not to be had.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(args=given or ["--help"], standalone_mode=False, prog_name="wfmodel")
        if code == INTERRUPTED:  # Typer has caught it and says nothing
            raise KeyboardInterrupt
    except InputError as error:
        say(str(error))
        code = WRONG_INPUT
    except TyperException as error:
        say(f"wfmodel: {' '.join(error.format_message().split())}")
        code = WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        say("wfmodel: interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone; Python would complain once more while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"wfmodel: {place}{error.strerror or error}")
        code = WRONG_INPUT
    except Exception as error:
        code = _unexpected(error)
    sys.exit(code or 0)


def _unexpected(error: Exception) -> int:
    """An error of ours: one line, and the rest in a file that only its owner can read."""
    reason = (str(error).splitlines() or [""])[0]
    handle, log = tempfile.mkstemp(prefix="wfmodel-", suffix=".log", text=True)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(traceback.format_exc())
    say(
        f"wfmodel: unexpected {type(error).__name__}: {reason} (please report it; details in {log})"
    )
    return INTERNAL
