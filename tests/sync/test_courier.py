"""Desk and hub by memory stick: what goes by stick, by network, or by both has one effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.domain.cases import Case, Stage
from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.hub.db import tables
from judge_desk.protocol import courier
from judge_desk.store import attachments_table, records
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.store.tables import scope as scope_table
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk
from tests.sync.sticks import (
    add_document,
    at_hub,
    audit_lines,
    case_at_hub,  # noqa: F401
    from_desk,
    from_hub,
    hub_note,
    owed,
    own_document,
    round_trip,
)

JUDGE = "judge1"
LEAST = courier.LEAST_PART_BYTES


def test_a_desk_that_was_never_connected_works_by_stick(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    first = from_hub(live_hub, desk, tmp_path / "first.jdc")
    taken = desk.desk.courier.read([tmp_path / "first.jdc"])
    assert (first.number, taken.numbers, taken.waiting) == (1, [1], 0)
    with desk.opened.context.store.reading() as connection:
        assert records.get(connection, Kind.CASE, case.id).number == case.number
        (held,) = connection.execute(sa.select(attachment)).all()
    assert held.state == AttachmentState.HERE

    note = desk.desk.notes.new(case.id, "Куәні шақыру")
    desk.desk.notes.save(note)
    from_desk(desk, tmp_path / "to-court.jdc")
    assert [row.state for row in owed(desk)] == ["sent"], "the outbox empties only on a receipt"
    (came,) = at_hub(live_hub, tmp_path / "to-court.jdc")
    assert (came.operations, came.applied, came.whole) == (1, 1, True)
    assert hub_note(live_hub, note.id).text == "Куәні шақыру"
    assert len(owed(desk)) == 1
    from_hub(live_hub, desk, tmp_path / "second.jdc")
    taken = desk.desk.courier.read([tmp_path / "second.jdc"])
    assert (taken.report.pushed, owed(desk)) == (1, [])
    assert desk.desk.courier.view().unconfirmed == 0


def test_one_operation_by_stick_and_by_network_has_one_effect(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    note = desk.desk.notes.new(case.id, "once")
    desk.desk.notes.save(note)
    from_desk(desk, tmp_path / "a.jdc")
    assert desk.sync().pushed == 1
    (came,) = at_hub(live_hub, tmp_path / "a.jdc")
    assert came.applied == 1, "the stored answer, word for word"
    assert [line.outcome for line in audit_lines(live_hub, note.id)] == ["applied"]
    from_hub(live_hub, desk, tmp_path / "b.jdc")
    assert desk.desk.courier.read([tmp_path / "b.jdc"]).report.pushed == 0
    assert (owed(desk), desk.sync().mismatches) == ([], 0)


def test_the_network_after_the_stick_finds_everything_done(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    note = desk.desk.notes.new(case.id, "once")
    desk.desk.notes.save(note)
    from_desk(desk, tmp_path / "a.jdc")
    at_hub(live_hub, tmp_path / "a.jdc")
    assert (desk.sync().pushed, owed(desk)) == (1, [])
    assert len(audit_lines(live_hub, note.id)) == 1


def test_a_stick_that_comes_twice_or_late_is_refused_by_name(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "one"))
    from_desk(desk, tmp_path / "lost.jdc")
    desk.desk.notes.save(desk.desk.notes.new(case.id, "two"))
    from_desk(desk, tmp_path / "next.jdc")
    (came,) = at_hub(live_hub, tmp_path / "next.jdc")
    assert (came.number, came.applied) == (2, 2), "the second stick makes the lost first one good"
    for name in ("next.jdc", "lost.jdc"):
        (tmp_path / "alone").mkdir(exist_ok=True)
        stick = (tmp_path / name).rename(tmp_path / "alone" / name)
        with pytest.raises(BadInput) as refused:
            at_hub(live_hub, stick)
        assert refused.value.key == "courier.seen"
        assert refused.value.params["newest"] == 2


def test_the_desk_refuses_an_older_stick_of_the_court(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        from_hub(live_hub, desk, tmp_path / name / "x.jdc")
    assert desk.desk.courier.read([tmp_path / "two"]).numbers == [2]
    with pytest.raises(BadInput, match=r"courier\.seen"):
        desk.desk.courier.read([tmp_path / "one"])


def test_a_revocation_by_network_is_not_undone_by_an_older_stick(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    """The stick was written while the case was still the judge's; the network said meanwhile that it is no more."""
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    from_desk(desk, tmp_path / "a.jdc")
    at_hub(live_hub, tmp_path / "a.jdc")
    from_hub(live_hub, desk, tmp_path / "b.jdc")
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id="other")))
    desk.sync()
    desk.desk.courier.read([tmp_path / "b.jdc"])
    with desk.opened.context.store.reading() as connection:
        assert records.find(connection, Kind.CASE, case.id) is None


def test_a_grant_of_an_overtaken_stick_is_not_taken(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    from_hub(live_hub, desk, tmp_path / "b.jdc")  # grants the case
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id="other")))
    desk.sync()  # never hears of the case
    taken = desk.desk.courier.read([tmp_path / "b.jdc"])
    assert taken.waiting > 0
    with desk.opened.context.store.reading() as connection:
        assert records.find(connection, Kind.CASE, case.id) is None
        granted = connection.execute(sa.select(scope_table.c.scope)).scalars().all()
    assert case_scope(case.id) not in granted


def test_a_deleted_record_does_not_come_back_by_an_older_stick(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    note = desk.desk.notes.new(case.id, "passing")
    desk.desk.notes.save(note)
    desk.sync()
    from_hub(live_hub, desk, tmp_path / "b.jdc")
    desk.desk.notes.delete(note.id)
    desk.sync()
    desk.desk.courier.read([tmp_path / "b.jdc"])
    with desk.opened.context.store.reading() as connection:
        assert records.find(connection, Kind.NOTE, note.id) is None
    assert desk.sync().mismatches == 0


def test_reassignment_reaches_a_desk_that_lives_by_stick(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id="other")))
    round_trip(live_hub, desk, tmp_path / "two")
    with desk.opened.context.store.reading() as connection:
        assert records.find(connection, Kind.CASE, case.id) is None
        assert connection.execute(sa.select(attachment)).all() == []


def test_files_made_on_the_desk_go_by_stick_with_their_documents(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    content = bytes(range(256)) * 40_000
    document = own_document(desk, case, content)
    round_trip(live_hub, desk, tmp_path / "two")
    with desk.opened.context.store.reading() as connection:
        row = attachments_table.find(connection, document.sha256)
        assert row is not None
        assert row.state is AttachmentState.HERE
    other = new_desk(live_hub, "secretary1", role=Role.SECRETARY)
    other.sync()
    with other.opened.context.store.reading() as connection:
        there = attachments_table.find(connection, document.sha256)
    assert there is not None
    assert there.stored is not None
    assert other.opened.context.files.read_all(there.stored) == content


def test_parts_are_taken_in_one_by_one_and_in_their_order(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    big = bytes(range(251)) * 70_000  # 17.5 MB: three parts of 8 MiB at most
    add_document(live_hub, case, big)
    desk = new_desk(live_hub, JUDGE)
    written = from_hub(live_hub, desk, tmp_path / "x.jdc", part_bytes=LEAST)
    assert [each.name for each in written.parts] == ["x.jdc", "x-2.jdc", "x-3.jdc"]
    assert all(each.stat().st_size <= LEAST for each in written.parts)
    sticks = []
    for number, part in enumerate(written.parts):
        (tmp_path / f"stick{number}").mkdir()
        sticks.append(part.rename(tmp_path / f"stick{number}" / part.name))
    assert desk.desk.courier.read([sticks[0]]).next_part == 2
    with pytest.raises(BadInput, match=r"courier\.part_waits"):
        desk.desk.courier.read([sticks[2]])
    assert desk.desk.courier.read([sticks[1]]).next_part == 3
    taken = desk.desk.courier.read([sticks[2]])
    assert (taken.next_part, taken.report.files_in) == (0, 1)
    with desk.opened.context.store.reading() as connection:
        states = connection.execute(sa.select(attachment.c.state)).scalars().all()
    assert set(states) == {"here"}


def test_a_stick_with_little_room_brings_the_rest_next_time(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    add_document(live_hub, case, b"x" * 3_000_000)
    desk = new_desk(live_hub, JUDGE)
    written = from_hub(live_hub, desk, tmp_path / "x.jdc", budget_bytes=1 << 20)
    assert (written.files, written.left) == (1, 1)
    assert (tmp_path / "x.jdc").stat().st_size <= 1 << 20
    desk.desk.courier.read([tmp_path / "x.jdc"])
    assert round_trip(live_hub, desk, tmp_path / "two").report.files_in == 1


def test_a_refusal_comes_back_by_stick_and_waits_for_the_judge(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    desk.desk.cases.advance(case.id, Stage.PREPARATION)
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, title="Другое")))
    taken = round_trip(live_hub, desk, tmp_path / "two")
    assert (taken.report.pushed, taken.report.refused) == (0, 1)
    (row,) = desk.desk.sync.attention()
    assert row.code == "stale"


def test_records_of_each_desk_agree_with_the_hub(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    with desk.opened.context.store.reading() as connection:
        held = {
            (kind.value, row.id): row.rev
            for kind, table in RECORD_TABLES.items()
            for row in connection.execute(sa.select(table))
        }
    with live_hub.engine.connect() as connection:
        rows = connection.execute(sa.select(tables.entity).where(~tables.entity.c.deleted)).all()
    granted = {case_scope(case.id), user_scope(JUDGE), f"court:{live_hub.court.id}", f"dossier:{JUDGE}"}
    assert held == {(row.kind, row.id): row.rev for row in rows if row.scope in granted}
