"""Search: found in any form, in titles, parties, pages and notes; and never found again once forgotten."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import pytest

from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.domain.kinds import Kind
from judge_desk.services.context import DeskContext
from judge_desk.services.notes import NoteService
from judge_desk.services.search import HitKind, SearchResult, SearchService
from judge_desk.store.purge import forget_scope
from judge_desk.store.tables import attachment, index_queue, search_entry
from tests.factories import a_case, a_document, a_party, index_all, of_case, rows_of, with_case, with_file

PAGES = ["Настоящим ответчик признаёт долг в размере 350 000 тенге.", "", "Қарызды қайтару туралы қолхат берілді."]


def extract(content: bytes) -> list[str]:
    if not content.startswith(b"%PDF"):
        raise BadInput("documents.not_a_pdf")
    return PAGES


@pytest.fixture
def service(context: DeskContext) -> SearchService:
    return SearchService(context, extract)


def found(result: SearchResult) -> set[tuple[str, int]]:
    return {(hit.id, hit.page) for hit in result.hits}


def marked(result: SearchResult) -> set[str]:
    return {hit.snippet.text[start:end] for hit in result.hits for start, end in hit.snippet.spans}


@pytest.mark.parametrize(
    ("query", "page", "words"),
    [
        ("ответчика", 1, {"ответчик"}),
        ("ДОЛГИ ", 1, {"долг"}),
        ("признает", 1, {"признаёт"}),
        ("350 000 тенге", 1, {"350", "000", "тенге"}),
        ("қарыздың ", 3, {"Қарызды"}),
        ("қолхаттар ", 3, {"қолхат"}),
        ("қолх", 3, {"қолхат"}),
        ("қайтарудың ", 3, {"қайтару"}),
    ],
)
def test_a_page_is_found_by_any_form_of_its_words(
    context: DeskContext, service: SearchService, query: str, page: int, words: set[str]
) -> None:
    case = with_case(context, a_case(title="Спор"))
    document = a_document(case.id, b"%PDF-1.7", media_type="application/pdf", title="Расписка")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, b"%PDF-1.7")
    assert service.index_step(10) == 0

    result = service.search(query)

    assert found(result) == {(document.id, page)}
    assert marked(result) == words
    (hit,) = result.hits
    assert (hit.kind, hit.title, hit.case_id, hit.case_number) == (
        HitKind.DOCUMENT,
        "Расписка",
        case.id,
        case.number,
    )


def test_cases_documents_and_notes_are_found_together_or_by_kind(context: DeskContext, service: SearchService) -> None:
    case = with_case(context, a_case(title="О разделе гаража", parties=(a_party("Гаражный кооператив"),)))
    document = a_document(case.id, title="Договор о гараже")
    of_case(context, Kind.DOCUMENT, document)
    notes = NoteService(context)
    note = notes.new(case.id, "осмотреть гараж")
    notes.save(note)
    service.index_step(10)

    assert {hit.kind for hit in service.search("гаражи ").hits} == set(HitKind)
    assert found(service.search("гараж ", kinds=[HitKind.CASE])) == {(case.id, 0)}
    assert found(service.search("гараж ", kinds=[HitKind.NOTE, HitKind.DOCUMENT])) == {(note.id, 0), (document.id, 0)}
    assert service.search("гараж ", limit=1).total == 3
    assert len(service.search("гараж ", limit=1).hits) == 1
    assert found(service.search("гараж осмотр")) == {(note.id, 0)}
    for nothing in ("", "   ", "—", '"', "*", "AND OR NOT", "(((", "words:x"):
        assert service.search(nothing).total == 0


def test_what_changes_is_found_as_it_is_now(context: DeskContext, service: SearchService) -> None:
    case = with_case(context)
    notes = NoteService(context)
    note = notes.new(case.id, "алиби")
    notes.save(note)
    service.index_step(10)
    notes.save(replace(note, text="мотив"))
    assert service.waiting() == 1
    service.index_step(10)

    assert service.search("алиби ").total == 0
    assert service.search("мотивы ").total == 1
    notes.delete(note.id)
    service.index_step(10)
    assert service.search("мотив ").total == 0


def test_a_document_is_found_by_title_until_its_file_comes(context: DeskContext, service: SearchService) -> None:
    case = with_case(context)
    document = a_document(case.id, "Сумма ущерба".encode(), title="Акт осмотра")
    of_case(context, Kind.DOCUMENT, document)
    service.index_step(10)
    assert found(service.search("осмотры ")) == {(document.id, 0)}
    assert service.search("ущерб").total == 0

    with_file(context, document, "Сумма ущерба".encode())
    assert service.waiting() == 1
    service.index_step(10)
    assert found(service.search("осмотр ")) == {(document.id, 0)}
    assert found(service.search("ущерб")) == {(document.id, 1)}


def test_a_pdf_waits_for_a_reader_and_a_bad_one_spoils_nothing(context: DeskContext) -> None:
    case = with_case(context)
    good = a_document(case.id, b"%PDF-1", media_type="application/pdf")
    bad = a_document(case.id, b"no pdf", media_type="application/pdf", title="Повреждённый файл")
    of_case(context, Kind.DOCUMENT, good, bad)
    with_file(context, good, b"%PDF-1")
    with_file(context, bad, b"no pdf")
    service = SearchService(context)
    service.index_step(10)
    assert service.search("ответчик").total == 0

    service.use_extractor(extract)
    assert service.waiting() == 2
    service.index_step(10)
    assert found(service.search("ответчик")) == {(good.id, 1)}
    assert found(service.search("поврежден")) == {(bad.id, 0)}
    service.use_extractor(extract)
    assert service.waiting() == 0


def test_a_reader_that_breaks_down_is_asked_again_at_the_next_start(context: DeskContext) -> None:
    case = with_case(context)
    document = a_document(case.id, b"%PDF-1", media_type="application/pdf")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, b"%PDF-1")

    def crashes(_content: bytes) -> list[str]:
        raise KnownError

    assert SearchService(context, crashes).index_step(10) == 0
    service = SearchService(context)
    service.use_extractor(extract)
    assert service.waiting() == 1
    service.index_step(10)
    assert service.search("ответчик").total == 1


def test_pages_keep_their_numbers(context: DeskContext, service: SearchService) -> None:
    from judge_desk.services.documents import DocumentService

    case = with_case(context)
    document = a_document(case.id, b"%PDF-1", media_type="application/pdf")
    of_case(context, Kind.DOCUMENT, document)
    assert DocumentService(context).page_texts(document.id) == []
    with_file(context, document, b"%PDF-1")
    service.index_step(10)

    assert DocumentService(context).page_texts(document.id) == PAGES


def test_a_file_that_goes_while_it_is_read_stays_on_the_queue(context: DeskContext) -> None:
    case = with_case(context)
    document = a_document(case.id, b"%PDF-1", media_type="application/pdf")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, b"%PDF-1")

    def meanwhile(_content: bytes) -> list[str]:
        with context.store.writing() as connection:
            connection.execute(attachment.update().values(state="failed"))
        return PAGES

    service = SearchService(context, meanwhile)
    assert service.index_step(10) == 1
    assert [row.kind for row in rows_of(context, search_entry)] == []
    assert service.index_step(10) == 0
    assert [row.text for row in rows_of(context, search_entry)] == [""]


def test_one_case_is_searched_page_by_page(context: DeskContext, service: SearchService) -> None:
    case, other = with_case(context), with_case(context)
    second, first = a_document(case.id, b"%PDF-2", order=2), a_document(case.id, b"%PDF-1", order=1)
    elsewhere = a_document(other.id, b"%PDF-3", media_type="application/pdf")
    documents = [replace(each, media_type="application/pdf") for each in (second, first)]
    of_case(context, Kind.DOCUMENT, *documents, elsewhere)
    for document, content in ((second, b"%PDF-2"), (first, b"%PDF-1"), (elsewhere, b"%PDF-3")):
        with_file(context, document, content)
    service.index_step(10)

    assert [(hit.id, hit.page) for hit in service.in_case(case.id, "долг")] == [(first.id, 1), (second.id, 1)]
    assert service.in_case(case.id, "гараж") == []
    assert service.in_case(case.id, "") == []


def test_a_scope_that_is_withdrawn_can_not_be_found(context: DeskContext, service: SearchService) -> None:
    kept, gone = with_case(context, a_case(title="гараж")), with_case(context, a_case(title="гараж"))
    for case in (kept, gone):
        document = a_document(case.id, "гараж".encode(), title="гараж")
        of_case(context, Kind.DOCUMENT, document)
        with_file(context, document, "гараж".encode())
    service.index_step(10)
    assert service.search("гараж").total == 6
    waiting = a_document(gone.id, b"later")
    of_case(context, Kind.DOCUMENT, waiting)

    with context.store.writing() as connection:
        assert forget_scope(connection, f"case:{gone.id}") == []  # the kept case needs the same file

    assert {hit.case_id for hit in service.search("гараж").hits} == {kept.id}
    assert service.search("гараж").total == 3
    assert rows_of(context, index_queue) == []


def test_no_text_of_a_case_reaches_a_log(context: DeskContext, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    marker = "КАНАРЕЙКА"
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        case = with_case(context, a_case(title=marker, parties=(a_party(marker),)))
        document = a_document(case.id, marker.encode(), title=marker)
        of_case(context, Kind.DOCUMENT, document)
        with_file(context, document, marker.encode())
        NoteService(context).save(NoteService(context).new(case.id, marker))
        index_all(context)
        assert SearchService(context).search(marker).total == 4
    finally:
        logging.getLogger().removeHandler(handler)
    assert marker.casefold() not in (caplog.text + stream.getvalue()).casefold()
