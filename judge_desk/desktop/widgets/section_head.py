"""The heading of a section or card, with room at its right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain

_MOMENTS: Final = (QEvent.Type.Show, QEvent.Type.Resize, QEvent.Type.LayoutRequest)


class SectionHead(QWidget):
    """``SectionHead("case.parties")``; ``add_trailing`` puts a widget at the right.

    Before the heading loses a letter, link buttons there shrink to their icons, and what still has no room goes below.
    """

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label = PlainLabel(face="section", elide=True)
        self._trailing: list[QWidget] = []
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label, 1)
        self._space()
        Theme.current().changed.connect(self._space)
        if key:
            self.set_text(key)

    def set_text(self, key: str, **params: object) -> None:
        say(self._label.setText, key, **params)

    def set_plain_text(self, text: str) -> None:
        """A heading from data, such as a name."""
        say_plain(self._label.setText, text)

    def add_trailing(self, widget: QWidget) -> None:
        self._trailing.append(widget)
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in _MOMENTS and self.isVisible():
            self._fit()
        return done

    def _space(self) -> None:
        self._row.setSpacing(Theme.current().px(Space.ROW))

    def _fit(self) -> None:
        shown = [each for each in self._trailing if not each.isHidden()]
        heading = self._label.sizeHint().width()
        room = self.width() - heading - len(shown) * self._row.spacing()
        is_narrow, is_full = (sum(_width(each, short=short) for each in shown) > room for short in (False, True))
        goes_below = is_full and heading <= self.width()
        for each in shown:
            if isinstance(each, LinkButton):
                # Below, words would make the whole page wider where they are longer than it.
                each.set_short(is_narrow and not (goes_below and _width(each, short=False) <= self.width()))
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if goes_below else QBoxLayout.Direction.LeftToRight)


def _width(widget: QWidget, *, short: bool) -> int:
    return widget.width_when(short=short) if isinstance(widget, LinkButton) else widget.sizeHint().width()
