"""Every form as a careful judge leaves it: a case that suits its proceedings, and texts from filled_forms.toml."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from judge_desk.domain.acts import ActText
from judge_desk.domain.cases import Case, Instance, Language, Party, PartyRole, Procedure
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.identity_numbers import check_digit
from judge_desk.domain.people import Court
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import Template

DAY = date(2026, 5, 12)
HEARING = Hearing(
    id="h", case_id="case", starts_at=datetime(2026, 5, 26, 5, 30, tzinfo=UTC), minutes=60, room="3", judge_id="j"
)
_STORIES = {
    Procedure.CIVIL: "civil",
    Procedure.CIVIL_ORDER: "civil",
    Procedure.CIVIL_SIMPLIFIED: "civil",
    Procedure.ADMINISTRATIVE: "administrative",
    Procedure.CRIMINAL: "criminal",
    Procedure.ADMINISTRATIVE_OFFENCE: "offence",
    Procedure.RESTRAINT: "restraint",
}
# By place in the tuple: Kazakh, Russian, English.
_COURTS = {
    Instance.FIRST: (
        "Жарқын қаласының № 2 аудандық соты",
        "Районный суд № 2 города Жаркын",
        "Zharkyn District Court No. 2",
    ),
    Instance.APPEAL: ("Алтынсай облыстық соты", "Алтынсайский областной суд", "Altynsai Regional Court"),
    Instance.CASSATION: ("Кассациялық сот", "Кассационный суд", "Cassation Court"),
    Instance.SUPREME: (
        "Қазақстан Республикасының Жоғарғы Соты",
        "Верховный Суд Республики Казахстан",
        "Supreme Court of the Republic of Kazakhstan",
    ),
}
_PEOPLE = {
    "judge": ("Ахметов Д. С.", "Ахметов Д. С.", "Akhmetov D. S."),
    "secretary": ("Қасымова А. Б.", "Касымова А. Б.", "Kasymova A. B."),
    "prosecutor": ("Нұрланов Б. К.", "Нурланов Б. К.", "Nurlanov B. K."),
    "defender": ("Ким В. Л.", "Ким В. Л.", "Kim V. L."),
    "firm": ("«Алтынсай Құрылыс» ЖШС", "ТОО «Алтынсай Курылыс»", "Altynsai Kurylys LLP"),
    "man": ("Сейітқали Әсет Маратұлы", "Сейиткали Асет Маратович", "Seiitkali Aset Maratuly"),
    "woman": ("Оспанова Гүлнұр Ерланқызы", "Оспанова Гульнур Ерлановна", "Ospanova Gulnur Yerlankyzy"),
    "body": (
        "Алтынсай облысы бойынша мемлекеттік кірістер департаменті",
        "Департамент государственных доходов по Алтынсайской области",
        "State Revenue Department of Altynsai Region",
    ),
}


def numbered(eleven: str) -> str:
    """An IIN or BIN with its right check digit."""
    return f"{eleven}{check_digit(eleven)}"


_NUMBERS = {"firm": numbered("12034000567"), "man": numbered("85031230045"), "body": numbered("95084000111")}
_SIDES: dict[str, tuple[tuple[PartyRole, str], ...]] = {
    "civil": ((PartyRole.CLAIMANT, "firm"), (PartyRole.DEFENDANT, "man"), (PartyRole.THIRD_PARTY, "woman")),
    "administrative": ((PartyRole.CLAIMANT, "firm"), (PartyRole.PUBLIC_BODY, "body")),
    "criminal": ((PartyRole.ACCUSED, "man"), (PartyRole.VICTIM, "woman")),
    "offence": ((PartyRole.OFFENDER, "man"),),
    "restraint": ((PartyRole.ACCUSED, "man"),),
}
_KINDS = {"civil": 2, "administrative": 4, "criminal": 1, "offence": 3, "restraint": 1}


def said(three: tuple[str, str, str], language: Language) -> str:
    return three[list(Language).index(language)]


def suited_case(form: Template) -> Case:
    """A case of the form's proceedings and language."""
    story, language = _STORIES[form.procedure], form.language
    parties = tuple(
        Party(
            id=who,
            role=role,
            name=said(_PEOPLE[who], language),
            number=_NUMBERS.get(who, ""),
            is_organisation=who in ("firm", "body"),
        )
        for role, who in _SIDES[story]
        if not (who == "woman" and form.procedure is not Procedure.CIVIL and story == "civil")
    )
    return Case(
        id="case",
        court_id="court",
        number=f"7199-26-00-{_KINDS[story]}/1234",
        title=form.title,
        procedure=form.procedure,
        instance=form.instance,
        language=language,
        judge_name=said(_PEOPLE["judge"], language),
        subject=_texts(form).get("subject", ""),
        received_on=date(2026, 3, 10),
        claim_tiyn=500_000_000 if story == "civil" else None,
        fee_tiyn=15_000_000 if story == "civil" else None,
        parties=parties,
    )


def suited_court(form: Template) -> Court:
    names = dict(zip(("kk", "ru", "en"), _COURTS[form.instance], strict=True))
    supreme = {"kk": "Астана қаласы", "ru": "город Астана", "en": "city of Astana"}
    places = {"kk": "Жарқын қаласы", "ru": "город Жаркын", "en": "city of Zharkyn"}
    above = form.instance in (Instance.CASSATION, Instance.SUPREME)
    appeal = dict(zip(("kk", "ru", "en"), _COURTS[Instance.APPEAL], strict=True))
    return Court(id="court", code="7199", names=names, places=supreme if above else places, appeal_courts=appeal)


def filled_form(form: Template) -> ActText:
    """The act that the case and the judge's own words make of the form."""
    facts = facts_of(
        suited_case(form),
        form.language,
        court=suited_court(form),
        secretary=said(_PEOPLE["secretary"], form.language),
        hearing=HEARING,
        dated_on=DAY,
    ).values
    people = {name: said(_PEOPLE[name], form.language) for name in ("prosecutor", "defender")}
    return compose(form, CaseFacts(language=form.language, values={**people, **_texts(form), **facts}))


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _texts(form: Template) -> dict[str, str]:
    """The judge's words by slot: those of the story, then those of this very form."""
    story = _source()[_STORIES[form.procedure]]
    general = {slot: texts for slot, texts in story.items() if "kk" in texts}
    own: dict[str, Any] = story.get(form.name, {})
    return {slot: texts[form.language] for slot, texts in {**general, **own}.items()}


__all__ = ["DAY", "filled_form", "suited_case", "suited_court"]
