"""Five contests for a post in the demo: one open, one whose extracts are being scored, one for which nobody applied,
one that waits for a decision, and one that has ended.

They are written as desks would have asked for them, in the order of time over all five, and everything else follows as
at any hub: candidacies, extracts, rights, the log, the entries in dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Engine

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contests import (
    Application,
    Consent,
    ContestDecision,
    ContestOutcome,
    ContestRules,
    ScoreSheet,
    Seat,
    SheetScore,
    Step,
    Vacancy,
    extract_hash,
    sheet_id,
    steps_by,
)
from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierSeal
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.rules import holding
from judge_desk.domain.scopes import application_scope, court_scope, dossier_scope, sheet_scope, user_scope
from judge_desk.hub import contest_effects, contests, looks, seals, write
from judge_desk.hub.db import engine as database
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.seeding import DemoCourt
from judge_desk.hub.registry import Item, Registry, change_of
from judge_desk.protocol import codec, rule_packs
from judge_desk.runtime import paths
from judge_desk.runtime.clock import court_time

PANEL = ("council", "council2", "council3")
APPLICANTS = ("judge", "judge2", "judge3")
Deed = tuple[datetime, Callable[[], None]]
"""When somebody did something in a contest, and what writes it."""


def write_contests(engine: Engine, registry: Registry, court: DemoCourt) -> None:
    """Write them all; the same call twice changes nothing."""
    rules = holding(rule_packs.read_folder(paths.resource("rules")).book.contests, court.plan.anchor)
    vacancy_id = court.plan.id_of("contest", "ended")
    with engine.connect() as connection:
        known = contests.load_by_id(connection, court.cast.court.id, [vacancy_id], court.plan.anchor)
    if rules is None or known.vacancies:
        return
    registry.put_many(
        court.cast.court.id, [(court_scope(court.cast.court.id), Kind.PERSON, each.id, each) for each in members(court)]
    )
    told = [_Contest(engine, court, rules, sketch) for sketch in phrases.read("contests")["contest"]]
    # A log only grows: what was done first is written first, also across contests, which share the dossiers.
    for _, write_it in sorted((deed for each in told for deed in each.deeds()), key=lambda deed: deed[0]):
        write_it()
    registry.put_many(court.cast.court.id, [item for each in told for item in each.looks()])


def members(court: DemoCourt) -> list[Person]:
    """The council's other members, who have no account."""
    told = phrases.read("contests")["members"]
    return [
        Person(
            id=court.plan.id_of("person", user),
            court_id=court.cast.court.id,
            name=name,
            full_name=name,
            roles=(Role.COUNCIL,),
        )
        for user, name in zip(PANEL[1:], told, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Contest:
    engine: Engine
    court: DemoCourt
    rules: ContestRules
    sketch: dict[str, Any]

    def deeds(self) -> Iterator[Deed]:
        """All that was done in this contest, each with its moment."""
        vacancy = self.vacancy()
        yield self.deed(court_scope(self.court_id), Kind.VACANCY, vacancy, vacancy.published_at)
        for number, user in enumerate(APPLICANTS[: self.sketch["applicants"]]):
            yield self.applied_at, partial(self.apply, vacancy, user)
            for step in vacancy.steps[: self.sketch["steps"]]:
                for seat, _ in enumerate(vacancy.panel):
                    if not (self.sketch["owes"] and seat == 0 and step is vacancy.steps[self.sketch["steps"] - 1]):
                        sheet = self.sheet(vacancy, user, step, seat, 3 + (number + seat) % 2 - (number == 2))
                        yield self.deed(sheet_scope(sheet.id), Kind.SCORE_SHEET, sheet, sheet.made_at)
        if self.sketch["ended"]:
            yield from self.end(vacancy)

    def looks(self) -> Iterator[Item]:
        """Every member of the panel reads each extract, which its judge finds in the dossier; as the hub enters it."""
        plan, vacancy = self.court.plan, self.vacancy()
        for user in APPLICANTS[: self.sketch["applicants"]]:
            judge_id = self.person(user)
            for member in vacancy.panel:
                look = DossierAccess(
                    id=plan.id_of("look", self.sketch["key"], user, member.person_id),
                    judge_id=judge_id,
                    reader_id=member.person_id,
                    reader_name=member.name,
                    reader_role=Role.COUNCIL.value,
                    purpose=looks.CONTEST,
                    at=self.applied_at + timedelta(hours=5),
                )
                yield dossier_scope(judge_id), Kind.DOSSIER_ACCESS, look.id, look

    @property
    def applied_at(self) -> datetime:
        return moment(self.court.plan, self.sketch["days_back"] - 2)

    def apply(self, vacancy: Vacancy, user: str) -> None:
        """The extract is of the dossier as it stands when this is written."""
        application = self.application(vacancy, user)
        self.put(user_scope(application.judge_id), Kind.CONTEST_APPLICATION, application, application.made_at)

    def deed(self, scope: str, kind: Kind, record: Any, at: datetime) -> Deed:
        return at, partial(self.put, scope, kind, record, at)

    @property
    def court_id(self) -> str:
        return self.court.cast.court.id

    def person(self, user: str) -> str:
        plan, known = self.court.plan, self.court.cast.members
        return known[user].person.id if user in known else plan.id_of("person", user)

    def vacancy(self) -> Vacancy:
        plan, rules = self.court.plan, self.rules
        published = moment(plan, self.sketch["days_back"])
        until = court_time(published).date() + timedelta(days=rules.apply_days)
        steps = steps_by(rules, until)
        council = self.court.cast.members["council"].person
        names = [council.name, *phrases.read("contests")["members"]]
        return Vacancy(
            id=plan.id_of("contest", self.sketch["key"]),
            title=self.sketch["title"],
            post=self.sketch["post"],
            court=self.sketch["court"],
            text=self.sketch["text"],
            rule_id=rules.id,
            norm=rules.norm,
            certainty=rules.certainty,
            low=rules.low,
            high=rules.high,
            criteria=rules.criteria,
            steps=steps,
            sections=rules.sections,
            apply_until_on=until,
            late_days=rules.late_days,
            names_shown=rules.names_shown,
            panel=tuple(Seat(self.person(user), name) for user, name in zip(PANEL, names, strict=True)),
            consent_until_on=steps[-1].to_on + timedelta(days=rules.consent_days + 120 * self.sketch["ended"]),
            published_by=council.name,
            published_at=published,
        )

    def application(self, vacancy: Vacancy, user: str) -> Application:
        """Over exactly those entries of the dossier that the hub had sealed by then."""
        judge_id, plan = self.person(user), self.court.plan
        scope = dossier_scope(judge_id)
        with self.engine.connect() as connection:
            links: list[DossierSeal] = seals.records_of(connection, self.court_id, scope, Kind.DOSSIER_SEAL)
            written: list[DossierEntry] = seals.records_of(connection, self.court_id, scope, Kind.DOSSIER_ENTRY)
        made, entries = self.applied_at, {each.id: each for each in written}
        known = list(
            takewhile(
                lambda link: (entries[link.id].entered_at or made) <= made,
                sorted(links, key=lambda each: each.number),
            )
        )
        asked = [entries[link.id] for link in known if entries[link.id].section in vacancy.sections]
        head = known[-1].hash if known else FIRST_LINK
        until_on = vacancy.consent_until_on
        return Application(
            id=plan.id_of("application", self.sketch["key"], user),
            contest_id=vacancy.id,
            judge_id=judge_id,
            statement=self.sketch["statement"],
            consent=Consent(contest_id=vacancy.id, sections=vacancy.sections, until_on=until_on, given_at=made),
            chain_number=len(known),
            chain_hash=head,
            extract_sha256=extract_hash(judge_id, head, [codec.sha256(each) for each in asked]),
            made_at=made,
            salt=plan.id_of("salt", self.sketch["key"], user),
        )

    def sheet(self, vacancy: Vacancy, user: str, step: Step, seat: int, score: int) -> ScoreSheet:
        plan, key = self.court.plan, self.sketch["key"]
        member = vacancy.panel[seat]
        application_id = plan.id_of("application", key, user)
        reasons = phrases.read("contests")["reasons"]
        return ScoreSheet(
            id=sheet_id(application_id, step.id, seat),
            contest_id=vacancy.id,
            application_id=application_id,
            step_id=step.id,
            member_id=member.person_id,
            member_name=member.name,
            scores=tuple(
                SheetScore(each.id, score, reasons[each.id][score - 1]) for each in vacancy.criteria_of(step.id)
            ),
            made_at=moment(plan, (plan.anchor - step.from_on).days),
            salt=plan.id_of("salt", key, user, step.id, seat),
        )

    def end(self, vacancy: Vacancy) -> Iterator[Deed]:
        """One is chosen, the others not, each with reasons; then the outcome is announced."""
        plan, key = self.court.plan, self.sketch["key"]
        days = (plan.anchor - vacancy.steps[-1].to_on).days - 1
        chosen = self.sketch["chosen"]
        by = vacancy.panel[0]
        for user in APPLICANTS[: self.sketch["applicants"]]:
            application_id = plan.id_of("application", key, user)
            decision = ContestDecision(
                id=application_id,
                contest_id=vacancy.id,
                chosen=user == chosen,
                reasons=self.sketch["reasons_chosen" if user == chosen else "reasons_not_chosen"],
                decider_id=by.person_id,
                decided_by=by.name,
                decided_at=moment(plan, days),
                salt=plan.id_of("salt", key, user, "decision"),
            )
            yield self.deed(application_scope(application_id), Kind.CONTEST_DECISION, decision, decision.decided_at)
        outcome = ContestOutcome(
            application_id=plan.id_of("application", key, chosen),
            name=self.court.cast.members[chosen].person.name,
            reasons=self.sketch["reasons_outcome"],
            decided_by=by.name,
            decided_at=moment(plan, days, hour=16),
        )
        ended = replace(vacancy, outcome=outcome)
        yield self.deed(court_scope(self.court_id), Kind.VACANCY, ended, outcome.decided_at)

    def put(self, scope: str, kind: Kind, record: Any, at: datetime) -> None:
        """Write one record as its author's desk would have at that moment, with everything that follows from it."""
        database.write(self.engine, lambda connection: self._put(connection, scope, kind, record, at))

    def _put(self, connection: Connection, scope: str, kind: Kind, record: Any, at: datetime) -> None:
        stored = write.load(connection, self.court_id, [(scope, kind, record.id)]).get((scope, kind, record.id))
        before = codec.decode(kind, stored.body) if stored is not None else None
        change = change_of((scope, kind, record.id), record, stored, self._author(record), 0)
        if change is None:
            return
        write.write(connection, self.court_id, [change], [], at)
        contest_id = record.id if isinstance(record, Vacancy) else record.contest_id
        known = contests.load_by_id(connection, self.court_id, [contest_id], court_time(at).date())
        found = contest_effects.effects(connection, self.court_id, [(kind, before, record)], known, at)
        contest_effects.carry_out(connection, self.court_id, found, 0, at)

    def _author(self, record: Any) -> str:
        for name in ("judge_id", "member_id", "decider_id"):
            if hasattr(record, name):
                return str(getattr(record, name))
        return self.person("council")
