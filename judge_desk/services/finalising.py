"""Makes an act final: number and date set, no blank left, printed as PDF/A, and laid into the case file by its hash."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActText, Block, Cell, Row, Run, blanks, check_act, normalised
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Draft, DraftState, VersionReason
from judge_desk.domain.errors import BadInput
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.drafting.facts import act_date
from judge_desk.services.context import DeskContext
from judge_desk.store import attachments_table, drafts
from judge_desk.store.unit_of_work import UnitOfWork

PDF = "application/pdf"


def finalise(context: DeskContext, work: UnitOfWork, draft: Draft, number: str, dated_on: date) -> Draft:
    """Print the act and register it as a document of the case within ``work``; gives the draft as it is to be kept.

    A file that was written when the work then fails is named by no row and is swept at the next start.
    """
    number = number.strip()
    if not number:
        raise BadInput("drafts.finalise.no_number")
    act = with_number(draft.act, number, dated_on)
    if left := blanks(act):
        raise BadInput("drafts.finalise.blanks", count=len(left))
    now = context.clock.now()
    final = replace(draft, act=act, state=DraftState.FINAL, number=number, dated_on=dated_on, changed_at=now)
    content = _printed(final)
    stored = context.files.write(io.BytesIO(content))
    document = Document(
        id=new_id(),
        case_id=draft.case_id,
        kind=DocumentKind.ACT,
        title=draft.title,
        sha256=stored.sha256,
        size=stored.size,
        media_type=PDF,
        pages=_page_count(content),
        order=drafts.next_order(work.connection, draft.case_id),
        language=act.language,
        dated_on=dated_on,
        filed_at=now,
        filed_by=context.person.id,
    )
    scope = case_scope(draft.case_id)
    context.authorise(work, Kind.DOCUMENT, scope, None, document)
    work.put(Kind.DOCUMENT, scope, document)
    attachments_table.keep_own(work.connection, stored, now)
    drafts.keep_version(work.connection, draft.id, draft.act, reason=VersionReason.FINALISE, at=now)
    return replace(final, final_sha256=stored.sha256)


def final_pdf(context: DeskContext, connection: Connection, draft: Draft) -> bytes | None:
    """The file of a final act; None for a draft that is none, or whose file was cleaned away."""
    row = attachments_table.find(connection, draft.final_sha256) if draft.final_sha256 else None
    if row is None or not row.is_here or row.stored is None:
        return None
    return context.files.read_all(row.stored)


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


def _printed(draft: Draft) -> bytes:
    from judge_desk.drafting.pdf import meta_of, render_pdf

    check_act(draft.act)
    assert draft.changed_at is not None
    return render_pdf(draft.act, meta_of(draft.act, draft.changed_at, is_draft=False))


def _page_count(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)
