"""Drafts of acts: begun from a form, saved as they are typed, kept in versions, and made final.

A draft that changes its secrecy changes its scope, and so goes on under a new id: operations, grants and the hub's feed
of the old scope then never meet those of the new one, and nothing that was owed for a shared draft can carry a line of
what is written in the deliberation room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from judge_desk.domain.act_differences import ActDifferences, compare
from judge_desk.domain.acts import ActKind, ActText, blanks, check_act, normalised
from judge_desk.domain.cases import Case, Language
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft, DraftState, DraftVersion, Secrecy, VersionReason
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound, Sealed, Secret
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.permissions import may_write
from judge_desk.domain.scopes import Scope, case_scope, user_scope
from judge_desk.services import draft_rows, finalising
from judge_desk.services.context import DeskContext
from judge_desk.services.draft_forms import TemplateChoice, act_from, choices, field_names, form_title
from judge_desk.services.draft_rows import DraftRow
from judge_desk.store import drafts, records
from judge_desk.store.drafts import VersionHead
from judge_desk.store.unit_of_work import UnitOfWork
from judge_desk.sync.merge import merge_acts

VERSION_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWork:
    """A draft on the table. ``blanks``: (block id, field) still to be filled; ``fields`` names each in words."""

    draft: Draft
    case: Case | None
    blanks: tuple[tuple[str, str], ...]
    fields: dict[str, str]
    versions: int
    may_edit: bool
    may_finalise: bool
    is_sent: bool
    in_conflict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a save came to: ``act`` is the text now on disk. It differs from what was given where ``merged`` says that
    another desk's changes came in; ``clashed`` says that both wrote the same place: this desk's words stand, the other
    text is kept as a version."""

    act: ActText
    changes: Changes
    saved_at: datetime
    merged: bool = False
    clashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A draft that goes on under ``draft_id``. ``hub_copy``: the hub holds the old one until the next sync removes
    it."""

    draft_id: str
    changes: Changes
    hub_copy: bool = False


class DraftService:
    """Every save is on disk, encrypted, before the call returns."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def rows(self) -> list[DraftRow]:
        """Every draft on this desk, the last changed first; texts are not read."""
        with self._context.store.reading() as connection:
            return draft_rows.rows(connection, self._context.person.id)

    def open(self, draft_id: str) -> DraftWork:
        """A draft with its text; raises NotFound."""
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            rev, pending = drafts.standing(connection, draft_id)
            return DraftWork(
                draft=draft,
                case=records.find(connection, Kind.CASE, draft.case_id),
                blanks=blanks(draft.act),
                fields=field_names(draft.act, connection),
                versions=drafts.version_count(connection, draft_id),
                may_edit=self._may(connection, draft, replace(draft, title="?")),
                may_finalise=self._may(connection, draft, replace(draft, state=DraftState.FINAL)),
                is_sent=bool(rev) and not pending and draft.may_leave_desk,
                in_conflict=drafts.in_conflict(connection, draft_id),
            )

    def today(self) -> date:
        """The day on the court's wall, offered as the date of an act."""
        return self._context.clock.today()

    def now(self) -> datetime:
        """The moment (aware), offered as the name of a version."""
        return self._context.clock.now()

    def templates_for(self, case_id: str) -> list[TemplateChoice]:
        """Forms valid today for the case's proceedings, those in its language first; blank sheets close the list."""
        with self._context.store.reading() as connection:
            case: Case = records.get(connection, Kind.CASE, case_id)
            return choices(case, self._context.clock.today(), connection)

    def create(
        self, case_id: str, template_id: str, *, secrecy: Secrecy | None = None, title: str = ""
    ) -> tuple[str, Changes]:
        """Begin a draft filled from the case; gives its id. None: a judge's draft is OWN, a secretary's SHARED.

        Raises NotAllowed, NotFound.
        """
        context = self._context
        now = context.clock.now()
        with context.store.unit_of_work(context.person.id, "draft.create") as work:
            case: Case = records.get(work.connection, Kind.CASE, case_id)
            chosen = secrecy or self._usual_secrecy(work.connection)
            draft = Draft(
                id=new_id(),
                case_id=case_id,
                author_id=context.person.id,
                title=title.strip() or form_title(template_id, work.connection),
                template_id=template_id,
                act=act_from(context, work.connection, case, template_id),
                secrecy=chosen,
                created_at=now,
                changed_at=now,
            )
            self._write(work, None, draft)
        return draft.id, work.changes

    def save(self, draft_id: str, act: ActText, title: str = "", *, base: ActText | None = None) -> Saved:
        """Keep what was typed; the title stays where none is given.

        ``base`` is the text that the editing began from: where another desk's changes came in meanwhile they are
        merged, by block, instead of being written over. Raises BadInput, NotAllowed, NotFound, Sealed.
        """
        act = normalised(act)
        check_act(act)
        context = self._context
        now = context.clock.now()
        with context.store.unit_of_work(context.person.id, "draft.save") as work:
            before = self._unsealed(work, draft_id)
            clashed = False
            given = act
            if base is not None and before.act != base:
                act, conflicts = merge_acts(base, act, before.act)
                clashed = bool(conflicts)
                drafts.keep_version(work.connection, draft_id, before.act, reason=VersionReason.BEFORE_MERGE, at=now)
            draft = replace(before, act=act, title=title.strip() or before.title)
            if draft != before:
                self._keep_now_and_then(work.connection, before, now)
                self._write(work, before, replace(draft, changed_at=now))
        return Saved(act=act, changes=work.changes, saved_at=now, merged=act != given, clashed=clashed)

    def rename(self, draft_id: str, title: str) -> Changes:
        """Give a draft another title; raises NotAllowed, NotFound, Sealed."""
        return self.change(draft_id, "rename", lambda draft: replace(draft, title=title.strip() or draft.title))

    def set_state(self, draft_id: str, state: DraftState) -> Changes:
        """Lay a draft out for signature, or take it back to writing; ``finalise`` alone makes it FINAL."""
        if state is DraftState.FINAL:
            raise BadInput("drafts.state.final")
        return self.change(draft_id, "state", lambda draft: replace(draft, state=state))

    def change(self, draft_id: str, deed: str, changed: Callable[[Draft], Draft]) -> Changes:
        """Anything about a draft but its text, in one step; ``deed`` names it in the journal.

        Raises NotAllowed, NotFound, Sealed.
        """
        context = self._context
        with context.store.unit_of_work(context.person.id, f"draft.{deed}") as work:
            before = self._unsealed(work, draft_id)
            after = changed(before)
            if after != before:
                self._write(work, before, replace(after, changed_at=context.clock.now()))
        return work.changes

    def versions(self, draft_id: str) -> list[VersionHead]:
        """The kept versions, newest first, without their texts."""
        with self._context.store.reading() as connection:
            return drafts.versions(connection, draft_id)

    def version(self, version_id: str) -> DraftVersion:
        """One version; raises NotFound."""
        with self._context.store.reading() as connection:
            found = drafts.version(connection, version_id)
        if found is None:
            raise NotFound(kind="draft_version", id=version_id)
        return found

    def keep_version(self, draft_id: str, label: str = "") -> Changes:
        """Keep the text on disk as a version, under a name if one is given; raises NotFound."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "draft.version") as work:
            draft: Draft = records.get(work.connection, Kind.DRAFT, draft_id)
            now = context.clock.now()
            drafts.keep_version(
                work.connection, draft_id, draft.act, reason=VersionReason.NAMED, at=now, label=label.strip()
            )
            work.record(Kind.DRAFT, draft_id)
        return work.changes

    def restore(self, draft_id: str, version_id: str) -> Saved:
        """Take an older text back; the present one is kept as a version first."""
        version = self.version(version_id)
        if version.draft_id != draft_id:
            raise NotFound(kind="draft_version", id=version_id)
        context = self._context
        now = context.clock.now()
        with context.store.unit_of_work(context.person.id, "draft.restore") as work:
            before = self._unsealed(work, draft_id)
            drafts.keep_version(work.connection, draft_id, before.act, reason=VersionReason.RESTORE, at=now)
            self._write(work, before, replace(before, act=version.act, changed_at=now))
        return Saved(act=version.act, changes=work.changes, saved_at=now)

    def compare(self, older: ActText, newer: ActText) -> ActDifferences:
        """What differs, by block and word; run it in a task for long acts."""
        return compare(older, newer)

    def set_secrecy(self, draft_id: str, secrecy: Secrecy) -> Moved:
        """Move a draft between the author's desk, the case and the deliberation room. Raises NotAllowed, Sealed."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "draft.secrecy") as work:
            before = self._unsealed(work, draft_id)
            if before.secrecy is secrecy:
                return Moved(draft_id=draft_id, changes=work.changes)
            author = context.person.id if secrecy is not Secrecy.SHARED else before.author_id
            after = replace(before, id=new_id(), secrecy=secrecy, author_id=author, changed_at=context.clock.now())
            hub_copy = self._take_away(work, before)
            self._write(work, None, after)
            drafts.move_versions(work.connection, draft_id, after.id)
        return Moved(draft_id=after.id, changes=work.changes, hub_copy=hub_copy)

    def delete(self, draft_id: str) -> tuple[Draft, Changes]:
        """Remove a draft; its versions stay for ``put_back``. Raises NotAllowed, NotFound, Sealed (a final act)."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "draft.delete") as work:
            before = self._unsealed(work, draft_id)
            self._take_away(work, before)
        return before, work.changes

    def put_back(self, draft: Draft) -> tuple[str, Changes]:
        """Undo a delete: the draft goes on, with its versions, under a new id."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "draft.put_back") as work:
            again = replace(draft, id=new_id())
            self._write(work, None, again)
            drafts.move_versions(work.connection, draft.id, again.id)
        return again.id, work.changes

    def pdf(self, draft_id: str) -> bytes:
        """The act as PDF/A; a final act as it was signed. Raises Secret for a deliberation draft, NotFound."""
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            signed = finalising.final_pdf(self._context, connection, draft)
        if signed is not None:
            return signed
        if not draft.may_leave_desk:
            raise Secret
        return self.preview(draft.act, draft.changed_at)

    def preview(self, act: ActText, changed_at: datetime | None = None, *, is_draft: bool = True) -> bytes:
        """A text as its pages look, for this screen alone; run it in a task."""
        from judge_desk.drafting.pdf import meta_of, render_pdf

        court = self._context.court.names.get(act.language, "")
        return render_pdf(act, meta_of(act, changed_at or self._context.clock.now(), is_draft=is_draft, court=court))

    def finalise(self, draft_id: str, number: str, dated_on: date, corrects: str = "") -> Changes:
        """Close the text for good and lay the act into the case file; a judge alone may. ``corrects``: see finalising.

        Raises BadInput (no number, blanks left, letters that cannot be printed), NotAllowed, NotFound, Sealed,
        DiskFull.
        """
        context = self._context
        with context.store.unit_of_work(context.person.id, "draft.finalise") as work:
            before = self._unsealed(work, draft_id)
            if not self._may(work.connection, before, replace(before, state=DraftState.FINAL)):
                raise NotAllowed(kind=Kind.DRAFT.value)
            after = finalising.finalise(context, work, before, number, dated_on, corrects=corrects)
            self._write(work, before, after)
        return work.changes

    def _unsealed(self, work: UnitOfWork, draft_id: str) -> Draft:
        draft: Draft | None = work.get(Kind.DRAFT, draft_id)
        if draft is None:
            raise NotFound(kind=Kind.DRAFT.value, id=draft_id)
        if draft.state is DraftState.FINAL:
            raise Sealed
        return draft

    def _write(self, work: UnitOfWork, before: Draft | None, after: Draft) -> None:
        after = self._by_me(after)
        scope = _scope(after)
        self._context.authorise(work, Kind.DRAFT, scope, before and _judged(before), _judged(after))
        (work.put if after.may_leave_desk else work.keep)(Kind.DRAFT, scope, after)

    def _take_away(self, work: UnitOfWork, draft: Draft) -> bool:
        """Remove a draft here, and at the hub where it may have a copy; says whether it may."""
        self._context.authorise(work, Kind.DRAFT, _scope(draft), _judged(draft), None)
        drafts.strike_texts(work.connection, draft.id)
        if draft.may_leave_desk and drafts.was_offered(work.connection, draft.id):
            work.delete(Kind.DRAFT, _scope(draft), draft.id)
            return True
        drafts.strike_all(work.connection, draft.id)
        work.forget(Kind.DRAFT, draft.id)
        return False

    def _keep_now_and_then(self, connection: Connection, before: Draft, now: datetime) -> None:
        """The text as it stood before this save, once every few minutes of writing."""
        heads = drafts.versions(connection, before.id)
        since = heads[0].saved_at if heads else before.created_at
        if since is None or now - since >= VERSION_EVERY:
            drafts.keep_version(connection, before.id, before.act, reason=VersionReason.AUTOSAVE, at=now)

    def _usual_secrecy(self, connection: Connection) -> Secrecy:
        me, probe = user_scope(self._context.person.id), replace(_PROBE, author_id=self._context.person.id)
        actor = self._context.actor(connection, me)
        return Secrecy.OWN if may_write(actor, Kind.DRAFT, Scope.parse(me), None, probe) else Secrecy.SHARED

    def _may(self, connection: Connection, before: Draft, after: Draft) -> bool:
        scope = _scope(before)
        try:
            actor = self._context.actor(connection, scope)
        except NotAllowed:
            return False
        return may_write(actor, Kind.DRAFT, Scope.parse(scope), _judged(before), _judged(self._by_me(after)))

    def _by_me(self, draft: Draft) -> Draft:
        return replace(draft, changed_by=self._context.person.id)


def _scope(draft: Draft) -> str:
    return case_scope(draft.case_id) if draft.secrecy is Secrecy.SHARED else user_scope(draft.author_id)


def _judged(draft: Draft) -> Draft:
    """As the permission sees it: a deliberation draft is its author's own, and the hub is never asked about it."""
    return replace(draft, secrecy=Secrecy.OWN) if draft.secrecy is Secrecy.DELIBERATION else draft


_PROBE = Draft(
    id="probe",
    case_id="",
    author_id="",
    title="",
    template_id="",
    act=ActText(language=Language.KAZAKH, kind=ActKind.DECISION),
)
"""What a judge may write in the own scope and a secretary may not."""

__all__ = ["ActDifferences", "DraftRow", "DraftService", "DraftWork", "Moved", "Saved", "TemplateChoice", "VersionHead"]
