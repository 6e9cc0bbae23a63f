"""Where a judge writes to an entry: half-written words are handed over at each change, so that nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import say
from judge_desk.domain.dossier import ReplyKind
from judge_desk.services.dossier import HalfWritten


class ReplyBox(QFrame):
    """Signals:
    typed: (HalfWritten) the words or the kind are others now.
    sent: (HalfWritten) they are to go out.
    closed: put aside; the words are kept.
    """

    typed = Signal(object)
    sent = Signal(object)
    closed = Signal()

    def __init__(self, half: HalfWritten, *, may_appeal: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "table")
        self._entry_id = half.entry_id
        theme = Theme.current()
        kinds = [each for each in ReplyKind if each is not ReplyKind.APPEAL or may_appeal]
        self.kind = Segmented(
            [(each.value, f"word.dossier.{each.value}") for each in kinds], "dossier.reply.kind", wraps=True
        )
        self.kind.set_value(half.kind.value)
        self.kind.picked.connect(self._change)
        self.field = QPlainTextEdit(half.text)
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(4 * theme.px(Size.CONTROL))
        say(self.field.setAccessibleName, "dossier.reply.name")
        self._ask(half.kind)
        self.field.textChanged.connect(self._tell)
        self.send = PrimaryButton("dossier.reply.send", "Ctrl+Return")
        self.send.setShortcut("Ctrl+Return")
        self.send.setEnabled(bool(half.text.strip()))
        self.send.clicked.connect(lambda: self.sent.emit(self.half()))
        later = QuietButton("dossier.reply.keep", "Esc")
        later.clicked.connect(self.closed)
        kept = PlainLabel(face="caption", tone="muted", wrap=True)
        say(kept.setText, "dossier.reply.half_kept")
        ways = FlowRow(to_end=True)
        ways.add(later)
        ways.add(self.send)
        column = QVBoxLayout(self)
        side = theme.px(Space.GAP)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.ROW))
        column.addWidget(self.kind)
        column.addWidget(self.field)
        column.addWidget(kept)
        column.addWidget(ways)
        self.setFocusProxy(self.field)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def half(self) -> HalfWritten:
        """The words as they stand."""
        return HalfWritten(self._entry_id, ReplyKind(self.kind.value()), self.field.toPlainText())

    def _change(self, kind: str) -> None:
        self._ask(ReplyKind(kind))
        self._tell()

    def _ask(self, kind: ReplyKind) -> None:
        say(self.field.setPlaceholderText, f"dossier.reply.placeholder.{kind}")

    def _tell(self) -> None:
        self.send.setEnabled(bool(self.field.toPlainText().strip()))
        self.typed.emit(self.half())
