"""Dates, numbers, money, sizes, names and sorting in Kazakh, Russian and English, from small tables of our own.

Every function takes the language last and has no state. Moments are shown in the court's zone (UTC+5). Numbers are
grouped by a no-break space in Kazakh and Russian and by a comma in English.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from judge_desk.runtime.clock import court_time

NBSP = "\u00a0"
TENGE = "₸"

_MONTHS_IN_DATE = {
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_MONTHS_ALONE = _MONTHS_IN_DATE | {
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split(),
}
_MONTHS_SHORT = {
    "kk": "қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел.".split(),
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
_WEEKDAYS = {
    "kk": "дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі".split(),
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_WEEKDAYS_SHORT = {
    "kk": "дс сс ср бс жм сб жк".split(),
    "ru": "пн вт ср чт пт сб вс".split(),
    "en": "Mon Tue Wed Thu Fri Sat Sun".split(),
}
_SIZES = {"kk": "Б КБ МБ ГБ ТБ".split(), "ru": "Б КБ МБ ГБ ТБ".split(), "en": "B KB MB GB TB".split()}
_DURATIONS = {"kk": ("сағ", "мин", "с"), "ru": ("ч", "мин", "с"), "en": ("h", "min", "s")}


def date_long(day: date, language: str) -> str:
    """ "2026 ж. 22 қараша", "22 ноября 2026 г.", "22 November 2026"."""
    month = _MONTHS_IN_DATE[language][day.month - 1]
    if language == "kk":
        return f"{day.year}{NBSP}ж. {day.day}{NBSP}{month}"
    if language == "ru":
        return f"{day.day}{NBSP}{month} {day.year}{NBSP}г."
    return f"{day.day}{NBSP}{month} {day.year}"


def date_with_weekday(day: date, language: str) -> str:
    """ "2026 ж. 22 қараша, жексенбі", "воскресенье, 22 ноября 2026 г.", "Sunday, 22 November 2026"."""
    name = weekday(day, language)
    return f"{date_long(day, language)}, {name}" if language == "kk" else f"{name}, {date_long(day, language)}"


def date_short(day: date, language: str) -> str:
    """ "22.11.2026"; English "22 Nov 2026", since its readers do not agree which number is the month."""
    if language == "en":
        return f"{day.day}{NBSP}{_MONTHS_SHORT['en'][day.month - 1]}{NBSP}{day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year}"


def day_and_month(day: date, language: str) -> str:
    """ "22 қараша", "22 ноября", "22 November": where the year is plain."""
    return f"{day.day}{NBSP}{_MONTHS_IN_DATE[language][day.month - 1]}"


def day_and_month_short(day: date, language: str) -> str:
    """ "22.11", English "22 Nov": in a narrow column, where the year is plain."""
    if language == "en":
        return f"{day.day}{NBSP}{_MONTHS_SHORT['en'][day.month - 1]}"
    return f"{day.day:02}.{day.month:02}"


def month_and_year(day: date, language: str) -> str:
    """ "2026 ж. қараша", "ноябрь 2026 г.", "November 2026"."""
    month = _MONTHS_ALONE[language][day.month - 1]
    if language == "kk":
        return f"{day.year}{NBSP}ж. {month}"
    return f"{month} {day.year}{NBSP}г." if language == "ru" else f"{month} {day.year}"


def month_short(day: date, language: str) -> str:
    """ "қар.", "нояб.", "Nov"."""
    return _MONTHS_SHORT[language][day.month - 1]


def weekday(day: date, language: str) -> str:
    """ "жексенбі", "воскресенье", "Sunday"."""
    return _WEEKDAYS[language][day.weekday()]


def weekday_short(day: date, language: str) -> str:
    """ "жк", "вс", "Sun"."""
    return _WEEKDAYS_SHORT[language][day.weekday()]


def clock_time(moment: datetime) -> str:
    """ "09:05" on the court's wall; the same in every language. `moment` is aware."""
    return f"{court_time(moment):%H:%M}"


def date_and_time(moment: datetime, language: str) -> str:
    """ "22.11.2026, 09:05" on the court's wall; `moment` is aware."""
    return f"{date_short(court_time(moment).date(), language)}, {clock_time(moment)}"


def duration(seconds: float, language: str) -> str:
    """ "2 сағ 5 мин", "45 с": the two largest units, for progress and hearings."""
    hours_word, minutes_word, seconds_word = _DURATIONS[language]
    total = round(seconds)
    hours, minutes, rest = total // 3600, total % 3600 // 60, total % 60
    if hours:
        return f"{hours}{NBSP}{hours_word}" + (f" {minutes}{NBSP}{minutes_word}" if minutes else "")
    if minutes:
        return f"{minutes}{NBSP}{minutes_word}" + (f" {rest}{NBSP}{seconds_word}" if rest else "")
    return f"{rest}{NBSP}{seconds_word}"


def whole(value: int, language: str) -> str:
    """A whole number in groups of three: "1 234 567", "1,234,567"."""
    grouped = f"{value:,}".replace("-", "\u2212")
    return grouped if language == "en" else grouped.replace(",", NBSP)


def number(value: float | Decimal, language: str, decimals: int = 2) -> str:
    """A number with a fixed count of decimals, rounded half up: "1 234,50", "1,234.50"."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    grouped = f"{exact:,}".replace("-", "\u2212")
    return grouped if language == "en" else grouped.replace(",", NBSP).replace(".", ",")


def percent(share: float | Decimal, language: str, decimals: int = 1) -> str:
    """A share of 1 as "98,8 %", in English "98.8%"."""
    shown = number(Decimal(str(share)) * 100, language, decimals)
    return f"{shown}%" if language == "en" else f"{shown}{NBSP}%"


def money(tenge: int | Decimal, language: str) -> str:
    """A sum in tenge: "5 000 000 ₸"; tiyn only where there are any: "50,25 ₸"."""
    exact = Decimal(tenge)
    shown = whole(int(exact), language) if exact == int(exact) else number(exact, language)
    return f"{shown}{NBSP}{TENGE}"


def file_size(size: int, language: str) -> str:
    """Bytes as "14,2 МБ"; a step is 1,024."""
    units = _SIZES[language]
    amount, step = float(size), 0
    while amount >= 1024 and step < len(units) - 1:
        amount, step = amount / 1024, step + 1
    shown = number(amount, language, 1) if step and amount < 100 else whole(round(amount), language)
    return f"{shown}{NBSP}{units[step]}"


def short_name(full_name: str) -> str:
    """ "Ахметов Даурен Серікұлы" as "Ахметов Д. С."; a name of one word stays as it is."""
    family, *given = full_name.split()
    return NBSP.join([family, *(f"{name[0]}." for name in given)]) if given else full_name.strip()


_ALPHABET = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
}
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_SILENT = "«»“”„\"'№"  # «Алма» ЖШС stands under А
_DIGITS = re.compile(r"\d+")


def collation_key(text: str, language: str) -> str:
    """A string that sorts as the language's dictionary does; may be stored in a column.

    Kazakh: а ә б в г ғ …; Russian: ё beside е. Case does not matter, numbers sort by value, the language's own script
    comes before the other.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    ranked = _DIGITS.sub(_by_value, folded).translate(_ranks(language))
    return f"{ranked}\0{text}"


@cache
def _ranks(language: str) -> dict[int, str]:
    letters = _LATIN + _ALPHABET["kk"] if language == "en" else _ALPHABET[language] + _LATIN
    ranks = {ord(letter): chr(0x100 + rank) for rank, letter in enumerate(letters)}
    if language == "ru":
        ranks[ord("ё")] = ranks[ord("е")]
    return ranks | {ord(mark): "" for mark in _SILENT}


def _by_value(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    return f"0{chr(0x30 + min(len(digits), 0x40))}{digits}"
