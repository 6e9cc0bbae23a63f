"""A contest on bare desks over both databases: who may do what when, and what each is sent because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from judge_desk.domain.contest_log import replay
from judge_desk.domain.contests import ContestOutcome, RecusalReason, Standing, extract_hash, sheet_id
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import application_scope, contest_scope, court_scope, dossier_scope, sheet_scope
from judge_desk.hub import seals, upkeep
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import FixedClock
from tests.contract.contests import AT, a_decision, a_recusal, a_sheet, a_vacancy, an_application
from tests.live_hub import COURT, LiveHub, TestDesk, fresh_database, hub_over

COUNCIL = ("m1", "m2", "m3")
PLACE = court_scope(COURT.id)


@dataclass
class World:
    """A hub whose clock the test moves, and a device of each person."""

    hub: LiveHub
    clock: FixedClock
    desks: dict[str, TestDesk] = field(default_factory=dict)

    def desk(self, person: str) -> TestDesk:
        if person not in self.desks:
            made = self.desks[person] = self.hub.stranger()
            made.enrol(person, at=self.clock.now())
        return self.desks[person]

    def to(self, day: date) -> None:
        """It is another day, and everybody signs in again."""
        self.clock.set(datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
        for desk in self.desks.values():
            desk.sign_in(self.clock.now())

    def put(self, person: str, scope: str, kind: Kind, record: Any, rev: int = 0) -> str:
        """What the hub says: "" for taken, else its code."""
        result = self.desk(person).push_one(scope, kind, record.id, record, rev)
        return "" if result.outcome == "applied" else str(result.code)

    def sent(self, person: str) -> set[tuple[str, str]]:
        """(scope, kind) of what a person's device holds of the contest."""
        desk = self.desk(person)
        desk.pull()
        kinds = {"vacancy", "candidacy", "contest_extract", "score_sheet", "contest_decision", "recusal"}
        return {(key[0], key[1]) for key in desk.held if key[1] in kinds}

    def held(self, person: str, scope: str, kind: Kind, record_id: str) -> Any:
        desk = self.desk(person)
        desk.pull()
        found = desk.held.get((scope, kind.value, record_id))
        return None if found is None else codec.decode(kind, found[1])


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = FixedClock(datetime.now(UTC))
    if request.param == "sqlite":
        with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, clock) as hub:
            yield peopled(World(hub, clock))
    else:
        server: str = request.getfixturevalue("postgresql")
        with fresh_database(server) as url, hub_over(url, tmp_path, clock) as hub:
            yield peopled(World(hub, clock))


def peopled(world: World) -> World:
    roles = {"secretary": Role.SECRETARY, "chair": Role.CHAIR, "commission": Role.COMMISSION, "auditor": Role.AUDITOR}
    roles |= {"judge1": Role.JUDGE, "judge2": Role.JUDGE, **dict.fromkeys((*COUNCIL, "m4"), Role.COUNCIL)}
    for person, role in roles.items():
        world.hub.add_person(person, role, name=f"Name {person}")
    entry = DossierEntry(id="e1", judge_id="judge1", section=DossierSection.POSTS, title="судья с 2015 года")
    world.hub.put((dossier_scope("judge1"), Kind.DOSSIER_ENTRY, entry.id, entry))
    return world


def begun(world: World) -> None:
    """Published, with an application of each judge."""
    vacancy = a_vacancy(panel=COUNCIL)
    assert world.put("m1", PLACE, Kind.VACANCY, vacancy) == ""
    for number in ("1", "2"):
        application = an_application(f"a{number}", f"judge{number}")
        if number == "1":
            # Nothing of the dossier was consented to but its awards, of which there are none; its last link is known.
            seal = world.held("judge1", dossier_scope("judge1"), Kind.DOSSIER_SEAL, "e1")
            whole = extract_hash("judge1", seal.hash, ())
            application = replace(application, chain_number=1, chain_hash=seal.hash, extract_sha256=whole)
        assert world.put(f"judge{number}", f"user:judge{number}", Kind.CONTEST_APPLICATION, application) == ""


def test_only_the_council_publishes_and_only_what_can_be_run(world: World) -> None:
    vacancy = a_vacancy(panel=COUNCIL)
    for person in ("judge1", "secretary", "chair", "commission", "auditor"):
        assert world.put(person, PLACE, Kind.VACANCY, vacancy) == Code.NOT_ALLOWED, person
    assert world.put("m1", PLACE, Kind.VACANCY, replace(vacancy, steps=())) == Code.BAD_BODY
    outcome = ContestOutcome(reasons="x", decided_by="x", decided_at=AT)
    assert world.put("m1", PLACE, Kind.VACANCY, replace(vacancy, outcome=outcome)) == Code.NOT_ALLOWED
    assert world.put("m1", PLACE, Kind.VACANCY, vacancy) == ""
    assert world.put("m1", PLACE, Kind.VACANCY, replace(vacancy, title="other"), 1) == Code.NOT_ALLOWED
    world.to(vacancy.consent_until_on)
    assert world.put("m1", PLACE, Kind.VACANCY, replace(vacancy, id="late")) == Code.TOO_LATE


def test_each_is_sent_what_is_theirs_and_a_withdrawal_takes_it_back(world: World) -> None:
    begun(world)
    both = {(application_scope(each), kind) for each in ("a1", "a2") for kind in ("candidacy", "contest_extract")}
    public = {(PLACE, "vacancy")}
    for member in COUNCIL:
        assert world.sent(member) == public | both, member
    for outsider in ("secretary", "chair", "commission", "auditor", "m4"):
        assert world.sent(outsider) == public, outsider
    for number in ("1", "2"):
        own = {each for each in both if each[0] == application_scope(f"a{number}")}
        assert world.sent(f"judge{number}") == public | own
    world.hub.add_person("auditor2", Role.AUDITOR)
    for auditor in ("auditor", "auditor2"):
        world.desk(auditor).pull()
        links = {key for key in world.desk(auditor).held if key[1] == Kind.CONTEST_LINK}
        assert len(links) == 5, auditor
    # The judge is told who was sent the extract, and why.
    world.desk("judge1").pull()
    looks = [
        codec.decode(Kind.DOSSIER_ACCESS, body)
        for key, (_, body) in world.desk("judge1").held.items()
        if key[1] == Kind.DOSSIER_ACCESS
    ]
    assert sorted((each.reader_id, each.purpose) for each in looks) == [(each, "contest") for each in COUNCIL]
    # The chair and a member without a seat find no scope to write in.
    for outsider in ("chair", "m4", "auditor", "commission"):
        recusal = a_recusal(f"r-{outsider}", "a1", outsider)
        assert world.put(outsider, application_scope("a1"), Kind.RECUSAL, recusal) == Code.NO_SUCH_SCOPE
    held = world.held("judge1", "user:judge1", Kind.CONTEST_APPLICATION, "a1")
    assert world.put("judge2", "user:judge2", Kind.CONTEST_APPLICATION, replace(held, judge_id="judge2")) != ""
    changed = replace(held, statement="other")
    assert world.put("judge1", "user:judge1", Kind.CONTEST_APPLICATION, changed, 1) == Code.NOT_ALLOWED
    gone = replace(held, withdrawn_at=AT)
    assert world.put("judge1", "user:judge1", Kind.CONTEST_APPLICATION, gone, 1) == ""
    assert world.sent("m1") == {each for each in public | both if each[0] != application_scope("a1")}
    assert world.held("judge1", application_scope("a1"), Kind.CANDIDACY, "a1").standing is Standing.WITHDRAWN
    assert world.held("judge1", application_scope("a1"), Kind.CONTEST_EXTRACT, "a1") is None


def test_sheets_decisions_and_the_outcome_come_in_their_order(world: World) -> None:
    begun(world)
    vacancy = a_vacancy(panel=COUNCIL)

    def sheet(member: str, step: str, application: str = "a1", by: str = "") -> str:
        name = sheet_id(application, step, COUNCIL.index(member))
        return world.put(by or member, sheet_scope(name), Kind.SCORE_SHEET, a_sheet(name, by or member))

    assert sheet("m1", "file") == Code.TOO_EARLY
    world.to(vacancy.steps[1].from_on)
    assert sheet("m2", "file", by="m1") == Code.NO_SUCH_SCOPE
    name = sheet_id("a1", "file", 0)
    bare = replace(a_sheet(name, "m1"), scores=())
    assert world.put("m1", sheet_scope(name), Kind.SCORE_SHEET, bare) == Code.BAD_BODY
    assert sheet("m1", "file") == ""
    assert sheet("m1", "file") == Code.IMMUTABLE
    assert (sheet_scope(name), "score_sheet") in world.sent("judge1")
    assert (sheet_scope(name), "score_sheet") not in world.sent("judge2") | world.sent("m2")
    assert world.put("m1", application_scope("a1"), Kind.CONTEST_DECISION, a_decision("a1", "m1")) == Code.TOO_EARLY
    recusal = a_recusal("r1", "a2", "m3")
    assert world.put("m3", application_scope("a2"), Kind.RECUSAL, recusal) == ""
    assert sheet("m3", "file", "a2") == Code.NOT_ALLOWED
    for member in COUNCIL:
        for step in ("file", "talk"):
            for application in ("a1", "a2"):
                if (member, step, application) != ("m1", "file", "a1") and (member, application) != ("m3", "a2"):
                    assert sheet(member, step, application) == "", (member, step, application)
    assert (sheet_scope(name), "score_sheet") in world.sent("m2")
    # Who stepped back from one application decides on none while another can.
    assert world.put("m3", application_scope("a1"), Kind.CONTEST_DECISION, a_decision("a1", "m3")) == Code.NOT_ALLOWED
    ended = replace(vacancy, outcome=ContestOutcome(reasons="x", decided_by="x", decided_at=AT))
    assert world.put("m1", PLACE, Kind.VACANCY, ended, 1) == Code.TOO_EARLY
    for application, chosen in (("a1", True), ("a2", True), ("a2", False)):
        decision = a_decision(application, "m2", chosen=chosen)
        expected = Code.BAD_BODY if (application, chosen) == ("a2", True) else ""
        assert world.put("m2", application_scope(application), Kind.CONTEST_DECISION, decision) == expected
    assert world.put("m1", application_scope("a1"), Kind.RECUSAL, a_recusal("r2", "a1", "m1")) == Code.TOO_LATE
    assert world.put("m1", PLACE, Kind.VACANCY, ended, 1) == Code.BAD_BODY
    named = ContestOutcome(application_id="a1", name="Name judge1", reasons="x", decided_by="x", decided_at=AT)
    assert world.put("m1", PLACE, Kind.VACANCY, replace(vacancy, outcome=named), 1) == ""
    with world.hub.engine.connect() as connection:
        assert replay(seals.log_of(connection, COURT.id, "contest1")).has_outcome
    for judge in ("judge1", "judge2"):
        entry = world.held(judge, dossier_scope(judge), Kind.DOSSIER_ENTRY, f"contest-a{judge[-1]}")
        assert entry.section is DossierSection.CONTESTS


def test_an_absent_member_is_put_on_record_only_when_a_sheet_is_overdue(world: World) -> None:
    begun(world)
    absent = a_recusal("r1", "a1", "m3", declared_by="m1", reason=RecusalReason.ABSENT)
    assert world.put("m1", application_scope("a1"), Kind.RECUSAL, absent) == Code.TOO_EARLY
    stolen = replace(absent, id="r2", reason=RecusalReason.KIN)
    assert world.put("m1", application_scope("a1"), Kind.RECUSAL, stolen) == Code.NOT_ALLOWED
    world.to(a_vacancy().steps[1].from_on)
    assert world.put("m1", application_scope("a1"), Kind.RECUSAL, absent) == ""
    assert (application_scope("a1"), "candidacy") not in world.sent("m3")


def test_a_consent_that_has_run_out_is_ended_by_the_hub(world: World) -> None:
    begun(world)
    assert upkeep.clear(world.hub.engine, None, world.clock.now()).consents == 0
    late = datetime(2100, 1, 3, tzinfo=UTC)
    assert upkeep.clear(world.hub.engine, None, late).consents == 2
    assert upkeep.clear(world.hub.engine, None, late).consents == 0
    assert world.sent("m1") == {(PLACE, "vacancy")}
    assert world.held("judge1", application_scope("a1"), Kind.CANDIDACY, "a1").standing is Standing.LAPSED
    assert contest_scope("contest1") in world.desk("m1").cursors
