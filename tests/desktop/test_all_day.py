"""A window that stays open all day: a page is made once, and what it showed goes with the next thing it shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from tests.desktop.court_day import DeskDay

PAGES = ("today", "cases", "hearings", "drafts", "dossier", "reviews", "contests", "sync", "settings")


def held(day: DeskDay) -> int:
    """Objects of the window, with those of every page that was opened."""
    day.go("today")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return len(day.window.findChildren(QObject))


def test_what_was_shown_and_left_is_gone(desk_day: DeskDay) -> None:
    with desk_day.context.store.reading() as connection:
        case_ids = connection.exec_driver_sql('SELECT id FROM "case" ORDER BY id').scalars().all()
        draft_ids = connection.exec_driver_sql("SELECT id FROM draft ORDER BY id").scalars().all()

    def open_all() -> None:
        for page_id in PAGES:
            desk_day.go(page_id)
        for case_id in case_ids:
            desk_day.go("case", case_id=case_id)
        for draft_id in draft_ids:
            desk_day.go("drafts", draft_id=draft_id)

    open_all()
    before = held(desk_day)
    for _ in range(4):
        open_all()
    assert held(desk_day) == before
