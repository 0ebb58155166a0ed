"""An installed Chromium, driven over its own protocol: what a page fetches, logs and breaks."""

import contextlib
import itertools
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wfmodel.batch.printing import alone, browser

AXE = "axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SECONDS = 300
NARROW = 320
"""Pixels at which WCAG 2.2 asks that nothing but tables and pictures is scrolled sideways."""

UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"
SCAN = """axe.run(document, {{runOnly: {{type: 'tag', values: {rules}}}}}).then(found =>
  found.violations.flatMap(rule => rule.nodes.map(
    node => rule.id + ': ' + node.target.join(' '))))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def axe_source() -> str:
    """The text of axe-core, from node_modules here or in $NODE_PATH; raises FileNotFoundError."""
    places = [Path("node_modules"), Path(__file__).resolve().parent.parent / "node_modules"]
    places += [Path(place) for place in os.environ.get("NODE_PATH", "").split(os.pathsep) if place]
    for place in places:
        if (place / AXE).is_file():
            return (place / AXE).read_text(encoding="utf-8")
    raise FileNotFoundError("axe-core is not installed: npm install --no-save axe-core")


@dataclass
class Seen:
    """What came of a page: addresses it asked for beside itself, what the browser logged, what axe
    found, and by how many pixels it is too wide for a narrow window.
    """

    requests: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    overflow: int = 0

    @property
    def faults(self) -> list[str]:
        """All of it, a line each."""
        wide = [f"is {self.overflow} pixels too wide for {NARROW}"] if self.overflow > 0 else []
        return [
            *(f"asks for {address}" for address in self.requests),
            *(f"logs {line}" for line in self.logged),
            *(f"axe: {line}" for line in self.violations),
            *wide,
        ]


class Browser:
    """A running Chromium."""

    def __init__(self, address: str, axe: str) -> None:
        from websocket import create_connection

        self.line = create_connection(address, timeout=SECONDS, suppress_origin=True)
        self.axe = axe
        self.numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what happens meanwhile is kept."""
        number = next(self.numbers)
        said = {"id": number, "method": method, "params": params}
        self.line.send(json.dumps(said | ({"sessionId": session} if session else {})))
        while True:
            heard = json.loads(self.line.recv())
            if heard.get("id") == number:
                if "error" in heard:
                    raise RuntimeError(f"{method}: {heard['error']['message']}")
                return heard["result"]
            self.events.append(heard)

    def value(self, session: str, expression: str) -> Any:
        """What a script comes to in the page; the page's own policy does not hold for it."""
        found = self.ask(
            "Runtime.evaluate",
            session,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", "failed"))
        return found["result"].get("value")

    def look(self, page: Path) -> Seen:
        """Open a page as its reader does, unfold what is folded, and scan it."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.events.clear()
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable", session)
        self.ask("Page.navigate", session, url=page.resolve().as_uri())
        deadline = time.monotonic() + SECONDS
        while self.value(session, "document.readyState") != "complete":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{page} is not open after {SECONDS} seconds")
            time.sleep(0.05)
        self.value(session, UNFOLD)
        self.value(session, self.axe)
        seen = Seen(violations=self.value(session, SCAN.format(rules=json.dumps(RULES))))
        size = {"width": NARROW, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", session, **size)
        seen.overflow = int(self.value(session, OVERFLOW))
        self._heard(seen, page.resolve().as_uri())
        self.ask("Target.closeTarget", targetId=target)
        return seen

    def _heard(self, seen: Seen, own: str) -> None:
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Network.requestWillBeSent":
                address = params["request"]["url"]
                if address != own and not address.startswith("data:"):
                    seen.requests.append(address)
            elif event["method"] == "Log.entryAdded":
                seen.logged.append(params["entry"]["text"])


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """A Chromium of our own, ended with its profile; raises FileNotFoundError or InputError where
    it or axe-core is not installed.
    """
    axe, program = axe_source(), browser()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [*alone(program, profile), "--remote-debugging-port=0", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Browser(_address(Path(profile, "DevToolsActivePort")), axe)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _address(told: Path) -> str:
    """Where the browser listens, which it writes into its profile."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError, ValueError):
            port, path = told.read_text(encoding="ascii").split()
            return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.05)
    raise TimeoutError("the browser does not say where it listens")
