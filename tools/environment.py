"""Write environment.yml, and the pins in pyproject.toml, from what pyproject.toml asks for.

    python tools/environment.py            write environment.yml
    python tools/environment.py --check    say whether environment.yml is up to date (exit 1 if not)
    python tools/environment.py --pin      resolve again with uv, rewrite the pins, then write

Pins hold what is already pinned. To move a package on, delete its pin and run with --pin.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
ENVIRONMENT = ROOT / "environment.yml"

HEADER = """\
# Written by tools/environment.py from pyproject.toml; a test holds the two together.
#   conda env create -f environment.yml && conda activate {name}
"""


def environment_text(pyproject: dict[str, Any]) -> str:
    """The conda environment that says the same as `pyproject`: every pin, then the package."""
    project = pyproject["project"]
    lines = [
        HEADER.format(name=project["name"]) + f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        f'  - "python{project["requires-python"]}"',
        "  - pip",
        "  - pip:",
    ]
    pins = pyproject["tool"]["uv"]["constraint-dependencies"]
    lines += [f'      - "{pin}"' for pin in pins]
    lines += ["      - -e ."]
    return "\n".join(lines) + "\n"


def with_pins(text: str, key: str, pins: list[str]) -> str:
    """`text` of a pyproject.toml with the list under `key` replaced by `pins`."""
    block = f"{key} = [\n" + "".join(f'    "{pin}",\n' for pin in pins) + "]"
    replaced, count = re.subn(
        rf"^{re.escape(key)} = \[\n.*?^\]", lambda _: block, text, flags=re.MULTILINE | re.DOTALL
    )
    if count != 1:
        raise ValueError(f"pyproject.toml has {count} lists called {key}, expected 1")
    return replaced


def resolved(*command: str, given: str | None = None) -> list[str]:
    """Sorted `name==version ; marker` lines that a uv command prints."""
    printed = subprocess.run(
        ["uv", *command, "--quiet", "--no-header", "--no-annotate"],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(re.sub(r"\s+;\s+", " ; ", line) for line in printed.splitlines() if "==" in line)


def pin() -> None:
    """Resolve with uv and rewrite both lists of pins in pyproject.toml."""
    text = PYPROJECT.read_text(encoding="utf-8")
    wanted = tomllib.loads(text)
    installed = resolved("export", "--no-hashes", "--no-emit-project", "--all-groups")
    oldest = re.search(r">=\s*([\d.]+)", wanted["project"]["requires-python"])
    build = resolved(
        *("pip", "compile", "-", "--universal", "--no-config"),
        *(("--python-version", oldest[1]) if oldest else ()),
        given="\n".join(
            wanted["tool"]["uv"]["build-constraint-dependencies"]
            + wanted["build-system"]["requires"]
        ),
    )
    text = with_pins(text, "constraint-dependencies", installed)
    text = with_pins(text, "build-constraint-dependencies", build)
    PYPROJECT.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    parser.add_argument("--pin", action="store_true", help="resolve again and rewrite the pins")
    asked = parser.parse_args(arguments)
    if asked.pin:
        pin()
    text = environment_text(tomllib.loads(PYPROJECT.read_text(encoding="utf-8")))
    if asked.check:
        written = ENVIRONMENT.read_text(encoding="utf-8") if ENVIRONMENT.exists() else ""
        if written != text:
            print("environment.yml is out of date: run python tools/environment.py")
        return int(written != text)
    ENVIRONMENT.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
