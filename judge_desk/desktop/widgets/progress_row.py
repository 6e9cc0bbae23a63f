"""Progress is a sentence first and a bar second."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t


class ProgressRow(QWidget):
    """``show_progress(Progress)``; total 0 shows a moving bar.

    Signals:
        cancel_asked: the person wants it stopped (only with ``cancellable``).
    """

    cancel_asked = Signal()

    def __init__(self, key: str = "", *, cancellable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = PlainLabel(face="caption", tone="muted", elide=True)
        self._bar = QProgressBar(textVisible=False)
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(self._label)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        if cancellable:
            stop = LinkButton("common.cancel")
            stop.clicked.connect(self.cancel_asked)
            row.addWidget(stop)
        if key:
            self.say(key)

    def say(self, key: str, **params: object) -> None:
        say(self._label.setText, key, **params)
        self._bar.setAccessibleName(t(key, **params))

    def show_progress(self, progress: Progress) -> None:
        if progress.key:
            self.say(progress.key, done=progress.done, total=progress.total)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
