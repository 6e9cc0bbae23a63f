"""Text that is never anything but text: names, titles and comments come from outside and may hold anything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from judge_desk.desktop.theme import Theme


class PlainLabel(QLabel):
    """A label in a face of ``theme.TYPE`` and a colour token (``set_tone``).

    With ``elide`` it stays on one line, is cut in the middle when narrow (``keeps_end`` False: at its end, as the title
    of a case), and then shows the whole text as a tooltip.
    """

    def __init__(
        self,
        text: str = "",
        face: str = "body",
        tone: str = "text",
        *,
        wrap: bool = False,
        elide: bool = False,
        keeps_end: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._face = face
        self._elides = elide
        self._elision = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap or elide:
            policy = QSizePolicy(
                QSizePolicy.Policy.Ignored if elide else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred
            )
            policy.setHeightForWidth(wrap)
            policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding if elide else QSizePolicy.Policy.Preferred)
            self.setSizePolicy(policy)
        self._restyle()
        self.set_tone(tone)
        Theme.current().changed.connect(self._restyle)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Another colour token: text, muted, accent, ok, warn, bad…"""
        self._tone = tone
        self.setProperty("tone", tone)
        self._repolish()

    def set_face(self, face: str) -> None:
        self._face = face
        self._restyle()
        self._repolish()

    def set_elide(self, on: bool) -> None:
        """On: one line, cut when narrow. Off: as many lines as it needs."""
        self._elides = on
        self.setWordWrap(not on)
        policy = self.sizePolicy()
        policy.setHeightForWidth(not on)
        self.setSizePolicy(policy)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elides:
            hint.setWidth(min(hint.width(), self.fontMetrics().horizontalAdvance("……")))
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._shown()
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(Theme.current().colour(self._tone))
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._elides:
            self.setToolTip("" if self._shown() == self.text() else _escaped(self.text()))
        return super().event(event)

    def _shown(self) -> str:
        if not self._elides:
            return self.text()
        return self.fontMetrics().elidedText(self.text(), self._elision, self.contentsRect().width())

    def _restyle(self) -> None:
        # The sheet sets size and weight by this property; the font brings the family and tabular figures.
        self.setProperty("face", self._face)
        self.setFont(Theme.current().font(self._face))

    def _repolish(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)


def plain_tooltip(text: str) -> str:
    """A tooltip Qt cannot take for HTML."""
    return _escaped(text)


def _escaped(text: str) -> str:
    if "<" not in text:
        return text
    return "<span>" + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</span>"
