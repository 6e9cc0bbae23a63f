"""Takes what desks send when they forget: sealed work of ended rights, and receipts.

No session is needed: a device that was shut out has none, so its own key signs each message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Engine, func, insert, select, update

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.scopes import Scope, court_scope
from judge_desk.hub import write
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Entry
from judge_desk.hub.refusals import Refused
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.leaving import Bundle, Rescue, Wiped, rescue_id, signed_text, unseal
from judge_desk.runtime.clock import Clock

MOST_RESCUES = 2_000
"""Of one device; a court's judge has some hundred scopes."""
_rescues = msgspec.json.Decoder(Rescue)
_wipes = msgspec.json.Decoder(Wiped)


def recovery_key(engine: Engine, court_id: str, at: datetime) -> tuple[str, str]:
    """Id and public half (hex) of the court's newest recovery key; made at the first need."""
    key = tables.recovery_key
    query = select(key.c.id, key.c.public_key).where(key.c.court_id == court_id).order_by(key.c.created_at.desc())
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).one_or_none()
    return (row.id, row.public_key) if row is not None else make_recovery_key(engine, court_id, at)


def make_recovery_key(engine: Engine, court_id: str, at: datetime) -> tuple[str, str]:
    """A new key to seal to from now on; what was sealed to earlier ones opens with those."""
    secret = X25519PrivateKey.generate()
    made = {
        "court_id": court_id,
        "id": new_id(),
        "public_key": secret.public_key().public_bytes_raw().hex(),
        "secret": secret.private_bytes_raw(),
        "created_at": at,
    }
    database.write(engine, lambda connection: connection.execute(insert(tables.recovery_key), [made]))
    return str(made["id"]), str(made["public_key"])


def secrets_of(engine: Engine, court_id: str) -> dict[str, str]:
    """The secret halves (hex) by key id, for the court's safe."""
    key = tables.recovery_key
    query = select(key.c.id, key.c.secret).where(key.c.court_id == court_id, key.c.secret.is_not(None))
    with engine.connect() as connection:
        return {key_id: secret.hex() for key_id, secret in connection.execute(query)}


def forget_secrets(engine: Engine, court_id: str) -> int:
    """Drop the secret halves: from now on this hub can open nothing; gives how many keys there are."""
    key = tables.recovery_key
    drop = update(key).where(key.c.court_id == court_id).values(secret=None)
    return database.write(engine, lambda connection: connection.execute(drop).rowcount)


def take_rescue(engine: Engine, clock: Clock, body: bytes) -> None:
    """Keep sealed work; once more changes nothing. Raises Refused: BAD_REQUEST, BAD_CREDENTIALS, NO_SUCH_SCOPE,
    TOO_LARGE."""
    rescue = _read(_rescues, body)
    if rescue.id != rescue_id(rescue.sealed) or not 0 < len(rescue.sealed) <= limits.BODY_BYTES:
        raise Refused(Code.BAD_REQUEST)

    def work(connection: Connection) -> None:
        device = _device(connection, rescue)
        _check_scope(connection, device, rescue.scope)
        table = tables.rescue
        of_device = (table.c.court_id == device.court_id, table.c.device_id == rescue.device_id)
        known, count = connection.execute(
            select(func.count().filter(table.c.id == rescue.id), func.count()).where(*of_device)
        ).one()
        if known:
            return
        if count >= MOST_RESCUES:
            raise Refused(Code.TOO_LARGE)
        kept = {name: getattr(rescue, name) for name in ("id", "device_id", "scope", "reason", "key_id", "sealed")}
        own = {"court_id": device.court_id, "person_id": device.person_id, "received_at": clock.now()}
        connection.execute(insert(table), [{**kept, **own}])
        _audit(connection, device, rescue, "rescue", clock.now())

    database.write(engine, work)


def take_wiped(engine: Engine, clock: Clock, body: bytes) -> None:
    """Write down that a desk has forgotten a scope, or everything. Raises Refused: BAD_REQUEST, BAD_CREDENTIALS,
    NO_SUCH_SCOPE."""
    wiped = _read(_wipes, body)

    def work(connection: Connection) -> None:
        device = _device(connection, wiped)
        if wiped.scope:
            _check_scope(connection, device, wiped.scope)
        elif device.wiped_at is not None:
            return
        else:
            table = tables.device
            this = (table.c.court_id == device.court_id, table.c.id == wiped.device_id)
            connection.execute(update(table).where(*this).values(wiped_at=clock.now()))
        _audit(connection, device, wiped, "wiped", clock.now())

    database.write(engine, work)


def rescued(engine: Engine, court_id: str) -> list[Any]:
    """What lies here, newest first: rows of id, device_id, person_id, scope, reason, key_id, received_at."""
    table = tables.rescue
    columns = [column for column in table.columns if column.name not in {"sealed", "court_id"}]
    query = select(*columns).where(table.c.court_id == court_id).order_by(table.c.received_at.desc())
    with engine.connect() as connection:
        return list(connection.execute(query))


def open_rescue(
    engine: Engine, court_id: str, wanted: str, *, actor: str, at: datetime, secrets: dict[str, str] | None = None
) -> Bundle:
    """The work inside, with the hub's own key or one of ``secrets`` (hex by key id); noted in the audit.

    Raises NotFound for the rescue or its key, DamagedStore for a key that does not fit.
    """
    given = secrets or {}
    table, key = tables.rescue, tables.recovery_key

    def work(connection: Connection) -> Bundle:
        query = select(table).where(table.c.court_id == court_id, table.c.id == wanted)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("hub.rescue.none")
        mine = select(key.c.secret).where(key.c.court_id == court_id, key.c.id == row.key_id)
        secret = bytes.fromhex(given[row.key_id]) if row.key_id in given else connection.scalar(mine)
        if not secret:
            raise NotFound("hub.rescue.no_key", key_id=row.key_id)
        bundle = unseal(row.sealed, row.scope, secret)
        chain = court_scope(court_id)
        entry = Entry(chain=chain, actor_id=actor, action="open_rescue", scope=row.scope, record_id=wanted)
        write.write(connection, court_id, [], [entry], at)
        return bundle

    return database.write(engine, work)


def _read(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None


def _device(connection: Connection, message: Rescue | Wiped) -> Any:
    """The device whose key signed the message; raises Refused."""
    device = tables.device
    columns = (device.c.court_id, device.c.person_id, device.c.public_key, device.c.wiped_at)
    row = connection.execute(select(*columns).where(device.c.id == message.device_id)).one_or_none()
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public_key if row else "00" * 32))
        key.verify(bytes.fromhex(message.signature), signed_text(message))
    except (InvalidSignature, ValueError):
        raise Refused(Code.BAD_CREDENTIALS) from None
    if row is None:
        raise Refused(Code.BAD_CREDENTIALS)
    return row


def _check_scope(connection: Connection, device: Any, scope: str) -> None:
    """The device's person holds the scope, or held it once; raises Refused."""
    try:
        Scope.parse(scope)
    except BadInput:
        raise Refused(Code.BAD_REQUEST) from None
    grant = tables.scope_grant
    mine = (grant.c.court_id == device.court_id, grant.c.person_id == device.person_id, grant.c.scope == scope)
    if connection.execute(select(grant.c.scope).where(*mine)).one_or_none() is None:
        raise Refused(Code.NO_SUCH_SCOPE)


def _audit(connection: Connection, device: Any, message: Rescue | Wiped, action: str, at: datetime) -> None:
    entry = Entry(
        chain=court_scope(device.court_id),
        actor_id=device.person_id,
        device_id=message.device_id,
        action=action,
        scope=message.scope,
        record_id=message.id if isinstance(message, Rescue) else message.device_id,
        body_sha256=message.id if isinstance(message, Rescue) else "",
    )
    write.write(connection, device.court_id, [], [entry], at)
