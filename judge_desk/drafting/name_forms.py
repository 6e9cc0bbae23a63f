"""Knows a person's name in whatever case it stands: Ибраевтың, Ибраеву, Ахметовой, Досжан А. Қ., А.Қ. Досжанға.

Russian endings change the end of a name, Kazakh ones are added in a row. The stem that all forms share is looked for,
and what follows it must look like endings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_INITIAL = r"[^\W\d_]\.[\s\u00a0]?"
_RUSSIAN = (
    "а у ом е ы ой ою ым ых ыми ей ею я ю ем ём и ью ого ому его ему ая ую ое ые ий ый ам ами ах ям ями ях их ими им"
).split()
_KAZAKH = (
    "ның нің дың дің тың тің ға ге қа ке на не ды ді ты ті ны ні да де та те нда нде дан ден тан тен нан нен "
    "мен бен пен менен лар лер дар дер тар тер ы і сы сі ым ім дікі тікі нікі мын мін сың сің"
).split()
_ENDING = re.compile(rf"(?:{'|'.join(sorted({*_RUSSIAN, *_KAZAKH}, key=len, reverse=True))}){{0,4}}")
_GENDERED = re.compile(r"(?:ая|ий|ый|ой|а|я|ь|й|о|е)$")
_ORGANISATION_WORDS = frozenset("тоо ип ао гу кгу жшс ақ жк кмм мм".split())
SHORTEST = 3
_COARSE = 5


class NameForms:
    """``people``: each as its words, family name first."""

    def __init__(self, names: Sequence[str]) -> None:
        self.people: list[tuple[str, ...]] = [_words(name) for name in names]
        self._stems = [[_stem(word) for word in words] for words in self.people]

    def found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, person) of every stretch that names somebody: family name with what of the name stands by it."""
        for person, stems in enumerate(self._stems):
            family = [match for match in _WORD.finditer(text) if stems and _is_form(match[0], stems[0])]
            for match in family:
                yield *self._stretched(text, match.start(), match.end(), stems[1:]), person
            if len(stems) > 1:
                yield from self._given(text, person, stems[1:])

    def coarse(self, text: str) -> list[str]:
        """Words that begin as a family name does, whatever follows."""
        begins = [stems[0][: max(_COARSE, len(stems[0]) - 2)] for stems in self._stems if stems]
        return [
            match[0]
            for match in _WORD.finditer(text)
            if any(len(begin) >= SHORTEST and match[0].casefold().startswith(begin) for begin in begins)
        ]

    def _stretched(self, text: str, start: int, end: int, others: list[str]) -> tuple[int, int]:
        """With initials and given names on either side."""
        while (found := re.match(rf"[\s\u00a0]+(?:{_INITIAL}?)", text[end:])) and found[0].strip():
            end += len(found[0].rstrip()) if not found[0].endswith(".") else len(found[0])
        while (found := re.match(r"[\s\u00a0]+([^\W\d_]+)", text[end:])) and _is_any(found[1], others):
            end += len(found[0])
        while (found := re.search(rf"(?:(?<=\W)|^)(?:{_INITIAL})$", text[:start])) or (
            (found := re.search(r"(?:(?<=\W)|^)([^\W\d_]+)[\s\u00a0]+$", text[:start])) and _is_any(found[1], others)
        ):
            start = found.start()
        return start, end

    def _given(self, text: str, person: int, others: list[str]) -> Iterator[tuple[int, int, int]]:
        """Given name and patronymic one after the other, without the family name."""
        words = list(_WORD.finditer(text))
        for first, second in pairwise(words):
            if _is_form(first[0], others[0]) and len(others) > 1 and _is_form(second[0], others[1]):
                yield first.start(), second.end(), person


def is_form_of(word: str, name: str) -> bool:
    """Whether one word is another with the endings of a case or of the other gender; capitals do not matter."""
    return _is_form(word.capitalize(), _stem(name))


def _words(name: str) -> tuple[str, ...]:
    """The words of a name; initials stay with their letter alone."""
    found = [
        word for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", name) if word.casefold() not in _ORGANISATION_WORDS
    ]
    return tuple(found)


def _stem(word: str) -> str:
    low = word.casefold()
    cut = _GENDERED.sub("", low) if len(low) > SHORTEST + 1 else low
    return cut if len(cut) >= SHORTEST else low


def _is_form(word: str, stem: str) -> bool:
    """Whether a word is the name with endings; an initial is only itself."""
    low = word.casefold()
    if len(stem) < SHORTEST:
        return low == stem and len(stem) > 1
    if not word[0].isupper() or not low.startswith(stem):
        return False
    # A stem that lost its last й or ь in Russian keeps it before Kazakh endings: Гүлдерайдың, Асельдің.
    rest = low[len(stem) :]
    return rest == "о" or _ENDING.fullmatch(rest[1:] if rest[:1] in ("й", "ь") else rest) is not None


def _is_any(word: str, stems: Sequence[str]) -> bool:
    return any(_is_form(word, stem) for stem in stems)
