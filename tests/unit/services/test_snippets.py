"""The piece of text that shows why a page was found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from judge_desk.services.snippets import LENGTH, Marker

FILLER = "Обстоятельства установлены материалами дела полностью. "


def test_the_piece_is_cut_around_the_word() -> None:
    text = FILLER * 30 + "Ответчик передал расписку истцу.\n" + FILLER * 30
    snippet = Marker("расписок").snippet(text)

    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["расписку"]
    assert len(snippet.text) <= LENGTH + 4


def test_a_word_that_only_begins_alike_is_passed_over() -> None:
    snippet = Marker("суд ").snippet("Судьба груза неизвестна. " + FILLER * 10 + "Дело рассмотрел суд.")
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["суд"]


def test_letters_that_are_written_in_two_ways_are_found() -> None:
    assert Marker("еще ").snippet(FILLER * 9 + "и ещё раз").spans


def test_a_text_without_the_word_shows_its_beginning() -> None:
    snippet = Marker("гараж").snippet(FILLER * 20)
    assert snippet.text.startswith("Обстоятельства")
    assert snippet.spans == ()


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=600), query=st.text(max_size=20))
def test_no_text_and_no_query_breaks_it(text: str, query: str) -> None:
    snippet = Marker(query).snippet(text)
    assert len(snippet.text) <= LENGTH + 4
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.spans)
