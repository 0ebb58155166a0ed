"""A council whose extract names fifty made-up people and whose labels are as hostile as can be."""

from __future__ import annotations

from pathlib import Path

NAMES = [f"Zephyrine Quillfeather{n:02d}" for n in range(50)]
NUMBERS = [f"QQ{n:02d}7731C" for n in range(50)]
IDENTITIES = [*NAMES, *(name.split()[1] for name in NAMES), *NUMBERS]
"""Whatever would tell of one of them: names and insurance numbers."""

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("//evil","x")'
PATH = "../../../outside"
HOSTILE = (
    SCRIPT,
    FORMULA,
    PATH,
    "@SUM(1)",
    "+1+cmd|' /C calc'!A0",
    "{{7*7}}",
    '"><svg/onload=a()>',
)

SERVICES = {"parks": (SCRIPT, 60), "housing": (FORMULA, 48), PATH: (PATH, 12), "mortuary": ("x", 3)}
"""By name in the extract: the title, and how many work there."""

BASE = """\
schema: 1
name: baseline
title: {title}
description: {text}
horizon: {{start: 2024-04-01, months: 12}}
run: {{replications: 6, seed: 3, detail: [council, service, sex, ethnicity, disability, age_band]}}
workforce:
  tables: extract
  services: {{parks: {script}, housing: {formula}, mortuary: Mortuary}}
roles:
  officer:
    title: {script}
    salary_gbp: 30000
    attrition:
      resignation:
        annual_hazard: {{value: 0.2, interval: [0.1, 0.3], source: {script}, confidence: low}}
    recruitment: {{time_to_hire_days: 60, fill_probability: 0.7}}
targets:
  fte: {{title: {formula}, measure: fte, at_most: 100, source: {script}}}
  heads: {{title: {path}, measure: headcount, at_most: 3, scope: {{service: mortuary}}}}
"""
PLAN = """\
schema: 1
name: plan
extends: baseline.yaml
title: {title}
policies:
  hold: {{kind: vacancy_control, title: {script}, mode: share, share: 0.5}}
change_events:
  fewer:
    title: {formula}
    kind: delete
    announced: 2024-05-01
    implemented: 2024-07-01
    services: [housing]
    roles: [officer]
    posts: 6
"""
BROKEN = """\
schema: 1
name: broken
extends: baseline.yaml
title: An extract that cannot be read
workforce: {tables: broken}
"""


def council(folder: Path) -> Path:
    """Two scenarios over the extract, and one over an extract with a mistake in a planted row."""
    quoted = {"script": _quoted(SCRIPT), "formula": _quoted(FORMULA), "path": _quoted(PATH)}
    (folder / "extract").mkdir(parents=True)
    (folder / "broken").mkdir()
    base = BASE.format(title=_quoted(SCRIPT), text=_quoted(" ".join(HOSTILE)), **quoted)
    (folder / "baseline.yaml").write_text(base, encoding="utf-8")
    (folder / "plan.yaml").write_text(PLAN.format(title=quoted["formula"], **quoted))
    (folder / "broken.yaml").write_text(BROKEN)
    for name, rows in _tables().items():
        text = "\n".join(",".join(_cell(value) for value in row) for row in rows) + "\n"
        (folder / "extract" / f"{name}.csv").write_text(text, encoding="utf-8")
        text = text.replace("1970-01-01", f"born 1970 to {NAMES[3]}")
        (folder / "broken" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _cell(value: object) -> str:
    return '"' + str(value).replace('"', '""') + '"'


def _tables() -> dict[str, list[tuple[object, ...]]]:
    posts: list[tuple[object, ...]] = [
        ("post_id", "service", "role", "fte", "employer", "funding", "funding_end", "line manager")
    ]
    people: list[tuple[object, ...]] = [
        ("person_id", "birth_date", "service_start", "continuous_start", "pension_start",
         "protected_until", "contract", "contract_end", "pay_point", "skills", "sex", "ethnicity",
         "disability", "name", "insurance number")
    ]  # fmt: skip
    held: list[tuple[object, ...]] = [
        ("assignment_id", "person_id", "post_id", "fte", "kind", "start", "end", "entered by")
    ]
    number = 0
    for service, (_, count) in SERVICES.items():
        for _ in range(count):
            who = NAMES[number] if number < len(NAMES) else f"person {number}"
            code = NUMBERS[number] if number < len(NUMBERS) else f"none {number}"
            year = 1970 if number == 0 else 1960 + number % 40
            since = f"{max(2004, year + 20)}-06-01"
            sex = "female" if number % 19 else "male"
            ethnicity = FORMULA if number % 31 == 0 else "white"
            posts.append((f"post {number}", service, "officer", 1, "council", "general_fund", "",
                          who))  # fmt: skip
            disability = "disabled" if number % 40 == 1 else ""
            people.append((who, f"{year}-01-01", since, since, since, "", "permanent", "", 0, "",
                           sex, ethnicity, disability, who, code))  # fmt: skip
            held.append((f"{code} in {number}", who, f"post {number}", 1, "substantive", since, "",
                         who))  # fmt: skip
            number += 1
    points = [("point", "annual_gbp", "from"), (1, 25000, "2020-04-01")]
    return {"posts": posts, "people": people, "assignments": held, "pay_points": points}
