"""A whole act has no findings; taking away one requisite or part of it gives that finding and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.assistant.lint import lint
from judge_desk.assistant.lint.phrases import finder
from judge_desk.domain.act_forms import ActForm, Requisite
from judge_desk.domain.acts import ActText, Block, Cell, Part, Row, Run
from judge_desk.domain.cases import Language
from judge_desk.drafting.templates import Template, all_templates
from judge_desk.services.law import rule_book
from tests.unit.assistant.whole_acts import DAY, task, whole, without_part

FORMS = all_templates()
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def asked_of(form: Template) -> ActForm:
    law = rule_book().acts
    found = law.form_for(form.procedure, form.kind, form.instance, DAY, form.name)
    assert found is not None
    return found


def without(act: ActText, requisite: Requisite) -> ActText:
    """The act with every sign of a requisite taken out, and nothing else."""

    def stripped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        kept = []
        for run in runs:
            if run.field in requisite.fields and run.field:
                continue
            is_open = not run.field
            text = finder(requisite.says.get(act.language, ())).sub("", run.text) if is_open else run.text
            kept.append(replace(run, text=text))
        return tuple(kept)

    def block_stripped(block: Block) -> Block:
        near = requisite.near.get(act.language, ())
        if (requisite.blocks and block.kind not in requisite.blocks) or (near and not finder(near).search(block.text)):
            return block
        rows = tuple(Row(cells=tuple(Cell(runs=stripped(cell.runs)) for cell in row.cells)) for row in block.rows)
        return replace(block, runs=stripped(block.runs), rows=rows)

    def part_stripped(part: Part) -> Part:
        if part.kind not in requisite.parts:
            return part
        return replace(part, blocks=tuple(block_stripped(block) for block in part.blocks))

    return replace(act, parts=tuple(part_stripped(part) for part in act.parts))


@EACH_FORM
def test_a_whole_act_has_no_findings(form: Template) -> None:
    assert [(each.rule, each.block, each.params) for each in lint(task(whole(form)))] == []


@EACH_FORM
def test_each_requisite_taken_away_flips_its_own_rule(form: Template) -> None:
    act, law = whole(form), rule_book().acts
    for requisite in law.requisites_of(asked_of(form), DAY):
        poorer = without(act, requisite)
        assert poorer != act, f"{requisite.id} is not said in {form.id}"
        assert {each.rule for each in lint(task(poorer))} == {requisite.rule}, requisite.id


@EACH_FORM
def test_each_part_taken_away_is_missed(form: Template) -> None:
    for kind in asked_of(form).parts:
        if kind == "whole":
            continue
        found = lint(task(without_part(whole(form), kind)))
        missed = [each.part for each in found if each.rule == "part.missing"]
        assert missed == [kind]
        assert {each.rule for each in found} <= {"part.missing", "missing.guided"}


@EACH_FORM
def test_a_fresh_form_misses_nothing_but_its_facts(form: Template) -> None:
    from judge_desk.drafting.compose import compose
    from judge_desk.drafting.facts import CaseFacts

    empty = compose(form, CaseFacts(language=form.language))
    assert {each.rule for each in lint(task(empty))} == {"blank"}


def test_parts_in_a_wrong_order_are_found() -> None:
    act = whole(next(form for form in FORMS if form.id == "civil_decision.ru"))
    turned = replace(act, parts=(act.parts[0], act.parts[2], act.parts[1], act.parts[3]))
    assert [(each.rule, each.part) for each in lint(task(turned))] == [("part.order", "descriptive")]


def test_forms_are_chosen_by_the_day() -> None:
    from datetime import date

    law, simplified = rule_book().acts, next(form for form in FORMS if form.id == "civil_simplified_decision.ru")
    by_day = [
        law.form_for(simplified.procedure, simplified.kind, simplified.instance, day)
        for day in (date(2020, 1, 1), date(2024, 1, 1))
    ]
    assert [form and form.id for form in by_day] == ["civil.short_form", "civil.simplified"]


def test_every_requisite_is_worded_in_every_language() -> None:
    for requisite in rule_book().acts.requisites:
        assert requisite.fields or set(requisite.says) == set(Language), requisite.id
        for table in (requisite.says, requisite.near, requisite.right):
            assert not table or set(table) == set(Language), requisite.id
