"""The dossier as its judge sees it: every entry, the replies, who looked; and as the commission keeps it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import (
    DossierAccess,
    DossierEntry,
    DossierReply,
    DossierSection,
    ReplyKind,
)
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import dossier_scope
from judge_desk.services.context import DeskContext
from judge_desk.store import dossier, records

LONGEST_REPLY = 20_000


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply; ``is_sent`` once the hub has confirmed it."""

    reply: DossierReply
    is_sent: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    entry: DossierEntry
    replies: tuple[ReplyRow, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    section: DossierSection
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class DossierView:
    """One judge's whole dossier: every section, also the empty ones, in the order of the schema."""

    judge_id: str
    judge_name: str
    sections: tuple[SectionView, ...]
    accesses: tuple[DossierAccess, ...]
    may_reply: bool
    may_enter: bool

    @property
    def is_empty(self) -> bool:
        return not any(each.entries for each in self.sections)


class DossierService:
    """Reading and answering one's own dossier; a commission member reads and enters those it was granted."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def judges(self) -> list[tuple[str, str]]:
        """(id, name) of every judge whose dossier this desk may read."""
        with self._context.store.reading() as connection:
            ids = dossier.granted_judges(connection)
            people = records.by_ids(connection, Kind.PERSON, ids)
        return [(each, people[each].name if each in people else each) for each in ids]

    def view(self, judge_id: str | None = None) -> DossierView:
        """The dossier of ``judge_id``, one's own by default; raises NotAllowed without a grant."""
        wanted = judge_id or self._context.person.id
        with self._context.store.reading() as connection:
            actor = self._context.actor(connection, dossier_scope(wanted))
            judge = records.find(connection, Kind.PERSON, wanted)
            by_entry = self._replies(connection, wanted)
            by_section: dict[DossierSection, list[EntryRow]] = defaultdict(list)
            for entry in dossier.entries(connection, wanted):
                by_section[entry.section].append(EntryRow(entry, tuple(by_entry[entry.id])))
            accesses = tuple(dossier.accesses(connection, wanted))
        return DossierView(
            judge_id=wanted,
            judge_name=judge.full_name if judge else wanted,
            sections=tuple(SectionView(each, tuple(by_section[each])) for each in DossierSection),
            accesses=accesses,
            may_reply=wanted == self._context.person.id,
            may_enter=actor.role is Role.COMMISSION,
        )

    def _replies(self, connection: Connection, judge_id: str) -> dict[str, list[ReplyRow]]:
        unsent = dossier.unsent(connection, judge_id)
        by_entry: dict[str, list[ReplyRow]] = defaultdict(list)
        for reply in dossier.replies(connection, judge_id):
            by_entry[reply.entry_id].append(ReplyRow(reply, reply.id not in unsent))
        return by_entry

    def reply(self, entry_id: str, text: str, kind: ReplyKind = ReplyKind.REPLY) -> Changes:
        """Answer an entry of one's own dossier, or ask for its correction; raises BadInput for an empty text."""
        words = text.strip()
        if not words or len(words) > LONGEST_REPLY:
            raise BadInput("dossier.reply.length", most=LONGEST_REPLY)
        me = self._context.person.id
        written = DossierReply(
            id=new_id(), judge_id=me, entry_id=entry_id, kind=kind, text=words, written_at=self._context.clock.now()
        )
        with self._context.store.unit_of_work(me, "dossier.reply") as work:
            if work.get(Kind.DOSSIER_ENTRY, entry_id) is None:
                raise NotFound(kind=Kind.DOSSIER_ENTRY.value, id=entry_id)
            scope = dossier_scope(me)
            self._context.authorise(work, Kind.DOSSIER_REPLY, scope, None, written)
            work.put(Kind.DOSSIER_REPLY, scope, written)
        return work.changes

    def enter(self, entry: DossierEntry) -> Changes:
        """Add an entry as the commission; raises NotAllowed for everybody else."""
        with self._context.store.unit_of_work(self._context.person.id, "dossier.enter") as work:
            scope = dossier_scope(entry.judge_id)
            self._context.authorise(work, Kind.DOSSIER_ENTRY, scope, None, entry)
            work.put(Kind.DOSSIER_ENTRY, scope, entry)
        return work.changes
