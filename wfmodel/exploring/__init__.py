"""Exploring: move a lever of a scenario and see the futures; keep a good idea as a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfmodel.exploring.view.explorer import Explorer

__all__ = ["AT_ONCE", "REFINED", "explore"]

AT_ONCE = 200
"""Futures with which a question is answered at once."""
REFINED = 1000
"""Futures to which the answer is refined while nobody asks anything else."""


def explore(
    path: str | Path,
    replications: int = AT_ONCE,
    refined: int = REFINED,
    seed: int | None = None,
    reports: str | Path = "out",
    served: str = "",
) -> Explorer:
    """The explorer of the scenario at ``path``, for a notebook to show.

    A question is answered with ``replications`` futures at once and with ``refined`` a little
    later. Reports go into the folder ``reports``, which the notebook's server shows at ``served``,
    if it does.
    """
    from wfmodel.exploring.session import Session
    from wfmodel.exploring.view.explorer import Explorer
    from wfmodel.reporting.places import located

    session = Session(located(path), replications, refined, seed)
    return Explorer.whole(session, Path(reports), served)
