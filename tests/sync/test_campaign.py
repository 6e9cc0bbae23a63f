"""A whole campaign over a real hub and real desks, and the attacks that it must withstand."""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from judge_desk.domain.campaigns import CampaignPlan, CampaignState, Conflict
from judge_desk.domain.dossier import ReplyKind
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Answer, ReviewState
from judge_desk.domain.scopes import campaign_scope, review_scope
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.services import review_results
from judge_desk.services.dossier_extract import details_in_words
from judge_desk.store import records
from tests.live_hub import LiveHub
from tests.sync.campaign_world import (
    COMMISSION,
    FORM,
    ONE_DESK,
    World,
    a_world,
    launched,
    members,
    pool,
    prepared,
    surname,
    write_all,
)

WORDS = "тайное слово рецензента"


@pytest.fixture
def world(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[World]:
    made = a_world(sqlite_hub, tmp_path / "desks")
    yield made
    made.close()


@pytest.fixture
def small(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[World]:
    made = a_world(sqlite_hub, tmp_path / "desks", 12)
    yield made
    made.close()


def hub_plan(world: World, campaign: str) -> CampaignPlan:
    """The hub's own record, which no desk is ever sent."""
    with world.hub.engine.connect() as connection:
        query = text("SELECT body FROM entity WHERE scope = :scope AND kind = 'campaign_plan'")
        body = connection.scalar(query, {"scope": review_scope(campaign)})
    plan = codec.decode(Kind.CAMPAIGN_PLAN, body)
    assert isinstance(plan, CampaignPlan)
    return plan


def everything_in(world: World) -> str:
    """Every cell of the hub's database as one text."""
    found = []
    with world.hub.engine.connect() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for name in names:
            found += [str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(found)


@pytest.mark.slow
def test_forty_judges_from_the_drawing_to_the_appeal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = launched(world)
    commission = world.commission
    row = commission.desk.campaigns.row(campaign)
    assert row.campaign.state is CampaignState.RUNNING
    assert row.progress is not None
    assert (row.progress.asked, row.progress.received, row.progress.violations) == (200, 0, ())
    assert set(row.progress.components.values()) == {1}

    plan = hub_plan(world, campaign)
    load = Counter(each.reviewer_id for each in plan.places)
    assert {min(load.values()) >= 4, max(load.values()) <= 6} == {True}
    subject_of = {each.act_id: each.subject_id for each in plan.places}

    def merit(act_id: str) -> float:
        return 2.0 + 0.07 * world.judges.index(subject_of[act_id])

    assert write_all(world, merit=merit) == 200
    commission.sync()
    commission.desk.campaigns.open_forms(campaign)
    commission.sync()
    commission.sync()
    results = commission.desk.review_results
    with pytest.raises(NotAllowed, match="fairness_first"):
        results.publish(campaign)
    fairness = results.fairness(campaign)
    assert fairness.forms == 200
    assert fairness.alpha is not None
    assert fairness.alpha > 0.6
    assert {each.grouping for each in fairness.tests} <= {"region", "language", "sex"}
    assert fairness.tests

    results.publish(campaign)
    with pytest.raises(NotAllowed, match="judge_first"):
        results.results(campaign)
    commission.sync()

    judge = world.desk(world.judges[-1])
    judge.sync()
    view = judge.desk.dossier.view()
    entry = next(each.entry for section in view.sections for each in section.entries if section.section == "reviews")
    assert any("95 %" in line for line in details_in_words(entry, Translator("ru")))
    judge.desk.dossier.reply(entry.id, "Прошу передать другой коллегии", ReplyKind.CORRECTION_REQUEST)
    judge.sync()
    commission.sync()
    asked = [
        reply.reply.text
        for section in commission.desk.dossier.view(world.judges[-1]).sections
        for each in section.entries
        for reply in each.replies
    ]
    assert asked == ["Прошу передать другой коллегии"]

    monkeypatch.setattr(review_results, "timedelta", lambda days: __import__("datetime").timedelta(0))
    shown = results.results(campaign)
    assert [each.judge_name for each in shown] == sorted(each.judge_name for each in shown)
    best = next(each for each in shown if each.judge_id == world.judges[-1])
    assert all(each.low is not None and each.low < (each.score or 0) for each in best.panel.criteria)


def test_a_declared_conflict_is_replaced_and_nobody_is_asked_twice(small: World) -> None:
    campaign = launched(small, per_judge=3)
    before = hub_plan(small, campaign)
    reviewer = small.judges[0]
    desk = small.desk(reviewer)
    first = desk.desk.reviews.assigned()[0]
    desk.desk.reviews.decline(first.assignment_id, "родственник")
    desk.sync()
    small.commission.sync()
    after = hub_plan(small, campaign)
    left = next(each for each in after.places if each.assignment_id == first.assignment_id)
    new = next(each for each in after.places if each not in before.places and each is not left)
    assert (left.state, new.subject_id, new.act_id) == ("declined", left.subject_id, left.act_id)
    beside = [each.reviewer_id for each in after.places if each.subject_id == left.subject_id]
    assert len(set(beside)) == len(beside) == 4
    assert new.subject_id != new.reviewer_id
    row = small.commission.desk.campaigns.row(campaign)
    assert row.progress is not None
    assert (row.progress.declined, row.progress.without_reserve, row.progress.asked) == (1, 0, 36)
    taken = small.desk(new.reviewer_id)
    taken.sync()
    assert new.assignment_id in {each.assignment_id for each in taken.desk.reviews.assigned()}


def half_done(world: World, campaign: str) -> tuple[str, str]:
    """(reviewer, assignment) of a form that holds a word nobody else may read."""
    place = hub_plan(world, campaign).places[0]
    desk = world.desk(place.reviewer_id)
    desk.sync()
    answers = tuple(Answer(criterion_id=each.id, score=2, comment=WORDS) for each in FORM.criteria)
    desk.desk.reviews.save(place.assignment_id, answers, WORDS)
    return place.reviewer_id, place.assignment_id


def test_neither_a_half_done_nor_a_sealed_form_can_be_read_at_the_hub(small: World) -> None:
    campaign = launched(small, per_judge=3)
    reviewer, assignment = half_done(small, campaign)
    desk = small.desk(reviewer)
    assert desk.sync().pushed == 0
    assert desk.desk.reviews.open(assignment).review.answers[0].comment == WORDS
    desk.desk.reviews.submit(assignment)
    assert desk.sync().pushed == 1
    seen = everything_in(small)
    assert WORDS not in seen
    assert json.dumps(WORDS) not in seen
    assert desk.desk.reviews.open(assignment).review.answers[0].comment == WORDS
    with pytest.raises(Sealed):
        desk.desk.reviews.save(assignment, (Answer(criterion_id="law", score=5),))


def test_the_hub_refuses_a_form_that_is_not_sealed(small: World) -> None:
    campaign = launched(small, per_judge=3)
    reviewer, assignment = half_done(small, campaign)
    bare = small.hub.desk(reviewer)
    bare.pull()
    work = small.desk(reviewer).desk.reviews.open(assignment)
    for state in (ReviewState.STARTED, ReviewState.SUBMITTED):
        open_form = replace(work.review, state=state)
        answer = bare.push_one(review_scope(assignment), Kind.REVIEW, assignment, open_form)
        assert (answer.outcome, answer.code) == ("refused", Code.BAD_BODY)


def test_forms_come_together_when_all_are_in_and_tell_neither_time_nor_writer(small: World) -> None:
    campaign = launched(small, per_judge=3)
    service = small.commission.desk.campaigns
    write_all(small, merit=lambda _act: 3.0, of=small.judges[:-1])
    small.commission.sync()
    with pytest.raises(BadInput, match="too_early"):
        service.open_forms(campaign)
    bare = small.hub.desk(COMMISSION)
    bare.pull()
    scope = campaign_scope(small.hub.court.id)
    rev, body = bare.held[scope, Kind.CAMPAIGN, campaign]
    early = replace(codec.decode(Kind.CAMPAIGN, body), state=CampaignState.OPENED)
    assert bare.push_one(scope, Kind.CAMPAIGN, campaign, early, rev).code == Code.NOT_ALLOWED
    assert not [key for key in bare.held if key[1] == Kind.SEALED_FORM]

    write_all(small, merit=lambda _act: 3.0, of=small.judges[-1:])
    small.commission.sync()
    service.open_forms(campaign)
    small.commission.sync()
    small.commission.sync()
    sent_rows = [row for row, _ in bare.pull().rows if row.kind == Kind.SEALED_FORM]
    # The order in which they are stored and sent is that of their hashes, never that of the drawing.
    assert [row.id for row in sorted(sent_rows, key=lambda row: row.seq)] == sorted(row.id for row in sent_rows)
    forms = {
        key[2]: codec.decode(Kind.SEALED_FORM, held[1]) for key, held in bare.held.items() if key[1] == Kind.SEALED_FORM
    }
    assert len(forms) == 36
    assert len({len(each.sealed) for each in forms.values()}) == 1
    sent = "".join(held[1].decode() for key, held in bare.held.items() if key[0] == scope and key[1] != Kind.CAMPAIGN)
    plan = hub_plan(small, campaign)
    assert not [each for each in plan.places if each.assignment_id in sent or each.rater_token in sent]
    with small.hub.engine.connect() as connection:
        times = connection.scalars(text("SELECT DISTINCT at FROM audit WHERE kind = 'sealed_form'")).all()
    assert len(times) == 1


def test_the_commission_is_never_sent_the_pairs_and_no_desk_the_plan(small: World) -> None:
    campaign = launched(small, per_judge=3)
    plan = hub_plan(small, campaign)
    small.commission.sync()
    with small.commission.opened.context.store.reading() as connection:
        assert records.where(connection, Kind.REVIEW_ASSIGNMENT) == []
        assert records.find(connection, Kind.CAMPAIGN_PLAN, campaign) is None
    for judge in small.judges[:3]:
        desk = small.desk(judge)
        own = {each.assignment_id for each in desk.desk.reviews.assigned()}
        assert own == {each.assignment_id for each in plan.places if each.reviewer_id == judge}
        for assignment in own:
            work = desk.desk.reviews.open(assignment)
            asked = codec.encode(work.assignment).decode()
            subject = next(each.subject_id for each in plan.places if each.assignment_id == assignment)
            assert subject not in asked
            assert surname(small.judges.index(subject)).casefold() not in asked.casefold()


def test_a_chair_and_a_reviewer_fish_in_vain(small: World) -> None:
    campaign = launched(small, per_judge=3)
    plan = hub_plan(small, campaign)
    judge = small.hub.desk(small.judges[0])
    pulled = judge.pull()
    scopes = {row.scope for row, _ in pulled.rows}
    mine = {review_scope(each.assignment_id) for each in plan.places if each.reviewer_id == small.judges[0]}
    assert {each for each in scopes if each.startswith("review:")} == mine
    assert not {each for each in scopes if each.startswith("campaign:")}
    small.hub.add_person("chair1", Role.CHAIR, name="Председатель П. П.")
    of_chair = {row.scope for row, _ in small.hub.desk("chair1").pull().rows}
    assert not {each for each in of_chair if each.startswith(("campaign:", "review:", "dossier:"))}
    other = next(each for each in plan.places if each.reviewer_id != small.judges[0])
    stolen = small.desk(other.reviewer_id).desk.reviews.open(other.assignment_id).review
    forged = replace(stolen, reviewer_id=small.judges[0], state=ReviewState.SUBMITTED, sealed="x")
    answer = judge.push_one(review_scope(other.assignment_id), Kind.REVIEW, other.assignment_id, forged)
    assert answer.code == Code.NO_SUCH_SCOPE


def test_the_hub_s_log_of_a_form_tells_neither_reviewer_nor_judge_nor_token(
    small: World, caplog: pytest.LogCaptureFixture
) -> None:
    campaign = launched(small, per_judge=3)
    place = hub_plan(small, campaign).places[0]
    desk = small.desk(place.reviewer_id)
    with caplog.at_level(logging.DEBUG):
        answers = tuple(Answer(criterion_id=each.id, score=3) for each in FORM.criteria)
        desk.desk.reviews.save(place.assignment_id, answers)
        desk.desk.reviews.submit(place.assignment_id)
        desk.sync()
    # Every logger, at its most talkative: what our own would say, and what libraries say of the traffic.
    told = " ".join(record.getMessage() for record in caplog.records)
    assert told
    for secret in (place.reviewer_id, place.subject_id, place.rater_token, place.act_id, place.assignment_id):
        assert secret not in told


def test_nothing_but_the_state_changes_once_it_runs(small: World) -> None:
    campaign = launched(small, per_judge=3)
    bare = small.hub.desk(COMMISSION)
    bare.pull()
    scope = campaign_scope(small.hub.court.id)
    rev, body = bare.held[scope, Kind.CAMPAIGN, campaign]
    held = codec.decode(Kind.CAMPAIGN, body)
    for change in ({"due_on": held.due_on.replace(year=2020)}, {"seal_key": "00" * 32}, {"members": ()}):
        answer = bare.push_one(scope, Kind.CAMPAIGN, campaign, replace(held, **change), rev)
        assert answer.code == Code.NOT_ALLOWED, change


def test_an_act_with_a_leak_is_not_released(small: World) -> None:
    service = small.commission.desk.campaigns
    campaign = prepared(small, per_judge=3)
    other = service.prepare(
        "Осень", FORM, members(small.judges), per_judge=3, seed=1, due_on=service.row(campaign).campaign.due_on
    )
    service.take_acts(other, pool(small.judges, service.today, 1))
    row = service.acts(other)[0]
    assert row.leaks == ()
    author = surname(small.judges.index(row.act.subject_id))
    for title, words in ((f"Решение {author}а", row.act.text), (row.act.title, f"Судья {author.upper()}ҒА")):
        service.rewrite(row.act.id, title, words)
        with pytest.raises(BadInput, match="leaks"):
            service.clear(row.act.id)
    with pytest.raises(BadInput, match="acts"):
        service.launch(other)
    small.commission.sync()
    assert author not in everything_in(small).replace(f"{author} А. Б.", "")


def test_what_cannot_be_drawn_comes_back_with_names_and_rules(small: World) -> None:
    lonely, others = small.judges[0], small.judges[1:]
    campaign = prepared(small, per_judge=3, conflicts=[Conflict(lonely, each, "kin") for each in others])
    small.commission.desk.campaigns.launch(campaign, ONE_DESK)
    small.commission.sync()
    small.commission.sync()
    row = small.commission.desk.campaigns.row(campaign)
    assert row.campaign.state is CampaignState.PREPARED
    assert row.progress is not None
    assert [(each.judge, each.rule.value) for each in row.progress.violations] == [(lonely, "conflict")]


def test_the_key_opens_only_where_it_was_made_and_only_what_was_sealed(small: World) -> None:
    campaign = launched(small, per_judge=3)
    with pytest.raises(NotAllowed, match="sealed"):
        small.commission.desk.review_results.fairness(campaign)
    write_all(small, merit=lambda act: 3.0 + (hash(act) % 3) / 2)
    small.commission.sync()
    small.commission.desk.campaigns.open_forms(campaign)
    small.commission.sync()
    small.commission.sync()
    small.desks["second"] = second = __import__("tests.sync.conftest", fromlist=["enrolled"]).enrolled(
        small.hub.url, COMMISSION, small.folder / "second"
    )
    second.sync()
    with pytest.raises(NotFound, match="elsewhere"):
        second.desk.review_results.fairness(campaign)


def test_four_forms_give_no_score_and_five_do(sqlite_hub: LiveHub, tmp_path: Path) -> None:
    small = a_world(sqlite_hub, tmp_path / "desks", 24)
    campaign = launched(small, per_judge=5)
    plan = hub_plan(small, campaign)
    subject_of = {each.act_id: each.subject_id for each in plan.places}
    write_all(small, merit=lambda act: 1.5 + 0.3 * small.judges.index(subject_of[act]))
    small.commission.sync()
    service, results = small.commission.desk.campaigns, small.commission.desk.review_results
    service.open_forms(campaign)
    small.commission.sync()
    small.commission.sync()
    results.fairness(campaign)
    by_judge = defaultdict(list)
    for form in results._opened(campaign)[1]:
        by_judge[form.subject_id].append(form.form_id)
    judge = small.judges[4]
    scored = {each.judge_id: each for each in results._results(campaign)}
    assert {each.score is not None for each in scored[judge].panel.criteria} == {True}
    service.withdraw(campaign, by_judge[judge][0], "рецензент узнал автора")
    scored = {each.judge_id: each for each in results._results(campaign)}
    assert scored[judge].panel.forms == 4
    assert {each.score for each in scored[judge].panel.criteria} == {None}
    assert {each.verdict for each in scored[judge].panel.criteria} == {"few"}
    small.close()


def test_postgresql_draws_replaces_and_counts_alike(postgresql_hub: LiveHub, tmp_path: Path) -> None:
    world = a_world(postgresql_hub, tmp_path / "desks", 8)
    campaign = launched(world, per_judge=2)
    # The hub's nonce makes each drawing another one: some judges have one act fewer than others.
    desk = next(each for each in map(world.desk, world.judges) if len(each.desk.reviews.assigned()) >= 2)
    one, two = (each.assignment_id for each in desk.desk.reviews.assigned()[:2])
    desk.desk.reviews.decline(one, "родственник")
    answers = tuple(Answer(criterion_id=each.id, score=3) for each in FORM.criteria)
    desk.desk.reviews.save(two, answers)
    desk.desk.reviews.submit(two)
    desk.sync()
    world.commission.sync()
    progress = world.commission.desk.campaigns.row(campaign).progress
    world.close()
    assert progress is not None
    # A reserve is asked for the one who declined, where one is left.
    assert progress.asked in {16, 17}
    assert (progress.received, progress.declined) == (1, 1)
