"""Over a line of 512 kbit/s, 700 ms, 2 % loss and a cut every three minutes, scaled down: everything arrives, once."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.errors import HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime import settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import attachments_table
from judge_desk.sync.report import SyncReport
from tests import factories
from tests.live_hub import PASSWORD, LiveHub
from tests.poor_link import Line, PoorLink, poor_link
from tests.sync.conftest import CHEAP, PASSPHRASE, SyncedDesk

JUDGE = "judge1"
TIMES = 40
"""A 20 MB file takes five and a half minutes on the real line: `python -m tests.bench.faults --line` plays that."""


def desk_at(hub: LiveHub, link: PoorLink, folder: Path) -> SyncedDesk:
    """Enrolled over the good line, then moved to the bad one."""
    profile = Profile(folder, SystemClock(), cost=CHEAP, use_keyring=False)
    profile.enrol(hub.url, JUDGE, PASSWORD, PASSPHRASE)
    profile.settings.set(settings.HUB_URL, link.url)
    return SyncedDesk(profile, profile.unlock(PASSPHRASE, with_loop=False))


def until_level(desk: SyncedDesk, link: PoorLink, most: int = 60) -> tuple[SyncReport, int]:
    """Cycles as the loop runs them, until one ends without a fault; what they moved, and how many broke off."""
    total, broken = SyncReport(), 0
    for _ in range(most):
        report = SyncReport()
        try:
            desk.opened.engine_for(lambda _progress: None).cycle(threading.Event(), report)
        except HubProblem:
            broken += 1
            assert link.up.wait(60)
        total.files_in += report.files_in
        total.files_out += report.files_out
        total.pushed += report.pushed
        if report.hub_time is not None and not report.more_files and not owed(desk):
            return total, broken
    raise AssertionError("it never ended")


def owed(desk: SyncedDesk) -> int:
    outlook = desk.desk.sync.outlook()
    return outlook.waiting + outlook.files_to_fetch + outlook.files_to_send


@pytest.mark.parametrize("direction", ["down", "up"])
def test_a_large_file_arrives_over_a_line_that_is_cut(sqlite_hub: LiveHub, tmp_path: Path, direction: str) -> None:
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    case = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    scope, content = case_scope(case.id), os.urandom(12 << 20)
    sqlite_hub.put((scope, Kind.CASE, case.id, case))
    with poor_link(sqlite_hub.url, Line().faster(TIMES)) as link:
        desk = desk_at(sqlite_hub, link, tmp_path / "desk")
        try:
            if direction == "down":
                sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, scope, content)
                document = factories.a_document(case.id, content, sha256=sha256, size=size)
                sqlite_hub.put((scope, Kind.DOCUMENT, document.id, document))
                total, broken = until_level(desk, link)
                with desk.desk.documents.content(document.id) as opened:
                    assert opened.read() == content
                assert total.files_in == 1
                assert link.bytes_down < 1.4 * len(content), "what came is not fetched again"
            else:
                until_level(desk, link)
                send_file(desk, case.id, content)
                total, broken = until_level(desk, link)
                assert (total.files_out, total.pushed) == (1, 1)
            assert link.cuts
            assert broken
            assert link.lost_packets
        finally:
            desk.close()


def send_file(desk: SyncedDesk, case_id: str, content: bytes) -> None:
    import io

    from judge_desk.domain.documents import DocumentKind

    context = desk.opened.context
    stored = context.files.write(io.BytesIO(content))
    act = factories.a_document(case_id, content, kind=DocumentKind.ACT)
    with context.store.unit_of_work(JUDGE, "test.act") as work:
        work.put(Kind.DOCUMENT, case_scope(case_id), act)
        attachments_table.keep_own(work.connection, stored, context.clock.now())


def test_two_days_of_work_go_once_and_quickly(live_hub: LiveHub, tmp_path: Path) -> None:
    live_hub.add_person(JUDGE, Role.JUDGE)
    case = factories.a_case(court_id=live_hub.court.id, judge_id=JUDGE)
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, case))
    line = Line(every_seconds=0, loss=0.02).faster(TIMES)
    with poor_link(live_hub.url, line) as link:
        desk = desk_at(live_hub, link, tmp_path / "desk")
        try:
            until_level(desk, link)
            notes = desk.desk.notes
            for number in range(500):
                notes.save(notes.new(case.id, f"оқу {number}"))
            report = desk.sync()
            assert (report.pushed, report.refused, report.conflicts) == (500, 0, 0)
            assert report.round_trips <= 4, "not one for each"
            assert desk.sync().pushed == 0
        finally:
            desk.close()
    with live_hub.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT seq, body FROM entity WHERE kind = 'note'").all()
    assert sorted(int(body.split("оқу ")[1].split('"')[0]) for _, body in rows) == list(range(500))
