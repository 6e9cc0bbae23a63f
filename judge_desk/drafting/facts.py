"""The facts that fill an act's slots, worded in the language of the act: names, dates, sums, parties by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from judge_desk.domain.cases import Case, Language, Party, PartyRole
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.people import Court
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
    """Word the facts of a case. `secretary` is "Surname N. P."; `hearing` is the one that the act speaks of."""
    values = {
        "case.number": case.number,
        "subject": case.subject,
        "judge": case.judge_name,
        "secretary": secretary,
        "act.number": number,
        "act.date": act_date(dated_on, language) if dated_on else "",
        "received.date": act_date(case.received_on, language) if case.received_on else "",
        "claim.sum": _money(case.claim_tiyn, language),
        "fee.sum": _money(case.fee_tiyn, language),
    }
    if court:
        values |= {
            "court": court.names.get(language, ""),
            "court.place": court.places.get(language, ""),
            "appeal_court": court.appeal_courts.get(language, ""),
        }
    if hearing:
        moment = court_time(hearing.starts_at)
        values["hearing.date"] = f"{act_date(moment.date(), language)}, {moment:%H:%M}"
        values["hearing.room"] = hearing.room
    values |= {slot: _parties(case, roles, language) for slot, roles in _ROLES.items()}
    return CaseFacts(language=language, values={slot: value for slot, value in values.items() if value})


def act_date(day: date, language: Language) -> str:
    """A date as acts write it: "2026 жылғы 12 мамыр", "12 мая 2026 года", "12 May 2026"."""
    return formats.date_long(day, language).replace(*_ACT_YEAR.get(language, ("", "")))


def _money(tiyn: int | None, language: Language) -> str:
    return formats.money(Decimal(tiyn) / 100, language) if tiyn is not None else ""


def _parties(case: Case, roles: tuple[PartyRole, ...], language: Language) -> str:
    for role in roles:
        named = [_party(party, language) for party in case.parties if party.role is role]
        if named:
            return "; ".join(named)
    return ""


def _party(party: Party, language: Language) -> str:
    if not party.number:
        return party.name
    word = Translator(language).text("drafting.bin" if party.is_organisation else "drafting.iin")
    return f"{party.name} ({word}{formats.NBSP}{party.number})"
