"""The law that a rule rests on, in the language of whoever reads it."""

from __future__ import annotations

import re

import pytest

from judge_desk.domain.norms import BETWEEN, norm_in
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths

NORM = "АПК 403-бап / ГПК ст. 403 / CPC Art. 403"


@pytest.mark.parametrize(
    ("language", "expected"), [("kk", "АПК 403-бап"), ("ru", "ГПК ст. 403"), ("en", "CPC Art. 403")]
)
def test_a_norm_is_said_in_one_language(language: str, expected: str) -> None:
    assert norm_in(NORM, language) == expected
    assert expected in Translator(language).text("law.norm", norm=NORM)


def test_a_norm_without_translation_is_the_same_everywhere() -> None:
    assert {norm_in("Art. 5", language) for language in LANGUAGES} == {"Art. 5"}
    assert [norm_in("АПК / ГПК", language) for language in LANGUAGES] == ["АПК", "ГПК", "ГПК"]


def test_every_norm_that_is_shipped_stands_in_three_languages() -> None:
    book = rule_packs.read_folder(paths.resource("rules")).book
    rules = [*book.terms, *book.fees, *book.indices, *book.numbers, *book.holidays.yearly, *book.holidays.dated]
    rules += [*book.law.codes, *book.law.articles, *book.acts.forms, *book.acts.requisites, *book.acts.topics]
    assert len(rules) > 150
    for rule in rules:
        parts = rule.norm.split(BETWEEN)
        assert rule.norm == "=" or len(parts) == len(LANGUAGES), rule.norm
        assert not re.search("[а-яёәғқңөұүһі]", norm_in(rule.norm, "en").casefold()), rule.norm
