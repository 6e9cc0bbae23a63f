"""Ctrl+K: cases, people, pages and actions in one box, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from judge_desk.desktop.actions import ActionRegistry, shortcut_text
from judge_desk.desktop.pages import MAIN
from judge_desk.desktop.shell.fuzzy import score
from judge_desk.desktop.shell.ports import Found
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line, row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t

FOUND_LIMIT = 12
ROWS_SHOWN = 7
ICONS = {
    "case": "folder",
    "document": "file-text",
    "draft": "file-pen",
    "person": "user-round",
    "act": "gavel",
}
Finder = Callable[[str, str, int], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the palette and what choosing it does."""

    line: Line
    run: Callable[[], object]
    rank: int


class CommandPalette(QFrame):
    """Opens over the page with ``open_over``; closes by Esc, by choosing, or by losing the focus, and gives it back."""

    def __init__(
        self, parent: QWidget, actions: ActionRegistry, tasks: TaskRunner, open_page: Callable[..., object]
    ) -> None:
        super().__init__(parent)
        self._actions, self._tasks, self._open_page = actions, tasks, open_page
        self._over = parent
        self._find: Finder | None = None
        self._before: QWidget | None = None
        self._entries: dict[str, Entry] = {}
        self._found: Sequence[Found] = ()
        self.line = QLineEdit()
        say(self.line.setPlaceholderText, "palette.placeholder")
        say(self.line.setAccessibleName, "palette.name")
        say(self.setAccessibleName, "palette.name")
        self.list = LazyList("palette.results", open_on_click=True, hairlines=False)
        self._hint = PlainLabel(face="caption", tone="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.ROW, Space.ROW, Space.ROW, Space.ROW)
        column.addWidget(self.line)
        column.addWidget(self.list)
        column.addWidget(self._hint)
        self._hint.setContentsMargins(Space.ROW, 0, Space.ROW, 0)
        self.line.textChanged.connect(self._type)
        self.line.installEventFilter(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.opened.connect(self._choose)
        self._pause = QTimer(self, singleShot=True, interval=120)
        self._pause.timeout.connect(self._ask)
        self.hide()

    def set_finder(self, find: Finder | None) -> None:
        """Where cases, drafts and people come from; runs in the store worker."""
        self._find = find

    def open_over(self) -> None:
        self._before = QApplication.focusWidget()
        self._found = ()
        self.line.clear()
        self._fill()
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_it(self) -> None:
        if self.isVisible():
            self._tasks.drop("palette")
            before, self._before = self._before, None
            self.hide()
            if before is not None and isValid(before) and before.isVisible():
                before.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().px(Size.PALETTE), super().sizeHint().height())

    def place(self) -> None:
        """In the upper middle of the window, as high as its rows."""
        room = self._over.rect()
        width = min(Theme.current().px(Size.PALETTE), room.width() - 2 * Space.PAGE)
        heights = [self.list.sizeHintForRow(row) for row in range(self.list.lines.rowCount())]
        most = ROWS_SHOWN * row_height(two_lines=True)
        self.list.setFixedHeight(min(sum(heights), most) + Space.TIGHT)
        self.list.setVisible(self.list.lines.rowCount() > 0)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((room.width() - width) // 2, min(room.height() // 8, Theme.current().px(3 * Size.ROW)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            # While the box is open its line takes every key, those of the window too.
            event.accept()
            return True
        if watched is self.line and event.type() == QEvent.Type.FocusOut:
            self.close_it()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS_SHOWN, Qt.Key.Key_PageUp: -ROWS_SHOWN}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.current_id())
        elif key == Qt.Key.Key_Escape:
            self.close_it()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(1 if key == Qt.Key.Key_Tab else -1)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        count = self.list.lines.rowCount()
        if count:
            row = self.list.currentIndex().row() + by
            row = row % count if abs(by) == 1 else min(max(row, 0), count - 1)
            self.list.setCurrentIndex(self.list.lines.index(row))

    def _type(self) -> None:
        self._found = ()
        self._fill()
        if self.line.text().strip():
            self._pause.start()

    def _ask(self) -> None:
        find, query, language = self._find, self.line.text().strip(), Wording.current().language
        if find is not None and query and self.isVisible():
            self._tasks.run(lambda: find(query, language, FOUND_LIMIT), self._receive, key="palette")

    def _receive(self, found: Sequence[Found]) -> None:
        self._found = found
        self._fill()

    def _fill(self) -> None:
        query = self.line.text().strip()
        entries = [*self._pages(query), *self._commands(query)]
        # What the store found answers the words themselves; its own order stands, after names that begin so.
        entries += [self._hit(found, 600 - place) for place, found in enumerate(self._found)]
        entries.sort(key=lambda entry: -entry.rank)
        self._entries = {entry.line.id: entry for entry in entries}
        self.list.show_lines([entry.line for entry in entries])
        if entries:
            self.list.setCurrentIndex(self.list.lines.index(0))
            self.list.scrollToTop()
        say(self._hint.setText, "palette.hint" if entries else "palette.empty")
        self.place()

    def _pages(self, query: str) -> list[Entry]:
        entries = []
        for page in MAIN:
            if not self._actions.is_enabled(f"go.{page.id}"):
                continue
            name = t(page.title_key)
            line = Line(
                id=f"page:{page.id}",
                title=name,
                icon=page.icon,
                trailing=shortcut_text(page.keys),
                strong=False,
            )
            entries.append(Entry(line, partial(self._open_page, page.id), score(query, name)))
        return [entry for entry in entries if entry.rank]

    def _commands(self, query: str) -> list[Entry]:
        entries = []
        for action in self._actions.all():
            if not action.in_palette or not self._actions.is_enabled(action.id):
                continue
            name = t(action.text_key)
            line = Line(
                id=f"action:{action.id}",
                title=name,
                icon=action.icon or "corner-down-left",
                trailing=shortcut_text(action.shortcut),
                strong=False,
            )
            entries.append(Entry(line, partial(self._actions.trigger, action.id), score(query, name)))
        return [entry for entry in entries if entry.rank]

    def _hit(self, found: Found, rank: int) -> Entry:
        kind = found.kind if found.kind in ICONS else "other"
        params: dict[str, Any] = dict(found.params)
        line = Line(
            id=f"found:{found.kind}:{found.page_id}:{sorted(params.items())}",
            title=found.title,
            detail=found.detail,
            icon=ICONS.get(kind, "file-text"),
            trailing=t(f"palette.kind.{kind}"),
            keeps_end=False,
        )
        return Entry(line, lambda: self._open_page(found.page_id, **params), rank)

    def _choose(self, entry_id: str) -> None:
        entry = self._entries.get(entry_id)
        if entry is not None:
            self.close_it()
            entry.run()
