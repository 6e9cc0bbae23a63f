"""What the council does in a contest: publish, score, step back, decide, end it. All of it works without a link."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

from judge_desk.domain.changes import Changes
from judge_desk.domain.contest_scores import is_sound, whole_sheet
from judge_desk.domain.contests import (
    Candidacy,
    ContestDecision,
    ContestOutcome,
    ContestRules,
    Recusal,
    RecusalReason,
    ScoreSheet,
    Seat,
    SheetScore,
    Vacancy,
    sheet_id,
    steps_by,
)
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import application_scope, court_scope, sheet_scope
from judge_desk.services.contests import HALF_SHEETS, LONGEST, ContestService, HalfSheet, rules_on
from judge_desk.store import records, session_data
from judge_desk.store.unit_of_work import UnitOfWork


class ContestPanelService:
    """Deeds of the council; each asks the same rules as the hub will, and waits for the link where there is none."""

    def __init__(self, contests: ContestService) -> None:
        self._contests = contests
        self._context = contests.context

    def rules(self, on: date | None = None) -> ContestRules:
        """How a contest is run by the rules of the day; raises NotFound."""
        return rules_on(on or self._contests.today)

    def council(self) -> list[Person]:
        """Who may sit on a panel, by name."""
        with self._context.store.reading() as connection:
            people: list[Person] = records.where(connection, Kind.PERSON)
        found = [each for each in people if each.active and Role.COUNCIL in each.roles]
        return sorted(found, key=lambda each: each.name)

    def last_day(self) -> date:
        """Until when applications are taken by the rules, from today."""
        return self._contests.today + timedelta(days=self.rules().apply_days)

    def planned(
        self, title: str, post: str, court: str, *, panel: Collection[str], apply_until_on: date, text: str = ""
    ) -> Vacancy:
        """A vacancy by the rules of the day, with its steps one after the other; not published yet."""
        rules = self.rules()
        people = [each for each in self.council() if each.id in panel]
        steps = steps_by(rules, apply_until_on)
        return Vacancy(
            id=new_id(),
            title=title.strip(),
            post=post.strip(),
            court=court.strip(),
            text=text.strip(),
            rule_id=rules.id,
            norm=rules.norm,
            certainty=rules.certainty,
            low=rules.low,
            high=rules.high,
            criteria=rules.criteria,
            steps=steps,
            sections=rules.sections,
            apply_until_on=apply_until_on,
            late_days=rules.late_days,
            names_shown=rules.names_shown,
            panel=tuple(Seat(each.id, each.name) for each in people),
            consent_until_on=steps[-1].to_on + timedelta(days=rules.consent_days),
            published_by=self._context.person.name,
            published_at=self._context.clock.now(),
        )

    def publish(self, vacancy: Vacancy) -> Changes:
        """Make a vacancy known to all; raises BadInput for one by which no contest can be run, or too small a panel."""
        if len(vacancy.panel) < self.rules().least_panel:
            raise BadInput("contests.publish.panel", least=self.rules().least_panel)
        if vacancy.apply_until_on < self._contests.today:
            raise BadInput("contests.publish.last_day")
        if not is_sound(vacancy):
            raise BadInput("contests.publish.incomplete")
        scope = court_scope(self._context.person.court_id)
        with self._work("contest.publish") as work:
            self._context.authorise(work, Kind.VACANCY, scope, None, vacancy, as_role=Role.COUNCIL)
            work.put(Kind.VACANCY, scope, vacancy)
        return work.changes

    def keep_half(self, contest_id: str, application_id: str, step_id: str, half: HalfSheet) -> None:
        """Keep a sheet that is being filled in, on this desk alone."""
        with self._context.store.writing() as connection:
            vacancy: Vacancy = records.get(connection, Kind.VACANCY, contest_id)
            name = sheet_id(application_id, step_id, vacancy.seat(self._context.person.id) or 0)
            kept = session_data.get(connection, HALF_SHEETS, dict[str, HalfSheet]) or {}
            if kept.get(name) != half:
                session_data.put(connection, HALF_SHEETS, kept | {name: replace(half, code="")})

    def score(
        self, contest_id: str, application_id: str, step_id: str, scores: Sequence[SheetScore], comment: str = ""
    ) -> Changes:
        """Give the sheet of a step, once and for good. Raises BadInput for a missing score or reason and before the
        step has begun, NotAllowed for somebody without a seat or who stepped back."""
        person = self._context.person
        with self._work("contest.score") as work:
            vacancy = self._vacancy(work, contest_id)
            seat, step = vacancy.seat(person.id), vacancy.step(step_id)
            if seat is None or step is None:
                raise NotAllowed
            if step.from_on > self._contests.today:
                raise BadInput("contests.score.early")
            sheet = ScoreSheet(
                id=sheet_id(application_id, step_id, seat),
                contest_id=contest_id,
                application_id=application_id,
                step_id=step_id,
                member_id=person.id,
                member_name=person.name,
                scores=tuple(scores),
                comment=comment.strip(),
                made_at=self._context.clock.now(),
                salt=secrets.token_hex(16),
            )
            if not whole_sheet(vacancy, sheet):
                raise BadInput("contests.score.incomplete")
            if sum(len(each.reason) for each in scores) + len(comment) > LONGEST:
                raise BadInput("contests.text.length", most=LONGEST)
            scope = sheet_scope(sheet.id)
            self._context.authorise(work, Kind.SCORE_SHEET, scope, work.get(Kind.SCORE_SHEET, sheet.id), sheet)
            work.put(Kind.SCORE_SHEET, scope, sheet)
            kept = session_data.get(work.connection, HALF_SHEETS, dict[str, HalfSheet]) or {}
            kept.pop(sheet.id, None)
            session_data.put(work.connection, HALF_SHEETS, kept)
        return work.changes

    def recuse(
        self, contest_id: str, application_id: str, reason: RecusalReason, text: str = "", member_id: str = ""
    ) -> Changes:
        """Step back from an application; it leaves this desk at the next contact. ``member_id``: somebody else, who
        stays away (ABSENT) and whose sheet is overdue."""
        person = self._context.person
        with self._work("contest.recuse") as work:
            vacancy = self._vacancy(work, contest_id)
            member = next((each for each in vacancy.panel if each.person_id == (member_id or person.id)), None)
            if member is None:
                raise NotAllowed
            recusal = Recusal(
                id=new_id(),
                contest_id=contest_id,
                application_id=application_id,
                member_id=member.person_id,
                member_name=member.name,
                declared_by=person.id,
                reason=reason,
                text=text.strip()[:LONGEST],
                declared_at=self._context.clock.now(),
                salt=secrets.token_hex(16),
            )
            scope = application_scope(application_id)
            self._context.authorise(work, Kind.RECUSAL, scope, None, recusal)
            work.put(Kind.RECUSAL, scope, recusal)
        return work.changes

    def decide(self, contest_id: str, application_id: str, reasons: str, *, chosen: bool) -> Changes:
        """The panel's word on one application; raises BadInput without reasons, while sheets are owed, or for a second
        one that is chosen."""
        view = self._contests.view(contest_id)
        seen = next((each for each in view.applications if _id(each.candidacy) == application_id), None)
        if seen is None:
            raise NotFound(kind=Kind.CANDIDACY.value, id=application_id)
        if not reasons.strip() or len(reasons) > LONGEST:
            raise BadInput("contests.decide.reasons")
        if not seen.may_decide:
            raise BadInput("contests.decide.early")
        others = [each for each in view.applications if each.decision is not None and each.decision.chosen]
        if chosen and others:
            raise BadInput("contests.decide.second")
        person = self._context.person
        decision = ContestDecision(
            id=application_id,
            contest_id=contest_id,
            chosen=chosen,
            reasons=reasons.strip(),
            decider_id=person.id,
            decided_by=person.name,
            decided_at=self._context.clock.now(),
            salt=secrets.token_hex(16),
        )
        scope = application_scope(application_id)
        with self._work("contest.decide") as work:
            self._context.authorise(work, Kind.CONTEST_DECISION, scope, None, decision)
            work.put(Kind.CONTEST_DECISION, scope, decision)
        return work.changes

    def end(self, contest_id: str, reasons: str) -> Changes:
        """Make the outcome known to all; raises BadInput without reasons or while an application is undecided."""
        view = self._contests.view(contest_id)
        if not reasons.strip() or len(reasons) > LONGEST:
            raise BadInput("contests.decide.reasons")
        if not view.may_end:
            raise BadInput("contests.end.early")
        chosen = [each for each in view.applications if each.decision is not None and each.decision.chosen]
        candidacy = chosen[0].candidacy if chosen else None
        person = self._context.person
        outcome = ContestOutcome(
            application_id=candidacy.id if candidacy is not None else "",
            name=candidacy.judge_name if candidacy is not None else "",
            reasons=reasons.strip(),
            decided_by=person.name,
            decided_at=self._context.clock.now(),
        )
        scope = court_scope(person.court_id)
        after = replace(view.vacancy, outcome=outcome)
        with self._work("contest.end") as work:
            self._context.authorise(work, Kind.VACANCY, scope, view.vacancy, after, as_role=Role.COUNCIL)
            work.put(Kind.VACANCY, scope, after)
        return work.changes

    def _work(self, action: str) -> AbstractContextManager[UnitOfWork]:
        return self._context.store.unit_of_work(self._context.person.id, action)

    def _vacancy(self, work: UnitOfWork, contest_id: str) -> Vacancy:
        vacancy: Vacancy | None = work.get(Kind.VACANCY, contest_id)
        if vacancy is None:
            raise NotFound(kind=Kind.VACANCY.value, id=contest_id)
        return vacancy


def _id(candidacy: Candidacy | None) -> str:
    return candidacy.id if candidacy is not None else ""
