"""Two texts of an act side by side, what differs marked by colour and by line: struck out, or underlined."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.act_differences import ActDifferences, BlockDifference, Change, compare
from judge_desk.domain.acts import ActText, BlockKind

_MOST_ROWS = 400


class ActDifferencesView(QTextEdit):
    """``show_acts(older, newer)``, or ``show_differences`` with what was compared off the main thread.

    Unchanged blocks are folded into a line that counts them. ``set_names`` gives the two columns other headings.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = ("drafts.differences.older", "drafts.differences.newer")
        self._shown: ActDifferences | None = None
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "act")
        say(self.setAccessibleName, "drafts.differences.name")
        Theme.current().changed.connect(self._fill)
        Wording.current().changed.connect(self._fill)

    def set_names(self, older_key: str, newer_key: str) -> None:
        """Other headings for the columns, by their keys."""
        self._names = (older_key, newer_key)
        self._fill()

    def show_acts(self, older: ActText, newer: ActText) -> None:
        """Compare here and now; for long acts compare in a task and call ``show_differences``."""
        self.show_differences(compare(older, newer))

    def show_differences(self, differences: ActDifferences) -> None:
        self._shown = differences
        self._fill()

    def _fill(self) -> None:
        self.clear()
        self.document().setDefaultFont(Theme.current().font("act"))
        if self._shown is None:
            return
        if not self._shown.count:
            self.textCursor().insertText(t("drafts.differences.none"), _letters("muted"))
            return
        rows = _rows(self._shown)[:_MOST_ROWS]
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        table = cursor.insertTable(len(rows) + 1, 2, _table_format())
        for column, key in enumerate(self._names):
            table.cellAt(0, column).firstCursorPosition().insertText(t(key), _letters("muted", strong=True))
        for number, row in enumerate(rows, start=1):
            if isinstance(row, int):
                table.mergeCells(number, 0, 1, 2)
                text = t("drafts.differences.skipped", n=row)
                place = table.cellAt(number, 0).firstCursorPosition()
                place.setBlockFormat(_centred())
                place.insertText(text, _letters("muted"))
                continue
            _write(table.cellAt(number, 0).firstCursorPosition(), row, newer=False)
            _write(table.cellAt(number, 1).firstCursorPosition(), row, newer=True)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


def _rows(differences: ActDifferences) -> list[BlockDifference | int]:
    """What differs, and between it how many blocks do not."""
    rows: list[BlockDifference | int] = []
    for block in differences.blocks:
        if block.change is not Change.SAME:
            rows.append(block)
        elif rows and isinstance(rows[-1], int):
            rows[-1] += 1
        else:
            rows.append(1)
    return rows


def _write(cursor: QTextCursor, block: BlockDifference, *, newer: bool) -> None:
    shown = block.newer if newer else block.older
    if shown is None:
        cursor.insertText("—", _letters("muted"))
        return
    if shown.kind is BlockKind.FOOTNOTE:
        cursor.insertText(f"{t('editor.here.footnote')}: ", _letters("muted"))
    hidden = Change.REMOVED if newer else Change.ADDED
    for piece in block.pieces:
        if piece.change is not hidden:
            cursor.insertText(piece.text.replace("\t", " | "), _piece_letters(piece.change))
    note = "moved" if block.change is Change.MOVED else "looks" if block.looks else ""
    if note and newer:
        cursor.insertText(f"  {t(f'drafts.differences.{note}')}", _letters("muted"))


def _piece_letters(change: Change) -> QTextCharFormat:
    if change is Change.SAME:
        return _letters("text")
    tone = "ok" if change is Change.ADDED else "bad"
    made = _letters(tone)
    made.setBackground(Theme.current().colour(f"{tone}_soft"))
    made.setFontUnderline(change is Change.ADDED)
    made.setFontStrikeOut(change is Change.REMOVED)
    return made


def _letters(tone: str, *, strong: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(Theme.current().colour(tone))
    if tone == "muted":
        made.setFont(Theme.current().font("strong" if strong else "caption"))
    return made


def _centred() -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made


def _table_format() -> QTextTableFormat:
    theme = Theme.current()
    made = QTextTableFormat()
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    made.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, 50)] * 2)
    made.setCellPadding(theme.px(Space.ROW))
    made.setBorder(Space.HAIR)
    made.setBorderCollapse(True)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderBrush(theme.colour("line"))
    made.setHeaderRowCount(1)
    return made
