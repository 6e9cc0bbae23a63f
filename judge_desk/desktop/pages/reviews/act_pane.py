"""The blinded act to read: in the letters of an act, searchable, with its text ready to be quoted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import Wording, say, t

LINE_HEIGHT_PERCENT = 145
MOST_FOUND = 500


class ActPane(QFrame):
    """``show_act(text)``; ``selected()`` is what a quotation takes. ``quote`` is the button for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._found: list[QTextCursor] = []
        self._at = -1
        self.text = QTextEdit()
        self.text.setObjectName("blinded_act")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        say(self.text.setAccessibleName, "reviews.act")
        column = QVBoxLayout(self)
        side = Theme.current().px(Space.CARD)
        column.setContentsMargins(side, Space.GAP, Space.ROW, Space.ROW)
        column.addWidget(self._tools())
        column.addWidget(self.text, 1)
        Theme.current().changed.connect(self._set_letters)
        Wording.current().changed.connect(self._say_found)

    def show_act(self, text: str) -> None:
        """Another act; plain text, a paragraph to a line."""
        self.search.set_quietly("")
        self.text.setPlainText(text)
        self._set_letters()
        self._find("")
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def selected(self) -> str:
        """The selected words, paragraphs divided by line ends."""
        return self.text.textCursor().selectedText().replace("\u2029", "\n").strip()

    def find_next(self, step: int = 1) -> None:
        """Go to the next place (``step`` -1: the one before), from the end back to the beginning."""
        if self._found:
            self._at = (self._at + step) % len(self._found)
            cursor = QTextCursor(self._found[self._at])
            self.text.setTextCursor(cursor)
            self.text.ensureCursorVisible()
        self._say_found()

    def _tools(self) -> FlowRow:
        row = FlowRow()
        self.search = SearchField("reviews.act.search")
        self.search.asked.connect(self._find)
        self.search.returnPressed.connect(lambda: self.find_next())
        self._count = PlainLabel(face="caption", tone="muted")
        self._steps = (
            IconButton("chevron-up", "reviews.act.before", "Shift+F3"),
            IconButton("chevron-down", "reviews.act.after", "F3"),
        )
        for button, by in zip(self._steps, (-1, 1), strict=True):
            button.clicked.connect(lambda _checked=False, by=by: self.find_next(by))
        self.quote = QuietButton("reviews.quote", icon_name="quote")
        for widget in (self.search, self._count, *self._steps, self.quote):
            row.add(widget)
        return row

    def _find(self, words: str) -> None:
        self._found, self._at = [], -1
        document = self.text.document()
        cursor = document.find(words, 0) if words else QTextCursor()
        while not cursor.isNull() and len(self._found) < MOST_FOUND:
            self._found.append(cursor)
            cursor = document.find(words, cursor, QTextDocument.FindFlag(0))
        marks = []
        for each in self._found:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = each
            mark.format.setBackground(Theme.current().colour("mark"))
            marks.append(mark)
        self.text.setExtraSelections(marks)
        self.find_next()

    def _say_found(self) -> None:
        asked = bool(self.search.text().strip())
        told = t("reviews.act.found", at=self._at + 1, total=len(self._found)) if self._found else ""
        for button in self._steps:
            button.setVisible(bool(self._found))
        self._count.setText(told or (t("common.nothing_found") if asked else ""))

    def _set_letters(self) -> None:
        theme = Theme.current()
        self.text.document().setDefaultFont(theme.font("act"))
        form = QTextBlockFormat()
        form.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setBottomMargin(theme.px(Space.ROW))
        cursor = QTextCursor(self.text.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)
