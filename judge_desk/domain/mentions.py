"""What a text says that must agree wherever it is said: sums, dates, numbers, IIN and BIN, case numbers, names, norms.

Each mention carries a value that does not depend on the language, so that the Kazakh and the Russian text of one act
can be compared, and a reasoning part with an operative one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from judge_desk.domain.cases import Language
from judge_desk.domain.citations import CitationReader
from judge_desk.domain.number_words import value_of


class MentionKind(StrEnum):
    IDENTITY = "identity"
    CASE_NUMBER = "case_number"
    NORM = "norm"
    DATE = "date"
    SUM = "sum"
    PERCENT = "percent"
    NUMBER = "number"
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Mention:
    """``value`` compares across languages: digits, tiyn, an ISO date, "cpc.226", or a name as written.

    ``words`` is a sum written out behind its figures; ``is_possible`` is False for the 31st of February.
    """

    kind: MentionKind
    text: str
    start: int
    end: int
    value: str
    words: str = ""
    is_possible: bool = True


CAPITAL = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
SMALL = "a-zа-яёәғқңөұүһі"
_SURNAME = rf"[{CAPITAL}][{SMALL}]+(?:-[{CAPITAL}][{SMALL}]+)?"
_LETTER = rf"(?!No\.)[{CAPITAL}][{SMALL}]?\."
_SPACE = r"[^\S\t\n]"
"""Not from one cell of a signature into the next."""
PERSON = (
    rf"(?:{_SURNAME}{_SPACE}+{_LETTER}(?:{_SPACE}*[{CAPITAL}]\.)?"
    rf"|{_LETTER}{_SPACE}*(?:[{CAPITAL}]\.{_SPACE}*)?{_SURNAME})"
)
MOST_KNOWN = 8_000
_MONTHS = (
    ("қаңтар", "январ", "january", "jan"),
    ("ақпан", "феврал", "february", "feb"),
    ("наурыз", "март", "march", "mar"),
    ("сәуір", "апрел", "april", "apr"),
    ("мамыр", "ма[йяею]", "may"),
    ("маусым", "июн", "june", "jun"),
    ("шілде", "июл", "july", "jul"),
    ("тамыз", "август", "august", "aug"),
    ("қыркүйек", "сентябр", "september", "sept", "sep"),
    ("қазан", "октябр", "october", "oct"),
    ("қараша", "ноябр", "november", "nov"),
    ("желтоқсан", "декабр", "december", "dec"),
)
_MONTH = "|".join(stem for month in _MONTHS for stem in month)
_MONTH_STEMS = [(re.compile(stem), number) for number, month in enumerate(_MONTHS, 1) for stem in month]
_GAP = r"[\s\u00a0]"
_IDENTITY = re.compile(rf"(?<!\w)(?:ИИН|ЖСН|IIN|БИН|БСН|BIN){_GAP}*[:№/]?{_GAP}*(\d[\d \u00a0]*\d|\d)")
_CASE_NUMBER = re.compile(r"(?<!\w)\d{1,5}-\d{2}-\d{1,3}-\d\w{0,3}/\d{1,7}(?!\d)")
_DAYS = rf"(?:\d{{1,2}},{_GAP}*)*\d{{1,2}}{_GAP}+(?:и|and|және){_GAP}+"
"""The days before the last one, as in 3, 5 и 17 июля 2025 года."""
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<dots>\d{{1,2}}\.\d{{1,2}}\.\d{{4}})"
    rf"|(?P<ky>\d{{4}}){_GAP}*(?:жыл\w*|ж\.){_GAP}*(?P<kl>{_DAYS})?(?P<kd>\d{{1,2}}){_GAP}+(?P<km>(?:{_MONTH})\w*)"
    rf"|(?P<rl>{_DAYS})?(?P<rd>\d{{1,2}})[»\"]?{_GAP}+(?P<rm>(?:{_MONTH})\w*)\.?,?{_GAP}+(?P<ry>\d{{4}})"
    rf"(?:{_GAP}*(?:года?|году|г\.))?)(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<em>(?:{_MONTH})\w*){_GAP}+(?P<ed>\d{{1,2}}),{_GAP}*(?P<ey>\d{{4}})(?!\d)", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_PART = re.compile(r"(?:\(|(?:част|ч|подпункт|пп|пункт|п|para|part)\w*\.?\s*)(\d+)", re.IGNORECASE)
"""Parts and points of a cited article: the twin must cite the same."""
_DIGITS = re.compile(r"\d+")
_NO_DIGIT = re.compile(r"\D")
_DAY = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"\d{4}")
_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?![\d])|\d+"
_SUM = re.compile(
    rf"(?<![\d.,])(?P<whole>{_AMOUNT})(?:[.,](?P<tiyn>\d{{1,2}})(?!\d))?{_GAP}*(?:\((?P<words>[^()\d]{{2,200}})\))?{_GAP}*"
    rf"(?P<scale>тыс\w*\.?|мың|thousand|млн\.?|миллион\w*|million|млрд\.?|миллиард\w*|billion)?{_GAP}*"
    rf"(?:тенге|теңге\w*|тг\.?|₸|tenge|KZT)(?:{_GAP}*(?P<small>\d{{1,2}}){_GAP}*(?:тиын\w*|tiyn))?",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"те[нң]ге|тг|₸|tenge|KZT", re.IGNORECASE)
"""No sum is without one of these, and most paragraphs are without a sum."""
_PERCENT = re.compile(rf"(?<![\d.,])(\d+(?:[.,]\d+)?){_GAP}*(?:%|процент\w*|пайыз\w*|per cent|percent)")
_SHARE = re.compile(r"%|роцент|айыз|per\s?cent")
_NUMBER = re.compile(rf"(?<![\w.,/-])(?P<whole>{_AMOUNT})(?:[.,](?P<rest>\d+))?(?![\w/])")
_PERSON = re.compile(rf"(?<!\w){PERSON}")
_ORGANISATION = re.compile(rf"[«“\"]([{CAPITAL}\d][^«»“”\"\n]{{1,119}})[»”\"]")
_LAW_TITLE = re.compile(r"^(?:Об?|Обо|On)\s|\sтуралы$")
"""«О браке (супружестве) и семье»: quoted too, and translated like any other words."""


class MentionReader:
    """Reads texts and remembers the last few thousand, so that only what was changed is read again while one writes.

    It holds words of cases: it must live no longer than the unlocked desk.
    """

    def __init__(self, citations: CitationReader) -> None:
        self.citations = citations
        self._known: dict[tuple[Language, str], tuple[Mention, ...]] = {}

    def read(self, text: str, language: Language) -> tuple[Mention, ...]:
        """Everything found, each stretch of the text read once, in the order of the text; names beside the rest."""
        found = self._known.get((language, text))
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[language, text] = mentions(text, language, self.citations)
        return found


def mentions(text: str, language: Language, reader: CitationReader) -> tuple[Mention, ...]:
    """``MentionReader.read`` for a text that is read once."""
    found = list(_names(text))
    if _DIGIT.search(text):
        found.extend(_figures(text, language, reader))
    return tuple(sorted(found, key=lambda each: each.start))


def _names(text: str) -> Iterator[Mention]:
    for hit in _PERSON.finditer(text):
        yield Mention(MentionKind.PERSON, hit[0], hit.start(), hit.end(), hit[0])
    for hit in _ORGANISATION.finditer(text):
        if _LAW_TITLE.search(hit[1].strip()):
            continue
        yield Mention(MentionKind.ORGANISATION, hit[0], hit.start(), hit.end(), hit[1].strip())


def _figures(text: str, language: Language, reader: CitationReader) -> Iterator[Mention]:
    left = text
    for citation in reader.citations(text):
        shown = text[citation.start : citation.end]
        for norm in citation.norms:
            yield Mention(MentionKind.NORM, shown, citation.start, citation.end, norm)
        for part in _PART.finditer(text, citation.start, citation.end):
            yield Mention(MentionKind.NUMBER, part[1], part.start(1), part.end(1), part[1])
        left = _without(left, citation.start, citation.end)
    passes = (_identities, _months_first) if language is Language.ENGLISH else (_identities,)
    for finder in passes:
        for each in list(finder(left)):
            yield each
            left = _without(left, each.start, each.end)
    yield from _at_digits(left)


def _at_digits(text: str) -> Iterator[Mention]:
    """What begins with a digit, from left to right: a number is that only where it is nothing more telling."""
    finders = [_case_number_at, _date_at, _sum_at, _percent_at, _number_at]
    for finder, sign in ((_date_at, _YEAR), (_sum_at, _CURRENCY), (_percent_at, _SHARE)):
        if not sign.search(text):
            finders.remove(finder)
    at = 0
    while digit := _DIGIT.search(text, at):
        start = digit.start()
        at = 0
        for finder in finders:
            if found := finder(text, start):
                yield from found
                at = found[-1].end
                break
        at = at or _past_digits(text, start)


def _past_digits(text: str, start: int) -> int:
    """Nothing begins inside a run of digits."""
    hit = _DIGITS.match(text, start)
    return hit.end() if hit else start + 1


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{'|' * (end - start)}{text[end:]}"


def _identities(text: str) -> Iterator[Mention]:
    for hit in _IDENTITY.finditer(text):
        yield Mention(MentionKind.IDENTITY, hit[0], hit.start(), hit.end(), _digits(hit[1]))


def _case_number_at(text: str, start: int) -> tuple[Mention, ...]:
    hit = _CASE_NUMBER.match(text, start)
    return (Mention(MentionKind.CASE_NUMBER, hit[0], start, hit.end(), hit[0].casefold()),) if hit else ()


def _date_at(text: str, start: int) -> tuple[Mention, ...]:
    hit = _DATE.match(text, start)
    if hit is None:
        return ()
    year, month, day = _date_parts(hit)
    return (*_further_days(hit, year, month), _date(hit, year, month, day))


def _further_days(hit: re.Match[str], year: int, month: int) -> Iterator[Mention]:
    """The other days of a list that names month and year but once."""
    group = "kl" if hit["kl"] else "rl"
    for day in _DAY.finditer(hit[group] or ""):
        value = f"{year:04}-{month:02}-{int(day[0]):02}"
        start = hit.start(group) + day.start()
        found = day_of(value) is not None
        yield Mention(MentionKind.DATE, day[0], start, start + len(day[0]), value, is_possible=found)


def _months_first(text: str) -> Iterator[Mention]:
    for hit in _MONTH_FIRST.finditer(text):
        yield _date(hit, int(hit["ey"]), _month(hit["em"]), int(hit["ed"]))


def _date(hit: re.Match[str], year: int, month: int, day: int) -> Mention:
    value = f"{year:04}-{month:02}-{day:02}"
    return Mention(MentionKind.DATE, hit[0], hit.start(), hit.end(), value, is_possible=day_of(value) is not None)


def _date_parts(hit: re.Match[str]) -> tuple[int, int, int]:
    if hit["iso"]:
        year, month, day = hit["iso"].split("-")
        return int(year), int(month), int(day)
    if hit["dots"]:
        day, month, year = hit["dots"].split(".")
        return int(year), int(month), int(day)
    letter = "k" if hit["ky"] else "r"
    return int(hit[f"{letter}y"]), _month(hit[f"{letter}m"]), int(hit[f"{letter}d"])


@lru_cache(maxsize=256)
def _month(word: str) -> int:
    return next(number for stem, number in _MONTH_STEMS if stem.match(word.casefold()))


def day_of(value: str) -> date | None:
    """The day that a mention's value names; None for one that no calendar has."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _sum_at(text: str, start: int) -> tuple[Mention, ...]:
    hit = _SUM.match(text, start)
    if hit is None:
        return ()
    tiyn = f"{hit['tiyn'] or hit['small'] or '0'}"
    tenge = Decimal(_digits(hit["whole"])) + Decimal(f"0.{tiyn.ljust(2, '0') if hit['tiyn'] else tiyn.zfill(2)}")
    value = int(tenge * _scale(hit["scale"]) * 100)
    return (Mention(MentionKind.SUM, hit[0], start, hit.end(), str(value), words=hit["words"] or ""),)


def _scale(word: str | None) -> int:
    if not word:
        return 1
    folded = word.casefold()
    if folded.startswith(("млрд", "миллиард", "billion")):
        return 10**9
    return 10**6 if folded.startswith(("млн", "милл", "million")) else 1000


def _digits(number: str) -> str:
    return number if number.isdecimal() else _NO_DIGIT.sub("", number)


def _percent_at(text: str, start: int) -> tuple[Mention, ...]:
    hit = _PERCENT.match(text, start)
    return (Mention(MentionKind.PERCENT, hit[0], start, hit.end(), hit[1].replace(",", ".")),) if hit else ()


def _number_at(text: str, start: int) -> tuple[Mention, ...]:
    hit = _NUMBER.match(text, start)
    if hit is None:
        return ()
    value = _digits(hit["whole"]) + (f".{hit['rest']}" if hit["rest"] else "")
    return (Mention(MentionKind.NUMBER, hit[0], start, hit.end(), value),)


def says_otherwise(sum_found: Mention, language: Language) -> int | None:
    """What the words behind a sum say where they say another number of tenge than its figures; None when they agree."""
    if not sum_found.words:
        return None
    spoken = value_of(sum_found.words, language)
    return None if spoken is None or spoken == int(sum_found.value) // 100 else spoken
