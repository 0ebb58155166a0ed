"""The opening workforce as a reader sees it in a notebook."""

from __future__ import annotations

from html import escape

from wfmodel.workforce.tables import Workforce


def workforce_html(workforce: Workforce) -> str:
    """Counts, and each published margin beside what was synthesised."""
    held = workforce.assignments
    rows = [
        ("Posts", f"{len(workforce.posts):,}"),
        ("Establishment, FTE", f"{workforce.posts['fte'].sum():,.2f}"),
        ("People", f"{len(workforce.people):,}"),
        ("FTE in post", f"{held.loc[held['kind'] == 'substantive', 'fte'].sum():,.2f}"),
        ("Services", f"{workforce.posts['service'].nunique():,}"),
        ("Roles", f"{workforce.posts['role'].nunique():,}"),
    ]
    counts = "".join(f"<tr><th scope='row'>{a}</th><td>{b}</td></tr>" for a, b in rows)
    html = f"<table><caption>Opening workforce</caption><tbody>{counts}</tbody></table>"
    if workforce.checks.empty:
        return html
    checks = workforce.checks
    head = "".join(f"<th scope='col'>{escape(str(name))}</th>" for name in checks.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(value))}</td>" for value in row) + "</tr>"
        for row in checks.itertuples(index=False)
    )
    return (
        f"{html}<table><caption>Published margins and the synthesis</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
