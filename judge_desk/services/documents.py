"""Documents of a case file: what is here, what is still to come, and how to open one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import AttachmentState, Document
from judge_desk.domain.errors import DamagedStore, NotAllowed, NotFound, NotHereYet
from judge_desk.domain.kinds import Kind
from judge_desk.domain.permissions import may_keep_offline
from judge_desk.services.context import DeskContext
from judge_desk.services.manifest import ManifestReceipt, receipt_of
from judge_desk.store import attachments_table, documents, records, search
from judge_desk.store.attachments_table import AttachmentRow, Urgency

DAMAGED = "documents.file.damaged"
_USE_NOTED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of a case file's list. ``received`` of ``document.size`` bytes are here; ``failure`` is a key."""

    document: Document
    state: AttachmentState
    received: int = 0
    failure: str = ""
    wanted: bool = False

    @property
    def is_here(self) -> bool:
        return self.state in {AttachmentState.HERE, AttachmentState.TO_SEND}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocument:
    """A document's bytes: ``content`` is seekable and decrypts as it is read; close it (or use ``with``)."""

    document: Document
    content: BinaryIO = field(repr=False)

    @property
    def media_type(self) -> str:
        return self.document.media_type

    def read(self) -> bytes:
        """All bytes; the content stays open."""
        self.content.seek(0)
        return self.content.read()

    def __enter__(self) -> OpenDocument:
        return self

    def __exit__(self, *_: object) -> None:
        self.content.close()


class DocumentService:
    """The files of a case. Bytes exist in the clear in memory only, never in a temporary file."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def of_case(self, case_id: str) -> list[DocumentRow]:
        """The documents in the order of the case file."""
        with self._context.store.reading() as connection:
            return document_rows(connection, case_id)

    def row(self, document_id: str) -> DocumentRow:
        """One line; raises NotFound."""
        with self._context.store.reading() as connection:
            document: Document = records.get(connection, Kind.DOCUMENT, document_id)
            return _row(document, attachments_table.find(connection, document.sha256))

    def content(self, document_id: str) -> OpenDocument:
        """Open a document; raises NotHereYet where the file has not come (and asks for it, unless it made room),
        NotFound, DamagedStore.

        A damaged file is given up, so that the next sync fetches it again.
        """
        context = self._context
        with context.store.reading() as connection:
            document: Document = records.get(connection, Kind.DOCUMENT, document_id)
            file = attachments_table.find(connection, document.sha256)
        if file is not None and file.state is AttachmentState.ON_HUB:
            raise NotHereYet(document.size, made_room=True)
        if file is None or not file.is_here or file.stored is None:
            self.want(document_id)
            raise NotHereYet(document.size)
        try:
            content = context.files.open(file.stored)
        except NotFound:
            self._give_up(document.sha256)
            raise NotHereYet(document.size) from None
        except DamagedStore:
            self._give_up(document.sha256)
            raise
        self._note_use(file)
        return OpenDocument(document=document, content=content)

    def page_texts(self, document_id: str) -> list[str]:
        """The text of each page as the index read it; empty while it has not, or for a scan."""
        with self._context.store.reading() as connection:
            return search.pages(connection, document_id)

    def want(self, document_id: str) -> Changes:
        """Ask the next sync to fetch this document before all others."""
        with self._context.store.writing() as connection:
            document: Document = records.get(connection, Kind.DOCUMENT, document_id)
            attachments_table.expect(connection, document.sha256, document.size)
            attachments_table.want(connection, [document.sha256], Urgency.OPENED)
        return Changes.of(Kind.DOCUMENT, document_id)

    def want_case(self, case_id: str) -> Changes:
        """Ask for every missing document of a case."""
        with self._context.store.writing() as connection:
            listed = documents.of_case(connection, case_id)
            for each in listed:
                attachments_table.expect(connection, each.sha256, each.size)
            attachments_table.want(connection, [each.sha256 for each in listed], Urgency.ASKED)
        return Changes.of(Kind.DOCUMENT, *(each.id for each in listed))

    @property
    def may_keep_cases(self) -> bool:
        """Whether this person may fill the disk with whole case files."""
        return may_keep_offline(self._context.person.roles)

    def kept_cases(self) -> frozenset[str]:
        """The cases whose files stay on this desk, whatever room they take."""
        with self._context.store.reading() as connection:
            return frozenset(attachments_table.kept_cases(connection))

    def keep_case(self, case_id: str, *, kept: bool) -> Changes:
        """Keep all files of a case on this desk, those that are still to be filed too, or let them make room again.
        Raises NotAllowed, NotFound."""
        context = self._context
        if not self.may_keep_cases:
            raise NotAllowed
        with context.store.unit_of_work(context.person.id, "case.keep" if kept else "case.let_go") as work:
            records.get(work.connection, Kind.CASE, case_id)
            attachments_table.keep_case(work.connection, case_id, context.clock.now() if kept else None)
            work.record(Kind.CASE, case_id)
        return work.changes

    def receipt(self, case_id: str) -> ManifestReceipt:
        """What is here of a case file, and when that was last proven."""
        with self._context.store.reading() as connection:
            return receipt_of(connection, case_id)

    def verify(self, case_id: str, cancelled: Callable[[], bool] = lambda: False) -> ManifestReceipt:
        """Read every file of the case against its hash and write down the time; run it in a task.

        A file that does not match is given up and asked for again. ``cancelled`` is asked between files.
        """
        context = self._context
        with context.store.reading() as connection:
            hashes = documents.hashes_of_case(connection, case_id)
            files = attachments_table.by_hash(connection, hashes)
        for file in files.values():
            if cancelled():
                break
            if not file.is_here or file.stored is None:
                continue
            try:
                context.files.verify(file.stored)
            except (DamagedStore, NotFound):
                self._give_up(file.sha256)
                continue
            with context.store.writing() as connection:
                attachments_table.checked(connection, file.sha256, context.clock.now())
        return self.receipt(case_id)

    def _give_up(self, sha256: str) -> None:
        context = self._context
        with context.store.writing() as connection:
            name = attachments_table.lost(connection, sha256, DAMAGED)
            attachments_table.want(connection, [sha256], Urgency.ASKED)
        if name:
            context.files.delete(name)

    def _note_use(self, file: AttachmentRow) -> None:
        """Once a day is enough to know what is in use, and spares the reader a wait for the writer."""
        now = self._context.clock.now()
        if file.used_at is None or now - file.used_at >= _USE_NOTED_EVERY:
            with self._context.store.writing() as connection:
                attachments_table.used(connection, file.sha256, now)


def document_rows(connection: Connection, case_id: str) -> list[DocumentRow]:
    """A case's documents with their files, within somebody else's read."""
    listed = documents.of_case(connection, case_id)
    files = attachments_table.by_hash(connection, (each.sha256 for each in listed))
    return [_row(each, files.get(each.sha256)) for each in listed]


def _row(document: Document, file: AttachmentRow | None) -> DocumentRow:
    if file is None:
        return DocumentRow(document=document, state=AttachmentState.MISSING)
    return DocumentRow(
        document=document,
        state=file.state,
        received=file.received,
        failure=file.failure,
        wanted=file.urgency >= Urgency.ASKED and not file.is_here,
    )
