"""The desk's books about sticks: which numbers went out and came in, and whether the network was faster meanwhile."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy.engine import Connection

from judge_desk.protocol import codec
from judge_desk.protocol.courier import Place
from judge_desk.store import session_data

KEY = "courier"
HUB_KEY = "hub_courier_key"


class CourierBooks(msgspec.Struct, frozen=True, kw_only=True):
    """``epoch`` counts the letters in which this desk told its cursors; ``overtaken`` is the highest of them behind
    which the network brought something: what answers it may speak of rights that are no longer so."""

    out_number: int = 0
    epoch: int = 0
    overtaken: int = -1
    place: Place = Place()
    written_at: datetime | None = None
    taken_at: datetime | None = None
    hub_confirmed: int = 0

    @property
    def is_overtaken(self) -> bool:
        """Whether it is already known that the network was heard behind the last letter."""
        return self.overtaken >= self.epoch


def read(connection: Connection) -> CourierBooks:
    return session_data.get(connection, KEY, CourierBooks) or CourierBooks()


def of(text: str | None) -> CourierBooks:
    """The books as they lie in the database; None: none yet."""
    return CourierBooks() if text is None else codec.decode_as(CourierBooks, text)


def keep(connection: Connection, books: CourierBooks) -> None:
    session_data.put(connection, KEY, books)


def begin(connection: Connection, hub_courier_key: str) -> None:
    """At enrolment: this device is new to the hub, whose bundles for it begin at one."""
    session_data.put(connection, HUB_KEY, hub_courier_key)
    keep(connection, msgspec.structs.replace(read(connection), place=Place(), hub_confirmed=0, written_at=None))


def hub_key(connection: Connection) -> str:
    """The hub's X25519 key in hex; empty for a desk that enrolled before there was any."""
    return session_data.get(connection, HUB_KEY, str) or ""


def overtake(connection: Connection) -> None:
    """The network was heard: what is still under way by stick decides on no right any more."""
    books = read(connection)
    keep(connection, msgspec.structs.replace(books, overtaken=books.epoch))
