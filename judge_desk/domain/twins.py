"""Two texts of one act in two languages: which paragraph answers which, and every fact in which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

from judge_desk.domain.acts import ActText, Block, BlockKind, Part, PartKind, Run, runs_of
from judge_desk.domain.cases import Language
from judge_desk.domain.mentions import Mention, MentionKind, MentionReader
from judge_desk.domain.names import same_name
from judge_desk.domain.spoken import spoken_language


class TwinFault(StrEnum):
    """What differs. PARAGRAPH: one text has a block that the other lacks; PART: a whole part; LANGUAGE: a paragraph is
    not in the language of its text."""

    PART = "part"
    PARAGRAPH = "paragraph"
    LANGUAGE = "language"
    IDENTITY = "identity"
    CASE_NUMBER = "case_number"
    NORM = "norm"
    DATE = "date"
    SUM = "sum"
    PERCENT = "percent"
    NUMBER = "number"
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinDifference:
    """One fact that only one text states, or that both state differently; "" where a side says nothing.

    ``block`` and ``other_block`` are the blocks of the first and the second text, "" where there is none.
    """

    fault: TwinFault
    part: PartKind
    block: str = ""
    other_block: str = ""
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinRow:
    """One pair of paragraphs as they stand side by side; None where a side has nothing to put there."""

    part: PartKind
    here: Block | None
    there: Block | None
    differences: tuple[TwinDifference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinComparison:
    rows: tuple[TwinRow, ...] = ()
    missing_parts: tuple[TwinDifference, ...] = field(default=())

    @property
    def differences(self) -> tuple[TwinDifference, ...]:
        return self.missing_parts + tuple(each for row in self.rows for each in row.differences)


_ORDER = {kind: at for at, kind in enumerate(MentionKind)}
AUTHORITY_BLOCK = "twin-authority"
"""The block that says which of the two texts is authoritative."""
COURTESY_BLOCK = "courtesy"
"""The block with which an English text says that it is a translation only."""

_AUTHORITY = {
    Language.KAZAKH: {
        Language.KAZAKH: "Актінің қазақ тіліндегі мәтіні түпнұсқа болып табылады.",
        Language.RUSSIAN: "Актінің орыс тіліндегі мәтіні түпнұсқа болып табылады.",
        Language.ENGLISH: "Актінің ағылшын тіліндегі мәтіні түпнұсқа болып табылады.",
    },
    Language.RUSSIAN: {
        Language.KAZAKH: "Подлинным является текст акта на казахском языке.",
        Language.RUSSIAN: "Подлинным является текст акта на русском языке.",
        Language.ENGLISH: "Подлинным является текст акта на английском языке.",
    },
    Language.ENGLISH: {
        Language.KAZAKH: "The Kazakh text of this act is authoritative.",
        Language.RUSSIAN: "The Russian text of this act is authoritative.",
        Language.ENGLISH: "The English text of this act is authoritative.",
    },
}


def authority_of(act: ActText) -> Language | None:
    """The language whose text the act calls authoritative; None where it does not say."""
    block = act.block(AUTHORITY_BLOCK)
    said = block.text.strip() if block else ""
    return next((language for language, words in _AUTHORITY[act.language].items() if words == said), None)


def with_authority(act: ActText, authority: Language | None) -> ActText:
    """The act with the sentence that names the authoritative text before its signatures, or without it."""
    block = Block(id=AUTHORITY_BLOCK, runs=(Run(text=_AUTHORITY[act.language][authority]),)) if authority else None
    parts = [
        replace(part, blocks=tuple(each for each in part.blocks if each.id != AUTHORITY_BLOCK)) for part in act.parts
    ]
    if block is not None and parts:
        last = parts[-1].blocks
        at = next((at for at, each in enumerate(last) if each.kind is BlockKind.SIGNATURE), len(last))
        parts[-1] = replace(parts[-1], blocks=(*last[:at], block, *last[at:]))
    return replace(act, parts=tuple(parts))


def compare_twins(here: ActText, there: ActText, reader: MentionReader) -> TwinComparison:
    """Put both texts side by side and compare what must not depend on the language."""
    rows: list[TwinRow] = []
    missing: list[TwinDifference] = []
    for kind in PartKind:
        ours, theirs = here.part(kind), there.part(kind)
        if ours is None and theirs is None:
            continue
        if ours is None or theirs is None:
            word = kind.value
            missing.append(
                TwinDifference(fault=TwinFault.PART, part=kind, here=word if ours else "", there=word if theirs else "")
            )
        for pair in _pairs(ours, theirs):
            rows.append(_row(kind, pair, (here.language, there.language), reader))
    return TwinComparison(rows=tuple(rows), missing_parts=tuple(missing))


def _pairs(here: Part | None, there: Part | None) -> Iterator[tuple[Block | None, Block | None]]:
    """Blocks of one id answer each other; between them, those that are left answer each other in turn."""
    ours = _written(here)
    theirs = _written(there)
    matcher = SequenceMatcher(None, [each.id for each in ours], [each.id for each in theirs], autojunk=False)
    at = there_at = 0
    for found in matcher.get_matching_blocks():
        yield from _side_by_side(ours[at : found.a], theirs[there_at : found.b])
        for step in range(found.size):
            yield ours[found.a + step], theirs[found.b + step]
        at, there_at = found.a + found.size, found.b + found.size


def _written(part: Part | None) -> list[Block]:
    blocks = part.blocks if part else ()
    said = (block for block in blocks if block.id not in (AUTHORITY_BLOCK, COURTESY_BLOCK))
    return [block for block in said if any(run.text.strip() for run in runs_of(block))]


def _side_by_side(ours: Sequence[Block], theirs: Sequence[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    for at in range(max(len(ours), len(theirs))):
        yield ours[at] if at < len(ours) else None, theirs[at] if at < len(theirs) else None


def _row(
    part: PartKind,
    pair: tuple[Block | None, Block | None],
    languages: tuple[Language, Language],
    reader: MentionReader,
) -> TwinRow:
    here, there = pair
    if here is None or there is None:
        lone = here or there
        assert lone is not None
        start = _start(lone.text)
        fault = TwinDifference(
            fault=TwinFault.PARAGRAPH,
            part=part,
            block=here.id if here else "",
            other_block=there.id if there else "",
            here=start if here else "",
            there=start if there else "",
        )
        return TwinRow(part=part, here=here, there=there, differences=(fault,))
    ours = reader.read(here.text, languages[0])
    theirs = reader.read(there.text, languages[1])
    both = zip((here, there), languages, strict=True)
    strange = [_start(block.text) if _is_strange(block, language) else "" for block, language in both]
    found = tuple(
        TwinDifference(
            fault=TwinFault(kind.value), part=part, block=here.id, other_block=there.id, here=left, there=right
        )
        for kind, left, right in _unlike(ours, theirs, languages)
    )
    if any(strange):
        untold = TwinDifference(
            fault=TwinFault.LANGUAGE, part=part, block=here.id, other_block=there.id, here=strange[0], there=strange[1]
        )
        found = (untold, *found)
    return TwinRow(part=part, here=here, there=there, differences=found)


def _start(text: str) -> str:
    return f"{text[:60]}…" if len(text) > 60 else text


def _is_strange(block: Block, language: Language) -> bool:
    """Whether a block is plainly in another language than its text; a quotation may be."""
    spoken = spoken_language(block.text) if block.kind is not BlockKind.QUOTATION else None
    return spoken is not None and spoken is not language


def _unlike(
    ours: Sequence[Mention], theirs: Sequence[Mention], languages: tuple[Language, Language]
) -> Iterator[tuple[MentionKind, str, str]]:
    """What is left of each kind when everything that both say is taken away, paired in the order of the text."""
    spoken = {each.kind for each in ours} | {each.kind for each in theirs}
    for kind in sorted(spoken, key=_ORDER.__getitem__):
        left = [each for each in ours if each.kind is kind]
        right = [each for each in theirs if each.kind is kind]
        if kind in (MentionKind.PERSON, MentionKind.ORGANISATION):
            left, right = _unmatched_names(left, right)
            if Language.ENGLISH in languages and kind is MentionKind.ORGANISATION:
                continue
        else:
            left, right = _unmatched(left, right)
        for at in range(max(len(left), len(right))):
            yield kind, left[at].text if at < len(left) else "", right[at].text if at < len(right) else ""


def _unmatched(ours: Sequence[Mention], theirs: Sequence[Mention]) -> tuple[list[Mention], list[Mention]]:
    if [each.value for each in ours] == [each.value for each in theirs]:
        return [], []
    right = list(theirs)
    left = []
    for each in ours:
        at = next((at for at, other in enumerate(right) if other.value == each.value), None)
        if at is None:
            left.append(each)
        else:
            del right[at]
    return left, right


def _unmatched_names(ours: Sequence[Mention], theirs: Sequence[Mention]) -> tuple[list[Mention], list[Mention]]:
    right = list(theirs)
    left = []
    for each in ours:
        twin = next((other for other in right if same_name(each.value, other.value, across=True)), None)
        if twin is None:
            left.append(each)
        else:
            right.remove(twin)
    return left, right
