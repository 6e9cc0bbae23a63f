"""What differs between two texts of an act: block by block along the ids, and word by word inside a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from judge_desk.domain.acts import ActText, Block, PartKind

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 4_000
"""Words of a block that are compared one by one; a longer block is compared by what stands before and after."""


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The same words in another place of the act."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: SAME on both sides, REMOVED from the older text, or ADDED in the newer."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDifference:
    """One block of either text; ``older`` or ``newer`` is None where it does not stand there.

    ``pieces`` give the older text without ADDED ones and the newer without REMOVED ones. ``looks`` says that the words
    are the same and only marks, level or kind differ.
    """

    change: Change
    part: PartKind
    older: Block | None
    newer: Block | None
    pieces: tuple[Piece, ...]
    looks: bool = False


@dataclass(frozen=True, slots=True)
class ActDifferences:
    """All blocks of both texts in reading order."""

    blocks: tuple[BlockDifference, ...]

    @property
    def count(self) -> int:
        """How many blocks differ."""
        return sum(block.change is not Change.SAME for block in self.blocks)


def compare(older: ActText, newer: ActText) -> ActDifferences:
    """Compare two texts of one act. Blocks belong together by id; a new block stands where the newer text has it."""
    before, after = _placed(older), _placed(newer)
    ids_before, ids_after = list(before), list(after)
    found: list[BlockDifference] = []
    matcher = SequenceMatcher(None, ids_before, ids_after, autojunk=False)
    for tag, low, high, from_, to in matcher.get_opcodes():
        if tag == "equal":
            found.extend(_pair(before[each], after[each]) for each in ids_before[low:high])
            continue
        found.extend(_alone(*before[each], Change.REMOVED) for each in ids_before[low:high] if each not in after)
        for each in ids_after[from_:to]:
            if each in before:
                found.append(_pair(before[each], after[each], moved=True))
            else:
                found.append(_alone(*after[each], Change.ADDED))
    return ActDifferences(tuple(found))


def word_pieces(older: str, newer: str) -> tuple[Piece, ...]:
    """The words that two texts share, and those that only one has, in reading order; neighbours of a kind are
    joined."""
    if older == newer:
        return (Piece(Change.SAME, older),) if older else ()
    start = _shared_start(older, newer)
    end = _shared_start(older[start:][::-1], newer[start:][::-1])
    start, end = _to_words(older, newer, start, end)
    middle = _middle_pieces(older[start : len(older) - end], newer[start : len(newer) - end])
    pieces = [Piece(Change.SAME, older[:start]), *middle, Piece(Change.SAME, older[len(older) - end :] if end else "")]
    return tuple(_joined(pieces))


def _placed(act: ActText) -> dict[str, tuple[PartKind, Block]]:
    return {block.id: (part.kind, block) for part in act.parts for block in part.blocks}


def _pair(older: tuple[PartKind, Block], newer: tuple[PartKind, Block], moved: bool = False) -> BlockDifference:
    (part_before, before), (part, after) = older, newer
    change = Change.CHANGED
    if before == after:
        change = Change.MOVED if moved or part_before is not part else Change.SAME
    looks = change is Change.CHANGED and before.text == after.text
    pieces = word_pieces(before.text, after.text)
    return BlockDifference(change=change, part=part, older=before, newer=after, pieces=pieces, looks=looks)


def _alone(part: PartKind, block: Block, change: Change) -> BlockDifference:
    older, newer = (block, None) if change is Change.REMOVED else (None, block)
    pieces = (Piece(change, block.text),) if block.text else ()
    return BlockDifference(change=change, part=part, older=older, newer=newer, pieces=pieces)


def _shared_start(one: str, other: str) -> int:
    """How many letters two texts share from their beginning: by halves, because slices compare fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _to_words(older: str, newer: str, start: int, end: int) -> tuple[int, int]:
    """Draw the shared start and end back to where a word ends, so that half a word is never marked."""
    while start and _inside(older, newer, start):
        start -= 1
    while end and _inside(older[::-1], newer[::-1], end):
        end -= 1
    return start, end


def _inside(one: str, other: str, at: int) -> bool:
    return one[at - 1].isalnum() and any(text[at : at + 1].isalnum() for text in (one, other))


def _middle_pieces(older: str, newer: str) -> Iterator[Piece]:
    before, after = _TOKENS.findall(older), _TOKENS.findall(newer)
    if max(len(before), len(after)) > _MOST_TOKENS:
        yield Piece(Change.REMOVED, older)
        yield Piece(Change.ADDED, newer)
        return
    for tag, low, high, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.SAME, "".join(before[low:high]))
            continue
        yield Piece(Change.REMOVED, "".join(before[low:high]))
        yield Piece(Change.ADDED, "".join(after[from_:to]))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held is not None and held.change is piece.change:
            held = Piece(held.change, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
