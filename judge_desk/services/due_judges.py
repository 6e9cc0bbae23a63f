"""Who is due for peer review: from the posts and earlier reviews in the dossiers, by the rules of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from judge_desk.domain.campaigns import PoolMember
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.posts import HeldPost, Post, in_office_since, present_post
from judge_desk.domain.review_periods import IS_DUE, DueReason, ReviewPeriods, Service, due
from judge_desk.runtime.clock import court_time
from judge_desk.services.campaigns import periods_on
from judge_desk.services.context import DeskContext
from judge_desk.store import dossier, records
from judge_desk.store.tables import RECORD_TABLES

_entry = RECORD_TABLES[Kind.DOSSIER_ENTRY].c
READ = (DossierSection.POSTS.value, DossierSection.REVIEWS.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One judge: why due or not, ``on`` since when or from when. ``post`` is the one held today, as far as it is
    known."""

    judge_id: str
    name: str
    reason: DueReason
    on: date
    in_office_since: date | None
    last_reviewed_on: date | None
    post: Post | None

    @property
    def is_due(self) -> bool:
        return self.reason in IS_DUE

    @property
    def lacks_court(self) -> bool:
        """Without a court the drawing cannot keep colleagues apart."""
        return self.post is None or not self.post.court


class DueService:
    """Reads the dossiers that this desk was granted; judges whose dossier is elsewhere are not in the list."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def rule(self, on: date | None = None) -> ReviewPeriods:
        """The rule that holds on a day, with its norm and how sure it is; raises NotFound where there is none."""
        return periods_on(on or self._context.clock.today())

    def rows(self, on: date | None = None) -> list[DueRow]:
        """Every judge, those who are due first, who waits longest first; then by the day on which each will be due."""
        day = on or self._context.clock.today()
        rule = self.rule(day)
        with self._context.store.reading() as connection:
            judges = dossier.granted_judges(connection)
            people = records.by_ids(connection, Kind.PERSON, judges)
            entries: list[DossierEntry] = records.where(connection, Kind.DOSSIER_ENTRY, _entry.section.in_(READ))
        own: dict[str, list[DossierEntry]] = defaultdict(list)
        for entry in entries:
            own[entry.judge_id].append(entry)
        names = {each: people[each].name if each in people else each for each in judges}
        rows = [_row(judge_id, names[judge_id], own[judge_id], rule, day) for judge_id in judges]
        return sorted(rows, key=lambda row: (not row.is_due, row.on, row.name))

    def members(self, subjects: Collection[str], on: date | None = None) -> tuple[PoolMember, ...]:
        """Everybody in office as a possible reviewer; ``subjects`` are those whose acts are read."""
        return tuple(
            PoolMember(
                id=row.judge_id,
                court=row.post.court if row.post else "",
                region=row.post.region if row.post else "",
                branch=row.post.branch if row.post else "",
                languages=frozenset(row.post.languages) if row.post else frozenset(),
                is_subject=row.judge_id in subjects,
            )
            for row in self.rows(on)
            if row.in_office_since is not None
        )


def _row(judge_id: str, name: str, entries: list[DossierEntry], rule: ReviewPeriods, day: date) -> DueRow:
    held = [
        HeldPost(each.post or Post(), each.from_on, each.to_on)
        for each in entries
        if each.section is DossierSection.POSTS and each.from_on is not None
    ]
    reviewed = [
        told for each in entries if each.section is DossierSection.REVIEWS and (told := _told_on(each)) is not None
    ]
    since, last = in_office_since(held, day), max(reviewed, default=None)
    reason, on = due(Service(judge_id=judge_id, appointed_on=since, last_reviewed_on=last), rule, day)
    return DueRow(
        judge_id=judge_id,
        name=name,
        reason=reason,
        on=on,
        in_office_since=since,
        last_reviewed_on=last,
        post=present_post(held, day),
    )


def _told_on(entry: DossierEntry) -> date | None:
    if entry.to_on or entry.from_on:
        return entry.to_on or entry.from_on
    return court_time(entry.entered_at).date() if entry.entered_at else None
