"""Sums: figures and words, totals of lists and tables, and an operative part that orders what was reasoned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from judge_desk.assistant.lint.phrases import finder
from judge_desk.assistant.lint.subject import ReadBlock, Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import BlockKind, PartKind, Row, text_of
from judge_desk.domain.cases import Language
from judge_desk.domain.findings import Finding
from judge_desk.domain.mentions import Mention, MentionKind, says_otherwise

TOTAL: dict[Language, tuple[str, ...]] = {
    Language.KAZAKH: ("барлығы", "жиыны", "жалпы сома~", "жалпы сомада"),
    Language.RUSSIAN: ("всего", "итого", "общ~ сумм~", "а всего", "в общей сложности"),
    Language.ENGLISH: ("total", "in total", "in all", "altogether"),
}
ORDERS = (PartKind.OPERATIVE, PartKind.WHOLE)
REASONS = (PartKind.REASONING, PartKind.DESCRIPTIVE_REASONING)
MOST_ADDENDS = 12
"""Sums that are tried in every combination; beyond that only their whole total is."""

_NUMBER = re.compile(
    r"^\s*(\d{1,3}(?:[\s\u00a0\u202f,]\d{3})+|\d+)(?:[.,](\d{1,2}))?\s*(?:₸|тг\.?|тенге|теңге|tenge)?\s*$"
)


def check_sums(reading: Reading) -> Iterator[Finding]:
    """sum.words, sum.total, sum.table, sum.reasons and sum.claim."""
    for each in reading.blocks:
        if each.block.kind is BlockKind.TABLE:
            yield from _table(reading, each)
        for found in each.of(MentionKind.SUM):
            spoken = says_otherwise(found, reading.language)
            if spoken is not None:
                yield _finding(reading, "sum.words", each, found=found.text, words=f"{spoken:,}".replace(",", "\u00a0"))
    yield from _totals(reading)
    yield from _against_reasons(reading)
    yield from _against_claim(reading)


def _finding(
    reading: Reading, rule: str, each: ReadBlock, severity: Severity = Severity.ERROR, **params: str
) -> Finding:
    norm = reading.form.norm if reading.form else ""
    return Finding(rule=rule, severity=severity, part=each.part, block=each.id, params=params, norm=norm)


def _totals(reading: Reading) -> Iterator[Finding]:
    """A sum behind "всего" must be what the sums before it in the block, or those of all the list, come to."""
    cue = finder(TOTAL[reading.language])
    for kinds in (ORDERS, REASONS):
        blocks = list(reading.within(*kinds))
        for each in blocks:
            hit = cue.search(each.text)
            total = next((found for found in each.of(MentionKind.SUM) if hit and found.start >= hit.start()), None)
            if hit is None or total is None:
                continue
            before = [int(found.value) for found in each.of(MentionKind.SUM) if found.end <= hit.start()]
            addends = before if len(before) > 1 else _all_but(blocks, each, cue)
            if len(addends) > 1 and sum(addends) != int(total.value):
                yield _finding(reading, "sum.total", each, total=total.text.strip(), sum=_shown(sum(addends)))


def _all_but(blocks: list[ReadBlock], total: ReadBlock, cue: re.Pattern[str]) -> list[int]:
    return [
        int(found.value)
        for each in blocks
        if each is not total and each.block.kind is BlockKind.LIST_ITEM and not cue.search(each.text)
        for found in each.of(MentionKind.SUM)
    ]


def _shown(tiyn: int) -> str:
    whole = f"{tiyn // 100:,}".replace(",", "\u00a0")
    return f"{whole},{tiyn % 100:02}" if tiyn % 100 else whole


def _table(reading: Reading, each: ReadBlock) -> Iterator[Finding]:
    """The last row of a table that says "итого" must be the sum of each column of numbers above it."""
    rows = [row for row in each.block.rows if not row.header]
    if len(rows) < 3 or not finder(TOTAL[reading.language]).search(_words(rows[-1])):
        return
    for column in range(len(rows[-1].cells)):
        values = [_value(row, column) for row in rows]
        total, addends = values[-1], [value for value in values[:-1] if value is not None]
        if total is not None and len(addends) == len(rows) - 1 and sum(addends) != total:
            shown = text_of(rows[-1].cells[column].runs).strip()
            yield _finding(reading, "sum.table", each, total=shown, sum=_shown(sum(addends)))


def _words(row: Row) -> str:
    return " ".join(text_of(cell.runs) for cell in row.cells)


def _value(row: Row, column: int) -> int | None:
    found = _NUMBER.match(text_of(row.cells[column].runs)) if column < len(row.cells) else None
    if found is None:
        return None
    return int(re.sub(r"\D", "", found[1])) * 100 + int((found[2] or "0").ljust(2, "0"))


def _sums(reading: Reading, parts: tuple[PartKind, ...]) -> list[tuple[ReadBlock, Mention]]:
    return [(each, found) for each in reading.within(*parts) for found in each.of(MentionKind.SUM)]


def _against_reasons(reading: Reading) -> Iterator[Finding]:
    """A sum of the operative part that is no sum of the reasons, nor what several of them come to."""
    reasons = {int(found.value) for _, found in _sums(reading, REASONS)}
    if not reasons:
        return
    known = _reachable(reasons)
    ordered = _sums(reading, ORDERS)
    totals = _reachable({int(found.value) for _, found in ordered if int(found.value) in known})
    for each, found in ordered:
        if int(found.value) not in known | totals:
            yield _finding(reading, "sum.reasons", each, found=found.text.strip())


def _reachable(values: set[int]) -> set[int]:
    found = {*values, sum(values)}
    if len(values) <= MOST_ADDENDS:
        for count in range(2, len(values)):
            found |= {sum(chosen) for chosen in combinations(values, count)}
    return found


def _against_claim(reading: Reading) -> Iterator[Finding]:
    """More than was claimed: a single sum of the operative part above the value of the claim."""
    claimed = reading.case.claim_tiyn if reading.case else None
    if claimed is None:
        stated = [
            int(found.value)
            for each in reading.within(PartKind.INTRODUCTORY)
            if any(run.field == "claim.sum" for run in each.block.runs)
            for found in each.of(MentionKind.SUM)
        ]
        claimed = max(stated, default=None)
    if not claimed:
        return
    for each, found in _sums(reading, (PartKind.OPERATIVE,)):
        if int(found.value) > claimed and not finder(TOTAL[reading.language]).search(each.text):
            yield _finding(
                reading, "sum.claim", each, Severity.WARNING, found=found.text.strip(), claimed=_shown(claimed)
            )
