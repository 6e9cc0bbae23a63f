"""What a judge would lose if merging were wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.acts import ActKind, ActText, Block, Part, PartKind, Run
from judge_desk.domain.cases import Language
from judge_desk.domain.dossier import DossierReply, ReplyKind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.sync.merge import Merged, merge_acts, merge_records, merge_sequences
from tests import factories

words = st.lists(st.sampled_from("абвгдежз"), max_size=8)


def an_act(*paragraphs: str, part: PartKind = PartKind.REASONING) -> ActText:
    """Paragraphs as ``id=text``."""
    blocks = tuple(Block(id=each.partition("=")[0], runs=(Run(text=each.partition("=")[2]),)) for each in paragraphs)
    return ActText(language=Language.KAZAKH, kind=ActKind.DECISION, parts=(Part(kind=part, blocks=blocks),))


def texts(act: ActText) -> list[str]:
    return [block.text for block in act.blocks()]


@given(words, words)
def test_what_only_one_side_changed_is_taken(base: list[str], changed: list[str]) -> None:
    assert merge_sequences(base, changed, base) == changed
    assert merge_sequences(base, base, changed) == changed


@given(words, words)
def test_the_same_change_on_both_sides_is_no_conflict(base: list[str], changed: list[str]) -> None:
    assert merge_sequences(base, changed, changed) == changed


@given(words, words, words)
def test_no_side_is_preferred(base: list[str], mine: list[str], theirs: list[str]) -> None:
    assert merge_sequences(base, mine, theirs) == merge_sequences(base, theirs, mine)


@given(words, words, words)
def test_nothing_that_either_side_added_is_lost(base: list[str], mine: list[str], theirs: list[str]) -> None:
    merged = merge_sequences(base, mine, theirs)
    if merged is None:
        return
    for side in (mine, theirs):
        for word in set(side) - set(base):
            assert word in merged


@given(st.integers(0, 5), st.integers(0, 5), st.text(max_size=5), st.text(max_size=5))
def test_edits_of_different_paragraphs_both_stay(first: int, second: int, mine: str, theirs: str) -> None:
    base = an_act(*(f"b{number}=old {number}" for number in range(6)))
    merged, conflicts = merge_acts(base, edited(base, first, f"mine {mine}"), edited(base, second, f"theirs {theirs}"))
    if first == second:
        assert [each.block_id for each in conflicts] == [f"b{first}"]
        assert texts(merged)[first] == f"mine {mine}"
    else:
        assert not conflicts
        assert texts(merged)[first] == f"mine {mine}"
        assert texts(merged)[second] == f"theirs {theirs}"


def edited(act: ActText, number: int, text: str) -> ActText:
    part = act.parts[0]
    blocks = [*part.blocks]
    blocks[number] = replace(blocks[number], runs=(Run(text=text),))
    return replace(act, parts=(replace(part, blocks=tuple(blocks)),))


def test_a_paragraph_that_one_side_removed_and_the_other_rewrote_is_a_conflict() -> None:
    base = an_act("a=1", "b=2", "c=3")
    _, conflicts = merge_acts(base, an_act("a=1", "c=3"), an_act("a=1", "b=new", "c=3"))
    assert [(each.block_id, each.mine) for each in conflicts] == [("b", None)]
    merged, conflicts = merge_acts(base, an_act("a=1", "b=new", "c=3"), an_act("a=1", "c=3"))
    assert [(each.block_id, each.theirs) for each in conflicts] == [("b", None)]
    assert "new" in texts(merged)


@pytest.mark.parametrize("part", [PartKind.OPERATIVE, PartKind.WHOLE])
def test_an_operative_part_is_never_put_together_unasked(part: PartKind) -> None:
    base = an_act("a=Талап қанағаттандырылсын", "b=1 000 теңге өндірілсін", part=part)
    mine = an_act("a=Талап ішінара қанағаттандырылсын", "b=1 000 теңге өндірілсін", part=part)
    theirs = an_act("a=Талап қанағаттандырылсын", "b=2 000 теңге өндірілсін", part=part)
    merged, conflicts = merge_acts(base, mine, theirs)
    assert [each.part for each in conflicts] == [part]
    assert merged == mine


def test_an_operative_part_that_one_side_left_alone_is_the_others() -> None:
    base, theirs = an_act("a=1", part=PartKind.OPERATIVE), an_act("a=2", part=PartKind.OPERATIVE)
    assert merge_acts(base, base, theirs) == (theirs, [])


def a_note(text: str, **values: bool) -> Note:
    return Note(id="n", case_id="c", author_id="j", reach=NoteReach.SHARED, text=text, **values)  # type: ignore[arg-type]


def test_lines_of_a_note_merge_and_its_fields_too() -> None:
    base = a_note("бірінші\nекінші\nүшінші")
    merged = merge_records(base, a_note("бірінші!\nекінші\nүшінші"), a_note("бірінші\nекінші\nүшінші!", pinned=True))
    assert merged.is_clean
    assert merged.record == a_note("бірінші!\nекінші\nүшінші!", pinned=True)


def test_whoever_puts_two_texts_together_has_written_them() -> None:
    base = factories.a_draft("c", changed_by="judge")
    mine, theirs = replace(base, title="x"), replace(base, number="2-17", changed_by="secretary")
    assert merge_records(base, mine, theirs) == Merged(replace(mine, number="2-17"))
    assert merge_records(base, base, theirs) == Merged(theirs)


def test_the_same_line_written_twice_is_a_conflict_that_keeps_both_texts() -> None:
    merged = merge_records(a_note("x"), a_note("mine"), a_note("theirs"))
    assert [(each.mine, each.theirs) for each in merged.conflicts] == [("mine", "theirs")]


def test_a_note_deleted_there_and_edited_here_asks() -> None:
    assert not merge_records(a_note("x"), a_note("mine"), None).is_clean
    assert not merge_records(a_note("x"), None, a_note("theirs")).is_clean
    assert merge_records(a_note("x"), a_note("x"), None).record is None


def test_without_a_base_a_difference_is_a_conflict() -> None:
    assert not merge_records(None, a_note("mine"), a_note("theirs")).is_clean


WRITTEN = datetime(2026, 11, 23, 4, tzinfo=UTC)


def a_reply(text: str, hours: int = 0, decision: str = "") -> DossierReply:
    at, kind = WRITTEN + timedelta(hours=hours), ReplyKind.CORRECTION_REQUEST
    return DossierReply(id="r", judge_id="j", entry_id="e", kind=kind, text=text, written_at=at, decision=decision)


def test_lines_of_a_reply_in_a_dossier_merge_and_the_later_moment_stands() -> None:
    base = a_reply("бірінші\nекінші\nүшінші")
    mine, theirs = a_reply("бірінші!\nекінші\nүшінші", 2), a_reply("бірінші\nекінші\nүшінші!", 1)
    for one, other in ((mine, theirs), (theirs, mine)):
        merged = merge_records(base, one, other)
        assert merged.is_clean
        assert merged.record == a_reply("бірінші!\nекінші\nүшінші!", 2)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("бірінші\nмен\nүшінші", "бірінші\nол\nүшінші"),
        ("мен\nекінші\nүшінші", "бірінші\nол\nүшінші"),
        ("бірінші\nүшінші", "бірінші\nол\nүшінші"),
        ("бірінші\nекінші\nүшінші\nмен", "бірінші\nекінші\nүшінші\nол"),
    ],
    ids=["same line", "touching lines", "removed and rewritten", "both added at the end"],
)
def test_a_line_of_a_reply_that_both_changed_is_one_conflict_about_the_whole_text(mine: str, theirs: str) -> None:
    merged = merge_records(a_reply("бірінші\nекінші\nүшінші"), a_reply(mine, 2), a_reply(theirs, 1))
    (conflict,) = merged.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs) == ("text", mine, theirs)
    assert merged.record.text == mine, "one's own words stay in sight"


def test_what_was_decided_of_a_reply_joins_the_words_that_were_mended_meanwhile() -> None:
    merged = merge_records(a_reply("x"), a_reply("mended"), a_reply("x", decision="Түзетілді"))
    assert merged.is_clean
    assert merged.record == a_reply("mended", decision="Түзетілді")
