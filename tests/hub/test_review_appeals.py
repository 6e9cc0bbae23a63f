"""What the hub itself refuses about appeals: late ones, a second one, panels that nobody asked for, an early end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from judge_desk.domain.campaigns import Campaign, CampaignProgress, CampaignState, KeyShare, PoolMember
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.review_appeals import Appeal, AppealState
from judge_desk.domain.reviews import ReviewForm
from judge_desk.domain.scopes import campaign_scope, dossier_scope
from judge_desk.hub.registry import Registry
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Result
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.dossier import Delivery
from tests.live_hub import LiveHub, TestDesk, fresh_database, hub_over
from tests.sync.conftest import enrolled

JUDGE, COMMISSION, CAMPAIGN = "judge1", "commission1", "spring"
SCOPE = dossier_scope(JUDGE)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday; the hub's clock stands still here."""
FORM = ReviewForm(id="f", version=1, names={"en": "f"}, low=1, high=5, comment_at=(), criteria=())
RUNNING = Campaign(
    id=CAMPAIGN,
    title="Весна",
    per_judge=1,
    seed=1,
    due_on=date(2020, 1, 1),
    form=FORM,
    seal_key="00" * 32,
    members=(PoolMember(id=JUDGE),),
    state=CampaignState.OPENED,
    published_at=NOW,
)


@dataclass
class Court:
    """A hub with one judge and a commission; entries are written as the hub took them on an earlier day."""

    hub: LiveHub
    judge: TestDesk
    commission: TestDesk

    def told(self, entry_id: str, *, days_ago: int, written_days_ago: int | None = None) -> None:
        at = NOW - timedelta(days=days_ago)
        entered = at if written_days_ago is None else NOW - timedelta(days=written_days_ago)
        entry = DossierEntry(
            id=entry_id,
            judge_id=JUDGE,
            section=DossierSection.REVIEWS,
            title="Весна",
            campaign_id=CAMPAIGN,
            entered_at=entered,
        )
        self.as_of(at).put_many(self.hub.court.id, [(SCOPE, Kind.DOSSIER_ENTRY, entry_id, entry)])

    def as_of(self, at: datetime) -> Registry:
        return Registry(self.hub.engine, self.hub.blobs, FixedClock(at))

    def appeal(self, entry_id: str, *, written_days_ago: int = 0, name: str = "") -> Result:
        """The judge's own push, by a desk that may have been without a link, or with a clock set back."""
        reply = DossierReply(
            id=name or f"a-{entry_id}",
            judge_id=JUDGE,
            entry_id=entry_id,
            kind=ReplyKind.APPEAL,
            text="Прочитан другой текст",
            written_at=NOW - timedelta(days=written_days_ago),
        )
        return self.judge.push_one(SCOPE, Kind.DOSSIER_REPLY, reply.id, reply)

    def campaign(self, **fields: object) -> Result:
        """The commission's push of the campaign as it is at the hub, with these fields changed."""
        self.commission.pull()
        scope = campaign_scope(self.hub.court.id)
        rev, body = self.commission.held[scope, Kind.CAMPAIGN, CAMPAIGN]
        held: Campaign = codec.decode(Kind.CAMPAIGN, body)
        changed = replace(held, **fields)  # type: ignore[arg-type]  # names are checked by replace
        return self.commission.push_one(scope, Kind.CAMPAIGN, CAMPAIGN, changed, rev)


@pytest.fixture(params=["sqlite", "postgresql"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveHub]:
    """A running hub whose clock stands still, over each database in turn."""
    if request.param == "sqlite":
        with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, FixedClock(NOW)) as made:
            yield made
        return
    with fresh_database(request.getfixturevalue("postgresql")) as url, hub_over(url, tmp_path, FixedClock(NOW)) as made:
        yield made


@pytest.fixture
def court(hub: LiveHub) -> Court:
    hub.add_person(JUDGE, Role.JUDGE)
    hub.add_person(COMMISSION, Role.COMMISSION)
    hub.registry.grant_many(hub.court.id, [(COMMISSION, SCOPE, Role.COMMISSION)])
    scope = campaign_scope(hub.court.id)
    hub.put(
        (scope, Kind.CAMPAIGN, CAMPAIGN, RUNNING),
        (scope, Kind.CAMPAIGN_PROGRESS, CAMPAIGN, CampaignProgress(id=CAMPAIGN, asked=1, received=1)),
    )
    made = Court(hub, signed_in(hub, JUDGE), signed_in(hub, COMMISSION))
    made.judge.pull()
    made.commission.pull()
    return made


def signed_in(hub: LiveHub, person_id: str) -> TestDesk:
    desk = hub.stranger()
    desk.enrol(person_id, at=NOW)
    return desk


def test_the_hub_takes_an_appeal_in_time_and_refuses_a_late_one(court: Court) -> None:
    court.told("fresh", days_ago=3)
    court.told("old", days_ago=40)
    assert court.appeal("fresh").code == ""
    assert court.appeal("old").code == Code.LATE_APPEAL
    court.judge.pull()
    assert {key[2] for key in court.judge.held if key[1] == Kind.DOSSIER_REPLY} == {"a-fresh"}


def test_a_clock_that_was_set_back_does_not_help_but_a_link_that_was_down_does(court: Court) -> None:
    # Told on Thursday the 5th: ten working days end on Thursday the 19th, yesterday.
    court.told("cut-off", days_ago=15)
    assert court.appeal("cut-off").code == Code.LATE_APPEAL
    assert court.appeal("cut-off", written_days_ago=1, name="offline").code == ""
    # Told on the 3rd and the 2nd: the last days were the 17th and the 16th, three and four days ago.
    court.told("third", days_ago=17)
    court.told("second", days_ago=18)
    assert court.appeal("third", written_days_ago=10).code == ""
    assert court.appeal("second", written_days_ago=10).code == Code.LATE_APPEAL


def test_the_time_runs_from_the_day_on_which_the_hub_took_the_result(court: Court) -> None:
    court.told("held-back", days_ago=1, written_days_ago=60)
    assert court.appeal("held-back").code == ""


def test_a_result_is_appealed_against_once_and_nothing_else_at_all(court: Court) -> None:
    court.told("result", days_ago=1)
    award = DossierEntry(id="award", judge_id=JUDGE, section=DossierSection.AWARDS, title="Орден", entered_at=NOW)
    court.hub.put((SCOPE, Kind.DOSSIER_ENTRY, "award", award))
    assert court.appeal("result").code == ""
    assert court.appeal("result", name="again").code == Code.NOT_ALLOWED
    assert court.appeal("award").code == Code.NOT_ALLOWED
    assert court.appeal("nothing").code == Code.NOT_ALLOWED
    court.judge.pull()
    rev, body = court.judge.held[SCOPE, Kind.DOSSIER_REPLY, "a-result"]
    written: DossierReply = codec.decode(Kind.DOSSIER_REPLY, body)
    for changed in (replace(written, text="другое"), replace(written, kind=ReplyKind.REPLY)):
        assert court.judge.push_one(SCOPE, Kind.DOSSIER_REPLY, written.id, changed, rev).code == Code.NOT_ALLOWED
    court.commission.pull()
    rev, body = court.commission.held[SCOPE, Kind.DOSSIER_REPLY, "a-result"]
    answered = replace(written, decision="Отказано", decided_at=NOW)
    assert court.commission.push_one(SCOPE, Kind.DOSSIER_REPLY, written.id, answered, rev).code == ""


def panel(appeal_id: str, **fields: object) -> Appeal:
    whole = Appeal(
        id=appeal_id,
        subject_id=JUDGE,
        state=AppealState.REFUSED,
        reason="Довод проверен",
        decided_by="Комиссия",
        decided_at=NOW,
    )
    return replace(whole, **fields)  # type: ignore[arg-type]  # names are checked by replace


def test_the_commission_cannot_make_an_appeal_up_nor_give_a_panel_more_days_than_the_law(court: Court) -> None:
    court.told("result", days_ago=1)
    assert court.campaign(appeals=(panel("a-result"),)).code == Code.NOT_ALLOWED
    assert court.appeal("result").code == ""
    today = NOW.date()
    for wrong, code in (
        ({"subject_id": "judge2"}, Code.NOT_ALLOWED),
        ({"state": AppealState.RUNNING}, Code.NOT_ALLOWED),
        ({"state": AppealState.RUNNING, "due_on": today + timedelta(days=40)}, Code.NOT_ALLOWED),
        ({"state": AppealState.RUNNING, "due_on": today - timedelta(days=1)}, Code.TOO_LATE),
    ):
        assert court.campaign(appeals=(panel("a-result", **wrong),)).code == code, wrong
    assert court.campaign(appeals=(panel("a-result"),)).code == ""


def test_a_campaign_is_not_closed_while_a_judge_may_still_appeal(court: Court) -> None:
    assert court.campaign(state=CampaignState.CLOSED).code == Code.NOT_ALLOWED
    long_ago = NOW - timedelta(days=60)
    scope = campaign_scope(court.hub.court.id)
    progress = CampaignProgress(id=CAMPAIGN, asked=1, received=1, told_on=NOW.date())
    court.hub.put(
        (scope, Kind.CAMPAIGN, CAMPAIGN, replace(RUNNING, published_at=long_ago)),
        (scope, Kind.CAMPAIGN_PROGRESS, CAMPAIGN, progress),
    )
    # A commission that dates its own word back wins nothing: the hub knows when it heard.
    assert court.campaign(state=CampaignState.CLOSED).code == Code.NOT_ALLOWED
    court.hub.put((scope, Kind.CAMPAIGN_PROGRESS, CAMPAIGN, replace(progress, told_on=long_ago.date())))
    assert court.campaign(state=CampaignState.CLOSED).code == ""


def test_the_hub_notes_the_day_on_which_it_heard_that_the_judges_were_told(court: Court) -> None:
    scope = campaign_scope(court.hub.court.id)
    court.hub.put((scope, Kind.CAMPAIGN, CAMPAIGN, replace(RUNNING, published_at=None)))
    assert court.campaign(published_at=NOW - timedelta(days=90)).code == ""
    court.commission.pull()
    progress = codec.decode(Kind.CAMPAIGN_PROGRESS, court.commission.held[scope, Kind.CAMPAIGN_PROGRESS, CAMPAIGN][1])
    assert (progress.told_on - NOW.date()).days in (0, 1)


def test_one_desk_alone_with_the_key_launches_only_with_a_reason(court: Court) -> None:
    scope = campaign_scope(court.hub.court.id)
    share = KeyShare(holder_id="h1", sealed="x", given_by="К", given_at=NOW)
    prepared = replace(RUNNING, state=CampaignState.PREPARED, published_at=None, shares=(share,))
    court.hub.put((scope, Kind.CAMPAIGN, CAMPAIGN, prepared))
    assert court.campaign(state=CampaignState.RUNNING).code == Code.FEW_HOLDERS
    assert court.campaign(state=CampaignState.RUNNING, few_holders_reason="  ").code == Code.FEW_HOLDERS
    twice = (share, share)
    assert court.campaign(state=CampaignState.RUNNING, shares=twice).code == Code.FEW_HOLDERS
    assert court.campaign(state=CampaignState.RUNNING, few_holders_reason="одно место").code == ""
    assert court.campaign(few_holders_reason="другая причина").code == Code.NOT_ALLOWED
    court.hub.put((scope, Kind.CAMPAIGN, CAMPAIGN, prepared))
    both = (share, replace(share, holder_id="h2"))
    assert court.campaign(state=CampaignState.RUNNING, shares=both).code == ""


def test_a_desk_whose_appeal_came_late_keeps_the_words_and_says_what_to_do(sqlite_hub: LiveHub, tmp_path: Path) -> None:
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    desk = enrolled(sqlite_hub.url, JUDGE, tmp_path / "desk")
    try:
        made = Court(sqlite_hub, sqlite_hub.desk(JUDGE), sqlite_hub.desk(JUDGE))
        made.told("old", days_ago=2000)
        desk.sync()
        # As a desk writes whose clock stands still: its own check sees a day in time.
        words = DossierReply(
            id="late",
            judge_id=JUDGE,
            entry_id="old",
            kind=ReplyKind.APPEAL,
            text="Прошу другую коллегию",
            written_at=NOW - timedelta(days=1999),
        )
        with desk.opened.context.store.unit_of_work(JUDGE, "dossier.reply") as work:
            work.put(Kind.DOSSIER_REPLY, SCOPE, words)
        assert desk.sync().refused == 1
        rows = [row for part in desk.desk.dossier.view().sections for row in part.entries]
        ((reply,),) = (row.replies for row in rows)
        assert (reply.reply.text, reply.delivery) == ("Прошу другую коллегию", Delivery.REFUSED)
        with sqlite_hub.engine.connect() as connection:
            code = connection.scalar(text("SELECT code FROM audit WHERE record_id = 'late'"))
        assert code == Code.LATE_APPEAL
    finally:
        desk.close()


@pytest.mark.parametrize("code", [Code.LATE_APPEAL, Code.FEW_HOLDERS])
def test_each_refusal_says_what_happened_what_is_safe_and_what_to_do(code: Code) -> None:
    said = {language: Translator(language)(f"refused.{code}") for language in ("kk", "ru", "en")}
    assert len(set(said.values())) == 3
    assert all(words.count(".") >= 3 for words in said.values())
