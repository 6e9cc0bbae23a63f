"""Clears away what no desk can need any more: old tombstones, uploads left half-way, answers nobody asks for again.

A tombstone keeps its row, out of the feed (its number is negative), so that a revision is never given out twice; the
scope's floor rises above it, and a desk that stayed away for longer than announced takes that scope anew.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from judge_desk.domain.errors import KnownError
from judge_desk.domain.kinds import Kind
from judge_desk.hub import contest_effects, generations, metrics
from judge_desk.hub.blobs import BlobStore, part_key
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import movements, tables
from judge_desk.protocol.limits import LONGEST_OFFLINE_DAYS
from judge_desk.runtime import logs
from judge_desk.runtime.clock import Clock, SystemClock

TOMBSTONES = timedelta(days=LONGEST_OFFLINE_DAYS)
ANSWERS = timedelta(days=2 * LONGEST_OFFLINE_DAYS)
UPLOADS = timedelta(days=14)
"""How long an upload that nobody goes on with keeps its parts."""
ATTEMPTS = timedelta(days=30)
MOVEMENTS = timedelta(days=1)
SOME = 500
FIRST_SECONDS, EVERY_SECONDS = 1_800.0, 86_400.0
_LOCK = 5_402_027
log = logs.topic("hub")
Where = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many of each were cleared away."""

    tombstones: int
    uploads: int
    answers: int
    attempts: int
    consents: int
    movements: int


def clear(engine: Engine, blobs: BlobStore | None, at: datetime) -> Cleared:
    """Do all of it; other processes may do the same at the same time. Uploads only where the store is known."""
    cleared = Cleared(
        tombstones=_bury(engine, at - TOMBSTONES),
        uploads=_drop_uploads(engine, blobs, at - UPLOADS) if blobs is not None else 0,
        answers=_forget_answers(engine, at - ANSWERS),
        attempts=_forget_attempts(engine, at - ATTEMPTS),
        consents=_end_consents(engine, at),
        movements=_forget_movements(engine, at - MOVEMENTS),
    )
    for what, number in asdict(cleared).items():
        metrics.PURGED.add(what, amount=number)
    return cleared


def _bury(engine: Engine, before: datetime) -> int:
    buried = 0
    after: Where = ("", "")
    while True:
        with engine.connect() as connection:
            places = _places(connection, before, after)
        if not places:
            return buried
        for court_id, scope in places:
            buried += database.write(engine, partial(_bury_in, court_id=court_id, name=scope, before=before))
        after = places[-1]


def _places(connection: Connection, before: datetime, after: Where) -> list[Where]:
    """The next scopes that hold old tombstones."""
    entity = tables.entity
    beyond = or_(entity.c.court_id > after[0], and_(entity.c.court_id == after[0], entity.c.scope > after[1]))
    found = connection.execute(
        select(entity.c.court_id, entity.c.scope)
        .where(_is_old_tombstone(before), beyond)
        .distinct()
        .order_by(entity.c.court_id, entity.c.scope)
        .limit(SOME)
    )
    return [(court_id, scope) for court_id, scope in found]


def _is_old_tombstone(before: datetime) -> ColumnElement[bool]:
    """Deleted, still in the feed, and not changed since: what a record was before lies in its history."""
    entity, revision = tables.entity, tables.revision
    same = and_(*(getattr(revision.c, each) == getattr(entity.c, each) for each in ("court_id", "scope", "kind", "id")))
    since = exists().where(same, revision.c.replaced_at >= before)
    return and_(entity.c.deleted, entity.c.seq > 0, ~since)


def _bury_in(connection: Connection, court_id: str, name: str, before: datetime) -> int:
    entity, scope = tables.entity, tables.scope
    here = and_(entity.c.court_id == court_id, entity.c.scope == name)
    query = select(entity.c.seq).where(here, _is_old_tombstone(before)).order_by(entity.c.kind, entity.c.id)
    numbers = list(connection.scalars(query.with_for_update(of=entity)))
    if not numbers:
        return 0
    highest = max(numbers)
    connection.execute(update(entity).where(here, entity.c.seq.in_(numbers)).values(seq=-entity.c.seq))
    raised = case((scope.c.floor < highest, highest), else_=scope.c.floor)
    connection.execute(update(scope).where(scope.c.court_id == court_id, scope.c.scope == name).values(floor=raised))
    return len(numbers)


def _drop_uploads(engine: Engine, blobs: BlobStore, before: datetime) -> int:
    upload, part = tables.upload, tables.upload_part
    same = and_(*(getattr(part.c, each) == getattr(upload.c, each) for each in ("court_id", "device_id", "sha256")))
    old = upload.c.started_at < before
    keys = ("court_id", "device_id", "sha256")
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    with engine.connect() as connection:
        for row in connection.execute(
            select(upload.c.court_id, upload.c.device_id, upload.c.sha256, part.c.number)
            .select_from(upload)
            .outerjoin(part, same)
            .where(or_(old, _is_shut_out()))
        ):
            found[tuple(row)[:3]] += [] if row.number is None else [row.number]
    for key, numbers in found.items():
        court_id, device_id, sha256 = key
        blobs.delete(part_key(court_id, device_id, sha256, number) for number in numbers)

        database.write(engine, partial(_forget_upload, which=dict(zip(keys, key, strict=True))))
    return len(found)


def _forget_upload(connection: Connection, which: dict[str, str]) -> None:
    connection.execute(delete(tables.upload_part).filter_by(**which))
    connection.execute(delete(tables.upload).filter_by(**which))


def _is_shut_out() -> ColumnElement[bool]:
    device, upload = tables.device, tables.upload
    return exists().where(
        device.c.court_id == upload.c.court_id, device.c.id == upload.c.device_id, device.c.revoked_at.is_not(None)
    )


def _forget_answers(engine: Engine, before: datetime) -> int:
    table = tables.mutation

    def of_court(connection: Connection, court_id: str) -> int:
        return connection.execute(delete(table).where(table.c.court_id == court_id, table.c.at < before)).rowcount

    return _by_court(engine, of_court)


def _forget_movements(engine: Engine, before: datetime) -> int:
    return _by_court(engine, partial(movements.forget, before=before))


def _by_court(engine: Engine, work: Callable[..., int]) -> int:
    """The sum of what is done in each court, in a transaction of its own."""
    with engine.connect() as connection:
        courts = list(connection.scalars(select(tables.court.c.court_id)))
    return sum(database.write(engine, partial(work, court_id=each)) for each in courts)


def _end_consents(engine: Engine, at: datetime) -> int:
    """Consents for a contest that have run out: the extract goes, and the panel's desks forget it."""

    def of_court(connection: Connection, court_id: str) -> int:
        found = contest_effects.lapsed(connection, court_id, at)
        if found.items:
            contest_effects.carry_out(connection, court_id, found, generations.current(connection), at)
        return sum(kind is Kind.CANDIDACY for _, kind, _, _ in found.items)

    return _by_court(engine, of_court)


def _forget_attempts(engine: Engine, before: datetime) -> int:
    table = tables.attempt
    return database.write(
        engine, lambda connection: connection.execute(delete(table).where(table.c.blocked_until < before)).rowcount
    )


class Caretaker:
    """Clears away once a day, in a thread of a serving process; of several processes one at a time."""

    def __init__(self, engine: Engine, blobs: BlobStore, clock: Clock | None = None) -> None:
        self._engine, self._blobs, self._clock = engine, blobs, clock or SystemClock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-upkeep", daemon=True)

    def __enter__(self) -> Caretaker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        # Processes that start together must not all come at once.
        wait = FIRST_SECONDS * (1 + random.random())  # noqa: S311 - spreads work, guards nothing
        while not self._stop.wait(wait):
            wait = EVERY_SECONDS
            try:
                self.once()
            except (KnownError, SQLAlchemyError, OSError) as fault:
                log.warning("upkeep_failed: %s", type(fault))

    def once(self) -> Cleared | None:
        """None: another process is at it."""
        with self._engine.connect() as connection:
            is_shared = connection.dialect.name == "postgresql"
            if is_shared and not connection.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
                return None
            cleared = clear(self._engine, self._blobs, self._clock.now())
        log.info("upkeep: %(tombstones)s tombstones, %(uploads)s uploads, %(answers)s answers", asdict(cleared))
        return cleared
