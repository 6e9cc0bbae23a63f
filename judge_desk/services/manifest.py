"""The manifest receipt: proof that a case file is whole on this desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from judge_desk.domain.documents import Document, manifest_root
from judge_desk.store import attachments_table, documents


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestReceipt:
    """``present`` of ``total`` documents are here; ``checked_at`` (UTC) is the oldest hash check among those that are
    here, None when one was never checked. ``root`` is domain.documents.manifest_root over the whole list."""

    case_id: str
    present: int
    total: int
    missing_bytes: int
    checked_at: datetime | None
    root: str

    @property
    def complete(self) -> bool:
        return self.present == self.total


def receipt_of(connection: Connection, case_id: str) -> ManifestReceipt:
    """The receipt of a case file as the database knows it; reads no file."""
    listed = documents.of_case(connection, case_id)
    return receipt_for(case_id, listed, attachments_table.by_hash(connection, (each.sha256 for each in listed)))


def receipt_for(
    case_id: str, listed: Iterable[Document], files: dict[str, attachments_table.AttachmentRow]
) -> ManifestReceipt:
    """The same from what was read already."""
    every = list(listed)
    here = [files[each.sha256] for each in every if each.sha256 in files and files[each.sha256].is_here]
    known = {each.sha256 for each in here}
    checks = [each.checked_at for each in here if each.checked_at is not None]
    return ManifestReceipt(
        case_id=case_id,
        present=len(here),
        total=len(every),
        missing_bytes=sum(each.size for each in every if each.sha256 not in known),
        checked_at=min(checks) if checks and len(checks) == len(here) else None,
        root=manifest_root(every),
    )
