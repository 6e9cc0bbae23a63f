"""The line above the list: words, chips, saved filters; together they are one ``CaseQuery``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.check_menu import CheckMenu
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.cases import Procedure, Stage
from judge_desk.services.cases import CaseQuery, SavedFilter


class FilterBar(QWidget):
    """``query`` holds the words and chips; the order is the table's.

    Signals:
        changed: another query.
        save_asked: keep this query under a name.
        rename_asked / delete_asked: (filter id) of the one that is applied.
    """

    changed = Signal()
    save_asked = Signal()
    rename_asked = Signal(str)
    delete_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters: Sequence[SavedFilter] = ()
        self.applied_id = ""
        self.words = SearchField("cases.filter.placeholder")
        self.procedure = CheckMenu(
            "cases.chip.procedure", [(each.value, f"word.procedure.{each.value}") for each in Procedure]
        )
        self.stage = CheckMenu("cases.chip.stage", [(each.value, f"word.stage.{each.value}") for each in Stage])
        self.open_only = _chip("cases.chip.open_only")
        self.saved = QPushButton()
        self.saved.setProperty("kind", "chip")
        self.saved.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        say(self.saved.setText, "cases.filter.saved")
        self.saved.clicked.connect(self._open_menu)
        self.clear = LinkButton("cases.filter.clear")
        self.clear.clicked.connect(self.clear_all)
        self._chips = FlowRow()
        for widget in (self.procedure, self.stage, self.open_only, self.saved, self.clear):
            self._chips.add(widget)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Theme.current().px(Space.ROW))
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self._chips)
        self.words.asked.connect(self._tell)
        self.procedure.ticked.connect(self._tell)
        self.stage.ticked.connect(self._tell)
        self.open_only.clicked.connect(self._tell)
        self._menu = QMenu(self)
        self.clear.hide()
        Theme.current().changed.connect(self._fold)
        Wording.current().changed.connect(self._fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """The chips below the words where both do not fit into one line."""
        fits = self._chips.sizeHint().width() + Theme.current().px(Size.SIDE) <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    def query(self) -> CaseQuery:
        """What is asked for, in the usual order."""
        return CaseQuery(
            text=self.words.text().strip(),
            procedures=frozenset(Procedure(each) for each in self.procedure.values()),
            stages=frozenset(Stage(each) for each in self.stage.values()),
            open_only=self.open_only.isChecked(),
        )

    def is_empty(self) -> bool:
        return self.query() == CaseQuery()

    def show_query(self, query: CaseQuery) -> None:
        """Another query from elsewhere; tells nobody."""
        self.words.set_quietly(query.text)
        self.procedure.set_values(frozenset(each.value for each in query.procedures))
        self.stage.set_values(frozenset(each.value for each in query.stages))
        self.open_only.setChecked(query.open_only)
        self.clear.setVisible(not self.is_empty())

    def clear_all(self) -> None:
        """Every case again."""
        self.show_query(CaseQuery())
        self._tell()

    def show_filters(self, filters: Sequence[SavedFilter]) -> None:
        self._filters = filters
        self._show_applied()

    def apply(self, filter_id: str) -> SavedFilter | None:
        """Put a saved filter in force and tell; None for one that is gone."""
        found = next((each for each in self._filters if each.id == filter_id), None)
        if found is not None:
            self.show_query(found.query)
            self.applied_id = found.id
            self._show_applied()
            self.changed.emit()
        return found

    def applied(self) -> SavedFilter | None:
        """The saved filter in force, while nothing of it was changed."""
        found = next((each for each in self._filters if each.id == self.applied_id), None)
        same = replace(self.query(), sort=found.query.sort, descending=found.query.descending) if found else None
        return found if found is not None and found.query == same else None

    def _tell(self) -> None:
        self.clear.setVisible(not self.is_empty())
        self._show_applied()
        self._fold()
        self.changed.emit()

    def _show_applied(self) -> None:
        found = self.applied()
        if found is None:
            say(self.saved.setText, "cases.filter.saved")
        else:
            say_plain(self.saved.setText, found.name)

    def _open_menu(self) -> None:
        self._menu.clear()
        applied = self.applied()
        for each in self._filters:
            # A lone "&" would become a mnemonic.
            entry = self._menu.addAction(each.name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(applied is not None and applied.id == each.id)
            entry.triggered.connect(lambda _checked=False, found=each.id: self.apply(found))
        if self._filters:
            self._menu.addSeparator()
        save = self._menu.addAction(t("cases.filter.save"))
        save.setEnabled(not self.is_empty() and applied is None)
        save.triggered.connect(lambda _checked=False: self.save_asked.emit())
        for key, signal in (("cases.filter.rename", self.rename_asked), ("cases.filter.delete", self.delete_asked)):
            entry = self._menu.addAction(t(key))
            entry.setEnabled(applied is not None)
            entry.triggered.connect(lambda _checked=False, each=signal: each.emit(self.applied_id))
        self._menu.popup(self.saved.mapToGlobal(QPoint(0, self.saved.height())))


def _chip(key: str) -> QPushButton:
    chip = QPushButton()
    chip.setProperty("kind", "chip")
    chip.setCheckable(True)
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    say(chip.setText, key)
    return chip
