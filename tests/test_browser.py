"""The explorer in a real JupyterLab and a real browser: a planner's hour, by keyboard."""

import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from browsing import HOSTS, SECONDS, browser, chromium, served
from exploring import small

from wfmodel.scenario.reading import load_scenario

ROOT = Path(__file__).resolve().parent.parent
WAIT = SECONDS * 1000
ANSWER = ".wx-answer"
CHARTS = "document.querySelectorAll('.wx svg[role=img]')"
GRAVE = ("serious", "critical")
PLAN = ROOT / "scenarios" / "colchester" / "fit_for_the_future.yaml"


class Screen:
    """What a planner does and sees."""

    def __init__(self, page, one):
        self.page, self.one = page, one
        self.requests = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.goto(one.address)
        page.wait_for_selector(".wx svg[role=img]", timeout=WAIT)
        self.first = time.perf_counter()
        self.settled()

    def settled(self):
        """Wait until the answer is final."""
        self.sees(r"\d futures after [\d.]+ s\s*$", ".wx-live .wx-hint")

    def sees(self, pattern, where=".wx"):
        """Wait until somewhere in the explorer it says so."""
        self.page.wait_for_function(
            "([where, pattern]) => [...document.querySelectorAll(where)]"
            ".some((one) => new RegExp(pattern).test(one.innerText))",
            arg=[where, pattern],
            timeout=WAIT,
        )

    def changed(self, where, before):
        """Wait until a text differs from what it was, and give it."""
        self.page.wait_for_function(
            "([where, before]) => document.querySelector(where)?.innerText !== before",
            arg=[where, before],
            timeout=WAIT,
        )
        return self.text(where)

    def text(self, where):
        return self.page.locator(where).first.inner_text()

    def said(self):
        """The text equivalents of the charts."""
        return self.page.evaluate(f"[...{CHARTS}].map((one) => one.getAttribute('aria-label'))")

    def control(self, role, name):
        return self.page.locator(".wx").get_by_role(role, name=name)

    def waited(self, slider, key):
        """Seconds from a key's release at a slider to new charts."""
        self.settled()
        self.control("slider", slider).first.focus()
        self.page.evaluate(
            f"""() => {{
              const before = {CHARTS}[0].getAttribute("aria-label");
              window.waited = new Promise((done) => document.addEventListener("keyup", () => {{
                const began = performance.now();
                const look = () => {CHARTS}[0]?.getAttribute("aria-label") !== before
                  ? requestAnimationFrame(() => done((performance.now() - began) / 1000))
                  : requestAnimationFrame(look);
                look();
              }}, {{ once: true, capture: true }}));
            }}"""
        )
        self.page.keyboard.press(key)
        return self.page.evaluate("window.waited")

    def press(self, name):
        """Press a button by keyboard."""
        button = self.control("button", re.compile(f"^{re.escape(name)}$"))
        button.wait_for(timeout=WAIT)
        self.page.wait_for_function(
            "(one) => !one.disabled", arg=button.element_handle(), timeout=WAIT
        )
        button.focus()
        self.page.keyboard.press("Enter")

    def fill(self, name, text):
        box = self.control("textbox", name)
        box.wait_for(timeout=WAIT)
        box.focus()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")


def keep(screen):
    """Save what is on screen as a planner does, once; the file."""
    path = screen.one.out.parent / "hold_what_it_takes.yaml"
    if not path.exists():
        screen.press("Save and report")
        if not screen.page.evaluate("document.querySelectorAll('.wx-moved').length"):
            screen.control("slider", re.compile(": Share")).focus()
            screen.page.keyboard.press("PageUp")
            screen.sees("changed from", ".wx-lever")
        screen.fill("Title of the scenario", "Hold what it takes")
        screen.fill("Reason for the scenario", "Would holding alone be enough?")
        screen.press("Save as scenario")
        screen.sees("Saved as", ".wx-good")
    return path


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    chromium()
    folder = tmp_path_factory.mktemp("browsing")
    with served(small(folder), folder / "out") as one, browser() as opened:
        page = opened.new_page(viewport={"width": 1280, "height": 900})
        yield Screen(page, one)


def test_a_planner_moves_a_lever_undoes_finds_a_value_and_keeps_it(screen, tmp_path):
    first, charts = screen.text(ANSWER), screen.said()
    assert screen.page.locator(".jp-InputArea-editor:visible").count() == 0
    slider = screen.control("slider", re.compile("Hold some vacancies: Share"))
    slider.focus()
    screen.page.keyboard.press("PageUp")
    moved = screen.changed(ANSWER, first)
    screen.settled()
    assert "as it started" in moved
    assert all(now != before for now, before in zip(screen.said()[:3], charts, strict=False))
    assert screen.control("checkbox", "Hold some vacancies: In force").count() == 1
    screen.sees(r"Moved most|No chance has moved", ".wx-chart")
    chance = screen.text(".wx-cards")
    screen.press("Undo")
    screen.changed(ANSWER, screen.text(ANSWER))
    screen.settled()
    assert screen.text(ANSWER) == first
    assert screen.text(".wx-cards") != chance
    assert screen.said() == charts

    screen.press("Find")
    screen.press("Find the value")
    screen.sees(r"is met with a chance of 80% at|cannot be reached", ".wx-live")
    screen.sees("What the chance costs", ".wx-chart h3")
    screen.press("Move the lever there")
    screen.sees("changed from", ".wx-lever")
    screen.settled()

    path = keep(screen)
    saved = load_scenario(path)
    assert saved.extends == "small.yaml"
    assert saved.policies["hold"].share.value != 0.2


def test_no_chart_is_without_words_and_its_numbers_follow(screen):
    screen.press("Outcomes")
    screen.page.wait_for_selector(".wx svg[role=img]")
    assert all(screen.said())
    tables = screen.control("checkbox", "Numbers as tables")
    tables.focus()
    screen.page.keyboard.press("Space")
    screen.page.wait_for_selector(".wx section:has(svg) table", timeout=WAIT)
    charts = screen.page.locator(".wx section.wx-chart:has(svg)")
    assert charts.count() == len(screen.said()) == charts.locator("table").count()
    screen.page.keyboard.press("Space")


@pytest.mark.parametrize(
    "pane", ["Outcomes", "Find", "What matters", "Show me one", "Save and report"]
)
def test_nothing_grave_keeps_anybody_out(screen, pane):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    screen.press(pane)
    screen.page.wait_for_timeout(1500)
    found = axe.Axe().run(screen.page, context=".wx").response["violations"]
    grave = {
        one["id"]: [node["html"][:300] for node in one["nodes"]]
        for one in found
        if one["impact"] in GRAVE
    }
    assert grave == {}


@pytest.mark.parametrize("pane", ["Outcomes", "Save and report"])
def test_every_control_is_reached_by_keyboard(screen, pane):
    screen.press(pane)
    screen.page.wait_for_timeout(1000)
    wanted = screen.page.evaluate(
        """() => {
          const shown = [...document.querySelectorAll(
            ".wx button, .wx input, .wx select, .wx textarea, .wx summary, .wx [role=slider]")]
            .filter((one) => !one.disabled && one.offsetParent !== null);
          shown.forEach((one, number) => { one.dataset.tested = String(number); });
          shown[0].focus();
          return shown.length;
        }"""
    )
    reached = set()
    for _ in range(2 * wanted):
        reached.add(screen.page.evaluate("document.activeElement.dataset.tested"))
        screen.page.keyboard.press("Tab")
    missed = screen.page.evaluate(
        """(reached) => [...document.querySelectorAll("[data-tested]")]
          .filter((one) => !reached.includes(one.dataset.tested)).map((one) => one.outerHTML)""",
        sorted(reached - {None}),
    )
    assert missed == []


def test_no_request_leaves_the_machine(screen):
    assert {urlsplit(url).hostname for url in screen.requests if "://" in url} <= HOSTS
    assert len(screen.requests) > 50
    server = psutil.Process(screen.one.process.pid)
    for process in [server, *server.children(recursive=True)]:
        for one in process.net_connections(kind="inet"):
            assert one.laddr.ip in HOSTS
            assert not one.raddr or one.raddr.ip in HOSTS


@pytest.mark.slow
def test_a_saved_scenario_runs_through_the_batch_to_a_report(screen, tmp_path):
    path = keep(screen)
    command = [sys.executable, "-m", "wfmodel", "batch", str(path), "--out", str(tmp_path)]
    subprocess.run([*command, "--replications", "20"], check=True, capture_output=True)
    report = (tmp_path / path.stem / "report.html").read_text(encoding="utf-8")
    assert "Hold what it takes" in report


@pytest.mark.slow
def test_a_saved_scenario_opens_again(screen, tmp_path):
    with served(keep(screen), tmp_path) as one:
        page = screen.page.context.browser.new_page()
        again = Screen(page, one)
        assert again.page.get_by_role("heading", name="Hold what it takes").count() == 1
        page.close()


@pytest.mark.slow
def test_the_report_of_what_is_on_screen_opens_from_where_it_was_made(screen):
    screen.press("Save and report")
    screen.press("Make the report")
    screen.sees("The report is in", ".wx-good")
    link = screen.page.locator(".wx-good a")
    with screen.page.context.expect_page() as opened:
        link.focus()
        screen.page.keyboard.press("Enter")
    heading = opened.value.get_by_role("heading", level=1)
    heading.wait_for(timeout=WAIT)
    assert heading.inner_text()
    opened.value.close()
    assert list((screen.one.out / "explored").glob("*.yaml"))


@pytest.mark.slow
def test_charts_of_a_whole_council_follow_the_hand(screen, tmp_path):
    """What a planner waits is printed, never asserted: it depends on what else a machine does."""
    began = time.perf_counter()
    with served(PLAN, tmp_path, None) as one:
        page = screen.page.context.browser.new_page(viewport={"width": 1280, "height": 900})
        whole = Screen(page, one)
        opening = whole.first - began
        waited = [whole.waited(re.compile("Share$"), key) for key in ("PageUp",) * 4]
        page.close()
    print(f"opening {opening:.1f} s; charts after {', '.join(f'{s:.2f}' for s in waited)} s")
    assert len(waited) == 4
