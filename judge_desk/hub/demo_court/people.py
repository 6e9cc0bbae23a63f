"""The cast: who works at the court, and who stands before it. Everybody is drawn, nobody is real."""

from __future__ import annotations

import random
from dataclasses import dataclass

from judge_desk.domain.identity_numbers import check_digit
from judge_desk.domain.people import Court, Person, Role
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.wording import Word, kazakh, kazakh_organisation, russian, russian_surname

JUDGE = "judge"
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("judge", "А|Ермеков|Ермеков|Асқар Сәкенұлы|Аскар Сакенович", "judge", (Role.JUDGE, Role.REVIEWER)),
    ("secretary", "ж|Тұрсынова|Турсынова|Жанар Болатқызы|Жанар Болатовна", "secretary", (Role.SECRETARY,)),
    ("chair", "ж|Қоңыратова|Конуратова|Сәуле Маратқызы|Сауле Маратовна", "chair", (Role.CHAIR,)),
    ("reviewer", "А|Әшімов|Ашимов|Дәурен Қанатұлы|Даурен Канатович", "judge", (Role.JUDGE, Role.REVIEWER)),
    ("commission", "ж|Белгібаева|Бельгибаева|Мәдина Ерболатқызы|Мадина Ерболатовна", "commission", (Role.COMMISSION,)),
    ("council", "ж|Самойлова|Самойлова|Ирина Викторовна|Ирина Викторовна", "council", (Role.COUNCIL,)),
    ("auditor", "А|Тәжібаев|Тажибаев|Рүстем Асқарұлы|Рустем Аскарович", "auditor", (Role.AUDITOR,)),
    ("it", "А|Литвинов|Литвинов|Андрей Петрович|Андрей Петрович", "it_officer", (Role.IT_OFFICER,)),
    ("judge2", "ж|Нұрсейітова|Нурсеитова|Ботагөз Қайратқызы|Ботагоз Кайратовна", "judge", (Role.JUDGE, Role.REVIEWER)),
    ("judge3", "А|Яковлев|Яковлев|Тимур Рашидович|Тимур Рашидович", "judge", (Role.JUDGE, Role.REVIEWER)),
    ("secretary2", "ж|Оспанова|Оспанова|Динара Серікқызы|Динара Сериковна", "secretary", (Role.SECRETARY,)),
    ("registry", "А|Мырзалиев|Мырзалиев|Жандос Бақытұлы|Жандос Бахытович", "registry", (Role.SECRETARY,)),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the court: the account's name, the directory entry, and the name in both languages."""

    user: str
    person: Person
    words: dict[str, Word]


@dataclass(frozen=True, slots=True)
class Cast:
    court: Court
    members: dict[str, Member]

    def id_of(self, user: str) -> str:
        return self.members[user].person.id


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or organisation outside the court, named in both languages; ``number`` is a made IIN or BIN."""

    words: dict[str, Word]
    number: str
    addresses: dict[str, str]
    phone: str
    is_organisation: bool


def cast(plan: SeedPlan) -> Cast:
    """The court with its people. Names in the directory are Russian, as on most papers of such a court."""
    place = phrases.read("places")["court"]
    court_id = plan.id_of("court")
    court = Court(
        id=court_id,
        code=place["code"],
        names=place["names"],
        places=place["places"],
        appeal_courts=place["appeal_courts"],
        rooms=tuple(place["rooms"]),
    )
    posts = phrases.read("people")["posts"]
    members = {}
    for user, sketch, post, roles in STAFF:
        sex, *names = sketch.split("|")
        words = name_words((names[0], names[1]), (names[2], names[3]), is_woman=sex == "ж")
        person = Person(
            id=plan.id_of("person", user),
            court_id=court_id,
            name=words["ru"].nom,
            full_name=words["ru"].full,
            roles=roles,
            post=posts[post]["ru"],
        )
        members[user] = Member(user, person, words)
    return Cast(court, members)


def name_words(surname: tuple[str, str], names: tuple[str, str], *, is_woman: bool) -> dict[str, Word]:
    """A person's name in both languages. ``surname`` and ``names`` (first name and patronymic): (Kazakh, Russian)."""
    initials = [" ".join(f"{part[0]}." for part in each.split()) for each in names]
    inflected = russian_surname(surname[1], is_woman)
    forms = {case: f"{form} {initials[1]}" for case, form in inflected.items()}
    kk_name = kazakh(f"{initials[0]} {surname[0]}", full=f"{surname[0]} {names[0]}")
    return {"kk": kk_name, "ru": Word(f"{surname[1]} {initials[1]}", forms, f"{surname[1]} {names[1]}")}


def somebody(chance: random.Random, kinds: tuple[str, ...]) -> Somebody:
    """Draw one side of a case: person, man, woman, company, bank, body, police, prosecutor; ``body:2`` is the third."""
    kind, _, fixed = chance.choice(kinds).partition(":")
    if kind in ("person", "man", "woman"):
        return _private_person(chance, is_woman=kind == "woman" or (kind == "person" and chance.random() < 0.48))
    places = phrases.read("places")
    lists = {"company": "companies", "bank": "banks", "body": "bodies", "police": "police", "prosecutor": "prosecutors"}
    table = places[lists[kind]]
    index = int(fixed) if fixed else chance.randrange(len(table["kk"]))
    words = {"kk": kazakh_organisation(table["kk"][index]), "ru": russian(table["ru"][index])}
    stable = random.Random(f"{kind}:{index}")  # noqa: S311 - an organisation keeps its number and address
    return Somebody(words, _number(stable, is_person=False), _address(stable), _phone(stable), True)


def _private_person(chance: random.Random, *, is_woman: bool) -> Somebody:
    table = phrases.read("people")
    surname = _pair(chance, table["surnames"])
    first = _pair(chance, table["women" if is_woman else "men"])
    father = _pair(chance, table["fathers"])
    if is_woman:
        surname = (surname[0] + "а", surname[1] + "а")
    kk_father = father[0] + ("қызы" if is_woman else "ұлы")
    ru_father = father[1] + ("овна" if is_woman else "ович")
    names = (f"{first[0]} {kk_father}", f"{first[1]} {ru_father}")
    words = name_words(surname, names, is_woman=is_woman)
    return Somebody(words, _number(chance, is_person=True), _address(chance), _phone(chance), False)


def _pair(chance: random.Random, entries: list[str]) -> tuple[str, str]:
    kk, _, ru = chance.choice(entries).partition("|")
    return kk, ru


def _address(chance: random.Random) -> dict[str, str]:
    places = phrases.read("places")
    town, street = (chance.randrange(len(places[each]["kk"])) for each in ("towns", "streets"))
    house, flat = chance.randint(1, 140), chance.randint(1, 90)
    return {
        "kk": f"{places['towns']['kk'][town]}, {places['streets']['kk'][street]}, {house}-үй, {flat}-пәтер",
        "ru": f"{places['towns']['ru'][town]}, {places['streets']['ru'][street]}, дом {house}, кв. {flat}",
    }


def _phone(chance: random.Random) -> str:
    # 8 700 000 and the like: a block that no operator gives out.
    return f"+7 700 000 {chance.randint(0, 99):02} {chance.randint(0, 99):02}"


def _number(chance: random.Random, *, is_person: bool) -> str:
    """Twelve digits with a right check digit, as a form would take them."""
    while True:
        year, month = chance.randint(60, 99) if is_person else chance.randint(5, 24), chance.randint(1, 12)
        middle = f"{chance.randint(1, 28):02}{chance.choice('34')}" if is_person else "400"
        digits = f"{year:02}{month:02}{middle}{chance.randint(0, 9999):04}"
        check = check_digit(digits)
        if check is not None:
            return digits + str(check)
