"""An act as typed blocks with stable ids: the one form that editor, PDF, comparison, merge and signature work on.

A version of an act *is* the hash of its canonical JSON, so that form must never shift under old acts: keys are sorted,
nothing is padded, text is NFC, and a field that holds its default is left out. A later release may therefore add fields
with defaults, and every hash ever written still holds.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Any

from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.domain.ids import is_id, new_id

SCHEMA = 1

MOST_BLOCKS = 20_000
MOST_LETTERS = 5_000_000
MOST_BLOCK_LETTERS = 200_000
LONGEST_WORD = 1_000
MOST_COLUMNS = 12
MOST_ROWS = 5_000


class ActKind(StrEnum):
    """What sort of judicial act this is. `resources/glossary.toml` names each in three languages."""

    DECISION = "decision"
    RULING = "ruling"
    RESOLUTION = "resolution"
    VERDICT = "verdict"
    COURT_ORDER = "court_order"


class PartKind(StrEnum):
    """The parts of an act, in the order in which they may stand."""

    INTRODUCTORY = "introductory"
    DESCRIPTIVE = "descriptive"
    REASONING = "reasoning"
    DESCRIPTIVE_REASONING = "descriptive_reasoning"
    """A verdict states what happened and why the court believes it in one part."""
    OPERATIVE = "operative"
    WHOLE = "whole"
    """A court order has no parts."""


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    QUOTATION = "quotation"
    PLACE_LINE = "place_line"
    """Date, number and place across one line: one row, its cells spread from margin to margin."""
    SIGNATURE = "signature"
    """Office and name of who signs: rows of two or three cells, spread like a place line."""
    FOOTNOTE = "footnote"
    """A note; it stands right behind the block that bears its mark, and is printed at the foot of that page."""


class Mark(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"


class Align(StrEnum):
    """How the lines of a block stand. AUTO leaves it to the kind: text justified, headings centred."""

    AUTO = "auto"
    START = "start"
    CENTRE = "centre"
    END = "end"
    JUSTIFY = "justify"


class Numbering(StrEnum):
    """What stands before a list item; the number itself is counted when the act is shown, never typed."""

    DASH = "dash"
    DECIMAL = "decimal"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReference:
    """A place in the case file: a document, and a page of it counted from 1 (0 when the whole document is meant)."""

    document_id: str
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text of one appearance and one meaning.

    `field` names the fact of the case that the text was filled from, so that it can be refreshed; `blank` says that the
    fact was missing and the text is only the line to write on. `norm` is the cited provision, as in `cpc.226`.
    `note` makes the run the mark of a footnote, named by the id of its block; such a run has no text, because its
    number is counted when the act is shown.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    field: str = ""
    blank: bool = False
    norm: str = ""
    reference: CaseReference | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    runs: tuple[Run, ...] = ()
    align: Align = Align.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    cells: tuple[Cell, ...] = ()
    header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an act. `id` never changes while the block lives; merge, comparison and remarks hang on it.

    `level` is 1 to 3 for a heading and 1 to 3 for the depth of a list item. `widths` are the shares of a table's
    columns in per cent; empty means that the layout decides. `language` differs from the act's only for a passage
    in another language.
    """

    id: str
    kind: BlockKind = BlockKind.PARAGRAPH
    runs: tuple[Run, ...] = ()
    level: int = 1
    align: Align = Align.AUTO
    numbering: Numbering = Numbering.DASH
    restart: bool = False
    rows: tuple[Row, ...] = ()
    widths: tuple[int, ...] = ()
    language: Language | None = None

    @property
    def text(self) -> str:
        """The block's words: a table or a signature gives cells divided by tabs, a row to a line."""
        if self.rows:
            return "\n".join("\t".join(text_of(cell.runs) for cell in row.cells) for row in self.rows)
        return text_of(self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    kind: PartKind
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActText:
    """The whole text of an act. `template` is the id of the form that it was begun from, empty for a blank sheet."""

    language: Language
    kind: ActKind
    parts: tuple[Part, ...] = ()
    template: str = ""
    schema: int = SCHEMA

    def blocks(self) -> Iterator[Block]:
        for part in self.parts:
            yield from part.blocks

    def part(self, kind: PartKind) -> Part | None:
        return next((part for part in self.parts if part.kind is kind), None)

    def block(self, block_id: str) -> Block | None:
        return next((block for block in self.blocks() if block.id == block_id), None)


def new_block_id() -> str:
    """Name a block made by hand. Blocks of a template keep the template's names, the same in each language."""
    return new_id()


def text_of(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def runs_of(block: Block) -> Iterator[Run]:
    yield from block.runs
    for row in block.rows:
        for cell in row.cells:
            yield from cell.runs


def blanks(act: ActText) -> tuple[tuple[str, str], ...]:
    """List (block id, field) of every fact still to be filled in, in reading order."""
    return tuple((block.id, run.field) for block in act.blocks() for run in runs_of(block) if run.blank)


def markers(act: ActText) -> dict[str, str]:
    """What stands before each list item, by block id. A list ends at the first block that is no item and no note."""
    result: dict[str, str] = {}
    for part in act.parts:
        counts = [0, 0, 0]
        for block in part.blocks:
            if block.kind is BlockKind.FOOTNOTE:
                continue
            if block.kind is not BlockKind.LIST_ITEM:
                counts = [0, 0, 0]
                continue
            depth = min(max(block.level, 1), 3) - 1
            counts[depth] = 1 if block.restart else counts[depth] + 1
            counts[depth + 1 :] = [0] * (2 - depth)
            endings = {Numbering.DECIMAL: f"{counts[depth]}.", Numbering.BRACKET: f"{counts[depth]})"}
            result[block.id] = endings.get(block.numbering, "–")
    return result


def plain_text(act: ActText) -> str:
    """The act as text, a block to a line; list items carry their numbers. Search, lint and checks read this."""
    numbers = markers(act)
    lines = (f"{numbers[block.id]} {block.text}" if block.id in numbers else block.text for block in act.blocks())
    return "\n".join(lines)


def canonical(value: Any) -> Any:
    """Turn an act, or a piece of it, into plain lists and dictionaries, leaving out what holds its default."""
    if is_dataclass(value):
        return {
            field.name: canonical(getattr(value, field.name))
            for field in fields(value)
            if field.name == "schema" or getattr(value, field.name) != field.default
        }
    if isinstance(value, tuple):
        return [canonical(item) for item in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def canonical_json(act: ActText) -> bytes:
    """The bytes that are hashed and signed: sorted keys, no spaces, UTF-8, NFC, defaults left out."""
    return json.dumps(canonical(act), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def act_hash(act: ActText) -> str:
    """Name this very version of the text: SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical_json(act)).hexdigest()


def normalised(act: ActText, of_block: Callable[[Block], Block] | None = None) -> ActText:
    """The same act with NFC text, with neighbouring runs of one appearance and meaning joined, and each footnote
    behind the block that bears its mark; a mark without a note goes, and so does a note without a mark.

    ``of_block`` is ``normal_block``, or what remembers its answers."""
    parts = (replace(part, blocks=tuple(map(of_block or normal_block, part.blocks))) for part in act.parts)
    made = replace(act, parts=tuple(parts))
    has_notes = any(block.kind is BlockKind.FOOTNOTE or any(notes_in(block)) for block in made.blocks())
    return _with_notes_in_place(made) if has_notes else made


def notes_in(block: Block) -> Iterator[str]:
    """The ids of the notes whose marks a block bears, in the order of its text."""
    return (run.note for run in runs_of(block) if run.note)


def with_runs(block: Block, changed: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> Block:
    """The block with its text, and that of each of its cells, changed; in the order of reading."""
    rows = (tuple(replace(cell, runs=changed(cell.runs)) for cell in row.cells) for row in block.rows)
    made = tuple(replace(row, cells=cells) for row, cells in zip(block.rows, rows, strict=True))
    return replace(block, runs=changed(block.runs), rows=made)


def _with_notes_in_place(act: ActText) -> ActText:
    notes = {block.id: block for block in act.blocks() if block.kind is BlockKind.FOOTNOTE}
    parts: list[Part] = []
    for part in act.parts:
        blocks: list[Block] = []
        for block in (each for each in part.blocks if each.kind is not BlockKind.FOOTNOTE):
            # Each note is taken by its first mark: a second one would make two numbers of one note.
            found = {each: notes.pop(each) for each in notes_in(block) if each in notes}
            blocks += [_marked(block, set(found)), *(_marked(note, set()) for note in found.values())]
        parts.append(replace(part, blocks=tuple(blocks)))
    return replace(act, parts=tuple(parts))


def _marked(block: Block, left: set[str]) -> Block:
    """The block with the first mark of each note that is ``left``, and with no other."""

    def kept(runs: tuple[Run, ...]) -> Iterator[Run]:
        for run in runs:
            if not run.note or run.note in left:
                yield run
            left.discard(run.note)

    return with_runs(block, lambda runs: tuple(kept(runs))) if any(notes_in(block)) else block


def normal_block(block: Block) -> Block:
    if _are_normal(block.runs) and all(_are_normal(cell.runs) for row in block.rows for cell in row.cells):
        return block
    return with_runs(block, _normal_runs)


def _are_normal(runs: tuple[Run, ...]) -> bool:
    """Most runs are, and to see it costs a tenth of making them so."""
    before: tuple[object, ...] = ()
    for run in runs:
        if bool(run.text) is bool(run.note) or not unicodedata.is_normalized("NFC", run.text):
            return False
        if len(run.marks) > 1 and run.marks != _in_order(run.marks):
            return False
        if run.note and run != Run(text="", note=run.note):
            return False
        appearance = (run.marks, run.field, run.blank, run.norm, run.reference, run.note)
        if appearance == before:
            return False
        before = appearance
    return True


def _normal_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    joined = []
    for appearance, alike in groupby(runs, key=lambda run: replace(run, text="", marks=_in_order(run.marks))):
        if appearance.note:
            joined.append(Run(text="", note=appearance.note))
            continue
        text = unicodedata.normalize("NFC", "".join(run.text for run in alike))
        if text:
            joined.append(replace(appearance, text=text))
    return tuple(joined)


def _in_order(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in Mark if mark in marks)


def check_act(act: ActText, of_block: Callable[[Block], int] | None = None) -> None:
    """Refuse an act that could not be shown, compared or printed; raises BadInput that names the block. What the law
    asks for is not checked here. ``of_block`` is ``check_block``, or what remembers its answers."""
    if act.schema != SCHEMA:
        raise BadInput("acts.bad.schema", schema=act.schema)
    blocks = list(act.blocks())
    if len(blocks) > MOST_BLOCKS:
        raise BadInput("acts.bad.blocks", count=len(blocks), most=MOST_BLOCKS)
    seen: set[str] = set()
    letters = 0
    for block in blocks:
        if block.id in seen:
            raise BadInput("acts.bad.block_id", block=block.id[:64])
        seen.add(block.id)
        letters += (of_block or check_block)(block)
    if letters > MOST_LETTERS:
        raise BadInput("acts.bad.letters", count=letters, most=MOST_LETTERS)
    order = [list(PartKind).index(part.kind) for part in act.parts]
    if order != sorted(set(order)):
        raise BadInput("acts.bad.part_order", parts=", ".join(part.kind for part in act.parts))


def check_block(block: Block) -> int:
    """How many letters a block has; raises BadInput as ``check_act`` does."""
    if not is_id(block.id):
        raise BadInput("acts.bad.block_id", block=block.id[:64])
    if not 1 <= block.level <= 3:
        raise BadInput("acts.bad.level", block=block.id, level=block.level)
    if len(block.rows) > MOST_ROWS:
        raise BadInput("acts.bad.rows", block=block.id, count=len(block.rows), most=MOST_ROWS)
    columns = {len(row.cells) for row in block.rows}
    if columns and not 0 < max(columns) <= MOST_COLUMNS:
        raise BadInput("acts.bad.columns", block=block.id, count=max(columns), most=MOST_COLUMNS)
    if block.kind is BlockKind.TABLE and len(columns) != 1:
        raise BadInput("acts.bad.ragged", block=block.id)
    if block.widths and (len(block.widths) not in columns or min(block.widths) <= 0 or sum(block.widths) > 100):
        raise BadInput("acts.bad.widths", block=block.id)
    text = block.text
    _check_text(block, text)
    return len(text)


def _check_text(block: Block, text: str) -> None:
    if len(text) > MOST_BLOCK_LETTERS:
        raise BadInput("acts.bad.block_letters", block=block.id, count=len(text), most=MOST_BLOCK_LETTERS)
    word = max(map(len, text.split()), default=0)
    if word > LONGEST_WORD:
        raise BadInput("acts.bad.word", block=block.id, count=word, most=LONGEST_WORD)
    for letter in set("".join(run.text for run in runs_of(block)) if block.rows else text) - _LETTERS:
        if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") or letter == "\ufeff":
            raise BadInput("acts.bad.letter", block=block.id, letter=f"U+{ord(letter):04X}")
        _LETTERS.add(letter)


_LETTERS: set[str] = set()
"""Letters that were met and are ones: no more than Unicode has, and to look each up anew costs a third of a check."""
