"""The actions that work on every page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from judge_desk.desktop.actions import Action
from judge_desk.desktop.pages import MAIN

if TYPE_CHECKING:
    from judge_desk.desktop.shell.main_window import MainWindow


def window_actions(window: MainWindow) -> list[Action]:
    """Pages by number, then what the window itself can do."""
    return [*_pages(window), *_desk(window), *_looks(window)]


def _pages(window: MainWindow) -> list[Action]:
    return [
        Action(
            id=f"go.{page.id}",
            text_key=page.title_key,
            handler=partial(window.open_page, page.id),
            shortcut=page.keys,
            icon=page.icon,
            enabled_when=partial(window.offers, page.id),
            in_palette=False,
        )
        for page in MAIN
    ]


def _desk(window: MainWindow) -> list[Action]:
    def is_open() -> bool:
        return window.is_open

    return [
        Action(
            id="palette",
            text_key="shell.action.palette",
            handler=window.show_palette,
            shortcut="Ctrl+K",
            in_palette=False,
        ),
        Action(id="help", text_key="shell.action.help", handler=window.show_help, shortcut="F1; ?", icon="keyboard"),
        Action(id="back", text_key="shell.action.back", handler=window.go_back, shortcut="Esc", icon="arrow-left"),
        Action(
            id="reading",
            text_key="shell.action.reading",
            handler=window.toggle_reading,
            shortcut="F11",
            icon="book-open",
        ),
        Action(id="refresh", text_key="shell.action.refresh", handler=window.refresh, shortcut="F5", icon="refresh-cw"),
        Action(
            id="undo",
            text_key="common.undo",
            handler=window.undo,
            shortcut="Ctrl+Z",
            icon="undo-2",
            in_palette=False,
        ),
        Action(
            id="lock",
            text_key="shell.action.lock",
            handler=window.lock,
            shortcut="Ctrl+L",
            icon="lock",
            enabled_when=is_open,
        ),
        Action(id="quit", text_key="shell.action.quit", handler=window.close, shortcut="Ctrl+Q", icon="x"),
    ]


def _looks(window: MainWindow) -> list[Action]:
    looks = window.appearance
    return [
        Action(
            id="theme", text_key="shell.action.theme", handler=looks.other_theme, shortcut="Ctrl+Shift+D", icon="moon"
        ),
        Action(
            id="language",
            text_key="shell.action.language",
            handler=looks.next_language,
            shortcut="Ctrl+Shift+L",
            icon="globe",
        ),
        Action(
            id="larger", text_key="shell.action.larger", handler=looks.larger, shortcut="Ctrl+Shift+Up", icon="zoom-in"
        ),
        Action(
            id="smaller",
            text_key="shell.action.smaller",
            handler=looks.smaller,
            shortcut="Ctrl+Shift+Down",
            icon="zoom-out",
        ),
    ]
