"""What can be wrong with a desk, found without reading a case: disk, clock, keyring, database, queue, texts, hub."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from judge_desk.runtime.clock import Clock
from judge_desk.services.context import DeskContext
from judge_desk.store import journal
from judge_desk.store.engine import check_integrity
from judge_desk.store.outbox import OutboxState, counts

LEAST_FREE_BYTES = 1 << 30
MOST_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. Texts: ``doctor.ID.ok`` or ``doctor.ID.bad``, and ``doctor.ID.cure``."""

    id: str
    ok: bool
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message_key(self) -> str:
        return f"doctor.{self.id}.{'ok' if self.ok else 'bad'}"

    @property
    def cure_key(self) -> str:
        return f"doctor.{self.id}.cure"


def check_disk(folder: Path) -> Check:
    """Enough room for a day's work: below one gigabyte attachments stop arriving."""
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LEAST_FREE_BYTES, {"free_mb": free >> 20})


def check_clock(hub_time: datetime | None, clock: Clock) -> Check:
    """This PC's clock against the hub's (None: not reached, nothing to compare with)."""
    if hub_time is None:
        return Check("clock", True, {"minutes": 0})
    skew = abs(hub_time - clock.now())
    return Check("clock", skew <= MOST_SKEW, {"minutes": int(skew.total_seconds() // 60)})


def check_store(context: DeskContext) -> list[Check]:
    """The open database: pages whole, journal unbroken, and how much is owed to the hub."""
    whole = check_integrity(context.store.engine)
    with context.store.reading() as connection:
        broken = journal.first_broken(connection)
        owed = counts(connection)
    waiting = owed[OutboxState.WAITING] + owed[OutboxState.SENT]
    attention = owed[OutboxState.REFUSED] + owed[OutboxState.CONFLICT]
    return [
        Check("database", whole),
        Check("journal", broken is None, {"line": broken or 0}),
        Check("queue", attention == 0, {"waiting": waiting, "attention": attention}),
    ]
