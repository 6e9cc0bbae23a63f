"""What waits for the judge: refusals and conflicts, as a long list without texts and one by one with both of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActText, Block, Part, PartKind, Run
from judge_desk.domain.dossier import DossierReply
from judge_desk.domain.drafts import Draft
from judge_desk.domain.hearings import Hearing, clashes
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.domain.reviews import Review
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action
from judge_desk.store import bases, cases, hearings, outbox, people, records, settled
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OutboxState
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.sync.merge import NEVER_MERGED, Conflict, merge_records

HOPELESS = frozenset({Code.SEALED, Code.IMMUTABLE, Code.SECRET, Code.TOO_LARGE, Code.BAD_BODY})
"""Refusals that the same words would meet again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionRow:
    """An operation that waits for the judge. ``mine`` and ``hubs`` are records of ``kind`` (None: deleted or never
    there).

    ``title`` names the record from its own words. ``merged``: in a conflict, everything that could be merged, and mine
    where it could not. ``is_superseded``: a newer text of the same record is on its way.
    ``is_only_here``: this desk still shows the refused text, which the hub does not have. ``hubs_by``: the name of who
    wrote the hub's, where the record says so. ``taken_by``: the hearings here that a refused one meets, with the number
    of their case; empty too where the hub knows of one that this desk may not see.
    """

    mid: int
    kind: Kind
    record_id: str
    case_id: str
    case_number: str
    title: str
    state: OutboxState
    code: str
    made_at: datetime
    mine: Any
    hubs: Any
    conflicts: tuple[Conflict, ...]
    merged: Any = None
    is_superseded: bool = False
    is_only_here: bool = False
    hubs_by: str = ""
    taken_by: tuple[tuple[Hearing, str], ...] = ()

    @property
    def may_send_again(self) -> bool:
        """Whether sending the same words on top of the hub's copy can come to another end."""
        return self.mine is not None and not self.is_superseded and self.code not in HOPELESS

    @property
    def wants_other_time(self) -> bool:
        """Whether a hearing came to a taken time or room: it can go again to another one."""
        return isinstance(self.mine, Hearing) and self.code == Code.DOUBLE_BOOKING and self.may_send_again

    @property
    def touches_operative(self) -> bool:
        """Whether both sides changed what the court orders."""
        return any(each.part in NEVER_MERGED for each in self.conflicts)

    @property
    def may_keep_both(self) -> bool:
        """Texts of one's own can stand side by side; facts of the registry cannot. Of a reply in a dossier the judge's
        words can, what was decided about it cannot."""
        if self.mine is None or self.hubs is None:
            return False
        if isinstance(self.mine, DossierReply):
            return any(each.field == "text" for each in self.conflicts)
        return isinstance(self.mine, Draft | Note)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionLine:
    """An ``AttentionRow`` without its texts: cheap, for there may be a thousand. ``deleted``: where ("", "here",
    "there")."""

    mid: int
    kind: Kind
    title: str
    case_number: str
    state: OutboxState
    code: str
    made_at: datetime
    deleted: str


class _Peek(msgspec.Struct):
    """The little of a body that a line of the list shows."""

    id: str = ""
    title: str = ""
    act_title: str = ""
    case_id: str = ""
    entry_id: str = ""


_peeks = msgspec.json.Decoder(_Peek)


def attention_lines(connection: Connection) -> list[AttentionLine]:
    """Everything that waits for a decision, newest first; nothing is compared for it."""
    waiting: list[Any] = list(outbox.needing_attention(connection))
    peeks = [_peeks.decode(_some(each.body, each.hub_body)) for each in waiting]
    case_ids = [_case_of(Kind(each.kind), peek) for each, peek in zip(waiting, peeks, strict=True)]
    cases = _named(connection, Kind.CASE, case_ids)
    entries = _named(connection, Kind.DOSSIER_ENTRY, (each.entry_id for each in peeks))
    lines: list[AttentionLine] = []
    for each, peek, case_id in zip(waiting, peeks, case_ids, strict=True):
        number, case_title = cases.get(case_id, ("", ""))
        title = peek.title or peek.act_title or entries.get(peek.entry_id, ("", ""))[1]
        gone = "here" if each.action == Action.DELETE else "there" if each.hub_body == NONE else ""
        lines.append(
            AttentionLine(
                mid=each.mid,
                kind=Kind(each.kind),
                title=title or case_title,
                case_number=number,
                state=OutboxState(each.state),
                code=each.code,
                made_at=datetime.fromisoformat(each.made_at),
                deleted=gone if each.state == OutboxState.CONFLICT else "",
            )
        )
    return lines


def _some(*bodies: str) -> str:
    return next((each for each in bodies if each != NONE), "{}")


def _case_of(kind: Kind, peek: _Peek) -> str:
    return peek.id if kind is Kind.CASE else peek.case_id


def _named(connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Number (of a case) and title by id."""
    table = RECORD_TABLES[kind].c
    wanted = sorted({each for each in ids if each})
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        if kind is Kind.CASE:
            query = sa.select(table.id, table.number, table.title).where(table.id.in_(part))
            found |= {row.id: (row.number or "", row.title or "") for row in connection.execute(query)}
        else:
            found |= {each.id: ("", each.title) for each in records.by_ids(connection, kind, part).values()}
    return found


def resolved(row: AttentionRow, take_hubs: frozenset[int], edited: Mapping[int, str] | None = None) -> Any:
    """The record with each conflict decided: the hub's side for the numbers in ``take_hubs``, a text of the judge's own
    for those in ``edited``, mine for the rest, and everything else merged. Only where both records are there."""
    record: Any = row.merged
    texts = edited or {}
    for number, each in enumerate(row.conflicts):
        if number in texts:
            record = replace(record, **{each.field: _with_text(record, each, texts[number])})
        elif number in take_hubs:
            value = _act_with(record.act, each, each.theirs) if _is_of_act(each) else each.theirs
            record = replace(record, **{each.field: value})
    return record


def may_be_written(conflict: Conflict) -> bool:
    """Whether a passage can be decided by writing a third text."""
    return _is_of_act(conflict) or isinstance(conflict.mine, str)


def _is_of_act(conflict: Conflict) -> bool:
    return isinstance(conflict.mine, Part | Block) or isinstance(conflict.theirs, Part | Block)


def _with_text(record: Any, conflict: Conflict, text: str) -> Any:
    if not _is_of_act(conflict):
        return text
    known = [*_blocks_of(conflict.mine), *_blocks_of(conflict.theirs)]
    if conflict.block_id:
        model = known[0]
        # Words written anew keep the footnotes of the passage, behind them.
        marks = tuple(run for run in model.runs if run.note)
        return _act_with(record.act, conflict, replace(model, runs=(Run(text=text), *marks)))
    part = Part(kind=PartKind(conflict.part), blocks=tuple(_written(text, known)))
    return _act_with(record.act, conflict, part)


def _blocks_of(value: Part | Block | None) -> tuple[Block, ...]:
    if value is None:
        return ()
    return value.blocks if isinstance(value, Part) else (value,)


def _written(text: str, known: list[Block]) -> list[Block]:
    """A block for each line; a line that one of the sides has, word for word, stays the block that it is."""
    left = {each.text: each for each in reversed(known)}
    blocks: list[Block] = []
    for line in text.split("\n"):
        kept = left.pop(line, None)
        blocks.append(kept or Block(id=new_id(), runs=(Run(text=line),)))
    return blocks


def _act_with(act: ActText, conflict: Conflict, value: Part | Block | None) -> ActText:
    """The act with one conflict decided for ``value``."""
    kind = PartKind(conflict.part)
    parts = {each.kind: each for each in act.parts}
    part = parts.pop(kind, None)
    if isinstance(value, Part):
        parts[kind] = value
    elif conflict.block_id:
        assert part is not None, "a block in conflict lies in a part that both sides have"
        kept = [value if each.id == conflict.block_id else each for each in part.blocks]
        kept += [value] if conflict.mine is None else []
        parts[kind] = replace(part, blocks=tuple(each for each in kept if each is not None))
    return replace(act, parts=tuple(parts[each] for each in PartKind if each in parts))


def attention_row(connection: Connection, operation: Any) -> AttentionRow:
    kind = Kind(operation.kind)
    here = settled.row_body(connection, kind, operation.record_id)
    in_conflict = operation.state == OutboxState.CONFLICT
    base_body = bases.base_of(connection, kind, operation.record_id)[1]
    hub_body = settled.hub_copy(connection, operation).body
    base, mine, hubs = (
        None if body == NONE else codec.decode(kind, body)
        for body in (base_body, here if in_conflict else operation.body, hub_body)
    )
    merged = merge_records(base, mine, hubs) if in_conflict else None
    record = mine or hubs
    case_id = str(getattr(record, "case_id", "")) or (record.id if kind is Kind.CASE and record else "")
    case = records.find(connection, Kind.CASE, case_id) if case_id else None
    return AttentionRow(
        mid=operation.mid,
        kind=kind,
        record_id=operation.record_id,
        case_id=case_id,
        case_number="" if case is None else case.number,
        title=_title(connection, record) or ("" if case is None else case.title),
        state=OutboxState(operation.state),
        code=operation.code,
        made_at=datetime.fromisoformat(operation.made_at),
        mine=mine,
        hubs=hubs,
        merged=None if merged is None else merged.record,
        conflicts=() if merged is None else merged.conflicts,
        is_superseded=not in_conflict and outbox.has_open(connection, kind, operation.record_id),
        is_only_here=not in_conflict and here not in (NONE, hub_body),
        hubs_by=_writer(connection, hubs),
        taken_by=_taken_by(connection, mine) if operation.code == Code.DOUBLE_BOOKING else (),
    )


def _writer(connection: Connection, record: Any | None) -> str:
    person_id = getattr(record, "changed_by", "")
    return people.names(connection, [person_id]).get(person_id, "")


def _taken_by(connection: Connection, refused: Any) -> tuple[tuple[Hearing, str], ...]:
    if not isinstance(refused, Hearing):
        return ()
    met = [each for each in hearings.beside(connection, refused) if clashes(refused, each)]
    titles = cases.titles(connection, (each.case_id for each in met))
    return tuple((each, titles[each.case_id].number) for each in met if each.case_id in titles)


def _title(connection: Connection, record: Any | None) -> str:
    """What the record calls itself, or what it is about."""
    if isinstance(record, DossierReply):
        record = records.find(connection, Kind.DOSSIER_ENTRY, record.entry_id)
    if isinstance(record, Review):
        record = records.find(connection, Kind.REVIEW_ASSIGNMENT, record.assignment_id)
    return str(getattr(record, "title", "") or getattr(record, "act_title", ""))
