"""Takes out of an act what tells whose it is, and then tries to find its author in what is left.

Both work on folded letters (ұ as у, й and soft signs left out, Latin look-alikes as Cyrillic), because a name is
written in two languages and in every case of both. Only text goes on: what a file carries besides, such as a header,
bookmarks or its own name, is searched for leaks and never released.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

_TWINS = dict(zip("әғқңөұүһіёaeopcxykmhtbi", "агкноуухиеаеорсхукмнтви", strict=True))
_LATIN = dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)) | dict(
    zip("жхцчшщюя", ("zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya"), strict=True)
)
_SILENT = frozenset("йьъ\u00ad\u0301")
_UPPER, _LOWER = "А-ЯЁӘҒҚҢӨҰҮҺІ", "а-яёәғқңөұүһі"
_WORD = f"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)?"
_INITIALS = rf"[{_UPPER}]\.\s?(?:[{_UPPER}]\.)?"
_PATRONYMIC = rf"[{_UPPER}][{_LOWER}]+(?:вич|вна|ична|ұлы|улы|қызы|кызы)[{_LOWER}]{{0,6}}"
# Before initials these are no surname: the surname follows, as on the line of a signature.
_ROLE = (
    "(?:Судь|Секретар|Председательств|Прокурор|Адвокат|Представител|Помощник|Ист[ец]|Ответчик|Заявител|Эксперт|Свидетел"
    "|Специалист|Переводчик|Хатшы|Төраға|Көмекші|Өкіл|Талап|Жауапкер|Арызданушы|Сарапшы|Куә|Маман|Аудармашы)"
)
_COURT_KIND = (
    "(?:[Рр]айонн|[Гг]ородск|[Оо]бластн|[Сс]пециализированн|[Мм]ежрайонн|[Аа]удандық|[Ққ]алалық|[Оо]блыстық|[Аа]уданаралық"
    "|[Мм]амандандырылған)"
)
_STREET = (
    r"ул\.|[Уу]лиц[аеуы]|(?<!и )пр\.|пр-т\w{0,3}|[Пп]роспект\w{0,2}|пер\.|[Пп]ереул\w{2,4}|б-р|[Бб]ульвар\w{0,2}|мкр\.?"
    r"|[Мм]икрорайон\w{0,2}|[Шш]оссе|[Пп]лощад[ьи]"
)
_STREET_KK = "көшесі|даңғылы|тұйығы|бульвары|алаңы|шағын ауданы|мөлтек ауданы"
_HOUSE = (
    r"(?:,\s*\d{1,4}[а-я]?(?:/\d+)?(?!\w|[-.,]\d|-?\s?(?:үй|пәтер))"
    r"|,?\s*(?:д\.|дом\w{0,2}|уч\.|корп\.|кв\.|квартир[аеуы])\s*№?\s*\d+[а-я]?(?:/\d+)?"
    r"|,?\s*\d+[а-я]?(?:/\d+)?-?\s?(?:үй|пәтер)\w{0,6})*"
)
_ENDINGS = re.compile(r"(?<=..)(?:ый|ий|ая|яя|ой|а|я|о|е|у|и|ы)$")
SHORTEST_STEM = 4
SHORTEST_NAME = 2
_SHORT_ENDING = (
    "(?:а|у|ю|я|е|ой|ом|ым|ою|ей|ем|ы|и|ов|ами|ах|ам|ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|ны|ні|ды|ді|ты|ті|да|де|та|те"
    "|дан|ден|тан|тен|нан|нен|мен|бен|пен)"
)
"""What a surname such as Ким or Цой gets in the cases of both languages: a longer tail makes another word of it."""
LEGAL_FORMS = frozenset(
    {"ТОО", "ЖШС", "АО", "АҚ", "ИП", "ЖК", "ГУ", "ММ", "КГУ", "КММ", "ПК", "ОО", "ҚБ", "LLP", "JSC"}
)
"""Part of a party's name that every company shares: it tells nobody."""
LONGEST_SUFFIX = 10
_QUOTED = re.compile('[«“„"]([^»”“"]+)[»”“"]')
"""What a company is called: words of the language as a rule, «Медиа», «Бастау», which in an act in small letters are
only words. Of a person's name every spelling goes: somebody writes it in small letters too."""


class LeakKind(StrEnum):
    NAME = "name"
    PERSON = "person"
    COURT = "court"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Leak:
    """What could still tell whose an act is: the place in the document, and where in its text."""

    place: str
    kind: LeakKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Known:
    """What must not be told: ``names`` of the judge, the parties and all others; ``places``: court, town, region."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


PATTERNS: Mapping[LeakKind, re.Pattern[str]] = {
    LeakKind.PERSON: re.compile(
        rf"(?!{_ROLE}[{_LOWER}]*\s){_WORD}\s+{_INITIALS}|{_INITIALS}\s?{_WORD}|(?:{_WORD}\s+){{1,2}}{_PATRONYMIC}|{_PATRONYMIC}\s+{_WORD}"
    ),
    LeakKind.COURT: re.compile(
        rf"(?:{_WORD}\s+|№\s*\d+\s+){{1,4}}(?:[{_LOWER}]+\s+){{0,2}}{_COURT_KIND}[{_LOWER}]*"
        rf"(?:\s+[{_LOWER}]+){{0,4}}\s+(?:суд|сот)[{_LOWER}]{{0,6}}\b|{_COURT_KIND}[{_LOWER}]*\s+(?:суд|сот)[{_LOWER}]{{0,6}}\b"
        rf"|(?:суд|сот)[{_LOWER}]{{0,3}}\s+(?:№\s*\d+\s+)?(?:г\.|города|района|области)\s*{_WORD}"
        rf"|(?:г\.|город[{_LOWER}]{{0,2}}|пос\.)\s*{_WORD}"
        rf"|{_WORD}\s+(?:қаласы|ауданы|облысы)[{_LOWER}]{{0,6}}"
        # A street with all that follows its name, up to the flat.
        rf"|(?<!\w)(?:{_STREET})\s*{_WORD}(?:\s+[{_LOWER}]+(?=,\s*д(?:ом|\.)))?{_HOUSE}"
        rf"|(?<!\w)(?:мкр\.?|[Мм]икрорайон\w{{0,2}})\s*\d+{_HOUSE}"
        rf"|{_WORD}(?:\s+[{_UPPER}{_LOWER}][{_LOWER}]+)?\s+(?:{_STREET_KK})[{_LOWER}]{{0,6}}{_HOUSE}",
    ),
    LeakKind.NUMBER: re.compile(
        r"\b\d{12}\b|\b\d{2,5}[-–/]\d{1,2}[-–/][\d\w]{1,6}(?:[-–/]\d+)?|\+?[78][\s(-]*\d{3}[\s)-]*\d{3}[\s-]?\d{2}[\s-]?\d{2}"
        r"|\b\d{1,2}[.]\d{1,2}[.]\d{4}\b|[\w.]+@[\w.]+|\bKZ\d{2}[0-9A-Z]{16}\b|№\s*[\w/–-]*\d[\w/–-]*"
    ),
}
MARKS: Mapping[str, Mapping[LeakKind, str]] = {
    "kk": {LeakKind.NAME: "[тұлға]", LeakKind.PERSON: "[тұлға]", LeakKind.COURT: "[орын]", LeakKind.NUMBER: "[нөмір]"},
    "ru": {LeakKind.NAME: "[лицо]", LeakKind.PERSON: "[лицо]", LeakKind.COURT: "[место]", LeakKind.NUMBER: "[номер]"},
}


def blind(text: str, known: Known, language: str) -> str:
    """The text with names, courts, places, numbers and days taken out; a person must still read it before release."""
    marks = MARKS.get(language, MARKS["ru"])
    cuts = sorted(
        ((each.start, each.end, marks[each.kind]) for each in _found("text", text, known)),
        key=lambda cut: (cut[0], -cut[1]),
    )
    out, last = [], 0
    for start, end, mark in cuts:
        if start < last:
            # A cut inside another one: the longer stands, and a tail that reaches beyond it goes too.
            last = max(last, end)
            continue
        out += [text[last:start], mark]
        last = end
    return "".join([*out, text[last:]])


def leaks(document: Mapping[str, str], known: Known) -> tuple[Leak, ...]:
    """Everything that could tell the author, in any place of a document (text, title, header, bookmark, file name).

    Names are also looked for across line ends, hyphens and spaced-out letters.
    """
    found = [leak for place, text in document.items() for leak in _found(place, text, known)]
    seen = {(each.place, each.start) for each in found}
    for place, text in document.items():
        for leak in (*_spaced(place, text, known), *_in_latin(place, text, known)):
            if (leak.place, leak.start) not in seen:
                found.append(leak)
                seen.add((leak.place, leak.start))
    return tuple(found)


def stem_of(name: str) -> str:
    """The part of a surname that stays in every case of both languages, folded; empty for what is too short."""
    folded, _ = _fold(name)
    stem = _ENDINGS.sub("", re.sub(r"\W", "", folded))
    return stem if len(stem) >= SHORTEST_STEM else ""


@dataclass(frozen=True, slots=True)
class _Stem:
    """What every case of a name begins with, folded; ``is_proper``: only with a capital letter."""

    text: str
    kind: LeakKind
    is_proper: bool = False

    def counts(self, first: str) -> bool:
        """Whether a word with this first letter may be it."""
        return not self.is_proper or first.isupper()


def _stems(known: Known) -> Iterator[_Stem]:
    for names, kind in ((known.names, LeakKind.NAME), (known.places, LeakKind.COURT)):
        for name in names:
            titles = " ".join(_QUOTED.findall(name))
            for words, is_proper in ((_QUOTED.sub(" ", name), False), (titles, True)):
                for word in re.findall(r"[\w-]+", words):
                    if stem := stem_of(word):
                        yield _Stem(stem, kind, is_proper)


def _short(known: Known) -> Iterator[str]:
    """Names too short for a stem, which count only with a capital letter: "ли" asks, "Ли" is called so."""
    for name in known.names:
        for word in re.findall(r"[\w-]+", name):
            if word in LEGAL_FORMS:
                continue
            if len(word) >= SHORTEST_NAME and word[0].isupper() and not stem_of(word):
                # Russian cases of Цой lose their last letter.
                yield from (word, word[:-1]) if len(word) > SHORTEST_NAME and word[-1] in "йьЙЬ" else (word,)


def _found(place: str, text: str, known: Known) -> Iterator[Leak]:
    folded, places = _fold(text)
    for name in _short(known):
        both = rf"{re.escape(name.capitalize())}{_SHORT_ENDING}?|{re.escape(name.upper())}{_SHORT_ENDING.upper()}?"
        for match in re.finditer(rf"(?<!\w)(?:{both})(?!\w)", text):
            yield Leak(place, LeakKind.NAME, match.start(), match.end())
    for stem in _stems(known):
        for match in re.finditer(rf"(?<![^\W_]){re.escape(stem.text)}[^\W_]{{0,{LONGEST_SUFFIX}}}", folded):
            start = places[match.start()]
            if stem.counts(text[start]):
                yield Leak(place, stem.kind, start, _end_of(match.end(), places, text))
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield Leak(place, kind, match.start(), match.end())


def _end_of(folded_end: int, places: list[int], text: str) -> int:
    """Where a word ends that the folded text has up to there: the last letter may have been folded away."""
    end = places[folded_end - 1] + 1
    following = places[folded_end] if folded_end < len(places) else len(text)
    while end < following and text[end].isalnum():
        end += 1
    return end


def _spaced(place: str, text: str, known: Known) -> Iterator[Leak]:
    """Names that a line end, a hyphen or spaces between the letters hide."""
    folded, places = _fold(text)
    kept = [index for index, letter in enumerate(folded) if letter.isalnum()]
    squeezed = "".join(folded[index] for index in kept)
    for stem in _stems(known):
        if stem.kind is not LeakKind.NAME or len(stem.text) <= SHORTEST_STEM:
            continue
        start = squeezed.find(stem.text)
        while start >= 0:
            first, last = places[kept[start]], places[kept[start + len(stem.text) - 1]]
            begins = first == 0 or not text[first - 1].isalnum()
            if begins and not text[first : last + 1].isalnum() and stem.counts(text[first]):
                yield Leak(place, stem.kind, first, last + 1)
            start = squeezed.find(stem.text, start + 1)


def _in_latin(place: str, text: str, known: Known) -> Iterator[Leak]:
    """Names as file names and bookmarks spell them: in Latin letters, one way or the other."""
    small = text.lower()
    if not any("a" <= letter <= "z" for letter in small):
        return
    for stem in _stems(known):
        for table in (_LATIN, _LATIN | {"х": "h", "и": "y", "ж": "j"}):
            spelt = "".join(table.get(letter, letter) for letter in stem.text)
            start = small.find(spelt) if len(spelt) >= SHORTEST_STEM else -1
            if start >= 0:
                yield Leak(place, stem.kind, start, start + len(spelt))


def _fold(text: str) -> tuple[str, list[int]]:
    """Small letters of one alphabet without silent ones, and where each stood."""
    letters, places = [], []
    for index, letter in enumerate(text):
        small = letter.lower()[:1]
        if small in _SILENT:
            continue
        letters.append(_TWINS.get(small, small))
        places.append(index)
    return "".join(letters), places
