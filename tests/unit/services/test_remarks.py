"""Remarks over a real store: they travel with the draft, keep its secrecy, and never touch its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.domain.drafts import Draft, Secrecy
from judge_desk.domain.errors import BadInput, NotAllowed, Sealed
from judge_desk.domain.remarks import MOST_REMARKS, Remark, RemarkState
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.store.tables import operation_text
from tests.factories import a_case, a_party, desk_context, with_case
from tests.unit.services.test_drafts import FORM, without_blanks


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    context = desk_context(tmp_path, clock=clock)
    yield context
    context.store.close()


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    return Desk.over(context)


@pytest.fixture
def draft_id(context: DeskContext, desk: Desk) -> str:
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),)))
    return desk.drafts.create(case.id, FORM)[0]


def remarks(desk: Desk, draft_id: str) -> tuple[Remark, ...]:
    return desk.drafts.open(draft_id).draft.remarks


def test_a_proposal_is_made_and_answered_and_the_text_stays(desk: Desk, draft_id: str) -> None:
    before = desk.drafts.open(draft_id).draft.act
    desk.remarks.add(draft_id, "b1", "взыскать", "точнее", "взыскать солидарно")
    (made,) = remarks(desk, draft_id)
    assert (made.quote, made.proposal, made.text, made.state) == (
        "взыскать",
        "взыскать солидарно",
        "точнее",
        RemarkState.OPEN,
    )
    desk.remarks.answer(draft_id, made.id, RemarkState.REJECTED)
    assert remarks(desk, draft_id)[0].state is RemarkState.REJECTED
    assert desk.drafts.open(draft_id).draft.act == before


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (("слова", " ", None), "remarks.bad.empty"),
        (("слова", "", "слова"), "remarks.bad.same"),
        (("", "", "слова"), "remarks.bad.same"),
        (("слова", "я" * 5_000, None), "remarks.bad.long"),
    ],
)
def test_what_says_nothing_is_refused(desk: Desk, draft_id: str, said: tuple[str, str, str | None], key: str) -> None:
    with pytest.raises(BadInput) as refused:
        desk.remarks.add(draft_id, "b1", *said)
    assert refused.value.key == key
    assert remarks(desk, draft_id) == ()


def test_only_ones_own_remark_is_taken_back(desk: Desk, draft_id: str) -> None:
    desk.remarks.add(draft_id, "b1", "слова", "о них")
    (made,) = remarks(desk, draft_id)
    stranger = Remark(
        id="x1", block_id="b1", quote="", author_id="other", author_name="Хатшы", made_at=made.made_at, text="басқа"
    )
    desk.drafts.change(draft_id, "remark", lambda draft: _with(draft, stranger))
    with pytest.raises(NotAllowed):
        desk.remarks.take_back(draft_id, "x1")
    desk.remarks.take_back(draft_id, made.id)
    assert remarks(desk, draft_id) == (stranger,)


def test_a_draft_carries_only_so_many(desk: Desk, draft_id: str) -> None:
    desk.remarks.add(draft_id, "b1", "слова", "о них")
    (made,) = remarks(desk, draft_id)
    desk.drafts.change(draft_id, "remark", lambda draft: _with(draft, *[made] * (MOST_REMARKS - 1)))
    with pytest.raises(BadInput):
        desk.remarks.add(draft_id, "b1", "слова", "ещё")


def test_in_the_deliberation_room_remarks_stay_as_secret_as_the_text(
    desk: Desk, draft_id: str, context: DeskContext
) -> None:
    secret_id = desk.drafts.set_secrecy(draft_id, Secrecy.DELIBERATION).draft_id
    desk.remarks.add(secret_id, "b1", "слова", "Тайная мысль 91c2")
    with context.store.reading() as connection:
        bodies = connection.execute(sa.select(operation_text.c.body)).scalars().all()
    assert "91c2" not in "".join(bodies)


def test_nobody_remarks_on_a_final_act(desk: Desk, draft_id: str, clock: FixedClock) -> None:
    work = desk.drafts.open(draft_id)
    desk.drafts.save(draft_id, without_blanks(work.draft.act))
    desk.drafts.finalise(draft_id, number="1", dated_on=clock.today())
    with pytest.raises(Sealed):
        desk.remarks.add(draft_id, "b1", "слова", "поздно")


def _with(draft: Draft, *more: Remark) -> Draft:
    return replace(draft, remarks=(*draft.remarks, *more))
