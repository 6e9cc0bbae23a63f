"""Letters of pages for marking and copying, read when they are first needed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.reader.pages_view import PagesView
from judge_desk.desktop.reader.sources import PageSource
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.services.pdf_worker import PageLetters


class Letters(QObject):
    """Serves ``letters_asked`` of a view, and copies what is marked or the page in view.

    Signals:
        copied: text went to the clipboard.
    """

    copied = Signal()

    def __init__(self, tasks: TaskRunner, view: PagesView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._view = tasks, view
        self._source: PageSource | None = None
        view.letters_asked.connect(self._read)

    def set_source(self, source: PageSource | None) -> None:
        """Another document; answers for the one before are dropped."""
        self._source = source

    def copy(self) -> None:
        """The marked text, or all of the page in view."""
        source, page = self._source, self._view.page
        if self._view.copy():
            self.copied.emit()
        elif source is not None:
            self._tasks.run(lambda: source.letters(page).text, self._put_on_clipboard, lane=Lane.POOL)

    def _read(self, page: int) -> None:
        source = self._source
        if source is not None:
            done = partial(self._take, source, page)
            self._tasks.run(lambda: source.letters(page), done, self._ignore, lane=Lane.POOL)

    def _take(self, source: PageSource, page: int, letters: PageLetters) -> None:
        if source is self._source:
            self._view.set_letters(page, letters)

    def _ignore(self, _failure: Failure) -> None:
        """A page whose text cannot be read cannot be marked either; it says so itself when it cannot be drawn."""

    def _put_on_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit()
