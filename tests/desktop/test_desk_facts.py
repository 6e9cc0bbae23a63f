"""What the shell is told about a real desk: who sits here, the numbers of the navigation, the standing, the hits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from judge_desk.desktop.shell.desk_facts import DeskFacts
from judge_desk.domain.documents import Document
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import case_scope, dossier_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.dossier import DossierService
from tests.factories import (
    JUDGE_ID,
    a_case,
    a_document,
    a_dossier_entry,
    a_draft,
    a_hearing,
    a_party,
    agreed,
    desk_context,
    index_all,
    of_case,
    refuse,
    with_case,
    with_file,
)

TEXT = "Қолхат екі данада жасалды".encode()


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    made = desk_context(tmp_path, clock=clock)
    yield made
    made.store.close()


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    return Desk.over(context)


@pytest.fixture
def facts(desk: Desk) -> DeskFacts:
    return DeskFacts(desk)


def test_name_and_court_are_said_in_the_language_asked_for(desk: Desk, facts: DeskFacts) -> None:
    for language in ("kk", "ru"):
        told = facts.identity(language)
        assert (told.name, told.court) == (desk.person.name, desk.court.names[language])
    assert facts.identity("xx").court in desk.court.names.values()


def test_the_numbers_are_those_of_the_desk(context: DeskContext, facts: DeskFacts, clock: FixedClock) -> None:
    case = with_case(context, a_case())
    of_case(context, Kind.HEARING, a_hearing(case.id, clock.now() + timedelta(hours=1)))
    of_case(context, Kind.DRAFT, a_draft(case.id, state=DraftState.TO_SIGN))
    told = facts.counters()
    assert (told["today"], told["cases"], told["drafts"], told["reviews"], told["sync"]) == (1, 1, 1, 0, 0)


def test_results_that_may_still_be_appealed_against_are_counted(
    context: DeskContext, facts: DeskFacts, clock: FixedClock
) -> None:
    assert facts.counters()["dossier"] == 0
    result = a_dossier_entry(section=DossierSection.REVIEWS, campaign_id="c", entered_at=clock.now())
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(JUDGE_ID), [result, a_dossier_entry()])
    assert facts.counters()["dossier"] == 1
    DossierService(context).appeal(result.id, "Прочтён другой текст")
    assert facts.counters()["dossier"] == 0


def test_what_waits_and_what_wants_a_decision_reach_the_status_line(
    context: DeskContext, desk: Desk, facts: DeskFacts
) -> None:
    case = with_case(context, a_case())
    assert (facts.link().waiting, facts.link().linked) == (0, None)
    desk.notes.save(desk.notes.new(case.id, "Қарау керек", reach=NoteReach.PRIVATE))
    assert facts.link().waiting == 0, "the status line asks no store on the main thread"
    assert facts.counters()["sync"] == 1
    assert (facts.link().waiting, facts.link().attention, facts.link().step) == (1, 0, "")
    refuse(context, "not_allowed", keeps_row=False)
    assert facts.counters()["sync"] == 1
    assert (facts.link().waiting, facts.link().attention) == (0, 1)


def test_a_hit_knows_the_page_that_shows_it(context: DeskContext, desk: Desk, facts: DeskFacts) -> None:
    case = with_case(context, a_case(title="Қолхат бойынша борышты өндіру"))
    document: Document = a_document(case.id, TEXT, media_type="text/plain", title="Қолхат")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, TEXT)
    desk.notes.save(desk.notes.new(case.id, "Қолхаттың түпнұсқасын сұрату", reach=NoteReach.PRIVATE))
    index_all(context)
    hits = {each.kind: each for each in facts.find("қолхат", "kk", 20)}
    assert {"case", "document", "note"} <= hits.keys()
    assert {each.page_id for each in hits.values()} == {"case"}
    assert all(each.params["case_id"] == case.id for each in hits.values())
    assert hits["document"].params["document_id"] == document.id
    assert hits["note"].params["note_id"]
    assert case.number in hits["document"].detail
    assert len(facts.find("қолхат", "kk", 1)) == 1


def test_without_a_link_nobody_is_told_and_nothing_fails(facts: DeskFacts) -> None:
    facts.listen(lambda _changes: pytest.fail("nothing syncs here"))
    facts.sync_now()


def test_a_party_or_a_number_finds_the_case_before_its_papers(context: DeskContext, facts: DeskFacts) -> None:
    case = with_case(context, a_case(number="7140-26-00-2/2597", parties=(a_party("Молдабаев Виктор"),)))
    for order in range(20):
        named = a_document(case.id, b"x", title=f"Молдабаев 2597 {order}", order=order)
        agreed(context, Kind.DOCUMENT, case_scope(case.id), [named])
    index_all(context)
    for words in ("Молдабаев", "2597", "7140-26"):
        found = facts.find(words, "kk", 12)
        assert (found[0].kind, found[0].params["case_id"]) == ("case", case.id)
        assert [each.kind for each in found].count("case") == 1
