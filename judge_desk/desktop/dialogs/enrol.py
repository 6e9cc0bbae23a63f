"""The first sign-in on a PC: which hub, who, and the passphrase that encrypts everything from then on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.shell.ports import Gate, Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.centred import Centred
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain
from judge_desk.domain.errors import KnownError


class EnrolForm(QFrame):
    """Covers the window. What is missing is said before the hub is asked.

    Signals:
        opened: (Opened).
    """

    opened = Signal(object)

    def __init__(
        self, gate: Gate, tasks: TaskRunner, hub: str = "", user: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._gate, self._tasks = gate, tasks
        self._inner = QVBoxLayout()
        self._head()
        self.hub = self._line("shell.enrol.hub", hub)
        self.user = self._line("shell.enrol.user", user)
        self.password = self._line("shell.enrol.password", secret=True)
        self.passphrase = self._line("shell.enrol.passphrase", secret=True)
        self._add_hint("shell.enrol.passphrase_hint")
        self.again = self._line("shell.enrol.again", secret=True)
        self.message = PlainLabel(tone="bad", wrap=True)
        self.message.hide()
        self._button = PrimaryButton("shell.enrol.start")
        self._button.clicked.connect(self._start)
        self.again.returnPressed.connect(self._start)
        self._inner.addWidget(self.message)
        self._inner.addWidget(self._button)
        self._lay_out()
        self.setFocusProxy(self.password if hub and user else self.user if hub else self.hub)

    def problem(self) -> str:
        """The key of what is wrong with the lines, or an empty text."""
        if not all(line.text().strip() for line in self._lines()):
            return "shell.enrol.empty"
        return "shell.enrol.differ" if self.passphrase.text() != self.again.text() else ""

    def say_why(self, error: KnownError) -> None:
        """Why there is nothing here any more."""
        self.message.set_tone("bad")
        say(self.message.setText, error.key, **error.params)
        self.message.show()

    def _start(self) -> None:
        problem = self.problem()
        if problem:
            self.message.set_tone("bad")
            say(self.message.setText, problem)
            self.message.show()
            return
        hub, user = self.hub.text().strip(), self.user.text().strip()
        password, passphrase = self.password.text(), self.passphrase.text()
        self._wait(True)
        self._tasks.run(
            lambda: self._gate.enrol(hub, user, password, passphrase), self._done, self._refuse, key="enrol"
        )

    def _done(self, opened: Opened) -> None:
        self._wait(False)
        self.message.hide()
        for line in (self.password, self.passphrase, self.again):
            line.clear()
        self.opened.emit(opened)

    def _refuse(self, failure: Failure) -> None:
        self._wait(False)
        self.message.set_tone("bad")
        say_plain(self.message.setText, failure.sentence())
        self.message.show()

    def _wait(self, on: bool) -> None:
        for widget in (*self._lines(), self._button):
            widget.setEnabled(not on)
        if on:
            self.message.set_tone("muted")
            say(self.message.setText, "shell.enrol.working")
            self.message.show()

    def _lines(self) -> tuple[QLineEdit, ...]:
        return self.hub, self.user, self.password, self.passphrase, self.again

    def _head(self) -> None:
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "shell.enrol.title")
        self._inner.addWidget(title)
        self._add_hint("shell.enrol.hint", "body")

    def _add_hint(self, key: str, face: str = "caption") -> None:
        hint = PlainLabel(face=face, tone="muted", wrap=True)
        say(hint.setText, key)
        self._inner.addWidget(hint)

    def _line(self, key: str, text: str = "", *, secret: bool = False) -> QLineEdit:
        line = QLineEdit(text)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        label = PlainLabel(face="caption", tone="muted")
        label.setBuddy(line)
        say(label.setText, key)
        say(line.setAccessibleName, key)
        self._inner.addSpacing(Space.TIGHT)
        self._inner.addWidget(label)
        self._inner.addWidget(line)
        return line

    def _lay_out(self) -> None:
        theme = Theme.current()
        box = QFrame()
        box.setProperty("kind", "card")
        box.setLayout(self._inner)
        side = theme.px(Space.PAGE)
        self._inner.setContentsMargins(side, side, side, side)
        self._inner.setSpacing(theme.px(Space.ROW))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Centred(box))
