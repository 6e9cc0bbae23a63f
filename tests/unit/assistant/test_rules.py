"""Each rule on an act with one thing wrong: what it says, where and by which norm, in three languages, word for word.

The words are kept in ``golden``; after a change that is meant, write them anew with

    python -m tests.unit.assistant.test_rules
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from judge_desk.assistant.lint import LintTask, lint
from judge_desk.cli.ruling.lint import line
from judge_desk.domain.acts import ActText, Block, BlockKind, Cell, Part, PartKind, Row, Run
from judge_desk.domain.cases import Language
from judge_desk.domain.twins import with_authority
from judge_desk.i18n.translator import Translator
from tests.unit.assistant.whole_acts import (
    CASE,
    FIRM_NUMBER,
    numbered,
    task,
    whole_decision,
    with_block,
    with_extra,
    without_part,
)

GOLDEN = Path(__file__).parent / "golden"
Three = tuple[str, str, str]


def said(block_id: str, texts: Three) -> Callable[[Language], LintTask]:
    """The whole decision with another text in one block."""
    return lambda language: task(with_block(whole_decision(language), block_id, texts[list(Language).index(language)]))


def added(part: PartKind, texts: Three) -> Callable[[Language], LintTask]:
    return lambda language: task(with_extra(whole_decision(language), part, texts[list(Language).index(language)]))


def of_case(**changes: Any) -> Callable[[Language], LintTask]:
    return lambda language: task(whole_decision(language), case=replace(CASE, **changes))


def order_changed(language: Language) -> LintTask:
    act = whole_decision(language)
    return task(replace(act, parts=(act.parts[0], act.parts[2], act.parts[1], act.parts[3])))


def foreign_part(language: Language) -> LintTask:
    act = whole_decision(language)
    extra = Part(kind=PartKind.DESCRIPTIVE_REASONING, blocks=(Block(id="x", runs=(Run(text="…"),)),))
    return task(replace(act, parts=(*act.parts[:3], extra, act.parts[3])))


def empty_part(language: Language) -> LintTask:
    act = without_part(whole_decision(language), PartKind.DESCRIPTIVE)
    empty = Part(kind=PartKind.DESCRIPTIVE, blocks=(Block(id="x"),))
    return task(replace(act, parts=(act.parts[0], empty, *act.parts[1:])))


def with_table(language: Language) -> LintTask:
    words = {"kk": "Барлығы", "ru": "Итого", "en": "Total"}
    rows = [("1", "100 000"), ("2", "250 000"), (words[language], "340 000")]
    cells = tuple(Row(cells=tuple(Cell(runs=(Run(text=text),)) for text in row)) for row in rows)
    act = whole_decision(language)
    table = Block(id="table", kind=BlockKind.TABLE, rows=cells)
    parts = tuple(
        replace(part, blocks=(*part.blocks[:2], table, *part.blocks[2:])) if part.kind is PartKind.DESCRIPTIVE else part
        for part in act.parts
    )
    return task(replace(act, parts=parts))


def blank_left(language: Language) -> LintTask:
    act = whole_decision(language)
    blank = Block(id="blank", runs=(Run(text="[…]", field="evidence", blank=True),))
    parts = tuple(
        replace(part, blocks=(*part.blocks, blank)) if part.kind is PartKind.REASONING else part for part in act.parts
    )
    return task(replace(act, parts=parts))


def unanswered(language: Language) -> LintTask:
    asked = {
        Language.KAZAKH: "Талап қоюшы моральдық зиянды өтеуді сұрайды.",
        Language.RUSSIAN: "Истец просит взыскать долг и компенсацию морального вреда.",
        Language.ENGLISH: "The claimant asks for the debt and for moral harm.",
    }
    answered = {
        Language.KAZAKH: "5 000 000 теңге өндірілсін.",
        Language.RUSSIAN: "Взыскать 5 000 000 тенге.",
        Language.ENGLISH: "The defendant shall pay 5,000,000 tenge.",
    }
    act = with_block(whole_decision(language), "de-claim", asked[language])
    return task(with_block(act, "op-operative", answered[language]))


def twin_with(block_id: str, ours: Three, theirs: str) -> Callable[[Language], LintTask]:
    """The act with a text and its twin in Russian (of the Russian one: in Kazakh) with another."""

    def made(language: Language) -> LintTask:
        other = Language.KAZAKH if language is Language.RUSSIAN else Language.RUSSIAN
        here = with_block(whole_decision(language), block_id, ours[list(Language).index(language)])
        there = with_block(whole_decision(other), block_id, theirs)
        return task(with_authority(here, Language.KAZAKH), twin=with_authority(there, Language.KAZAKH))

    return made


def twin_without(part: PartKind | None) -> Callable[[Language], LintTask]:
    def made(language: Language) -> LintTask:
        other = Language.KAZAKH if language is Language.RUSSIAN else Language.RUSSIAN
        here, there = (with_authority(whole_decision(each), Language.KAZAKH) for each in (language, other))
        if part is not None:
            return task(here, twin=without_part(there, part))
        return task(with_extra(here, PartKind.REASONING, "…", "only-here"), twin=there)

    return made


def undecided_twin(language: Language) -> LintTask:
    return task(whole_decision(language), twin=whole_decision(Language.RUSSIAN))


def numbered_act(language: Language, number: str) -> ActText:
    """The decision under another number of the case."""
    act = whole_decision(language)

    def renumbered(block: Block) -> Block:
        rows = tuple(
            Row(
                cells=tuple(
                    Cell(
                        runs=tuple(
                            replace(run, text=number) if run.field == "case.number" else run for run in cell.runs
                        )
                    )
                    for cell in row.cells
                )
            )
            for row in block.rows
        )
        return replace(block, rows=rows)

    parts = tuple(replace(part, blocks=tuple(renumbered(block) for block in part.blocks)) for part in act.parts)
    return replace(act, parts=parts)


NAMED: Three = ("Ахметов Д. С.", "Ахметов Д. С.", "Ахметов Д. С.")
RULES: dict[str, Callable[[Language], LintTask]] = {
    "part.missing": lambda language: task(without_part(whole_decision(language), PartKind.DESCRIPTIVE)),
    "part.empty": empty_part,
    "part.foreign": foreign_part,
    "part.order": order_changed,
    "part.misplaced": added(PartKind.REASONING, ("ШЕШІМ ҚАБЫЛДАДЫ:", "РЕШИЛ:", "DECIDED:")),
    "missing.appeal_term": said(
        "op-appeal",
        (
            "Шешімге апелляциялық шағым беріледі. Апелляциялық сатыдағы сот: Алтынсай облыстық соты.",
            "На решение подаётся апелляционная жалоба. Суд апелляционной инстанции: Алтынсайский областной суд.",
            "An appeal may be lodged. Court of appeal: Altynsai Regional Court.",
        ),
    ),
    "term.other": said(
        "op-appeal",
        (
            "Шешімге апелляциялық шағым он күн ішінде беріледі. Апелляциялық сатыдағы сот: Алтынсай облыстық соты.",
            "Жалоба подаётся в течение десяти дней. Суд апелляционной инстанции: Алтынсайский областной суд.",
            "An appeal may be lodged within ten days. Court of appeal: Altynsai Regional Court.",
        ),
    ),
    "blank": blank_left,
    "sum.words": added(
        PartKind.DESCRIPTIVE,
        ("Қарыз 5 000 (алты мың) теңге.", "Долг 5 000 (шесть тысяч) тенге.", "A debt of 5,000 (six thousand) tenge."),
    ),
    "sum.total": added(
        PartKind.REASONING,
        (
            "Қарыз 5 000 000 теңге, баж 50 000 теңге, барлығы 5 060 000 теңге.",
            "Долг 5 000 000 тенге, пошлина 50 000 тенге, всего 5 060 000 тенге.",
            "A debt of 5,000,000 tenge, a fee of 50,000 tenge, in all 5,060,000 tenge.",
        ),
    ),
    "sum.table": with_table,
    "sum.reasons": said(
        "op-operative",
        (
            "Талап қою толық қанағаттандырылсын. 4 900 000 теңге өндірілсін.",
            "Иск удовлетворить полностью. Взыскать 4 900 000 тенге.",
            "The claim is granted in full. The defendant shall pay 4,900,000 tenge.",
        ),
    ),
    "sum.claim": of_case(claim_tiyn=400_000_000),
    "claim.unanswered": unanswered,
    "party.missing": of_case(parties=(*CASE.parties, replace(CASE.parties[1], id="9", name="Жұмабаев Серік"))),
    "party.number": of_case(parties=(replace(CASE.parties[0], number=numbered("01014000123")), CASE.parties[1])),
    "name.spelling": added(
        PartKind.REASONING, ("Судья Ахмедов Д. С. айтты.", "Судья Ахмедов Д. С. указал.", "Judge Ахмедов Д. С. said.")
    ),
    "identity.length": added(PartKind.DESCRIPTIVE, ("ЖСН 85031230045", "ИИН 85031230045", "IIN 85031230045")),
    "identity.check_digit": added(
        PartKind.DESCRIPTIVE,
        tuple(f"{word} {FIRM_NUMBER[:-1]}{(int(FIRM_NUMBER[-1]) + 1) % 10}" for word in ("БСН", "БИН", "BIN")),  # type: ignore[arg-type]
    ),
    "case_number.form": lambda language: task(numbered_act(language, "17/2026")),
    "case_number.other": of_case(number="7199-26-00-2/9999"),
    "norm.unknown": added(PartKind.REASONING, ("АПК-нің 999-бабы", "статья 999 ГПК РК", "Article 999 CPC")),
    "norm.repealed": added(PartKind.REASONING, ("СК-нің 610-бабы", "статья 610 НК РК", "Article 610 Tax Code")),
    "norm.early": lambda language: task(
        with_extra(
            whole_decision(language),
            PartKind.REASONING,
            {"kk": "СК-нің 664-бабы", "ru": "статья 664 НК РК", "en": "Article 664 Tax Code"}[language],
        ),
        on=date(2025, 6, 1),
    ),
    "norm.foreign": said(
        "re-guided",
        (
            "Әкімшілік құқық бұзушылық туралы кодекстің 821, 822-баптарын басшылыққа алып, сот",
            "Руководствуясь статьями 821, 822 КоАП РК, суд",
            "Guided by Articles 821, 822 of the Code of Administrative Offences, the court",
        ),
    ),
    "date.impossible": added(PartKind.DESCRIPTIVE, ("2026 жылғы 31 ақпан", "31 февраля 2026 года", "31 February 2026")),
    "date.after_signing": lambda language: task(whole_decision(language), today=date(2026, 5, 11)),
    "date.before_case": of_case(received_on=date(2026, 5, 13)),
    "date.after_act": added(PartKind.DESCRIPTIVE, ("2026 жылғы 1 маусымда", "1 июня 2026 года", "1 June 2026")),
    "twin.part": twin_without(PartKind.DESCRIPTIVE),
    "twin.paragraph": twin_without(None),
    "twin.identity": twin_with("de-claim", (f"ЖСН {FIRM_NUMBER}",) * 3, "текст"),
    "twin.case_number": twin_with("de-claim", ("іс 7199-26-00-2/7", "дело 7199-26-00-2/7", "case 7199-26-00-2/7"), "…"),
    "twin.norm": twin_with("re-law", ("АПК 72-бабы", "статья 72 ГПК", "Article 72 CPC"), "…"),
    "twin.date": twin_with("de-claim", ("2026 жылғы 3 наурыз", "3 марта 2026 года", "3 March 2026"), "…"),
    "twin.sum": twin_with("de-claim", ("7 000 теңге", "7 000 тенге", "7,000 tenge"), "8 000 тенге"),
    "twin.percent": twin_with("de-claim", ("7 %", "7 %", "7%"), "…"),
    "twin.number": twin_with("de-claim", ("7 куә", "7 свидетелей", "7 witnesses"), "…"),
    "twin.person": twin_with("de-claim", NAMED, "…"),
    "twin.organisation": twin_with("de-claim", ("«Самғау» ЖШС", "ТОО «Самғау»", "«Samgau» LLP"), "…"),
    "twin.authority": undecided_twin,
}


NOT_COMPARED = {("twin.organisation", Language.ENGLISH)}
"""An English text translates the names of organisations; their letters prove nothing."""


def found_by(rule: str, language: Language) -> list[dict[str, Any]]:
    found = [each for each in lint(RULES[rule](language)) if each.rule == rule]
    return json.loads(json.dumps([line(each, Translator(language)) for each in found]))  # type: ignore[no-any-return]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_has_always_said(rule: str) -> None:
    golden = json.loads((GOLDEN / f"{rule}.json").read_text(encoding="utf-8"))
    for language in Language:
        found = found_by(rule, language)
        assert found or (rule, language) in NOT_COMPARED, f"{rule} finds nothing in {language}"
        assert found == golden[language], language


def test_every_golden_file_has_its_rule() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(RULES)


def main() -> int:
    GOLDEN.mkdir(exist_ok=True)
    for rule in RULES:
        words = {language.value: found_by(rule, language) for language in Language}
        text = json.dumps(words, ensure_ascii=False, indent=1)
        (GOLDEN / f"{rule}.json").write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
