"""What the court's forms, twins and kept reasons become when two desks and a hub agree."""

from __future__ import annotations

import pytest

from judge_desk.domain.cases import Case, Language
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk

JUDGE = "judge1"


@pytest.fixture
def case(live_hub: LiveHub) -> Case:
    live_hub.add_person("secretary1", Role.SECRETARY)
    made = factories.a_case(court_id=live_hub.court.id, judge_id=JUDGE, secretary_id="secretary1")
    live_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


def test_a_form_of_the_court_reaches_every_desk_of_it(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    judge, secretary = new_desk(live_hub, JUDGE), new_desk(live_hub, "secretary1", role=Role.SECRETARY)
    judge.sync()
    source, _ = judge.desk.court_forms.source_of("civil_adjournment.ru")
    judge.desk.court_forms.save(source.replace('"civil_adjournment"', '"ours"'), Language.RUSSIAN)
    assert judge.sync().pushed == 1
    secretary.sync()
    own = [form.id for form in secretary.desk.drafts.templates_for(case.id) if form.is_own]
    assert own == ["ours.ru"]
    form_id = next(row.id for row in secretary.desk.court_forms.rows() if row.is_own)
    secretary.desk.court_forms.delete(form_id)
    secretary.sync()
    judge.sync()
    assert not any(row.is_own for row in judge.desk.court_forms.rows())


def test_twins_stay_twins_on_the_other_desk(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    here, there = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    here.sync()
    draft_id, _ = here.desk.drafts.create(case.id, "civil_decision.ru")
    twin_id, _ = here.desk.twins.create(draft_id, Language.KAZAKH)
    here.sync()
    there.sync()
    assert there.desk.twins.twin_id(draft_id) == twin_id
    assert there.desk.twins.pair(twin_id).authority is Language.RUSSIAN


def test_reasons_given_on_two_desks_are_both_kept(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    here, there = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    here.sync()
    draft_id, _ = here.desk.drafts.create(case.id, "civil_decision.ru")
    here.sync()
    there.sync()
    first, second = here.desk.linting.check(draft_id).open[:2]
    here.desk.linting.leave(draft_id, first, "одна")
    there.desk.linting.leave(draft_id, second, "другая")
    here.sync()
    assert there.sync().conflicts == 0
    there.sync()
    here.sync()
    for desk in (here, there):
        left = {override.reason for _, override in desk.desk.linting.check(draft_id).left}
        assert left == {"одна", "другая"}
