"""Dates: days that no calendar has, an act dated after its signing, and events that lie after the act."""

from __future__ import annotations

import re
from collections.abc import Iterator

from judge_desk.assistant.lint.subject import DATE_FIELD, ReadBlock, Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import PartKind, runs_of
from judge_desk.domain.findings import Finding
from judge_desk.domain.mentions import Mention, MentionKind, day_of

_PAST_ONLY = (PartKind.INTRODUCTORY, PartKind.DESCRIPTIVE, PartKind.REASONING, PartKind.DESCRIPTIVE_REASONING)
_UNTIL = re.compile(r"(?:(?<!\w)(?:до|по|until|till|by)[\s\u00a0]+)$", re.IGNORECASE)
_UNTIL_AFTER = re.compile(r"[\s\u00a0]+дейін")
_TO_COME = frozenset({"hearing.date", "respond_by", DATE_FIELD})


def check_dates(reading: Reading) -> Iterator[Finding]:
    """date.impossible, date.after_signing, date.before_case and date.after_act."""
    for each in reading.blocks:
        for found in each.of(MentionKind.DATE):
            if not found.is_possible:
                yield _finding(reading, "date.impossible", each, found=found.text)
    if reading.dated_on is None:
        return
    yield from _act_date(reading)
    yield from _later_events(reading)


def _finding(
    reading: Reading, rule: str, each: ReadBlock, severity: Severity = Severity.ERROR, **params: str
) -> Finding:
    norm = reading.form.norm if reading.form else ""
    return Finding(rule=rule, severity=severity, part=each.part, block=each.id, params=params, norm=norm)


def _act_date(reading: Reading) -> Iterator[Finding]:
    day, case = reading.dated_on, reading.case
    if day is None or not reading.blocks:
        return
    place = next((each for each in reading.blocks if _holds_date(each)), reading.blocks[0])
    if day > reading.task.today:
        yield _finding(
            reading, "date.after_signing", place, found=day.isoformat(), today=reading.task.today.isoformat()
        )
    if case and case.received_on and day < case.received_on:
        yield _finding(reading, "date.before_case", place, found=day.isoformat(), received=case.received_on.isoformat())


def _holds_date(each: ReadBlock) -> bool:
    return any(run.field == DATE_FIELD for run in runs_of(each.block))


def _is_end(text: str, found: Mention) -> bool:
    """Until when something is valid lies ahead by its nature: "до 1 октября", "2026 жылғы 1 қазанға дейін"."""
    return bool(_UNTIL.search(text[: found.start]) or _UNTIL_AFTER.match(text[found.end :]))


def _later_events(reading: Reading) -> Iterator[Finding]:
    """In what lies before the operative part the court speaks of what has been."""
    for each in reading.within(*_PAST_ONLY):
        if any(run.field in _TO_COME for run in runs_of(each.block)):
            continue
        for found in each.of(MentionKind.DATE):
            day = day_of(found.value)
            if _is_end(each.text, found):
                continue
            if day is not None and reading.dated_on is not None and day > reading.dated_on:
                severity = Severity.NOTE if each.part is PartKind.REASONING else Severity.WARNING
                yield _finding(
                    reading, "date.after_act", each, severity, found=found.text, act=reading.dated_on.isoformat()
                )
