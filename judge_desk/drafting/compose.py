"""Fills a form with the facts of a case; a missing fact becomes a visible blank that names what belongs there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from judge_desk.domain.acts import ActText, Block, Cell, Mark, Part, Row, Run, check_act, normalised
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.form_language import MARKED, SLOT, FormFault, has_code, is_true, pieces_of, run_code
from judge_desk.drafting.templates import Template, TemplateBlock

# Registers hold tabs and line ends inside their cells; a fact stands on one line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def compose(form: Template, facts: CaseFacts) -> ActText:
    """The act that the form and the facts make; the same input gives the same act, block ids included.

    Raises:
        BadInput: the facts are worded in another language than the form, or hold what no act may hold; a loop of the
            form goes on for too long.
    """
    if facts.language is not form.language:
        raise BadInput("drafting.bad.language", template=form.id, language=facts.language)
    values = {slot: _CONTROLS.sub(" ", value).strip() for slot, value in facts.values.items()}
    parts = tuple(
        Part(
            kind=part.kind,
            blocks=tuple(_block(block, form, values) for block in part.block if _is_wanted(block, form, values)),
        )
        for part in form.parts
    )
    act = normalised(ActText(language=form.language, kind=form.kind, template=form.id, parts=parts))
    check_act(act)
    return act


def _is_wanted(block: TemplateBlock, form: Template, values: Mapping[str, str]) -> bool:
    if block.when:
        with _named(form, block.id):
            return is_true(block.when, form.slots, values)
    return not block.optional or any(values.get(slot) for slot in block.slots())


def _block(source: TemplateBlock, form: Template, values: Mapping[str, str]) -> Block:
    with _named(form, source.id):
        label = _label(source.label, form, values)
        cells = tuple(Cell(runs=_filled(text, form, values)) for text in source.cells)
        runs = _filled(source.text, form, values)
    return Block(
        id=source.id,
        kind=source.kind,
        level=source.level,
        align=source.align,
        numbering=source.numbering,
        runs=label + runs,
        rows=(Row(cells=cells),) if cells else (),
    )


def _label(text: str, form: Template, values: Mapping[str, str]) -> tuple[Run, ...]:
    if not text:
        return ()
    return (*(replace(run, marks=(Mark.BOLD,)) for run in _filled(text, form, values)), Run(text=" "))


@contextmanager
def _named(form: Template, block_id: str) -> Iterator[None]:
    """A fault of a form's own code as a sentence that names form and block."""
    try:
        yield
    except FormFault as fault:
        raise BadInput(
            f"drafting.bad.code.{fault.reason}", file=form.id, line=fault.line, field=block_id, word=fault.word
        ) from None


def _filled(text: str, form: Template, values: Mapping[str, str]) -> tuple[Run, ...]:
    if has_code(text):
        return _run(text, form, values)
    runs: list[Run] = []
    at = 0
    for found in SLOT.finditer(text):
        runs.append(Run(text=text[at : found.start()]))
        runs.append(_fact(found[1], form, values))
        at = found.end()
    runs.append(Run(text=text[at:]))
    return tuple(run for run in runs if run.text)


def _run(text: str, form: Template, values: Mapping[str, str]) -> tuple[Run, ...]:
    made = _CONTROLS.sub(" ", run_code(text, form.slots, values))
    runs: list[Run] = []
    at = 0
    for found in MARKED.finditer(made):
        runs.append(Run(text=made[at : found.start()]))
        slot, piece = found[1], found[2]
        runs.append(Run(text=pieces_of(values[slot])[int(piece)], field=slot) if piece else _fact(slot, form, values))
        at = found.end()
    runs.append(Run(text=made[at:]))
    return tuple(run for run in runs if run.text)


def _fact(slot: str, form: Template, values: Mapping[str, str]) -> Run:
    value = values.get(slot, "")
    if value:
        return Run(text=value, field=slot)
    return Run(text=f"[{form.slots[slot]}]", field=slot, blank=True)
