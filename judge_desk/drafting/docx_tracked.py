"""What somebody changed in Word with changes tracked, as proposals for words of the text that was sent out.

A change is proposed for words that stand once in their block, so that it is found again after other edits; where the
changed words alone would be found twice, their neighbours are quoted with them. What cannot be placed so is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from judge_desk.domain.acts import ActText
from judge_desk.domain.remarks import LONGEST_WORDS
from judge_desk.drafting.docx_changes import LeftOut, LeftOutKind

_LAST_WORD = re.compile(r"\S*\s*$")
_FIRST_WORD = re.compile(r"\s*\S*")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one line: who added or removed it and when, and the numbers of the comments that are open on it.

    A line end that was added is a piece of its own.
    """

    text: str
    change: Change = Change.SAME
    author: str = ""
    at: datetime | None = None
    comments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TrackedLine:
    """A paragraph, or one of a table's cell, as it was and as it was to be."""

    block: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said in Word beside the text."""

    number: str
    text: str
    author: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A remark to be: ``proposal`` is what is to stand in the place of ``quote``; None is only a comment."""

    block: str
    quote: str
    author: str
    at: datetime | None
    text: str = ""
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """A change with what stands unchanged on either side of it on its line."""

    before: str
    pieces: tuple[Piece, ...]
    after: str

    def words(self, change: Change) -> str:
        return "".join(piece.text for piece in self.pieces if piece.change is change)


def suggested(
    lines: Sequence[TrackedLine], comments: Sequence[Comment], act: ActText
) -> tuple[tuple[Suggestion, ...], tuple[LeftOut, ...]]:
    """Proposals and comments for the act as it was before the changes, and those that have no place in it."""
    texts = {block.id: block.text for block in act.blocks()}
    made: list[Suggestion] = []
    lost: list[LeftOut] = []
    for line in lines:
        for group in _groups(line.pieces):
            found = _placed(line.block, group, texts.get(line.block, ""))
            if found is None:
                lost.append(_named(group))
            else:
                made.append(found)
    for comment in comments:
        where = next((line for line in lines if any(comment.number in each.comments for each in line.pieces)), None)
        if where is None or where.block not in texts:
            lost.append(LeftOut(kind=LeftOutKind.COMMENT, text=comment.text, author=comment.author))
            continue
        words = "".join(
            each.text for each in where.pieces if comment.number in each.comments and each.change is not Change.ADDED
        )
        quote = words.strip()[:LONGEST_WORDS]
        quote = quote if quote in texts[where.block] else ""
        made.append(Suggestion(block=where.block, quote=quote, author=comment.author, at=comment.at, text=comment.text))
    return tuple(made), tuple(lost)


def _groups(pieces: Sequence[Piece]) -> Iterator[_Group]:
    """Changes of one hand that touch each other are one."""
    joined = [
        (key, tuple(found))
        for key, found in groupby(pieces, key=lambda each: (each.change is Change.SAME, each.author))
    ]
    for at, ((is_same, _), found) in enumerate(joined):
        if not is_same and any(piece.text for piece in found):
            yield _Group(_beside(joined, at - 1), found, _beside(joined, at + 1))


def _beside(joined: list[tuple[tuple[bool, str], tuple[Piece, ...]]], at: int) -> str:
    if not 0 <= at < len(joined) or not joined[at][0][0]:
        return ""
    return "".join(piece.text for piece in joined[at][1])


def _placed(block: str, group: _Group, text: str) -> Suggestion | None:
    quote, proposal = group.words(Change.REMOVED), group.words(Change.ADDED)
    before, after = group.before, group.after
    while not quote.strip() or text.count(quote) != 1:
        more, rest = _LAST_WORD.findall(before)[0] if before else "", after
        if more and (len(before) <= len(after) or not after or not quote.strip()):
            before = before[: -len(more)]
            quote, proposal = more + quote, more + proposal
        elif rest:
            found = _FIRST_WORD.match(rest)
            more = found[0] if found else rest
            after = rest[len(more) :]
            quote, proposal = quote + more, proposal + more
        elif more:
            before = before[: -len(more)]
            quote, proposal = more + quote, more + proposal
        else:
            return None
    if max(len(quote), len(proposal)) > LONGEST_WORDS:
        return None
    first = group.pieces[0]
    return Suggestion(block=block, quote=quote, author=first.author, at=first.at, proposal=proposal)


def _named(group: _Group) -> LeftOut:
    removed, added = group.words(Change.REMOVED).strip(), group.words(Change.ADDED).strip()
    return LeftOut(
        kind=LeftOutKind.CHANGE,
        text=f"{removed or '—'} → {added or '—'}",
        author=group.pieces[0].author,
    )
