"""A power cut behind an exchange: what did not wait for the disk is taken back, and comes again without harm.

What the hub answered, what was pulled and which files arrived is written without waiting for the disk. A cut may take
all of it back to what lay on the disk when the last operations were frozen: the desk is put back to that moment here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from judge_desk.domain.cases import Case
from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.db import tables
from judge_desk.protocol.operations import Operation, Result
from judge_desk.store import attachments_table, records
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import SyncedDesk, enrolled
from tests.sync.test_file_order import a_case_with_file

JUDGE = "judge1"


class Power:
    """A desk whose PC may lose its power: ``disk`` is what lay there when the hub had carried out the last push and its
    answer had not come yet."""

    def __init__(self, hub: LiveHub, folder: Path, disk: Path) -> None:
        self._hub, self._folder, self._disk = hub, folder, disk
        self.desk = enrolled(hub.url, JUDGE, folder)

    def is_on_disk(self) -> None:
        shutil.rmtree(self._disk, ignore_errors=True)
        shutil.copytree(self._folder, self._disk)

    def fails_and_returns(self) -> SyncedDesk:
        self.desk.close()
        shutil.rmtree(self._folder)
        shutil.copytree(self._disk, self._folder)
        self.desk = enrolled(self._hub.url, JUDGE, self._folder)
        return self.desk


@pytest.fixture
def power(sqlite_hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Power]:
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    made = Power(sqlite_hub, tmp_path / "desk", tmp_path / "disk")
    whole = HttpHub.push

    def push(hub: HttpHub, operations: Iterable[Operation]) -> tuple[Result, ...]:
        answer = whole(hub, operations)
        made.is_on_disk()
        return answer

    monkeypatch.setattr(HttpHub, "push", push)
    yield made
    made.desk.close()


@pytest.fixture
def case(sqlite_hub: LiveHub, power: Power) -> Case:
    found = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    sqlite_hub.put((case_scope(found.id), Kind.CASE, found.id, found))
    power.desk.sync()
    return found


def entries(hub: LiveHub) -> int:
    """Lines of the hub's audit: one for each operation that it carried out."""
    with hub.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.audit)).scalar_one())


def texts(desk: SyncedDesk, case: Case) -> list[str]:
    return sorted(row.note.text for row in desk.desk.notes.of_case(case.id))


def test_what_the_hub_answered_is_asked_again_and_done_once(sqlite_hub: LiveHub, power: Power, case: Case) -> None:
    desk = power.desk
    for number in range(3):
        desk.desk.notes.save(factories.a_note(case.id, author_id=JUDGE, reach=NoteReach.SHARED, text=f"note {number}"))
    assert desk.sync().pushed == 3
    assert not desk.desk.sync.outlook().waiting
    done = entries(sqlite_hub)
    desk = power.fails_and_returns()
    assert desk.desk.sync.outlook().waiting == 3, "the answers are gone: this is what the cut took back"
    report = desk.sync()
    assert (report.pushed, report.conflicts, report.refused, report.mismatches) == (3, 0, 0, 0)
    assert entries(sqlite_hub) == done, "the hub gave its answers again and did nothing twice"
    assert texts(desk, case) == ["note 0", "note 1", "note 2"]
    assert not desk.desk.sync.outlook().waiting


def test_what_is_written_behind_the_cut_stands_on_what_was_sent(sqlite_hub: LiveHub, power: Power, case: Case) -> None:
    note = factories.a_note(case.id, author_id=JUDGE, reach=NoteReach.SHARED, text="before")
    power.desk.desk.notes.save(note)
    power.desk.sync()
    desk = power.fails_and_returns()
    desk.desk.notes.save(replace(note, text="behind the cut"))
    report = desk.sync()
    assert (report.conflicts, report.refused, report.mismatches) == (0, 0, 0)
    assert texts(desk, case) == ["behind the cut"]
    assert desk.sync().pushed == 0, "nothing is owed any more"


def test_what_was_pulled_and_fetched_comes_again(sqlite_hub: LiveHub, power: Power, case: Case) -> None:
    desk = power.desk
    desk.desk.notes.save(factories.a_note(case.id, author_id=JUDGE, reach=NoteReach.SHARED))
    new, document = a_case_with_file(sqlite_hub, 300_000)
    assert desk.sync().files_in == 1
    desk = power.fails_and_returns()
    with desk.opened.context.store.reading() as connection:
        assert records.find(connection, Kind.CASE, new.id) is None, "the pull behind the push is gone"
    report = desk.sync()
    assert (report.files_in, report.mismatches) == (1, 0)
    with desk.desk.documents.content(document.id) as opened:
        assert len(opened.read()) == 300_000
    with desk.opened.context.store.reading() as connection:
        row = attachments_table.find(connection, document.sha256)
    assert row is not None
    assert row.state is AttachmentState.HERE
    folder = desk.opened.context.files
    assert folder.sweep([row.stored.name] if row.stored else []) == 0, "and nothing else lies there"
