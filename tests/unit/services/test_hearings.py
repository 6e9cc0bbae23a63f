"""Hearings: the calendar of the desk, clashes, and what other programs can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.services.calendar_file import calendar_text
from judge_desk.services.context import DeskContext
from judge_desk.services.hearings import HearingService
from tests.factories import NOW, a_case, a_document, a_hearing, of_case, with_case, with_file

DAY = date(2026, 11, 23)


def test_days_are_those_of_the_courts_wall(context: DeskContext) -> None:
    case = with_case(context)
    early = a_hearing(case.id, datetime(2026, 11, 22, 19, 0, tzinfo=UTC))  # 00:00 on the 23rd in court
    late = a_hearing(case.id, datetime(2026, 11, 23, 18, 59, tzinfo=UTC))
    tomorrow = a_hearing(case.id, datetime(2026, 11, 23, 19, 0, tzinfo=UTC))
    of_case(context, Kind.HEARING, tomorrow, late, early)
    service = HearingService(context)

    assert [row.hearing.id for row in service.between(DAY, DAY)] == [early.id, late.id]
    assert [row.hearing.id for row in service.between(DAY + timedelta(days=1), DAY + timedelta(days=1))] == [
        tomorrow.id
    ]


@pytest.mark.parametrize("state", HearingState)
@pytest.mark.parametrize(("ended", "is_over"), [(-1, False), (0, True), (1, True)])
def test_a_hearing_that_is_over_owes_its_outcome_until_somebody_writes_it_down(
    context: DeskContext, state: HearingState, ended: int, *, is_over: bool
) -> None:
    hearing = a_hearing(with_case(context).id, NOW - timedelta(minutes=60 + ended), minutes=60, state=state)
    of_case(context, Kind.HEARING, hearing)
    service = HearingService(context)
    owes = is_over and state is HearingState.PLANNED
    assert service.get(hearing.id).owes_outcome is owes
    assert [row.owes_outcome for row in service.between(DAY, DAY)] == [owes]


def test_a_hearing_knows_its_case_and_what_can_be_read_offline(context: DeskContext) -> None:
    case = with_case(context)
    here, missing = a_document(case.id, b"here"), a_document(case.id, b"missing", size=1_000)
    of_case(context, Kind.DOCUMENT, here, missing)
    with_file(context, here, b"here")
    hearing = a_hearing(case.id)
    of_case(context, Kind.HEARING, hearing)

    row = HearingService(context).get(hearing.id)
    assert (row.case_number, row.case_title) == (case.number, case.title)
    assert (row.documents_total, row.documents_here, row.missing_bytes, row.is_ready) == (2, 1, 1_000, False)
    with pytest.raises(NotFound):
        HearingService(context).get("no such")


def test_a_clash_is_told_before_it_is_saved(context: DeskContext) -> None:
    case, other = with_case(context), with_case(context)
    held = a_hearing(case.id, NOW, minutes=60, room="1")
    of_case(context, Kind.HEARING, held, a_hearing(case.id, NOW, room="1", state=HearingState.CANCELLED))
    service = HearingService(context)

    overlapping = a_hearing(other.id, NOW + timedelta(minutes=30), room="2")
    assert [row.hearing.id for row in service.clashing(overlapping)] == [held.id]
    assert service.clashing(a_hearing(other.id, NOW + timedelta(minutes=60), room="1")) == []
    assert service.clashing(a_hearing(other.id, NOW, room="2", judge_id="somebody else")) == []
    assert service.clashing(held) == []


def test_planning_begins_with_what_the_last_hearing_had(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.HEARING, a_hearing(case.id, room="5", by_video=True, prosecutor="Сейтов"))
    service = HearingService(context)

    fresh = service.new(case.id, NOW + timedelta(days=7), 90)
    assert (fresh.room, fresh.by_video, fresh.prosecutor, fresh.judge_id) == ("5", True, "Сейтов", case.judge_id)
    changes = service.plan(fresh)
    assert changes.touches(Kind.HEARING, fresh.id)
    assert service.get(fresh.id).pending == 1


def test_moving_adjourning_and_holding(context: DeskContext) -> None:
    case = with_case(context)
    hearing = a_hearing(case.id)
    of_case(context, Kind.HEARING, hearing)
    service = HearingService(context)

    service.move(hearing.id, NOW + timedelta(days=1), room="7")
    moved = service.get(hearing.id).hearing
    assert (moved.starts_at, moved.room, moved.minutes) == (NOW + timedelta(days=1), "7", 60)
    service.adjourn(hearing.id, "болезнь представителя", NOW + timedelta(days=8))
    assert service.get(hearing.id).hearing.state is HearingState.ADJOURNED
    (following,) = service.between(DAY + timedelta(days=8), DAY + timedelta(days=8))
    assert (following.hearing.room, following.hearing.state) == ("7", HearingState.PLANNED)
    service.hold(following.hearing.id, "допрошены свидетели")
    assert service.get(following.hearing.id).hearing.outcome == "допрошены свидетели"
    with pytest.raises(BadInput):
        service.cancel(following.hearing.id)
    with pytest.raises(NotFound):
        service.cancel("no such")


@pytest.mark.parametrize("minutes", [0, -5, 721])
def test_an_impossible_hearing_is_refused(context: DeskContext, minutes: int) -> None:
    case = with_case(context)
    with pytest.raises(BadInput):
        HearingService(context).plan(a_hearing(case.id, minutes=minutes))
    with pytest.raises(BadInput):
        HearingService(context).plan(a_hearing(case.id, NOW.replace(tzinfo=None)))


def test_the_calendar_file_names_numbers_and_rooms_only(context: DeskContext) -> None:
    case = with_case(context, a_case(number="7140-26-00-2/5", title="Ахметов против Оспанова"))
    of_case(context, Kind.HEARING, a_hearing(case.id, room="Зал 2; этаж 1, левое крыло"))
    of_case(context, Kind.HEARING, a_hearing(case.id, state=HearingState.CANCELLED))

    text = HearingService(context).calendar(DAY, DAY)

    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20261123T040000Z\r\n" in text
    assert "DTEND:20261123T050000Z\r\n" in text
    assert "SUMMARY:7140-26-00-2/5\r\n" in text
    assert "LOCATION:Зал 2\\; этаж 1\\, левое крыло\r\n" in text
    assert "Ахметов" not in text


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(room=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_no_room_breaks_the_calendar_file(room: str) -> None:
    text = calendar_text([(a_hearing("case", room=room), "1")], NOW)

    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    (written,) = [line for line in unfolded.split("\r\n") if line.startswith("LOCATION:")]
    plain = written.removeprefix("LOCATION:").replace("\\\\", "\0")
    for escaped, letter in (("\\;", ";"), ("\\,", ","), ("\\n", "\n")):
        plain = plain.replace(escaped, letter)
    assert plain.replace("\0", "\\") == room
