"""The linter on a draft: with its case, its twin, and the reasons for what the judge leaves as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.domain.acts import ActText, Run
from judge_desk.domain.errors import BadInput
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from tests.factories import a_case, a_party, with_case


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    return Desk.over(context)


@pytest.fixture
def draft_id(context: DeskContext, desk: Desk) -> str:
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),)))
    return desk.drafts.create(case.id, "civil_decision.ru")[0]


def retold(act: ActText, block_id: str, text: str) -> ActText:
    """The act with another text in one block."""
    parts = tuple(
        replace(
            part,
            blocks=tuple(
                replace(block, runs=(Run(text=text),)) if block.id == block_id else block for block in part.blocks
            ),
        )
        for part in act.parts
    )
    return replace(act, parts=parts)


def test_a_draft_is_checked_with_its_case(desk: Desk, draft_id: str) -> None:
    act = desk.drafts.open(draft_id).draft.act
    found = desk.linting.check(draft_id, retold(act, "in-claimant", "Истец: Оспанова Г."))
    missing = [each for each in found.open if each.rule == "party.missing"]
    assert [(each.block, each.params["name"]) for each in missing] == [("in-banner", "Ибраев А. Қ.")]
    assert "Ибраев" in desk.linting.sentence(missing[0], "ru")


def test_a_finding_is_left_with_a_reason_that_is_kept(desk: Desk, draft_id: str) -> None:
    finding = desk.linting.check(draft_id).open[0]
    with pytest.raises(BadInput) as caught:
        desk.linting.leave(draft_id, finding, "  ")
    assert caught.value.key == "lint.override.no_reason"
    desk.linting.leave(draft_id, finding, "Так решено в заседании")
    report = desk.linting.check(draft_id)
    assert finding not in report.open
    assert [(each.key, override.reason) for each, override in report.left] == [(finding.key, "Так решено в заседании")]
    label = desk.drafts.versions(draft_id)[0].label
    assert "Так решено в заседании" in label
    desk.linting.take_back(draft_id, finding.key)
    assert finding in desk.linting.check(draft_id).open


def test_a_reason_holds_for_the_very_finding_alone(desk: Desk, draft_id: str) -> None:
    act = desk.drafts.open(draft_id).draft.act
    wrong = retold(act, "op-costs", "Взыскать 5 000 (шесть тысяч) тенге расходов.")
    desk.drafts.save(draft_id, wrong)
    finding = next(each for each in desk.linting.check(draft_id).open if each.rule == "sum.words")
    desk.linting.leave(draft_id, finding, "так в договоре")
    other = retold(act, "op-costs", "Взыскать 5 000 (семь тысяч) тенге расходов.")
    assert any(each.rule == "sum.words" for each in desk.linting.check(draft_id, other).open)
    assert not any(each.rule == "sum.words" for each in desk.linting.check(draft_id, wrong).open)
