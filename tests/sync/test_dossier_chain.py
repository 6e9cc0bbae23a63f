"""A dossier over a real hub: entries of two desks at once form one chain, and a change in the database shows at the
judge."""

from __future__ import annotations

import threading
from dataclasses import replace

import sqlalchemy as sa

from judge_desk.domain.chains import ChainFault
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import dossier_scope
from judge_desk.hub.db import tables
from judge_desk.protocol import codec
from judge_desk.protocol.feed import CHECKSUM_MODULUS, row_hash
from judge_desk.services.doctor import check_dossiers
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk

EACH = 10


def enter(desk: SyncedDesk, judge_id: str, title: str) -> None:
    dossier = desk.desk.dossier
    dossier.enter(dossier.new_entry(judge_id, DossierSection.AWARDS, title))


def two_commissioners(hub: LiveHub, new_desk: NewDesk, judge_id: str) -> list[SyncedDesk]:
    desks = [new_desk(hub, f"commission{each}", role=Role.COMMISSION) for each in (1, 2)]
    hub.registry.grant_many(
        hub.court.id, [(each.person_id, dossier_scope(judge_id), Role.COMMISSION) for each in desks]
    )
    for each in desks:
        each.sync()
    return desks


def test_entries_of_two_desks_at_once_form_one_chain(live_hub: LiveHub, new_desk: NewDesk) -> None:
    judge = new_desk(live_hub, "judge1")
    desks = two_commissioners(live_hub, new_desk, "judge1")
    for desk in desks:
        for number in range(EACH):
            enter(desk, "judge1", f"Жазба {number}")
    threads = [threading.Thread(target=desk.sync) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    judge.sync()
    chain = judge.desk.dossier.view().chain
    assert chain is not None
    assert (chain.links, chain.faults) == (2 * EACH, ())
    assert check_dossiers(judge.opened.context).ok


def test_a_change_in_the_hubs_database_shows(live_hub: LiveHub, new_desk: NewDesk) -> None:
    judge = new_desk(live_hub, "judge1")
    desk = two_commissioners(live_hub, new_desk, "judge1")[0]
    enter(desk, "judge1", "Құрмет грамотасы")
    desk.sync()
    judge.sync()
    assert check_dossiers(judge.opened.context).ok
    forge(live_hub)
    judge.sync()
    found = check_dossiers(judge.opened.context)
    assert not found.ok
    assert [each["reason"] for each in found.named] == [ChainFault.ALTERED.value]
    view = judge.desk.dossier.view()
    assert view.chain is not None
    assert view.chain.faults


def forge(hub: LiveHub) -> None:
    """Somebody who knows the hub's database rewrites an entry and has it sent again, its checksum in order."""
    entity, scope = tables.entity, tables.scope
    place = sa.and_(entity.c.scope == dossier_scope("judge1"), entity.c.kind == Kind.DOSSIER_ENTRY.value)
    with hub.engine.begin() as connection:
        row = connection.execute(sa.select(entity.c.id, entity.c.rev, entity.c.body).where(place)).one()
        entry: DossierEntry = codec.decode(Kind.DOSSIER_ENTRY, row.body)
        forged = codec.encode(replace(entry, title="Сөгіс")).decode()
        here = scope.c.scope == dossier_scope("judge1")
        head, checksum = connection.execute(sa.select(scope.c.head, scope.c.checksum).where(here)).one()
        checksum += row_hash(row.id, row.rev + 1) - row_hash(row.id, row.rev)
        connection.execute(sa.update(entity).where(place).values(body=forged, seq=head + 1, rev=row.rev + 1))
        connection.execute(sa.update(scope).where(here).values(head=head + 1, checksum=checksum % CHECKSUM_MODULUS))
