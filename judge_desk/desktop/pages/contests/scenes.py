"""The dialogs of the page and what stands further down on it, for pictures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.page import Scene
from judge_desk.services.desk import Desk

if TYPE_CHECKING:
    from judge_desk.desktop.pages.contests.page import ContestsPage

MOST: Final = 5


def samples_of(desk: Desk) -> Sequence[Mapping[str, str]]:
    """The newest contests, or the page without any."""
    return tuple({"contest_id": view.vacancy.id} for view in desk.contests.rows()[:MOST]) or ({},)


def scenes_of(page: ContestsPage) -> Sequence[Scene]:
    """What may be opened where the contest stands; nothing that is recorded."""
    pane = page.pane
    panel = pane.panel
    deeds = {name: pane.buttons[name] for name in ("apply", "withdraw", "end_consent", "end")}
    found: list[Scene] = [("new", page.ask_new)] if page.may_publish else []
    for name, button in (deeds | panel.buttons).items():
        if button.isVisible():
            found.append((name, button.click))
    places = {"sheet": panel.form, "mine": pane.mine[0], "outcome": pane.outcome[0], "log": pane.log[0]}
    found += [(name, partial(_scroll_to, page, each)) for name, each in places.items() if each.isVisible()]
    return found


def _scroll_to(page: ContestsPage, place: QWidget) -> None:
    scrolled = page.pane.scrolled
    inside = scrolled.widget()
    assert inside is not None
    scrolled.verticalScrollBar().setValue(place.mapTo(inside, place.rect().topLeft()).y())
