"""The cases of the demo court: who sues whom for what, since when, and the facts that every paper repeats."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

from judge_desk.domain.cases import Case, Language, Party, PartyRole, Procedure, Stage
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.people import Cast, Somebody, somebody
from judge_desk.hub.demo_court.phrases import Category
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.wording import Word, day_word, kazakh, kazakh_organisation, russian, sum_word
from judge_desk.i18n import formats

KAZAKH_SHARE = 0.25
SERIES_EVERY = 20
"""One open case in so many belongs to the series."""
DRAFTS, FINAL_ACTS = 10, 3
"""Of the judge's own open cases about money so many have a decision in the making, and so many one that is laid out and
waits for its signature: all are being heard by now."""
_TO_SIGN = frozenset({1, 3, 7, 9})
"""Of the drafts, counted from 0, those in which nothing but the signature is missing."""
_NUMBER_KINDS = {
    Procedure.CRIMINAL: 1,
    Procedure.RESTRAINT: 1,
    Procedure.ADMINISTRATIVE_OFFENCE: 3,
    Procedure.ADMINISTRATIVE: 4,
}
_STAGES = {
    Stage.REGISTERED: 8,
    Stage.PREPARATION: 30,
    Stage.HEARING: 52,
    Stage.DELIBERATION: 3,
    Stage.SUSPENDED: 7,
}
_GRANTED = {"kk": "талап қанағаттандырылды", "ru": "иск удовлетворён"}
_ACCUSING = frozenset({Procedure.CRIMINAL, Procedure.RESTRAINT, Procedure.ADMINISTRATIVE_OFFENCE})
_FAST = frozenset({Procedure.RESTRAINT, Procedure.CIVIL_ORDER, Procedure.ADMINISTRATIVE_OFFENCE})
# A public body is a plaintiff's opponent in one procedure and the accuser in others; the filing's word for it differs.
_WORDS = {(Procedure.ADMINISTRATIVE, "public_body"): "body_defendant", (Procedure.RESTRAINT, "accused"): "suspect"}


@dataclass(frozen=True, slots=True)
class Docket:
    """A case with what its filings need: both sides and the days in the order in which things happened."""

    case: Case
    category: Category
    one: Somebody
    two: Somebody
    third: Somebody
    thing: int
    sums: tuple[int, int]
    days: dict[str, date]
    serial: int
    is_own: bool
    """Whether it is on the desk of the judge whose demo this is."""
    figure: int = 0
    """What the cases of a series differ by."""
    sides: tuple[Somebody, ...] = ()
    """Who stands behind each party of the case, in its order: the name in both languages."""


def dockets(plan: SeedPlan, cast: Cast) -> list[Docket]:
    """The judge's open cases, about a twelfth as many decided ones, and a few of a colleague's."""
    made = _own(plan, cast)
    decided = max(plan.cases // 12, 1)
    over = Stage.DECIDED
    made += [docket(plan, cast, plan.cases + number, judge="judge", stage=over) for number in range(decided)]
    others = max(plan.cases // 20, 1)
    start = plan.cases + decided
    made += [docket(plan, cast, start + number, judge="judge2") for number in range(others)]
    return made


def _own(plan: SeedPlan, cast: Cast) -> list[Docket]:
    drawn = [docket(plan, cast, number, judge="judge") for number in range(plan.cases)]
    # However few the cases are, a decision can be written on one of them.
    forced = -1 if any(map(is_about_money, drawn)) else plan.cases - 1
    numbers = [number for number, each in enumerate(drawn) if number == forced or is_about_money(each)]
    written, final = in_the_making(len(numbers))
    for place, number in enumerate(numbers[: written + final]):
        stage = Stage.DELIBERATION if place in _TO_SIGN or place >= written else Stage.HEARING
        drawn[number] = docket(plan, cast, number, judge="judge", stage=stage, about_money=number == forced)
    return drawn


def in_the_making(fit: int) -> tuple[int, int]:
    """How many of so many fit cases have a draft, and how many of those behind them an act that waits for its
    signature: one at least."""
    final = min(max(fit - DRAFTS, 1), FINAL_ACTS, fit)
    return min(fit - final, DRAFTS), final


def matters(plan: SeedPlan, cast: Cast, among: str, until: date, number: int) -> list[Docket]:
    """Cases about money of other courts, decided before ``until``: what peers review is nobody's own case here.

    ``among`` names the drawing, so that two of them share no case either.
    """
    then = replace(plan, anchor=until, seed=plan.stream("matters", among).getrandbits(40))
    drawn = (docket(then, cast, serial, judge="judge2", stage=Stage.DECIDED) for serial in count())
    return list(islice(filter(is_about_money, drawn), number))


def is_about_money(docket: Docket) -> bool:
    """Whether a whole decision can be written on it."""
    return _is_about_money(docket.category)


def _is_about_money(category: Category) -> bool:
    return category.procedure is Procedure.CIVIL and bool(category.sums[1])


def docket(
    plan: SeedPlan, cast: Cast, serial: int, *, judge: str, stage: Stage | None = None, about_money: bool = False
) -> Docket:
    """One case; its stage is drawn unless it is given."""
    chance = plan.stream("case", serial)
    options = [each for each in phrases.categories() if not about_money or _is_about_money(each)]
    category = chance.choices(options, [each.weight for each in options])[0]
    in_series = judge == "judge" and stage is not Stage.DECIDED and serial % SERIES_EVERY == SERIES_EVERY // 2
    in_series = in_series and not about_money
    category = phrases.series() if in_series else category
    one, two = somebody(chance, category.one), somebody(chance, category.two)
    third = somebody(chance, ("bank", "body"))
    stage = stage or chance.choices(list(_STAGES), list(_STAGES.values()))[0]
    stage = Stage.HEARING if in_series else stage
    days = _days(chance, plan.anchor, category.procedure, stage)
    amount = _amount(chance, category)
    sums = (amount, max(amount // chance.randint(8, 22), 5_000))
    language = Language.KAZAKH if chance.random() < KAZAKH_SHARE else Language.RUSSIAN
    case = _case(plan, cast, serial, judge=judge, category=category, stage=stage, days=days, sums=sums)
    sketch = Docket(
        replace(case, language=language, judge_name=cast.members[judge].words[language].nom),
        category,
        one,
        two,
        third,
        chance.choice(category.things),
        sums,
        days,
        serial,
        judge == "judge",
        chance.randint(41, 59) if in_series else 0,
    )
    return _named(plan, sketch, chance)


def _case(
    plan: SeedPlan,
    cast: Cast,
    serial: int,
    *,
    judge: str,
    category: Category,
    stage: Stage,
    days: dict[str, date],
    sums: tuple[int, int],
) -> Case:
    kind = _NUMBER_KINDS.get(category.procedure, 2)
    filed = days["filed"]
    return Case(
        id=plan.id_of("case", serial),
        court_id=cast.court.id,
        number=f"{cast.court.code}-{filed:%y}-00-{kind}/{1001 + serial * 7}",
        title="",
        procedure=category.procedure,
        language=Language.RUSSIAN,
        stage=stage,
        category=category.id,
        judge_id=cast.id_of(judge),
        secretary_id=cast.id_of("secretary" if judge == "judge" else "secretary2"),
        received_on=filed,
        accepted_on=days["accepted"] if stage is not Stage.REGISTERED else None,
        decided_on=days["hearing"] if stage is Stage.DECIDED else None,
        claim_tiyn=sums[0] * 100 if category.sums[1] else None,
        fee_tiyn=sums[0] if category.sums[1] and category.procedure is not Procedure.CRIMINAL else None,
        source="demo",
    )


def _amount(chance: random.Random, category: Category) -> int:
    low, high = category.sums
    if not high:
        return 300_000
    # Sums crowd at the lower end, as claims do.
    return int((low + (high - low) * chance.random() ** 2.2) / 1000) * 1000


def _days(chance: random.Random, anchor: date, procedure: Procedure, stage: Stage) -> dict[str, date]:
    age = chance.randint(2, 12) if procedure in _FAST else chance.randint(14, 110)
    if stage is Stage.REGISTERED:
        age = chance.randint(1, 4)
    if stage is Stage.DECIDED:
        age += 30
    filed = anchor - timedelta(days=age)
    first = filed - timedelta(days=chance.randint(220, 900))
    second = first + timedelta(days=chance.randint(60, 180))
    accepted = min(filed + timedelta(days=chance.randint(2, 5)), anchor)
    return {
        "1": first,
        "2": second,
        "3": second + (filed - second) * chance.uniform(0.3, 0.8),
        "filed": filed,
        "accepted": accepted,
        "response": accepted + (anchor - accepted) * 0.5,
        "hearing": accepted + (anchor - accepted) * 0.8,
    }


def _named(plan: SeedPlan, sketch: Docket, chance: random.Random) -> Docket:
    language = sketch.case.language.value
    wording = sketch.category.wordings[language]
    one, two = sketch.one.words[language], sketch.two.words[language]
    if sketch.category.procedure in _ACCUSING:
        title = f"{two.nom}, {wording.title}"
    elif language == "kk":
        title = f"{one.gen} {two.dat} {wording.title} талабы"
    else:
        title = f"{one.nom} к {two.dat} {wording.title}"
    case = replace(
        sketch.case,
        title=title,
        category=sketch.category.article.get(language, sketch.category.id),
        subject=subject(sketch, language),
        outcome=_GRANTED[language] if sketch.case.stage is Stage.DECIDED else "",
    )
    entries = _sides(sketch, chance)
    case = replace(case, parties=_parties(plan, sketch, entries))
    return replace(sketch, case=case, sides=tuple(who for _, who in entries))


def subject(docket: Docket, language: str) -> str:
    """What the case is about, in one language."""
    day = day_word(docket.days["2"], language)
    return docket.category.names[language].format_map(
        {"figure": docket.figure, "day": day.loc if language == "kk" else day}
    )


def _sides(sketch: Docket, chance: random.Random) -> list[tuple[PartyRole, Somebody]]:
    roles = [PartyRole(role) for role in sketch.category.roles]
    entries = [(roles[0], sketch.one), (roles[1], sketch.two)]
    if chance.random() < 0.3:
        entries.append((PartyRole.THIRD_PARTY, sketch.third))
    if sketch.category.procedure in (Procedure.CRIMINAL, Procedure.RESTRAINT):
        entries.append((PartyRole.PROSECUTOR, somebody(chance, ("prosecutor",))))
    elif chance.random() < 0.6:
        entries.append((PartyRole.REPRESENTATIVE, somebody(chance, ("person",))))
    return entries


def _parties(plan: SeedPlan, sketch: Docket, entries: list[tuple[PartyRole, Somebody]]) -> tuple[Party, ...]:
    language = sketch.case.language.value
    return tuple(
        Party(
            id=plan.id_of("party", sketch.serial, index),
            role=role,
            name=who.words[language].full,
            number=who.number,
            address=who.addresses[language],
            phone=who.phone,
            represents=plan.id_of("party", sketch.serial, 0) if role is PartyRole.REPRESENTATIVE else "",
            is_organisation=who.is_organisation,
        )
        for index, (role, who) in enumerate(entries)
    )


def facts(docket: Docket, cast: Cast, language: str, judge: str = "judge") -> dict[str, Any]:
    """What the braces of the phrases are filled with, in one language."""
    places, roles = phrases.read("places"), phrases.filings(language).roles
    make_role = kazakh if language == "kk" else russian
    first, second = (
        make_role(roles[_WORDS.get((docket.category.procedure, role), role)]) for role in docket.category.roles
    )
    court, place = cast.court.names[language], cast.court.places[language]
    judge_word = cast.members[judge].words[language]
    price = {"kk": "бағаланбайды", "ru": "не подлежит оценке"}[language]
    one, two = docket.one, docket.two
    return {
        "one": one.words[language],
        "two": two.words[language],
        "third": docket.third.words[language],
        "r1": first,
        "r2": second,
        "R1": first.capital,
        "R2": second.capital,
        **_reach("one", one, language),
        **_reach("two", two, language),
        "address": two.addresses[language],
        "figure": docket.figure,
        "thing": places["things"][language][docket.thing],
        "sum": sum_word(docket.sums[0], language),
        "sum2": sum_word(docket.sums[1], language),
        "price": formats.money(docket.sums[0], language) if docket.category.sums[1] else price,
        "court": kazakh_organisation(court) if language == "kk" else Word(court),
        "to_court": court[:1].lower() + court[1:],
        "place": place,
        "case_number": docket.case.number,
        "judge": judge_word.nom,
        "judge_dat": judge_word.dat,
        "secretary": cast.members["secretary"].words[language].nom,
        "title": docket.category.wordings[language].title,
        **{_day_name(name): day_word(day, language) for name, day in docket.days.items()},
        "date_expert": day_word(docket.days["response"], language),
    }


def _day_name(name: str) -> str:
    return f"date{name}" if name.isdigit() else f"date_{name}"


def _reach(side: str, who: Somebody, language: str) -> dict[str, str]:
    return {f"{side}_address": who.addresses[language], f"{side}_number": who.number, f"{side}_phone": who.phone}
