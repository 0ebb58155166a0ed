"""Pages: whole, true, and fit for everybody, as their text shows and as a real browser finds.

The browser's part needs Chromium, Chrome or Edge and axe-core (`npm install --no-save axe-core`).
"""

import html
import re
import zipfile

import browser
import nbformat
import numpy as np
import pages
import pandas as pd
import pytest
from batching import CHILD, WRITE, notebook, scenarios
from test_reporting import HOSTILE, every_chart

from wfmodel.batch import printing
from wfmodel.batch.editions import Editions
from wfmodel.batch.index import write_index
from wfmodel.batch.running import run_batch
from wfmodel.batch.verifying import verify
from wfmodel.errors import InputError
from wfmodel.reporting import page, words
from wfmodel.reporting.block import stack
from wfmodel.reporting.tables import Table
from wfmodel.reporting.workbook import LEGEND, tables_of, write_workbook

COUNCIL = """\
schema: 1
name: baseline
title: As today
horizon: {start: 2024-04-01, months: 24}
run: {replications: 12, seed: 3}
workforce:
  groups:
    team: {service: parks, role: officer, posts: 30}
    desk: {service: finance, role: clerk, posts: 8}
  services: {parks: "=Parks & <b>gardens</b>", finance: "@Finance"}
roles:
  officer: {salary_gbp: 30000, attrition: {resignation: {annual_hazard: {interval: [0.1, 0.5],
    source: "+HR", confidence: low}}}}
  clerk: {salary_gbp: 28000, attrition: {resignation: {annual_hazard: 0.3}}}
targets:
  smaller: {title: "-Smaller", measure: fte, at_most: 30}
"""


@pytest.fixture(scope="module")
def printer():
    """The installed browser, if there is one."""
    try:
        return printing.browser()
    except InputError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def chromium(printer):
    """A running browser with axe-core, where both are installed."""
    try:
        with browser.running() as one:
            yield one
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A batch of the shipped report in all editions that can be had here."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "baseline.yaml").write_text(COUNCIL)
    (folder / "plan.yaml").write_text(
        CHILD.format(name="plan", title="The plan") + "policies: {hold: {kind: vacancy_control, "
        "mode: share, share: 0.5}}\n"
    )
    try:
        editions = Editions.asked(pdf=True, workbook=True)
    except InputError:
        editions = Editions.asked(pdf=False, workbook=True)
    outcome = run_batch([folder], folder / "out", index=write_index, editions=editions)
    assert not outcome.failed, outcome.entries
    return folder / "out"


@pytest.fixture(scope="module")
def charts_page() -> str:
    """A page with one of each chart, whose names are hostile."""
    figures = stack(*every_chart(HOSTILE.replace("1", "one").replace("2", "two")).values())
    return page.document(f"<h1>All charts</h1>{figures.html()}", title="All charts", status="Draft")


def test_every_page_of_a_batch_is_whole_and_true(made):
    found = sorted(made.rglob("*.html"))
    assert {path.name for path in found} == {"index.html", "comparison.html", "report.html"}
    for path in found:
        assert pages.faults(path.read_text(encoding="utf-8")) == [], path


def test_every_chart_is_whole_and_true(charts_page):
    assert pages.faults(charts_page) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('lang="en-GB"', "", "language None"),
        ("default-src 'none'", "default-src *", "another policy"),
        ("<title>All charts</title>", "<title> </title>", "no title"),
        ("@media print", "@media speech", "no print style"),
        ("<h1>All charts</h1>", "<h1>All charts</h1><h3>Deep</h3>", "level 3 right below"),
        ("<h1>All charts</h1>", "<h1>All</h1><h1>charts</h1>", "2 headings of the first"),
        ("<h1>All charts</h1>", "<h1>All</h1><script>1</script>", "holds a <script>"),
        ("<h1>All charts</h1>", '<h1 onclick="x">All</h1>', "<h1> has onclick"),
        ("<h1>All charts</h1>", '<h1>All</h1><a href="https://x.y">x</a>', "leads out"),
        ("<h1>All charts</h1>", "<h1>All</h1><table><tr><td>1</td></tr></table>", "captions"),
        ('alt="Fan chart. ', 'alt="Fan chart. Not ', "not what the caption says"),
        ('scope="row"', "", "no scope"),
        ("falls from 100 to 88", "falls from 100 to 87", "says 87, which the table"),
        ("1 of 1 targets", "1 of 7 targets", "the table has 1 rows"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(old, new, fault):
    figures = stack(every_chart()["fan"], every_chart()["targets"]).html()
    text = page.document(f"<h1>All charts</h1>{figures}", title="All charts")
    text = text.replace("The target is not met", "1 of 1 targets is not met")
    assert pages.faults(text) == []
    assert old in text
    assert [found for found in pages.faults(text.replace(old, new)) if fault in found]


@pytest.mark.parametrize(
    "name", ["index.html", "comparison.html", "baseline/report.html", "plan/report.html"]
)
def test_a_real_browser_finds_nothing_wrong_with_a_page(chromium, made, name):
    assert chromium.look(made / name).faults == []


def test_a_real_browser_finds_nothing_wrong_with_any_chart(chromium, charts_page, tmp_path):
    path = tmp_path / "charts.html"
    path.write_text(charts_page, encoding="utf-8")
    assert chromium.look(path).faults == []


def test_a_real_browser_finds_what_is_wrong(chromium, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        "<!DOCTYPE html><html><head><title>x</title></head><body><main><h1>x</h1>"
        '<img src="other.png"><p style="color: #ccc; width: 900px">pale</p>'
        "<details><summary>more</summary><input></details></main></body></html>"
    )
    found = chromium.look(path)
    assert found.requests == [(tmp_path / "other.png").as_uri()]
    rules = {line.split(":")[0] for line in found.violations}
    assert rules >= {"html-has-lang", "image-alt", "color-contrast", "label"}
    assert found.overflow > 0


def test_a_pages_own_policy_lets_nothing_in(chromium, tmp_path):
    path = tmp_path / "page.html"
    body = '<h1>x</h1><img alt="a" src="other.png"><script>document.title = "ran"</script>'
    path.write_text(page.document(body, title="T"))  # more than the checks above let through
    found = chromium.look(path)
    assert len([line for line in found.logged if "Content Security Policy" in line]) == 2


def test_a_report_is_printed_as_a_tagged_pdf(printer, made):
    for name in ("baseline", "plan"):
        pdf = (made / name / "report.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert re.search(rb"/Marked\s+true", pdf)
        assert b"/StructTreeRoot" in pdf
        assert b"/Lang (en-GB)" in pdf
        assert b"/Outlines" in pdf


def test_a_page_that_does_not_print_is_an_error(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(page.document("<h1>x</h1>", title="T"))
    with pytest.raises(OSError, match="false did not print it"):
        printing.print_pdf(path, tmp_path / "page.pdf", "/bin/false")


def test_without_a_browser_a_pdf_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(printing, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(printing, "PROGRAMS", ())
    monkeypatch.setattr(printing, "APPLICATIONS", ())
    with pytest.raises(InputError, match="needs Chromium, Chrome or Edge"):
        Editions.asked(pdf=True, workbook=False)


def test_a_report_that_lacks_an_edition_which_is_wanted_is_made_again(tmp_path):
    folder = scenarios(tmp_path / "s")
    report = notebook(tmp_path / "n.ipynb", WRITE)

    def run(editions: Editions) -> str:
        outcome = run_batch([folder], tmp_path / "out", notebook=report, editions=editions)
        assert not outcome.failed
        return outcome.entries[0].state

    both = Editions(workbook=True)
    assert [run(one) for one in (Editions(), Editions(), both, both, Editions())] == [
        "done", "skipped", "done", "skipped", "skipped",
    ]  # fmt: skip
    assert verify(tmp_path / "out")[0] == []
    names = re.findall(
        r'<sheet name="([^"]+)"', sheets(tmp_path / "out/baseline/report.xlsx")["xl/workbook.xml"]
    )
    assert names == ["Cover", "Notes"]  # this notebook shows no table


def sheets(path) -> dict[str, str]:
    """The parts of a workbook by name, as text."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode("utf-8") for name in book.namelist()}


def test_a_workbook_has_a_cover_contents_notes_and_every_table_of_the_report(made):
    tables = tables_of(nbformat.read(made / "plan" / "report.ipynb", 4))
    captions = [table["caption"] for table in tables]
    text = (made / "plan" / "report.html").read_text(encoding="utf-8")
    assert len(captions) == text.count("<caption>")
    parts = sheets(made / "plan" / "report.xlsx")
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert names == ["Cover", "Contents", "Notes", *(f"Table {n + 1}" for n in range(len(tables)))]
    assert len([name for name in parts if name.startswith("xl/tables/")]) == len(names) - 1


def test_no_text_of_a_workbook_is_a_formula_or_leads_anywhere(made, tmp_path):
    hostile = ["=1+1", "@x", "+1+1", "-1", "[a](http://b.c)", "http://b.c", "$$note$$", "\t=2"]
    frame = pd.DataFrame({"=A1": hostile, "n": np.arange(8.0)})
    table = Table(frame, "=caption $$x$$ [a](http://b.c)", note="=note").stored()
    path = tmp_path / "hostile.xlsx"
    write_workbook(path, [table], title="=title", status="@status", made="+made")
    for book in (path, made / "plan" / "report.xlsx"):
        parts = sheets(book)
        assert not [name for name, text in parts.items() if "<f>" in text or "<f " in text]
        assert not [name for name, text in parts.items() if 'TargetMode="External"' in text]
    texts = parts_text(path)
    assert {"=1+1", "@x", "+1+1", "http://b.c", "$ $note$ $", "[a] (http://b.c)", "=2"} <= texts


def parts_text(path) -> set[str]:
    """All texts of a workbook."""
    shared = sheets(path)["xl/sharedStrings.xml"]
    return {html.unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", shared)}


def test_numbers_of_a_workbook_are_numbers_and_gaps_are_said(tmp_path):
    frame = pd.DataFrame(
        {
            "Group": ["a", "b", "c"],
            "Rate": [0.1234, float("nan"), 0.5],
            "People": ["1,084", "fewer than 5", "not shown"],
        }
    )
    table = Table(frame, "Rates", {"Rate": words.percent}).stored()
    path = tmp_path / "book.xlsx"
    write_workbook(path, [table], title="T", status="S", made="M")
    sheet = sheets(path)["xl/worksheets/sheet4.xml"]
    numbers = [float(n) for n in re.findall(r"<c [^>]*?(?<!t=\"s\")><v>([^<]*)</v>", sheet)]
    assert numbers == [0.12, 1084, 0.5]  # no finer than the page says
    texts = parts_text(path)
    assert {"[z]", "[c]", LEGEND["[z]"], LEGEND["[c]"]} <= texts
    assert "0.0%" in sheets(path)["xl/styles.xml"]


def test_a_column_of_several_units_is_written_as_the_report_writes_it(tmp_path):
    frame = pd.DataFrame(
        {
            "Measure": ["FTE", "Vacancy rate", "Cost", "None"],
            "Mean": ["664", "17.8%", "£1.02m", "0"],
            "Rate": ["12%", "0", "7%", "3%"],
        }
    )
    write_workbook(
        tmp_path / "book.xlsx", [Table(frame, "t").stored()], title="T", status="S", made="M"
    )
    assert {"664", "17.8%", "£1.02m"} <= parts_text(tmp_path / "book.xlsx")
    sheet = sheets(tmp_path / "book.xlsx")["xl/worksheets/sheet4.xml"]
    numbers = [float(n) for n in re.findall(r"<c [^>]*?(?<!t=\"s\")><v>([^<]*)</v>", sheet)]
    assert numbers == [0.12, 0, 0.07, 0.03]


def test_the_same_tables_make_the_same_workbook(tmp_path):
    table = Table(pd.DataFrame({"a": ["x"], "b": [1.5]}), "t").stored()
    for name in ("one", "two"):
        write_workbook(tmp_path / name, [table], title="T", status="S", made="M")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_workbook_hides_and_rounds_what_the_report_does(made):
    notebook_shown = nbformat.read(made / "plan" / "report.ipynb", 4)
    text = (made / "plan" / "report.html").read_text(encoding="utf-8")
    for table in tables_of(notebook_shown):
        for row, written in zip(table["rows"], table["written"], strict=True):
            for cell, said in zip(row, written, strict=True):
                assert html.escape(said) in text
                assert isinstance(cell, str) or any(ch.isdigit() for ch in said)
