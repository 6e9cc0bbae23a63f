"""Begin a draft in three keys: the case by a few letters, Enter; the form, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import say, say_plain, t
from judge_desk.services.cases import CaseQuery, CaseRow, CaseService, CaseSort
from judge_desk.services.drafts import DraftService, TemplateChoice

MOST: Final = 50
T = TypeVar("T")


class NewDraftDialog(QDialog):
    """First cases, then the forms of the chosen one; Esc goes back. Opens with ``open()``.

    Signals:
        chosen: (case id, template id).
        failed: (Failure).
    """

    chosen = Signal(str, str)
    failed = Signal(object)

    def __init__(
        self, cases: CaseService, drafts: DraftService, tasks: TaskRunner, parent: QWidget, case_id: str = ""
    ) -> None:
        super().__init__(parent)
        self._cases, self._drafts, self._tasks = cases, drafts, tasks
        self._case_id, self._given = "", case_id
        self._found: dict[str, CaseRow] = {}
        self._forms: Sequence[TemplateChoice] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = Theme.current()
        self.resize(theme.px(Size.PALETTE), theme.px(Size.DIALOG))
        say(self.setWindowTitle, "drafts.new.title")
        self.title = PlainLabel(face="title", elide=True)
        self.search = SearchField("drafts.new.case")
        self.list = LazyList("drafts.new.cases", open_on_click=True)
        self.message = PlainLabel(tone="muted", wrap=True)
        say(self.message.setText, "drafts.new.hint")
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        for widget in (self.title, self.search):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self.message)
        self.search.asked.connect(self._ask)
        self.search.moved_down.connect(self._into_list)
        self.search.returnPressed.connect(self._take_first)
        self.list.opened.connect(self._take)
        self._show_cases()
        if case_id:
            self._run(lambda: [self._cases.row_of(case_id)], self._take_given)

    def reject(self) -> None:
        """Esc: from the forms back to the cases, from there away; a case that was given is not asked for."""
        if self._case_id and not self._given:
            self._show_cases()
            return
        super().reject()

    def _show_cases(self) -> None:
        self._case_id = ""
        say(self.title.setText, "drafts.new.title")
        self.search.clear()
        self.search.setFocus()
        say(self.search.setPlaceholderText, "drafts.new.case")
        say(self.search.setAccessibleName, "drafts.new.case")
        say(self.list.setAccessibleName, "drafts.new.cases")
        self._ask("")

    def _ask(self, text: str) -> None:
        if self._case_id:
            self._show_forms()
            return
        query = CaseQuery(text=text, open_only=not text, sort=CaseSort.RECEIVED)
        self._run(lambda: self._cases.rows(self._cases.ids(query)[:MOST]), self._list_cases)

    def _list_cases(self, rows: Sequence[CaseRow]) -> None:
        if self._case_id:
            return
        self._found = {row.id: row for row in rows}
        self.list.show_lines([_case_line(row) for row in rows])
        say(self.message.setText, "drafts.new.hint" if rows else "drafts.new.no_case")

    def _take_given(self, rows: Sequence[CaseRow]) -> None:
        self._found = {row.id: row for row in rows}
        self._take(rows[0].id)

    def _take(self, key: str) -> None:
        if self._case_id:
            self.chosen.emit(self._case_id, key)
            self._case_id = ""
            self.accept()
            return
        row = self._found[key]
        self._case_id = row.id
        say_plain(self.title.setText, f"{row.number} · {row.title}")
        self.search.clear()
        say(self.search.setPlaceholderText, "drafts.new.forms")
        say(self.search.setAccessibleName, "drafts.new.forms")
        say(self.list.setAccessibleName, "drafts.new.forms")
        self.list.show_lines([])
        self._run(lambda: self._drafts.templates_for(row.id), self._list_forms)

    def _list_forms(self, forms: Sequence[TemplateChoice]) -> None:
        self._forms = forms
        self._show_forms()

    def _show_forms(self) -> None:
        words = self.search.text().casefold().split()
        lines = [_form_line(form) for form in self._forms]
        self.list.show_lines([line for line in lines if all(word in line.spoken().casefold() for word in words)])
        self._select_first()
        self.search.setFocus()

    def _take_first(self) -> None:
        """Enter in the search takes the first row, once it answers to what is typed."""
        self._tasks.run(lambda: None, lambda _none: self._open_chosen(), key="drafts.new.enter")

    def _open_chosen(self) -> None:
        self._select_first()
        if self.list.current_id():
            self._take(self.list.current_id())

    def _select_first(self) -> None:
        if not self.list.currentIndex().isValid() and self.list.lines.rowCount():
            self.list.setCurrentIndex(self.list.lines.index(0))

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _run(self, job: Callable[[], T], done: Callable[[T], object]) -> None:
        self._tasks.run(job, done, self._fail, key="drafts.new")

    def _fail(self, failure: Failure) -> None:
        self.failed.emit(failure)


def _case_line(row: CaseRow) -> Line:
    detail = " · ".join(part for part in (t(f"word.procedure.{row.procedure}"), t(f"word.stage.{row.stage}")) if part)
    return Line(id=row.id, title=row.title, detail=f"{row.number} · {detail}", icon="folder")


def _form_line(form: TemplateChoice) -> Line:
    kind = t(f"word.act.{form.kind}")
    norm = t("drafts.new.blank") if form.is_blank else form.norm
    detail = " · ".join((kind, t(f"drafts.language.{form.language}"), norm))
    icon = "file-text" if form.is_blank else "file-check"
    return Line(id=form.id, title=form.title, detail=detail, icon=icon, title_keeps_end=True)
