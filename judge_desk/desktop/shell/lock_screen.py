"""What a locked desk shows: no case, no name of a party; a sentence and the passphrase line."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.shell.ports import Gate
from judge_desk.desktop.shell.unlock_form import UnlockForm
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.centred import Centred
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say


class LockScreen(QFrame):
    """Covers the whole window; ``form.opened`` ends it."""

    def __init__(self, gate: Gate, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = UnlockForm(gate, tasks)
        self._title = PlainLabel(face="title", wrap=True)
        self._hint = PlainLabel(tone="muted", wrap=True)
        box = QFrame()
        box.setProperty("kind", "card")
        inner = QVBoxLayout(box)
        side = Theme.current().px(Space.PAGE)
        inner.setContentsMargins(side, side, side, side)
        inner.setSpacing(Theme.current().px(Space.GAP))
        inner.addWidget(IconLabel("lock", "muted", Size.ICON_LARGE))
        inner.addWidget(self._title)
        inner.addWidget(self._hint)
        inner.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Centred(box))

    def say_start(self) -> None:
        """The program has just been started."""
        self._show("shell.lock.start.title", "shell.lock.start")

    def say_why(self, idle_minutes: int = 0) -> None:
        """Locked by the person, or after so many minutes without use."""
        if idle_minutes:
            self._show("shell.lock.title", "shell.lock.idle", n=idle_minutes)
        else:
            self._show("shell.lock.title", "shell.lock.hint")

    def _show(self, title_key: str, hint_key: str, **params: int) -> None:
        say(self._title.setText, title_key)
        say(self._hint.setText, hint_key, **params)
        self.form.clear()
        self.form.setFocus()
