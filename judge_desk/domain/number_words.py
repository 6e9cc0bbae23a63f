"""Reads a whole number written out in Kazakh, Russian or English words, in any grammatical case."""

from __future__ import annotations

import re

from judge_desk.domain.cases import Language

_RUSSIAN = (
    "нол=0 один=1 одна=1 одно=1 одн=1 два=2 две=2 двух=2 двум=2 три=3 трех=3 трем=3 тремя=3 четыр=4 пят=5 шест=6 сем=7 "
    "восем=8 восьм=8 девят=9 десят=10 одиннадцат=11 двенадцат=12 тринадцат=13 четырнадцат=14 пятнадцат=15 "
    "шестнадцат=16 семнадцат=17 восемнадцат=18 девятнадцат=19 двадцат=20 тридцат=30 сорок=40 пятьдесят=50 "
    "пятидесят=50 шестьдесят=60 шестидесят=60 семьдесят=70 семидесят=70 восемьдесят=80 восьмидесят=80 девяност=90 "
    "сто=100 ста=100 двест=200 двухсот=200 триста=300 трехсот=300 четыреста=400 четырехсот=400 пятьсот=500 "
    "пятисот=500 шестьсот=600 шестисот=600 семьсот=700 семисот=700 восемьсот=800 восьмисот=800 девятьсот=900 "
    "девятисот=900 тысяч=1000 миллион=1000000 миллиард=1000000000"
)
_KAZAKH = (
    "нөл=0 бір=1 екі=2 үш=3 төрт=4 бес=5 алты=6 жеті=7 сегіз=8 тоғыз=9 он=10 жиырма=20 отыз=30 қырық=40 елу=50 "
    "алпыс=60 жетпіс=70 сексен=80 тоқсан=90 жүз=100 мың=1000 миллион=1000000 миллиард=1000000000"
)
_ENGLISH = (
    "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 "
    "fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 "
    "sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 million=1000000 billion=1000000000"
)


def _stems(table: str) -> list[tuple[str, int]]:
    """Longest first, so that "пятнадцат" is tried before "пят"."""
    pairs = (entry.split("=") for entry in table.split())
    return sorted(((stem, int(value)) for stem, value in pairs), key=lambda pair: -len(pair[0]))


_STEMS = {
    Language.RUSSIAN: _stems(_RUSSIAN),
    Language.KAZAKH: _stems(_KAZAKH),
    Language.ENGLISH: _stems(_ENGLISH),
}
_WHOLE_WORDS = frozenset({"сто", "ста", "он", "ten", "one"})
_JOINING = frozenset({"и", "and", "целых", "тенге", "теңге", "tenge"})
_LONGEST_ENDING = 4
_WORD = re.compile(r"[^\W\d_]+")


def value_of(words: str, language: Language) -> int | None:
    """The number that the words say: "пяти миллионов" is 5000000. None where they say anything else."""
    total = group = 0
    seen = False
    for word in _WORD.findall(words.casefold().replace("ё", "е")):
        if word in _JOINING:
            continue
        value = _value(word, language)
        if value is None:
            return None
        seen = True
        if value >= 1000:
            total += max(group, 1) * value
            group = 0
        elif value == 100 and 0 < group < 10:
            group *= 100
        else:
            group += value
    return total + group if seen else None


def _value(word: str, language: Language) -> int | None:
    for stem, value in _STEMS[language]:
        if word == stem or (
            stem not in _WHOLE_WORDS and word.startswith(stem) and len(word) - len(stem) <= _LONGEST_ENDING
        ):
            return value
    return None
