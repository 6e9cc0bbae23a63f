"""The hub's records of campaigns within one transaction, and what it knows about judges beyond what a campaign says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from judge_desk.domain.campaigns import CampaignPlan, Conflict
from judge_desk.domain.declarations import Declared, kin_conflicts
from judge_desk.domain.dossier import DossierEntry
from judge_desk.domain.kinds import Kind
from judge_desk.domain.rules import holding
from judge_desk.domain.scopes import campaign_scope, dossier_scope, review_scope
from judge_desk.hub.db import tables
from judge_desk.hub.law import rule_book
from judge_desk.protocol import codec

Item = tuple[str, Kind, str, Any]
LAST_REASON = "last_campaigns"
MOST_CAMPAIGNS = 2
"""Where no rule holds on the day."""


class Books:
    """The hub's records of campaigns within one transaction, read once and written at the end."""

    def __init__(self, connection: Connection, court_id: str, today: date) -> None:
        self._connection = connection
        self.court_id = court_id
        self.today = today
        self.scope = campaign_scope(court_id)
        self._read: dict[tuple[str, Kind, str], Any] = {}
        self._written: dict[tuple[str, Kind, str], Any] = {}

    def find(self, scope: str, kind: Kind, record_id: str) -> Any:
        """The record as this transaction leaves it, or None."""
        key = (scope, kind, record_id)
        if key in self._written:
            return self._written[key]
        if key not in self._read:
            found = self._bodies(scope, kind, tables.entity.c.id == record_id)
            self._read[key] = found[0] if found else None
        return self._read[key]

    def all_of(self, scope: str, kind: Kind) -> list[Any]:
        """Every record of a kind in a scope."""
        return self._bodies(scope, kind)

    def declared(self, members: Iterable[str]) -> list[Declared]:
        """What these judges have declared; read in one statement, because a country has thousands."""
        entity = tables.entity
        query = (
            select(entity.c.body)
            .where(entity.c.court_id == self.court_id, entity.c.kind == Kind.DOSSIER_ENTRY.value)
            .where(entity.c.scope.in_([dossier_scope(each) for each in members]), entity.c.deleted.is_(False))
            .where(entity.c.body.not_like('%"declaration":null%'))
            .order_by(entity.c.id)
        )
        entries: list[DossierEntry] = [
            codec.decode(Kind.DOSSIER_ENTRY, body) for body in self._connection.scalars(query)
        ]
        return [
            Declared(each.judge_id, each.declaration, each.from_on, each.to_on)
            for each in entries
            if each.declaration is not None
        ]

    def put(self, scope: str, kind: Kind, record: Any) -> None:
        self._written[scope, kind, record.id] = record

    def items(self) -> Iterator[Item]:
        for (scope, kind, record_id), record in self._written.items():
            yield scope, kind, record_id, record

    def _bodies(self, scope: str, kind: Kind, *conditions: Any) -> list[Any]:
        entity = tables.entity
        query = (
            select(entity.c.body)
            .where(entity.c.court_id == self.court_id, entity.c.scope == scope, entity.c.kind == kind.value)
            .where(entity.c.deleted.is_(False), *conditions)
            .order_by(entity.c.id)
            # Two reviewers who submit at the same moment are counted one after the other.
            .with_for_update()
        )
        return [codec.decode(kind, body) for body in self._connection.scalars(query)]


def known_conflicts(books: Books, campaign_id: str, members: Iterable[str]) -> tuple[Conflict, ...]:
    """What the hub adds to the declared conflicts by itself: kin from the dossiers, and who read whom in the last
    campaigns. The commission need not know either."""
    known = sorted(set(members))
    kin = kin_conflicts(books.declared(known), known, books.today)
    return (*kin, *_last_pairs(books, campaign_id, set(known)))


def _last_campaigns(today: date) -> int:
    rules = holding(rule_book().reviews, today)
    return rules.last_campaigns if rules is not None else MOST_CAMPAIGNS


def _last_pairs(books: Books, campaign_id: str, members: set[str]) -> Iterator[Conflict]:
    earlier = sorted(
        (each for each in books.all_of(books.scope, Kind.CAMPAIGN) if each.id != campaign_id and each.created_at),
        key=lambda each: (each.created_at, each.id),
    )
    plans = [books.find(review_scope(each.id), Kind.CAMPAIGN_PLAN, each.id) for each in earlier]
    drawn = [each for each in plans if isinstance(each, CampaignPlan)]
    last = drawn[max(len(drawn) - _last_campaigns(books.today), 0) :]
    pairs = {(place.reviewer_id, place.subject_id) for plan in last for place in plan.places}
    for reviewer, subject in sorted(pairs):
        if reviewer in members and subject in members:
            yield Conflict(reviewer, subject, LAST_REASON)
