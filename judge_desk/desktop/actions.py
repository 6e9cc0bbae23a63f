"""Every action of the desk, once: it feeds menus, shortcut help and command palette.

For page-writers: return ``Action`` values from ``Page.page_actions()``; the shell makes QActions of them, so that their
keys work while the page is on screen::

    Action(id="cases.open", text_key="cases.open", handler=self._open, shortcut="Ctrl+O", enabled_when=self._has_row)

``context.actions.refresh()`` asks every ``enabled_when`` again (after a selection changed, say);
``context.actions.trigger("cases.open")`` runs one; ``context.actions.shortcut_text(id)`` is what a key hint shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from judge_desk.desktop.icons import icon
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.wording import say

WINDOW: Final = "window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do. ``shortcut`` is Qt's portable text ("Ctrl+N"), several separated by "; "."""

    id: str
    text_key: str
    handler: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    enabled_when: Callable[[], bool] | None = None
    in_palette: bool = True


class ActionRegistry(QObject):
    """Holds the window's actions and those of the page on screen, each as a QAction.

    Signals:
        changed: actions were added, removed, enabled or disabled.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, tuple[Action, QAction, str]] = {}
        Theme.current().changed.connect(self._draw_icons)

    def add(self, actions: Iterable[Action], widget: QWidget, group: str = WINDOW) -> None:
        """Make the actions work while ``widget`` is on screen; an id that exists already is replaced."""
        for action in actions:
            self._drop(action.id)
            made = QAction(widget)
            made.setObjectName(action.id)
            say(made.setText, action.text_key)
            made.setShortcuts([QKeySequence(keys) for keys in action.shortcut.split("; ") if keys])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.setAutoRepeat(False)
            if action.icon:
                made.setIcon(icon(action.icon))
            made.triggered.connect(lambda _checked=False, each=action: each.handler())
            widget.addAction(made)
            self._actions[action.id] = (action, made, group)
        self.refresh()

    def remove_group(self, group: str) -> None:
        """Take away the actions of a page that is gone."""
        for action_id in [key for key, (_, _, mine) in self._actions.items() if mine == group]:
            self._drop(action_id)
        self.changed.emit()

    def refresh(self) -> None:
        """Ask every ``enabled_when`` again."""
        for action, made, _ in self._actions.values():
            if action.enabled_when is not None:
                made.setEnabled(bool(action.enabled_when()))
        self.changed.emit()

    def of_group(self, group: str) -> list[Action]:
        return [action for action, _, mine in self._actions.values() if mine == group]

    def all(self) -> list[Action]:
        return [action for action, _, _ in self._actions.values()]

    def qaction(self, action_id: str) -> QAction:
        """The QAction to put into a menu. Raises KeyError."""
        return self._actions[action_id][1]

    def is_enabled(self, action_id: str) -> bool:
        entry = self._actions.get(action_id)
        return entry is not None and entry[1].isEnabled()

    def trigger(self, action_id: str) -> None:
        """Run an action if it is enabled."""
        if self.is_enabled(action_id):
            self._actions[action_id][1].trigger()

    def shortcut_text(self, action_id: str) -> str:
        """The first key of an action as this system writes it, or an empty text."""
        entry = self._actions.get(action_id)
        return shortcut_text(entry[0].shortcut) if entry else ""

    def _drop(self, action_id: str) -> None:
        entry = self._actions.pop(action_id, None)
        if entry is not None and isValid(entry[1]):
            entry[1].deleteLater()

    def _draw_icons(self) -> None:
        for action, made, _ in self._actions.values():
            if action.icon:
                made.setIcon(icon(action.icon))


def shortcut_text(shortcut: str) -> str:
    """The text "Ctrl+N; F2" as this system writes the first of them."""
    first = shortcut.split("; ")[0]
    text = QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText) if first else ""
    # Qt's name for the key differs from the one printed on it.
    return text.replace("Return", "Enter")
