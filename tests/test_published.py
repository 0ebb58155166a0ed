"""Whatever is published of a council: nobody is named in it, nothing in it runs, no cell of few."""

import base64
import contextlib
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from attacker import ENOUGH, adds_up, column_placed, equal, hidden, possible
from planted import FORMULA, IDENTITIES, PATH, SCRIPT, council

from wfmodel.batch.comparing import compare_scenarios
from wfmodel.batch.editions import Editions
from wfmodel.batch.index import write_index
from wfmodel.batch.running import run_batch
from wfmodel.cli import main
from wfmodel.errors import InputError
from wfmodel.reporting import moves, opening, people, stories
from wfmodel.reporting.disclosure.groups import COLUMNS
from wfmodel.reporting.disclosure.rule import PUBLISHED
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import STORED
from wfmodel.results import store
from wfmodel.workforce import load_workforce

SENSITIVE, ROUNDING = 10, 5
try:
    EDITIONS = Editions.asked(pdf=True, workbook=True)
except InputError:  # no browser is installed to print with
    EDITIONS = Editions.asked(pdf=False, workbook=True)
IMAGE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with everything that can be made of the council: batch, comparison, trace."""
    place = tmp_path_factory.mktemp("made")
    folder = council(place / "council")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run_batch([folder], place / "out", jobs=1, index=write_index, editions=EDITIONS)
    pair = [folder / "baseline.yaml", folder / "plan.yaml"]
    compare_scenarios(pair[0], pair[1:], place / "out" / "compared")
    trace = place / "out" / "trace.parquet"
    with pytest.raises(SystemExit) as left:
        main(["trace", str(pair[1]), "--replication", "0", "--out", str(trace)])
    assert not left.value.code
    # Nothing was written anywhere but below the folder for it.
    assert {path.name for path in place.iterdir()} == {"council", "out"}
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert not [path for path in place.parent.rglob("outside*") if place not in path.parents]
    return place / "out"


@pytest.fixture(scope="module")
def facts(made) -> Facts:
    base = Facts(store.open_results(made / "baseline"), "baseline", published=True)
    return Facts(store.open_results(made / "plan"), "plan", base, published=True)


def read(path: Path) -> str:
    """Everything that a file of some kind holds, as text; a new kind has to be added here."""
    kind = path.suffix
    if kind == ".parquet":
        table = pq.read_table(path)
        columns = [str(column.to_pylist()) for column in table.columns if _is_text(column.type)]
        return " ".join([str(table.schema), str(table.schema.metadata), *columns])
    if kind == ".pdf":
        return " ".join(_streams(path.read_bytes()))
    if kind == ".xlsx":
        with zipfile.ZipFile(path) as whole:
            return " ".join(
                whole.read(name).decode("utf-8", "replace") for name in whole.namelist()
            )
    assert kind in (".html", ".ipynb", ".json", ".csv", ".log", ".lock"), f"{path} is of a new kind"
    text = path.read_text(encoding="utf-8")
    text = json.dumps(json.loads(text), ensure_ascii=False) if kind == ".json" else text
    images = [base64.b64decode(found).decode("latin-1") for found in IMAGE.findall(text)]
    return " ".join([text, *images])


def _is_text(kind: object) -> bool:
    return "string" in str(kind)


def _streams(pdf: bytes) -> Iterator[str]:
    """The whole of a PDF, and its streams as they were before they were packed."""
    yield pdf.decode("latin-1")
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(packed).decode("latin-1")


def files(made: Path) -> list[Path]:
    return sorted(path for path in made.rglob("*") if path.is_file())


def test_nobody_of_an_extract_is_named_in_anything_that_is_written(made):
    kinds = {path.suffix for path in files(made)}
    assert kinds >= {".html", ".ipynb", ".json", ".csv", ".parquet", ".xlsx"}
    assert (".pdf" in kinds) == bool(EDITIONS.printer)
    for path in files(made):
        text = read(path)
        assert [name for name in IDENTITIES if name in text] == [], path.name


def test_nobody_is_named_while_a_batch_runs(tmp_path, capfd):
    folder = council(tmp_path / "council")
    outcome = run_batch([folder / "broken.yaml"], tmp_path / "out", jobs=1, index=write_index)
    assert outcome.failed
    said = "".join(capfd.readouterr())
    assert "people.csv:2" in said
    for text in (said, *(read(path) for path in files(tmp_path / "out"))):
        assert [name for name in IDENTITIES if name in text] == []


class Page(HTMLParser):
    """What a page holds: tags with their attributes, and tables as rows of text by caption."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.into: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.into = tag if tag in ("caption", "td", "th") else self.into
        if tag == "table":
            self.rows, self.caption = [], ""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.into = None if tag in ("caption", "td", "th") else self.into
        if tag == "table":
            self.tables[self.caption] = self.rows

    def handle_data(self, data):
        if self.into == "caption":
            self.caption += data
        elif self.into:
            self.rows[-1][-1] += data


def pages(made: Path) -> dict[str, str]:
    """Every page, and every piece of HTML in a notebook, by name."""
    found = {str(p.relative_to(made)): p.read_text() for p in files(made) if p.suffix == ".html"}
    for path in (p for p in files(made) if p.suffix == ".ipynb"):
        for number, cell in enumerate(json.loads(path.read_text())["cells"]):
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert set(data) <= {"text/html", "text/plain", STORED}
                name = f"{path.relative_to(made)}#{number}"
                found[name] = found.get(name, "") + "".join(data.get("text/html", ""))
    return found


def test_nothing_hostile_runs_on_any_page(made):
    seen = pages(made)
    assert len(seen) > 10
    for name, html in seen.items():
        page = Page(html)
        assert {tag for tag, _ in page.tags} & {
            "script",
            "iframe",
            "object",
            "embed",
            "svg",
        } == set()
        for _, attributes in page.tags:
            assert not [key for key in attributes if key.startswith("on")], name
            link = attributes.get("href") or attributes.get("src") or "#"
            allowed = link.startswith(("#", "data:image/png;base64,")) or re.fullmatch(
                r"(\.\./)?([a-z0-9_-]+/)?(index|report|comparison)\.html", link
            )
            assert allowed, f"{name}: {link[:80]}"
    report = seen["plan/report.html"]
    assert "&lt;script&gt;alert(1)" in report
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in report


def live(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula."""
    return cell[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", cell)


def test_no_cell_of_a_table_is_a_formula(made, capsys):
    texts = [path.read_text() for path in files(made) if path.suffix == ".csv"]
    asked = (
        "SELECT title, t.name, s.title AS scenario FROM targets t JOIN scenarios s USING (scenario)"
    )
    for sql in ("SELECT * FROM scenarios", "SELECT * FROM targets", "SELECT * FROM summary", asked):
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main(["query", str(made), sql])
        texts.append(capsys.readouterr().out)
    assert any(f"'{FORMULA}" in cell for text in texts for row in csv.reader(io.StringIO(text))
               for cell in row)  # fmt: skip
    for text in texts:
        assert [cell for row in csv.reader(io.StringIO(text)) for cell in row if live(cell)] == []
    for path in (p for p in files(made) if p.suffix == ".xlsx"):
        assert not re.search(r"<(\w+:)?f[ >/]", read(path))
    for path in (p for p in files(made) if p.suffix == ".pdf"):
        assert not re.search(r"/(JavaScript|JS|Launch|OpenAction)\b", read(path))


@pytest.mark.parametrize("name", [PATH, "/etc/x", "a/b", "..", SCRIPT, FORMULA, "a\\b", "x" * 65])
def test_a_scenario_whose_name_would_lead_elsewhere_writes_nothing(tmp_path, name, capfd):
    folder = council(tmp_path / "council")
    path = folder / "baseline.yaml"
    quoted = "'" + name.replace("'", "''") + "'"
    path.write_text(path.read_text().replace("name: baseline", f"name: {quoted}"))
    with pytest.raises(SystemExit) as left:
        main(["batch", str(path), "--out", str(tmp_path / "out"), "--jobs", "1"])
    assert left.value.code
    assert "name" in capfd.readouterr().err
    assert {p.name for p in tmp_path.iterdir()} <= {"council", "out"}
    assert not list(tmp_path.glob("out/**/*.html"))


def affected(made: Path, name: str) -> list[list[str]]:
    """The rows of the table by characteristic on a scenario's page, without its head."""
    page = Page((made / name / "report.html").read_text(encoding="utf-8"))
    (rows,) = [
        rows for caption, rows in page.tables.items() if caption.startswith("Who is affected")
    ]
    assert rows[0] == ["Group", *COLUMNS]
    return rows[1:]


def true_counts(facts: Facts, label: str) -> list[float]:
    """The mean counts behind a row."""
    title, group = label.lower().replace(" ", "_").split(":_")
    group = next(name for name in facts.results.groups_of(title)
                 if name.lower().replace(" ", "_") == group)  # fmt: skip
    heads = facts.paths("headcount", title, group).mean(axis=0)
    flows = [
        float(facts.total(*names, dimension=title, group=group).mean())
        for names in (("leavers",), ("at_risk",), ("redundancies_compulsory", "voluntary_exits"))
        if title != "age_band"
    ]
    return [float(heads[0]), float(heads[-1]), *flows]


def test_whoever_reads_all_reports_can_place_no_hidden_count(made, facts):
    read_ = {name: affected(made, name) for name in ("baseline", "plan")}
    wholes = {"baseline": facts.base, "plan": facts}
    tried = 0
    for title in ("Sex", "Ethnicity", "Disability", "Age band"):
        for column in range(1 + len(COLUMNS[:2] if title == "Age band" else COLUMNS))[1:]:
            texts, truths, bounds, known, sizes = [], [], [], [], []
            for name, rows in read_.items():
                own = [row for row in rows if row[0].startswith(f"{title}:")]
                values = [true_counts(wholes[name], row[0])[column - 1] for row in own]
                cells = range(len(texts), len(texts) + len(own))
                bounds += column_placed([row[column] for row in own], SENSITIVE, ROUNDING)
                texts += [row[column] for row in own]
                truths += values
                sizes.append(len(own))
                small = 0 < sum(values) < 5
                known.append(
                    (dict.fromkeys(cells, 1.0), 0, 5) if small else adds_up(cells, sum(values))
                )
            if column == 1:  # both open with the same people
                assert sizes[0] == sizes[1]
                known += [equal(cell, sizes[0] + cell) for cell in range(sizes[0])]
            for cell, text in enumerate(texts):
                low, high = bounds[cell]
                assert low <= truths[cell] <= high
                if hidden(text):
                    tried += 1
                    whole = column == 1
                    assert possible(bounds, known, cell, truths[cell], whole=whole) == ENOUGH, text
    assert tried > 8


def test_an_analyst_sees_everything_and_a_page_does_not(made, facts, monkeypatch):
    monkeypatch.delenv(PUBLISHED, raising=False)
    own = Facts(facts.results, "plan", facts.base)
    assert "fewer than" not in people.affected(own).text()
    assert "Nothing is hidden here" not in (made / "plan" / "report.html").read_text()
    assert (
        "Small groups are protected: counts of people under 5"
        in (made / "plan" / "report.html").read_text()
    )
    monkeypatch.setenv(PUBLISHED, "1")
    other = Facts(facts.results, "plan", facts.base)
    assert "fewer than 10" in people.affected(other).text()


def test_a_service_of_few_is_on_no_page(made):
    for name in ("baseline", "plan"):
        html = (made / name / "report.html").read_text()
        rows = [row[0] for rows in Page(html).tables.values() for row in rows if row]
        assert SCRIPT in rows
        assert "Mortuary" not in rows
        assert "Not shown, since few people work there: Mortuary and " in html


def test_the_opening_workforce_is_published_without_small_groups(facts, monkeypatch):
    monkeypatch.setenv(PUBLISHED, "1")
    scenario = facts.scenario
    workforce = load_workforce(scenario)
    for part in (opening.by_service, opening.by_role, opening.by_age, opening.by_length_of_service):
        figure = part(scenario, workforce)
        bars = [bar.get_width() for axes in figure.chart.axes for bar in axes.patches]
        assert all(width == 0 or width >= 5 for width in bars)
        assert "FTE" not in figure.table.frame
        cells = [row[1] for row in figure.table.cells()]
        assert all(hidden(cell) or cell == "0" or int(cell) >= 5 for cell in cells)
        chart = " ".join(text.get_text() for axes in figure.chart.axes for text in axes.texts)
        assert [name for name in IDENTITIES if name in chart + figure.text()] == []
    assert "fewer than 5" in opening.by_service(scenario, workforce).text()


def test_no_chart_of_people_draws_a_small_count(facts):
    charts = [people.bridge(facts), people.flows(facts), people.pool(facts)]
    tried = 0
    for figure in (chart for chart in charts if hasattr(chart, "chart")):
        long = figure.kind.startswith("Bars by")
        for axes in figure.chart.axes:
            for bar in axes.patches:
                size = abs(bar.get_height() if long else bar.get_width())
                assert size == 0 or size >= 5 - 1e-9, figure.title
                tried += 1
    assert tried


def test_small_counts_are_in_no_text_table_or_outline(made, facts):
    outline = json.loads((made / "plan" / "outline.json").read_text())
    assert outline["figures"]["Voluntary exits"] == "0"
    for part in (people.pool, moves.leaving, moves.filling, moves.progression):
        for text in re.findall(r"(?<![\d.,£])(\d+\.\d)(?![\d%])", part(facts).text()):
            assert not 0 < float(text) < 5, f"{part.__name__}: {text}"
    told = stories.eventful(facts, replication=0, seed=3).text()
    assert [name for name in IDENTITIES if name in told] == []
