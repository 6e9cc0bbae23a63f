"""The left column: the documents of the case, filtered by title and searched in their texts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.pages.case.lines import HIT, document_lines, found_lines
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import say, t
from judge_desk.services.documents import DocumentRow
from judge_desk.services.search import SearchHit, SearchService

# Long enough not to open every document that the arrow keys run past.
PAUSE_MS = 180


class DocumentsPanel(Card):
    """``show_documents(case_id, rows)``.

    Signals:
        chosen: (document id, page from 1, words) show it beside the list.
        entered: the person pressed Enter: the keyboard goes to the reader.
    """

    chosen = Signal(str, int, str)
    entered = Signal()

    def __init__(self, search: SearchService, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._search, self._tasks = search, tasks
        self._case_id = ""
        self._documents: Sequence[DocumentRow] = ()
        self._hits: Sequence[SearchHit] = ()
        self._query = ""
        self.words = SearchField("documents.search")
        self._count = PlainLabel(face="caption", tone="muted", wrap=True)
        self.rows = LazyList("documents.list")
        self.set_padding(Space.ROW)
        self.body.addWidget(self.words)
        self.body.addWidget(self._count)
        self.body.addWidget(self.rows, 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._choose)
        self.words.asked.connect(self._look)
        self.words.moved_down.connect(self.rows.setFocus)
        self.words.returnPressed.connect(self.rows.setFocus)
        self.rows.picked.connect(self._wait)
        self.rows.opened.connect(self._enter)

    @property
    def query(self) -> str:
        """The words sought in the texts, or an empty text."""
        return self._query

    def show_documents(self, case_id: str, documents: Sequence[DocumentRow]) -> None:
        """The case's documents; another case forgets the words sought."""
        if case_id != self._case_id:
            self._case_id, self._query, self._hits = case_id, "", ()
            self.words.set_quietly("")
        self._documents = documents
        self._show()

    def mark(self, document_id: str) -> None:
        """Choose a document without opening it once more."""
        if not self.rows.current_id().startswith(document_id):
            self.rows.select(document_id)
            self._pause.stop()

    def seek(self, query: str) -> None:
        """Look for words as if they had been typed."""
        self.words.set_quietly(query)
        self._look(query)

    def clear_words(self) -> bool:
        """Esc: all documents again; False when nothing was sought."""
        had = bool(self._query)
        if had:
            self.words.set_quietly("")
            self._look("")
        return had

    def _look(self, query: str) -> None:
        self._query = query
        if not query:
            self._tasks.drop("case:search")
            self._hits = ()
            self._show()
            return
        case_id, search = self._case_id, self._search
        self._tasks.run(lambda: search.in_case(case_id, query), self._take_hits, key="case:search")

    def _take_hits(self, hits: Sequence[SearchHit]) -> None:
        self._hits = hits
        self._show()

    def _show(self) -> None:
        if self._query:
            self.rows.show_lines(found_lines(self._documents, self._hits))
            pages = sum(1 for hit in self._hits if hit.page)
            found = len({hit.id for hit in self._hits})
            if self._hits:
                say(self._count.setText, "documents.found", pages=t("common.pages", n=pages), n=found)
            else:
                say(self._count.setText, "documents.found.none")
            return
        self.rows.show_lines(document_lines(self._documents))
        missing = sum(1 for each in self._documents if not each.is_here)
        if not self._documents:
            say(self._count.setText, "documents.none")
        elif missing:
            say(self._count.setText, "documents.count.coming", total=len(self._documents), n=missing)
        else:
            say(self._count.setText, "common.documents", n=len(self._documents))

    def _wait(self, row_id: str) -> None:
        if row_id:
            self._pause.start()

    def _choose(self) -> None:
        row_id = self.rows.current_id()
        if row_id:
            document_id, _, page = row_id.partition(HIT)
            first = next((hit.page for hit in self._hits if hit.id == document_id and hit.page), 1)
            self.chosen.emit(document_id, int(page) if page else first if self._query else 0, self._query)

    def _enter(self, _row_id: str) -> None:
        self._pause.stop()
        self._choose()
        self.entered.emit()
