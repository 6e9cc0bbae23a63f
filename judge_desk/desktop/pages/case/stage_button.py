"""The stage a case stands at, and the steps that this person may take from there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.dialogs.name_dialog import NameDialog
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.court_lines import capital
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.cases import Stage, may_step
from judge_desk.domain.changes import Changes
from judge_desk.i18n import formats
from judge_desk.services.cases import CaseFile


class StageButton(QuietButton):
    """Says the stage; opens a menu of the next ones. Disabled where none may be taken."""

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(icon_name="chevron-down")
        self._context, self._page = context, page
        self._file: CaseFile | None = None
        self._menu = QMenu(self)
        self.clicked.connect(self._open)

    def show_case(self, file: CaseFile) -> None:
        self._file = file
        say_plain(self.setText, capital(t(f"word.stage.{file.case.stage.value}")))
        say(self.setToolTip, "cases.file.stage")
        self.setAccessibleName(t("widgets.chip", name=t("word.stage.stage"), chosen=self.text()))
        self.setEnabled(bool(file.next_stages) or file.may_record_outcome or file.full_text_due_on is not None)
        self.updateGeometry()

    def _open(self) -> None:
        file = self._file
        if file is None:
            return
        self._menu.clear()
        for stage in file.next_stages:
            entry = self._menu.addAction(t("cases.file.step", stage=t(f"word.stage.{stage.value}")))
            entry.triggered.connect(lambda _checked=False, to=stage: self._ask(to))
        if file.full_text_due_on is not None:
            self._menu.addSeparator()
            entry = self._menu.addAction(t("cases.file.announce"))
            entry.triggered.connect(lambda _checked=False: self.announce())
        if file.may_record_outcome:
            self._menu.addSeparator()
            entry = self._menu.addAction(t("cases.file.outcome"))
            entry.triggered.connect(lambda _checked=False: self._ask_outcome())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def announce(self) -> None:
        """Ask whether the operative part has been announced, and start the clock for the full text."""
        file = self._file
        if file is None or file.full_text_due_on is None:
            return
        confirm(
            self._page,
            "cases.file.announce.ask",
            "cases.file.announce.do",
            partial(self._run, partial(self._context.desk.terms.announce, file.case.id)),
            body_key="cases.file.announce.body",
            final=True,
            number=file.case.number,
            day=formats.date_long(file.full_text_due_on, Wording.current().language),
        )

    def _ask(self, stage: Stage) -> None:
        file = self._file
        if file is None:
            return
        confirm(
            self._page,
            "cases.file.step.ask",
            "cases.file.step.do",
            partial(self._run, partial(self._context.desk.cases.advance, file.case.id, stage)),
            body_key="cases.file.step.body",
            final=not may_step(stage, file.case.stage),
            number=file.case.number,
            before=t(f"word.stage.{file.case.stage.value}"),
            after=t(f"word.stage.{stage.value}"),
        )

    def _ask_outcome(self) -> None:
        file = self._file
        if file is not None:
            record = self._context.desk.cases.record_outcome
            dialog = NameDialog(
                self._page,
                "cases.file.outcome",
                "cases.file.outcome.name",
                lambda outcome: self._run(partial(record, file.case.id, outcome)),
            )
            dialog.ask(file.case.outcome)

    def _run(self, job: partial[Changes]) -> None:
        self._context.tasks.run(job, self._tell)

    def _tell(self, changes: Changes) -> None:
        self._context.window.toast("cases.file.step.done")
        self._context.events.announce(changes, self._page)
