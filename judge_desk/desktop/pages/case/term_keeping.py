"""Terms of a case page: why each ends when it ends, and that one was kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.term_reasons import show_reasons
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.case.know_panel import KnowPanel
from judge_desk.desktop.wording import Wording
from judge_desk.domain.changes import Changes
from judge_desk.services.cases import CaseFile
from judge_desk.services.terms import TermRow


class TermKeeping(QObject):
    """Between the list of terms and the service."""

    def __init__(self, context: PageContext, panel: KnowPanel, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._panel, self._page = context, panel, page
        self._file: CaseFile | None = None
        panel.term_rows.opened.connect(lambda _found: panel.term_rows.ask_why())
        panel.term_rows.why_asked.connect(self._explain)
        panel.term_rows.picked.connect(lambda _found: self._offer())
        panel.done.clicked.connect(self.mark_done)
        self._offer()

    def show_file(self, file: CaseFile) -> None:
        self._file = file
        self._offer()

    def mark_done(self) -> None:
        """The chosen term was kept today; can be taken back."""
        row = self._chosen()
        if row is not None and row.term.is_open:
            terms, term_id = self._context.desk.terms, row.term.id
            self._context.tasks.run(partial(terms.mark_done, term_id), self._tell)
            self._context.window.toast("terms.done.toast", lambda: self._take_back(term_id))

    def _take_back(self, term_id: str) -> None:
        self._context.tasks.run(partial(self._context.desk.terms.reopen, term_id), self._tell)

    def _tell(self, changes: Changes) -> None:
        self._context.events.announce(changes, self)

    def _offer(self) -> None:
        row = self._chosen()
        self._panel.done.setVisible(row is not None and row.term.is_open)

    def _chosen(self) -> TermRow | None:
        return self._row(self._panel.term_rows.current_id())

    def _row(self, term_id: str) -> TermRow | None:
        rows = self._file.terms if self._file is not None else ()
        return next((each for each in rows if each.term.id == term_id), None)

    def _explain(self, term_id: str, corner: QPoint) -> None:
        row = self._row(term_id)
        if row is not None:
            show_reasons(self._page, row.name(Wording.current().language), row.explanation, corner)
