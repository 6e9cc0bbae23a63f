"""Blinding: every case of a surname in both languages goes, and the leak finder finds what a person left in."""

from __future__ import annotations

import re

import pytest

from judge_desk.domain.blinding import Known, LeakKind, blind, leaks, stem_of

KNOWN = Known(
    names=("Нұрсейітова Б. Қ.", "Иванов Пётр Сергеевич", "Ахметов К.", "Достоевская А."),
    places=("Алматы", "Медеуский"),
)
RUSSIAN = "Иванов Иванова Иванову Иванова Ивановым Иванове".split()
KAZAKH = "Ахметов Ахметовтың Ахметовке Ахметовті Ахметовте Ахметовтен Ахметовпен".split()


@pytest.mark.parametrize("form", [*RUSSIAN, *KAZAKH, "ИВАНОВУ", "АХМЕТОВТІ", "Нурсеитовой", "Достоевскую"])
def test_every_case_of_a_known_surname_goes(form: str) -> None:
    text = blind(f"Суд выслушал {form} и решил.", KNOWN, "ru")
    assert form not in text
    assert leaks({"text": text}, KNOWN) == ()


@pytest.mark.parametrize(
    "told",
    [
        "дело № 7101-25-00-2/123",
        "ИИН 850312300456",
        "от 12.03.2025",
        "тел. +7 701 123 45 67",
        "Сапарова Г. М.",
        "Г.М. Сапаровой",
        "Сапаровой Гүлнар Маратқызының",
        "Есильский районный суд города Астаны",
        "Қарағанды қаласының Қазыбек би аудандық соты",
        "ул. Абая",
        "judge@sud.kz",
    ],
)
def test_what_only_looks_like_a_person_court_or_number_goes_too(told: str) -> None:
    assert leaks({"text": f"Установлено: {told}, и это важно."}, Known()) != ()
    assert leaks({"text": blind(f"Установлено: {told}, и это важно.", Known(), "ru")}, Known()) == ()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("title", "Решение Нурсеитовой"),
        ("header", "судья НҰРСЕЙІТОВА"),
        ("bookmark", "Приговор: Иванов"),
        ("file_name", "reshenie_akhmetov_2025.pdf"),
        ("text", "А х м е т о в явился"),
        ("text", "Ахме-\nтов явился"),
        ("text", "Aхмeтoв явился"),
    ],
)
def test_a_name_is_found_wherever_it_hides(place: str, told: str) -> None:
    found = leaks({place: told}, KNOWN)
    assert {(each.place, each.kind) for each in found} == {(place, LeakKind.NAME)}


def test_ordinary_words_stay() -> None:
    plain = (
        "Суд оценил доказательства. Сот талапты қанағаттандырды. Судья и суды решают, сот отырысында айтылды. "
        "Истец суду пояснил. Жауапкер сотқа келмеді."
    )
    assert blind(plain, KNOWN, "ru") == plain
    assert leaks({"text": plain}, KNOWN) == ()


def test_a_stem_too_short_to_be_a_name_is_none() -> None:
    assert (stem_of("Ким"), stem_of("Ли"), stem_of("Иванова")) == ("", "", "иванов")


@pytest.mark.parametrize(
    "line",
    [
        "Судья А. С. Ермеков",
        "Секретарь\tА.С. Ермеков",
        "Хатшы А. С. Ермеков",
        "Прокурор Ермеков А. С.",
        "Адвокат: А. Ермеков",
    ],
)
def test_the_surname_after_a_role_and_initials_goes_too(line: str) -> None:
    assert "Ермеков" not in blind(line, Known(), "kk")


@pytest.mark.parametrize("name", ["Ким", "Цой", "Ли", "Пак"])
def test_a_surname_of_two_or_three_letters_is_no_hiding_place(name: str) -> None:
    """With its initials or bare, in capitals, and in the cases of both languages."""
    known = Known((f"{name} Л. В.",))
    cases = [name, name.upper(), *(name + end for end in ("а", "у", "ом", "е", "ның", "ға", "ны", "да", "дан", "мен"))]
    for form in cases:
        told = f"Судья {form} решил. Осы істі {form} қарады, ли."
        clean = blind(told, known, "ru")
        assert form not in clean, clean
        assert leaks({"text": clean}, known) == ()
        assert [each.kind for each in leaks({"text": told}, known)].count(LeakKind.NAME) == 2


def test_a_short_surname_that_loses_its_last_letter_is_found_too() -> None:
    for form in ("Цоя", "Цою", "Цоем", "Цое", "ЦОЯ", "Цойға"):
        assert form not in blind(f"по делу судьи {form} решено", Known(("Цой Л. В.",)), "ru")


def test_a_short_surname_does_not_blot_out_ordinary_words() -> None:
    told = "Лица, не явившиеся ли, кимоно и Пакет документов, Лист дела 3"
    assert blind(told, Known(("Ли А.", "Ким Б.", "Пак В.")), "ru") == told


def test_what_every_company_is_called_tells_nobody() -> None:
    known = Known(("ТОО «Северный двор»", "«Жарқын» ЖШС", "ИП Ким"), ())
    assert leaks({"text": "Ответчик: ТОО «[лицо]», талапкер: «[тұлға]» ЖШС, ИП [лицо]."}, known) == ()
    assert [each.start for each in leaks({"text": "ИП Ким"}, known)] == [3]


def test_nothing_of_a_word_is_left_behind_its_mark() -> None:
    """Silent letters are not looked at when a name is sought; those at its end go with it all the same."""
    known = Known(("АО «Алтынсай Арнасы»", "Матвеев Тимофей"))
    told = "Ответчик: АО «Алтынсай Арнасы», Тимофей Матвеевъ; й"
    assert blind(told, known, "ru") == "Ответчик: АО «[лицо] [лицо]», [лицо] [лицо]; й"


@pytest.mark.parametrize(
    ("firm", "told"),
    [
        ("«Тұмар Медиа» ЖШС", "сторонам разъяснена возможность примирения и медиации, медиатор и медиация"),
        ('ТОО "Бастау Техника"', "2026 жылғы 7 ақпаннан бастап жұмыс істеді, сот отырысы басталды"),
        ("АО „Мирный Дом“", "мирное соглашение не заключено"),
    ],
)
def test_words_that_a_company_is_called_after_stay_words(firm: str, told: str) -> None:
    known = Known((firm,))
    assert blind(told, known, "ru") == told
    assert leaks({"text": told}, known) == ()


@pytest.mark.parametrize("told", ["«Тұмар Медианың»", "МЕДИА", "Медиаға", "Бас-\nтау", "tumar_media.pdf", "«Бастауға»"])
def test_a_company_goes_in_every_case_of_its_name(told: str) -> None:
    known = Known(("«Тұмар Медиа» ЖШС", 'ТОО "Бастау Техника"'))
    assert leaks({"text": told}, known) != ()
    if told.endswith(".pdf") or "\n" in told:  # these are for a person to see
        return
    assert not set(re.findall(r"[А-Яа-яҰұ]{3,}", told)) & set(re.findall(r"\w+", blind(told, known, "en")))


def test_a_person_in_small_letters_goes() -> None:
    known = Known(("Ермеков Алмас", "ИП Ермекова", "Ермеков А. С. («Мерей»)"))
    assert blind("судья ермеков, ермекову", known, "ru") == "судья [лицо], [лицо]"


@pytest.mark.parametrize(
    "address",
    [
        "Тәуелсіздік даңғылы, 140-үй, 72-пәтер",
        "Абай көшесінде, 5-үйде",
        "Кен дала көшесі, 90-үй, 38-пәтерде",
        "Самал шағын ауданы, 12-үй",
        "улица Кен дала, дом 90, кв. 38",
        "ул. Абая, д. 5а, кв. 7",
        "по проспекту Республики, 14",
        "пр. Абая, дом 12/1",
        "переулок Садовый, дом 3, квартира 2",
        "мкр. Самал, д. 4",
        "микрорайоне 11, дом 4",
    ],
)
def test_nothing_of_an_address_stays(address: str) -> None:
    told = f"Ответчик проживает: {address}. Осы туралы айтылды."
    clean = blind(told, Known(), "ru")
    assert clean.startswith("Ответчик проживает: ")
    assert clean.endswith(". Осы туралы айтылды.")
    left = clean.removeprefix("Ответчик проживает: ").removesuffix(". Осы туралы айтылды.")
    assert left.removeprefix("по ") == "[место]"


def test_what_is_said_of_houses_and_squares_stays() -> None:
    told = (
        "Напр. Суд, артикул. Дом, гараж и пр. Суд решил. Жилой дом 2 этажа, площадь 40 кв. м, на улице дождь; "
        "үй салынды, алаңы 40 м²."
    )
    assert blind(told, Known(), "ru") == told
