"""Finding words in everything this desk holds, in Kazakh and Russian and by any of their forms."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.engine import Connection

from judge_desk.domain.documents import AttachmentState, Document
from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.services.context import DeskContext
from judge_desk.services.snippets import Marker, Snippet
from judge_desk.store import attachments_table, records, search
from judge_desk.store.search import Entry, Found

BATCH = 1_000
PDF = "application/pdf"


class HitKind(StrEnum):
    CASE = "case"
    DOCUMENT = "document"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """``page`` counts from 1; 0 where the words stand in a title or a note."""

    kind: HitKind
    id: str
    title: str
    case_id: str
    case_number: str
    page: int
    text: str = field(repr=False)
    marker: Marker = field(repr=False, compare=False)

    @property
    def snippet(self) -> Snippet:
        """The piece of the text with the found words in it; cut anew each time, so ask for what is shown."""
        return self.marker.snippet(self.text or self.title)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits first; ``total`` counts them, in a window no further than COUNTED; ``seconds`` is what it took."""

    hits: tuple[SearchHit, ...]
    total: int
    seconds: float


COUNTED = 200
"""How far hits are counted for a window."""


class SearchService:
    """``extract`` turns a PDF's bytes into its pages' texts (the reader's worker process); without it only titles and
    plain texts are indexed. It may raise KnownError for what is no PDF."""

    def __init__(self, context: DeskContext, extract: Callable[[bytes], list[str]] | None = None) -> None:
        self._context = context
        self._extract = extract
        self._indexing = threading.Lock()

    def use_extractor(self, extract: Callable[[bytes], list[str]]) -> None:
        """Read PDFs from now on; those that are here already and were never read go on the queue."""
        self._extract = extract
        with self._context.store.writing(durable=False) as connection:
            search.queue_unread(connection, PDF)

    def search(
        self, query: str, limit: int = 50, kinds: Collection[HitKind] = (), *, count_all: bool = False
    ) -> SearchResult:
        """All words of the query must occur, in any form; the last one may be unfinished.

        Somebody who types needs to know that there are many, not how many: only ``count_all`` walks through them.
        """
        clock = self._context.clock
        started = clock.monotonic()
        match = search.match_of(query)
        if match is None:
            return SearchResult((), 0, 0.0)
        with self._context.store.reading() as connection:
            wanted = [Kind(each.value) for each in kinds]
            count_to = search.EVERY if count_all else max(limit, COUNTED)
            found, total = search.best(connection, match, limit, wanted, count_to=count_to)
        marker = Marker(query)
        hits = tuple(_hit(each, marker) for each in found)
        return SearchResult(hits, total, clock.monotonic() - started)

    def in_case(self, case_id: str, query: str, limit: int = 500) -> list[SearchHit]:
        """Where a query stands in the documents of one case: a hit a page, those of a document together."""
        match = search.match_of(query)
        if match is None:
            return []
        with self._context.store.reading() as connection:
            found = search.in_case(connection, match, case_id, limit)
        marker = Marker(query)
        return [_hit(each, marker) for each in found]

    def waiting(self) -> int:
        """How many records are not in the index yet."""
        with self._context.store.reading() as connection:
            return search.waiting(connection)

    def index_step(self, budget_seconds: float = 0.2) -> int:
        """Take waiting records into the index for about so long; returns how many still wait.

        Cases and notes go first, then documents. Texts are read outside of the transaction, so that nobody who saves
        has to wait for a PDF.
        """
        with self._indexing:
            waited = self.waiting()
            until = self._context.clock.monotonic() + budget_seconds
            self._index_cases(until)
            self._index_notes(until)
            self._index_documents(until)
            left = self.waiting()
        if waited and not left:
            self._context.store.fold_log()
        return left

    def _in_time(self, until: float) -> bool:
        return self._context.clock.monotonic() < until

    def _index_cases(self, until: float) -> None:
        while self._in_time(until):
            with self._context.store.writing(durable=False) as connection:
                ids = search.next_waiting(connection, Kind.CASE, BATCH)
                search.index_cases(connection, ids)
            if len(ids) < BATCH:
                return

    def _index_notes(self, until: float) -> None:
        while self._in_time(until):
            with self._context.store.writing(durable=False) as connection:
                ids = search.next_waiting(connection, Kind.NOTE, BATCH)
                notes = records.by_ids(connection, Kind.NOTE, ids)
                scopes = records.scopes_of(connection, Kind.NOTE, notes)
                entries = [_note_entry(note, scopes[note.id]) for note in notes.values()]
                search.replace(connection, Kind.NOTE, ids, entries)
            if len(ids) < BATCH:
                return

    def _index_documents(self, until: float) -> None:
        while self._in_time(until):
            with self._context.store.reading() as connection:
                ids = search.next_waiting(connection, Kind.DOCUMENT, BATCH)
                waiting = _waiting_documents(connection, ids)
            gone = set(ids) - {each.document.id for each in waiting}
            titles_only = [each for each in waiting if not self._is_readable(each)]
            self._save(titles_only, [], gone)
            for each in waiting:
                if self._is_readable(each) and self._in_time(until):
                    self._save([each], self._pages(each), set())
            if len(ids) < BATCH:
                return

    def _is_readable(self, waiting: WaitingDocument) -> bool:
        known = waiting.document.media_type.startswith("text/") or (
            waiting.document.media_type == PDF and self._extract is not None
        )
        return known and waiting.file is not None and waiting.file.is_here

    def _pages(self, waiting: WaitingDocument) -> list[str]:
        """The texts of the pages; one empty page for a file that never can be read, none where it may be tried again
        with the next reader. Its title is found in any case."""
        assert waiting.file is not None
        assert waiting.file.stored is not None
        try:
            content = self._context.files.read_all(waiting.file.stored)
            if waiting.document.media_type == PDF:
                return (self._extract(content) if self._extract is not None else []) or [""]
            return content.decode("utf-8", errors="replace").split("\f")
        except BadInput:
            return [""]
        except KnownError:
            return []

    def _save(self, waiting: Sequence[WaitingDocument], pages: Sequence[str], gone: Collection[str]) -> None:
        """One transaction. A file that came or went while it was read keeps its place on the queue."""
        if not waiting and not gone:
            return
        with self._context.store.writing(durable=False) as connection:
            now = {each.document.id: each for each in _waiting_documents(connection, [w.document.id for w in waiting])}
            same = [each for each in waiting if each.document.id in now and each.state is now[each.document.id].state]
            entries = [entry for each in same for entry in _document_entries(each, pages)]
            search.replace(connection, Kind.DOCUMENT, [each.document.id for each in same] + sorted(gone), entries)


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document on the index queue, with what is known of its file."""

    document: Document
    scope: str
    file: attachments_table.AttachmentRow | None

    @property
    def state(self) -> AttachmentState:
        return AttachmentState.MISSING if self.file is None else self.file.state


def _waiting_documents(connection: Connection, ids: Sequence[str]) -> list[WaitingDocument]:
    found = records.by_ids(connection, Kind.DOCUMENT, ids)
    scopes = records.scopes_of(connection, Kind.DOCUMENT, found)
    files = attachments_table.by_hash(connection, (each.sha256 for each in found.values()))
    return [WaitingDocument(each, scopes[each.id], files.get(each.sha256)) for each in found.values()]


def _document_entries(waiting: WaitingDocument, pages: Sequence[str]) -> list[Entry]:
    """The title as page 0, then each page with a text. Page 1 stands there in any case once a file was read."""
    document = waiting.document
    title = document.title
    texts = [("", title), *((text, text) for text in pages)]
    return [
        Entry(
            kind=Kind.DOCUMENT,
            record_id=document.id,
            scope=waiting.scope,
            case_id=document.case_id,
            title=title,
            text=text,
            words=words,
            page=page,
        )
        for page, (text, words) in enumerate(texts)
        if page < 2 or text.strip()
    ]


def _note_entry(note: Note, scope: str) -> Entry:
    text = "\n".join(each for each in (note.text, note.quote) if each)
    return Entry(
        kind=Kind.NOTE,
        record_id=note.id,
        scope=scope,
        case_id=note.case_id,
        title="",
        text=text,
        words=text,
    )


def _hit(found: Found, marker: Marker) -> SearchHit:
    return SearchHit(
        kind=HitKind(found.kind),
        id=found.record_id,
        title=found.title,
        case_id=found.case_id,
        case_number=found.case_number or "",
        page=found.page,
        text=found.text,
        marker=marker,
    )
