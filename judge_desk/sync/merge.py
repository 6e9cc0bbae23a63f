"""Three-way merge of what two sides wrote on one base: pure, by block, and never silent about a true conflict.

An operative part that both sides changed is never put together automatically, not even from different paragraphs: what
the court orders must have been read whole by somebody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any

from judge_desk.domain import findings, remarks
from judge_desk.domain.acts import ActText, Block, Part, PartKind

NEVER_MERGED = frozenset({PartKind.OPERATIVE, PartKind.WHOLE})


def _later(_base: Any, mine: Any, theirs: Any) -> Any:
    return max(each for each in (mine, theirs) if each is not None)


def _all_remarks(base: Any, mine: Any, theirs: Any) -> Any:
    return remarks.merged(base or (), mine, theirs)


def _all_overrides(base: Any, mine: Any, theirs: Any) -> Any:
    return findings.merged(base or (), mine, theirs)


def _first_pair(_base: Any, mine: Any, theirs: Any) -> Any:
    """Both desks began a twin: one of the two pairs stands, the same on either."""
    return min(filter(None, (mine, theirs)), default="")


_JOINED = {
    "changed_at": _later,
    "created_at": _later,
    "written_at": _later,
    "remarks": _all_remarks,
    "overrides": _all_overrides,
    "pair_id": _first_pair,
}
"""Fields of which both sides can always be kept."""
_MERGES = frozenset({"changed_by"})
"""Fields that name whoever puts the two together."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place where both sides wrote something else: a field, and within an act the block (empty: the whole part)."""

    field: str
    mine: Any
    theirs: Any
    part: str = ""
    block_id: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """``record`` holds what could be merged, and mine where it could not; it may be saved only without
    ``conflicts``."""

    record: Any
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.conflicts


def merge_records(base: Any | None, mine: Any | None, theirs: Any | None) -> Merged:
    """Merge two versions of one record (a frozen dataclass; None: not there, or deleted).

    A record that one side deleted and the other changed is a conflict; without a base every difference is one.
    """
    if theirs in (mine, base):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    if mine is None or theirs is None:
        return Merged(mine, (Conflict("", mine, theirs),))
    merged: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for each in fields(mine):
        before = None if base is None else getattr(base, each.name)
        value, found = _merge_value(each.name, before, getattr(mine, each.name), getattr(theirs, each.name))
        merged[each.name] = value
        conflicts.extend(found)
    return Merged(replace(mine, **merged), tuple(conflicts))


def _merge_value(name: str, base: Any, mine: Any, theirs: Any) -> tuple[Any, list[Conflict]]:
    if theirs in (mine, base) or name in _MERGES:
        return mine, []
    if mine == base:
        return theirs, []
    if (joined := _JOINED.get(name)) is not None:
        return joined(base, mine, theirs), []
    if isinstance(mine, ActText) and isinstance(theirs, ActText):
        return merge_acts(base if isinstance(base, ActText) else None, mine, theirs)
    if name == "text" and isinstance(base, str):
        return _merge_text(base, mine, theirs)
    return mine, [Conflict(name, mine, theirs)]


def _merge_text(base: str, mine: str, theirs: str) -> tuple[str, list[Conflict]]:
    """Plain text by lines; touching changes of both sides make the whole text a conflict."""
    lines = merge_sequences(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    if lines is None:
        return mine, [Conflict("text", mine, theirs)]
    return "\n".join(lines), []


def merge_acts(base: ActText | None, mine: ActText, theirs: ActText) -> tuple[ActText, list[Conflict]]:
    """Merge two versions of an act by part and block; conflicts keep mine in place and name theirs."""
    if base is None or (mine.language, mine.kind) != (theirs.language, theirs.kind):
        return mine, [Conflict("act", mine, theirs)]
    conflicts: list[Conflict] = []
    parts: list[Part] = []
    for kind in PartKind:
        versions = [act.part(kind) for act in (base, mine, theirs)]
        part, found = _merge_part(kind, *versions)
        conflicts.extend(found)
        if part is not None:
            parts.append(part)
    return replace(mine, parts=tuple(parts)), conflicts


def _merge_part(
    kind: PartKind, base: Part | None, mine: Part | None, theirs: Part | None
) -> tuple[Part | None, list[Conflict]]:
    if theirs in (mine, base):
        return mine, []
    if mine == base:
        return theirs, []
    if kind in NEVER_MERGED or mine is None or theirs is None or base is None:
        return mine, [Conflict("act", mine, theirs, part=kind)]
    order = merge_sequences(*([block.id for block in part.blocks] for part in (base, mine, theirs)))
    if order is None or len(set(order)) != len(order):
        return mine, [Conflict("act", mine, theirs, part=kind)]
    by_id = [{block.id: block for block in part.blocks} for part in (base, mine, theirs)]
    conflicts: list[Conflict] = []
    blocks: list[Block] = []
    for block_id in _with_edited_ones(order, *by_id):
        before, ours, other = (version.get(block_id) for version in by_id)
        block, conflict = _merge_block(kind, before, ours, other)
        conflicts.extend(conflict)
        if block is not None:
            blocks.append(block)
    return Part(kind=kind, blocks=tuple(blocks)), conflicts


def _with_edited_ones(
    order: list[str], base: dict[str, Block], mine: dict[str, Block], theirs: dict[str, Block]
) -> list[str]:
    """The merged order, and at its end those blocks that one side removed while the other rewrote them."""
    kept = set(order)
    torn = [
        each
        for each, block in base.items()
        if each not in kept
        and any(
            each in one and one[each] != block and each not in other for one, other in ((mine, theirs), (theirs, mine))
        )
    ]
    return order + torn


def _merge_block(
    part: PartKind, base: Block | None, mine: Block | None, theirs: Block | None
) -> tuple[Block | None, list[Conflict]]:
    if theirs in (mine, base):
        return mine, []
    if mine == base:
        return theirs, []
    block_id = next(block.id for block in (mine, theirs) if block is not None)
    return mine, [Conflict("act", mine, theirs, part=part, block_id=block_id)]


def merge_sequences(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """Classic diff3 over lists of strings; None where both sides changed the same or a touching stretch differently."""
    result: list[str] = []
    at = [0, 0, 0]
    for stable in _stable_stretches(base, mine, theirs):
        chunk = _merge_stretch(base[at[0] : stable[0]], mine[at[1] : stable[1]], theirs[at[2] : stable[2]])
        if chunk is None:
            return None
        result.extend(chunk)
        size = stable[3]
        result.extend(base[stable[0] : stable[0] + size])
        at = [start + size for start in stable[:3]]
    return result


def _merge_stretch(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    return None


def _stable_stretches(base: list[str], mine: list[str], theirs: list[str]) -> list[tuple[int, int, int, int]]:
    """(start in base, in mine, in theirs, length) of every stretch that all three share, in order; the end closes
    them."""
    into_mine, into_theirs = _matches(base, mine), _matches(base, theirs)
    stretches: list[tuple[int, int, int, int]] = []
    for at, (my_at, their_at) in enumerate(zip(into_mine, into_theirs, strict=True)):
        if my_at is None or their_at is None:
            continue
        if stretches:
            start, my_start, their_start, size = stretches[-1]
            if (start + size, my_start + size, their_start + size) == (at, my_at, their_at):
                stretches[-1] = (start, my_start, their_start, size + 1)
                continue
        stretches.append((at, my_at, their_at, 1))
    stretches.append((len(base), len(mine), len(theirs), 0))
    return stretches


def _matches(base: list[str], other: list[str]) -> list[int | None]:
    """For each item of ``base`` where it stands in ``other``, in one common order; None where it does not."""
    found: list[int | None] = [None] * len(base)
    for block in SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[block.a + step] = block.b + step
    return found
