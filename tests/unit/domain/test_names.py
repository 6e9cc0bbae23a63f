"""Names and citations as acts really write them: initials of two Latin letters, genitive plurals, titles of laws."""

from __future__ import annotations

import pytest

from judge_desk.domain.cases import Language
from judge_desk.domain.citations import CitationReader
from judge_desk.domain.mentions import MentionKind, mentions
from judge_desk.domain.names import same_name
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths


@pytest.fixture(scope="module")
def reader() -> CitationReader:
    return CitationReader(rule_packs.read_folder(paths.resource("rules")).book.law)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ж. Б. Тұрсынова", "Турсынова Ж. Б."),
        ("Ш. А. Ахметовтің", "Ахметова Ш. А."),
        ("Ә. Е. Рақымжановтың", "Рахимжанова А. Е."),
    ],
)
def test_a_name_is_known_in_the_other_language(one: str, other: str) -> None:
    assert same_name(one, other, across=True)


def test_another_surname_is_another_person() -> None:
    assert not same_name("Ж. Б. Тұрсынова", "Каримова Ж. Б.", across=True)


def test_articles_in_the_genitive_are_cited_too(reader: CitationReader) -> None:
    found = mentions("В силу статей 272 и 722 Гражданского кодекса обязательство", Language.RUSSIAN, reader)
    assert [each.value for each in found if each.kind is MentionKind.NORM] == ["civ.272", "civ.722"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Кодекса «О браке (супружестве) и семье»", Language.RUSSIAN),
        ("«Неке (ерлі-зайыптылық) және отбасы туралы» Кодекс", Language.KAZAKH),
    ],
)
def test_the_title_of_a_law_is_no_organisation(text: str, language: Language, reader: CitationReader) -> None:
    assert not [each for each in mentions(text, language, reader) if each.kind is MentionKind.ORGANISATION]


def test_a_name_does_not_reach_into_the_next_cell(reader: CitationReader) -> None:
    found = mentions("Судья\tА. С. Ермеков", Language.KAZAKH, reader)
    assert [each.value for each in found if each.kind is MentionKind.PERSON] == ["А. С. Ермеков"]
