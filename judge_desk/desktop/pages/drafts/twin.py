"""The act in two languages side by side, paragraph by paragraph; every fact that differs is listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QKeySequence,
    QShortcut,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.card_splitter import CardSplitter
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.acts import PartKind
from judge_desk.domain.cases import Language
from judge_desk.services.twins import TwinDifference, TwinFault, TwinPair, TwinRow

SHARE: Final = 50
HERE_KEYS, THERE_KEYS = "Ctrl+Alt+Left", "Ctrl+Alt+Right"


class TwinTexts(QTextEdit):
    """Two columns of paragraphs; ``show_row(n)`` brings one into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "act")
        self._places: list[int] = []
        say(self.setAccessibleName, "twin.texts")

    def show_pair(self, pair: TwinPair) -> None:
        """Every pair of paragraphs, what differs marked in both."""
        self.clear()
        self.document().setDefaultFont(Theme.current().font("act"))
        rows = pair.comparison.rows
        form = QTextTableFormat()
        form.setCellPadding(Theme.current().px(Space.ROW))
        form.setCellSpacing(0)
        form.setBorder(0)
        share = QTextLength(QTextLength.Type.PercentageLength, SHARE)
        form.setColumnWidthConstraints([share, share])
        table = QTextCursor(self.document()).insertTable(len(rows) + 1, 2, form)
        for column, draft in enumerate((pair.here, pair.there)):
            title = [(t(f"drafts.language.{draft.act.language}"), _look(strong=True))]
            if count := _untold(pair, "there" if column else "here"):
                title.append((f"  ·  {t('twin.untold', n=count)}", _look(marked=True)))
            _write(table, 0, column, title)
        self._places = []
        for at, row in enumerate(rows, 1):
            self._places.append(table.cellAt(at, 0).firstPosition())
            _write(table, at, 0, _marked(row, "here"))
            _write(table, at, 1, _marked(row, "there"))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def show_row(self, number: int) -> None:
        """Bring a pair of paragraphs to the top."""
        if not 0 <= number < len(self._places):
            return
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self.setTextCursor(cursor)
        cursor.setPosition(self._places[number])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


def _write(table: QTextTable, row: int, column: int, pieces: list[tuple[str, QTextCharFormat]]) -> None:
    cursor = table.cellAt(row, column).firstCursorPosition()
    for text, look in pieces:
        cursor.insertText(text, look)


def _untold(pair: TwinPair, side: str) -> int:
    """How many paragraphs of a side are not in its language yet."""
    found = (each for each in pair.comparison.differences if each.fault is TwinFault.LANGUAGE)
    return sum(bool(getattr(each, side)) for each in found)


def _look(*, strong: bool = False, marked: bool = False) -> QTextCharFormat:
    look = QTextCharFormat()
    theme = Theme.current()
    look.setForeground(theme.colour("text"))
    if strong:
        look.setFontWeight(600)
    if marked:
        look.setBackground(theme.colour("warn_soft"))
        look.setFontUnderline(True)
    return look


def _marked(row: TwinRow, side: str) -> list[tuple[str, QTextCharFormat]]:
    """The paragraph in stretches; what the other text says otherwise is on a soft ground and underlined."""
    block = row.here if side == "here" else row.there
    if block is None:
        return [("—", _look(marked=True))]
    text = block.text.replace("\t", "   ")
    spans = sorted({span for each in row.differences for span in _spans(text, getattr(each, side))})
    pieces: list[tuple[str, QTextCharFormat]] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += [(text[at:start], _look()), (text[start:end], _look(marked=True))]
            at = end
    return [*pieces, (text[at:], _look())]


def _spans(text: str, fact: str) -> Iterator[tuple[int, int]]:
    # A long fact is shown by its beginning.
    fact = fact.removesuffix("…")
    at = text.find(fact) if fact else -1
    if at >= 0:
        yield at, at + len(fact)


class TwinView(QWidget):
    """``show_pair(pair)``; Enter on a difference shows it, the buttons open either text at that place.

    Signals:
        open_asked: (draft id, block id).
        authority_asked: (language).
        part_asked: the two are one act no longer.
        closed: back to the text.
    """

    open_asked = Signal(str, str)
    authority_asked = Signal(str)
    part_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: TwinPair | None = None
        self._found: list[TwinDifference] = []
        self.back = QuietButton("twin.back", "Esc", "arrow-left")
        self.count = PlainLabel(face="section", elide=True)
        languages = [(each.value, f"drafts.language.{each}") for each in Language]
        self.authority = Segmented(languages, "twin.authority")
        self.apart = QuietButton("twin.part")
        self.list = LazyList("twin.differences")
        self.states = StateStack()
        self.states.content.addWidget(self.list, 1)
        self.here, self.there = QuietButton("twin.open_here", HERE_KEYS), QuietButton("twin.open_there", THERE_KEYS)
        self.texts = TwinTexts()
        self._lay_out()
        self.back.clicked.connect(self.closed)
        self.apart.clicked.connect(self.part_asked)
        self.authority.picked.connect(self.authority_asked)
        self.list.picked.connect(lambda _key: self._show_chosen())
        self.list.opened.connect(lambda _key: self._open(self.here))
        for keys, button in ((HERE_KEYS, self.here), (THERE_KEYS, self.there)):
            QShortcut(QKeySequence(keys), self, button.click, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.here.clicked.connect(lambda: self._open(self.here))
        self.there.clicked.connect(lambda: self._open(self.there))
        Wording.current().changed.connect(self._fill)
        Theme.current().changed.connect(self._fill)

    def show_pair(self, pair: TwinPair) -> None:
        """Both texts and what differs between them."""
        self._pair = pair
        self.authority.offer({pair.here.act.language, pair.there.act.language})
        self.authority.set_value(pair.authority or "")
        self._fill()
        self.list.setFocus()

    def clear(self) -> None:
        """Nothing of either text stays in memory."""
        self._pair, self._found = None, []
        self.texts.clear()
        self.list.show_lines([])

    def _lay_out(self) -> None:
        theme = Theme.current()
        top = QHBoxLayout()
        top.setSpacing(theme.px(Space.ROW))
        words = PlainLabel(face="caption", tone="muted")
        say(words.setText, "twin.authority")
        for widget in (self.back, self.count):
            top.addWidget(widget)
        settings = FlowRow(to_end=True)
        for setting in (words, self.authority, self.apart):
            settings.add(setting)
        top.addWidget(settings, 1)
        side = Card("twin.differences")
        side.body.addWidget(self.states, 1)
        row = FlowRow()
        row.add(self.here)
        row.add(self.there)
        side.body.addWidget(row)
        paper = Card()
        paper.body.addWidget(self.texts)
        columns = CardSplitter(paper, side)
        columns.setSizes([theme.px(Size.READING), theme.px(Size.SIDE)])
        columns.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(Space.GAP))
        column.addLayout(top)
        column.addWidget(columns, 1)

    def _fill(self) -> None:
        if self._pair is None:
            return
        self._found = list(self._pair.comparison.differences)
        self.texts.show_pair(self._pair)
        say(self.count.setText, "twin.count", n=len(self._found))
        if self._found:
            self.list.show_lines([_line(at, each) for at, each in enumerate(self._found)])
            self.states.show_ready()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.lines.index(0))
        else:
            self.states.show_empty("circle-check", "twin.same", "twin.same.hint")

    def _chosen(self) -> TwinDifference | None:
        key = self.list.current_id()
        return self._found[int(key)] if key and int(key) < len(self._found) else None

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is None or self._pair is None:
            return
        for number, row in enumerate(self._pair.comparison.rows):
            if chosen in row.differences:
                self.texts.show_row(number)

    def _open(self, button: QuietButton) -> None:
        """The text at the chosen difference; where both agree, the text from its beginning."""
        chosen = self._chosen()
        if self._pair is None:
            return
        draft = self._pair.here if button is self.here else self._pair.there
        if chosen is None:
            self.open_asked.emit(draft.id, "")
        elif button is self.here:
            self.open_asked.emit(draft.id, chosen.block or self._nearest(chosen, "here"))
        else:
            self.open_asked.emit(draft.id, chosen.other_block or self._nearest(chosen, "there"))

    def _nearest(self, chosen: TwinDifference, side: str) -> str:
        """Where a side says nothing: the last paragraph before the place; "" at its very beginning."""
        assert self._pair is not None
        rows = self._pair.comparison.rows
        at = next((number for number, row in enumerate(rows) if chosen in row.differences), 0)
        above = [getattr(row, side) for row in rows[: at + 1]]
        return next((block.id for block in reversed(above) if block is not None), "")


def _line(at: int, each: TwinDifference) -> Line:
    part = t(f"word.part.{each.part}")
    here, there = each.here or "—", each.there or "—"
    if each.part.value in {each.here, each.there}:
        here, there = ("✓" if side in set(PartKind) else "—" for side in (each.here, each.there))
    return Line(
        id=str(at),
        title=f"{here}  ≠  {there}",
        detail=f"{t(f'twin.fault.{each.fault}')} · {part}",
        icon="git-compare",
        icon_tone="warn",
        keeps_end=False,
    )
