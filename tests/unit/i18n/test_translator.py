"""Texts by key, plural forms, and what happens when there is none."""

import pytest

from judge_desk.i18n.translator import LANGUAGES, Translator, UnknownTextError

NBSP = "\u00a0"


@pytest.mark.parametrize(("language", "text"), [("kk", "Болдырмау"), ("ru", "Отмена"), ("en", "Cancel")])
def test_each_language_has_its_text(language: str, text: str) -> None:
    assert Translator(language).text("common.cancel") == text


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1 дело"),
        (2, "2 дела"),
        (5, "5 дел"),
        (11, "11 дел"),
        (21, "21 дело"),
        (104, "104 дела"),
        (10_079, f"10{NBSP}079 дел"),
    ],
)
def test_russian_has_three_forms(n: int, text: str) -> None:
    assert Translator("ru").plural("common.cases", n) == text


def test_calling_with_a_number_picks_the_plural_form() -> None:
    translator = Translator("en")
    assert [translator("common.cases", n=n) for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]
    assert translator("common.page_of", page=1, total=3) == "Page 1 of 3"


def test_a_value_is_not_read_as_a_template() -> None:
    text = Translator("en").text("errors.hub_refused", code="{code.__class__}")
    assert "{code.__class__}" in text


def test_strict_mode_raises_for_an_unknown_key_and_a_missing_value() -> None:
    translator = Translator("kk", strict=True)
    with pytest.raises(UnknownTextError, match=r"no\.such\.key has no text in kk"):
        translator.text("no.such.key")
    with pytest.raises(UnknownTextError, match="total"):
        translator.text("common.page_of", page=1)


def test_in_production_a_gap_shows_itself_and_nothing_raises() -> None:
    translator = Translator("kk", strict=False)
    assert translator.text("no.such.key") == "no.such.key"
    assert translator("no.such.key", n=3) == "no.such.key"
    assert translator.text("common.page_of", page=1) == "1-бет, барлығы {total}"


def test_the_glossary_speaks_through_the_translator() -> None:
    assert [Translator(language)("word.act.ruling") for language in LANGUAGES] == ["ұйғарым", "определение", "ruling"]


def test_has_knows_texts_and_plurals() -> None:
    translator = Translator("ru")
    assert translator.has("common.save")
    assert translator.has("common.cases")
    assert not translator.has("common.nothing.like.it")


def test_pseudo_language_is_longer_and_keeps_placeholders() -> None:
    plain, pseudo = Translator("en"), Translator("en-XA")
    assert pseudo("common.page_of", page=7, total=9).startswith("[Págé 7 óf 9")
    assert len(pseudo("common.cancel")) > len(plain("common.cancel")) * 1.3


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        Translator("de")
