"""The tables of the hub: every one is keyed by the court first, so that a cluster can shard by it.

The exceptions stand in ``EVERYWHERE``: asked before the court is known, or about no court at all; small enough for
every shard.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

ID = String(80, collation="C").with_variant(String(80), "sqlite")
"""Compared byte by byte, as SQLite does by itself. An index in the order of some language is out of order as soon as
another release of the server's system sorts that language otherwise; and it is searched more slowly."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime as text of one width, which both databases compare alike and the audit can hash."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


@lru_cache(maxsize=16)  # everything that one push writes bears one moment
def moment_text(value: datetime) -> str:
    """``2026-11-23T04:00:00.000000Z``: sorts as text in the order of time."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _id(name: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, ID, primary_key=key, nullable=nullable)


court = Table("court", metadata, _id("court_id", key=True), Column("created_at", Moment, nullable=False))

account = Table(
    "account",
    metadata,
    Column("user_name", String(128), primary_key=True),
    _id("court_id"),
    _id("person_id"),
    Column("password_hash", String(256), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Moment, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Moment),
)

person_role = Table(
    "person_role",
    metadata,
    _id("court_id", key=True),
    _id("person_id", key=True),
    Column("role", String(32), primary_key=True),
)

device = Table(
    "device",
    metadata,
    _id("court_id", key=True),
    _id("id", key=True),
    _id("person_id"),
    Column("name", String(200), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("enrolled_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("wiped_at", Moment),
    Index(None, "id"),
    Index(None, "court_id", "person_id"),
)

scope = Table(
    "scope",
    metadata,
    _id("court_id", key=True),
    _id("scope", key=True),
    Column("head", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("checksum", BigInteger, nullable=False),
    Column("audit_count", BigInteger, nullable=False),
    Column("audit_hash", String(64), nullable=False),
)

scope_grant = Table(
    "scope_grant",
    metadata,
    _id("court_id", key=True),
    _id("person_id", key=True),
    _id("scope", key=True),
    Column("role", String(32), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("from_at", Moment, nullable=False),
    Column("until_at", Moment),
    Column("reason", String(64), nullable=False, default=""),
    Index(None, "court_id", "scope"),
)

entity = Table(
    "entity",
    metadata,
    _id("court_id", key=True),
    _id("scope", key=True),
    Column("kind", String(32), primary_key=True),
    _id("id", key=True),
    Column("seq", BigInteger, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("court_id", "scope", "seq"),
)

revision = Table(
    "revision",
    metadata,
    _id("court_id", key=True),
    _id("scope", key=True),
    Column("kind", String(32), primary_key=True),
    _id("id", key=True),
    Column("rev", BigInteger, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)

mutation = Table(
    "mutation",
    metadata,
    _id("court_id", key=True),
    _id("device_id", key=True),
    Column("mid", BigInteger, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("result", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

movement = Table(
    "movement",
    metadata,
    _id("court_id", key=True),
    Column("xid", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("scopes", Text, nullable=False),
)
"""The scopes that a transaction moved, a name in each line (empty: too many to name); see movements.py."""

blob = Table(
    "blob",
    metadata,
    _id("court_id", key=True),
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("stored_at", Moment, nullable=False),
)

blob_ref = Table(
    "blob_ref",
    metadata,
    _id("court_id", key=True),
    _id("scope", key=True),
    Column("sha256", String(64), primary_key=True),
    Index(None, "court_id", "sha256"),
)

upload = Table(
    "upload",
    metadata,
    _id("court_id", key=True),
    _id("device_id", key=True),
    Column("sha256", String(64), primary_key=True),
    _id("scope"),
    Column("size", BigInteger, nullable=False),
    Column("started_at", Moment, nullable=False),
)

upload_part = Table(
    "upload_part",
    metadata,
    _id("court_id", key=True),
    _id("device_id", key=True),
    Column("sha256", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
)

hearing_slot = Table(
    "hearing_slot",
    metadata,
    _id("court_id", key=True),
    _id("scope", key=True),
    _id("id", key=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Index(None, "court_id", "starts_at"),
)

audit = Table(
    "audit",
    metadata,
    _id("court_id", key=True),
    _id("chain", key=True),
    Column("n", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    _id("actor_id"),
    _id("device_id"),
    Column("action", String(32), nullable=False),
    Column("scope", String(200), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("record_id", ID, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("body_sha256", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

signing_key = Table(
    "signing_key",
    metadata,
    _id("id", key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("retired_at", Moment),
)

recovery_key = Table(
    "recovery_key",
    metadata,
    _id("court_id", key=True),
    _id("id", key=True),
    Column("public_key", String(64), nullable=False),
    Column("secret", LargeBinary),
    Column("created_at", Moment, nullable=False),
)
"""To what desks seal work that they must forget. ``secret`` is empty once the court keeps it elsewhere."""

rescue = Table(
    "rescue",
    metadata,
    _id("court_id", key=True),
    Column("id", String(64), primary_key=True),
    _id("device_id"),
    _id("person_id"),
    _id("scope"),
    Column("reason", String(64), nullable=False),
    _id("key_id"),
    Column("received_at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "court_id", "device_id"),
)

identity_key = Table(
    "identity_key",
    metadata,
    _id("id", key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""Ed25519: by it desks know what the hub orders."""

hub_state = Table(
    "hub_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", BigInteger, nullable=False),
    Column("settles_at", Moment),
    Column("mark", ID, nullable=False),
    Column("oldest_program", String(8), nullable=False),
)
"""One row, id 1. ``generation`` grows with each restore from a backup; until ``settles_at`` desks bring back what was
lost. ``mark`` names the database server's line of history. ``oldest_program``: the oldest revision whose program may
still work over these tables."""

courier_desk = Table(
    "courier_desk",
    metadata,
    _id("court_id", key=True),
    _id("device_id", key=True),
    Column("public_key", String(64), nullable=False),
    Column("in_number", BigInteger, nullable=False),
    Column("in_part", Integer, nullable=False),
    Column("in_whole", Boolean, nullable=False),
    Column("out_number", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
    Column("said_at", Moment),
)
"""What sticks have carried to and from a device. ``public_key``: to which bundles for it are sealed. ``in_number`` and
``in_part``: the last part taken in, ``in_whole`` when none is missing behind it. ``said``: courier.Said as JSON."""

act_code = Table(
    "act_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    _id("court_id"),
    _id("scope"),
    _id("filed_by"),
)
"""Whose each public code is: of two that bring one in the same instant, the key lets one have it."""

act_file = Table(
    "act_file",
    metadata,
    _id("court_id", key=True),
    Column("sha256", String(64), primary_key=True),
    Column("code_hash", String(64), nullable=False),
    Column("is_signed", Boolean, nullable=False),
    Index(None, "sha256"),
    Index(None, "code_hash"),
)
"""Files of acts that the public may ask about, by hash; asked before the court is known, so whole on every node."""

EVERYWHERE = frozenset({"account", "attempt", "signing_key", "identity_key", "hub_state", "act_code", "act_file"})
"""Tables that a cluster keeps whole on every node; all others are sharded by ``court_id``."""
