"""Acts with nothing wrong: every form in every language, filled as a careful judge would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from judge_desk.assistant.lint import LintTask
from judge_desk.domain.acts import ActText, Block, Part, PartKind, Run
from judge_desk.domain.cases import Case, Language, Party, PartyRole, Procedure
from judge_desk.domain.identity_numbers import check_digit
from judge_desk.domain.people import Court
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import Template, template
from judge_desk.services.law import rule_book

DAY = date(2026, 5, 12)
TODAY = date(2026, 5, 20)
COURT = Court(
    id="court",
    code="7199",
    names={
        "kk": "Жарқын қаласының № 2 аудандық соты",
        "ru": "Районный суд № 2 города Жаркын",
        "en": "Zharkyn District Court No. 2",
    },
    places={"kk": "Жарқын қаласы", "ru": "город Жаркын", "en": "city of Zharkyn"},
    appeal_courts={"kk": "Алтынсай облыстық соты", "ru": "Алтынсайский областной суд", "en": "Altynsai Regional Court"},
)


def numbered(eleven: str) -> str:
    """An IIN or BIN with its right check digit."""
    return f"{eleven}{check_digit(eleven)}"


PERSON_NUMBER = numbered("85031230045")
FIRM_NUMBER = numbered("12034000567")
CASE = Case(
    id="case",
    court_id="court",
    number="7199-26-00-2/1234",
    title="Алтынсай Құрылыс – Сейітқали",
    procedure=Procedure.CIVIL,
    language=Language.RUSSIAN,
    judge_name="Ахметов Д. С.",
    received_on=date(2026, 3, 10),
    claim_tiyn=500_000_000,
    fee_tiyn=5_000_000,
    parties=(
        Party(
            id="1",
            role=PartyRole.CLAIMANT,
            name="«Алтынсай Құрылыс» ЖШС",
            number=FIRM_NUMBER,
            is_organisation=True,
        ),
        Party(id="2", role=PartyRole.DEFENDANT, name="Сейітқали Әсет", number=PERSON_NUMBER),
    ),
)
ACCUSED = Party(id="3", role=PartyRole.ACCUSED, name="Сейітқали Әсет", number=PERSON_NUMBER)
OFFENDER = Party(id="4", role=PartyRole.OFFENDER, name="Сейітқали Әсет", number=PERSON_NUMBER)

_PEOPLE = {"secretary", "prosecutor", "defender", "panel"}
_PERSON = {
    "secretary": "Қасымова А. Б.",
    "prosecutor": "Нұрланов Б. К.",
    "defender": "Ким В. Л.",
    "panel": "Оспан Г. Т.",
}
_WORDS: dict[Language, dict[str, str]] = {
    Language.KAZAKH: {
        "subject": "берешек сомасын өндіріп алу",
        "operative": "Талап қою толық қанағаттандырылсын. 5 000 000 (бес миллион) теңге өндірілсін",
        "costs": "50 000 теңге мемлекеттік баж жауапкерден өндірілсін",
        "conclusions": "берешек 5 000 000 теңге болып табылады, баж 50 000 теңге",
        "": "мән-жайлар толық баяндалған",
    },
    Language.RUSSIAN: {
        "subject": "о возврате долга",
        "operative": "Иск удовлетворить полностью. Взыскать 5 000 000 (пять миллионов) тенге",
        "costs": "50 000 тенге государственной пошлины взыскать с ответчика",
        "conclusions": "долг составляет 5 000 000 тенге, пошлина 50 000 тенге",
        "": "обстоятельства изложены полностью",
    },
    Language.ENGLISH: {
        "subject": "repayment of a debt",
        "operative": "The claim is granted in full. The defendant shall pay 5,000,000 (five million) tenge",
        "costs": "50,000 tenge of the state fee shall be paid by the defendant",
        "conclusions": "the debt is 5,000,000 tenge, the fee 50,000 tenge",
        "": "set out in full",
    },
}


def whole(form: Template) -> ActText:
    """The form with every fact said."""
    case = replace(CASE, parties=(*CASE.parties, ACCUSED, OFFENDER))
    values = dict(facts_of(case, form.language, court=COURT, dated_on=DAY).values)
    words = _WORDS[form.language]
    for slot in form.slots:
        values.setdefault(slot, _PERSON[slot] if slot in _PEOPLE else words.get(slot, words[""]))
    return compose(form, CaseFacts(language=form.language, values=values))


def whole_decision(language: Language) -> ActText:
    return whole(template(f"civil_decision.{language}"))


def task(act: ActText, **more: object) -> LintTask:
    return LintTask(**{"act": act, "book": rule_book(), "today": TODAY, **more})  # type: ignore[arg-type]


def with_block(act: ActText, block_id: str, text: str) -> ActText:
    """The act with another text in one block."""
    return _each_part(
        act,
        lambda part: tuple(
            replace(block, runs=(Run(text=text),), rows=()) if block.id == block_id else block for block in part.blocks
        ),
    )


def with_extra(act: ActText, part: PartKind, text: str, block_id: str = "extra") -> ActText:
    """The act with one more paragraph at the end of a part."""
    extra = Block(id=block_id, runs=(Run(text=text),))
    return _each_part(act, lambda each: (*each.blocks, extra) if each.kind is part else each.blocks)


def without_part(act: ActText, kind: PartKind) -> ActText:
    return replace(act, parts=tuple(part for part in act.parts if part.kind is not kind))


def _each_part(act: ActText, blocks_of: Callable[[Part], tuple[Block, ...]]) -> ActText:
    return replace(act, parts=tuple(Part(kind=part.kind, blocks=blocks_of(part)) for part in act.parts))
