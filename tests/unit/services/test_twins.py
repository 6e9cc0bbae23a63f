"""An act in two languages: begun, compared, linked through moves, and never in two states of secrecy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.domain.acts import ActText, Block, BlockKind, Run
from judge_desk.domain.cases import Language
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.twins import TwinFault, authority_of
from judge_desk.drafting.templates import template
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.series import filled
from judge_desk.services.twins import reworded
from tests.factories import a_case, a_party, with_case
from tests.unit.assistant.whole_acts import whole
from tests.unit.services.test_linting import retold


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    return Desk.over(context)


@pytest.fixture
def draft_id(context: DeskContext, desk: Desk) -> str:
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),), claim_tiyn=500_000_000))
    made, _ = desk.drafts.create(case.id, "civil_decision.ru")
    act = desk.drafts.open(made).draft.act
    desk.drafts.save(made, filled(act, {"costs": "50 000 тенге", "operative": "Иск удовлетворить полностью"}))
    return made


def test_the_twin_has_the_same_facts_and_needs_no_translator_for_figures(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    twin = desk.drafts.open(twin_id).draft.act
    assert (twin.language, twin.template) == (Language.KAZAKH, "civil_decision.kk")
    costs = twin.block("op-costs")
    operative = twin.block("op-operative")
    assert costs is not None
    assert costs.text == "50\u00a0000\u00a0теңге"
    assert operative is not None
    assert operative.runs[0].blank
    assert desk.twins.twin_id(draft_id) == twin_id
    assert desk.twins.twin_id(twin_id) == draft_id
    assert authority_of(twin) is authority_of(desk.drafts.open(draft_id).draft.act) is Language.RUSSIAN


def test_a_difference_is_found_where_it_stands(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    act = desk.drafts.open(twin_id).draft.act
    desk.drafts.save(twin_id, retold(act, "op-costs", "60 000 теңге өндірілсін."))
    found = desk.twins.pair(draft_id).comparison.differences
    sums = [(each.block, each.here, each.there) for each in found if each.fault is TwinFault.SUM]
    assert sums == [("op-costs", "50 000 тенге", "60 000 теңге")]
    assert any(each.rule == "twin.sum" for each in desk.linting.check(draft_id).open)


def test_authority_is_written_into_both(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    desk.twins.set_authority(draft_id, Language.KAZAKH)
    assert desk.twins.pair(draft_id).authority is Language.KAZAKH
    texts = [desk.drafts.open(each).draft.act.block("twin-authority") for each in (draft_id, twin_id)]
    assert [block and block.text for block in texts] == [
        "Подлинным является текст акта на казахском языке.",
        "Актінің қазақ тіліндегі мәтіні түпнұсқа болып табылады.",
    ]


def test_a_second_twin_and_the_own_language_are_refused(desk: Desk, draft_id: str) -> None:
    with pytest.raises(BadInput):
        desk.twins.create(draft_id, Language.RUSSIAN)
    with pytest.raises(NotFound):
        desk.twins.pair(draft_id)
    desk.twins.create(draft_id, Language.KAZAKH)
    with pytest.raises(BadInput):
        desk.twins.create(draft_id, Language.ENGLISH)


def test_what_is_secret_in_one_language_is_secret_in_both(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    moved = desk.drafts.set_secrecy(draft_id, Secrecy.DELIBERATION)
    assert desk.twins.twin_id(moved.draft_id) == twin_id
    desk.twins.follow(moved.draft_id)
    twin = desk.drafts.open(desk.twins.twin_id(moved.draft_id)).draft
    assert twin.secrecy is Secrecy.DELIBERATION


def test_parted_twins_say_nothing_of_each_other(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    desk.twins.part(draft_id)
    assert desk.twins.twin_id(twin_id) == ""
    assert authority_of(desk.drafts.open(draft_id).draft.act) is None


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("5 000 000 тенге", "5\u00a0000\u00a0000\u00a0теңге"),
        ("12 мая 2026 года", "2026\u00a0жылғы 12\u00a0мамыр"),
        ("Ахметов Д. С.", "Ахметов Д. С."),
        ("иск удовлетворить", ""),
        ("5 000 000 (пять миллионов) тенге", ""),
    ],
)
def test_only_what_needs_no_translator_is_reworded(fact: str, words: str) -> None:
    assert reworded(fact, Language.RUSSIAN, Language.KAZAKH) == words


def test_without_a_form_the_first_text_waits_to_be_translated(context: DeskContext, desk: Desk) -> None:
    case = with_case(context, a_case())
    made, _ = desk.drafts.create(case.id, "blank.ruling.ru")
    act = whole(template("jury_verdict.ru"))
    desk.drafts.save(made, replace(act, template="gone.ru"))
    twin_id, _ = desk.twins.create(made, Language.KAZAKH)
    twin = desk.drafts.open(twin_id).draft.act
    assert (twin.language, twin.kind, twin.template) == (Language.KAZAKH, act.kind, "")
    assert {block.language for block in twin.blocks() if block.id != "twin-authority"} == {Language.RUSSIAN}
    differences = desk.twins.pair(made).comparison.differences
    assert {(each.fault, each.here) for each in differences} == {(TwinFault.LANGUAGE, "")}


def test_a_paragraph_that_was_not_translated_is_named(desk: Desk, draft_id: str) -> None:
    """One sentence of the other language among its own is found, a quotation in it is not."""
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    russian = "Суд, исследовав материалы дела, приходит к выводу об обоснованности требований истца."
    twin = desk.drafts.open(twin_id).draft.act
    where = next(block for block in twin.blocks() if block.kind is BlockKind.PARAGRAPH and len(block.text) > 60)
    desk.drafts.save(twin_id, changed(twin, replace(where, runs=(Run(text=russian),))))
    found = [each for each in desk.twins.pair(draft_id).comparison.differences if each.fault is TwinFault.LANGUAGE]
    assert [(each.other_block, each.here, each.there) for each in found] == [(where.id, "", f"{russian[:60]}…")]
    desk.drafts.save(twin_id, changed(twin, replace(where, kind=BlockKind.QUOTATION, runs=(Run(text=russian),))))
    assert not [each for each in desk.twins.pair(draft_id).comparison.differences if each.fault is TwinFault.LANGUAGE]


def changed(act: ActText, block: Block) -> ActText:
    return replace(
        act,
        parts=tuple(
            replace(part, blocks=tuple(block if each.id == block.id else each for each in part.blocks))
            for part in act.parts
        ),
    )


def test_a_text_in_the_same_language_is_no_twin(desk: Desk, draft_id: str) -> None:
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    twin = desk.drafts.open(twin_id).draft
    desk.drafts.change(twin_id, "pair", lambda one: replace(one, act=replace(one.act, language=Language.RUSSIAN)))
    assert twin.act.language is Language.KAZAKH
    assert desk.twins.twin_id(draft_id) == ""
