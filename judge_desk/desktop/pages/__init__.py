"""The pages of the desk: one folder each, ``pages/<id>/page.py``, loaded on the first visit.

``page.py`` ends with ``PAGE = ItsPage`` (a subclass of ``desktop.page.Page``). Those of ``MAIN`` stand in the
navigation of whoever may read what they show; any other folder is a page reached from one of them by
``open_page("<id>", **params)``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from judge_desk.domain.scopes import ScopeKind

if TYPE_CHECKING:
    from judge_desk.desktop.page import Page
    from judge_desk.domain.people import Role


@dataclass(frozen=True, slots=True)
class MainPage:
    """A page of the navigation: its name must be known before its module is loaded.

    ``reads``: the kind of scope that it is about; None: it is for everybody.
    """

    id: str
    icon: str
    reads: ScopeKind | None = None
    gap_before: bool = False

    @property
    def title_key(self) -> str:
        return f"shell.page.{self.id}"

    @property
    def keys(self) -> str:
        """The same for every role, whatever else it is offered; the numbers are for the nine pages of a day's work."""
        return "Ctrl+," if self.id == "settings" else f"Ctrl+{MAIN.index(self) + 1}"

    def is_for(self, roles: Collection[Role]) -> bool:
        """Whether somebody with these roles can have anything here."""
        from judge_desk.domain.permissions import SCOPE_READERS  # every kind of record: not before the door stands

        return self.reads is None or not SCOPE_READERS[self.reads].isdisjoint(roles)


MAIN: Final = (
    MainPage("today", "sun", ScopeKind.CASE),
    MainPage("cases", "folder", ScopeKind.CASE),
    MainPage("hearings", "gavel", ScopeKind.CASE),
    MainPage("drafts", "file-pen", ScopeKind.CASE),
    MainPage("dossier", "user-round", ScopeKind.DOSSIER, gap_before=True),
    MainPage("reviews", "scale", ScopeKind.REVIEW),
    MainPage("campaigns", "users-round", ScopeKind.CAMPAIGN),
    MainPage("contests", "list-ordered", ScopeKind.CONTEST),
    MainPage("sync", "refresh-cw", gap_before=True),
    MainPage("settings", "settings"),
)
HOME: Final = MAIN[0].id


def pages_for(roles: Collection[Role]) -> tuple[MainPage, ...]:
    """The pages of somebody with these roles, in their order; the first is where the day begins."""
    found = tuple(page for page in MAIN if page.is_for(roles))
    if any(page.reads for page in found):
        return found
    # Who reads nothing of a court here is told so on the first page.
    return (MAIN[0], *found)


def load_page(page_id: str) -> type[Page]:
    """The class of a page; imports it. Raises ModuleNotFoundError for an unknown id."""
    page: type[Page] = import_module(f"{__name__}.{page_id}.page").PAGE
    return page


def all_page_ids() -> list[str]:
    """The main pages in their order, then every other folder with a page."""
    main = [page.id for page in MAIN]
    found = sorted(each.name for each in pkgutil.iter_modules(__path__) if each.ispkg)
    return main + [each for each in found if each not in main]
