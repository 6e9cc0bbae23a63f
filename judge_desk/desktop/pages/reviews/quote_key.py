"""Ctrl+E quotes from wherever the keyboard is: on X11 a field takes that key for its own way to the end of the line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class QuoteKey(QObject):
    """Keeps fields from claiming Ctrl+E, so that the page's action gets it."""

    def __init__(self, parent: QObject, *fields: QWidget) -> None:
        super().__init__(parent)
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = event.key() == Qt.Key.Key_E and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if is_ours:
                event.ignore()
            return is_ours
        return super().eventFilter(watched, event)
