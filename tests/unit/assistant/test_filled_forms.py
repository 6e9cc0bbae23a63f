"""What a careful judge leaves has no findings: every form on a case that suits it, alone and beside its twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.assistant.lint import LintTask, lint
from judge_desk.domain.acts import ActText, Run
from judge_desk.domain.cases import Language
from judge_desk.domain.twins import with_authority
from judge_desk.drafting.templates import Template, all_templates, template
from judge_desk.services.law import rule_book
from tests.unit.drafting.filled_forms import DAY, filled_form, suited_case

EACH_FORM = pytest.mark.parametrize("form", all_templates(), ids=lambda form: form.id)
EACH_PAIR = pytest.mark.parametrize("name", sorted({form.name for form in all_templates()}))


def found(form: Template, act: ActText, twin: ActText | None = None) -> list[tuple[str, str, dict[str, str]]]:
    task = LintTask(act=act, book=rule_book(), today=DAY, case=suited_case(form), twin=twin)
    return [(each.rule, each.block, each.params) for each in lint(task)]


@EACH_FORM
def test_a_form_filled_from_its_case_has_no_findings(form: Template) -> None:
    assert found(form, filled_form(form)) == []


@EACH_PAIR
@pytest.mark.parametrize("pair", [("kk", "ru"), ("ru", "kk"), ("en", "ru"), ("en", "kk")], ids="-".join)
def test_the_same_act_in_two_languages_has_no_findings(name: str, pair: tuple[str, str]) -> None:
    form, other = (template(f"{name}.{language}") for language in pair)
    act, twin = (with_authority(filled_form(each), Language.RUSSIAN) for each in (form, other))
    assert found(form, act, twin) == []


@EACH_FORM
def test_each_fact_of_the_case_taken_away_is_found(form: Template) -> None:
    """The silence above is for the right reasons: a party whom the act does not name is missed."""
    case = suited_case(form)
    party = replace(case.parties[0], id="new", name="Жұмаділ Қанат", number="")
    task = LintTask(
        act=filled_form(form), book=rule_book(), today=DAY, case=replace(case, parties=(*case.parties, party))
    )
    assert [each.rule for each in lint(task)] == ["party.missing"]


def test_days_of_a_list_are_read_in_every_language() -> None:
    form = template("administrative_decision.kk")
    act = with_authority(filled_form(form), Language.RUSSIAN)
    twin = with_authority(filled_form(template("administrative_decision.ru")), Language.RUSSIAN)
    block = twin.block("re-findings")
    assert block is not None
    told = replace(block, runs=(Run(text=block.text.replace("3 и 17 июля", "4 и 17 июля")),))
    parts = tuple(
        replace(part, blocks=tuple(told if each.id == told.id else each for each in part.blocks)) for part in twin.parts
    )
    [(rule, place, params)] = found(form, act, replace(twin, parts=parts))
    assert (rule, place, params["there"]) == ("twin.date", "re-findings", "4")
