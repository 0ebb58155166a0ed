"""Imports go downward only: a planner's question at the bottom, the command line at the top."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "wfmodel"
ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "errors",
    "compiling",
    "jit",
    "units",
    "draws",
    "scenario",
    "workforce",
    "rates",
    "flows",
    "simulation",
    "results",
    "experiment",
    "analysis",
    "reporting",
    "batch",
    "exploring",
    "cli",
]
TOP = ["__init__", "__main__"]
HEIGHT = {room: height for height, room in enumerate([*ROOMS, *TOP])}
# Libraries that nothing below a room may import.
NOT_BELOW = {
    "matplotlib": "reporting",
    "afcharts": "reporting",
    "papermill": "batch",
    "ipywidgets": "exploring",
}


def name_of(path: Path) -> str:
    """The dotted name of the module in `path`, relative to the folder above the package."""
    parts = list(path.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room of a module of the package; the package itself is `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(source: str, module: str, modules: set[str], is_package: bool) -> Iterator[str]:
    """Dotted name of everything `source` imports, wherever in the file it does so.

    `from a import b` gives `a.b` if that is one of `modules` or a room, else `a`.
    """
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*origin, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{whole}.{alias.name}"
                is_module = inner in modules or (whole == PACKAGE and alias.name in ROOMS)
                yield inner if is_module else whole
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            named = node.args[0]
            if (
                called in {"import_module", "__import__"}
                and isinstance(named, ast.Constant)
                and isinstance(named.value, str)
            ):
                relative = named.value.startswith(".")
                yield ".".join(package) + named.value if relative else named.value


def faults(sources: dict[str, str]) -> list[str]:
    """Every import that breaks the layout, for sources by path (`wfmodel/flows/pay.py`)."""
    modules = {name_of(Path(path)) for path in sources}
    found = []
    for path, source in sorted(sources.items()):
        module = name_of(Path(path))
        room = room_of(module)
        if room not in HEIGHT:
            found.append(f"{path}: {room} is not a room")
            continue
        is_package = Path(path).name == "__init__.py"
        for target in sorted(set(imports(source, module, modules, is_package))):
            library = target.split(".")[0]
            if library != PACKAGE:
                lowest = NOT_BELOW.get(library)
                if lowest is not None and HEIGHT[room] < HEIGHT[lowest]:
                    found.append(f"{path}: {room} imports {library}, which starts at {lowest}")
                continue
            below = room_of(target)
            if below not in HEIGHT:
                if room not in TOP:
                    found.append(f"{path}: {target} is not in a room")
            elif HEIGHT[below] > HEIGHT[room]:
                found.append(f"{path}: {room} imports {target}, which is above it")
            elif below == room == "flows" and not is_package and target != module:
                found.append(f"{path}: a flow imports {target}; flows never import each other")
    return found


def written_sources() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / PACKAGE).rglob("*.py")
        if "__pycache__" not in path.parts
    }


def test_imports_go_downward_only():
    sources = written_sources()
    assert f"{PACKAGE}/__init__.py" in sources
    assert faults(sources) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("wfmodel/units.py", "from wfmodel.errors import WorkforceError"),
        ("wfmodel/units.py", "from wfmodel.jit import njit"),
        ("wfmodel/draws.py", "from . import units, errors"),
        ("wfmodel/flows/pay.py", "import math\nimport numba\nfrom wfmodel.scenario import schema"),
        ("wfmodel/flows/__init__.py", "from wfmodel.flows import pay"),
        ("wfmodel/simulation/compiled.py", "from ..flows import pay\nfrom .ledger import append"),
        ("wfmodel/reporting/charts.py", "import matplotlib.pyplot as plt\nimport afcharts"),
        ("wfmodel/batch/runner.py", "import papermill as pm\nfrom wfmodel.reporting import page"),
        ("wfmodel/cli.py", "from wfmodel import batch, errors"),
        ("wfmodel/__init__.py", "def run():\n    from wfmodel.experiment import run\n"),
        ("wfmodel/__init__.py", "import importlib\nimportlib.import_module('wfmodel.batch')"),
        ("wfmodel/__main__.py", "from wfmodel.cli import main"),
    ],
)
def test_a_downward_import_is_allowed(path, source):
    sources = {"wfmodel/flows/pay.py": "", "wfmodel/scenario/schema.py": "", path: source}
    assert faults(sources) == []


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("wfmodel/errors.py", "import wfmodel.units", "which is above it"),
        ("wfmodel/jit.py", "from . import draws", "which is above it"),
        ("wfmodel/units.py", "from wfmodel import draws", "which is above it"),
        ("wfmodel/scenario/schema.py", "from wfmodel.workforce import extract", "above it"),
        ("wfmodel/flows/pay.py", "from ..simulation import ledger", "above it"),
        ("wfmodel/results/store.py", "from wfmodel.experiment import run", "above it"),
        ("wfmodel/rates/pooling.py", "from wfmodel import flows", "above it"),
        ("wfmodel/workforce/__init__.py", "from ..rates import hazards", "above it"),
        ("wfmodel/batch/runner.py", "from wfmodel.cli import main", "above it"),
        ("wfmodel/cli.py", "from wfmodel import __version__", "above it"),
        ("wfmodel/cli.py", "import wfmodel", "above it"),
        ("wfmodel/units.py", "def lazily():\n    from wfmodel import batch\n", "above it"),
        (
            "wfmodel/units.py",
            "if TYPE_CHECKING:\n    from .results.store import Store\n",
            "above it",
        ),
        ("wfmodel/units.py", "import_module('wfmodel.simulation')", "above it"),
        ("wfmodel/flows/pay.py", "from wfmodel.flows.attrition import hazard", "each other"),
        ("wfmodel/flows/pay.py", "from wfmodel.flows import attrition", "each other"),
        ("wfmodel/flows/pay.py", "from . import attrition", "each other"),
        ("wfmodel/flows/pay.py", "from .attrition import hazard", "each other"),
        ("wfmodel/flows/pay.py", "import wfmodel.flows.attrition as attrition", "each other"),
        ("wfmodel/analysis/drivers.py", "import matplotlib.pyplot as plt", "imports matplotlib"),
        ("wfmodel/results/measures.py", "from matplotlib import cm", "imports matplotlib"),
        ("wfmodel/experiment.py", "import afcharts", "imports afcharts"),
        ("wfmodel/reporting/page.py", "def f():\n    import papermill\n", "imports papermill"),
        ("wfmodel/helpers.py", "", "helpers is not a room"),
        ("wfmodel/utilities/text.py", "import re", "utilities is not a room"),
        ("wfmodel/cli.py", "from wfmodel.helpers import shorten", "not in a room"),
    ],
)
def test_an_import_that_breaks_the_layout_is_found(path, source, fault):
    sources = {"wfmodel/flows/attrition.py": "", path: source}
    found = faults(sources)
    assert len(found) == 1
    assert found[0].startswith(f"{path}: ")
    assert fault in found[0]


def test_every_fault_is_reported_at_once():
    sources = {
        "wfmodel/units.py": "from wfmodel import draws\nimport papermill\n",
        "wfmodel/flows/pay.py": "from . import absence\n",
        "wfmodel/flows/absence.py": "",
    }
    assert len(faults(sources)) == 3
