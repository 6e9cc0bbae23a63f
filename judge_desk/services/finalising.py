"""Makes an act final: number and date set, no blank left, printed as PDF/A, and laid into the case file by its hash."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from sqlalchemy.engine import Connection

from judge_desk.domain.act_codes import new_code
from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Block,
    BlockKind,
    Cell,
    Row,
    Run,
    blanks,
    check_act,
    normalised,
    text_of,
)
from judge_desk.domain.cases import Case
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Draft, DraftState, VersionReason
from judge_desk.domain.errors import BadInput
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.drafting.facts import act_date
from judge_desk.services.context import DeskContext
from judge_desk.services.law import rule_book
from judge_desk.services.terms import full_text_made
from judge_desk.store import attachments_table, drafts, records, signed_acts
from judge_desk.store.attachment_files import StoredFile
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.unit_of_work import UnitOfWork

PDF = "application/pdf"
MOST_SIGNERS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalOffer:
    """What is offered before an act is closed: the next number, today, and the final acts it may correct in words."""

    number: str
    dated_on: date
    correctable: tuple[tuple[str, str], ...] = ()


class FinalisingService:
    """What a person is told before closing an act."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def offer(self, draft_id: str, dated_on: date) -> FinalOffer:
        """Raises NotFound."""
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            column = RECORD_TABLES[Kind.DRAFT].c
            final = records.where(
                connection, Kind.DRAFT, column.case_id == draft.case_id, column.state == DraftState.FINAL
            )
            return FinalOffer(
                number=offered_number(connection, draft, dated_on),
                dated_on=dated_on,
                correctable=tuple((each.id, f"{each.title}, № {each.number}") for each in final if each.id != draft_id),
            )


def finalise(
    context: DeskContext, work: UnitOfWork, draft: Draft, number: str, dated_on: date, *, corrects: str = ""
) -> Draft:
    """Print the act and register it as a document of the case within ``work``; gives the draft as it is to be kept.

    ``corrects`` is the id of the final act of the same case that this one corrects. A file that was written when the
    work then fails is named by no row and is swept at the next start.
    """
    number = number.strip()
    if not number:
        raise BadInput("drafts.finalise.no_number")
    act = with_number(draft.act, number, dated_on)
    if left := blanks(act):
        raise BadInput("drafts.finalise.blanks", count=len(left))
    if number in numbers_taken(work.connection, draft):
        raise BadInput("drafts.finalise.number_taken", number=number)
    now = context.clock.now()
    final = replace(draft, act=act, state=DraftState.FINAL, number=number, dated_on=dated_on, changed_at=now)
    final = replace(final, code=new_code(), corrects=corrects)
    content = _printed(context, final, _corrected(work.connection, final))
    stored = context.files.write(io.BytesIO(content))
    document = _document(context, work.connection, final, stored, _page_count(content))
    scope = case_scope(draft.case_id)
    context.authorise(work, Kind.DOCUMENT, scope, None, document)
    work.put(Kind.DOCUMENT, scope, document)
    attachments_table.keep_own(work.connection, stored, now)
    if draft.act.kind is ActKind.DECISION:
        full_text_made(context, work, draft.case_id)
    drafts.keep_version(work.connection, draft.id, draft.act, reason=VersionReason.FINALISE, at=now)
    return replace(final, final_sha256=stored.sha256)


def _document(context: DeskContext, connection: Connection, final: Draft, stored: StoredFile, pages: int) -> Document:
    """The act's line in the case file."""
    return Document(
        id=new_id(),
        case_id=final.case_id,
        kind=DocumentKind.ACT,
        title=final.title,
        sha256=stored.sha256,
        size=stored.size,
        media_type=PDF,
        pages=pages,
        order=drafts.next_order(connection, final.case_id),
        language=final.act.language,
        dated_on=final.dated_on,
        filed_at=final.changed_at,
        filed_by=context.person.id,
        code=final.code,
    )


def final_pdf(context: DeskContext, connection: Connection, draft: Draft) -> bytes | None:
    """The file of a final act, with the signatures it has by now; None for a draft that is none, or whose file was
    cleaned away."""
    files = signed_acts.of_code(connection, draft.case_id, draft.code)
    for sha256 in (*(each.sha256 for each in reversed(files)), draft.final_sha256):
        row = attachments_table.find(connection, sha256) if sha256 else None
        if row is not None and row.is_here and row.stored is not None:
            return context.files.read_all(row.stored)
    return None


def offered_number(connection: Connection, draft: Draft, dated_on: date) -> str:
    """The next free number by the court's pattern; empty where the packs have none for such an act."""
    case: Case | None = records.find(connection, Kind.CASE, draft.case_id)
    form = rule_book().act_number(draft.act.kind, dated_on)
    if case is None or form is None:
        return ""
    taken = numbers_taken(connection, draft)
    numbers = (form.number(case=case.number, year=dated_on.year, serial=serial) for serial in count(1))
    first = next(numbers)
    if first not in taken or "{serial}" not in form.form:
        return first if first not in taken else f"{first}-{len(taken) + 1}"
    return next(number for number in numbers if number not in taken)


def numbers_taken(connection: Connection, draft: Draft) -> set[str]:
    """The numbers of the other final acts of the case."""
    column = RECORD_TABLES[Kind.DRAFT].c
    final = records.where(
        connection, Kind.DRAFT, column.case_id == draft.case_id, column.state == DraftState.FINAL, column.id != draft.id
    )
    return {each.number for each in final}


def _corrected(connection: Connection, draft: Draft) -> str:
    """The corrected act in words; raises BadInput for one that is not a final act of the case."""
    if not draft.corrects:
        return ""
    first: Draft | None = records.find(connection, Kind.DRAFT, draft.corrects)
    if first is None or first.state is not DraftState.FINAL or first.case_id != draft.case_id:
        raise BadInput("drafts.finalise.corrects")
    day = act_date(first.dated_on, draft.act.language) if first.dated_on else ""
    return ", ".join(part for part in (first.title, f"№ {first.number}", day) if part)


def _signers(act: ActText) -> tuple[str, ...]:
    """Who signs: everybody in the last cell of each row of the signatures, for a panel's names may share a line; one
    nameless place where the form has none."""
    rows = [row for block in act.blocks() if block.kind is BlockKind.SIGNATURE for row in block.rows if row.cells]
    names = [name.strip() for row in rows for name in re.split(r"[;,]", text_of(row.cells[-1].runs))]
    return tuple(name for name in names if name)[:MOST_SIGNERS] or ("",)


def with_number(act: ActText, number: str, dated_on: date) -> ActText:
    """The act with its number and date wherever the form asks for them."""
    facts = {"act.number": number, "act.date": act_date(dated_on, act.language)}

    def filled(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(replace(run, text=facts[run.field], blank=False) if run.field in facts else run for run in runs)

    def block_filled(block: Block) -> Block:
        rows = tuple(
            Row(cells=tuple(Cell(runs=filled(cell.runs), align=cell.align) for cell in row.cells), header=row.header)
            for row in block.rows
        )
        return replace(block, runs=filled(block.runs), rows=rows)

    parts = tuple(replace(part, blocks=tuple(block_filled(block) for block in part.blocks)) for part in act.parts)
    return normalised(replace(act, parts=parts))


def _printed(context: DeskContext, draft: Draft, corrected: str) -> bytes:
    from judge_desk.drafting.check_mark import CheckMark
    from judge_desk.drafting.pdf import meta_of, render_pdf

    check_act(draft.act)
    assert draft.changed_at is not None
    mark = CheckMark(address=context.verify_url, code=draft.code, signers=_signers(draft.act), corrects=corrected)
    court = context.court.names.get(draft.act.language, "")
    return render_pdf(draft.act, meta_of(draft.act, draft.changed_at, is_draft=False, check=mark, court=court))


def _page_count(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)
