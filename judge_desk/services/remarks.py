"""Remarks on drafts: made, answered and taken back; they travel with the draft and share its secrecy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.remarks import LONGEST_WORDS, MOST_REMARKS, Remark, RemarkState, answered
from judge_desk.services.context import DeskContext
from judge_desk.services.drafts import DraftService

if TYPE_CHECKING:
    from judge_desk.drafting.docx_tracked import Suggestion

__all__ = ["Remark", "RemarkService", "RemarkState"]


class RemarkService:
    """Whoever may write a draft may remark on it; the text itself is changed by whoever shows it."""

    def __init__(self, context: DeskContext, drafts: DraftService) -> None:
        self._context, self._drafts = context, drafts

    @property
    def me(self) -> str:
        """Whose remarks may be taken back here."""
        return self._context.person.id

    def add(self, draft_id: str, block_id: str, quote: str, text: str, proposal: str | None = None) -> Changes:
        """Say something about words of a block, or propose others. Raises BadInput, NotAllowed, NotFound, Sealed."""
        if not text.strip() and proposal is None:
            raise BadInput("remarks.bad.empty")
        if max(len(quote), len(text), len(proposal or "")) > LONGEST_WORDS:
            raise BadInput("remarks.bad.long", most=LONGEST_WORDS)
        if proposal is not None and (proposal == quote or not quote):
            raise BadInput("remarks.bad.same")
        person = self._context.person
        remark = Remark(
            id=new_id(),
            block_id=block_id,
            quote=quote,
            author_id=person.id,
            author_name=person.name,
            made_at=self._context.clock.now(),
            text=text.strip(),
            proposal=proposal,
        )

        def with_it(draft: Draft) -> Draft:
            if len(draft.remarks) >= MOST_REMARKS:
                raise BadInput("remarks.bad.many", most=MOST_REMARKS)
            return replace(draft, remarks=(*draft.remarks, remark))

        return self._drafts.change(draft_id, "remark", with_it)

    def suggest(self, draft_id: str, suggestions: Sequence[Suggestion]) -> tuple[int, Changes]:
        """Put what came from Word beside the text, in one step, under the names that stand there; what lies there
        already is not put twice. Gives how many are new. Raises BadInput (too many), NotAllowed, NotFound, Sealed."""
        now = self._context.clock.now()
        made = [
            Remark(
                id=new_id(),
                block_id=each.block,
                quote=each.quote,
                author_id="",
                author_name=each.author or "Word",
                made_at=each.at or now,
                text=each.text[:LONGEST_WORDS],
                proposal=each.proposal,
            )
            for each in suggestions
        ]
        new: list[Remark] = []

        def with_them(draft: Draft) -> Draft:
            known = {_said(each) for each in draft.remarks}
            new[:] = [each for each in made if _said(each) not in known]
            if len(draft.remarks) + len(new) > MOST_REMARKS:
                raise BadInput("remarks.bad.many", most=MOST_REMARKS)
            return replace(draft, remarks=(*draft.remarks, *new))

        changes = self._drafts.change(draft_id, "remark", with_them)
        return len(new), changes

    def answer(self, draft_id: str, remark_id: str, state: RemarkState) -> Changes:
        """Accept or reject a proposal, close a comment. Raises NotAllowed, NotFound, Sealed."""
        now = self._context.clock.now()
        return self._drafts.change(
            draft_id,
            "remark",
            lambda draft: replace(draft, remarks=answered(draft.remarks, remark_id, state, self.me, now)),
        )

    def take_back(self, draft_id: str, remark_id: str) -> Changes:
        """Remove one's own remark. Raises NotAllowed for another's, NotFound, Sealed."""

        def without_it(draft: Draft) -> Draft:
            found = next((each for each in draft.remarks if each.id == remark_id), None)
            if found is None:
                raise NotFound(kind="remark", id=remark_id)
            if found.author_id != self.me:
                raise NotAllowed
            return replace(draft, remarks=tuple(each for each in draft.remarks if each.id != remark_id))

        return self._drafts.change(draft_id, "remark", without_it)


def _said(remark: Remark) -> tuple[object, ...]:
    """What makes two remarks from a Word file the same one."""
    return remark.block_id, remark.quote, remark.proposal, remark.text, remark.author_name
