"""What the linter looks at: an act with its case, its day and its law, read once into blocks and mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from judge_desk.domain.act_forms import ActForm
from judge_desk.domain.acts import ActText, Block, BlockKind, PartKind, runs_of
from judge_desk.domain.cases import Case, Instance, Language, Procedure
from judge_desk.domain.mentions import Mention, MentionKind, MentionReader, day_of
from judge_desk.domain.rules import RuleBook

DATE_FIELD = "act.date"
NUMBER_FIELD = "case.number"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintTask:
    """One act to check. ``today`` is the day of signing; ``twin`` the same act in the other language.

    ``on`` is the day whose law holds: the act's own where None. Where neither the case nor the template says it, the
    procedure is read from the words of the act. ``reader`` remembers texts from one check to the next.
    """

    act: ActText
    book: RuleBook
    today: date
    case: Case | None = None
    twin: ActText | None = None
    on: date | None = None
    procedure: Procedure | None = None
    instance: Instance = Instance.FIRST
    reader: MentionReader | None = None


@dataclass(slots=True)
class ReadBlock:
    """A block with what it mentions, read when it is first asked for."""

    part: PartKind
    block: Block
    text: str
    _reader: MentionReader
    _language: Language
    _mentions: tuple[Mention, ...] | None = None

    @property
    def id(self) -> str:
        return self.block.id

    @property
    def mentions(self) -> tuple[Mention, ...]:
        if self._mentions is None:
            self._mentions = self._reader.read(self.text, self._language)
        return self._mentions

    def of(self, kind: MentionKind) -> Iterator[Mention]:
        return (each for each in self.mentions if each.kind is kind)

    def own_text(self, fields: tuple[str, ...]) -> str:
        """The words that come from no fact but these: what another fact happens to say proves nothing."""
        cells = [self.block.runs, *(cell.runs for row in self.block.rows for cell in row.cells)]
        return "\t".join(
            "".join(run.text for run in runs if not run.blank and (not run.field or run.field in fields))
            for runs in cells
        )


class Reading:
    """The act as the rules see it. ``form`` is what the law asks of it; None where no pack knows such an act."""

    def __init__(self, task: LintTask, procedure: Procedure, reader: MentionReader) -> None:
        self.task, self.act, self.case = task, task.act, task.case
        self.reader = reader
        self.procedure = procedure
        self.language = task.act.language
        self.blocks = [
            ReadBlock(part.kind, block, block.text, reader, self.language)
            for part in task.act.parts
            for block in part.blocks
        ]
        self.dated_on = self._date()
        self.law_day = task.on or self.dated_on or task.today
        name = task.act.template.rpartition(".")[0]
        self.form: ActForm | None = task.book.acts.form_for(procedure, task.act.kind, task.instance, self.law_day, name)

    def within(self, *parts: PartKind) -> Iterator[ReadBlock]:
        return (each for each in self.blocks if each.part in parts)

    def field_text(self, name: str) -> str:
        """What the act says for a fact of the case, where it first says it; "" where it is blank or absent."""
        for each in self.blocks:
            text = "".join(run.text for run in runs_of(each.block) if run.field == name and not run.blank)
            if text:
                return text
        return ""

    def _date(self) -> date | None:
        from_field = self.field_text(DATE_FIELD)
        if from_field:
            return self._first_day(from_field)
        lines = (each for each in self.blocks if each.block.kind is BlockKind.PLACE_LINE)
        return next((day for each in lines if (day := self._first_day(each.text))), None)

    def _first_day(self, text: str) -> date | None:
        found = self.reader.read(text, self.language)
        return next((day_of(each.value) for each in found if each.kind is MentionKind.DATE), None)
