"""Verify and reproduce: whatever was changed in a folder of results is named, and runs repeat."""

import json
import random
import shutil

import pytest
from batching import WRITE, notebook, scenarios

from wfmodel.batch.index import write_index
from wfmodel.batch.kernels import Nursery
from wfmodel.batch.reproducing import reproduce
from wfmodel.batch.running import run_batch
from wfmodel.batch.verifying import verify
from wfmodel.cli import main
from wfmodel.errors import InputError


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A batch of two that stand and one that failed, and the scenarios it was made from."""
    folder = tmp_path_factory.mktemp("made")
    source = scenarios(folder / "s", "plan", "bad")
    report = notebook(folder / "n.ipynb", "if 'bad' in scenario_path: 1 / 0", WRITE)
    with Nursery() as nursery:
        run_batch([source], folder / "out", notebook=report, nursery=nursery, index=write_index)
    return folder


@pytest.fixture
def out(made, tmp_path):
    """A copy of what the batch wrote."""
    return shutil.copytree(made / "out", tmp_path / "out")


def named(out) -> dict[str, str]:
    """What is wrong with each file."""
    found = dict(line.split(": ", 1) for line in verify(out)[0])
    return {path.removeprefix(f"{out}/"): what for path, what in found.items()}


def test_what_was_written_is_as_it_was_written(out):
    assert verify(out) == ([], 13)
    assert verify(out / "plan") == ([], 5)


def test_every_file_in_which_a_bit_was_turned_is_named(out):
    chance = random.Random(1)
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and ".batch" not in p.parts]
    assert len(files) == 13
    for path in files:
        for _ in range(8):
            before = path.read_bytes()
            bits = bytearray(before)
            bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
            path.write_bytes(bits)
            name = path.relative_to(out).as_posix()
            assert named(out).get(name) == "is damaged", name
            path.write_bytes(before)


def test_all_damaged_files_are_named_though_the_manifest_is_among_them(out):
    for name in ("manifest.json", "results.parquet"):
        path = out / "plan" / name
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert named(out) == {
        "plan/manifest.json": "is damaged",
        "plan/results.parquet": "is damaged",
    }
    assert "results.parquet" in " ".join(named(out / "plan"))


def test_what_is_missing_and_what_is_foreign_is_named(out):
    (out / "plan" / "targets.parquet").unlink()
    (out / "plan" / "notes.txt").write_text("mine")
    (out / "index.html").unlink()
    (out / "extra.html").write_text("mine")
    (out / "logs" / "more.log").write_text("mine")
    (out / "other").mkdir()
    shutil.rmtree(out / "baseline")
    foreign = "is foreign: nothing that was run has written it"
    assert named(out) == {
        "baseline": "is missing",
        "extra.html": foreign,
        "index.html": "is missing",
        "logs/more.log": foreign,
        "other": foreign,
        "plan/notes.txt": foreign,
        "plan/targets.parquet": "is missing",
    }


def test_where_there_are_no_results_it_is_said(tmp_path):
    with pytest.raises(InputError, match="holds no results"):
        verify(tmp_path)
    with pytest.raises(InputError, match="is no folder of results"):
        verify(tmp_path / "nowhere")


def test_a_stored_scenario_comes_out_the_same_again_though_its_file_is_gone(made, tmp_path):
    found = reproduce(made / "out" / "plan")
    assert (found.agrees, found.changed) == (True, [])
    assert found.files == {"results.parquet": "agrees", "targets.parquet": "agrees"}
    path = made / "s" / "plan.yaml"
    text = path.read_text()
    path.unlink()
    found = reproduce(made / "out" / "plan", simulation="reference")
    path.write_text(text)
    assert found.agrees
    assert found.changed == [f"{path} is not here any more"]


def test_what_does_not_come_out_again_is_said(out, made, capsys):
    from wfmodel.results import manifest

    path = out / "plan" / "manifest.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["seed"] += 1
    about["versions"]["numpy"] = "1.0"
    path.write_text(manifest.sealed(about), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["reproduce", str(out / "plan"), "--jobs", "1"])
    said = capsys.readouterr()
    assert left.value.code == 1
    assert said.out == "results.parquet: differs\ntargets.parquet: agrees\n"
    assert "numpy was 1.0, is " in said.err


def test_on_the_command_line_what_is_wrong_is_the_result(out, capsys):
    (out / "plan" / "targets.parquet").unlink()
    with pytest.raises(SystemExit) as left:
        main(["verify", str(out)])
    said = capsys.readouterr()
    assert left.value.code == 1
    assert said.out == f"{out / 'plan' / 'targets.parquet'}: is missing\n"
    assert said.err == "12 files, 1 not as written\n"
