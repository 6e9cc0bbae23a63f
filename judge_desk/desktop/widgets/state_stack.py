"""The five faces of a page: loading, empty, error, offline, ready; one of them at a time."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.empty_state import EmptyState
from judge_desk.desktop.wording import Wording

# A load that ends sooner than this shows no sentence: a flash would say less than nothing.
PATIENCE_MS = 150


class State(StrEnum):
    LOADING = "loading"
    EMPTY = "empty"
    ERROR = "error"
    OFFLINE = "offline"
    READY = "ready"


class StateStack(QWidget):
    """Shows ``content`` when ready, otherwise a sentence about why not.

    Signals:
        retry_asked: the person pressed "try again" on an error or offline face.
        state_changed: (State).
    """

    retry_asked = Signal()
    state_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = State.READY
        self._failure: Failure | None = None
        self._stack = QStackedLayout(self)
        self._ready = QWidget()
        self.content = QVBoxLayout(self._ready)
        self.content.setContentsMargins(0, 0, 0, 0)
        self._space()
        Theme.current().changed.connect(self._space)
        self._stack.addWidget(self._ready)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)
        self._loading_key = "common.loading"
        Wording.current().changed.connect(self._reword)

    @cached_property
    def _words(self) -> EmptyState:
        """Made when there is something to say: most pages are ready at once."""
        words = EmptyState()
        self._stack.addWidget(words)
        return words

    def _space(self) -> None:
        self.content.setSpacing(Theme.current().px(Space.CARD))

    def show_ready(self) -> None:
        self._set(State.READY, self._ready)

    def show_loading(self, key: str = "common.loading") -> None:
        """A sentence if it lasts; what was on screen stays for the first moment."""
        self._loading_key = key
        self.state = State.LOADING
        self._patience.start()
        self.state_changed.emit(self.state)

    def show_empty(
        self, icon: str, title_key: str, hint_key: str = "", button: QWidget | None = None, **params: object
    ) -> None:
        self._words.say(icon, title_key, hint_key, "muted", **params)
        self._words.set_button(button)
        self._set(State.EMPTY, self._words)

    def show_failure(self, failure: Failure) -> None:
        """A job of this page failed: offline if the hub could not be reached, else an error; both offer a new try."""
        self._failure = failure
        self._reword()
        retry = QuietButton("common.retry", icon_name="refresh-cw")
        retry.clicked.connect(self.retry_asked)
        self._words.set_button(retry)
        self._set(State.OFFLINE if failure.is_offline else State.ERROR, self._words)

    def show_offline(self, title_key: str, hint_key: str, on_retry: Callable[[], object] | None = None) -> None:
        """What this page needs is on the hub, and there is no link: a state, not an error."""
        self._words.say("cloud-off", title_key, hint_key, tone="gold")
        retry = None
        if on_retry is not None:
            retry = QuietButton("common.retry", icon_name="refresh-cw")
            retry.clicked.connect(lambda: on_retry())
        self._words.set_button(retry)
        self._set(State.OFFLINE, self._words)

    def _set(self, state: State, face: QWidget) -> None:
        self._patience.stop()
        if state not in (State.ERROR, State.OFFLINE):
            self._failure = None
        self.state = state
        self._stack.setCurrentWidget(face)
        self.state_changed.emit(state)

    def _lose_patience(self) -> None:
        self._words.say("hourglass", self._loading_key)
        self._words.set_button(None)
        self._stack.setCurrentWidget(self._words)

    def _reword(self) -> None:
        failure = self._failure
        if failure is None:
            return
        icon, tone = ("cloud-off", "gold") if failure.is_offline else ("circle-alert", "warn")
        self._words.say_text(icon, failure.happened(), failure.advice(), tone)
