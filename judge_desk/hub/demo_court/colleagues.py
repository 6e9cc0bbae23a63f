"""The judges of the region's other courts: few have an account, but all are due for review and review each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from judge_desk.domain.campaigns import PoolMember
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.posts import Post
from judge_desk.domain.scopes import court_scope, dossier_scope
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.people import STAFF, Cast, name_words
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.registry import Item

NUMBER = 44
"""With those of the demo court who review; each has a surname of its own."""
JUDGES_OF_A_COURT = 2
YEAR_DAYS = 365
OPENED_DAYS = 200
"""So many days ago the electronic dossiers were begun with all that had been on paper; since then each entry is made on
the day after what it is about."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A judge of the pool; ``last_reviewed_on`` is None before the first review."""

    person: Person
    member: PoolMember
    appointed_on: date
    last_reviewed_on: date | None


def colleagues(plan: SeedPlan, cast: Cast) -> tuple[Colleague, ...]:
    """The judges of the demo court first, then those of the other courts."""
    own = [each for each in STAFF if Role.REVIEWER in each[3]]
    places = phrases.read("campaigns")["courts"]
    made = [_own(plan, cast, user, sketch.startswith("ж")) for user, sketch, _, _ in own]
    surnames = list(phrases.read("people")["surnames"])
    plan.stream("colleagues").shuffle(surnames)
    for number in range(NUMBER - len(own)):
        court = places[number // JUDGES_OF_A_COURT % len(places)]
        made.append(_colleague(plan, cast, number, surnames[number], court))
    return tuple(made)


def _own(plan: SeedPlan, cast: Cast, user: str, is_woman: bool) -> Colleague:
    court = cast.court
    member = PoolMember(
        id=cast.id_of(user),
        court=court.names["ru"],
        region=phrases.read("campaigns")["own_region"],
        sex="f" if is_woman else "m",
        languages=frozenset({"kk", "ru"}),
    )
    days = {"judge": (4020, 1100), "judge2": (7600, None), "judge3": (420, None)}.get(user, (2200, 360))
    return _of_days(plan, cast.members[user].person, member, days)


def _colleague(plan: SeedPlan, cast: Cast, number: int, surname: str, court: dict[str, str]) -> Colleague:
    chance, table = plan.stream("colleague", number), phrases.read("people")
    is_woman = chance.random() < 0.5
    kk, ru = surname.split("|")
    first, father = (chance.choice(table[name]).split("|") for name in ("women" if is_woman else "men", "fathers"))
    ending = ("қызы", "овна") if is_woman else ("ұлы", "ович")
    surnames = (f"{kk}а", f"{ru}а") if is_woman else (kk, ru)
    words = name_words(
        surnames, (f"{first[0]} {father[0]}{ending[0]}", f"{first[1]} {father[1]}{ending[1]}"), is_woman=is_woman
    )
    person = Person(
        id=plan.id_of("colleague", number),
        court_id=cast.court.id,
        name=words["ru"].nom,
        full_name=words["ru"].full,
        roles=(Role.JUDGE, Role.REVIEWER),
        post=f"Судья, {court['name']}",
    )
    member = PoolMember(
        id=person.id,
        court=court["name"],
        region=court["region"],
        sex="f" if is_woman else "m",
        languages=frozenset({"kk", "ru"} if number % 3 == 0 else {"ru"}),
    )
    served = chance.choice((200, 390, 900, 1900, 2300, 3100, 4600, 6900, 7500))
    reviewed = None if served < 2 * YEAR_DAYS or chance.random() < 0.2 else chance.randint(100, min(served - 300, 2300))
    return _of_days(plan, person, member, (served, reviewed))


def _of_days(plan: SeedPlan, person: Person, member: PoolMember, days: tuple[int, int | None]) -> Colleague:
    served, reviewed = days
    last = None if reviewed is None else plan.anchor - timedelta(days=reviewed)
    return Colleague(person, member, plan.anchor - timedelta(days=served), last)


def items(plan: SeedPlan, cast: Cast, pool: Sequence[Colleague]) -> Iterator[Item]:
    """The directory's entries of the judges of other courts, and what their dossiers begin with."""
    own = {each.person.id for each in cast.members.values()}
    for each in pool:
        if each.person.id not in own:
            yield court_scope(cast.court.id), Kind.PERSON, each.person.id, each.person
        if each.person.id != cast.id_of("judge"):
            for entry in _entries(plan, cast, each):
                yield dossier_scope(each.person.id), Kind.DOSSIER_ENTRY, entry.id, entry


def _entries(plan: SeedPlan, cast: Cast, of: Colleague) -> Iterator[DossierEntry]:
    words = phrases.read("campaigns")["dossier"]
    told = [(DossierSection.POSTS, words["post"].format(court=of.member.court), words["post_text"], of.appointed_on)]
    if of.last_reviewed_on is not None:
        told.append((DossierSection.REVIEWS, words["review"], words["review_text"], of.last_reviewed_on))
    member = of.member
    post = Post(court=member.court, region=member.region, languages=tuple(sorted(member.languages)))
    for section, title, text, day in told:
        yield DossierEntry(
            id=plan.id_of("dossier", of.person.id, section.value),
            judge_id=of.person.id,
            section=section,
            title=title,
            text=text,
            from_on=day,
            source=words["source"],
            post=post if section is DossierSection.POSTS else None,
            entered_by=cast.members["commission"].person.name,
            entered_at=moment(plan, min((plan.anchor - day).days - 1, OPENED_DAYS), hour=15),
        )


def rights(cast: Cast, pool: Sequence[Colleague]) -> list[tuple[str, str, Role]]:
    """The commission reads and fills the dossier of every judge."""
    return [(cast.id_of("commission"), dossier_scope(each.person.id), Role.COMMISSION) for each in pool]
