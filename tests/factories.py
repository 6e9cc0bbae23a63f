"""Builders of values for tests: records with sensible defaults, and a desk over a real encrypted store."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from judge_desk.domain.acts import ActKind, ActText
from judge_desk.domain.cases import Case, Language, Party, PartyRole, Procedure
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.drafts import Draft
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Court, Person, Role
from judge_desk.domain.reviews import Anchor, Criterion, ReviewAssignment, ReviewForm
from judge_desk.domain.scopes import case_scope, court_scope, dossier_scope, user_scope
from judge_desk.domain.terms import Term
from judge_desk.protocol import codec
from judge_desk.runtime.clock import Clock, FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.store import attachments_table, bodies, outbox, search, settled
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.columns import columns_of
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.tables import outbox as outbox_table
from judge_desk.store.tables import scope as scope_table
from judge_desk.store.unit_of_work import INDEXED, Store

STORE_KEY = bytes(range(32))
JUDGE_ID = "judge-1"
COURT_ID = "court-1"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""09:00 on Monday, 23 November 2026, on the court's wall."""
_numbers = itertools.count(1)


def a_court(**values: Any) -> Court:
    return Court(
        **{
            "id": COURT_ID,
            "code": "7140",
            "names": {"kk": "Аудандық сот", "ru": "Районный суд", "en": "District court"},
            "places": {"kk": "Қызылту", "ru": "Кызылту", "en": "Kyzyltu"},
            "appeal_courts": {"kk": "Облыстық сот", "ru": "Областной суд", "en": "Regional court"},
            **values,
        }
    )


def a_person(role: Role = Role.JUDGE, **values: Any) -> Person:
    return Person(
        **{
            "id": JUDGE_ID,
            "court_id": COURT_ID,
            "name": "Ахметова Г. С.",
            "full_name": "Ахметова Гүлнар Сериковна",
            "roles": (role,),
            **values,
        }
    )


def a_case(**values: Any) -> Case:
    number = next(_numbers)
    return Case(
        **{
            "id": f"case-{number}",
            "court_id": COURT_ID,
            "number": f"7140-26-00-2/{number}",
            "title": "О взыскании долга",
            "procedure": Procedure.CIVIL,
            "language": Language.RUSSIAN,
            "judge_id": JUDGE_ID,
            "received_on": date(2026, 10, 1),
            **values,
        }
    )


def a_party(name: str, role: PartyRole = PartyRole.CLAIMANT, **values: Any) -> Party:
    return Party(**{"id": f"party-{next(_numbers)}", "role": role, "name": name, **values})


def a_document(case_id: str, content: bytes = b"text", **values: Any) -> Document:
    number = next(_numbers)
    return Document(
        **{
            "id": f"document-{number}",
            "case_id": case_id,
            "kind": DocumentKind.CLAIM,
            "title": "Исковое заявление",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "media_type": "text/plain",
            "order": number,
            **values,
        }
    )


def a_hearing(case_id: str, starts_at: datetime = NOW, **values: Any) -> Hearing:
    return Hearing(
        **{
            "id": f"hearing-{next(_numbers)}",
            "case_id": case_id,
            "starts_at": starts_at,
            "minutes": 60,
            "room": "Зал 2",
            "judge_id": JUDGE_ID,
            **values,
        }
    )


def a_term(case_id: str, **values: Any) -> Term:
    return Term(**{"id": f"term-{next(_numbers)}", "case_id": case_id, "title": "Представить отзыв", **values})


def a_note(case_id: str, **values: Any) -> Note:
    return Note(
        **{
            "id": f"note-{next(_numbers)}",
            "case_id": case_id,
            "author_id": JUDGE_ID,
            "reach": NoteReach.PRIVATE,
            "text": "Проверить подпись",
            **values,
        }
    )


def a_draft(case_id: str, **values: Any) -> Draft:
    return Draft(
        **{
            "id": f"draft-{next(_numbers)}",
            "case_id": case_id,
            "author_id": JUDGE_ID,
            "title": "Решение",
            "template_id": "civil.decision",
            "act": ActText(language=Language.RUSSIAN, kind=ActKind.DECISION),
            **values,
        }
    )


def a_review_assignment(**values: Any) -> ReviewAssignment:
    form = ReviewForm(id="form", version=1, names={}, low=1, high=5, comment_at=(1, 5), criteria=())
    return ReviewAssignment(
        **{
            "id": f"review-{next(_numbers)}",
            "reviewer_id": JUDGE_ID,
            "campaign": "2026",
            "act_title": "Решение по гражданскому делу",
            "act_text": "…",
            "act_language": "ru",
            "form": form,
            "due_on": date(2026, 12, 1),
            **values,
        }
    )


def a_review_form(criteria: int = 3) -> ReviewForm:
    """Scores from 1 to 5; 1 and 5 must be explained."""
    languages = ("kk", "ru", "en")
    return ReviewForm(
        id="form",
        version=1,
        names=dict.fromkeys(languages, "Form"),
        low=1,
        high=5,
        comment_at=(1, 5),
        criteria=tuple(
            Criterion(
                id=f"criterion-{number}",
                names={language: f"Criterion {number} {language}" for language in languages},
                questions={language: f"Question {number} {language}?" for language in languages},
                anchors=tuple(
                    Anchor(score=score, texts={language: f"Anchor {score} {language}" for language in languages})
                    for score in range(1, 6)
                ),
            )
            for number in range(1, criteria + 1)
        ),
    )


def a_dossier_entry(**values: Any) -> DossierEntry:
    return DossierEntry(
        **{
            "id": f"entry-{next(_numbers)}",
            "judge_id": JUDGE_ID,
            "section": DossierSection.POSTS,
            "title": "Судья районного суда",
            **values,
        }
    )


def open_store(folder: Path, clock: Clock | None = None) -> Store:
    return Store(folder / "desk.db", STORE_KEY, clock or FixedClock(NOW))


def desk_context(folder: Path, role: Role = Role.JUDGE, clock: Clock | None = None) -> DeskContext:
    """A signed-in desk: real SQLCipher file, own court and person, own scopes granted. Close ``context.store``."""
    person, court, clock = a_person(role), a_court(), clock or FixedClock(NOW)
    store = open_store(folder, clock)
    files = AttachmentFiles(folder / "files", chunk_bytes=4096, reserve_bytes=0)
    context = DeskContext(store=store, files=files, clock=clock, person=person, court=court)
    for scope in (user_scope(person.id), court_scope(court.id), dossier_scope(person.id)):
        grant(context, scope, role)
    agreed(context, Kind.COURT, court_scope(court.id), [court])
    agreed(context, Kind.PERSON, court_scope(court.id), [person])
    return context


def grant(context: DeskContext, scope: str, role: Role = Role.JUDGE) -> None:
    with context.store.writing() as connection:
        statement = upsert(scope_table).values(scope=scope, role=role)
        connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_={"role": role}))


def agreed(context: DeskContext, kind: Kind, scope: str, records: Iterable[Any], rev: int = 1) -> None:
    """Records as a pull leaves them: in their table at a revision of the hub, on the index queue where words count."""
    table = RECORD_TABLES[kind]
    rows = [_row(kind, scope, record, rev) for record in records]
    if not rows:
        return
    statement = upsert(table)
    replaced = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    with context.store.writing() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=replaced), rows)
        if kind in INDEXED:
            search.queue_many(connection, kind, (str(row["id"]) for row in rows))
        if kind is Kind.DOCUMENT:
            attachments_table.expect_all(connection)


def _row(kind: Kind, scope: str, record: Any, rev: int) -> dict[str, Any]:
    body = codec.encode(record).decode()
    return {"id": record.id, "scope": scope, "rev": rev, "body": body, **columns_of(kind, body)}


def with_case(context: DeskContext, case: Case | None = None, role: Role = Role.JUDGE) -> Case:
    """A case that the hub granted and sent."""
    case = case or a_case()
    grant(context, case_scope(case.id), role)
    agreed(context, Kind.CASE, case_scope(case.id), [case])
    return case


def of_case(context: DeskContext, kind: Kind, *records: Any) -> None:
    """Records of a case that the hub sent, each into the scope of its case."""
    for record in records:
        agreed(context, kind, case_scope(record.case_id), [record])


def with_file(context: DeskContext, document: Document, content: bytes) -> None:
    """The bytes of a document, as a finished download leaves them."""
    stored = context.files.write(io.BytesIO(content), document.sha256, document.size)
    with context.store.writing() as connection:
        attachments_table.arrived(connection, stored, context.clock.now())


def index_all(context: DeskContext) -> None:
    """Everything on the queue, as the worker behind the window would do it."""
    from judge_desk.services.search import SearchService

    service = SearchService(context)
    while service.index_step(10):
        pass


def rows_of(context: DeskContext, table: sa.Table) -> list[sa.Row[Any]]:
    """All rows of a table; of the outbox with what each operation says."""
    with context.store.reading() as connection:
        return list(connection.execute(outbox.WHOLE if table is outbox_table else sa.select(table)))


def refuse(context: DeskContext, code: str, *, keeps_row: bool) -> None:
    """The hub refuses everything that waits."""
    with context.store.writing() as connection:
        for operation in outbox.next_batch(connection, 100):
            answer = settled.Answer(0, bodies.NONE, code, context.clock.now())
            settled.refused(connection, operation, answer, keeps_row=keeps_row)


def in_conflict(context: DeskContext, kind: Kind, scope: str, *, base: Any, mine: Any, hubs: Any) -> None:
    """``base`` was agreed on, ``mine`` was written here, and the hub answered that it has ``hubs`` (None: deleted)."""
    agreed(context, kind, scope, [base])
    with context.store.unit_of_work(context.person.id, "test.write") as work:
        if mine is None:
            work.delete(kind, scope, base.id)
        else:
            work.put(kind, scope, mine)
    with context.store.writing() as connection:
        (operation,) = outbox.next_batch(connection, 100)
        body = bodies.NONE if hubs is None else codec.encode(hubs).decode()
        answer = settled.Answer(2, body, "stale", context.clock.now())
        settled.in_conflict(connection, operation, answer)
