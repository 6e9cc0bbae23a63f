"""Making a remark on words of a draft, and reading one: what it says, what it proposes, and what to do about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollBar, QVBoxLayout, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame, LowScroll
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain
from judge_desk.services.remarks import Remark

SHOWN_LETTERS = 400
PAGE_KEYS: Final[dict[int, QScrollBar.SliderAction]] = {
    Qt.Key.Key_PageUp: QScrollBar.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QScrollBar.SliderAction.SliderPageStepAdd,
}


class NewRemarkDialog(DialogFrame):
    """A comment, and perhaps other words for what is quoted. Opens with ``open()``.

    Signals:
        made: (text, proposal or None).
    """

    made = Signal(str, object)

    def __init__(self, quote: str, parent: QWidget) -> None:
        super().__init__(parent, "remarks.new")
        self._quote = quote
        self.text = _field("remarks.comment")
        self.proposal = _field("remarks.proposal")
        self.proposal.setPlainText(quote)
        self.proposal.hide()
        self.proposes = CheckBox()
        say(self.proposes.setText, "remarks.propose")
        self.proposes.setEnabled(bool(quote))
        self.proposes.toggled.connect(self._show_proposal)
        self._do = PrimaryButton("remarks.make", "Ctrl+Return")
        self._do.setShortcut("Ctrl+Return")
        self._do.clicked.connect(self._make)
        for field in (self.text, self.proposal):
            field.textChanged.connect(self._judge)
        for widget in (_quotation(quote), self.text, self.proposes, self.proposal):
            self.column.addWidget(widget)
        self.add_buttons(self._do)
        self._judge()
        self.text.setFocus()

    def _show_proposal(self, on: bool) -> None:
        self.proposal.setVisible(on)
        if on:
            self.proposal.setFocus()
            self.proposal.selectAll()
        self._judge()
        # The layout asks for the new height only at the next turn of the loop.
        QTimer.singleShot(0, self, self.fit)

    def _judge(self) -> None:
        is_other = self.proposes.isChecked() and self._proposed() != self._quote
        self._do.setEnabled(is_other or (not self.proposes.isChecked() and bool(self._said())))

    def _said(self) -> str:
        return self.text.toPlainText().strip()

    def _proposed(self) -> str:
        # One line stays one line: what is proposed goes into the block of the words that it replaces.
        return " ".join(self.proposal.toPlainText().split("\n"))

    def _make(self) -> None:
        self.made.emit(self._said(), self._proposed() if self.proposes.isChecked() else None)
        self.accept()


class RemarkDialog(DialogFrame):
    """One remark. ``may_answer``: the text may be changed; ``is_mine``: it may be taken back.

    Signals:
        accepted_it, rejected_it, closed_it, taken_back: what the person decided.
    """

    accepted_it = Signal()
    rejected_it = Signal()
    closed_it = Signal()
    taken_back = Signal()

    def __init__(self, remark: Remark, when: str, parent: QWidget, *, may_answer: bool, is_mine: bool) -> None:
        super().__init__(parent, "remarks.title")
        self.buttons: dict[str, QWidget] = {}
        self._words = _words_of(remark, when)
        self._scroll = LowScroll(self._words)
        self.column.addWidget(self._scroll)
        self.column.addLayout(self._row(remark, may_answer=may_answer, is_mine=is_mine))

    def fit(self) -> None:
        """As high as the words need, on a low screen with a scroll bar."""
        self._scroll.fit_words(self.inner_width)
        super().fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The page keys turn the words, from whichever button."""
        turn = PAGE_KEYS.get(event.key())
        if turn is None:
            super().keyPressEvent(event)
        else:
            self._scroll.verticalScrollBar().triggerAction(turn)

    def _row(self, remark: Remark, *, may_answer: bool, is_mine: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Theme.current().px(Space.ROW))
        if is_mine and may_answer and remark.is_open:
            self._add(row, "remarks.take_back", self.taken_back)
        row.addStretch(1)
        if remark.is_open and may_answer and remark.proposal is not None:
            self._add(row, "remarks.reject", self.rejected_it)
            self._add(row, "remarks.accept", self.accepted_it, primary=True)
        elif remark.is_open and may_answer:
            self._add(row, "remarks.close", self.closed_it, primary=True)
        if not self.buttons:
            done = PrimaryButton("common.close", "Esc")
            done.clicked.connect(self.reject)
            row.addWidget(done)
        return row

    def _add(self, row: QHBoxLayout, key: str, signal: object, *, primary: bool = False) -> None:
        button = PrimaryButton(key) if primary else QuietButton(key)
        button.setDefault(primary)
        button.clicked.connect(signal)
        button.clicked.connect(self.accept)
        self.buttons[key] = button
        row.addWidget(button)


def _words_of(remark: Remark, when: str) -> QWidget:
    """Who said what of which words, and what became of it."""
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Theme.current().px(Space.ROW))
    column.addWidget(PlainLabel(f"{remark.author_name}, {when}", "caption", tone="muted", wrap=True))
    column.addWidget(_quotation(remark.quote))
    if remark.text:
        column.addWidget(PlainLabel(remark.text, wrap=True))
    if remark.proposal is not None:
        head = PlainLabel(face="caption", tone="muted")
        say(head.setText, "remarks.proposed" if remark.proposal else "remarks.proposed.nothing")
        column.addWidget(head)
        if remark.proposal:
            column.addWidget(PlainLabel(remark.proposal, "strong", wrap=True))
    if not remark.is_open:
        state = PlainLabel(tone="muted")
        say(state.setText, f"remarks.state.{remark.state}")
        column.addWidget(state)
    column.addStretch()
    return words


def _quotation(quote: str) -> PlainLabel:
    shown = quote if len(quote) <= SHOWN_LETTERS else f"{quote[:SHOWN_LETTERS]}…"
    label = PlainLabel(tone="muted", wrap=True)
    say_plain(label.setText, f"«{shown}»" if shown else "")
    return label


def _field(name_key: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    say(field.setAccessibleName, name_key)
    say(field.setPlaceholderText, name_key)
    field.setTabChangesFocus(True)
    field.setFixedHeight(3 * Theme.current().px(Size.CONTROL))
    return field
