"""Runs every rule over an act and gives what was found in the order in which a reader meets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from judge_desk.assistant.lint.cited_norms import check_norms
from judge_desk.assistant.lint.claims import check_claims
from judge_desk.assistant.lint.dates import check_dates
from judge_desk.assistant.lint.pair import check_twin
from judge_desk.assistant.lint.people import check_people
from judge_desk.assistant.lint.requisites import check_blanks, check_parts, check_requisites
from judge_desk.assistant.lint.subject import LintTask, Reading
from judge_desk.assistant.lint.sums import check_sums
from judge_desk.domain.acts import ActKind, ActText, PartKind
from judge_desk.domain.cases import Language, Procedure
from judge_desk.domain.citations import CitationReader
from judge_desk.domain.findings import Finding
from judge_desk.domain.mentions import MentionReader
from judge_desk.drafting.templates import all_templates
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator

RULES: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    check_parts,
    check_requisites,
    check_blanks,
    check_claims,
    check_people,
    check_sums,
    check_norms,
    check_dates,
    check_twin,
)
# How an act names its own proceedings, most telling first.
_CUES: tuple[tuple[Procedure, re.Pattern[str]], ...] = tuple(
    (procedure, re.compile(words, re.IGNORECASE))
    for procedure, words in (
        (
            Procedure.ADMINISTRATIVE_OFFENCE,
            r"административн\w+ правонарушени|әкімшілік құқық бұзушылық|administrative offence",
        ),
        (Procedure.RESTRAINT, r"мер\w+ пресечения|бұлтартпау шара|measure of restraint"),
        (Procedure.CRIMINAL, r"уголовн\w+ дел|қылмыстық іс|criminal case"),
        (Procedure.ADMINISTRATIVE, r"административн\w+ дел|әкімшілік іс|administrative case"),
        (Procedure.CIVIL_SIMPLIFIED, r"упрощ[её]нно\w+|оңайлатылған|simplified"),
        (Procedure.CIVIL_ORDER, r"приказно\w+ производств|бұйрық арқылы|order procedure"),
    )
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_USUAL = {ActKind.VERDICT: Procedure.CRIMINAL, ActKind.COURT_ORDER: Procedure.CIVIL_ORDER}


def lint(task: LintTask) -> tuple[Finding, ...]:
    """Everything worth a look, by place in the act and then by weight; the same task gives the same findings."""
    task = _placed(task)
    assert task.procedure is not None
    reader = task.reader or MentionReader(CitationReader(task.book.law))
    reading = Reading(task, task.procedure, reader)
    found = [finding for rule in RULES for finding in rule(reading)]
    order = {each.id: at for at, each in enumerate(reading.blocks)}
    parts = list(PartKind)

    def place(finding: Finding) -> tuple[int, int, int]:
        part = parts.index(finding.part) if finding.part else len(parts)
        return (part, order.get(finding.block, -1), list(type(finding.severity)).index(finding.severity))

    once = {_identity(each): each for each in sorted(found, key=place)}
    return tuple(once.values())


def _identity(each: Finding) -> tuple[str, ...]:
    """What makes two findings one; a digest, as of ``Finding.key``, costs more than finding it did."""
    said = (word for pair in (*each.params.items(), *each.what.items()) for word in pair)
    return (each.rule, each.block, each.other_block, *said)


def _placed(task: LintTask) -> LintTask:
    """The task with its procedure and instance: from the case, the template, or the act's own words."""
    if task.procedure is not None:
        return task
    if task.case is not None:
        return replace(task, procedure=task.case.procedure, instance=task.case.instance)
    for form in all_templates():
        if form.id == task.act.template:
            return replace(task, procedure=form.procedure, instance=form.instance)
    return replace(task, procedure=_procedure_in(task.act))


def _procedure_in(act: ActText) -> Procedure:
    head = "\n".join(block.text for part in act.parts[:1] for block in part.blocks)
    found = next((procedure for procedure, cue in _CUES if cue.search(head)), None)
    return found or _USUAL.get(act.kind, Procedure.CIVIL)


def sentence(finding: Finding, text: Translator) -> str:
    """The finding in words; keys of the glossary among its parameters are said in the same language."""
    language = Language(text.language) if text.language in set(Language) else Language.ENGLISH
    params = {name: _said(value, text) for name, value in finding.params.items()}
    said = text.text(_text_key(finding), what=finding.what.get(language, ""), **params)
    return f"{said[:1].upper()}{said[1:]}".replace("..", ".")


def _said(value: str, text: Translator) -> str:
    """A key of the glossary as its word, a day as the language writes it, anything else as it is."""
    if value.startswith("word."):
        return text(value)
    return formats.date_short(date.fromisoformat(value), text.language) if _DAY.fullmatch(value) else value


def _text_key(finding: Finding) -> str:
    return "lint.missing" if finding.rule.startswith("missing.") else f"lint.{finding.rule}"
