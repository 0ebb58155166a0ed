"""The store: runs written whole or not at all, opened late, and asked in SQL without loading."""

import json
import os

import pytest
from small import document, scenario_of, staffed

import wfmodel as wf
from wfmodel import experiment
from wfmodel.errors import InputError
from wfmodel.results import catalogue, manifest, store

ROLE = {"attrition": {"resignation": {"annual_hazard": 0.4}}, "salary_gbp": 30_000}
GOAL = {"targets": {"goal": {"title": "Goal", "measure": "fte", "at_least": 8}}}


def made(folder, *names, replications=6, **more):
    """Runs of small scenarios, a folder each."""
    for name in names:
        text = document(staffed(10, ROLE), GOAL, {"name": name, **more}, months=6)
        results = experiment.run([scenario_of(text)], replications=replications, seed=3)
        store.write_run(folder / name, results)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made(tmp_path_factory.mktemp("runs"), "one", "two", "three")


def test_runs_are_listed_at_once_and_loaded_when_they_are_asked_for(folder, monkeypatch):
    loaded = []
    read = store.read_run
    monkeypatch.setattr(store, "read_run", lambda path: loaded.append(path.name) or read(path))
    results = wf.open_results(folder)
    assert results.scenarios == ["one", "three", "two"]
    assert results.query("SELECT count(*) AS n FROM scenarios")["n"].tolist() == [3]
    assert loaded == []
    assert results.series("fte", "two").shape == (6, 7)
    assert results.series("headcount", "two").shape == (6, 7)
    assert loaded == ["two"]


def test_sql_says_what_the_results_say(folder):
    results = wf.open_results(folder)
    sql = "SELECT mean, p10, se FROM summary WHERE scenario = 'one' AND measure = 'fte'"
    found = results.query(sql + " AND dimension = 'council' ORDER BY month")
    expected = results.summary("fte", "one")
    for name in ("mean", "p10", "se"):
        assert found[name].tolist() == pytest.approx(expected[name].tolist())
    (chance,) = results.query("SELECT probability FROM targets WHERE scenario = 'one'").to_numpy()
    assert chance == results.targets("one")["probability"][0]


def test_the_facts_of_each_run_are_a_table(folder):
    table = wf.open_results(folder).query("FROM scenarios ORDER BY scenario").set_index("scenario")
    assert table.loc["two"].to_dict() == {
        "title": "Small", "status": "exploratory", "parent": None, "start": "2024-04-01",
        "months": 6, "replications": 6, "seed": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/stolen.db'",
        "INSERT INTO scenarios SELECT * FROM scenarios",
        "DROP TABLE scenarios",
        "CREATE TABLE mine AS SELECT 1",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "SELECT 1; SELECT 2",
        "",
        "SELECT * FROM read_text('{folder}/one/manifest.json')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '{folder}/one/manifest.json'",
        "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
        "SELECT nonsense FROM results",
        "SELEC 1",
    ],
)
def test_a_question_reads_the_tables_and_nothing_else(folder, sql):
    before = sorted(path.name for path in folder.rglob("*"))
    with pytest.raises(
        InputError, match=r"^query: (is not one SELECT|can't be answered)"
    ) as caught:
        wf.open_results(folder).query(sql.format(folder=folder))
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_a_question_without_an_answer_gives_columns_and_no_rows(folder):
    found = wf.open_results(folder).query("SELECT scenario FROM scenarios WHERE months > 99")
    assert (list(found), len(found)) == (["scenario"], 0)


def test_what_has_no_manifest_is_no_run(folder, tmp_path):
    made(tmp_path, "one", "torn")
    (tmp_path / "torn" / "manifest.json").unlink()
    assert wf.open_results(tmp_path).scenarios == ["one"]


def test_two_runs_of_one_scenario_are_told_apart(tmp_path):
    made(tmp_path, "one")
    (tmp_path / "one").rename(tmp_path / "first")
    made(tmp_path, "one")
    with pytest.raises(InputError, match=r"one: is a run of one, as is .*first; open one of them"):
        wf.open_results(tmp_path)


def test_a_changed_manifest_is_known_for_one(tmp_path):
    made(tmp_path, "one")
    path = tmp_path / "one" / "manifest.json"
    text = path.read_text(encoding="utf-8")
    for changed in (text.replace('"seed": 3', '"seed": 4'), text + " ", text.replace(": ", ":", 1)):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(InputError, match=r"manifest.json: is damaged"):
            wf.open_results(tmp_path / "one")
    path.write_text(text, encoding="utf-8")
    assert manifest.read(tmp_path / "one")["seed"] == 3


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_what_stood_before_stands_where_the_disk_is_full(tmp_path, monkeypatch, at):
    made(tmp_path, "one")
    before = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, at, full)
    with pytest.raises(InputError, match="can't be written: No space left on device"):
        made(tmp_path, "one", replications=7)
    monkeypatch.undo()
    after = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    if at == "replace":  # the manifest went first: no result rather than a mixed one
        before.pop("manifest.json")
    assert after == before


def test_a_question_about_one_measure_reads_little(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROWS", 42)  # replications × months
    made(tmp_path, "one")
    groups = catalogue.pq.ParquetFile(tmp_path / "one" / "results.parquet").metadata
    column = [groups.row_group(n).column(2) for n in range(groups.num_row_groups)]
    holds = [c for c in column if c.statistics.min <= "headcount" <= c.statistics.max]
    assert len(holds) < len(column) / 4


def test_what_a_footer_says_is_plain(tmp_path):
    made(tmp_path, "one")
    facts = catalogue.facts_of(tmp_path / "one" / "results.parquet")
    assert json.loads(json.dumps(facts)) == facts
    assert os.sep not in json.dumps(facts)
