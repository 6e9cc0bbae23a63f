"""What the desk knows beside the dictionaries: words of the forms, names of the case, words that a person taught it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import court_scope
from judge_desk.i18n.spelling import words_in
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from tests.factories import a_case, a_hearing, a_party, a_person, agreed, desk_context, of_case, with_case
from tests.unit.services.test_drafts import FORM


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    context = desk_context(tmp_path, clock=clock)
    yield context
    context.store.close()


@pytest.fixture
def draft_id(context: DeskContext) -> str:
    case = with_case(context, a_case(parties=(a_party("Жаңабергенқызы Гүлдерай"),)))
    return Desk.over(context).drafts.create(case.id, FORM)[0]


def test_names_of_the_case_are_known_in_every_form(context: DeskContext, draft_id: str) -> None:
    spelling = Desk.over(context).spelling
    assert spelling.misspelt(draft_id, ["Гүлдерайдың", "Гүлдерайға", "Гүлдрай"], "kk") == {"Гүлдрай"}
    assert spelling.misspelt("no-draft", ["Гүлдерайдың"], "kk") == {"Гүлдерайдың"}


def test_people_of_the_court_are_known_in_every_form(context: DeskContext, draft_id: str) -> None:
    spelling, words = Desk.over(context).spelling, ["Тұрсымановаға", "Бижамал", "Тұрсмановаға"]
    assert spelling.misspelt(draft_id, words, "kk") == set(words)
    secretary = a_person(Role.SECRETARY, id="s", name="Тұрсыманова Б. Ж.", full_name="Тұрсыманова Бижамал Жақанқызы")
    agreed(context, Kind.PERSON, court_scope(context.court.id), [secretary])
    assert spelling.misspelt(draft_id, words, "kk") == {"Тұрсмановаға"}


def test_the_prosecutor_of_a_hearing_is_known(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.HEARING, a_hearing(case.id, prosecutor="Жусалымдыков Б. Б."))
    draft_id = Desk.over(context).drafts.create(case.id, FORM)[0]
    words = ["Жусалымдыковым", "Жусалмдыковым"]
    assert Desk.over(context).spelling.misspelt(draft_id, words, "ru") == {"Жусалмдыковым"}


def test_the_streets_where_the_parties_live_are_known(context: DeskContext) -> None:
    address = "г. Жаркын, микрорайон Кен дала, улица Жаппасбаева, дом 90"
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ.", address=address),)))
    draft_id = Desk.over(context).drafts.create(case.id, FORM)[0]
    words = ["Кен", "Жаппасбаева", "Жаппасбаеву", "Жаппсбаева", "Улжалгас"]
    assert Desk.over(context).spelling.misspelt(draft_id, words, "ru") == {"Жаппсбаева", "Улжалгас"}


def test_words_of_our_forms_are_known(context: DeskContext, draft_id: str) -> None:
    assert Desk.over(context).spelling.misspelt(draft_id, ["өндірілсін", "тағайындалсын"], "kk") == set()


def test_what_was_learnt_stays_learnt_after_a_restart(context: DeskContext, draft_id: str) -> None:
    assert Desk.over(context).spelling.misspelt(draft_id, ["Жусалымдывк"], "ru") == {"Жусалымдывк"}
    Desk.over(context).spelling.learn("Жусалымдывк")
    assert Desk.over(context).spelling.misspelt(draft_id, ["Жусалымдывк", "жусалымдывк"], "ru") == set()


def test_the_courts_own_name_and_place_are_known(context: DeskContext, draft_id: str) -> None:
    words = [word for name in context.court.places.values() for _, word in words_in(name)]
    assert words
    assert Desk.over(context).spelling.misspelt(draft_id, words, "ru") == set()
