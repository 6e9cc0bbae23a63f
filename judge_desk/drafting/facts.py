"""The facts that fill an act's slots, worded in the language of the act: names, dates, sums, parties by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from judge_desk.domain.cases import Case, Language, Party, PartyRole
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.people import Court
from judge_desk.drafting.court_names import of_court
from judge_desk.drafting.form_language import WOMAN
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator
from judge_desk.runtime.clock import court_time

# Which roles answer to a slot; the first that the case has is taken, since registers name the same people differently.
_ROLES: dict[str, tuple[PartyRole, ...]] = {
    "claimants": (PartyRole.CLAIMANT, PartyRole.APPLICANT, PartyRole.CREDITOR),
    "defendants": (PartyRole.DEFENDANT, PartyRole.DEBTOR),
    "third_parties": (PartyRole.THIRD_PARTY,),
    "interested": (PartyRole.INTERESTED, PartyRole.THIRD_PARTY),
    "public_bodies": (PartyRole.PUBLIC_BODY, PartyRole.DEFENDANT),
    "creditors": (PartyRole.CREDITOR, PartyRole.CLAIMANT),
    "debtors": (PartyRole.DEBTOR, PartyRole.DEFENDANT),
    "accused": (PartyRole.ACCUSED,),
    "suspect": (PartyRole.ACCUSED,),
    "victims": (PartyRole.VICTIM,),
    "offenders": (PartyRole.OFFENDER,),
    "representatives": (PartyRole.REPRESENTATIVE,),
    "prosecutor": (PartyRole.PROSECUTOR,),
}
_TENGE = {"kk": "теңге", "ru": "тенге", "en": "tenge"}
_WOMEN_NAMES = ("овна", "евна", "қызы", "кызы", "kyzy", "qyzy")
NAMED = frozenset({*_ROLES, "judge", "secretary"})
"""Slots that hold people and organisations, which each language spells in its own way."""
_ACT_YEAR = {"kk": (f"{formats.NBSP}ж.", f"{formats.NBSP}жылғы"), "ru": (f"{formats.NBSP}г.", f"{formats.NBSP}года")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is known, by slot, as it shall stand in the text. A slot that is absent or empty becomes a visible blank."""

    language: Language
    values: Mapping[str, str] = field(default_factory=dict)


def facts_of(
    case: Case,
    language: Language,
    *,
    court: Court | None = None,
    secretary: str = "",
    hearing: Hearing | None = None,
    dated_on: date | None = None,
    number: str = "",
) -> CaseFacts:
    """Word the facts of a case. `secretary` is "Surname N. P."; `hearing` is the one to which the act summons.

    What the case says in sentences is left out where the act is in another language: it needs a translator."""
    values = {
        "case.number": case.number,
        "subject": case.subject if case.language is language else "",
        "judge": case.judge_name,
        "secretary": secretary,
        "act.number": number,
        "act.date": act_date(dated_on, language) if dated_on else "",
        "received.date": act_date(case.received_on, language) if case.received_on else "",
        "claim.sum": act_sum(case.claim_tiyn, language) if case.claim_tiyn is not None else "",
        "fee.sum": act_sum(case.fee_tiyn, language) if case.fee_tiyn is not None else "",
    }
    if court:
        values |= {
            "court": court.names.get(language, ""),
            "court.of": of_court(court.names.get(language, ""), language),
            "court.place": court.places.get(language, ""),
            "appeal_court": court.appeal_courts.get(language, ""),
        }
    if hearing:
        values |= _hearing(hearing, language)
    for slot, roles in _ROLES.items():
        named = _of_role(case, roles)
        values[slot] = "; ".join(_party(party, language) for party in named)
        values[f"{slot}.{WOMAN}"] = "1" if len(named) == 1 and _is_woman(named[0]) else ""
    return CaseFacts(language=language, values={slot: value for slot, value in values.items() if value})


def act_date(day: date, language: Language) -> str:
    """A date as acts write it: "2026 жылғы 12 мамыр", "12 мая 2026 года", "12 May 2026"."""
    return formats.date_long(day, language).replace(*_ACT_YEAR.get(language, ("", "")))


def act_sum(tiyn: int, language: Language) -> str:
    """A sum as acts write it, with the word of the currency and not its sign: "5 000 000 тенге"."""
    return formats.money(Decimal(tiyn) / 100, language).replace("₸", _TENGE[language])


def _hearing(hearing: Hearing, language: Language) -> dict[str, str]:
    """When and where; a room that the plan gives by its number alone gets its word."""
    words = Translator(language)
    moment = court_time(hearing.starts_at)
    day = act_date(moment.date(), language)
    room = hearing.room.strip()
    return {
        "hearing.date": words.text("drafting.hearing.when", day=day, time=f"{moment:%H:%M}"),
        "hearing.room": words.text("drafting.hearing.room", room=room) if room.isdigit() else room,
    }


def _of_role(case: Case, roles: tuple[PartyRole, ...]) -> list[Party]:
    for role in roles:
        named = [party for party in case.parties if party.role is role]
        if named:
            return named
    return []


def _is_woman(party: Party) -> bool:
    """By the seventh digit of the IIN, even for women; without it by a patronymic that only women bear."""
    if party.is_organisation:
        return False
    if len(party.number) == 12 and party.number.isdecimal():
        return party.number[6] in "246"
    return party.name.casefold().endswith(_WOMEN_NAMES)


def _party(party: Party, language: Language) -> str:
    if not party.number:
        return party.name
    word = Translator(language).text("drafting.bin" if party.is_organisation else "drafting.iin")
    return f"{party.name} ({word}{formats.NBSP}{party.number})"
