"""The pages of the act as they will be printed, drawn in the reader's worker process while it is being written."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.reader.pages_view import PagesView
from judge_desk.desktop.reader.render_queue import RenderQueue
from judge_desk.desktop.reader.roll_view import FIT_WIDTH
from judge_desk.desktop.reader.sources import PdfSource
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import say, say_plain, t
from judge_desk.domain.acts import ActText
from judge_desk.services.pdf_worker import PdfWorker

PAUSE_MS: Final = 600
_KEY: Final = "drafts.preview"


class DraftPreview(QFrame):
    """``show_act(act)`` after an edit; ``clear()`` when another draft is opened. Work runs off the main thread."""

    def __init__(self, render: Callable[[ActText], bytes], tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "table")
        self._render, self._tasks = render, tasks
        self._worker = PdfWorker()
        self._read: Callable[[], ActText] | None = None
        self._source: PdfSource | None = None
        self._shown: ActText | None = None
        self._took_ms = 0.0
        self.queue = RenderQueue(tasks, self)
        self.pages = PagesView(self.queue)
        self.pages.view_changed.connect(self._want)
        self.pages.set_zoom(FIT_WIDTH)
        self.count = PlainLabel(face="caption", tone="muted")
        self.states = StateStack()
        self.states.content.addWidget(self.pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.states, 1)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._start)
        # The lambda must not hold the preview, or it would never be destroyed.
        self.destroyed.connect(lambda _object=None, child=self._worker: child.close())
        self.states.show_empty("eye", "drafts.preview.none")

    @property
    def is_settled(self) -> bool:
        return not self._pause.isActive()

    def watch(self, read: Callable[[], ActText]) -> None:
        """Show the text that ``read`` gives, now and after each ``touch``."""
        self._read = read
        self._shown = None
        self.touch(at_once=True)

    def touch(self, *, at_once: bool = False) -> None:
        """The text changed; a long act waits for a longer pause, so that typing never waits for pages."""
        if self.isVisible() or at_once:
            self._pause.start(0 if at_once else round(max(PAUSE_MS, 2 * self._took_ms)))

    def clear(self) -> None:
        """Let go of text and pages."""
        self._read = None
        self._pause.stop()
        self._tasks.drop(_KEY)
        self._replace(None)
        self.states.show_empty("eye", "drafts.preview.none")

    def _start(self) -> None:
        if self._read is None or self.isHidden():
            return
        act = self._read()
        if act == self._shown:
            return
        self._shown = act
        worker, render, begun = self._worker, self._render, monotonic()

        def job() -> tuple[PdfSource, float]:
            source = PdfSource(worker.open(render(act)))
            return source, (monotonic() - begun) * 1000

        self._tasks.run(job, self._take, self._fail, key=_KEY, lane=Lane.POOL)

    def _take(self, made: tuple[PdfSource, float]) -> None:
        source, self._took_ms = made
        scroll = self.pages.verticalScrollBar().value()
        self._replace(source)
        self.pages.set_pages(source.sizes)
        self.pages.verticalScrollBar().setValue(scroll)
        self.states.show_ready()
        say(self.count.setText, "drafts.preview.pages", n=len(source.sizes))
        self._want()

    def _fail(self, failure: Failure) -> None:
        self._shown = None
        say_plain(self.count.setText, t("drafts.preview.failed", reason=failure.sentence()))
        if self._source is None:
            self.states.show_failure(failure)

    def _replace(self, source: PdfSource | None) -> None:
        before, self._source = self._source, source
        self.queue.set_source(source)
        if before is not None:
            self._tasks.run(before.close, lane=Lane.POOL)

    def _want(self) -> None:
        if self._source is not None:
            self.queue.want(self.pages.wanted())
