"""In which language a paragraph is written, told by its letters: enough to see that a text was not translated yet."""

from __future__ import annotations

import re

from judge_desk.domain.cases import Language

_KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
_LEAST_LETTERS = 40
_MUCH, _LITTLE = 0.1, 0.015
"""Shares of the letters that only Kazakh has: about a fifth in its texts; in Russian ones a name may bring some."""
# Whole words at once: to look at each of an act's hundred thousand letters takes twice as long.
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-\u024f]+")


def spoken_language(text: str) -> Language | None:
    """The language of a text; None for one that is too short, or too mixed, to tell."""
    letters = _length(_LETTERS, text)
    if letters < _LEAST_LETTERS:
        return None
    latin = _length(_LATIN, text) / letters
    if latin > 0.8:
        return Language.ENGLISH
    own = sum(map(text.count, _KAZAKH)) / letters
    if own >= _MUCH:
        return Language.KAZAKH
    return Language.RUSSIAN if own <= _LITTLE and latin < 0.2 else None


def _length(of: re.Pattern[str], text: str) -> int:
    return sum(map(len, of.findall(text)))
