"""An appeal over a real hub: the judge hears first, another panel reads the same act, and both results stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from judge_desk.domain.campaigns import CampaignPlan, Place, Withdrawal
from judge_desk.domain.dossier import DossierEntry, ReplyKind
from judge_desk.domain.errors import BadInput, NotAllowed, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_appeals import Appeal, AppealState, Standing
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.domain.reviews import ReviewAssignment
from judge_desk.domain.scopes import campaign_scope
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.services import review_appeals
from judge_desk.services.dossier_extract import details_in_words
from judge_desk.services.review_words import title_in_words
from judge_desk.store import records
from tests.live_hub import LiveHub
from tests.sync.campaign_world import COMMISSION, World, a_world, launched, write_all
from tests.sync.test_campaign import hub_plan

WORDS = "Рецензенты прочли другой вариант текста"


@pytest.fixture
def told(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[tuple[World, str]]:
    """Twelve judges, three forms each, results in every dossier."""
    world = a_world(sqlite_hub, tmp_path / "desks", 12)
    campaign = launched(world, per_judge=3)
    write_all(world, merit=lambda act: 2.0 + (sum(map(ord, act)) % 5) / 2)
    commission = world.commission
    commission.sync()
    commission.desk.campaigns.open_forms(campaign)
    commission.sync()
    commission.sync()
    commission.desk.review_results.fairness(campaign)
    commission.desk.review_results.publish(campaign)
    commission.sync()
    yield world, campaign
    world.close()


def result_entry(world: World, judge: str, campaign: str) -> DossierEntry:
    view = world.desk(judge).desk.dossier.view()
    rows = (row.entry for section in view.sections for row in section.entries)
    return next(each for each in rows if each.campaign_id == campaign)


def appealed(world: World, campaign: str, judge: str) -> str:
    """The id of the judge's appeal, as the commission has it."""
    desk = world.desk(judge)
    desk.sync()
    desk.desk.dossier.appeal(result_entry(world, judge, campaign).id, WORDS)
    desk.sync()
    world.commission.sync()
    (row,) = world.commission.desk.review_appeals.rows(campaign)
    assert (row.reply.kind, row.reply.text, row.is_late) == (ReplyKind.APPEAL, WORDS, False)
    return row.reply.id


def granted(world: World, campaign: str, appeal: str) -> CampaignPlan:
    service = world.commission.desk.review_appeals
    service.grant(campaign, appeal, "Текст был неполным", world.commission.desk.campaigns.today + timedelta(days=20))
    world.commission.sync()
    world.commission.sync()
    return hub_plan(world, campaign)


def check_that_nothing_tells_a_second_panel_from_a_first(world: World, appeal: str, place: Place) -> None:
    desk = world.desk(place.reviewer_id)
    desk.sync()
    with desk.opened.context.store.reading() as connection:
        asked: ReviewAssignment = records.get(connection, Kind.REVIEW_ASSIGNMENT, place.assignment_id)
    told_words = codec.encode(asked).decode()
    assert appeal not in told_words
    assert place.subject_id not in told_words


def check_that_the_judge_s_desk_holds_no_reviewer(world: World, campaign: str, judge: str) -> None:
    places = [each for each in hub_plan(world, campaign).places if each.subject_id == judge]
    bare = world.hub.desk(judge)
    bare.pull()
    own = "".join(
        held[1].decode() for (scope, _, _), held in bare.held.items() if scope.startswith(("dossier:", "user:"))
    )
    assert campaign in own
    for place in places:
        assert place.reviewer_id not in own
        assert place.rater_token not in own
        assert place.assignment_id not in own


def test_another_panel_reads_the_same_act_and_both_results_stay(
    told: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, campaign = told
    judge, commission = world.judges[3], world.commission
    before = hub_plan(world, campaign)
    appeal = appealed(world, campaign, judge)
    with pytest.raises(NotAllowed, match="late"):
        world.desk(judge).desk.dossier.appeal(result_entry(world, judge, campaign).id, "ещё раз")
    plan = granted(world, campaign, appeal)
    first = {each.reviewer_id for each in before.places if each.subject_id == judge}
    fresh = [each for each in plan.places if each.appeal_id == appeal]
    read_by_judge = {each.subject_id for each in plan.places if each.reviewer_id == judge}
    assert len(fresh) == 3
    assert {each.subject_id for each in fresh} == {judge}
    assert {each.act_id for each in fresh} == {each.act_id for each in before.places if each.subject_id == judge}
    assert not {each.reviewer_id for each in fresh} & (first | read_by_judge | {judge})

    check_that_nothing_tells_a_second_panel_from_a_first(world, appeal, fresh[0])
    service = commission.desk.review_appeals
    with pytest.raises(BadInput, match="too_early"):
        service.open_forms(campaign, appeal)
    assert write_all(world, merit=lambda _act: 5.0) == 3
    commission.sync()
    service.open_forms(campaign, appeal)
    commission.sync()
    commission.sync()
    with pytest.raises(NotAllowed, match="judge_first"):
        service.results(campaign, appeal)
    service.tell(campaign, appeal)
    commission.sync()
    with pytest.raises(NotAllowed, match="judge_first"):
        service.decide(campaign, appeal, Standing.SECOND, "рано")
    desk = world.desk(judge)
    desk.sync()
    entries = [row.entry for section in desk.desk.dossier.view().sections for row in section.entries]
    translate = Translator("ru")
    both = next(each for each in entries if "вторая коллегия" in title_in_words(each, translate))
    said = details_in_words(both, translate)
    assert {"Первая коллегия, 3 формы:", "Вторая коллегия, 3 формы:"} <= set(said)
    assert both.review is not None
    assert not any(each.comments for each in (both.review.first or both.review.found).criteria)
    assert (both.campaign_id, both.from_on is None) == ("", False)

    monkeypatch.setattr(review_appeals, "timedelta", lambda days: timedelta(0))
    results = service.results(campaign, appeal)
    assert (results.first.forms, results.second.forms) == (3, 3)
    service.decide(campaign, appeal, Standing.SECOND, "Вторая коллегия прочла полный текст")
    commission.sync()
    desk.sync()
    replies = [reply.reply for s in desk.desk.dossier.view().sections for row in s.entries for reply in row.replies]
    assert [each.decision for each in replies] == ["Вторая коллегия прочла полный текст"]
    check_that_the_judge_s_desk_holds_no_reviewer(world, campaign, judge)
    (row,) = service.rows(campaign)
    assert row.appeal is not None
    assert (row.appeal.state, row.appeal.outcome, row.appeal.outcome_by) == (
        AppealState.DECIDED,
        Standing.SECOND,
        "Комиссия Қ. К.",
    )


def test_each_judge_holds_the_seal_of_the_drawing_with_the_result(told: tuple[World, str]) -> None:
    world, campaign = told
    progress = world.commission.desk.campaigns.row(campaign).progress
    assert progress is not None
    world.desk(world.judges[0]).sync()
    entry = result_entry(world, world.judges[0], campaign)
    assert seal_in_groups(progress.pairs_sha256) in details_in_words(entry, Translator("ru"))[-1]


def test_a_second_reviewer_who_declares_a_conflict_is_replaced_within_the_panel(told: tuple[World, str]) -> None:
    world, campaign = told
    judge = world.judges[0]
    appeal = appealed(world, campaign, judge)
    plan = granted(world, campaign, appeal)
    place = next(each for each in plan.places if each.appeal_id == appeal)
    desk = world.desk(place.reviewer_id)
    desk.sync()
    desk.desk.reviews.decline(place.assignment_id, "родственник")
    desk.sync()
    after = hub_plan(world, campaign)
    new = [each for each in after.places if each not in plan.places and each.assignment_id != place.assignment_id]
    ever = {each.reviewer_id for each in plan.places if each.subject_id == judge}
    assert [each.appeal_id for each in new] in ([appeal], [])
    assert not {each.reviewer_id for each in new} & ever
    world.commission.sync()
    progress = world.commission.desk.campaigns.row(campaign).progress
    assert progress is not None
    panel = progress.panel(appeal)
    assert panel is not None
    assert (panel.declined, panel.without_reserve, progress.declined) == (1, 1 - len(new), 0)


def check_that_the_hub_keeps_what_was_decided(world: World, campaign: str) -> None:
    with pytest.raises(Sealed, match="late"):
        world.commission.desk.campaigns.withdraw(campaign, "x", "не нравится")
    bare = world.hub.desk(COMMISSION)
    bare.pull()
    scope = campaign_scope(world.hub.court.id)
    rev, body = bare.held[scope, Kind.CAMPAIGN, campaign]
    held = codec.decode(Kind.CAMPAIGN, body)
    now = held.published_at
    late = Withdrawal(form_id="x", reason="x", decided_by="x", decided_at=now)
    made = Appeal(
        id="a", subject_id=world.judges[0], state=AppealState.OPENED, reason="x", decided_by="x", decided_at=now
    )
    for change in (
        {"withdrawals": (*held.withdrawals, late)},
        {"published_at": None},
        {"appeals": ()},
        {"appeals": (*held.appeals, made)},
        {"appeals": (*held.appeals, replace(made, state=AppealState.DECIDED))},
        {"shares": ()},
    ):
        answer = bare.push_one(scope, Kind.CAMPAIGN, campaign, replace(held, **change), rev)
        assert answer.code == Code.NOT_ALLOWED, change


def test_an_appeal_that_is_refused_says_why_under_the_judge_s_words(told: tuple[World, str]) -> None:
    world, campaign = told
    judge = world.judges[1]
    appeal = appealed(world, campaign, judge)
    service = world.commission.desk.review_appeals
    with pytest.raises(BadInput, match="reason"):
        service.refuse(campaign, appeal, " ")
    service.refuse(campaign, appeal, "Довод проверен: текст был полным")
    with pytest.raises(NotAllowed, match="decided"):
        service.refuse(campaign, appeal, "ещё раз")
    world.commission.sync()
    desk = world.desk(judge)
    desk.sync()
    replies = [reply.reply for s in desk.desk.dossier.view().sections for row in s.entries for reply in row.replies]
    assert [each.decision for each in replies] == ["Довод проверен: текст был полным"]
    assert not [each for each in hub_plan(world, campaign).places if each.appeal_id]
    with pytest.raises(BadInput, match=r"close\.appeals"):
        world.commission.desk.campaigns.close(campaign)
    check_that_the_hub_keeps_what_was_decided(world, campaign)
