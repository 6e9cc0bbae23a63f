"""Whole acts on the court's own forms: the decision on the desk in either language, and the blinded one that a peer
reviews.

Both languages have the same blocks under the same ids and state the same facts, so that two of them are one act.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from judge_desk.domain.acts import ActText, Block, BlockKind, Run, normalised
from judge_desk.domain.cases import Case, Language
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import template
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket, facts, subject
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.wording import Word, russian, sum_word

AID = 60_000
"""What the other side's counsel cost, in tenge."""
TOO_MUCH = 10_000
HIDDEN = "***"


class Fault(StrEnum):
    """What a judge in a hurry leaves in a draft, and the linter finds."""

    NO_APPEAL_TERM = "no_appeal_term"
    WRONG_TOTAL = "wrong_total"
    NO_COSTS = "no_costs"


def decision(
    docket: Docket, cast: Cast, language: str, *, fault: Fault | None = None, dated_on: date | None = None
) -> ActText:
    """A decision on the merits, granted in part: the linter finds the planted fault and nothing else."""
    known = {**facts(docket, cast, language), "number": str(11 + docket.serial)}
    return _decision(docket, _case_facts(docket, cast, language, dated_on), known, language, fault)


def blinded(docket: Docket, cast: Cast, language: str) -> ActText:
    """The same act of a decided case without anybody's name, address, number or court."""
    court = {"kk": "Аудандық сот", "ru": "Районный суд"}[language]
    one, two = _letter("А.", language), _letter("Б.", language)
    hidden = {"number": HIDDEN, "address": HIDDEN, "one": one, "two": two}
    known = {**facts(docket, cast, language), **hidden, "case_number": HIDDEN}
    told = _case_facts(docket, cast, language, docket.days["hearing"])
    values = {slot: HIDDEN for slot in told.values} | {
        "court": court,
        "claimants": one.nom,
        "defendants": two.nom,
        "subject": told.values["subject"],
        "claim.sum": told.values["claim.sum"],
        "act.date": told.values["act.date"],
    }
    return _decision(docket, CaseFacts(language=Language(language), values=values), known, language)


def in_language(docket: Docket, language: str) -> Case:
    """The case as an act in that language words it: its parties and what it is about."""
    parties = [
        replace(party, name=who.words[language].full)
        for party, who in zip(docket.case.parties, docket.sides, strict=True)
    ]
    return replace(docket.case, language=Language(language), subject=subject(docket, language), parties=tuple(parties))


def _case_facts(docket: Docket, cast: Cast, language: str, dated_on: date | None = None) -> CaseFacts:
    case = replace(in_language(docket, language), judge_name=cast.members["judge"].words[language].nom)
    # As the directory has it: the desk words the secretary so in an act of either language.
    secretary = cast.members["secretary"].person.name
    return facts_of(case, Language(language), court=cast.court, secretary=secretary, dated_on=dated_on)


def _decision(
    docket: Docket, told: CaseFacts, known: dict[str, Any], language: str, fault: Fault | None = None
) -> ActText:
    words, wording = phrases.read("court_day")["act"][language], docket.category.wordings[language]
    known = known | _sums(docket, language)
    told_by_judge = ("findings", "evidence", "conclusions", "costs", "costs_reasons")
    filled = {name: words[name].format_map(known) for name in told_by_judge}
    filled |= {
        "operative": words["operative"].format_map(known),
        "claim_grounds": wording.story[0].format_map(known),
        "defence": wording.against[0].format_map(known),
        "law": wording.law[0].format_map(known),
    }
    if fault is Fault.NO_COSTS:
        del filled["costs"]
    act = compose(template(f"civil_decision.{language}"), replace(told, values={**told.values, **filled}))
    pools = phrases.filings(language).pools
    added = {
        "de-claim": [*wording.story[1:], words["position_one"]],
        "de-defence": [words["position_two"], *wording.against[1:], *pools["objections"][:5], *pools["examined"]],
        "re-law": [*wording.law[1:], *pools["law"][:5]],
        "re-conclusions": words["answers"],
    }
    act = _with_paragraphs(act, {after: [text.format_map(known) for text in each] for after, each in added.items()})
    return normalised(_with_fault(act, fault, known, language))


def _sums(docket: Docket, language: str) -> dict[str, Word]:
    claimed, unproven = docket.sums
    granted = claimed - unproven
    # The fee is one per cent of what is granted.
    fee = granted // 100
    sums = {"granted": granted, "fee": fee, "aid": AID, "costs": fee + AID, "too_much": fee + AID + TOO_MUCH}
    return {name: sum_word(tenge, language) for name, tenge in sums.items()}


def _with_paragraphs(act: ActText, added: dict[str, list[str]]) -> ActText:
    parts = []
    for part in act.parts:
        blocks: list[Block] = []
        for block in part.blocks:
            blocks.append(block)
            blocks += [
                Block(id=f"{block.id}-{number}", kind=BlockKind.PARAGRAPH, runs=(Run(text=text.replace("..", ".")),))
                for number, text in enumerate(added.get(block.id, ()), start=1)
            ]
        parts.append(replace(part, blocks=tuple(blocks)))
    return replace(act, parts=tuple(parts))


def _with_fault(act: ActText, fault: Fault | None, known: dict[str, Any], language: str) -> ActText:
    changed = {}
    if fault is Fault.WRONG_TOTAL and (block := act.block("op-costs")):
        runs = tuple(
            replace(run, text=run.text.replace(known["costs"].nom, known["too_much"].nom)) for run in block.runs
        )
        changed[block.id] = replace(block, runs=runs)
    if fault is Fault.NO_APPEAL_TERM and (block := act.block("op-appeal")):
        words = phrases.read("court_day")["act"][language]["appeal_without_term"]
        changed[block.id] = replace(block, runs=(Run(text=words), *block.runs[1:]))
    parts = (replace(part, blocks=tuple(changed.get(block.id, block) for block in part.blocks)) for part in act.parts)
    return replace(act, parts=tuple(parts))


def _letter(letter: str, language: str) -> Word:
    if language == "ru":
        return russian("|".join([letter] * 5))
    endings = {"gen": "ның", "dat": "ға", "acc": "ны", "ins": "мен", "abl": "дан", "loc": "да"}
    return Word(letter, {case: f"{letter}-{ending}" for case, ending in endings.items()}, letter)
