"""Until when a judge may appeal against a result of peer review: the dossier says it of each entry, the first page of
those that run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from judge_desk.domain.dossier import DossierEntry, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.terms import working_days_left
from judge_desk.runtime.clock import court_time
from judge_desk.services.campaigns import appeal_until, periods_on
from judge_desk.services.law import rule_book
from judge_desk.store import dossier, records


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDue:
    """A result about oneself that may still be appealed against, to the end of ``until_on``; ``days_left`` in working
    days."""

    entry: DossierEntry
    until_on: date
    days_left: int


def last_day(entry: DossierEntry, sealed_at: datetime | None, today: date) -> date | None:
    """The last day to appeal against an entry; None for what is no result of a campaign, and after that day.

    The time runs from the day on which the hub took the result (``sealed_at``): nobody could read it before.
    """
    if not entry.campaign_id or entry.entered_at is None:
        return None
    told_on = max(court_time(each).date() for each in (entry.entered_at, sealed_at) if each is not None)
    last = appeal_until(told_on, periods_on(told_on))
    return last if today <= last else None


def appeals_due(connection: Connection, judge_id: str, today: date) -> list[AppealDue]:
    """Every result about a judge that nobody appealed against yet, by the last day to do so.

    Reads no more of the dossier than its results, their seals and the words on them: the first page asks often.
    """
    results = dossier.results(connection, judge_id)
    if not results:
        return []
    seals = records.by_ids(connection, Kind.DOSSIER_SEAL, (each.id for each in results))
    said = dossier.replies(connection, judge_id, [each.id for each in results])
    appealed = {each.entry_id for each in said if each.kind is ReplyKind.APPEAL}
    found = []
    for entry in (each for each in results if each.id not in appealed):
        last = last_day(entry, seals[entry.id].at if entry.id in seals else None, today)
        if last is not None:
            left = working_days_left(last, today, rule_book().holidays)
            found.append(AppealDue(entry=entry, until_on=last, days_left=left))
    return sorted(found, key=lambda each: each.until_on)
