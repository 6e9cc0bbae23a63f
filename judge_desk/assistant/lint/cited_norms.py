"""Cited norms: one that no code has, one that was not in force on the day of the act, a code of other proceedings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from judge_desk.assistant.lint.phrases import finder
from judge_desk.assistant.lint.subject import ReadBlock, Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import runs_of
from judge_desk.domain.cases import Language
from judge_desk.domain.findings import Finding
from judge_desk.domain.mentions import MentionKind
from judge_desk.domain.norms import Law, Rule, weakest

GUIDED = {
    Language.KAZAKH: ("басшылыққа ал~",),
    Language.RUSSIAN: ("руководствуясь", "руководствуется"),
    Language.ENGLISH: ("guided by",),
}
_PROCEDURE_CODES = frozenset({"cpc", "appc", "cao", "crpc"})


def check_norms(reading: Reading) -> Iterator[Finding]:
    """norm.unknown, norm.repealed, norm.early and norm.foreign."""
    law = reading.task.book.law
    for each in reading.blocks:
        for norm in _norms_of(each):
            yield from _check(reading, law, each, norm)
    yield from _foreign(reading)


def _norms_of(each: ReadBlock) -> list[str]:
    """Every norm of the block once: those read from its words, and those that the editor marked."""
    read = [found.value for found in each.of(MentionKind.NORM)]
    marked = [run.norm for run in runs_of(each.block) if run.norm]
    return list(dict.fromkeys(read + marked))


def _check(reading: Reading, law: Law, each: ReadBlock, norm: str) -> Iterator[Finding]:
    code_id, _, article = norm.partition(".")
    codes = [code for code in law.codes if code.id == code_id]
    if not codes:
        return
    held = [code for code in codes if code.holds_on(reading.law_day)]
    versions = [known for known in law.articles if known.id == norm]
    if not held:
        yield _out_of_force(reading, each, norm, codes)
    elif versions and not any(known.holds_on(reading.law_day) for known in versions):
        yield _out_of_force(reading, each, norm, versions)
    elif held[0].articles and _number(article) > held[0].articles:
        yield Finding(
            rule="norm.unknown",
            severity=Severity.ERROR,
            part=each.part,
            block=each.id,
            params={"article": article, "last": str(held[0].articles)},
            what=held[0].short,
            norm=held[0].norm,
            certainty=held[0].certainty,
        )


def _out_of_force(reading: Reading, each: ReadBlock, norm: str, rules: Sequence[Rule]) -> Finding:
    ended = [rule.valid_to for rule in rules if rule.valid_to and rule.valid_to < reading.law_day]
    begins = [rule.valid_from for rule in rules if rule.valid_from and rule.valid_from > reading.law_day]
    limit = max(ended) if ended else min(begins)
    return Finding(
        rule="norm.repealed" if ended else "norm.early",
        severity=Severity.ERROR,
        part=each.part,
        block=each.id,
        params={"day": limit.isoformat(), "on": reading.law_day.isoformat()},
        what=spoken(reading.task.book.law, norm),
        norm=rules[0].norm,
        certainty=weakest(*(rule.certainty for rule in rules)),
    )


def spoken(law: Law, norm: str) -> dict[str, str]:
    """A norm's name by language code: "ҚР АПК 226-бабы", "статья 226 ГПК РК", "Article 226 CPC"."""
    code_id, _, article = norm.partition(".")
    code = law.code(code_id)
    short = code.short if code else {"kk": code_id, "ru": code_id, "en": code_id}
    return {
        "kk": f"{short['kk']} {article}-бабы",
        "ru": f"статья {article} {short['ru']}",
        "en": f"Article {article} {short['en']}",
    }


def _number(article: str) -> int:
    found = re.match(r"\d+", article)
    return int(found[0]) if found else 0


def _foreign(reading: Reading) -> Iterator[Finding]:
    """The court is guided by a code of procedure, but by none of its own proceedings."""
    form = reading.form
    if form is None or not form.code:
        return
    guided = [each for each in reading.blocks if finder(GUIDED[reading.language]).search(each.text)]
    cited = {found.value.partition(".")[0]: each for each in guided for found in each.of(MentionKind.NORM)}
    strangers = [code for code in cited if code in _PROCEDURE_CODES and code != form.code]
    if strangers and form.code not in cited:
        each, law = cited[strangers[0]], reading.task.book.law
        code, own = law.code(strangers[0]), law.code(form.code)
        yield Finding(
            rule="norm.foreign",
            severity=Severity.ERROR,
            part=each.part,
            block=each.id,
            params={
                "procedure": f"word.procedure.{reading.procedure}",
                "own": own.short[reading.language] if own else "",
            },
            what=code.short if code else {},
            norm=form.norm,
            certainty=form.certainty,
        )
