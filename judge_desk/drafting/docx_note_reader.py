"""The notes of a Word file: which of them the text refers to, and which are left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from judge_desk.domain.acts import Block, Run, notes_in, with_runs
from judge_desk.drafting.docx_changes import LeftOut, LeftOutKind
from judge_desk.drafting.docx_runs import W, attribute
from judge_desk.drafting.foreign_text import cleaned

Notes = tuple[tuple[str, Any], ...]
_KINDS = {"footnotes": LeftOutKind.FOOTNOTE, "endnotes": LeftOutKind.FOOTNOTE, "comments": LeftOutKind.COMMENT}


class NoteReader:
    """Until a note's own block is known, marks bear its kind and number in the file."""

    def __init__(self, parts: Notes) -> None:
        self._elements = {f"{kind}.{attribute(note, 'id')}": note for kind, root in parts for note in root}
        self._met: list[str] = []
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()

    def name(self, kind: str, number: str) -> str:
        """What a mark is called; "" where the file has no such note, or another mark took it."""
        name = f"{kind}.{number}"
        if name not in self._elements or name in self._taken:
            return ""
        self._taken.add(name)
        self._met.append(name)
        return name

    def met(self) -> Iterator[tuple[str, Any]]:
        """(name, element) of the notes whose marks were read since the last call."""
        met, self._met = self._met, []
        return ((name, self._elements[name]) for name in met)

    def call(self, name: str, block_id: str) -> None:
        """The note's block has this id."""
        self._ids[name] = block_id

    def renamed(self, block: Block) -> Block:
        """The block with its marks under the ids of their notes."""
        if not any(notes_in(block)):
            return block
        return with_runs(
            block, lambda runs: tuple(replace(run, note=self._ids.get(run.note, run.note)) for run in runs)
        )

    def left_out(self, parts: Notes) -> Iterator[LeftOut]:
        """Comments, and notes that no mark in the text leads to."""
        for kind, root in parts:
            for note in root:
                text = cleaned("".join(each.text or "" for each in note.iter(f"{W}t"))).strip()
                if text and f"{kind}.{attribute(note, 'id')}" not in self._taken:
                    yield LeftOut(kind=_KINDS[kind], text=text, author=attribute(note, "author"))


def trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Without the space that Word puts between a note's number and its words."""
    found = list(runs)
    while found and not found[0].text.strip() and not found[0].note:
        del found[0]
    if found:
        found[0] = replace(found[0], text=found[0].text.lstrip())
    while found and not found[-1].text.strip() and not found[-1].note:
        del found[-1]
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)
