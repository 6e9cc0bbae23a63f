"""Parts and requisites: what the form of the act asks for and what the act lacks, has twice, or has elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from judge_desk.assistant.lint.phrases import finder
from judge_desk.assistant.lint.subject import ReadBlock, Reading
from judge_desk.domain.act_forms import SAME_NORM, ActForm, Requisite, Severity
from judge_desk.domain.acts import BlockKind, PartKind, runs_of
from judge_desk.domain.cases import Language
from judge_desk.domain.findings import Finding

# The word with which a part begins, wherever it stands: it shows where the writer meant the part to be.
OPENINGS: dict[PartKind, dict[Language, tuple[str, ...]]] = {
    PartKind.OPERATIVE: {
        Language.KAZAKH: ("шешім қабылдады", "шешті", "қаулы етті", "ұйғарды", "үкім етті"),
        Language.RUSSIAN: ("решил~", "постановил~", "определил~", "приговорил~"),
        Language.ENGLISH: ("decided", "resolved", "ruled", "sentenced"),
    },
    PartKind.DESCRIPTIVE: {
        Language.KAZAKH: ("анықтады",),
        Language.RUSSIAN: ("установил~",),
        Language.ENGLISH: ("established",),
    },
}
_MEANS_DESCRIPTIVE = frozenset({PartKind.DESCRIPTIVE, PartKind.DESCRIPTIVE_REASONING})
_LONGEST_OPENING = 40


def check_parts(reading: Reading) -> Iterator[Finding]:
    """part.missing, part.empty, part.foreign, part.order and part.misplaced."""
    form = reading.form
    if form is None:
        return
    present = [part.kind for part in reading.act.parts]
    for kind in form.parts:
        if kind not in present:
            yield _of_part(form, "part.missing", kind)
    for part in reading.act.parts:
        first = part.blocks[0].id if part.blocks else ""
        if part.kind not in form.parts + form.may_have:
            yield _of_part(form, "part.foreign", part.kind, first)
        elif not any(block.text.strip() for block in part.blocks):
            yield _of_part(form, "part.empty", part.kind, first)
    order = [list(PartKind).index(kind) for kind in present]
    for at in range(1, len(order)):
        if order[at] < order[at - 1]:
            blocks = reading.act.parts[at].blocks
            yield _of_part(form, "part.order", present[at], blocks[0].id if blocks else "")
    yield from _misplaced(reading, form)


def _misplaced(reading: Reading, form: ActForm) -> Iterator[Finding]:
    for each in reading.blocks:
        words = each.text.strip()
        if each.block.kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH) or len(words) > _LONGEST_OPENING:
            continue
        for kind, openings in OPENINGS.items():
            homes = _MEANS_DESCRIPTIVE if kind is PartKind.DESCRIPTIVE else {kind}
            is_asked_for = bool(homes & set(form.parts))
            if (
                is_asked_for
                and each.part not in homes
                and finder(openings[reading.language]).fullmatch(words.rstrip(":"))
            ):
                yield _of_part(form, "part.misplaced", kind, each.id, stands=each.part)


def _of_part(form: ActForm, rule: str, kind: PartKind, block: str = "", stands: PartKind | None = None) -> Finding:
    severity = Severity.WARNING if rule in ("part.foreign", "part.misplaced") else Severity.ERROR
    params = {"part": f"word.part.{kind}"} | ({"stands": f"word.part.{stands}"} if stands else {})
    return Finding(
        rule=rule,
        severity=severity,
        part=stands or kind,
        block=block,
        params=params,
        norm=form.norm,
        certainty=form.certainty,
    )


def check_requisites(reading: Reading) -> Iterator[Finding]:
    """missing.* for what the form asks for and nobody says, term.other for a term that is not the law's."""
    form = reading.form
    if form is None:
        return
    present = {part.kind for part in reading.act.parts}
    for requisite in reading.task.book.acts.requisites_of(form, reading.law_day):
        parts = [kind for kind in requisite.parts if kind in present]
        if not parts:
            continue
        blocks = [
            each for each in reading.within(*parts) if not requisite.blocks or each.block.kind in requisite.blocks
        ]
        said, phrase = _signs(requisite, blocks, reading.language)
        if not said and not _has_fact(requisite, blocks):
            yield _missing(form, requisite, parts[0])
        elif phrase is not None:
            yield from _other_term(form, requisite, said, reading.language)


def _has_fact(requisite: Requisite, blocks: list[ReadBlock]) -> bool:
    return any(run.field in requisite.fields for each in blocks for run in runs_of(each.block) if run.text.strip())


def _signs(
    requisite: Requisite, blocks: list[ReadBlock], language: Language
) -> tuple[list[tuple[ReadBlock, str]], str | None]:
    """The blocks that say it with what they say; the phrase is None for what may be worded freely."""
    says = finder(requisite.says.get(language, ()))
    near = requisite.near.get(language, ())
    found: list[tuple[ReadBlock, str]] = []
    for each in blocks:
        text = each.own_text(requisite.fields)
        hit = says.search(text)
        if hit and (not near or finder(near).search(text)):
            found.append((each, hit[0]))
    return found, found[0][1] if found and requisite.right else None


def _other_term(
    form: ActForm, requisite: Requisite, said: list[tuple[ReadBlock, str]], language: Language
) -> Iterator[Finding]:
    right = requisite.right.get(language, ())
    if right and not any(finder(right).search(each.own_text(requisite.fields)) for each, _ in said):
        each, phrase = said[0]
        yield Finding(
            rule="term.other",
            severity=Severity.WARNING,
            part=each.part,
            block=each.id,
            params={"found": phrase, "expected": " / ".join(right[:2])},
            what=requisite.names,
            norm=_norm(form, requisite),
            certainty=requisite.certainty,
        )


def _missing(form: ActForm, requisite: Requisite, part: PartKind) -> Finding:
    return Finding(
        rule=requisite.rule,
        severity=requisite.severity,
        part=part,
        params={"part": f"word.part.{part}"},
        what=requisite.names,
        norm=_norm(form, requisite),
        certainty=requisite.certainty,
    )


def _norm(form: ActForm, requisite: Requisite) -> str:
    return form.norm if requisite.norm == SAME_NORM else requisite.norm


def check_blanks(reading: Reading) -> Iterator[Finding]:
    """blank: a fact that the form asks for and nobody has filled in; number and date are set when the act is closed."""
    for each in reading.blocks:
        seen: set[str] = set()
        for run in runs_of(each.block):
            if run.blank and run.field not in seen:
                seen.add(run.field)
                closing = run.field in ("act.number", "act.date")
                yield Finding(
                    rule="blank",
                    severity=Severity.NOTE if closing else Severity.ERROR,
                    part=each.part,
                    block=each.id,
                    params={"text": run.text.strip("[]")},
                    norm=reading.form.norm if reading.form else "",
                )
