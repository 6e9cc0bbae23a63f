"""The court's own forms: tried, refused by line, shared with the court, and begun upon."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import court_scope
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.store.tables import outbox
from tests.factories import a_case, desk_context, grant, rows_of, with_case


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    grant(context, court_scope(context.court.id))
    return Desk.over(context)


def own_source(desk: Desk) -> str:
    source, _ = desk.court_forms.source_of("civil_adjournment.ru")
    return source.replace('id = "civil_adjournment"', 'id = "our_adjournment"').replace(
        "Отложить разбирательство", "{% if third_parties %}С третьими лицами. {% endif %}Отложить разбирательство"
    )


def test_a_form_is_copied_changed_shared_and_begun_upon(context: DeskContext, desk: Desk) -> None:
    form_id, changes = desk.court_forms.save(own_source(desk), Language.RUSSIAN)
    assert changes.touches(Kind.COURT_FORM, form_id)
    assert [(row.kind, row.scope) for row in rows_of(context, outbox)] == [("court_form", "court:" + context.court.id)]
    assert desk.court_forms.rows()[0].is_own
    case = with_case(context, a_case())
    choice = next(each for each in desk.drafts.templates_for(case.id) if each.is_own)
    draft_id, _ = desk.drafts.create(case.id, choice.id)
    work = desk.drafts.open(draft_id)
    assert work.draft.act.template == "our_adjournment.ru"
    assert "reason" in work.fields
    assert "missing.title" not in {each.rule for each in desk.linting.check(draft_id).open}
    desk.court_forms.delete(form_id)
    assert desk.drafts.open(draft_id).fields == {}


def test_a_preview_is_a_paper(desk: Desk) -> None:
    assert desk.court_forms.preview(own_source(desk), Language.RUSSIAN).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('kind = "operative"', 'kind = "descriptive"'), "drafting.bad.template_parts"),
        (("[slots]", "[slots"), "drafting.bad.syntax"),
        (("{% if third_parties %}", "{% for a in court.__class__ %}"), "drafting.bad.code.syntax"),
        (("{% if third_parties %}", "{% if third_parties.__class__ %}"), "drafting.bad.code.unknown"),
        (('id = "our_adjournment"', 'id = "civil_adjournment"'), "forms.bad.name_taken"),
    ],
)
def test_a_bad_form_is_refused_and_nothing_is_kept(
    context: DeskContext, desk: Desk, change: tuple[str, str], key: str
) -> None:
    with pytest.raises(BadInput) as caught:
        desk.court_forms.save(own_source(desk).replace(*change, 1), Language.RUSSIAN)
    assert caught.value.key == key
    assert key == "forms.bad.name_taken" or int(caught.value.params["line"]) > 1
    assert not rows_of(context, outbox)


def test_an_endless_form_never_gets_in(desk: Desk) -> None:
    loop = "{% for a in '" + "a" * 99 + "' %}{% for b in '" + "b" * 99 + "' %}x{% endfor %}{% endfor %}"
    with pytest.raises(BadInput) as caught:
        desk.court_forms.save(
            own_source(desk).replace("{% if third_parties %}", loop + "{% if third_parties %}"), Language.RUSSIAN
        )
    assert caught.value.key == "drafting.bad.code.too_long"


def test_who_has_no_part_in_the_bench_writes_no_forms(tmp_path: Path) -> None:
    context = desk_context(tmp_path, role=Role.AUDITOR)
    grant(context, court_scope(context.court.id), Role.AUDITOR)
    desk = Desk.over(context)
    assert not desk.court_forms.may_write()
    with pytest.raises(NotAllowed):
        desk.court_forms.save(own_source(desk), Language.RUSSIAN)
    with pytest.raises(NotFound):
        desk.court_forms.delete("none")
    context.store.close()
