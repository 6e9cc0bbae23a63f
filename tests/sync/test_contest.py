"""A whole contest over a real hub and real desks: four apply, one withdraws, one comes late; and what must not be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.domain.contest_log import LogEvent
from judge_desk.domain.contests import RecusalReason, SheetScore, Standing
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.errors import BadInput, NotAllowed, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import application_scope, contest_scope, court_scope
from judge_desk.hub.db import tables
from judge_desk.protocol import codec, contest_log
from judge_desk.protocol.feed import CHECKSUM_MODULUS, row_hash
from judge_desk.services.contest_log import verify_file
from judge_desk.services.contests import ContestView
from judge_desk.services.doctor import check_contests
from judge_desk.store import records
from tests.live_hub import LiveHub
from tests.sync.contest_world import (
    COUNCIL,
    JUDGES,
    SECTIONS,
    WORD,
    World,
    a_world,
    apply,
    open_steps,
    published,
    score_all,
    scores,
    seen,
)


@pytest.fixture
def world(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[World]:
    made = a_world(sqlite_hub, tmp_path / "desks")
    yield made
    made.close()


def view(world: World, person: str, contest: str) -> ContestView:
    return world.desk(person).desk.contests.view(contest)


def everything_on(world: World, person: str) -> str:
    """Every record on a desk as one text."""
    with world.desk(person).opened.context.store.reading() as connection:
        found = [each for kind in Kind for each in records.where(connection, kind)]
    return "\n".join(codec.encode(each).decode() for each in found)


def application(world: World, judge: str, contest: str) -> str:
    mine = view(world, judge, contest).mine
    assert mine is not None
    return mine.application.id


def test_four_apply_one_withdraws_and_the_log_proves_the_rest(world: World, tmp_path: Path) -> None:
    contest = published(world)
    apply(world, contest, *JUDGES[:3])
    world.sync(*COUNCIL)
    assert set(seen(world, "council1", contest)) == set(JUDGES[:3])

    gone = world.desk("judge3").desk.contests
    gone.withdraw(application(world, "judge3", contest))
    world.sync("judge3", *COUNCIL)
    for member in COUNCIL:
        assert set(seen(world, member, contest)) == {"judge1", "judge2"}
        assert f"{WORD} judge3" not in everything_on(world, member)

    open_steps(world, contest)
    assert score_all(world, "council1", contest, 2) == 6
    world.sync("council1", "judge1", "council2")
    own = view(world, "judge1", contest).mine
    assert own is not None
    assert {(each.step_id, each.member_id) for each in own.seen.sheets} == {
        (step, "council1") for step in ("file", "written", "interview")
    }
    assert all(each.reason == "Причина 2" for sheet in own.seen.sheets for each in sheet.scores)
    assert seen(world, "council2", contest)["judge1"].sheets == ()
    with pytest.raises(BadInput, match="early"):
        world.desk("council1").desk.contest_panel.decide(
            contest, application(world, "judge1", contest), "рано", chosen=True
        )
    for member, level in (("council2", 3), ("council3", 4)):
        assert score_all(world, member, contest, level) == 6
        world.sync(member)
    world.sync(*COUNCIL)
    first = seen(world, "council2", contest)["judge1"]
    assert len(first.sheets) == 9
    figures = first.weighted(view(world, "council2", contest).vacancy)
    assert figures is not None
    assert [round(each, 6) for each in figures] == [3.0, 2.0, 4.0]

    _decide(world, contest)
    for person in (*JUDGES, "chair"):
        world.sync(person)
        outcome = view(world, person, contest).vacancy.outcome
        assert outcome is not None
        assert outcome.name == "Судья0 А. Б."
    entries = {
        judge: [
            row.entry.text
            for section in world.desk(judge).desk.dossier.view().sections
            for row in section.entries
            if section.section is DossierSection.CONTESTS
        ]
        for judge in JUDGES
    }
    assert entries == {"judge1": ["Больше опыта"], "judge2": ["Меньше опыта"], "judge3": [], "judge4": []}
    for person in ("judge1", "judge2", "judge3", *COUNCIL, "auditor"):
        world.sync(person)
        assert check_contests(world.desk(person).opened.context).ok, person
    _check_file(world, contest, tmp_path / "log.json")


def _check_file(world: World, contest: str, file: Path) -> None:
    """The published log is whole and names nobody but the panel and who was chosen."""
    world.desk("auditor").desk.contests.save_log(contest, file)
    verdict = verify_file(file)
    assert (verdict.valid, verdict.faults) == (True, ())
    said = file.read_text(encoding="utf-8")
    assert WORD not in said
    assert not [judge for judge in JUDGES if judge in said]
    # The chosen one is public by the outcome; nobody else's name is there.
    assert [name for name in ("Судья0", "Судья1", "Судья2") if name in said] == ["Судья0"]


def _decide(world: World, contest: str) -> None:
    """The first is chosen, the second is not, and the outcome is known to every judge and member."""
    panel = world.desk("council2").desk.contest_panel
    panel.decide(contest, application(world, "judge1", contest), "Больше опыта", chosen=True)
    with pytest.raises(BadInput, match="second"):
        panel.decide(contest, application(world, "judge2", contest), "И этот", chosen=True)
    panel.decide(contest, application(world, "judge2", contest), "Меньше опыта", chosen=False)
    world.sync("council2")
    panel.end(contest, "Единогласно")
    world.sync("council2")
    world.sync()


def test_nobody_outside_sees_more_than_the_vacancy(world: World) -> None:
    contest = published(world)
    apply(world, contest, "judge1", "judge2")
    for outsider in ("judge3", "chair"):
        world.sync(outsider)
        outside = view(world, outsider, contest)
        assert (outside.log, outside.applications, outside.mine) == (None, (), None)
        assert WORD not in everything_on(world, outsider).replace(f"{WORD} {outsider}", "")
    world.sync("auditor", "judge1")
    audited = view(world, "auditor", contest)
    assert audited.log is not None
    assert audited.applications == ()
    assert WORD not in everything_on(world, "auditor")
    # An applicant reads that somebody else applied, not who.
    assert view(world, "judge1", contest).standing == 2
    said = everything_on(world, "judge1")
    with world.desk("judge1").opened.context.store.reading() as connection:
        links = records.where(connection, Kind.CONTEST_LINK)
    assert "judge2" not in "".join(codec.encode(each).decode() for each in links)
    assert f"{WORD} judge2" not in said
    bare = world.hub.desk("chair")
    scopes = {row.scope for row, _ in bare.pull().rows}
    assert not [each for each in scopes if each.split(":")[0] in ("contest", "application", "sheet")]


def test_names_are_told_only_where_the_rule_of_the_contest_tells_them(world: World) -> None:
    contest = published(world, names_shown=True)
    apply(world, contest, "judge1", "judge2")
    world.sync("judge1")
    log = view(world, "judge1", contest).log
    assert log is not None
    assert [each.name for each in log.links if each.event is LogEvent.ADMITTED] == ["Судья0 А. Б.", "Судья1 А. Б."]


def test_applied_without_a_link_and_late_by_the_stated_rule(world: World) -> None:
    contest = published(world)
    desk = world.desk("judge4").desk
    desk.contests.apply(contest, SECTIONS, view(world, "judge4", contest).vacancy.consent_until_on)
    mine = view(world, "judge4", contest).mine
    assert mine is not None
    assert (mine.delivery, mine.seen.candidacy) == ("waiting", None)
    with pytest.raises(Sealed):
        desk.contests.apply(contest, SECTIONS, view(world, "judge4", contest).vacancy.consent_until_on)
    # The last day passes while the desk has no link.
    today = desk.contests.today
    world.move(contest, apply_until_on=today - timedelta(days=1), late_days=0)
    world.sync("judge4")
    world.sync("judge4")
    answer = view(world, "judge4", contest).mine
    assert answer is not None
    assert answer.seen.candidacy is not None
    assert answer.seen.candidacy.standing is Standing.TOO_LATE
    assert (answer.seen.candidacy.arrived_on, answer.seen.candidacy.last_taken_on) == (today, today - timedelta(days=1))
    world.sync(*COUNCIL)
    assert seen(world, "council1", contest) == {}
    log = view(world, "judge4", contest).log
    assert log is not None
    assert log.links[-1].event is LogEvent.NOT_ADMITTED
    with pytest.raises(BadInput, match="late"):
        desk.contests.apply(contest, SECTIONS, view(world, "judge4", contest).vacancy.consent_until_on)


def test_kin_and_who_steps_back_read_and_score_nothing_of_that_application(world: World) -> None:
    contest = published(world)
    apply(world, contest, "judge1", kin=["council3"])
    apply(world, contest, "judge2")
    assert set(seen(world, "council3", contest)) == {"judge2"}
    first = application(world, "judge1", contest)
    world.desk("council2").desk.contest_panel.recuse(contest, first, RecusalReason.WORKED_TOGETHER, "Один состав")
    world.sync("council2", "council1", "judge1")
    world.sync("council2")
    assert set(seen(world, "council2", contest)) == {"judge2"}
    assert f"{WORD} judge1" not in everything_on(world, "council2") + everything_on(world, "council3")
    assert view(world, "council2", contest).recused_from == 1
    mine = view(world, "judge1", contest).mine
    assert mine is not None
    assert [(each.member_id, each.reason) for each in mine.seen.recusals] == [("council2", "worked_together")]
    # The last one who scores cannot step back: nobody would be left.
    world.desk("council1").desk.contest_panel.recuse(contest, first, RecusalReason.KIN)
    assert world.desk("council1").sync().refused == 1
    open_steps(world, contest)
    with pytest.raises(NotAllowed):
        world.desk("council2").desk.contest_panel.score(contest, first, "file", _scores(world, contest))
    assert score_all(world, "council1", contest) == 6
    world.sync("council1", "judge1")
    assert seen(world, "council1", contest)["judge1"].lacking == ()
    with pytest.raises(BadInput, match="kin"):
        world.desk("judge3").desk.contests.apply(
            published(world), SECTIONS, view(world, "judge1", contest).vacancy.consent_until_on, kin=COUNCIL
        )


def _scores(world: World, contest: str) -> list[SheetScore]:
    vacancy = view(world, "council1", contest).vacancy
    return scores(vacancy, vacancy.steps[0], 3)


def test_a_member_who_stays_away_holds_nothing_up(world: World) -> None:
    contest = published(world)
    apply(world, contest, "judge1")
    first = application(world, "judge1", contest)
    panel = world.desk("council1").desk.contest_panel
    panel.recuse(contest, first, RecusalReason.ABSENT, "Болеет", "council3")
    assert world.desk("council1").sync().refused == 1
    open_steps(world, contest, days_ago=2)
    for member in ("council1", "council2"):
        score_all(world, member, contest)
        world.sync(member)
    world.sync("council1")
    panel.recuse(contest, first, RecusalReason.ABSENT, "Болеет", "council3")
    assert world.desk("council1").sync().refused == 0
    world.sync("council1", "council3")
    assert seen(world, "council3", contest) == {}
    assert len(seen(world, "council1", contest)["judge1"].sheets) == 6
    assert seen(world, "council1", contest)["judge1"].may_decide


def test_a_sheet_is_given_once_and_only_whole(world: World) -> None:
    contest = published(world)
    apply(world, contest, "judge1")
    first = application(world, "judge1", contest)
    panel, vacancy = world.desk("council1").desk.contest_panel, view(world, "council1", contest).vacancy
    with pytest.raises(BadInput, match="early"):
        panel.score(contest, first, "file", _scores(world, contest))
    open_steps(world, contest)
    vacancy = view(world, "council1", contest).vacancy
    with pytest.raises(BadInput, match="incomplete"):
        panel.score(contest, first, "file", [])
    second = world.second_desk("council1")
    for desk, level in ((world.desk("council1"), 2), (second, 4)):
        desk.desk.contest_panel.score(contest, first, "file", scores(vacancy, vacancy.steps[0], level))
    assert world.desk("council1").sync().refused == 0
    assert second.sync().refused == 1
    world.sync("judge1")
    mine = view(world, "judge1", contest).mine
    assert mine is not None
    assert [each.scores[0].score for each in mine.seen.sheets] == [2]


def test_the_hub_makes_the_extract_and_takes_no_other(world: World) -> None:
    contest = published(world)
    bare = world.hub.desk("judge1")
    bare.pull()
    desk = world.desk("judge1").desk
    desk.contests.apply(contest, SECTIONS, view(world, "judge1", contest).vacancy.consent_until_on)
    mine = view(world, "judge1", contest).mine
    assert mine is not None
    forged = replace(mine.application, id="forged", extract_sha256="0" * 64)
    assert bare.push_one("user:judge1", Kind.CONTEST_APPLICATION, "forged", forged).outcome == "applied"
    bare.pull()
    key = (application_scope("forged"), Kind.CANDIDACY, "forged")
    assert codec.decode(Kind.CANDIDACY, bare.held[key][1]).standing is Standing.DIFFERENT_EXTRACT
    assert not [each for each in bare.held if each[1] == Kind.CONTEST_EXTRACT]
    # Another's application: its scope does not open, nor does it change.
    other = replace(forged, id=key[2], judge_id="judge2")
    thief = world.hub.desk("judge2")
    thief.pull()
    answer = thief.push_one("user:judge2", Kind.CONTEST_APPLICATION, "forged", other)
    assert answer.outcome == "refused"


def test_a_member_who_leaves_the_council_keeps_nothing(world: World) -> None:
    contest = published(world)
    apply(world, contest, "judge1")
    person = world.hub.add_person("council3", Role.COUNCIL)
    world.hub.put((court_scope(world.hub.court.id), Kind.PERSON, "council3", replace(person, roles=(Role.SECRETARY,))))
    world.sync("council3")
    assert WORD not in everything_on(world, "council3")
    assert view(world, "council3", contest).log is None


def test_what_is_changed_at_the_hub_is_found_by_applicant_council_and_auditor(world: World, tmp_path: Path) -> None:
    contest = published(world)
    apply(world, contest, "judge1")
    open_steps(world, contest)
    for member in COUNCIL:
        score_all(world, member, contest)
        world.sync(member)
    people = ("judge1", "council1", "auditor")
    for person in people:
        world.sync(person)
        world.sync(person)
        assert check_contests(world.desk(person).opened.context).ok, person
    first = application(world, "judge1", contest)
    forge(world.hub, f"sheet:{first}.file.0", Kind.SCORE_SHEET, "Причина 3", "Причина 9")
    world.sync("judge1", "council1")
    for person in ("judge1", "council1"):
        found = check_contests(world.desk(person).opened.context)
        assert [each["reason"] for each in found.named] == ["altered"], person
    # Who holds nothing but the log finds a line that was rewritten.
    forge(world.hub, contest_scope(contest), Kind.CONTEST_LINK, '"step_id":"file"', '"step_id":"talk"')
    world.sync("auditor")
    reasons = {each["reason"] for each in check_contests(world.desk("auditor").opened.context).named}
    assert "broken" in reasons
    file = tmp_path / "log.json"
    world.desk("auditor").desk.contests.save_log(contest, file)
    assert not verify_file(file).valid


def test_a_published_log_that_was_cut_swapped_or_signed_by_another_is_found(world: World, tmp_path: Path) -> None:
    contest = published(world)
    apply(world, contest, "judge1", "judge2")
    world.sync("auditor")
    file = tmp_path / "log.json"
    world.desk("auditor").desk.contests.save_log(contest, file)
    whole = json.loads(file.read_text(encoding="utf-8"))
    key = whole["hub_key"]
    assert verify_file(file, key).valid
    assert not verify_file(file, "00" * 32).valid

    def faults(**changes: object) -> set[str]:
        file.write_text(json.dumps({**whole, **changes}), encoding="utf-8")
        return {fault for _, fault in verify_file(file).faults}

    links = whole["links"]
    assert "broken" in faults(links=[*links[:2], *links[3:]])
    assert faults(links=links[::-1]) == set()  # the numbers order a log, not the file
    assert "not_published_first" in faults(links=[])
    assert {"broken", "not_signed"} & faults(links=[{**links[0], "member_id": "x"}, *links[1:]])
    assert "altered" in faults(vacancy={**whole["vacancy"], "title": "другое"})
    assert "not_signed" in faults(hub_key="11" * 32)
    with pytest.raises(BadInput, match="no_log"):
        contest_log.read(b"{}")


def forge(hub: LiveHub, where: str, kind: Kind, old: str, new: str) -> None:
    """Somebody who knows the hub's database rewrites a record and has it sent again, its checksum in order."""
    entity, scope = tables.entity, tables.scope
    place = sa.and_(entity.c.scope == where, entity.c.kind == kind.value, entity.c.body.contains(old, autoescape=True))
    with hub.engine.begin() as connection:
        row = connection.execute(sa.select(entity.c.id, entity.c.rev, entity.c.body).where(place).limit(1)).one()
        here = scope.c.scope == where
        head, checksum = connection.execute(sa.select(scope.c.head, scope.c.checksum).where(here)).one()
        checksum += row_hash(row.id, row.rev + 1) - row_hash(row.id, row.rev)
        one = sa.and_(entity.c.scope == where, entity.c.kind == kind.value, entity.c.id == row.id)
        body = row.body.replace(old, new)
        assert body != row.body
        connection.execute(sa.update(entity).where(one).values(body=body, seq=head + 1, rev=row.rev + 1))
        connection.execute(sa.update(scope).where(here).values(head=head + 1, checksum=checksum % CHECKSUM_MODULUS))
