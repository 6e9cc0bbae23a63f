"""Remarks of two desks come together: nothing said is lost, nothing taken back returns, one answer stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.remarks import Remark, RemarkState, answered, merged

START = datetime(2026, 5, 12, 9, tzinfo=UTC)


def remark(name: str, minute: int = 0) -> Remark:
    return Remark(
        id=name,
        block_id="b1",
        quote="слова",
        author_id="judge1",
        author_name="Ахметова А.",
        made_at=START + timedelta(minutes=minute),
    )


def test_the_first_answer_stands() -> None:
    once = answered((remark("a"),), "a", RemarkState.ACCEPTED, "judge1", START)
    assert answered(once, "a", RemarkState.REJECTED, "secretary1", START + timedelta(hours=1)) == once


def test_of_two_answers_the_earlier_stands_on_both_desks() -> None:
    base = (remark("a"),)
    mine = answered(base, "a", RemarkState.REJECTED, "judge1", START + timedelta(minutes=5))
    theirs = answered(base, "a", RemarkState.ACCEPTED, "secretary1", START + timedelta(minutes=3))
    assert merged(base, mine, theirs) == merged(base, theirs, mine) == theirs


def test_what_was_taken_back_does_not_return_with_the_others_copy() -> None:
    base = (remark("a"), remark("b", 1))
    assert merged(base, (base[1],), base) == (base[1],)


SIDES = st.lists(st.sampled_from("abcdef"), unique=True).map(
    lambda names: tuple(remark(each, ord(each)) for each in names)
)


@given(SIDES, SIDES, SIDES)
def test_both_orders_agree_and_nothing_new_is_lost(
    base: tuple[Remark, ...], mine: tuple[Remark, ...], theirs: tuple[Remark, ...]
) -> None:
    together = merged(base, mine, theirs)
    assert together == merged(base, theirs, mine)
    ids = {each.id for each in together}
    before = {each.id for each in base}
    assert {each.id for each in (*mine, *theirs)} - before <= ids
    assert ids & before == {each.id for each in mine} & {each.id for each in theirs} & before
    assert merged(together, together, together) == tuple(sorted(together, key=lambda each: each.made_at))
    assert all(replace(each, state=RemarkState.OPEN) == each for each in together)
