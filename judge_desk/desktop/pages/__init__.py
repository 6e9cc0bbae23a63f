"""The pages of the desk: one folder each, ``pages/<id>/page.py``, loaded on the first visit.

``page.py`` ends with ``PAGE = ItsPage`` (a subclass of ``desktop.page.Page``). Those of ``MAIN`` stand in the
navigation; any other folder is a page reached from one of them by ``open_page("<id>", **params)``.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from judge_desk.desktop.page import Page


@dataclass(frozen=True, slots=True)
class MainPage:
    """A page of the navigation: its name must be known before its module is loaded."""

    id: str
    icon: str
    gap_before: bool = False

    @property
    def title_key(self) -> str:
        return f"shell.page.{self.id}"


MAIN: Final = (
    MainPage("today", "sun"),
    MainPage("cases", "folder"),
    MainPage("hearings", "gavel"),
    MainPage("drafts", "file-pen"),
    MainPage("dossier", "user-round", gap_before=True),
    MainPage("reviews", "scale"),
    MainPage("sync", "refresh-cw", gap_before=True),
    MainPage("settings", "settings"),
)
HOME: Final = MAIN[0].id


def load_page(page_id: str) -> type[Page]:
    """The class of a page; imports it. Raises ModuleNotFoundError for an unknown id."""
    page: type[Page] = import_module(f"{__name__}.{page_id}.page").PAGE
    return page


def all_page_ids() -> list[str]:
    """The main pages in their order, then every other folder with a page."""
    main = [page.id for page in MAIN]
    found = sorted(each.name for each in pkgutil.iter_modules(__path__) if each.ispkg)
    return main + [each for each in found if each not in main]
