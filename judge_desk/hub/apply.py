"""Carries out what a desk asks, in one transaction: authorise, check, write, remember the answer, close the audit.

The number of statements does not grow with the number of operations: everything that the checks need is loaded for the
whole push first, and everything that they decide is written at its end.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, and_, select, tuple_

from judge_desk.domain.documents import Document
from judge_desk.domain.errors import BadInput
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.ids import is_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import Scope, court_scope
from judge_desk.hub import (
    campaigns,
    contest_effects,
    contests,
    generations,
    grants,
    hearings,
    metrics,
    public_acts,
    review_appeals,
    write,
)
from judge_desk.hub.auth import Caller, require_device
from judge_desk.hub.checks import Accepted, Declined, Known, decide, move_on
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import add, among
from judge_desk.hub.db.state import Change, Entry, Key
from judge_desk.hub.refusals import Refused
from judge_desk.hub.registry import HUB, change_of
from judge_desk.protocol import codec, limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action, Operation, Outcome, Result
from judge_desk.runtime.clock import Clock, court_time

_MOST_BYTES = limits.BODY_BYTES + limits.PUSH_BYTES


class _Push(msgspec.Struct):
    operations: tuple[msgspec.Raw, ...]
    generation: int = 0


class _Answer(msgspec.Struct):
    results: list[msgspec.Raw]
    hub_time: datetime


class _Mid(msgspec.Struct):
    mid: int


class _Settled(msgspec.Struct):
    outcome: Outcome


_pushes = msgspec.json.Decoder(_Push)
_operations = msgspec.json.Decoder(Operation)
_mids = msgspec.json.Decoder(_Mid)
_results = msgspec.json.Decoder(Result)
_outcomes = msgspec.json.Decoder(_Settled)
_encoder = msgspec.json.Encoder()


def push(engine: Engine, clock: Clock, caller: Caller, body: bytes) -> bytes:
    """Carry out a PushRequest; the PushAnswer, with stored answers word for word.

    Raises Refused for the request as a whole: BAD_REQUEST, TOO_LARGE, DEVICE_REVOKED, HUB_RESTORED, CLONED_DEVICE;
    nothing was done.
    """
    if len(body) > _MOST_BYTES:
        raise Refused(Code.TOO_LARGE)
    asked, generation = _read(body)

    def work(connection: Connection) -> dict[int, bytes]:
        generations.check(generation, require_device(connection, caller, holds=True))
        return _Work(connection, caller, clock.now(), generation).run(asked)

    answers = database.write(engine, work)
    for outcome, number in Counter(_outcomes.decode(each).outcome for each in answers.values()).items():
        metrics.PUSHED.add(outcome.value, amount=number)
    results = [msgspec.Raw(answers[mid]) for mid, _ in asked]
    return _encoder.encode(_Answer(results, clock.now()))


def _read(body: bytes) -> tuple[list[tuple[int, Operation | None]], int]:
    """Each operation with its mid (None for one that is not understood, so that it does not stop the others), and the
    hub's generation as the desk knows it."""
    try:
        push = _pushes.decode(body)
        if len(push.operations) > limits.PUSH_OPERATIONS:
            raise Refused(Code.TOO_LARGE)
        asked = [_read_one(raw) for raw in push.operations]
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None
    if any(mid <= 0 or mid >= 1 << 62 for mid, _ in asked):
        raise Refused(Code.BAD_REQUEST)
    return asked, push.generation


def _read_one(raw: msgspec.Raw) -> tuple[int, Operation | None]:
    try:
        operation = _operations.decode(raw)
    except msgspec.ValidationError:
        return _mids.decode(raw).mid, None
    return operation.mid, operation


def _hash(operation: Operation | None) -> str:
    """What must be the same when the same mid comes again; the desk's clock is no part of it."""
    if operation is None:
        return "not understood"
    parts = (
        operation.scope,
        operation.kind,
        operation.id,
        operation.action,
        operation.base_rev,
        operation.body,
        operation.after,
    )
    return hashlib.sha256(_encoder.encode(parts)).hexdigest()


class _Work:
    """One push inside its transaction."""

    def __init__(self, connection: Connection, caller: Caller, at: datetime, generation: int) -> None:
        self._connection = connection
        self._caller = caller
        self._at = at
        self._generation = generation
        self._accepted: list[tuple[Operation, Accepted, Change]] = []
        self._entries: list[Entry] = []
        self._hashes: dict[int, str] = {}

    def run(self, asked: Sequence[tuple[int, Operation | None]]) -> dict[int, bytes]:
        """The encoded result of each mid."""
        answers = self._stored(asked)
        new = {mid: operation for mid, operation in asked if mid not in answers}
        if not new:
            return answers
        results = {mid: _results.decode(answer) for mid, answer in answers.items()}
        known = self._load([each for each in new.values() if each is not None], results)
        for mid, operation in new.items():
            known.results[mid] = self._decide(mid, operation, known)
        self._write(known)
        fresh = {mid: _encoder.encode(known.results[mid]) for mid in new}
        self._remember(new, known.results, fresh)
        return answers | fresh

    def _stored(self, asked: Sequence[tuple[int, Operation | None]]) -> dict[int, bytes]:
        """Answers given before, also those that ``after`` names; raises Refused when a mid now means something else."""
        table = tables.mutation
        wanted = {mid for mid, _ in asked} | {mid for _, each in asked if each is not None for mid in each.after}
        if len(wanted) > 10 * limits.PUSH_OPERATIONS:
            raise Refused(Code.BAD_REQUEST)
        rows = self._connection.execute(
            select(table.c.mid, table.c.hash, table.c.result).where(
                table.c.court_id == self._caller.court_id,
                table.c.device_id == self._caller.device_id,
                among(self._connection, table.c.mid, sorted(wanted)),
            )
        ).all()
        self._hashes = {row.mid: row.hash for row in rows}
        for mid, operation in asked:
            named = _hash(operation)
            if self._hashes.setdefault(mid, named) != named:
                raise Refused(Code.CLONED_DEVICE)
        return {row.mid: row.result.encode() for row in rows}

    def _load(self, operations: list[Operation], results: dict[int, Result]) -> Known:
        connection, caller = self._connection, self._caller
        scopes = {each.scope for each in operations}
        roles, ended = grants.roles_on(connection, caller.court_id, caller.person_id, scopes)
        bodies = [(each.scope, _peek(each)) for each in operations if each.action is Action.PUT]
        wanted: set[Key] = {(each.scope, each.kind, each.id) for each in operations}
        wanted |= {(each.scope, Kind.REVIEW_ASSIGNMENT, each.id) for each in operations if each.kind is Kind.REVIEW}
        wanted |= {(each.scope, Kind.CAMPAIGN_PROGRESS, each.id) for each in operations if each.kind is Kind.CAMPAIGN}
        booked = [record for _, record in bodies if isinstance(record, Hearing)]
        settling, today = generations.is_settling(connection, self._generation, self._at), court_time(self._at).date()
        return Known(
            caller=caller,
            roles=roles,
            ended=ended,
            court_roles=grants.court_roles(connection, caller.court_id, caller.person_id),
            states=write.load(connection, caller.court_id, wanted),
            files=self._files({(scope, each.sha256) for scope, each in bodies if isinstance(each, Document)}),
            bookings=hearings.planned_beside(connection, caller.court_id, booked) if booked else [],
            contests=contests.load(connection, caller.court_id, operations, today),
            appeals=review_appeals.load(connection, caller.court_id, operations, today, settling=settling),
            results=results,
            revisions={mid: each.rev for mid, each in results.items() if each.outcome is Outcome.APPLIED},
            generation=self._generation,
            settling=settling,
            today=today,
        )

    def _files(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        if not wanted:
            return {}
        blob, ref = tables.blob, tables.blob_ref
        pairs = tuple_(ref.c.scope, ref.c.sha256).in_(sorted(wanted))
        rows = self._connection.execute(
            select(ref.c.scope, ref.c.sha256, blob.c.size)
            .join_from(ref, blob, and_(blob.c.court_id == ref.c.court_id, blob.c.sha256 == ref.c.sha256))
            .where(ref.c.court_id == self._caller.court_id, pairs)
        )
        return {(scope, sha256): size for scope, sha256, size in rows}

    def _decide(self, mid: int, operation: Operation | None, known: Known) -> Result:
        if operation is None:
            result = Result(mid=mid, outcome=Outcome.REFUSED, code=Code.BAD_BODY)
            self._entries.append(self._entry(known, None, result))
            return result
        try:
            accepted = decide(operation, known)
        except Declined as declined:
            if declined.result.outcome is not Outcome.RETRY:
                self._entries.append(self._entry(known, operation, declined.result))
            return declined.result
        rev = generations.next_rev(0 if accepted.before is None else accepted.before.rev, self._generation)
        result = Result(mid=mid, outcome=Outcome.APPLIED, rev=rev)
        change = Change(
            key=accepted.key,
            rev=rev,
            body=accepted.body,
            deleted=accepted.deleted,
            before=accepted.before,
            entry=self._entry(known, operation, result, body=accepted.body),
        )
        self._accepted.append((operation, accepted, change))
        move_on(operation, accepted, rev, known)
        return result

    def _entry(self, known: Known, operation: Operation | None, result: Result, body: str | None = None) -> Entry:
        """The audit's line: ids and outcome, never a word of the body; what is no id of ours is left out."""
        scope, kind, record_id = "", "", ""
        if operation is not None:
            scope = operation.scope if _is_scope(operation.scope) else ""
            kind, record_id = operation.kind.value, operation.id if is_id(operation.id) else ""
        own = scope in known.roles or body is not None
        return Entry(
            chain=scope if scope and own else court_scope(self._caller.court_id),
            actor_id=self._caller.person_id,
            device_id=self._caller.device_id,
            action=operation.action.value if operation is not None else "",
            scope=scope,
            kind=kind,
            record_id=record_id,
            rev=result.rev,
            outcome=result.outcome.value,
            code=result.code,
            body_sha256="" if body is None else hashlib.sha256(body.encode()).hexdigest(),
        )

    def _write(self, known: Known) -> None:
        """Everything that was decided; the scopes' numbers come last and complete the answers."""
        court_id, connection = self._caller.court_id, self._connection
        done = [accepted for _, accepted, _ in self._accepted]
        booked = [(each.key[0], each.key[2], each.record_after) for each in done if each.key[1] is Kind.HEARING]
        if booked:
            hearings.keep_slots(connection, court_id, booked)
        followed = [
            (each.key[0], each.record_before, each.record_after)
            for each in done
            if each.key[1] in grants.FOLLOWED_KINDS
        ]
        if followed:
            grants.follow(connection, court_id, followed, self._at)
        for each in done:
            if each.key[1] is Kind.DOCUMENT and each.record_after is not None and each.record_after.code:
                public_acts.keep(connection, court_id, each.key[0], [each.record_after])
        changes = [change for _, _, change in self._accepted]
        numbers = write.write(connection, court_id, changes, self._entries, self._at)
        self._go_on(done, known.contests)
        for (operation, _, change), number in zip(self._accepted, numbers, strict=True):
            known.results[operation.mid] = Result(
                mid=operation.mid, outcome=Outcome.APPLIED, rev=change.rev, seq=number
            )

    def _go_on(self, done: Sequence[Accepted], known: contests.Contests) -> None:
        """What the hub writes itself because of what was accepted: a campaign that is launched, a reserve asked, an
        application admitted."""
        told = [(each.key[1], each.record_before, each.record_after) for each in done]
        connection, court_id = self._connection, self._caller.court_id
        if any(kind in contest_effects.FOLLOWED for kind, _, _ in told):
            found = contest_effects.effects(connection, court_id, told, known, self._at)
            contest_effects.carry_out(connection, court_id, found, self._generation, self._at)
        if not any(kind in campaigns.FOLLOWED for kind, _, _ in told):
            return
        items = campaigns.consequences(connection, court_id, told, court_time(self._at).date())
        records = {(scope, kind, record_id): record for scope, kind, record_id, record in items}
        stored = write.load(connection, court_id, records)
        made = [
            change
            for key, record in records.items()
            if (change := change_of(key, record, stored.get(key), HUB, self._generation)) is not None
        ]
        asked = [(key[0], None, record) for key, record in records.items() if key[1] is Kind.REVIEW_ASSIGNMENT]
        grants.follow(connection, court_id, asked, self._at)
        write.write(connection, court_id, made, [], self._at)

    def _remember(self, new: Iterable[int], results: dict[int, Result], encoded: dict[int, bytes]) -> None:
        rows: list[dict[str, Any]] = [
            {
                "court_id": self._caller.court_id,
                "device_id": self._caller.device_id,
                "mid": mid,
                "hash": self._hashes[mid],
                "result": encoded[mid].decode(),
                "at": self._at,
            }
            for mid in new
            if results[mid].outcome is not Outcome.RETRY
        ]
        if rows:
            add(self._connection, tables.mutation, rows)


def _peek(operation: Operation) -> Any:
    """The record of an operation, where the checks need to look something up for it; None for what cannot be read."""
    if operation.kind not in (Kind.DOCUMENT, Kind.HEARING):
        return None
    try:
        return codec.decode(operation.kind, bytes(operation.body))
    except BadInput:
        return None


def _is_scope(text: str) -> bool:
    try:
        Scope.parse(text)
    except BadInput:
        return False
    return True
