"""Which file is fetched next and which may make room: worked out from hearings, terms and what the judge keeps here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from judge_desk.domain.documents import AttachmentState
from judge_desk.store.attachments_table import READABLE, TO_FETCH, Urgency
from judge_desk.store.hearings import stamp
from judge_desk.store.tables import FETCH_ORDER, IS_TO_COME, attachment, term_ends_on

NO_BUDGET = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """What holds now. ``today_from`` and ``hearings_until`` (aware): the hearings of today and of the next working day
    lie between them. ``metered``: only what was asked for by hand. ``budget_bytes``: room for files, 0: any."""

    today_from: datetime
    hearings_until: datetime
    terms_until: date
    metered: bool = False
    budget_bytes: int = NO_BUDGET

    @property
    def least(self) -> Urgency:
        """Nothing less urgent goes over the link now."""
        return Urgency.ASKED if self.metered else Urgency.LATER


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes of files on this desk: all, those of cases kept here, and those that could make room."""

    here: int
    kept: int
    spare: int


_RANK = f"""
WITH planned AS (
    SELECT case_id, min(starts_at) AS at FROM hearing
    WHERE state = 'planned' AND starts_at >= :today_from GROUP BY case_id
), running AS (
    SELECT case_id, min({term_ends_on.compile(compile_kwargs={"literal_binds": True})}) AS ends_on
    FROM term WHERE done_on IS NULL GROUP BY case_id
), wanted AS (
    SELECT document.sha256 AS sha256, min(planned.at) AS at, min(running.ends_on) AS ends_on,
        max(kept_case.case_id IS NOT NULL) AS kept
    FROM document LEFT JOIN planned ON planned.case_id = document.case_id
    LEFT JOIN running ON running.case_id = document.case_id
    LEFT JOIN kept_case ON kept_case.case_id = document.case_id
    GROUP BY document.sha256
), ranked AS (
    SELECT sha256,
        CASE WHEN at < :hearings_until THEN {int(Urgency.HEARING)} WHEN ends_on <= :terms_until THEN {int(Urgency.TERM)}
            WHEN kept THEN {int(Urgency.KEPT)} ELSE {int(Urgency.LATER)} END AS urgency,
        CASE WHEN at < :hearings_until THEN at WHEN ends_on <= :terms_until THEN ends_on
            ELSE coalesce(at, '') END AS due
    FROM wanted
)
UPDATE attachment SET urgency = ranked.urgency, due = ranked.due FROM ranked
WHERE attachment.sha256 = ranked.sha256 AND attachment.urgency < {int(Urgency.ASKED)}
    AND (attachment.urgency <> ranked.urgency OR attachment.due <> ranked.due)
"""  # noqa: S608 - our own names and numbers


def rank(connection: Connection, plan: FilePlan) -> None:
    """Bring urgency and day of every file in line with the desk's own data; what was asked for by hand stays first.

    A file that had made room and is needed again is fetched again.
    """
    values = {
        "today_from": stamp(plan.today_from),
        "hearings_until": stamp(plan.hearings_until),
        "terms_until": plan.terms_until.isoformat(),
    }
    connection.execute(sa.text(_RANK), values)
    needed = (attachment.c.state == AttachmentState.ON_HUB, attachment.c.urgency >= Urgency.KEPT)
    connection.execute(sa.update(attachment).where(*needed).values(state=AttachmentState.MISSING))


@dataclass(frozen=True, slots=True)
class FileWork:
    """Whether files are ``to_come``, or may have to come again, and the bytes of those that are here."""

    to_come: bool
    here: int

    def is_any(self, plan: FilePlan) -> bool:
        """Whether there is something to fetch, or something must go for the budget."""
        return self.to_come or bool(plan.budget_bytes and self.here > plan.budget_bytes)


def work(connection: Connection) -> FileWork:
    """One look, for the many cycles that find nothing to do."""
    to_come, here = connection.exec_driver_sql(f"SELECT {WORK}").one()
    return FileWork(bool(to_come), int(here))


def _listed(states: Iterable[AttachmentState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


WORK = (
    f"EXISTS (SELECT 1 FROM attachment WHERE state IN ({_listed((*TO_FETCH, AttachmentState.ON_HUB))})),"  # noqa: S608 - our own words
    f" (SELECT coalesce(sum(size), 0) FROM attachment WHERE state IN ({_listed(READABLE)}))"
)


def next_files(connection: Connection, plan: FilePlan, ending: Collection[str], limit: int) -> Sequence[Row[Any]]:
    """The files to fetch now: by urgency, then by day, small ones first. What nobody waits for comes only while it
    finds room within the budget. ``ending``: files of which all bytes are here already."""
    named, most = json.dumps(list(ending)), _SQLITE_MOST
    if plan.budget_bytes:
        on_its_way = connection.exec_driver_sql(_SIZE_OF, (named,)).scalar_one()
        most = plan.budget_bytes - work(connection).here - int(on_its_way)
    return connection.exec_driver_sql(_NEXT, (named, int(plan.least), most, limit)).all()


def waiting(connection: Connection, limit: int) -> Sequence[Row[Any]]:
    """What is still to come, in the order of `next_files`, whether or not it may come now."""
    return connection.exec_driver_sql(_NEXT, ("[]", int(Urgency.LATER), _SQLITE_MOST, limit)).all()


_SQLITE_MOST = (1 << 63) - 1
_NAMED = "(SELECT value FROM json_each(?))"
_SIZE_OF = f"SELECT coalesce(sum(size), 0) FROM attachment WHERE sha256 IN {_NAMED}"  # noqa: S608 - our own words
# Left to itself SQLite sorts thousands of files for each that it is asked for.
_NEXT = (
    f"SELECT * FROM attachment INDEXED BY attachment_to_fetch WHERE {IS_TO_COME}"  # noqa: S608 - our own words
    f" AND sha256 NOT IN {_NAMED} AND urgency >= ? AND (urgency > {int(Urgency.LATER)} OR size <= ?)"
    f" ORDER BY {FETCH_ORDER} LIMIT ?"
)


def room(connection: Connection) -> Room:
    """How the room on this disk is used."""
    here = attachment.c.state.in_(READABLE)
    size = attachment.c.size
    row = connection.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(size), 0),
            sa.func.coalesce(sa.func.sum(sa.case((_is_kept(), size), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((_may_go(), size), else_=0)), 0),
        ).where(here)
    ).one()
    return Room(here=int(row[0]), kept=int(row[1]), spare=int(row[2]))


def may_go(connection: Connection, limit: int) -> Sequence[Row[Any]]:
    """Files that could make room, least recently opened first: here, not owed to the hub, not urgent, not kept."""
    order = (sa.func.coalesce(attachment.c.used_at, ""), attachment.c.checked_at, attachment.c.size.desc())
    return connection.execute(sa.select(attachment).where(_may_go()).order_by(*order).limit(limit)).all()


def _may_go() -> sa.ColumnElement[bool]:
    return sa.and_(attachment.c.state == AttachmentState.HERE, attachment.c.urgency == Urgency.LATER)


def _is_kept() -> sa.ColumnElement[bool]:
    return attachment.c.sha256.in_(
        sa.text("SELECT sha256 FROM document JOIN kept_case ON kept_case.case_id = document.case_id")
    )
