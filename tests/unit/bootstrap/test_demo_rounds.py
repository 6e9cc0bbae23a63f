"""Peer review in the demo: filled in every state, the same from the same seed, and sealed as any other campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from judge_desk.bootstrap import demo_rounds
from judge_desk.bootstrap.demo_files import CAMPAIGN_KEYS, ROUNDS, ROUNDS_WRITTEN
from judge_desk.domain.blinding import Known, leaks
from judge_desk.domain.campaigns import Campaign, CampaignAct, CampaignPlan, CampaignProgress, CampaignState
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSeal, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_results import Verdict
from judge_desk.domain.reviews import Review, ReviewState, SealedAnswers, gaps
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.demo_court import colleagues, rounds, seeding
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import DemoCourt
from judge_desk.hub.demo_court.wording import day_word, sum_word
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec
from judge_desk.security import sealed_forms
from judge_desk.services.appeal_days import last_day

PLAN = SeedPlan(anchor=date(2026, 11, 23), cases=30, documents=2, seed=4)


class Written:
    """A demo's hub with its rounds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.engine = folder, open_engine(f"sqlite:///{folder / 'hub.db'}")
        migrate.migrate(self.engine)
        registry = Registry(self.engine, FolderBlobs(folder / "blobs"))
        seeding.found(registry, PLAN, with_reviews=False)
        self.keys = {name: sealed_forms.new_key() for name in ROUNDS}
        (folder / CAMPAIGN_KEYS).write_text(json.dumps(self.keys))
        demo_rounds.write(registry, seeding.rebuilt(PLAN), folder)
        demo_rounds.write(registry, seeding.rebuilt(PLAN), folder)

    def all_of(self, kind: Kind) -> list[object]:
        entity = tables.entity
        with self.engine.connect() as connection:
            query = select(entity.c.body).where(entity.c.kind == kind.value).order_by(entity.c.id)
            return [codec.decode(kind, body) for body in connection.scalars(query)]


@pytest.fixture(scope="module")
def court() -> DemoCourt:
    return seeding.rebuilt(PLAN)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    made = Written(tmp_path_factory.mktemp("demo"))
    yield made
    made.engine.dispose()


def rounds_of(court: DemoCourt) -> list[rounds.Round]:
    pool = colleagues.colleagues(court.plan, court.cast)
    return rounds.rounds(court, pool, dict.fromkeys(ROUNDS, ""))


@pytest.fixture(scope="module")
def made(court: DemoCourt) -> list[rounds.Round]:
    return rounds_of(court)


def test_the_same_seed_writes_the_same_rounds(made: list[rounds.Round]) -> None:
    assert made == rounds_of(seeding.rebuilt(PLAN))
    assert {each.key for each in rounds.SKETCHES} == set(ROUNDS)


def test_each_state_is_there_and_the_counts_agree(hub: Written) -> None:
    assert (hub.folder / ROUNDS_WRITTEN).exists()
    campaigns = [each for each in hub.all_of(Kind.CAMPAIGN) if isinstance(each, Campaign)]
    states = [(each.state, each.published_at is not None) for each in campaigns]
    assert sorted(states) == [
        (CampaignState.OPENED, False),
        (CampaignState.OPENED, True),
        (CampaignState.RUNNING, False),
    ]
    plans = {each.id: each for each in hub.all_of(Kind.CAMPAIGN_PLAN) if isinstance(each, CampaignPlan)}
    for progress in hub.all_of(Kind.CAMPAIGN_PROGRESS):
        assert isinstance(progress, CampaignProgress)
        told = [each.state for each in plans[progress.id].places]
        assert (progress.asked, progress.received) == (len(told), told.count("sealed"))
        assert set(progress.components.values()) == {1}


def test_a_result_names_the_last_day_to_appeal_that_the_desk_counts(hub: Written) -> None:
    seals = {each.id: each for each in hub.all_of(Kind.DOSSIER_SEAL) if isinstance(each, DossierSeal)}
    results = [each for each in hub.all_of(Kind.DOSSIER_ENTRY) if isinstance(each, DossierEntry) and each.review]
    assert results
    for entry in results:
        assert entry.review is not None
        assert last_day(entry, seals[entry.id].at, PLAN.anchor) == entry.review.appeal_by == date(2026, 11, 25)


def test_the_forms_are_sealed_and_open_only_with_the_key(hub: Written, made: list[rounds.Round]) -> None:
    running = next(each for each in made if each.campaign.state is CampaignState.RUNNING)
    sealed = [each for each in hub.all_of(Kind.REVIEW) if isinstance(each, Review) and each.sealed]
    assert len(sealed) == running.progress.received
    secret = hub.keys["running"][0]
    for review in sealed[:5]:
        assert (review.answers, review.general_comment) == ((), "")
        opened = sealed_forms.open_form(review.sealed, running.campaign.id, secret)
        assert opened == running.forms[review.id]
        assert secret not in review.sealed
    comments = {text for form in running.forms.values() for text in words_of(form)}
    said = {text for form in made[0].forms.values() for text in words_of(form)}
    held = (hub.folder / "hub.db").read_bytes().decode(errors="ignore")
    # What was said in the round that was told stands in the judges' dossiers; what is still sealed stands nowhere.
    assert comments - said
    assert not [text for text in comments - said if text in held]


def words_of(form: SealedAnswers) -> list[str]:
    return [text for each in form.answers for text in (each.comment, each.evidence) if text]


def test_every_form_that_was_sent_could_be_sent(made: list[rounds.Round]) -> None:
    for each in made:
        text = {act.id: act.text for act in each.acts}
        for place in each.plan.places:
            form = each.forms[place.assignment_id]
            state = ReviewState.STARTED
            review = Review(id="r", assignment_id="r", reviewer_id="x", state=state, answers=form.answers)
            assert gaps(each.campaign.form, review, text[place.act_id]) == ()


def test_no_act_that_is_out_tells_its_judge(hub: Written, court: DemoCourt) -> None:
    names = {each.person.id: each.person for each in colleagues.colleagues(PLAN, court.cast)}
    acts = [each for each in hub.all_of(Kind.CAMPAIGN_ACT) if isinstance(each, CampaignAct)]
    assert len(acts) > 80
    for act in acts:
        judge = names[act.subject_id]
        known = Known((judge.name.split()[0], judge.full_name.split()[0]), tuple(court.cast.court.places.values()))
        assert [leak for leak in leaks({"text": act.text}, known) if leak.kind in ("name", "person")] == []


def test_an_act_under_review_is_dated_and_nobodys_own_case(hub: Written, court: DemoCourt) -> None:
    acts = [each for each in hub.all_of(Kind.CAMPAIGN_ACT) if isinstance(each, CampaignAct)]
    own = [each for each in court.dockets if each.is_own]
    for act in acts:
        assert not any(blank in act.text for blank in ("[актінің күні]", "[дата акта]"))
        for docket in own:
            told = [day_word(docket.days[name], act.language).nom for name in ("1", "2")]
            assert not all(each in act.text for each in (sum_word(docket.sums[0], act.language).nom, *told))


def test_each_judge_of_the_told_round_has_the_result_with_its_interval(hub: Written) -> None:
    entries = [each for each in hub.all_of(Kind.DOSSIER_ENTRY) if isinstance(each, DossierEntry) and each.campaign_id]
    assert len({each.judge_id for each in entries}) == len(entries) == rounds.SKETCHES[0].judges
    told = [each.review.found.criteria for each in entries if each.review is not None]
    assert len(told) == len(entries)
    for criteria in told:
        scored = [each for each in criteria if each.score is not None]
        assert scored
        assert all(each.low is not None and each.high is not None for each in scored)
    assert any(each.verdict is Verdict.BELOW for criteria in told for each in criteria)


def test_one_colleague_of_the_told_round_asks_for_another_panel(hub: Written) -> None:
    results = {each.id: each for each in hub.all_of(Kind.DOSSIER_ENTRY) if isinstance(each, DossierEntry)}
    told = (each for each in hub.all_of(Kind.DOSSIER_REPLY) if isinstance(each, DossierReply))
    (appeal,) = (each for each in told if each.kind is ReplyKind.APPEAL)
    entry = results[appeal.entry_id]
    assert (entry.judge_id, bool(entry.campaign_id)) == (appeal.judge_id, True)


def test_some_judges_are_due_for_review(court: DemoCourt) -> None:
    pool = colleagues.colleagues(PLAN, court.cast)
    assert len({each.person.id for each in pool}) == len(pool) > rounds.SKETCHES[0].judges
