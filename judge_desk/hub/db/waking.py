"""Wakes who listens for a change: what a transaction moved is noted in it and told once it is committed, never before.

Context: desks want to hear of a change within a second, from whichever hub process took it.
Decision: on PostgreSQL a NOTIFY in a transaction of its own behind the commit; on SQLite a queue in this process, and
``data_version`` for what others wrote. A process killed between commit and telling tells nothing: the desk's own
polling finds the change, so a poke may be lost but no row.
Alternatives: NOTIFY inside the writing transaction, which makes all writers of the server wait for one lock at commit;
a poller over the heads of all scopes, whose cost grows with the country.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, Engine, text

CHANNEL = "judge_desk_moved"
MOST_SCOPES = 60
"""More than these fit no notification (8,000 bytes): then everybody of the court is told."""
_NOTED = "judge_desk_moved"


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """New heads by scope (empty: too many to name) and the devices whose own work it was: they need not be told."""

    court_id: str
    heads: dict[str, int]
    devices: tuple[str, ...] = ()

    def encoded(self) -> str:
        fits = self if len(self.heads) <= MOST_SCOPES else Moved(self.court_id, {})
        return msgspec.json.encode(fits).decode()


Listener = Callable[[Sequence[Moved]], None]
_listeners: WeakKeyDictionary[Engine, Listener] = WeakKeyDictionary()
decode = msgspec.json.Decoder(Moved).decode


def listen(engine: Engine, listener: Listener | None) -> None:
    """Hear of every commit through this engine, on the thread that made it; None: no longer."""
    if listener is None:
        _listeners.pop(engine, None)
    else:
        _listeners[engine] = listener


def note(connection: Connection, moved: Moved) -> None:
    """To be told when the transaction at hand is committed."""
    connection.info.setdefault(_NOTED, []).append(moved)


def begin(connection: Connection) -> None:
    """Drop what a transaction that was rolled back left."""
    connection.info.pop(_NOTED, None)


def tell(engine: Engine, connection: Connection) -> None:
    """The transaction is committed: tell what it moved."""
    noted: list[Moved] = connection.info.pop(_NOTED, [])
    listener = _listeners.get(engine)
    if not noted:
        return
    if listener is not None:
        listener(noted)
    elif engine.dialect.name == "postgresql":  # a command beside the serving processes
        with connection.begin():
            for each in noted:
                connection.execute(text("SELECT pg_notify(:channel, :moved)"), notice(each))


def notice(moved: Moved) -> dict[str, str]:
    return {"channel": CHANNEL, "moved": moved.encoded()}
