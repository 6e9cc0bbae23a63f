"""Terms that run: which end when, how many working days are left, and why the last day is the last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain import terms as law
from judge_desk.domain.cases import Case
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.rules import LengthUnit, RuleBook, TermRule, Trigger
from judge_desk.domain.scopes import case_scope
from judge_desk.domain.terms import Term, TermExplanation
from judge_desk.services.context import DeskContext
from judge_desk.services.law import rule_book
from judge_desk.store import cases, records, terms
from judge_desk.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term as lists show it. ``days_left``: working days, 0 is today, below 0 missed; None when done or without end.

    ``names`` are the rule's by language code, none for a term that the court set itself: ask ``name``.
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
        """What to call the term in a language."""
        return self.names.get(language) or self.term.title or self.term.rule_id


class TermService:
    """``rules`` is for tests; without it the packs under resources/rules are read once."""

    def __init__(self, context: DeskContext, rules: RuleBook | None = None) -> None:
        self._context = context
        self._rules = rules

    @property
    def rules(self) -> RuleBook:
        """The law in use."""
        return self._rules or rule_book()

    def due(self, until: date) -> list[TermRow]:
        """Open terms that end on or before a day, missed ones first, without explanations."""
        with self._context.store.reading() as connection:
            return self.due_rows(connection, until, self._context.clock.today())

    def due_rows(self, connection: Connection, until: date, today: date) -> list[TermRow]:
        """``due`` within somebody else's read; ``today`` is the day the working days are counted from."""
        rows = self._rows(connection, terms.open_until(connection, until), today)
        found = [each for each in rows if each.ends_on is not None and each.ends_on <= until]
        return sorted(found, key=lambda each: (each.ends_on or until, each.case_number))

    def of_case(self, case_id: str) -> list[TermRow]:
        """All terms of a case by their last day, each with its explanation where a rule is known."""
        with self._context.store.reading() as connection:
            return self.case_rows(connection, case_id)

    def case_rows(self, connection: Connection, case_id: str) -> list[TermRow]:
        """``of_case`` within somebody else's read."""
        rows = self._rows(connection, terms.of_case(connection, case_id), self._context.clock.today())
        return [replace(each, explanation=self._explain(each.term)) for each in rows]

    def explain(self, term_id: str) -> TermExplanation | None:
        """Why a term ends when it ends, step by step; None for a term that the court set itself. Raises NotFound."""
        with self._context.store.reading() as connection:
            term: Term = records.get(connection, Kind.TERM, term_id)
        return self._explain(term)

    def mark_done(self, term_id: str, done_on: date | None = None) -> Changes:
        """Close a term as of a day (today)."""
        return self._change("term.done", term_id, done_on=done_on or self._context.clock.today())

    def reopen(self, term_id: str) -> Changes:
        """Take back that a term was done."""
        return self._change("term.reopen", term_id, done_on=None)

    def extend(self, term_id: str, to: date, note: str) -> Changes:
        """Extend a term; raises BadInput when the rule allows no extension, or the day is not later than its end."""
        with self._context.store.reading() as connection:
            term: Term = records.get(connection, Kind.TERM, term_id)
        rule = self._rule(term)
        if rule is not None and not rule.extendable:
            raise BadInput("terms.extend.not_allowed", norm=rule.norm)
        ends_on = self._ends_on(term)
        if ends_on is not None and to <= ends_on:
            raise BadInput("terms.extend.not_later")
        return self._change("term.extend", term_id, extended_to=to, note=note)

    def add(self, case_id: str, title: str, due_on: date) -> Changes:
        """A term that the court set itself; raises BadInput for one without a title."""
        if not title.strip():
            raise BadInput("terms.add.no_title")
        context = self._context
        term = Term(id=new_id(), case_id=case_id, title=title.strip(), due_on=due_on, created_at=context.clock.now())
        with context.store.unit_of_work(context.person.id, "term.add") as work:
            context.authorise(work, Kind.TERM, case_scope(case_id), None, term)
            work.put(Kind.TERM, case_scope(case_id), term)
        return work.changes

    def full_text_due(self, connection: Connection, case: Case) -> date | None:
        """The last day for the full text if the operative part is announced today; None where no such term begins, or
        one is running already."""
        today = self._context.clock.today()
        rule = self._announced(case, today)
        running = (term for term, _ in terms.of_case(connection, case.id) if term.is_open)
        if rule is None or any(term.rule_id == rule.id for term in running):
            return None
        return law.explain(rule, today, self.rules.holidays).due_on

    def announce(self, case_id: str) -> Changes:
        """The operative part was announced today: the clock for the full text starts. Raises NotAllowed, NotFound, and
        BadInput where no such term begins or one is running."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "term.announce") as work:
            case: Case | None = work.get(Kind.CASE, case_id)
            if case is None:
                raise NotFound(kind=Kind.CASE.value, id=case_id)
            today, due_on = context.clock.today(), self.full_text_due(work.connection, case)
            rule = self._announced(case, today)
            if rule is None or due_on is None:
                raise BadInput("terms.announce.not_now")
            term = Term(
                id=new_id(),
                case_id=case_id,
                rule_id=rule.id,
                trigger_on=today,
                due_on=due_on,
                created_at=context.clock.now(),
            )
            context.authorise(work, Kind.TERM, case_scope(case_id), None, term)
            work.put(Kind.TERM, case_scope(case_id), term)
        return work.changes

    def _announced(self, case: Case, on: date) -> TermRule | None:
        return next(
            (
                rule
                for rule in self.rules.terms
                if rule.trigger is Trigger.OPERATIVE_PART_ANNOUNCED
                and rule.holds_on(on)
                and rule.covers(case.procedure, case.instance, case.category)
            ),
            None,
        )

    def _change(self, action: str, term_id: str, **values: object) -> Changes:
        context = self._context
        with context.store.unit_of_work(context.person.id, action) as work:
            before: Term | None = work.get(Kind.TERM, term_id)
            if before is None:
                raise NotFound(kind=Kind.TERM.value, id=term_id)
            after: Term = replace(before, **values)  # type: ignore[arg-type]  # the callers above name its fields
            context.authorise(work, Kind.TERM, case_scope(before.case_id), before, after)
            work.put(Kind.TERM, case_scope(before.case_id), after)
        return work.changes

    def _rows(self, connection: Connection, found: Iterable[tuple[Term, int]], today: date) -> list[TermRow]:
        listed = list(found)
        titles = cases.titles(connection, (term.case_id for term, _ in listed))
        return [self._row(term, pending, titles.get(term.case_id), today) for term, pending in listed]

    def _row(self, term: Term, pending: int, case: cases.CaseTitle | None, today: date) -> TermRow:
        rule = self._rule(term)
        ends_on = self._ends_on(term)
        left = None
        if ends_on is not None and term.is_open:
            left = law.working_days_left(ends_on, today, self.rules.holidays)
        return TermRow(
            term=term,
            case_number=case.number if case else "",
            case_title=case.title if case else "",
            names=dict(rule.names) if rule else {},
            norm=rule.norm if rule else "",
            ends_on=ends_on,
            days_left=left,
            pending=pending,
        )

    def _ends_on(self, term: Term) -> date | None:
        """As registered, else as the rule gives it."""
        if term.ends_on is not None:
            return term.ends_on
        explanation = self._explain(term)
        return explanation.due_on if explanation else None

    def _rule(self, term: Term) -> TermRule | None:
        if not term.rule_id:
            return None
        trigger = _trigger_day(term)
        return self.rules.term(term.rule_id, trigger) if trigger else None

    def _explain(self, term: Term) -> TermExplanation | None:
        rule = self._rule(term)
        trigger = term.trigger_at or term.trigger_on
        if rule is None or trigger is None:
            return None
        if rule.length.unit is LengthUnit.HOURS and term.trigger_at is None:
            return None
        return law.explain(rule, trigger, self.rules.holidays)


def full_text_made(context: DeskContext, work: UnitOfWork, case_id: str) -> None:
    """A decision is closed: the term for its full text has been kept, or not, but it runs no more."""
    kept = {rule.id for rule in rule_book().terms if rule.trigger is Trigger.OPERATIVE_PART_ANNOUNCED}
    for term, _ in terms.of_case(work.connection, case_id):
        if term.is_open and term.rule_id in kept:
            after = replace(term, done_on=context.clock.today())
            context.authorise(work, Kind.TERM, case_scope(case_id), term, after)
            work.put(Kind.TERM, case_scope(case_id), after)


def _trigger_day(term: Term) -> date | None:
    if term.trigger_on is not None or term.trigger_at is None:
        return term.trigger_on
    return term.trigger_at.astimezone(law.KAZAKHSTAN_TIME).date()
