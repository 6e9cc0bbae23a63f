"""What the hub writes and grants itself because of a contest: candidacies, extracts, rights, entries in dossiers.

Rights follow from the records alone. The panel reads an application for as long as the consent holds; a member who
steps back, or whom the applicant named as kin, reads nothing of it; a sheet is its author's and the applicant's until
the step is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contests import (
    Application,
    Candidacy,
    ContestDecision,
    ContestExtract,
    Recusal,
    ScoreSheet,
    Standing,
    Vacancy,
    extract_hash,
    sheet_id,
    standing_of,
)
from judge_desk.domain.dossier import DossierEntry, DossierSeal, DossierSection
from judge_desk.domain.holdings import Holding
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import application_scope, contest_scope, court_scope, dossier_scope, sheet_scope
from judge_desk.hub import contests, grants, seals, write
from judge_desk.hub.contests import Contests
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Entry
from judge_desk.hub.registry import HUB, change_of
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.runtime.clock import court_time

Item = tuple[str, Kind, str, Any]
FOLLOWED = contests.ASKED


@dataclass(slots=True)
class Effects:
    """Records to write, rights to give and rights to end, in this order."""

    items: list[Item] = field(default_factory=list)
    given: set[Holding] = field(default_factory=set)
    ended: set[tuple[str, str]] = field(default_factory=set)

    def put(self, scope: str, kind: Kind, record: Any) -> None:
        self.items.append((scope, kind, record.id, record))


def effects(
    connection: Connection, court_id: str, done: Iterable[tuple[Kind, Any, Any]], known: Contests, at: datetime
) -> Effects:
    """What follows from accepted records, given as (kind, before, after); ``known`` has moved on with them."""
    made = _Effects(connection, court_id, known, at)
    for _, before, after in done:
        if isinstance(after, Vacancy):
            made.of_vacancy(before, after)
        elif isinstance(after, Application):
            made.of_application(before, after)
        elif isinstance(after, Recusal):
            made.of_recusal(after)
        elif isinstance(after, ScoreSheet):
            made.of_step(known.vacancies[after.contest_id], after.application_id, after.step_id)
    return made.found


def carry_out(connection: Connection, court_id: str, found: Effects, generation: int, at: datetime) -> None:
    """Write the records, give and end the rights, each with its line of the audit."""
    records = {(scope, kind, record_id): record for scope, kind, record_id, record in found.items}
    stored = write.load(connection, court_id, records)
    made = [
        change
        for key, record in records.items()
        if (change := change_of(key, record, stored.get(key), HUB, generation)) is not None
    ]
    grants.end(connection, court_id, found.ended, grants.WITHDRAWN, at)
    grants.give(connection, court_id, found.given, grants.FROM_RECORD, at)
    told = [_entry("revoke", scope, person) for person, scope in sorted(found.ended)]
    told += [_entry("grant", each.scope, each.person_id, each.role.value) for each in sorted(found.given, key=str)]
    write.write(connection, court_id, made, told, at)


def _entry(action: str, scope: str, person_id: str, role: str = "") -> Entry:
    return Entry(chain=scope, actor_id=HUB, action=action, scope=scope, kind=role, record_id=person_id)


def lapsed(connection: Connection, court_id: str, at: datetime) -> Effects:
    """What follows from the consents that have run out by now."""
    today = court_time(at).date()
    gone = contests.lapsed(connection, court_id, today)
    known = contests.load_by_id(connection, court_id, {each.contest_id for each in gone}, today)
    made = _Effects(connection, court_id, known, at)
    for each in gone:
        made.end_consent(each)
    return made.found


class _Effects:
    def __init__(self, connection: Connection, court_id: str, known: Contests, at: datetime) -> None:
        self.found = Effects()
        self._connection = connection
        self._court_id = court_id
        self._known = known
        self._at = at

    def of_vacancy(self, before: Vacancy | None, after: Vacancy) -> None:
        if before is None:
            scope = contest_scope(after.id)
            council, auditors = self._people(Role.COUNCIL), self._people(Role.AUDITOR)
            seats = {each.person_id for each in after.panel} & council
            self.found.given |= {Holding(each, scope, Role.COUNCIL) for each in seats}
            self.found.given |= {Holding(each, scope, Role.AUDITOR) for each in auditors - seats}
        elif before.outcome is None and after.outcome is not None:
            self._enter_in_dossiers(after)

    def of_application(self, before: Application | None, after: Application) -> None:
        if before is not None:
            held = self._known.candidacies.get(after.id)
            if held is not None and held.is_open:
                self.end_consent(replace(held, standing=Standing.WITHDRAWN))
        elif after.withdrawn_at is None:
            self._answer(after)

    def of_recusal(self, recusal: Recusal) -> None:
        """The member forgets the application, and what waited for that member's sheet is whole perhaps."""
        vacancy = self._known.vacancies[recusal.contest_id]
        scopes = [application_scope(recusal.application_id), *self._sheets(vacancy, recusal.application_id)]
        self.found.ended |= {(recusal.member_id, each) for each in scopes}
        for step in vacancy.steps:
            self.of_step(vacancy, recusal.application_id, step.id)

    def of_step(self, vacancy: Vacancy, application_id: str, step_id: str) -> None:
        """Once every sheet of a step is in, the panel reads all of them."""
        state = self._known.state(vacancy.id)
        if not state.is_step_whole(vacancy, application_id, step_id):
            return
        recused = state.applications[application_id].recused
        for seat in range(len(vacancy.panel)):
            scope = sheet_scope(sheet_id(application_id, step_id, seat))
            self.found.given |= {Holding(each, scope, Role.COUNCIL) for each in self._readers(vacancy, recused)}

    def end_consent(self, candidacy: Candidacy) -> None:
        """Withdrawn or run out: the extract goes, and the panel forgets everything of this application."""
        vacancy = self._known.vacancies[candidacy.contest_id]
        scope = application_scope(candidacy.id)
        self.found.put(scope, Kind.CANDIDACY, candidacy)
        self.found.items.append((scope, Kind.CONTEST_EXTRACT, candidacy.id, None))
        scopes = [scope, *self._sheets(vacancy, candidacy.id)]
        members = [each.person_id for each in vacancy.panel if each.person_id != candidacy.judge_id]
        self.found.ended |= {(member, each) for member in members for each in scopes}

    def _answer(self, application: Application) -> None:
        vacancy = self._known.vacancies[application.contest_id]
        arrived_on, made_on = court_time(self._at).date(), court_time(application.made_at).date()
        standing, late = standing_of(vacancy, application, arrived_on, made_on)
        extract = self._extract(application) if standing is Standing.ADMITTED else None
        others = [each for each in self._known.candidacies.values() if each.is_open]
        if any((each.judge_id, each.contest_id) == (application.judge_id, vacancy.id) for each in others):
            standing = Standing.SECOND
        elif standing is Standing.ADMITTED and extract is None:
            standing = Standing.DIFFERENT_EXTRACT
        candidacy = self._candidacy(vacancy, application, standing, late=late)
        self._known.candidacies[candidacy.id] = candidacy
        scope = application_scope(application.id)
        self.found.put(scope, Kind.CANDIDACY, candidacy)
        own = [scope, contest_scope(vacancy.id)]
        if extract is not None and candidacy.is_open:
            self.found.put(scope, Kind.CONTEST_EXTRACT, extract)
            own += self._sheets(vacancy, application.id)
            self._let_panel_in(vacancy, candidacy)
        self.found.given |= {Holding(application.judge_id, each, Role.JUDGE) for each in own}

    def _candidacy(self, vacancy: Vacancy, application: Application, standing: Standing, *, late: bool) -> Candidacy:
        key = (court_scope(self._court_id), Kind.PERSON, application.judge_id)
        stored = write.load(self._connection, self._court_id, [key]).get(key)
        person = codec.decode(Kind.PERSON, stored.body) if stored is not None else None
        name = person.name if isinstance(person, Person) else application.judge_id
        seats = [each.person_id for each in vacancy.panel]
        kept_out = [each for each in seats if each in application.kin or each == application.judge_id]
        return Candidacy(
            id=application.id,
            contest_id=vacancy.id,
            judge_id=application.judge_id,
            judge_name=name,
            statement=application.statement,
            standing=standing,
            late=late,
            made_at=application.made_at,
            arrived_on=court_time(self._at).date(),
            apply_until_on=vacancy.apply_until_on,
            last_taken_on=vacancy.last_taken_on,
            consent_until_on=application.consent.until_on,
            recused=tuple(kept_out),
            shown_name=name if vacancy.names_shown else "",
            salt=contests.new_salt(),
        )

    def _let_panel_in(self, vacancy: Vacancy, candidacy: Candidacy) -> None:
        """Each member on the panel reads the application and may write the own sheets."""
        readers = self._readers(vacancy, set(candidacy.recused))
        for seat, each in enumerate(vacancy.panel):
            if each.person_id in readers:
                scopes = [sheet_scope(sheet_id(candidacy.id, step.id, seat)) for step in vacancy.steps]
                scopes.append(application_scope(candidacy.id))
                self.found.given |= {Holding(each.person_id, scope, Role.COUNCIL) for scope in scopes}

    def _extract(self, application: Application) -> ContestExtract | None:
        """Made from the hub's own entries; None where that is not what the judge consented to."""
        consent, scope = application.consent, dossier_scope(application.judge_id)
        seals_of: dict[str, DossierSeal] = {each.id: each for each in self._all(scope, Kind.DOSSIER_SEAL)}
        last = next((each.hash for each in seals_of.values() if each.number == application.chain_number), FIRST_LINK)
        entries: list[DossierEntry] = [
            each
            for each in self._all(scope, Kind.DOSSIER_ENTRY)
            if each.section in consent.sections
            and each.id in seals_of
            and seals_of[each.id].number <= application.chain_number
        ]
        entries.sort(key=lambda each: seals_of[each.id].number)
        hashes = [codec.sha256(each) for each in entries]
        sealed = all(seals_of[each.id].entry_sha256 == held for each, held in zip(entries, hashes, strict=True))
        whole = extract_hash(application.judge_id, application.chain_hash, hashes, application.own_words)
        if not sealed or (whole, last) != (application.extract_sha256, application.chain_hash):
            return None
        return ContestExtract(
            id=application.id,
            contest_id=application.contest_id,
            judge_id=application.judge_id,
            sections=consent.sections,
            entries=tuple(entries),
            own_words=application.own_words,
            chain_number=application.chain_number,
            chain_hash=application.chain_hash,
            seal=whole,
            until_on=consent.until_on,
            salt=contests.new_salt(),
        )

    def _enter_in_dossiers(self, vacancy: Vacancy) -> None:
        """One entry for each judge whose application was decided; nothing is kept of one that was withdrawn."""
        log = seals.log_of(self._connection, self._court_id, vacancy.id)
        for application_id, told in self._known.state(vacancy.id).open.items():
            candidacy = self._known.candidacies[application_id]
            key = (application_scope(application_id), Kind.CONTEST_DECISION, application_id)
            stored = write.load(self._connection, self._court_id, [key]).get(key)
            if stored is None or told.chosen is None:
                continue
            decision: ContestDecision = codec.decode(Kind.CONTEST_DECISION, stored.body)
            entry = DossierEntry(
                id=f"contest-{application_id}",
                judge_id=candidacy.judge_id,
                section=DossierSection.CONTESTS,
                title=f"{vacancy.title}: {_result(chosen=decision.chosen)}",
                text=decision.reasons,
                from_on=candidacy.arrived_on,
                to_on=court_time(decision.decided_at).date(),
                source=f"{vacancy.id} · № {len(log)} · {log[-1].hash[:16]}",
                entered_by=decision.decided_by,
                entered_at=self._at,
            )
            self.found.put(dossier_scope(candidacy.judge_id), Kind.DOSSIER_ENTRY, entry)

    def _sheets(self, vacancy: Vacancy, application_id: str) -> list[str]:
        seats = range(len(vacancy.panel))
        return [sheet_scope(sheet_id(application_id, step.id, seat)) for step in vacancy.steps for seat in seats]

    def _readers(self, vacancy: Vacancy, recused: set[str]) -> set[str]:
        return {each.person_id for each in vacancy.panel} & self._people(Role.COUNCIL) - recused

    def _people(self, role: Role) -> set[str]:
        table = tables.person_role
        query = select(table.c.person_id).where(table.c.court_id == self._court_id, table.c.role == role.value)
        return set(self._connection.scalars(query))

    def _all(self, scope: str, kind: Kind) -> list[Any]:
        return seals.records_of(self._connection, self._court_id, scope, kind)


def _result(*, chosen: bool) -> str:
    """In both languages of the courts: the hub does not know in which the dossier will be read."""
    key = "contests.decision.chosen" if chosen else "contests.decision.not_chosen"
    return " / ".join(Translator(language)(key) for language in ("kk", "ru"))
