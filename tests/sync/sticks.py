"""What two people with memory sticks do, one at a desk and one at the court; shared by the tests of the courier."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from judge_desk.domain.cases import Case
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.courier import Courier, TakenIn, WrittenOut
from judge_desk.hub.db import tables
from judge_desk.protocol import codec
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.courier import Taken, Written
from judge_desk.store import attachments_table
from judge_desk.store.outbox import WHOLE
from judge_desk.store.tables import outbox
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import SyncedDesk

JUDGE = "judge1"


@pytest.fixture(name="case")
def case_at_hub(live_hub: LiveHub) -> Case:
    """A case of the judge at the hub, with one document whose file the hub holds."""
    made = make_case(live_hub)
    add_document(live_hub, made, b"the claim")
    return made


def make_case(hub: LiveHub) -> Case:
    """A case of the judge, whom nobody need have entered yet, and a secretary."""
    hub.add_person("secretary1", Role.SECRETARY)
    made = factories.a_case(court_id=hub.court.id, judge_id=JUDGE, secretary_id="secretary1")
    hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


def add_document(hub: LiveHub, case: Case, content: bytes) -> str:
    scope = case_scope(case.id)
    sha256, _ = hub.registry.add_blob(hub.court.id, scope, content)
    document = factories.a_document(case.id, content)
    hub.put((scope, Kind.DOCUMENT, document.id, document))
    return sha256


def court_side(hub: LiveHub) -> Courier:
    return Courier(hub.engine, hub.blobs, SystemClock())


def device_of(desk: SyncedDesk) -> str:
    side = desk.desk.courier._side
    assert side is not None
    return side.keys.device_id


def from_desk(desk: SyncedDesk, path: Path, **values: Any) -> Written:
    written = desk.desk.courier.write(path, **values)
    assert written is not None
    return written


def at_hub(hub: LiveHub, *paths: Path) -> list[TakenIn]:
    return court_side(hub).take_in(paths).taken


def from_hub(hub: LiveHub, desk: SyncedDesk, path: Path, **values: Any) -> WrittenOut:
    return court_side(hub).write_out(device_of(desk), path, **values)


def round_trip(hub: LiveHub, desk: SyncedDesk, stick: Path) -> Taken:
    """A stick goes to the court and comes back."""
    stick.mkdir(exist_ok=True)
    from_desk(desk, stick / "a.jdc")
    at_hub(hub, stick / "a.jdc")
    from_hub(hub, desk, stick / "b.jdc")
    return desk.desk.courier.read([stick / "b.jdc"])


def owed(desk: SyncedDesk) -> list[Any]:
    with desk.opened.context.store.reading() as connection:
        return list(connection.execute(WHOLE.order_by(outbox.c.mid)))


def audit_lines(hub: LiveHub, record_id: str) -> list[Any]:
    with hub.engine.connect() as connection:
        return list(connection.execute(sa.select(tables.audit).where(tables.audit.c.record_id == record_id)))


def hub_note(hub: LiveHub, note_id: str) -> Any:
    with hub.engine.connect() as connection:
        body = connection.scalar(sa.select(tables.entity.c.body).where(tables.entity.c.id == note_id))
    return None if body is None else codec.decode(Kind.NOTE, body)


def own_document(desk: SyncedDesk, case: Case, content: bytes) -> Any:
    """An act that this desk filed, with its file owed to the hub."""
    context = desk.opened.context
    stored = context.files.write(io.BytesIO(content))
    document = factories.a_document(case.id, content, kind=DocumentKind.ACT)
    with context.store.unit_of_work(desk.person_id, "test.file") as work:
        attachments_table.keep_own(work.connection, stored, context.clock.now())
        work.put(Kind.DOCUMENT, case_scope(case.id), document)
    return document
