"""Who this desk belongs to and what it knows of the hub: a few named values in the encrypted file."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.protocol import codec
from judge_desk.store.tables import meta

T = TypeVar("T")
DEVICE = "device_id"
PERSON = "person"
COURT = "court"
HUB_KEY = "hub_key"
"""The hub's public key (hex), by which a true wipe order is known."""
RECOVERY_KEY = "recovery_key"
"""The court's: (id, public half in hex)."""


def put(connection: Connection, key: str, value: object) -> None:
    """Keep a value (anything that codec can write) under a name."""
    statement = upsert(meta).values(key=key, value=codec.encode(value).decode())
    connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


def get(connection: Connection, key: str, value_type: type[T]) -> T | None:
    """The value under a name, or None when there is none."""
    text = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
    return None if text is None else codec.decode_as(value_type, text)
