"""Run the work of a batch: notebooks in threads, each scenario by itself, the index at the end."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat

from wfmodel.batch import kernels, output
from wfmodel.batch.notebook import Notebook, Plain, shipped
from wfmodel.batch.papermilling import RunFailed, run_notebook
from wfmodel.batch.progress import progress
from wfmodel.batch.record import DONE, FAILED, SKIPPED, Entry, Record
from wfmodel.batch.work import Refused, Work, plan
from wfmodel.reporting import page
from wfmodel.scenario.showing import STATUS

REPORT = "04_scenario_report.ipynb"
STAGING = ".staging"
LOGS = "logs"


@dataclass(frozen=True)
class Outcome:
    """What a batch came to: entries in the order of the work, and the scenarios it refused."""

    entries: list[Entry]
    refused: list[Refused]

    @property
    def failed(self) -> bool:
        """Whether anything failed or could not be read."""
        return bool(self.refused) or any(entry.state == FAILED for entry in self.entries)


def run_batch(
    paths: Iterable[Path],
    out: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    notebook: Path | None = None,
    index: Callable[[Path, list[Work], list[Entry], list[Refused]], None] | None = None,
) -> Outcome:
    """Report on every scenario in ``paths`` into ``out``; raises `InputError` before anything runs.

    ``index`` writes the page that compares them, from the folders of those that succeeded.
    """
    report = Notebook.read(notebook or shipped(REPORT))
    works, refused = plan(paths, replications=replications, seed=seed, notebook=report.source)
    cores = jobs or os.cpu_count() or 1
    for work in works:
        report.check(_values(work, out, out, 1))
    folder = output.make_folder(out)
    with output.held(folder):
        shutil.rmtree(folder / STAGING, ignore_errors=True)
        entries = _Batch(report, works, folder, cores).run(refused)
        if index is not None and any(entry.state != FAILED for entry in entries):
            index(folder, works, entries, refused)
    return Outcome(entries, refused)


def _values(work: Work, run_dir: Path, base_dir: Path | None, jobs: int) -> dict[str, Plain]:
    """What the notebook is told; all else lives in the scenario."""
    return {
        "scenario_path": str(work.path),
        "run_dir": str(run_dir),
        "base_run": str(base_dir) if base_dir and work.base else "",
        "replications": work.replications,
        "seed": work.seed,
        "jobs": jobs,
    }


class _Batch:
    """One batch under way."""

    def __init__(self, report: Notebook, works: list[Work], folder: Path, cores: int) -> None:
        self.report = report
        self.works = works
        self.folder = folder
        self.cores = cores
        self.record = Record(folder)
        self.stopping = False

    def run(self, refused: list[Refused]) -> list[Entry]:
        """All entries, in the order of the work: bases first, since the others read theirs."""
        stages = [[w for w in self.works if not w.base], [w for w in self.works if w.base]]
        with progress(len(self.works) + len(refused)) as self.display:
            for bad in refused:
                self.display.ended(bad.path.name, FAILED, 0.0, "; ".join(bad.reasons))
            for stage in stages:
                self._stage(stage)
        return [self.record.entries[work.name] for work in self.works]

    def _stage(self, stage: list[Work]) -> None:
        fresh = []
        for work in stage:
            before = self.record.stands(work.name, work.key, output.child(self.folder, work.name))
            if before is None:
                fresh.append(work)
                continue
            entry = Entry(work.name, work.title, SKIPPED, 0.0, "", work.key, before.files)
            self.record.put(entry)
            self.display.ended(work.name, SKIPPED, 0.0)
        if not fresh:
            return
        # Either several notebooks with one core each, or one notebook with all of them.
        inside = self.cores if len(fresh) == 1 else 1
        pool = ThreadPoolExecutor(max_workers=self.cores)
        running = {pool.submit(self._one, work, inside) for work in fresh}
        try:
            self._gather(running)
        except BaseException:
            self._stop(pool, running)
            raise
        finally:
            pool.shutdown(wait=True)
            shutil.rmtree(self.folder / STAGING, ignore_errors=True)

    def _stop(self, pool: ThreadPoolExecutor, running: set[Future[Entry]]) -> None:
        """End what runs: no new notebook begins, and kernels are ended as they come up."""
        self.stopping = True
        pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in running):  # `wait` never sees the cancelled end
            kernels.end_all()
            time.sleep(0.2)

    def _gather(self, running: set[Future[Entry]]) -> None:
        """Take up entries as they come; short waits, so that Ctrl-C is heard."""
        while running:
            done, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                entry = future.result()
                self.record.put(entry)
                self.display.ended(entry.name, entry.state, entry.seconds, entry.reason)

    def _one(self, work: Work, jobs: int) -> Entry:
        """One scenario from notebook to page; whatever goes wrong in it stays in it."""
        began = time.monotonic()
        self.display.started(work.name)
        final = output.child(self.folder, work.name)
        staging = self.folder / STAGING / work.name
        log = self.folder / LOGS / f"{work.name}.log"
        try:
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(parents=True)
            values = _values(work, staging, self._base(work), jobs)
            executed = run_notebook(self.report, values, staging)
            self._write(work, executed, staging)
            files = {p.name: output.file_hash(p) for p in sorted(staging.iterdir()) if p.is_file()}
            output.replace_folder(staging, final)
            log.unlink(missing_ok=True)
        except RunFailed as error:
            if not self.stopping:
                shutil.rmtree(final, ignore_errors=True)  # an earlier run's is not of today
            return self._failure(work, began, error.reason, error.log, log)
        except OSError as error:
            reason = f"{error.filename or final}: {error.strerror or error}"
            return self._failure(work, began, reason, reason, log)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            return self._failure(work, began, reason, traceback.format_exc(), log)
        return Entry(work.name, work.title, DONE, time.monotonic() - began, "", work.key, files)

    def _base(self, work: Work) -> Path | None:
        """The folder with the base's results, where it has any from this batch."""
        entry = self.record.entries.get(work.base)
        if entry is None or entry.state == FAILED:
            return None
        return output.child(self.folder, work.base)

    def _write(self, work: Work, executed: nbformat.NotebookNode, staging: Path) -> None:
        path = staging / "report.ipynb"
        output.write_atomically(path, nbformat.writes(executed) + "\n")
        html = page.notebook_page(
            path,
            title=f"{work.title}: scenario report",
            status=STATUS[work.status],
            trail=[("All scenarios", "../index.html"), (work.title, "")],
            generator=f"wfmodel {version('wfmodel')}",
        )
        output.write_atomically(staging / "report.html", html)

    def _failure(self, work: Work, began: float, reason: str, text: str, log: Path) -> Entry:
        """A failed scenario, with a log that says why."""
        if self.stopping:
            return Entry(work.name, work.title, FAILED, reason="interrupted")
        try:
            log.parent.mkdir(exist_ok=True)
            output.write_atomically(log, text + "\n")
            reason = f"{reason} (see {log})"
        except OSError:
            pass  # the disk may be what failed; the reason is still told
        return Entry(work.name, work.title, FAILED, time.monotonic() - began, reason, work.key)
