"""Keeping a whole case file on this computer, whatever room it takes, and letting it go again."""

from __future__ import annotations

from PySide6.QtCore import QObject

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.case.receipt_section import ReceiptSection
from judge_desk.domain.changes import Changes
from judge_desk.services.cases import CaseFile


class Keeping(QObject):
    """Between the switch in the right column, its key, and the service."""

    def __init__(self, context: PageContext, section: ReceiptSection, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._section = context, section
        self._file: CaseFile | None = None
        section.keep_asked.connect(self.toggle)

    @property
    def is_offered(self) -> bool:
        """Whether this person may fill the disk with whole case files."""
        return self._file is not None and self._context.desk.documents.may_keep_cases

    def show_file(self, file: CaseFile) -> None:
        self._file = file
        self._section.show_kept(file.is_kept, sum(each.document.size for each in file.documents), self.is_offered)

    def toggle(self) -> None:
        """Keep, or let go."""
        file, desk = self._file, self._context.desk
        if file is None or not self.is_offered:
            return
        kept = not file.is_kept

        def work() -> Changes:
            changes = desk.documents.keep_case(file.case.id, kept=kept)
            desk.sync.now()
            return changes

        self._context.tasks.run(work, lambda changes: self._say(changes, kept=kept))

    def _say(self, changes: Changes, *, kept: bool) -> None:
        self._context.window.toast("documents.kept" if kept else "documents.let_go.done")
        # To the own page too: it shows the case anew.
        self._context.events.announce(changes)
