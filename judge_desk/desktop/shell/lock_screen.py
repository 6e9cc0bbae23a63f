"""What a locked desk shows: no case, no name of a party; a sentence and the passphrase line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.shell.ports import Gate
from judge_desk.desktop.shell.unlock_form import UnlockForm
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say


class LockScreen(QFrame):
    """Covers the whole window; ``form.opened`` ends it."""

    def __init__(self, gate: Gate, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = UnlockForm(gate, tasks)
        self._hint = PlainLabel(tone="muted", wrap=True)
        self._box = QFrame()
        self._box.setProperty("kind", "card")
        inner = QVBoxLayout(self._box)
        side = Theme.current().px(Space.PAGE)
        inner.setContentsMargins(side, side, side, side)
        inner.setSpacing(Theme.current().px(Space.GAP))
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "shell.lock.title")
        inner.addWidget(IconLabel("lock", "muted", Size.ICON_LARGE))
        inner.addWidget(title)
        inner.addWidget(self._hint)
        inner.addWidget(self.form)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._box, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._space()
        Theme.current().changed.connect(self._space)

    def say_why(self, idle_minutes: int = 0) -> None:
        """Locked by the person, or after so many minutes without use."""
        if idle_minutes:
            say(self._hint.setText, "shell.lock.idle", n=idle_minutes)
        else:
            say(self._hint.setText, "shell.lock.hint")
        self.form.clear()
        self.form.setFocus()

    def _space(self) -> None:
        self._box.setFixedWidth(Theme.current().px(Size.DIALOG))
