"""What leaves the desk of an act, in every form, and what comes back from Word; a deliberation draft does neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from judge_desk.domain.act_differences import ActDifferences, compare
from judge_desk.domain.acts import ActText
from judge_desk.domain.cases import Case
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.errors import Sealed, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.drafting.papers import Paper, render
from judge_desk.services import finalising
from judge_desk.services.context import DeskContext
from judge_desk.store import records

if TYPE_CHECKING:
    from judge_desk.drafting.docx_changes import LeftOut
    from judge_desk.drafting.docx_in import WordProposals
    from judge_desk.drafting.public_copy import Hidden, PublicCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class FromWord:
    """What a Word file would do to a draft. ``left_out`` stays in the file; ``authors`` made tracked changes, of which
    ``inserted`` insertions are in ``act``."""

    act: ActText
    differences: ActDifferences
    left_out: tuple[LeftOut, ...]
    inserted: int
    authors: tuple[str, ...]
    proposals: WordProposals | None = None
    """The same with its tracked changes and comments beside the text; None where it has none."""
    untracked: ActDifferences | None = None
    """With ``proposals``: what was changed without being tracked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlan:
    """What would be hidden in an act. ``lines``: for each place the words around it, as (before, found, put, after)."""

    copy: PublicCopy
    hidden: tuple[Hidden, ...]
    lines: tuple[tuple[str, str, str, str], ...]


AROUND = 40


class OutputService:
    """Reading only: nothing here changes a draft."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def export(self, draft_id: str, paper: Paper) -> bytes:
        """The act as a file: a final one as PDF is the very file that was signed.

        Raises Secret for a deliberation draft that is not final, NotFound, BadInput.
        """
        with self._context.store.reading() as connection:
            draft = self._open(connection, draft_id)
            final = finalising.final_pdf(self._context, connection, draft) if paper is Paper.PDF else None
        if final is not None:
            return final
        if paper is Paper.XML and draft.state is DraftState.FINAL:
            from judge_desk.drafting.akoma_ntoso import render_akoma_ntoso

            return render_akoma_ntoso(draft.act, self._at(draft), number=draft.number, dated_on=draft.dated_on)
        return render(draft.act, paper, made_at=self._at(draft), is_draft=draft.state is not DraftState.FINAL)

    def read_word(self, draft_id: str, data: bytes, act: ActText | None = None) -> FromWord:
        """Read a Word file against the draft (or the text ``act`` that is on the screen); nothing is changed.

        Raises BadInput, NotFound, Secret, Sealed.
        """
        from judge_desk.drafting.docx_in import read_docx, read_proposals

        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
        if draft.state is DraftState.FINAL:
            raise Sealed
        base = act or draft.act
        arrival, proposals = read_docx(data, base), read_proposals(data, base)
        has_proposals = bool(proposals.authors or proposals.suggestions)
        return FromWord(
            act=arrival.act,
            differences=compare(base, arrival.act),
            left_out=arrival.left_out,
            inserted=arrival.inserted,
            authors=arrival.authors,
            proposals=proposals if has_proposals else None,
            untracked=compare(base, proposals.act) if has_proposals else None,
        )

    def plan_public(self, draft_id: str) -> PublicPlan:
        """What a public copy would hide, by the case's own parties. Raises Secret, NotFound."""
        from judge_desk.drafting.public_copy import PublicCopy

        with self._context.store.reading() as connection:
            draft = self._open(connection, draft_id)
            case: Case | None = records.find(connection, Kind.CASE, draft.case_id)
        copy = PublicCopy(draft.act, case.parties if case else ())
        hidden = copy.find()
        texts = {(block, cell): text for block, cell, text in copy.texts()}
        lines = tuple(_around(texts[each.block, each.cell], each) for each in hidden)
        return PublicPlan(copy=copy, hidden=hidden, lines=lines)

    def public_leaks(self, plan: PublicPlan, chosen: Sequence[Hidden]) -> tuple[str, ...]:
        """What the copy would still tell if only ``chosen`` were hidden."""
        return plan.copy.leaks(plan.copy.hide(chosen))

    def public_copy(self, draft_id: str, plan: PublicPlan, chosen: Sequence[Hidden], paper: Paper) -> bytes:
        """The public copy as a file without links into the case file; raises Secret, NotFound, BadInput."""
        with self._context.store.reading() as connection:
            draft = self._open(connection, draft_id)
        return render(plan.copy.hide(chosen), paper, made_at=self._at(draft), is_draft=False)

    def _open(self, connection: Connection, draft_id: str) -> Draft:
        draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
        if not draft.may_leave_desk and draft.state is not DraftState.FINAL:
            raise Secret("outputs.secret")
        return draft

    def _at(self, draft: Draft) -> datetime:
        return draft.changed_at or self._context.clock.now()


def _around(text: str, hidden: Hidden) -> tuple[str, str, str, str]:
    before = text[max(hidden.start - AROUND, 0) : hidden.start]
    return before, hidden.found, hidden.put, text[hidden.end : hidden.end + AROUND]
