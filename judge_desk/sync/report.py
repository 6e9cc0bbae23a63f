"""What one cycle did, in numbers: the contract of ``judge-desk sync --json`` and of the status line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from judge_desk.domain.changes import Changes


@dataclass(slots=True)
class SyncReport:
    """Counts add up over the steps of a cycle; ``changes`` is what the pages must refresh."""

    pulled: int = 0
    pushed: int = 0
    conflicts: int = 0
    refused: int = 0
    merged: int = 0
    files_in: int = 0
    files_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    round_trips: int = 0
    seconds: float = 0.0
    mismatches: int = 0
    hub_time: datetime | None = None
    more_files: bool = False
    more_sums: bool = False
    """Scopes are left whose sums are to be compared; nothing else waits for that."""
    changes: Changes = field(default_factory=Changes)

    def as_json(self) -> dict[str, int | float]:
        """The keys that others rely on, and a few more beside them."""
        return {
            "pulled": self.pulled,
            "pushed": self.pushed,
            "conflicts": self.conflicts,
            "refused": self.refused,
            "merged": self.merged,
            "files_in": self.files_in,
            "files_out": self.files_out,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            "seconds": round(self.seconds, 3),
            "round_trips": self.round_trips,
        }
