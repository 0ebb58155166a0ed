"""The pane that keeps what is on screen: as a scenario file, and as the leader's report."""

from __future__ import annotations

import subprocess
import sys
import threading
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as w

from wfmodel.errors import InputError
from wfmodel.exploring import saving
from wfmodel.exploring.picture import Picture
from wfmodel.exploring.view.parts import FULL, busy, button, good, hint, pane, problem
from wfmodel.exploring.view.task import Task

if TYPE_CHECKING:
    from wfmodel.exploring.view.explorer import Explorer

KEPT = "explored"
"""The folder, among the reports, of scenarios of which only a report was wanted."""
WIDE = w.Layout(width="min(100%, 640px)")


class Keep:
    """Keep what is on screen."""

    name = "Save and report"

    def __init__(self, explorer: Explorer, reports: Path, served: str = "") -> None:
        self.explorer, self.session = explorer, explorer.session
        self.reports, self.served = reports, served
        self.task = Task(lambda text: self._say(problem(text)))
        self.changes = w.HTML(layout=FULL)
        self.title = w.Text(placeholder="What is tried, in a few words", layout=WIDE)
        self.title.tooltip = "Title of the scenario"
        self.reason = w.Textarea(placeholder="Why: the question it asks", rows=2, layout=WIDE)
        self.reason.tooltip = "Reason for the scenario"
        self.save = button("Save as scenario", self._save, "150px", primary=True)
        self.report = button("Make the report", self._report, "150px")
        self.said = w.HTML(layout=FULL)
        self.said.add_class("wx-live")
        bar = w.HBox([self.save, self.report])
        self.box = pane(self.changes, self.title, self.reason, bar, self.said)

    def open(self) -> None:
        """List what would be kept."""
        state = self.session.choices.now
        items = []
        for path, value in state.items():
            lever = self.session.lever(path)
            items.append(
                f"<li>{escape(lever.part)}: {escape(lever.label)}, from {escape(lever.stated)} to "
                f"<strong>{escape(lever.written(value))}</strong></li>"
            )
        listed = f"<ul>{''.join(items)}</ul>" if items else hint("No lever has been moved yet.")
        self.changes.value = (
            f"<h3>What differs from “{escape(self.session.start.title)}”</h3>{listed}"
        )
        self.save.disabled = not items

    def told(self, picture: Picture) -> None:
        """List what would be kept now."""
        self.open()

    def _say(self, html: str) -> None:
        self.said.value = html
        self.report.disabled = False

    def _save(self) -> None:
        try:
            path = saving.save(self.session, self.title.value, self.reason.value)
        except InputError as error:
            self._say(problem("; ".join(str(one) for one in error.problems)))
            return
        more = f" It opens again with <code>wfmodel explore {escape(str(path))}</code>."
        self._say(good(f"Saved as {path}: it is valid, and tonight's batch can run it.", more))

    def _report(self) -> None:
        self.report.disabled = True
        self._say_busy()

        def work(stop: threading.Event) -> None:
            path, name = self._scenario()
            picture = self.explorer.picture
            count = picture.futures if picture else self.session.at_once
            done = subprocess.run(
                [
                    sys.executable, "-m", "wfmodel", "batch", str(path), "--out", str(self.reports),
                    "--replications", str(count), "--seed", str(self.session.seed),
                ],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if stop.is_set():
                return
            page = self.reports / name / "report.html"
            if done.returncode != 0 or not page.exists():
                last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
                self._say(problem(f"The report could not be made: {last}"))
                return
            link = f"{self.served}/{name}/report.html"
            shown = f' <a href="{escape(link, quote=True)}" target="_blank">Open it</a>.'
            self._say(good(f"The report is in {page}.", shown if self.served else ""))

        self.task.start(work)

    def _say_busy(self) -> None:
        self.said.value = busy("Making the report: the same futures, with all their measures …")

    def _scenario(self) -> tuple[Path, str]:
        """The file of what is on screen: the starting scenario's, or one among the reports."""
        start = self.session.start
        if not self.session.choices.now:
            assert start.path is not None
            return start.path, start.name
        title = self.title.value.strip() or f"{start.title}, explored"
        folder = self.reports / KEPT
        folder.mkdir(parents=True, exist_ok=True)
        path = saving.save(self.session, title, self.reason.value, folder=folder)
        return path, path.stem
