"""Who calls: devices with their keys, and tokens of a quarter of an hour that any hub process can check.

A token only says who was let in; each request asks the database whether the device may still come, in the same query
or transaction that it needs anyway. So a revocation holds from the next request on.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from datetime import datetime, timedelta

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, insert, select, update

from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person
from judge_desk.domain.scopes import court_scope
from judge_desk.hub import accounts, generations, metrics, write
from judge_desk.hub.courier_accounts import open_account
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Entry
from judge_desk.hub.identity import Identity
from judge_desk.hub.refusals import Refused
from judge_desk.protocol import codec
from judge_desk.protocol.api import EnrolAnswer, EnrolRequest, SessionAnswer, SessionRequest
from judge_desk.protocol.codes import Code
from judge_desk.protocol.courier import public_half
from judge_desk.protocol.http import SIGNED_SECONDS, session_text
from judge_desk.runtime import logs
from judge_desk.runtime.clock import Clock

log = logs.topic("hub")
TOKEN_LIFE = timedelta(minutes=15)
KEY_AGE = timedelta(minutes=1)
"""How soon every process seals with a key that another one made; a retired key holds for that much longer."""
KEY_VARIABLE = "JUDGE_DESK_TOKEN_KEY"
_ENVIRONMENT = "environment"


class Caller(msgspec.Struct, frozen=True):
    """Who a request is from, as its token says."""

    court_id: str
    person_id: str
    device_id: str

    @property
    def owner(self) -> tuple[str, str]:
        """Court and person, who together hold rights."""
        return self.court_id, self.person_id


class _Token(msgspec.Struct, frozen=True, array_like=True):
    key_id: str
    court_id: str
    person_id: str
    device_id: str
    expires: float


_tokens = msgspec.json.Decoder(_Token)


class Keys:
    """The secrets that tokens are sealed with; read again every minute, and when a token names one that another process
    made."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._secrets: dict[str, bytes] = {}
        self._newest = ""
        self._read_at = 0.0

    def newest(self) -> tuple[str, bytes]:
        if not self._newest or self._clock.monotonic() - self._read_at > KEY_AGE.total_seconds():
            self._load()
        if not self._newest:
            make_key(self._engine, self._clock.now())
            self._load()
        return self._newest, self._secrets[self._newest]

    def secret(self, key_id: str) -> bytes | None:
        if key_id not in self._secrets:
            self._load()
        return self._secrets.get(key_id)

    def _load(self) -> None:
        given = os.environ.get(KEY_VARIABLE, "")
        if given:
            self._secrets, self._newest = {_ENVIRONMENT: given.encode()}, _ENVIRONMENT
            return
        key = tables.signing_key
        living = self._clock.now() - TOKEN_LIFE - KEY_AGE
        self._read_at = self._clock.monotonic()
        query = select(key.c.id, key.c.secret, key.c.retired_at).order_by(key.c.created_at)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        self._secrets = {row.id: row.secret for row in rows if row.retired_at is None or row.retired_at > living}
        self._newest = next((row.id for row in reversed(rows) if row.retired_at is None), "")


def make_key(engine: Engine, at: datetime) -> str:
    """A new secret for tokens; those sealed with the one before hold until they run out."""
    key_id = new_id()
    key = tables.signing_key

    def work(connection: Connection) -> None:
        connection.execute(update(key).where(key.c.retired_at.is_(None)).values(retired_at=at))
        row = {"id": key_id, "secret": secrets.token_bytes(32), "created_at": at, "retired_at": None}
        connection.execute(insert(key), [row])

    database.write(engine, work)
    return key_id


class Gate:
    """Lets devices in: enrolment with a password, sessions with a signature, requests with a token."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._keys = Keys(engine, clock)
        self.identity = Identity(engine, clock)

    def enrol(self, request: EnrolRequest) -> EnrolAnswer:
        """Register a device. Raises Refused: BAD_CREDENTIALS, TOO_MANY_REQUESTS, BAD_REQUEST."""
        _public_key(request.public_key)
        if len(request.password) > 1024 or len(request.user) > 256 or len(request.device_name) > 200:
            raise Refused(Code.BAD_REQUEST)
        account = self._admit(request.user, request.password)
        device_id = new_id()

        hub_key, courier_key = self.identity.public_key(), public_half(self.identity.courier_secret())

        def work(connection: Connection) -> EnrolAnswer:
            person, court = _register(connection, account, device_id, request, self._clock.now())
            return EnrolAnswer(
                device_id=device_id, person=person, court=court, hub_key=hub_key, courier_key=courier_key
            )

        return database.write(self._engine, work)

    def _admit(self, user: str, password: str) -> accounts.Account:
        at = self._clock.now()
        with self._engine.connect() as connection:
            wait = accounts.seconds_to_wait(connection, user, at)
            account = accounts.find(connection, user)
        if wait:
            raise Refused(Code.TOO_MANY_REQUESTS, retry_after=wait)
        if account is None or not accounts.is_password(account, password):
            if account is None:
                accounts.is_password(None, password)
            database.write(self._engine, lambda connection: accounts.note_failure(connection, user, at))
            raise Refused(Code.BAD_CREDENTIALS)
        database.write(self._engine, lambda connection: accounts.forget_failures(connection, user))
        return account

    def session(self, request: SessionRequest) -> SessionAnswer:
        """A token for a signature by the device's key. Raises Refused: BAD_CREDENTIALS, TOKEN_EXPIRED (signed too long
        ago, or by a clock that is wrong), DEVICE_REVOKED."""
        device = tables.device
        query = select(device.c.court_id, device.c.person_id, device.c.public_key, device.c.revoked_at)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(device.c.id == request.device_id)).one_or_none()
        try:
            key = _public_key(row.public_key if row else "00" * 32)
            key.verify(bytes.fromhex(request.signature), session_text(request.device_id, request.signed_at))
            signed_at = datetime.fromisoformat(request.signed_at)
        except (InvalidSignature, ValueError):
            raise Refused(Code.BAD_CREDENTIALS) from None
        if row is None or signed_at.tzinfo is None:
            raise Refused(Code.BAD_CREDENTIALS)
        if row.revoked_at is not None:
            metrics.WIPES.add()
            raise Refused(Code.DEVICE_REVOKED, wipe=self.identity.wipe_order(request.device_id))
        now = self._clock.now()
        if abs((now - signed_at).total_seconds()) > SIGNED_SECONDS:
            raise Refused(Code.TOKEN_EXPIRED)
        return self._token(Caller(row.court_id, row.person_id, request.device_id), now)

    def _token(self, caller: Caller, now: datetime) -> SessionAnswer:
        key_id, secret = self._keys.newest()
        expires_at = now + TOKEN_LIFE
        token = _Token(key_id, caller.court_id, caller.person_id, caller.device_id, expires_at.timestamp())
        payload = base64.urlsafe_b64encode(msgspec.json.encode(token))
        return SessionAnswer(token=f"{payload.decode()}.{_seal(secret, payload)}", expires_at=expires_at, hub_time=now)

    def caller(self, token: str) -> Caller:
        """Who a token was given to. Raises Refused: BAD_CREDENTIALS, TOKEN_EXPIRED."""
        payload, _, seal = token.partition(".")
        try:
            claim = _tokens.decode(base64.urlsafe_b64decode(payload))
        except (ValueError, msgspec.DecodeError):
            raise Refused(Code.BAD_CREDENTIALS) from None
        secret = self._keys.secret(claim.key_id)
        # A token of a retired key is as good as one that ran out: the desk signs in again.
        if secret is None:
            raise Refused(Code.TOKEN_EXPIRED)
        if not hmac.compare_digest(_seal(secret, payload.encode()).encode(), seal.encode()):
            raise Refused(Code.BAD_CREDENTIALS)
        if claim.expires <= self._clock.now().timestamp():
            raise Refused(Code.TOKEN_EXPIRED)
        return Caller(claim.court_id, claim.person_id, claim.device_id)


def _seal(secret: bytes, payload: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(secret, payload, "sha256")).decode()


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise Refused(Code.BAD_REQUEST) from None


def _register(
    connection: Connection, account: accounts.Account, device_id: str, request: EnrolRequest, at: datetime
) -> tuple[Person, Court]:
    court_id, scope = account.court_id, court_scope(account.court_id)
    keys = {(scope, Kind.COURT, court_id), (scope, Kind.PERSON, account.person_id)}
    found = {kind: codec.decode(kind, row.body) for (_, kind, _), row in write.load(connection, court_id, keys).items()}
    court, person = found.get(Kind.COURT), found.get(Kind.PERSON)
    if not isinstance(court, Court) or not isinstance(person, Person) or not person.active:
        raise Refused(Code.BAD_CREDENTIALS)
    row = {
        "court_id": court_id,
        "id": device_id,
        "person_id": person.id,
        "name": request.device_name,
        "public_key": request.public_key.lower(),
        "enrolled_at": at,
        "revoked_at": None,
    }
    connection.execute(insert(tables.device), [row])
    if request.courier_key:
        open_account(connection, court_id, device_id, request.courier_key)
    entry = Entry(chain=scope, actor_id=person.id, device_id=device_id, action="enrol", record_id=device_id)
    write.write(connection, court_id, [], [entry], at)
    return person, court


def revoke_device(engine: Engine, device_id: str, at: datetime) -> bool:
    """Shut a device out from its next request on; False when there is no such device or it is shut out already."""
    device = tables.device

    def work(connection: Connection) -> bool:
        court_id: str | None = connection.scalar(select(device.c.court_id).where(device.c.id == device_id))
        if court_id is None:
            return False
        # With the court named, a cluster locks and changes one row on one node.
        here = (device.c.court_id == court_id, device.c.id == device_id, device.c.revoked_at.is_(None))
        if not connection.execute(update(device).where(*here).values(revoked_at=at)).rowcount:
            return False
        entry = Entry(
            chain=court_scope(court_id),
            actor_id="hub",
            device_id=device_id,
            action="revoke_device",
            record_id=device_id,
        )
        write.write(connection, court_id, [], [entry], at)
        log.info("device_revoked: %s", device_id)
        return True

    return database.write(engine, work)


def require_device(connection: Connection, caller: Caller, *, holds: bool = False) -> int:
    """The hub's generation. Raises Refused unless the device may still come. With ``holds`` it cannot be shut out
    before the transaction ends."""
    device = tables.device
    query = select(device.c.revoked_at, generations.number().label("generation")).where(
        device.c.court_id == caller.court_id, device.c.id == caller.device_id
    )
    row = connection.execute(query.with_for_update(read=True) if holds else query).one_or_none()
    if row is None or row.revoked_at is not None:
        raise Refused(Code.DEVICE_REVOKED)
    return int(row.generation)
