"""The manifest receipt: proof that a case file is whole on this desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
