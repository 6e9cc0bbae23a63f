"""Every key that the code names has a text in every language, and every text is named by something."""

import re
from functools import cache
from string import Formatter

import pytest

from judge_desk.i18n import catalogs
from judge_desk.i18n.catalogs import LANGUAGES
from tests.architecture import enum_keys, source, text_keys
from tests.architecture.text_keys import HOLE, Use, messages

CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# Words that Kazakh and Russian write alike; a whole text may be equal only if it is made of these.
ALIKE = {
    *("судья аудитор прокурор журнал файл документ акт хаб скан штамп паспорт протокол лимит фильтр пароль".split()),
    *("адвокат апелляция кассация процесс инстанция орган кворум фото видео аудио том лицензия".split()),
    *("токен телефон код сертификат гб".split()),
}


@cache
def expanded() -> frozenset[str]:
    """All keys that the declared patterns stand for."""
    keys = set[str]()
    for pattern, values in enum_keys.PATTERNS.items():
        for value in values:
            parts = (value,) if isinstance(value, str) else value
            keys.add(pattern.format(*parts))
    return frozenset(keys)


def literal_uses() -> list[Use]:
    return [use for use in text_keys.uses() if HOLE not in use.key and use.key not in enum_keys.NOT_KEYS]


def pattern_uses() -> list[Use]:
    return [use for use in text_keys.uses() if HOLE in use.key and use.key not in enum_keys.NOT_KEYS]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_the_code_has_a_text(language: str) -> None:
    wanted = {use.key: use.place for use in literal_uses()} | {key: "enum_keys.py" for key in expanded()}
    known = messages()[language]
    assert sorted(f"{key} ({place})" for key, place in wanted.items() if key not in known) == []


def test_every_pattern_is_declared_and_every_declared_pattern_is_used() -> None:
    found = {use.key: use.place for use in pattern_uses() if not use.key.startswith("word.")}
    missing = sorted(f"{key} ({place})" for key, place in found.items() if key not in enum_keys.PATTERNS)
    assert missing == [], "add the pattern and its values to tests/architecture/enum_keys.py"
    assert sorted(set(enum_keys.PATTERNS) - set(found)) == []


def test_every_text_is_named_by_something() -> None:
    resources = " ".join(path.read_text(encoding="utf-8") for path in (source.ROOT / "resources").rglob("*.toml"))
    used = {use.key for use in literal_uses()} | expanded() | set(re.findall(r'"([a-z0-9_.]+)"', resources))
    assert sorted(key for key in messages()["en"] if key not in used and key.split(".")[0] != "word") == []


def test_the_languages_have_the_same_keys() -> None:
    keys = {language: {(m.key, m.is_plural) for m in texts.values()} for language, texts in messages().items()}
    assert keys["kk"] ^ keys["en"] == set()
    assert keys["ru"] ^ keys["en"] == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_complete_and_nothing_is_empty(language: str) -> None:
    for message in messages()[language].values():
        assert len(message.texts) == (catalogs.plural_count(language) if message.is_plural else 1), message
        for text in message.texts:
            # What is typed after a prompt keeps its distance.
            shown = text.removesuffix(" ") if message.key.startswith("cli.") and text.endswith(": ") else text
            assert shown.strip() == shown != "", message
            assert "  " not in text, message
            assert "..." not in text, f"{message}: write …"


def test_placeholders_are_equal_and_simple() -> None:
    for key, english in messages()["en"].items():
        expected = set().union(*map(placeholders, english.texts))
        assert all(re.fullmatch(r"[a-z_]+", name) for name in expected), key
        for language in ("kk", "ru"):
            found = set().union(*map(placeholders, messages()[language][key].texts))
            assert found == expected, f"{language} {key}"


def test_calls_pass_what_the_text_needs() -> None:
    lacking: list[str] = []
    for use in literal_uses():
        message = messages()["en"].get(use.key)
        if message is not None and use.params is not None:
            needed = set().union(*map(placeholders, message.texts))
            lacking += [f"{use.place} {use.key} needs {name}" for name in sorted(needed - use.params)]
    assert lacking == []


def test_kazakh_is_not_russian() -> None:
    russian = messages()["ru"]
    same: list[str] = []
    for key, message in messages()["kk"].items():
        text = message.texts[0]
        words = {word.lower() for word in re.findall(r"[Ѐ-ӿ]+", re.sub(r"\{\w+\}", "", text))}
        if (
            words
            and text == russian[key].texts[0]
            and not words <= ALIKE
            and not key.startswith("common.setting.language.")
        ):
            same.append(f"{key}: {text}")
    assert same == []


def test_english_is_latin() -> None:
    texts = messages()["en"].values()
    found = [message.key for message in texts if any(map(CYRILLIC.search, message.texts))]
    assert [key for key in found if not key.startswith("common.setting.language.")] == []
