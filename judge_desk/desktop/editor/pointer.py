"""What the mouse finds in the text: a click on a reference opens its page, a fact under the pointer says its name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip

from judge_desk.desktop.editor.formats import Key
from judge_desk.desktop.widgets.plain_label import plain_tooltip


class Pointer(QObject):
    """Watches the viewport of a text.

    Signals:
        clicked: (QTextCursor) the place of a click that selected nothing.
    """

    clicked = Signal(object)

    def __init__(self, edit: QTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._pressed_at = -1
        self.field_names: dict[str, str] = {}
        self.note_name: Callable[[int], str] = lambda _position: ""
        edit.viewport().setMouseTracking(True)
        edit.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self.note_name(self._under(event.pos()).position()) or self.name_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tooltip(said), self._edit)
            return True
        if isinstance(event, QMouseEvent):
            self._follow(event)
        return super().eventFilter(watched, event)

    def name_at(self, point: QPoint) -> str:
        """The name of the fact that the text under a point was filled from, or shall be."""
        field = self._under(point).charFormat().stringProperty(Key.FIELD)
        return self.field_names.get(field, field)

    def _follow(self, event: QMouseEvent) -> None:
        cursor = self._under(event.position().toPoint())
        if event.type() == QEvent.Type.MouseMove:
            is_link = cursor.charFormat().hasProperty(Key.DOCUMENT)
            shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.IBeamCursor
            self._edit.viewport().setCursor(shape)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed_at = cursor.position()
        is_release = event.type() == QEvent.Type.MouseButtonRelease
        if is_release and cursor.position() == self._pressed_at and not self._edit.textCursor().hasSelection():
            self.clicked.emit(cursor)

    def _under(self, point: QPoint) -> QTextCursor:
        return self._edit.cursorForPosition(point)
