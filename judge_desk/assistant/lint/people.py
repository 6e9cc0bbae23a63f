"""People and numbers: parties that are not named, names misspelt, IIN, BIN and case numbers in a wrong form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from judge_desk.assistant.lint.subject import NUMBER_FIELD, ReadBlock, Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import BlockKind, PartKind, runs_of
from judge_desk.domain.cases import Party, PartyRole, Procedure
from judge_desk.domain.findings import Finding
from judge_desk.domain.identity_numbers import identity_fault
from judge_desk.domain.mentions import Mention, MentionKind
from judge_desk.domain.names import is_misspelt, same_name
from judge_desk.domain.twins import COURTESY_BLOCK

HEADS = (PartKind.INTRODUCTORY, PartKind.WHOLE)
_NAMED = frozenset(PartyRole) - {PartyRole.REPRESENTATIVE, PartyRole.PROSECUTOR}
_WORD = re.compile(r"[^\W\d_]{3,}")


def check_people(reading: Reading) -> Iterator[Finding]:
    """party.missing, party.number, name.spelling, identity.* and case_number.*."""
    yield from _identities(reading)
    yield from _case_numbers(reading)
    yield from _spelling(reading)
    if reading.case is not None:
        yield from _parties(reading, reading.case.parties)


def _finding(reading: Reading, rule: str, each: ReadBlock | None, severity: Severity, **params: str) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        part=each.part if each else PartKind.INTRODUCTORY,
        block=each.id if each else "",
        params=params,
        norm=reading.form.norm if reading.form else "",
    )


def _identities(reading: Reading) -> Iterator[Finding]:
    for each in reading.blocks:
        for found in each.of(MentionKind.IDENTITY):
            fault = identity_fault(found.value)
            if fault is not None:
                yield _finding(reading, f"identity.{fault}", each, Severity.ERROR, found=found.text)


def _case_numbers(reading: Reading) -> Iterator[Finding]:
    """The number in the head of the act: in a form that the pack knows, and the case's own."""
    patterns = [each for each in reading.task.book.numbers if each.holds_on(reading.law_day)]
    for each in reading.within(*HEADS):
        for number in _head_numbers(each):
            if patterns and not any(pattern.parts(number) for pattern in patterns):
                yield _finding(
                    reading, "case_number.form", each, Severity.NOTE, found=number, example=patterns[0].example
                )
            if reading.case and number.casefold() != reading.case.number.strip().casefold():
                yield _finding(
                    reading, "case_number.other", each, Severity.ERROR, found=number, number=reading.case.number
                )


def _head_numbers(each: ReadBlock) -> list[str]:
    from_field = ["".join(run.text for run in runs_of(each.block) if run.field == NUMBER_FIELD and not run.blank)]
    if each.block.kind is BlockKind.PLACE_LINE and not from_field[0]:
        return [found.text for found in each.of(MentionKind.CASE_NUMBER)][:1]
    return [number.strip() for number in from_field if number.strip()]


def _spelling(reading: Reading) -> Iterator[Finding]:
    """A name that differs in a letter or two from one that the act writes more often, or that the case bears."""
    seen = [(each, found) for each in reading.blocks for found in each.of(MentionKind.PERSON)]
    counts = Counter(found.value for _, found in seen)
    # Two languages spell one name differently, and both are right.
    case = reading.case if reading.case and reading.case.language is reading.language else None
    known = [each for each in (*(party.name for party in case.parties), case.judge_name) if each] if case else []
    for name in counts:
        model = next((other for other in [*known, *_commoner(name, counts)] if is_misspelt(name, other)), "")
        if model:
            each = _first(seen, name)
            yield _finding(reading, "name.spelling", each, Severity.WARNING, found=name, model=model)


def _commoner(name: str, counts: Counter[str]) -> list[str]:
    """Names that stand more often; of two that stand as often the first one is the model."""
    order = list(counts)
    at = order.index(name)
    return [
        other
        for position, other in enumerate(order)
        if counts[other] > counts[name] or (counts[other] == counts[name] and position < at)
    ]


def _first(seen: list[tuple[ReadBlock, Mention]], name: str) -> ReadBlock:
    return next(each for each, found in seen if found.value == name)


def _parties(reading: Reading, parties: tuple[Party, ...]) -> Iterator[Finding]:
    """Every party of the case stands in the head of the act, with its own number where numbers are given."""
    heads = [each for each in reading.within(*HEADS) if each.id != COURTESY_BLOCK]
    words = [word for each in heads for word in _WORD.findall(each.text)]
    numbers = {found.value for each in heads for found in each.of(MentionKind.IDENTITY)}
    named = _NAMED - {PartyRole.PUBLIC_BODY} if reading.procedure is Procedure.ADMINISTRATIVE_OFFENCE else _NAMED
    for party in parties:
        # The body that drew up the record of an offence is no party of the act.
        if party.role not in named:
            continue
        # A public body is called otherwise in each language; its number is the same.
        is_known = party.is_organisation and party.number in numbers
        if not is_known and not _is_named(party.name, words):
            role = f"word.party.{party.role}"
            yield _finding(
                reading, "party.missing", heads[0] if heads else None, Severity.ERROR, name=party.name, role=role
            )
        elif party.number and numbers and party.number not in numbers:
            each = next(each for each in heads if _is_named(party.name, _WORD.findall(each.text)) or each is heads[-1])
            yield _finding(reading, "party.number", each, Severity.WARNING, name=party.name, number=party.number)


def _is_named(name: str, words: list[str]) -> bool:
    """Whether the main words of a name stand there; a person's surname is enough, since acts shorten the rest."""
    own = _WORD.findall(name)
    if not own:
        return True
    quoted = re.search(r"[«“\"]([^»”\"]+)[»”\"]", name)
    needed = _WORD.findall(quoted[1]) if quoted else own[:1]
    return all(any(same_name(word, other, across=True) for other in words) for word in needed or own[:1])
