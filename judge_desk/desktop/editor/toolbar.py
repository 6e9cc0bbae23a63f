"""The tools above the text: kind of paragraph, marks, tables, references, search."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from judge_desk.desktop.editor import commands, formats, notes
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.acts import BlockKind, Mark, Numbering

Shape = tuple[BlockKind, int, Numbering]
DASH: Final = Numbering.DASH
KINDS: Final[dict[str, Shape]] = {
    "paragraph": (BlockKind.PARAGRAPH, 1, DASH),
    "heading_1": (BlockKind.HEADING, 1, DASH),
    "heading_2": (BlockKind.HEADING, 2, DASH),
    "heading_3": (BlockKind.HEADING, 3, DASH),
    "dash": (BlockKind.LIST_ITEM, 1, DASH),
    "decimal": (BlockKind.LIST_ITEM, 1, Numbering.DECIMAL),
    "bracket": (BlockKind.LIST_ITEM, 1, Numbering.BRACKET),
    "quotation": (BlockKind.QUOTATION, 1, DASH),
}
MARKS: Final = {Mark.BOLD: "Ctrl+B", Mark.ITALIC: "Ctrl+I", Mark.UNDERLINE: "Ctrl+U"}
TABLE_CHANGES: Final = (
    *("row_above", "row_below", "column_left", "column_right"),
    *("drop_row", "drop_column", "drop"),
)


TABLE_KEYS: Final = {
    "row_above": "Alt+Shift+Ins",
    "row_below": "Alt+Ins",
    "column_left": "Ctrl+Alt+Shift+Ins",
    "column_right": "Ctrl+Alt+Ins",
    "drop_row": "Alt+Del",
    "drop_column": "Alt+Shift+Del",
}
HERE: Final = ("table", "place_line", "signature", "footnote", "part")
"""Where the caret can stand that is no kind of paragraph to choose; ``other`` for the rest."""


class EditorToolbar(QFrame):
    """Works on one ``ActEdit``.

    Signals:
        reference_asked: choose a page of a case document.
        find_asked: open the search.
    """

    reference_asked = Signal()
    find_asked = Signal()

    def __init__(self, edit: ActEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        say(self.setAccessibleName, "editor.tools")
        self._row = QHBoxLayout(self)
        side = Theme.current().px(Space.ROW)
        self._row.setContentsMargins(side, side, side, 0)
        self._row.setSpacing(Space.TIGHT // 2)
        self.kinds = Chooser()
        self.kinds.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToContents)
        say(self.kinds.setAccessibleName, "editor.kind")
        self._row.addWidget(self.kinds)
        self._marks = {mark: self._add(mark.value, f"editor.{mark}", keys) for mark, keys in MARKS.items()}
        for mark, button in self._marks.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, each=mark: self._mark(each))
        self._table = self._add("table", "editor.table", "Ctrl+Alt+T")
        self._table.clicked.connect(self._open_tables)
        self._note = self._add("superscript", "editor.footnote", "Ctrl+Alt+F")
        self._note.clicked.connect(self.put_note)
        self._add("link", "editor.reference", "Ctrl+Alt+R").clicked.connect(self.reference_asked)
        self._row.addStretch(1)
        self._undo = self._add("undo-2", "editor.undo", "Ctrl+Z")
        self._redo = self._add("redo-2", "editor.redo", "Ctrl+Y")
        self._add("search", "editor.find", "Ctrl+F").clicked.connect(self.find_asked)
        self._undo.clicked.connect(edit.undo)
        self._redo.clicked.connect(edit.redo)
        self._connect()
        self._fill_kinds()

    def set_kind(self, name: str) -> None:
        """Turn the lines at the caret into a kind of ``KINDS``."""
        if not self._edit.isReadOnly():
            commands.set_kind(self._edit.textCursor(), *KINDS[name])
        self._edit.setFocus()
        self._show_here()

    def _connect(self) -> None:
        edit = self._edit
        edit.document().undoAvailable.connect(self._undo.setEnabled)
        edit.document().redoAvailable.connect(self._redo.setEnabled)
        edit.cursorPositionChanged.connect(self._show_here)
        self._undo.setEnabled(False)
        self._redo.setEnabled(False)
        self.kinds.activated.connect(lambda index: self.set_kind(self.kinds.itemData(index)))
        Wording.current().changed.connect(self._fill_kinds)

    def _add(self, icon_name: str, key: str, keys: str) -> IconButton:
        button = IconButton(icon_name, key, keys, slim=True)
        self._row.addWidget(button)
        return button

    def _fill_kinds(self) -> None:
        self.kinds.clear()
        for name in KINDS:
            self.kinds.addItem(t(f"editor.kind.{name}"), name)
        self._show_here()

    def _mark(self, mark: Mark) -> None:
        self._edit.toggle_mark(mark)
        self._edit.setFocus()
        self._show_here()

    def _show_here(self) -> None:
        """What stands at the caret."""
        for mark, button in self._marks.items():
            button.setChecked(mark in self._edit.marks_here())
        block = formats.attributes(self._edit.textCursor().block().blockFormat())
        wanted = (block.kind, block.level if block.kind is BlockKind.HEADING else 1, block.numbering)
        names = [name for name, shape in KINDS.items() if shape == wanted]
        say(self.kinds.setPlaceholderText, f"editor.here.{self._odd_kind()}")
        self.kinds.setCurrentIndex(self.kinds.findData(names[0]) if names else -1)

    def _odd_kind(self) -> str:
        """What the caret stands in where that is no kind to choose."""
        cursor = self._edit.textCursor()
        table = commands.table_at(cursor)
        kind = formats.kind_of(table.format() if table is not None else cursor.blockFormat())
        return kind if kind in HERE else "other"

    def table_menu(self) -> QMenu:
        """Insert a table, or change the one at the caret."""
        menu = QMenu(self)
        if commands.table_at(self._edit.textCursor()) is None:
            menu.addAction(t("editor.table.insert")).triggered.connect(self.insert_table)
            return menu
        self._add_table_changes(menu)
        return menu

    def _add_table_changes(self, menu: QMenu) -> None:
        for change in TABLE_CHANGES:
            action = menu.addAction(t(f"editor.table.{change}"))
            action.triggered.connect(lambda _on=False, each=change: self._change_table(each))

    def put_note(self) -> None:
        """A footnote at the caret; from a mark to its note, from a note back to its mark."""
        self._edit.notes.put()
        self._edit.setFocus()

    def add_to_menu(self, menu: QMenu) -> None:
        """What can be done with the footnote and the table at the caret, below what a menu holds already."""
        if self._edit.isReadOnly():
            return
        menu.addSeparator()
        cursor = self._edit.textCursor()
        found, is_words = notes.note_at(cursor), notes.is_note(cursor.block())
        key = "editor.footnote.back" if is_words else "editor.footnote.open" if found else "editor.footnote"
        menu.addAction(t(key)).triggered.connect(self.put_note)
        if found:
            menu.addAction(t("editor.footnote.drop")).triggered.connect(self._edit.notes.drop)
        if formats.kind_of(cursor.blockFormat()) == BlockKind.LIST_ITEM:
            menu.addAction(t("editor.list.restart")).triggered.connect(self.restart_numbering)
        if commands.is_in_grid(cursor):
            menu.addSeparator()
            self._add_table_changes(menu)

    def insert_table(self) -> None:
        """A table of three rows and three columns, the caret in its first cell."""
        if self._edit.isReadOnly():
            return
        table = commands.insert_table(self._edit.textCursor(), 3, 3)
        if table is not None:
            self._edit.setTextCursor(table.cellAt(0, 0).firstCursorPosition())
        self._edit.setFocus()

    def restart_numbering(self) -> None:
        """Let the list begin with 1 at the caret, or go on there."""
        if not self._edit.isReadOnly() and not commands.toggle_restart(self._edit.textCursor()):
            self._edit.refused.emit("editor.refused.restart")
        self._edit.viewport().update()

    def change_table(self, change: str) -> None:
        """One of ``TABLE_CHANGES`` at the caret; says where there is no table."""
        if commands.is_in_grid(self._edit.textCursor()):
            self._change_table(change)
        else:
            self._edit.refused.emit("editor.refused.table")

    def ask_table(self) -> None:
        """A new table, or inside one what can be done with it."""
        if commands.table_at(self._edit.textCursor()) is None:
            self.insert_table()
        else:
            self.table_menu().popup(self._edit.viewport().mapToGlobal(self._edit.cursorRect().bottomLeft()))

    def _change_table(self, change: str) -> None:
        if not self._edit.isReadOnly():
            commands.change_table(self._edit.textCursor(), change)
        self._edit.setFocus()

    def _open_tables(self) -> None:
        self.table_menu().popup(self._table.mapToGlobal(self._table.rect().bottomLeft()))
