"""Why a term ends on its day: the steps of the count, the days left out, the norm, and how sure we are."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording
from judge_desk.domain.norms import Certainty
from judge_desk.domain.terms import StepKind, TermExplanation
from judge_desk.i18n import terms as words


class TermReasons(QFrame):
    """A small paper over the page; any click beside it or Esc puts it away."""

    def __init__(self, name: str, explanation: TermExplanation, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme, translator = Theme.current(), Wording.current().translator
        self.setFixedWidth(theme.px(Size.POPOVER))
        column = QVBoxLayout(self)
        side = theme.px(Space.CARD)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.TIGHT))
        column.addWidget(PlainLabel(name, "section", wrap=True))
        column.addSpacing(theme.px(Space.TIGHT))
        for step in explanation.steps:
            is_end = step.kind is StepKind.DUE
            tone = "text" if is_end or step.kind is StepKind.TRIGGER else "muted"
            text = words.step_text(step, explanation, translator)
            column.addWidget(PlainLabel(text, "strong" if is_end else "body", tone, wrap=True))
        column.addSpacing(theme.px(Space.TIGHT))
        norm = PlainLabel(translator.text("law.norm", norm=explanation.norm), "caption", "muted", wrap=True)
        column.addWidget(norm)
        sure = Badge(tone="ok" if explanation.certainty is Certainty.SOURCED else "warn")
        sure.set_text(words.certainty_text(explanation.certainty, translator))
        column.addWidget(sure)
        self.setAccessibleName(name)
        self.setAccessibleDescription(". ".join(words.explanation_lines(explanation, translator)))

    def open_at(self, corner: QPoint) -> None:
        """Show it with its right upper corner here, inside the screen."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = min(max(corner.x() - self.width(), room.left()), room.right() - self.width())
        top = corner.y() if corner.y() + self.height() <= room.bottom() else corner.y() - self.height()
        self.move(left, max(top, room.top()))
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return
        super().keyPressEvent(event)


def show_reasons(parent: QWidget, name: str, explanation: TermExplanation | None, corner: QPoint) -> None:
    """Open the reasons of a term; nothing for one that the court set itself."""
    if explanation is not None:
        TermReasons(name, explanation, parent.window()).open_at(corner)
