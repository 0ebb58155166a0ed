"""Editions of a report: the page, and where they are wanted its PDF and its workbook."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat

from wfmodel.batch.output import write_atomically
from wfmodel.batch.printing import browser, print_pdf
from wfmodel.batch.work import Work
from wfmodel.reporting import page, workbook
from wfmodel.scenario.showing import STATUS

PAGE, NOTEBOOK, PDF, WORKBOOK = "report.html", "report.ipynb", "report.pdf", "report.xlsx"


@dataclass(frozen=True)
class Editions:
    """Which editions each report of a batch has; ``printer`` is the program that prints the PDF,
    blank for none.
    """

    printer: str = ""
    workbook: bool = False

    @classmethod
    def asked(cls, *, pdf: bool, workbook: bool) -> Editions:
        """What was asked for; raises `InputError` where nothing is installed that prints."""
        return cls(browser() if pdf else "", workbook)

    @property
    def also(self) -> list[str]:
        """The files that a report has beside its page."""
        return [PDF] * bool(self.printer) + [WORKBOOK] * self.workbook

    def write(self, work: Work, executed: nbformat.NotebookNode, folder: Path) -> None:
        """Write all editions of an executed notebook into a folder; raises OSError."""
        made = f"wfmodel {version('wfmodel')}"
        status = STATUS[work.status]
        write_atomically(folder / NOTEBOOK, nbformat.writes(executed) + "\n")
        html = page.notebook_page(
            folder / NOTEBOOK,
            title=f"{work.title}: scenario report",
            status=status,
            trail=[("All scenarios", "../index.html"), (work.title, "")],
            generator=made,
        )
        write_atomically(folder / PAGE, html)
        if self.printer:
            print_pdf(folder / PAGE, folder / PDF, self.printer)
        if self.workbook:
            told = f"Made with {made}: {work.replications} futures, seed {work.seed}."
            tables = workbook.tables_of(executed)
            workbook.write_workbook(
                folder / WORKBOOK, tables, title=work.title, status=status, made=told
            )
