"""What the hub knows of each desk that sticks go to and come from: its keys, how far its bundles were taken in, and
what it told of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, select

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.hub.accounts import normal_name
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import tables
from judge_desk.protocol.courier import Letter, Place


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk told of itself in its last bundle: the ground of the next one for it."""

    letter: Letter | None = None
    cursors: dict[str, int] = {}
    wanted: tuple[str, ...] = ()
    mids: tuple[int, ...] = ()
    settled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAccount:
    """A device as the courier knows it."""

    caller: Caller
    public_key: str
    courier_key: str
    place: Place
    out_number: int
    said: Said
    is_revoked: bool


class Books:
    """Looks desks up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def account(self, device_id: str) -> DeskAccount:
        """Raises BadInput ``courier.unknown_device``: never enrolled here, or before sticks were known."""
        with self._engine.connect() as connection:
            found = next(iter(_accounts(connection, tables.device.c.id == device_id)), None)
        if found is None:
            raise BadInput("courier.unknown_device", device=device_id[:64])
        return found

    def accounts(self) -> list[DeskAccount]:
        """Every device that can be reached by stick."""
        with self._engine.connect() as connection:
            return list(_accounts(connection, tables.device.c.revoked_at.is_(None)))

    def device_of(self, user_name: str) -> str:
        """The one device of a person, by the account's name; raises NotFound, and BadInput where there are more."""
        table = tables.account
        with self._engine.connect() as connection:
            query = select(table.c.court_id, table.c.person_id).where(table.c.user_name == normal_name(user_name))
            owner = connection.execute(query).one_or_none()
        mine = [] if owner is None else [each for each in self.accounts() if _belongs(each.caller, *owner)]
        if not mine:
            raise NotFound("courier.no_device_of_user")
        if len(mine) > 1:
            raise BadInput("courier.several_devices", devices=", ".join(each.caller.device_id for each in mine))
        return mine[0].caller.device_id


def _accounts(connection: Connection, which: ColumnElement[bool]) -> Iterator[DeskAccount]:
    device, desk = tables.device, tables.courier_desk
    joined = device.join(desk, (desk.c.court_id == device.c.court_id) & (desk.c.device_id == device.c.id))
    query = select(device, desk.c.public_key.label("courier_key"), *[c for c in desk.c if c.name not in _SHARED])
    for row in connection.execute(query.select_from(joined).where(which).order_by(device.c.id)):
        yield DeskAccount(
            caller=Caller(row.court_id, row.person_id, row.id),
            public_key=row.public_key,
            courier_key=row.courier_key,
            place=Place(row.in_number, row.in_part, row.in_whole),
            out_number=row.out_number,
            said=msgspec.json.decode(row.said, type=Said),
            is_revoked=row.revoked_at is not None,
        )


_SHARED = frozenset({"court_id", "device_id", "public_key"})


def is_desk(caller: Caller) -> ColumnElement[bool]:
    """The row of one device in the courier's table."""
    table = tables.courier_desk
    return (table.c.court_id == caller.court_id) & (table.c.device_id == caller.device_id)


def _belongs(caller: Caller, court_id: str, person_id: str) -> bool:
    return (caller.court_id, caller.person_id) == (court_id, person_id)
