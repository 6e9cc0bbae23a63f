"""In which language a paragraph is written, told by its letters: enough to see that a text was not translated yet."""

from __future__ import annotations

from judge_desk.domain.cases import Language

_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_LEAST_LETTERS = 40
_MUCH, _LITTLE = 0.1, 0.015
"""Shares of the letters that only Kazakh has: about a fifth in its texts; in Russian ones a name may bring some."""


def spoken_language(text: str) -> Language | None:
    """The language of a text; None for one that is too short, or too mixed, to tell."""
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < _LEAST_LETTERS:
        return None
    latin = sum(letter < "\u0250" for letter in letters) / len(letters)
    if latin > 0.8:
        return Language.ENGLISH
    own = sum(letter in _KAZAKH for letter in letters) / len(letters)
    if own >= _MUCH:
        return Language.KAZAKH
    return Language.RUSSIAN if own <= _LITTLE and latin < 0.2 else None
