"""What every use case stands on: the open store, the person at the desk, the court and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.errors import NotAllowed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Actor, Court, Person, Role
from judge_desk.domain.permissions import may_write
from judge_desk.domain.scopes import Scope
from judge_desk.runtime.clock import Clock
from judge_desk.store import tables
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.unit_of_work import Store, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What lies beyond this desk: where the public asks about acts, where time stamps come from (both may be empty),
    and the folder with the roots of the authorities that this profile believes."""

    verify_url: str = ""
    stamp_url: str = ""
    trust: Path | None = None
    chosen_stamp_url: Callable[[], str] | None = None
    """Asked each time where the person may choose another server while the desk is open."""

    @property
    def stamp_server(self) -> str:
        """The address that stamps come from now."""
        return self.stamp_url if self.chosen_stamp_url is None else self.chosen_stamp_url().strip()


@dataclass(frozen=True, slots=True)
class DeskContext:
    """Handed to every service by bootstrap; lives from unlock to lock."""

    store: Store
    files: AttachmentFiles
    clock: Clock
    person: Person
    court: Court
    outside: Outside = field(default_factory=Outside)

    @property
    def verify_url(self) -> str:
        """The address printed on acts."""
        return self.court.verify_url or self.outside.verify_url

    def actor(self, connection: Connection, scope: str) -> Actor:
        """The person in the role by which the hub granted ``scope``; raises NotAllowed where there is no grant."""
        role = connection.execute(sa.select(tables.scope.c.role).where(tables.scope.c.scope == scope)).scalar()
        if role is None:
            raise NotAllowed
        return Actor(person_id=self.person.id, court_id=self.person.court_id, role=Role(role))

    def authorise(
        self, work: UnitOfWork, kind: Kind, scope: str, before: Any, after: Any, *, as_role: Role | None = None
    ) -> None:
        """Ask the same pure function as the hub will; raises NotAllowed before anything is written. ``as_role``:
        another role of this person than the one by which the scope is read."""
        actor = self.actor(work.connection, scope)
        if as_role is not None and as_role in self.person.roles:
            actor = replace(actor, role=as_role)
        if not may_write(actor, kind, Scope.parse(scope), before, after):
            raise NotAllowed(kind=kind.value)
