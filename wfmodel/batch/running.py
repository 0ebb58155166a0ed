"""Run the work of a batch: notebooks in threads, each scenario by itself, the index at the end."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from wfmodel.batch import output
from wfmodel.batch.attempt import Workshop
from wfmodel.batch.claims import Claims
from wfmodel.batch.done import standing
from wfmodel.batch.editions import Editions
from wfmodel.batch.failing import published
from wfmodel.batch.kernels import Nursery
from wfmodel.batch.limits import Limits, Watch
from wfmodel.batch.making import Here, Maker, Terms, values
from wfmodel.batch.notebook import Notebook, shipped
from wfmodel.batch.progress import Progress, progress
from wfmodel.batch.record import FAILED, SKIPPED, Entry, Record
from wfmodel.batch.work import Refused, Work, plan
from wfmodel.results.manifest import MANIFEST

REPORT = "04_scenario_report.ipynb"
LOOK = 0.2
"""Seconds between two looks at what runs: in between Ctrl-C is heard."""

Index = Callable[[Path, list[Work], list[Entry], list[Refused]], dict[str, str]]
"""Writes the pages that compare scenarios and gives their hashes by name."""


@dataclass(frozen=True)
class Outcome:
    """What a batch came to: entries in the order of the work, the scenarios it refused, and the
    status of each that it took."""

    entries: list[Entry]
    refused: list[Refused]
    statuses: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything failed or could not be read."""
        return bool(self.refused) or any(entry.failed for entry in self.entries)


def run_batch(
    paths: Iterable[Path],
    out: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    notebook: Path | None = None,
    fresh: bool = False,
    minutes: float | None = None,
    gigabytes: float | None = None,
    index: Index | None = None,
    nursery: Nursery | None = None,
    editions: Editions | None = None,
    dask: str | None = None,
) -> Outcome:
    """Report on every scenario in ``paths`` into ``out``; raises `InputError` before anything runs.

    What stands there with the same inputs is not run again, unless all is to be ``fresh``. A
    scenario that takes more ``minutes`` or ``gigabytes`` is ended. ``index`` writes the pages that
    compare them, from the folders of those that succeeded. A ``nursery`` that is given is kept.
    ``editions`` are the forms of each report; one that is missing is reported on again. ``dask`` is
    the address of a cluster whose workers make the reports.
    """
    report = Notebook.read(notebook or shipped(REPORT))
    terms = Terms(report, minutes, gigabytes, editions or Editions())
    with _makers(dask, nursery, jobs) as (cores, maker_of):
        works, refused = plan(paths, replications=replications, seed=seed, notebook=report.source)
        for work in works:
            report.check(values(work, out, out, 1))
        folder = output.make_folder(out)
        claims = Claims(folder)
        claims.sweep()
        at_once = min(cores, len(works))
        with progress(len(works) + len(refused), at_once) as display:
            maker = maker_of(terms, at_once, display)
            batch = _Batch(
                Workshop(folder, claims, maker, display, terms.editions), works, cores, fresh
            )
            entries = batch.run(refused)
    if index is not None:
        with claims.common():
            pages = index(folder, works, entries, refused)
        batch.record.put(pages=pages)
    claims.sweep()
    return Outcome(entries, refused, tuple(work.status for work in works))


MakerOf = Callable[[Terms, int, Progress], Maker]
"""Gives who makes reports on some terms, so many at once, and tells a display how far they are."""


@contextlib.contextmanager
def _makers(
    dask: str | None, nursery: Nursery | None, jobs: int | None
) -> Iterator[tuple[int, MakerOf]]:
    """How many reports are to be made at once, and by whom."""
    if dask is not None:
        from wfmodel.batch.cluster import There, connected, threads

        with connected(dask) as client:
            yield jobs or threads(client), lambda terms, _, display: There(client, terms, display)
        return
    with (
        contextlib.nullcontext(nursery) if nursery else Nursery() as home,
        contextlib.closing(Watch()) as watch,
    ):

        def here(terms: Terms, at_once: int, display: Progress) -> Here:
            limits = Limits.of(terms.minutes, terms.gigabytes, at_once)
            return Here(terms.report, limits, home, watch, display, terms.editions)

        yield jobs or os.cpu_count() or 1, here


class _Batch:
    """One batch under way."""

    def __init__(self, shop: Workshop, works: list[Work], cores: int, fresh: bool) -> None:
        self.shop = shop
        self.works = works
        self.cores = cores
        self.record = Record(shop.folder, shop.claims)
        self.wanted = set(shop.editions.also)
        self.since = shop.claims.now() if fresh else 0.0
        self.entries: dict[str, Entry] = {}

    def run(self, refused: list[Refused]) -> list[Entry]:
        """All entries, in the order of the work: bases first, since the others read theirs."""
        for bad in refused:
            self.shop.display.ended(
                bad.path.name, FAILED, 0.0, "; ".join(map(published, bad.reasons))
            )
        with ThreadPoolExecutor(max_workers=self.cores) as pool:
            try:
                for bases in (True, False):
                    self._stage([w for w in self.works if bool(w.base) != bases], pool)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.shop.maker.close()  # ends what runs, and nothing starts any more
                raise
        return [self.entries[work.name] for work in self.works]

    def _stage(self, stage: list[Work], pool: ThreadPoolExecutor) -> None:
        """Work that waits for nothing: first what stands already, then what is to be run."""
        known = self._gather({pool.submit(self._before, work) for work in stage})
        missing = [work for work in stage if work.name not in known]
        # Either several notebooks with one core each, or one notebook with all of them.
        jobs = self.cores if len(missing) == 1 else 1
        while missing:
            ended = self._gather({pool.submit(self._one, work, jobs) for work in missing})
            missing = [work for work in missing if work.name not in ended]
            if missing and not ended:  # other batches are at all of them
                time.sleep(LOOK)

    def _gather(self, running: set[Future[Entry | None]]) -> set[str]:
        """Take up entries as they come, looking around now and then; the names of all of them."""
        names = set()
        while running:
            done, running = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
            found = [entry for future in done if (entry := future.result()) is not None]
            if found:
                self.record.put(*found)
            for entry in found:
                self.entries[entry.name] = entry
                names.add(entry.name)
                self.shop.display.ended(entry.name, entry.state, entry.seconds, entry.reason)
            self.shop.display.look()
        return names

    def _before(self, work: Work) -> Entry | None:
        """The entry of a scenario that is done already."""
        folder = output.child(self.shop.folder, work.name)
        if _touched(folder / MANIFEST) < self.since:
            return None
        files, _ = standing(folder, work)
        if not files or not files.keys() >= self.wanted:
            return None
        return Entry(work.name, work.title, SKIPPED, key=work.key, files=files)

    def _one(self, work: Work, jobs: int) -> Entry | None:
        """Run a scenario; None where another batch is at it, so that it must be asked again."""
        with self.shop.claims.on(work.name) as ours:
            if not ours:
                return None
            # While we were waiting, another batch may have run it: with success, or without.
            entry = self._before(work) or self.record.failed_since(work.name, work.key)
            return entry or self.shop.attempt(work, self._base(work), jobs)

    def _base(self, work: Work) -> Path | None:
        """The folder with the base's results, where it has any."""
        entry = self.entries.get(work.base)
        return None if entry is None or entry.failed else self.shop.folder / work.base


def _touched(path: Path) -> float:
    """When a file was last written; 0 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
