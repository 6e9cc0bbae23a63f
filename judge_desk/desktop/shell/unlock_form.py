"""The passphrase line that opens a locked desk; the same at start and after an idle lock."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.shell.ports import Gate, Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class UnlockForm(QWidget):
    """Asks the gate off the main thread; says in words why it did not open and how long to wait.

    Signals:
        opened: (Opened).
    """

    opened = Signal(object)

    def __init__(self, gate: Gate, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._tasks = gate, tasks
        self.line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        say(self.line.setPlaceholderText, "shell.lock.passphrase")
        say(self.line.setAccessibleName, "shell.lock.passphrase")
        self._eye = IconButton("eye", "shell.lock.show")
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._reveal)
        self._button = PrimaryButton("shell.lock.unlock", "Return")
        self._message = PlainLabel(tone="bad", wrap=True)
        self._message.hide()
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.line, 1)
        row.addWidget(self._eye)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GAP)
        column.addLayout(row)
        column.addWidget(self._message)
        column.addWidget(self._button)
        self._button.clicked.connect(self._try)
        self.line.returnPressed.connect(self._try)
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._count_down)
        self.setFocusProxy(self.line)

    def clear(self) -> None:
        self.line.clear()
        self._eye.setChecked(False)
        self._message.hide()
        self._count_down()

    def _try(self) -> None:
        passphrase = self.line.text()
        if not passphrase or not self._button.isEnabled():
            return
        self._shut("shell.lock.opening", "muted")
        self._tasks.run(lambda: self._gate.unlock(passphrase), self._open, self._refuse, key="unlock")

    def _open(self, opened: Opened) -> None:
        self._shut_state(False)
        self.clear()
        self.opened.emit(opened)

    def _refuse(self, failure: Failure) -> None:
        self._shut_state(False)
        self._message.set_tone("bad")
        say_plain(self._message.setText, failure.sentence())
        self._message.show()
        self.line.selectAll()
        self.line.setFocus()
        if self._gate.seconds_to_wait():
            self._second.start()
            self._count_down()

    def _count_down(self) -> None:
        seconds = self._gate.seconds_to_wait()
        if seconds:
            self._shut("shell.lock.wait", "warn", n=seconds)
            self._second.start()
        elif self._second.isActive():
            self._second.stop()
            self._message.hide()
            self._shut_state(False)
            self.line.setFocus()

    def _shut(self, key: str, tone: str, **params: object) -> None:
        self._shut_state(True)
        self._message.set_tone(tone)
        say(self._message.setText, key, **params)
        self._message.show()

    def _shut_state(self, shut: bool) -> None:
        self.line.setEnabled(not shut)
        self._button.setEnabled(not shut)

    def _reveal(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
