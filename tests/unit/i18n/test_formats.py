"""Dates, numbers, money, sizes, names and sorting, as each language writes them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.i18n import formats

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
TRIPLES: list[tuple[Callable[[str], str], tuple[str, str, str]]] = [
    (
        lambda language: formats.date_with_weekday(DAY, language),
        ("2026 ж. 22 қараша, жексенбі", "воскресенье, 22 ноября 2026 г.", "Sunday, 22 November 2026"),
    ),
    (lambda language: formats.date_long(DAY, language), ("2026 ж. 22 қараша", "22 ноября 2026 г.", "22 November 2026")),
    (lambda language: formats.date_short(DAY, language), ("22.11.2026", "22.11.2026", "22 Nov 2026")),
    (lambda language: formats.day_and_month(DAY, language), ("22 қараша", "22 ноября", "22 November")),
    (lambda language: formats.day_and_month_short(DAY, language), ("22.11", "22.11", "22 Nov")),
    (lambda language: formats.month_and_year(DAY, language), ("2026 ж. қараша", "ноябрь 2026 г.", "November 2026")),
    (lambda language: formats.month_short(DAY, language), ("қар.", "нояб.", "Nov")),
    (lambda language: formats.weekday_short(DAY, language), ("жк", "вс", "Sun")),
    (
        lambda language: formats.date_and_time(MOMENT, language),
        ("23.11.2026, 01:05", "23.11.2026, 01:05", "23 Nov 2026, 01:05"),
    ),
    (lambda language: formats.duration(7530, language), ("2 сағ 5 мин", "2 ч 5 мин", "2 h 5 min")),
    (lambda language: formats.duration(59.6, language), ("1 мин", "1 мин", "1 min")),
    (lambda language: formats.duration(45, language), ("45 с", "45 с", "45 s")),
    (lambda language: formats.whole(-1_234_567, language), ("−1 234 567", "−1 234 567", "−1,234,567")),
    (lambda language: formats.number(Decimal("1234.505"), language), ("1 234,51", "1 234,51", "1,234.51")),
    (lambda language: formats.percent(0.98765, language), ("98,8 %", "98,8 %", "98.8%")),
    (lambda language: formats.money(5_000_000, language), ("5 000 000 ₸", "5 000 000 ₸", "5,000,000 ₸")),
    (lambda language: formats.money(Decimal("50.25"), language), ("50,25 ₸", "50,25 ₸", "50.25 ₸")),
    (lambda language: formats.file_size(14_900_000, language), ("14,2 МБ", "14,2 МБ", "14.2 MB")),
    (lambda language: formats.file_size(512, language), ("512 Б", "512 Б", "512 B")),
    (lambda language: formats.file_size(200 * 1024**2, language), ("200 МБ", "200 МБ", "200 MB")),
]


@pytest.mark.parametrize(("shown", "expected"), TRIPLES)
def test_three_languages(shown: Callable[[str], str], expected: tuple[str, str, str]) -> None:
    for language, text in zip(("kk", "ru", "en"), expected, strict=True):
        assert shown(language).replace("\u00a0", " ") == text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_month_and_weekday_names_agree_with_unicode_data(language: str) -> None:
    for month in range(1, 13):
        day = date(2026, month, month + 3)
        assert formats.day_and_month(day, language).split("\u00a0")[1] == format_date(day, "MMMM", language)
        assert formats.weekday(day, language) == format_date(day, "EEEE", language)


def test_numbers_are_held_together_by_no_break_spaces() -> None:
    assert formats.money(5_000_000, "kk") == "5\u00a0000\u00a0000\u00a0₸"


def test_halves_round_up_as_the_published_tables_do() -> None:
    assert [formats.number(value, "en", 0) for value in (122.5, 182.5)] == ["123", "183"]


@pytest.mark.parametrize(
    ("full", "short"),
    [("Ахметов Даурен Серікұлы", "Ахметов Д. С."), ("Оспанова Әсел", "Оспанова Ә."), ("Прокуратура", "Прокуратура")],
)
def test_short_names(full: str, short: str) -> None:
    assert formats.short_name(full).replace("\u00a0", " ") == short


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", "аға Әке баға Гүл Ғалым Қанат Лаура Нұр ңәм Омар Өмір Ұлан Үміт Халық Һәм Шара Ыдыс Іс Zed"),
        ("ru", "Ежов Ёлка Емелин Жуков Ельцин"),
        ("en", "Adam Zed Әке Баға"),
    ],
)
def test_sorting_follows_the_language(language: str, expected: str) -> None:
    words = expected.split()
    if language == "ru":
        words = ["Ежов", "Ёлка", "Ельцин", "Емелин", "Жуков"]
    assert sorted(reversed(words), key=lambda word: formats.collation_key(word, language)) == words


def test_numbers_sort_by_value_and_quotes_are_silent() -> None:
    names = ["№ 2", "№ 10", "№ 100", "«Алма» ЖШС", "Болат"]
    assert sorted(reversed(names), key=lambda name: formats.collation_key(name, "kk")) == names


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_any_two_numbers_sort_by_value(one: int, other: int) -> None:
    keys = formats.collation_key(f"іс {one}", "kk"), formats.collation_key(f"іс {other}", "kk")
    assert (keys[0] < keys[1]) == (one < other)
