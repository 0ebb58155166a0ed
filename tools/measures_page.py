"""Write docs/measures.md, the list of all measures, from their definitions.

python tools/measures_page.py            write it
python tools/measures_page.py --check    say whether it is up to date (exit 1 if not)
"""

import argparse
import sys
from pathlib import Path

from wfmodel.results.measures import MEASURES, REACH, Measure

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measures.md"
INTRODUCTION = """\
# Measures

Every measure of the results, with its unit, its kind and the parts of the council by which it
exists. Kinds and dimensions are explained in [model.md](model.md#10-measures). This page is written
by `tools/measures_page.py` from `wfmodel/results/measures.py::MEASURES`, and a test holds the two
together.

A share of representation may also be asked for among a grade and above, as `female_share_grade_9`.
"""


def page() -> str:
    """The page as it is published."""
    lines = [INTRODUCTION, "| By | Dimensions |", "|---|---|"]
    lines += [f"| {name} | {', '.join(dimensions)} |" for name, dimensions in REACH.items()]
    lines += [
        "",
        "| Measure | Title | Unit | Kind | By | Definition |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(measure) for measure in MEASURES.values()]
    return "\n".join(lines) + "\n"


def _row(measure: Measure) -> str:
    by = next((n for n, dimensions in REACH.items() if dimensions == measure.dimensions), "")
    cells = (f"`{measure.name}`", measure.title, measure.unit, measure.kind, by, measure.definition)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--check", action="store_true", help="say whether it is up to date")
    if parser.parse_args().check:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != page():
            print(f"{PAGE}: is out of date, run python tools/measures_page.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
