"""The facts of a draft's case against those in its text: what differs, and the text that takes them over."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from judge_desk.domain.acts import ActText
from judge_desk.domain.cases import Case
from judge_desk.domain.drafts import Draft
from judge_desk.domain.kinds import Kind
from judge_desk.drafting.facts import NAMED
from judge_desk.drafting.renewal import FactDifference, differing, renewed
from judge_desk.services.context import DeskContext
from judge_desk.services.draft_forms import facts_for
from judge_desk.store import records

__all__ = ["DraftFactService", "FactDifference"]


class DraftFactService:
    """Reads only; the text that takes facts over is saved by whoever shows it."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def differing(self, draft_id: str, act: ActText) -> tuple[FactDifference, ...]:
        """What the case says otherwise than ``act``; raises NotFound."""
        return differing(act, self._values(draft_id, act))

    def renewed(self, draft_id: str, act: ActText, fields: Collection[str]) -> ActText:
        """``act`` with these fields as the case has them now; raises NotFound."""
        return renewed(act, self._values(draft_id, act), fields)

    def _values(self, draft_id: str, act: ActText) -> Mapping[str, str]:
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            case: Case | None = records.find(connection, Kind.CASE, draft.case_id)
            if case is None:
                return {}
            known = facts_for(self._context, connection, case, act.language).values
        # The twin of an act spells names as its own language does; nothing of that is out of date.
        kept = frozenset() if act.language is case.language else NAMED
        return {slot: value for slot, value in known.items() if slot not in kept}
