"""Puts cases and documents into the hub: the court made when it is new, cases found again by id, rights given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine, select

from judge_desk.domain.cases import Case
from judge_desk.domain.documents import Document
from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person, Role
from judge_desk.domain.scopes import case_scope, court_scope
from judge_desk.hub.db import tables
from judge_desk.hub.registry import Registry, Written
from judge_desk.i18n.translator import LANGUAGES
from judge_desk.protocol import codec

BATCH = 500


@dataclass(slots=True)
class Shelf:
    """One court's cases. ``judge`` gets the cases that have no judge yet; with None the registry sees them."""

    engine: Engine
    registry: Registry
    court_id: str
    judge: Person | None
    secretaries: tuple[str, ...]

    @classmethod
    def of(cls, engine: Engine, registry: Registry, court_id: str, name: str, judge_id: str = "") -> Shelf:
        """Open the shelf of a court, which is set up when it is not there; raises NotFound for an unknown judge."""
        with engine.connect() as connection:
            known = connection.scalar(select(tables.court.c.court_id).where(tables.court.c.court_id == court_id))
        if known is None:
            names = dict.fromkeys(LANGUAGES, name)
            registry.add_court(Court(id=court_id, code=name[:32], names=names, places={}, appeal_courts={}))
        role = tables.person_role
        with engine.connect() as connection:
            query = select(role.c.person_id).where(role.c.court_id == court_id, role.c.role == Role.SECRETARY.value)
            secretaries = tuple(sorted(connection.scalars(query)))
        return cls(engine, registry, court_id, _judge(engine, court_id, judge_id), secretaries)

    def cases(self, ids: Sequence[str]) -> dict[str, Case]:
        """Those of the cases that are here, by id."""
        entity = tables.entity
        query = select(entity.c.id, entity.c.body).where(
            entity.c.court_id == self.court_id,
            entity.c.kind == Kind.CASE.value,
            entity.c.scope.in_([case_scope(each) for each in ids]),
            entity.c.deleted.is_(False),
        )
        with self.engine.connect() as connection:
            return {case_id: codec.decode(Kind.CASE, body) for case_id, body in connection.execute(query)}

    def put(self, cases: Iterable[Case]) -> Written:
        """Store cases and give rights on them."""
        assigned = [self._assigned(each) for each in cases]
        items = [(case_scope(each.id), Kind.CASE, each.id, each) for each in assigned]
        written = self.registry.put_many(self.court_id, items)
        open_to = [each for each in assigned if not each.judge_id and not each.secretary_id]
        rights = [(person, case_scope(each.id), Role.SECRETARY) for each in open_to for person in self.secretaries]
        if rights and written.new:
            self.registry.grant_many(self.court_id, rights)
        return written

    def put_documents(self, documents: Iterable[tuple[Document, bytes]]) -> int:
        """Store documents with their bytes; how many are new."""
        items = []
        for document, content in documents:
            scope = case_scope(document.case_id)
            self.registry.add_blob(self.court_id, scope, content)
            items.append((scope, Kind.DOCUMENT, document.id, document))
        return self.registry.put_many(self.court_id, items).new

    def _assigned(self, case: Case) -> Case:
        if self.judge is None or case.judge_id:
            return case
        return replace(case, judge_id=self.judge.id, judge_name=case.judge_name or self.judge.name)


def _judge(engine: Engine, court_id: str, judge_id: str) -> Person | None:
    if not judge_id:
        return None
    entity = tables.entity
    query = select(entity.c.body).where(
        entity.c.court_id == court_id,
        entity.c.scope == court_scope(court_id),
        entity.c.kind == Kind.PERSON.value,
        entity.c.id == judge_id,
        entity.c.deleted.is_(False),
    )
    with engine.connect() as connection:
        body = connection.scalar(query)
    person: Person | None = None if body is None else codec.decode(Kind.PERSON, body)
    if person is None or Role.JUDGE not in person.roles:
        raise NotFound("intake.no_such_judge", person=judge_id[:64])
    return person
