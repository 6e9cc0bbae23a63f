"""Writes the demo court into a hub: at once what fills the pages, then the documents, those needed first first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import case_scope, court_scope, dossier_scope, review_scope, user_scope
from judge_desk.hub.blobs import BlobStore, blob_key
from judge_desk.hub.demo_court import colleagues, deadlines, desk_work, dossiers, drafts, sittings
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.dockets import dockets as draw_dockets
from judge_desk.hub.demo_court.filings import Filing, Paper, filings_of, paper
from judge_desk.hub.demo_court.pages import make_pdf
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.people import cast as draw_cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.scans import make_scan
from judge_desk.hub.registry import Item, Registry
from judge_desk.runtime.clock import COURT_ZONE

BATCH_DOCUMENTS = 50
Progress = Callable[[int, int], None]
"""Called with documents written so far and documents in all."""


@dataclass(frozen=True, slots=True)
class DemoCourt:
    """A court that stands. ``passwords`` by account name (judge, secretary, chair, reviewer, commission, it …)."""

    plan: SeedPlan
    cast: Cast
    dockets: tuple[Docket, ...]
    hearings: tuple[Hearing, ...]
    passwords: dict[str, str]


def seed(
    registry: Registry,
    blobs: BlobStore,
    plan: SeedPlan,
    progress: Progress = lambda done, total: None,
    cancel: Callable[[], bool] = lambda: False,
) -> DemoCourt:
    """`found`, then `file_documents`."""
    court = found(registry, plan)
    file_documents(registry, blobs, court, progress, cancel)
    return court


def found(registry: Registry, plan: SeedPlan, *, with_reviews: bool = True) -> DemoCourt:
    """People, cases, hearings, terms, notes, drafts, dossier and reviews; no documents yet. Takes seconds.

    The same plan again changes no record, but sets new passwords. ``with_reviews`` are loose ones, of no campaign.
    """
    cast = draw_cast(plan)
    dockets = tuple(draw_dockets(plan, cast))
    hearings = tuple(sittings.hearings(plan, list(dockets)))
    registry.add_court(cast.court)
    passwords = {user: secrets.token_urlsafe(12) for user in cast.members}
    for user, member in cast.members.items():
        registry.add_account(cast.court.id, user, passwords[user], member.person)
    registry.put_many(cast.court.id, case_items(plan, cast, dockets, hearings))
    registry.put_many(cast.court.id, person_items(plan, cast))
    if with_reviews:
        registry.put_many(cast.court.id, review_items(plan, cast))
    pool = colleagues.colleagues(plan, cast)
    registry.put_many(cast.court.id, colleagues.items(plan, cast, pool))
    registry.grant_many(cast.court.id, colleagues.rights(cast, pool))
    return DemoCourt(plan, cast, dockets, hearings, passwords)


def rebuilt(plan: SeedPlan) -> DemoCourt:
    """The court of a plan as `found` made it, without writing anything; for the process that files its documents."""
    cast = draw_cast(plan)
    dockets = tuple(draw_dockets(plan, cast))
    return DemoCourt(plan, cast, dockets, tuple(sittings.hearings(plan, list(dockets))), {})


def case_items(plan: SeedPlan, cast: Cast, dockets: tuple[Docket, ...], hearings: Iterable[Hearing]) -> Iterator[Item]:
    """All that lives in the scopes of the cases, but for documents."""
    for docket in dockets:
        yield case_scope(docket.case.id), Kind.CASE, docket.case.id, docket.case
    other = sittings.elsewhere(plan, list(dockets))
    for hearing in (*hearings, *([other] if other else [])):
        yield case_scope(hearing.case_id), Kind.HEARING, hearing.id, hearing
    for term in deadlines.terms(plan, list(dockets)):
        yield case_scope(term.case_id), Kind.TERM, term.id, term
    for note in desk_work.notes(plan, list(dockets)):
        own = note.reach is NoteReach.PRIVATE
        yield user_scope(note.author_id) if own else case_scope(note.case_id), Kind.NOTE, note.id, note
    for draft in drafts.drafts(plan, dockets, cast):
        own = draft.secrecy is Secrecy.OWN
        yield user_scope(draft.author_id) if own else case_scope(draft.case_id), Kind.DRAFT, draft.id, draft


def person_items(plan: SeedPlan, cast: Cast) -> Iterator[Item]:
    """The judge's dossier, and the court's own forms."""
    for form in drafts.court_forms(plan, cast):
        yield court_scope(cast.court.id), Kind.COURT_FORM, form.id, form
    scope = dossier_scope(cast.id_of("judge"))
    for entry in dossiers.entries(plan, cast):
        yield scope, Kind.DOSSIER_ENTRY, entry.id, entry
    for reply in dossiers.replies(plan, cast):
        yield scope, Kind.DOSSIER_REPLY, reply.id, reply
    for access in dossiers.accesses(plan, cast):
        yield scope, Kind.DOSSIER_ACCESS, access.id, access


def review_items(plan: SeedPlan, cast: Cast) -> Iterator[Item]:
    """Peer reviews to write, one of them begun."""
    assignments = dossiers.assignments(plan, cast)
    for assignment in assignments:
        yield review_scope(assignment.id), Kind.REVIEW_ASSIGNMENT, assignment.id, assignment
    half = dossiers.half_done(plan, assignments[0])
    yield review_scope(half.id), Kind.REVIEW, half.id, half


def file_documents(
    registry: Registry,
    blobs: BlobStore,
    court: DemoCourt,
    progress: Progress = lambda done, total: None,
    cancel: Callable[[], bool] = lambda: False,
) -> int:
    """Make the documents and write them in batches, whole cases at a time; gives how many were written.

    ``cancel`` is asked before each batch; what stands by then is complete, and a second call goes on.
    """
    court_id = court.cast.court.id
    files = [(docket, filings_of(court.plan, docket)) for docket in by_need(court)]
    if cancel():
        return 0
    done = _file_acts(registry, blobs, court)
    total = sum(len(filings) for _, filings in files) + done
    for batch in _batches(files):
        if cancel():
            break
        made = [each for docket, filings in batch for each in documents(court, docket, filings)]
        _file(registry, blobs, court_id, made)
        done += len(made)
        progress(done, total)
    return done


def _file_acts(registry: Registry, blobs: BlobStore, court: DemoCourt) -> int:
    """The acts that wait for a signature: each file first, then the draft that names it."""
    court_id = court.cast.court.id
    made = list(drafts.final_acts(court.plan, by_need(court), court.cast))
    _file(registry, blobs, court_id, [(document, content) for _, document, content in made])
    items = [(case_scope(draft.case_id), Kind.DRAFT, draft.id, draft) for draft, _, _ in made]
    registry.put_many(court_id, items)
    return len(made)


def _file(registry: Registry, blobs: BlobStore, court_id: str, made: Iterable[tuple[Document, bytes]]) -> None:
    """Bytes first, then the lines of the case files."""
    scoped = []
    for document, content in made:
        key = blob_key(court_id, document.sha256)
        if blobs.size(key) != document.size:
            blobs.put(key, [content])
        scoped.append((case_scope(document.case_id), document))
    registry.register_blobs(court_id, [(scope, each.sha256, each.size) for scope, each in scoped])
    registry.put_many(court_id, [(scope, Kind.DOCUMENT, each.id, each) for scope, each in scoped])


def by_need(court: DemoCourt) -> list[Docket]:
    """The cases in the order in which their files are wanted: by the next hearing, then the rest."""
    start = datetime.combine(court.plan.anchor, time(0), COURT_ZONE).astimezone(UTC)
    next_at: dict[str, datetime] = {}
    for hearing in sorted(court.hearings, key=lambda each: each.starts_at):
        if hearing.starts_at >= start:
            next_at.setdefault(hearing.case_id, hearing.starts_at)
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(court.dockets, key=lambda each: (next_at.get(each.case.id, last), each.serial))


def _batches(files: list[tuple[Docket, list[Filing]]]) -> Iterator[list[tuple[Docket, list[Filing]]]]:
    batch: list[tuple[Docket, list[Filing]]] = []
    for docket, filings in files:
        batch.append((docket, filings))
        if sum(len(each) for _, each in batch) >= BATCH_DOCUMENTS:
            yield batch
            batch = []
    if batch:
        yield batch


def documents(court: DemoCourt, docket: Docket, filings: Iterable[Filing]) -> Iterator[tuple[Document, bytes]]:
    """Index entry and bytes of each filing."""
    for filing in filings:
        words = paper(court.plan, docket, court.cast, filing)
        content, media_type, pages = _content(court.plan, docket, filing, words)
        at = datetime.combine(filing.dated_on, time(9 + filing.order % 9, filing.order % 60), COURT_ZONE)
        yield (
            Document(
                id=court.plan.id_of("document", docket.serial, filing.order),
                case_id=docket.case.id,
                kind=DocumentKind.RECEIPT if filing.key == "fee_scan" else DocumentKind(words.kind),
                title=words.title,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                media_type=media_type,
                pages=pages,
                order=filing.order,
                language=filing.language,
                dated_on=filing.dated_on,
                filed_at=at.astimezone(UTC),
                filed_by=words.filed_by,
            ),
            content,
        )


def _content(plan: SeedPlan, docket: Docket, filing: Filing, words: Paper) -> tuple[bytes, str, int]:
    if filing.key == "file_note":
        text = "\n\n".join(line.text.replace("|", "    ") for line in words.lines if line.text)
        return (text + "\n").encode(), "text/plain", 1
    if filing.key in ("photo", "fee_scan"):
        form = "jpeg" if filing.key == "photo" else "png"
        scan = make_scan(words, plan.stream("scan", docket.serial, filing.order), form)
        return scan, f"image/{form}", 1
    content, pages = make_pdf(words, filing.language, docket.case.number)
    return content, "application/pdf", pages
