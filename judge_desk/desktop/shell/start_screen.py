"""What stands in the window while the desk is being made ready: a sentence and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.centred import Centred
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import say


class StartScreen(QFrame):
    """Progress, or why it failed.

    Signals:
        retry_asked: the person wants to try again.
    """

    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = ProgressRow("shell.start.preparing")
        self._states = StateStack()
        self._states.retry_asked.connect(self._retry)
        title = PlainLabel(face="display")
        say(title.setText, "common.app_name")
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setSpacing(Theme.current().px(Space.CARD))
        inner.addWidget(IconLabel("scale", "accent", Size.ICON_LARGE))
        inner.addWidget(title)
        inner.addWidget(self._progress)
        self._states.content.addWidget(Centred(box))
        column = QVBoxLayout(self)
        column.addWidget(self._states)
        self._progress.show_progress(Progress(0, 0))

    def show_progress(self, progress: Progress) -> None:
        self._progress.show_progress(progress)

    def show_failure(self, failure: Failure) -> None:
        self._states.show_failure(failure)

    def _retry(self) -> None:
        self._states.show_ready()
        self.retry_asked.emit()
