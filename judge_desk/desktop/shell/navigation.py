"""The left column: who sits here, where one can go, and how much waits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from judge_desk.desktop.actions import shortcut_text
from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.pages import MAIN, MainPage
from judge_desk.desktop.shell.ports import Identity
from judge_desk.desktop.theme import Corner, Size, Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t


class NavigationItem(QAbstractButton):
    """One way to go: icon, name, and the number that waits there."""

    def __init__(self, page: MainPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self._key = shortcut_text(page.keys)
        self._count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        say(self.set_name, page.title_key)

    def set_name(self, name: str) -> None:
        self.setText(name)
        self.setToolTip(t("shell.name_and_key", name=name, keys=self._key))
        self._say_count()

    def set_count(self, count: int) -> None:
        self._count = count
        self._say_count()
        self.update()

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(Size.NAVIGATION), theme.px(Size.ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.colour("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(self.rect(), Corner.CONTROL, Corner.CONTROL)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(theme.colour("accent"))
            pen.setWidth(Size.FOCUS)
            painter.setPen(pen)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), Corner.CONTROL, Corner.CONTROL)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        theme = Theme.current()
        tone = "accent" if self.isChecked() else "text"
        inner = self.rect().adjusted(theme.px(Space.ROW + 2), 0, -theme.px(Space.ROW + 2), 0)
        side = theme.px(Size.ICON)
        picture = pixmap(self.page.icon, "accent" if self.isChecked() else "muted", Size.ICON, self.devicePixelRatioF())
        painter.drawPixmap(inner.left(), (self.height() - side) // 2, picture)
        inner.adjust(side + theme.px(Space.GAP), 0, 0, 0)
        inner = self._paint_count(painter, inner)
        painter.setFont(theme.font("strong" if self.isChecked() else "body"))
        painter.setPen(theme.colour(tone))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _paint_count(self, painter: QPainter, room: QRect) -> QRect:
        if not self._count:
            return room
        theme = Theme.current()
        font = theme.font("caption")
        painter.setFont(font)
        painter.setPen(theme.colour("text" if self.isChecked() else "muted"))
        number = str(self._count)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), number)
        return room.adjusted(0, 0, -QFontMetrics(font).horizontalAdvance(number) - theme.px(Space.ROW), 0)

    def _say_count(self) -> None:
        counted = t("shell.navigation.counted", name=self.text(), n=self._count)
        self.setAccessibleName(counted if self._count else self.text())


class Navigation(QFrame):
    """Name and court at the top, the pages below; arrow keys move between them.

    Signals:
        chosen: (page id).
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        say(self.setAccessibleName, "shell.navigation")
        self._name = PlainLabel(face="strong", elide=True)
        self._court = PlainLabel(face="caption", tone="muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._name)
        self._column.addWidget(self._court)
        self._column.addSpacing(Space.GAP)
        self._items = {page.id: NavigationItem(page) for page in MAIN}
        self._gaps: dict[str, QWidget] = {}
        for page in MAIN:
            if page.gap_before:
                self._gaps[page.id] = _gap()
                self._column.addWidget(self._gaps[page.id])
            item = self._items[page.id]
            item.clicked.connect(lambda _on=False, each=page.id: self.chosen.emit(each))
            self._column.addWidget(item)
        self._column.addStretch(1)
        self._space()
        Theme.current().changed.connect(self._space)
        Wording.current().changed.connect(self._space)

    def show_identity(self, identity: Identity) -> None:
        self._name.setText(identity.name)
        self._court.setText(identity.court)

    def show_pages(self, pages: Sequence[MainPage]) -> None:
        """Offer these and no others; a hairline stands only between two that are offered."""
        offered = {page.id for page in pages}
        above = False
        for page_id, item in self._items.items():
            item.setVisible(page_id in offered)
            gap = self._gaps.get(page_id)
            if gap is not None:
                gap.setVisible(above and page_id in offered)
            above = above or page_id in offered

    def show_counters(self, counters: Mapping[str, int]) -> None:
        for page_id, item in self._items.items():
            item.set_count(counters.get(page_id, 0))

    def show_page(self, page_id: str) -> None:
        """Mark where we are; a page that is none of ours leaves the mark where it was."""
        item = self._items.get(page_id)
        if item is not None:
            item.setChecked(True)

    def focus_current(self) -> None:
        for item in self._items.values():
            if item.isChecked():
                item.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        items = [item for item in self._items.values() if not item.isHidden()]
        focused = next((number for number, item in enumerate(items) if item.hasFocus()), None)
        if step and focused is not None:
            items[(focused + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            items[focused].click()
        else:
            super().keyPressEvent(event)

    def _space(self) -> None:
        theme = Theme.current()
        side = theme.px(Space.ROW + 2)
        self._column.setContentsMargins(side, theme.px(Space.SECTION), side, side)
        self._column.setSpacing(theme.px(Space.TIGHT))
        for label in (self._name, self._court):
            label.setContentsMargins(side, 0, side, 0)
        font = QFontMetrics(theme.font("strong"))
        widest = max(font.horizontalAdvance(item.text()) for item in self._items.values())
        self.setFixedWidth(
            max(theme.px(Size.NAVIGATION), widest + theme.px(Size.ICON + 6 * Space.GAP + 4 * Space.ROW // 2))
        )
        for item in self._items.values():
            item.updateGeometry()


def _gap() -> QWidget:
    """A hairline with room around it."""
    gap = QWidget()
    column = QVBoxLayout(gap)
    column.setContentsMargins(0, Space.ROW, 0, Space.ROW)
    line = QFrame()
    line.setProperty("kind", "line")
    column.addWidget(line)
    return gap
