"""The list of cases and the case file, over a real store."""

from __future__ import annotations

from array import array
from datetime import date, timedelta

import pytest

from judge_desk.domain.cases import OPEN_STAGES, PartyRole, Procedure, Stage
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.services.cases import CaseQuery, CaseService, CaseSort
from judge_desk.services.context import DeskContext
from judge_desk.store.tables import journal, outbox
from tests import factories
from tests.factories import NOW, a_case, a_document, a_hearing, a_note, a_party, a_term, of_case, with_case


def listed(service: CaseService, query: CaseQuery) -> list[str]:
    return [row.id for row in service.rows(service.ids(query))]


def test_a_list_is_ordered_by_any_column_and_empty_days_come_last(context: DeskContext) -> None:
    days = {"a": date(2026, 3, 1), "b": None, "c": date(2026, 5, 1), "d": date(2026, 4, 1)}
    for name, day in days.items():
        with_case(context, a_case(id=name, number=f"n-{name}", title=f"t-{name}", decided_on=day, received_on=day))
    service = CaseService(context)

    assert isinstance(service.ids(CaseQuery()), array)
    assert listed(service, CaseQuery(sort=CaseSort.DECIDED)) == ["c", "d", "a", "b"]
    assert listed(service, CaseQuery(sort=CaseSort.DECIDED, descending=False)) == ["a", "d", "c", "b"]
    assert listed(service, CaseQuery(sort=CaseSort.NUMBER)) == ["d", "c", "b", "a"]
    assert listed(service, CaseQuery(sort=CaseSort.TITLE, descending=False)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("sort", CaseSort)
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_works_with_every_filter(context: DeskContext, sort: CaseSort, descending: bool) -> None:
    for stage in Stage:
        with_case(context, a_case(id=stage.value, stage=stage, procedure=Procedure.CIVIL))
    with_case(context, a_case(id="other", procedure=Procedure.CRIMINAL))
    factories.index_all(context)
    query = CaseQuery(
        text="долг", procedures=frozenset({Procedure.CIVIL}), open_only=True, sort=sort, descending=descending
    )

    assert set(listed(CaseService(context), query)) == set(OPEN_STAGES)
    assert CaseService(context).count(query) == len(OPEN_STAGES)


def test_conditions_that_exclude_each_other_find_nothing(context: DeskContext) -> None:
    with_case(context, a_case(stage=Stage.CLOSED))

    assert len(CaseService(context).ids(CaseQuery(stages=frozenset({Stage.CLOSED}), open_only=True))) == 0
    assert CaseService(context).count(CaseQuery(stages=frozenset({Stage.CLOSED}), open_only=True)) == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("расписка", {"ru"}),
        ("РАСПИСОК", {"ru"}),
        ("взыскания", {"ru"}),
        ("ергалиев", {"ru"}),
        ("7140-26-00-2/11", {"ru", "kk"}),
        ("7140-26-00-2/113", {"ru"}),
        ("7140-26-00-2/114", {"kk"}),
        ("талаптың", {"kk"}),
        ("ТАЛАПТАР", {"kk"}),
        ("қарызды өнд", {"kk"}),
        ("к", {"ru", "kk"}),
        ("гараж", set()),
    ],
)
def test_the_filter_finds_words_in_any_form_and_the_beginning_of_a_number(
    context: DeskContext, text: str, found: set[str]
) -> None:
    person = a_party("Ерғалиев Бауыржан", PartyRole.DEFENDANT)
    with_case(
        context, a_case(id="ru", number="7140-26-00-2/113", title="О взыскании долга по расписке", parties=(person,))
    )
    with_case(context, a_case(id="kk", number="7140-26-00-2/114", title="Қарызды өндіру туралы талап"))
    factories.index_all(context)

    if text == "ергалиев":
        text = "ЕРҒАЛИЕВ"
    assert set(listed(CaseService(context), CaseQuery(text=text))) == found


def test_a_line_shows_what_comes_next_and_what_is_not_confirmed(context: DeskContext) -> None:
    case = with_case(context)
    soon = a_hearing(case.id, NOW + timedelta(days=2))
    of_case(
        context,
        Kind.HEARING,
        a_hearing(case.id, NOW - timedelta(days=2), state=HearingState.HELD),
        a_hearing(case.id, NOW + timedelta(days=1), state=HearingState.CANCELLED),
        soon,
        a_hearing(case.id, NOW + timedelta(days=9)),
    )
    of_case(
        context,
        Kind.TERM,
        a_term(case.id, due_on=date(2026, 11, 24), done_on=date(2026, 11, 20)),
        a_term(case.id, due_on=date(2026, 11, 25), extended_to=date(2026, 12, 25)),
        a_term(case.id, due_at=NOW + timedelta(days=3, hours=16)),
    )
    service = CaseService(context)
    service.advance(case.id, Stage.PREPARATION)

    row = service.row_of(case.id)
    assert (row.owed_hearing_at, row.next_hearing_at) == (None, soon.starts_at)
    assert row.next_term_on == date(2026, 11, 27)  # 01:00 on the court's wall, the day after it is by UTC
    assert (row.stage, row.pending, row.is_open) == (Stage.PREPARATION, 1, True)


def test_a_line_tells_of_a_hearing_whose_outcome_is_owed_and_of_the_next_beside_it(context: DeskContext) -> None:
    case, other = with_case(context), with_case(context)
    over = [a_hearing(case.id, NOW - timedelta(days=days)) for days in (2, 9, 1)]
    now_heard = a_hearing(case.id, NOW - timedelta(minutes=5), minutes=30)
    following = a_hearing(case.id, NOW + timedelta(days=2))
    of_case(context, Kind.HEARING, *over, following, now_heard, a_hearing(other.id, NOW - timedelta(minutes=60)))
    service = CaseService(context)

    row = service.row_of(case.id)
    assert (row.owed_hearing_at, row.next_hearing_at) == (over[1].starts_at, now_heard.starts_at)
    row = service.row_of(other.id)
    assert (row.owed_hearing_at, row.next_hearing_at) == (NOW - timedelta(minutes=60), None)


def test_rows_keep_the_order_asked_for_and_leave_out_what_vanished(context: DeskContext) -> None:
    first, second = with_case(context), with_case(context)
    service = CaseService(context)
    numbers = [service.row_of(each.id).row_no for each in (second, first)]

    assert [row.id for row in service.rows([numbers[0], 999, numbers[1]])] == [second.id, first.id]
    assert service.find_number(first.number) == first.id
    assert service.find_number("no such") is None
    with pytest.raises(NotFound):
        service.row_of("no such")


def test_a_saved_filter_comes_back_as_it_was(context: DeskContext) -> None:
    service = CaseService(context)
    query = CaseQuery(text="долг", stages=frozenset({Stage.HEARING, Stage.SUSPENDED}), descending=False)
    service.save_filter("Мои", CaseQuery())
    changes = service.save_filter(" Мои ", query)

    (saved,) = service.filters()
    assert (saved.name, saved.query) == ("Мои", query)
    assert changes.touches("saved_filter", saved.id)
    service.rename_filter(saved.id, "Другие")
    assert [each.name for each in service.filters()] == ["Другие"]
    service.delete_filter(saved.id)
    assert service.filters() == []
    with pytest.raises(BadInput):
        service.save_filter("  ", query)


def test_a_case_file_holds_everything_of_the_case(context: DeskContext) -> None:
    case = with_case(context, a_case(stage=Stage.HEARING))
    here, missing = a_document(case.id, b"one"), a_document(case.id, b"two", size=7)
    of_case(context, Kind.DOCUMENT, here, missing)
    factories.with_file(context, here, b"one")
    of_case(context, Kind.HEARING, a_hearing(case.id))
    of_case(context, Kind.TERM, a_term(case.id))
    factories.agreed(context, Kind.NOTE, "user:judge-1", [a_note(case.id)])
    factories.agreed(context, Kind.DRAFT, "user:judge-1", [factories.a_draft(case.id)])

    file = CaseService(context).case_file(case.id)

    assert [row.is_here for row in file.documents] == [True, False]
    assert (file.receipt.present, file.receipt.total, file.receipt.missing_bytes) == (1, 2, 7)
    assert (len(file.hearings), len(file.terms), len(file.notes), len(file.drafts)) == (1, 1, 1, 1)
    assert Stage.DECIDED in file.next_stages
    assert Stage.REGISTERED not in file.next_stages
    assert file.may_record_outcome
    with pytest.raises(NotFound):
        CaseService(context).case_file("no such")


def test_a_step_is_saved_owed_and_written_down_together(context: DeskContext) -> None:
    case = with_case(context)
    changes = CaseService(context).advance(case.id, Stage.HEARING)

    assert changes.touches(Kind.CASE, case.id)
    assert CaseService(context).case_file(case.id).case.stage is Stage.HEARING
    assert [row.record_id for row in factories.rows_of(context, outbox)] == [case.id]
    assert [row.action for row in factories.rows_of(context, journal)] == ["case.advance"]


def test_what_may_not_be_is_refused_and_leaves_nothing(context: DeskContext) -> None:
    case = with_case(context)
    unknown_grant = a_case()
    factories.agreed(context, Kind.CASE, f"case:{unknown_grant.id}", [unknown_grant])
    service = CaseService(context)

    with pytest.raises(NotAllowed):
        service.advance(case.id, Stage.IN_FORCE)
    with pytest.raises(NotAllowed):
        service.advance(unknown_grant.id, Stage.HEARING)
    assert service.case_file(unknown_grant.id).next_stages == ()
    assert factories.rows_of(context, outbox) == []
    assert factories.rows_of(context, journal) == []


def test_an_outcome_decides_the_case(context: DeskContext) -> None:
    case = with_case(context, a_case(stage=Stage.HEARING))
    service = CaseService(context)
    service.record_outcome(case.id, " Иск удовлетворён ")

    decided = service.case_file(case.id).case
    assert (decided.outcome, decided.decided_on, decided.stage) == (
        "Иск удовлетворён",
        date(2026, 11, 23),
        Stage.DECIDED,
    )
    with pytest.raises(BadInput):
        service.record_outcome(case.id, " ")


def test_a_role_that_may_not_write_sees_no_steps(context: DeskContext) -> None:
    case = with_case(context, role=Role.AUDITOR)

    file = CaseService(context).case_file(case.id)
    assert file.next_stages == ()
    assert not file.may_record_outcome
