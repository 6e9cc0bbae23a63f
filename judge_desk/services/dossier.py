"""The dossier as its judge sees it: every entry, the replies, who looked; and as the commission keeps it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.declarations import Declaration
from judge_desk.domain.dossier import (
    ChangeCause,
    DossierAccess,
    DossierEntry,
    DossierReply,
    DossierSection,
    ReplyKind,
)
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.guarantees import Guarantee, GuaranteeFault, fault
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import dossier_scope
from judge_desk.services.appeal_days import last_day
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier_chain import Chain, chain_of
from judge_desk.services.dossier_extract import Extract, render_extract, signed_extract
from judge_desk.services.law import rule_book
from judge_desk.services.signing_keys import SigningKey
from judge_desk.store import dossier, outbox, records, session_data
from judge_desk.store.tables import RECORD_TABLES

LONGEST_REPLY = 20_000
LONGEST_TITLE = 500
HALF_WRITTEN = "half_written_replies"
EXTRACT_PREFIX = "extract: "
"""Begins the purpose of a look that was an extract; the page says it in the reader's language."""


class Delivery(StrEnum):
    """Where one's own words are: the hub has them, they wait for the link, or the hub refused them."""

    SENT = "sent"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply, and whether the hub has it."""

    reply: DossierReply
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with the judge's replies, the oldest first. ``appeal_until``: the last day to ask for another panel, for
    a result of peer review that was not appealed against yet."""

    entry: DossierEntry
    replies: tuple[ReplyRow, ...]
    delivery: Delivery = Delivery.SENT
    appeal_until: date | None = None


@dataclass(frozen=True, slots=True)
class HalfWritten:
    """A reply that was begun and not sent; it never leaves this desk."""

    entry_id: str
    kind: ReplyKind
    text: str


@dataclass(frozen=True, slots=True)
class AppealsTold:
    """Acts changed on appeal by their cause, and how many of them count against their author."""

    by_cause: dict[ChangeCause, int]

    @property
    def changed(self) -> int:
        return sum(self.by_cause.values())

    @property
    def counted(self) -> int:
        """Only an error counts."""
        return self.by_cause[ChangeCause.ERROR]


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
    half_written: tuple[HalfWritten, ...] = ()
    chain: Chain | None = None

    @property
    def appeals(self) -> AppealsTold:
        causes = [each.entry.cause for section in self.sections for each in section.entries]
        return AppealsTold({cause: causes.count(cause) for cause in ChangeCause})

    def timeline(self) -> list[EntryRow]:
        """All entries, the newest first; those without a date by when they were entered."""
        rows = [each for section in self.sections for each in section.entries]
        return sorted(rows, key=lambda row: str(row.entry.from_on or row.entry.entered_at or ""), reverse=True)

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
        named = [(each, people[each].name if each in people else each) for each in ids]
        return sorted(named, key=lambda each: each[1])

    def fullest(self) -> str | None:
        """The judge with the most sections filled of those that this desk may read; None where it may read none."""
        with self._context.store.reading() as connection:
            filled = {
                each: len({entry.section for entry in dossier.entries(connection, each)})
                for each in dossier.granted_judges(connection)
            }
        return max(filled, key=lambda each: filled[each], default=None)

    def colleagues(self) -> list[tuple[str, str]]:
        """(id, name) of every other judge in the court's directory: a relative among them is told by the id."""
        with self._context.store.reading() as connection:
            people: list[Person] = records.where(connection, Kind.PERSON)
        me = self._context.person.id
        judges = [(each.id, each.name) for each in people if Role.JUDGE in each.roles and each.id != me]
        return sorted(judges, key=lambda each: each[1])

    def view(self, judge_id: str | None = None) -> DossierView:
        """The dossier of ``judge_id``, one's own by default; raises NotAllowed without a grant."""
        wanted = judge_id or self._context.person.id
        with self._context.store.reading() as connection:
            actor = self._context.actor(connection, dossier_scope(wanted))
            judge = records.find(connection, Kind.PERSON, wanted)
            by_entry = self._replies(connection, wanted)
            open_entries = _deliveries(connection, Kind.DOSSIER_ENTRY)
            by_section: dict[DossierSection, list[EntryRow]] = defaultdict(list)
            sealed_at = {each.id: each.at for each in dossier.seals(connection, wanted)}
            for entry in dossier.entries(connection, wanted):
                delivery = open_entries.get(entry.id, Delivery.SENT)
                own = tuple(by_entry[entry.id])
                until = self._appeal_until(entry, own, sealed_at.get(entry.id))
                by_section[entry.section].append(EntryRow(entry, own, delivery, until))
            accesses = tuple(dossier.accesses(connection, wanted))
            chain = chain_of(connection, wanted)
            half = session_data.get(connection, HALF_WRITTEN, list[HalfWritten]) or []
        return DossierView(
            judge_id=wanted,
            judge_name=judge.full_name if judge else wanted,
            sections=tuple(SectionView(each, tuple(by_section[each])) for each in DossierSection),
            accesses=accesses,
            may_reply=wanted == self._context.person.id,
            may_enter=actor.role is Role.COMMISSION,
            half_written=tuple(half) if wanted == self._context.person.id else (),
            chain=chain,
        )

    def keep_half_written(self, entry_id: str, kind: ReplyKind, text: str) -> None:
        """Keep a reply that is still being written, on this desk alone; an empty text forgets it."""
        with self._context.store.writing() as connection:
            kept = session_data.get(connection, HALF_WRITTEN, list[HalfWritten]) or []
            others = [each for each in kept if each.entry_id != entry_id]
            own = [HalfWritten(entry_id, kind, text)] if text.strip() else []
            if others + own != kept:
                session_data.put(connection, HALF_WRITTEN, others + own)

    def reply(self, entry_id: str, text: str, kind: ReplyKind = ReplyKind.REPLY) -> Changes:
        """Answer an entry of one's own dossier, ask for its correction, or appeal against a result of peer review.

        Raises BadInput for an empty text, NotFound for an entry of somebody else's, NotAllowed for an appeal against
        another entry, after the last day, or where one was written before.
        """
        words = _within(text)
        me = self._context.person.id
        if kind is ReplyKind.APPEAL:
            self._check_appeal(entry_id)
        written = DossierReply(
            id=new_id(), judge_id=me, entry_id=entry_id, kind=kind, text=words, written_at=self._context.clock.now()
        )
        with self._context.store.unit_of_work(me, "dossier.reply") as work:
            entry: DossierEntry | None = work.get(Kind.DOSSIER_ENTRY, entry_id)
            if entry is None or entry.judge_id != me:
                raise NotFound(kind=Kind.DOSSIER_ENTRY.value, id=entry_id)
            scope = dossier_scope(me)
            self._context.authorise(work, Kind.DOSSIER_REPLY, scope, None, written)
            work.put(Kind.DOSSIER_REPLY, scope, written)
        return work.changes

    def appeal(self, entry_id: str, text: str) -> Changes:
        """Ask for another panel against a result about oneself; raises as ``reply`` does."""
        return self.reply(entry_id, text, ReplyKind.APPEAL)

    def declare(self, declaration: Declaration, title: str, from_on: date | None = None, text: str = "") -> Changes:
        """Enter a declaration about oneself, holding from a day (today unless given); a later one takes its place."""
        me = self._context.person
        entry = replace(
            self.new_entry(me.id, DossierSection.DECLARATIONS, title),
            declaration=declaration,
            from_on=from_on or self._context.clock.today(),
            text=text.strip(),
        )
        return self.enter(entry)

    def look(self, judge_id: str, purpose: str) -> Changes:
        """Tell the judge what this dossier is read for; raises BadInput without a purpose. One's own needs none."""
        words = purpose.strip()
        me = self._context.person
        if judge_id == me.id:
            return Changes()
        if not words or len(words) > LONGEST_TITLE:
            raise BadInput("dossier.look.purpose")
        with self._context.store.unit_of_work(me.id, "dossier.look") as work:
            scope = dossier_scope(judge_id)
            access = DossierAccess(
                id=new_id(),
                judge_id=judge_id,
                reader_id=me.id,
                reader_name=me.name,
                reader_role=self._context.actor(work.connection, scope).role.value,
                purpose=words,
                at=self._context.clock.now(),
            )
            self._context.authorise(work, Kind.DOSSIER_ACCESS, scope, None, access)
            work.put(Kind.DOSSIER_ACCESS, scope, access)
        return work.changes

    def guarantee_fault(self, guarantee: Guarantee) -> GuaranteeFault | None:
        """Why an entry about a measure would be refused, or None; the hub asks the same."""
        return fault(guarantee, rule_book().guarantees)

    def decide(self, reply_id: str, decision: str) -> Changes:
        """Answer a judge's request as the commission; raises NotAllowed for everybody else."""
        words = _within(decision)
        with self._context.store.unit_of_work(self._context.person.id, "dossier.decide") as work:
            before: DossierReply | None = work.get(Kind.DOSSIER_REPLY, reply_id)
            if before is None:
                raise NotFound(kind=Kind.DOSSIER_REPLY.value, id=reply_id)
            after = replace(before, decision=words, decided_at=self._context.clock.now())
            scope = dossier_scope(before.judge_id)
            self._context.authorise(work, Kind.DOSSIER_REPLY, scope, before, after)
            work.put(Kind.DOSSIER_REPLY, scope, after)
        return work.changes

    def new_entry(self, judge_id: str, section: DossierSection, title: str) -> DossierEntry:
        """An unsaved entry by this person; fill it and give it to ``enter``."""
        return DossierEntry(id=new_id(), judge_id=judge_id, section=section, title=title)

    def enter(self, entry: DossierEntry) -> Changes:
        """Add an entry as the commission, or a declaration as the judge; raises NotAllowed for everybody else, BadInput
        for one without a title, with its dates reversed, or about a measure that another body allowed than the law of
        its day names. Who entered it and when is set here."""
        if not entry.title.strip() or len(entry.title) > LONGEST_TITLE:
            raise BadInput("dossier.enter.title", most=LONGEST_TITLE)
        if entry.from_on and entry.to_on and entry.to_on < entry.from_on:
            raise BadInput("dossier.enter.dates")
        if entry.guarantee is not None and (refused := self.guarantee_fault(entry.guarantee)) is not None:
            norm = refused.rule.norm if refused.rule else "—"
            raise BadInput("dossier.enter.authority", norm=norm)
        person = self._context.person
        entered = replace(
            entry, title=entry.title.strip(), entered_by=person.name, entered_at=self._context.clock.now()
        )
        with self._context.store.unit_of_work(person.id, "dossier.enter") as work:
            scope = dossier_scope(entry.judge_id)
            self._context.authorise(work, Kind.DOSSIER_ENTRY, scope, None, entered)
            work.put(Kind.DOSSIER_ENTRY, scope, entered)
        return work.changes

    def extract(self, judge_id: str, purpose: str, language: str, key: SigningKey | None = None) -> bytes:
        """The dossier printed as PDF/A in ``language``, signed if there is a ``key``.

        ``purpose`` stands on the first page and in the signature, and the judge reads in the own dossier who made an
        extract for what. Raises NotAllowed without a grant, BadInput without a purpose, SigningProblem.
        """
        if not purpose.strip():
            raise BadInput("dossier.print.purpose")
        view = self.view(judge_id)
        made = Extract(
            judge_name=view.judge_name,
            court=self._context.court.names.get(language, ""),
            made_by=self._context.person.name,
            made_at=self._context.clock.now(),
            purpose=purpose.strip(),
            sections=tuple(
                (each.section, tuple((row.entry, tuple(reply.reply for reply in row.replies)) for row in each.entries))
                for each in view.sections
            ),
            counted=(view.appeals.changed, view.appeals.counted),
        )
        pdf = render_extract(made, language)
        if key is not None:
            pdf = signed_extract(pdf, made, key, language)
        self.look(judge_id, f"{EXTRACT_PREFIX}{purpose.strip()}"[:LONGEST_TITLE])
        return pdf

    def _check_appeal(self, entry_id: str) -> None:
        rows = (row for part in self.view().sections for row in part.entries)
        row = next((each for each in rows if each.entry.id == entry_id), None)
        if row is None:
            raise NotFound(kind=Kind.DOSSIER_ENTRY.value, id=entry_id)
        if row.appeal_until is None:
            raise NotAllowed("dossier.appeal.late")

    def _appeal_until(
        self, entry: DossierEntry, replies: tuple[ReplyRow, ...], sealed_at: datetime | None
    ) -> date | None:
        """The last day to appeal, for a result of a campaign that nobody appealed against yet."""
        if any(each.reply.kind is ReplyKind.APPEAL for each in replies):
            return None
        return last_day(entry, sealed_at, self._context.clock.today())

    def _replies(self, connection: Connection, judge_id: str) -> dict[str, list[ReplyRow]]:
        undelivered = _deliveries(connection, Kind.DOSSIER_REPLY)
        by_entry: dict[str, list[ReplyRow]] = defaultdict(list)
        for reply in dossier.replies(connection, judge_id):
            by_entry[reply.entry_id].append(ReplyRow(reply, undelivered.get(reply.id, Delivery.SENT)))
        return by_entry


def _deliveries(connection: Connection, kind: Kind) -> dict[str, Delivery]:
    """The records of a kind that the hub has not taken."""
    table = RECORD_TABLES[kind]
    waiting = connection.execute(sa.select(table.c.id).where(table.c.pending > 0)).scalars()
    refused = outbox.refused_ids(connection, kind)
    return dict.fromkeys(refused, Delivery.REFUSED) | dict.fromkeys(waiting, Delivery.WAITING)


def _within(text: str) -> str:
    words = text.strip()
    if not words or len(words) > LONGEST_REPLY:
        raise BadInput("dossier.reply.length", most=LONGEST_REPLY)
    return words
