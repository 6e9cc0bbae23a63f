"""Documents of a case file: what is here, what is still to come, and how to open one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import Document
from judge_desk.services.context import DeskContext
from judge_desk.services.manifest import ManifestReceipt
from judge_desk.store.attachments_table import AttachmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of a case file's list. ``received`` of ``document.size`` bytes are here; ``failure`` is a message key."""

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
        raise NotImplementedError

    def row(self, document_id: str) -> DocumentRow:
        """One line; raises NotFound."""
        raise NotImplementedError

    def content(self, document_id: str) -> OpenDocument:
        """Open a document; raises NotHereYet (its params: ``size``) where the file has not come, NotFound, DamagedStore.

        A damaged file is marked missing, so that the next sync fetches it again.
        """
        raise NotImplementedError

    def page_texts(self, document_id: str) -> list[str]:
        """The text of each page as the index read it; empty while it has not, or for a scan."""
        raise NotImplementedError

    def want(self, document_id: str) -> Changes:
        """Ask the next sync to fetch this document before all others."""
        raise NotImplementedError

    def want_case(self, case_id: str, *, pinned: bool | None = None) -> Changes:
        """Ask for every missing document of a case; ``pinned`` keeps (True) or releases (False) the files from clean-up."""
        raise NotImplementedError

    def receipt(self, case_id: str) -> ManifestReceipt:
        """What is here of a case file, and when that was last proven."""
        raise NotImplementedError

    def verify(self, case_id: str, cancelled: Callable[[], bool] = lambda: False) -> ManifestReceipt:
        """Read every file of the case against its hash and write down the time; run it in a task.

        A file that does not match is marked failed and asked for again. ``cancelled`` is asked between files.
        """
        raise NotImplementedError
