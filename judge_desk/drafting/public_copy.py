"""The copy of an act for the public: who is who is hidden by the case's own data, in every form that words take.

Nothing is replaced in silence: `find` gives a list for a person to confirm, `hide` carries out what was confirmed, and
`leaks` searches what is left once more with a coarser net. The net catches too much rather than too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from judge_desk.domain.acts import ActText, Block, Run, normalised, runs_of, text_of
from judge_desk.domain.cases import Party
from judge_desk.drafting.name_forms import NameForms
from judge_desk.i18n.translator import Translator


class HiddenKind(StrEnum):
    """What is hidden."""

    NAME = "name"
    NUMBER = "number"
    ADDRESS = "address"
    PHONE = "phone"
    PLATE = "plate"
    ACCOUNT = "account"
    EMAIL = "email"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One place: the letters from ``start`` to ``end`` of a block's ``cell`` (0 for the text itself) become ``put``."""

    block: str
    cell: int
    start: int
    end: int
    found: str
    put: str
    kind: HiddenKind


_PATTERNS: tuple[tuple[HiddenKind, re.Pattern[str]], ...] = (
    (HiddenKind.ACCOUNT, re.compile(r"\bKZ\s?\d{2}(?:\s?[0-9A-Z]{4}){4}\b", re.IGNORECASE)),
    (HiddenKind.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        HiddenKind.PHONE,
        re.compile(r"(?<![\w/])(?:\+\s?7|8)[\s\u00a0(-]*\d{3}[\s\u00a0)-]*\d{3}(?:[\s\u00a0-]*\d{2}){2}\b"),
    ),
    (HiddenKind.NUMBER, re.compile(r"(?<![\d/-])\d{12}(?!\d)|(?<![\d/-])\d{6}[ \u00a0]\d{6}(?!\d)")),
    (HiddenKind.PLATE, re.compile(r"(?<!\w)(?:\d{3}\s?[A-ZА-Я]{2,3}\s?\d{2}|[A-ZА-Я]\s?\d{3}\s?[A-ZА-Я]{3})(?!\w)")),
    (
        HiddenKind.BIRTHDAY,
        re.compile(
            r"\d{2}\.\d{2}\.\d{4}(?=\s*(?:г\.?\s?р|года рождения|ж\.?\s?т|жылы туған|жылғы туған))"
            r"|(?<=туған күні )\d{2}\.\d{2}\.\d{4}|(?<=дата рождения )\d{2}\.\d{2}\.\d{4}"
        ),
    ),
    (
        HiddenKind.ADDRESS,
        re.compile(
            r"(?:\bг\.\s?[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+,\s*)?(?:ул\.|улица|пр\.|проспект|пер\.|мкр\.?|микрорайон|көшесі)\s*"
            r"[^,;.()]{2,40}(?:,\s*(?:д\.|дом|үй|кв\.|пәтер|корпус|№)?\s*\d+[\w/-]*)+"
            r"|[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+(?:\s[\w-]+){0,2}\s(?:көшесі|даңғылы|ықшам\s?ауданы)"
            r"(?:,?\s*\d+[\w/-]*(?:-?үй)?)?(?:,?\s*\d+-?\s?пәтер)?",
        ),
    ),
)


_NUMBER_WORD = re.compile(r"(?<!\w)(?:ИИН|БИН|ЖСН|БСН|IIN|BIN)[\s\u00a0:№]*$")


class PublicCopy:
    """What to hide in one act, by the parties of its case and by what identifiers look like."""

    def __init__(self, act: ActText, parties: Sequence[Party]) -> None:
        self._act = act
        self._words = Translator(act.language)
        self._people = [party for party in parties if party.name.strip()]
        self._names = NameForms([party.name for party in self._people if not party.is_organisation])
        self._signs = _signs(self._names.people)

    def find(self) -> tuple[Hidden, ...]:
        """Every place to be hidden, in reading order; none overlap."""
        return tuple(
            hidden
            for block in self._act.blocks()
            for cell, text in _texts(block)
            for hidden in _apart(self._in_text(block.id, cell, text))
        )

    def texts(self) -> Iterator[tuple[str, int, str]]:
        """(block id, cell, text) of everything that places are counted in."""
        for block in self._act.blocks():
            yield from ((block.id, cell, text) for cell, text in _texts(block))

    def hide(self, chosen: Iterable[Hidden]) -> ActText:
        """The act with the chosen places hidden. Facts and references lose their links to the case file."""
        by_place: dict[tuple[str, int], list[Hidden]] = {}
        for each in chosen:
            by_place.setdefault((each.block, each.cell), []).append(each)
        parts = tuple(
            replace(part, blocks=tuple(_hidden(block, by_place) for block in part.blocks)) for part in self._act.parts
        )
        return normalised(replace(self._act, parts=parts))

    def leaks(self, copy: ActText) -> tuple[str, ...]:
        """Words of the finished copy that may still tell who somebody is; each is shown to the person."""
        found: dict[str, None] = {}
        exact = [part for party in self._people for part in (party.number, party.phone, party.address) if part]
        for block in copy.blocks():
            for _, text in _texts(block):
                squeezed = re.sub(r"[\s\u00a0()+-]", "", text)
                for secret in exact:
                    if len(secret) > 4 and re.sub(r"[\s\u00a0()+-]", "", secret) in squeezed:
                        found.setdefault(secret)
                for word in self._names.coarse(text):
                    found.setdefault(word)
                for _, pattern in _PATTERNS:
                    for match in pattern.finditer(text):
                        found.setdefault(match[0])
        return tuple(found)

    def _in_text(self, block: str, cell: int, text: str) -> Iterator[Hidden]:
        for start, end, put, kind in self._places(text):
            yield Hidden(block=block, cell=cell, start=start, end=end, found=text[start:end], put=put, kind=kind)

    def _places(self, text: str) -> Iterator[tuple[int, int, str, HiddenKind]]:
        for start, end, person in self._names.found(text):
            yield start, end, self._signs[person], HiddenKind.NAME
        known = [(kind, re.compile(_loosely(value))) for party in self._people for value, kind in self._facts(party)]
        for kind, pattern in (*known, *_PATTERNS):
            for match in pattern.finditer(text):
                yield _with_its_word(text, match.start(), kind), match.end(), self._put(kind), kind

    def _facts(self, party: Party) -> Iterator[tuple[str, HiddenKind]]:
        for value, kind in (
            (party.number, HiddenKind.NUMBER),
            (party.address, HiddenKind.ADDRESS),
            (party.phone, HiddenKind.PHONE),
        ):
            if len(value.strip()) > 4:
                yield value.strip(), kind

    def _put(self, kind: HiddenKind) -> str:
        return f"[{self._words.text(f'outputs.hidden.{kind}')}]"


def _with_its_word(text: str, start: int, kind: HiddenKind) -> int:
    """Where the word before a number begins, so that no "ИИН [ИИН/БИН]" is left; else where the number does."""
    word = _NUMBER_WORD.search(text[max(0, start - 8) : start]) if kind is HiddenKind.NUMBER else None
    return start - len(word[0]) if word else start


def _signs(people: Sequence[tuple[str, ...]]) -> list[str]:
    """Initials for each person; a number tells apart two who share them."""
    taken: dict[str, int] = {}
    signs = []
    for words in people:
        sign = "".join(f"{word[0].upper()}." for word in words[:3])
        taken[sign] = taken.get(sign, 0) + 1
        signs.append(sign if taken[sign] == 1 else f"{sign}{taken[sign]}")
    return signs


def _loosely(value: str) -> str:
    """The value with any spaces where it has some, or between groups of its digits."""
    if re.sub(r"[\s+()-]", "", value).isdecimal():
        return r"(?<!\d)\+?" + r"[\s\u00a0()-]*".join(re.findall(r"\d", value)) + r"(?!\d)"
    return r"[\s\u00a0]+".join(re.escape(word) for word in value.split())


def _apart(found: Iterable[Hidden]) -> list[Hidden]:
    """The longest where several begin together or overlap, in order."""
    kept: list[Hidden] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end - each.start > kept[-1].end - kept[-1].start:
            kept[-1] = each
    return kept


def _texts(block: Block) -> Iterator[tuple[int, str]]:
    """The text of the block, and that of each of its cells counted from 1."""
    if not block.rows:
        yield 0, text_of(block.runs)
    for number, cell in enumerate((cell for row in block.rows for cell in row.cells), start=1):
        yield number, text_of(cell.runs)


def _hidden(block: Block, by_place: dict[tuple[str, int], list[Hidden]]) -> Block:
    number = 0
    rows = []
    for row in block.rows:
        cells = []
        for cell in row.cells:
            number += 1
            cells.append(replace(cell, runs=_cut(cell.runs, by_place.get((block.id, number), []))))
        rows.append(replace(row, cells=tuple(cells)))
    return replace(block, runs=_cut(block.runs, by_place.get((block.id, 0), [])), rows=tuple(rows))


def _cut(runs: tuple[Run, ...], places: list[Hidden]) -> tuple[Run, ...]:
    """The runs with the places replaced; the marks of the first letter stay, links to the case file do not."""
    out: list[Run] = []
    at = 0
    for run in runs:
        if run.note:
            out.append(run)
            continue
        plain = Run(text="", marks=run.marks, norm=run.norm)
        end = at + len(run.text)
        here = at
        for place in sorted(places, key=lambda one: one.start):
            if place.end <= here or place.start >= end:
                continue
            if place.start > here:
                out.append(replace(plain, text=run.text[here - at : place.start - at]))
            if place.start >= at:
                out.append(replace(plain, text=place.put))
            here = min(place.end, end)
        out.append(replace(plain, text=run.text[here - at :]))
        at = end
    return tuple(run for run in out if run.text or run.note)


def is_clean(act: ActText) -> bool:
    """Whether nothing in the act points into a case file any more."""
    return not any(run.field or run.reference for block in act.blocks() for run in runs_of(block))
