"""Puts a record and its two versions into words: what is shown for a refusal or a conflict, passage by passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.acts import ActText, Block, Part, PartKind
from judge_desk.domain.cases import Stage
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.reviews import Answer
from judge_desk.i18n import formats
from judge_desk.services.attention import AttentionRow

FIELDS: Final = (
    *("text quote title subject stage outcome judge_name accepted_on heard_on decided_on starts_at minutes".split()),
    *("room purpose state prosecutor by_video due_on due_at extended_to done_on note kind dated_on number".split()),
    *("pinned general_comment decline_reason answers act decision source".split()),
)
"""The fields that have a name in the catalogs; others (ids, stamps) mean nothing to a reader."""

TEXTS: Final = frozenset({"text", "quote", "act", "note", "answers", "general_comment", "decline_reason"})
"""Fields that somebody writes; a time, a room or a state is no text."""

WORDS: Final[dict[type, str]] = {
    Stage: "stage",
    HearingState: "hearing",
    DraftState: "draft",
    DocumentKind: "document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One place in words: ``label`` names it, ``mine`` and ``hubs`` are the two texts (equal: nothing differs there).

    ``number`` is its place in ``AttentionRow.conflicts``, or -1. ``is_act``: set in the letters of an act.
    ``is_text``: words that somebody wrote, not a time or a room.
    """

    label: str
    mine: str
    hubs: str
    number: int = -1
    is_act: bool = False
    is_text: bool = True


def passages(row: AttentionRow) -> list[Passage]:
    """What a decision needs to be shown: the conflicts if there are any, else what differs, else the whole record."""
    if row.conflicts and row.mine is not None and row.hubs is not None:
        return [_of_conflict(number, each) for number, each in enumerate(row.conflicts)]
    return [
        Passage(label=label, mine=mine, hubs=hubs, is_act=field == "act", is_text=field in TEXTS)
        for label, mine, hubs, field in _pairs(row.mine, row.hubs)
        if mine != hubs
    ]


def whole_text(row: AttentionRow) -> str:
    """All of one's own words, to be copied."""
    return "\n\n".join(mine for _, mine, _, _ in _pairs(row.mine, None) if mine)


def has_text(row: AttentionRow) -> bool:
    """Whether anything of it was written by the judge: of a time or a room there is nothing to copy."""
    return (
        any(mine for _, mine, _, field in _pairs(row.mine, None) if field in TEXTS) if row.mine is not None else False
    )


def _of_conflict(number: int, conflict: Any) -> Passage:
    field = conflict.field
    label = t(f"word.part.{PartKind(conflict.part).value}") if conflict.part else t(f"sync.field.{field}")
    mine, hubs = (value_in_words(each) for each in (conflict.mine, conflict.theirs))
    label, is_text = _capital(label), field in TEXTS
    return Passage(label=label, mine=mine, hubs=hubs, number=number, is_act=field == "act", is_text=is_text)


def _pairs(mine: Any, hubs: Any) -> Iterator[tuple[str, str, str, str]]:
    """Label, the two sides in words, and the name of the field."""
    record = mine if mine is not None else hubs
    if isinstance(record, Draft):
        yield from _parts(mine, hubs)
    for each in fields(record) if record is not None else ():
        if each.name in FIELDS and each.name != "act":
            values = [None if one is None else getattr(one, each.name) for one in (mine, hubs)]
            # Of a record that only one side has, "pinned: no" tells nothing.
            told = ["" if None in values and value is False else value_in_words(value) for value in values]
            yield _capital(t(f"sync.field.{each.name}")), told[0], told[1], each.name


def _parts(mine: Draft | None, hubs: Draft | None) -> Iterator[tuple[str, str, str, str]]:
    for kind in PartKind:
        told = [value_in_words(one.act.part(kind)) if one is not None else "" for one in (mine, hubs)]
        if any(told):
            yield _capital(t(f"word.part.{kind.value}")), told[0], told[1], "act"


def value_in_words(value: Any) -> str:
    """Any field's value as a reader knows it; an empty text for nothing."""
    language = Wording.current().language
    told = "" if value is None else str(value)
    if isinstance(value, bool):
        told = t("common.yes" if value else "common.no")
    elif isinstance(value, datetime):
        told = formats.date_and_time(value, language)
    elif isinstance(value, date):
        told = formats.date_short(value, language)
    elif isinstance(value, StrEnum) and type(value) in WORDS:
        told = t(f"word.{WORDS[type(value)]}.{value.value}")
    elif isinstance(value, tuple):
        told = "\n".join(_answer(each) for each in value if isinstance(each, Answer))
    elif isinstance(value, ActText | Part | Block):
        told = _act_in_words(value)
    return told


def _act_in_words(value: ActText | Part | Block) -> str:
    if isinstance(value, Block):
        return value.text
    blocks = value.blocks() if isinstance(value, ActText) else value.blocks
    return "\n".join(each.text for each in blocks)


def _answer(answer: Answer) -> str:
    words = (str(answer.score or "—"), answer.comment, answer.evidence)
    return " · ".join(each for each in words if each)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
