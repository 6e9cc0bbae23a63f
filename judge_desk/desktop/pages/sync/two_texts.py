"""Two versions of a text side by side, with the words that stand in one of them only underlined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from judge_desk.desktop.pages.sync.in_words import Passage
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.domain.act_differences import Change, Piece, word_pieces

TEXT_HEADS: Final = ("sync.side.mine", "sync.side.hubs", "sync.side.nothing")
VALUE_HEADS: Final = ("sync.value.mine", "sync.value.hubs", "sync.value.nothing")


class MarkedText(QTextEdit):
    """A text to read and copy, as high as its lines; pieces of ``marked`` are underlined on a soft ground."""

    def __init__(self, face: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._pieces: tuple[Piece, ...] = ()
        self._marked = Change.ADDED
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(Space.TIGHT)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        Theme.current().changed.connect(self._fill)

    def show_pieces(self, pieces: Iterable[Piece], marked: Change) -> None:
        """The pieces that belong to this side; those of the kind ``marked`` stand here only."""
        self._pieces, self._marked = tuple(pieces), marked
        self._fill()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())

    def _height(self) -> int:
        return int(self.document().size().height()) + 2 * Space.TIGHT

    def _fill(self) -> None:
        theme = Theme.current()
        self.document().setDefaultFont(theme.font(self._face))
        self.clear()
        cursor = QTextCursor(self.document())
        for piece in self._pieces:
            form = QTextCharFormat()
            form.setForeground(theme.colour("text"))
            if piece.change is self._marked:
                form.setBackground(theme.colour("warn_soft"))
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                form.setUnderlineColor(theme.colour("warn"))
            cursor.insertText(piece.text, form)
        self._fit()


class TwoTexts(QWidget):
    """One passage: mine at the left, the hub's at the right; a side that has nothing says so."""

    def __init__(self, passage: Passage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        face = "act" if passage.is_act else "body"
        # Beside nothing, every word would be marked.
        alone = Change.SAME if not (passage.mine and passage.hubs) else None
        pieces = (Piece(alone, passage.mine or passage.hubs),) if alone else word_pieces(passage.hubs, passage.mine)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Theme.current().px(Space.CARD))
        self.mine, self.hubs = MarkedText(face), MarkedText(face)
        mine, hubs, nothing = TEXT_HEADS if passage.is_text else VALUE_HEADS
        sides = (
            (mine, self.mine, passage.mine, Change.ADDED, Change.REMOVED),
            (hubs, self.hubs, passage.hubs, Change.REMOVED, Change.ADDED),
        )
        for key, text, words, own, other in sides:
            text.show_pieces((each for each in pieces if each.change is not other), own)
            name = t(key)
            text.setAccessibleName(f"{passage.label}: {name}" if passage.label else name)
            row.addWidget(_side(key, text if words else None, nothing), 1)


class WrittenText(QWidget):
    """A third text for a passage, written by the judge; it begins with one's own words. A line is a paragraph."""

    def __init__(self, passage: Passage, text: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self._field = QPlainTextEdit()
        self._field.document().setDefaultFont(theme.font("act" if passage.is_act else "body"))
        self._field.setTabChangesFocus(True)
        self._field.setMinimumHeight(3 * theme.px(Size.CONTROL))
        self._field.setPlainText(passage.mine or passage.hubs if text is None else text)
        name = t("sync.merge.editor")
        self._field.setAccessibleName(f"{passage.label}: {name}" if passage.label else name)
        head = PlainLabel(face="caption", tone="muted")
        say(head.setText, "sync.merge.editor")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(head)
        column.addWidget(self._field)
        self.setFocusProxy(self._field)

    def text(self) -> str:
        return self._field.toPlainText()


class ValueTable(QFrame):
    """Short values of several fields, a line for each: its name, mine, the hub's; of a side that has none at all there
    is no column."""

    def __init__(self, passages: Sequence[Passage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.setProperty("kind", "table")
        mine, hubs, nothing = VALUE_HEADS
        grid = QGridLayout(self)
        gap = theme.px(Space.GAP)
        grid.setContentsMargins(gap, theme.px(Space.ROW), gap, theme.px(Space.ROW))
        grid.setHorizontalSpacing(theme.px(Space.CARD))
        grid.setVerticalSpacing(Space.TIGHT)
        sides = [(mine, [each.mine for each in passages]), (hubs, [each.hubs for each in passages])]
        shown = [(key, values) for key, values in sides if any(values)] or sides
        for row, each in enumerate(passages, 1):
            grid.addWidget(PlainLabel(each.label, tone="muted"), row, 0)
        for column, (key, values) in enumerate(shown, 1):
            head = PlainLabel(face="caption", tone="muted")
            say(head.setText, key)
            grid.addWidget(head, 0, column)
            grid.setColumnStretch(column, 1)
            for row, (each, words) in enumerate(zip(passages, values, strict=True), 1):
                grid.addWidget(_value(each.label, words, nothing, key), row, column)


def _value(label: str, words: str, nothing_key: str, side_key: str) -> PlainLabel:
    value = PlainLabel(words, wrap=True) if words else PlainLabel(tone="muted")
    if not words:
        say(value.setText, nothing_key)
    value.setAccessibleName(f"{label}, {t(side_key)}: {value.text()}")
    return value


def _side(key: str, text: QWidget | None, nothing_key: str) -> QFrame:
    side = QFrame()
    side.setProperty("kind", "table")
    column = QVBoxLayout(side)
    theme = Theme.current()
    # A text to copy stands within its ring of focus; what is no such text stands as far in.
    inset = theme.px(Size.FOCUS) + Space.TIGHT
    side_gap = theme.px(Space.GAP) - inset
    column.setContentsMargins(side_gap, theme.px(Space.ROW), side_gap, theme.px(Space.TIGHT))
    column.setSpacing(0)
    head = PlainLabel(face="caption", tone="muted")
    head.setContentsMargins(inset, 0, inset, 0)
    say(head.setText, key)
    column.addWidget(head)
    if text is None:
        nothing = PlainLabel(tone="muted")
        nothing.setContentsMargins(inset, inset, inset, inset)
        say(nothing.setText, nothing_key)
        column.addWidget(nothing)
    else:
        column.addWidget(text)
    column.addStretch(1)
    return side
