"""Checks a draft against the law of its day, with its case and its twin, and keeps the reasons for what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from judge_desk.assistant.lint import LintTask, lint, sentence
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import ActText
from judge_desk.domain.cases import Case
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft
from judge_desk.domain.errors import BadInput
from judge_desk.domain.findings import Finding, Override
from judge_desk.domain.kinds import Kind
from judge_desk.i18n.translator import Translator
from judge_desk.services.context import DeskContext
from judge_desk.services.drafts import DraftService
from judge_desk.services.law import mention_reader, rule_book
from judge_desk.store import drafts, records

__all__ = ["Finding", "LintReport", "LintService", "Override", "Prepared", "Severity"]

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """``open`` waits for the judge; ``left`` was left as it is, each with its reason."""

    open: tuple[Finding, ...] = ()
    left: tuple[tuple[Finding, Override], ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of a weight are open."""
        return sum(each.severity is severity for each in self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A draft and the task of checking it."""

    draft: Draft
    task: LintTask


class LintService:
    """Reading is pure and may be slow for a long act: run ``check`` in a task."""

    def __init__(self, context: DeskContext, service: DraftService) -> None:
        self._context, self._drafts = context, service
        self._reader = mention_reader()

    def check(self, draft_id: str, act: ActText | None = None) -> LintReport:
        """What is wrong with a draft, or with ``act`` as its text; raises NotFound."""
        return self.run(self.prepare(draft_id, act))

    def prepare(self, draft_id: str, act: ActText | None = None) -> Prepared:
        """Read all that a check needs; ``run`` then needs no store and may go to a worker. Raises NotFound."""
        with self._context.store.reading() as connection:
            draft: Draft = records.get(connection, Kind.DRAFT, draft_id)
            return Prepared(draft=draft, task=self._task(connection, draft, act or draft.act))

    def run(self, prepared: Prepared) -> LintReport:
        """The check itself: pure, and slow only for a long act that was never checked before."""
        return report(prepared.draft, lint(prepared.task))

    def _task(self, connection: Connection, draft: Draft, act: ActText) -> LintTask:
        case: Case | None = records.find(connection, Kind.CASE, draft.case_id)
        twin = drafts.twin(connection, draft)
        return LintTask(
            act=act,
            book=rule_book(),
            today=self._context.clock.today(),
            case=case,
            twin=twin.act if twin else None,
            on=draft.dated_on,
            reader=self._reader,
        )

    def leave(self, draft_id: str, finding: Finding, reason: str) -> Changes:
        """Leave a finding as it is; the reason is kept in the draft and with its text in the history.

        Raises BadInput (no reason, or far too long a one), NotAllowed, NotFound, Sealed.
        """
        reason = reason.strip()
        if not reason:
            raise BadInput("lint.override.no_reason")
        if len(reason) > LONGEST_REASON:
            raise BadInput("lint.override.long", most=LONGEST_REASON)
        person, now = self._context.person, self._context.clock.now()
        override = Override(
            finding=finding.key, rule=finding.rule, reason=reason, by=person.id, at=now, block=finding.block
        )

        def with_reason(draft: Draft) -> Draft:
            others = tuple(each for each in draft.overrides if each.finding != finding.key)
            return replace(draft, overrides=(*others, override))

        changes = self._drafts.change(draft_id, "lint_left", with_reason)
        act = self._drafts.open(draft_id).draft.act
        text = Translator(act.language)
        label = text("lint.override.label", finding=self.sentence(finding, act.language), reason=reason)
        return changes | self._drafts.keep_version(draft_id, label)

    def take_back(self, draft_id: str, finding_key: str) -> Changes:
        """The finding is open again. Raises NotAllowed, NotFound, Sealed."""

        def without(draft: Draft) -> Draft:
            return replace(draft, overrides=tuple(each for each in draft.overrides if each.finding != finding_key))

        return self._drafts.change(draft_id, "lint_open", without)

    def sentence(self, finding: Finding, language: str) -> str:
        """The finding in words of that language."""
        return sentence(finding, Translator(language))


def report(draft: Draft, found: Sequence[Finding]) -> LintReport:
    """The findings, those with a reason apart."""
    reasons = {each.finding: each for each in draft.overrides}
    return LintReport(
        open=tuple(each for each in found if each.key not in reasons),
        left=tuple((each, reasons[each.key]) for each in found if each.key in reasons),
    )
