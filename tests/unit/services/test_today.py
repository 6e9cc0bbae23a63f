"""The first page of the day, in one read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from judge_desk.domain.cases import Stage
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.dossier import DossierSeal, DossierSection
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Review, ReviewState
from judge_desk.domain.scopes import dossier_scope, review_scope
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import DossierService
from judge_desk.services.signing import SigningService
from judge_desk.services.today import Readiness, TodayService
from tests.factories import (
    JUDGE_ID,
    NOW,
    a_case,
    a_document,
    a_dossier_entry,
    a_draft,
    a_hearing,
    a_review_assignment,
    a_term,
    agreed,
    of_case,
    with_case,
    with_file,
)

MONDAY = date(2026, 11, 23)


def test_an_empty_desk_has_an_empty_day(context: DeskContext) -> None:
    overview = TodayService(context).overview()

    assert overview.on == MONDAY
    assert (overview.hearings, overview.terms, overview.drafts_to_sign, overview.reviews_due) == ((), (), (), ())
    assert overview.tomorrow == Readiness(
        on=MONDAY + timedelta(days=1), hearings=0, ready=0, lacking=0, missing_documents=0, missing_bytes=0
    )


def test_tomorrow_says_what_can_be_read_offline(context: DeskContext) -> None:
    tomorrow = NOW + timedelta(days=1)
    for number in range(6):
        case = with_case(context)
        document = a_document(case.id, bytes([number]))
        of_case(context, Kind.DOCUMENT, document)
        with_file(context, document, bytes([number]))
        of_case(context, Kind.HEARING, a_hearing(case.id, tomorrow + timedelta(hours=number)))
    lacking = with_case(context)
    of_case(context, Kind.DOCUMENT, *(a_document(lacking.id, f"m{n}".encode(), size=7 << 20) for n in range(2)))
    of_case(context, Kind.HEARING, *(a_hearing(lacking.id, tomorrow + timedelta(hours=h)) for h in (7, 8)))
    of_case(context, Kind.HEARING, a_hearing(lacking.id, tomorrow, state=HearingState.CANCELLED))

    assert TodayService(context).overview().tomorrow == Readiness(
        on=MONDAY + timedelta(days=1), hearings=8, ready=6, lacking=2, missing_documents=2, missing_bytes=14 << 20
    )


def test_before_a_weekend_the_next_day_is_monday(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.HEARING, a_hearing(case.id, NOW + timedelta(days=7)))

    overview = TodayService(context).overview(MONDAY + timedelta(days=4))
    assert (overview.tomorrow.on, overview.tomorrow.hearings) == (MONDAY + timedelta(days=7), 1)
    assert overview.hearings == ()


def test_the_day_shows_what_waits(context: DeskContext) -> None:
    case = with_case(context, a_case(stage=Stage.HEARING))
    with_case(context, a_case(stage=Stage.CLOSED))
    of_case(context, Kind.HEARING, a_hearing(case.id), a_hearing(case.id, state=HearingState.HELD))
    of_case(
        context,
        Kind.TERM,
        a_term(case.id, title="missed", due_on=MONDAY - timedelta(days=10)),
        a_term(case.id, title="soon", due_on=MONDAY + timedelta(days=2)),
        a_term(case.id, title="far", due_on=MONDAY + timedelta(days=60)),
        a_term(case.id, title="done", due_on=MONDAY, done_on=MONDAY),
    )
    drafts = [a_draft(case.id, state=state, changed_at=NOW) for state in DraftState]
    agreed(context, Kind.DRAFT, f"user:{JUDGE_ID}", drafts)
    open_one, started, sealed = (a_review_assignment(due_on=MONDAY + timedelta(days=days)) for days in (-3, 4, 1))
    for each in (open_one, started, sealed):
        agreed(context, Kind.REVIEW_ASSIGNMENT, review_scope(each.id), [each])
    for each, state in ((started, ReviewState.STARTED), (sealed, ReviewState.SUBMITTED)):
        review = Review(id=each.id, assignment_id=each.id, reviewer_id=JUDGE_ID, state=state)
        agreed(context, Kind.REVIEW, review_scope(each.id), [review])
    CaseService(context).advance(case.id, Stage.DELIBERATION)

    overview = TodayService(context).overview()

    assert [row.hearing.state for row in overview.hearings] == [HearingState.PLANNED, HearingState.HELD]
    assert [(row.term.title, row.days_left) for row in overview.terms] == [("missed", -6), ("soon", 2)]
    assert [(each.case_number, each.changed_at) for each in overview.drafts_to_sign] == [(case.number, NOW)]
    assert [(each.id, each.days_left, each.is_started) for each in overview.reviews_due] == [
        (open_one.id, -1, False),
        (started.id, 4, True),
    ]
    counters = overview.counters
    assert (counters.open_cases, counters.hearings_today) == (1, 1)
    assert (counters.terms_soon, counters.terms_missed) == (1, 1)
    assert (counters.drafts, counters.drafts_to_sign, counters.reviews_due) == (2, 1, 2)
    assert (counters.waiting_to_send, counters.conflicts) == (1, 0)
    assert TodayService(context).counters() == counters


def test_a_final_act_stands_before_what_is_laid_out_until_it_is_signed(context: DeskContext) -> None:
    case = with_case(context, a_case())
    signed, gone = (
        a_draft(case.id, code="S1", state=DraftState.FINAL),
        a_draft("gone", code="G1", state=DraftState.FINAL),
    )
    final = a_draft(case.id, code="F1", state=DraftState.FINAL, changed_at=NOW)
    others = a_draft(case.id, code="O1", state=DraftState.FINAL, author_id="another")
    laid_out = a_draft(case.id, state=DraftState.TO_SIGN, changed_at=NOW - timedelta(days=9))
    agreed(context, Kind.DRAFT, f"user:{JUDGE_ID}", [laid_out, signed, gone, final, others])
    printed = [a_document(case.id, code=code, kind=DocumentKind.ACT) for code in ("S1", "F1")]
    of_case(context, Kind.DOCUMENT, *printed, a_document(case.id, code="S1", kind=DocumentKind.ACT, is_signed=True))

    service = TodayService(context)

    waiting = service.overview().drafts_to_sign
    assert [(each.id, each.is_final) for each in waiting] == [(final.id, True), (laid_out.id, False)]
    assert {each.case_number for each in waiting} == {case.number}
    assert service.counters().drafts_to_sign == 2
    assert SigningService(context).signed() == {signed.id: None}
    assert [each.draft_id for each in SigningService(context).unsigned()] == [final.id]


def test_ones_own_last_days_to_appeal_run_out_among_the_terms(context: DeskContext) -> None:
    near, far, late, appealed = (
        a_dossier_entry(section=DossierSection.REVIEWS, campaign_id="c", entered_at=NOW - timedelta(days=days))
        for days in (12, 0, 30, 11)
    )
    own = dossier_scope(JUDGE_ID)
    agreed(context, Kind.DOSSIER_ENTRY, own, [far, near, late, appealed, a_dossier_entry(campaign_id="c")])
    theirs = replace(near, id="theirs", judge_id="another")
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope("another"), [theirs])
    DossierService(context).reply(near.id, "Пояснение")
    DossierService(context).appeal(appealed.id, "Прочтён другой текст")

    overview = TodayService(context).overview()
    assert [(each.entry.id, each.until_on, each.days_left) for each in overview.appeals] == [
        (near.id, MONDAY + timedelta(days=2), 2)
    ]
    assert overview.counters.appeals_open == 2
    assert TodayService(context).counters().appeals_open == 2
    rows = {each.entry.id: each.appeal_until for each in DossierService(context).view().timeline()}
    assert {each for each, until in rows.items() if until is not None} == {near.id, far.id}


def test_a_result_that_the_hub_took_later_can_be_appealed_against_from_then(context: DeskContext) -> None:
    entry = a_dossier_entry(section=DossierSection.REVIEWS, campaign_id="c", entered_at=NOW - timedelta(days=30))
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(JUDGE_ID), [entry])
    assert TodayService(context).overview().appeals == ()
    taken_at = NOW - timedelta(days=12)
    seal = DossierSeal(id=entry.id, judge_id=JUDGE_ID, number=1, entry_sha256="", previous="", hash="", at=taken_at)
    agreed(context, Kind.DOSSIER_SEAL, dossier_scope(JUDGE_ID), [seal])
    assert [each.entry.id for each in TodayService(context).overview().appeals] == [entry.id]
