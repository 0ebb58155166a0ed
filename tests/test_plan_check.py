"""Plan check: the notebook on a council's plan, run by the command line into a page."""

from pathlib import Path

import pandas as pd
import pytest
from test_claims import FIGURES, MORE, SCENARIO, asked
from test_cli import call

from wfmodel.reporting import plans, ways

CLAIMS = f"""\
schema: 1
base: as_is
levers: {{as_is: [more]}}
routes: as_is
claims:
  posts: {{{asked("establishment_posts", "at_least: staff")}}}
  few: {{{asked("establishment_posts", "at_most: 20")}}}
  happy: {{says: "They are < happy >", figure: survey}}
findings:
  more:
    says: Two posts more are two more
    simulated: {{scenario: more, measure: establishment_posts, less_in: as_is}}
    at_least: 2
"""
AGAIN = """\
  staff_again:
    {quote: "as many as twenty-five", value: 25, unit: heads, date: 2024-04-01, use: check,
     contradicts: staff, where: {opening: {scenario: more, count: heads}, tolerance: 2}}
"""


@pytest.fixture
def council(tmp_path) -> Path:
    """A council's folder of data, beside its scenarios."""
    folder = tmp_path / "data" / "town"
    folder.mkdir(parents=True)
    (tmp_path / "data" / "scenarios").mkdir()
    figures = FIGURES.replace("count: heads}}}", "count: heads}}, contradicts: staff_again}", 1)
    figures = figures[: figures.index("  sick:")] + AGAIN
    for path, text in {
        folder / "figures.yaml": figures,
        folder / "claims.yaml": CLAIMS,
        tmp_path / "data" / "scenarios" / "as_is.yaml": SCENARIO,
        tmp_path / "data" / "scenarios" / "more.yaml": MORE,
    }.items():
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_plan_is_put_to_the_model_and_made_a_page(council, tmp_path, capsys):
    out = tmp_path / "out"
    code, printed, said = call(capsys, "check", council.parent, "--out", out, "--replications", 30)
    assert (code, printed) == (0, ""), said
    assert {p.name for p in (out / "town").iterdir()} == {
        "report.html", "report.ipynb", "answers.csv",
    }  # fmt: skip
    html = (out / "town" / "report.html").read_text(encoding="utf-8")
    assert "Of 3 claims, 1 holds in nine futures of ten or more" in html
    assert "They are &lt; happy &gt;" in html
    assert "plans.first_screen" not in html  # its code is not shown
    answers = pd.read_csv(out / "town" / "answers.csv").set_index("name")
    assert answers["verdict"].tolist() == ["holds", "fails", "unknown", "holds"]
    assert answers.loc["more", "median"] == 2


def test_what_is_wrong_is_one_line_and_nothing_is_written(council, tmp_path, capsys):
    claims = council / "claims.yaml"
    claims.write_text(CLAIMS.replace("at_least: 2", "at_lest: 2"), encoding="utf-8")
    code, _, said = call(capsys, "check", council, "--out", tmp_path / "out")
    assert code == 2
    assert said.splitlines()[0].startswith(f"{claims}:13: findings.more.at_lest: is not a known")
    assert not (tmp_path / "out").exists()
    code, _, said = call(capsys, "check", tmp_path / "data" / "scenarios", "--out", tmp_path)
    assert code == 2
    assert "holds no claims.yaml; name a council's data folder" in said


def test_what_stops_the_notebook_is_said_and_the_exit_is_1(council, tmp_path, capsys):
    claims = council / "claims.yaml"
    claims.write_text(CLAIMS.replace("less_in: as_is", "month: 99"), encoding="utf-8")
    code, _, said = call(capsys, "check", council, "--out", tmp_path / "out", "--replications", 5)
    assert code == 1
    assert "more.simulated: month 99 is after the horizon of more, 24" in said.splitlines()[0]
    assert not (tmp_path / "out" / "town" / "report.html").exists()


def test_the_parts_of_the_page_say_what_is_in_them(council):
    check = plans.checked(str(council), replications=20, seed=1)
    assert "so it is" in plans.claims(check).text()
    assert "Two posts more are two more" in plans.findings(check).text()
    told = plans.figures(check).text()
    assert "5 figures are held" in told
    assert "1 does not agree" in told
    assert "needed is equal 30" in told
    told = plans.contradictions(check).text()
    assert "as many as twenty-five" in told
    assert "opening workforce of more" in told
    assert "With two more" in ways.levers(check).text()
    frame = plans.table(check)
    assert frame["part"].tolist() == ["claim"] * 3 + ["finding"]
