"""Spelling by the real dictionaries of this PC: court words pass in their forms, slips do not, gaps are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.i18n.spelling import Spelling, words_in


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    found = Spelling()
    assert found.missing() == [], "the set-up brings the dictionaries"
    return found


def test_words_are_found_without_numbers_and_initials() -> None:
    text = "Сот №2-1245/26 іс бойынша А. Б. Ибраевтың 5000 теңге, п.3.2б"
    assert [word for _, word in words_in(text)] == ["Сот", "іс", "бойынша", "Ибраевтың", "теңге"]
    assert [text[start : start + len(word)] for start, word in words_in(text)] == [word for _, word in words_in(text)]


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("kk", "жауапкердің"),
        ("kk", "талапкерге"),
        ("kk", "Өтінішхаттың"),
        ("kk", "алқабилердің"),
        ("kk", "судьясының"),
        ("kk", "азаматтық-процестік"),
        ("kk", "определение"),
        ("kk", "ЖСН"),
        ("ru", "взыскателю"),
        ("ru", "Обжалуемого"),
        ("ru", "КРКоАП"),
        ("ru", "судебно-медицинская"),
        ("ru", "шешім"),
        ("en", "judgment"),
    ],
)
def test_words_of_the_courts_are_right(spelling: Spelling, language: str, word: str) -> None:
    assert spelling.is_right(word, language)


@pytest.mark.parametrize(
    ("language", "word", "meant"),
    [
        ("kk", "шешмі", "шешім"),
        ("kk", "ұйғарыим", "ұйғарым"),
        ("ru", "ответчекь", "ответчик"),
        ("ru", "определиние", "определение"),
        ("ru", "РЕШЕНЕЕ", "РЕШЕНИЕ"),
        ("en", "judgmennt", "judgment"),
    ],
)
def test_slips_are_seen_and_a_better_word_is_offered(spelling: Spelling, language: str, word: str, meant: str) -> None:
    assert spelling.misspelt([word, meant], language) == {word}
    assert meant in spelling.suggestions(word, language)


def test_without_a_dictionary_nothing_is_called_wrong(tmp_path: Path) -> None:
    bare = Spelling([tmp_path])
    assert bare.missing() == ["kk", "ru", "en"]
    assert bare.misspelt(["шешмі", "ответчекь"], "kk") == set()
    assert bare.suggestions("шешмі", "kk") == []
