"""Contests for a post at the hub: what may be taken now, and what the hub writes and grants because of it.

The log of a contest, which every writing lengthens in its own transaction, is also what the hub decides by: it says who
was admitted, who stepped back and which sheets are in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from judge_desk.domain.contest_log import LogState, replay
from judge_desk.domain.contest_scores import is_sound, whole_sheet
from judge_desk.domain.contests import (
    Application,
    Candidacy,
    ContestDecision,
    Recusal,
    RecusalReason,
    ScoreSheet,
    Standing,
    Vacancy,
    of_sheet,
)
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import application_scope, court_scope
from judge_desk.hub import seals, write
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Key
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action, Operation

ASKED = frozenset({Kind.VACANCY, Kind.CONTEST_APPLICATION, Kind.RECUSAL, Kind.SCORE_SHEET, Kind.CONTEST_DECISION})
"""What desks ask for in a contest."""


@dataclass(slots=True)
class Contests:
    """The contests that a push is about, as they stand; they move on with each operation that is taken."""

    court_id: str
    today: date
    vacancies: dict[str, Vacancy] = field(default_factory=dict)
    states: dict[str, LogState] = field(default_factory=dict)
    candidacies: dict[str, Candidacy] = field(default_factory=dict)

    def state(self, contest_id: str) -> LogState:
        return self.states.setdefault(contest_id, LogState())

    def why_not(self, before: Any, after: Any, person_id: str) -> Code | None:
        """Why a record may not be taken now; None: it may."""
        if isinstance(after, Vacancy):
            return self._published(after) if before is None else self._ended(after)
        vacancy = self.vacancies.get(after.contest_id)
        if vacancy is None:
            return Code.NOT_ALLOWED
        if isinstance(after, Application):
            # An id that names another application would open the scope of that one; kin of all leave nobody to score.
            known = before is None and (after.id in self.candidacies or "." in after.id)
            alone = {each.person_id for each in vacancy.panel} <= {*after.kin, after.judge_id}
            return Code.BAD_BODY if known or alone else None
        return self._on_panel(vacancy, after, person_id)

    def move_on(self, after: Any) -> None:
        """Let the operations behind this one see what it did."""
        if isinstance(after, Vacancy):
            self.vacancies[after.id] = after
            self.state(after.id).has_outcome = after.outcome is not None
        elif isinstance(after, ScoreSheet):
            self.state(after.contest_id).applications[after.application_id].sheets.add((after.step_id, after.member_id))
        elif isinstance(after, Recusal):
            self.state(after.contest_id).applications[after.application_id].recused.add(after.member_id)
        elif isinstance(after, ContestDecision):
            self.state(after.contest_id).applications[after.id].chosen = after.chosen
        elif isinstance(after, Application) and after.withdrawn_at is not None:
            told = self.state(after.contest_id).applications.get(after.id)
            if told is not None:
                told.is_open = False

    def _on_panel(self, vacancy: Vacancy, after: Any, person_id: str) -> Code | None:
        application_id = after.id if isinstance(after, ContestDecision) else after.application_id
        told = self.state(vacancy.id).applications.get(application_id)
        if told is None or not told.is_open or vacancy.seat(person_id) is None:
            return Code.NOT_ALLOWED
        if told.chosen is not None:
            return Code.TOO_LATE
        if isinstance(after, ScoreSheet):
            return self._scored(vacancy, after, person_id)
        return self._recused(vacancy, after) if isinstance(after, Recusal) else self._decided(vacancy, after, person_id)

    def _published(self, vacancy: Vacancy) -> Code | None:
        if not is_sound(vacancy):
            return Code.BAD_BODY
        return Code.TOO_LATE if vacancy.apply_until_on < self.today else None

    def _ended(self, vacancy: Vacancy) -> Code | None:
        state, outcome = self.state(vacancy.id), vacancy.outcome
        if not state.may_end() or self.today <= vacancy.last_taken_on:
            return Code.TOO_EARLY
        said = outcome.application_id if outcome is not None else ""
        if outcome is None or not outcome.reasons.strip() or [said] * bool(said) != state.chosen():
            return Code.BAD_BODY
        chosen = self.candidacies.get(said)
        return None if outcome.name == (chosen.judge_name if chosen is not None else "") else Code.BAD_BODY

    def _scored(self, vacancy: Vacancy, sheet: ScoreSheet, person_id: str) -> Code | None:
        step = vacancy.step(sheet.step_id)
        if step is None or of_sheet(sheet.id) != (sheet.application_id, sheet.step_id, vacancy.seat(person_id)):
            return Code.BAD_BODY
        if person_id in self.state(vacancy.id).applications[sheet.application_id].recused:
            return Code.NOT_ALLOWED
        if step.from_on > self.today:
            return Code.TOO_EARLY
        return None if whole_sheet(vacancy, sheet) else Code.BAD_BODY

    def _recused(self, vacancy: Vacancy, recusal: Recusal) -> Code | None:
        told = self.state(vacancy.id).applications[recusal.application_id]
        left = {each.person_id for each in vacancy.panel} - told.recused
        # Somebody must remain who scores.
        if recusal.member_id not in left or len(left) == 1:
            return Code.NOT_ALLOWED
        if recusal.reason is not RecusalReason.ABSENT:
            return None
        owed = {
            step
            for step, member in self.state(vacancy.id).lacking(vacancy, recusal.application_id)
            if member == recusal.member_id
        }
        overdue = any(step.id in owed and step.to_on < self.today for step in vacancy.steps)
        return None if overdue else Code.TOO_EARLY

    def _decided(self, vacancy: Vacancy, decision: ContestDecision, person_id: str) -> Code | None:
        state = self.state(vacancy.id)
        if person_id not in state.deciders(vacancy, decision.id):
            return Code.NOT_ALLOWED
        if not state.may_decide(vacancy, decision.id, person_id):
            return Code.TOO_EARLY
        second = decision.chosen and state.chosen()
        return Code.BAD_BODY if second or not decision.reasons.strip() else None


def load(connection: Connection, court_id: str, operations: Iterable[Operation], today: date) -> Contests:
    """What the checks of these operations need; nothing where none is about a contest."""
    records = [each for each in map(_peek, operations) if each is not None]
    ids = {each.id if isinstance(each, Vacancy) else each.contest_id for each in records}
    applications = {each.id for each in records if isinstance(each, Application)}
    return load_by_id(connection, court_id, ids, today, applications)


def load_by_id(
    connection: Connection, court_id: str, ids: Iterable[str], today: date, applications: Iterable[str] = ()
) -> Contests:
    """The contests of these ids with their logs and candidacies; ``applications`` are looked up whatever contest they
    belong to."""
    found = Contests(court_id, today)
    # The vacancy is locked before its log is read: two members who send at once are taken one after the other.
    keys: list[Key] = [(court_scope(court_id), Kind.VACANCY, each) for each in ids]
    found.vacancies = {each.id: each for each in _records(connection, court_id, keys)}
    found.states = {each: replay(seals.log_of(connection, court_id, each)) for each in sorted(found.vacancies)}
    named = {each for state in found.states.values() for each in state.applications} | set(applications)
    keys = [(application_scope(each), Kind.CANDIDACY, each) for each in named]
    found.candidacies = {each.id: each for each in _records(connection, court_id, keys)}
    return found


def _records(connection: Connection, court_id: str, keys: Iterable[Key]) -> list[Any]:
    stored = write.load(connection, court_id, keys)
    return [codec.decode(kind, each.body) for (_, kind, _), each in stored.items() if not each.deleted]


def _peek(operation: Operation) -> Any:
    if operation.kind not in ASKED or operation.action is not Action.PUT:
        return None
    try:
        return codec.decode(operation.kind, bytes(operation.body))
    except BadInput:
        return None


def lapsed(connection: Connection, court_id: str, today: date) -> list[Candidacy]:
    """The candidacies whose consent has run out, as they are from now on."""
    entity = tables.entity
    bodies = connection.scalars(
        select(entity.c.body)
        .where(entity.c.court_id == court_id, entity.c.kind == Kind.CANDIDACY.value, entity.c.deleted.is_(False))
        .order_by(entity.c.scope)
    )
    found: Sequence[Candidacy] = [codec.decode(Kind.CANDIDACY, body) for body in bodies]
    return [replace(each, standing=Standing.LAPSED) for each in found if each.is_open and each.consent_until_on < today]


def new_salt() -> str:
    """Sixteen random bytes in hex, so that a hash in the public log tells nothing to whoever guesses."""
    return secrets.token_hex(16)
