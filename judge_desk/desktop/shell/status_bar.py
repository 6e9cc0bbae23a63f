"""The line at the bottom that tells the truth in words: linked or not, what waits, when everything was last checked."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from judge_desk.desktop.shell.ports import LinkStatus
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.key_hint import KeyHint
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.i18n import formats
from judge_desk.runtime.clock import Clock, court_time


class StatusDot(QWidget):
    """A filled dot when linked, a ring when not: a shape as well as a colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._linked = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_linked(self, linked: bool) -> None:
        self._linked = linked
        self.update()

    def sizeHint(self) -> QSize:
        side = Theme.current().px(Space.GAP)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = Theme.current().colour("ok" if self._linked else "gold")
        room = self.rect().adjusted(2, 2, -2, -2)
        pen = painter.pen()
        pen.setColor(colour)
        pen.setWidth(Size.FOCUS)
        painter.setPen(pen)
        if self._linked:
            painter.setBrush(colour)
        painter.drawEllipse(room)


class StatusBar(QFrame):
    """Shows a ``LinkStatus``.

    Signals:
        sync_asked: the person pressed the sentence about the link.
        palette_asked: the person pressed the key hint.
    """

    sync_asked = Signal()
    palette_asked = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._status = LinkStatus(linked=False)
        self._dot = StatusDot()
        self._link = PlainLabel(face="caption", tone="muted", elide=True)
        self._waiting = PlainLabel(face="caption", tone="muted")
        self._attention = PlainLabel(face="caption", tone="warn")
        self._checked = PlainLabel(face="caption", tone="muted")
        self._row = QHBoxLayout(self)
        for widget in (self._dot, self._link, self._waiting, self._attention):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._checked)
        self._key = KeyHint("Ctrl+K")
        self._row.addWidget(self._key)
        self._palette = PlainLabel(face="caption", tone="muted")
        say(self._palette.setText, "shell.status.palette")
        self._row.addWidget(self._palette)
        say(self.setAccessibleName, "shell.status.name")
        self._space()
        Theme.current().changed.connect(self._space)
        Wording.current().changed.connect(self.tick)
        self.tick()

    def show_status(self, status: LinkStatus) -> None:
        self._status = status
        self.tick()

    def tick(self) -> None:
        """Say it anew: spans grow while nothing changes."""
        status = self._status
        self._dot.show_linked(bool(status.linked))
        self._link.setText(link_sentence(status, self._clock.now(), Wording.current().language))
        waiting = t("shell.status.waiting", n=status.waiting) if status.waiting else t("shell.status.nothing_waits")
        self._waiting.setText(waiting)
        self._attention.setText(t("shell.status.attention", n=status.attention) if status.attention else "")
        self._attention.setVisible(bool(status.attention))
        self._checked.setText(self._checked_sentence())
        self.setAccessibleDescription(self.sentence())
        self._make_room()

    def sentence(self) -> str:
        """The whole line, for a screen reader."""
        parts = (self._link.text(), self._waiting.text(), self._attention.text(), self._checked.text())
        return ". ".join(part for part in parts if part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if place.x() >= self._palette.geometry().left() - Size.CONTROL:
            self.palette_asked.emit()
        elif place.x() <= self._link.geometry().right():
            self.sync_asked.emit()

    def _make_room(self) -> None:
        """In a narrow window the link's sentence stays whole; the key hint goes first, then the last check."""
        link = self._link.fontMetrics().horizontalAdvance(self._link.text())
        room = self.width() - link - sum(each.sizeHint().width() for each in (self._dot, self._waiting))
        room -= self._attention.sizeHint().width() if self._attention.text() else 0
        gaps = 8 * self._row.spacing()
        checked = self._checked.sizeHint().width()
        hint = self._key.sizeHint().width() + self._palette.sizeHint().width()
        self._checked.setVisible(bool(self._checked.text()) and room > checked + gaps)
        for widget in (self._key, self._palette):
            widget.setVisible(room > checked + hint + gaps)

    def _checked_sentence(self) -> str:
        if self._status.checked_at is None:
            # While the first exchange runs, the words at the left say so; until it is over there is nothing to add.
            return "" if self._status.step or self._status.linked is None else t("shell.status.never_checked")
        return t("shell.status.checked", when=_moment(self._status.checked_at, self._clock.now()))

    def _space(self) -> None:
        theme = Theme.current()
        self._row.setContentsMargins(theme.px(Space.GAP), 0, theme.px(Space.GAP), 0)
        self._row.setSpacing(theme.px(Space.ROW))
        self.setFixedHeight(theme.px(Size.STATUS))
        self._waiting.setIndent(theme.px(Space.ROW))
        self._attention.setIndent(theme.px(Space.ROW))


def link_sentence(status: LinkStatus, now: datetime, language: str) -> str:
    """Linked or not and since when, in the language of the window."""
    if status.paused:
        return t("shell.status.paused")
    if status.step:
        begins = t(f"shell.status.{status.step}_begins")
        return t(f"shell.status.{status.step}", done=formats.whole(status.done, language)) if status.done else begins
    if status.linked is None:
        return t("shell.status.untried")
    since = status.since_at
    if status.linked:
        return t("shell.status.linked_since", since=_moment(since, now)) if since else t("shell.status.linked")
    seconds = (now - since).total_seconds() if since else 0
    # Under a minute a span would only flicker.
    if seconds < 60:
        return t("shell.status.offline")
    return t("shell.status.offline_for", span=formats.duration(seconds // 60 * 60, language))


def _moment(moment: datetime, now: datetime) -> str:
    if court_time(moment).date() == court_time(now).date():
        return formats.clock_time(moment)
    return formats.date_and_time(moment, Wording.current().language)
