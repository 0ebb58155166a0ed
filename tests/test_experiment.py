"""Experiments: many replications on common luck, the same for any number of jobs, stored whole or
not at all.
"""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from small import document, same, scenario_of, staffed

import wfmodel as wf
from wfmodel import experiment
from wfmodel.errors import InputError
from wfmodel.experiment import asked
from wfmodel.results import manifest, store
from wfmodel.results.summary import summarise
from wfmodel.results.targets import probability

ROLE = {
    "attrition": {"resignation": {"annual_hazard": {"interval": [0.2, 0.6], "confidence": "low"}}},
    "salary_gbp": 30_000,
    "recruitment": {"time_to_hire_days": 60},
}
GOAL = {"targets": {"goal": {"title": "Goal", "measure": "fte", "at_least": 18}}}


def scenario(name="base", *changes, months=12, posts=20):
    return scenario_of(
        document(staffed(posts, ROLE), GOAL, {"name": name}, *changes, months=months)
    )


@pytest.fixture(scope="module")
def results():
    return experiment.run([scenario()], replications=30, seed=5)


def test_one_job_and_two_give_the_same_to_the_byte(results):
    two = experiment.run([scenario()], replications=30, seed=5, jobs=2)
    assert results.run().values.tobytes() == two.run().values.tobytes()
    assert results.run().vectors.tobytes() == two.run().vectors.tobytes()


def test_a_replication_is_the_same_alone_and_among_others(results):
    alone = experiment.run([scenario()], replications=[17], seed=5)
    assert np.array_equal(alone.run().values[0], results.run().values[17], equal_nan=True)


def test_three_equal_numbers_are_one_and_each_moves_its_own(results):
    numbers = [(3, 3, 3), (4, 3, 3), (3, 3, 4)]
    crossed = experiment.run([scenario()], replications=numbers, seed=5).run()
    assert np.array_equal(crossed.values[0], results.run().values[3], equal_nan=True)
    path = "roles.worker.attrition.resignation.annual_hazard"
    drawn = results.run().drawn(path)
    assert crossed.drawn(path).tolist() == [drawn[3], drawn[4], drawn[3]]
    assert not np.array_equal(crossed.values[2], crossed.values[0], equal_nan=True)


def test_only_the_measures_that_are_asked_for_are_kept_and_what_targets_read(results):
    few = experiment.run([scenario()], replications=30, seed=5, measures=["leavers", "headcount"])
    run = few.run()
    assert list(dict.fromkeys(key[0] for key in run.keys)) == ["headcount", "fte", "leavers"]
    whole = results.run()
    for n, key in enumerate(run.keys):
        assert run.values[:, n].tobytes() == whole.values[:, whole.keys.index(key)].tobytes()
    assert few.targets().equals(results.targets())
    assert "Headcount" in few._repr_html_()
    with pytest.raises(InputError, match="measure pay_gbp was not asked for"):
        few.series("pay_gbp")


def test_a_target_relative_to_the_budget_keeps_the_budget():
    goal = {"title": "Goal", "measure": "pay_gbp", "at_most": 1, "relative_to": "budget"}
    one = scenario("paid", {"budget": {"base": "gross"}}, {"targets": {"paid": goal}})
    assert "budget_gbp" in {key[0] for key in experiment.run([one], 1, measures=[]).run().keys}


def test_a_measure_of_a_grade_may_be_asked_for():
    run = experiment.run([scenario()], 2, measures=["female_share_grade_1"]).run()
    assert ("female_share_grade_1", "council", "all") in run.keys


def test_seed_and_replications_default_to_the_scenarios_own():
    run = experiment.run([scenario("own", {"run": {"replications": 3, "seed": 9}})]).run()
    assert (run.seed, run.numbers) == (9, [0, 1, 2])


def test_progress_is_told_to_the_end():
    told = []
    experiment.run(
        [scenario("a"), scenario("b")], replications=27, progress=lambda *x: told.append(x)
    )
    assert [total for _, total in told] == [54] * len(told)
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert done[-1] == 54


def test_with_a_precision_replications_are_added_until_every_target_has_it(monkeypatch):
    assert asked.LEAST_FOR_PRECISION == 400
    monkeypatch.setattr(asked, "LEAST_FOR_PRECISION", 40)
    monkeypatch.setattr(experiment.experiment, "STEP", 10)
    text = document(
        staffed(1, {"attrition": {"resignation": {"annual_hazard": 0.693147}}}), months=12
    )
    target = {"targets": {"stays": {"title": "Stays", "measure": "stability_index", "at_least": 1}}}
    one = scenario_of({**text, **target})
    coarse = experiment.run([one], replications=1, precision=0.2)
    assert len(coarse.run().numbers) == 40
    told = []
    fine = experiment.run([one], replications=1, precision=0.06, progress=lambda *x: told.append(x))
    replications = len(fine.run().numbers)
    assert 40 < replications <= 80
    assert float(fine.targets()["se"].max()) < 0.06
    fewer = fine.run().values[: replications - 10]
    met = int(
        (fewer[:, fine.run().keys.index(("stability_index", "council", "all")), 12] >= 1).sum()
    )
    assert probability(met, replications - 10)[1] >= 0.06
    assert told[-1] == (replications, replications)
    assert np.array_equal(fine.run().values[:40], coarse.run().values, equal_nan=True)


def test_ledgers_are_kept_only_where_asked_for(results):
    assert results.ledgers() == []
    kept = experiment.run([scenario()], replications=2, seed=5, keep_ledgers=True).ledgers()
    assert len(kept) == 2
    assert same(kept[1], experiment.trace(scenario(), 1, seed=5))


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"replications": 0}, "replications: is 0, allowed is 1 to 1,000,000"),
        ({"replications": 1_000_001}, "replications: is 1,000,001, allowed is 1 to 1,000,000"),
        ({"replications": []}, "replications: is empty"),
        ({"simulation": "guess"}, "'guess' is not one of compiled, reference"),
        ({"precision": 0.6}, "precision: is 0.6, allowed is above 0 to 0.5"),
        ({"precision": 1e-5}, "replications, allowed are 100,000"),
        ({"jobs": "two"}, "jobs: is 'two', a whole number is needed"),
        ({"measures": ["headcuont"]}, "measures: 'headcuont' is not known; nearest is headcount"),
    ],
)
def test_what_can_not_be_run_is_refused_in_words(asked, what):
    with pytest.raises(InputError) as refused:
        experiment.run([scenario()], **asked)
    assert what in str(refused.value)


def test_two_scenarios_of_one_name_and_none_at_all_are_refused():
    with pytest.raises(InputError, match="'base' stands for two scenarios"):
        experiment.run([scenario(), scenario()], replications=1)
    with pytest.raises(InputError, match="scenarios: is empty"):
        experiment.run([])


def test_more_measures_than_the_machine_can_hold_are_refused_before_anything_runs():
    told = []
    with pytest.raises(InputError, match=r"^replications: 1,000,000 of base with .* GB; allowed"):
        experiment.run(scenario(months=600), 1_000_000, progress=lambda *x: told.append(x))
    assert told == []


def test_a_wrong_target_is_refused_before_anything_runs():
    told = []
    wrong = scenario("wrong", {"targets": {"goal": {"measure": "fet"}}})
    with pytest.raises(InputError, match="nearest is fte"):
        experiment.run([scenario(), wrong], replications=1, progress=lambda *x: told.append(x))
    assert told == []


def test_series_and_table_hold_the_same(results):
    table = results.table
    assert list(table.columns) == [
        "scenario",
        "replication",
        "measure",
        "dimension",
        "group",
        "month",
        "value",
    ]
    part = table[
        (table["measure"] == "fte")
        & (table["dimension"] == "service")
        & (table["group"] == "front")
    ]
    wide = part.pivot(index="replication", columns="month", values="value").to_numpy()
    assert np.array_equal(wide, results.series("fte", dimension="service", group="front"))


def test_what_is_not_kept_is_refused_with_what_is(results):
    with pytest.raises(InputError, match="measure 'ftee' is not known; nearest is fte"):
        results.series("ftee")
    with pytest.raises(InputError, match=r"fte is not kept by role; run\.detail chooses"):
        results.series("fte", dimension="role", group="worker")
    with pytest.raises(InputError, match="service 'frond' is not kept; nearest is front"):
        results.series("fte", dimension="service", group="frond")
    assert results.groups_of("service") == ["front"]


def test_a_summary_tells_the_range_apart_from_the_precision_of_the_mean(results):
    row = results.summary("fte").iloc[12]
    values = results.series("fte")[:, 12]
    assert row["month"] == 12
    assert row["mean"] == pytest.approx(values.mean())
    assert [row["p10"], row["median"], row["p90"]] == pytest.approx(
        np.quantile(values, [0.1, 0.5, 0.9]).tolist()
    )
    assert row["se"] == pytest.approx(values.std(ddof=1) / np.sqrt(30))
    assert results.summary("leavers").iloc[0].isna()[["mean", "median", "p10", "p90", "se"]].all()


def test_undefined_values_are_left_out_of_a_summary():
    found = summarise(np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]]))
    assert found["mean"][0] == 2
    assert found.iloc[1].isna().all()


def test_costs_by_year_add_up_the_months(results):
    table = results.by_year().set_index(["year", "measure"])
    pay = results.series("pay_gbp")[:, 1:].sum(axis=1)
    assert table.loc[(2024, "pay_gbp"), "mean"] == pytest.approx(pay.mean())
    assert table.loc[(2024, "pay_gbp"), "months"] == 12
    assert set(table["kind"]) == {"recurring", "one_off", "budget"}


def test_what_is_stored_is_read_back(results, tmp_path):
    store.write_run(tmp_path / "run", results)
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == [
        "manifest.json",
        "results.parquet",
        "targets.parquet",
    ]
    back = wf.open_results(tmp_path / "run")
    for name in ("fte", "leavers", "turnover", "budget_gbp"):
        assert np.array_equal(back.series(name), results.series(name), equal_nan=True)
    assert np.array_equal(
        back.series("fte", None, "service", "front"),
        results.series("fte", None, "service", "front"),
    )
    assert np.array_equal(back.run().vectors, results.run().vectors)
    pd.testing.assert_frame_equal(back.targets(), results.targets())
    pd.testing.assert_frame_equal(back.target_ranges(), results.target_ranges())
    assert store.as_json(back)["measures"] == store.as_json(results)["measures"]


def test_the_same_run_writes_the_same_bytes(results, tmp_path):
    again = experiment.run([scenario()], replications=30, seed=5, jobs=2)
    for folder, one in (("a", results), ("b", again)):
        store.write_run(tmp_path / folder, one)
    for name in ("results.parquet", "targets.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    a, b = (json.loads((tmp_path / x / "manifest.json").read_text()) for x in "ab")
    assert a["seconds"] >= 0
    assert manifest.lasting(a) == manifest.lasting(b)
    assert a["sha256"] != b["sha256"] or a["seconds"] == b["seconds"]


def test_a_manifest_says_what_was_run(results, tmp_path):
    store.write_run(tmp_path, results)
    about = json.loads((tmp_path / "manifest.json").read_text())
    assert about["scenario"] == "base"
    assert about["seed"] == 5
    assert about["replications"] == list(range(30))
    assert about["versions"]["wfmodel"] == wf.__version__
    assert about["resolved"]["horizon"] == {"start": "2024-04-01", "months": 12}
    assert about["outputs"]["results.parquet"] == manifest.file_hash(tmp_path / "results.parquet")
    assert any(name.endswith("england.yaml") for name in about["inputs"])


def test_a_run_without_manifest_is_none(results, tmp_path):
    store.write_run(tmp_path / "run", results)
    (tmp_path / "run" / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"holds no run: manifest.json is missing"):
        wf.open_results(tmp_path / "run")


def test_a_file_that_was_changed_is_refused(results, tmp_path):
    store.write_run(tmp_path, results)
    path = tmp_path / "results.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"results.parquet: is not what the manifest says"):
        wf.open_results(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"format": 0}', '{"format": 1}'])
def test_a_manifest_that_is_none_is_refused(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest.json: is (not a manifest|of another format)"):
        wf.open_results(tmp_path)


def test_a_folder_that_can_not_be_written_is_told_in_one_line(results, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as refused:
        store.write_run(tmp_path / "file" / "run", results)
    assert str(refused.value).startswith(f"{tmp_path / 'file' / 'run'}: can't be written")
    assert "\n" not in str(refused.value)


def test_a_batch_folder_opens_as_all_its_runs(results, tmp_path):
    store.write_run(tmp_path / "base", results)
    store.write_run(tmp_path / "more", experiment.run([scenario("more")], replications=30, seed=5))
    both = wf.open_results(tmp_path)
    assert both.scenarios == ["base", "more"]
    assert (both.compare("more", to="base").at(12)["difference"].dropna() == 0).all()


def test_the_json_object_is_as_documented(results):
    told = json.loads(json.dumps(store.as_json(results), allow_nan=False))
    assert list(told) == ["scenario", "replications", "seed", "seconds", "targets", "measures"]
    assert told["replications"] == 30
    assert list(told["targets"][0]) == ["name", "probability", "se"]
    by = {(m["measure"], m["month"]): m for m in told["measures"]}
    assert list(by["fte", 0]) == ["measure", "month", "unit", "mean", "median", "p10", "p90", "se"]
    assert by["fte", 0]["mean"] == 20
    assert by["leavers", 0]["mean"] is None
    assert by["turnover", 11]["mean"] is None
    assert by["turnover", 12]["mean"] > 0


def test_an_undefined_target_is_null_in_json(tmp_path):
    undefined = {"targets": {"goal": {"measure": "redeployment_rate_of_pool", "at_least": 0.5}}}
    one = experiment.run([scenario("none", undefined)], replications=2)
    assert store.as_json(one)["targets"] == [{"name": "goal", "probability": None, "se": None}]
    store.write_run(tmp_path, one)
    assert store.as_json(wf.open_results(tmp_path))["targets"][0]["probability"] is None


def test_the_package_offers_its_names_and_loads_them_late():
    for name in wf.__all__:
        assert getattr(wf, name) is not None
    with pytest.raises(AttributeError, match="it has MEASURES"):
        _ = wf.load_scenarios
    code = "import sys, wfmodel; print([m for m in ('numba', 'pandas') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_run_of_no_months_has_a_start_and_nothing_else():
    run = experiment.run(
        [scenario_of(document(staffed(3, {"salary_gbp": 1_000}), months=0))], replications=2
    )
    assert run.series("headcount").tolist() == [[3], [3]]
    assert run.by_year().empty
