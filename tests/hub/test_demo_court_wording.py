"""Kazakh and Russian endings, and sums in words: what a reader of the demo would notice first."""

from __future__ import annotations

import random
from datetime import date

import pytest

from judge_desk.domain.identity_numbers import check_digit
from judge_desk.hub.demo_court import people
from judge_desk.hub.demo_court.wording import day_word, kazakh, kazakh_organisation, number_words, russian, sum_word


@pytest.mark.parametrize(
    ("word", "gen", "dat", "abl", "ins"),
    [
        ("жауапкер", "жауапкердің", "жауапкерге", "жауапкерден", "жауапкермен"),
        ("талап қоюшы", "талап қоюшының", "талап қоюшыға", "талап қоюшыдан", "талап қоюшымен"),
        ("орган", "органның", "органға", "органнан", "органмен"),
        ("Мұқанов", "Мұқановтың", "Мұқановқа", "Мұқановтан", "Мұқановпен"),
        ("Әуезов", "Әуезовтің", "Әуезовке", "Әуезовтен", "Әуезовпен"),
        ("Жүнісова", "Жүнісованың", "Жүнісоваға", "Жүнісовадан", "Жүнісовамен"),
        ("наурыз", "наурыздың", "наурызға", "наурыздан", "наурызбен"),
    ],
)
def test_kazakh_endings_follow_the_sounds(word: str, gen: str, dat: str, abl: str, ins: str) -> None:
    made = kazakh(word)
    assert (made.gen, made.dat, made.abl, made.ins) == (gen, dat, abl, ins)


def test_a_possessive_name_takes_its_own_endings() -> None:
    court = kazakh("аудандық соты", possessive=True)
    assert (court.dat, court.acc, court.abl) == ("аудандық сотына", "аудандық сотын", "аудандық сотынан")
    assert kazakh_organisation("«Дала» ЖШС").abl == "«Дала» ЖШС-нен"
    assert kazakh_organisation("«Дала» АҚ").dat == "«Дала» АҚ-на"


def test_a_day_in_kazakh_says_where_it_stands() -> None:
    day = day_word(date(2026, 9, 24), "kk")
    assert (str(day), day.loc, day.rel) == (
        "2026 жылғы 24 қыркүйек",
        "2026 жылғы 24 қыркүйекте",
        "2026 жылғы 24 қыркүйектегі",
    )


@pytest.mark.parametrize(
    ("number", "kk", "ru"),
    [
        (0, "нөл", "ноль"),
        (1_251_342, "бір миллион екі жүз елу бір мың үш жүз қырық екі",
         "один миллион двести пятьдесят одна тысяча триста сорок два"),
        (22_002_011, "жиырма екі миллион екі мың он бір", "двадцать два миллиона две тысячи одиннадцать"),
        (115_000, "жүз он бес мың", "сто пятнадцать тысяч"),
    ],
)  # fmt: skip
def test_sums_are_spelt_out(number: int, kk: str, ru: str) -> None:
    assert number_words(number, "kk") == kk
    assert number_words(number, "ru") == ru


def test_a_sum_is_inflected_in_kazakh_only() -> None:
    assert sum_word(5_000, "kk").acc.endswith("(бес мың) теңгені")
    assert sum_word(5_000, "ru").gen.endswith("(пять тысяч) тенге")


def test_russian_forms_come_from_the_list() -> None:
    role = russian("истец|истца|истцу|истца|истцом")
    assert (role.gen, role.dat, role.ins, role.capital.gen) == ("истца", "истцу", "истцом", "Истца")


def test_made_numbers_have_a_right_check_digit() -> None:
    chance = random.Random(7)
    for kind in ("person", "company"):
        number = people.somebody(chance, (kind,)).number
        assert len(number) == 12
        assert check_digit(number[:11]) == int(number[11])
