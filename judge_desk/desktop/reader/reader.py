"""One document at a time: opens it off the main thread, shows it, finds in it, says what cannot be shown and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.reader.find_bar import FindBar
from judge_desk.desktop.reader.finder import Finder
from judge_desk.desktop.reader.letters import Letters
from judge_desk.desktop.reader.pages_view import PagesView
from judge_desk.desktop.reader.reader_actions import menu_actions
from judge_desk.desktop.reader.render_queue import RenderQueue
from judge_desk.desktop.reader.roll_view import FIT_WIDTH
from judge_desk.desktop.reader.sources import ImageSource, PageSource, open_source
from judge_desk.desktop.reader.text_view import Span, TextView
from judge_desk.desktop.reader.thumbnails import Thumbnails
from judge_desk.desktop.reader.toolbar import ReaderToolbar
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.state_stack import State, StateStack
from judge_desk.desktop.wording import Wording
from judge_desk.domain.errors import NotHereYet
from judge_desk.i18n import formats
from judge_desk.services.find_words import find_spans
from judge_desk.services.pdf_worker import PdfWorker

FIND_TEXT = "reader:find"


class Reader(QFrame):
    """``show_document(id, media_type, read)``; ``read`` gives the bytes off the main thread and may raise KnownError.

    ``worker`` may be shared with others; without one the reader has its own, which ends with it.

    Signals:
        page_changed: (page from 1).
        fetch_asked: (document id) the person wants a file that is not here yet.
        copied: text went to the clipboard.
    """

    page_changed = Signal(int)
    fetch_asked = Signal(str)
    copied = Signal()

    def __init__(self, tasks: TaskRunner, worker: PdfWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "table")
        self._tasks = tasks
        self.worker = worker or PdfWorker()
        self._source: PageSource | None = None
        self._text: str | None = None
        self._spans: list[Span] = []
        self._span = -1
        self._opening = 0
        self._wish: tuple[int, str] = (1, "")
        self._missing_bytes, self._made_room = 0, False
        self.document_id = ""
        self.queue = RenderQueue(tasks, self)
        self.finder = Finder(tasks, self)
        self.pages = PagesView(self.queue)
        self.letters = Letters(tasks, self.pages, self)
        self.thumbnails = Thumbnails(self.queue)
        self.text = TextView()
        self.toolbar = ReaderToolbar()
        self.find_bar = FindBar()
        self.states = StateStack()
        self._build()
        self._connect()
        if worker is None:
            # The lambda must not hold the reader, or it would never be destroyed.
            self.destroyed.connect(lambda _object=None, child=self.worker: child.close())
        self.show_nothing()

    # what the page around it calls

    @property
    def page(self) -> int:
        """The page in view, from 1; 0 where there are no pages."""
        return self.pages.page + 1 if self._source is not None else 0

    @property
    def is_open(self) -> bool:
        """Whether a document can be seen."""
        return self.states.state is State.READY

    def selected_text(self) -> str:
        """What is marked in the document, or an empty text."""
        return self.pages.selected_text() if self._source is not None else self.text.textCursor().selectedText()

    def show_document(
        self, document_id: str, media_type: str, read: Callable[[], bytes], *, page: int = 1, query: str = ""
    ) -> None:
        """Open a document at a page, with the words of a query marked; one that is open already only moves."""
        self._wish = (page, query)
        if document_id == self.document_id and (self.is_open or self.states.state is State.LOADING):
            self._fulfil()
            return
        self.close_document()
        self.document_id = document_id
        self.states.show_loading("reader.loading")
        number = self._opening
        self._tasks.run(read, partial(self._open, number, media_type), partial(self._fail, number))

    def show_nothing(self) -> None:
        """No document was chosen."""
        self.close_document()
        self.toolbar.hide()
        self.states.show_empty("book-open", "reader.nothing", "reader.nothing.hint")

    def close_document(self) -> None:
        """Let go of what is open, its bytes too."""
        self._opening += 1
        self.finder.stop()
        self.find_bar.close_bar()
        self.queue.set_source(None)
        self.letters.set_source(None)
        self.pages.set_pages(())
        self.thumbnails.set_pages(())
        self.text.show_text("")
        source, self._source, self._text = self._source, None, None
        self.document_id = ""
        if source is not None:
            self._tasks.run(source.close, lane=Lane.POOL)

    def look_for(self, query: str) -> None:
        """Mark the words of a query and go to the first hit from here on."""
        if self._source is not None:
            self.finder.start(self._source, query, self.pages.page)
        elif self._text is not None:
            text = self._text
            self._tasks.run(lambda: find_spans(text, query), self._show_spans, key=FIND_TEXT, lane=Lane.POOL)

    def find_next(self, by: int = 1) -> None:
        """The next hit; without a query the field to type one."""
        if self._source is not None and self.finder.query:
            self.finder.go(by)
        elif self._spans:
            self._span = (self._span + by) % len(self._spans)
            self._mark_spans()
        elif self.is_open:
            self.find_bar.open_bar()

    def toggle_thumbnails(self) -> None:
        """Small pages beside the large ones, or not."""
        self.thumbnails.setVisible(self.thumbnails.isHidden())
        self.toolbar.thumbnails.setChecked(not self.thumbnails.isHidden())
        if not self.thumbnails.isHidden():
            self.thumbnails.show_page(self.pages.page)
        self._want()

    def step_back(self) -> bool:
        """Esc: put the find bar away; False when there is nothing to put away."""
        if self.find_bar.isHidden():
            return False
        self.find_bar.close_bar()
        self.focus_pages()
        return True

    def focus_pages(self) -> None:
        (self.text if self._text is not None else self.pages).setFocus()

    def is_settled(self) -> bool:
        """Whether what can be seen is final."""
        if self.states.state is State.LOADING:
            return False
        return self._source is None or self.pages.is_sharp()

    # inside

    def _build(self) -> None:
        self.thumbnails.hide()
        roll = QWidget()
        row = QHBoxLayout(roll)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.thumbnails)
        row.addWidget(self.pages, 1)
        self._kinds = QStackedWidget()
        self._kinds.addWidget(roll)
        self._kinds.addWidget(self.text)
        self.states.content.addWidget(self._kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HAIR, Space.HAIR, Space.HAIR, Space.ROW)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.find_bar)
        column.addWidget(self.states, 1)
        self.toolbar.set_menu(menu_actions(self))

    def _connect(self) -> None:
        pages, bar = self.pages, self.toolbar
        pages.page_changed.connect(self._show_page)
        pages.view_changed.connect(self._want)
        pages.zoom_changed.connect(lambda: bar.show_percent(pages.percent()))
        self.letters.copied.connect(self.copied)
        self.thumbnails.chosen.connect(pages.go_to)
        self.thumbnails.moved.connect(self._want)
        bar.page_chosen.connect(self._go_to_number)
        bar.page.given_up.connect(self.focus_pages)
        bar.thumbnails_asked.connect(self.toggle_thumbnails)
        bar.larger_asked.connect(lambda: pages.zoom_by(1))
        bar.smaller_asked.connect(lambda: pages.zoom_by(-1))
        bar.fit_asked.connect(lambda: pages.set_zoom(FIT_WIDTH))
        bar.find_asked.connect(self.find_bar.open_bar)
        self.find_bar.asked.connect(self.look_for)
        self.find_bar.next_asked.connect(self.find_next)
        self.find_bar.previous_asked.connect(lambda: self.find_next(-1))
        self.find_bar.closed.connect(self._stop_finding)
        self.find_bar.left.connect(self.focus_pages)
        self.finder.moved.connect(self._show_hits)
        self.finder.arrived.connect(pages.go_to_hit)
        self.states.retry_asked.connect(lambda: self.fetch_asked.emit(self.document_id))
        Wording.current().changed.connect(self._reword)

    def has_pages(self) -> bool:
        """Whether pages, not a text, are open."""
        return self.is_open and self._source is not None

    def _open(self, number: int, media_type: str, content: bytes) -> None:
        if number == self._opening:
            worker = self.worker
            self._tasks.run(
                lambda: open_source(worker, media_type, content),
                partial(self._show, number),
                partial(self._fail, number),
                lane=Lane.POOL,
            )

    def _show(self, number: int, found: PageSource | str) -> None:
        if number != self._opening:
            if not isinstance(found, str):
                self._tasks.run(found.close, lane=Lane.POOL)
            return
        self.toolbar.show()
        self.toolbar.show_for_text(isinstance(found, str))
        if isinstance(found, str):
            self._text = found
            self.text.show_text(found)
            self._kinds.setCurrentWidget(self.text)
        else:
            self._source = found
            self._kinds.setCurrentIndex(0)
            self.queue.set_source(found)
            self.letters.set_source(found)
        self.states.show_ready()
        if self._source is not None:
            self.thumbnails.set_pages(self._source.sizes)
            self.pages.set_pages(self._source.sizes)
            self._show_page(self.pages.page)
            self.toolbar.show_percent(self.pages.percent())
        self._fulfil()

    def _fulfil(self) -> None:
        """Go where the person wanted to go; called again once the document is open."""
        page, query = self._wish
        if not self.is_open:
            return
        if self._source is not None and (page > 1 or page != self.page):
            self.pages.go_to(page - 1)
        if query:
            self.find_bar.show_query(query)
            self.look_for(query)

    def _fail(self, number: int, failure: Failure) -> None:
        if number != self._opening:
            return
        self.toolbar.hide()
        if isinstance(failure.error, NotHereYet):
            self._missing_bytes, self._made_room = failure.error.size, failure.error.made_room
            self._show_missing()
        else:
            self._missing_bytes = 0
            self.states.show_failure(failure)

    def _show_missing(self) -> None:
        """Its file is still at the hub; the desk has asked for it already, unless it was here and made room."""
        fetch = QuietButton("reader.missing.fetch", icon_name="download")
        fetch.clicked.connect(partial(self.fetch_asked.emit, self.document_id))
        size = formats.file_size(self._missing_bytes, Wording.current().language)
        says = ("reader.on_hub", "reader.on_hub.hint") if self._made_room else ("reader.missing", "reader.missing.hint")
        self.states.show_empty("download", *says, fetch, size=size)

    def _show_page(self, page: int) -> None:
        if self._source is not None:
            self.toolbar.show_page(page + 1, len(self._source.sizes))
            self.thumbnails.show_page(page)
            self.page_changed.emit(page + 1)

    def _want(self) -> None:
        if self._source is not None:
            self.queue.want(self.pages.wanted(), self.thumbnails.wanted())

    def _go_to_number(self, page: int) -> None:
        if self._source is not None:
            self.pages.go_to(min(max(page, 1), len(self._source.sizes)) - 1)
            self.pages.setFocus()

    def focus_page_field(self) -> None:
        """Let the person type a page number."""
        self.toolbar.page.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.page.selectAll()

    def _show_hits(self) -> None:
        self.pages.set_hits(self.finder.hits, self.finder.current)
        if self.finder.query and not self.finder.hits and isinstance(self._source, ImageSource):
            self.find_bar.show_no_text()
        elif self.finder.query:
            self.find_bar.show_count(self.finder.position, len(self.finder.hits), busy=self.finder.is_busy)
        else:
            self.find_bar.clear_count()

    def _show_spans(self, spans: list[Span]) -> None:
        self._spans, self._span = spans, 0 if spans else -1
        self._mark_spans()

    def _mark_spans(self) -> None:
        self.text.show_hits(self._spans, self._span)
        self.find_bar.show_count(self._span + 1, len(self._spans))

    def _stop_finding(self) -> None:
        self.finder.stop()
        self.pages.set_hits(())
        self._spans, self._span = [], -1
        self.text.show_hits([])
        self.find_bar.clear_count()

    def _reword(self) -> None:
        if self._missing_bytes and self.states.state is State.EMPTY and self.document_id:
            self._show_missing()
