"""The dossier: who may enter, reply and decide; what was sent; what an extract says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from judge_desk.domain.declarations import Declaration, DeclarationKind, Kin, Kinship
from judge_desk.domain.dossier import ChangeCause, DossierAccess, DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.guarantees import Authority, Guarantee, Measure
from judge_desk.domain.kinds import Kind
from judge_desk.domain.norms import Certainty
from judge_desk.domain.people import Role
from judge_desk.domain.posts import Post
from judge_desk.domain.scopes import dossier_scope
from judge_desk.i18n.translator import Translator
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import Delivery, DossierService
from judge_desk.services.law import rule_book
from judge_desk.store import outbox, settled
from judge_desk.store.settled import Answer
from judge_desk.store.tables import outbox as outbox_table
from tests.factories import (
    JUDGE_ID,
    NOW,
    a_dossier_entry,
    a_person,
    agreed,
    desk_context,
    grant,
    rows_of,
)
from tests.pdf_inside import beside_the_pages


@pytest.fixture
def commission(tmp_path: Path) -> Iterator[DeskContext]:
    """A member of the commission, who was granted the dossier of judge-2."""
    (tmp_path / "commission").mkdir()
    made = replace(
        desk_context(tmp_path / "commission", Role.COMMISSION), person=a_person(Role.COMMISSION, id="commission-1")
    )
    grant(made, dossier_scope("judge-2"), Role.COMMISSION)
    agreed(made, Kind.PERSON, "court:court-1", [a_person(id="judge-2", name="Ким Л. А.", full_name="Ким Лариса")])
    yield made
    made.store.close()


def entered(context: DeskContext, *entries: DossierEntry) -> None:
    for each in entries:
        agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(each.judge_id), [each])


def test_every_section_is_there_and_the_timeline_is_newest_first(context: DeskContext) -> None:
    older = a_dossier_entry(from_on=date(2020, 1, 1))
    newer = a_dossier_entry(section=DossierSection.AWARDS, from_on=date(2025, 1, 1))
    undated = a_dossier_entry(entered_at=NOW)
    entered(context, older, newer, undated)

    view = DossierService(context).view()

    assert [each.section for each in view.sections] == list(DossierSection)
    assert [each.entry.id for each in view.timeline()] == [undated.id, newer.id, older.id]
    assert (view.may_reply, view.may_enter, view.is_empty) == (True, False, False)


def test_only_an_error_counts(context: DeskContext) -> None:
    causes = [*ChangeCause, ChangeCause.ERROR, None]
    entered(context, *(a_dossier_entry(section=DossierSection.APPEALS, cause=each) for each in causes))
    told = DossierService(context).view().appeals
    assert (told.changed, told.counted) == (5, 2)


def test_a_reply_waits_for_the_link_and_then_is_sent(context: DeskContext) -> None:
    entry = a_dossier_entry()
    entered(context, entry)
    service = DossierService(context)

    changes = service.reply(entry.id, "  Экспертиза длилась 40 дней. ", ReplyKind.CORRECTION_REQUEST)

    (row,) = _replies(service)
    assert changes.touches(Kind.DOSSIER_REPLY, row.reply.id)
    assert (row.reply.text, row.reply.kind, row.reply.written_at) == (
        "Экспертиза длилась 40 дней.",
        ReplyKind.CORRECTION_REQUEST,
        NOW,
    )
    assert row.delivery is Delivery.WAITING
    _answer(context, "applied")
    assert _replies(service)[0].delivery is Delivery.SENT


def test_a_refused_reply_says_so(context: DeskContext) -> None:
    entry = a_dossier_entry()
    entered(context, entry)
    service = DossierService(context)
    service.reply(entry.id, "ответ")
    _answer(context, "refused")
    assert [each.delivery for each in _replies(service)] == [Delivery.REFUSED]


def _replies(service: DossierService) -> list[Any]:
    return [reply for row in service.view().timeline() for reply in row.replies]


def _answer(context: DeskContext, outcome: str) -> None:
    with context.store.writing() as connection:
        (operation,) = outbox.next_batch(connection, 10)
        if outcome == "applied":
            settled.applied(connection, operation, 7)
        else:
            settled.refused(connection, operation, Answer(0, "null", "not_allowed", NOW), keeps_row=True)


@pytest.mark.parametrize("text", ["", "   \n", "я" * 20_001])
def test_an_empty_or_endless_reply_is_refused(context: DeskContext, text: str) -> None:
    entry = a_dossier_entry()
    entered(context, entry)
    with pytest.raises(BadInput):
        DossierService(context).reply(entry.id, text)


def test_nobody_replies_in_another_judges_dossier(context: DeskContext, commission: DeskContext) -> None:
    entry = a_dossier_entry(judge_id="judge-2")
    entered(commission, entry)
    with pytest.raises(NotFound):
        DossierService(commission).reply(entry.id, "чужой ответ")
    entered(context, entry)
    with pytest.raises(NotFound):
        DossierService(context).reply(entry.id, "чужой ответ")
    assert rows_of(context, outbox_table) == []


def test_a_dossier_without_a_grant_cannot_be_read(context: DeskContext, commission: DeskContext) -> None:
    with pytest.raises(NotAllowed):
        DossierService(context).view("judge-2")
    with pytest.raises(NotAllowed):
        DossierService(context).extract("judge-2", "любопытство", "ru")
    view = DossierService(commission).view("judge-2")
    assert (view.judge_name, view.may_reply, view.may_enter) == ("Ким Лариса", False, True)


def test_a_judge_enters_nothing_and_the_commission_does(context: DeskContext, commission: DeskContext) -> None:
    service = DossierService(context)
    with pytest.raises(NotAllowed):
        service.enter(service.new_entry(JUDGE_ID, DossierSection.AWARDS, "Лучший судья"))
    assert rows_of(context, outbox_table) == []

    service = DossierService(commission)
    service.enter(service.new_entry("judge-2", DossierSection.AWARDS, " Благодарность "))
    (row,) = service.view("judge-2").timeline()
    assert (row.entry.title, row.entry.entered_by, row.entry.entered_at) == (
        "Благодарность",
        commission.person.name,
        NOW,
    )
    assert row.delivery is Delivery.WAITING


def test_an_entry_needs_a_title_and_dates_in_order(commission: DeskContext) -> None:
    service = DossierService(commission)
    entry = service.new_entry("judge-2", DossierSection.POSTS, "Судья")
    with pytest.raises(BadInput):
        service.enter(replace(entry, title=" "))
    with pytest.raises(BadInput):
        service.enter(replace(entry, from_on=date(2026, 2, 1), to_on=date(2026, 1, 1)))


def test_only_the_commission_decides_on_a_request(context: DeskContext, commission: DeskContext) -> None:
    entry = a_dossier_entry(judge_id="judge-2")
    entered(commission, entry)
    asked = DossierReply(
        id="r1",
        judge_id="judge-2",
        entry_id=entry.id,
        kind=ReplyKind.CORRECTION_REQUEST,
        text="Дата неверна",
        written_at=NOW,
    )
    agreed(commission, Kind.DOSSIER_REPLY, dossier_scope("judge-2"), [asked])
    DossierService(commission).decide("r1", "Исправлено")
    (row,) = DossierService(commission).view("judge-2").timeline()[0].replies
    assert (row.reply.decision, row.reply.decided_at, row.reply.text) == ("Исправлено", NOW, "Дата неверна")

    own = a_dossier_entry()
    entered(context, own)
    service = DossierService(context)
    service.reply(own.id, "прошу исправить", ReplyKind.CORRECTION_REQUEST)
    (reply,) = _replies(service)
    with pytest.raises(NotAllowed):
        service.decide(reply.reply.id, "сам себе")
    with pytest.raises(NotFound):
        service.decide("none", "…")


def test_a_half_written_reply_is_kept_here_and_owed_to_nobody(context: DeskContext) -> None:
    entry = a_dossier_entry()
    entered(context, entry)
    service = DossierService(context)
    service.keep_half_written(entry.id, ReplyKind.REPLY, "Экспертиза дли")
    (half,) = service.view().half_written
    assert (half.entry_id, half.text) == (entry.id, "Экспертиза дли")
    assert rows_of(context, outbox_table) == []
    service.keep_half_written(entry.id, ReplyKind.REPLY, " ")
    assert service.view().half_written == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["Ахметова Гүлнар Сериковна", "для конкурса", "99,3", "Ответ: да", "1 184"]),
        ("kk", ["Ахметова Гүлнар Сериковна", "для конкурса", "99,3"]),
        ("en", ["Ахметова Гүлнар Сериковна", "для конкурса", "99.3%", "1,184"]),
    ],
)
def test_the_extract_names_its_purpose_and_every_entry(context: DeskContext, language: str, words: list[str]) -> None:
    entry = a_dossier_entry(
        section=DossierSection.TERMS_KEPT,
        title="Соблюдение\nсроков",
        figures={"share": 0.993, "received": 1184.0},
        text="Ответ: да",
        source="Төрелік",
    )
    error = a_dossier_entry(section=DossierSection.APPEALS, cause=ChangeCause.ERROR)
    entered(context, entry, error)
    pdf = DossierService(context).extract(JUDGE_ID, "для конкурса", language)
    flat = _printed(pdf)
    assert [each for each in [*words, "Соблюдение сроков", "Төрелік"] if each not in flat] == []


@pytest.mark.parametrize(
    ("language", "since", "tongues"),
    [
        ("kk", "18.11.2021 күнінен бастап", "қазақ тілі, орыс тілі"),
        ("ru", "с 18.11.2021", "казахский язык, русский язык"),
        ("en", "since 18 Nov 2021", "Kazakh, Russian"),
    ],
)
def test_a_post_that_is_held_tells_since_when_and_its_languages_by_name(
    context: DeskContext, language: str, since: str, tongues: str
) -> None:
    post = Post(court="Жарқын қалалық соты", languages=("kk", "ru", "nogai"))
    entered(context, a_dossier_entry(section=DossierSection.POSTS, from_on=date(2021, 11, 18), post=post))
    flat = _printed(DossierService(context).extract(JUDGE_ID, "для конкурса", language))
    assert since in flat
    assert f"{tongues}, nogai" in flat


def test_a_section_without_figures_has_no_empty_column(context: DeskContext) -> None:
    entered(context, a_dossier_entry(section=DossierSection.AWARDS))
    assert "Показатели" not in _printed(DossierService(context).extract(JUDGE_ID, "для конкурса", "ru"))
    entered(context, a_dossier_entry(section=DossierSection.WORKLOAD, figures={"received": 3.0}))
    assert _printed(DossierService(context).extract(JUDGE_ID, "для конкурса", "ru")).count("Показатели") == 1


def test_long_words_stand_under_the_table_line_by_line(context: DeskContext) -> None:
    words = "\n".join(f"– Замечание {number}: довод сторон не оценён." for number in range(60))
    source = "4ewnq5vcafad7e8nestxwtwm9f · № 26"
    entered(context, a_dossier_entry(section=DossierSection.REVIEWS, title="Весна", text=words, source=source))
    pdf = DossierService(context).extract(JUDGE_ID, "для конкурса", "ru")
    flat = _printed(pdf)
    assert "Текст под таблицей" in flat
    assert all(f"Замечание {number}:" in flat for number in range(60))
    assert "…wtwm9f · № 26" in flat
    # In the narrow column they took six pages.
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf))) <= 4


def _printed(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_who_looked_is_listed_newest_first(context: DeskContext) -> None:
    looks = [
        DossierAccess(
            id=f"a{number}",
            judge_id=JUDGE_ID,
            reader_id="c",
            reader_name="Комиссия",
            reader_role="commission",
            purpose="desk_copy",
            at=NOW - timedelta(days=number),
        )
        for number in (2, 0, 1)
    ]
    agreed(context, Kind.DOSSIER_ACCESS, dossier_scope(JUDGE_ID), looks)
    assert [each.id for each in DossierService(context).view().accesses] == ["a0", "a1", "a2"]


def test_the_fullest_dossier_is_the_one_with_most_sections(commission: DeskContext) -> None:
    grant(commission, dossier_scope("judge-3"), Role.COMMISSION)
    entered(commission, *(a_dossier_entry(judge_id="judge-2", section=DossierSection.AWARDS) for _ in range(3)))
    entered(commission, a_dossier_entry(judge_id="judge-3", section=DossierSection.AWARDS))
    entered(commission, a_dossier_entry(judge_id="judge-3", section=DossierSection.POSTS))
    assert DossierService(commission).fullest() == "judge-3"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_extract_names_nobody_beside_its_pages(context: DeskContext, language: str) -> None:
    """A file's properties are read by whoever finds it in a folder: only its pages tell whose it is."""
    kin = Kin(name="Ермекова Сауле", kinship=Kinship.SIBLING)
    entered(
        context,
        a_dossier_entry(
            section=DossierSection.DECLARATIONS, declaration=Declaration(kind=DeclarationKind.KIN, kin=(kin,))
        ),
        a_dossier_entry(section=DossierSection.REVIEWS, title="Оценка 2026", entered_by="Ибраев С. К."),
    )
    pdf = DossierService(context).extract(JUDGE_ID, "для Оспанова", language)
    inside = beside_the_pages(pdf)
    assert Translator(language)("dossier.extract.title") in inside
    names = ("Ахметова", "Гүлнар", "Ермекова", "Ибраев", "Оспанов", JUDGE_ID, context.person.name)
    assert [each for each in names if each in inside] == []
    assert "Ермекова" in _printed(pdf)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_extract_says_by_which_rule_a_measure_was_allowed_and_how_sure_that_is(
    context: DeskContext, language: str
) -> None:
    measure = Guarantee(
        measure=Measure.COVERT_MEASURE, authority=Authority.PROSECUTOR_GENERAL, allowed_on=date(2024, 5, 1)
    )
    entered(context, a_dossier_entry(section=DossierSection.GUARANTEES, guarantee=measure))
    flat = _printed(DossierService(context).extract(JUDGE_ID, "для конкурса", language))
    assert Translator(language)("law.certainty.assumed") in flat


def test_a_rule_whose_day_is_assumed_is_marked_so() -> None:
    """A source that says so and a certainty that claims more would mislead whoever reads only the mark."""
    rules = rule_book().guarantees
    said = [each for each in rules if "assumed" in each.source]
    assert said
    assert {each.certainty for each in said} == {Certainty.ASSUMED}
