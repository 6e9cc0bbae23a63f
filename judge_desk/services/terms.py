"""Terms that run: which end when, how many working days are left, and why the last day is the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from judge_desk.domain.changes import Changes
from judge_desk.domain.rules import RuleBook
from judge_desk.domain.terms import Term, TermExplanation
from judge_desk.services.context import DeskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term as lists show it. ``days_left``: working days, 0 is today, below 0 missed; None when done or without end.

    ``names`` are the rule's by language code; of a term that the court set itself, its own title in each.
    """

    term: Term
    case_number: str
    case_title: str
    names: dict[str, str]
    norm: str
    ends_on: date | None
    days_left: int | None
    explanation: TermExplanation | None = None
    pending: int = 0

    def name(self, language: str) -> str:
        return self.names.get(language) or self.term.title or self.term.rule_id


class TermService:
    """``rules`` is for tests; without it the packs under resources/rules are read once."""

    def __init__(self, context: DeskContext, rules: RuleBook | None = None) -> None:
        self._context = context

    def due(self, until: date) -> list[TermRow]:
        """Open terms that end on or before a day, missed ones first, without explanations."""
        raise NotImplementedError

    def of_case(self, case_id: str) -> list[TermRow]:
        """All terms of a case by their last day, each with its explanation where a rule is known."""
        raise NotImplementedError

    def explain(self, term_id: str) -> TermExplanation | None:
        """Why a term ends when it ends, step by step; None for a term that the court set itself. Raises NotFound."""
        raise NotImplementedError

    def mark_done(self, term_id: str, done_on: date | None = None) -> Changes:
        """Close a term as of a day (today)."""
        raise NotImplementedError

    def reopen(self, term_id: str) -> Changes:
        raise NotImplementedError

    def extend(self, term_id: str, to: date, note: str) -> Changes:
        """Extend a term; raises BadInput when the rule allows no extension, or the day is not later than its end."""
        raise NotImplementedError

    def add(self, case_id: str, title: str, due_on: date) -> Changes:
        """A term that the court set itself."""
        raise NotImplementedError
