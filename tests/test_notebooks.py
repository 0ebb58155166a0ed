"""Notebooks: thin, stripped, and running; the golden ones give the same outputs as ever."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "notebooks").glob("*.ipynb"))
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.ipynb"))


def code_cells(path: Path) -> list:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_there_are_notebooks_to_look_at():
    assert len(SHIPPED) >= 5
    assert GOLDEN


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_a_notebook_is_thin(path):
    assert re.match(r"\d\d_[a-z0-9_]+\.ipynb$", path.name)
    cells = code_cells(path)
    assert len(cells) <= 12
    assert not [cell for cell in cells if re.search(r"^\s*(def|class|async) ", cell.source, re.M)]
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0] is cells[0]
    for line in tagged[0].source.splitlines():
        assert re.match(r"#|[a-z_]+ = (\"[^\"]*\"|\d+)$", line), line


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_a_notebook_asks_a_question_and_has_one_first_heading(path):
    node = nbformat.read(path, as_version=4)
    headings = [
        line
        for cell in node.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    assert node.cells[0].cell_type == "markdown"
    assert headings[0].startswith("# ")
    assert headings[0].endswith("?")
    assert all(line.startswith("## ") for line in headings[1:])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_no_result_is_typed_by_hand(path):
    """Prose holds no digits but names of notebooks: every number is computed."""
    node = nbformat.read(path, as_version=4)
    prose = "\n".join(cell.source for cell in node.cells if cell.cell_type == "markdown")
    prose = re.sub(r"`[^`]*`", "", prose)
    assert not re.findall(r"\d+", prose)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_shipped_notebooks_are_stripped_of_outputs(path):
    for cell in code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert set(metadata) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.name)
def test_golden_notebooks_have_outputs_of_text_alone(path):
    cells = code_cells(path)
    outputs = [output for cell in cells for output in cell.outputs]
    assert outputs
    assert all(cell.execution_count for cell in cells)
    for output in outputs:
        assert output.output_type in ("stream", "execute_result", "display_data")
        assert set(output.get("data", {"text/plain": ""})) == {"text/plain"}


def nbval(mode: str, path: Path, folder: Path) -> None:
    """Run one notebook under nbval in a pytest of its own, started from ``folder``."""
    command = [sys.executable, "-m", "pytest", mode, str(path), "-q", "--no-header"]
    command += ["-n0", "-o", "addopts=", "-p", "no:cacheprovider", "--nbval-cell-timeout=300"]
    environment = {**os.environ, "PYTEST_ADDOPTS": "", "JUPYTER_PLATFORM_DIRS": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_a_shipped_notebook_runs_from_its_folder_with_its_defaults(path):
    nbval("--nbval-lax", path, ROOT / "notebooks")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.name)
def test_a_golden_notebook_gives_the_same_outputs(path):
    nbval("--nbval", path, ROOT)
