"""The public copy: names in all their forms, numbers, addresses; what might leak is named, and what is public stays."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Part,
    PartKind,
    Row,
    Run,
    plain_text,
)
from judge_desk.domain.cases import Language, Party, PartyRole
from judge_desk.drafting.pdf import meta_of, render_pdf
from judge_desk.drafting.public_copy import HiddenKind, PublicCopy, is_clean

IBRAEV = Party(id="1", role=PartyRole.CLAIMANT, name="Ибраев Асхат Қуатұлы", number="900101300123")
AKHMETOVA = Party(
    id="2",
    role=PartyRole.DEFENDANT,
    name="Ахметова Гульнара Сериковна",
    phone="8 701 123 45 67",
    address="г. Кызылту, ул. Абая, д. 5, кв. 7",
)
DOSZHAN = Party(id="3", role=PartyRole.THIRD_PARTY, name="Досжан Ә.")
PARTIES = (IBRAEV, AKHMETOVA, DOSZHAN)


def act_of(*texts: str, language: Language = Language.RUSSIAN) -> ActText:
    blocks = tuple(Block(id=f"b{number}", runs=(Run(text=text),)) for number, text in enumerate(texts))
    return ActText(language=language, kind=ActKind.DECISION, parts=(Part(kind=PartKind.OPERATIVE, blocks=blocks),))


def hidden(text: str, *parties: Party) -> str:
    copy = PublicCopy(act_of(text), parties or PARTIES)
    return plain_text(copy.hide(copy.find()))


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        *(
            (form, "И.А.Қ.")
            for form in (
                "Ибраев", "Ибраева", "Ибраеву", "Ибраевым", "Ибраеве", "Ибраевтың", "Ибраевқа", "Ибраевты",
                "Ибраевтан", "Ибраевпен", "Ибраевта", "Ибраевтікі", "ИБРАЕВ", "Ибраев А. Қ.", "А. Қ. Ибраев",
                "А.Қ. Ибраевқа", "Ибраев\u00a0А.\u00a0Қ.", "Ибраев Асхат Қуатұлы", "Ибраева Асхата Қуатұлы",
                "Асхат Қуатұлы", "Асхат Қуатұлының",
            )
        ),
        *(
            (form, "А.Г.С.")
            for form in (
                "Ахметова", "Ахметовой", "Ахметову", "Ахметова Г. С.", "Ахметоваға", "Ахметованың", "Ахметовадан",
                "Ахметовой Гульнары Сериковны", "Гульнаре Сериковне", "Г.С. Ахметовамен",
            )
        ),
        *((form, "Д.Ә.") for form in ("Досжан", "Досжанның", "Досжанға", "Досжаном", "Досжан Ә.")),
    ],
)  # fmt: skip
def test_a_name_is_hidden_in_every_form(form: str, sign: str) -> None:
    assert hidden(f"Сот {form} туралы шешті.") == f"Сот {sign} туралы шешті."


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("ИИН 900101300123,", "[ИИН/БИН],"),
        ("ИИН 900101 300123,", "[ИИН/БИН],"),
        ("БСН 123456789012.", "[ИИН/БИН]."),
        ("тел. +7 (701) 123-45-67", "тел. [телефон]"),
        ("тел. 87011234567", "тел. [телефон]"),
        ("счёт KZ12 3456 7890 1234 5678", "счёт [счёт]"),
        ("счёт KZ123456789012345678", "счёт [счёт]"),
        ("машина 123 ABC 02", "машина [номер машины]"),
        ("почта ivan.p@mail.kz,", "почта [эл. почта],"),
        ("по адресу: г. Кызылту, ул. Абая, д. 5, кв. 7.", "по адресу: [адрес]."),
        ("ул. Достык, д. 12/1, кв. 3, где", "[адрес], где"),
        ("Бейбітшілік көшесі, 12-үй, 5-пәтер тұрғыны", "[адрес] тұрғыны"),
        ("01.02.1980 года рождения", "[дата рождения] года рождения"),
    ],
)
def test_identifiers_are_hidden_whosever_they_are(text: str, put: str) -> None:
    assert hidden(text) == put


@pytest.mark.parametrize(
    "text",
    [
        "Дело № 7140-26-00-2/1234 от 12.05.2026",
        "взыскать 5 000 000 тенге и 900 101 тенге",
        "статьи 223, 226 ГПК; Закон от 31 октября 2015 года № 377-V",
        "Суд города Ибраимово под председательством судьи Сапаровой",
        "в сумме 123456789 тенге",
    ],
)
def test_what_is_public_stays(text: str) -> None:
    assert hidden(text) == text


def test_two_people_with_the_same_initials_stay_apart() -> None:
    other = Party(id="4", role=PartyRole.VICTIM, name="Исаев Арман Қайратұлы")
    assert hidden("Ибраев и Исаев", IBRAEV, other) == "И.А.Қ. и И.А.Қ.2"


def test_marks_stay_and_links_to_the_case_go() -> None:
    runs = (
        Run(text="Истец "),
        Run(text="Ибра", marks=(Mark.BOLD,), field="claimants"),
        Run(text="ев А. Қ.", marks=(Mark.BOLD,), field="claimants"),
        Run(text=" (л.д. 5)", reference=CaseReference(document_id="x", page=5)),
    )
    table = Block(
        id="t", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(runs=(Run(text="Ахметовой"),)), Cell(runs=runs[:1]))),)
    )
    part = Part(kind=PartKind.WHOLE, blocks=(Block(id="b", runs=runs), table))
    act = ActText(language=Language.RUSSIAN, kind=ActKind.COURT_ORDER, parts=(part,))
    copy = PublicCopy(act, PARTIES)
    found = copy.find()
    assert [(each.block, each.cell, each.found) for each in found] == [("b", 0, "Ибраев А. Қ."), ("t", 1, "Ахметовой")]
    made = copy.hide(found)
    assert plain_text(made) == "Истец И.А.Қ. (л.д. 5)\nА.Г.С.\tИстец "
    assert made.block("b") is not None
    assert made.parts[0].blocks[0].runs[1].marks == (Mark.BOLD,)
    assert not is_clean(act)
    assert is_clean(made)


def test_what_a_person_leaves_standing_is_found_again() -> None:
    act = act_of("Ибраев А. Қ., ИИН 900101300123, тел. 87011234567.", "Ибраевская улица")
    copy = PublicCopy(act, PARTIES)
    chosen = [each for each in copy.find() if each.kind is not HiddenKind.NUMBER][1:]
    leaks = copy.leaks(copy.hide(chosen))
    assert {"Ибраев", "900101300123", "Ибраевская"} <= set(leaks)
    assert copy.leaks(copy.hide(copy.find())) == ("Ибраевская",)


def test_the_printed_copy_says_nothing_in_its_properties() -> None:
    act = act_of("Истец Ибраев А. Қ. и Ахметова Г. С.")
    copy = PublicCopy(act, PARTIES)
    made = copy.hide(copy.find())
    data = render_pdf(made, meta_of(made, datetime(2026, 11, 23, tzinfo=UTC), is_draft=False))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        told = str(dict(pdf.docinfo)) + bytes(pdf.Root.Metadata.read_bytes()).decode()
    assert "Ибраев" not in told
    assert "Ахметова" not in told
