"""Check every page of a folder, by reading it and in a real Chromium with axe-core.

    python tools/pages.py OUT          says what is wrong, a line each; exit 1 if anything is

Needs an installed Chromium, Chrome or Edge, and axe-core (`npm install --no-save axe-core`).
"""

import argparse
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from browser import running

POLICY = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": "'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
FORBIDDEN = {"script", "iframe", "object", "embed", "link", "form", "base", "video", "audio", "svg"}
VOID = {"meta", "img", "br", "hr", "input", "link", "base", "embed", "col", "source", "wbr"}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
PHRASES = r"\d+ in \d+|(\d+|[Nn]one) of \d+ |\d{1,2} [A-Z][a-z]+ \d{4}|100%"
"""Numbers of the language: chances in words, dates, counts that are looked at by themselves."""


class Reader(HTMLParser):
    """What a page is made of, and what is wrong with how."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.levels: list[int] = []
        self.title = ""
        self.lang: str | None = None
        self.policy: str | None = None
        self.figures: list[dict[str, str]] = []
        self.figure: dict[str, str] | None = None
        self.captions = self.tables = self.inside = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in FORBIDDEN:
            self.faults.append(f"holds a <{tag}>")
        self.faults += [f"<{tag}> has {name}" for name in given if name.startswith("on")]
        for name in ("src", "href"):
            if re.match(r"\s*([a-z][a-z0-9+.-]*:|//)", given.get(name) or "", re.I) and not (
                tag == "img" and str(given[name]).startswith("data:image/png;base64,")
            ):
                self.faults.append(f"<{tag}> leads out: {given[name]}")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content")
        if tag == "div" and given.get("class") in ("wf-pair", "wf-stack"):
            self.figure = {"alt": "", "caption": "", "beside": "", "rows": ""}
            self.figures.append(self.figure)
            self.inside = len(self.open)
        if tag == "th" and given.get("scope") == "row" and self.figure is not None:
            self.figure["rows"] += "-"
        if tag == "img":
            self._picture(given)
        if tag == "th" and given.get("scope") not in ("col", "row"):
            self.faults.append("a heading of a table has no scope")
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag not in VOID:
            self.open.append(tag)

    def _picture(self, given: dict[str, str | None]) -> None:
        alt = given.get("alt") or ""
        if len(alt) < 30:
            self.faults.append(f"a picture has no alt text to speak of: {alt!r}")
        if self.figure is None or "figure" not in self.open:
            self.faults.append(f"a picture stands without a figure: {alt[:60]}")
        else:
            self.figure["alt"] = alt

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open.pop() != tag:
            pass
        if self.figure is not None and len(self.open) <= self.inside:
            self.figure = None

    def handle_data(self, data: str) -> None:
        if "title" in self.open:
            self.title += data
        if self.figure is not None:
            place = "caption" if "figcaption" in self.open else "beside"
            self.figure[place] += f" {data}"


def faults(html: str) -> list[str]:
    """What is wrong with a page, as far as its text shows: nothing it could fetch or run, a title
    and a language, headings in order, tables with captions, and beside every picture a table and a
    sentence that give the numbers of its alt text.
    """
    seen = Reader(html)
    found = seen.faults
    if not html.startswith("<!DOCTYPE html>"):
        found.append("has no doctype")
    if seen.lang != "en-GB":
        found.append(f"is in the language {seen.lang}")
    if not seen.title.strip():
        found.append("has no title")
    given = dict(part.split(maxsplit=1) for part in (seen.policy or "").split("; ") if part)
    if given != POLICY:
        found.append(f"has another policy: {seen.policy}")
    if seen.levels.count(1) != 1 or seen.levels[0] != 1:
        found.append(f"has {seen.levels.count(1)} headings of the first level, or another first")
    for before, level in zip(seen.levels, seen.levels[1:], strict=False):
        if level > before + 1:
            found.append(f"has a heading of level {level} right below one of level {before}")
    if seen.captions != seen.tables:
        found.append(f"has {seen.tables} tables, but {seen.captions} captions")
    if "@media print" not in html:
        found.append("has no print style")
    for figure in seen.figures:
        found += _untrue(figure)
    return found


def _untrue(figure: dict[str, str]) -> list[str]:
    """What an alt text says that the caption and the table beside it do not."""
    said = figure["alt"].split(". ", 1)[-1]
    name = said[:60]
    if not figure["rows"]:
        return [f"no table beside “{name}”"]
    if said not in " ".join(figure["caption"].split()):
        return [f"the alt text is not what the caption says: “{name}”"]
    rows = len(figure["rows"])
    found = [
        f"“{name}” speaks of {count}, the table has {rows} rows"
        for count in re.findall(r"(?:\d+|[Nn]one) of (\d+) ", said)
        if int(count) != rows
    ]
    known = [float(text.replace(",", "")) for text in NUMBER.findall(figure["beside"])]
    for text in NUMBER.findall(re.sub(PHRASES, "", said)):
        half = 0.5000001 * 10 ** -len(text.partition(".")[2])
        if not any(abs(float(text.replace(",", "")) - value) <= half for value in known):
            found.append(f"“{name}” says {text}, which the table beside it does not")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command line above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    pages = sorted(parser.parse_args(arguments).folder.rglob("*.html"))
    wrong = []
    with running() as chromium:
        for page in pages:
            found = [*faults(page.read_text(encoding="utf-8")), *chromium.look(page).faults]
            wrong += [f"{page}: {fault}" for fault in found]
    print("\n".join(wrong) if wrong else f"{len(pages)} pages, nothing wrong")
    return int(bool(wrong) or not pages)


if __name__ == "__main__":
    sys.exit(main())
