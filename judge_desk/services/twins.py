"""An act in two languages: the second text begun from the first, both compared, and which of them is authoritative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActKind, ActText, Block, Cell, Part, Row, Run, normalised, runs_of
from judge_desk.domain.cases import Case, Language
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.mentions import MentionKind, day_of, mentions
from judge_desk.domain.twins import (
    TwinComparison,
    TwinDifference,
    TwinFault,
    TwinRow,
    authority_of,
    compare_twins,
    with_authority,
)
from judge_desk.drafting.facts import act_date, act_sum
from judge_desk.services.context import DeskContext
from judge_desk.services.draft_forms import BLANK, act_from
from judge_desk.services.drafts import DraftService
from judge_desk.services.law import citation_reader, mention_reader
from judge_desk.store import drafts, records

__all__ = ["TwinComparison", "TwinDifference", "TwinFault", "TwinPair", "TwinRow", "TwinService"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinPair:
    """A draft and its twin side by side. ``authority``: the language both call authoritative, else None."""

    here: Draft
    there: Draft
    comparison: TwinComparison
    authority: Language | None


class TwinService:
    """Both texts are drafts of their own: each is written, merged and synced as any draft is."""

    def __init__(self, context: DeskContext, service: DraftService) -> None:
        self._context, self._drafts = context, service
        self._reader = mention_reader()

    def twin_id(self, draft_id: str) -> str:
        """The draft of the same act in the other language; "" where there is none. Raises NotFound."""
        with self._context.store.reading() as connection:
            found = drafts.twin(connection, records.get(connection, Kind.DRAFT, draft_id))
        return found.id if found else ""

    def pair(self, draft_id: str, act: ActText | None = None) -> TwinPair:
        """Both texts compared, ``act`` in place of the draft's own where given; raises NotFound without a twin."""
        with self._context.store.reading() as connection:
            here: Draft = records.get(connection, Kind.DRAFT, draft_id)
            there = drafts.twin(connection, here)
        if there is None:
            raise NotFound("twin.none")
        here = replace(here, act=act or here.act)
        said = {authority_of(here.act), authority_of(there.act)}
        return TwinPair(
            here=here,
            there=there,
            comparison=compare_twins(here.act, there.act, self._reader),
            authority=said.pop() if len(said) == 1 else None,
        )

    def create(self, draft_id: str, language: Language) -> tuple[str, Changes]:
        """Begin the twin: the same form in the other language with the facts of the case and whatever needs no
        translator; gives its id. The first text becomes the authoritative one.

        Raises BadInput (it has one, or is in that language), NotAllowed, NotFound, Sealed.
        """
        draft = self._drafts.open(draft_id).draft
        if draft.act.language is language:
            raise BadInput("twin.same_language")
        if draft.state is DraftState.FINAL or (draft.pair_id and self.twin_id(draft_id)):
            raise BadInput("twin.has_one")
        with self._context.store.reading() as connection:
            template_id, act = self._twin_text(connection, draft, language)
        title = draft.title if template_id.startswith(f"{BLANK}.") else ""
        twin_id, changes = self._drafts.create(draft.case_id, template_id, secrecy=draft.secrecy, title=title)
        pair_id = draft.pair_id or new_id()
        changes |= self._drafts.save(twin_id, with_authority(act, draft.act.language)).changes
        changes |= self._drafts.save(draft_id, with_authority(draft.act, draft.act.language)).changes
        for each in (twin_id, draft_id):
            changes |= self._drafts.change(each, "pair", lambda one: replace(one, pair_id=pair_id))
        return twin_id, changes

    def _twin_text(self, connection: Connection, draft: Draft, language: Language) -> tuple[str, ActText]:
        """The form to begin on and the text that it makes; without such a form the first text stands there, block by
        block and marked as in its language, to be written over."""
        case: Case = records.get(connection, Kind.CASE, draft.case_id)
        template_id = f"{draft.act.template.rpartition('.')[0]}.{language}"
        try:
            fresh = act_from(self._context, connection, case, template_id)
        except NotFound:
            return f"{BLANK}.{ActKind.DECISION}.{language}", _to_translate(draft.act, language)
        return template_id, _carried(draft.act, fresh, language)

    def set_authority(self, draft_id: str, language: Language) -> Changes:
        """Write into both texts which of them is authoritative. Raises NotAllowed, NotFound, Sealed."""
        pair = self.pair(draft_id)
        changes = Changes()
        for each in (pair.here, pair.there):
            changes |= self._drafts.save(each.id, with_authority(each.act, language)).changes
        return changes

    def part(self, draft_id: str) -> Changes:
        """The two are one act no longer; both texts stay. Raises NotAllowed, NotFound, Sealed."""
        pair = self.pair(draft_id)
        changes = Changes()
        for each in (pair.here, pair.there):
            changes |= self._drafts.save(each.id, with_authority(each.act, None)).changes
            changes |= self._drafts.change(each.id, "part", lambda one: replace(one, pair_id=""))
        return changes

    def follow(self, draft_id: str) -> Changes:
        """Take the twin to where a draft has just moved: what is secret in one language is secret in both."""
        twin_id = self.twin_id(draft_id)
        if not twin_id:
            return Changes()
        secrecy: Secrecy = self._drafts.open(draft_id).draft.secrecy
        return self._drafts.set_secrecy(twin_id, secrecy).changes


def _to_translate(source: ActText, language: Language) -> ActText:
    parts = tuple(
        replace(part, blocks=tuple(replace(block, language=source.language) for block in part.blocks))
        for part in source.parts
    )
    return normalised(replace(source, language=language, template="", parts=parts))


def _carried(source: ActText, fresh: ActText, language: Language) -> ActText:
    """The fresh text with what the first one says in figures and names, and with the blocks that its writer added."""
    known = {block.id: block for block in source.blocks()}
    ours = {block.id for block in fresh.blocks()}
    parts = []
    for part in fresh.parts:
        filled = [_with_facts(block, known.get(block.id), source.language, language) for block in part.blocks]
        theirs = source.part(part.kind)
        parts.append(replace(part, blocks=tuple(_with_added(filled, theirs, ours, source.language))))
    return normalised(replace(fresh, parts=tuple(parts)))


def _with_added(blocks: list[Block], source: Part | None, ours: set[str], language: Language) -> Iterator[Block]:
    """Blocks that stand only in the first text follow the one they follow there, marked as in its language."""
    added: dict[str, list[Block]] = {}
    last = ""
    for block in source.blocks if source else ():
        if block.id in ours:
            last = block.id
        elif block.text.strip():
            added.setdefault(last, []).append(replace(block, language=language))
    yield from added.get("", ())
    for block in blocks:
        yield block
        yield from added.get(block.id, ())


def _with_facts(block: Block, source: Block | None, before: Language, after: Language) -> Block:
    if source is None:
        return block
    facts = {run.field: run.text for run in runs_of(source) if run.field and not run.blank}

    def filled(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(_filled(run, facts.get(run.field, ""), before, after) if run.blank else run for run in runs)

    rows = tuple(
        Row(cells=tuple(Cell(runs=filled(cell.runs), align=cell.align) for cell in row.cells), header=row.header)
        for row in block.rows
    )
    return replace(block, runs=filled(block.runs), rows=rows)


def _filled(run: Run, fact: str, before: Language, after: Language) -> Run:
    """A blank filled with a fact that needs no translator: a sum, a day, a number, a name."""
    words = reworded(fact, before, after)
    return replace(run, text=words, blank=False) if words else run


def reworded(fact: str, before: Language, after: Language) -> str:
    """A sum, day, number or name of one language in another; "" for anything that has to be translated."""
    found = mentions(fact, before, citation_reader())
    whole = next((each for each in found if each.text.strip(" .") == fact.strip(" .")), None)
    if whole is None or whole.words:
        return ""
    if whole.kind is MentionKind.SUM:
        return act_sum(int(whole.value), after)
    day = day_of(whole.value) if whole.kind is MentionKind.DATE else None
    if day is not None:
        return act_date(day, after)
    kept = (MentionKind.PERSON, MentionKind.NUMBER, MentionKind.CASE_NUMBER, MentionKind.IDENTITY)
    return fact if whole.kind in kept else ""
