"""What can be wrong with a desk, found without reading a case: disk, clock, keyring, database, queue, texts, hub, and
what hub and desk do not agree on."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.errors import BadInput, DamagedStore, HubProblem, NotFound
from judge_desk.runtime.clock import Clock
from judge_desk.services import contest_log, dossier_chain
from judge_desk.services.context import DeskContext
from judge_desk.services.manifest import BadSignature, ManifestService
from judge_desk.store import arrivals, attachments_table, file_order, journal
from judge_desk.store.attachment_files import StoredFile
from judge_desk.store.engine import check_integrity
from judge_desk.store.outbox import OutboxState, counts
from judge_desk.store.tables import attachment

LEAST_FREE_BYTES = 1 << 30
MOST_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. Texts: ``doctor.ID.ok`` or ``doctor.ID.bad``, and ``doctor.ID.cure``. ``named`` are the single
    things that it is about: ids, revisions, never a text."""

    id: str
    ok: bool
    params: Mapping[str, str | int] = field(default_factory=dict)
    named: tuple[Mapping[str, str | int], ...] = ()

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


def check_manifest(service: ManifestService) -> list[Check]:
    """What this desk holds against what the hub says, signed, that it should hold; nothing where no hub answers."""
    try:
        found = service.compare()
    except BadSignature:
        return [Check("signature", False)]
    except (HubProblem, BadInput):
        return []
    named: list[Mapping[str, str | int]] = [asdict(each) for each in found.differences]
    named += [{"scope": scope, "reason": "extra_scope"} for scope in found.lost]
    named += [{"scope": scope, "reason": "missing_scope"} for scope in found.unknown]
    params = {"scopes": found.scopes, "differences": len(named)}
    return [Check("signature", True), Check("manifest", found.same, params, tuple(named))]


def check_files(context: DeskContext, *, deep: bool) -> Check:
    """Whether every file that should be here is: by its length, or with ``deep`` by reading it against its hash."""
    states = (AttachmentState.HERE, AttachmentState.TO_SEND)
    with context.store.reading() as connection:
        rows = connection.execute(sa.select(attachment).where(attachment.c.state.in_(states))).all()
    named: list[Mapping[str, str | int]] = []
    for row in rows:
        stored = StoredFile(name=row.file_name, key=row.key, size=row.size, sha256=row.sha256)
        reason = "" if context.files.has(stored) else "missing_file"
        if deep and not reason:
            try:
                context.files.verify(stored)
            except (DamagedStore, NotFound):
                reason = "damaged_file"
        if reason:
            named.append({"sha256": row.sha256, "reason": reason})
    return Check("files", not named, {"files": len(rows), "bad": len(named)}, tuple(named))


def check_dossiers(context: DeskContext) -> Check:
    """Whether every dossier here is the chain of entries that the hub sealed, and that this desk saw before."""
    chains = dossier_chain.look_at(context)
    named: list[Mapping[str, str | int]] = [
        {"judge": chain.judge_id, "entry": entry_id, "reason": fault.value}
        for chain in chains
        for entry_id, fault in chain.faults
    ]
    params = {"dossiers": len(chains), "entries": sum(each.links for each in chains), "bad": len(named)}
    return Check("dossiers", not named, params, tuple(named))


def check_contests(context: DeskContext) -> Check:
    """Whether the log of every contest here is whole, signed, within the rules, and agrees with what lies here."""
    logs = contest_log.look_at(context)
    named: list[Mapping[str, str | int]] = [
        {"contest": log.contest_id, "line": number, "reason": fault} for log in logs for number, fault in log.faults
    ]
    params = {"contests": len(logs), "links": sum(len(each.links) for each in logs), "bad": len(named)}
    return Check("contests", not named, params, tuple(named))


def repair(context: DeskContext, checks: Iterable[Check]) -> None:
    """Have what was found wanting come anew with the next exchange: scopes that differ, files that are no good.
    What was made on this desk and not sent yet is left as it is."""
    named = [each for check in checks if check.id in ("manifest", "files") for each in check.named]
    unlink: list[str] = []
    with context.store.writing() as connection:
        for scope in {str(each["scope"]) for each in named if "scope" in each}:
            arrivals.reset(connection, scope)
        for sha256 in {str(each["sha256"]) for each in named if "sha256" in each}:
            own = sa.select(attachment.c.state).where(attachment.c.sha256 == sha256)
            if connection.execute(own).scalar() == AttachmentState.HERE:
                unlink.append(attachments_table.lost(connection, sha256, "security.attachment.damaged"))
    for name in filter(None, unlink):
        context.files.delete(name)


def check_room(context: DeskContext, budget_bytes: int) -> Check:
    """Whether document files keep to the room that was set for them (0: any). Files of urgent or kept cases may go
    beyond it, so only what could make room counts as too much."""
    with context.store.reading() as connection:
        room = file_order.room(connection)
    over = max(0, min(room.here - budget_bytes, room.spare)) if budget_bytes else 0
    return Check("room", not over, {"here_mb": room.here >> 20, "over_mb": -(-over >> 20)})
