"""Holds the pages: makes each on its first visit, remembers the way back, tells each what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from judge_desk.desktop.page import Page, PageContext
from judge_desk.domain.changes import Changes

if TYPE_CHECKING:
    from judge_desk.services.desk import Desk

HISTORY_KEPT = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """A page and what it was opened with."""

    page_id: str
    params: Mapping[str, str] = field(default_factory=dict)


class PageStack(QStackedWidget):
    """The middle of the window.

    Invariants: at most one object a page id; a page that is left has had ``leave``; one that missed changes while off
    screen gets them in one ``refresh`` when it comes back.

    Signals:
        going: to another page, or to something else on this one; it has done nothing yet.
        shown: (Page) it is on screen now.
    """

    going = Signal()
    shown = Signal(object)

    def __init__(
        self,
        load: Callable[[str], type[Page]],
        make_context: Callable[[], PageContext],
        parent: QWidget | None = None,
    ) -> None:
        """``make_context`` gives one for an unlock to come."""
        super().__init__(parent)
        self._load, self._make_context = load, make_context
        self._next: PageContext | None = None
        self._context: PageContext | None = None
        self._pages: dict[str, Page] = {}
        self._ahead: dict[str, Page] = {}
        self._missed: dict[str, Changes] = {}
        self._history: list[Visit] = []

    def make_ahead(self, page_id: str) -> None:
        """Make a page before its desk is open, for the next ``start``."""
        self._next = self._next or self._make_context()
        self._ahead[page_id] = self._build(page_id, self._next)

    def start(self, desk: Desk) -> None:
        """Pages may be opened from now on."""
        context, self._next = self._next or self._make_context(), None
        context.open(desk)
        self._context = context
        context.events.changed.connect(self._hear)

    @property
    def page(self) -> Page | None:
        page = self.currentWidget()
        return page if isinstance(page, Page) else None

    @property
    def visit(self) -> Visit | None:
        return self._history[-1] if self._history else None

    def go(self, page_id: str, params: Mapping[str, str]) -> None:
        """Show a page as a new step of the history."""
        visit = Visit(page_id, dict(params))
        if self.visit != visit:
            self._history = [*self._history[-HISTORY_KEPT:], visit]
        self._show(visit)

    def go_back(self) -> bool:
        """One step back: inside the page first, then to the page before. False when there is none."""
        if self.page is not None and self.page.step_back():
            return True
        if len(self._history) < 2:
            return False
        self._history.pop()
        self._show(self._history[-1])
        return True

    def can_go_back(self) -> bool:
        return len(self._history) > 1

    def leave(self) -> None:
        """Let the page on screen hand over what was typed."""
        if self.page is not None:
            self.page.leave()

    def close_all(self) -> None:
        """The desk is being locked: every page leaves and is destroyed, with all it showed."""
        self.leave()
        if self._context is not None:
            self._context.events.changed.disconnect(self._hear)
        for page in (*self._pages.values(), *self._ahead.values()):
            if self._context is not None:
                self._context.actions.remove_group(page.id)
            self.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._ahead.clear()
        self._missed.clear()
        self._context = None

    def _show(self, visit: Visit) -> None:
        if self._context is None:
            return
        self.going.emit()
        page = self._pages.get(visit.page_id) or self._make(visit.page_id)
        if self.page is not None and self.page is not page:
            self.page.leave()
        self.setCurrentWidget(page)
        page.activate(visit.params)
        missed = self._missed.pop(visit.page_id, None)
        if missed is not None:
            page.refresh(missed)
        self._context.actions.refresh()
        self.shown.emit(page)

    def _make(self, page_id: str) -> Page:
        assert self._context is not None
        page = self._ahead.pop(page_id, None) or self._build(page_id, self._context)
        self._pages[page_id] = page
        self._context.actions.add(page.page_actions(), page, group=page_id)
        return page

    def _build(self, page_id: str, context: PageContext) -> Page:
        page = self._load(page_id)(context)
        page.build()
        self.addWidget(page)
        return page

    def _hear(self, changes: Changes, _initiator: QObject | None) -> None:
        for page_id, page in self._pages.items():
            if page is self.page:
                page.refresh(changes)
            else:
                self._missed[page_id] = self._missed.get(page_id, Changes()) | changes
