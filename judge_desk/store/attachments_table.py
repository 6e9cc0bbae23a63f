"""Where the file of each document stands: which are here, which are fetched next, which may be cleaned away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import AttachmentState as AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.store.attachment_files import StoredFile
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import RECORD_TABLES, attachment, kept_case


class Urgency(IntEnum):
    """The higher goes first. KEPT: of a case that stays on this desk. TERM: a term of the case runs out. HEARING: it is
    heard today or on the next working day. ASKED: by hand. OPENED: somebody is looking at an empty reader."""

    LATER = 0
    KEPT = 1
    TERM = 2
    HEARING = 3
    ASKED = 4
    OPENED = 5


READABLE = (AttachmentState.HERE, AttachmentState.TO_SEND)
TO_FETCH = (AttachmentState.PARTIAL, AttachmentState.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """``stored`` names the encrypted file; None while nothing of it was begun. ``received``: plain bytes here."""

    sha256: str
    size: int
    state: AttachmentState
    stored: StoredFile | None
    received: int
    urgency: int
    due: str
    used_at: datetime | None
    checked_at: datetime | None
    failure: str

    @property
    def is_here(self) -> bool:
        return self.state in READABLE


def expect_all(connection: Connection) -> int:
    """A MISSING row for every document whose file is not known yet; gives the count. Call it behind a pull."""
    document = RECORD_TABLES[Kind.DOCUMENT].c
    wanted = (
        sa.select(document.sha256, sa.func.max(document.size), sa.literal(AttachmentState.MISSING.value))
        .where(document.sha256 != "", ~sa.exists().where(attachment.c.sha256 == document.sha256))
        .group_by(document.sha256)
    )
    statement = sa.insert(attachment).from_select(["sha256", "size", "state"], wanted)
    return connection.execute(statement).rowcount


def expect(connection: Connection, sha256: str, size: int) -> None:
    """A MISSING row for one file, if there is none."""
    values = {"sha256": sha256, "size": size, "state": AttachmentState.MISSING}
    connection.execute(upsert(attachment).values(values).on_conflict_do_nothing())


def find(connection: Connection, sha256: str) -> AttachmentRow | None:
    """The row of one file, or None."""
    row = connection.execute(sa.select(attachment).where(attachment.c.sha256 == sha256)).first()
    return None if row is None else _row(row)


def by_hash(connection: Connection, hashes: Iterable[str]) -> dict[str, AttachmentRow]:
    """The rows that exist among ``hashes``."""
    wanted = list(dict.fromkeys(hashes))
    found: dict[str, AttachmentRow] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for row in connection.execute(sa.select(attachment).where(attachment.c.sha256.in_(part))):
            found[row.sha256] = _row(row)
    return found


def begun(connection: Connection, stored: StoredFile) -> None:
    """The file is on its way, under this name and key."""
    _set(connection, stored.sha256, state=AttachmentState.PARTIAL, file_name=stored.name, key=stored.key)


def arrived(connection: Connection, stored: StoredFile, at: datetime) -> None:
    """The whole file is here and its hash proven; its documents go on the index queue. One that was asked for counts as
    opened today."""
    values = {"hash": stored.sha256, "name": stored.name, "key": stored.key, "size": stored.size, "at": at.isoformat()}
    connection.exec_driver_sql(_ARRIVED, values)
    _queue_documents(connection, stored.sha256)


_ARRIVED = f"""
UPDATE attachment SET state = '{AttachmentState.HERE}', file_name = :name, key = :key, received = :size,
    used_at = CASE WHEN urgency >= {int(Urgency.ASKED)} THEN :at ELSE used_at END, urgency = {int(Urgency.LATER)},
    checked_at = :at, failure = '' WHERE sha256 = :hash
"""  # noqa: S608 - our own words


def keep_own(connection: Connection, stored: StoredFile, at: datetime) -> None:
    """A file made on this desk: readable at once, owed to the hub. A file that is known already stays as it is."""
    values = {
        "sha256": stored.sha256,
        "size": stored.size,
        "state": AttachmentState.TO_SEND,
        "file_name": stored.name,
        "key": stored.key,
        "received": stored.size,
        "checked_at": at.isoformat(),
    }
    connection.execute(upsert(attachment).values(values).on_conflict_do_nothing())
    _queue_documents(connection, stored.sha256)


def lost(connection: Connection, sha256: str, failure: str) -> str:
    """What lies here is not the file: drop its key and fetch it again. Gives the name of the file to delete ("": none).

    ``failure`` is a message key; it stands until the file has come.
    """
    name = connection.execute(sa.select(attachment.c.file_name).where(attachment.c.sha256 == sha256)).scalar()
    _set(
        connection,
        sha256,
        state=AttachmentState.MISSING,
        file_name="",
        key=b"",
        received=0,
        checked_at=None,
        failure=failure,
    )
    return str(name or "")


def checked(connection: Connection, sha256: str, at: datetime) -> None:
    """The file was read in full against its hash."""
    _set(connection, sha256, checked_at=at.isoformat(), failure="")


def used(connection: Connection, sha256: str, at: datetime) -> None:
    """Somebody opened the file; what was not opened for long is cleaned away first."""
    _set(connection, sha256, used_at=at.isoformat())


def want(connection: Connection, hashes: Sequence[str], urgency: Urgency) -> None:
    """Fetch these files sooner, never later than was asked before; ask again for those that the hub failed to give, or
    that made room."""
    for start in range(0, len(hashes), CHUNK):
        part = attachment.c.sha256.in_(hashes[start : start + CHUNK])
        failed = attachment.c.state.in_((AttachmentState.FAILED, AttachmentState.ON_HUB))
        again = sa.update(attachment).where(part, failed).values(state=AttachmentState.MISSING, failure="")
        connection.execute(again)
        sooner = sa.and_(part, attachment.c.state.in_(TO_FETCH), attachment.c.urgency < urgency)
        connection.execute(sa.update(attachment).where(sooner).values(urgency=int(urgency)))


def make_room(connection: Connection, sha256: str) -> str:
    """The file leaves this disk, for the hub has it: drop its key. Gives the name of the file to delete."""
    name = connection.execute(sa.select(attachment.c.file_name).where(attachment.c.sha256 == sha256)).scalar()
    _set(connection, sha256, state=AttachmentState.ON_HUB, file_name="", key=b"", received=0, checked_at=None)
    return str(name or "")


def keep_case(connection: Connection, case_id: str, at: datetime | None) -> None:
    """Keep the files of a case on this desk from ``at`` on; None lets them go again."""
    if at is None:
        connection.execute(sa.delete(kept_case).where(kept_case.c.case_id == case_id))
        return
    values = {"case_id": case_id, "kept_at": at.isoformat()}
    connection.execute(upsert(kept_case).values(values).on_conflict_do_nothing())


def kept_cases(connection: Connection) -> set[str]:
    """The cases whose files stay on this desk."""
    return set(connection.execute(sa.select(kept_case.c.case_id)).scalars())


def _set(connection: Connection, sha256: str, **values: object) -> None:
    connection.execute(sa.update(attachment).where(attachment.c.sha256 == sha256).values(values))


def _queue_documents(connection: Connection, sha256: str) -> None:
    connection.exec_driver_sql(_QUEUE, (sha256,))


_QUEUE = f"""
INSERT INTO index_queue (kind, record_id) SELECT '{Kind.DOCUMENT}', id FROM document WHERE sha256 = ?
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own words


def _row(row: sa.Row[tuple[object, ...]]) -> AttachmentRow:
    name, key = str(row.file_name), bytes(row.key or b"")
    stored = StoredFile(name=name, key=key, size=row.size, sha256=row.sha256) if name else None
    return AttachmentRow(
        sha256=row.sha256,
        size=row.size,
        state=AttachmentState(row.state),
        stored=stored,
        received=row.received,
        urgency=row.urgency,
        due=row.due,
        used_at=datetime.fromisoformat(row.used_at) if row.used_at else None,
        checked_at=datetime.fromisoformat(row.checked_at) if row.checked_at else None,
        failure=row.failure,
    )
