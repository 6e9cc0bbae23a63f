"""Says whether a word is spelt as its language wants it, by hunspell's dictionaries where this PC has them.

Dictionaries are not ours and are not shipped: the system's are used (our Debian package recommends hunspell-kk,
hunspell-ru and hunspell-en-us), or those that IT puts into ``resources/dictionaries``. Where a language has none, its
words are not judged at all, and ``missing`` says so. Court words that the dictionaries lack stand in
``resources/spelling``: each beside a word that is inflected alike.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from judge_desk.i18n.kazakh_stemmer import kazakh_bases
from judge_desk.runtime.paths import resource

NAMES: Final = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_US"}
SYSTEM_FOLDERS: Final = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"))
MOST_LETTERS: Final = 60
MOST_SUGGESTIONS: Final = 6
LONGEST_SHORTENING: Final = 6
"""A longer word in capitals alone is a heading."""
_KAZAKH: Final = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_LATIN: Final = re.compile(r"[a-z]", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def words_in(text: str) -> list[tuple[int, str]]:
    """(place, word) of everything in a text that has a spelling: no numbers, no words that hold one, no initials."""
    found: list[tuple[int, str]] = []
    for each in _WORD.finditer(text):
        word, start, end = each[0], each.start(), each.end()
        beside = text[start - 1 : start] + text[end : end + 1]
        if len(word) > 1 and len(word) <= MOST_LETTERS and not any(letter.isdigit() for letter in beside):
            found.append((start, word))
    return found


class Dictionary:
    """One language's words. Not for two threads at once."""

    def __init__(self, folder: Path, language: str) -> None:
        import hunspell  # 0.2 s and some megabytes for each language: not before somebody writes in it

        self._words = hunspell.Hunspell(NAMES[language], hunspell_data_dir=str(folder))
        for word, like in _court_words(language).items():
            self._words.add_with_affix(word, like) if like else self._words.add(word)

    def knows(self, word: str) -> bool:
        """Whether the word, or each part of a word with hyphens, is spelt right; capitals do not matter."""
        plain = word.replace("’", "'")
        forms = dict.fromkeys((plain, plain.lower(), plain.capitalize()))
        if any(self._words.spell(each) for each in forms):
            return True
        parts = plain.split("-")
        return len(parts) > 1 and all(self.knows(part) for part in parts if part)

    def suggestions(self, word: str) -> list[str]:
        """Words that may have been meant, the likeliest first. Up to half a second."""
        return list(self._words.suggest(word))[:MOST_SUGGESTIONS]


class Spelling:
    """The dictionaries of all languages, loaded when first asked for. Not for two threads at once."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self._folders = tuple(folders) if folders is not None else (resource("dictionaries"), *SYSTEM_FOLDERS)
        self._loaded: dict[str, Dictionary | None] = {}

    def missing(self) -> list[str]:
        """The languages that this PC has no dictionary of."""
        return [language for language in NAMES if self._folder(language) is None]

    def is_right(self, word: str, language: str) -> bool:
        """Whether some language that the word may be in knows it; also where there is no dictionary to ask.

        Acts in Kazakh quote Russian documents, so a word of theirs without a Kazakh letter may be either.
        """
        if _is_shortening(word):
            return True
        asked = [self._dictionary(each) for each in _languages(word, language)]
        known = [each for each in asked if each is not None]
        if len(known) < len(asked) or any(each.knows(word) for each in known):
            return True
        return language == "kk" and self._is_kazakh_form(word)

    def _is_kazakh_form(self, word: str) -> bool:
        """Kazakh puts ending upon ending, on Russian words too; the dictionaries hold only some of all forms."""
        both = [each for each in (self._dictionary("kk"), self._dictionary("ru")) if each is not None]
        bases = (base for part in word.lower().split("-") for base in kazakh_bases(part))
        return any(each.knows(base) for base in bases for each in both)

    def suggestions(self, word: str, language: str) -> list[str]:
        """What may have been meant, in the first language that the word may be in."""
        dictionary = self._dictionary(_languages(word, language)[0])
        return dictionary.suggestions(word) if dictionary is not None else []

    def misspelt(self, words: Iterable[str], language: str) -> set[str]:
        """Those of the words that no dictionary knows."""
        return {word for word in words if not self.is_right(word, language)}

    def _dictionary(self, language: str) -> Dictionary | None:
        if language not in self._loaded:
            folder = self._folder(language)
            self._loaded[language] = Dictionary(folder, language) if folder is not None else None
        return self._loaded[language]

    def _folder(self, language: str) -> Path | None:
        name = NAMES[language]
        found = (each for each in self._all_folders if (each / f"{name}.aff").is_file())
        return next((each for each in found if (each / f"{name}.dic").is_file()), None)

    @cached_property
    def _all_folders(self) -> tuple[Path, ...]:
        return tuple(each for each in self._folders if each.is_dir())


def _is_shortening(word: str) -> bool:
    """ЖСН, ГПК, КРКоАП: no dictionary has them all."""
    return any(letter.isupper() for letter in word[1:]) and (not word.isupper() or len(word) <= LONGEST_SHORTENING)


def _languages(word: str, language: str) -> tuple[str, ...]:
    if _KAZAKH.search(word):
        return ("kk",)
    if _LATIN.search(word):
        return ("en",)
    if language == "kk":
        return ("kk", "ru")
    return ("ru",)


def _court_words(language: str) -> dict[str, str]:
    path = resource("spelling", f"{language}.toml")
    return dict(tomllib.loads(path.read_text("utf-8"))["words"]) if path.is_file() else {}
