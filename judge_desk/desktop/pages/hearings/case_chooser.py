"""Choosing the case of a new hearing: a few letters of its number, title or a party."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import t
from judge_desk.services.cases import CaseQuery, CaseRow, CaseService, CaseSort

MOST = 20


class CaseChooser(QWidget):
    """Open cases that fit the words, newest first.

    Signals:
        chosen: (CaseRow).
    """

    chosen = Signal(object)

    def __init__(self, cases: CaseService, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cases, self._tasks = cases, tasks
        self._rows: dict[str, CaseRow] = {}
        self.words = SearchField("cases.filter.placeholder")
        self.rows = LazyList("cases.table")
        self.rows.setFixedHeight(3 * Theme.current().px(Size.ROW_TWO_LINES))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(self.words)
        column.addWidget(self.rows)
        self.words.asked.connect(self._look)
        self.words.moved_down.connect(self.rows.setFocus)
        self.rows.picked.connect(self._choose)
        self._look("")

    def _look(self, words: str) -> None:
        query = CaseQuery(text=words, open_only=True, sort=CaseSort.RECEIVED)
        cases = self._cases
        self._tasks.run(lambda: cases.rows(cases.ids(query)[:MOST]), self._show, key="hearings:cases")

    def _show(self, rows: list[CaseRow]) -> None:
        self._rows = {row.id: row for row in rows}
        self.rows.show_lines([_line(row) for row in rows])

    def _choose(self, case_id: str) -> None:
        if case_id in self._rows:
            self.chosen.emit(self._rows[case_id])


def _line(row: CaseRow) -> Line:
    return Line(id=row.id, title=row.title, detail=joined(row.number, t(f"word.stage.{row.stage.value}")))
