"""Buttons: one primary a page, the rest quiet; a key hint beside the words; icon buttons never without a name."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QToolButton, QWidget

from judge_desk.desktop.actions import shortcut_text
from judge_desk.desktop.icons import icon, pixmap
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.wording import say, t

KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class QuietButton(QPushButton):
    """The ordinary button. ``key`` is a catalog key; ``hint`` a shortcut in Qt's portable text, shown beside it."""

    kind: ClassVar[str] = "quiet"
    ink: ClassVar[str] = "text"
    hint_ink: ClassVar[str] = "muted"

    def __init__(self, key: str = "", hint: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = shortcut_text(hint)
        self._icon_name = icon_name
        self._is_short = False
        self.setProperty("kind", self.kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        Theme.current().changed.connect(self.updateGeometry)
        if key:
            self.say(key)

    def say(self, key: str, **params: object) -> None:
        """Another text, by its key."""
        say(self.setText, key, **params)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does; Qt itself does so only inside a dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~KEYPAD:
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        width = sum(each for each in self._widths()) + 2 * theme.px(Space.GAP)
        return QSize(width, theme.px(Size.CONTROL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter = QPainter(self)
        rest = self._paint_icon(painter, self._inner())
        if self._is_short:
            return
        theme = Theme.current()
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
        painter.setPen(theme.colour(self.ink if self.isEnabled() else "muted"))
        painter.drawText(rest, flags, self.text())
        if self._hint:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour(self.hint_ink if self.isEnabled() else "muted"))
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._hint)

    def _widths(self) -> tuple[int, int, int]:
        theme = Theme.current()
        if self._is_short:
            return theme.px(Size.ICON), 0, 0
        picture = theme.px(Size.ICON) + theme.px(Space.ROW) if self._icon_name else 0
        words = self.fontMetrics().horizontalAdvance(self.text()) + 2
        hint = 0
        if self._hint:
            from PySide6.QtGui import QFontMetrics

            hint = QFontMetrics(theme.font("caption")).horizontalAdvance(self._hint) + theme.px(Space.GAP)
        return picture, words, hint

    def _inner(self) -> QRect:
        """Where icon, words and hint stand: in the middle of the button, as one group."""
        slack = max(0, self.width() - sum(self._widths())) // 2
        return self.rect().adjusted(slack, 0, -slack, 0)

    def _paint_icon(self, painter: QPainter, room: QRect) -> QRect:
        if not self._icon_name:
            return room
        theme = Theme.current()
        side = theme.px(Size.ICON)
        tone = self.ink if self.isEnabled() else "muted"
        top = room.top() + (room.height() - side) // 2
        painter.drawPixmap(room.left(), top, pixmap(self._icon_name, tone, Size.ICON, self.devicePixelRatioF()))
        return room.adjusted(side + theme.px(Space.ROW), 0, 0, 0)


class PrimaryButton(QuietButton):
    """The one thing to do on this page."""

    kind = "primary"
    ink = "on_accent"
    hint_ink = "on_accent"


class DangerButton(QuietButton):
    """Something that takes away; it asks once before it does."""

    kind = "danger"
    ink = "bad"
    hint_ink = "bad"


class LinkButton(QuietButton):
    """A quiet "why?" or "show all" inside text.

    ``set_short``: only its icon, where its words have no room; they become its tooltip and stay its name.
    """

    kind = "link"
    ink = "accent"
    hint_ink = "muted"

    def set_short(self, on: bool) -> None:
        """One without an icon keeps its words."""
        if self._is_short != (on and bool(self._icon_name)):
            self._is_short = not self._is_short
            self.updateGeometry()
            self.update()

    def width_when(self, *, short: bool) -> int:
        """How wide it wants to be with its words or without."""
        before, self._is_short = self._is_short, short and bool(self._icon_name)
        width = self.sizeHint().width()
        self._is_short = before
        return width

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            name = t("shell.name_and_key", name=self.text(), keys=self._hint) if self._hint else self.text()
            self.setToolTip(name if self._is_short else "")
        return super().event(event)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() - Theme.current().px(Space.GAP), Theme.current().px(Space.SECTION) + 2 * Space.TIGHT)


class IconButton(QToolButton):
    """A button that is only a picture; ``name_key`` is its name for screen readers and, with the key, its tooltip;
    ``slim`` for many in a row."""

    def __init__(
        self, icon_name: str, name_key: str, hint: str = "", parent: QWidget | None = None, *, slim: bool = False
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._hint, self._slim = icon_name, shortcut_text(hint), slim
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoRaise(True)
        say(self.set_name, name_key)
        self._draw()
        Theme.current().changed.connect(self._draw)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(t("shell.name_and_key", name=name, keys=self._hint) if self._hint else name)

    def set_icon(self, icon_name: str) -> None:
        self._icon_name = icon_name
        self._draw()

    def _draw(self) -> None:
        theme = Theme.current()
        self.setIcon(icon(self._icon_name, "text"))
        self.setIconSize(QSize(theme.px(Size.ICON), theme.px(Size.ICON)))
        side = theme.px(Size.CONTROL)
        self.setFixedSize(side - theme.px(Space.TIGHT) if self._slim else side, side)
