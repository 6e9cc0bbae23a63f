"""The database in a backup, and what must change in it before it lives again: numbers that the desk may have used since
are never used for anything else."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import AttachmentState
from judge_desk.store import attachments_table, courier, session_data
from judge_desk.store.engine import explain
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import attachment, operation_text, outbox
from judge_desk.store.unit_of_work import Store

CODE = "recovery_code"
LEAP = 1 << 39
"""More operations than any desk makes between a backup and its restore; twice a random part of it keeps two restores of
one backup apart. A number stays below 2**62 for millions of restores."""
COURIER_LEAP = 1_000_000


def snapshot(store: Store, path: Path) -> None:
    """The whole database as of one moment, in a file of its own under the same key, while work goes on."""
    try:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
    except sa.exc.DBAPIError as fault:
        raise explain(fault) from None


def code(connection: Connection) -> str:
    """The recovery code of this profile; empty before its first backup."""
    return session_data.get(connection, CODE, str) or ""


def keep_code(connection: Connection, value: str) -> None:
    session_data.put(connection, CODE, value)


def begin_anew(connection: Connection, files_here: Collection[str]) -> None:
    """Make a restored database fit to meet the hub.

    What was frozen goes out again word for word, and the hub answers as it did. What still waited may have been edited
    and sent since under its number, so it and all that comes get numbers that nobody used. Files that did not come
    along are fetched again.
    """
    leap = LEAP + secrets.randbelow(LEAP)
    newest = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").scalar()
    if newest is None:
        newest = 0
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', 0)")
    waiting = sa.select(outbox.c.mid).where(outbox.c.state == OutboxState.WAITING)
    for mid in (operation_text.c.mid, outbox.c.mid):
        connection.execute(sa.update(mid.table).where(mid.in_(waiting)).values(mid=mid + leap))
    connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", (int(newest) + leap,))
    books = courier.read(connection)
    epoch = books.epoch + COURIER_LEAP
    number = books.out_number + COURIER_LEAP
    # What is under way by stick answers the desk that was: it decides on no right here.
    courier.keep(connection, msgspec.structs.replace(books, out_number=number, epoch=epoch, overtaken=epoch))
    named = sa.select(attachment.c.sha256, attachment.c.file_name).where(attachment.c.file_name != "")
    for sha256, name in connection.execute(named).all():
        if name not in files_here:
            attachments_table.lost(connection, sha256, "")


def files(connection: Connection, *, own_only: bool) -> list[str]:
    """The names of the attachment files that a backup holds: all that are whole, or only those the hub lacks."""
    states = [AttachmentState.TO_SEND] if own_only else [AttachmentState.TO_SEND, AttachmentState.HERE]
    return list(connection.execute(sa.select(attachment.c.file_name).where(attachment.c.state.in_(states))).scalars())
