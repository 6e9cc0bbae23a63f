"""A series: similar cases put into one table, corrected there, and turned into as many acts, each with its own reasons.

Nothing is guessed: what a case does not say stays empty in the table and a blank in the act. A step that fails is told
with its case and stops none of the others; a series that is stopped keeps what it has made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import ActText, Block, Cell, PartKind, Row, Run, normalised
from judge_desk.domain.cases import Case, Language
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.errors import KnownError, NotFound
from judge_desk.domain.findings import Finding
from judge_desk.domain.kinds import Kind
from judge_desk.drafting.templates import Template
from judge_desk.services.context import DeskContext
from judge_desk.services.draft_forms import TemplateChoice, choices, facts_for, form_of
from judge_desk.services.drafts import DraftService
from judge_desk.services.finalising import offered_number
from judge_desk.services.linting import LintReport, LintService
from judge_desk.store import records

__all__ = ["SeriesColumn", "SeriesOutcome", "SeriesRow", "SeriesService", "SeriesTable"]

# Facts that every act of one judge shares; all others may differ from case to case.
_COMMON = frozenset(
    {"case.number", "court", "court.place", "judge", "appeal_court", "act.date", "act.number", "secretary"}
)
_REASONS = (PartKind.DESCRIPTIVE, PartKind.REASONING, PartKind.DESCRIPTIVE_REASONING)
_NEVER: Callable[[], bool] = bool
OnStep = Callable[[int, int], object]
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesColumn:
    """A fact that differs from case to case; ``title`` are the words of the form for it."""

    slot: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One case of the series; ``values`` by slot, "" where nobody has said it yet.

    The act is written in the ``language`` of the case, on the same form in that language.
    """

    case_id: str
    number: str
    title: str
    language: Language
    template_id: str
    values: dict[str, str]

    def with_value(self, slot: str, value: str) -> SeriesRow:
        return replace(self, values={**self.values, slot: value.strip()})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTable:
    template_id: str
    columns: tuple[SeriesColumn, ...]
    rows: tuple[SeriesRow, ...]


@dataclass(slots=True)
class SeriesOutcome:
    """What a step came to, case by case: the drafts made or closed, and why the others were not."""

    done: dict[str, str] = field(default_factory=dict)
    failed: dict[str, KnownError] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    is_cancelled: bool = False


class SeriesService:
    """Each step takes ``on_step(done, of)`` and asks ``is_cancelled()`` between two cases; run it in a task."""

    def __init__(self, context: DeskContext, service: DraftService, linting: LintService) -> None:
        self._context, self._drafts, self._linting = context, service, linting

    def forms(self, case_ids: Sequence[str]) -> list[TemplateChoice]:
        """The forms that suit every one of the cases, in the language of the first; raises NotFound."""
        with self._context.store.reading() as connection:
            cases = [records.get(connection, Kind.CASE, case_id) for case_id in case_ids]
            today = self._context.clock.today()
            lists = [choices(case, today, connection) for case in cases]
        common = set.intersection(*({each.id for each in found} for found in lists)) if lists else set()
        return [each for each in (lists[0] if lists else []) if each.id in common and not each.is_blank]

    def table(self, case_ids: Sequence[str], template_id: str) -> SeriesTable:
        """What differs, with all that the cases say of it; raises NotFound."""
        with self._context.store.reading() as connection:
            form = form_of(connection, template_id)
            rows = []
            for case_id in case_ids:
                case: Case = records.get(connection, Kind.CASE, case_id)
                own = _in_language(connection, form, case.language)
                known = facts_for(self._context, connection, case, own.language).values
                values = {slot: known.get(slot, "") or _from_case(case, slot) for slot in _columns(form)}
                rows.append(
                    SeriesRow(
                        case_id=case.id,
                        number=case.number,
                        title=case.title,
                        language=own.language,
                        template_id=own.id,
                        values=values,
                    )
                )
        columns = tuple(SeriesColumn(slot=slot, title=form.slots[slot]) for slot in _columns(form))
        return SeriesTable(template_id=template_id, columns=columns, rows=tuple(rows))

    def generate(
        self, table: SeriesTable, on_step: OnStep = lambda _at, _of: None, is_cancelled: IsCancelled = _NEVER
    ) -> SeriesOutcome:
        """A draft for each row, filled from the row; ``done`` is draft id by case id."""
        outcome = SeriesOutcome()
        for at, row in enumerate(table.rows):
            if is_cancelled():
                outcome.is_cancelled = True
                break
            try:
                draft_id, changes = self._drafts.create(row.case_id, row.template_id)
                act = filled(self._drafts.open(draft_id).draft.act, row.values)
                outcome.changes |= changes | self._drafts.save(draft_id, act).changes
                outcome.done[row.case_id] = draft_id
            except KnownError as problem:
                outcome.failed[row.case_id] = problem
            on_step(at + 1, len(table.rows))
        return outcome

    def check(
        self,
        draft_ids: Sequence[str],
        on_step: OnStep = lambda _at, _of: None,
        is_cancelled: IsCancelled = _NEVER,
    ) -> dict[str, LintReport]:
        """The linter's report for each draft; reasons that are word for word another case's are noted."""
        found: dict[str, LintReport] = {}
        first: dict[str, Draft] = {}
        for at, draft_id in enumerate(draft_ids):
            if is_cancelled():
                break
            draft = self._drafts.open(draft_id).draft
            report = self._linting.check(draft_id)
            twin = first.setdefault(reasons_of(draft.act), draft)
            if twin is not draft and reasons_of(draft.act):
                report = replace(report, open=(*report.open, self._same_reasons(draft, twin)))
            found[draft_id] = report
            on_step(at + 1, len(draft_ids))
        return found

    def _same_reasons(self, draft: Draft, other: Draft) -> Finding:
        with self._context.store.reading() as connection:
            case: Case | None = records.find(connection, Kind.CASE, other.case_id)
        part = next((part for part in draft.act.parts if part.kind in _REASONS), None)
        return Finding(
            rule="series.same_reasons",
            severity=Severity.NOTE,
            part=part.kind if part else None,
            block=part.blocks[0].id if part and part.blocks else "",
            params={"other": case.number if case else other.title},
        )

    def finalise(
        self,
        draft_ids: Sequence[str],
        dated_on: date,
        on_step: OnStep = lambda _at, _of: None,
        is_cancelled: IsCancelled = _NEVER,
    ) -> SeriesOutcome:
        """Close each act under the next number of its case; ``done`` is the number by draft id.

        One that has an open error is not closed: it is told as ``lint.series.errors``.
        """
        outcome = SeriesOutcome()
        for at, draft_id in enumerate(draft_ids):
            if is_cancelled():
                outcome.is_cancelled = True
                break
            try:
                number, changes = self._close(draft_id, dated_on)
                outcome.done[draft_id] = number
                outcome.changes |= changes
            except KnownError as problem:
                outcome.failed[draft_id] = problem
            on_step(at + 1, len(draft_ids))
        return outcome

    def _close(self, draft_id: str, dated_on: date) -> tuple[str, Changes]:
        draft = self._drafts.open(draft_id).draft
        if draft.state is DraftState.FINAL:
            return draft.number, Changes()
        errors = [each for each in self._linting.check(draft_id).open if each.severity is Severity.ERROR]
        if errors:
            language = Language(draft.act.language)
            raise SeriesHeld(count=len(errors), first=self._linting.sentence(errors[0], language))
        with self._context.store.reading() as connection:
            number = offered_number(connection, draft, dated_on)
        return number, self._drafts.finalise(draft_id, number, dated_on)


class SeriesHeld(KnownError):
    """An act of the series is not closed while the linter has an error against it."""

    default_key = "series.held"


def _in_language(connection: Connection, form: Template, language: Language) -> Template:
    """The same form in the language of a case; the chosen one where the court has it in no other."""
    try:
        return form_of(connection, f"{form.name}.{language}")
    except NotFound:
        return form


def _columns(form: Template) -> list[str]:
    return [slot for slot in form.slots if slot not in _COMMON]


def _from_case(case: Case, slot: str) -> str:
    """What a register says under another name: the offence is the subject of the case."""
    return {"offence": case.subject, "article": case.category if any(map(str.isdigit, case.category)) else ""}.get(
        slot, ""
    )


def filled(act: ActText, values: Mapping[str, str]) -> ActText:
    """The act with the words of the table wherever its form asks for them; what is empty stays a blank."""

    def runs_filled(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(
            replace(run, text=values[run.field], blank=False) if values.get(run.field) else run for run in runs
        )

    def block_filled(block: Block) -> Block:
        rows = tuple(
            Row(
                cells=tuple(Cell(runs=runs_filled(cell.runs), align=cell.align) for cell in row.cells),
                header=row.header,
            )
            for row in block.rows
        )
        return replace(block, runs=runs_filled(block.runs), rows=rows)

    parts = tuple(replace(part, blocks=tuple(block_filled(block) for block in part.blocks)) for part in act.parts)
    return normalised(replace(act, parts=parts))


def reasons_of(act: ActText) -> str:
    """What the judge reasoned, without the words of the form: the facts of the descriptive and reasoning parts."""
    texts = [
        run.text.strip()
        for part in act.parts
        if part.kind in _REASONS
        for block in part.blocks
        for run in block.runs
        if run.field and not run.blank and run.field not in ("article", "offenders")
    ]
    return "\n".join(texts)
