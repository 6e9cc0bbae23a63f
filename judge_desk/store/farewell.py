"""What this desk owes the hub about what it forgot: unsent work, sealed at once, and receipts; signed when sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person
from judge_desk.protocol.leaving import Bundle, Rescue, Wiped, rescue_id, seal
from judge_desk.protocol.operations import Action, Operation
from judge_desk.store import scrub, session_data
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import WHOLE
from judge_desk.store.session_data import DEVICE, PERSON, RECOVERY_KEY
from judge_desk.store.tables import RECORD_TABLES, farewell, operation_text, outbox

_SHAPES: dict[str, type[Rescue] | type[Wiped]] = {"rescue": Rescue, "wiped": Wiped}


def rescue(connection: Connection, scope: str, reason: str) -> bool:
    """Seal the unsent work of a scope for the court; False when there is none, or the court's key was never heard."""
    device_id = session_data.get(connection, DEVICE, str) or ""
    person = session_data.get(connection, PERSON, Person)
    key_id, key = session_data.get(connection, RECOVERY_KEY, tuple[str, str]) or ("", "")
    operations = _unsent(connection, scope)
    if not (operations and key and person):
        return False
    sealed = seal(Bundle(scope=scope, person_id=person.id, operations=operations), key)
    message = Rescue(
        device_id=device_id, id=rescue_id(sealed), scope=scope, reason=reason, key_id=key_id, sealed=sealed
    )
    _owe(connection, "rescue", message)
    return True


def rescue_all(connection: Connection, reason: str) -> None:
    """The same for every scope, before the whole store goes."""
    for scope in connection.execute(sa.select(outbox.c.scope).distinct()).scalars().all():
        rescue(connection, str(scope), reason)


def forgotten(connection: Connection, scope: str, reason: str, at: datetime, *, rows: int, files: int) -> None:
    """A receipt: rows and files of the scope (empty: everything) are gone from this desk."""
    device_id = session_data.get(connection, DEVICE, str)
    if device_id:
        _owe(
            connection,
            "wiped",
            Wiped(device_id=device_id, scope=scope, reason=reason, at=at, rows=rows, files=files),
        )


def rows(connection: Connection) -> int:
    """How many records this desk holds."""
    counted = (connection.execute(sa.select(sa.func.count()).select_from(each)) for each in RECORD_TABLES.values())
    return sum(int(each.scalar_one()) for each in counted)


_SCRUBS = f"SELECT 1 FROM meta WHERE key = '{scrub.STATE}' AND value <> '\"\"'"  # noqa: S608 - our own name
OWED = f"(EXISTS (SELECT 1 FROM farewell) OR EXISTS ({_SCRUBS}))"  # noqa: S608 - our own words


def is_owed(connection: Connection) -> bool:
    """Whether there is anything to say, or words to take out of the index."""
    return bool(connection.exec_driver_sql(f"SELECT {OWED}").scalar_one())


def owed(connection: Connection) -> Sequence[tuple[int, Rescue | Wiped]]:
    """Numbers and messages, oldest first."""
    rows = connection.execute(sa.select(farewell).order_by(farewell.c.no))
    return [(row.no, msgspec.json.decode(row.body, type=_SHAPES[row.what])) for row in rows]


def said(connection: Connection, number: int) -> None:
    """The hub has it."""
    connection.execute(sa.delete(farewell).where(farewell.c.no == number))


def _owe(connection: Connection, what: str, message: Rescue | Wiped) -> None:
    connection.execute(sa.insert(farewell).values(what=what, body=msgspec.json.encode(message).decode()))


def _unsent(connection: Connection, scope: str) -> tuple[Operation, ...]:
    """Everything with words in it that the hub has not confirmed, what it refused too. A deliberation draft is never
    among them: it does not enter the outbox."""
    mine = (outbox.c.scope == scope, operation_text.c.body != NONE, outbox.c.action == Action.PUT)
    return tuple(
        Operation(
            mid=row.mid,
            scope=scope,
            kind=Kind(row.kind),
            id=row.record_id,
            action=Action.PUT,
            base_rev=row.base_rev,
            body=msgspec.Raw(row.body.encode()),
            made_at=datetime.fromisoformat(row.made_at),
        )
        for row in connection.execute(WHOLE.where(*mine).order_by(outbox.c.mid))
    )
