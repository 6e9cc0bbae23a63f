"""What stands around the pages, read from the desk's services: name, counters, link, and what the palette finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judge_desk.desktop.shell.ports import Found, Identity, LinkStatus
from judge_desk.services.desk import Desk
from judge_desk.services.search import HitKind, SearchHit
from judge_desk.services.sync import Outlook, Step


class DeskFacts:
    """ports.ShellFacts over a Desk. ``link`` answers from memory: the counts are those of the last look."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._outlook = Outlook(0, 0)

    def identity(self, language: str) -> Identity:
        names = self._desk.court.names
        return Identity(self._desk.person.name, names.get(language) or next(iter(names.values()), ""))

    def counters(self) -> Mapping[str, int]:
        counted = self._desk.today.counters()
        self._outlook = self._desk.sync.outlook()
        return {
            "today": counted.hearings_today,
            "cases": counted.open_cases,
            "drafts": counted.drafts_to_sign,
            "reviews": counted.reviews_due,
            "sync": self._outlook.waiting + self._outlook.attention,
        }

    def link(self) -> LinkStatus:
        standing = self._desk.sync.standing
        return LinkStatus(
            linked=standing.linked is not False,
            since_at=standing.since,
            waiting=self._outlook.waiting,
            attention=self._outlook.attention,
            checked_at=standing.level_at,
            paused=standing.paused,
            busy=standing.progress.step is not Step.IDLE,
            done=standing.progress.done,
        )

    def find(self, query: str, language: str, limit: int) -> Sequence[Found]:
        del language  # titles stand in the language of their case
        return [_found(hit) for hit in self._desk.search.search(query, limit).hits]

    def sync_now(self) -> None:
        self._desk.sync.now()


def _found(hit: SearchHit) -> Found:
    params = {"case_id": hit.case_id}
    if hit.kind is HitKind.DOCUMENT:
        params |= {"document_id": hit.id, "page": str(hit.page)}
    return Found(kind=hit.kind, title=hit.title, detail=hit.case_number, page_id="case", params=params)
