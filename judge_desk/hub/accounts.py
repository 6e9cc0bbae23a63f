"""Accounts of people: passwords as Argon2id, and how often a name may be tried."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, delete, select

from judge_desk.domain.errors import BadInput
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import upsert

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
SHORTEST_PASSWORD = 8

# A flood of sign-ins must not take the memory and the cores from those who are signed in.
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a password costs; OWASP's second choice for Argon2id with one lane."""

    memory_kib: int = 19 * 1024
    passes: int = 2


STANDARD = Cost()


@dataclass(frozen=True, slots=True)
class Account:
    court_id: str
    person_id: str
    password_hash: str


def normal_name(user_name: str) -> str:
    return user_name.strip().lower()


def hash_password(password: str, cost: Cost = STANDARD) -> str:
    """The PHC string of a password; raises BadInput when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput("hub.password_too_short", least=SHORTEST_PASSWORD)
    with _turns:
        return _hashed(password.encode(), cost)


def _hashed(secret: bytes, cost: Cost) -> str:
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory_kib)
    return kdf.derive_phc_encoded(secret)


def is_password(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; as slow for an account that does not exist."""
    with _turns:
        try:
            Argon2id.verify_phc_encoded(password.encode(), account.password_hash if account else _decoy())
        except InvalidKey:
            return False
    return account is not None


_decoys: list[str] = []


def _decoy() -> str:
    if not _decoys:
        _decoys.append(_hashed(os.urandom(16), STANDARD))
    return _decoys[0]


def store(connection: Connection, user_name: str, account: Account, at: datetime) -> None:
    """Make an account, or set its password; raises BadInput for a name that belongs to another person."""
    name = normal_name(user_name)
    if not name or len(name) > 128:
        raise BadInput("hub.bad_user_name")
    table = tables.account
    query = select(table.c.court_id, table.c.person_id).where(table.c.user_name == name).with_for_update()
    owner = connection.execute(query).one_or_none()
    if owner is not None and tuple(owner) != (account.court_id, account.person_id):
        raise BadInput("hub.user_name_taken")
    upsert(connection, table, [{"user_name": name, **asdict(account), "active": True, "created_at": at}])


def find(connection: Connection, user_name: str) -> Account | None:
    table = tables.account
    query = select(table.c.court_id, table.c.person_id, table.c.password_hash).where(
        table.c.user_name == normal_name(user_name), table.c.active
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Account(*row)


def seconds_to_wait(connection: Connection, user_name: str, at: datetime) -> int:
    """How long this name may not be tried; the same for names that exist and names that do not."""
    table = tables.attempt
    until = connection.scalar(select(table.c.blocked_until).where(table.c.name_hash == _name_hash(user_name)))
    return 0 if until is None or until <= at else int((until - at).total_seconds()) + 1


def note_failure(connection: Connection, user_name: str, at: datetime) -> None:
    """Count a wrong password; after the free tries each one doubles the wait."""
    table = tables.attempt
    name = _name_hash(user_name)
    query = select(table.c.failures).where(table.c.name_hash == name).with_for_update()
    failures = (connection.scalar(query) or 0) + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 10), LONGEST_WAIT) if failures >= FREE_TRIES else None
    row = {"name_hash": name, "failures": failures, "blocked_until": None if wait is None else at + wait}
    upsert(connection, table, [row])


def forget_failures(connection: Connection, user_name: str) -> None:
    connection.execute(delete(tables.attempt).where(tables.attempt.c.name_hash == _name_hash(user_name)))


def _name_hash(user_name: str) -> str:
    return hashlib.sha256(normal_name(user_name).encode()).hexdigest()
