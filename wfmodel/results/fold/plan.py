"""The plan of a fold: all that does not depend on the replication, worked out once per scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from wfmodel import draws
from wfmodel.results.fold import places
from wfmodel.results.fold.ledger import SOUND, fold_ledger
from wfmodel.results.fold.lowered_costs import (
    STATUTORY,
    lower_budget,
    lower_costs,
    lower_pay,
    lower_policies,
)
from wfmodel.results.fold.lowered_series import lower_series
from wfmodel.results.fold.lowered_staff import (
    lower_cells,
    lower_movements,
    lower_people,
    lower_time,
)
from wfmodel.results.fold.lowered_work import lower_demand, lower_levy, lower_pipelines, lower_work
from wfmodel.results.fold.pay import ROWS as PAY_ROWS
from wfmodel.results.fold.sheet import Sheet
from wfmodel.results.formulas import Series
from wfmodel.results.groups import Groups
from wfmodel.results.statistics import (
    CODE,
    FLOW,
    STATISTICS,
    STOCK,
    VALUE,
    Statistics,
    needed,
    series_of,
)
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

_PAID = ("pay_post", "pay_pool", "pay_training", "pay_pensionable", "insurance", "protection",
         "pipeline_pay", "mean_gap", "median_gap", "budget", "pay_acting")  # fmt: skip
_TRAINED = ("pipeline_in_training", "pipeline_employed", "pipeline_reached_12",
            "pipeline_reached_24", "pipeline_reached_36", "pipeline_kept_12", "pipeline_kept_24",
            "pipeline_kept_36", "pipeline_fees", "pipeline_cost", "supervision_used",
            "supervision_capacity")  # fmt: skip
_WORKED = ("absence_stress", "absence_other", "absence_long", "capacity", "able", "pressure")
_CENTRAL = ("policies", "policies_once", "change_once")
_WANTS = {
    places.WANTS_MOVES: tuple(name for name, one in STATISTICS.items() if one.kind == FLOW),
    places.WANTS_STOCKS: (
        *(name for name, one in STATISTICS.items() if one.reach in ("people", "represented")),
        "managers", "feeders", "acting_fte",
    ),
    places.WANTS_AGES: ("newer", "under_25", "aged_55", "due", "stayed_12"),
    places.WANTS_TIME: ("head_seconds", "fte_seconds"),
    places.WANTS_PAY: _PAID,
    places.WANTS_EXTRAS: ("supplements", "retention"),
    places.WANTS_GAPS: ("mean_gap", "median_gap"),
    places.WANTS_BUDGET: ("budget",),
    places.WANTS_WORK: _WORKED,
    places.WANTS_DEMAND: ("required", "able", "pressure"),
    places.WANTS_TRAINING: (*_TRAINED, *_WORKED),
    places.WANTS_LEVY: ("levy_balance",),
    places.WANTS_CENTRAL: _CENTRAL,
    places.WANTS_COST_OF_TRAINING: ("training",),
    places.WANTS_COVER: ("agency",),
    places.WANTS_ABSENCE_COVER: ("absence_cover",),
    places.WANTS_ACTING: ("acting",),
    places.WANTS_STRAIN: ("strain",),
    places.WANTS_EXACT: tuple(name for name in STATISTICS if name.endswith(("_whole", "_rest"))),
}  # fmt: skip
"""What is only done for one of some statistics."""


class Plan:
    """How ledgers of a scenario are folded into some series."""

    def __init__(self, inputs: Inputs, groups: Groups, series: Sequence[Series]) -> None:
        self.inputs, self.groups = inputs, groups
        read = {name for one in series for name in one.formula.names}
        wanted = needed(read)
        sheet = Sheet(inputs.numbers, places.PLAN_AT)
        lower_time(sheet, inputs)
        lower_movements(sheet, wanted)
        lower_cells(sheet, inputs, groups)
        lower_people(sheet, inputs, groups)
        lower_pay(sheet, inputs)
        lower_costs(sheet, inputs)
        lower_policies(sheet, inputs)
        lower_budget(sheet, inputs)
        lower_work(sheet, inputs)
        lower_demand(sheet, inputs, groups)
        lower_pipelines(sheet, inputs)
        lower_levy(sheet, inputs)
        lower_series(sheet, groups, series)
        for place, told in _WANTS.items():
            sheet.m[place] = int(not wanted.isdisjoint(told))
        _lay_out(sheet, groups, wanted)
        self._m = np.array(sheet.m, dtype=np.int64)
        self._x = np.array(sheet.x, dtype=np.float64)
        self._sizes = sheet.size_m, sheet.size_x
        self._filled, self._slots = sheet.fills

    def fold(
        self,
        ledgers: Iterable[tuple[np.ndarray, Ledger]],
        count: int,
        values: np.ndarray | None = None,
    ) -> np.ndarray:
        """The series of ``count`` replications, each given as its drawn numbers and its ledger.

        float64 [replications, series with their groups, months + 1], written into ``values`` where
        that is given. Raises ValueError where a movement contradicts those before it.
        """
        m, x = np.zeros(self._sizes[0], dtype=np.int64), np.zeros(self._sizes[1])
        m[: self._m.size], x[: self._x.size] = self._m, self._x
        if values is None:
            values = np.empty((count, int(m[places.KEPT]), int(m[places.ENDS])))
        flat = values.reshape(-1)
        for replication, (vector, ledger) in enumerate(ledgers):
            x[self._filled] = vector[self._slots]
            m = self._fold_one(m, x, ledger, flat, replication)
        self._register(m)
        return values

    def _fold_one(
        self, m: np.ndarray, x: np.ndarray, ledger: Ledger, values: np.ndarray, replication: int
    ) -> np.ndarray:
        """Fold one ledger; the whole numbers, with more room where it was needed."""
        luck = draws.stream_key(ledger.seed, ledger.replication, "absence")
        m[places.ABSENCE] = np.uint64(luck).astype(np.int64)
        tables = [table.reshape(-1) for table in ledger.numbers]
        found = fold_ledger(*tables, m, x, values, replication)
        if found < SOUND:
            more = np.zeros((SOUND - 1 - found) * 5 // 4, dtype=np.int64)
            more[: self._m.size] = m[: self._m.size]
            return self._fold_one(more, x, ledger, values, replication)
        if found > SOUND:
            raise ValueError(
                f"the ledger contradicts itself at movement {found}: {ledger.movements[found]}"
            )
        return m

    def _register(self, m: np.ndarray) -> None:
        """Tell the rules which statutory figures were asked for; InputError where there is none."""
        for place, name in STATUTORY.items():
            for step in range(m[place + 1]):
                at = m[place] + places.FIGURE_WIDTH * step
                if m[at + places.ASKED]:
                    date = self.inputs.calendar.date(int(m[at + places.SINCE]))
                    self.inputs.rules.at(name, date)


def _lay_out(sheet: Sheet, groups: Groups, wanted: set[str]) -> None:
    """Give everything that is counted or worked out its place, behind the plan itself."""
    m, ends, wide = sheet.m, sheet.m[places.ENDS], sheet.m[places.WIDE]
    m[places.PAY_ROWS] = sheet.room_x(PAY_ROWS * ends)
    m[places.WORKED] = sheet.room_x(m[places.CELLS] * ends)
    most = max(groups.size(one.reach) for one in STATISTICS.values())
    nowhere, unread = sheet.room_m(2 * wide * most), sheet.room_x(most * ends)
    m[places.CELL_COUNTS] = sheet.room_m(places.COUNTED_OF_CELL * wide * m[places.CELLS])
    m[places.COUNTS], m[places.SUMS] = sheet.size_m, sheet.size_x
    m[places.OPENING_COST] = sheet.room_x(groups.size("cells"))
    for name, (kind, reach, _) in STATISTICS.items():
        at, out = nowhere, unread
        if name in wanted and kind == VALUE:
            out = sheet.room_x(groups.size(reach) * ends)
        elif name in wanted:
            rows = groups.size(reach) * (1 if kind in (STOCK, FLOW) else 2)
            at = sheet.room_m(rows * wide)
        record = places.STATISTIC_AT + places.STATISTIC_WIDTH * CODE[name]
        m[record : record + places.STATISTIC_WIDTH] = [at, kind, out]
    for place, size in (
        (places.OPENING_POSTS, m[places.CELLS]),
        (places.OPENING_FTE, m[places.CELLS]),
        (places.OPENING_FILLED, m[places.CELLS]),
        (places.CELL_SEEN, m[places.CELLS]),
        (places.ROW_COUNTS, 2 * m[places.ROWS] * wide),
        (places.SUPERVISOR_COUNTS, m[places.SUPERVISORS] * wide),
    ):
        m[place] = sheet.room_m(size)
    m[places.MEMORY], m[places.SUMS_END] = sheet.size_m, sheet.size_x


def fold(
    inputs: Inputs, vector: np.ndarray, ledger: Ledger, names: Iterable[str] = STATISTICS
) -> Statistics:
    """The statistics of one replication's ledger; ``vector`` holds its drawn numbers."""
    groups, found, first = Groups.of(inputs), {}, 0
    series = {name: series_of(name) for name in names}
    values = Plan(inputs, groups, list(series.values())).fold([(vector, ledger)], 1)[0]
    for name, one in series.items():
        last = first + groups.size(one.reach)
        found[name], first = values[first:last], last
    return Statistics(groups, found)
