"""What can be done in the reader, by key, in its menu and in the palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from judge_desk.desktop.actions import Action
from judge_desk.desktop.reader.roll_view import FIT_PAGE, FIT_WIDTH

if TYPE_CHECKING:
    from judge_desk.desktop.reader.reader import Reader


def reader_actions(reader: Reader) -> list[Action]:
    """For ``Page.page_actions`` of the page that holds the reader."""
    view, bar = reader.pages, reader.find_bar

    def is_open() -> bool:
        return reader.is_open

    return [
        _action("reader.find", bar.open_bar, "Ctrl+F", "search", is_open),
        _action("reader.find.next", reader.find_next, "F3", "", is_open),
        _action("reader.find.previous", lambda: reader.find_next(-1), "Shift+F3", "", is_open),
        _action("reader.go_to", reader.focus_page_field, "Ctrl+G", "", reader.has_pages),
        _action("reader.larger", lambda: view.zoom_by(1), "Ctrl++; Ctrl+=", "zoom-in", reader.has_pages),
        _action("reader.smaller", lambda: view.zoom_by(-1), "Ctrl+-", "zoom-out", reader.has_pages),
        _action("reader.thumbnails", reader.toggle_thumbnails, "F4", "panel-left", reader.has_pages),
        *menu_actions(reader),
    ]


def menu_actions(reader: Reader) -> list[Action]:
    """What stands behind "more"."""
    view = reader.pages
    return [
        _action("reader.fit_width", lambda: view.set_zoom(FIT_WIDTH), "Ctrl+0", "", reader.has_pages),
        _action("reader.fit_page", lambda: view.set_zoom(FIT_PAGE), "Ctrl+Alt+9", "maximize-2", reader.has_pages),
        _action("reader.turn_right", lambda: view.rotate(90), "Ctrl+R", "rotate-cw", reader.has_pages),
        _action("reader.turn_left", lambda: view.rotate(-90), "Ctrl+Shift+R", "rotate-ccw", reader.has_pages),
        _action("reader.copy_page", reader.letters.copy, "Ctrl+Shift+C", "copy", reader.has_pages),
    ]


def _action(
    key: str, handler: Callable[[], object], shortcut: str, icon: str, enabled_when: Callable[[], bool]
) -> Action:
    return Action(id=key, text_key=key, handler=handler, shortcut=shortcut, icon=icon, enabled_when=enabled_when)
