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
from judge_desk.desktop.wording import say, say_plain, t
from judge_desk.domain.cases import Stage
from judge_desk.domain.changes import Changes
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
        self.setEnabled(bool(file.next_stages) or file.may_record_outcome)
        self.updateGeometry()

    def _open(self) -> None:
        file = self._file
        if file is None:
            return
        self._menu.clear()
        for stage in file.next_stages:
            entry = self._menu.addAction(t("cases.file.step", stage=t(f"word.stage.{stage.value}")))
            entry.triggered.connect(lambda _checked=False, to=stage: self._ask(to))
        if file.may_record_outcome:
            self._menu.addSeparator()
            entry = self._menu.addAction(t("cases.file.outcome"))
            entry.triggered.connect(lambda _checked=False: self._ask_outcome())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

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
