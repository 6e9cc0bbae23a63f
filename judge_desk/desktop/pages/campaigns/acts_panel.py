"""The blinded acts of a campaign: each is read, mended where it still tells its author, and cleared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.services.campaigns import ActRow


class ActsPanel(QWidget):
    """The list, and the act that is read.

    What is typed is never lost: another act, or the release, saves it first.

    Signals:
        saved: (act id, title, text) the words were changed by hand.
        cleared: (act id, title, text) the act may go out with the words on screen.
    """

    saved = Signal(str, str, str)
    cleared = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, ActRow] = {}
        self._shown = ""
        # As the fields give back what they were given: they turn a no-break space into a plain one.
        self._untouched = ("", "")
        self.list = LazyList("campaigns.act.list")
        self.list.picked.connect(self._pick)
        self.list.setFixedHeight(5 * Theme.current().px(Size.CONTROL))
        self.title = QLineEdit()
        say(self.title.setAccessibleName, "campaigns.act.title")
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(4 * Theme.current().px(Size.CONTROL))
        say(self.text.setAccessibleName, "campaigns.act.text")
        self.verdict = PlainLabel(tone="muted", wrap=True)
        self.save = QuietButton("campaigns.action.save", "Ctrl+S", "check")
        self.save.clicked.connect(self._save)
        self.clear = PrimaryButton("campaigns.action.clear", "Ctrl+Return", "shield-check")
        self.clear.clicked.connect(lambda: self.cleared.emit(self._shown, *self._words()))
        self.title.textEdited.connect(self._enable)
        self.text.textChanged.connect(self._enable)
        self.left = PlainLabel(face="caption", tone="muted")
        ways = FlowRow()
        ways.add(self.save)
        ways.add(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        for widget in (self.left, self.list, self.title, self.text, self.verdict, ways):
            column.addWidget(widget)

    def show_rows(self, rows: Sequence[ActRow]) -> None:
        """Those that leak first, then those that wait; the one that was shown stays, or the first is taken."""
        numbered = list(enumerate(rows, start=1))
        ordered = sorted(numbered, key=lambda each: (bool(each[1].act.cleared_by), not each[1].leaks))
        self._rows = {row.act.id: row for _, row in ordered}
        self.list.show_lines([_line(number, row) for number, row in ordered])
        waiting = sum(not each.act.cleared_by for each in rows)
        self.left.setText(t("campaigns.act.left", n=waiting) if waiting else t("campaigns.act.none_left"))
        keep = self._rows.get(self._shown)
        chosen = self._shown if keep is not None and not keep.act.cleared_by else next(iter(self._rows), "")
        for widget in (self.title, self.text, self.verdict, self.save, self.clear):
            widget.setVisible(bool(chosen))
        if chosen:
            self.list.select(chosen)
            if chosen != self._shown or not self._is_changed():
                self._show(chosen)

    def _pick(self, act_id: str) -> None:
        if act_id != self._shown and self._is_changed():
            self._save()
        self._show(act_id)

    def _save(self) -> None:
        self.saved.emit(self._shown, *self._words())

    def _words(self) -> tuple[str, str]:
        """The words to keep: those on screen, or those on disk where nothing was typed."""
        row = self._rows.get(self._shown)
        return self._on_screen() if row is None or self._is_changed() else (row.act.title, row.act.text)

    def _on_screen(self) -> tuple[str, str]:
        return self.title.text(), self.text.toPlainText()

    def _is_changed(self) -> bool:
        """Whether something was typed that is not on disk."""
        row = self._rows.get(self._shown)
        return row is not None and not row.act.cleared_by and self._on_screen() != self._untouched

    def _enable(self) -> None:
        row = self._rows.get(self._shown)
        is_open = row is not None and not row.act.cleared_by
        is_changed = self._is_changed()
        self.save.setEnabled(is_changed)
        self.clear.setEnabled(row is not None and is_open and (is_changed or not row.leaks))

    def _show(self, act_id: str) -> None:
        row = self._rows[act_id]
        self._shown = act_id
        if self._on_screen() != (row.act.title, row.act.text):
            self.title.setText(row.act.title)
            self.text.setPlainText(row.act.text)
        self._untouched = self._on_screen()
        is_open = not row.act.cleared_by
        self.title.setReadOnly(not is_open)
        self.text.setReadOnly(not is_open)
        self._enable()
        self.verdict.setText(t("campaigns.act.leaks_here", n=len(row.leaks)) if row.leaks else _verdict(row))
        self.verdict.set_tone("bad" if row.leaks else "ok" if row.act.cleared_by else "muted")
        self._mark(row)

    def _mark(self, row: ActRow) -> None:
        """Ground behind what still tells the author; the sentence below counts it for who sees no colour."""
        marks = []
        for leak in row.leaks:
            if leak.place != "text":
                continue
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(leak.start)
            cursor.setPosition(leak.end, QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setBackground(Theme.current().colour("bad_soft"))
            look.setFontUnderline(True)
            mark.cursor, mark.format = cursor, look
            marks.append(mark)
        self.text.setExtraSelections(marks)
        if marks and not self.text.hasFocus():
            self.text.setTextCursor(_at(marks[0].cursor))
            self.text.centerCursor()


def _at(mark: QTextCursor) -> QTextCursor:
    """Where a mark begins, with nothing selected: the next key must not delete it unseen."""
    cursor = QTextCursor(mark)
    cursor.setPosition(mark.selectionStart())
    return cursor


def _verdict(row: ActRow) -> str:
    if row.act.cleared_by:
        return t("campaigns.act.cleared", name=row.act.cleared_by)
    return t("campaigns.act.leaks", count=len(row.leaks)) if row.leaks else t("campaigns.act.clean")


def _line(number: int, row: ActRow) -> Line:
    tone = "bad" if row.leaks else "ok" if row.act.cleared_by else "muted"
    return Line(
        id=row.act.id,
        title=t("campaigns.act.number", number=number),
        detail=row.act.title,
        icon="file-check" if row.act.cleared_by else "file-search",
        trailing=_verdict(row) if row.act.cleared_by or row.leaks else "",
        trailing_tone=tone,
        trailing_icon="circle-alert" if row.leaks else "circle-check" if row.act.cleared_by else "",
    )
