"""The shell's facts out of the desk's services: names, numbers, how the exchange stands, hits for the palette."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from judge_desk.desktop.shell.ports import Found, Identity, LinkStatus
from judge_desk.domain.changes import Changes
from judge_desk.domain.people import Role
from judge_desk.services.cases import CaseQuery
from judge_desk.services.desk import Desk
from judge_desk.services.search import HitKind, SearchHit
from judge_desk.services.sync import Outlook, Standing, Step

# A pseudo-kind of Changes: how the exchange stands is nobody's record, yet the pages that show it want to hear of it.
STANDING: Final = "sync"
CASES_FIRST: Final = 5


class DeskFacts:
    """``ShellFacts`` over an open desk. ``counters`` also brings the figures that ``link`` shows until the next one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._outlook = Outlook(0, 0)
        self._level_before: datetime | None = None

    def identity(self, language: str) -> Identity:
        names = self._desk.court.names
        return Identity(self._desk.person.name, names.get(language) or next(iter(names.values()), ""))

    def roles(self) -> Collection[Role]:
        return self._desk.person.roles

    def counters(self) -> Mapping[str, int]:
        self._outlook = self._desk.sync.outlook()
        if self._level_before is None:
            history = self._desk.sync.history()
            self._level_before = history[0].at if history else None
        numbers = self._desk.today.counters()
        return {
            "today": numbers.hearings_today + numbers.terms_missed,
            "cases": numbers.open_cases,
            "drafts": numbers.drafts_to_sign,
            "dossier": numbers.appeals_open,
            "reviews": numbers.reviews_due,
            "sync": self._outlook.attention or self._outlook.waiting,
        }

    def link(self) -> LinkStatus:
        standing = self._desk.sync.standing
        return LinkStatus(
            linked=standing.linked,
            since_at=standing.since,
            waiting=self._outlook.waiting,
            attention=self._outlook.attention,
            checked_at=standing.level_at or self._level_before,
            paused=standing.paused,
            wiped=standing.wiped,
            step="" if standing.progress.step is Step.IDLE else standing.progress.step.value,
            done=standing.progress.done,
        )

    def find(self, query: str, language: str, limit: int) -> Sequence[Found]:
        """The cases themselves before the many pages that name them."""
        ids = self._desk.cases.ids(CaseQuery(text=query))[:CASES_FIRST]
        cases = [
            Found(kind="case", title=row.title, detail=row.number, page_id="case", params={"case_id": row.id})
            for row in self._desk.cases.rows(ids)
        ]
        shown = {each.params["case_id"] for each in cases}
        hits = [hit for hit in self._desk.search.search(query, limit).hits if not _is_shown(hit, shown)]
        return [*cases, *map(_found, hits)][:limit]

    def listen(self, listener: Callable[[Changes], None]) -> None:
        def hear(_standing: Standing, changes: Changes) -> None:
            listener(changes | Changes.of(STANDING))

        self._desk.sync.listen(hear)

    def sync_now(self) -> None:
        self._desk.sync.now()


def _is_shown(hit: SearchHit, cases: Collection[str]) -> bool:
    return hit.kind is HitKind.CASE and hit.case_id in cases


def _found(hit: SearchHit) -> Found:
    params = {"case_id": hit.case_id}
    if hit.kind is HitKind.DOCUMENT:
        params |= {"document_id": hit.id, "page": str(hit.page)}
    elif hit.kind is HitKind.NOTE:
        params["note_id"] = hit.id
    detail = hit.case_number if hit.kind is HitKind.CASE else f"{hit.case_number} · {hit.snippet.text}"
    return Found(kind=hit.kind.value, title=hit.title, detail=detail, page_id="case", params=params)
