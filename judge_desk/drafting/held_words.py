"""Which words a line must not part: № 5, А. Б. Тегі, 5 000 000 теңге, 12 наурыз; and where a long word may part."""

from __future__ import annotations

import re

# A number is not torn from these.
_HELD_BY_NUMBER = frozenset(
    "г. года ж. жылғы теңге тенге тг. ₸ % руб. коп. тиын тыс. млн млрд мың кв. KZT tenge".split()
)

_MONTHS = frozenset(
    "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел янв фев мар апр мая май июн июл авг сен окт ноя дек "
    "jan feb mar apr may jun jul aug sep oct nov dec".split()
)
"""How the names of months begin: 12 наурыз, 12 марта, 12 March."""

# The number behind it must not be torn away from these.
_HOLDS_NUMBER = frozenset(
    "статья статьи статье статью статьёй статьей статьям статьями статьях часть части частью пункт пункта пункте "
    "пунктом подпункт подпункта Article Articles No.".split()
)

_DASHES = frozenset("–—")  # no line begins with one

# Long words joined by a hyphen may part behind it, as процедурно-процессуального does; numbers and endings may not.
_HYPHEN = re.compile(r"(?<=[^\W\d_]{4}-)(?=[^\W\d_]{4})")

# The next word must not be torn away from these.
_HOLDS_NEXT = frozenset("№ § ст. п. пп. гл. г. с. б. т. тг. ж. кв. см. ИИН БИН ЖСН БСН в к с о у и а".split())


def holds(text: str, after: str, *, is_strict: bool = True) -> bool:
    """Whether a line must not end between two words; ``is_strict`` holds what is only better held as well."""
    if after in _DASHES or (text[-1].isdigit() and _is_held_by_number(after)):
        return True
    if _is_initial(text) or (is_strict and _is_better_held(text, after)):
        return True
    single = text.casefold() if len(text) == 1 else text
    return single in _HOLDS_NEXT or (text in _HOLDS_NUMBER and after[:1].isdigit())


def _is_better_held(text: str, after: str) -> bool:
    """A name and its initials, a month and its year: parted only where a line would be torn open otherwise."""
    if _is_initial(after[:2]):
        return text.isalpha() and text[0].isupper()
    return after[:4].isdigit() and text[:3].casefold() in _MONTHS


def _is_held_by_number(word: str) -> bool:
    if word in _HELD_BY_NUMBER or word.rstrip(".,;:)»") in _HELD_BY_NUMBER:
        return True
    begins = word[:3]
    return len(begins) == 3 and (begins.isdigit() or begins.casefold() in _MONTHS)


def _is_initial(text: str) -> bool:
    return len(text) == 2 and text[1] == "." and text[0].isupper()


def at_hyphens(word: str) -> list[tuple[str, bool]]:
    """The word in pieces between which a line may end, each with whether a space follows."""
    pieces = _HYPHEN.split(word) if "-" in word else [word]
    return [(piece, at == len(pieces)) for at, piece in enumerate(pieces, start=1)]
