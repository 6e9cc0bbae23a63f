"""Signs final acts, many under one PIN, and stamps them with time when a link is there; nothing half-made is kept.

The draft and its file are closed already: a signature makes a further document that replaces the one before it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from judge_desk.domain.cases import Case, Language
from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import Document
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.errors import BadInput, KnownError, NotFound, StampUnreachable
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.drafting.facts import act_date
from judge_desk.i18n.translator import Translator
from judge_desk.services import finalising
from judge_desk.services.context import DeskContext
from judge_desk.services.signing_keys import KeyMeans, SigningKey, open_key, roots_of, tokens_of
from judge_desk.store import attachments_table, records, signed_acts
from judge_desk.store.signed_acts import Waiting
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from judge_desk.security.signatures.signer import SignerFacts as SignerFacts
    from judge_desk.security.signatures.verifying import Verdict as Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedAct:
    """One line of the list of what would be signed. ``is_here``: its file lies on this desk."""

    draft_id: str
    title: str
    case_number: str
    number: str
    dated_on: date | None
    language: Language
    is_here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningReport:
    """What came of a batch: ids of drafts. ``left`` were not signed, each for the reason ``problem``; what is in
    ``unstamped`` is signed and waits for its time stamp."""

    signed: tuple[str, ...]
    left: tuple[str, ...]
    unstamped: int
    changes: Changes
    problem: KnownError | None = None
    stamp_problem: KnownError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StampReport:
    """What came of a round over the queue."""

    stamped: int
    waiting: int
    changes: Changes
    problem: KnownError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StampAnswer:
    """What a time stamp server answered; ``server`` is the name in its certificate."""

    server: str
    made_at: datetime


_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


class SigningService:
    """Every act is signed whole in memory and filed in one transaction, before the next one is begun."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def unsigned(self, draft_id: str = "") -> list[UnsignedAct]:
        """The final acts of this person that are not signed yet, the oldest first; or the one that is named, which may
        be signed on paper already."""
        with self._context.store.reading() as connection:
            waiting = [each.id for each in signed_acts.unsigned_drafts(connection, self._context.person.id)]
            if draft_id:
                is_on_paper = signed_acts.signed_drafts(connection).get(draft_id) is not None
                waiting = [draft_id] if is_on_paper or draft_id in waiting else []
            drafts: dict[str, Draft] = records.by_ids(connection, Kind.DRAFT, waiting)
            return [self._line(connection, drafts[each]) for each in waiting]

    def signed(self) -> Mapping[str, date | None]:
        """The ids of all drafts whose act is signed, each with the day where that was done on paper alone."""
        with self._context.store.reading() as connection:
            return signed_acts.signed_drafts(connection)

    def is_signed(self, draft_id: str) -> bool:
        """Whether the act bears a signature."""
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            return any(each.is_signed for each in signed_acts.of_code(connection, draft.case_id, draft.code))

    def sign_on_paper(self, draft_ids: Sequence[str], on: date) -> SigningReport:
        """Note that these printed acts were signed by hand on that day: for good, like a signature, and all or none.

        Raises BadInput (a day that is to come, or before an act's own; see ``sign``), NotAllowed, NotFound.
        """
        context = self._context
        batch = self._batch(draft_ids)
        if on > context.clock.today():
            raise BadInput("signing.paper.future")
        if early := [draft for draft, _ in batch if draft.dated_on and on < draft.dated_on]:
            raise BadInput("signing.paper.early", title=early[0].title)
        with context.store.unit_of_work(context.person.id, "act.sign_on_paper") as work:
            for draft, before in batch:
                self._replace(work, draft, before, replace(before, id=new_id(), signed_on_paper=on))
        signed = tuple(draft.id for draft, _ in batch)
        return SigningReport(signed=signed, left=(), unstamped=0, changes=work.changes)

    def tokens(self, module: Path) -> list[str]:
        """Labels of the tokens that are plugged in; raises BadInput for a driver that cannot be loaded."""
        return tokens_of(module)

    def open_key(self, means: KeyMeans, pin: str) -> SigningKey:
        """Open a key; close it when the last act is signed. Raises BadInput, SigningProblem."""
        return open_key(means, pin, self._context.clock.now())

    def sign(
        self, draft_ids: Sequence[str], key: SigningKey, on_signed: Callable[[str], None] = lambda _id: None
    ) -> SigningReport:
        """Sign each act in order; ``on_signed`` is called with the id of each that is on disk.

        A token that is pulled out in the middle ends the batch: what was signed stays. Raises BadInput or NotFound
        before anything is signed, when one of them cannot be.
        """
        batch = self._batch(draft_ids)
        signed: list[str] = []
        changes = Changes()
        problem: KnownError | None = None
        stamping = _Stamping(self._context)
        try:
            for (draft, before), pdf in zip(batch, self._signed_files(batch, key), strict=True):
                changes |= self._file(draft, before, stamping.stamped(pdf), waits=stamping.has_failed)
                signed.append(draft.id)
                on_signed(draft.id)
        except KnownError as error:
            problem = error
        left = tuple(draft.id for draft, _ in batch if draft.id not in signed)
        return SigningReport(
            signed=tuple(signed),
            left=left,
            unstamped=stamping.failures,
            changes=changes,
            problem=problem,
            stamp_problem=stamping.problem,
        )

    def waiting(self) -> list[Waiting]:
        """Signed acts that still wait for their time stamp."""
        with self._context.store.reading() as connection:
            return signed_acts.waiting(connection)

    def stamp_waiting(self) -> StampReport:
        """Stamp what waits, as far as the server answers; call it when a link is back."""
        changes = Changes()
        stamped = 0
        stamping = _Stamping(self._context)
        if not self._context.outside.stamp_server:
            return StampReport(stamped=0, waiting=len(self.waiting()), changes=changes)
        for row in self.waiting():
            if isinstance(stamping.problem, StampUnreachable):
                break
            stamping.problem = None
            if (done := self._stamp_one(row, stamping)) is not None:
                changes |= done
                stamped += 1
        return StampReport(stamped=stamped, waiting=len(self.waiting()), changes=changes, problem=stamping.problem)

    def check_stamp(self, url: str) -> StampAnswer:
        """Ask a time stamp server for a stamp of nothing, and believe it only as one on an act would be. Raises
        BadInput for what is no address, StampUnreachable, StampRefused with the reason."""
        from judge_desk.security.signatures.time_stamps import ask_server

        if not _ADDRESS.fullmatch(url.strip()):
            raise BadInput("settings.stamp.address")
        facts = ask_server(url.strip(), roots_of(self._context.outside.trust), self._context.clock.now())
        return StampAnswer(server=facts.server, made_at=facts.made_at)

    def check_key(self, means: KeyMeans, pin: str) -> SignerFacts | None:
        """Open a key and close it again: whose it is and until when; None for NCALayer, which asks when it signs.
        Nothing is signed. Raises BadInput, SigningProblem."""
        with self.open_key(means, pin) as key:
            return key.signer.facts

    def verify(self, pdf: bytes) -> Verdict:
        """Whether a file is what was signed, and by whom; never raises for what the file holds."""
        from judge_desk.security.signatures.verifying import verify_pdf

        return verify_pdf(pdf, roots_of(self._context.outside.trust), self._context.clock.now())

    def _line(self, connection: Connection, draft: Draft) -> UnsignedAct:
        case: Case | None = records.find(connection, Kind.CASE, draft.case_id)
        return UnsignedAct(
            draft_id=draft.id,
            title=draft.title,
            case_number=case.number if case else "",
            number=draft.number,
            dated_on=draft.dated_on,
            language=draft.act.language,
            is_here=finalising.final_pdf(self._context, connection, draft) is not None,
        )

    def _batch(self, draft_ids: Sequence[str]) -> list[tuple[Draft, Document]]:
        """Each act with the document that its signature will replace."""
        found = []
        with self._context.store.reading() as connection:
            for draft_id in dict.fromkeys(draft_ids):
                draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
                if draft.state is not DraftState.FINAL:
                    raise BadInput("signing.not_final", title=draft.title)
                files = signed_acts.of_code(connection, draft.case_id, draft.code)
                if not files:
                    raise NotFound("signing.no_file", title=draft.title)
                if files[-1].is_signed:
                    raise BadInput("signing.already", title=draft.title)
                found.append((draft, files[-1]))
        return found

    def _signed_files(self, batch: Sequence[tuple[Draft, Document]], key: SigningKey) -> Iterator[bytes]:
        from judge_desk.security.signatures.signing import ToSign, sign_all

        at = self._context.clock.now()
        files = [
            ToSign(pdf=self._content(document), at=at, stamp=self._picture(draft, key)) for draft, document in batch
        ]
        yield from sign_all(files, key.signer)

    def _picture(self, draft: Draft, key: SigningKey) -> bytes:
        from judge_desk.drafting.signature_stamp import render_stamp

        words = Translator(draft.act.language)
        facts = key.signer.facts
        day = act_date(self._context.clock.today(), draft.act.language)
        lines = [words.text("signing.picture.title"), facts.name if facts else self._context.person.name, day]
        if facts is not None:
            lines.append(words.text("signing.picture.serial", serial=facts.serial))
        return render_stamp(lines)

    def _content(self, document: Document) -> bytes:
        with self._context.store.reading() as connection:
            row = attachments_table.find(connection, document.sha256)
        if row is None or not row.is_here or row.stored is None:
            raise NotFound("signing.no_file", title=document.title)
        return self._context.files.read_all(row.stored)

    def _file(self, draft: Draft, before: Document, pdf: bytes, *, waits: bool) -> Changes:
        """Lay a signed file into the case, in one transaction with its place in the queue for stamps."""
        context = self._context
        stored = context.files.write(io.BytesIO(pdf))
        now = context.clock.now()
        document = replace(before, id=new_id(), sha256=stored.sha256, size=stored.size, is_signed=True)
        with context.store.unit_of_work(context.person.id, "act.sign") as work:
            self._replace(work, draft, before, document)
            attachments_table.keep_own(work.connection, stored, now)
            queue = [row for row in signed_acts.waiting(work.connection) if row.document_id != before.id]
            if waits:
                queue.append(Waiting(document_id=document.id, since=now))
            signed_acts.keep_waiting(work.connection, queue)
        return work.changes

    def _replace(self, work: UnitOfWork, draft: Draft, before: Document, after: Document) -> None:
        """Lay a document in the place of the act's last one."""
        context = self._context
        now, me = context.clock.now(), context.person.id
        document = replace(after, replaces=before.id, filed_at=now, filed_by=me)
        scope = case_scope(before.case_id)
        context.authorise(work, Kind.DOCUMENT, scope, None, document)
        work.put(Kind.DOCUMENT, scope, document)
        work.record(Kind.DRAFT, draft.id)

    def _stamp_one(self, row: Waiting, stamping: _Stamping) -> Changes | None:
        column = RECORD_TABLES[Kind.DRAFT].c
        with self._context.store.reading() as connection:
            before: Document | None = records.find(connection, Kind.DOCUMENT, row.document_id)
            drafts = [] if before is None else records.where(connection, Kind.DRAFT, column.case_id == before.case_id)
        draft = next((each for each in drafts if before and each.code == before.code), None)
        if before is None or draft is None:
            self._note_try(row, None)
            return None
        failures = stamping.failures
        pdf = stamping.stamped(self._content(before))
        if stamping.failures > failures:
            self._note_try(row, stamping.problem)
            return None
        return self._file(draft, before, pdf, waits=False)

    def _note_try(self, row: Waiting, problem: KnownError | None) -> None:
        """Write down a failed try; a row whose act is gone leaves the queue."""
        with self._context.store.writing() as connection:
            tried = replace_waiting(row, self._context, problem)
            queue = [tried if each.document_id == row.document_id else each for each in signed_acts.waiting(connection)]
            signed_acts.keep_waiting(connection, [each for each in queue if each is not None])


def replace_waiting(row: Waiting, context: DeskContext, problem: KnownError | None) -> Waiting | None:
    """The row after a try that failed with ``problem``; None where there is nothing left to stamp."""
    if problem is None:
        return None
    return Waiting(document_id=row.document_id, since=row.since, tried_at=context.clock.now(), failure=problem.key)


class _Stamping:
    """Asks for stamps until the server is found away; then the rest of the batch waits without asking again."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context
        self.problem: KnownError | None = None
        self.failures = 0
        self.has_failed = False

    def stamped(self, pdf: bytes) -> bytes:
        """The file with its stamp, or as it was."""
        from judge_desk.security.signatures.long_term import StampPlace, lasting

        self.has_failed = True
        url = self._context.outside.stamp_server
        if not url:
            self.failures += 1
            return pdf
        if not isinstance(self.problem, StampUnreachable):
            try:
                place = StampPlace(url=url, roots=roots_of(self._context.outside.trust))
                made = lasting(pdf, place, self._context.clock.now())
            except KnownError as error:
                self.problem = error
            else:
                self.has_failed = False
                return made
        self.failures += 1
        return pdf
