"""One use case, one transaction: the row, its outbox operation and its journal line stand or fall together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.errors import Sealed, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.protocol.operations import Action
from judge_desk.runtime.clock import Clock
from judge_desk.store import journal, outbox
from judge_desk.store.bodies import NONE
from judge_desk.store.columns import columns_of
from judge_desk.store.engine import close_engine, explain, open_engine
from judge_desk.store.tables import RECORD_TABLES, index_queue, shadow

INDEXED = frozenset({Kind.CASE, Kind.DOCUMENT, Kind.NOTE})
"""Kinds whose words can be searched; a change of one puts it on the index queue in the same transaction."""

CLOSED_KINDS = frozenset({Kind.DRAFT, Kind.DOCUMENT})


def is_closed(record: Any) -> bool:
    """Whether a record may never change again: a final act, the file of an act."""
    if isinstance(record, Draft):
        return record.state is DraftState.FINAL
    return isinstance(record, Document) and record.kind is DocumentKind.ACT


class Store:
    """The open database: many readers, one writer at a time. Close it before the key is dropped."""

    def __init__(self, path: Path, key: bytes, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.on_saved: Callable[[], None] = lambda: None
        """Called after each use case that was committed, on its thread; the sync listens here."""
        self.engine = open_engine(path, key)
        self._writing = threading.Lock()
        self.exchanging = threading.Lock()
        """Held by whoever brings the desk level with the hub, by network or by stick: never both at once."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state; nothing written through it is kept."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield connection
        except sa.exc.DBAPIError as fault:
            raise explain(fault) from None

    @contextmanager
    def writing(self, *, durable: bool = True, folds: bool = True) -> Iterator[Connection]:
        """A bare transaction, for what is not a use case of a person (sync, index, settings).

        ``durable`` False is for what can be fetched or made again: all or nothing as ever, but a power cut may take
        the last of them back. It spares the wait for the disk at every page of a pull. That, and ``folds`` False, leave
        up to 64 MB in the log, for ``fold_log``.
        """
        try:
            with self._writing, self.engine.connect() as connection:
                _set_mode(connection, durable=durable, folds=folds and durable)
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    yield connection
                    connection.commit()
                finally:
                    connection.rollback()
        except sa.exc.DBAPIError as fault:
            raise explain(fault) from None

    @contextmanager
    def unit_of_work(self, person_id: str, action: str) -> Iterator[UnitOfWork]:
        """A use case of a person; ``action`` is its name in the journal (``note.save``). Committed on leaving
        without error."""
        with self.writing() as connection:
            yield UnitOfWork(connection, self.clock, person_id, action)
        self.on_saved()

    def fold_log(self) -> None:
        """Take what lies in the log into the database; readers and a writer go on meanwhile."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        except sa.exc.DBAPIError as fault:
            raise explain(fault) from None

    def close(self) -> None:
        """For good: what is being read closes as it ends, and whoever comes later gets StoreLocked."""
        close_engine(self.engine)


def _set_mode(connection: Connection, *, durable: bool, folds: bool) -> None:
    """Have commits wait for the disk, and fold the log, or not. A connection keeps its mode for the next who writes
    through it: a pull writes many pages one behind the other."""
    mode = (durable, folds)
    if connection.info.get(_MODE, _FIRST_MODE) != mode:
        connection.info[_MODE] = None
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={1_000 if folds else 16_000}")
        connection.info[_MODE] = mode


_MODE = "judge_desk_mode"
_FIRST_MODE = (True, True)
"""As engine.PRAGMAS leave it."""


class UnitOfWork:
    """Collects what one use case changes; ``changes`` says what the pages must refresh once it is committed."""

    def __init__(self, connection: Connection, clock: Clock, person_id: str, action: str) -> None:
        self.connection = connection
        self.changes = Changes()
        self._clock = clock
        self._person_id = person_id
        self._action = action

    def get(self, kind: Kind, record_id: str) -> Any | None:
        """The record as this transaction sees it."""
        table = RECORD_TABLES[kind]
        body = self.connection.execute(sa.select(table.c.body).where(table.c.id == record_id)).scalar()
        return None if body is None else codec.decode(kind, body)

    def put(self, kind: Kind, scope: str, record: Any) -> None:
        """Save a record and owe it to the hub; raises Secret for a deliberation draft, which may only be
        ``keep``-ed."""
        if isinstance(record, Draft) and not record.may_leave_desk:
            raise Secret
        self._refuse_closed(kind, record)
        body = codec.encode(record).decode()
        base_rev = self._remember_base(kind, record.id)
        write_row(self.connection, kind, scope, record.id, body)
        self._owe(kind, scope, record.id, Action.PUT, base_rev=base_rev, body=body)
        self._note_down(kind, record.id)

    def keep(self, kind: Kind, scope: str, record: Any) -> None:
        """Save a record on this desk alone: no operation, nothing that a sync could take up."""
        self._refuse_closed(kind, record)
        write_row(self.connection, kind, scope, record.id, codec.encode(record).decode())
        self._note_down(kind, record.id)

    def delete(self, kind: Kind, scope: str, record_id: str) -> None:
        """Remove a record here and owe the removal to the hub, which may have seen it though no answer came."""
        self._refuse_removal(kind, record_id)
        base_rev = self._remember_base(kind, record_id)
        table = RECORD_TABLES[kind]
        self.connection.execute(sa.delete(table).where(table.c.id == record_id, table.c.scope == scope))
        self._owe(kind, scope, record_id, Action.DELETE, base_rev=base_rev, body=NONE)
        self._note_down(kind, record_id)

    def forget(self, kind: Kind, record_id: str) -> None:
        """Remove a record that was only kept here (``keep``)."""
        self._refuse_removal(kind, record_id)
        table = RECORD_TABLES[kind]
        self.connection.execute(sa.delete(table).where(table.c.id == record_id))
        self._note_down(kind, record_id)

    def record(self, kind: Kind, record_id: str) -> None:
        """Write down a decision on a record that was carried out through ``connection`` (settled, outbox)."""
        self._note_down(kind, record_id)

    def _refuse_closed(self, kind: Kind, record: Any) -> None:
        """A final act and a filed document never change again, whoever asks; raises Sealed."""
        if kind in CLOSED_KINDS and is_closed(before := self.get(kind, record.id)) and record != before:
            raise Sealed

    def _refuse_removal(self, kind: Kind, record_id: str) -> None:
        if kind in CLOSED_KINDS and is_closed(self.get(kind, record_id)):
            raise Sealed

    def _remember_base(self, kind: Kind, record_id: str) -> int:
        """Keep the copy last agreed with the hub as the base of a later merge; returns its revision (0: none)."""
        kept = self.connection.execute(
            sa.select(shadow.c.rev).where(shadow.c.kind == kind, shadow.c.record_id == record_id)
        ).scalar()
        if kept is not None:
            return int(kept)
        table = RECORD_TABLES[kind]
        row = self.connection.execute(sa.select(table.c.rev, table.c.body).where(table.c.id == record_id)).first()
        rev, body = (int(row.rev), str(row.body)) if row is not None and row.rev else (0, NONE)
        # A row of the refused revision shows the words that were refused, which the hub never had.
        refused_at, hub_body = outbox.last_refused(self.connection, kind, record_id)
        if refused_at >= rev:
            rev, body = refused_at, hub_body
        self.connection.execute(sa.insert(shadow).values(kind=kind, record_id=record_id, rev=rev, body=body))
        return rev

    def _owe(self, kind: Kind, scope: str, record_id: str, action: Action, *, base_rev: int, body: str) -> None:
        outbox.add(
            self.connection,
            scope=scope,
            kind=kind,
            record_id=record_id,
            action=action,
            base_rev=base_rev,
            body=body,
            at=self._clock.now(),
        )

    def _note_down(self, kind: Kind, record_id: str) -> None:
        if kind in INDEXED:
            queue_for_index(self.connection, kind, record_id)
        journal.write(
            self.connection,
            at=self._clock.now(),
            person_id=self._person_id,
            action=self._action,
            kind=kind,
            record_id=record_id,
        )
        self.changes |= Changes.of(kind, record_id)


def write_row(connection: Connection, kind: Kind, scope: str, record_id: str, body: str) -> None:
    """Insert or replace one record's row; its revision and open operations stay as they are."""
    values = {"id": record_id, "scope": scope, "body": body, **columns_of(kind, body)}
    statement = upsert(RECORD_TABLES[kind]).values(values)
    replaced = {name: statement.excluded[name] for name in values if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=replaced))


def queue_for_index(connection: Connection, kind: Kind, record_id: str) -> None:
    connection.execute(upsert(index_queue).values(kind=kind, record_id=record_id).on_conflict_do_nothing())
