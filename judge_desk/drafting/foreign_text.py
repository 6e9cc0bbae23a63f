"""Text from elsewhere (a clipboard, a word processor's file) as an act may hold it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from judge_desk.domain.acts import LONGEST_WORD

MOST_LETTERS: Final = 1_000_000
_UNWANTED: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_GAPS: Final = re.compile(r"[\t\r\n\v\f\u2028\u2029]+")
_LONG_WORD: Final = re.compile(rf"(\S{{{LONGEST_WORD - 1}}})(?=\S)")


def cleaned(text: str) -> str:
    """One line: NFC, no control signs, no signs of private use, line ends and tabs as spaces."""
    spaced = _GAPS.sub(" ", unicodedata.normalize("NFC", text))
    return "".join(each for each in spaced if each != "\ufeff" and unicodedata.category(each) not in _UNWANTED)


def clean_lines(text: str) -> list[str]:
    """Plain text as lines: each cleaned, single spaces, no word beyond all measure; no more than MOST_LETTERS."""
    text = text[:MOST_LETTERS].replace("\r\n", "\n")
    lines = re.split("[\r\n\u2028\u2029\x0b]", text)
    return [cut_words(re.sub(r" {2,}", " ", cleaned(line))).strip(" ") for line in lines]


def cut_words(text: str) -> str:
    """A word that no page could hold is broken by spaces."""
    return _LONG_WORD.sub(r"\1 ", text)
