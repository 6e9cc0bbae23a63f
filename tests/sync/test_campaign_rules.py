"""What the hub adds to a drawing by itself, guarantees it refuses, the key on two desks, and an auditor's replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from judge_desk.analytics.replay import replay
from judge_desk.cli import review_drawn
from judge_desk.domain.campaigns import KeyHolder, Pair
from judge_desk.domain.declarations import Declaration, DeclarationKind, Kin
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.guarantees import Authority, Guarantee, Measure
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.posts import Office, Post
from judge_desk.domain.review_periods import DueReason
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.domain.scopes import campaign_scope, dossier_scope, review_scope
from judge_desk.hub import campaign_command
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.security import sealed_forms
from judge_desk.services.campaign_keys import HolderRow
from tests.live_hub import LiveHub
from tests.pdf_inside import page_words
from tests.sync.campaign_world import COMMISSION, World, a_world, launched, prepared, write_all
from tests.sync.conftest import SyncedDesk, enrolled
from tests.sync.test_campaign import everything_in, hub_plan

SECOND = "commission2"


@pytest.fixture
def world(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[World]:
    made = a_world(sqlite_hub, tmp_path / "desks", 10)
    made.hub.add_person(SECOND, Role.COMMISSION, name="Вторая Ч. К.")
    yield made
    made.close()


def kin(judge: str) -> Kin:
    return Kin(name=f"Родственник {judge}", person_id=judge)


def test_declared_kin_are_never_drawn_for_each_other_nor_is_the_last_pair_again(
    sqlite_hub: LiveHub, tmp_path: Path
) -> None:
    world = a_world(sqlite_hub, tmp_path / "desks", 16)
    judge, relatives = world.judges[0], world.judges[1:4]
    own = world.desk(judge)
    declaration = Declaration(kind=DeclarationKind.KIN, kin=tuple(map(kin, relatives)))
    own.desk.dossier.declare(declaration, "Родственники")
    own.sync()
    first = hub_plan(world, launched(world, per_judge=2))
    pairs = {frozenset((each.reviewer, each.subject)) for each in first.pairs}
    barred = {frozenset((judge, each)) for each in relatives}
    assert {frozenset((each.one, each.other)) for each in first.known_conflicts} == barred
    assert not pairs & barred
    second = hub_plan(world, launched(world, per_judge=2))
    again = {frozenset((each.reviewer, each.subject)) for each in second.pairs}
    assert not again & (pairs | barred)
    assert {each.reason for each in second.known_conflicts} == {"kin", "last_campaigns"}
    assert "Родственник" not in str(world.commission.desk.campaigns.rows())
    world.close()


def test_a_judge_declares_and_enters_nothing_else_and_a_later_word_ends_the_tie(world: World) -> None:
    own = world.desk(world.judges[0])
    service = own.desk.dossier
    with pytest.raises(NotAllowed):
        service.enter(service.new_entry(world.judges[0], DossierSection.AWARDS, "Орден"))
    ended = replace(kin(world.judges[1]), until_on=world.commission.desk.campaigns.today - timedelta(days=1))
    service.declare(Declaration(kind=DeclarationKind.KIN, kin=(ended,)), "Брак расторгнут")
    service.declare(Declaration(kind=DeclarationKind.NO_PARTY), "Не состою в партиях")
    own.sync()
    assert hub_plan(world, launched(world, per_judge=2)).known_conflicts == ()
    world.commission.sync()
    seen = world.commission.desk.dossier.view(world.judges[0])
    kinds = {row.entry.declaration.kind for s in seen.sections for row in s.entries if row.entry.declaration}
    assert kinds == set(DeclarationKind)


MEASURES = [
    (Measure.COVERT_MEASURE, Authority.PROSECUTOR_GENERAL, date(2024, 5, 1), True),
    (Measure.COVERT_MEASURE, Authority.INVESTIGATIVE_JUDGE, date(2024, 5, 1), False),
    (Measure.COVERT_MEASURE, Authority.INVESTIGATIVE_JUDGE, date(2020, 5, 1), True),
    (Measure.COVERT_MEASURE, Authority.PROSECUTOR_GENERAL, date(2020, 5, 1), False),
    (Measure.COVERT_MEASURE, Authority.PROSECUTOR, date(2016, 5, 1), True),
    (Measure.PROSECUTION, Authority.PROSECUTOR_GENERAL, date(2025, 5, 1), True),
    (Measure.PROSECUTION, Authority.PROSECUTOR, date(2025, 5, 1), False),
    (Measure.PROSECUTION, Authority.PROSECUTOR_GENERAL, date(1998, 5, 1), False),
    (Measure.CUSTODY, Authority.SENATE, date(2026, 6, 30), True),
    (Measure.CUSTODY, Authority.SENATE, date(2026, 7, 1), False),
]


def test_a_measure_that_another_body_allowed_is_refused_at_the_desk_and_at_the_hub(world: World) -> None:
    judge, commission = world.judges[2], world.commission
    bare = world.hub.desk(COMMISSION)
    bare.pull()
    service, scope = commission.desk.dossier, dossier_scope(judge)
    blank = service.new_entry(judge, DossierSection.GUARANTEES, "Мера")
    for at, (measure, authority, day, is_right) in enumerate(MEASURES):
        told = Guarantee(measure=measure, authority=authority, allowed_on=day, paper="№ 1")
        pushed = replace(blank, id=f"hub{at}", guarantee=told)
        answer = bare.push_one(scope, Kind.DOSSIER_ENTRY, pushed.id, pushed)
        assert answer.code == ("" if is_right else Code.WRONG_AUTHORITY), told
        if is_right:
            service.enter(replace(blank, id=f"desk{at}", guarantee=told))
        else:
            with pytest.raises(BadInput, match="authority"):
                service.enter(replace(blank, id=f"desk{at}", guarantee=told))
    assert bare.push_one(scope, Kind.DOSSIER_ENTRY, "bare", replace(blank, id="bare")).code == Code.NOT_ALLOWED
    assert commission.sync().refused == 0
    commission.sync()
    entries = {row.entry.id for section in service.view(judge).sections for row in section.entries}
    right = {at for at, each in enumerate(MEASURES) if each[-1]}
    assert entries == {f"{where}{at}" for where in ("hub", "desk") for at in right}


def test_a_lost_desk_does_not_lose_the_campaign_and_a_false_holder_gets_nothing(world: World) -> None:
    first = world.commission
    second = enrolled(world.hub.url, SECOND, world.folder / "second")
    second.sync()
    second.desk.campaign_keys.tell()
    second.sync()
    campaign = launched(world, per_judge=3)
    holder = next(each for each in first.desk.campaign_keys.holders(campaign) if each.holder.person_id == SECOND)
    own_digits = next(each.digits for each in second_holders(second, campaign) if each.is_here)
    assert holder.digits == own_digits
    with pytest.raises(BadInput, match="digits"):
        first.desk.campaign_keys.hand_over(campaign, holder.holder.id, "0000 0000 0000 0000 0000 0000")
    first.desk.campaign_keys.hand_over(campaign, holder.holder.id, own_digits)
    first.sync()
    write_all(world, merit=lambda act: 2.0 + (sum(map(ord, act)) % 5) / 2)
    first.close()
    del world.desks[COMMISSION]
    second.sync()
    assert second.desk.campaigns.row(campaign).has_key
    second.desk.campaigns.open_forms(campaign)
    second.sync()
    second.sync()
    assert second.desk.review_results.fairness(campaign).forms == 30
    secret = sealed_forms.new_key()[0]
    share = second.desk.campaigns.row(campaign).campaign.shares[-1]
    with pytest.raises(BadInput):
        sealed_forms.open_secret(share.sealed, campaign, secret, second.desk.campaigns.row(campaign).campaign.seal_key)
    second.close()


def test_a_campaign_whose_key_lies_on_one_desk_goes_out_only_with_a_recorded_reason(world: World) -> None:
    first = world.commission
    alone = prepared(world, per_judge=3)
    with pytest.raises(BadInput, match=r"launch\.holders"):
        first.desk.campaigns.launch(alone)
    with pytest.raises(BadInput, match=r"launch\.holders"):
        first.desk.campaigns.launch(alone, "  ")
    second = enrolled(world.hub.url, SECOND, world.folder / "second")
    second.sync()
    second.desk.campaign_keys.tell()
    second.sync()
    first.sync()
    holder = next(each for each in first.desk.campaign_keys.holders(alone) if each.holder.person_id == SECOND)
    first.desk.campaign_keys.hand_over(alone, holder.holder.id, holder.digits)
    second.close()
    first.desk.campaigns.launch(alone, "эта причина не нужна")
    assert first.sync().refused == 0
    first.sync()
    row = first.desk.campaigns.row(alone)
    assert (row.campaign.holders, row.campaign.few_holders_reason) == (2, "")
    assert row.progress is not None
    assert row.progress.asked == 30


def second_holders(desk: SyncedDesk, campaign: str) -> list[HolderRow]:
    desk.sync()
    return desk.desk.campaign_keys.holders(campaign)


def test_a_holder_slipped_in_at_the_hub_is_never_sealed_to_by_itself(world: World) -> None:
    bare = world.hub.desk(SECOND)
    bare.pull()
    scope = campaign_scope(world.hub.court.id)
    evil = KeyHolder(id="evil", person_id=SECOND, name="Вторая Ч. К.", public_key=sealed_forms.new_key()[1])
    assert bare.push_one(scope, Kind.KEY_HOLDER, "evil", evil).code == ""
    stolen = replace(evil, id="stolen", person_id=COMMISSION)
    assert bare.push_one(scope, Kind.KEY_HOLDER, "stolen", stolen).code == Code.NOT_ALLOWED
    world.commission.sync()
    campaign = prepared(world, per_judge=3)
    shares = world.commission.desk.campaigns.row(campaign).campaign.shares
    assert len(shares) == 1
    assert shares[0].holder_id != "evil"
    with pytest.raises(NotFound):
        world.commission.desk.campaign_keys.hand_over(campaign, "nobody", "1")


def test_a_sealed_form_is_never_replaced_at_the_hub_not_even_after_results(world: World) -> None:
    """By the reviewer's own right, on the newest copy, before and after the forms were opened."""
    campaign = launched(world, per_judge=3)
    place = hub_plan(world, campaign).places[0]
    write_all(world, merit=lambda _act: 3.0)
    bare = world.hub.desk(place.reviewer_id)
    scope = review_scope(place.assignment_id)

    def push_again() -> str:
        bare.pull()
        rev, body = bare.held[scope, Kind.REVIEW, place.assignment_id]
        form = codec.decode(Kind.REVIEW, body)
        other = replace(form, sealed=form.sealed[:-8] + "AAAAAAA=")
        return bare.push_one(scope, Kind.REVIEW, place.assignment_id, other, rev).code

    assert push_again() == Code.SEALED
    before = hub_plan(world, campaign)
    commission = world.commission
    commission.sync()
    commission.desk.campaigns.open_forms(campaign)
    commission.sync()
    assert push_again() == Code.SEALED
    rev = bare.held[scope, Kind.REVIEW, place.assignment_id][0]
    assert bare.push_one(scope, Kind.REVIEW, place.assignment_id, None, rev).code == Code.SEALED
    assert hub_plan(world, campaign) == before


def test_an_auditor_draws_the_same_from_the_protocol_and_sees_each_change(world: World, tmp_path: Path) -> None:
    campaign = launched(world, per_judge=3)
    now = world.commission.opened.context.clock.now()
    court = world.hub.court.id
    protocol = campaign_command.take_protocol(world.hub.engine, court, campaign, actor="auditor", at=now)
    progress = world.commission.desk.campaigns.row(campaign).progress
    assert progress is not None
    assert (protocol.input_sha256, protocol.pairs_sha256) == (progress.input_sha256, progress.pairs_sha256)
    verdict = replay(protocol)
    assert verdict.is_same, verdict
    # Whoever is asked holds the seal of the drawing from the first hour, and an auditor is held to it.
    place = hub_plan(world, campaign).places[0]
    asked = world.desk(place.reviewer_id)
    asked.sync()
    assert asked.desk.reviews.open(place.assignment_id).assignment.drawing_sha256 == protocol.pairs_sha256
    paper = page_words(asked.desk.reviews.paper(place.assignment_id, "ru"))
    assert seal_in_groups(protocol.pairs_sha256) in paper
    other = next(each.subject for each in protocol.pairs if each.subject != protocol.pairs[0].subject)
    changed = Pair(protocol.pairs[0].reviewer, other)
    for false in (
        replace(protocol, nonce="0" * 32),
        replace(protocol, seed=protocol.seed + 1),
        replace(protocol, members=(*protocol.members[:-1], replace(protocol.members[-1], court="другой"))),
        replace(protocol, pairs=(changed, *protocol.pairs[1:])),
    ):
        assert not replay(false).is_same
    path = tmp_path / "protocol.json"
    path.write_bytes(codec.encode(protocol))
    assert review_drawn.read_protocol(path) == protocol
    with world.hub.engine.connect() as connection:
        taken = connection.scalars(text("SELECT actor_id FROM audit WHERE action = 'take_protocol'")).all()
    assert taken == ["auditor"]
    assert protocol.nonce in everything_in(world)
    assert protocol.nonce not in str(world.commission.desk.campaigns.row(campaign))
    with pytest.raises(NotFound):
        campaign_command.take_protocol(world.hub.engine, court, "none", actor="auditor", at=now)


def test_who_is_due_comes_from_the_dossiers_and_a_campaign_begins_with_them(world: World) -> None:
    commission, today = world.commission, world.commission.desk.campaigns.today
    years = {"j0": 2, "j1": 0.5, "j2": 25, "j3": 8}
    reviewed = {"j3": 6}
    for at, (name, passed) in enumerate(years.items()):
        judge = world.judges[at]
        post = Post(office=Office.JUDGE, court=f"court{at}", region="Север", languages=("ru",))
        entered(world, judge, DossierSection.POSTS, today - timedelta(days=int(365.3 * passed)), post=post)
        if name in reviewed:
            entered(world, judge, DossierSection.REVIEWS, today - timedelta(days=int(365.3 * reviewed[name])))
    entered(world, world.judges[4], DossierSection.POSTS, today - timedelta(days=900), post=Post(office=Office.OTHER))
    rows = {each.judge_id: each for each in commission.desk.due_judges.rows()}
    reasons = [rows[each].reason for each in world.judges[:5]]
    assert reasons == [
        DueReason.FIRST,
        DueReason.NOT_YET,
        DueReason.EXEMPT,
        DueReason.PERIODIC,
        DueReason.NOT_IN_OFFICE,
    ]
    due = [each for each in commission.desk.due_judges.rows() if each.is_due]
    assert {each.judge_id for each in due} == {world.judges[0], world.judges[3]}
    members = commission.desk.due_judges.members([each.judge_id for each in due])
    assert {each.id for each in members} == set(world.judges[:4])
    assert {each.id for each in members if each.is_subject} == {each.judge_id for each in due}
    assert {each.court for each in members} == {"court0", "court1", "court2", "court3"}


def entered(world: World, judge: str, section: DossierSection, from_on: date, post: Post | None = None) -> None:
    service = world.commission.desk.dossier
    entry: DossierEntry = service.new_entry(judge, section, "Запись")
    service.enter(replace(entry, from_on=from_on, post=post))
