"""Reporting: what a chart, its sentence and its table say is computed; names stay text."""

import datetime as dt
import functools
import re
from html.parser import HTMLParser

import nbformat
import numpy as np
import pandas as pd
import pytest

from wfmodel.reporting import charts, page, words
from wfmodel.reporting.block import bullets, heading, paragraph, stack
from wfmodel.reporting.charts.canvas import short
from wfmodel.reporting.charts.fan import bands
from wfmodel.reporting.tables import Table
from wfmodel.scenario.showing import STATUS

START = dt.date(2024, 4, 1)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"q\" 'a'"


def steps(opening: float, change: float, months: int = 12, replications: int = 11) -> np.ndarray:
    """Paths that all change by ``change`` a month, spread by replication."""
    spread = np.arange(replications) - replications // 2
    return (
        opening
        + np.outer(np.ones(replications), np.arange(months + 1)) * change
        + np.outer(spread, np.arange(months + 1) / months)
    )


class Reader(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@functools.cache
def every_chart(name: str = "Parks") -> dict:
    """One of each chart, with ``name`` wherever a name goes."""
    rng = np.random.default_rng(7)
    counts = {name: rng.poisson(5, (20, 13)), "other": rng.poisson(2, (20, 13))}
    return {
        "fan": charts.fan(
            steps(100, -1),
            start=START,
            title=name,
            name=name,
            base=steps(100, 0),
            base_name=name,
            goal={12: 90.0},
            goal_name=name,
        ),
        "bridge": charts.bridge(10, {name: 5, "b": -3}, 12, title=name, name=name),
        "flows": charts.flows(counts, counts, start=START, title=name),
        "budget": charts.budget(
            pd.DataFrame({"year": [2024], name: [2e6], "one_off": [1e5], "budget": [1.5e6]}),
            title=name,
        ),
        "targets": charts.targets(
            pd.DataFrame(
                {
                    "name": ["t"],
                    "title": [name],
                    "probability": [0.4],
                    "se": [0.02],
                    "proposed_by": ["plan"],
                }
            ),
            title=name,
            moved={"t": {"low": 0.2, "high": 0.6, "input": name}},
        ),
        "outcomes": charts.outcomes({name: np.arange(5)}, title=name, whom=name),
        "holes": charts.holes(
            pd.DataFrame({"service": [name, "b"], "mean": [0.1, 0.2], "low": 0.0, "high": 0.3}),
            title=name,
            value=name,
        ),
        "drivers": charts.drivers(
            pd.DataFrame({"input": [name], "at_low": [1.0], "at_high": [2.0]}),
            title=name,
            result=name,
        ),
        "tradeoff": charts.tradeoff(
            pd.DataFrame(
                {
                    "scenario": [name, "b", "c"],
                    "cost": [2e6, 3e6, 4e6],
                    "low": [1.5e6, 2.5e6, 3.5e6],
                    "high": [2.5e6, 3.5e6, 4.5e6],
                    "chance": [0.2, 0.8, 0.7],
                }
            ),
            title=name,
            cost="Recurring cost",
            chance=name,
        ),
        "ranges": charts.ranges(
            pd.DataFrame({"scenario": [name, "b"], "median": [1, 2], "low": 0, "high": 3}),
            title=name,
            name=name,
            goal=2.0,
            opening=1.0,
        ),
    }


CHARTS = list(every_chart())


def test_a_fan_says_its_median_and_the_range_of_eight_in_ten_futures():
    figure = charts.fan(
        steps(100, -2, months=12, replications=11),
        start=START,
        title="FTE",
        name="FTE in post",
        goal={12: 80},
        goal_name="Target",
    )
    # Closing values are 71 … 81: median 76, 10th percentile 72, 90th 80.
    assert figure.sentence == (
        "FTE in post falls from 100 to 76 by 31 March 2025 in the median, with 8 in 10 futures "
        "between 72 and 80. Target for 31 March 2025: 80."
    )
    assert figure.alt == f"Fan chart. {figure.sentence}"
    last = figure.table.cells()[-1]
    assert last == ["31 Mar 2025", "76", "72", "80", "80"]


def test_the_axis_of_a_fan_is_written_as_its_values():
    paths = np.repeat(np.linspace(0.1, 0.18, 11)[:, None], 13, axis=1)
    figure = charts.fan(paths, start=START, title="x", name="turnover", written=words.percent)
    ticks = [label.get_text() for label in figure.chart.axes[0].get_yticklabels()]
    assert len(set(ticks)) == len(ticks)
    assert all(tick.endswith("%") for tick in ticks)


def test_bands_are_ordered_and_leave_undefined_months_undefined():
    paths = steps(50, 0)
    paths[:, 0] = np.nan
    lines = bands(paths)
    assert np.isnan(lines[:, 0]).all()
    assert (np.diff(lines[:, 1:], axis=0) >= 0).all()


def test_a_bridge_that_misses_its_closing_value_is_an_error():
    with pytest.raises(ValueError, match="miss the closing value by 1"):
        charts.bridge(10, {"starters": 5}, 16, title="x", name="headcount")


def test_a_bridge_names_what_adds_and_what_takes_most():
    figure = charts.bridge(
        100,
        {"Starters": 30, "Other": 1, "Resignations": -45, "Nobody": 0},
        86,
        title="x",
        name="heads",
    )
    assert "falls from 100 to 86 on average" in figure.sentence
    assert "Largest gain: starters (30)." in figure.sentence
    assert "Largest loss: resignations (45)." in figure.sentence
    assert figure.table.cells() == [
        ["Opening", "100"],
        ["Starters", "+30"],
        ["Other", "+1"],
        ["Resignations", "−45"],
        ["Closing", "86"],
    ]


def test_flows_add_up_by_financial_year():
    joining = np.zeros((4, 19))
    joining[:, 1:13] = 1
    joining[:, 13:] = 2
    figure = charts.flows({"starters": joining}, {"leavers": joining}, start=START, title="x")
    assert figure.table.cells() == [
        ["2024/25", "12.0", "12.0"],
        ["2025/26", "12.0", "12.0"],
        ["All 18 months", "24.0", "24.0"],
        ["A year", "16.0", "16.0"],
    ]
    assert "24 people join and 24 go on average: 16 and 16 a year" in figure.sentence


def test_no_flow_is_left_out_of_the_chart():
    one = np.ones((4, 13))
    going = {f"cause {n}": one for n in range(6)}
    figure = charts.flows({"starters": one}, going, start=START, title="x")
    assert len(figure.chart.axes[0].patches) == (1 + 6) * 4  # a bar a quarter for each
    with pytest.raises(ValueError, match="longer"):
        charts.flows({}, going | {"one too many": one}, start=START, title="x")


def test_cost_over_and_under_budget_is_said_by_year():
    costs = pd.DataFrame(
        {
            "year": [2024, 2025],
            "pay": [24.0e6, 23.0e6],
            "agency": [1.0e6, 1.2e6],
            "one_off": [0.0, 4e5],
            "budget": [26.0e6, 24.0e6],
        }
    )
    figure = charts.budget(costs, title="x")
    assert "2024/25 £25.0m, £1.00m under budget" in figure.sentence
    assert "2025/26 £24.2m, £200k over budget" in figure.sentence
    assert "One-off cost over the whole run: £400k" in figure.sentence


def test_a_chance_that_an_uncertain_input_moves_is_shown_as_a_range_that_names_it():
    chances = pd.DataFrame(
        {
            "name": ["a", "b"],
            "title": ["FTE falls", "Levy spent"],
            "probability": [0.31, 0.9],
            "se": [0.02, 0.01],
            "proposed_by": ["plan", "suite"],
        }
    )
    moved = {"a": {"low": 0.12, "high": 0.58, "input": "acceptance of offers"}}
    figure = charts.targets(chances, title="x", moved=moved)
    assert figure.table.cells() == [
        [
            "FTE falls",
            "Between 12% and 58%, depending on acceptance of offers",
            "2.0 points",
            "the plan",
        ],
        ["Levy spent", "About 9 in 10 (90%)", "1.0 points", "proposed here"],
    ]
    assert "1 of 2 targets is met in at least half" in figure.sentence


def test_holes_name_the_three_worst_services():
    gaps = pd.DataFrame(
        {"service": list("abcd"), "mean": [0.1, 0.4, 0.3, 0.2], "low": 0.05, "high": 0.5}
    )
    sentence = charts.holes(gaps, title="x", when="on 31 March 2027").sentence
    assert [m[0] for m in re.findall(r"\b([abcd]) \((\d+)%", sentence)] == ["b", "c", "d"]


def test_ticks_are_few_and_round():
    gaps = pd.DataFrame({"service": ["a"], "mean": [9.4], "low": [2.0], "high": [13.7]})
    written = words.percent
    for figure in (
        charts.holes(gaps, title="x", written=lambda value: f"{value:.1f} FTE"),
        charts.holes(gaps.assign(mean=0.05, low=0.0, high=0.1), title="x", written=written),
    ):
        (axes,) = figure.chart.axes
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert len(ticks) <= 7
        assert not [tick for tick in ticks if ".0" in tick]
        numbers = [float(re.match(r"[\d.]+", tick)[0]) for tick in ticks]
        assert len(set(np.round(np.diff(numbers), 6))) == 1  # as far apart as they say


def test_a_long_label_is_broken_and_not_cut():
    assert short("Recurring cost within the staffing budget", 30).split("\n") == [
        "Recurring cost within the",
        "staffing budget",
    ]


def test_what_is_beyond_chance_comes_first_among_the_drivers():
    effects = pd.DataFrame(
        {"input": ["loud", "sure"], "at_low": [0, 2], "at_high": [9, 4], "beyond": [False, True]}
    )
    figure = charts.drivers(effects, title="x", result="FTE")
    assert [row[0] for row in figure.table.cells()] == ["sure", "loud"]
    assert "moves most with sure" in figure.sentence
    none = charts.drivers(effects.assign(beyond=False), title="x", result="FTE")
    assert none.sentence == "No single input moves FTE beyond what chance alone would show."


def test_a_tradeoff_names_the_scenarios_that_no_other_beats():
    figure = every_chart()["tradeoff"]
    assert [row[-1] for row in figure.table.cells()] == ["yes", "yes", "no"]
    assert figure.sentence == (
        "No other scenario is both cheaper and as likely as “Parks” (£2.00m, 20%) and "
        "“b” (£3.00m, 80%)."
    )


def test_drivers_are_ordered_by_how_far_they_move_the_result():
    effects = pd.DataFrame(
        {"input": ["small", "large"], "at_low": [10.0, 2.0], "at_high": [11.0, 20.0]}
    )
    figure = charts.drivers(effects, title="x", result="FTE")
    assert [row[0] for row in figure.table.cells()] == ["large", "small"]
    assert "moves most with large: 2 where it is low, 20 where it is high" in figure.sentence


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_carries_an_alt_text_and_a_table_with_headed_rows_and_columns(kind):
    figure = every_chart()[kind]
    seen = Reader(figure.html())
    (image,) = seen.of("img")
    assert image["alt"] == figure.alt
    assert len(figure.alt) > 30
    assert re.search(r"\d", figure.alt)
    assert image["src"].startswith("data:image/png;base64,")
    assert len(seen.of("caption")) == 1
    scopes = [attrs.get("scope") for attrs in seen.of("th")]
    columns, rows = len(figure.table.frame.columns), len(figure.table.frame)
    assert scopes == ["col"] * columns + ["row"] * rows


def test_a_chart_is_the_same_bytes_every_time():
    again = every_chart.__wrapped__()
    assert all(figure.png() == again[kind].png() for kind, figure in every_chart().items())


@pytest.mark.parametrize("kind", CHARTS)
def test_markup_in_a_name_stays_text(kind):
    html = every_chart(HOSTILE)[kind].html()
    seen = Reader(html)
    assert not seen.of("script")
    assert [set(attrs) for attrs in seen.of("img")] == [{"alt", "src"}]
    assert "<script" not in html


def test_dollar_signs_in_a_name_are_no_formula():
    assert every_chart("cost in $ and $$_x^")["drivers"].png()


def test_a_table_escapes_and_writes_undefined_as_a_dash():
    frame = pd.DataFrame({"Service": [HOSTILE], "Rate": [float("nan")], "Kept": [True]})
    table = Table(frame, HOSTILE, {"Rate": words.percent})
    seen = Reader(table.html())
    assert not seen.of("script")
    assert "".join(seen.words).count(HOSTILE) == 2
    assert table.cells()[0][1:] == ["–", "yes"]


def test_blocks_escape_what_they_are_given():
    html = stack(paragraph(HOSTILE), bullets([HOSTILE]), heading(HOSTILE)).html()
    assert "<script" not in html
    assert "<img" not in html


def page_of(*cells) -> Reader:
    node = nbformat.v4.new_notebook(cells=list(cells))
    return Reader(page.document(page.body_of(node), title="T", status="Exploratory"))


def code(*outputs) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell("secret_code = 1", outputs=list(outputs), execution_count=3)


def shown(**data) -> nbformat.NotebookNode:
    names = {"html": "text/html", "plain": "text/plain", "png": "image/png"}
    return nbformat.v4.new_output("display_data", data={names[k]: v for k, v in data.items()})


def test_a_page_holds_text_and_outputs_but_neither_code_nor_prompts():
    seen = page_of(
        nbformat.v4.new_markdown_cell("# The question"),
        code(shown(html="<p>answer</p>", plain="answer in plain")),
    )
    text = "".join(seen.words)
    assert "The question" in text
    assert "answer" in text
    assert "answer in plain" not in text
    assert "secret_code" not in text
    assert "[3]" not in text
    assert "¶" not in text
    assert len(seen.of("h1")) == 1


def test_a_page_fetches_nothing_and_runs_nothing():
    seen = page_of(code(shown(html=every_chart()["fan"].html())))
    assert not seen.of("script")
    assert not seen.of("link")
    assert [attrs["lang"] for attrs in seen.of("html")] == ["en-GB"]
    (policy,) = [m for m in seen.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy["content"]
    assert "script-src" not in policy["content"]
    for tag, attrs in seen.tags:
        for name in ("src", "href", "action", "data"):
            value = attrs.get(name) or ""
            assert not re.match(r"(https?:)?//", value), (tag, value)
        assert not [name for name in attrs if name.startswith("on")]


def test_plain_output_on_a_page_is_escaped():
    stream = nbformat.v4.new_output("stream", name="stdout", text=HOSTILE)
    seen = page_of(code(shown(plain=HOSTILE), stream))
    assert not seen.of("script")
    assert "".join(seen.words).count(HOSTILE) == 2


def test_the_alt_text_of_a_picture_of_a_notebook_is_kept():
    output = nbformat.v4.new_output(
        "display_data",
        data={"image/png": "AAAA", "text/plain": "<Figure>"},
        metadata={"image/png": {"alt": "FTE falls from 9 to 5"}},
    )
    (image,) = page_of(code(output)).of("img")
    assert image["alt"] == "FTE falls from 9 to 5"


def test_the_title_and_status_of_a_page_are_escaped():
    html = page.document("<p>x</p>", title=HOSTILE, status='A "B" \\ <i>', footer=HOSTILE)
    seen = Reader(html)
    assert not seen.of("script")
    assert not seen.of("i")
    style = html[html.index("<style>") : html.index("</style>")]
    assert style.count('"A ') == 1


def test_the_status_stands_on_every_printed_page():
    html = page.document("<p>x</p>", title="T", status=STATUS["exploratory"])
    assert "Exploratory: not a proposal, no decision taken" in html
    assert "@page { @top-center" in html
