"""How the hub itself writes: accounts, and many records at once, by the same road as a desk's operations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from judge_desk.domain.errors import BadInput
from judge_desk.domain.holdings import Holding
from judge_desk.domain.ids import is_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person, Role
from judge_desk.domain.scopes import Scope, court_scope
from judge_desk.hub import accounts, generations, grants, hearings, write
from judge_desk.hub.blobs import BlobStore, blob_key
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import upsert
from judge_desk.hub.db.state import Change, Entry, Key, Stored
from judge_desk.protocol import codec
from judge_desk.runtime.clock import Clock, FixedClock, SystemClock

HUB = "hub"
Item = tuple[str, Kind, str, Any]
"""Scope, kind, id, and the record (None deletes it)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of many records: new ones, changed ones, and those that were there word for word."""

    new: int
    changed: int
    same: int


MANY = 1_000
"""New records in one call from which on the database's figures about its tables are worth nothing."""


class Registry:
    """Writes as the hub: no permission is asked, but numbers, history, grants and audit are those of any other write.

    Each call is one transaction. Raises BadInput for a scope or id that is none; HubBusy when the database is overrun.
    """

    def __init__(
        self,
        engine: Engine,
        blobs: BlobStore | None = None,
        clock: Clock | None = None,
        password_cost: accounts.Cost = accounts.STANDARD,
    ) -> None:
        self._engine = engine
        self._blobs = blobs
        self._clock = clock or SystemClock()
        self._password_cost = password_cost

    def as_of(self, moment: datetime) -> Registry:
        """The same hub at another moment: demo data is read as if it had come on its own days."""
        return Registry(self._engine, self._blobs, FixedClock(moment), self._password_cost)

    def put_many(self, court_id: str, items: Iterable[Item], *, actor_id: str = HUB) -> Written:
        """Store records; one that is there word for word is left alone, so the same call twice changes nothing.

        Cases give grants to their judge and secretary, review assignments to their reviewer, persons to their own
        scopes; bookings are indexed but not refused.
        """
        records = {(scope, kind, record_id): record for scope, kind, record_id, record in items}
        for scope, _, record_id in records:
            Scope.parse(scope)
            if not is_id(record_id):
                raise BadInput("hub.bad_id")
        written = database.write(self._engine, lambda connection: self._put(connection, court_id, records, actor_id))
        if written.new >= MANY:
            database.learn(self._engine)
        return written

    def _put(self, connection: Connection, court_id: str, records: dict[Key, Any], actor_id: str) -> Written:
        at = self._clock.now()
        stored = write.load(connection, court_id, records)
        generation = generations.current(connection)
        changes = [
            change
            for key, record in records.items()
            if (change := change_of(key, record, stored.get(key), actor_id, generation)) is not None
        ]
        booked = [(each.key[0], each.key[2], records[each.key]) for each in changes if each.key[1] is Kind.HEARING]
        hearings.keep_slots(connection, court_id, booked)
        followed = [
            (each.key[0], _before(each), records[each.key]) for each in changes if each.key[1] in grants.FOLLOWED_KINDS
        ]
        grants.follow(connection, court_id, followed, at)
        write.write(connection, court_id, changes, [], at)
        new = sum(each.before is None for each in changes)
        return Written(new, len(changes) - new, len(records) - len(changes))

    def add_court(self, court: Court) -> None:
        """Set up a court, or bring its entry in line."""
        row = {"court_id": court.id, "created_at": self._clock.now()}
        database.write(self._engine, lambda connection: upsert(connection, tables.court, [row]))
        self.put_many(court.id, [(court_scope(court.id), Kind.COURT, court.id, court)])

    def has_court(self, court_id: str) -> bool:
        with self._engine.connect() as connection:
            query = select(tables.court.c.court_id).where(tables.court.c.court_id == court_id)
            return connection.scalar(query) is not None

    def add_account(self, court_id: str, user_name: str, password: str, person: Person) -> None:
        """Enter a person in the directory, with the grants of the roles, and let them enrol devices; the same name
        again sets a new password. Raises BadInput for a name that belongs to another person."""
        account = accounts.Account(court_id, person.id, accounts.hash_password(password, self._password_cost))
        self.put_many(court_id, [(court_scope(court_id), Kind.PERSON, person.id, person)])
        at = self._clock.now()
        database.write(
            self._engine,
            lambda connection: accounts.store(connection, user_name, account, at),
        )

    def grant_many(self, court_id: str, holdings: Iterable[tuple[str, str, Role]]) -> None:
        """Grant (person, scope, role) by hand: the commission's and the council's rights on dossiers, a panel."""
        given = [Holding(*each) for each in holdings]
        entries = [_granted(each) for each in given]
        at = self._clock.now()

        def work(connection: Connection) -> None:
            grants.give(connection, court_id, given, grants.BY_HAND, at)
            write.write(connection, court_id, [], entries, at)

        database.write(self._engine, work)

    def withdraw_many(self, court_id: str, pairs: Sequence[tuple[str, str]], reason: str = grants.WITHDRAWN) -> None:
        """End the rights of (person, scope): the desk forgets the scope at its next contact."""
        at = self._clock.now()
        entries = [
            Entry(chain=scope, actor_id=HUB, action="revoke", scope=scope, record_id=person) for person, scope in pairs
        ]

        def work(connection: Connection) -> None:
            grants.end(connection, court_id, pairs, reason, at)
            write.write(connection, court_id, [], entries, at)

        database.write(self._engine, work)

    def add_blob(self, court_id: str, scope: str, content: bytes) -> tuple[str, int]:
        """Keep a file for the readers of a scope; its SHA-256 (64 hex digits) and size, as a Document names them."""
        assert self._blobs is not None, "a registry without a blob store keeps no files"
        sha256 = hashlib.sha256(content).hexdigest()
        key = blob_key(court_id, sha256)
        if self._blobs.size(key) != len(content):
            self._blobs.put(key, [content])
        self.register_blobs(court_id, [(scope, sha256, len(content))])
        return sha256, len(content)

    def register_blobs(self, court_id: str, entries: Iterable[tuple[str, str, int]]) -> None:
        """Enter files as (scope, sha256, size) whose bytes the blob store holds or makes when they are asked for."""
        listed = list(entries)
        at = self._clock.now()
        blobs = {sha: {"court_id": court_id, "sha256": sha, "size": size, "stored_at": at} for _, sha, size in listed}
        refs = [
            {"court_id": court_id, "scope": scope, "sha256": sha}
            for scope, sha in sorted({each[:2] for each in listed})
        ]

        def work(connection: Connection) -> None:
            if listed:
                upsert(connection, tables.blob, [blobs[sha] for sha in sorted(blobs)])
                upsert(connection, tables.blob_ref, refs)

        database.write(self._engine, work)


def change_of(key: Key, record: Any, before: Stored | None, actor_id: str, generation: int) -> Change | None:
    """The change that makes ``before`` into ``record``, with its line of the audit; None where nothing changes."""
    body = "" if record is None else codec.encode(record).decode()
    deleted = record is None
    if (before is None and deleted) or (before is not None and (before.body, before.deleted) == (body, deleted)):
        return None
    scope, kind, record_id = key
    rev = generations.next_rev(0 if before is None else before.rev, generation)
    entry = Entry(
        chain=scope,
        actor_id=actor_id,
        action="delete" if deleted else "put",
        scope=scope,
        kind=kind.value,
        record_id=record_id,
        rev=rev,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )
    return Change(key=key, rev=rev, body=body, deleted=deleted, before=before, entry=entry)


def _before(change: Change) -> Any:
    if change.before is None or change.before.deleted:
        return None
    return codec.decode(change.key[1], change.before.body)


def _granted(holding: Holding) -> Entry:
    return Entry(
        chain=holding.scope,
        actor_id=HUB,
        action="grant",
        scope=holding.scope,
        kind=holding.role.value,
        record_id=holding.person_id,
    )
