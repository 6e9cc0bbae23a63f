"""A judge's day in a real window, with the hub killed in the middle: everything arrives, once, and nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.acts import plain_text
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.runtime import settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from tests.e2e.judge_day import COMMENT, NOTE, PARAGRAPH, PDF, REPLY
from tests.e2e.lived import walked
from tests.e2e.programs import PASSPHRASE, Hub, desk, hub, seeded_hub
from tests.e2e.screen import screen

pytestmark = pytest.mark.window


@pytest.fixture(scope="module")
def session() -> Iterator[dict[str, str]]:
    with screen() as variables:
        yield variables


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Hub]:
    """A court of today: what Today shows must be there on the day of the test."""
    with seeded_hub(tmp_path / "court", cases=3, documents=3) as made:
        yield made


@pytest.fixture
def day(court: Hub, session: dict[str, str], tmp_path: Path) -> Path:
    """The folder of a profile after its day; the hub is up again."""
    profile, folder = tmp_path / "desk", tmp_path / "pictures"
    folder.mkdir()
    court.enrol(profile)
    settings.Settings(profile).set(settings.LANGUAGE, "kk")
    words = ("tests.e2e.judge_day", str(profile), str(folder))
    heard = walked(words, session, {"hub: stop": court.kill, "hub: start": court.start})
    assert heard == ["hub: stop", "hub: start"]
    return profile


def opened(profile: Path) -> OpenProfile:
    return Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)


def test_a_day_with_the_hub_killed_in_the_middle_arrives_whole(day: Path, court: Hub, tmp_path: Path) -> None:
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "pictures" / PDF))
    assert PARAGRAPH in " ".join(text.split())
    answer = desk("sync", "--profile", str(day), "--json").with_code(0).json
    assert (answer["pushed"], answer["pulled"], answer["refused"], answer["conflicts"]) == (0, 0, 0, 0)
    desk("doctor", "--profile", str(day), "--json").with_code(0)
    second = tmp_path / "second"
    court.enrol(second)
    desk("sync", "--profile", str(second), "--json").with_code(0)
    check_second_desk(second)
    check_hub(court)


def check_second_desk(profile: Path) -> None:
    """The same judge at another PC meets each work of the day, once."""
    other = opened(profile)
    try:
        found = work_of_the_day(other)
    finally:
        other.close()
    assert found == {"note": 1, "draft": 1, "review": 1, "reply": 1}


def work_of_the_day(desk_of: OpenProfile) -> dict[str, int]:
    services = desk_of.desk
    cases = services.cases.rows(services.cases.ids(CaseQuery()))
    notes = [row.note.text for case in cases for row in services.notes.of_case(case.id)]
    drafts = [services.drafts.open(row.id).draft.act for row in services.drafts.rows()]
    reviews = [services.reviews.open(row.assignment_id).review for row in services.reviews.assigned()]
    replies = [reply.reply.text for row in services.dossier.view().timeline() for reply in row.replies]
    return {
        "note": notes.count(NOTE),
        "draft": sum(PARAGRAPH in plain_text(act) for act in drafts),
        "review": sum(answer.comment == COMMENT for review in reviews for answer in review.answers),
        "reply": replies.count(REPLY),
    }


def check_hub(court: Hub) -> None:
    """The work came by operations, and the audit's chains are whole."""
    engine = open_engine(court.database)
    try:
        with engine.connect() as connection:
            results = connection.execute(sa.select(sa.func.count()).select_from(tables.mutation)).scalar_one()
    finally:
        engine.dispose()
    assert results >= len({"note", "draft", "review", "reply"})
    assert hub("verify-audit", *court.places, "--json").with_code(0).json["faults"] == []
