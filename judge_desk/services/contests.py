"""Contests for a post as a judge sees them, and as the council's panel and the auditor do: one view, by what is here.

What a person may not read is not on this desk, so the view asks for nothing but what lies here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.contest_log import LogState, replay
from judge_desk.domain.contest_scores import CriterionSpread, spreads, weighted
from judge_desk.domain.contests import (
    Application,
    Candidacy,
    Consent,
    ContestDecision,
    ContestExtract,
    ContestRules,
    OwnWords,
    Recusal,
    ScoreSheet,
    SheetScore,
    Vacancy,
    extract_hash,
    sheet_id,
)
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.errors import BadInput, NotFound, Sealed
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.rules import holding
from judge_desk.domain.scopes import contest_scope, sheet_scope, user_scope
from judge_desk.protocol import codec, rule_packs
from judge_desk.runtime import paths
from judge_desk.services.contest_log import LogView, export, view_of
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import Delivery
from judge_desk.services.dossier_chain import chain_of
from judge_desk.store import contests, dossier, records, session_data

HALF_SHEETS = "half_written_sheets"
LONGEST = 20_000


class Phase(StrEnum):
    """Where a contest stands by its dates: applications are taken, those on the way are waited for, a step is scored,
    the last step is over, it has ended."""

    OPEN = "open"
    WAITING = "waiting"
    STEPS = "steps"
    DECIDING = "deciding"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class HalfSheet:
    """A sheet that was begun; it never leaves this desk. ``code`` is why the hub refused it, where it did."""

    scores: tuple[SheetScore, ...] = ()
    comment: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """One application with everything of it that this desk may read.

    ``number`` names it without a name: the end of its id, as in the log. ``lacking`` are (step, member) of sheets that
    are owed; ``to_score`` the steps in which this person may give one now. ``result``: chosen or not, behind an
    outcome; None before one, and where the application did not stand until then.
    """

    number: str
    candidacy: Candidacy | None
    extract: ContestExtract | None
    sheets: tuple[ScoreSheet, ...]
    recusals: tuple[Recusal, ...]
    decision: ContestDecision | None
    result: bool | None
    lacking: tuple[tuple[str, str], ...]
    to_score: tuple[str, ...] = ()
    half: dict[str, HalfSheet]
    may_decide: bool = False
    waiting: bool = False

    def of_step(self, step_id: str) -> tuple[ScoreSheet, ...]:
        """The sheets of a step that count: not those of a member who stepped back."""
        aside = {each.member_id for each in self.recusals}
        return tuple(each for each in self.sheets if each.step_id == step_id and each.member_id not in aside)

    def spread(self, vacancy: Vacancy) -> tuple[CriterionSpread, ...]:
        counted = (sheet for step in vacancy.steps for sheet in self.of_step(step.id))
        return spreads(vacancy, counted)

    def weighted(self, vacancy: Vacancy) -> tuple[float, float, float] | None:
        """For who decides, and only when every sheet is in."""
        return None if self.lacking else weighted(self.spread(vacancy))


@dataclass(frozen=True, slots=True)
class Mine:
    """One's own application, and whether the hub has it; ``code`` is why it was refused."""

    application: Application
    delivery: Delivery
    code: str
    seen: ApplicationView


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestView:
    """One contest. ``mine`` is the newest own application; ``applications`` are those before the panel; ``told`` what
    the log says of all of them: how many stand, and how many ended by withdrawal. ``let_pass``: a judge who did not
    apply while one could."""

    vacancy: Vacancy
    phase: Phase
    mine: Mine | None
    applications: tuple[ApplicationView, ...]
    log: LogView | None
    standing: int
    withdrawn: int
    recused_from: int
    on_panel: bool
    may_apply: bool
    let_pass: bool
    may_end: bool
    waiting: bool


class ContestService:
    """Reading, applying and withdrawing; the panel's deeds are ``services.contest_panel``."""

    def __init__(self, context: DeskContext) -> None:
        self.context = context

    @property
    def today(self) -> date:
        return self.context.clock.today()

    @property
    def is_council(self) -> bool:
        return Role.COUNCIL in self.context.person.roles

    @property
    def is_judge(self) -> bool:
        return Role.JUDGE in self.context.person.roles

    def rows(self) -> list[ContestView]:
        """Every contest that this person may know of, the newest first."""
        with self.context.store.reading() as connection:
            return [self._view(connection, each) for each in contests.vacancies(connection)]

    def view(self, contest_id: str) -> ContestView:
        """One contest; raises NotFound."""
        with self.context.store.reading() as connection:
            return self._view(connection, records.get(connection, Kind.VACANCY, contest_id))

    def preview(self, sections: Collection[DossierSection]) -> tuple[DossierEntry, ...]:
        """The entries that the council would read, in the order in which they were sealed."""
        with self.context.store.reading() as connection:
            return self._consented(connection, sections)[0]

    def apply(
        self,
        contest_id: str,
        sections: Collection[DossierSection],
        until_on: date,
        statement: str = "",
        kin: Collection[str] = (),
    ) -> Changes:
        """Apply by consenting to an extract; it goes out with the next exchange.

        Raises BadInput for no section, a consent that ends before the last step, an application after the last day, kin
        of the whole panel, or a dossier whose chain is broken; Sealed where an own application stands.
        """
        me = self.context.person.id
        ordered = tuple(each for each in DossierSection if each in sections)
        with self.context.store.unit_of_work(me, "contest.apply") as work:
            vacancy: Vacancy | None = work.get(Kind.VACANCY, contest_id)
            if vacancy is None:
                raise NotFound(kind=Kind.VACANCY.value, id=contest_id)
            if len(statement) > LONGEST:
                raise BadInput("contests.text.length", most=LONGEST)
            self._check(work.connection, vacancy, ordered, until_on, kin)
            now = self.context.clock.now()
            consent = Consent(contest_id=contest_id, sections=ordered, until_on=until_on, given_at=now)
            application = self._sealed(work.connection, consent, statement, kin)
            scope = user_scope(me)
            self.context.authorise(work, Kind.CONTEST_APPLICATION, scope, None, application, as_role=Role.JUDGE)
            work.put(Kind.CONTEST_APPLICATION, scope, application)
        return work.changes

    def withdraw(self, application_id: str, reason: str = "") -> Changes:
        """Take the consent back: the council's desks forget the extract at their next contact. No reason is asked."""
        me = self.context.person.id
        with self.context.store.unit_of_work(me, "contest.withdraw") as work:
            before: Application | None = work.get(Kind.CONTEST_APPLICATION, application_id)
            if before is None:
                raise NotFound(kind=Kind.CONTEST_APPLICATION.value, id=application_id)
            if before.withdrawn_at is not None:
                raise Sealed
            after = replace(before, withdrawn_at=self.context.clock.now(), withdrawn_why=reason.strip()[:LONGEST])
            scope = user_scope(me)
            self.context.authorise(work, Kind.CONTEST_APPLICATION, scope, before, after, as_role=Role.JUDGE)
            work.put(Kind.CONTEST_APPLICATION, scope, after)
        return work.changes

    def _sealed(self, connection: Connection, consent: Consent, statement: str, kin: Collection[str]) -> Application:
        """The application with the hash of exactly those entries that the consent opens."""
        me = self.context.person.id
        entries, number, last = self._consented(connection, consent.sections)
        own_words = self._own_words(connection, entries)
        return Application(
            id=new_id(),
            contest_id=consent.contest_id,
            judge_id=me,
            statement=statement.strip(),
            consent=consent,
            chain_number=number,
            chain_hash=last,
            extract_sha256=extract_hash(me, last, [codec.sha256(each) for each in entries], own_words),
            own_words=own_words,
            kin=tuple(kin),
            made_at=consent.given_at,
            salt=secrets.token_hex(16),
        )

    def save_log(self, contest_id: str, path: Path) -> None:
        """Write the log as a file that anybody can check; raises NotFound for a log that is not here."""
        path.write_bytes(export(self.context, contest_id))

    def _check(
        self,
        connection: Connection,
        vacancy: Vacancy,
        sections: tuple[DossierSection, ...],
        until_on: date,
        kin: Collection[str],
    ) -> None:
        me = self.context.person.id
        if self.today > vacancy.apply_until_on or vacancy.outcome is not None:
            raise BadInput("contests.apply.late")
        if any(self._stands(connection, each) for each in contests.applications(connection, vacancy.id)):
            raise Sealed("contests.apply.twice")
        if not sections:
            raise BadInput("contests.apply.sections")
        if until_on < vacancy.steps[-1].to_on:
            raise BadInput("contests.apply.until")
        if {each.person_id for each in vacancy.panel} <= {*kin, me}:
            raise BadInput("contests.apply.kin")
        if chain_of(connection, me).faults:
            raise BadInput("contests.apply.chain")

    def _stands(self, connection: Connection, application: Application) -> bool:
        if application.withdrawn_at is not None:
            return False
        answered: Candidacy | None = records.find(connection, Kind.CANDIDACY, application.id)
        return answered is None or answered.is_open

    def _consented(
        self, connection: Connection, sections: Collection[DossierSection]
    ) -> tuple[tuple[DossierEntry, ...], int, str]:
        """The sealed entries of these sections, and number and hash of the last link of the dossier."""
        me = self.context.person.id
        chain = chain_of(connection, me)
        numbers = {each.id: each.number for each in dossier.seals(connection, me)}
        entries = [each for each in dossier.entries(connection, me) if each.id in numbers and each.section in sections]
        return tuple(sorted(entries, key=lambda each: numbers[each.id])), chain.links, chain.last

    def _own_words(self, connection: Connection, entries: tuple[DossierEntry, ...]) -> tuple[OwnWords, ...]:
        named = {each.id for each in entries}
        replies = dossier.replies(connection, self.context.person.id)
        return tuple(OwnWords(each.entry_id, each.text) for each in replies if each.entry_id in named)

    def _view(self, connection: Connection, vacancy: Vacancy) -> ContestView:
        me = self.context.person.id
        state = replay(contests.links(connection, vacancy.id))
        waiting, refused = contests.waiting(connection), contests.refused(connection)
        own = contests.applications(connection, vacancy.id)
        own += [each for each, _ in refused.values() if isinstance(each, Application) and each.contest_id == vacancy.id]
        mine = None
        if own:
            newest = max(own, key=lambda each: each.made_at)
            code = refused[newest.id][1] if newest.id in refused else ""
            delivery = Delivery.REFUSED if code else Delivery.WAITING if newest.id in waiting else Delivery.SENT
            mine = Mine(newest, delivery, code, self._application(connection, vacancy, state, newest.id))
        seen = [each for each in contests.candidacies(connection, vacancy.id) if each.judge_id != me]
        told = state.applications.values()
        stands = mine is not None and self._stands(connection, mine.application) and not mine.code
        on_panel = vacancy.seat(me) is not None and self.is_council
        return ContestView(
            vacancy=vacancy,
            phase=phase_of(vacancy, self.today),
            mine=mine,
            applications=tuple(self._application(connection, vacancy, state, each.id) for each in seen),
            log=view_of(connection, vacancy) if contests.holds(connection, contest_scope(vacancy.id)) else None,
            standing=len(state.open),
            withdrawn=sum(each.ended == "withdrawn" for each in told),
            recused_from=sum(me in each.recused for each in state.open.values()),
            on_panel=on_panel,
            may_apply=self.is_judge and not stands and phase_of(vacancy, self.today) is Phase.OPEN,
            let_pass=self.is_judge and mine is None and not on_panel and self.today > vacancy.apply_until_on,
            may_end=bool(state.links) and state.may_end() and self.today > vacancy.last_taken_on,
            waiting=vacancy.id in waiting,
        )

    def _application(
        self, connection: Connection, vacancy: Vacancy, state: LogState, application_id: str
    ) -> ApplicationView:
        me, seat = self.context.person.id, vacancy.seat(self.context.person.id)
        candidacy: Candidacy | None = records.find(connection, Kind.CANDIDACY, application_id)
        sheets = contests.sheets(connection, application_id)
        extract: ContestExtract | None = records.find(connection, Kind.CONTEST_EXTRACT, application_id)
        if extract is not None and extract.until_on < self.today and extract.judge_id != me:
            # The consent has run out; the hub takes the rows away at the next contact.
            extract = None
        told = state.applications.get(application_id)
        lacking = tuple(state.lacking(vacancy, application_id)) if told is not None and told.is_open else ()
        given = {each.step_id for each in sheets if each.member_id == me}
        begun = [each for each in vacancy.steps if each.from_on <= self.today and each.id not in given]
        open_to_me = [
            each.id
            for each in begun
            if seat is not None and contests.holds(connection, sheet_scope(sheet_id(application_id, each.id, seat)))
        ]
        decision: ContestDecision | None = records.find(connection, Kind.CONTEST_DECISION, application_id)
        is_open = candidacy is not None and candidacy.is_open and candidacy.judge_id != me and decision is None
        may_score = open_to_me if is_open else []
        return ApplicationView(
            number=application_id[-6:],
            candidacy=candidacy,
            extract=extract,
            sheets=tuple(sheets),
            recusals=tuple(contests.recusals(connection, application_id)),
            decision=decision,
            result=told.result if told is not None else None,
            lacking=tuple(each for each in lacking if each[0] not in given or each[1] != me),
            to_score=tuple(may_score),
            half=self._halves(connection, application_id, may_score, seat or 0),
            may_decide=is_open and state.may_decide(vacancy, application_id, me),
            waiting=bool(contests.waiting(connection) & {application_id, *(each.id for each in sheets)}),
        )

    def _halves(
        self, connection: Connection, application_id: str, steps: Collection[str], seat: int
    ) -> dict[str, HalfSheet]:
        kept = session_data.get(connection, HALF_SHEETS, dict[str, HalfSheet]) or {}
        refused = contests.refused(connection)
        found = {}
        for step in steps:
            name = sheet_id(application_id, step, seat)
            sheet, code = refused.get(name, (None, ""))
            begun = HalfSheet(sheet.scores, sheet.comment) if isinstance(sheet, ScoreSheet) else HalfSheet()
            found[step] = replace(kept.get(name, begun), code=code)
        return found


def phase_of(vacancy: Vacancy, on: date) -> Phase:
    """Where a contest stands on a day."""
    if vacancy.outcome is not None:
        return Phase.ENDED
    if on <= vacancy.apply_until_on:
        return Phase.OPEN
    if on < vacancy.steps[0].from_on:
        return Phase.WAITING
    return Phase.STEPS if on <= vacancy.steps[-1].to_on else Phase.DECIDING


def rules_on(day: date) -> ContestRules:
    """The rules of a day; raises NotFound where the packs hold none."""
    found = holding(_rules(), day)
    if found is None:
        raise NotFound("contests.rules.none")
    return found


@cache
def _rules() -> tuple[ContestRules, ...]:
    return rule_packs.read_folder(paths.resource("rules")).book.contests
